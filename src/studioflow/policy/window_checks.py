"""Whether what has two ends begins before it ends, also where both hang on the same event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date

from studioflow.codec import Collector, wrong
from studioflow.errors import InputError
from studioflow.policy.checks import WINDOW_ORDER, check_moment, told
from studioflow.policy.procedure import Calendar, Duty, Procedure
from studioflow.text import message
from studioflow.timeline import After, Due, Happened, Moment, OnEvent, resolve

__all__ = ["actions", "base", "check_due_days", "check_duty_days", "check_window_order", "fixed"]

DUE_AFTER_NEXT = message(
    "due_after_next",
    zh="不晚于下一次开始的期限（every）",
    en="a span that is over before the next time begins (every)",
)
NO_DUE_DAY = message(
    "no_due_day",
    zh='会给出期限的一步：needs 含 "due"',
    en='a step that sets a due day: needs has "due"',
)
_ANCHORS = (
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2024, 4, 30),
    date(2024, 9, 30),
    date(2024, 12, 31),
    date(2025, 6, 1),
)
"""Days on which an event is tried: ends of months, before long holidays, and a plain one."""


def base(moment: Moment | None, calendar: Calendar) -> date | OnEvent | Due | None:
    """Return what a moment hangs on in the end; None where that can not be told."""
    seen: set[str] = set()
    while isinstance(moment, After) and moment.after not in seen:
        seen.add(moment.after)
        moment = calendar.moments.get(moment.after)
    return None if isinstance(moment, After) else moment


def actions(moment: Moment | None) -> tuple[str, ...]:
    """Return the actions on one of which a moment that is no other's hangs."""
    match moment:
        case OnEvent(events):
            return events
        case Due(action):
            return (action,)
        case _:
            return ()


def fixed(moment: Moment | None, calendar: Calendar) -> date | None:
    """Return the day of a moment that hangs on no event, if it is one of the calendar."""
    if moment is not None and isinstance(base(moment, calendar), date):
        with suppress(InputError):
            return resolve(moment, calendar.moments, Happened(), calendar.working_days)
    return None


def check_window_order(collector: Collector, calendar: Calendar) -> None:
    """Check that no window of the calendar ends before it begins."""
    for name, window in calendar.windows.items():
        with collector.under("calendar", "windows", name):
            _check_order(window.start, window.end, calendar)


def check_duty_days(
    collector: Collector, duties: Mapping[str, Duty], procedure: Procedure, calendar: Calendar
) -> None:
    """Check the days of duties: moments that there are, and in order."""
    for name, duty in duties.items():
        place = ("lifecycle", "duties", name)
        for key, moment in (("from", duty.start), ("until", duty.until)):
            with collector.under(*place, key):
                if moment is not None:
                    check_moment(moment, calendar, procedure)
        with collector.under(*place, "until"):
            _check_order(duty.start, duty.until, calendar)
        with collector.under(*place, "within"):
            if duty.every and duty.within is not None:
                worked = calendar.working_days
                for day in _ANCHORS:
                    due, next_day = duty.within.after(day, worked), duty.every.after(day, worked)
                    if due > next_day:
                        raise told(DUE_AFTER_NEXT, f"{due} > {next_day}")


def check_due_days(collector: Collector, procedure: Procedure, calendar: Calendar) -> None:
    """Check that every step whose due day something hangs on sets one."""
    for place, moment in _moments(procedure, calendar):
        with collector.under(*place):
            if not isinstance(moment, Due):
                continue
            step = procedure.transitions.get(moment.due)
            if step is not None and "due" not in step.needs:
                setting = [k for k, each in procedure.transitions.items() if "due" in each.needs]
                raise wrong(NO_DUE_DAY, moment.due, known=setting)


def _moments(
    procedure: Procedure, calendar: Calendar
) -> Iterator[tuple[tuple[str, ...], Moment | None]]:
    for name, moment in calendar.moments.items():
        yield ("calendar", "moments", name), moment
    for name, window in calendar.windows.items():
        yield ("calendar", "windows", name, "from"), window.start
        yield ("calendar", "windows", name, "to"), window.end
    for name, duty in procedure.duties.items():
        yield ("lifecycle", "duties", name, "from"), duty.start
        yield ("lifecycle", "duties", name, "until"), duty.until


def _check_order(start: Moment | None, end: Moment | None, calendar: Calendar) -> None:
    """Refuse ends of which one is always, or sometimes, on the wrong side of the other.

    Where they hang on different events, their order is not known.
    """
    first, last = base(start, calendar), base(end, calendar)
    if start is None or end is None or first is None or last is None:
        return
    if isinstance(first, date) and isinstance(last, date):
        anchors: Iterable[date] = _ANCHORS[:1]
    else:
        anchors = _ANCHORS if first == last else ()
    for day in anchors:
        on = dict.fromkeys(actions(first), day)
        happened = Happened(on, on)
        opens, closes = (
            resolve(each, calendar.moments, happened, calendar.working_days)
            for each in (start, end)
        )
        if opens is not None and closes is not None and opens > closes:
            raise told(WINDOW_ORDER, f"{opens} – {closes}")
