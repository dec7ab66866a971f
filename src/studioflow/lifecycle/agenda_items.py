"""What goes onto a studio's agenda: its duties, its deadline, and the steps from where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from studioflow.lifecycle.agenda import AgendaItem, Kind
from studioflow.lifecycle.duties import Occurrence, counts_in, occurrences, overdue
from studioflow.lifecycle.outlook import Ask, Outlook, look, next_steps, roles_of, since
from studioflow.policy import Duty, Policy
from studioflow.studio import Event, Studio
from studioflow.text import Text
from studioflow.timeline import After, Due, Moment

__all__ = ["items_of"]

_DEADLINE = Text("“{zh}”所定期限", "the deadline set with: {en}")


def items_of(
    policy: Policy, studio: Studio, ask: Ask, on: date, until: date
) -> Iterator[AgendaItem]:
    """Yield what is due, overdue, to come by `until`, or possible for a studio.

    Args:
        policy: whose studio it is.
        studio: as it was on the day.
        ask: tells whether somebody might take an action on that day.
        on: the day.
        until: how far to look ahead.

    Raises:
        InputError: if a day leaves the calendar.
    """
    told = _Teller(policy, studio, ask, on, until)
    owed = list(told.duties())
    yield from owed
    yield from told.deadlines()
    # What a duty asks for now is not said once more as something that may be done.
    asked = {item.action for item in owed if item.kind in {"overdue", "due"}}
    for item in told.steps():
        if item.action not in asked:
            yield item


class _Teller:
    """Tells of one studio on one day."""

    def __init__(self, policy: Policy, studio: Studio, ask: Ask, on: date, until: date) -> None:
        self.policy = policy
        self.studio = studio
        self.ask = ask
        self.on = on
        self.until = until

    def duties(self) -> Iterator[AgendaItem]:
        """Yield what is to be done by the policy's duties, as far as they count where it is."""
        if not self.studio.history:
            return
        for name, duty in self.policy.procedure.duties.items():
            if not counts_in(duty, self.policy, self.studio.state):
                continue
            for each in overdue(duty, self.policy, self.studio, self.on):
                yield self._of_duty(name, duty, each, "overdue")
            for each in occurrences(duty, self.policy, self.studio, self.until):
                over = each.end is not None and each.end < self.on
                if each.done is None and not over and not each.missed(self.on):
                    kind: Kind = "due" if each.start <= self.on else "upcoming"
                    yield self._of_duty(name, duty, each, kind)

    def _of_duty(self, name: str, duty: Duty, each: Occurrence, kind: Kind) -> AgendaItem:
        begun = kind != "upcoming" and self.studio.state in self._sources(duty.action)
        return AgendaItem(
            id=self._id("duty", name, each.start),
            kind=kind,
            studio=self.studio.id,
            action=duty.action,
            duty=name,
            label=duty.label,
            roles=roles_of(self.policy, duty.by),
            start=each.start,
            end=each.due,
            clause=duty.clause,
            reasons=self._look(duty.action).reasons if begun else (),
        )

    def deadlines(self) -> Iterator[AgendaItem]:
        """Yield the deadline that the step set by which the studio came where it is.

        Where a duty hangs on it, the duty says it.
        """
        event = next((e for e in reversed(self.studio.history) if e.source != e.dest), None)
        if event is None or event.due is None or self._in_a_duty(event):
            return
        step = self.policy.procedure.transitions.get(event.action)
        label = Text(event.action, event.action) if step is None else step.label
        leaving = [
            each
            for each in self.policy.procedure.transitions.values()
            if each.moves and self.studio.state in each.sources
        ]
        by = tuple(dict.fromkeys(role for each in leaving for role in each.by))
        yield AgendaItem(
            id=self._id("deadline", event.action, event.on),
            kind="overdue" if event.due < self.on else "due",
            studio=self.studio.id,
            label=Text(_DEADLINE.zh.format(zh=label.zh), _DEADLINE.en.format(en=label.en)),
            roles=roles_of(self.policy, by),
            start=event.on,
            end=event.due,
            clause=None if step is None else step.clause,
        )

    def steps(self) -> Iterator[AgendaItem]:
        """Yield the steps from where the studio is that are possible, or that lead it on."""
        onward = next_steps(self.policy, self.studio)
        for action, step in self.policy.procedure.transitions.items():
            if self.studio.state in step.sources:
                outlook = self._look(action)
                found = self._kind(outlook, leads_on=action in onward)
                if found is not None:
                    yield self._of_step(outlook, *found)

    def _kind(self, outlook: Outlook, *, leads_on: bool) -> tuple[Kind, date | None] | None:
        """Return what kind of item a step is and from when it counts; None for none at all."""
        start, end = outlook.start, outlook.end
        if outlook.against and not leads_on and outlook.possible_from is None:
            return None
        warns = outlook.step.window_severity == "warn"
        if end is not None and end < self.on:
            if leads_on and self.studio.history:
                return ("overdue", start)
            return ("possible", start) if warns and not outlook.against else None
        first = max((d for d in (start, outlook.possible_from) if d is not None), default=None)
        if first is not None and first > self.on:
            return ("upcoming", first) if first <= self.until else None
        if (outlook.waits and not warns) or (outlook.against and end is None):
            return None
        return ("due" if leads_on and end is not None else "possible", start)

    def _of_step(self, outlook: Outlook, kind: Kind, start: date | None) -> AgendaItem:
        # By what stays as it is while the studio stays where it is.
        fixed = outlook.start or outlook.end or since(self.studio)
        return AgendaItem(
            id=self._id("step", outlook.action, fixed),
            kind=kind,
            studio=self.studio.id if self.studio.history else None,
            action=outlook.action,
            label=outlook.step.label,
            roles=roles_of(self.policy, outlook.step.by),
            start=start,
            end=outlook.end,
            clause=outlook.step.clause,
            reasons=outlook.reasons,
        )

    def _look(self, action: str) -> Outlook:
        return look(self.policy, self.studio, action, self.ask)

    def _sources(self, action: str) -> tuple[str, ...]:
        step = self.policy.procedure.transitions.get(action)
        return () if step is None else step.sources

    def _in_a_duty(self, event: Event) -> bool:
        duties = self.policy.procedure.duties.values()
        ends = [moment for duty in duties for moment in (duty.start, duty.until)]
        return any(self._hangs_on(moment, event.action) for moment in ends if moment is not None)

    def _hangs_on(self, moment: Moment, action: str) -> bool:
        while isinstance(moment, After):
            moment = self.policy.calendar.moments[moment.after]
        return isinstance(moment, Due) and moment.due == action

    def _id(self, kind: str, name: str, day: date | None) -> str:
        studio = self.studio.id if self.studio.history else "-"
        parts = (self.policy.id, studio, kind, name)
        return "/".join([*parts, *([] if day is None else [day.isoformat()])])
