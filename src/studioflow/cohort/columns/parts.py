"""Facts that can not exceed another: where a part of a cohort's row is above its whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, lcm

import narwhals.stable.v2 as nw
from attrs import frozen

from studioflow.cohort.columns.given import steps_of
from studioflow.cohort.columns.parsed import Parsed
from studioflow.rules import Fact

__all__ = ["Pair", "pairs"]


@frozen
class Pair:
    """A part and that of which it is one, directly or through others.

    Attributes:
        part, whole: their names.
        column: that it is told of where it is wrong: the part, or where that is not known, the
            whole.
        related: all that are parts or wholes of these.
        bad: whether the part is, or has to be, above the whole.
    """

    part: str
    whole: str
    column: str
    related: tuple[str, ...]
    bad: nw.Expr


def pairs(facts: Mapping[str, Fact], columns: Mapping[str, Parsed]) -> tuple[Pair, ...]:
    """Return every pair that can be wrong in a cohort with these columns.

    A part bounds its whole, and so all of which that is a part in turn; see `known`.
    """
    return tuple(
        pair
        for name in facts
        for path in _paths(facts, name)
        for pair in _of_path([facts[each] for each in path], columns, _related(facts, path[-1]))
    )


def _related(facts: Mapping[str, Fact], whole: str) -> tuple[str, ...]:
    """Return the names of all that hang together with a fact by one being part of another."""
    top = [whole, *(path[-1] for path in _paths(facts, whole))][-1]
    below = (n for n in facts if any(top in path for path in _paths(facts, n)))
    return tuple(dict.fromkeys([top, *below]))


def _paths(facts: Mapping[str, Fact], start: str) -> Iterator[tuple[str, ...]]:
    """Yield the way from a fact up to each of which it is a part."""
    path: tuple[str, ...] = (start,)
    while (whole := facts[path[-1]].at_most) is not None and whole in facts and whole not in path:
        path = (*path, whole)
        yield path


def _of_path(
    path: list[Fact], columns: Mapping[str, Parsed], related: tuple[str, ...]
) -> Iterator[Pair]:
    part, whole = path[0], path[-1]
    # Both are counted in what is a unit of each fact on the way.
    finest = lcm(*(fact.denominator for fact in path))
    grains = [finest // fact.denominator for fact in path[1:]]
    low = None if part.low is None else _least(ceil(part.low * finest), grains)
    high = None if whole.high is None else whole.high * finest
    above: list[nw.Expr] = []
    here, there = columns.get(part.name), columns.get(whole.name)
    if here is not None:
        number = _raised(_counted(here, part, finest), grains)
        if there is not None:
            above.append(number > _counted(there, whole, finest))
        if high is not None and not (part.high is not None and part.high * finest <= high):
            unknown = nw.lit(1) == 1 if there is None else there.fitting.is_null()
            above.append(unknown & (number > int(high)))
    if above:
        bad = above[0].fill_null(value=False)
        for each in above[1:]:
            bad |= each.fill_null(value=False)
        yield Pair(part.name, whole.name, part.name, related, bad)
    lower = whole.low is None or (low is not None and whole.low * finest < low)
    if there is not None and low is not None and lower:
        unknown = nw.lit(1) == 1 if here is None else here.fitting.is_null()
        bad = unknown & (_counted(there, whole, finest) < low)
        yield Pair(part.name, whole.name, whole.name, related, bad.fill_null(value=False))


def _counted(column: Parsed, fact: Fact, finest: int) -> nw.Expr:
    """Return the value of a column in the finest units."""
    size = steps_of(fact) * finest
    return column.fitting if size == 1 else column.fitting.cast(nw.Int64) * int(size)


def _least(number: int, grains: list[int]) -> int:
    for grain in grains:
        number += -number % grain
    return number


def _raised(number: nw.Expr, grains: list[int]) -> nw.Expr:
    """Return the least that the whole can be, by way of all that lie between."""
    for grain in grains[:-1]:  # the whole itself is known, or has a bound of its own
        if grain > 1:
            number = number + (number * -1) % grain
    return number
