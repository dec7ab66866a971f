"""One studio that goes over to an amended policy: its event, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import evolve

from studioflow.codec import MISSING_KEY
from studioflow.errors import InputError, Problem
from studioflow.lifecycle import Lifecycle
from studioflow.people import Actor
from studioflow.policy import AMEND, MILESTONES, Policy, RecordKind
from studioflow.programme.amendment_report import StudioAmendment, sheet_changes
from studioflow.programme.versions import Version
from studioflow.rules import known
from studioflow.studio import Event, Record, Studio
from studioflow.text import Message, Text, message
from studioflow.verdict import Reason, Verdict

__all__ = ["GoingOver"]

NO_SUCH_STATE = message(
    "amended_state_gone",
    zh="{studio}现为“{state}”，修订后的政策没有这一状态，[amendment.states] 也未说明转入何处",
    en="{studio} is {state}: the amended policy has no such state, and [amendment.states] does not "
    "say where it goes",
)
NOT_REACHED = message(
    "amended_not_reached",
    zh="{studio}会因修订成为“{state}”，而它从未到过这一步",
    en="{studio} would become {state} by the amendment, and has never come so far",
)
FITS_NO_MORE = message(
    "amended_fits_no_more",
    zh="{studio}案卷中的内容不符合修订后的政策：{problems}",
    en="what {studio} has on file does not fit the amended policy: {problems}",
)
NO_SUCH_STEP = message(
    "amended_step_gone",
    zh="修订后的政策没有这一步",
    en="the amended policy has no such step",
)
_SOMEBODY = Actor("amendment", unit="amendment")
"""Who stands in an event that is not decided yet, and asks what somebody could do."""


class GoingOver:
    """How one studio goes over.

    Attributes:
        told: what becomes of it.
        event: by which it goes over; who amends, and when that is written down, is for others to
            say. None where it can not go on.
    """

    def __init__(
        self,
        studio: Studio,
        versions: tuple[Version, Version],
        *,
        on: date,
        places_left: Mapping[str, int | None],
    ) -> None:
        """Find out what becomes of a studio.

        Args:
            studio: as it is.
            versions: the one by which it goes, and the amended one.
            on: the day.
            places_left: of the quota, by the fingerprint of each version.
        """
        old, new = versions
        self._studio = studio
        self._old, self._new = old, new
        self._on = on
        self._left = places_left
        struck, gone = _left_out(studio, old.policy, new.policy)
        event = Event(
            studio=studio.id,
            action=AMEND,
            source=studio.state,
            dest=new.policy.amending.states.get(studio.state, studio.state),
            on=on,
            by=_SOMEBODY,
            policy=new.policy.reference,
            facts=dict.fromkeys(gone),
            struck=struck,
        )
        self.event: Event | None = None
        self.told = StudioAmendment(
            studio=studio.id,
            policy=old.policy,
            goes_over=True,
            before=studio.state,
            after=event.dest if event.dest in new.policy.procedure.states else None,
            left_out=(*struck, *gone),
        )
        reason = self._nowhere(event.dest) or self._scored(event)
        if reason is not None:
            self.told = evolve(self.told, reasons=(reason,))

    def _nowhere(self, state: str) -> Reason | None:
        """Return why the studio can not be in the state that it would have."""
        if self.told.after is None:
            return self._about(NO_SUCH_STATE, self._old.policy, self._studio.state)
        come = {event.dest for event in self._studio.history}
        reached = [number for number, name in enumerate(MILESTONES) if name in come]
        if state in MILESTONES and MILESTONES.index(state) > max(reached, default=-1):
            return self._about(NOT_REACHED, self._new.policy, state)
        return None

    def _about(self, said: Message, policy: Policy, state: str) -> Reason:
        found = policy.procedure.states.get(state)
        label = Text(state, state) if found is None else found.label
        about = {"studio": self._studio.id, "state": label}
        return Reason(said, about, about=(self._studio.id, state))

    def _scored(self, event: Event) -> Reason | None:
        """Tell what changes on its sheet and of its steps, or return why it can not be scored."""
        studio, old, new = self._studio, self._old.lifecycle, self._new.lifecycle
        # A sheet that was made stays of the day that it was made for, and is made anew for it.
        day = studio.scored_on or self._on
        try:
            sheet = new.score(studio.after(event), on=day)
        except InputError as error:
            told = {"studio": studio.id, "problems": tuple(map(_said, error.problems))}
            return Reason(FITS_NO_MORE, told, about=(studio.id,))
        if studio.sheet is not None:
            event = evolve(event, sheet=sheet, scored_on=studio.scored_on)
        self.event = event
        after = studio.after(event)
        could, can = self._possible(old, studio), self._possible(new, after)
        self.told = evolve(
            self.told,
            sheet=sheet_changes(studio.sheet or old.score(studio, on=day), sheet),
            newly=tuple(name for name in can if name not in could),
            no_more={name: self._why_not(name, after) for name in could if name not in can},
        )
        return None

    def _possible(self, lifecycle: Lifecycle, studio: Studio) -> tuple[str, ...]:
        """Return the steps that somebody could take, once they hand in what belongs to it."""
        steps = lifecycle.policy.procedure.transitions
        possible = []
        for name in (name for name, step in steps.items() if studio.state in step.sources):
            verdict = self._best(name, lifecycle, studio)
            if verdict.allowed or verdict.wants_input:
                possible.append(name)
        return tuple(possible)

    def _why_not(self, action: str, studio: Studio) -> tuple[Reason, ...]:
        lifecycle = self._new.lifecycle
        if action not in lifecycle.actions:
            return (Reason(NO_SUCH_STEP),)
        return self._best(action, lifecycle, studio).reasons

    def _best(self, action: str, lifecycle: Lifecycle, studio: Studio) -> Verdict:
        """Return what is said to whoever has every role: the studio's own lead, or somebody else.

        It is the answer that has less against it.
        """
        roles = frozenset(lifecycle.policy.roles)
        left = self._left[lifecycle.policy.fingerprint]
        anybody = [evolve(_SOMEBODY, roles=roles)]
        if studio.application is not None:
            lead, unit = studio.application.lead.id, studio.application.unit
            anybody.insert(0, Actor(lead, unit=unit, roles=roles))
        verdicts = []
        for somebody in anybody:
            verdict = lifecycle.can(action, studio, by=somebody, on=self._on, places_left=left)
            if verdict.allowed:
                return verdict
            verdicts.append(verdict)
        return min(verdicts, key=lambda each: (not each.wants_input, len(each.reasons)))


def _said(problem: Problem) -> Text:
    return Text(problem.explain("zh"), problem.explain("en"))


def _left_out(studio: Studio, old: Policy, new: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the records and marks, and the facts, that the new policy can make nothing of."""
    records = [
        record.id
        for record in studio.records.values()
        if not _fits(record, old.record_kinds.get(record.kind), new.record_kinds.get(record.kind))
    ]
    judged = new.rubric.judged_facts
    marks = [f"{m.criterion}/{m.by}" for m in studio.marks if m.criterion not in judged]
    facts = [name for name, value in studio.facts.items() if not _holds(new, name, value)]
    return (*records, *marks), tuple(facts)


def _fits(record: Record, old: RecordKind | None, new: RecordKind | None) -> bool:
    """Return whether a record can be read as its kind is declared now.

    One that lacks what is asked for only now is incomplete, and stays one.
    """
    if new is None:
        return False
    if old is not None and old.fields == new.fields:
        return True
    try:
        new.load(record.document())
    except InputError as error:
        found_by = {new.date, new.person, new.since}
        return all(
            problem.expects is MISSING_KEY and problem.parameters["key"] not in found_by
            for problem in error.problems
        )
    return True


def _holds(policy: Policy, name: str, value: object) -> bool:
    """Return whether a fact on file can be one of a policy's."""
    try:
        known(policy.facts, {name: value})
    except InputError:
        return False
    return True
