"""From rows of a cohort that are wrong to problems: how many there are, and the first few of them.

What is wrong with a value is said by what checks one studio, so that it is the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from studioflow.cohort.columns.engines import collected, numbered
from studioflow.errors import Problem
from studioflow.text import Text, visible

__all__ = [
    "FIRST_ROWS",
    "Complaint",
    "Counts",
    "Frame",
    "Places",
    "counts_of",
    "first_doubled",
    "placed",
    "problems_of",
    "totals",
]

FIRST_ROWS = 3
"""So many rows are named where there are more."""

_SHOWN = 80
_ROW, _AGAIN = "__row", "__again"
_MANY = Text("共 {rows} 行，最先的是：{first}", "{rows} rows in all, the first of them: {first}")

Frame = nw.LazyFrame[Any]


@frozen
class Complaint:
    """Something that is wrong with some rows of a column.

    Attributes:
        column: that it is told of, unless the problem has a path of its own.
        bad: whether a row is wrong.
        say: what is wrong, from the raw values of the first row that is.
    """

    column: str
    bad: nw.Expr
    say: Callable[[Mapping[str, Any]], Problem]


@frozen
class Places:
    """A frame whose rows have places: their numbers from 1, or where there is no order, a key.

    Attributes:
        frame: with the column `place`.
        ordered: whether places are numbers.
    """

    frame: Frame
    place: str
    ordered: bool

    @classmethod
    def of(cls, frame: Frame, key: str | None) -> Places | None:
        """Return a frame with its places; None where it has neither an order nor a key."""
        with_rows = numbered(frame, _ROW)
        if with_rows is not None:
            return cls(with_rows, _ROW, ordered=True)
        return None if key is None else cls(frame, key, ordered=False)

    def named(self, place: object) -> str:
        """Return how a path names a row."""
        return f"row {place}" if self.ordered else str(place)


class Counts(NamedTuple):
    """What one query found: in how many rows each condition holds, and every aggregate."""

    rows: list[int]
    found: Mapping[str, Any]


def totals(frame: Frame, **wanted: nw.Expr) -> dict[str, Any]:
    """Return aggregates of a frame, by the names they are wanted by; all of them by one query."""
    found = collected(frame.select(**wanted)).rows(named=True)[0]
    return dict(found)


def counts_of(frame: Frame, conditions: Sequence[nw.Expr], **wanted: nw.Expr) -> Counts:
    """Return in how many rows each condition holds, and other aggregates, by one query."""
    # Only this one can not add truths.
    spark = frame.implementation.is_spark_like()
    sums = {
        f"n{place}": (each.cast(nw.Int64) if spark else each).sum()
        for place, each in enumerate(conditions)
    }
    found = totals(frame, **sums, **wanted) if sums or wanted else {}
    return Counts([int(found[name] or 0) for name in sums], found)


def first_doubled(frame: Frame, places: Places | None, key: str) -> tuple[Any, list[Any]]:
    """Return the first key that comes again, and the first rows whose key came before.

    Args:
        frame: with doubled keys.
        places: of its rows; where they have no order, keys stand for them.
        key: the column; rows where it is null or empty are passed over.
    """
    if places is not None and places.ordered:
        frame, name = places.frame, places.place
        first = frame.group_by(key).agg(nw.col(name).min().alias(_AGAIN))
        rows = frame.select(key, name).join(first, on=key, how="inner")
        again = rows.filter(nw.col(name) > nw.col(_AGAIN)).sort(name)
    else:
        name = key
        again = frame.group_by(key).agg(nw.len().alias(_AGAIN)).filter(nw.col(_AGAIN) > 1).sort(key)
    asked = again.filter(~nw.col(key).is_null()).filter(nw.col(key).cast(nw.String) != "")
    found = collected(asked.head(FIRST_ROWS)).rows(named=True)
    return found[0][key], [row[name] for row in found]


def problems_of(
    places: Places | None,
    frame: Frame,
    complaints: Iterable[Complaint],
    raw: Mapping[str, nw.Expr],
) -> list[Problem]:
    """Return a problem for each complaint that some row gives cause for, at the first such row.

    Args:
        places: of the rows of the frame, where they have any.
        frame: that the conditions are of.
        complaints: to look into.
        raw: the columns that complaints want to see of a row, as they can be read.
    """
    listed = list(complaints)
    counts = counts_of(frame, [each.bad for each in listed]).rows
    found = [(each, count) for each, count in zip(listed, counts, strict=True) if count]
    if not found:
        return []
    conditions = [each.bad for each, _ in found]
    firsts = _first_places(places, conditions)
    rows = _rows(places, firsts, conditions, raw)
    return [
        placed(complaint.say(row), complaint.column, count, first, places)
        for (complaint, count), first, row in zip(found, firsts, rows, strict=True)
    ]


def _first_places(places: Places | None, conditions: Sequence[nw.Expr]) -> list[list[Any]]:
    """Return the first places where each condition holds, by one query for each rank."""
    found: list[list[Any]] = [[] for _ in conditions]
    if places is None:
        return found
    place = nw.col(places.place)
    for _ in range(FIRST_ROWS):
        wanted = {}
        for position, (condition, before) in enumerate(zip(conditions, found, strict=True)):
            after = condition & (place > before[-1]) if before else condition
            wanted[f"n{position}"] = nw.when(after).then(place).min()
        for name, first in totals(places.frame, **wanted).items():
            if first is not None:
                found[int(name[1:])].append(first)
    return found


def _rows(
    places: Places | None,
    firsts: Sequence[Sequence[Any]],
    conditions: Sequence[nw.Expr],
    raw: Mapping[str, nw.Expr],
) -> list[dict[str, Any]]:
    """Return the first row where each condition holds, as it can be read; empty where unplaced."""
    wanted = sorted({each[0] for each in firsts if each})
    if places is None or not wanted:
        return [{} for _ in firsts]
    # Numbered, since a name may mean something to an engine. A key may have several rows, of
    # which not all are wrong.
    columns = [each.alias(f"r{number}") for number, each in enumerate(raw.values())]
    columns += [each.alias(f"n{number}") for number, each in enumerate(conditions)]
    place = nw.col(places.place)
    asked = places.frame.filter(place.is_in(wanted)).select(place.alias(_ROW), *columns)
    found: list[dict[str, Any]] = [{} for _ in firsts]
    for row in collected(asked).rows(named=True):
        for number, first in enumerate(firsts):
            if first and first[0] == row[_ROW] and row[f"n{number}"]:
                found[number] = {name: row[f"r{each}"] for each, name in enumerate(raw)}
    return found


def placed(
    problem: Problem, column: str, count: int, first: Sequence[Any], places: Places | None
) -> Problem:
    """Return a problem at its first row, saying how many there are."""
    named = [visible(str(each)[:_SHOWN]) for each in first]
    more = ["…"] if count > len(first) else []
    parameters = {**problem.parameters, "rows": count, "first": [*named, *more]}
    told = evolve(problem, path="", parameters=parameters)
    if count > 1 and first:
        told = evolve(told, hint=problem.hint or _MANY)
    keys = [places.named(first[0])] if places is not None and first else []
    return told.under(problem.path or column, *keys)
