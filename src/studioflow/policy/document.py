"""Policy documents before they are built: read, laid over each other, varied, fingerprinted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, parse, read, wrong
from studioflow.errors import InputError
from studioflow.text import Text, exact, message

__all__ = ["Catalogue", "Document", "assemble", "fingerprint", "parse_setting", "varied"]

POLICY_SCHEMA = "studioflow.policy/1"
RUBRIC_SCHEMA = "studioflow.rubric/1"
SITE_CHECK_SCHEMA = "studioflow.site-check/1"

Tables = dict[str, Any]

OUTSIDE_FOLDER = message(
    "outside_folder",
    zh="同一文件夹内的文件",
    en="a file in the folder of the file that names it",
)
EXTENDS_ITSELF = message(
    "extends_itself", zh="不绕回自身的 extends", en="an extends that does not lead back to itself"
)
SETTING_SYNTAX = message("setting_syntax", zh="PATH=VALUE", en="PATH=VALUE")
NOT_PLAIN = message(
    "not_plain",
    zh="TOML 能表示的值（{why}）",
    en="a value that TOML can hold ({why})",
)

_PART_KEYS = {"schema", "id", "version", "label", "clause", "source"}
"""What describes a part itself and is not laid over the policy."""
_MAX_EXTENDS = 8


@frozen
class Document:
    """The tables of one file, and where they came from.

    Attributes:
        name: shown in messages.
        folder: where paths in it start; None where it may not name files.
        origin: the plugin that brought it.
    """

    tables: Tables = field(repr=False)
    name: str
    folder: Path | None = None
    origin: str | None = None

    @classmethod
    def read(cls, path: Path, *, origin: str | None = None) -> Document:
        """Read a TOML or JSON file.

        Raises:
            InputError: see `studioflow.codec.parse`.
        """
        return cls(read(path), path.name, path.parent.resolve(), origin)

    @property
    def id(self) -> str:
        """The document's own id, or its name."""
        value = self.tables.get("id")
        return value if isinstance(value, str) else self.name


@frozen
class Catalogue:
    """What there is to build policies from, by id."""

    policies: Mapping[str, Document] = field(factory=dict)
    rubrics: Mapping[str, Document] = field(factory=dict)
    site_checks: Mapping[str, Document] = field(factory=dict)


def assemble(document: Document, catalogue: Catalogue) -> Tables:
    """Lay a policy over what it extends, its rubric and its site check.

    Raises:
        InputError: for a part that does not exist, a path out of its folder, a circle.
    """
    return _assemble(document, catalogue, seen=())


def _assemble(document: Document, catalogue: Catalogue, seen: tuple[str, ...]) -> Tables:
    tables = dict(document.tables)
    merged: Tables = {}
    collector = Collector()
    base = tables.pop("extends", None)
    if base is not None:
        with collector.under("extends"):
            found = _extended(base, document, catalogue)
            if found.name in seen or len(seen) > _MAX_EXTENDS:
                raise wrong(EXTENDS_ITSELF, base)
            merged = _assemble(found, catalogue, (*seen, document.name))
    for key, parts in (("rubric", catalogue.rubrics), ("site_check", catalogue.site_checks)):
        if isinstance(tables.get(key), str):
            with collector.under(key):
                merged = _laid(merged, _part(tables.pop(key), parts, key))
    collector.finish()
    return _laid(merged, tables)


def _extended(base: object, document: Document, catalogue: Catalogue) -> Document:
    if not isinstance(base, str):
        raise wrong(WRONG_TYPE, base, type=Text("文字", "text"))
    if base in catalogue.policies:
        return catalogue.policies[base]
    if not base.endswith((".toml", ".json")):
        raise wrong(UNKNOWN_NAME, base, known=catalogue.policies)
    if document.folder is None:
        raise wrong(OUTSIDE_FOLDER, base)
    path = (document.folder / base).resolve()
    if not path.is_relative_to(document.folder):
        raise wrong(OUTSIDE_FOLDER, base)
    return Document.read(path, origin=document.origin)


