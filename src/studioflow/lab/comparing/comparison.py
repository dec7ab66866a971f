"""Whom a variation hits: every studio of a cohort, scored by two policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from studioflow.cohort import score_cohort
from studioflow.cohort.columns import ResultGroup
from studioflow.policy import Policy
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Comparison", "Hit", "ItemHit", "compare"]

_GROUPS: tuple[ResultGroup, ...] = (
    "criteria",
    "deductions",
    "total",
    "eligibility",
    "grade",
    "rank",
)


@frozen
class Hit:
    """A studio for which something changes.

    Attributes:
        studio: its key.
        before, after: its total by either policy; None while it is not known, or withheld.
        eligibility: `eligible`, `not_eligible` or `undetermined`, by either.
        grade: by either; None where it has none for certain, or a decision gives it.
        rank: by either; None while facts can still move it.
        items: the criteria and deductions whose points change, for certain or by what is possible.
    """

    studio: str
    before: Fraction | None
    after: Fraction | None
    eligibility: tuple[str, str]
    grade: tuple[str | None, str | None]
    rank: tuple[int | None, int | None]
    items: tuple[str, ...]

    @property
    def change(self) -> Fraction | None:
        """By how much the total changes; None where one of the two is not known."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@frozen
class ItemHit:
    """An item that is to blame.

    Attributes:
        studios: how many have other points in it.
        change: by how much, all of them together whose points are known.
    """

    item: str
    studios: int
    change: Fraction


@frozen
class Comparison:
    """A cohort under two policies.

    Attributes:
        policies: the two.
        studios: how many there are.
        hits: those for which anything changes, in the order of the table.
        items: those to blame, the one that hits most first.
        totals: least, lower quartile, median, upper quartile and most of the known totals, by
            either policy; None where none is known.
    """

    policies: tuple[Policy, Policy] = field(repr=False)
    studios: int
    hits: tuple[Hit, ...] = field(repr=False)
    items: tuple[ItemHit, ...]
    totals: tuple[tuple[Fraction, ...] | None, tuple[Fraction, ...] | None]

    @property
    def rising(self) -> tuple[Hit, ...]:
        """The studios whose total rises, the one that rises most first."""
        return _by_change(self.hits, 1)

    @property
    def falling(self) -> tuple[Hit, ...]:
        """The studios whose total falls, the one that falls most first."""
        return _by_change(self.hits, -1)

    @property
    def uncertain(self) -> tuple[Hit, ...]:
        """Those of which the change of the total is not known yet."""
        return tuple(hit for hit in self.hits if hit.change is None)

    @property
    def eligibility(self) -> Mapping[tuple[str, str], int]:
        """How many go from what to what, of those that change."""
        return Counter(h.eligibility for h in self.hits if h.eligibility[0] != h.eligibility[1])

    @property
    def grades(self) -> Mapping[tuple[str | None, str | None], int]:
        """How many go from which grade to which, of those that change."""
        return Counter(hit.grade for hit in self.hits if hit.grade[0] != hit.grade[1])


def compare(policy: Policy, other: Policy, frame: object, *, key: str = "studio") -> Comparison:
    """Score a cohort by two policies, and return whom the difference hits.

    >>> import polars as pl
    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> six_a_year = policy.vary({"criteria/5.2.2/norm": 12})
    >>> studios = pl.DataFrame({"studio": ["A", "B"], "activities": [14, 30]})
    >>> found = compare(policy, six_a_year, studios)
    >>> [(hit.studio, hit.items) for hit in found.hits]
    [('A', ('criteria/5.2.2',))]

    Args:
        policy: as it is.
        other: as it would be; with facts of the same names.
        frame: a table with one row a studio, as `score_cohort` takes it.
        key: the column that says which studio it is.

    Raises:
        InputError: with every problem of the table, under either policy.
        MissingExtraError: where Polars is not installed.
    """
    frames = [_scored(each, frame, key) for each in (policy, other)]
    before, after = ({str(row[key]): row for row in f.iter_rows(named=True)} for f in frames)
    rows = {studio: (row, after[studio]) for studio, row in before.items()}
    items = dict.fromkeys((*_names(policy), *_names(other)))
    found = (
        _hit(studio, one, two, tuple(name for name in items if _differs(one, two, name)))
        for studio, (one, two) in rows.items()
    )
    hits = tuple(hit for hit in found if _is_hit(hit))
    return Comparison(
        policies=(policy, other),
        studios=len(rows),
        hits=hits,
        items=_blamed(hits, rows, tuple(items)),
        totals=(
            _spread([_value(row, TOTAL) for row in before.values()]),
            _spread([_value(row, TOTAL) for row in after.values()]),
        ),
    )


