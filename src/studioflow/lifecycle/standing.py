"""Where a studio stands in its lifecycle, as facts that the conditions of a step may name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from studioflow.lifecycle.duties import missed
from studioflow.lifecycle.matter import Matter
from studioflow.policy import Policy
from studioflow.studio import Studio
from studioflow.timeline import Happened, Moment, Window, resolve

__all__ = ["Known", "day_of", "standing"]

Known = Callable[[Matter], object]
"""Tells the value of one fact for an attempt; None where it is not known."""


def day_of(policy: Policy, moment: Moment, studio: Studio) -> date | None:
    """Return the day of a moment for a studio; None while it hangs on what has not happened."""
    if type(moment) is date:
        return moment
    calendar = policy.calendar
    happened = Happened(studio.days(), studio.dues())
    return resolve(moment, calendar.moments, happened, calendar.working_days)


def standing(policy: Policy) -> dict[str, Known]:
    """Return what tells each fact of the procedure that does not hang on a score sheet."""
    procedure = policy.procedure
    told: dict[str, Known] = {
        "today": lambda matter: matter.attempt.on,
        "places_left": lambda matter: matter.attempt.places_left,
        "cycle_number": lambda matter: matter.attempt.studio.cycle,
    }
    told |= {f"times_{name}": _times(name) for name in procedure.transitions}
    told |= {f"times_{name}": _times(name) for name in procedure.off}
    told |= {f"pending_{name}": _pending(name) for name in procedure.pending}
    told |= {f"missed_{name}": _missed(policy, name) for name in procedure.duties}
    for name, window in policy.calendar.windows.items():
        told[f"{name}_begun"] = _begun(policy, window)
        told[f"{name}_over"] = _over(policy, window)
    told |= {f"opinion_{name}": _opinion(name) for name in policy.roles}
    told |= {f"grade_{name}": _grade(name) for name in policy.rubric.grades}
    return told


def _times(action: str) -> Known:
    return lambda matter: matter.attempt.studio.times()[action]


def _pending(name: str) -> Known:
    return lambda matter: matter.attempt.studio.pending()[name]


def _missed(policy: Policy, name: str) -> Known:
    duty = policy.procedure.duties[name]
    return lambda matter: missed(duty, policy, matter.attempt.studio, matter.attempt.on)


def _begun(policy: Policy, window: Window) -> Known:
    def begun(matter: Matter) -> bool | None:
        if window.start is None:
            return True
        day = day_of(policy, window.start, matter.attempt.studio)
        return None if day is None else matter.attempt.on >= day

    return begun


def _over(policy: Policy, window: Window) -> Known:
    def over(matter: Matter) -> bool | None:
        if window.end is None:
            return False
        day = day_of(policy, window.end, matter.attempt.studio)
        return None if day is None else matter.attempt.on > day

    return over


def _opinion(role: str) -> Known:
    def opinion(matter: Matter) -> bool | None:
        said = (
            event.opinion
            for event in matter.attempt.studio.this_cycle()
            if event.opinion is not None
            and role in _in_role(matter.policy, event.action, event.by.roles)
        )
        return next(said, None)

    return opinion


def _in_role(policy: Policy, action: str, roles: frozenset[str]) -> frozenset[str]:
    """Return in which of their roles somebody took a step: those that the step is for."""
    step = policy.procedure.transitions.get(action)
    return roles if step is None else roles.intersection(step.by)


def _grade(name: str) -> Known:
    def grade(matter: Matter) -> bool | None:
        decided = matter.decision or matter.attempt.studio.decision
        return None if decided is None else decided == name

    return grade
