"""A programme is opened with one policy, and goes on with what its register holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.studio import Guard, PluginMeasure, Question
from studioflow.verdict import Denied, Reason
from tests.programme.reference import COMMITTEE, SCHOOL, World, application, codes, school


class _Guarded:
    """A plugin whose guard says no to every approval."""

    @hookimpl
    def studioflow_guards(self) -> list[Guard]:
        """Return one guard."""

        def check(question: Question) -> list[Reason]:
            raise RuntimeError(question.studio)

        return [Guard(id="never", check=check, actions=frozenset({"approve"}))]


class _Broken:
    """A plugin that brings what is no guard."""

    @hookimpl
    def studioflow_guards(self) -> list[Any]:
        """Return what no hook may return."""
        return ["no guard"]


def test_another_policy(world: World) -> None:
    """A register is not opened with another policy than the one that it was opened with."""
    other = world.policy.vary({"readings/lead_in_headcount": "include"})
    with pytest.raises(InputError) as caught:
        Programme.open(other, register=world.register, host=world.host, clock=world.clock)

    (problem,) = caught.value.problems
    assert "other_policy" == problem.code
    assert world.policy.fingerprint in str(caught.value)
    assert other.fingerprint[:20] in str(caught.value)


def test_the_same_policy_again(world: World) -> None:
    """Opened again with the same policy, the programme goes on where it was."""
    studio = world.studio("approved")
    again = world.opened()

    assert (studio,) == again.studios()
    assert 9 == again.places_left()


def test_the_opening_keeps_the_policy_to_the_letter(world: World) -> None:
    """The register has the policy's whole tables: what it says can be read without plugins."""
    opening = world.register.opening()

    assert opening is not None
    assert (world.policy.reference, world.policy.tables) == (opening.policy, opening.tables)
    assert world.clock.now == opening.recorded


def test_by_id(reference: Policy) -> None:
    """An installed policy is opened by its id."""
    programme = Programme.open("yongjia-2023")

    assert reference.fingerprint == programme.policy.fingerprint


def test_an_unknown_policy(tmp_path: Path) -> None:
    """Neither an unknown id nor a missing file opens a programme."""
    for policy in ("yongjia-2032", tmp_path / "none.toml"):
        with pytest.raises(InputError):
            Programme.open(policy)


def test_a_broken_plugin(world: World) -> None:
    """A plugin that failed opens nothing, since what it would forbid is not known."""
    with pytest.raises(InputError) as caught:
        Programme.open(world.policy, host=Host([_Broken()]), clock=world.clock)

    assert "_Broken" in str(caught.value)


def test_guards_are_asked(reference: Policy) -> None:
    """The host's guards are asked; one that fails denies, under its name."""
    world = World(reference, host=Host([_Guarded()]))
    studio = world.studio("declared")
    with pytest.raises(Denied) as caught:
        world.programme.approve(studio, by=COMMITTEE)

    (reason,) = caught.value.reasons
    assert "never" in reason.explain("en")
    assert world.programme.can("approve", studio, by=SCHOOL).plugins_asked is False


def test_a_measure_that_nobody_brings(reference: Policy) -> None:
    """A policy that names a plugin's measure is not opened without that plugin."""
    changes = {
        "measures/activities/kind": "plugin",
        "measures/activities/use": "held",
    }
    with pytest.raises(InputError) as caught:
        World(reference.vary(changes))

    assert ["measures/activities/use"] == [problem.path for problem in caught.value.problems]


def test_a_measure_that_a_plugin_brings(reference: Policy) -> None:
    """The plugin's count is asked for, and it sees documents without personal parts."""
    seen: list[Any] = []

    class Counts:
        @hookimpl
        def studioflow_measures(self) -> list[PluginMeasure]:
            def held(records: tuple[Any, ...]) -> int:
                seen.extend(records)
                return len(records)

            return [PluginMeasure(id="held", measure=held)]

    policy = reference.vary(
        {
            "measures/trainees/kind": "plugin",
            "measures/trainees/use": "held",
        }
    )
    world = World(policy, host=Host([Counts()]))
    studio = world.studio("declared")
    people = {"person": {"id": "t-1", "name": "学员甲1"}, "joined": world.clock.now.date()}
    world.programme.record(studio, {"trainee": [{**people, "contact": "电话丁"}]}, by=SCHOOL)

    assert 1 == world.programme.score(studio).measured["trainees"].value
    assert "学员甲1" not in repr(seen)
    assert "电话丁" not in repr(seen)


def test_two_programmes_over_one_register(world: World) -> None:
    """What one writes the other sees at once, and neither acts on what is past."""
    other = world.opened()
    studio = world.studio("declared")
    approved = other.approve(studio, by=COMMITTEE)

    assert approved == world.programme.studio(studio)
    with pytest.raises(Denied) as caught:
        world.programme.approve(studio, by=COMMITTEE)
    assert "wrong_state" in codes(caught.value.reasons)
    assert "s-02" == other.declare(application(2), by=school(2)).id
    assert "s-03" == world.programme.declare(application(3), by=school(3)).id


def test_roles_are_the_policys(world: World) -> None:
    """A role that the policy does not have opens nothing, and is named."""
    studio = world.studio("declared")
    stranger = Actor("p-09", unit="局机关党委", roles={"bureau_comittee"})
    verdict = world.programme.can("approve", studio, by=stranger)

    assert ["wrong_role"] == codes(verdict.reasons)
    assert "bureau_committee" in verdict.explain("en")