def _part(name: str, parts: Mapping[str, Document], key: str) -> Tables:
    if name not in parts:
        raise wrong(UNKNOWN_NAME, name, known=parts)
    part = parts[name].tables
    tables = {k: v for k, v in part.items() if k not in _PART_KEYS}
    if key == "site_check" and isinstance(tables.get("site_check"), Mapping):
        described = {k: part[k] for k in ("label", "clause") if k in part}
        tables["site_check"] = {**described, **tables["site_check"]}
    return tables


def _laid(under: Tables, over: Tables) -> Tables:
    """Lay one table over another, key by key.

    A rule of another kind, or a choice by another reading, replaces what was there whole; `"none"`
    takes a table away.
    """
    for key in ("kind", "reading"):
        if (key in over or key == "reading") and over.get(key) != under.get(key):
            return dict(over)
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = _laid(dict(below), dict(value))
        elif isinstance(below, Mapping) and value == "none":
            del merged[key]
        else:
            merged[key] = value
    return merged


def parse_setting(text: str) -> tuple[str, Any]:
    """Read `PATH=VALUE`: a TOML value, or a bare word.

    >>> parse_setting("criteria/5.2.2/norm=12"), parse_setting("readings/bonus_cap=uncapped")
    (('criteria/5.2.2/norm', 12), ('readings/bonus_cap', 'uncapped'))

    Raises:
        InputError: where there is no path or no value.
    """
    path, equals, value = text.partition("=")
    if not (path.strip() and equals and value.strip()):
        raise wrong(SETTING_SYNTAX, text)
    try:
        parsed = parse(f"value = {value.strip()}".encode())
    except InputError as error:
        if [problem.code for problem in error.problems] != ["syntax"]:
            raise
        return path.strip(), value.strip()
    if list(parsed) != ["value"]:  # a line break that smuggles in another key
        raise wrong(SETTING_SYNTAX, text)
    return path.strip(), parsed["value"]


def varied(tables: Tables, changes: Mapping[str, object]) -> Tables:
    """Return the tables with a value set at each path; setting a reading chooses its answer.

    Raises:
        InputError: for every path whose tables do not exist, with the nearest match.
    """
    collector = Collector()
    for path, value in changes.items():
        with collector.under("--set", path):
            tables = _set(tables, path.split("/"), _plain(value))
    collector.finish()
    return tables


def _set(table: Tables, keys: list[str], value: Any) -> Tables:
    key, *rest = keys
    changed = dict(table)
    below = table.get(key)
    if not rest:
        if isinstance(below, Mapping) and not isinstance(value, Mapping):
            # The only tables that stand for one value are readings; for others "none" removes.
            if "value" in below:
                changed[key] = {**below, "value": value}
                return changed
            if value == "none":
                del changed[key]
                return changed
        if below is None and "kind" not in table and all(isinstance(v, Mapping) for v in table.values()):
            raise wrong(UNKNOWN_NAME, key, known=table)
        changed[key] = value
    elif isinstance(below, list) and rest[0].isdigit() and int(rest[0]) < len(below):
        items = list(below)
        position = int(rest[0])
        items[position] = _set({"": items[position]}, ["", *rest[1:]], value)[""]
        changed[key] = items
    elif isinstance(below, Mapping):
        changed[key] = _set(dict(below), rest, value)
    else:
        raise wrong(UNKNOWN_NAME, key, known=[k for k, v in table.items() if isinstance(v, Mapping)])
    return changed


def _plain(value: object) -> Any:
    """Return a value from Python as a document has it."""
    match value:
        case bool() | int() | str() | Decimal() | date():
            return value
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            why = Text("小数用 Decimal，不用 float", "decimals as Decimal, not float")
            raise wrong(NOT_PLAIN, value, why=why)


def fingerprint(tables: Mapping[str, Any]) -> str:
    """Return `sha256:…` of the whole resolved document: the same for the same content."""
    canonical = json.dumps(
        tables, default=_canonical, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Decimal):
        return {"decimal": exact(value)}  # 0.5 and 0.50 are the same number
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(value)


def flattened(tables: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, Any]]:
    """Yield every leaf with its path; lists are leaves."""
    for key, value in tables.items():
        here = f"{path}/{key}" if path else key
        if isinstance(value, Mapping) and value:
            yield from flattened(value, here)
        else:
            yield here, value
