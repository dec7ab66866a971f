"""Variation: a value set at a path, and the words that remember it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, cast

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, parse, wrong
from studioflow.errors import InputError
from studioflow.policy.document import Tables, is_register, plain
from studioflow.text import Text, exact, message

__all__ = [
    "apply_changes",
    "in_toml",
    "parse_setting",
    "parse_settings",
    "varied",
    "written_setting",
]

SETTING_SYNTAX = message("setting_syntax", zh="PATH=VALUE", en="PATH=VALUE")

_TABLE_OR_LIST = Text("表或列表", "a table or a list")


def parse_setting(text: str) -> tuple[str, Any]:
    """Read `PATH=VALUE`: a TOML value, or a bare word.

    >>> parse_setting("criteria/5.2.2/norm=12"), parse_setting("readings/bonus_cap=uncapped")
    (('criteria/5.2.2/norm', 12), ('readings/bonus_cap', 'uncapped'))

    Raises:
        InputError: where there is no path or no value, or the value is out of bounds.
    """
    path, equals, value = (part.strip() for part in text.partition("="))
    if not (path and equals and value):
        raise wrong(SETTING_SYNTAX, text)
    return path, _parsed(value)


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Read several settings, by path; of one path the last one counts.

    Raises:
        InputError: with the problems of every setting; `got` shows which one it was.
    """
    collector = Collector()
    settings: dict[str, Any] = {}
    for text in texts:
        with collector.under():
            path, value = parse_setting(text)
            settings[path] = value
    collector.finish()
    return settings


def _parsed(text: str) -> object:
    try:
        # Python keeps bytes of an argument that are no UTF-8 as halves of characters.
        parsed = parse(f"value = {text}".encode("utf-8", "surrogatepass"))
    except InputError as error:
        if [problem.code for problem in error.problems] == ["syntax"]:
            return text
        raise InputError(problem.under() for problem in error.problems) from None
    if list(parsed) != ["value"]:  # a line break that smuggles in another key
        raise wrong(SETTING_SYNTAX, text)
    return parsed["value"]


def written_setting(path: str, value: object) -> str:
    """Write what `parse_setting` reads.

    >>> written_setting("criteria/5.2.2/above", {"each": Decimal("0.5"), "to": 20})
    'criteria/5.2.2/above={ each = 0.5, to = 20 }'
    """
    bare = isinstance(value, str) and _is_bare(value)
    return f"{path}={value if bare else in_toml(value)}"


def _is_bare(word: str) -> bool:
    try:
        return bool(word) and word == word.strip() and _parsed(word) == word
    except InputError:
        return False


def in_toml(value: object) -> str:
    """Write a value as TOML has it, in one line."""
    match value:
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return exact(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            items = (f"{_toml_key(key)} = {in_toml(item)}" for key, item in value.items())
            return f"{{ {', '.join(items)} }}" if value else "{}"
        case list() | tuple():
            return f"[{', '.join(map(in_toml, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _toml_key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)


def varied(tables: Tables, changes: Mapping[str, object]) -> Tables:
    """Return the tables with a value set at each path; setting a reading chooses its answer.

    Raises:
        InputError: for every path whose tables do not exist, with the nearest match.
    """
    collector = Collector()
    changed = apply_changes(tables, changes, collector)
    collector.finish()
    return changed


def apply_changes(tables: Tables, changes: Mapping[str, object], collector: Collector) -> Tables:
    """Return the tables with a value set at each path that exists, and collect what is wrong."""
    changed: object = tables
    for path, value in changes.items():
        with collector.under(path):
            match path.split("/"), value:
                case ["readings", name], str() | int() | Decimal():
                    keys = ["readings", name, "value"]
                case keys, _:
                    pass
            changed = _set(changed, keys, plain(value))
    return cast("Tables", changed)


def _set(here: object, keys: list[str], value: object) -> object:
    """Return a copy of a table or a list with the value at the end of the path."""
    key, *rest = keys
    if isinstance(here, list):
        positions = [str(position) for position in range(len(here))]
        if key not in positions:
            raise wrong(UNKNOWN_NAME, key, known=positions)
        items = list(here)
        items[int(key)] = _set(here[int(key)], rest, value) if rest else value
        return items
    if not isinstance(here, Mapping):
        raise wrong(WRONG_TYPE, here, type=_TABLE_OR_LIST)
    # A new entry has to be a table; a key that an entry does not know is found when it is built.
    # What has a label is an entry, even if it says nothing else.
    entries_alone = is_register(here) and "label" not in here
    if key not in here and (rest or (entries_alone and not isinstance(value, Mapping))):
        raise wrong(UNKNOWN_NAME, key, known=here)
    changed = dict(here)
    if rest:
        changed[key] = _set(here[key], rest, value)
    elif isinstance(here.get(key), Mapping) and value == "none":
        del changed[key]
    else:
        changed[key] = value
    return changed
