"""What an attempt is judged on, and what may stand against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve, frozen

from studioflow.errors import Problem
from studioflow.lifecycle.attempt import NO_FACTS, Attempt
from studioflow.lifecycle.made_once import made_once
from studioflow.lifecycle.scoring import Scoring, facts_on_file, marks_in_force
from studioflow.people import Actor, Mark
from studioflow.policy import Policy, Transition
from studioflow.rubric import FactFile, Inspection, Measured, ScoreSheet
from studioflow.rubric.site_check import PREFIX
from studioflow.rules import Known, known
from studioflow.studio import (
    Application,
    PluginMeasure,
    Record,
    Studio,
    case_facts,
    handed_in_plainly,
    person_id,
)
from studioflow.text import Text
from studioflow.verdict import Reason

__all__ = ["Given", "Ground", "Matter", "Objection", "in_force"]

_NOTHING: Mapping[str, object] = {}


@frozen
class Objection:
    """A reason, and what may be done about it.

    Attributes:
        key: the id by which it may be set aside, with its label and the roles that may.
        warns: it is said and does not refuse.
        refusal: what is said where it refuses: the reason, with who may set it aside.
    """

    reason: Reason
    key: str | None = None
    label: Text | None = None
    warns: bool = False
    override: tuple[str, ...] = ()
    refusal: Reason | None = None


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


@frozen(eq=False)
class Ground:
    """What is the same for every attempt at one step.

    Attributes:
        measures: of plugins, by id.
        scores: whether the step asks for a score sheet.
        judged: the facts that people judge or inspect.
        batch_decides: whether the policy has a step that records the grade of the batch.
    """

    policy: Policy
    transition: Transition
    measures: Mapping[str, PluginMeasure]
    scores: bool
    judged: frozenset[str]
    batch_decides: bool = False


class Matter:
    """One attempt, with everything that it is judged on, each part made when it is first asked for.

    Attributes:
        handed_in: the plain facts that came with it, those of the inspection included.
        records: that came in, with an id each.
        self_assessment: the sheet that the studio's own people make of it with this step.
    """

    def __init__(  # noqa: PLR0913 - each is something that came with it
        self,
        ground: Ground,
        attempt: Attempt,
        *,
        handed_in: Mapping[str, object] = _NOTHING,
        records: tuple[Record, ...] = (),
        marks_that_stay: tuple[Mark, ...] | None = None,
        self_assessment: ScoreSheet | None = None,
    ) -> None:
        """Keep what came; `marks_that_stay` are those on file, where they had to be looked at."""
        self.ground = ground
        self.transition = ground.transition
        self.policy = ground.policy
        self.attempt = attempt
        self.handed_in = handed_in
        self.records = records
        self.self_assessment = self_assessment
        self._alike: Matter | None = None
        studio = attempt.studio
        if not (attempt.takes_in or attempt.application or studio.marks):
            self.file = studio
            if not studio.records:
                self.fact_values = studio.facts
        self._marks_that_stay = marks_that_stay

    def share(self, with_others: dict[date, Matter]) -> None:
        """Take what is counted and scored from another attempt at the same file on the same day.

        Only where nothing came with either of them.
        """
        other = with_others.setdefault(self.scored_on, self)
        self._alike = None if other is self else other

    @made_once
    def scored_on(self) -> date:
        """The day on which everything is counted."""
        attempt, studio = self.attempt, self.attempt.studio
        again = (
            studio.scored_on is None
            or attempt.action == studio.scored_by
            or self.transition.rescores
        )
        return attempt.on if again else studio.scored_on or attempt.on

    @made_once
    def file(self) -> Studio:
        """The studio as it would be with what was handed in, but in its state of before."""
        attempt, studio = self.attempt, self.attempt.studio
        return evolve(
            studio,
            application=attempt.application or studio.application,
            records=studio.records_with(self.records, attempt.strike),
            facts={**studio.facts, **self.handed_in},
            marks=(*attempt.facts.marks, *self._on_file),
        )

    @made_once
    def _on_file(self) -> tuple[Mark, ...]:
        stay = self._marks_that_stay
        return marks_in_force(self.policy, self.attempt.studio.marks) if stay is None else stay

    @made_once
    def measured(self) -> dict[str, Measured]:
        """What is counted from the records, by the fact's name."""
        if self._alike is not None:
            return self._alike.measured
        return case_facts(self.policy, self.file, self.scored_on, self.ground.measures)

    @made_once
    def scoring(self) -> Scoring:
        """The marks that count, and the values that they and the facts have.

        Raises:
            InputError: with everything that is wrong with a new mark.
        """
        if self._alike is not None:
            return self._alike.scoring
        on_file = FactFile(facts=facts_on_file(self.file, self.measured))
        scoring = Scoring(self.policy, on_file, self.attempt.facts.marks, self._on_file)
        scoring.check()
        return scoring

    @made_once
    def facts(self) -> Known:
        """Every fact known, those on file and those measured included, checked.

        Raises:
            InputError: with everything that does not fit.
        """
        if self._alike is not None:
            return self._alike.facts
        return known(self.policy.facts, self.scoring.values)

    @made_once
    def fact_values(self) -> Mapping[str, object]:
        """The values of the facts that are known.

        Where nothing is counted and nobody marked, they are as they were handed in.
        """
        file = self.file
        return self.facts.values if file.records or file.marks else file.facts

    @made_once
    def given(self) -> tuple[Given, ...]:
        """Where judged and inspected facts come from, whenever they were handed in."""
        return in_force(self.policy, self.attempt, self.handed_in, self.scoring.marks)

    @property
    def somebody_judged(self) -> bool:
        """Whether something on file or handed in may have been judged or inspected by somebody."""
        studio, came = self.attempt.studio, self.attempt.facts
        judged = self.ground.judged
        if studio.marks or not judged.isdisjoint(studio.facts.keys()):
            return True
        if came is NO_FACTS:
            return False
        return bool(came.marks or came.inspection or not judged.isdisjoint(came.facts))

    @made_once
    def sheet(self) -> ScoreSheet | None:
        """The sheet where the step asks for one: that on file, unless something came in since."""
        studio = self.attempt.studio
        if not self.ground.scores:
            return None
        came = self.handed_in or self.attempt.facts.marks or self.records or self.attempt.strike
        anew = came or self.transition.rescores or not studio.sheet_is_current
        if studio.sheet is not None and not anew:
            return studio.sheet
        plain = handed_in_plainly(self.policy, self.file)
        return evolve(self.scoring.sheet(), measured={**self.measured, **plain})

    @property
    def stale(self) -> tuple[tuple[Mark, Problem], ...]:
        """Marks on file that no longer fit, each with what was expected."""
        return self.scoring.stale if self.file.marks else ()

    @property
    def new_sheet(self) -> ScoreSheet | None:
        """The sheet, if this attempt makes one."""
        return None if self.sheet is self.attempt.studio.sheet else self.sheet

    @property
    def decision(self) -> str | None:
        """The decision that came with it, or the grade that the places of the batch leave alone."""
        attempt = self.attempt
        if attempt.decision is None and self.transition.batch_grade:
            return attempt.batch_grades[0] if len(attempt.batch_grades) == 1 else None
        return attempt.decision

    @property
    def application(self) -> Application | None:
        """The application that was handed in, or the one on file."""
        return self.attempt.application or self.attempt.studio.application

    @made_once
    def people(self) -> frozenset[str]:
        """The ids of all whose own studio it is: lead, declared members, and insiders' rosters.

        Whoever was on a roster stays one of them, and so does whoever led it, unless others found
        that it was a mistake: the studio's own people can not make somebody independent by striking
        the entry.
        """
        studio = self.attempt.studio
        own = studio.people()
        if self.attempt.application is not None:
            own |= self.attempt.application.people()
        if not self.records and not any(e.records or e.struck or e.lead for e in studio.history):
            return own
        listed: dict[str, str | None] = {}
        led: set[str] = set()
        lead: str | None = None
        for event in studio.history:
            self._enlist(event.records, listed)
            if not self._of_unit(event.by) and event.by.id not in own:
                listed = {name: who for name, who in listed.items() if name not in event.struck}
            if event.lead is not None and lead is not None:
                led.add(lead)
            if event.application or event.lead:
                lead = (event.lead or event.application.lead).id  # type: ignore[union-attr]
        self._enlist(self.records, listed)
        return own | led | {person for person in listed.values() if person is not None}

    def _enlist(self, records: Iterable[Record], listed: dict[str, str | None]) -> None:
        kinds = self.policy.record_kinds
        for record in records:
            kind = kinds.get(record.kind)  # an amended policy may not have it any more
            if kind is not None and kind.insider:
                listed[record.id] = person_id(record, kind)

    def _of_unit(self, actor: Actor) -> bool:
        application = self.attempt.studio.application or self.attempt.application
        return application is not None and actor.unit == application.unit

    def is_insider(self, person: str) -> bool:
        """Return whether somebody belongs to the studio; see `people`."""
        # Most have only the application to look at, and it costs less to look than to list.
        application = self.application
        if application is not None and person in application.people():
            return True
        for event in self.attempt.studio.history:
            if event.records or event.struck or event.lead is not None:
                return person in self.people
        return (self.records or self.attempt.application is not None) and person in self.people

    def is_own(self, actor: Actor) -> bool:
        """Return whether the studio is an actor's own, by person or by unit.

        Once there is an application on file, that one says so, and not one that comes in.
        """
        return self._of_unit(actor) or self.is_insider(actor.id)

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
            if name in policy.facts:  # an amended policy may not have it any more
                new[name] = Given(fact=name, actor=actor, inspection=inspection)
        gone = set()
        for name, value in facts.items():
            if value is None:
                gone.add(name)
            elif name in looked_at and name not in new:
                new[name] = Given(fact=name, actor=actor)
        found = {n: given for n, given in found.items() if n not in new and n not in gone} | new
    return (*judged, *found.values())
