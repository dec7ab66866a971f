"""The kinds of scoring rule: each gives points, says what is valid, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import (
    Certain,
    Choose,
    Constant,
    Explained,
    Note,
    Number,
    Required,
    Sum,
    Truth,
    Within,
    as_number,
    clip,
    largest,
    smallest,
)
from studioflow.codec import WRONG_TYPE, wrong
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import SCORINGS, Condition, Quantity, Scoring, kind
from studioflow.text import Message, Text, exact, message

__all__ = [
    "Above",
    "Band",
    "Below",
    "Bonus",
    "BonusItem",
    "Case",
    "Cases",
    "Count",
    "Deduct",
    "Fixed",
    "Marked",
    "SumOfRules",
    "Yearly",
]

MARK_IN_BAND = message(
    "mark_in_band",
    zh="评{mark}分，{band}档（{low}–{high}分）",
    en="mark {mark}, band {band} ({low} to {high})",
)
MARK_BELOW_BANDS = message(
    "mark_below_bands",
    zh="评{mark}分，低于最低一档",
    en="mark {mark}, below the lowest band",
)
NO_BAND = message("no_band", zh="未达到任何一档，计0分", en="no band applies: 0 points")
MARK_OUTSIDE_BANDS = message(
    "mark_outside_bands",
    zh="可评的分数：{bands}",
    en="a mark in {bands}",
)
MARK_NOT_ALLOWED = message(
    "mark_not_allowed",
    zh="只有超过{norm}次才可酌情赋分",
    en="no discretionary mark unless there are more than {norm}",
)
COUNT_ABOVE = message(
    "count_above",
    zh="{count}次，满{norm}次计{points}分，多{over}次加{extra}分",
    en="{count}: {points} points for {norm}, and {extra} more for {over} above it",
)
COUNT_AT = message("count_at", zh="{count}次，计{points}分", en="{count}: {points} points")
COUNT_BELOW = message(
    "count_below",
    zh="{count}次，比{norm}次少{under}次，扣{lost}分",
    en="{count}: {under} short of {norm}, {lost} points lost",
)
YEARLY_SHORT = message(
    "yearly_short",
    zh="每年不足{norm}次的共少{under}次，扣{lost}分",
    en="{under} short of {norm} a year in all, {lost} points lost",
)
CASE_POINTS = message("case_points", zh="计{points}分", en="{points} points")
DEDUCTED = message(
    "deducted",
    zh="{start}分，扣{faults}次、每次{each}分，得{points}分",
    en="{start} less {faults} times {each} is {points}",
)
BONUS_ITEM = message("bonus_item", zh="{label}：加{points}分", en="{label}: {points} more")
CAPPED = message("capped", zh="最多{cap}分", en="at most {cap}")
FIXED_POINTS = message("fixed_points", zh="{points}分", en="{points} points")

BANDS_NEEDED = message("bands_needed", zh="至少一档", en="at least one band")
BAND_ORDER = message(
    "band_order",
    zh="从高到低、互不重叠的档",
    en="bands from the best down that do not overlap, each with from not above to",
)
BANDS_ONE_WAY = message(
    "bands_one_way",
    zh="各档要么都用 when，要么都不用",
    en="when on every band, or on none",
)
ABOVE_ONE_WAY = message(
    "above_one_way", zh="each 与 mark 中恰好一项", en="exactly one of each and mark"
)
FLOOR_VALUE = message("floor_value", zh="数或 \"band\"", en='a number or "band"')
_MARK = Text("mark 类事实", "a mark")


@frozen(eq=False, kw_only=True)
class Band:
    """A span of points, both ends included, and what it hangs on."""

    low: Fraction = field(metadata={"key": "from"})
    high: Fraction = field(metadata={"key": "to"})
    when: Condition | None = None
    needs: Condition | None = None
    text: Text | None = None


@kind(SCORINGS, "marked")
@frozen(eq=False, kw_only=True)
class Marked(Scoring):
    """Points that an assessor chooses inside the band that applies.

    With `when` the facts decide the band; otherwise the assessor does, among those whose `needs`
    hold. A mark that fits no band is refused, never moved.

    Attributes:
        gap: whether a mark between two bands is refused or belongs to the lower one.
        below: whether the item gives 0 where no band applies, or the assessor marks from 0 up.
        cap: the most points that count.
    """

    mark: Fact
    bands: Mapping[str, Band]
    gap: Literal["reject", "lower_band"] = "reject"
    below: Literal["zero", "open_band"] = "zero"
    cap: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        if self.mark.type != "mark":
            raise wrong(WRONG_TYPE, self.mark.name, type=_MARK)
        bands = list(self.bands.values())
        if not bands:
            raise wrong(BANDS_NEEDED, "{}")
        shown = ", ".join(_span(band.low, band.high) for band in bands)
        if any(band.low > band.high for band in bands) or any(
            upper.low <= lower.high for upper, lower in pairwise(bands)
        ):
            raise wrong(BAND_ORDER, shown)
        if len({band.when is None for band in bands}) > 1:
            raise wrong(BANDS_ONE_WAY, shown)
        for bound in (bands[0].high, bands[-1].low):
            self.mark.units(bound)

    def points(self) -> Number:
        """See `Scoring`."""
        marked = self._marked()
        if self.cap is None:
            return marked
        note = Note(CAPPED, {"cap": self.cap})
        return Choose(marked > self.cap, Explained(Constant(self.cap), note), marked)

    def floor(self) -> Number:
        """See `Scoring`."""
        mark = self.mark.number()
        floor: Number = Constant(0)
        for band in reversed(self.bands.values()):
            applies = band.when.bare if band.when else self._open(band) & (mark >= band.low)
            floor = Choose(applies, Constant(band.low), floor)
        return floor

    def _marked(self) -> Number:
        mark = self.mark.number()
        points = self._below(mark)
        tops = self._tops()
        for (name, band), top in reversed(list(zip(self.bands.items(), tops, strict=True))):
            chosen = self._in_band(mark, name, band, top)
            applies = band.when.truth if band.when else self._open(band) & (mark >= band.low)
            points = Choose(applies, chosen, points)
        return points

    def _in_band(self, mark: Number, name: str, band: Band, top: Fraction) -> Number:
        parameters = {"mark": mark, "band": name, "low": band.low, "high": band.high}
        if self.bands[name].when is None:
            shown = self._allowed()
        else:
            shown = _span(band.low, top)
        refusal = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": shown})
        return Explained(
            Within(mark, low=band.low, high=top, refusal=refusal), Note(MARK_IN_BAND, parameters)
        )

    def _below(self, mark: Number) -> Number:
        """State what holds where no band applies."""
        decided = next(iter(self.bands.values())).when is not None
        if self.below == "open_band":
            lowest = min(band.low for band in self.bands.values())
            top = lowest - self._step
            shown = _span(Fraction(0), top) if decided else self._allowed()
            refusal = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": shown})
            return Explained(
                Within(mark, low=0, high=top, refusal=refusal),
                Note(MARK_BELOW_BANDS, {"mark": mark}),
            )
        shown = "0" if decided else self._allowed()
        refusal = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": shown})
        nothing: Number = Constant(0)
        if decided:
            # No mark is needed for nothing, so a missing one leaves nothing open.
            nothing = Required(nothing, mark.equals(0), refusal)
        else:
            nothing = Within(mark, low=0, high=0, refusal=refusal)
        return Explained(nothing, Note(NO_BAND))

    @property
    def _step(self) -> Fraction:
        return self.mark.step or Fraction(1)

    def _open(self, band: Band) -> Truth:
        return band.needs.truth if band.needs else Certain(value=True)

    def _tops(self) -> list[Fraction]:
        """Return up to where each band reaches; over the gap, where the reading says so."""
        bands = list(self.bands.values())
        tops = [band.high for band in bands]
        if self.gap == "lower_band":
            tops[1:] = [upper.low - self._step for upper in bands[:-1]]
        return tops

    def _allowed(self) -> str:
        spans = [
            _span(band.low, top)
            for band, top in zip(self.bands.values(), self._tops(), strict=True)
        ]
        lowest = min(band.low for band in self.bands.values())
        spans.append("0" if self.below == "zero" else _span(Fraction(0), lowest - self._step))
        return ", ".join(spans)


def _span(low: Fraction, high: Fraction) -> str:
    return f"{exact(low)}–{exact(high)}"


@frozen(eq=False, kw_only=True)
class Above:
    """What a count above the norm brings: so many points each, or a mark; the item up to `to`."""

    each: Fraction | None = None
    mark: Fact | None = None
    to: Fraction

    def __attrs_post_init__(self) -> None:
        if (self.each is None) == (self.mark is None):
            raise wrong(ABOVE_ONE_WAY, "each, mark" if self.each is not None else "neither")
        if self.mark is not None and self.mark.type != "mark":
            raise wrong(WRONG_TYPE, self.mark.name, type=_MARK)


@frozen(eq=False, kw_only=True)
class Below:
    """What each one missing to the norm costs; the item does not fall under `to`."""

    each: Fraction
    to: Fraction


@frozen(eq=False, kw_only=True)
class Yearly:
    """A norm for each year: every one missing in a year costs, whatever the total is."""

    counts: tuple[Quantity, ...]
    norm: Fraction
    each: Fraction


@kind(SCORINGS, "count")
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

    def points(self) -> Number:
        """See `Scoring`."""
        count = self._total()
        extra, valid_extra = self._extra(count)
        lost, lost_note = self._lost(count)
        net = largest(self.below.to, as_number(self.points_at_norm) + valid_extra - lost)
        fixed = {"count": count, "norm": self.norm, "points": self.points_at_norm}
        over = Note(COUNT_ABOVE, {**fixed, "over": count - self.norm, "extra": extra})
        # Which reason holds is chosen around one and the same number: the points hang on it alone.
        reasoned = Choose(
            count > self.norm,
            Explained(net, over),
            Choose(count.equals(self.norm), Explained(net, Note(COUNT_AT, fixed)), net),
        )
        return Choose(lost > 0, Explained(reasoned, lost_note), reasoned)

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
        bands = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": _span(Fraction(0), room)})
        none = Note(MARK_NOT_ALLOWED, {"got": mark, "norm": self.norm})
        chosen = Choose(
            count > self.norm,
            Within(mark, low=0, high=room, refusal=bands),
            Required(Constant(0), mark.equals(0), none),
        )
        return mark, chosen

    def _lost(self, count: Number) -> tuple[Number, Note]:
        if self.yearly is None:
            under = largest(0, as_number(self.norm) - count)
            lost = under * self.below.each
            parameters = {"count": count, "norm": self.norm, "under": under, "lost": lost}
            return lost, Note(COUNT_BELOW, parameters)
        norm = as_number(self.yearly.norm)
        under = Sum(tuple(largest(0, norm - year.number) for year in self.yearly.counts))
        lost = under * self.yearly.each
        return lost, Note(YEARLY_SHORT, {"norm": self.yearly.norm, "under": under, "lost": lost})


@frozen(eq=False, kw_only=True)
class Case:
    """Points for a case."""

    when: Condition
    points: Fraction


@kind(SCORINGS, "cases")
@frozen(eq=False, kw_only=True)
class Cases(Scoring):
    """The points of the first case that holds."""

    cases: tuple[Case, ...]
    otherwise: Fraction

    def points(self) -> Number:
        """See `Scoring`."""
        points = _with_note(self.otherwise, CASE_POINTS)
        for case in reversed(self.cases):
            points = Choose(case.when.truth, _with_note(case.points, CASE_POINTS), points)
        return points


@kind(SCORINGS, "deduct")
@frozen(eq=False, kw_only=True)
class Deduct(Scoring):
    """Another rule's points, less so many for each fault, down to the floor.

    The floor is a number, or `"band"`: the least points of the band that applies.
    """

    start: Scoring
    each: Fraction
    faults: Quantity
    floor_at: Fraction | Literal["band"] = field(metadata={"key": "floor"})

    def points(self) -> Number:
        """See `Scoring`."""
        start, faults = self.start.points(), self.faults.number
        floor = self.start.floor() if isinstance(self.floor_at, str) else as_number(self.floor_at)
        net = largest(floor, start - faults * self.each)
        parameters = {"start": start, "faults": faults, "each": self.each, "points": net}
        return Choose(faults > 0, Explained(net, Note(DEDUCTED, parameters)), net)


@frozen(eq=False, kw_only=True)
class BonusItem:
    """Points for one thing, paid once."""

    when: Condition
    points: Fraction
    label: Text | None = None


@kind(SCORINGS, "bonus")
@frozen(eq=False, kw_only=True)
class Bonus(Scoring):
    """Points for each item that holds, none counted twice, up to the cap."""

    items: Mapping[str, BonusItem]
    cap: Fraction | None = None

    def points(self) -> Number:
        """See `Scoring`."""
        paid = []
        for item in self.items.values():
            parameters = {"label": item.label or item.when.label, "points": item.points}
            points = Explained(Constant(item.points), Note(BONUS_ITEM, parameters))
            paid.append(Choose(item.when.bare, points, Constant(0)))
        return _capped(paid, self.cap)


@kind(SCORINGS, "sum")
@frozen(eq=False, kw_only=True)
class SumOfRules(Scoring):
    """The points of several rules, from the floor to the cap."""

    of: tuple[Scoring, ...]
    floor_at: Fraction | None = field(default=None, metadata={"key": "floor"})
    cap: Fraction | None = None

    def points(self) -> Number:
        """See `Scoring`."""
        total = _capped([rule.points() for rule in self.of], self.cap)
        return total if self.floor_at is None else largest(self.floor_at, total)


@kind(SCORINGS, "points")
@frozen(eq=False, kw_only=True)
class Fixed(Scoring):
    """Always the same points."""

    fixed: Fraction = field(metadata={"key": "points"})

    def points(self) -> Number:
        """See `Scoring`."""
        return _with_note(self.fixed, FIXED_POINTS)


def _with_note(points: Fraction, text: Message) -> Number:
    return Explained(Constant(points), Note(text, {"points": points}))


def _capped(parts: Iterable[Number], cap: Fraction | None) -> Number:
    total = Sum(tuple(parts))
    if cap is None:
        return total
    note = Note(CAPPED, {"cap": cap})
    # The sum is capped outside the choice as well, so that ranges stay as narrow as they can be.
    return Choose(total > cap, Explained(smallest(total, cap), note), smallest(total, cap))
