"""What plugins answered: checked, never coerced, and copied, so that nothing theirs is kept."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from studioflow.codec import (
    EMPTY_TEXT,
    MAX_DEPTH,
    TOO_DEEP,
    WRONG_TYPE,
    Collector,
    checked_text,
    exact_number,
    read,
    wrong,
)
from studioflow.policy import Document, RecordClass
from studioflow.policy.document import NOT_PLAIN, WRONG_SCHEMA, plain_table
from studioflow.rules import RuleKind
from studioflow.studio import Guard, PluginMeasure, Subscriber
from studioflow.text import Text, message

__all__ = [
    "BATCH_SCHEMA",
    "CASE_FILE_SCHEMA",
    "FORM_SCHEMA",
    "POLICY_SCHEMA",
    "RUBRIC_SCHEMA",
    "SITE_CHECK_SCHEMA",
    "Answers",
    "SampleBatch",
    "check_word",
    "checked_document",
    "checked_items",
    "checked_sample_batch",
    "closed",
    "is_path",
]

POLICY_SCHEMA = "studioflow.policy/1"
RUBRIC_SCHEMA = "studioflow.rubric/1"
SITE_CHECK_SCHEMA = "studioflow.site-check/1"
CASE_FILE_SCHEMA = "studioflow.case-file/1"
BATCH_SCHEMA = "studioflow.batch/1"
FORM_SCHEMA = "studioflow.form/1"
MAX_ITEMS = 1000
"""A hook's answer is cut off here: a generator may have no end."""

NOT_A_LIST = message("hook_not_a_list", zh="一个列表（可为空）", en="a list, which may be empty")
TOO_MANY_ITEMS = message("hook_too_many", zh="不超过 {limit} 项", en="at most {limit} items")
NOT_A_DOCUMENT = message(
    "not_a_document",
    zh="文件的 pathlib.Path，或一个表",
    en="the pathlib.Path of a file, or a table",
)
NOT_A_FOLDER = message(
    "not_a_folder", zh="含 batch.toml 的文件夹的 pathlib.Path",
    en="the pathlib.Path of a folder with a batch.toml",
)  # fmt: skip
NOT_AN_ID = message(
    "not_an_id",
    zh="不像路径的 id（不含分隔符，不以 .toml、.json 结尾）",
    en="an id that does not look like a path (no separator, no .toml or .json at its end)",
)

_TEXT = Text("文字", "text")
_EXACT_TYPE = Text("不用子类，不带时刻", "of the very type, no subclass, a date without a time")


@frozen
class SampleBatch:
    """A folder with declarations and evidence to try a policy on.

    Attributes:
        id: as its `batch.toml` says.
        origin: the plugin that brought it.
        studios: how many there are in it.
    """

    id: str
    folder: Path
    origin: str
    studios: int = 0


@frozen
class Answers:
    """Everything that one plugin brings."""

    policies: tuple[Document, ...] = ()
    rubrics: tuple[Document, ...] = ()
    site_checks: tuple[Document, ...] = ()
    case_files: tuple[Document, ...] = ()
    rule_kinds: tuple[RuleKind, ...] = ()
    measures: tuple[PluginMeasure, ...] = ()
    record_classes: tuple[RecordClass, ...] = ()
    guards: tuple[Guard, ...] = ()
    subscribers: tuple[Subscriber, ...] = ()
    sample_batches: tuple[SampleBatch, ...] = ()
    forms: tuple[Document, ...] = ()


def is_path(source: str) -> bool:
    """Return whether a word names a file and not an id.

    >>> is_path("yongjia-2023"), is_path("./policy"), is_path("policy.toml")
    (False, True, True)
    """
    return source.endswith((".toml", ".json")) or "/" in source or "\\" in source


def checked_items(answer: object) -> list[object]:
    """Return the items of a hook's answer.

    Raises:
        InputError: where it is not a list, or anything else that yields items.
    """
    # Text and tables can be iterated, too, but that is never what was meant.
    if not isinstance(answer, Iterable) or isinstance(answer, str | bytes | Mapping):
        raise wrong(NOT_A_LIST, closed(answer))
    items = list(islice(answer, MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        raise wrong(TOO_MANY_ITEMS, f"> {MAX_ITEMS}", limit=MAX_ITEMS)
    return items


def checked_document(item: object, origin: str, *, schema: str) -> Document:
    """Read a file, or copy tables.

    Raises:
        InputError: with every problem; what the tables mean is checked when a policy is built.
    """
    if isinstance(item, Path):
        document = Document.read(item, origin=origin)
        _header(document.tables, schema)
        return evolve(document, name=f"{origin}: {document.name}")
    if isinstance(item, Mapping):
        tables = plain_table(item)
        _check_bounds(tables)
        return Document(tables, f"{origin}: {_header(tables, schema)}", origin=origin)
    raise wrong(NOT_A_DOCUMENT, closed(item))


def checked_sample_batch(item: object, origin: str) -> SampleBatch:
    """Return the sample batch in a folder.

    Raises:
        InputError: where there is no folder with a `batch.toml` that has an id.
    """
    if not isinstance(item, Path):
        raise wrong(NOT_A_FOLDER, closed(item))
    tables = read(item / "batch.toml")
    studios = tables.get("studios")
    count = len(studios) if isinstance(studios, Mapping) else 0
    return SampleBatch(_header(tables, BATCH_SCHEMA), item.resolve(), origin, count)


def _header(tables: Mapping[str, Any], schema: str) -> str:
    """Check the schema, and return the id."""
    collector = Collector()
    with collector.under("schema"):
        if tables.get("schema") != schema:
            raise wrong(WRONG_SCHEMA, tables.get("schema"), schema=schema)
    with collector.under("id"):
        check_word(tables.get("id"))
        if is_path(tables["id"]):
            raise wrong(NOT_AN_ID, tables["id"])
    collector.finish()
    return str(tables["id"])


def check_word(value: object) -> None:
    """Check that an id, or another name, is text that says something.

    Raises:
        InputError: where it is not.
    """
    if type(value) is not str:
        raise wrong(WRONG_TYPE, value, type=_TEXT)
    if not checked_text(value).strip():
        raise wrong(EMPTY_TEXT, value)


def _check_bounds(value: object, depth: int = 0) -> None:
    """Hold plain values to the same bounds as a file.

    Types are compared exactly: a subclass of text or number can have behaviour of its own.
    """
    if depth > MAX_DEPTH:
        raise wrong(TOO_DEEP, limit=MAX_DEPTH)
    if isinstance(value, dict | list):
        collector = Collector()
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            with collector.under(key):
                _check_bounds(key)
                _check_bounds(item, depth + 1)
        collector.finish()
    elif type(value) not in {bool, int, str, Decimal, date}:
        raise wrong(NOT_PLAIN, value, why=_EXACT_TYPE)
    elif isinstance(value, str):
        checked_text(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        exact_number(value)


def closed(got: object) -> object:
    """Close a coroutine, or Python warns, much later and elsewhere, that none awaited it."""
    if inspect.iscoroutine(got):
        got.close()
    return got
