"""Thousands of steps under a policy that is amended again and again, and what never happens."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.policy import AMEND, UNDECLARED, Policy
from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.programme.amended import KEEPING, MAPPED, NO_RETURN, STRICTER
from tests.programme.reference import COMMITTEE, COUNTY, everything
from tests.programme.test_machine import _POLICY, ProgrammeMachine

_STRANGER = Actor("p-99", unit="elsewhere")
SMALLER = {"version": "4", "facts/activities_year_1/max": 8}
_POLICIES: tuple[Policy, ...] = (
    _POLICY,
    *(_POLICY.vary(changes) for changes in (NO_RETURN, MAPPED, STRICTER, KEEPING, SMALLER)),
)


class AmendedMachine(ProgrammeMachine):
    """Everything that the other machine does, and amendments between."""

    @rule(to=st.sampled_from(_POLICIES))
    def amend(self, to: Policy) -> None:
        """Amend to any policy."""
        self.amended(to, COUNTY)

    @rule(to=st.sampled_from(_POLICIES[1:3]), name=st.sampled_from(["s-05", "s-06", "s-07"]))
    def return_and_amend(self, to: Policy, name: str) -> None:
        """Amend where somebody is in a state that the other policy does not have."""
        if self.state(name) == UNDECLARED:
            self.well(name)
        self.back(name)
        self.amended(to, COMMITTEE)

    @rule(to=st.sampled_from(_POLICIES))
    def amend_wrongly(self, to: Policy) -> None:
        """Let somebody amend who has no role."""
        self.amended(to, _STRANGER)

    def amended(self, to: Policy, by: Actor) -> None:
        """Amend, from either programme: each studio goes over, or nothing happens."""
        before, held = everything(self.register), self.held()
        amendments = self.register.amendments()
        self.turn += 1
        try:
            report = self.programmes[self.turn % 2].amend(to, by=by)
        except (Denied, InputError):
            assert (before, held) == (everything(self.register), self.held())
            assert amendments == self.register.amendments()
            return
        assert (*amendments, self.register.amendments()[-1]) == self.register.amendments()
        assert (held, [*before]) == (self.held(), [told.studio for told in report.studios])
        for told in report.studios:
            events = self.register.events(told.studio)
            if told.goes_over:
                assert (AMEND, told.after) == (events[-1].action, events[-1].dest)
                assert to.reference == events[-1].policy
                self.values[told.studio].append(Studio.from_events(told.studio, events))
                events = events[:-1]
                self.touched = told.studio
            assert before[told.studio] == events

    @invariant()
    def nobody_changes_policy_in_silence(self) -> None:
        """A studio has another policy only by an amendment, and begins with one that was kept."""
        opening = self.register.opening()
        assert opening is not None
        kept = {opening.policy, *(each.policy for each in self.register.amendments())}
        for events in everything(self.register).values():
            assert {event.policy for event in events} <= kept
            for last, event in pairwise(events):
                assert last.policy == event.policy or event.action == AMEND

    @invariant()
    def every_studio_is_somewhere(self) -> None:
        """Each studio is in a state of the policy by which it goes."""
        for studio in self.programmes[0].studios():
            assert studio.state in self.programmes[0].policy_of(studio).procedure.states

    @invariant()
    def sheets_are_of_the_policy(self) -> None:
        """Each studio that was scored has a sheet by the policy by which it goes."""
        for studio in self.programmes[1].studios():
            if studio.sheet is not None:
                assert studio.history[-1].policy == studio.sheet.policy


def test_some_amendments() -> None:
    """A few hundred steps keep every invariant."""
    run_state_machine_as_test(
        AmendedMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.slow
def test_thousands_of_steps_between_amendments() -> None:
    """So do thousands."""
    run_state_machine_as_test(
        AmendedMachine,
        settings=settings(
            max_examples=15,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
