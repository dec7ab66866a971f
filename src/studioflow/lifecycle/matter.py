"""What an attempt is judged on, and what may stand against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from attrs import frozen

from studioflow.errors import Problem
from studioflow.lifecycle.attempt import Attempt
from studioflow.people import Actor, Mark
from studioflow.policy import Policy, Transition
from studioflow.rubric import Inspection, ScoreSheet
from studioflow.rubric.site_check import PREFIX
from studioflow.rules import Known
from studioflow.studio import Application, Record, Studio, person_id
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
        actor: who handed it in; `mark` and `inspection` say who judged, where somebody did.
    """

    fact: str
    actor: Actor | None = None
    mark: Mark | None = None
    inspection: Inspection | None = None


@frozen(eq=False, kw_only=True)
class Matter:
    """One attempt, with everything that it is judged on.

    Attributes:
        file: the studio as it would be with what was handed in, but in its state of before.
        handed_in: the plain facts that came with it, those of the inspection included.
        records: that came in, with an id each.
        facts: every fact known, those on file and those measured included, checked.
        given: where judged and inspected facts come from, whenever they were handed in.
        sheet: where the conditions ask for one: the one on file, unless something came in since.
        scored_on: the day on which everything is counted: that of the attempt, or that of the sheet
            where another action made it.
        stale: marks on file that no longer fit, each with what was expected.
    """

    attempt: Attempt
    transition: Transition
    policy: Policy
    file: Studio
    handed_in: Mapping[str, object]
    records: tuple[Record, ...]
    facts: Known
    given: tuple[Given, ...]
    sheet: ScoreSheet | None
    scored_on: date
    stale: tuple[tuple[Mark, Problem], ...] = ()

    @property
    def new_sheet(self) -> ScoreSheet | None:
        """The sheet, if this attempt makes one."""
        return None if self.sheet is self.attempt.studio.sheet else self.sheet

    @property
    def application(self) -> Application | None:
        """The application that was handed in, or the one on file."""
        return self.file.application

    @cached_property
    def people(self) -> frozenset[str]:
        """The ids of all whose own studio it is: lead, declared members, and insiders' rosters.

        Whoever was on a roster stays one of them, unless others found that it was a mistake: the
        studio's own people can not make somebody independent by striking the entry.
        """
        own = self.file.people() | self.attempt.studio.people()
        listed: dict[str, str | None] = {}
        for event in self.attempt.studio.history:
            self._enlist(event.records, listed)
            if not self._of_unit(event.by) and event.by.id not in own:
                listed = {name: who for name, who in listed.items() if name not in event.struck}
        self._enlist(self.records, listed)
        return own | {person for person in listed.values() if person is not None}

    def _enlist(self, records: Iterable[Record], listed: dict[str, str | None]) -> None:
        kinds = self.policy.record_kinds
        for record in records:
            if kinds[record.kind].insider:
                listed[record.id] = person_id(record, kinds[record.kind])

    def _of_unit(self, actor: Actor) -> bool:
        application = self.attempt.studio.application or self.application
        return application is not None and actor.unit == application.unit

    def is_own(self, actor: Actor) -> bool:
        """Return whether the studio is an actor's own, by person or by unit.

        Once there is an application on file, that one says so, and not one that comes in.
        """
        return self._of_unit(actor) or actor.id in self.people

    def has_role(self, actor: Actor, names: Iterable[str]) -> bool:
        """Return whether an actor has one of the roles for this studio."""
        held = [self.policy.roles[name] for name in names if name in actor.roles]
        # Before there is an application, a studio is nobody's.
        return any(not role.own or not self.application or self.is_own(actor) for role in held)

    def roles(self, names: Iterable[str]) -> tuple[Text, ...]:
        """Return the labels of roles."""
        return tuple(self.policy.roles[name].label for name in names)


def in_force(
    policy: Policy, attempt: Attempt, handed_in: Mapping[str, object], marks: Iterable[Mark]
) -> tuple[Given, ...]:
    """Return what the value of each judged or inspected fact comes from.

    That is every mark in force, and of what was inspected or handed in plainly the latest.
    """
    fact_of = policy.rubric.judged_facts
    judged = [Given(fact=fact_of[mark.criterion], mark=mark) for mark in marks]
    looked_at = {*fact_of.values(), *policy.site_check.facts()} - {given.fact for given in judged}
    found: dict[str, Given] = {}
    brought = [(event.by, event.facts, event.inspection) for event in attempt.studio.history]
    for actor, facts, inspection in (*brought, (attempt.by, handed_in, attempt.facts.inspection)):
        items = inspection.items if inspection else ()
        new: dict[str, Given] = {}
        for name in (PREFIX + item for item in items):
            new[name] = Given(fact=name, actor=actor, inspection=inspection)
        for name in facts:
            if name in looked_at and name not in new:
                new[name] = Given(fact=name, actor=actor)
        found = {name: given for name, given in found.items() if name not in new} | new
    return (*judged, *found.values())
