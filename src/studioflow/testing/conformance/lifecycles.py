"""That lifecycles can be gone, and that sample batches go the same way each time."""

from __future__ import annotations

from collections.abc import Iterator

from studioflow.policy import Policy
from studioflow.programme import BatchReport, read_batch, run_batch
from studioflow.studio import Studio
from studioflow.testing.conformance.checks import since
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.testing.driver import Driver
from studioflow.testing.path import paths
from studioflow.text import LANGUAGES
from studioflow.verdict import Denied, Reason

__all__ = ["LifecycleChecks"]

_FAILED = frozenset({"plugin_failed", "rule_kind_failed", "measure_failed"})


class LifecycleChecks(Checks):
    """Studios on their way."""

    @since("2026.1")
    def test_every_state_is_reached(self, subject: Subject) -> None:
        """A studio gets to each state of the lifecycle, whatever guards have to say."""
        missed = []
        for name, policy in subject.policies.items():
            driver = Driver(policy, subject.host)
            for state, path in _to_each_state(policy).items():
                try:
                    driver.drive(path)
                except Denied as denied:
                    missed.append(f"{name}: {state} by {path}: {denied}")
        assert [] == missed

    @since("2026.1")
    def test_sample_batches_run(self, subject: Subject) -> None:
        """Each sample batch runs, with no plugin failing and each reason in both languages."""
        for report in _runs(subject):
            reasons = [*_reasons(report)]
            assert [] == [reason.text("en") for reason in reasons if reason.code in _FAILED]
            silent = [
                f"{reason.code} in {language}"
                for reason in reasons
                for language in LANGUAGES
                if not (said := reason.text(language)).strip() or "{" in said
            ]
            assert [] == silent

    @since("2026.1")
    def test_sample_batches_replay(self, subject: Subject) -> None:
        """A second run comes to the same, and studios are what their events say."""
        for report, again in zip(_runs(subject), _runs(subject), strict=True):
            assert [each.verdict for each in report.outcomes] == [
                each.verdict for each in again.outcomes
            ]
            for name in report.register.studios():
                events = tuple(report.register.events(name))
                # The time at which it was written down is the one thing that is another.
                assert Studio.from_events(name, events).state == again.studios[name].state
                assert [(e.action, e.on, e.dest) for e in events] == [
                    (e.action, e.on, e.dest) for e in again.register.events(name)
                ]


def _to_each_state(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return a shortest way to each state that a policy declares; none for one without a way."""
    found: dict[str, tuple[str, ...]] = {}
    for path in paths(policy):
        for number, state in enumerate(path.states[1:], 1):
            if state not in found or len(found[state]) > number:
                found[state] = path.actions[:number]
    missing = [state for state in policy.procedure.states if state not in found]
    assert [] == missing, f"{policy.id}: no way leads there"
    return found


def _runs(subject: Subject) -> Iterator[BatchReport]:
    for name in subject.report.brings.get("sample_batches", ()):
        batch = read_batch(subject.host.sample_batch(name).folder)
        yield run_batch(subject.host.policy(batch.policy), batch, host=subject.host)


def _reasons(report: BatchReport) -> Iterator[Reason]:
    for outcome in report.outcomes:
        yield from outcome.verdict.reasons
        yield from outcome.verdict.warnings
