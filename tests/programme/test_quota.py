"""A batch has so many places; one more takes a reason, and a way out gives one back."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from studioflow.policy import Document, Policy, build_policy
from studioflow.register import MemoryRegister, SlotTaken
from studioflow.studio import Event, Override, Studio
from studioflow.verdict import Denied
from tests.programme.reference import COMMITTEE, SCHOOL, World, application, codes, school


@pytest.fixture(scope="module")
def two_places(reference: Policy) -> Policy:
    """The reference policy with two places."""
    return reference.vary({"quota/places": 2})


@pytest.fixture
def full(two_places: Policy) -> World:
    """A programme whose two places are taken, and a third studio declared."""
    world = World(two_places)
    for number in (1, 2):
        world.studio("approved", number)
    world.studio("declared", 3)
    return world


def test_places_left(two_places: Policy) -> None:
    """Approving takes a place, declaring none."""
    world = World(two_places)
    left = [world.programme.places_left()]
    for state in ("declared", "approved", "approved"):
        world.studio(state, len(left))
        left.append(world.programme.places_left())

    assert [2, 2, 1, 0] == left


def test_no_quota(reference: Policy) -> None:
    """A policy without a quota has no number of places, and approves as many as come."""
    tables: Any = deepcopy(dict(reference.tables))
    del tables["quota"], tables["lifecycle"]["transitions"]["approve"]["conditions"]["quota"]
    world = World(build_policy(Document(tables, name="unbounded")))
    for number in range(1, 12):
        world.studio("approved", number)

    assert None is world.programme.places_left()


def test_no_place_left(full: World) -> None:
    """The next one is denied, and nothing changes."""
    with pytest.raises(Denied) as caught:
        full.programme.approve("s-03", by=COMMITTEE)

    assert ["quota"] == codes(caught.value.reasons)
    assert ("s-01", "s-02") == full.register.holders("place")


def test_set_aside_with_a_reason(full: World) -> None:
    """With a reason it is approved; the reason stands in the event, and no place is left."""
    override = {"quota": {"reason": "城区学校，经研究同意"}}
    event = full.programme.approve("s-03", by=COMMITTEE, overrides=override).history[-1]

    assert {"quota": Override(reason="城区学校，经研究同意")} == event.overrides
    assert (0, 3) == (full.programme.places_left(), len(full.register.holders("place")))


@pytest.mark.parametrize("reason", ["", " "])
def test_set_aside_without_a_reason(full: World, reason: str) -> None:
    """Without a reason the quota holds."""
    with pytest.raises(Denied) as caught:
        full.programme.approve("s-03", by=COMMITTEE, overrides={"quota": {"reason": reason}})

    assert ["quota", "override_no_reason"] == codes(caught.value.reasons)


def test_an_override_that_was_not_needed_takes_a_place_like_others(two_places: Policy) -> None:
    """A reason in store does not take a studio past the places that are there."""
    world = World(two_places)
    studio = world.studio("declared")
    event = world.programme.approve(
        studio, by=COMMITTEE, overrides={"quota": {"reason": "以防万一"}}
    ).history[-1]

    assert ({}, 1) == (dict(event.overrides), world.programme.places_left())


@pytest.mark.parametrize("way", ["withdraw", "revoke"])
def test_a_place_is_given_back(full: World, way: str) -> None:
    """Who goes gives the place back, and the next one has it."""
    by = SCHOOL if way == "withdraw" else COMMITTEE
    full.programme.act(way, "s-01", by=by, remark="工作调动")

    assert 1 == full.programme.places_left()
    assert "approved" == full.programme.approve("s-03", by=COMMITTEE).state
    assert ("s-02", "s-03") == full.register.holders("place")


def test_who_had_no_place_gives_none_back(full: World) -> None:
    """Withdrawing a declared studio frees nobody else's place."""
    full.programme.withdraw("s-03", by=school(3), remark="撤回申报")

    assert (0, ("s-01", "s-02")) == (full.programme.places_left(), full.register.holders("place"))


def test_a_place_over_the_quota_given_back(full: World) -> None:
    """With three in two places, one that goes leaves none free."""
    full.programme.approve("s-03", by=COMMITTEE, overrides={"quota": {"reason": "经研究同意"}})
    full.programme.revoke("s-03", by=COMMITTEE, remark="…")

    assert 0 == full.programme.places_left()


def test_planned_places(two_places: Policy) -> None:
    """Where the quota is only a plan, more is approved with a warning."""
    world = World(two_places.vary({"readings/quota": "planned"}))
    for number in (1, 2, 3):
        world.studio("approved", number)

    assert (0, 3) == (world.programme.places_left(), len(world.register.holders("place")))


class _Overtaken(MemoryRegister):
    """A register in which somebody takes the last place between a decision and its writing."""

    def __init__(self) -> None:
        super().__init__()
        self.rival: World | None = None

    def append(self, event: Event, **given: object) -> Event:
        """Let the rival go first, once."""
        rival, self.rival = self.rival, None
        if rival is not None and event.action == "approve":
            rival.programme.approve("s-02", by=COMMITTEE)
        return super().append(event, **given)  # type: ignore[arg-type] # as they came


def test_overtaken_at_the_last_place(two_places: Policy) -> None:
    """Decided with a place left, written with none: it is decided again, and denied."""
    register = _Overtaken()
    world = World(two_places.vary({"quota/places": 1}), register=register)
    for number in (1, 2):
        world.studio("declared", number)
    register.rival = world
    with pytest.raises(Denied) as caught:
        world.programme.approve("s-01", by=COMMITTEE)

    assert ["quota"] == codes(caught.value.reasons)
    assert ("s-02",) == register.holders("place")


def test_overtaken_with_a_reason(two_places: Policy) -> None:
    """Who brought a reason in store needs it now, and it is recorded."""
    register = _Overtaken()
    world = World(two_places.vary({"quota/places": 1}), register=register)
    for number in (1, 2):
        world.studio("declared", number)
    register.rival = world
    override = {"quota": {"reason": "经研究同意"}}
    studio = world.programme.approve("s-01", by=COMMITTEE, overrides=override)

    assert {"quota": Override(reason="经研究同意")} == studio.history[-1].overrides
    assert ("s-02", "s-01") == register.holders("place")


def test_taken_again_and_again(two_places: Policy) -> None:
    """A register that gives the place to others each time is told to the caller."""

    class Stubborn(MemoryRegister):
        def append(self, event: Event, **given: object) -> Event:
            if event.action == "approve":
                raise SlotTaken(given["take"])  # type: ignore[arg-type] # slots
            return super().append(event, **given)  # type: ignore[arg-type] # as they came

    world = World(two_places, register=Stubborn())
    studio: Studio = world.programme.declare(application(), by=SCHOOL)
    world.clock.on(date(2023, 4, 14))
    with pytest.raises(SlotTaken):
        world.programme.approve(studio, by=COMMITTEE)
