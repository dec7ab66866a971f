"""What comes of one variation: a row of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from studioflow.lab.sensing.scoring import Standings

__all__ = ["Outcome", "counted"]


@frozen
class Outcome:
    """A cohort under one variation.

    Attributes:
        changes: by path.
        unscored: studios with a mark that is in no band under it.
        known: studios whose total is known.
        points: of all those together, in points; `least` and `most` of any of them.
        eligible, not_eligible: of the others it is not known.
        rising, falling: whose total is known before and after, and changes.
        grades: how many have each, for certain; empty where a decision or a batch gives them.
    """

    changes: Mapping[str, Any]
    unscored: int
    known: int
    points: Fraction
    least: Fraction | None
    most: Fraction | None
    eligible: int
    not_eligible: int
    rising: int
    falling: int
    grades: Mapping[str, int] = field(factory=dict)

    @property
    def mean(self) -> Fraction | None:
        """The mean of the known totals, in points; None where none is known."""
        return self.points / self.known if self.known else None


def counted(
    changes: Mapping[str, Any], before: Standings, after: Standings, grades: tuple[str, ...]
) -> Outcome:
    """Return the outcome where each studio stands for itself.

    Args:
        changes: of the variation.
        before: where the studios stand under the policy.
        after: where they stand under the variation.
        grades: those that points and facts give; the others are not counted.
    """
    totals = {name: _total(after, name) for name in after}
    known = [Fraction(total) for total in totals.values() if total is not None]
    moved = [
        total - old
        for name, total in totals.items()
        if total is not None and (old := _total(before, name)) is not None
    ]
    there = [each for each in after.values() if each is not None]
    eligibility = Counter(each.eligibility for each in there)
    given = Counter(each.grade[0] for each in there)
    return Outcome(
        changes=changes,
        unscored=len(after) - len(there),
        known=len(known),
        points=sum(known, Fraction(0)),
        least=min(known, default=None),
        most=max(known, default=None),
        eligible=eligibility["eligible"],
        not_eligible=eligibility["not_eligible"],
        rising=sum(change > 0 for change in moved),
        falling=sum(change < 0 for change in moved),
        grades={grade: given[grade] for grade in grades},
    )


def _total(standings: Standings, name: str) -> Any:  # noqa: ANN401 - int or Fraction
    standing = standings[name]
    if standing is None:
        return None
    low, high = standing.total
    return low if low is not None and low == high else None
