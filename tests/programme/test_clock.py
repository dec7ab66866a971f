"""When it was written down and when it happened are two things."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from studioflow.errors import InputError
from studioflow.programme import Programme
from studioflow.verdict import Denied
from tests.programme.reference import COMMITTEE, LEAD, SCHOOL, World, activity, application, codes


def test_the_clocks_day_where_nothing_is_claimed(world: World) -> None:
    """An action is of the day of the clock it was given, in the clock's own zone."""
    east = timezone(timedelta(hours=8))
    world.clock.now = datetime(2023, 3, 24, 0, 30, tzinfo=east)  # the 23rd in UTC
    (event,) = world.programme.declare(application(), by=SCHOOL).history

    assert (date(2023, 3, 24), world.clock.now) == (event.on, event.recorded)


def test_a_day_that_is_claimed(world: World) -> None:
    """What happened earlier is written down today, and both are kept; the verdict says so."""
    studio = world.studio("declared")
    world.clock.on(date(2023, 4, 20))
    verdict = world.programme.can("approve", studio, by=COMMITTEE, on=date(2023, 4, 14))
    event = world.programme.approve(studio, by=COMMITTEE, on=date(2023, 4, 14)).history[-1]

    assert "backdated" in codes(verdict.warnings)
    assert date(2023, 4, 14) == event.on
    assert datetime(2023, 4, 20, 9, tzinfo=UTC) == event.recorded


def test_a_day_to_come(world: World) -> None:
    """Nothing is written down before it has happened."""
    studio = world.studio("declared")
    tomorrow = world.clock.now.date() + timedelta(days=1)
    with pytest.raises(Denied) as caught:
        world.programme.approve(studio, by=COMMITTEE, on=tomorrow)

    assert ["day_not_come"] == codes(caught.value.reasons)


def test_backdating_does_not_open_a_window(world: World) -> None:
    """What is late today does not become timely by a claim."""
    world.clock.on(date(2023, 4, 20))
    verdict = world.programme.can(
        "declare", by=SCHOOL, application=application(), on=date(2023, 3, 30)
    )

    assert ["too_late"] == codes(verdict.reasons)
    assert ["backdated"] == codes(verdict.warnings)


def test_before_the_last_step(world: World) -> None:
    """What is claimed to lie before the last step is flagged as well."""
    studio = world.studio("approved")
    verdict = world.programme.can(
        "record",
        studio,
        by=SCHOOL,
        records={"beneficiary": [{"group": "山区学校"}]},
        on=date(2023, 4, 1),
    )

    assert ["before_last", "backdated"] == codes(verdict.warnings)


def test_a_clock_that_runs_back(world: World) -> None:
    """Recorded time never decreases; order is that of the events."""
    studio = world.studio("declared")
    world.clock.later(hours=-3)
    after = world.programme.record(studio, {"beneficiary": [{"group": "甲"}]}, by=SCHOOL)
    world.clock.later(hours=5)
    after = world.programme.record(studio, {"beneficiary": [{"group": "乙"}]}, by=SCHOOL)

    moments = [event.recorded for event in after.history]
    assert [9, 9, 11] == [moment.hour for moment in moments if moment is not None]
    assert [1, 2, 3] == [len(after.history[: n + 1]) for n in range(3)]


def test_a_clock_that_runs_back_over_midnight(world: World) -> None:
    """Today is the clock's day, also where that is before the last event's."""
    studio = world.studio("declared")
    world.clock.later(days=-1)
    verdict = world.programme.can(
        "record", studio, by=SCHOOL, records={"beneficiary": [{"group": "甲"}]}
    )

    assert ["before_last"] == codes(verdict.warnings)


def test_a_clock_without_its_zone(world: World) -> None:
    """A clock that does not say its zone opens no programme."""
    with pytest.raises(InputError):
        Programme.open(world.policy, host=world.host, clock=lambda: datetime(2023, 3, 22))  # noqa: DTZ001 - on purpose


def test_the_systems_clock(world: World) -> None:
    """Without a clock it is the system's, with its zone."""
    programme = Programme.open(world.policy, host=world.host)
    opening = programme.register.opening()

    assert opening is not None
    assert opening.recorded.tzinfo is not None
    assert abs(datetime.now(UTC) - opening.recorded) < timedelta(minutes=1)


def test_lateness_is_that_of_the_writing(world: World) -> None:
    """Evidence is late by the day on which it is written down, whatever day is claimed."""
    policy = world.policy.vary({"records/activity/due_days": 30})
    other = World(policy)
    studio = other.studio("operating")
    other.clock.on(date(2023, 9, 1))
    after = other.programme.record(
        studio, {"activity": [activity(1, date(2023, 6, 20))]}, by=LEAD, on=date(2023, 6, 25)
    )

    assert True is after.records["activity-1"].late
    assert date(2023, 9, 1) == after.records["activity-1"].handed_in
