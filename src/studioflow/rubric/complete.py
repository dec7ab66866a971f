"""The short way to the sheet of a studio of which everything is known; `score` knows every way.

What a gate or an item gives hangs on its few facts alone. It is computed once for the same facts,
on whatever sheet, and what a sheet shows of it is made once, when somebody reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, cached_property, lru_cache, partial
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from attrs import define

from studioflow.algebra import Maybe, NoAnswerError, RefusedError, Sayings, exactly, opaque
from studioflow.people import Mark
from studioflow.rubric.grading import Graded, graded
from studioflow.rubric.items import Criterion, Deduction, Gate
from studioflow.rubric.measured import Measured
from studioflow.rubric.plan import NumberPlan, Plan
from studioflow.rubric.reasons import distinct
from studioflow.rubric.rubric import Rubric
from studioflow.rubric.score import canonical
from studioflow.rubric.sheet import (
    CriterionResult,
    DeductionResult,
    GateResult,
    GradeResult,
    Points,
    PolicyReference,
    ScoreSheet,
    SectionResult,
)
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.rules import PlainFacts
from studioflow.verdict import Reason

__all__ = ["Complete"]

Facts = Mapping[str, Any]
_MANY = 1024
"""How many outcomes of an item are kept."""


class Complete:
    """A rubric, ready for studios of which everything is known."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        self._facts = PlainFacts(rubric.facts)
        self._count = len(rubric.facts)
        self._kind = cache(partial(_Kind, rubric))

    def sheet(
        self,
        values: Mapping[str, object],
        marks: tuple[Mark, ...] = (),
        *,
        policy: PolicyReference,
        readings: Mapping[str, str],
    ) -> ScoreSheet | None:
        """Return the sheet that `score` returns; None where that has to be asked.

        It has to be asked where a fact is missing that may matter or is no plain value, where
        points are withheld, and where anything is wrong.
        """
        settings = self._rubric.settings
        facts = self._facts.units(values)
        if facts is None or (settings.sheet_by and settings.sheet_by not in facts):
            return None
        kind = self._kind(facts[settings.sheet_by] if settings.sheet_by else None)
        if len(facts) < self._count and not kind.needed <= facts.keys():
            return None
        facts.update(kind.elsewhere)
        outcomes: dict[str, _Outcome] = {}
        try:
            for result, item in kind.items:
                outcomes[result] = outcome = item.outcome(facts)
                facts[result] = outcome.value
            for result, add in kind.sums:
                facts[result] = add(facts)
            for grade, tell in kind.grades:
                sayings: Sayings = []
                outcomes[grade] = _Outcome(tell(facts, sayings), sayings)
        except (RefusedError, NoAnswerError):
            return None
        eligible = all(map(facts.__getitem__, kind.barring))
        if not eligible and settings.on_gate_failure == "withhold":
            return None
        known = {"policy": policy, "marks": marks, "eligible": eligible, "open": ()}
        return ScoreSheet.of_parts(_Parts(kind, facts, outcomes, readings), known)


@define(eq=False)
class _Outcome:
    """What came out, why, and what shows it, once that was read."""

    value: Any
    sayings: Sayings
    shown: Any = None


class _Item:
    """A gate, a criterion or a deduction: computed once for the same facts.

    Attributes:
        bars: it is a gate without which nobody is eligible.
    """

    def __init__(
        self, rubric: Rubric, name: str, item: Criterion | Deduction | Gate, plan: Plan[Any, Any]
    ) -> None:
        self.bars = isinstance(item, Gate) and item.at_best is None
        self._name, self._item, self._tell = name, item, plan.numbers.telling
        self._key = itemgetter(*sorted(plan.needs)) if plan.needs else _nothing
        self._outcomes: dict[object, _Outcome] = {}
        # What Python computes may hang on more than its facts.
        term = item.condition.truth if isinstance(item, Gate) else rubric.points[name]
        self._kept = not opaque(term)
        self._points = _points(plan, None if isinstance(item, Gate) else item.max)
        self._used = [(n, fact) for n, fact in rubric.facts.items() if n in plan.names]

    def outcome(self, facts: Facts) -> _Outcome:
        """Return what comes out of these facts."""
        key = self._key(facts)
        known = self._outcomes.get(key)
        if known is not None:
            return known
        sayings: Sayings = []
        made = _Outcome(self._tell(facts, sayings), sayings)
        if len(self._outcomes) >= _MANY:
            self._outcomes.clear()
        if self._kept:
            self._outcomes[key] = made
        return made

    def shown(self, outcome: _Outcome, facts: Facts) -> Any:  # noqa: ANN401 - a result of its kind
        """Return the result that shows what came out of these facts."""
        if outcome.shown is None:
            outcome.shown = self._result(outcome, facts)
        return outcome.shown

    def _result(
        self, outcome: _Outcome, facts: Facts
    ) -> GateResult | CriterionResult | DeductionResult:
        name, item = self._name, self._item
        reasons = distinct(
            Reason(saying.message, MappingProxyType(saying.parameters(facts)), item.clause)
            for saying in outcome.sayings
        )
        if isinstance(item, Gate):
            return GateResult(name, item.label, outcome.value, reasons)
        points = self._points(outcome.value)
        used = {name: canonical(fact, facts[name]) for name, fact in self._used}
        if isinstance(item, Deduction):
            return DeductionResult(name, item.label, points, MappingProxyType(used), reasons)
        return CriterionResult(
            name, item.section, item.label, points, MappingProxyType(used), reasons
        )


