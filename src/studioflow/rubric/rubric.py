"""The rubric: its items, and what each of them is once it is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from attrs import field, frozen

from studioflow.algebra import All, Judged, Note, Number, Truth, exempted, names
from studioflow.rubric.items import Criterion, Deduction, Gate, Grade, Section, Settings
from studioflow.rubric.plan import NumberPlan, TruthPlan, number_plan, truth_plan
from studioflow.rubric.totals import TOTAL, Totals, item_points
from studioflow.rules import Fact
from studioflow.text import message

__all__ = ["Rubric"]

T = TypeVar("T")

GRADE_REACHED = message(
    "grade_reached", zh="总分{total}分，达到{at_least}分", en="{total} points, at least {at_least}"
)
GRADE_MISSED = message(
    "grade_missed", zh="总分{total}分，不到{at_least}分", en="{total} points, fewer than {at_least}"
)


@frozen(eq=False, kw_only=True)
class Rubric:
    """Facts, gates, criteria, sections, deductions and grades, by id in the order of the file.

    Attributes:
        judged: the mark or confirmation of each item that has one under any answer of any reading.
        settings: how the parts become the total.
    """

    facts: Mapping[str, Fact]
    sections: Mapping[str, Section]
    criteria: Mapping[str, Criterion]
    deductions: Mapping[str, Deduction] = field(factory=dict)
    gates: Mapping[str, Gate] = field(factory=dict)
    grades: Mapping[str, Grade] = field(factory=dict)
    judged: Mapping[str, str] = field(factory=dict)
    settings: Settings = field(factory=Settings)

    @cached_property
    def points(self) -> Mapping[str, Number]:
        """The term of every criterion and every deduction."""
        items: dict[str, Criterion | Deduction] = {**self.criteria, **self.deductions}
        return _sealed((name, item_points(item)) for name, item in items.items())

    @cached_property
    def plans(self) -> Mapping[str, NumberPlan]:
        """Every criterion and every deduction, compiled."""
        return _sealed((name, number_plan(term)) for name, term in self.points.items())

    def validity(self, name: str) -> frozenset[str]:
        """Return the marks of which an item asks whether they are valid."""
        return self._validity[name]

    def plan(self, name: str, exempt: frozenset[str]) -> NumberPlan:
        """Return an item's plan in which any value of some marks is valid.

        Args:
            name: of the criterion or deduction.
            exempt: those of its `validity` that are not asked for now.
        """
        if not exempt:
            return self.plans[name]
        key = (name, exempt)
        if key not in self._exempted:
            self._exempted[key] = number_plan(exempted(self.points[name], exempt))
        return self._exempted[key]

    @cached_property
    def _validity(self) -> Mapping[str, frozenset[str]]:
        judged = {name for name, fact in self.facts.items() if fact.judged}
        return _sealed(
            (name, frozenset(f for f in judged & names(term) if exempted(term, [f]) is not term))
            for name, term in self.points.items()
        )

    @cached_property
    def _exempted(self) -> dict[tuple[str, frozenset[str]], NumberPlan]:
        return {}

    @cached_property
    def gate_plans(self) -> Mapping[str, TruthPlan]:
        """Every gate, compiled."""
        return _sealed(
            (name, truth_plan(gate.condition.truth)) for name, gate in self.gates.items()
        )

    @cached_property
    def totals(self) -> Totals:
        """How the points of the items add up."""
        return Totals(
            facts=self.facts,
            sections=self.sections,
            criteria=self.criteria,
            points={name: self.points[name] for name in self.criteria},
            deductions={name: self.points[name] for name in self.deductions},
            settings=self.settings,
        )

    @cached_property
    def section_plans(self) -> Mapping[str, NumberPlan]:
        """Every section over the results of what is in it, compiled; the innermost first."""
        return _sealed(
            (name, number_plan(term)) for name, term in self.totals.section_terms.items()
        )

    @cached_property
    def total_plan(self) -> NumberPlan:
        """The total over the results of the sections, compiled."""
        return number_plan(self.totals.total)

    @cached_property
    def grade_terms(self) -> Mapping[str, Truth]:
        """The term of every grade that points and facts decide, over facts and results."""
        return _sealed(
            (name, self._grade_truth(grade))
            for name, grade in self.grades.items()
            if grade.computed
        )

    @cached_property
    def grade_plans(self) -> Mapping[str, TruthPlan]:
        """Every grade that points and facts decide, compiled."""
        return _sealed((name, truth_plan(term)) for name, term in self.grade_terms.items())

    @cached_property
    def judged_facts(self) -> Mapping[str, str]:
        """The mark or confirmation of each item that has one.

        Also where the readings in force do not use it, so that a fact file stays right when
        another answer is chosen.
        """
        items = {*self.criteria, *self.deductions, *self.gates}
        return _sealed(
            (item, fact)
            for item, fact in self.judged.items()
            if item in items and fact in self.facts
        )

    @property
    def maxima(self) -> Mapping[str, Fraction | None]:
        """The most points of every section; None for an open-ended one."""
        return self.totals.maxima

    @property
    def maximum(self) -> Fraction | None:
        """The most points in all; None for an open-ended sum."""
        return self.totals.maximum(None)

    @property
    def denominator(self) -> int:
        """What the total's units are parts of."""
        return self.total_plan.denominator

    def _grade_truth(self, grade: Grade) -> Truth:
        needs = tuple(condition.truth for condition in grade.needs)
        if grade.at_least is None:
            return All(needs)
        total = self.totals.results[TOTAL]
        said = {"total": total, "at_least": grade.at_least}
        reached = Judged(
            total >= grade.at_least, Note(GRADE_REACHED, said), Note(GRADE_MISSED, said)
        )
        return All((reached, *needs))


def _sealed(items: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    return MappingProxyType(dict(items))
