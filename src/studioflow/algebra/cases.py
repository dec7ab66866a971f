"""Cases: a number is simpler once it is settled whether a fact is missing.

A fact that is known is one value, and one that is missing is known to be anything: each of the two
leaves less to compute than a column that may be either. What comes out is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import frozen

from studioflow.algebra import ends
from studioflow.algebra.columns import Column, NumberColumn, number_column
from studioflow.algebra.flags import Flag, picked
from studioflow.algebra.graph import in_order
from studioflow.algebra.shape import walk
from studioflow.algebra.terms import FactFlag, FactIs, FactNumber, Number

__all__ = ["Case", "by_cases"]

# Trying all would take longer than most cohorts take to score.
_CHEAP = 8
"""What is computed in so few steps is left as it is."""
_FEW = 3
"""So many facts are tried."""
_MOST_DEEP = 2
"""So many facts are settled one after another."""


@frozen(eq=False)
class Case:
    """A fact that may be missing.

    Attributes:
        missing: where it is.
        unknown: what it can be there.
        known: what it is elsewhere.
    """

    missing: Flag
    unknown: Column
    known: Column

    @property
    def ways(self) -> tuple[Column, Column]:
        """What the fact is where it is missing, and elsewhere."""
        return self.unknown, self.known


def by_cases(term: Number, given: Mapping[str, Column], cases: Mapping[str, Case]) -> NumberColumn:
    """Return a number in columns, by those cases of its facts that leave the least to compute.

    Args:
        term: the number.
        given: its facts.
        cases: of some of its facts.

    Raises:
        NotInColumnsError: see `number_column`.
    """
    return _cheapest(term, given, cases, number_column(term, given), _MOST_DEEP)


def _cheapest(
    term: Number,
    given: Mapping[str, Column],
    cases: Mapping[str, Case],
    best: NumberColumn,
    deep: int,
) -> NumberColumn:
    """Return the cheapest of a number as it is, and by cases of one fact, then of others."""
    least, chosen = _cost(best), None
    for name in _most_mentioned(term, cases) if deep and least > _CHEAP else ():
        ways = [number_column(term, {**given, name: way}) for way in cases[name].ways]
        split = _joined(cases[name].missing, *ways)
        cost = _cost(split)
        if cost < least:
            best, least, chosen = split, cost, (name, ways)
    if chosen is None:
        return best
    name, ways = chosen
    others = {other: case for other, case in cases.items() if other != name}
    unknown, known = (
        _cheapest(term, {**given, name: way}, others, made, deep - 1)
        for way, made in zip(cases[name].ways, ways, strict=True)
    )
    return _joined(cases[name].missing, unknown, known)


def _most_mentioned(term: Number, cases: Mapping[str, Case]) -> list[str]:
    """Return the few facts whose cases are likely to leave out the most."""
    mentions = Counter(
        part.name
        for part in walk(term)
        if isinstance(part, FactNumber | FactFlag | FactIs) and part.name in cases
    )
    return [name for name, _ in sorted(mentions.items(), key=lambda each: (-each[1], each[0]))][
        :_FEW
    ]


def _joined(missing: Flag, unknown: NumberColumn, known: NumberColumn) -> NumberColumn:
    """Return what is known of a number by whether a fact is missing."""
    return NumberColumn(
        ends.choose(missing, unknown.low, known.low),
        ends.choose(missing, unknown.high, known.high),
        picked(missing, unknown.empty, known.empty),
        picked(missing, unknown.hinged, known.hinged),
    )


def _cost(column: NumberColumn) -> int:
    cells = (column.low.top, column.high.top, column.low.bottom, column.high.bottom)
    return len(in_order(cell.column for cell in cells if cell.column is not None))
