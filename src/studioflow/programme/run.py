"""Running a batch: every step in order, in a programme of its own, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import cast

from attrs import evolve, field, frozen

from studioflow.cohort import Outcomes, Rank
from studioflow.errors import InputError, Problem
from studioflow.host import Host
from studioflow.lifecycle import HandedIn, Lifecycle
from studioflow.policy import Policy
from studioflow.programme.actions import Given
from studioflow.programme.batch import BATCH_FILE, Batch, PlannedStep
from studioflow.programme.programme import Programme
from studioflow.register import MemoryRegister, Register
from studioflow.rubric import ScoreSheet
from studioflow.studio import Event, Studio
from studioflow.verdict import Denied, Verdict

__all__ = ["BatchReport", "Outcome", "run_batch"]

_IN_OTHER_FILE = ("application", "facts", "inspection", "marks", "records", "studio")


@frozen(kw_only=True)
class Outcome:
    """What became of one step: the verdict, and the event where it was allowed."""

    step: PlannedStep
    verdict: Verdict
    event: Event | None = None


@frozen(kw_only=True)
class BatchReport:
    """What happened to a batch.

    Attributes:
        outcomes: of every step, in order.
        studios: as they are at the end, by key; those whose declaration was denied are undeclared.
        ranking: of the evaluated studios whose gates are met.
        settled: what the places of the grades make of them; None where no grade has places, or a
            sheet is not finished.
        unfinished: the sheets that studios with marks and without an evaluation would have on the
            day of their last step.
        places_left: of the quota; None where the policy has none.
        register: that has all of it; it lasts as long as the report.
    """

    batch: Batch
    policy: Policy
    outcomes: tuple[Outcome, ...]
    studios: Mapping[str, Studio]
    ranking: tuple[Rank, ...]
    settled: Outcomes | None = None
    unfinished: Mapping[str, ScoreSheet] = field(factory=dict)
    places_left: int | None = None
    register: Register = field(factory=MemoryRegister, eq=False, repr=False)


class _Clock:
    """Stands at noon of the day on which a step is written down."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        return datetime.combine(self.day, time(12), tzinfo=UTC)


def run_batch(policy: Policy, batch: Batch, *, host: Host | None = None) -> BatchReport:
    """Take every step of a batch, in memory; one that is denied is reported and changes nothing.

    Args:
        policy: to run it under.
        batch: as it was read.
        host: whose plugins are asked; none is when it is left out.

    Raises:
        InputError: where a plugin is broken; with every step whose input does not fit the policy.
    """
    clock = _Clock(min((_recorded(step) for step in batch.steps), default=date.min))
    host = Host() if host is None else host
    programme = Programme.open(policy, host=host, clock=clock)
    lifecycle = Lifecycle(policy, guards=host.guards, measures=host.measures)
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    for step in batch.steps:
        clock.day = _recorded(step)
        try:
            outcomes.append(_taken(programme, lifecycle, batch, step))
        except InputError as error:
            problems += [_placed(problem, step) for problem in error.problems]
    if problems:
        raise InputError(problems)
    done = {studio.id: studio for studio in programme.studios()}
    return BatchReport(
        batch=batch,
        policy=policy,
        outcomes=tuple(outcomes),
        studios={key: done.get(key, Studio(id=key)) for key in batch.studios},
        ranking=programme.ranking(),
        settled=_settled(programme),
        unfinished={
            key: programme.score(key, on=max(s.on for s in batch.steps if s.studio == key))
            for key, studio in done.items()
            if studio.marks and studio.sheet is None
        },
        places_left=programme.places_left(),
        register=programme.register,
    )


def _settled(programme: Programme) -> Outcomes | None:
    if not any(grade.places for grade in programme.policy.rubric.grades.values()):
        return None
    try:
        return programme.outcomes()
    except InputError:  # of a sheet that is not finished, which stands in the report as it is
        return None


def _recorded(step: PlannedStep) -> date:
    return step.recorded or step.on


def _placed(problem: Problem, step: PlannedStep) -> Problem:
    """Say where a problem stands: in the file that came with the step, or in the batch's."""
    file = step.facts_file or step.records_file
    if file is not None and problem.path.split("/")[0] in _IN_OTHER_FILE:
        return evolve(problem, file=file)
    return problem.under(*step.place.split("/")).in_file(BATCH_FILE)


def _taken(programme: Programme, lifecycle: Lifecycle, batch: Batch, step: PlannedStep) -> Outcome:
    """Ask about a step, and take it if it is allowed."""
    declared = step.studio in programme.register.studios()
    given: Given = {
        "on": step.on,
        "facts": step.handed_in,
        "application": step.case.application or (None if declared else batch.studios[step.studio]),
        "records": step.case.records,
        "strike": step.strike,
        "gaps": step.gaps,
        "decision": step.decision,
        "overrides": step.overrides,
        "due": step.due,
        "opinion": step.opinion,
        "lead": step.lead,
        "amount": step.amount,
    }
    if step.remark is not None:
        given["remark"] = step.remark
    transition = lifecycle.policy.procedure.transitions.get(step.action)
    if not declared and transition is not None and not transition.declares:
        # A programme does not know it; that its declaration was denied is no fault of the batch.
        nobody = Studio(id=step.studio)
        given.pop("strike")  # nothing is on file to be struck
        handed_in = cast("HandedIn", {**given, "places_left": programme.places_left()})
        handed_in.pop("on")  # type: ignore[typeddict-item]
        verdict = lifecycle.can(step.action, nobody, by=step.by, on=step.on, **handed_in)
        return Outcome(step=step, verdict=verdict)
    try:
        taken = programme.take(step.action, step.studio, by=step.by, **given)
    except Denied as denied:
        return Outcome(step=step, verdict=denied.verdict)
    return Outcome(step=step, verdict=taken.verdict, event=taken.event)
