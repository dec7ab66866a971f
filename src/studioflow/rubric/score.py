"""Scoring one studio: facts and marks in, a score sheet out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain
from math import inf
from typing import Any

from attrs import evolve, field, frozen

from studioflow.algebra import Maybe, Range, Remark
from studioflow.codec import Collector
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.rubric.marks import placed
from studioflow.rubric.points import criterion_points, panel_remarks
from studioflow.rubric.rubric import Grade, Rubric
from studioflow.rubric.sheet import (
    CriterionResult,
    GateResult,
    Points,
    PolicyReference,
    ScoreSheet,
    SectionResult,
)
from studioflow.rubric.site_check import Inspection
from studioflow.rules import Fact, Known, known
from studioflow.rules.facts import Units
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["FactFile", "score"]

OPEN_FACTS = message("open_facts", zh="尚缺：{facts}", en="not known yet: {facts}")
SCORE_WITHHELD = message(
    "score_withheld", zh="必备项没有全部达到，不给出得分", en="no score while a gate is not met"
)


@frozen(kw_only=True)
class FactFile:
    """What is handed in for one studio: facts, and where they are judged, who judged.

    Attributes:
        facts: by name; a fact that is left out, or None, is not known yet.
        marks: in full, in place of the plain facts.
        inspection: of the site, item by item, in place of its plain facts.
    """

    schema: str | None = None
    studio: str | None = None
    facts: Mapping[str, Any] = field(factory=dict)
    marks: tuple[Mark, ...] = ()
    inspection: Inspection | None = None


def score(
    rubric: Rubric,
    values: Mapping[str, object],
    marks: Iterable[Mark] = (),
    *,
    policy: PolicyReference,
    readings: Mapping[str, str],
) -> ScoreSheet:
    """Score one studio.

    Args:
        rubric: what to score by.
        values: facts by name; a missing one, or None, is not known yet.
        marks: where judged facts come from, to be named on the sheet; see `marked_facts`.
        policy: what the sheet names as its policy.
        readings: what the sheet names as in force.

    Raises:
        InputError: with every fact that is unknown, of the wrong type, out of bounds, off its step
            or outside its band; a mark's problem is placed at the mark.
    """
    collector = Collector()
    facts = _known(rubric, values, collector)
    results, ranges = _criteria(rubric, facts, given := tuple(marks), collector)
    collector.finish()
    gates = tuple(_gate(rubric, name, facts) for name in rubric.gates)
    eligible = _every(gate.met for gate in gates)
    sections, total = _totals(rubric, ranges)
    grade = _grade(rubric.grades, total, eligible=eligible)
    still_open = {*chain.from_iterable(gate.open for gate in gates)}
    still_open.update(*(result.open for result in results))
    sheet = ScoreSheet(
        policy=policy,
        gates=gates,
        criteria=results,
        sections=sections,
        total=total,
        marks=given,
        grade=grade,
        eligible=eligible,
        readings=dict(readings),
        open=tuple(name for name in rubric.facts if name in still_open),
    )
    withheld = eligible is False and rubric.on_gate_failure == "withhold"
    return _withheld(rubric, sheet) if withheld else sheet


def _known(rubric: Rubric, values: Mapping[str, object], collector: Collector) -> Known:
    """Return the facts that fit, and collect what is wrong with the others."""
    wrong_names: set[str] = set()
    with collector.under("facts"):
        try:
            return known(rubric.facts, values)
        except InputError as error:
            # Of a pool it is one of its marks that is wrong.
            wrong_names = {problem.path.partition("/")[0] for problem in error.problems}
            raise
    declared = {name: value for name, value in values.items() if name in rubric.facts}
    fitting = {name: value for name, value in declared.items() if name not in wrong_names}
    with collector.under("facts"):
        return known(rubric.facts, fitting)
    return known(rubric.facts, {})


def _criteria(
    rubric: Rubric, facts: Known, marks: tuple[Mark, ...], collector: Collector
) -> tuple[tuple[CriterionResult, ...], dict[str, Range]]:
    places = placed(rubric, marks)
    ranges: dict[str, Range] = {}
    results = []
    for name in rubric.criteria:
        ranges[name], remarks = criterion_points(rubric, name, facts, places, collector)
        if not ranges[name].empty:
            results.append(_criterion(rubric, name, facts, ranges[name], remarks))
    return tuple(results), ranges


def _totals(
    rubric: Rubric, ranges: Mapping[str, Range]
) -> tuple[tuple[SectionResult, ...], Points]:
    of_sections = {name: plan.ranges(ranges, []) for name, plan in rubric.section_plans.items()}
    sections = tuple(
        SectionResult(
            name,
            section.label,
            _as_points(
                of_sections[name], rubric.section_plans[name].denominator, rubric.maxima[name]
            ),
        )
        for name, section in rubric.sections.items()
    )
    total = rubric.total_plan.ranges(of_sections, [])
    return sections, _as_points(total, rubric.total_plan.denominator, rubric.maximum)


def _every(outcomes: Iterable[bool | None]) -> bool | None:
    seen = list(outcomes)
    return False if False in seen else None if None in seen else True


def _gate(rubric: Rubric, name: str, facts: Known) -> GateResult:
    gate, plan = rubric.gates[name], rubric.gate_plans[name]
    remarks: list[Remark] = []
    if plan.names <= facts.units.keys():
        outcome = Maybe(plan.numbers(facts.units, remarks))
    else:
        outcome = plan.ranges(facts.ranges, remarks)
    remarks = [*panel_remarks(rubric, name, plan.names, facts), *remarks]
    reasons = _reasons(rubric, remarks, outcome.open, gate.clause)
    return GateResult(name, gate.label, outcome.value, reasons, tuple(sorted(outcome.open)))


def _criterion(
    rubric: Rubric, name: str, facts: Known, points: Range, remarks: list[Remark]
) -> CriterionResult:
    criterion, plan = rubric.criteria[name], rubric.plans[name]
    used = {
        fact: _canonical(declared, facts.units[fact])
        for fact, declared in rubric.facts.items()
        if fact in plan.names and fact in facts.units
    }
    remarks = [*panel_remarks(rubric, name, plan.names, facts), *remarks]
    return CriterionResult(
        id=name,
        section=criterion.section,
        label=criterion.label,
        points=_as_points(points, plan.denominator, criterion.max),
        facts=used,
        reasons=_reasons(rubric, remarks, points.open, criterion.clause),
        open=tuple(sorted(points.open)),
    )


def _canonical(fact: Fact, units: Units) -> bool | int | str | Fraction:
    """Return a known value in one form, however it was handed in."""
    return Fraction(int(units), fact.denominator) if fact.type in {"mark", "number"} else units


def _as_points(points: Range, denominator: int, maximum: Fraction | None) -> Points:
    return Points.between(
        points.low,
        points.high,
        denominator,
        known=points.pinned and not points.open,
        maximum=maximum,
    )


def _withheld(rubric: Rubric, sheet: ScoreSheet) -> ScoreSheet:
    """Return the sheet without points, nor the reasons that would tell them."""
    criteria = tuple(
        evolve(
            result,
            points=result.points.withheld(),
            reasons=(Reason(SCORE_WITHHELD, clause=rubric.criteria[result.id].clause),),
        )
        for result in sheet.criteria
    )
    sections = tuple(evolve(part, points=part.points.withheld()) for part in sheet.sections)
    return evolve(sheet, criteria=criteria, sections=sections, total=sheet.total.withheld())


def _reasons(
    rubric: Rubric, remarks: Iterable[Remark], still_open: frozenset[str], clause: str | None
) -> tuple[Reason, ...]:
    # Two bands may give one reason, such as a share that is undefined for both.
    told: dict[tuple[str, str], Reason] = {}
    for remark in remarks:
        reason = Reason(remark.message, remark.parameters, clause)
        told.setdefault((reason.code, reason.text()), reason)
    reasons = list(told.values())
    if still_open:
        labels = tuple(rubric.facts[name].label for name in rubric.facts if name in still_open)
        reasons.append(Reason(OPEN_FACTS, {"facts": labels}, clause))
    return tuple(reasons)


def _grade(grades: Mapping[str, Grade], total: Points, *, eligible: bool | None) -> str | None:
    """Return the grade, if whatever is still open can not change it."""
    cuts = {name: grade.at_least for name, grade in grades.items() if not grade.otherwise}
    if not cuts or list(cuts.values())[-1] is None or total.range is None:
        return None  # without a pass mark it is a decision, not a computation
    rest = next((name for name, grade in grades.items() if grade.otherwise), None)

    def reached(points: Fraction | float) -> str | None:
        return next((name for name, cut in cuts.items() if cut is not None and points >= cut), rest)

    low, high = total.range
    possible = {reached(-inf if low is None else low), reached(inf if high is None else high)}
    if eligible is False:
        possible = {rest}
    elif eligible is None:
        possible |= {rest}
    return possible.pop() if len(possible) == 1 else None
