"""Cases: a number is simpler once it is settled whether a fact is missing.

A fact that is known is one value, and one that is missing is known to be anything: each of the two
leaves less to compute than a column that may be either. What comes out is the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from studioflow.algebra import ends
from studioflow.algebra.cells import Flag, picked
from studioflow.algebra.columns import Column, NumberColumn, number_column
from studioflow.algebra.graph import in_order
from studioflow.algebra.shape import names
from studioflow.algebra.terms import Number

__all__ = ["Case", "by_cases"]


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


def by_cases(term: Number, given: Mapping[str, Column], cases: Mapping[str, Case]) -> NumberColumn:
    """Return a number in columns, by those cases of its facts that leave the least to compute.

    Args:
        term: the number.
        given: its facts.
        cases: of some of its facts.

    Raises:
        NotInColumnsError: see `number_column`.
    """
    best = number_column(term, given)
    least = _cost(best)
    chosen = None
    for name in sorted(names(term) & cases.keys()):
        split = _split(term, given, name, cases[name], {})
        cost = _cost(split)
        if cost < least:
            best, least, chosen = split, cost, name
    if chosen is None:
        return best
    others = {name: case for name, case in cases.items() if name != chosen}
    return _split(term, given, chosen, cases[chosen], others)


def _split(
    term: Number,
    given: Mapping[str, Column],
    name: str,
    case: Case,
    others: Mapping[str, Case],
) -> NumberColumn:
    unknown = by_cases(term, {**given, name: case.unknown}, others)
    known = by_cases(term, {**given, name: case.known}, others)
    low = ends.choose(case.missing, unknown.low, known.low)
    high = ends.choose(case.missing, unknown.high, known.high)
    return NumberColumn(
        low,
        high,
        picked(case.missing, unknown.empty, known.empty),
        picked(case.missing, unknown.hinged, known.hinged),
    )


def _cost(column: NumberColumn) -> int:
    cells = (column.low.top, column.high.top, column.low.bottom, column.high.bottom)
    return len(in_order(cell.column for cell in cells if cell.column is not None))
