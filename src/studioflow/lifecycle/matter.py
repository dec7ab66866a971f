"""What an attempt is judged on, and what may stand against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from studioflow.lifecycle.attempt import Attempt
from studioflow.people import Actor, Mark
from studioflow.policy import Policy, Transition
from studioflow.rubric import Inspection, ScoreSheet
from studioflow.rubric.site_check import PREFIX
from studioflow.rules import Known
from studioflow.studio import Application
from studioflow.text import Text
from studioflow.verdict import Reason

__all__ = ["Given", "Matter", "Objection", "in_force"]


@frozen
class Objection:
    """A reason, and what may be done about it.

    Attributes:
        key: the id by which it may be set aside, with its label and the roles that may.
        warns: it is said and does not refuse.
    """

    reason: Reason
    key: str | None = None
    label: Text | None = None
    warns: bool = False
    override: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class Given:
    """Where the value in force of a judged or inspected fact comes from.

    Attributes:
        actor: who handed it in; `mark` and `inspection` say who judged, where it was not plain.
    """

    fact: str
    actor: Actor
    mark: Mark | None = None
    inspection: Inspection | None = None


@frozen(eq=False, kw_only=True)
class Matter:
    """One attempt, with everything that it is judged on.

    Attributes:
        handed_in: the facts that came with it, those of marks and the inspection included.
        facts: every fact known, those on file included, checked.
        given: where judged and inspected facts come from, whenever they were handed in.
        sheet: where the conditions ask for one: the one on file, unless facts came in.
    """

    attempt: Attempt
    transition: Transition
    policy: Policy
    handed_in: Mapping[str, object]
    facts: Known
    given: tuple[Given, ...]
    sheet: ScoreSheet | None

    @property
    def new_sheet(self) -> ScoreSheet | None:
        """The sheet, if this attempt makes one."""
        return None if self.sheet is self.attempt.studio.sheet else self.sheet

    @property
    def application(self) -> Application | None:
        """The application on file, or the one that was handed in."""
        return self.attempt.studio.application or self.attempt.application

    def roles(self, names: Iterable[str]) -> tuple[Text, ...]:
        """Return the labels of roles."""
        return tuple(self.policy.roles[name].label for name in names)


def in_force(
    policy: Policy, attempt: Attempt, handed_in: Mapping[str, object]
) -> tuple[Given, ...]:
    """Return for each judged or inspected fact what its latest value comes from."""
    fact_of = policy.rubric.judged_facts
    looked_at = {*fact_of.values(), *policy.site_check.facts()}
    found: dict[str, Given] = {}
    brought = [
        (event.by, event.facts, event.marks, event.inspection) for event in attempt.studio.history
    ]
    now = (attempt.by, handed_in, attempt.facts.marks, attempt.facts.inspection)
    for actor, facts, marks, inspection in (*brought, now):
        new: dict[str, Given] = {}
        for mark in marks:
            name = fact_of.get(mark.criterion, mark.criterion)
            new[name] = Given(fact=name, actor=actor, mark=mark)
        for item in inspection.items if inspection else ():
            name = PREFIX + item
            new[name] = Given(fact=name, actor=actor, inspection=inspection)
        for name in facts:
            if name in looked_at and name not in new:
                new[name] = Given(fact=name, actor=actor)
        found = {name: given for name, given in found.items() if name not in new} | new
    return tuple(found.values())
