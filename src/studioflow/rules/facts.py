"""Facts: the scalars that rules see, and the check that what is handed in fits them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import inf
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import FactFlag, FactNumber, Maybe, Range, Truth, Words, unknown
from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, exact_number, wrong
from studioflow.rules.limits import BOUNDS_ORDER, OUT_OF_BOUNDS, STEP_POSITIVE
from studioflow.rules.panel import Panel, Pool
from studioflow.text import Text, exact, message

__all__ = ["STEP_POSITIVE", "Fact", "FactType", "Units"]

FactType = Literal["count", "number", "flag", "choice", "mark", "confirmation", "date"]
Direction = Literal["more", "less", "neutral"]
Units = int | bool | str
"""A value as the algebra has it: whole units of the fact's denominator, a truth, a word."""

OFF_STEP = message("off_step", zh="{step} 的整数倍", en="a multiple of {step}")
FACT_DECLARATION = message(
    "fact_declaration", zh="{type} 类事实应有：{needs}", en="a fact of type {type} with {needs}"
)
KEY_UNUSED = message(
    "key_unused", zh="没有 {key} 的 {type} 类事实", en="a fact of type {type} without {key}"
)
STEP_UNUSED = message(
    "step_unused",
    zh="{type} 类事实：count 的步长是整数，number 与 mark 之外的其他类型没有步长",
    en="a fact of type {type} without a step; that of a count is a whole number",
)

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NEEDS: Mapping[str, Text] = {
    "count": Text("整数", "a whole number"),
    "flag": Text("true 或 false", "true or false"),
    "confirmation": Text("true 或 false", "true or false"),
    "choice": Text("文字", "text"),
    "date": Text("日期（如 2023-03-31）", "a date such as 2023-03-31"),
}


