"""Days, windows, spans in working days, and moments that hang on what happened to a studio."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from attrs import field, frozen

from studioflow.errors import MissingExtraError, wrong
from studioflow.text import Text, message

__all__ = [
    "After",
    "Due",
    "Happened",
    "Moment",
    "OnEvent",
    "Span",
    "Window",
    "WorkingDays",
    "awaited",
    "moved",
    "resolve",
]

OUT_OF_CALENDAR = message(
    "out_of_calendar", zh="公元1年至9999年之间的日期", en="a day in the years 1 to 9999"
)
SPAN_BELOW_0 = message("span_below_0", zh="不小于 0 的时长", en="a span of 0 or more")
WORKING_DAYS_LIMIT = message(
    "working_days_limit",
    zh="绝对值不超过 {limit} 的工作日数",
    en="no more than {limit} working days, forward or back",
)
UNKNOWN_COUNTRY = message(
    "unknown_country",
    zh="holidays 库所知国家或地区的两位代码之一：{known}",
    en="the code of a country that the library holidays knows, one of {known}",
)
WORKED_AND_OFF = message(
    "worked_and_off",
    zh="同一天不能既在 holidays 又在 workdays 中",
    en="a day that is either in holidays or in workdays, not in both",
)

_MOST_WORKING_DAYS = 5000  # twenty years
_SATURDAY = 5


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """Return the codes of the countries whose public holidays are known."""
    try:
        from holidays import list_supported_countries
    except ImportError as error:
        raise MissingExtraError("calendar") from error
    return frozenset(list_supported_countries(include_aliases=False))


@lru_cache(maxsize=256)
def _days_off(country: str, year: int) -> frozenset[date]:
    """Return the days of a year that are not worked in a country."""
    from holidays import country_holidays

    # The years beside it, because a long holiday at the turn of the year is paid for in either.
    known = country_holidays(country, years=(year - 1, year, year + 1), expand=False)
    first = date(year, 1, 1)
    days = (first + timedelta(n) for n in range(365 + calendar.isleap(year)))
    return frozenset(day for day in days if not known.is_working_day(day))


def _names(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _check_working_days(n: int) -> None:
    if abs(n) > _MOST_WORKING_DAYS:
        raise wrong(WORKING_DAYS_LIMIT, n, limit=_MOST_WORKING_DAYS)


@frozen
class WorkingDays:
    """Which days are worked: Monday to Friday, but for what is said here.

    Attributes:
        country: the two letters of a country or region, whose public holidays are off and whose
            weekend is its own; days worked in exchange for a longer holiday count as worked, as
            far as the library `holidays` has them. None: there are no public holidays.
        holidays: days that are off, whatever the country says.
        workdays: days that are worked, whatever the country says.
    """

    country: str | None = None
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def __attrs_post_init__(self) -> None:
        if self.country is not None and self.country not in _countries():
            raise wrong(UNKNOWN_COUNTRY, self.country, known=_countries())
        for day in sorted(self.holidays & self.workdays)[:1]:
            raise wrong(WORKED_AND_OFF, day.isoformat())

    def is_working(self, day: date) -> bool:
        """Whether a day is worked."""
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        if self.country is None:
            return day.weekday() < _SATURDAY
        return day not in _days_off(self.country, day.year)

    def after(self, day: date, n: int) -> date:
        """Return the n-th working day after a day; before it, where n is negative.

        The day itself does not count, and need not be worked; 0 is the day itself.

        >>> WorkingDays().after(date(2024, 5, 3), 5)
        datetime.date(2024, 5, 10)

        Raises:
            InputError: if that leaves the calendar, or n is out of all measure.
        """
        _check_working_days(n)
        step, left, there = timedelta(1 if n > 0 else -1), abs(n), day
        while left:
            try:
                there += step
            except OverflowError as error:
                raise wrong(OUT_OF_CALENDAR, f"{day} {n:+} working days") from error
            left -= self.is_working(there)
        return there


MONDAY_TO_FRIDAY = WorkingDays()


@frozen
class Span:
    """How long something lasts; years and months first, then days, then working days."""

    years: int = 0
    months: int = 0
    days: int = 0
    working_days: int = 0

    def __attrs_post_init__(self) -> None:
        for part in (self.years, self.months, self.days, self.working_days):
            if part < 0:
                raise wrong(SPAN_BELOW_0, part)
        _check_working_days(self.working_days)

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.days or self.working_days)

    def after(self, day: date, working_days: WorkingDays, times: int = 1) -> date:
        """Return the day that is so long after another one, or so many times as long.

        Raises:
            InputError: if that leaves the calendar.
        """
        there = moved(
            day, years=times * self.years, months=times * self.months, days=times * self.days
        )
        return working_days.after(there, times * self.working_days) if self.working_days else there


@frozen
class OnEvent:
    """The day on which an action last happened to the studio; of several, the latest day."""

    event: tuple[str, ...] = field(converter=_names)


@frozen
class Due:
    """The day that an action set when it last happened to the studio: a deadline."""

    due: str


@frozen
class After:
    """Another moment of the calendar, moved by years and months, days, and then working days."""

    after: str
    years: int = 0
    months: int = 0
    days: int = 0
    working_days: int = 0

    def __attrs_post_init__(self) -> None:
        _check_working_days(self.working_days)


Moment = date | OnEvent | Due | After


@frozen
class Happened:
    """What happened to a studio, as far as moments hang on it.

    Attributes:
        days: the day on which each action last happened.
        dues: the day that each action last set.
    """

    days: Mapping[str, date] = field(factory=dict)
    dues: Mapping[str, date] = field(factory=dict)


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
    moment: Moment,
    moments: Mapping[str, Moment],
    happened: Happened,
    working_days: WorkingDays = MONDAY_TO_FRIDAY,
) -> date | None:
    """Return the day of a moment, or None while what it hangs on has not happened.

    Args:
        moment: what to resolve.
        moments: the calendar's named moments; that none hangs on itself was checked at load.
        happened: what happened to the studio.
        working_days: which days are worked.

    Raises:
        InputError: if the moment is moved out of the calendar.
    """
    match moment:
        case date():
            return moment
        case OnEvent(events):
            days = (happened.days[each] for each in events if each in happened.days)
            return max(days, default=None)
        case Due(action):
            return happened.dues.get(action)
        case After(after, years, months, days, worked):
            start = resolve(moments[after], moments, happened, working_days)
            if start is None:
                return None
            there = moved(start, years=years, months=months, days=days)
            return working_days.after(there, worked) if worked else there


def awaited(moment: Moment, moments: Mapping[str, Moment]) -> tuple[str, ...]:
    """Return the actions on any of whose days a moment hangs; none where it is a day."""
    while isinstance(moment, After):
        moment = moments[moment.after]
    match moment:
        case OnEvent(events):
            return events
        case Due(action):
            return (action,)
        case _:
            return ()
