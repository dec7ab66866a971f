"""A scored cohort in a few numbers: how many are eligible, what grades they have, what totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["ELIGIBILITY", "Summary", "Totals", "summary"]

ELIGIBILITY = ("eligible", "not_eligible", "undetermined")

_STUDIOS = "__studios"
_COLUMNS = ("eligibility", "grade", "placed", "total", "total_numerator", "total_denominator")


@frozen
class Totals:
    """The totals of those studios whose total is known; None where there are no such studios.

    Attributes:
        median: half of them have no less, and half no more; the middle of two where it is two.
        not_known: how many studios have no total, or none yet.
    """

    least: Fraction | None
    median: Fraction | None
    most: Fraction | None
    not_known: int


@frozen
class Summary:
    """A cohort in a few numbers.

    Attributes:
        eligibility: how many studios are `eligible`, `not_eligible`, `undetermined`.
        grades: how many have each grade of the policy for certain.
        ungraded: how many have none, or none for certain.
        placed: the same as `grades`, once the places of all grades are counted; empty where they
            were not.
        unplaced: how many have none then, or none for certain.
    """

    studios: int
    eligibility: Mapping[str, int]
    grades: Mapping[str, int]
    ungraded: int
    placed: Mapping[str, int]
    unplaced: int
    totals: Totals


def summary(frame: nw.LazyFrame[Any], grades: Iterable[str]) -> Summary:
    """Sum up the rows of a scored cohort, by one query that every engine knows.

    Args:
        frame: with the results `total`, `eligibility` and `grade`, and maybe `placed`.
        grades: of the policy, in its order.
    """
    import narwhals.stable.v2 as nw

    from studioflow.cohort.columns.engines import collected

    keys = [name for name in frame.collect_schema().names() if name in _COLUMNS]
    # Few rows come back, however many studios there are: totals are points, and repeat.
    alike = collected(frame.group_by(keys).agg(nw.len().alias(_STUDIOS)))
    eligibility: Counter[object] = Counter()
    graded: Counter[object] = Counter()
    placed: Counter[object] = Counter()
    totals: Counter[Fraction | None] = Counter()
    for values in alike.iter_rows():
        row = dict(zip(alike.columns, values, strict=True))
        eligibility[row["eligibility"]] += row[_STUDIOS]
        graded[row["grade"]] += row[_STUDIOS]
        placed[row.get("placed")] += row[_STUDIOS]
        totals[_total(row)] += row[_STUDIOS]
    counted = "placed" in keys
    names = tuple(grades)
    return Summary(
        studios=totals.total(),
        eligibility={name: eligibility[name] for name in ELIGIBILITY},
        grades={name: graded[name] for name in names},
        ungraded=graded[None],
        placed={name: placed[name] for name in names} if counted else {},
        unplaced=placed[None] if counted else 0,
        totals=_spread(totals),
    )


def _total(row: Mapping[str, Any]) -> Fraction | None:
    if "total" in row:
        return None if row["total"] is None else Fraction(row["total"])
    numerator = row["total_numerator"]
    return None if numerator is None else Fraction(numerator, row["total_denominator"])


def _spread(totals: Mapping[Fraction | None, int]) -> Totals:
    known = sorted((total, many) for total, many in totals.items() if total is not None)
    if not known:
        return Totals(None, None, None, sum(totals.values()))
    studios = sum(many for _, many in known)
    middle = (_at(known, (studios - 1) // 2) + _at(known, studios // 2)) / 2
    return Totals(known[0][0], middle, known[-1][0], totals.get(None, 0))


def _at(known: Iterable[tuple[Fraction, int]], position: int) -> Fraction:
    """Return the total of the studio at a position, by total."""
    for total, many in known:
        position -= many
        if position < 0:
            return total
    raise IndexError(position)
