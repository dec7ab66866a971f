"""Scoring one studio: facts and marks in, a score sheet out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from studioflow.algebra import Maybe, Range, RefusedError, Remark
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.people import Mark
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
from studioflow.rules import Known, known
from studioflow.text import exact, message
from studioflow.verdict import Reason

__all__ = ["FactFile", "marked_facts", "score"]

OPEN_FACTS = message(
    "open_facts", zh="尚缺：{facts}", en="not known yet: {facts}"
)
NOT_MARKED = message(
    "not_marked", zh="需要打分或确认的项目：{known}", en="an item that is marked: {known}"
)
MARKED_TWICE = message(
    "marked_twice",
    zh="每项只有一次评分（多名考核人的评分合成属后续功能）",
    en="one mark for an item, given once",
)
WRONG_MARKER = message("wrong_marker", zh="由以下角色评分：{roles}", en="a mark by: {roles}")


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


def marked_facts(rubric: Rubric, marks: Iterable[Mark]) -> dict[str, object]:
    """Return the facts that marks stand for.

    Raises:
        InputError: with every mark that is for no item, doubled, by the wrong role, out of bounds
            or off its step.
    """
    found: dict[str, object] = {}
    collector = Collector()
    for position, mark in enumerate(marks):
        with collector.under("marks", position):
            name = rubric.judged_facts.get(mark.criterion)
            if name is None:
                raise wrong(NOT_MARKED, mark.criterion, known=rubric.judged_facts)
            fact = rubric.facts[name]
            if name in found:
                raise wrong(MARKED_TWICE, mark.criterion)
            if mark.role not in fact.supplied_by:
                raise wrong(WRONG_MARKER, mark.role, roles=fact.supplied_by)
            fact.units(mark.value)
            found[name] = mark.value
    collector.finish()
    return found


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
            or outside its band.
    """
    collector = Collector()
    with collector.under("facts"):
        return _sheet(rubric, known(rubric.facts, values), tuple(marks), policy, readings)
    collector.finish()
    raise AssertionError  # `finish` has raised what was gathered


def _sheet(
    rubric: Rubric,
    facts: Known,
    marks: tuple[Mark, ...],
    policy: PolicyReference,
    readings: Mapping[str, str],
) -> ScoreSheet:
    gates = tuple(_gate(rubric, name, facts) for name in rubric.gates)
    eligible = _every(gate.met for gate in gates)
    problems: list[Problem] = []
    ranges: dict[str, Range] = {}
    criteria = []
    for name in rubric.criteria:
        ranges[name], remarks = _points(rubric, name, facts)
        if ranges[name].empty:
            problems += [_refused(rubric, name, remark) for remark in remarks if _refuses(remark)]
        else:
            criteria.append(_criterion(rubric, name, facts, ranges[name], remarks))
    if problems:
        raise InputError(problems)
    for name, plan in rubric.section_plans.items():
        ranges[name] = plan.ranges(ranges, [])
    sections = tuple(
        SectionResult(
            name,
            section.label,
            _as_points(ranges[name], rubric.section_plans[name].denominator, rubric.maxima[name]),
        )
        for name, section in rubric.sections.items()
    )
    whole = rubric.total_plan.ranges(ranges, [])
    total = _as_points(whole, rubric.total_plan.denominator, rubric.maximum)
    still_open = {name for part in (*gates, *criteria) for name in part.open}
    grade = _grade(rubric.grades, total, eligible)
    if eligible is False and rubric.on_gate_failure == "withhold":
        criteria = [_withheld(result) for result in criteria]
        sections = tuple(SectionResult(s.id, s.label, s.points.withheld()) for s in sections)
        total = total.withheld()
    return ScoreSheet(
        policy=policy,
        gates=gates,
        criteria=tuple(criteria),
        sections=sections,
        total=total,
        marks=marks,
        grade=grade,
        eligible=eligible,
        readings=readings,
        open=tuple(name for name in rubric.facts if name in still_open),
    )


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
    reasons = _reasons(rubric, remarks, outcome.open, gate.clause)
    return GateResult(name, gate.label, outcome.value, reasons, tuple(sorted(outcome.open)))


def _points(rubric: Rubric, name: str, facts: Known) -> tuple[Range, list[Remark]]:
    plan = rubric.plans[name]
    remarks: list[Remark] = []
    if plan.names <= facts.units.keys():
        try:
            units = plan.numbers(facts.units, remarks)
        except RefusedError as refused:
            return Range(1, 0), [refused.remark]
        return Range(units, units), remarks
    return plan.ranges(facts.ranges, remarks), remarks


def _criterion(
    rubric: Rubric, name: str, facts: Known, points: Range, remarks: list[Remark]
) -> CriterionResult:
    criterion, plan = rubric.criteria[name], rubric.plans[name]
    used = {fact: facts.values[fact] for fact in rubric.facts if fact in plan.names & facts.values.keys()}
    return CriterionResult(
        id=name,
        section=criterion.section,
        label=criterion.label,
        points=_as_points(points, plan.denominator, criterion.max),
        facts=used,
        reasons=_reasons(rubric, remarks, points.open, criterion.clause),
        open=tuple(sorted(points.open)),
    )


def _as_points(points: Range, denominator: int, maximum: Any) -> Points:
    return Points.between(
        points.low,
        points.high,
        denominator,
        known=points.pinned and not points.open,
        maximum=maximum,
    )


def _withheld(result: CriterionResult) -> CriterionResult:
    return evolve(result, points=result.points.withheld())


def _reasons(
    rubric: Rubric, remarks: Iterable[Remark], still_open: frozenset[str], clause: str | None
) -> tuple[Reason, ...]:
    reasons = [Reason(remark.message, remark.parameters, clause) for remark in remarks]
    if still_open:
        labels = tuple(rubric.facts[name].label for name in rubric.facts if name in still_open)
        reasons.append(Reason(OPEN_FACTS, {"facts": labels}, clause))
    return tuple(reasons)


def _refuses(remark: Remark) -> bool:
    return "got" in remark.parameters


def _refused(rubric: Rubric, name: str, remark: Remark) -> Problem:
    """Say of a mark that it fits nowhere, at the fact that it came from."""
    path = rubric.judged_facts.get(name, name)
    got = remark.parameters["got"]
    parameters = {key: value for key, value in remark.parameters.items() if key != "got"}
    shown = got if isinstance(got, str) else exact(got)  # type: ignore[arg-type] # a number
    return Problem(remark.message, path, shown, parameters)


def _grade(grades: Mapping[str, Grade], total: Points, eligible: bool | None) -> str | None:
    """Return the grade, if whatever is still open can not change it."""
    cut = {name: grade for name, grade in grades.items() if not grade.otherwise}
    if not cut or list(cut.values())[-1].at_least is None or total.range is None:
        return None  # without a pass mark it is a decision, not a computation
    rest = next((name for name, grade in grades.items() if grade.otherwise), None)

    def at(points: Any, *, met: bool) -> str | None:
        if met:
            for name, grade in cut.items():
                if grade.at_least is not None and (points is None or points >= grade.at_least):
                    return name
        return rest

    gates = [True, False] if eligible is None else [eligible]
    low, high = total.range
    possible = {at(points, met=met) for points in (low, high) for met in gates}
    return possible.pop() if len(possible) == 1 else None
