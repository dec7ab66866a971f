"""Exact values as JSON has them, and back: what JSON can not say stands in a table with a tag."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from studioflow.codec.documents import MAX_DEPTH, TOO_DEEP
from studioflow.codec.problems import TYPE_NAMES, UNKNOWN_NAME, WRONG_TYPE, Collector
from studioflow.codec.scalars import TOO_MANY_DIGITS
from studioflow.codec.writing import NOT_WRITABLE
from studioflow.errors import wrong
from studioflow.text import Text

__all__ = ["from_plain", "to_plain"]

_TAG = "$"
_MOST_DIGITS = 40
_RATIO = re.compile(r"(-?\d{1,40})/([1-9]\d{0,39})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)  # Python takes days by their weeks, too
_DECIMAL = re.compile(r"-?\d{0,40}(?:\.\d{0,40})?(?:[Ee][+-]?\d{1,3})?", re.ASCII)
_EXACT = Text("小数用 Decimal 或 Fraction，不用 float", "Decimal or Fraction, not float")

Writer = Callable[[object], object]
Reader = Callable[[object, Mapping[str, Any], int], object]
Readers = Mapping[str, Reader]


def _is_read_again(value: Decimal | Fraction) -> bool:
    """Return whether a number is short enough for who reads it."""
    if isinstance(value, Decimal):
        return _DECIMAL.fullmatch(str(value)) is not None
    return bool(max(abs(value.numerator), value.denominator) < 10**_MOST_DIGITS)


def _refused(value: object) -> object:
    raise wrong(NOT_WRITABLE, type(value), why=_EXACT)


def to_plain(value: object, other: Writer = _refused, *, depth: int = 0) -> Any:  # noqa: ANN401 - what `json` takes
    """Return a value in text, whole numbers, truths, None, lists and tables alone.

    >>> to_plain({"share": Fraction(1, 3), "on": date(2023, 5, 4)})
    {'share': {'$fraction': '1/3'}, 'on': {'$date': '2023-05-04'}}

    Args:
        value: of those, or exact: decimals, fractions, days, times, tuples, sets.
        other: writes a value of another type, as a table with one key that begins with `$`.
        depth: how deep it lies in another.

    Raises:
        InputError: for a value of another type, and for one that is nested too deep.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if isinstance(value, int) and abs(value) < 10**_MOST_DIGITS and kind is int:
        return value
    if depth > MAX_DEPTH:
        raise wrong(TOO_DEEP, limit=MAX_DEPTH)
    if isinstance(value, float) or (isinstance(value, Decimal) and not value.is_finite()):
        raise wrong(NOT_WRITABLE, str(value), why=_EXACT)
    if isinstance(value, Decimal | Fraction) and not _is_read_again(value):
        raise wrong(TOO_MANY_DIGITS, type(value), limit=_MOST_DIGITS)
    for base, (tag, write) in _WRITERS.items():
        if isinstance(value, base):
            return {tag: write(value)}
    match value:
        case Mapping():
            made = {key: to_plain(item, other, depth=depth + 1) for key, item in value.items()}
            strange = [key for key in made if not isinstance(key, str)]
            if strange:
                raise wrong(WRONG_TYPE, strange[0], type=TYPE_NAMES[str])
            tagged = any(key.startswith(_TAG) for key in made)
            return {"$table": [[key, item] for key, item in made.items()]} if tagged else made
        case list() | tuple() | frozenset():
            listed = sorted(value, key=repr) if isinstance(value, frozenset) else value
            items = [to_plain(item, other, depth=depth + 1) for item in listed]
            listed_as = _LISTS.get(type(value))
            return {listed_as: items} if listed_as else items
    return other(value)


