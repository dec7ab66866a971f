"""Who amends a policy, when, with what; and how a register is opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.studio import PluginMeasure
from studioflow.verdict import Denied
from tests.programme.amended import (
    KEEPING,
    NO_RETURN,
    STRICTER,
    ran,
    returned,
)
from tests.programme.reference import (
    COMMITTEE,
    COUNTY,
    World,
    application,
    codes,
    school,
)


@pytest.fixture
def running(world: World) -> World:
    """A programme with an evaluated, an operating and a declared studio, two years later."""
    return ran(world)


def test_who_may_amend(world: World) -> None:
    """The policy in force says who amends it; whoever else is told."""
    world = World(world.policy.vary({"amendment": {"by": ["county_bureau"]}}))
    second = world.policy.vary({"version": "2"})
    with pytest.raises(Denied) as caught:
        world.programme.amend(second, by=COMMITTEE)
    (reason,) = caught.value.reasons
    assert ("wrong_role", ("county_bureau",)) == (reason.code, reason.about)

    world.programme.amend(second, by=COUNTY)
    assert second is world.programme.policy


def test_nobody_of_the_policy(world: World) -> None:
    """Where the policy does not say who, it is somebody with one of its roles."""
    stranger = Actor("p-99", unit="elsewhere", roles={"gardener"})
    with pytest.raises(Denied) as caught:
        world.programme.amend(world.policy.vary({"version": "2"}), by=stranger)

    assert ["wrong_role"] == codes(caught.value.reasons)


def test_every_reason_at_once(world: World) -> None:
    """Who, when and each studio: all that stands against it is said at once."""
    returned(world)
    stranger = Actor("p-99", unit="elsewhere")
    with pytest.raises(Denied) as caught:
        world.programme.amend(world.policy.vary(NO_RETURN), by=stranger, on=date(2023, 5, 1))

    told = ["wrong_role", "day_not_come", "amended_state_gone"]
    assert told == codes(caught.value.reasons)
    assert "不可以：修订政策" in caught.value.explain("zh")


def test_what_is_in_force_already(running: World) -> None:
    """The policy in force is not amended to itself."""
    with pytest.raises(InputError) as caught:
        running.programme.amend(running.policy, by=COMMITTEE)

    assert [("policy_in_force", "policy")] == [(p.code, p.path) for p in caught.value.problems]
    assert () == running.programme.amendment(running.policy).differences


@pytest.mark.parametrize(
    ("given", "path"),
    [({"by": "p-01"}, "by"), ({"remark": 3}, "remark"), ({"on": "2023-07-03"}, "on")],
)
def test_wrong_form(world: World, given: Any, path: str) -> None:  # noqa: ANN401 - wrong on purpose
    """What is no actor, no words or no day is bad input, and named."""
    with pytest.raises(InputError) as caught:
        world.programme.amend(world.policy.vary({"version": "2"}), **{"by": COMMITTEE, **given})

    assert [path] == [problem.path for problem in caught.value.problems]


# Opened again


def test_opened_without_a_policy(running: World) -> None:
    """A register goes on by what is in force in it, each studio by its own."""
    second = running.policy.vary(KEEPING)
    running.programme.amend(second, by=COMMITTEE)
    again = Programme.open(register=running.register, host=running.host, clock=running.clock)

    assert second.reference == again.policy.reference
    assert running.policy.reference == again.policy_of("s-01").reference
    assert running.programme.studios() == again.studios()
    studio = again.record("s-02", {"beneficiary": [{"group": "山区"}]}, by=school(2))
    assert running.policy.reference == studio.history[-1].policy


def test_opened_without_any_policy() -> None:
    """A new register needs a policy."""
    with pytest.raises(InputError) as caught:
        Programme.open()

    assert [("no_policy", "policy")] == [(p.code, p.path) for p in caught.value.problems]


def test_fault_29_the_policy_file_is_edited(world: World) -> None:
    """An edited policy, and the one of before, open nothing: the error says how to amend."""
    world.studio("declared")
    second = world.policy.vary(STRICTER)
    for edited in (second, world.policy):
        with pytest.raises(InputError) as caught:
            Programme.open(edited, register=world.register, host=world.host, clock=world.clock)
        (problem,) = caught.value.problems
        assert "other_policy" == problem.code
        assert "programme.amend(policy, by=…)" in str(caught.value)
        if edited is second:
            world.programme.amend(second, by=COMMITTEE)

    again = Programme.open(second, register=world.register, host=world.host, clock=world.clock)
    assert second.reference == again.policy.reference


class _Counts:
    """A plugin that brings a measure."""

    @hookimpl
    def studioflow_measures(self) -> list[PluginMeasure]:
        """Return one measure."""
        return [PluginMeasure(id="held", measure=len)]


def test_a_version_whose_plugin_is_gone(reference: Policy) -> None:
    """What a version with a plugin decided is read without it; to decide by it takes the plugin."""
    counted = {"measures/trainees/kind": "plugin", "measures/trainees/use": "held"}
    world = World(reference.vary(counted), host=Host([_Counts()]))
    world.studio("declared")
    with pytest.raises(InputError) as caught:
        Programme.open(register=world.register, host=Host(()), clock=world.clock)
    assert ["measures/trainees/use"] == [problem.path for problem in caught.value.problems]

    world.programme.amend(reference.vary(KEEPING), by=COMMITTEE)
    again = Programme.open(register=world.register, host=Host(()), clock=world.clock)
    assert world.programme.studio("s-01") == again.studio("s-01")
    with pytest.raises(InputError):
        again.can("approve", "s-01", by=COMMITTEE)
    assert "declared" == again.declare(application(2), by=school(2)).state
