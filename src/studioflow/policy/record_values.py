"""Values of records from what documents and callers have: never coerced."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, TypeVar, cast

import attrs
from cattrs import Converter
from cattrs.dispatch import StructureHook

from studioflow.codec import (
    WRONG_TYPE,
    Collector,
    checked_text,
    strict_converter,
    wrong,
)
from studioflow.people import check_ids
from studioflow.text import Text, message

__all__ = ["LISTED_TWICE", "as_table", "distinct", "month", "record_id", "structured"]

T = TypeVar("T")

LISTED_TWICE = message("listed_twice", zh="各不相同的项", en="items that differ from each other")
SLASH_IN_ID = message(
    "slash_in_id",
    zh="不含“/”的 id（“/”用于指明记录的一部分和评分）",
    en='an id without "/", which stands between a record and its parts, and in marks',
)

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_A_MONTH = Text("年月（如 1998-07）", "a month such as 1998-07")
_LIST = Text("列表", "a list")


def _converter() -> Converter:
    converter = strict_converter()
    for kind in (str, date):
        optional: object = kind | None
        is_it = partial(operator.eq, optional)
        converter.register_structure_hook_func(is_it, _optional_hook(converter, kind))
    return converter


def _optional_hook(converter: Converter, kind: type) -> StructureHook:
    # In a record, "none" is a word like any other: what is not there is left out.
    def hook(value: object, _: object) -> object:
        return None if value is None else converter.structure(value, kind)

    return hook


_structure = _converter().structure


def structured(value: object, kind: Any) -> Any:  # noqa: ANN401 - a type, or an alias of one; and a value of it
    """Return the value as the type has it; people and opinions may come as what they are.

    Raises:
        InputError: with every problem.
    """
    return _structure(as_table(value), kind)


def as_table(value: object) -> Any:  # noqa: ANN401 - whatever it was, if it is no attrs instance
    """Return the attributes of an attrs instance; all else as it is.

    What is None, or a text that is empty because nobody said it, is left out.
    """
    kind: type = type(value)
    if not attrs.has(kind):
        return value
    found = {f.name: (getattr(value, f.name), f.default) for f in attrs.fields(kind)}
    return {
        key: item
        for key, (item, default) in found.items()
        if item is not None and not (item == "" and default == "")
    }


def month(value: object) -> str:
    """Return the month that a text is.

    Raises:
        InputError: for anything else.
    """
    if isinstance(value, str) and _MONTH.fullmatch(value):
        try:
            date.fromisoformat(f"{value}-01")
        except ValueError:
            pass
        else:
            return value
    raise wrong(WRONG_TYPE, value, type=_A_MONTH)


def distinct(
    value: object, read: Callable[[object], T], key: Callable[[T], object] = lambda item: item
) -> tuple[T, ...]:
    """Read each item of a list, none of them twice.

    Raises:
        InputError: with every problem.
    """
    if not isinstance(value, list | tuple):
        raise wrong(WRONG_TYPE, value, type=_LIST)
    collector = Collector()
    items: dict[object, T] = {}
    for position, given in enumerate(cast("Iterable[object]", value)):
        with collector.under(position):
            item = read(given)
            if key(item) in items:
                raise wrong(LISTED_TWICE, key(item))
            items[key(item)] = item
    collector.finish()
    return tuple(items.values())


def record_id(value: object) -> str:
    """Return the id of its own that a record was given.

    Raises:
        InputError: at `id`, for one that is no text, has white space around it, or has a "/" in it.
    """
    check_ids(id=value)
    collector = Collector()
    name = ""
    with collector.under("id"):
        name = checked_text(str(value))
        if "/" in name:
            raise wrong(SLASH_IN_ID, name)
    collector.finish()
    return name
