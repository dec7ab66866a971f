"""Policy documents before they are built: read, laid over each other, fingerprinted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import field, frozen

from studioflow.codec import (
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    checked_text,
    read,
    wrong,
)
from studioflow.errors import InputError, Problem
from studioflow.rules import RuleKind
from studioflow.text import Text, exact, message

__all__ = [
    "Assembled",
    "Catalogue",
    "Document",
    "Tables",
    "assemble",
    "canonical",
    "fingerprint",
    "flattened",
    "is_register",
    "plain",
    "plain_table",
]

FACTS_SCHEMA = "studioflow.facts/1"
POLICY_SCHEMA = "studioflow.policy/1"

Tables = dict[str, Any]

OUTSIDE_FOLDER = message(
    "outside_folder",
    zh="同一文件夹内的文件",
    en="a file in the folder of the file that names it",
)
EXTENDS_ITSELF = message(
    "extends_itself", zh="不绕回自身的 extends", en="an extends that does not lead back to itself"
)
EXTENDS_TOO_DEEP = message(
    "extends_too_deep", zh="extends 不超过 {limit} 层", en="at most {limit} extends on each other"
)
WRONG_SCHEMA = message("wrong_schema", zh="{schema}", en="{schema}")
NOT_PLAIN = message("not_plain", zh="TOML 能表示的值（{why}）", en="a value as TOML has it ({why})")
BAD_KEY = message(
    "bad_key", zh="非空且不含“/”和“=”的键", en="a key that is not empty and has no / and no ="
)

_NAME = Text("名称", "a name")
_DECIMALS = Text(
    '小数用 Decimal，不用 float；没有写 "none"', 'Decimal, not float; "none", not None'
)
_PART_HEADER = frozenset({"schema", "id", "version", "label", "clause", "source"})
"""What describes a part itself and is not laid over the policy."""
_PARTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "rubric": (
        "studioflow.rubric/1",
        frozenset(
            {
                "words",
                "readings",
                "facts",
                "conditions",
                "sections",
                "criteria",
                "deductions",
                "gates",
                "grades",
                "scoring",
                "ballots",
            }
        ),
    ),
    "site_check": ("studioflow.site-check/1", frozenset({"site_check", "readings"})),
    "case_file": (
        "studioflow.case-file/1",
        frozenset({"words", "records", "measures", "readings"}),
    ),
}
"""The parts that a policy may name, each with its schema and the tables that it may hold."""
PART_SCHEMAS = tuple(schema for schema, _ in _PARTS.values())
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
    """What there is to build policies from, by id; `kinds` are kinds of rule from plugins."""

    policies: Mapping[str, Document] = field(factory=dict)
    rubrics: Mapping[str, Document] = field(factory=dict)
    site_checks: Mapping[str, Document] = field(factory=dict)
    case_files: Mapping[str, Document] = field(factory=dict)
    kinds: Mapping[str, RuleKind] = field(factory=dict)


@frozen
class Layer:
    """The tables of one document, as they are laid over others.

    Attributes:
        part: the key that the policy named it by, if it is a part.
    """

    document: Document
    tables: Tables
    part: str | None = None


@frozen
class Assembled:
    """Documents laid over each other, and which one said what.

    Attributes:
        tables: the result; nothing in it is shared with the documents.
        layers: the documents that it was made of, the lowest first.
    """

    tables: Tables
    layers: tuple[Layer, ...]

    def origins(self) -> dict[str, str]:
        """Return the name of the document that last had a say on each id of each table."""
        return {
            f"{table}/{name}": layer.document.name
            for layer in self.layers
            for table, entries in layer.tables.items()
            if isinstance(entries, Mapping)
            for name in entries
        }

    def blamed(self, problem: Problem) -> Problem:
        """Return the problem with the name of the document that has most of its path."""
        keys = problem.path.split("/")
        layer = max(reversed(self.layers), key=lambda layer: _depth(layer.tables, keys))
        return problem.in_file(layer.document.name)


def _depth(here: object, keys: list[str]) -> int:
    for depth, key in enumerate(keys):
        if isinstance(here, Mapping) and key in here:
            here = here[key]
        elif isinstance(here, list) and key in map(str, range(len(here))):
            here = here[int(key)]
        else:
            return depth
    return len(keys)


def assemble(document: Document, catalogue: Catalogue) -> Assembled:
    """Lay a policy over what it extends, its rubric, its site check and its case file.

    Raises:
        InputError: for a part that does not exist or is of another schema, a path out of the
            folder, a circle, a value that no TOML file can hold.
    """
    layers = tuple(_layers(document, catalogue, seen=()))
    merged: Tables = {}
    for layer in layers:
        merged = _laid(merged, layer.tables)
    return Assembled(merged, layers)


def _layers(document: Document, catalogue: Catalogue, seen: tuple[Document, ...]) -> list[Layer]:
    collector = Collector()
    layers: list[Layer] = []
    tables: Tables = {}
    with collector.under():
        tables = plain_table(document.tables)
    base = tables.pop("extends", None)
    if base is not None:
        found = None
        with collector.under("extends"):
            found = _extended(base, document, catalogue, (*seen, document))
        with collector.under():
            layers += _layers(found, catalogue, (*seen, document)) if found else []
    kinds = {
        "rubric": catalogue.rubrics,
        "site_check": catalogue.site_checks,
        "case_file": catalogue.case_files,
    }
    for key, parts in kinds.items():
        name = tables.get(key)
        with collector.under(key):
            if isinstance(name, str):
                part = _part(tables.pop(key), parts, key)
                # Items of two site checks, or criteria of two rubrics, do not add up.
                layers = [*(layer for layer in layers if layer.part != key), part]
            elif name is not None and key != "site_check":  # which may be a table as well
                raise wrong(WRONG_TYPE, name, type=_NAME)
    try:
        collector.finish()
    except InputError as error:
        raise InputError(problem.in_file(document.name) for problem in error.problems) from None
    return [*layers, Layer(document, tables)]


def _extended(
    base: object, document: Document, catalogue: Catalogue, seen: tuple[Document, ...]
) -> Document:
    if not isinstance(base, str):
        raise wrong(WRONG_TYPE, base, type=_NAME)
    found = catalogue.policies.get(base) or _beside(base, document, catalogue)
    if any((other.folder, other.name) == (found.folder, found.name) for other in seen):
        raise wrong(EXTENDS_ITSELF, base)
    if len(seen) > _MAX_EXTENDS:
        raise wrong(EXTENDS_TOO_DEEP, base, limit=_MAX_EXTENDS)
    return found


def _beside(base: str, document: Document, catalogue: Catalogue) -> Document:
    """Read a file that a document names, which has to lie in its folder."""
    if not base.endswith((".toml", ".json")):
        raise wrong(UNKNOWN_NAME, base, known=catalogue.policies)
    if document.folder is None:
        raise wrong(OUTSIDE_FOLDER, base)
    # Resolved first, so that neither `..` nor a link leads out.
    path = (document.folder / base).resolve()
    if not path.is_relative_to(document.folder.resolve()):
        raise wrong(OUTSIDE_FOLDER, base)
    return Document.read(path, origin=document.origin)


def _part(name: str, parts: Mapping[str, Document], key: str) -> Layer:
    if name not in parts:
        raise wrong(UNKNOWN_NAME, name, known=parts)
    part = parts[name]
    schema, tables_of_part = _PARTS[key]
    collector = Collector()
    with collector.under("schema"):
        if part.tables.get("schema") != schema:
            raise wrong(WRONG_SCHEMA, part.tables.get("schema"), schema=schema)
    tables: Tables = {}
    for table, value in part.tables.items():
        with collector.under(table):
            if table in tables_of_part:
                tables[table] = plain(value)
            elif table not in _PART_HEADER:
                raise wrong(UNKNOWN_KEY, table, known=_PART_HEADER | tables_of_part)
    if collector.problems:
        # The path is the part's own: it does not lie under the key that named it.
        problems = [problem.in_file(part.name) for problem in collector.problems]
        raise InputError(problems)
    if isinstance(tables.get("site_check"), dict):
        described = {k: part.tables[k] for k in ("label", "clause") if k in part.tables}
        tables["site_check"] = {**described, **tables["site_check"]}
    return Layer(part, tables, key)


def _laid(under: Tables, over: Tables) -> Tables:
    """Lay one table over another, key by key.

    A rule of another kind, or a choice by another reading, replaces what was there whole; `"none"`
    takes a table away.
    """
    if _word(over, "kind") not in {None, _word(under, "kind")}:
        return over
    if _word(over, "reading") != _word(under, "reading"):
        return over
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _laid(below, value)
        elif isinstance(below, dict) and value == "none":
            del merged[key]
        else:
            merged[key] = value
    return merged


def _word(table: Tables, key: str) -> str | None:
    """Return the kind or reading that a table names; an entry may have such a word as its id."""
    value = table.get(key)
    return value if isinstance(value, str) else None


def plain(value: object) -> object:
    """Return a copy of a value from Python as a document has it.

    Raises:
        InputError: with every value that no TOML file can hold, and every key that no path can.
    """
    match value:
        case str():
            return checked_text(value)
        case bool() | int() | Decimal() | date() | time():
            return value
        case Fraction() if "/" not in exact(value):
            return Decimal(exact(value))
        case Mapping():
            return plain_table(value)
        case list() | tuple():
            return list(plain_table(dict(enumerate(value)), keys=range(len(value))).values())
        case _:
            raise wrong(NOT_PLAIN, value, why=_DECIMALS)


def plain_table(table: Mapping[Any, object], keys: range | None = None) -> Tables:
    """Return a copy of a table as a document has it; see `plain`."""
    collector = Collector()
    copied: Tables = {}
    for key, item in table.items():
        with collector.under(key):
            if keys is None and (not isinstance(key, str) or not key or {"/", "="} & {*key}):
                raise wrong(BAD_KEY, key)
            copied[key if keys is not None else checked_text(key)] = plain(item)
    collector.finish()
    return copied


def is_register(table: object) -> bool:
    """Return whether a table holds tables alone: entries by id, whose order counts."""
    return (
        isinstance(table, Mapping)
        and bool(table)
        and all(isinstance(value, Mapping) for value in table.values())
    )


def fingerprint(tables: Mapping[str, Any]) -> str:
    """Return `sha256:…` of the whole document.

    It hangs on the content alone. The order of entries counts, since bands and grades are listed
    best first and a sheet keeps the file's order; the order of the keys inside one entry does not.
    0.5 and 0.50 are one number, and a date is its ISO form, as in JSON.
    """
    written = json.dumps(
        canonical(tables), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return "sha256:" + hashlib.sha256(written.encode()).hexdigest()


def canonical(value: object) -> object:
    """Return a value as it is compared: equal where a fingerprint is the same."""
    match value:
        case Mapping():
            keys = value if is_register(value) else sorted(value)
            return {key: canonical(value[key]) for key in keys}
        case list():
            return [canonical(item) for item in value]
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case Decimal():
            return {"decimal": exact(value)}
        case date() | time():
            return value.isoformat()
        case _:
            return value


def flattened(tables: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf with its path; lists and empty tables are leaves."""
    for key, value in tables.items():
        here = f"{path}/{key}" if path else key
        if isinstance(value, Mapping) and value:
            yield from flattened(value, here)
        else:
            yield here, value