@frozen(kw_only=True)
class Fact:
    """The declaration of one fact.

    Attributes:
        name: a plain identifier.
        type: of its value; marks and confirmations are given by a person.
        unit: of counts and numbers (activities, people, yuan); marks are points.
        low, high: bounds, both included; None is unbounded.
        step: of which a value is a multiple.
        better: whether more of it is better.
        supplied_by: the roles that supply it, or may mark it.
        at_most: another fact that this one can not exceed.
        values: the words of a choice, with their labels.
        panel: how several people's marks become one; without it there is one mark.
    """

    type: FactType
    label: Text
    name: str = field(default="", metadata={"key": "name"})
    unit: Text | None = None
    low: Fraction | None = field(default=Fraction(0), metadata={"key": "min"})
    high: Fraction | None = field(default=None, metadata={"key": "max"})
    step: Fraction | None = None
    better: Direction = "neutral"
    supplied_by: tuple[str, ...] = field(default=(), metadata={"key": "from"})
    clause: str | None = None
    at_most: str | None = None
    values: Mapping[str, Text] = field(factory=dict)
    panel: Panel | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        for needs in self._lacks():
            with collector.under():
                raise wrong(FACT_DECLARATION, self.label.en, type=self.type, needs=needs)
        for key, value in self._unused().items():
            with collector.under(key):
                raise wrong(KEY_UNUSED, value, type=self.type, key=key)
        with collector.under("panel"):
            if self.panel is not None and self.judged:
                self.panel.check_for(self.type, self.supplied_by)
        if self.step is not None and self._has_no_use_for(self.step):
            with collector.under("step"):
                raise wrong(STEP_UNUSED, self.step, type=self.type)
        elif self.numeric:
            self._check_bounds(collector)
        collector.finish()

    def _lacks(self) -> list[str]:
        lacks = []
        if self.type in {"count", "number"} and self.unit is None:
            lacks.append("unit")
        if self.type == "choice" and not self.values:
            lacks.append("values")
        if self.judged and not self.supplied_by:
            lacks.append("from")
        if self.type in {"number", "mark"} and self.step is None:
            lacks.append("step")
        return lacks

    def _unused(self) -> dict[str, object]:
        """Return what is said, by key, that says nothing of a fact of this type."""
        unused: dict[str, object] = {}
        # A day has no least one: "none" says nothing else than leaving it out.
        unbounded = self.type == "date" and self.low is None
        if not self.numeric and self.low != 0 and not unbounded:
            unused["min"] = "none" if self.low is None else self.low
        if not self.numeric and self.high is not None:
            unused["max"] = self.high
        if not self.numeric and self.unit is not None:
            unused["unit"] = self.unit.en
        if self.type != "choice" and self.values:
            unused["values"] = ", ".join(self.values)
        if self.panel is not None and not self.judged:
            unused["panel"] = self.panel.way
        return unused

    def _has_no_use_for(self, step: Fraction) -> bool:
        fractional = self.type == "count" and step.denominator != 1
        return fractional or not self.numeric

    def _check_bounds(self, collector: Collector) -> None:
        step = Fraction(1) if self.step is None else self.step
        if step <= 0:
            with collector.under("step"):
                raise wrong(STEP_POSITIVE, step)
            return
        for key, bound in (("min", self.low), ("max", self.high)):
            with collector.under(key):
                # Off the step, a bound would be a value that the fact can not have.
                if bound is not None and (bound / step).denominator != 1:
                    raise wrong(OFF_STEP, bound, step=step)
        with collector.under():
            if self.low is not None and self.high is not None and self.low > self.high:
                raise wrong(BOUNDS_ORDER, f"{exact(self.low)}, {exact(self.high)}")

    @property
    def numeric(self) -> bool:
        """Whether its value is a number."""
        return self.type in {"count", "number", "mark"}

    @property
    def ordered(self) -> bool:
        """Whether its values can be compared: numbers, and days."""
        return self.numeric or self.type == "date"

    @property
    def judged(self) -> bool:
        """Whether a person gives it: a mark or a confirmation."""
        return self.type in {"mark", "confirmation"}

    @property
    def denominator(self) -> int:
        """What makes every value whole; what a panel makes of marks may lie between two steps."""
        whole = self.step.denominator if self.step is not None else 1
        return whole if self.panel is None else whole * self.panel.finer

    def number(self) -> FactNumber:
        """Return the term for the fact's number."""
        return FactNumber(
            self.name,
            self.denominator,
            low=-inf if self.low is None else self.low,
            high=inf if self.high is None else self.high,
        )

    def truth(self) -> Truth:
        """Return the term for the fact's truth."""
        return FactFlag(self.name)

    def units(self, value: object) -> Units:
        """Check a value and return it as the algebra has it.

        Where the fact has a panel, the value may be a `Pool`: each of its marks is checked, and
        what they become is exempt from the step.

        Raises:
            InputError: for another type, outside the bounds, or off the step. Nothing is coerced.
        """
        if isinstance(value, Pool) and self.panel is not None:
            return self._pooled(value, self.panel)
        return self._single(value)

    def _single(self, value: object) -> Units:
        match self.type:
            case "flag" | "confirmation" if type(value) is bool:
                return value
            case "choice" if isinstance(value, str):
                if value not in self.values:
                    raise wrong(UNKNOWN_NAME, value, known=self.values)
                return value
            case "date" if (day := _day(value)) is not None:
                return day.toordinal()
            case "count" if type(value) is int:
                return self._bounded(exact_number(value))
            case "number" | "mark":
                return self._bounded(exact_number(value))
        raise wrong(WRONG_TYPE, value, type=_NEEDS[self.type])

    def waits(self, pool: Pool) -> bool:
        """Return whether the panel wants more marks than these, so that nothing is known yet."""
        return self.panel is not None and self.panel.waits(pool)

    def check(self, pool: Pool) -> None:
        """Check each mark and that all fit together, whether or not the panel waits for more.

        Raises:
            InputError: with every mark that is no value of the fact; see `Panel.check`.
        """
        collector = Collector()
        for place, mark in enumerate(pool.marks):
            with collector.under("marks", place):
                self._single(mark)
        collector.finish()
        if self.panel is not None:
            self.panel.check(pool)

    def _pooled(self, pool: Pool, panel: Panel) -> int | bool:
        self.check(pool)
        one = panel.one(pool)
        return one if isinstance(one, bool) else int(one * self.denominator)

    def _bounded(self, value: Fraction) -> int:
        above = self.high is not None and value > self.high
        if above or (self.low is not None and value < self.low):
            low = "-∞" if self.low is None else exact(self.low)
            high = "∞" if self.high is None else exact(self.high)
            raise wrong(OUT_OF_BOUNDS, value, low=low, high=high)
        if self.step is not None and (value / self.step).denominator != 1:
            raise wrong(OFF_STEP, value, step=self.step)
        return int(value * self.denominator)

    def value(self, units: Units) -> object:
        """Return what `units` made of a value."""
        if self.type == "date":
            return date.fromordinal(int(units))
        if self.numeric and self.denominator != 1:
            return Fraction(int(units), self.denominator)
        return units

    def unknown(self) -> Range | Maybe | Words:
        """Return what the fact can be while it is not known."""
        hangs_on = frozenset({self.name})
        if self.type == "choice":
            return Words(frozenset(self.values), hangs_on)
        if not self.ordered:
            return Maybe(None, hangs_on)
        return unknown(self.number())


def _day(value: object) -> date | None:
    """Return a day, which in JSON is its ISO form."""
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if type(value) is date else None
