"""A command that is sent twice is done once: its key stands for it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.studio import Override
from studioflow.verdict import Denied
from tests.programme.reference import (
    COMMITTEE,
    LEAD,
    SCHOOL,
    World,
    activity,
    application,
    everything,
    mark,
)


def test_the_same_answer(world: World) -> None:
    """Sent again the command returns what it returned, though the studio has moved on."""
    studio = world.studio("declared")
    world.clock.on(date(2023, 4, 14))
    first = world.programme.approve(studio, by=COMMITTEE, key="k-1")
    world.programme.record(studio, {"beneficiary": [{"group": "山区学校"}]}, by=SCHOOL)
    before = everything(world.register)

    assert first == world.programme.approve(studio, by=COMMITTEE, key="k-1")
    assert before == everything(world.register)


def test_a_declaration_twice(world: World) -> None:
    """A new studio whose command is sent again does not become two."""
    first = world.programme.declare(application(), by=SCHOOL, key="k-1")

    assert first == world.programme.declare(application(), by=SCHOOL, key="k-1")
    assert (first,) == world.programme.studios()


def test_by_value_or_by_id(world: World) -> None:
    """Whether the studio is named by value or by id, the command is the same."""
    studio = world.studio("declared")
    first = world.programme.approve(studio, by=COMMITTEE, key="k-1")

    assert first == world.programme.approve("s-01", by=COMMITTEE, key="k-1")


@pytest.mark.parametrize("other", ["remark", "on", "records", "studio", "action", "overrides"])
def test_another_payload(world: World, other: str) -> None:
    """The same key with anything else in it is refused, and nothing happens."""
    studio = world.studio("operating")
    world.studio("operating", 2)
    world.clock.on(date(2023, 9, 1))
    records = {"activity": [activity(1, date(2023, 5, 4))]}
    programme = world.programme
    programme.record(studio, records, by=LEAD, key="k-1")
    before = everything(world.register)
    payload: dict[str, Any] = {"action": "record", "studio": studio, "records": records}
    changed: dict[str, Any] = {
        "remark": "补",
        "on": date(2023, 8, 31),
        "records": {"activity": [activity(2, date(2023, 5, 4))]},
        "studio": "s-02",
        "action": "correct",
        "overrides": {"window": Override(reason="…")},
    }
    with pytest.raises(InputError) as caught:
        programme.act(**payload | {other: changed[other]}, by=LEAD, key="k-1")

    (problem,) = caught.value.problems
    assert ("other_payload", "key") == (problem.code, problem.path)
    assert before == everything(world.register)


def test_numbers_are_compared_exactly(world: World) -> None:
    """A mark of 9 and one of 8 are different payloads; so are 9 and a mark that is met."""
    studio = world.studio("operating")
    marks = [mark("5.1.1", 9)]
    world.programme.mark(studio, marks, by=COMMITTEE, key="k-1")

    again = world.programme.mark(studio, marks, by=COMMITTEE, key="k-1")
    assert Fraction(9) == again.marks[0].points
    with pytest.raises(InputError):
        world.programme.mark(studio, [mark("5.1.1", 8)], by=COMMITTEE, key="k-1")


def test_scoped_to_the_actor(world: World) -> None:
    """Two people may happen to use the same key."""
    studio = world.studio("operating")
    records = {"beneficiary": [{"group": "山区学校"}]}
    world.programme.record(studio, records, by=LEAD, key="k-1")
    other = {"beneficiary": [{"group": "乡镇学校"}]}

    after = world.programme.record(studio, other, by=SCHOOL, key="k-1")
    assert ["beneficiary-1", "beneficiary-2"] == [r.id for r in after.of_kind("beneficiary")]


def test_a_denied_command_uses_no_key(world: World) -> None:
    """What did not happen can be sent again with the same key, once it may."""
    studio = world.studio("declared")
    with pytest.raises(Denied):
        world.programme.refuse(studio, by=COMMITTEE, key="k-1")

    refused = world.programme.refuse(studio, by=COMMITTEE, key="k-1", remark="不符合条件")
    assert "refused" == refused.state


def test_known_to_every_programme_over_the_register(world: World) -> None:
    """Keys live in the register: another programme over it knows them."""
    first = world.programme.declare(application(), by=SCHOOL, key="k-1")

    assert first == world.opened().declare(application(), by=SCHOOL, key="k-1")


def test_no_key_no_memory(world: World) -> None:
    """Without a key two equal commands are two."""
    world.programme.declare(application(), by=SCHOOL)
    world.programme.declare(application(), by=SCHOOL)

    assert ("s-01", "s-02") == world.register.studios()


@pytest.mark.parametrize("key", ["", 7])
def test_a_key_that_is_none(world: World, key: object) -> None:
    """An empty key or a number is bad input."""
    with pytest.raises(InputError) as caught:
        world.programme.declare(application(), by=SCHOOL, key=key)  # type: ignore[arg-type] # on purpose

    assert ["key"] == [problem.path for problem in caught.value.problems]


def test_a_key_and_somebody_who_is_no_actor(world: World) -> None:
    """Somebody who is no actor is bad input with a key, too."""
    with pytest.raises(InputError) as caught:
        world.programme.declare(application(), by="h-01", key="k-1")  # type: ignore[arg-type] # on purpose

    assert ["by"] == [problem.path for problem in caught.value.problems]
