"""What stands between a studio and one step: whom it is for, from when to when, what is against it.

Whoever it is for is asked about as such: as somebody who has every role that may take the step, of
the studio's own unit where only its own people may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from attrs import frozen

from studioflow.lifecycle.window import TOO_EARLY, TOO_LATE, WINDOW_NOT_SET
from studioflow.people import Actor
from studioflow.policy import MILESTONES, UNDECLARED, Policy, Transition
from studioflow.studio import Studio
from studioflow.text import Text
from studioflow.timeline import Happened, Moment, resolve
from studioflow.verdict import Reason, Verdict

__all__ = ["Ask", "Outlook", "as_of", "look", "next_steps", "roles_of", "since"]

Ask = Callable[[str, Actor], Verdict]
"""Tells whether somebody might take an action now."""

_OF_WINDOW = frozenset({TOO_EARLY.code, TOO_LATE.code, WINDOW_NOT_SET.code})
_NOBODY = "anybody"


@frozen(kw_only=True)
class Outlook:
    """How things stand with one step.

    Attributes:
        start, end: of its window, as far as they are known; None is open.
        waits: whether an end of its window hangs on what has not happened.
        against: what is against it, beside its window and what has to come with it.
        warnings: what is only said.
    """

    action: str
    step: Transition
    start: date | None = None
    end: date | None = None
    waits: bool = False
    against: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What is against it, and what is only said."""
        return (*self.against, *self.warnings)

    @property
    def possible_from(self) -> date | None:
        """From which day nothing is against it, where that is known of all that is."""
        days = [reason.when for reason in self.against]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None


def look(policy: Policy, studio: Studio, action: str, ask: Ask) -> Outlook:
    """Return how things stand with a step, for those whose step it is."""
    step = policy.procedure.transitions[action]
    own = all(policy.roles[name].own for name in step.by)
    unit = (studio.unit or _NOBODY) if own else _NOBODY
    verdict = ask(action, Actor(_NOBODY, unit=unit, roles=frozenset(step.by)))
    start, end, waits = _window(policy, studio, step)

    def tells(reason: Reason) -> bool:
        return reason.code not in _OF_WINDOW and not Verdict(step.label, (reason,)).wants_input

    return Outlook(
        action=action,
        step=step,
        start=start,
        end=end,
        waits=waits,
        against=tuple(reason for reason in verdict.reasons if tells(reason)),
        warnings=tuple(reason for reason in verdict.warnings if tells(reason)),
    )


def _window(
    policy: Policy, studio: Studio, step: Transition
) -> tuple[date | None, date | None, bool]:
    named = "none" if studio.state == UNDECLARED else studio.state
    if step.window is None or (step.window_for and named not in step.window_for):
        return None, None, False
    calendar = policy.calendar
    window, happened = calendar.windows[step.window], Happened(studio.days(), studio.dues())

    def day_of(moment: Moment | None) -> date | None:
        if moment is None:
            return None
        return resolve(moment, calendar.moments, happened, calendar.working_days)

    start, end = day_of(window.start), day_of(window.end)
    waits = (start is None and window.start is not None) or (end is None and window.end is not None)
    return start, end, waits


def next_steps(policy: Policy, studio: Studio) -> tuple[str, ...]:
    """Return the steps with which the shortest way to the studio's next milestone begins.

    The next milestone is any that comes after those that it reached in this cycle.
    """
    been = {studio.state, *(event.dest for event in studio.this_cycle())}
    reached = max((n for n, name in enumerate(MILESTONES) if name in been), default=-1)
    goals = {name for name in MILESTONES[reached + 1 :] if name in policy.procedure.states}
    moving = {k: step for k, step in policy.procedure.transitions.items() if step.moves}
    near, seen = set(goals), set(goals)
    while near:
        first = [
            name
            for name, step in moving.items()
            if step.dest in near and studio.state in step.sources
        ]
        if first:
            return tuple(first)
        near = {s for step in moving.values() if step.dest in near for s in step.sources} - seen
        seen |= near
    return ()


def roles_of(policy: Policy, names: tuple[str, ...]) -> Mapping[str, Text]:
    """Return the labels of roles by their names."""
    return {name: policy.roles[name].label for name in names}


def since(studio: Studio) -> date | None:
    """Return the day on which a studio came into its state; None where nothing happened to it."""
    moves = (event.on for event in reversed(studio.history) if event.source != event.dest)
    return next(moves, None)


def as_of(studio: Studio, day: date) -> Studio:
    """Return the studio as its events up to a day made it.

    What is said to be of an earlier day, but was written down after something later, is later.
    """
    late = (n for n, event in enumerate(studio.history) if event.on > day)
    known = next(late, None)
    if known is None:
        return studio
    return Studio.from_events(studio.id, studio.history[:known])
