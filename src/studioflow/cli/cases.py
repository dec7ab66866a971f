"""What a batch has on file for each studio: its sheet, the facts of it, and its case file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from studioflow.lifecycle import Lifecycle
from studioflow.policy import Policy
from studioflow.programme import BatchReport, CaseFile, Outcome
from studioflow.rubric import FactFile, Inspection, ScoreSheet
from studioflow.studio import PluginMeasure, Studio

__all__ = ["Case", "case_files", "cases"]


@frozen
class Case:
    """What was handed in for one studio, and the sheet that it gives.

    Attributes:
        evaluated: False where the action that asked for the sheet was denied.
    """

    studio: str
    sheet: ScoreSheet
    facts: FactFile
    evaluated: bool


def cases(report: BatchReport, measures: Iterable[PluginMeasure] = ()) -> Mapping[str, Case]:
    """Return every studio that has a sheet, or would have one if nothing were open.

    Args:
        report: of the batch.
        measures: that plugins brought for the policy.
    """
    found = {}
    policy = report.policy
    lifecycle = Lifecycle(policy, measures=measures)
    for key, studio in report.studios.items():
        if studio.sheet is not None:
            found[key] = _on_file(policy, studio, studio.sheet, evaluated=True)
        elif key in report.unfinished:
            found[key] = _on_file(policy, studio, report.unfinished[key], evaluated=False)
    for outcome in report.outcomes:
        key = outcome.step.studio
        if outcome.event is None and outcome.step.handed_in.marks and key not in found:
            found[key] = _attempted(lifecycle, report.studios[key], outcome)
    return {key: found[key] for key in report.studios if key in found}


def case_files(report: BatchReport) -> Mapping[str, CaseFile]:
    """Return everything that is on file for each studio that declared, to be read again."""
    made = {}
    for key, studio in report.studios.items():
        if studio.application is None:
            continue
        records: dict[str, tuple[Mapping[str, object], ...]] = {}
        for record in studio.records.values():
            entry = {"id": record.id, **record.document()}
            records[record.kind] = (*records.get(record.kind, ()), entry)
        made[key] = CaseFile(
            studio=key,
            application=studio.application,
            records=records,
            marks=studio.marks,
            inspection=_last_inspection(studio),
        )
    return made


def _last_inspection(studio: Studio) -> Inspection | None:
    seen = [event.inspection for event in studio.history if event.inspection is not None]
    return seen[-1] if seen else None


def _on_file(policy: Policy, studio: Studio, sheet: ScoreSheet, *, evaluated: bool) -> Case:
    measured = {name: m.value for name, m in sheet.measured.items() if m.value is not None}
    values = {**studio.facts, **measured}
    facts = _fact_file(policy, studio.id, values, sheet, _last_inspection(studio))
    return Case(studio.id, sheet, facts, evaluated)


def _attempted(lifecycle: Lifecycle, studio: Studio, outcome: Outcome) -> Case:
    """Return the sheet with what a denied step handed in, beside what is on file."""
    policy, handed_in = lifecycle.policy, outcome.step.handed_in
    measured = lifecycle.score(studio, on=outcome.step.on).measured
    counted = {name: each.value for name, each in measured.items() if each.value is not None}
    values = {**studio.facts, **counted, **policy.values(handed_in)}
    sheet = evolve(policy.score_values(values, handed_in.marks), measured=measured)
    facts = _fact_file(policy, studio.id, values, sheet, handed_in.inspection)
    return Case(studio.id, sheet, facts, evaluated=False)


def _fact_file(
    policy: Policy,
    studio: str,
    values: Mapping[str, object],
    sheet: ScoreSheet,
    inspection: Inspection | None,
) -> FactFile:
    """Return the file that scores to the same sheet: marks and inspection in full."""
    told = {policy.rubric.judged_facts[mark.criterion] for mark in sheet.marks}
    if inspection is not None:
        found = policy.site_check.values(inspection)
        if all(values.get(fact) == value for fact, value in found.items()):
            told |= found.keys()
        else:
            inspection = None  # a later one, item by item, says otherwise
    facts = {fact: value for fact, value in values.items() if fact not in told}
    return FactFile(studio=studio, facts=facts, marks=sheet.marks, inspection=inspection)
