"""The window of a measure on one studio, which may hang on what has not happened yet."""

from __future__ import annotations

from datetime import date

from studioflow.policy import Measure, Policy
from studioflow.studio.studio import Studio
from studioflow.text import message
from studioflow.timeline import Happened, awaited, resolve
from studioflow.verdict import Reason

__all__ = ["open_days", "window_days"]

WINDOW_OPEN = message(
    "measure_window_open",
    zh="{window}的时间要看“{event}”在哪一天，尚未确定",
    en="when {window} is, hangs on the day of {event}, which has not happened",
)


def window_days(
    policy: Policy, studio: Studio, measure: Measure
) -> tuple[date | None, date | None] | None:
    """Return the first and the last day that a measure looks at; None while that is not known.

    An end that is None is open.
    """
    window = open_days(policy, studio, measure)
    return None if isinstance(window, Reason) else window


def open_days(
    policy: Policy, studio: Studio, measure: Measure
) -> tuple[date | None, date | None] | Reason:
    """Return the same, or the reason for which it is not known."""
    if measure.window is None:
        return (None, None)
    calendar = policy.calendar
    happened = Happened(studio.days(), studio.dues())
    window = calendar.windows[measure.window]
    ends: list[date | None] = []
    for end in (window.start, window.end):
        day = None
        if end is not None:
            day = resolve(end, calendar.moments, happened, calendar.working_days)
            if day is None:
                steps = policy.procedure.transitions
                events = awaited(end, calendar.moments)
                said = [steps[name].label if name in steps else name for name in events]
                parameters = {"window": window.label, "event": said}
                return Reason(WINDOW_OPEN, parameters, window.clause)
        ends.append(day)
    return (ends[0], ends[1])
