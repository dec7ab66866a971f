"""The rubric: gates, criteria in sections, grades, and how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import isinf
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

from attrs import field, frozen

from studioflow.algebra import (
    FactNumber,
    Interpreter,
    Maybe,
    Number,
    Numbers,
    Range,
    Ranges,
    Remark,
    Sum,
    Truth,
    Words,
    bounds,
    exempted,
    names,
    smallest,
)
from studioflow.rules import Condition, Fact, Scoring
from studioflow.text import Text

__all__ = ["Criterion", "Gate", "Grade", "Plan", "Rubric", "Section", "Units"]

Units = Mapping[str, int | bool | str]
Ranged = Mapping[str, Range | Maybe | Words]
V = TypeVar("V")
R = TypeVar("R")
T = TypeVar("T")


@frozen(eq=False, kw_only=True)
class Section:
    """A heading of the rubric; `cap` is the most points that it can give."""

    label: Text
    cap: Fraction | None = None
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Criterion:
    """One item that gives points.

    Attributes:
        section: the id of its section.
        max: the most points, as printed; None for an open-ended sum.
        basis: what the assessors look at (考核依据).
        indicator: the indicator that it stands under.
        heading: the points its own heading names, where they differ from `max`.
    """

    section: str
    label: Text
    max: Fraction | None
    rule: Scoring = field(metadata={"rest": True})
    basis: Text | None = None
    indicator: Text | None = None
    heading: Fraction | None = None
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Gate:
    """What has to hold whatever the points are; `project` is the heading that it stands under."""

    label: Text
    condition: Condition = field(metadata={"rest": True})
    project: Text | None = None
    basis: Text | None = None
    indicator: Text | None = None
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Grade:
    """A grade by total points; best first in the rubric.

    Attributes:
        at_least: the points that it takes, included; None where a decision takes their place.
        otherwise: the grade of those who reach no other.
    """

    label: Text
    at_least: Fraction | None = None
    otherwise: bool = False
    clause: str | None = None


@frozen(eq=False)
class Plan(Generic[V, R]):
    """A term compiled for numbers and for ranges, once for every sheet.

    Attributes:
        names: the facts that can change it.
        denominator: what its units are parts of; 1 for truths.
    """

    names: frozenset[str]
    denominator: int
    numbers: Callable[[Units, list[Remark]], V]
    ranges: Callable[[Ranged, list[Remark]], R]


def _number_plan(term: Number) -> Plan[int, Range]:
    return Plan(
        names(term),
        term.denominator,
        Interpreter(Numbers()).number(term),
        Interpreter(Ranges()).number(term),
    )


def _truth_plan(term: Truth) -> Plan[bool, Maybe]:
    return Plan(
        names(term), 1, Interpreter(Numbers()).truth(term), Interpreter(Ranges()).truth(term)
    )


@frozen(eq=False, kw_only=True)
class Rubric:
    """Facts, gates, criteria, sections and grades, by id in the order of the file.

    Attributes:
        judged: the mark or confirmation of each item that has one under any answer of any reading.
        on_gate_failure: whether points are shown or withheld while a gate is not met.
    """

    facts: Mapping[str, Fact]
    sections: Mapping[str, Section]
    criteria: Mapping[str, Criterion]
    gates: Mapping[str, Gate] = field(factory=dict)
    grades: Mapping[str, Grade] = field(factory=dict)
    judged: Mapping[str, str] = field(factory=dict)
    on_gate_failure: Literal["show", "withhold"] = "show"

    @cached_property
    def points(self) -> Mapping[str, Number]:
        """The term of every criterion."""
        return _sealed((name, item.rule.points()) for name, item in self.criteria.items())

    @cached_property
    def plans(self) -> Mapping[str, Plan[int, Range]]:
        """Every criterion, compiled."""
        return _sealed((name, _number_plan(term)) for name, term in self.points.items())

    def validity(self, name: str) -> frozenset[str]:
        """Return the marks of which a criterion asks whether they are valid."""
        return self._validity[name]

    def plan(self, name: str, exempt: frozenset[str]) -> Plan[int, Range]:
        """Return a criterion's plan in which any value of some marks is valid.

        Args:
            name: of the criterion.
            exempt: those of its `validity` that are not asked for now.
        """
        if not exempt:
            return self.plans[name]
        key = (name, exempt)
        if key not in self._exempted:
            self._exempted[key] = _number_plan(exempted(self.points[name], exempt))
        return self._exempted[key]

    @cached_property
    def _validity(self) -> Mapping[str, frozenset[str]]:
        judged = {name for name, fact in self.facts.items() if fact.judged}
        return _sealed(
            (name, frozenset(f for f in judged & names(term) if exempted(term, [f]) is not term))
            for name, term in self.points.items()
        )

    @cached_property
    def _exempted(self) -> dict[tuple[str, frozenset[str]], Plan[int, Range]]:
        return {}

    @cached_property
    def gate_plans(self) -> Mapping[str, Plan[bool, Maybe]]:
        """Every gate, compiled."""
        return _sealed(
            (name, _truth_plan(gate.condition.truth)) for name, gate in self.gates.items()
        )

    @cached_property
    def section_plans(self) -> Mapping[str, Plan[int, Range]]:
        """Every section over the results of its criteria, compiled."""
        return _sealed((name, _number_plan(term)) for name, term in self._section_terms.items())

    @cached_property
    def total_plan(self) -> Plan[int, Range]:
        """The total over the results of the sections, compiled."""
        return _number_plan(Sum(_results(self._section_terms)))

    @cached_property
    def judged_facts(self) -> Mapping[str, str]:
        """The mark or confirmation of each criterion and gate that has one.

        Also where the readings in force do not use it, so that a fact file stays right when
        another answer is chosen.
        """
        items = {*self.criteria, *self.gates}
        return _sealed(
            (item, fact)
            for item, fact in self.judged.items()
            if item in items and fact in self.facts
        )

    @cached_property
    def maxima(self) -> Mapping[str, Fraction | None]:
        """The most points of every section; None for an open-ended one."""
        maxima: dict[str, Fraction | None] = {}
        for name, section in self.sections.items():
            total = _sum_or_none([c.max for c in self.criteria.values() if c.section == name])
            limits = [limit for limit in (total, section.cap) if limit is not None]
            maxima[name] = min(limits, default=None)
        return _sealed(maxima.items())

    @property
    def maximum(self) -> Fraction | None:
        """The most points in all; None for an open-ended sum."""
        return _sum_or_none(list(self.maxima.values()))

    @property
    def denominator(self) -> int:
        """What the total's units are parts of."""
        return self.total_plan.denominator

    @cached_property
    def _section_terms(self) -> Mapping[str, Number]:
        terms: dict[str, Number] = {}
        for name, section in self.sections.items():
            own = {n: self.points[n] for n, c in self.criteria.items() if c.section == name}
            total: Number = Sum(_results(own))
            terms[name] = total if section.cap is None else smallest(total, section.cap)
        return terms


def _results(terms: Mapping[str, Number]) -> tuple[Number, ...]:
    """Return terms for results that were computed before, so that nothing is computed twice."""
    made = []
    for name, term in terms.items():
        least, most, _ = bounds(term)
        unit = term.denominator
        low = least if isinf(least) else Fraction(int(least), unit)
        high = most if isinf(most) else Fraction(int(most), unit)
        made.append(FactNumber(name, unit, low=low, high=high))
    return tuple(made)


def _sealed(items: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    return MappingProxyType(dict(items))


def _sum_or_none(parts: Sequence[Fraction | None]) -> Fraction | None:
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if len(known) == len(parts) else None
