"""The kind `count`: so many points at a norm, more above it, less below it."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from studioflow.algebra import (
    Choose,
    Constant,
    Explained,
    Note,
    Number,
    Required,
    Sum,
    Within,
    as_number,
    largest,
    smallest,
)
from studioflow.codec import Collector, wrong
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import (
    Quantity,
    Scoring,
    common_unit,
    scoring_kind,
    where_defined,
)
from studioflow.rules.limits import check_limits
from studioflow.rules.marked import MARK_OUTSIDE_BANDS, check_mark
from studioflow.rules.wording import measure_word
from studioflow.text import exact, message

__all__ = ["Above", "Below", "Count", "Yearly"]

MARK_NOT_ALLOWED = message(
    "mark_not_allowed",
    zh="只有超过{norm}{unit}才可酌情赋分",
    en="no discretionary mark unless there are more than {norm}{unit}",
)
COUNT_ABOVE = message(
    "count_above",
    zh="{count}{unit}，满{norm}{unit}计{points}分，多{over}{unit}加{extra}分",
    en="{count}{unit}: {points} points for {norm}, and {extra} more for {over} above it",
)
COUNT_AT = message(
    "count_at", zh="{count}{unit}，计{points}分", en="{count}{unit}: {points} points"
)
COUNT_BELOW = message(
    "count_below",
    zh="{count}{unit}，比{norm}{unit}少{under}{unit}，扣{lost}分",
    en="{count}{unit}: {under} short of {norm}, {lost} points lost",
)
YEARLY_SHORT = message(
    "yearly_short",
    zh="每年不足{norm}{unit}的共少{under}{unit}，扣{lost}分",
    en="{under} short of {norm}{unit} a year in all, {lost} points lost",
)
ABOVE_ONE_WAY = message(
    "above_one_way", zh="each 与 mark 中恰好一项", en="exactly one of each and mark"
)
COUNT_LIMITS = message(
    "count_limits",
    zh="above.to 不低于 points，below.to 不高于 points",
    en="above.to not below points, and below.to not above them",
)


@frozen(eq=False, kw_only=True)
class Above:
    """What a count above the norm brings: so many points each, or a mark; the item up to `to`."""

    each: Fraction | None = None
    mark: Fact | None = None
    to: Fraction

    def __attrs_post_init__(self) -> None:
        if (self.each is None) == (self.mark is None):
            raise wrong(ABOVE_ONE_WAY, "each, mark" if self.each is not None else "neither")
        collector = Collector()
        with collector.under("mark"):
            if self.mark is not None:
                check_mark(self.mark)
        with collector.under():
            check_limits(each=self.each)
        collector.finish()


@frozen(eq=False, kw_only=True)
class Below:
    """What each one missing to the norm costs; the item does not fall under `to`."""

    each: Fraction
    to: Fraction

    def __attrs_post_init__(self) -> None:
        check_limits(each=self.each)


@frozen(eq=False, kw_only=True)
class Yearly:
    """A norm for each year: every one missing in a year costs, whatever the total is."""

    counts: tuple[Quantity, ...]
    norm: Fraction
    each: Fraction

    def __attrs_post_init__(self) -> None:
        check_limits(norm=self.norm, each=self.each)


@scoring_kind("count")
@frozen(eq=False, kw_only=True)
class Count(Scoring):
    """So many points at a norm, more above it, less below it.

    With `yearly` the total is the sum of the years, and what is short is counted year by year
    instead of over the whole.
    """

    count: Quantity
    norm: Fraction
    points_at_norm: Fraction = field(metadata={"key": "points"})
    above: Above | None = None
    below: Below
    yearly: Yearly | None = None

    def __attrs_post_init__(self) -> None:
        check_limits(norm=self.norm, points=self.points_at_norm)
        most = self.points_at_norm if self.above is None else self.above.to
        if not self.below.to <= self.points_at_norm <= most:
            limits = (self.below.to, self.points_at_norm, most)
            raise wrong(COUNT_LIMITS, ", ".join(exact(limit) for limit in limits))

    def points(self) -> Number:
        """See `Scoring`."""
        count = self._total()
        extra, valid_extra = self._extra(count)
        lost, lost_note = self._lost(count, extra)
        net = largest(self.below.to, as_number(self.points_at_norm) + valid_extra - lost)
        fixed = {**self._said(), "count": count, "points": self.points_at_norm}
        over = Note(COUNT_ABOVE, {**fixed, "over": count - self.norm, "extra": extra})
        at = Note(COUNT_AT, fixed)
        # Which reason holds is chosen around one and the same number: the points hang on it alone.
        reasoned = Choose(
            count > self.norm,
            Explained(net, over),
            Choose(count.equals(self.norm) | (lost <= 0), Explained(net, at), net),
        )
        points = Choose(lost > 0, Explained(reasoned, lost_note), reasoned)
        return where_defined(points, self._counts())

    def _counts(self) -> tuple[Quantity, ...]:
        return (self.count,) if self.yearly is None else self.yearly.counts

    def _said(self) -> dict[str, object]:
        """Return what all reasons mention."""
        return {"norm": self.norm, "unit": measure_word(common_unit(self._counts()))}

    def _total(self) -> Number:
        if self.yearly is None:
            return self.count.number
        return Sum(tuple(count.number for count in self.yearly.counts))

    def _extra(self, count: Number) -> tuple[Number, Number]:
        """State what comes on top: as shown, and as it counts with what is valid."""
        if self.above is None:
            return Constant(0), Constant(0)
        room = self.above.to - self.points_at_norm
        if self.above.mark is None:
            extra = smallest((count - self.norm) * (self.above.each or 0), room)
            extra = largest(0, extra)
            return extra, extra
        mark = self.above.mark.number()
        bands = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": f"0–{exact(room)}"})
        none = Note(MARK_NOT_ALLOWED, {"got": mark, **self._said()})
        chosen = Choose(
            count > self.norm,
            Within(mark, low=0, high=room, refusal=bands),
            Required(Constant(0), mark.equals(0), none),
        )
        return mark, chosen

    def _lost(self, count: Number, extra: Number) -> tuple[Number, Note]:
        """State what is lost, and the reason: with no more than there was to lose."""
        room = as_number(self.points_at_norm) - self.below.to
        if self.yearly is None:
            under = largest(0, as_number(self.norm) - count)
            lost = under * self.below.each
            said = {**self._said(), "count": count, "under": under, "lost": smallest(lost, room)}
            return lost, Note(COUNT_BELOW, said)
        norm = as_number(self.yearly.norm)
        under = Sum(tuple(largest(0, norm - year.number) for year in self.yearly.counts))
        lost = under * self.yearly.each
        counted = smallest(lost, room + extra)
        said = {**self._said(), "norm": self.yearly.norm, "under": under, "lost": counted}
        return lost, Note(YEARLY_SHORT, said)
