"""The event that an allowed step becomes."""

from __future__ import annotations

from datetime import date

from studioflow.lifecycle.attempt import NO_FACTS, NOBODY, Attempt
from studioflow.lifecycle.gate import Decided
from studioflow.policy import Policy
from studioflow.studio import Event
from studioflow.studio.read_only import read_only

__all__ = ["EventOf"]


class EventOf:
    """Writes the events of one step of a policy."""

    def __init__(self, action: str, policy: Policy) -> None:
        """Prepare what all of them have in common."""
        self.transition = policy.procedure.transitions[action]
        self._blank = Event(
            studio="",
            action=action,
            source="",
            dest="",
            on=date.min,
            by=NOBODY,
            policy=policy.reference,
            reward=self.transition.reward,
            opens=self.transition.opens,
            settles=self.transition.settles,
        ).__dict__

    def event(self, attempt: Attempt, decided: Decided, dest: str) -> Event:
        """Return what happened: the attempt, what was decided about it, and where it led."""
        studio = attempt.studio
        event = object.__new__(Event)
        # Most of it is as on every event of this step; `__init__` would go through all of it.
        values = event.__dict__
        values.update(self._blank)
        values["studio"] = studio.id
        values["source"] = studio.state
        values["dest"] = dest
        values["on"] = attempt.on
        values["by"] = attempt.by
        values["application"] = attempt.application
        values["gaps"] = attempt.gaps
        values["remark"] = attempt.remark
        values["recorded"] = attempt.recorded
        values["key"] = attempt.key
        if self.transition.next_cycle:
            values["cycle"] = studio.cycle + 1
        if attempt.is_bare and not decided.made_something:
            return event
        beside = decided.self_assessment is not None  # it goes nowhere but onto its sheet
        facts = NO_FACTS if beside else attempt.facts
        values.update(
            facts=read_only(decided.handed_in),
            marks=facts.marks,
            inspection=facts.inspection,
            records=decided.records,
            struck=attempt.strike,
            sheet=decided.sheet,
            scored_on=decided.scored_on,
            decision=decided.decision,
            overrides=read_only(decided.set_aside),
            due=attempt.due,
            opinion=attempt.opinion,
            lead=attempt.lead,
            recovered=decided.recovered,
            ban=decided.ban,
            self_assessment=decided.self_assessment,
        )
        return event
