"""Rank and places of studios in classes: those of a class are alike in all that these hang on.

A cohort of a million has a few hundred classes, and nothing here looks at a single studio.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from attrs import field, frozen

__all__ = ["Alike", "Counts", "Ranked", "Total", "ranks"]

Total = int | Fraction


@frozen(kw_only=True)
class Alike:
    """Studios that are alike.

    Attributes:
        eligible: None where it hangs on what is missing.
        low: the total that is sure, in any unit; None where there is no bound.
        high: the total that is possible.
        grade: of each sheet; None while it is not certain, and where there is none.
        grade_low: the worst grade that is possible; None for no grade.
        grade_high: the best one.
        gates: whether each gate that caps grades is met; None where it is not certain.
        met: whether the conditions of each grade that is computed are met; used where the lowest
            grade is not computed.
        size: how many studios these are.
    """

    eligible: bool | None
    low: Total | None
    high: Total | None
    grade: str | None = None
    grade_low: str | None = None
    grade_high: str | None = None
    gates: Mapping[str, bool | None] = field(factory=dict)
    met: Mapping[str, bool | None] = field(factory=dict)
    size: int = 1

    @property
    def points(self) -> Total | None:
        """The total, where it is certain."""
        return self.low if self.low == self.high else None


@frozen
class Ranked:
    """The rank of each studio of a class; all None where it is not eligible.

    Attributes:
        rank: as `ranking.rank` gives it; None while it, or eligibility, is not certain.
        best: the best one that is possible, if it is eligible.
        worst: the worst one.
        tied: whether another one that is eligible has the same total; None while not certain.
    """

    rank: int | None = None
    best: int | None = None
    worst: int | None = None
    tied: bool | None = None


def ranks(classes: Sequence[Alike]) -> list[Ranked]:
    """Return the rank of each class, in the same order."""
    counts = Counts(classes)
    return [Ranked() if each.eligible is False else counts.ranked(each) for each in classes]


class Counts:
    """How many studios there are by their totals."""

    def __init__(self, classes: Iterable[Alike]) -> None:
        possible = [each for each in classes if each.eligible is not False]
        sure = [each for each in possible if each.eligible]
        self._all = sum(each.size for each in possible)
        self._sure = _Tally((each.low, each.size) for each in sure)
        self._lows = _Tally((each.low, each.size) for each in possible)
        self._highs = _Tally((each.high, each.size) for each in possible)
        self._same = Counter[Total]()
        for each in sure:
            if each.points is not None:
                self._same[each.points] += each.size

    def ranked(self, each: Alike) -> Ranked:
        """Return the rank of one that may be eligible."""
        best = 1 + (0 if each.high is None else self._sure.above(each.high))
        worst = 1 + self._all - self._not_ahead(each.low)
        if each.points is None:
            worst -= 1  # it is counted among those whose best is above its own worst
        rank = best if best == worst and each.eligible else None
        return Ranked(rank, best, worst, self._tied(each))

    def before(self, each: Alike) -> int:
        """Return how many may have as much or more, itself included."""
        return self._all - (0 if each.low is None else self._highs.below(each.low))

    def _not_ahead(self, low: Total | None) -> int:
        """Return how many can have no more than this."""
        return 0 if low is None else self._highs.up_to(low)

    def _tied(self, each: Alike) -> bool | None:
        if each.points is not None and self._same[each.points] > bool(each.eligible):
            return True
        worse = 0 if each.low is None else self._highs.below(each.low)
        better = 0 if each.high is None else self._lows.above(each.high)
        return False if self._all - worse - better == 1 else None


class _Tally:
    """How many have which total; who has no bound is not counted."""

    def __init__(self, counts: Iterable[tuple[Total | None, int]]) -> None:
        self._sizes = Counter[Total]()
        for total, size in counts:
            if total is not None:
                self._sizes[total] += size

    @cached_property
    def _totals(self) -> list[Total]:
        return sorted(self._sizes)

    @cached_property
    def _sums(self) -> list[int]:
        return [0, *accumulate(self._sizes[total] for total in self._totals)]

    def below(self, total: Total) -> int:
        """Return how many have less."""
        return self._sums[bisect_left(self._totals, total)]

    def up_to(self, total: Total) -> int:
        """Return how many have no more."""
        return self._sums[bisect_right(self._totals, total)]

    def above(self, total: Total) -> int:
        """Return how many have more."""
        return self._sums[-1] - self.up_to(total)
