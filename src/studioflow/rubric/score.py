"""Scoring one studio: facts and marks in, a score sheet out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Any

from attrs import evolve, field, frozen

from studioflow.algebra import Maybe, Range, Remark, Words, exactly
from studioflow.codec import Collector
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.rubric.grading import graded
from studioflow.rubric.marks import placed
from studioflow.rubric.points import criterion_points, panel_remarks
from studioflow.rubric.reasons import reasons_of
from studioflow.rubric.rubric import Rubric
from studioflow.rubric.sheet import (
    CriterionResult,
    DeductionResult,
    GateResult,
    Points,
    PolicyReference,
    ScoreSheet,
    SectionResult,
)
from studioflow.rubric.site_check import Inspection
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.rules import Fact, Known, known
from studioflow.rules.facts import Units
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["FactFile", "canonical", "score"]

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
    given = tuple(marks)
    items = _Items(rubric, facts, given, collector)
    criteria = items.criteria()
    deductions = items.deductions()
    collector.finish()
    gates = tuple(_gate(rubric, name, facts) for name in rubric.gates)
    eligible = _every(g.met for g in gates if rubric.gates[g.id].at_best is None)
    on_sheet = [in_sections(name) for name in items.shown]
    sections, total, ranges = _totals(rubric, {**facts.ranges, **items.ranges}, items.shown)
    reached = graded(rubric, gates, _outcomes(rubric, ranges))
    still_open = {*chain.from_iterable(gate.open for gate in gates), *reached.open}
    still_open.update(*(item.open for item in criteria), *(item.open for item in deductions))
    # What only changes what is left to scale to is open in the total alone.
    still_open.update(*items.hangs_on, *(ranges[name].open for name in (TOTAL, *on_sheet)))
    sheet = ScoreSheet(
        policy=policy,
        gates=gates,
        criteria=criteria,
        deductions=deductions,
        sections=sections,
        total=total,
        marks=given,
        grade=reached.grade,
        grades=reached.results,
        eligible=eligible,
        readings=dict(readings),
        open=tuple(name for name in rubric.facts if name in still_open),
    )
    withheld = eligible is False and rubric.settings.on_gate_failure == "withhold"
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


class _Items:
    """The criteria and deductions of one sheet."""

    def __init__(
        self, rubric: Rubric, facts: Known, marks: tuple[Mark, ...], collector: Collector
    ) -> None:
        self._rubric, self._facts, self._collector = rubric, facts, collector
        self._places = placed(rubric, marks)
        by = rubric.settings.sheet_by
        self.shown = rubric.totals.shown(facts.values.get(by) if by else None)
        self.hangs_on = [{by}] if by and by not in facts.values else []
        self.ranges: dict[str, Range] = {}

    def criteria(self) -> tuple[CriterionResult, ...]:
        """Return the criteria on the sheet of this kind of studio."""
        found = []
        for name, criterion in self._rubric.criteria.items():
            computed = self._computed(name, in_criteria(name))
            if computed is not None:
                found.append(CriterionResult(section=criterion.section, **computed))
        return tuple(found)

    def deductions(self) -> tuple[DeductionResult, ...]:
        """Return what is taken off the total."""
        computed = (self._computed(n, in_deductions(n)) for n in self._rubric.deductions)
        return tuple(DeductionResult(**each) for each in computed if each is not None)

    def _computed(self, name: str, result: str) -> dict[str, Any] | None:
        """Return what the results of an item have in common; None where a mark is refused."""
        rubric, facts = self._rubric, self._facts
        if name in rubric.criteria and rubric.criteria[name].section not in self.shown:
            self.ranges[result] = Range(0, 0)  # it is not on this studio's sheet
            return None
        points, remarks = criterion_points(rubric, name, facts, self._places, self._collector)
        self.ranges[result] = points
        if points.empty:
            return None
        item, plan = rubric.criteria.get(name) or rubric.deductions[name], rubric.plans[name]
        used = {
            fact: canonical(declared, facts.units[fact])
            for fact, declared in rubric.facts.items()
            if fact in plan.names and fact in facts.units
        }
        remarks = [*panel_remarks(rubric, name, plan.names, facts), *remarks]
        return {
            "id": name,
            "label": item.label,
            "points": _as_points(points, plan.denominator, item.max),
            "facts": used,
            "reasons": reasons_of(rubric, remarks, points.open, item.clause),
            "open": tuple(sorted(points.open)),
        }


def _totals(
    rubric: Rubric, known: Mapping[str, Range | Maybe | Words], shown: frozenset[str]
) -> tuple[tuple[SectionResult, ...], Points, Mapping[str, Range | Maybe | Words]]:
    """Return the sections on the sheet, the total, and all results beside what was known."""
    ranges = dict(known)
    of_sections: dict[str, Range] = {}
    for name, plan in rubric.section_plans.items():
        of_sections[name] = ranges[in_sections(name)] = plan.ranges(ranges, [])
    sections = tuple(
        SectionResult(
            name,
            section.label,
            _as_points(
                of_sections[name], rubric.section_plans[name].denominator, rubric.maxima[name]
            ),
            section.part_of,
            section.weight,
        )
        for name, section in rubric.sections.items()
        if name in shown
    )
    total = ranges[TOTAL] = rubric.total_plan.ranges(ranges, [])
    by = rubric.settings.sheet_by
    word = known.get(by) if by else None
    only = next(iter(word.possible)) if isinstance(word, Words) and not word.open else None
    most = rubric.totals.maximum(only)
    return sections, _as_points(total, rubric.total_plan.denominator, most), ranges


def _outcomes(
    rubric: Rubric, known: Mapping[str, Range | Maybe | Words]
) -> Mapping[str, tuple[Maybe, list[Remark]]]:
    outcomes = {}
    for name, plan in rubric.grade_plans.items():
        remarks: list[Remark] = []
        outcomes[name] = plan.ranges(known, remarks), remarks
    return outcomes


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
    reasons = reasons_of(rubric, remarks, outcome.open, gate.clause)
    return GateResult(name, gate.label, outcome.value, reasons, tuple(sorted(outcome.open)))


def canonical(fact: Fact, units: Units) -> bool | int | str | Fraction:
    """Return a known value in one form, however it was handed in; a day as ISO text."""
    if fact.type == "date":
        return date.fromordinal(int(units)).isoformat()
    return exactly(int(units), fact.denominator) if fact.type in {"mark", "number"} else units


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
    deductions = tuple(
        evolve(
            result,
            points=result.points.withheld(),
            reasons=(Reason(SCORE_WITHHELD, clause=rubric.deductions[result.id].clause),),
        )
        for result in sheet.deductions
    )
    sections = tuple(evolve(part, points=part.points.withheld()) for part in sheet.sections)
    total = sheet.total.withheld()
    return evolve(
        sheet, criteria=criteria, deductions=deductions, sections=sections, total=total, grades=()
    )