def _names(policy: Policy) -> tuple[str, ...]:
    rubric = policy.rubric
    return (*map(in_criteria, rubric.criteria), *map(in_deductions, rubric.deductions))


Row = Mapping[str, Any]


def _scored(policy: Policy, frame: object, key: str) -> pl.DataFrame:
    """Return a cohort's results as a frame of Polars, whatever they were computed by."""
    found: Any = score_cohort(policy, frame, key=key, results=_GROUPS).frame
    if hasattr(found, "collect"):
        found = found.collect()
    made: pl.DataFrame = found if hasattr(found, "iter_rows") else found.pl()
    return made


def _value(row: Row, name: str) -> Fraction | None:
    """Return a result exactly; None where it is not known, or the policy has no such item."""
    top = row.get(f"{name}_numerator", row.get(name))
    if top is None:
        return None
    return Fraction(top) / Fraction(row.get(f"{name}_denominator", 1))


def _differs(before: Row, after: Row, name: str) -> bool:
    return any(
        _value(before, f"{name}{end}") != _value(after, f"{name}{end}") for end in ("_low", "_high")
    )


def _hit(studio: str, before: Row, after: Row, items: tuple[str, ...]) -> Hit:
    return Hit(
        studio=studio,
        before=_value(before, TOTAL),
        after=_value(after, TOTAL),
        eligibility=(before["eligibility"], after["eligibility"]),
        grade=(before.get("grade"), after.get("grade")),
        rank=(before["rank"], after["rank"]),
        items=items,
    )


def _is_hit(hit: Hit) -> bool:
    """Return whether anything but the rank changes: one studio that rises moves many ranks."""
    turned = any(one != other for one, other in (hit.eligibility, hit.grade))
    return bool(hit.items) or turned or hit.before != hit.after


def _blamed(
    hits: Sequence[Hit], rows: Mapping[str, tuple[Row, Row]], names: Sequence[str]
) -> tuple[ItemHit, ...]:
    found: list[ItemHit] = []
    for name in names:
        of = [rows[hit.studio] for hit in hits if name in hit.items]
        ends = [(_value(before, name), _value(after, name)) for before, after in of]
        moved = [two - one for one, two in ends if one is not None and two is not None]
        if of:
            found.append(ItemHit(name, len(of), sum(moved, Fraction(0))))
    return tuple(sorted(found, key=lambda item: -item.studios))


def _spread(totals: Sequence[Fraction | None]) -> tuple[Fraction, ...] | None:
    """Return least, lower quartile, median, upper quartile and most."""
    known = sorted(total for total in totals if total is not None)
    if not known:
        return None
    low, high = known[: (len(known) + 1) // 2], known[len(known) // 2 :]
    return known[0], median(low), median(known), median(high), known[-1]


def _by_change(hits: Sequence[Hit], sign: int) -> tuple[Hit, ...]:
    moved = [(hit.change, hit) for hit in hits if hit.change is not None and hit.change * sign > 0]
    return tuple(hit for _, hit in sorted(moved, key=lambda each: -abs(each[0])))
