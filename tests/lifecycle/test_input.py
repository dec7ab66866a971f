"""What does not fit is refused with its place, before anybody asks whether it is allowed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor, Person
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.studio import Application, Override, Studio
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


@pytest.mark.parametrize(
    ("keyword", "given", "path"),
    [
        ("overrides", None, "overrides"),
        ("overrides", "quota", "overrides"),
        ("overrides", {"quota": "because"}, "overrides/quota"),
        ("overrides", {"quota": None}, "overrides/quota"),
        ("overrides", {"quota": {"reason": None}}, "overrides/quota/reason"),
        ("overrides", {"quota": {"reason": "r", "by": "p:r@u"}}, "overrides/quota/by"),
        ("decision", ["x"], "decision"),
        ("facts", [1, 2], "facts"),
        ("facts", FactFile(facts=[1, 2]), "facts"),  # type: ignore[arg-type] # on purpose
        ("by", "p:r@u", "by"),
        ("by", None, "by"),
        ("studio", None, "studio"),
        ("studio", "s-01", "studio"),
        ("places_left", "junk", "places_left"),
        ("places_left", True, "places_left"),
        ("remark", object(), "remark"),
    ],
)
@pytest.mark.parametrize("method", ["can", "act", "available"])
def test_a_value_of_the_wrong_type(
    world: World,
    method: str,
    keyword: str,
    given: Any,  # noqa: ANN401 - on purpose
    path: str,
) -> None:
    """It is refused under its keyword, whatever the step would have made of it."""
    arguments = {"by": person("bureau_committee"), "on": DAYS["approve"], "places_left": 3}
    arguments |= {"studio": world.studio("declared"), keyword: given}
    if method != "available":
        arguments["action"] = "approve"
    with pytest.raises(InputError) as refused:
        getattr(world.lifecycle, method)(**arguments)

    assert [(path, "wrong_type")] == _problems(refused.value)


@pytest.mark.parametrize("action", ["approve", "operate"])
def test_places_that_can_not_be(world: World, action: str) -> None:
    """Fewer places than none are refused on every step, whether it asks for places or not."""
    with pytest.raises(InputError) as refused:
        world.can(action, world.studio("declared"), papers={"places_left": -1})

    assert ["places_left"] == [problem.path for problem in refused.value.problems]


def test_an_unknown_action_of_another_type(world: World) -> None:
    """What is no text is no action."""
    action: Any = ["approve"]
    with pytest.raises(InputError) as refused:
        world.lifecycle.can(action, Studio(id="s"), by=person("lead"), on=DAYS["approve"])

    assert [("action", "unknown_name")] == _problems(refused.value)


def test_every_wrong_type_at_once(world: World) -> None:
    """All are told together, with what is wrong with the facts."""
    papers: Any = {"decision": 3, "remark": 4, "overrides": {"quota": {"raeson": "x"}}}
    papers["facts"] = {"memebers": 7}
    with pytest.raises(InputError) as refused:
        world.can("approve", world.studio("declared"), papers=papers)

    assert [
        ("decision", "wrong_type"),
        ("remark", "wrong_type"),
        ("overrides/quota/raeson", "unknown_key"),
        ("overrides/quota", "missing_key"),
        ("facts/memebers", "unknown_name"),
    ] == _problems(refused.value)


def test_a_plain_override(world: World) -> None:
    """A plain dict is accepted where an override is, and becomes one."""
    by = person("bureau_committee")
    papers = world.papers("approve")
    papers |= {"places_left": 0, "overrides": {"quota": {"reason": "经研究同意", "by": by}}}
    step = world.act("approve", world.studio("declared"), papers=papers)

    assert {"quota": Override(reason="经研究同意", by=by)} == step.event.overrides


@pytest.mark.parametrize(("by", "unit"), [("lead-a ", None), ("", None), ("p-02", " 样例学校")])
def test_an_inspection_by_a_padded_id(world: World, by: str, unit: str | None) -> None:
    """An id or unit that no comparison would find is refused."""
    items = {item: InspectedItem(present=True) for item in SITE}
    papers = world.papers("plaque")
    papers["facts"] = FactFile(
        facts={"members": 7}, inspection=Inspection(items=items, by=by, unit=unit)
    )
    with pytest.raises(InputError) as refused:
        world.can("plaque", world.studio("approved"), papers=papers)

    path = "inspection/by" if unit is None else "inspection/unit"
    assert [(path, "padded_id")] == _problems(refused.value)
