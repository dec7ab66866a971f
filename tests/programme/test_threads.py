"""Threads that want the same: one has it, the others are told, and no invariant gives way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.register import Conflict
from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.programme.reference import (
    COMMITTEE,
    COUNTY,
    SCHOOL,
    World,
    application,
    codes,
    school,
)

RUNNERS = 8


@pytest.fixture(autouse=True)
def many_turns() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def _race(
    world: World, act: Callable[[Programme, int], Studio], runners: int = RUNNERS
) -> list[Studio | Exception]:
    """Return what each runner had, all starting at once, each with a programme of its own."""
    start = Barrier(runners)

    def run(runner: int) -> Studio | Exception:
        programme = world.opened()
        start.wait(timeout=10)
        try:
            return act(programme, runner)
        except (Denied, Conflict) as error:
            return error

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(run, range(runners)))


@pytest.mark.parametrize("places", [1, 3])
def test_racing_for_a_place(reference: Policy, places: int) -> None:
    """As many are approved as there are places; the others are denied for the quota."""
    world = World(reference.vary({"quota/places": places}))
    studios = [world.studio("declared", number).id for number in range(1, RUNNERS + 1)]
    world.clock.on(date(2023, 4, 14))
    outcomes = _race(world, lambda p, n: p.approve(studios[n], by=COMMITTEE))

    approved = [each for each in outcomes if isinstance(each, Studio)]
    denied = [each for each in outcomes if isinstance(each, Denied)]
    assert (places, RUNNERS - places) == (len(approved), len(denied))
    assert {("quota",)} == {tuple(codes(each.reasons)) for each in denied}
    assert {each.id for each in approved} == {*world.register.holders("place")}


def test_racing_for_one_studio(world: World) -> None:
    """One approves; the others decide again and are told the new state."""
    studio = world.studio("declared")
    world.clock.on(date(2023, 4, 14))
    outcomes = _race(world, lambda p, _: p.approve(studio, by=COMMITTEE))

    assert 1 == sum(isinstance(each, Studio) for each in outcomes)
    assert all(
        "wrong_state" in codes(each.reasons) for each in outcomes if isinstance(each, Denied)
    )
    assert ["declare", "approve"] == [e.action for e in world.register.events(studio.id)]


def test_two_for_one_studio(world: World) -> None:
    """Of two who approve one studio exactly one does; the other is denied for its new state."""
    studio = world.studio("declared")
    before = len(world.register.events(studio.id))
    world.clock.on(date(2023, 4, 14))
    outcomes = _race(world, lambda p, _: p.approve(studio.id, by=COMMITTEE), runners=2)

    (denied,) = (each for each in outcomes if isinstance(each, Denied))
    (approved,) = (each for each in outcomes if isinstance(each, Studio))
    assert ["wrong_state"] == codes(denied.reasons)
    assert "approved" == approved.state
    assert ["approve"] == [e.action for e in world.register.events(studio.id)[before:]]


def test_eleven_for_ten_places(reference: Policy) -> None:
    """Exactly ten of eleven have a place, and the eleventh is denied for the quota alone."""
    world = World(reference.vary({"quota/places": 10}))
    studios = [world.studio("declared", number).id for number in range(1, 12)]
    world.clock.on(date(2023, 4, 14))
    outcomes = _race(world, lambda p, n: p.approve(studios[n], by=COMMITTEE), runners=11)

    approved = [each.id for each in outcomes if isinstance(each, Studio)]
    (denied,) = (each for each in outcomes if isinstance(each, Denied))
    assert (10, ["quota"]) == (len(approved), codes(denied.reasons))
    assert {*approved} == {*world.register.holders("place")}
    states = [studio.state for studio in world.programme.studios()]
    assert (10, 1) == (states.count("approved"), states.count("declared"))


def test_racing_for_the_reward(world: World) -> None:
    """It is granted once."""
    studio = world.studio("evaluated")
    world.clock.on(date(2024, 12, 20))
    outcomes = _race(world, lambda p, _: p.reward(studio, by=COUNTY))

    assert 1 == sum(isinstance(each, Studio) for each in outcomes)
    assert (studio.id,) == world.register.holders(f"reward:reward:{studio.id}")


def test_declaring_at_once(world: World) -> None:
    """Each new studio comes to an id of its own."""
    outcomes = _race(world, lambda p, n: p.declare(application(n + 1), by=school(n + 1)))

    names = {each.id for each in outcomes if isinstance(each, Studio)}
    assert {f"s-{n:02}" for n in range(1, RUNNERS + 1)} == names
    assert {f"样例工作室{n}" for n in range(1, RUNNERS + 1)} == {
        studio.name for studio in world.programme.studios()
    }


def test_one_command_sent_by_many(world: World) -> None:
    """With one key it happens once, and all have the same answer."""
    outcomes = _race(world, lambda p, _: p.declare(application(), by=SCHOOL, key="k-1"))

    (first, *others) = outcomes
    assert isinstance(first, Studio)
    assert [first] * (RUNNERS - 1) == others
    assert ("s-01",) == world.register.studios()
