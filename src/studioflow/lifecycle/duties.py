"""What is due of a studio, once or again and again: when each time is, and whether it was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from attrs import frozen

from studioflow.policy import UNDECLARED, Duty, Policy
from studioflow.studio import Event, Studio
from studioflow.timeline import Happened, Moment, Span, WorkingDays, resolve

__all__ = ["Occurrence", "counts_in", "missed", "occurrences", "overdue", "state_on"]


@frozen(kw_only=True)
class Occurrence:
    """One time that something is to be done.

    Attributes:
        number: from 0.
        start, end: its first and last day; None: it does not end.
        due: by when it is to be done; None: there is no such day.
        done: the first step that fulfilled it, be it late.
    """

    number: int
    start: date
    end: date | None = None
    due: date | None = None
    done: Event | None = None

    def missed(self, on: date) -> bool:
        """Whether it was not done on a day on which it should have been."""
        return self.done is None and self.due is not None and self.due < on


def occurrences(duty: Duty, policy: Policy, studio: Studio, until: date) -> Iterator[Occurrence]:
    """Yield each time that a duty begins no later than a day.

    What happened after that day is left out. There is none while the day on which the duty starts
    is not known.

    Raises:
        InputError: if a day leaves the calendar.
    """
    calendar = policy.calendar
    happened = Happened(studio.days(), studio.dues())

    def day_of(moment: Moment) -> date | None:
        return resolve(moment, calendar.moments, happened, calendar.working_days)

    start = day_of(duty.start)
    last = None if duty.until is None else day_of(duty.until)
    if start is None:
        return
    steps = sorted(
        (event for event in studio.history if event.action == duty.action and event.on <= until),
        key=lambda event: event.on,
    )
    for number, (first, end) in enumerate(_times(start, duty.every, calendar.working_days)):
        if first > until or (last is not None and first > last):
            return
        if duty.within is not None:
            due: date | None = duty.within.after(first, calendar.working_days)
        else:
            due = last if duty.every is None else end
        done = (step for step in steps if first <= step.on and (end is None or step.on <= end))
        yield Occurrence(number=number, start=first, end=end, due=due, done=next(done, None))


def overdue(duty: Duty, policy: Policy, studio: Studio, on: date) -> tuple[Occurrence, ...]:
    """Return each time in this cycle that a duty should have been done by now, and was not.

    It counts where the studio was, on the day on which it was due, in a state in which the duty
    counts.

    Raises:
        InputError: if a day leaves the calendar.
    """
    if not studio.history:
        return ()
    since = [*studio.this_cycle()][-1].on
    return tuple(
        each
        for each in occurrences(duty, policy, studio, on)
        if each.missed(on)
        and each.due is not None
        and since <= each.due
        and counts_in(duty, policy, state_on(studio, each.due))
    )


def missed(duty: Duty, policy: Policy, studio: Studio, on: date) -> int:
    """Return how often in this cycle a duty should have been done by now, and was not.

    A duty that has not begun was not missed.
    """
    return len(overdue(duty, policy, studio, on))


def counts_in(duty: Duty, policy: Policy, state: str) -> bool:
    """Whether a duty counts in a state: one that it names, or one in which its step is possible."""
    if duty.states:
        return state in duty.states
    step = policy.procedure.transitions.get(duty.action)
    return step is not None and state in step.sources


def state_on(studio: Studio, day: date) -> str:
    """Return the state in which a studio was at the end of a day."""
    state = UNDECLARED
    for event in studio.history:
        if event.on <= day and event.source != event.dest:
            state = event.dest
    return state


def _times(
    start: date, every: Span | None, working_days: WorkingDays
) -> Iterator[tuple[date, date | None]]:
    """Yield the first and last day of each occurrence."""
    if not every:
        yield start, None
        return
    first = start
    for number in count(1):
        if every.working_days:
            following = every.after(first, working_days)
        else:  # from the very first one on: the last day of a month does not wander
            following = every.after(start, working_days, number)
        yield first, following - timedelta(days=1)
        first = following
