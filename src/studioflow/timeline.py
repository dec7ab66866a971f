"""Days, windows and moments that hang on what happened to a studio."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from attrs import field, frozen

from studioflow.errors import wrong
from studioflow.text import Text, message

__all__ = ["After", "Moment", "OnEvent", "Window", "moved", "resolve"]

OUT_OF_CALENDAR = message(
    "out_of_calendar", zh="公元1年至9999年之间的日期", en="a day in the years 1 to 9999"
)


@frozen
class OnEvent:
    """The day on which an action last happened to the studio."""

    event: str


@frozen
class After:
    """Another moment of the calendar, moved by years, months and days."""

    after: str
    years: int = 0
    months: int = 0
    days: int = 0


Moment = date | OnEvent | After


@frozen
class Window:
    """From one moment to another, both days included; None is open."""

    label: Text
    start: Moment | None = field(default=None, metadata={"key": "from"})
    end: Moment | None = field(default=None, metadata={"key": "to"})
    clause: str | None = None


def moved(day: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Return a day moved; a month's last day stays in its month.

    >>> moved(date(2024, 1, 31), months=1)
    datetime.date(2024, 2, 29)

    Raises:
        InputError: if that leaves the calendar.
    """
    month_count = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(month_count, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        shift = f"{day} {years:+} years {months:+} months {days:+} days"
        raise wrong(OUT_OF_CALENDAR, shift) from error


def resolve(
    moment: Moment, moments: Mapping[str, Moment], events: Mapping[str, date]
) -> date | None:
    """Return the day of a moment, or None while the event that it hangs on has not happened.

    Args:
        moment: what to resolve.
        moments: the calendar's named moments; that none hangs on itself was checked at load.
        events: the day on which each action last happened to the studio.

    Raises:
        InputError: if the moment is moved out of the calendar.
    """
    match moment:
        case date():
            return moment
        case OnEvent(event):
            return events.get(event)
        case After(after, years, months, days):
            start = resolve(moments[after], moments, events)
            return None if start is None else moved(start, years=years, months=months, days=days)
