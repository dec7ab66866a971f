"""That lifecycles can be gone, and that sample batches go the same way each time."""

from __future__ import annotations

from collections.abc import Iterator

from studioflow.policy import Policy
from studioflow.programme import BatchReport, read_batch, run_batch
from studioflow.studio import Studio
from studioflow.testing.conformance.checks import hold, since
from studioflow.testing.conformance.reasons import SAY_IT, failures, sheet_reasons, unsaid
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.testing.driver import Driver
from studioflow.testing.path import paths
from studioflow.verdict import Denied, Reason

__all__ = ["LifecycleChecks"]


class LifecycleChecks(Checks):
    """Studios on their way."""

    @since("2026.1")
    def test_every_state_is_reached(self, subject: Subject) -> None:
        """A studio gets to each state of the lifecycle, whatever guards have to say."""
        missed = []
        for name, policy in subject.policies.items():
            driver = Driver(policy, subject.host)
            ways = _to_each_state(policy)
            missed += [
                f"{name}: {state}: no transition leads there from the declaration on"
                for state in policy.procedure.states
                if state not in ways
            ]
            for state, path in ways.items():
                try:
                    driver.drive(path)
                except Denied as denied:
                    missed.append(f"{name}: {state} by {' → '.join(path)}: {denied}")
        hold(
            missed,
            "Mend the lifecycle, or the guard that is named: no studio that the driver could think "
            "of gets to these states.",
        )

    @since("2026.1")
    def test_sample_batches_run(self, subject: Subject) -> None:
        """Each sample batch runs, with no plugin failing and each reason in both languages."""
        failed: dict[str, None] = {}
        silent: dict[str, None] = {}
        for report in _runs(subject):
            reasons = [*_reasons(report)]
            here = f"{report.batch.id}: "
            failed |= dict.fromkeys(here + each for each in failures(reasons))
            failed |= dict.fromkeys(here + each for each in _untold(subject, report))
            silent |= dict.fromkeys(here + each for each in unsaid(reasons))
        hold(failed, "Mend these: they failed while a sample batch was run.")
        hold(silent, SAY_IT)

    @since("2026.1")
    def test_sample_batches_replay(self, subject: Subject) -> None:
        """A second run comes to the same, and studios are what their events say."""
        hold(
            (
                each
                for report, again in zip(_runs(subject), _runs(subject), strict=True)
                for each in _otherwise(report, again)
            ),
            "Have guards, measures and rule kinds answer the same to the same question: no clock, "
            "no chance, no memory. Run twice, a sample batch came to something else here.",
        )


def _to_each_state(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return a shortest way to each state that some way leads to."""
    found: dict[str, tuple[str, ...]] = {}
    for path in paths(policy):
        for number, state in enumerate(path.states[1:], 1):
            if state not in found or len(found[state]) > number:
                found[state] = path.actions[:number]
    return found


def _runs(subject: Subject) -> Iterator[BatchReport]:
    for name in subject.report.brings.get("sample_batches", ()):
        batch = read_batch(subject.host.sample_batch(name).folder)
        yield run_batch(subject.host.policy(batch.policy), batch, host=subject.host)


def _reasons(report: BatchReport) -> Iterator[Reason]:
    for outcome in report.outcomes:
        yield from outcome.verdict.reasons
        yield from outcome.verdict.warnings
    sheets = [*(studio.sheet for studio in report.studios.values()), *report.unfinished.values()]
    for sheet in sheets:
        if sheet is not None:
            yield from sheet_reasons(sheet)


def _untold(subject: Subject, report: BatchReport) -> Iterator[str]:
    """Yield each subscriber that failed when it was told of an event."""
    names = {each.id for each in subject.host.subscribers}
    for notice in report.register.due_notices(names, again=True) if names else ():
        yield f"the subscriber {notice.subscriber}, told of {notice.event.action}"


def _otherwise(report: BatchReport, again: BatchReport) -> Iterator[str]:
    """Yield where a second run of a batch came to something else."""
    for one, other in zip(report.outcomes, again.outcomes, strict=True):
        if one.verdict != other.verdict:
            yield f"{report.batch.id}: {one.step.place}: {one.step.action} of {one.step.studio}"
    for name, studio in report.studios.items():
        if studio.sheet != again.studios[name].sheet:
            yield f"{report.batch.id}: the sheet of {name}"
    for name in report.register.studios():
        events = tuple(report.register.events(name))
        if Studio.from_events(name, events).state != again.studios[name].state:
            yield f"{report.batch.id}: the state of {name}"
