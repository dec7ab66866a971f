"""Facts: the scalars that rules see, and the check that what is handed in fits them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor, inf, isinf
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import FactFlag, FactNumber, Maybe, Range, Truth, Words, unknown
from studioflow.codec import (
    NOT_AN_IDENTIFIER,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    exact_number,
    is_identifier,
    wrong,
)
from studioflow.text import Text, exact, message

__all__ = ["Fact", "FactType", "Known", "check_limits", "check_names", "known"]

FactType = Literal["count", "number", "flag", "choice", "mark", "confirmation", "date"]
Direction = Literal["more", "less", "neutral"]
Units = int | bool | str
"""A value as the algebra has it: whole units of the fact's denominator, a truth, a word."""

OUT_OF_BOUNDS = message("out_of_bounds", zh="{low} 至 {high}", en="{low} to {high}")
OFF_STEP = message("off_step", zh="{step} 的整数倍", en="a multiple of {step}")
MORE_THAN_WHOLE = message(
    "more_than_whole", zh="不超过 {whole}（{limit}）", en="at most {whole} ({limit})"
)
LESS_THAN_PART = message(
    "less_than_part", zh="不少于 {part}（{limit}）", en="at least {part} ({limit})"
)
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
STEP_POSITIVE = message("step_positive", zh="大于0的步长", en="a step above 0")
BOUNDS_ORDER = message("bounds_order", zh="min 不大于 max", en="min not above max")

