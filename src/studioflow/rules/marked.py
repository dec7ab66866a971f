"""The kind `marked`: points that an assessor chooses inside the band that applies."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import (
    Certain,
    Choose,
    Constant,
    Explained,
    Listed,
    Note,
    Number,
    Required,
    Truth,
    Within,
    unexplained,
)
from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.rules.capping import capped
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import ALWAYS, Condition, Scoring, all_defined, scoring_kind
from studioflow.text import Text, exact, message

__all__ = ["Band", "Marked"]

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
BANDS_NEEDED = message("bands_needed", zh="至少一档", en="at least one band")
BAND_ORDER = message(
    "band_order",
    zh="从高到低、互不重叠的档",
    en="bands from the best down that do not overlap, each with from not above to",
)
BANDS_ONE_WAY = message(
    "bands_one_way",
    zh="各档要么都用 when，要么都不用；用 when 的不用 needs",
    en="when on every band, or on none, and no needs beside it",
)
MARKED = message("marked", zh="评{mark}分", en="marked {mark}")
MARK_FROM_ZERO = message(
    "mark_from_zero",
    zh="min 不大于0的 mark 类事实：没有可计分的档时评0分",
    en="a mark whose min is not above 0, which is what is marked where no points are due",
)
_MARK = Text("mark 类事实", "a mark")


@frozen(eq=False, kw_only=True)
class Band:
    """A span of points, both ends included, and what it hangs on."""

    low: Fraction = field(metadata={"key": "from"})
    high: Fraction = field(metadata={"key": "to"})
    when: Condition | None = None
    needs: Condition | None = None
    text: Text | None = None


@scoring_kind("marked")
@frozen(eq=False, kw_only=True)
class Marked(Scoring):
    """Points that an assessor chooses inside the band that applies.

    With `when` the facts decide the band, and where one of them is not defined (a share of nothing)
    the item gives 0; otherwise the assessor does, among those whose `needs`
    hold. A mark that fits no band is refused, never moved. Without bands any mark stands as it is.

    Attributes:
        gap: whether a mark between two bands is refused or belongs to the lower one.
        below: whether the item gives 0 where no band applies, or the assessor marks from 0 up.
        cap: the most points that count.
    """

    mark: Fact
    bands_or_none: Mapping[str, Band] | None = field(default=None, metadata={"key": "bands"})
    gap: Literal["reject", "lower_band"] = "reject"
    below: Literal["zero", "open_band"] = "zero"
    cap: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under("mark"):
            check_mark(self.mark, from_zero=self.bands_or_none is not None)
        for name, band in self.bands.items() if self.mark.type == "mark" else ():
            for key, end in (("from", band.low), ("to", band.high)):
                with collector.under("bands", name, key):
                    self.mark.units(end)
        with collector.under("bands"):
            if self.bands_or_none is not None or (self.gap, self.below) != ("reject", "zero"):
                _check_bands(list(self.bands.values()))
        collector.finish()

    @property
    def bands(self) -> Mapping[str, Band]:
        """The bands, best first."""
        return self.bands_or_none or {}

    def points(self) -> Number:
        """See `Scoring`."""
        mark = self.mark.number()
        if not self.bands:
            return capped(Explained(mark, Note(MARKED, {"mark": mark})), self.cap)
        points = self._below(mark)
        for name, band, top in reversed(self._reaches()):
            points = Choose(self._applies(mark, band), self._in_band(mark, name, top), points)
        defined = all_defined(band.when for band in self.bands.values() if band.when)
        if defined is not ALWAYS:
            points = Choose(defined, points, self._nothing(mark, "0"))
        return capped(points, self.cap)

    def floor(self) -> Number:
        """See `Scoring`."""
        mark = self.mark.number()
        floor: Number = Constant(0)
        for band in reversed(list(self.bands.values())):
            applies = unexplained(self._applies(mark, band))
            floor = Choose(applies, Constant(band.low), floor)
        return floor

    def _applies(self, mark: Number, band: Band) -> Truth:
        return band.when.truth if band.when else _open(band) & (mark >= band.low)

    def _in_band(self, mark: Number, name: str, top: Fraction) -> Number:
        band = self.bands[name]
        parameters = {"mark": mark, "band": name, "low": band.low, "high": band.high}
        shown = self._open_spans() if band.when is None else _span(band.low, top)
        refusal = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": shown})
        return Explained(
            Within(mark, low=band.low, high=top, refusal=refusal), Note(MARK_IN_BAND, parameters)
        )

    def _below(self, mark: Number) -> Number:
        """State what holds where no band applies."""
        decided = any(band.when for band in self.bands.values())
        span = self._span_below()
        refusal = Note(
            MARK_OUTSIDE_BANDS, {"got": mark, "bands": span if decided else self._open_spans()}
        )
        if self.below == "open_band":
            return Explained(
                Within(mark, low=0, high=self._top_below(), refusal=refusal),
                Note(MARK_BELOW_BANDS, {"mark": mark}),
            )
        if decided:
            return self._nothing(mark, span)
        return Explained(Within(mark, low=0, high=0, refusal=refusal), Note(NO_BAND))

    def _nothing(self, mark: Number, span: str) -> Number:
        # No mark is needed for nothing, so a missing one leaves nothing open.
        refusal = Note(MARK_OUTSIDE_BANDS, {"got": mark, "bands": span})
        return Explained(Required(Constant(0), mark.equals(0), refusal), Note(NO_BAND))

    @property
    def _step(self) -> Fraction:
        return self.mark.step or Fraction(1)

    def _reaches(self) -> list[tuple[str, Band, Fraction]]:
        """Return each band and up to where it reaches: over the gap, where the reading says so."""
        bands = list(self.bands.items())
        tops = [band.high for band in self.bands.values()]
        if self.gap == "lower_band":
            tops[1:] = [upper.low - self._step for _, upper in bands[:-1]]
        return [(name, band, top) for (name, band), top in zip(bands, tops, strict=True)]

    def _top_below(self) -> Fraction:
        """Return the most that can be marked below the bands: nothing, where one starts at 0."""
        lowest = min(band.low for band in self.bands.values())
        return max(Fraction(0), lowest - self._step)

    def _span_below(self) -> str:
        return "0" if self.below == "zero" else _span(Fraction(0), self._top_below())

    def _open_spans(self) -> Listed:
        """List what may be marked: the bands that are open, and what is below them."""
        spans = [(_span(band.low, top), _open(band)) for _, band, top in self._reaches()]
        return Listed((*spans, (self._span_below(), Certain(value=True))))


def check_mark(fact: Fact, *, from_zero: bool = True) -> None:
    """Check that a fact is a mark, and that it can be 0 where that is marked for nothing.

    Raises:
        InputError: if it is not.
    """
    if fact.type != "mark":
        raise wrong(WRONG_TYPE, fact.name, type=_MARK)
    if from_zero and fact.low is not None and fact.low > 0:
        raise wrong(MARK_FROM_ZERO, fact.low)


def _check_bands(bands: list[Band]) -> None:
    if not bands:
        raise wrong(BANDS_NEEDED, "{}")
    shown = ", ".join(_span(band.low, band.high) for band in bands)
    if any(band.low > band.high for band in bands) or any(
        upper.low <= lower.high for upper, lower in pairwise(bands)
    ):
        raise wrong(BAND_ORDER, shown)
    if len({band.when is None for band in bands}) > 1 or any(
        band.when and band.needs for band in bands
    ):
        raise wrong(BANDS_ONE_WAY, shown)


def _open(band: Band) -> Truth:
    return band.needs.truth if band.needs else Certain(value=True)


def _span(low: Fraction, high: Fraction) -> str:
    return exact(low) if low == high else f"{exact(low)}–{exact(high)}"
