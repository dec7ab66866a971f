"""Facts: the scalars that rules see, and the check that what is handed in fits them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import FactFlag, FactNumber, Maybe, Number, Range, Truth, Words
from studioflow.codec import (
    NOT_AN_IDENTIFIER,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    is_identifier,
    wrong,
)
from studioflow.text import Text, exact, message

__all__ = ["Fact", "FactType", "Known", "check_names", "known"]

FactType = Literal["count", "number", "flag", "choice", "mark", "confirmation", "date"]
Direction = Literal["more", "less", "neutral"]

OUT_OF_BOUNDS = message("out_of_bounds", zh="{low} 至 {high}", en="{low} to {high}")
OFF_STEP = message("off_step", zh="{step} 的整数倍", en="a multiple of {step}")
MORE_THAN_WHOLE = message(
    "more_than_whole", zh="不超过 {whole}（{limit}）", en="at most {whole}, which is {limit}"
)
FACT_DECLARATION = message(
    "fact_declaration", zh="{type} 类事实应有：{needs}", en="a fact of type {type} with {needs}"
)
BOUNDS_ORDER = message("bounds_order", zh="min 不大于 max", en="min not above max")

_NEEDS: Mapping[str, Text] = {
    "count": Text("整数", "a whole number"),
    "number": Text("精确的数（Decimal 或 Fraction，不用 float）", "an exact number, not a float"),
    "mark": Text("精确的分数（Decimal 或 Fraction，不用 float）", "exact points, not a float"),
    "flag": Text("true 或 false", "true or false"),
    "confirmation": Text("true 或 false", "true or false"),
    "choice": Text("文字", "text"),
    "date": Text("日期", "a date"),
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

    def __attrs_post_init__(self) -> None:
        needs = None
        if self.type in {"count", "number"} and self.unit is None:
            needs = "unit"
        elif self.type == "choice" and not self.values:
            needs = "values"
        elif self.type in {"mark", "confirmation"} and not self.supplied_by:
            needs = "from"
        elif self.type in {"mark", "number"} and (self.step is None or self.step <= 0):
            needs = "step > 0"
        if needs:
            raise wrong(FACT_DECLARATION, self.label.en, type=self.type, needs=needs)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise wrong(BOUNDS_ORDER, f"{self.low}, {self.high}")

    @property
    def numeric(self) -> bool:
        """Whether rules can compute with it."""
        return self.type in {"count", "number", "mark", "date"}

    @property
    def judged(self) -> bool:
        """Whether a person gives it: a mark or a confirmation."""
        return self.type in {"mark", "confirmation"}

    @property
    def denominator(self) -> int:
        """What makes every value whole."""
        return self.step.denominator if self.step is not None else 1

    def number(self) -> Number:
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

    def units(self, value: object) -> int | bool | str:
        """Check a value and return it as the algebra has it.

        Raises:
            InputError: for another type, outside the bounds, or off the step. Nothing is coerced.
        """
        match self.type:
            case "flag" | "confirmation" if type(value) is bool:
                return value
            case "choice" if isinstance(value, str):
                if value not in self.values:
                    raise wrong(UNKNOWN_NAME, value, known=self.values)
                return value
            case "date" if type(value) is date:
                return value.toordinal()
            case "count" if type(value) is int:
                return self._bounded(Fraction(value))
            case "number" | "mark" if type(value) is int or (
                isinstance(value, Fraction | Decimal) and _finite(value)
            ):
                return self._bounded(Fraction(value))
        raise wrong(WRONG_TYPE, value, type=_NEEDS[self.type])

    def _bounded(self, value: Fraction) -> int:
        above = self.high is not None and value > self.high
        if above or (self.low is not None and value < self.low):
            bounds = {
                "low": "-∞" if self.low is None else exact(self.low),
                "high": "∞" if self.high is None else exact(self.high),
            }
            raise wrong(OUT_OF_BOUNDS, exact(value), **bounds)
        if self.step is not None and (value / self.step).denominator != 1:
            raise wrong(OFF_STEP, exact(value), step=self.step)
        return int(value * self.denominator)

    def value(self, units: int | bool | str) -> object:
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
        if not self.numeric:
            return Maybe(None, hangs_on)
        low = -inf if self.low is None else int(self.low * self.denominator)
        high = inf if self.high is None else int(self.high * self.denominator)
        return Range(low, high, hangs_on)


def _finite(value: Fraction | Decimal) -> bool:
    return isinstance(value, Fraction) or value.is_finite()


def check_names(facts: Mapping[str, Fact]) -> None:
    """Check that names are plain identifiers and that `at_most` names a fact.

    Raises:
        InputError: with every problem.
    """
    collector = Collector()
    for name, fact in facts.items():
        with collector.under(name):
            if not is_identifier(name):
                raise wrong(NOT_AN_IDENTIFIER, name)
            if fact.at_most is not None:
                comparable = {n for n, f in facts.items() if f.type == fact.type and f.numeric}
                with collector.under("at_most"):
                    if fact.at_most not in comparable - {name}:
                        raise wrong(UNKNOWN_NAME, fact.at_most, known=comparable - {name})
    collector.finish()


@frozen
class Known:
    """Facts that were checked, ready for the algebra.

    Attributes:
        values: what was handed in, by name; a fact that is not known is absent.
        units: the same as the algebra has it.
        ranges: every declared fact: as known, or as what it can still be.
    """

    values: Mapping[str, object]
    units: Mapping[str, int | bool | str]
    ranges: Mapping[str, Range | Maybe | Words]


def known(facts: Mapping[str, Fact], values: Mapping[str, object]) -> Known:
    """Check values against the declared facts; None and a missing name mean "not known yet".

    Raises:
        InputError: with every unknown name, wrong type, value out of bounds or off its step, and
            part that exceeds its whole.
    """
    collector = Collector()
    units: dict[str, int | bool | str] = {}
    given: dict[str, object] = {}
    for name, value in values.items():
        with collector.under(name):
            if name not in facts:
                raise wrong(UNKNOWN_NAME, name, known=facts)
            if value is not None:
                units[name] = facts[name].units(value)
                given[name] = value
    for name, fact in facts.items():
        whole = fact.at_most
        if whole in units and name in units and units[name] > units[whole]:  # type: ignore[operator] # numbers
            with collector.under(name):
                raise wrong(MORE_THAN_WHOLE, given[name], whole=whole, limit=given[whole])
    collector.finish()
    return Known(given, units, _ranges(facts, units))


def _ranges(
    facts: Mapping[str, Fact], units: Mapping[str, int | bool | str]
) -> dict[str, Range | Maybe | Words]:
    ranges: dict[str, Range | Maybe | Words] = {}
    for name, fact in facts.items():
        if name not in units:
            ranges[name] = fact.unknown()
        elif fact.type == "choice":
            ranges[name] = Words(frozenset({str(units[name])}))
        elif fact.numeric:
            ranges[name] = Range(int(units[name]), int(units[name]))
        else:
            ranges[name] = Maybe(bool(units[name]))
    # A part that is known bounds its whole from below, a whole its parts from above.
    for name, fact in facts.items():
        part = ranges[name]
        whole = ranges.get(fact.at_most) if fact.at_most else None
        if isinstance(part, Range) and isinstance(whole, Range) and fact.at_most:
            ranges[fact.at_most] = whole._replace(low=max(whole.low, part.low))
    for name, fact in facts.items():
        part = ranges[name]
        whole = ranges.get(fact.at_most) if fact.at_most else None
        if isinstance(part, Range) and isinstance(whole, Range):
            ranges[name] = part._replace(high=min(part.high, whole.high))
    return ranges