_NEEDS: Mapping[str, Text] = {
    "count": Text("整数", "a whole number"),
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
        collector = Collector()
        for needs in self._lacks():
            with collector.under():
                raise wrong(FACT_DECLARATION, self.label.en, type=self.type, needs=needs)
        for key, value in self._unused().items():
            with collector.under(key):
                raise wrong(KEY_UNUSED, value, type=self.type, key=key)
        if self.step is not None and self._has_no_use_for(self.step):
            with collector.under("step"):
                raise wrong(STEP_UNUSED, self.step, type=self.type)
        elif self.type in {"count", "number", "mark"}:
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
        if not self.numeric and self.low != 0:
            unused["min"] = "none" if self.low is None else self.low
        if not self.numeric and self.high is not None:
            unused["max"] = self.high
        if self.type not in {"count", "number", "mark"} and self.unit is not None:
            unused["unit"] = self.unit.en
        if self.type != "choice" and self.values:
            unused["values"] = ", ".join(self.values)
        return unused

    def _has_no_use_for(self, step: Fraction) -> bool:
        fractional = self.type == "count" and step.denominator != 1
        return fractional or self.type not in {"count", "number", "mark"}

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
                return self._bounded(exact_number(value))
            case "number" | "mark":
                return self._bounded(exact_number(value))
        raise wrong(WRONG_TYPE, value, type=_NEEDS[self.type])

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
        if not self.numeric:
            return Maybe(None, hangs_on)
        return unknown(self.number())


def check_limits(
    low: Fraction = Fraction(0), high: Fraction | None = None, /, **values: Fraction | None
) -> None:
    """Check that the values of a rule, by key, are from `low` to `high`, both included.

    Raises:
        InputError: with every value outside.
    """
    collector = Collector()
    for key, value in values.items():
        with collector.under(key):
            if value is not None and (value < low or (high is not None and value > high)):
                top = "∞" if high is None else exact(high)
                raise wrong(OUT_OF_BOUNDS, value, low=exact(low), high=top)
    collector.finish()


def check_names(facts: Mapping[str, Fact]) -> None:
    """Check that names are plain identifiers, `at_most` names a fact, and bounds leave room.

    Raises:
        InputError: with every problem.
    """
    collector = Collector()
    comparable: dict[str, set[str]] = {}
    for name, fact in facts.items():
        if fact.numeric:
            comparable.setdefault(fact.type, set()).add(name)
    for name, fact in facts.items():
        with collector.under(name):
            if not is_identifier(name):
                raise wrong(NOT_AN_IDENTIFIER, name)
            if fact.at_most is not None:
                with collector.under(name, "at_most"):
                    wholes = comparable.get(fact.type, set())
                    if fact.at_most == name or fact.at_most not in wholes:
                        raise wrong(UNKNOWN_NAME, fact.at_most, known=wholes - {name})
    collector.finish()
    known(facts, {})


@frozen
class Known:
    """Facts that were checked, ready for the algebra.

    Attributes:
        values: what was handed in, by name; a fact that is not known is absent.
        units: the same as the algebra has it.
        ranges: every declared fact: as known, or as what it can still be.
    """

    values: Mapping[str, object]
    units: Mapping[str, Units]
    ranges: Mapping[str, Range | Maybe | Words]


def known(facts: Mapping[str, Fact], values: Mapping[str, object]) -> Known:
    """Check values against the declared facts; None and a missing name mean "not known yet".

    Raises:
        InputError: with every unknown name, wrong type, value out of bounds or off its step, and
            part that exceeds its whole.
    """
    collector = Collector()
    units: dict[str, Units] = {}
    given: dict[str, object] = {}
    for name, value in values.items():
        with collector.under(name):
            if name not in facts:
                raise wrong(UNKNOWN_NAME, name, known=facts)
            if value is not None:
                units[name] = facts[name].units(value)
                given[name] = value
    ranges = {name: _range(fact, units.get(name)) for name, fact in facts.items()}
    numbers = _narrowed(facts, ranges)
    for name, whole in _parts(facts, numbers):
        part, limit = numbers[name].low, numbers[whole].high
        if _scaled(part, facts[name], facts[whole], ceil) <= limit:
            continue
        least, most = facts[name].value(int(part)), facts[whole].value(int(limit))
        at_whole = whole in given and name not in given
        with collector.under(whole if at_whole else name):
            if at_whole:
                raise wrong(LESS_THAN_PART, given[whole], part=name, limit=least)
            raise wrong(MORE_THAN_WHOLE, given.get(name, least), whole=whole, limit=most)
    collector.finish()
    return Known(given, units, {**ranges, **numbers})


def _range(fact: Fact, units: Units | None) -> Range | Maybe | Words:
    match units:
        case None:
            return fact.unknown()
        case bool():
            return Maybe(units)
        case int():
            return Range(units, units)
        case str():
            return Words(frozenset({units}))


def _parts(facts: Mapping[str, Fact], numbers: Mapping[str, Range]) -> list[tuple[str, str]]:
    """Return the names of every part and its whole."""
    return [
        (name, fact.at_most)
        for name, fact in facts.items()
        if fact.at_most is not None and {name, fact.at_most} <= numbers.keys()
    ]


def _narrowed(
    facts: Mapping[str, Fact], ranges: Mapping[str, Range | Maybe | Words]
) -> dict[str, Range]:
    """Let a part bound its whole from below, and a whole its parts from above."""
    numbers = {name: number for name, number in ranges.items() if isinstance(number, Range)}
    parts = _from_parts_up(_parts(facts, numbers))
    for _ in parts:  # in this order one round is enough, unless parts go round in a circle
        before = dict(numbers)
        for name, whole in parts:
            least = _scaled(numbers[name].low, facts[name], facts[whole], ceil)
            numbers[whole] = numbers[whole]._replace(low=max(numbers[whole].low, least))
        for name, whole in reversed(parts):
            most = _scaled(numbers[whole].high, facts[whole], facts[name], floor)
            numbers[name] = numbers[name]._replace(high=min(numbers[name].high, most))
        if numbers == before:
            break
    return numbers


def _from_parts_up(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort parts with their wholes: what is both comes as a whole first."""
    wholes = dict(parts)
    seen: set[str] = set()
    chains: list[list[tuple[str, str]]] = []
    for start in wholes:
        chain, name = [], start
        while name in wholes and name not in seen:
            seen.add(name)
            chain.append((name, wholes[name]))
            name = wholes[name]
        chains.append(chain)
    # A chain ends where an earlier one went on, and so comes before it.
    return [pair for chain in reversed(chains) for pair in chain]


def _scaled(units: float, fact: Fact, other: Fact, to_whole: Callable[[Fraction], int]) -> float:
    """Return units of one fact in units of another, whose step may be finer or coarser."""
    if isinf(units) or fact.denominator == other.denominator:
        return units
    return to_whole(Fraction(int(units) * other.denominator, fact.denominator))