def _nothing(_facts: Facts) -> None:
    """Return the facts of an item that hangs on none."""


class _Kind:
    """What is the same for all studios of a kind.

    Attributes:
        items: the gates, criteria and deductions on the sheet, by the names of their results.
        sums: what adds up their results, each after what it adds up.
        grades: what decides those that points and facts decide.
        needed: the facts that have to be known.
        barring: the results of the gates without which nobody is eligible.
        shown: the sections on the sheet.
    """

    def __init__(self, rubric: Rubric, word: object) -> None:
        self.rubric = rubric
        self.shown = rubric.totals.shown(word)
        self.gates = {
            f"gates/{name}": _Item(rubric, name, gate, rubric.gate_plans[name])
            for name, gate in rubric.gates.items()
        }
        self.criteria = {
            in_criteria(name): _Item(rubric, name, criterion, rubric.plans[name])
            for name, criterion in rubric.criteria.items()
            if criterion.section in self.shown
        }
        self.deductions = {
            in_deductions(name): _Item(rubric, name, deduction, rubric.plans[name])
            for name, deduction in rubric.deductions.items()
        }
        self.items = [*self.gates.items(), *self.criteria.items(), *self.deductions.items()]
        sums = {in_sections(name): plan for name, plan in rubric.section_plans.items()}
        sums[TOTAL] = rubric.total_plan
        self.sums = [(result, plan.numbers.value) for result, plan in sums.items()]
        self.grades = [(n, plan.numbers.telling) for n, plan in rubric.grade_plans.items()]
        # What stands on another kind's sheet gives nothing.
        elsewhere = {in_criteria(name) for name in rubric.criteria} - self.criteria.keys()
        self.elsewhere = dict.fromkeys(elsewhere, 0)
        self.barring = [result for result, gate in self.gates.items() if gate.bars]
        plans: list[Plan[Any, Any]] = [
            *rubric.gate_plans.values(),
            *sums.values(),
            *rubric.grade_plans.values(),
        ]
        plans += [rubric.plans[name] for name in rubric.deductions]
        plans += [rubric.plans[n] for n, c in rubric.criteria.items() if c.section in self.shown]
        self.needed = frozenset[str]().union(*(plan.needs for plan in plans)) & rubric.facts.keys()
        self.points = {
            name: _points(plan, rubric.maxima[name]) for name, plan in rubric.section_plans.items()
        }
        self.total = _points(rubric.total_plan, rubric.totals.maximum(word))


class _Parts:
    """What a sheet shows, made of what was computed."""

    def __init__(
        self,
        kind: _Kind,
        facts: Facts,
        outcomes: Mapping[str, _Outcome],
        readings: Mapping[str, str],
    ) -> None:
        self._kind, self._facts, self._outcomes = kind, facts, outcomes
        self._readings = readings

    def gates(self) -> tuple[GateResult, ...]:
        """Return whether each gate is met."""
        return self._shown(self._kind.gates)

    def criteria(self) -> tuple[CriterionResult, ...]:
        """Return the criteria on the sheet."""
        return self._shown(self._kind.criteria)

    def deductions(self) -> tuple[DeductionResult, ...]:
        """Return what is taken off the total."""
        return self._shown(self._kind.deductions)

    def sections(self) -> tuple[SectionResult, ...]:
        """Return the sections on the sheet."""
        kind, facts = self._kind, self._facts
        return tuple(
            SectionResult(
                name,
                section.label,
                kind.points[name](facts[in_sections(name)]),
                section.part_of,
                section.weight,
            )
            for name, section in kind.rubric.sections.items()
            if name in kind.shown
        )

    def total(self) -> Points:
        """Return the points in all."""
        return self._kind.total(self._facts[TOTAL])

    def grade(self) -> str | None:
        """Return the grade that is reached."""
        return self._graded.grade

    def grades(self) -> tuple[GradeResult, ...]:
        """Return every grade that points and facts decide."""
        return self._graded.results

    def readings(self) -> Mapping[str, str]:
        """Return what is in force."""
        return dict(self._readings)

    def measured(self) -> Mapping[str, Measured]:
        """Return nothing: facts from records are put on the sheet by those who have them."""
        return {}

    def _shown(self, items: Mapping[str, _Item]) -> tuple[Any, ...]:
        facts, outcomes = self._facts, self._outcomes
        return tuple(item.shown(outcomes[result], facts) for result, item in items.items())

    @cached_property
    def _graded(self) -> Graded:
        if not self._kind.grades:
            return Graded(grade=None)
        outcomes = {}
        for name, _ in self._kind.grades:
            outcome = self._outcomes[name]
            remarks = [saying.remark(self._facts) for saying in outcome.sayings]
            outcomes[name] = Maybe(outcome.value), remarks
        return graded(self._kind.rubric, self.gates(), outcomes)


def _points(plan: NumberPlan, most: Fraction | None) -> Callable[[int | Fraction], Points]:
    """Return what makes points of units; each is made once for many sheets."""

    @lru_cache(maxsize=_MANY)
    def points(units: int | Fraction) -> Points:
        exact = exactly(units, plan.denominator)
        return Points(exact, (exact, exact), most)

    return points
