"""Faults and abuses that a programme survives while its policy is amended."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest

from studioflow.host import Host, hookimpl
from studioflow.policy import AMEND, Policy
from studioflow.programme import Programme
from studioflow.register import Amendment, Conflict, MemoryRegister, Superseded
from studioflow.studio import Event, Guard, Question, Subscriber
from studioflow.verdict import Denied, Reason
from tests.programme.amended import KEEPING, LATER, STRICTER, ran
from tests.programme.reference import (
    COMMITTEE,
    LEAD,
    SCHOOL,
    World,
    activity,
    application,
    codes,
    everything,
    school,
)


@pytest.fixture
def second(reference: Policy) -> Policy:
    """The policy that is amended to."""
    return reference.vary(STRICTER)


def other(world: World) -> Programme:
    """Return another programme over the same register, opened by what is in force."""
    return Programme.open(register=world.register, host=world.host, clock=world.clock)


# Two at once


def test_another_programme_follows(world: World, second: Policy) -> None:
    """Who had it open before the amendment decides by the amended policy at once."""
    ran(world)
    stale = other(world)
    world.programme.amend(second, by=COMMITTEE)
    studio = stale.record("s-02", {"beneficiary": [{"group": "山区"}]}, by=school(2))

    assert second.reference == studio.history[-1].policy
    assert second.fingerprint == stale.policy.fingerprint


def test_another_programme_declares(world: World, reference: Policy) -> None:
    """A studio that is declared by who had it open before is declared by the amended policy."""
    stale = other(world)
    second = reference.vary(KEEPING)
    world.programme.amend(second, by=COMMITTEE)
    studio = stale.declare(application(), by=SCHOOL)

    assert second.reference == studio.history[-1].policy


def test_another_programme_amends(world: World, second: Policy) -> None:
    """Who amends what was amended meanwhile decides again, on what is in force then."""
    world.studio("declared")
    stale = other(world)
    world.programme.amend(second, by=COMMITTEE)
    third = second.vary({"version": "3", "criteria/5.2.2/norm": 20})
    report = stale.amend(third, by=COMMITTEE)

    assert second.fingerprint == report.before.fingerprint
    assert ["2", "3"] == [each.policy.version for each in world.register.amendments()]


def test_another_programme_amends_back(world: World, second: Policy) -> None:
    """Who had it open before the amendment may take it back."""
    stale = other(world)
    world.programme.amend(second, by=COMMITTEE)
    stale.amend(world.policy, by=COMMITTEE)

    assert ["2", "1"] == [each.policy.version for each in world.register.amendments()]


class _Overtaken(MemoryRegister):
    """A register in which somebody declares between a decision to amend and its writing."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.rival: World | None = None

    def amend(self, amendment: Amendment, **given: object) -> tuple[Amendment, tuple[Event, ...]]:
        """Let the rival go first, so many times."""
        if self.times and self.rival is not None:
            self.times -= 1
            number = len(self.studios()) + 1
            self.rival.programme.declare(application(number), by=school(number))
        return super().amend(amendment, **given)  # type: ignore[arg-type] # as they came


def test_overtaken_by_a_declaration(reference: Policy, second: Policy) -> None:
    """Who declares in the last moment goes over with the others."""
    register = _Overtaken(times=1)
    world = register.rival = World(reference, register=register)
    world.studio("declared")
    report = world.programme.amend(second, by=COMMITTEE)

    assert ["s-01", "s-02"] == [each.studio for each in report.studios]
    assert [AMEND] * 2 == [studio.history[-1].action for studio in world.programme.studios()]


def test_overtaken_again_and_again(reference: Policy, second: Policy) -> None:
    """Who is overtaken each time is told so, and nothing was amended."""
    register = _Overtaken(times=9)
    world = register.rival = World(reference, register=register)
    with pytest.raises(Conflict):
        world.programme.amend(second, by=COMMITTEE)

    assert () == register.amendments()
    assert reference is world.programme.policy


def test_threads_that_approve_while_it_is_amended(world: World, second: Policy) -> None:
    """Approvals that race with an amendment are decided by one policy or the other, all of them."""
    for number in range(1, 7):
        world.studio("declared", number)
    world.clock.on(date(2023, 4, 14))
    start, failed = Barrier(7), []

    def run(number: int) -> None:
        start.wait(timeout=10)
        try:
            if number:
                world.programme.approve(f"s-{number:02}", by=COMMITTEE)
            else:
                world.programme.amend(second, by=COMMITTEE)
        except (Conflict, Superseded, Denied) as error:
            failed.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    if not world.register.amendments():  # overtaken each time: it is told, and may be tried again
        assert [Conflict] == [type(error) for error in failed]
        world.programme.amend(second, by=COMMITTEE)
    for studio in world.programme.studios():
        assert ["amend", "approve", "declare"] == sorted(event.action for event in studio.history)
        assert second.fingerprint == studio.history[-1].policy.fingerprint
    assert 6 == len(world.register.holders("place"))


# By their numbers in the list of faults


