"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

__all__ = ["FakeClock"]

_MORNING = time(9, tzinfo=UTC)


class FakeClock:
    """A clock for `Programme.open(clock=…)` that a test sets, forward or back.

    >>> clock = FakeClock(date(2024, 3, 1))
    >>> clock.advance(days=30)
    >>> clock.today, clock().hour
    (datetime.date(2024, 3, 31), 9)
    """

    def __init__(self, start: date | datetime = date(2024, 1, 2)) -> None:
        """Set the clock to a moment, or to nine in the morning (UTC) of a day."""
        self._now = _moment(start)

    def __call__(self) -> datetime:
        """Return the present moment, with its zone."""
        return self._now

    def __repr__(self) -> str:
        return f"<FakeClock {self._now.isoformat()}>"

    @property
    def today(self) -> date:
        """The present day."""
        return self._now.date()

    def set(self, moment: date | datetime) -> None:
        """Set the clock to a moment, or to nine in the morning (UTC) of a day.

        Raises:
            TypeError: for a moment without a zone.
        """
        self._now = _moment(moment)

    def advance(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Move the clock by so much: forward, or back where it is negative."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes)


def _moment(given: date | datetime) -> datetime:
    if not isinstance(given, datetime):
        return datetime.combine(given, _MORNING)
    if given.tzinfo is None:
        raise TypeError("a moment needs its time zone, as Programme's own clock gives it")
    return given
