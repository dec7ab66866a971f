"""Given, when, then: one step of a lifecycle as a sentence of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Self

from studioflow.cases.cast import actor
from studioflow.host import Host
from studioflow.people import Actor
from studioflow.policy import UNDECLARED, Policy
from studioflow.programme import Programme
from studioflow.studio import Studio
from studioflow.testing.clock import FakeClock
from studioflow.testing.driver import Driver
from studioflow.testing.path import shortest_way
from studioflow.testing.stage import Brought, Stage
from studioflow.verdict import Denied

__all__ = ["Given", "Scenario", "given"]


def given(policy: Policy | str, host: Host | None = None) -> Given:
    """Begin a scenario under a policy.

    >>> _ = given("yongjia-2023").studio("approved").when("plaque", by="host_party").then_denied(
    ...     "wrong_role"
    ... )

    Args:
        policy: or the id of one that a plugin brings.
        host: whose plugins are asked; every installed one when it is left out.
    """
    return Given(Driver(policy, host))


class Given:
    """A policy, of which a scenario wants a studio."""

    def __init__(self, driver: Driver) -> None:
        """Use `given`."""
        self._driver = driver

    def studio(self, state: str) -> Scenario:
        """Take a studio to a state, the shortest way.

        Raises:
            ValueError: where no steps lead to the state.
            Denied: where nothing was found that gets it there.
        """
        steps = self._driver.policy.procedure.transitions
        way = shortest_way(steps, UNDECLARED, {state})
        if way is None:
            known = ", ".join(sorted({step.dest for step in steps.values() if step.moves}))
            raise ValueError(f"no steps lead to {state!r}, but to {known}")
        return self.after(*way)

    def after(self, *actions: str) -> Scenario:
        """Take a studio along steps, beginning with a declaration.

        Raises:
            Denied: where nothing was found that gets it there.
        """
        drive = self._driver.drive(actions)
        return Scenario(drive.programme, drive.clock, self._driver.best)


class Scenario:
    """A studio in its programme, and what became of the last step that was tried.

    Attributes:
        programme: the real one.
        clock: the programme's.
        denied: the answer to the last step, where that was no.
    """

    def __init__(
        self, programme: Programme, clock: FakeClock, best: Mapping[str, object], name: str = "s-01"
    ) -> None:
        """Use `given`."""
        self.programme, self.clock = programme, clock
        self.denied: Denied | None = None
        self._stage = Stage(programme, clock, (best,), name)

    @property
    def studio(self) -> Studio:
        """The studio as it is."""
        return self._stage.studio

    def on(self, day: date) -> Self:
        """Set the clock to a day."""
        self.clock.set(day)
        return self

    def later(self, days: int) -> Self:
        """Let so many days go by."""
        self.clock.advance(days=days)
        return self

    def when(self, action: str, *, by: Actor | str | None = None, **brought: Any) -> Self:  # noqa: ANN401 - as `Programme.act` takes it
        """Try a step; what has to come with it is made up where it is not brought.

        Args:
            action: the step.
            by: who tries it, or in which role; anybody who may when it is left out.
            brought: what comes with it, as `Programme.act` takes it; None for what is left out.

        Raises:
            InputError: for input that does not fit the policy.
        """
        role = by if isinstance(by, str) else None
        papers = self._stage.asked(action, Brought(role=role))
        made = dict(papers.given) if papers is not None else {}
        handed_in = {name: value for name, value in (made | brought).items() if value is not None}
        who = by if isinstance(by, Actor) else papers.by if papers is not None else None
        if who is None:
            step = self._stage.step(action)
            who = actor(self.programme.policy, role or step.by[0], self._stage.name)
        self.denied = None
        try:
            self.programme.act(action, self._stage.name, by=who, **handed_in)
        except Denied as denied:
            self.denied = denied
        return self

    def then_state(self, state: str) -> Self:
        """Expect that the step was taken, and that the studio is in a state.

        Raises:
            AssertionError: with what stood against the step, or with the state that it is in.
        """
        if self.denied is not None:
            raise AssertionError(self.denied.explain())
        if self.studio.state != state:
            raise AssertionError(f"the studio is {self.studio.state}, expected {state}")
        return self

    def then_denied(self, *codes: str) -> Self:
        """Expect that the step was denied, with each of these codes among the reasons.

        Raises:
            AssertionError: where it was taken, or a code is missing: with all reasons that there
                are.
        """
        if self.denied is None:
            raise AssertionError(f"it was allowed; the studio is {self.studio.state}")
        missing = set(codes) - {reason.code for reason in self.denied.reasons}
        if missing:
            said = self.denied.explain()
            raise AssertionError(f"no reason has the code {', '.join(sorted(missing))}\n{said}")
        return self

    def then(self, expectation: Callable[[Studio], bool]) -> Self:
        """Expect something else of the studio.

        Raises:
            AssertionError: where it does not hold.
        """
        if not expectation(self.studio):
            raise AssertionError(f"not so of {self.studio.id}, which is {self.studio.state}")
        return self