def test_fault_9_clocks_run_backwards_over_an_amendment(world: World, second: Policy) -> None:
    """Order is by version, recorded time never decreases, and the claimed day is kept apart."""
    world.studio("declared")
    world.clock.on(date(2023, 4, 14))
    world.programme.amend(second, by=COMMITTEE)
    world.clock.on(date(2023, 4, 10))
    studio = world.programme.approve("s-01", by=COMMITTEE)

    assert ["declare", "amend", "approve"] == [event.action for event in studio.history]
    moments = [event.recorded for event in studio.history]
    assert sorted(moments, key=str) == moments
    assert [14, 10] == [event.on.day for event in studio.history[1:]]


def test_fault_9_amended_before_it_was_opened(world: World, second: Policy) -> None:
    """An amendment by a clock that is behind is kept with the time of what was kept before it."""
    world.studio("declared")
    opened = world.register.opening()
    world.clock.on(date(2023, 1, 1))
    world.programme.amend(second, by=COMMITTEE)
    (kept,) = world.register.amendments()

    assert opened is not None
    assert (opened.recorded <= kept.recorded, date(2023, 1, 1)) == (True, kept.on)


def test_fault_10_a_day_to_come_and_one_that_is_past(world: World, second: Policy) -> None:
    """An amendment is not of a day to come; one of a past day says both days."""
    world.clock.on(date(2023, 4, 14))
    with pytest.raises(Denied) as caught:
        world.programme.amend(second, by=COMMITTEE, on=date(2023, 4, 15))
    (reason,) = caught.value.reasons
    assert ("day_not_come", date(2023, 4, 15)) == (reason.code, reason.when)

    world.programme.amend(second, by=COMMITTEE, on=date(2023, 4, 1))
    (kept,) = world.register.amendments()
    assert (date(2023, 4, 1), world.clock.now) == (kept.on, kept.recorded)


def test_fault_10_evidence_by_the_amended_window(world: World, reference: Policy) -> None:
    """Evidence is late or not by the policy of its day, and whether it counts by the amended."""
    world.studio("operating")
    world.clock.on(LATER)
    world.programme.record("s-01", {"activity": [activity(1, date(2023, 7, 1))]}, by=LEAD)
    late = {"records/activity/due_days": 30, "measures/activities/late": "left_out"}
    report = world.programme.amendment(reference.vary({"version": "2", **late}))
    (told,) = report.studios

    assert (1, ()) == (world.programme.score("s-01").measured["activities"].value, told.left_out)
    world.programme.amend(report.after, by=COMMITTEE)
    assert 1 == world.programme.score("s-01").measured["activities"].value
    days = world.programme.record("s-01", {"activity": [activity(2, date(2023, 8, 1))]}, by=LEAD)
    assert [False, True] == [record.late for record in days.of_kind("activity")]
    measured = world.programme.score("s-01").measured["activities"]
    assert (1, ["record_came_late"]) == (measured.value, codes(measured.left_out[0].reasons))


def test_fault_34_a_callback_of_the_amended_machine_raises(world: World, second: Policy) -> None:
    """A callback on the machine of the amended policy that raises leaves everything untouched."""
    world.studio("declared")
    world.programme.amend(second, by=COMMITTEE)
    before = everything(world.register)

    def fails(event: object) -> None:
        raise RuntimeError(type(event).__name__)

    machine = world.programme._lifecycle_of(world.programme.studio("s-01")).machine
    machine.after_state_change = [fails]
    world.clock.on(date(2023, 4, 14))
    with pytest.raises(RuntimeError):
        world.programme.approve("s-01", by=COMMITTEE)

    assert before == everything(world.register)
    machine.after_state_change = []
    assert "approved" == world.programme.approve("s-01", by=COMMITTEE).state


# Plugins


class _Plugin:
    """A plugin that is told of everything, and fails; and that allows nothing after amendments."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @hookimpl
    def studioflow_subscribers(self) -> list[Subscriber]:
        """Return one subscriber."""

        def notify(event: Event) -> None:
            self.told.append(f"{event.studio} {event.action}")
            if event.action == AMEND:
                raise RuntimeError(event.studio)

        return [Subscriber(id="fails", notify=notify)]

    @hookimpl
    def studioflow_guards(self) -> list[Guard]:
        """Return one guard."""

        def check(question: Question) -> list[Reason]:
            if AMEND in dict(question.history):
                raise RuntimeError(question.studio)
            return []

        return [Guard(id="once", check=check, actions=frozenset({"approve"}))]


def test_subscribers_are_told(reference: Policy, second: Policy) -> None:
    """Subscribers are told of each studio that goes over; what they do undoes nothing."""
    plugin = _Plugin()
    world = World(reference, host=Host([plugin]))
    for number in (1, 2):
        world.studio("declared", number)
    world.programme.amend(second, by=COMMITTEE)

    assert ["s-01 amend", "s-02 amend"] == plugin.told[-2:]
    assert ["s-01", "s-02"] == [each.event.studio for each in world.programme.undelivered]
    assert second is world.programme.policy


def test_a_guard_that_fails_on_what_was_amended(reference: Policy, second: Policy) -> None:
    """A guard that fails is named where it is asked, and does not stop an amendment."""
    world = World(reference, host=Host([_Plugin()]))
    world.studio("declared")
    report = world.programme.amend(second, by=COMMITTEE)
    world.clock.on(date(2023, 4, 14))

    assert ["approve"] == list(report.studios[0].no_more)
    with pytest.raises(Denied) as caught:
        world.programme.approve("s-01", by=COMMITTEE)
    assert "once" in caught.value.explain("en")
