"""What does not fit is refused with its place, before anybody asks whether it is allowed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor, Person
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.studio import Application, Studio
from tests.lifecycle.conftest import DAYS, SITE, World, person

PLAIN: dict[str, object] = {
    "name": "样例工作室",
    "unit": "样例学校",
    "lead": {"id": "lead-a", "name": "领衔人甲"},
    "members": [{"id": "member-0"}, {"id": "member-1", "name": "成员1"}],
}


def _problems(error: InputError) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in error.problems]


def test_a_plain_application(world: World) -> None:
    """A plain dict is accepted where an application is, and becomes one."""
    step = world.act("declare", Studio(id="s-01"), papers={"application": PLAIN})

    members = (Person("member-0"), Person("member-1", "成员1"))
    expected = Application(
        name="样例工作室", unit="样例学校", lead=Person("lead-a", "领衔人甲"), members=members
    )
    assert expected == step.studio.application


def test_a_plain_application_with_problems(world: World) -> None:
    """Every problem of it is told under its path, together with those of everything else."""
    application = {"name": " ", "lead": {"id": 7}, "members": ["member-0"], "leval": "city"}
    with pytest.raises(InputError) as refused:
        world.can(
            "declare",
            Studio(id="s-01"),
            papers={"application": application, "facts": {"memebers": 7}},
        )

    assert [
        ("application/name", "empty_text"),
        ("application/lead/id", "wrong_type"),
        ("application/members/0", "wrong_type"),
        ("application/leval", "unknown_key"),
        ("application", "missing_key"),
        ("facts/memebers", "unknown_name"),
    ] == _problems(refused.value)


@pytest.mark.parametrize("application", ["样例工作室", 7, []])
def test_no_application_at_all(world: World, application: Any) -> None:  # noqa: ANN401 - on purpose
    """What is neither an application nor a table is refused."""
    with pytest.raises(InputError) as refused:
        world.can("declare", Studio(id="s-01"), papers={"application": application})

    assert [("application", "wrong_type")] == _problems(refused.value)


@pytest.mark.parametrize("day", ["2023-03-22", None, datetime(2023, 3, 22, tzinfo=UTC), 20230322])
def test_a_day_is_a_date(world: World, day: Any) -> None:  # noqa: ANN401 - on purpose
    """Text, nothing, or a time of day is no date."""
    with pytest.raises(InputError, match="a date, without a time of day") as refused:
        world.lifecycle.can("declare", Studio(id="s-01"), by=person("host_party"), on=day)

    assert [("on", "wrong_type")] == _problems(refused.value)


@pytest.mark.parametrize("method", ["act", "can"])
def test_an_unknown_argument(world: World, method: str) -> None:
    """The error names the method that was called, and the argument that was meant."""
    ask = getattr(world.lifecycle, method)
    with pytest.raises(TypeError) as refused:
        ask("declare", Studio(id="s"), by=person("lead"), on=DAYS["declare"], place_left=3)

    said = f"{method}() got an unexpected keyword argument 'place_left'"
    assert f"{said}; did you mean 'places_left'?" == str(refused.value)


def test_an_unknown_argument_like_no_other(world: World) -> None:
    """Where no argument is like it, none is suggested."""
    ask: dict[str, Any] = {"by": person("lead"), "on": DAYS["declare"], "zzz": 3}
    with pytest.raises(TypeError, match=r"^available\(\) got .* argument 'zzz'$"):
        world.lifecycle.available(Studio(id="s"), **ask)


def test_an_inspection_in_an_unknown_role(world: World) -> None:
    """Nobody inspects in a role that the policy does not have."""
    items = {item: InspectedItem(present=True) for item in SITE}
    inspection = Inspection(items=items, by="p-02", role="county_buro", unit="县教育局")
    papers = world.papers("plaque")
    papers["facts"] = FactFile(facts={"members": 7}, inspection=inspection)
    with pytest.raises(InputError) as refused:
        world.can("plaque", world.studio("approved"), papers=papers)

    (problem,) = refused.value.problems
    assert ("inspection/role", "county_bureau") == (problem.path, problem.nearest)


def test_an_actor_in_an_unknown_role(world: World) -> None:
    """The denial names roles that the policy does not have, each with its nearest match."""
    actor = Actor("h-01", unit="样例学校", roles={"host_partei", "x\u202e"})
    (reason,) = world.can("declare", Studio(id="s-01"), by=actor).reasons

    assert ("wrong_role", ("host_party",)) == (reason.code, reason.about)
    assert reason.text("en").endswith(
        "; the policy has no role host_partei (did you mean host_party?), x\\u202e"
    )
    assert reason.text("zh").endswith(
        "；政策中没有角色 host_partei（是否想写 host_party？）、x\\u202e"
    )


def test_an_actor_with_roles_that_fit_and_one_that_does_not(world: World) -> None:
    """A role of another policy does no harm where one of this policy fits."""
    actor = Actor("h-01", unit="样例学校", roles={"host_party", "other"})

    assert world.can("declare", Studio(id="s-01"), by=actor, on=date(2023, 3, 22))