def from_plain(value: object, others: Readers = {}, *, depth: int = 0) -> Any:  # noqa: ANN401, B006 - whatever was written; never changed
    """Return the value that `to_plain` wrote.

    >>> from_plain({"share": {"$fraction": "1/3"}})
    {'share': Fraction(1, 3)}

    Args:
        value: as it was written.
        others: read what `other` wrote, by the key of its table.
        depth: how deep it lies in another.

    Raises:
        InputError: for what it does not write, with every place.
    """
    if depth > 2 * MAX_DEPTH:
        raise wrong(TOO_DEEP, limit=MAX_DEPTH)
    match value:
        case None | bool() | int() | str():
            return value
        case list():
            collector, items = Collector(), []
            for position, item in enumerate(value):
                with collector.under(position):
                    items.append(from_plain(item, others, depth=depth + 1))
            collector.finish()
            return items
        case dict():
            return _table(value, others, depth)
    raise wrong(WRONG_TYPE, value, type=_EXACT)


def _table(value: Mapping[str, object], others: Readers, depth: int) -> object:
    if any(key.startswith(_TAG) for key in value):
        tag = min(value)
        read = others.get(tag) or _TAGS.get(tag)
        if len(value) != 1 or read is None:
            raise wrong(UNKNOWN_NAME, tag, known=[*_TAGS, *others])
        return read(value[tag], others, depth + 1)
    collector, made = Collector(), {}
    for key, item in value.items():
        with collector.under(key):
            made[key] = from_plain(item, others, depth=depth + 1)
    collector.finish()
    return made


def _fraction(said: object, *_: object) -> Fraction:
    ratio = _RATIO.fullmatch(said) if isinstance(said, str) else None
    if ratio is None:
        raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[Fraction])
    return Fraction(int(ratio[1]), int(ratio[2]))


def _decimal(said: object, *_: object) -> Decimal:
    if isinstance(said, str) and _DECIMAL.fullmatch(said):
        try:
            return Decimal(said)
        except InvalidOperation:
            pass
    raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[Fraction])


def _day(said: object, *_: object) -> date:
    if isinstance(said, str) and _DAY.fullmatch(said):
        try:
            return date.fromisoformat(said)
        except ValueError:
            pass
    raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[date])


def _time(said: object, *_: object) -> datetime:
    if isinstance(said, str):
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            found = None
        # It takes other forms, too, such as weeks.
        if found is not None and found.isoformat() == said:
            return found
    raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[date])


def _text(said: object, *_: object) -> Text:
    match said:
        case [str(zh), str(en)]:
            return Text(zh, en)
    raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[str])


def _escaped(said: object, others: Readers, depth: int) -> dict[str, object]:
    if not isinstance(said, list):
        raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[tuple])
    made: dict[str, object] = {}
    for pair in said:
        match pair:
            case [str(key), item] if key not in made:
                made[key] = from_plain(item, others, depth=depth)
            case _:
                raise wrong(WRONG_TYPE, pair, type=TYPE_NAMES[tuple])
    return made


def _set(said: object, others: Readers, depth: int) -> frozenset[object]:
    items = _items(said, others, depth)
    try:
        made = frozenset(items)
    except TypeError:  # a list or a table, which no set has
        made = frozenset()
    if len(made) != len(items):
        raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[tuple])
    return made


def _tuple(said: object, others: Readers, depth: int) -> tuple[object, ...]:
    return tuple(_items(said, others, depth))


def _items(said: object, others: Readers, depth: int) -> list[object]:
    if not isinstance(said, list):
        raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[tuple])
    items: list[object] = from_plain(said, others, depth=depth)
    return items


_WRITERS: Mapping[type, tuple[str, Callable[[Any], object]]] = {
    Fraction: ("$fraction", lambda value: f"{value.numerator}/{value.denominator}"),
    Decimal: ("$decimal", str),
    datetime: ("$datetime", datetime.isoformat),
    date: ("$date", date.isoformat),
    Text: ("$text", lambda value: [value.zh, value.en]),
}
"""By type, a time before the day that it is, too."""
_LISTS = {tuple: "$tuple", frozenset: "$set"}
_TAGS: Readers = {
    "$fraction": _fraction,
    "$decimal": _decimal,
    "$date": _day,
    "$datetime": _time,
    "$text": _text,
    "$table": _escaped,
    "$set": _set,
    "$tuple": _tuple,
}
