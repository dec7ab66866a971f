"""The stage: one studio of a real programme, its clock, and questions about its next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import define, field, frozen

from studioflow.cases.cast import actor, application
from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.policy import Policy, Transition
from studioflow.programme import Programme
from studioflow.studio import Studio
from studioflow.testing.clock import FakeClock
from studioflow.testing.papers import Desk
from studioflow.verdict import Verdict

__all__ = ["Asked", "Brought", "Stage", "Taken"]


@frozen
class Taken:
    """One step that was taken: `programme.act(action, studio, by=by, on=on, **given)`."""

    action: str
    by: Actor
    on: date
    given: Mapping[str, Any]


@define
class Brought:
    """What is brought to a step beside the papers that it has to have.

    Attributes:
        facts: by name.
        decision: a grade's id.
        opinion: for or against, where the step asks for it.
        overrides: conditions to set aside.
        role: in which it is taken; None: any that may.
    """

    facts: dict[str, object] = field(factory=dict)
    decision: str | None = None
    opinion: bool = True
    overrides: dict[str, object] = field(factory=dict)
    role: str | None = None


@frozen
class Asked:
    """A way to take a step, and what the programme says of it."""

    by: Actor
    given: Mapping[str, Any]
    verdict: Verdict


class Stage:
    """One studio of a programme.

    Attributes:
        name: the studio's id.
        full: complete facts, the best first.
        taken: what was done so far.
    """

    def __init__(
        self,
        programme: Programme,
        clock: FakeClock,
        full: Sequence[Mapping[str, object]],
        name: str = "s-01",
    ) -> None:
        """Set the stage for a studio that is not declared yet."""
        self.programme, self.clock, self.full, self.name = programme, clock, full, name
        self.taken: list[Taken] = []

    @property
    def policy(self) -> Policy:
        """The programme's policy."""
        return self.programme.policy

    @property
    def studio(self) -> Studio:
        """The studio as it is."""
        known = self.name in self.programme.register.studios()
        return self.programme.studio(self.name) if known else Studio(id=self.name)

    def step(self, action: str) -> Transition:
        """Return a step of the policy.

        Raises:
            InputError: where there is none.
        """
        steps = self.policy.procedure.transitions
        if action not in steps:
            self.programme.can(action, by=actor(self.policy, "nobody", self.name))
        return steps[action]

    def asked(self, action: str, brought: Brought) -> Asked | None:
        """Return the way to take a step that least stands against; None where there is none."""
        best: Asked | None = None
        for by, given in self._ways(action, brought):
            asked = self._can(action, by, given)
            if asked is None:
                continue
            if best is None or len(asked.verdict.reasons) < len(best.verdict.reasons):
                best = asked
            if asked.verdict:
                break
        return best

    def act(self, action: str, asked: Asked) -> None:
        """Take a step.

        Raises:
            Denied: with every reason.
        """
        self.programme.act(action, self.name, by=asked.by, **asked.given)
        self.taken.append(Taken(action, asked.by, self.clock.today, asked.given))

    def _ways(self, action: str, brought: Brought) -> Iterator[tuple[Actor, dict[str, Any]]]:
        policy, step, studio = self.policy, self.step(action), self.studio
        for role in (brought.role,) if brought.role else step.by:
            by = actor(policy, role, self.name, self._suppliers(step, role, brought))
            desk = Desk(policy, step, studio, by, self.clock.today, self.full[0])
            for given in desk.papers():
                if step.declares and studio.application is None:
                    given["application"] = application(self.name)
                if brought.facts or "facts" in given:
                    given["facts"] = {**given.get("facts", {}), **brought.facts}
                if "opinion" in given:
                    given["opinion"] = brought.opinion
                if brought.decision is not None:
                    given["decision"] = brought.decision
                if brought.overrides:
                    given["overrides"] = brought.overrides
                yield by, given

    def _suppliers(self, step: Transition, role: str, brought: Brought) -> frozenset[str]:
        """Return roles that somebody has to have beside, to supply the facts that are brought."""
        if step.independent:
            return frozenset()
        asked = (self.policy.facts[name].supplied_by for name in brought.facts)
        return frozenset(roles[0] for roles in asked if roles and role not in roles)

    def _can(self, action: str, by: Actor, given: dict[str, Any]) -> Asked | None:
        """Ask; facts that are not to be handed in, such as those counted from records, go."""
        try:
            return Asked(by, given, self.programme.can(action, self.name, by=by, **given))
        except InputError as error:
            paths = (problem.path.split("/") for problem in error.problems)
            gone = {path[1] for path in paths if path[0] == "facts" and len(path) > 1}
        facts = given.get("facts", {})
        if not gone & facts.keys():
            return None
        less = {name: value for name, value in facts.items() if name not in gone}
        return self._can(action, by, {**given, "facts": less})
