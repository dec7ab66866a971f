"""A state machine for hypothesis: random walks through the lifecycle of any policy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from studioflow.algebra import names
from studioflow.cases.cast import actor
from studioflow.errors import InputError, MissingExtraError
from studioflow.host import Host
from studioflow.people import Actor
from studioflow.policy import UNDECLARED, Policy
from studioflow.programme import Programme
from studioflow.programme.slots import PLACE
from studioflow.studio import Event, Studio
from studioflow.testing.clock import FakeClock
from studioflow.testing.driver import Driver
from studioflow.testing.stage import Brought, Stage
from studioflow.verdict import Denied

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

__all__ = ["Walk", "lifecycle_machine"]

_STUDIOS = ("s-01", "s-02", "s-03")
_LANGUAGES = ("zh", "en")


class Walk:
    """Studios of one programme, tried with anything, and what has to hold whatever is tried.

    `check` and `attempt` raise an `AssertionError` that says what does not hold.
    """

    def __init__(self, driver: Driver, clock: FakeClock) -> None:
        """Open a programme without studios."""
        self.policy, self.clock = driver.policy, clock
        self.programme = Programme.open(driver.policy, host=driver.host, clock=clock)
        self.stages = {
            name: Stage(self.programme, clock, (driver.best,), name) for name in _STUDIOS
        }
        self.full = driver.full

    def attempt(self, action: str, name: str, by: Actor, given: dict[str, Any]) -> None:
        """Try a step: one event more, or reasons and nothing else.

        Raises:
            AssertionError: where something else happened.
        """
        before = self._everything()
        try:
            studio = self.programme.act(action, name, by=by, **given)
        except (Denied, InputError) as no:
            _expect(before == self._everything(), f"{action} was refused, and changed something")
            if isinstance(no, Denied):
                self._check_reasons(action, no)
            return
        after = self._everything()
        more = studio.history[-1]
        _expect(after.pop(name) == (*before.pop(name, ()), more), f"{action} is not one event more")
        _expect(before == after, f"{action} on {name} changed another studio")

    def check(self) -> None:
        """Check what holds at any time.

        Raises:
            AssertionError: saying what does not.
        """
        states = {*self.policy.procedure.states, UNDECLARED}
        for name, events in self._everything().items():
            studio = self.programme.studio(name)
            _expect(studio.state in states, f"{name} is in a state that there is not")
            _expect(studio.version == len(events), f"{name} has another number of events")
            _expect(
                studio == Studio.from_events(name, events), f"{name} is not what its events say"
            )
            self._check_rewards(name, events)
            moments = [event.recorded for event in events if event.recorded is not None]
            _expect(moments == sorted(moments), f"{name} has events that were recorded backwards")
        self._check_quota()

    def _everything(self) -> dict[str, tuple[Event, ...]]:
        register = self.programme.register
        return {name: tuple(register.events(name)) for name in register.studios()}

    def _check_reasons(self, action: str, denied: Denied) -> None:
        _expect(bool(denied.reasons), f"{action} was denied without a reason")
        for reason in (*denied.reasons, *denied.verdict.warnings):
            for language in _LANGUAGES:
                said = reason.explain(language)  # type: ignore[arg-type]
                whole = bool(said.strip()) and "{" not in said
                _expect(whole, f"{reason.code} of {action} says {said!r} in {language}")

    def _check_rewards(self, name: str, events: tuple[Event, ...]) -> None:
        cycle, granted = 1, Counter[tuple[str, int]]()
        for event in events:
            if event.reward is not None:
                granted[event.action, cycle] += 1
            cycle = event.cycle or cycle
        _expect(all(each == 1 for each in granted.values()), f"{name} was rewarded twice")

    def _check_quota(self) -> None:
        quota = self.policy.quota
        if quota is None:
            return
        step = self.policy.procedure.transitions[quota.taken_by]
        firm = any(
            "places_left" in names(each.condition.truth) and each.severity == "refuse"
            for each in step.conditions.values()
        )
        aside = sum(
            bool(event.overrides)
            for events in self._everything().values()
            for event in events
            if event.action == quota.taken_by
        )
        held = len(self.programme.register.holders(PLACE))
        _expect(not firm or held <= quota.places + aside, f"{held} places are held")


def lifecycle_machine(
    policy: Policy | str, host: Host | None = None
) -> type[RuleBasedStateMachine]:
    """Return a state machine of hypothesis that walks through a policy's lifecycle.

    Run it with `hypothesis.stateful.run_state_machine_as_test`, or give its `TestCase` to pytest.
    It tries any step by anybody with any papers, and steps that fit as well, on a clock that goes
    on and back; after each it checks what has to hold: see `Walk.check`.

    Args:
        policy: or the id of one that a plugin brings.
        host: whose plugins are asked; every installed one when it is left out.

    Raises:
        MissingExtraError: without hypothesis.
        InputError: with every problem of the policy.
    """
    try:
        from hypothesis import strategies as st
        from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
    except ImportError as error:
        raise MissingExtraError("testing") from error

    driver = Driver(policy, host)
    steps = driver.policy.procedure.transitions
    studios, actions = st.sampled_from(_STUDIOS), st.sampled_from(sorted(steps))
    roles = st.sampled_from(sorted(driver.policy.roles))
    decisions = st.sampled_from([None, *driver.policy.rubric.grades])
    facts = st.sampled_from([{}, *driver.full])
    first_day = driver.first_day(())

    class LifecycleMachine(RuleBasedStateMachine):
        """Three studios of one programme."""

        def __init__(self) -> None:
            super().__init__()
            self.walk = Walk(driver, FakeClock(first_day))

        @rule(name=studios, turn=st.integers(0, 40), facts=facts, decision=decisions)
        def on_the_way(
            self, name: str, turn: int, facts: dict[str, object], decision: str | None
        ) -> None:
            """Take one of the steps that start from where a studio is, with its papers."""
            stage = self.walk.stages[name]
            starting = [each for each in steps if stage.studio.state in steps[each].sources]
            if starting:
                action = starting[turn % len(starting)]
                asked = stage.asked(action, Brought())
                for brought in (Brought(facts=dict(facts)), Brought(dict(facts), decision)):
                    asked = asked if asked and asked.verdict else stage.asked(action, brought)
                if asked is not None:
                    self.walk.attempt(action, name, asked.by, dict(asked.given))

        @rule(name=studios, action=actions, role=roles, papers=st.booleans(), own=st.booleans())
        def anything(
            self,
            name: str,
            action: str,
            role: str,
            *,
            papers: bool,
            own: bool,
        ) -> None:
            """Try any step by anybody, with its papers or without, on anybody's studio."""
            by = actor(driver.policy, role, name if own else _STUDIOS[0])
            asked = self.walk.stages[name].asked(action, Brought()) if papers else None
            self.walk.attempt(action, name, by, dict(asked.given) if asked else {})

        @rule(days=st.sampled_from([-30, 1, 7, 30, 90, 365]))
        def time_goes(self, days: int) -> None:
            """Let the clock go on, or back."""
            self.walk.clock.advance(days=days)

        @rule(role=roles)
        def by_itself(self, role: str) -> None:
            """Have whatever goes by itself done."""
            self.walk.programme.advance(by=actor(driver.policy, role, _STUDIOS[0]))

        @invariant()
        def holds(self) -> None:
            """What has to hold at any time does."""
            self.walk.check()

    return LifecycleMachine


def _expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - what is expected
    if not holds:
        raise AssertionError(otherwise)
