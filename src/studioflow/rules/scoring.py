"""The other kinds of scoring rule: cases, deductions, bonuses, sums, fixed points."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import (
    Choose,
    Constant,
    Explained,
    Note,
    Number,
    Sum,
    as_number,
    bounds,
    largest,
    smallest,
)
from studioflow.codec import MISSING_KEY, UNKNOWN_KEY, wrong
from studioflow.rules.capping import capped
from studioflow.rules.kinds import Condition, Quantity, Scoring, scoring_kind, where_defined
from studioflow.rules.limits import check_limits
from studioflow.rules.wording import measure_word
from studioflow.text import Message, Text, message

__all__ = [
    "Bonus",
    "BonusItem",
    "Case",
    "Cases",
    "Deduct",
    "Fault",
    "Faults",
    "Fixed",
    "SumOfRules",
]

CASE_POINTS = message("case_points", zh="计{points}分", en="{points} points")
DEDUCTED = message(
    "deducted",
    zh="{start}分，扣{faults}{unit}、每{unit}{each}分，得{points}分",
    en="{start} less {faults}{unit} times {each} is {points}",
)
HELD_AT_FLOOR = message(
    "held_at_floor",
    zh="{floor}分以下不扣，得{points}分",
    en="nothing is taken off below {floor}: {points}",
)
FAULT = message(
    "fault",
    zh="{label}{faults}{unit}、每{unit}{each}分，扣{lost}分",
    en="{label}: {faults}{unit} at {each} each, minus {lost}",
)
FAULTS_NEEDED = message("faults_needed", zh="至少一种扣分情形", en="at least one sort of fault")
TAKEN_OFF = message(
    "taken_off", zh="从{start}分扣起，得{points}分", en="taken off {start}, which leaves {points}"
)
BONUS_ITEM = message("bonus_item", zh="{label}：加{points}分", en="{label}: {points} more")
FIXED_POINTS = message("fixed_points", zh="{points}分", en="{points} points")


@frozen(eq=False, kw_only=True)
class Case:
    """What gives the points in a case."""

    when: Condition
    points: Scoring


@scoring_kind("cases")
@frozen(eq=False, kw_only=True)
class Cases(Scoring):
    """The points of the first case that holds: a number, or what another rule gives."""

    cases: tuple[Case, ...]
    otherwise: Scoring

    def points(self) -> Number:
        """See `Scoring`."""
        points = _of_case(self.otherwise)
        for case in reversed(self.cases):
            points = Choose(case.when.truth, _of_case(case.points), points)
        return points

    def floor(self) -> Number:
        """See `Scoring`."""
        floor = self.otherwise.floor()
        floors = [floor, *(case.points.floor() for case in self.cases)]
        if all(isinstance(each, Constant) and not each.value for each in floors):
            return floor  # no case has bands
        for case in reversed(self.cases):
            floor = Choose(case.when.bare, case.points.floor(), floor)
        return floor


@frozen(eq=False, kw_only=True)
class Fault:
    """One sort of fault, and what each of them costs; None where the rule says it for all."""

    of: Quantity
    each: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        check_limits(each=self.each)

    @property
    def count(self) -> Number:
        """How many there are; fewer than none gives nothing back."""
        number = self.of.number
        return number if bounds(number).low >= 0 else largest(0, number)


Faults = tuple[Fault, ...]
"""In a file: a quantity, or a list of tables with `of` and `each`."""


@scoring_kind("deduct")
@frozen(eq=False, kw_only=True)
class Deduct(Scoring):
    """Another rule's points, less so many for each fault, down to the floor.

    Several sorts of fault have their own prices. The floor is a number, or `"band"`: the least
    points of the band that applies. It holds deductions up and never lifts what was below it.
    """

    start: Scoring
    each: Fraction | None = None
    faults: Faults
    floor_at: Fraction | Literal["band"] = field(metadata={"key": "floor"})

    def __attrs_post_init__(self) -> None:
        check_limits(each=self.each)
        if not self.faults:
            raise wrong(FAULTS_NEEDED, "faults = []")
        if self.each is None and any(fault.each is None for fault in self.faults):
            raise wrong(MISSING_KEY, "faults", key="each")
        if self.each is not None and any(fault.each is not None for fault in self.faults):
            raise wrong(UNKNOWN_KEY, "each", known=("start", "faults", "floor"))

    def points(self) -> Number:
        """See `Scoring`."""
        start = self.start.points()
        several = self.each is None
        faults = Sum(tuple(fault.count for fault in self.faults))
        lost = Sum(tuple(self._lost(fault, told=several) for fault in self.faults))
        less = start - lost
        floor = self.start.floor() if self.floor_at == "band" else as_number(self.floor_at)
        net = Choose(start >= floor, largest(floor, less), smallest(start, floor))
        parameters: dict[str, object] = {"start": start, "points": less}
        if not several:
            unit = measure_word(self.faults[0].of.unit)
            parameters |= {"faults": faults, "unit": unit, "each": self.each}
        deducted = Explained(net, Note(TAKEN_OFF if several else DEDUCTED, parameters))
        held = Explained(deducted, Note(HELD_AT_FLOOR, {"floor": floor, "points": net}))
        points = Choose(faults > 0, Choose(less < floor, held, deducted), net)
        return where_defined(points, [fault.of for fault in self.faults])

    def floor(self) -> Number:
        """See `Scoring`."""
        return self.start.floor()

    def _lost(self, fault: Fault, *, told: bool) -> Number:
        """State what one sort of fault costs, with its reason where there are several."""
        count, each = fault.count, self.each if fault.each is None else fault.each
        lost = count * (each or 0)
        if not told:
            return lost
        parameters = {
            "label": fault.of.label,
            "faults": count,
            "unit": measure_word(fault.of.unit),
            "each": each,
            "lost": lost,
        }
        return Choose(count > 0, Explained(lost, Note(FAULT, parameters)), Constant(0))


@frozen(eq=False, kw_only=True)
class BonusItem:
    """Points for one thing, paid once."""

    when: Condition
    points: Fraction
    label: Text | None = None

    def __attrs_post_init__(self) -> None:
        check_limits(points=self.points)


@scoring_kind("bonus")
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
            paid.append(Choose(item.when.truth, points, Constant(0)))
        return capped(Sum(tuple(paid)), self.cap)


@scoring_kind("sum")
@frozen(eq=False, kw_only=True)
class SumOfRules(Scoring):
    """The points of several rules, from the floor to the cap."""

    of: tuple[Scoring, ...]
    floor_at: Fraction | None = field(default=None, metadata={"key": "floor"})
    cap: Fraction | None = None

    def points(self) -> Number:
        """See `Scoring`."""
        total = capped(Sum(tuple(rule.points() for rule in self.of)), self.cap)
        return total if self.floor_at is None else largest(self.floor_at, total)

    def floor(self) -> Number:
        """See `Scoring`."""
        return Sum(tuple(rule.floor() for rule in self.of))


@scoring_kind("points")
@frozen(eq=False, kw_only=True)
class Fixed(Scoring):
    """Always the same points."""

    fixed: Fraction = field(metadata={"key": "points"})

    def points(self) -> Number:
        """See `Scoring`."""
        return _with_note(self.fixed, FIXED_POINTS)


def _of_case(rule: Scoring) -> Number:
    return _with_note(rule.fixed, CASE_POINTS) if isinstance(rule, Fixed) else rule.points()


def _with_note(points: Fraction, text: Message) -> Number:
    return Explained(Constant(points), Note(text, {"points": points}))
