"""Running a batch: every step in order, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from studioflow.cohort import Rank, rank
from studioflow.errors import InputError, Problem
from studioflow.lifecycle import Lifecycle, Step
from studioflow.policy import Policy
from studioflow.programme.batch import BATCH_FILE, Batch, PlannedStep
from studioflow.studio import Event, Guard, Studio
from studioflow.verdict import Denied, Verdict

__all__ = ["BatchReport", "Outcome", "places_left", "run_batch"]

_IN_FACT_FILE = ("facts", "marks", "inspection", "studio")


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
    """

    batch: Batch
    policy: Policy
    outcomes: tuple[Outcome, ...]
    studios: Mapping[str, Studio]
    ranking: tuple[Rank, ...]


def run_batch(policy: Policy, batch: Batch, *, guards: Iterable[Guard] = ()) -> BatchReport:
    """Take every step of a batch; one that is denied is reported and changes nothing.

    Raises:
        InputError: with every step whose input does not fit the policy.
    """
    lifecycle = Lifecycle(policy, guards=guards)
    studios = {key: Studio(id=key) for key in batch.studios}
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    for step in batch.steps:
        try:
            taken = _take(lifecycle, batch, step, studios)
        except Denied as denied:
            outcomes.append(Outcome(step=step, verdict=denied.verdict))
        except InputError as error:
            problems += [_placed(problem, step) for problem in error.problems]
        else:
            studios[step.studio] = taken.studio
            outcomes.append(Outcome(step=step, verdict=taken.verdict, event=taken.event))
    if problems:
        raise InputError(problems)
    sheets = {key: studio.sheet for key, studio in studios.items() if studio.sheet is not None}
    return BatchReport(
        batch=batch,
        policy=policy,
        outcomes=tuple(outcomes),
        studios=studios,
        ranking=rank(sheets),
    )


def _placed(problem: Problem, step: PlannedStep) -> Problem:
    """Say where a problem stands: in the step's fact file, or in the batch's."""
    if step.facts_file is not None and problem.path.split("/")[0] in _IN_FACT_FILE:
        return evolve(problem, file=step.facts_file)
    return problem.under(*step.place.split("/")).in_file(BATCH_FILE)


def _take(
    lifecycle: Lifecycle, batch: Batch, step: PlannedStep, studios: Mapping[str, Studio]
) -> Step:
    studio = studios[step.studio]
    return lifecycle.act(
        step.action,
        studio,
        by=step.by,
        on=step.on,
        facts=step.facts,
        application=batch.studios[step.studio] if studio.application is None else None,
        decision=step.decision,
        overrides=step.overrides,
        places_left=places_left(lifecycle.policy, studios.values()),
        remark=step.remark,
    )


def places_left(policy: Policy, studios: Iterable[Studio]) -> int | None:
    """Return how many places of the quota are free, or None where the policy has no quota."""
    if policy.quota is None:
        return None
    taken = sum(policy.quota.taken_by in studio.days() for studio in studios)
    return max(0, policy.quota.places - taken)
