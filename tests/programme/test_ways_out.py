"""The ways out that practice needs: returned and declared again, refused, withdrawn, revoked."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.programme.actions import Aside
from studioflow.verdict import Denied
from tests.programme.reference import (
    COMMITTEE,
    COUNTY,
    FORM,
    FULL_FORM,
    SCHOOL,
    World,
    application,
    codes,
    everything,
)

GAPS = ("创建基础未填", "缺领衔人单位党组织盖章")


@pytest.fixture
def returned(world: World) -> World:
    """A programme with a studio whose form had gaps and was returned."""
    studio = world.programme.declare(application(), by=SCHOOL, records={"application_form": [FORM]})
    world.clock.on(date(2023, 3, 30))
    world.programme.return_for_completion(studio, GAPS, by=COMMITTEE)
    return world


def test_returned_with_the_gaps(returned: World) -> None:
    """What is missing stands in the event, word for word."""
    event = returned.programme.studio("s-01").history[-1]

    assert ("returned", GAPS) == (event.dest, event.gaps)


def test_returned_without_saying_why(world: World) -> None:
    """An application is not returned without a list of what is missing."""
    studio = world.studio("declared")
    with pytest.raises(Denied) as caught:
        world.programme.return_for_completion(studio, [], by=COMMITTEE)

    (reason,) = caught.value.reasons
    assert ("needed", ("gaps",)) == (reason.code, reason.about)


def test_declared_again(returned: World) -> None:
    """What was returned is declared again after the window, with the form corrected."""
    returned.clock.on(date(2023, 4, 11))
    form = {**FULL_FORM, "id": "application_form-1"}
    studio = returned.programme.declare(
        application(), "s-01", by=SCHOOL, records={"application_form": [form]}
    )

    assert "declared" == studio.state
    assert ["declare", "return_for_completion", "declare"] == [e.action for e in studio.history]
    assert ["application_form-1"] == [*studio.records]
    assert "三年的研修基础" == studio.records["application_form-1"].data["foundation"]
    assert () == returned.programme.can("approve", studio, by=COMMITTEE).warnings


def test_the_form_before_stays_on_the_record(returned: World) -> None:
    """Nothing is overwritten: the first form stands in the first event."""
    form = {**FULL_FORM, "id": "application_form-1"}
    studio = returned.programme.declare(
        application(), "s-01", by=SCHOOL, records={"application_form": [form]}
    )

    before, after = (studio.history[number].records[0] for number in (0, 2))
    assert "foundation" not in before.data
    assert "三年的研修基础" == after.data["foundation"]


def test_the_form_is_known_without_its_id(returned: World) -> None:
    """A studio has one form: a new one is that one's correction, with its id or without."""
    studio = returned.programme.declare(
        application(), "s-01", by=SCHOOL, records={"application_form": [FULL_FORM]}
    )

    assert ["application_form-1"] == [*studio.records]


def test_two_forms_at_once(returned: World) -> None:
    """Two forms in one declaration are refused: there is one."""
    with pytest.raises(Denied) as caught:
        returned.programme.declare(
            application(), "s-01", by=SCHOOL, records={"application_form": [FULL_FORM, FORM]}
        )

    assert ["only_one"] == codes(caught.value.reasons)


def test_declared_again_without_a_form(returned: World) -> None:
    """Declared again as it was, the papers are still not complete, and approving says so."""
    studio = returned.programme.declare(application(), "s-01", by=SCHOOL)

    warnings = returned.programme.can("approve", studio, by=COMMITTEE).warnings
    assert ["papers"] == codes(warnings)


def test_declared_again_by_others(returned: World) -> None:
    """The application may name other people when it is declared again; the latest counts."""
    changed = application() | {"members": [{"id": "m-9", "name": "成员乙9"}]}
    studio = returned.programme.declare(changed, "s-01", by=SCHOOL)

    assert {"lead-a", "m-9"} == studio.people()


def test_the_window_of_a_first_declaration(world: World) -> None:
    """A new one in April is too late, though a returned one is not."""
    world.clock.on(date(2023, 4, 11))
    verdict = world.programme.can("declare", by=SCHOOL, application=application())

    assert ["too_late"] == codes(verdict.reasons)


def test_a_late_declaration_with_a_reason(world: World) -> None:
    """The committee sets the window aside; the reason is recorded."""
    world.clock.on(date(2023, 4, 11))
    override = {"window": {"reason": "邮寄延误", "by": COMMITTEE}}
    studio = world.programme.declare(application(), by=SCHOOL, overrides=override)

    assert "邮寄延误" == studio.history[0].overrides["window"].reason


OUT = [
    ("refuse", "declared", COMMITTEE, "refused"),
    ("withdraw", "declared", SCHOOL, "withdrawn"),
    ("withdraw", "approved", SCHOOL, "withdrawn"),
    ("withdraw", "plaqued", SCHOOL, "withdrawn"),
    ("withdraw", "operating", SCHOOL, "withdrawn"),
    ("revoke", "approved", COMMITTEE, "revoked"),
    ("revoke", "plaqued", COMMITTEE, "revoked"),
    ("revoke", "operating", COMMITTEE, "revoked"),
]


@pytest.mark.parametrize(("action", "state", "by", "dest"), OUT)
def test_out(world: World, action: str, state: str, by: Actor, dest: str) -> None:
    """With a remark the studio is out, and the remark stands in the event."""
    studio = world.studio(state)
    after = world.programme.act(action, studio, by=by, remark="经研究决定")

    assert (dest, "经研究决定") == (after.state, after.history[-1].remark)


@pytest.mark.parametrize(("action", "state", "by"), [way[:3] for way in OUT])
@pytest.mark.parametrize("aside", [{}, {"remark": ""}, {"remark": " \n"}])
def test_out_without_a_reason(
    world: World, action: str, state: str, by: Actor, aside: Aside
) -> None:
    """Without one it stays where it is."""
    studio = world.studio(state)
    with pytest.raises(Denied) as caught:
        world.programme.act(action, studio, by=by, **aside)

    assert [("needed", ("remark",))] == [(r.code, r.about) for r in caught.value.reasons]
    assert state == world.programme.studio(studio).state


def test_a_returned_one_is_withdrawn(returned: World) -> None:
    """Who does not want to complete the application may withdraw it."""
    studio = returned.programme.withdraw("s-01", by=SCHOOL, remark="不再申报")

    assert "withdrawn" == studio.state


@pytest.mark.parametrize("way", [("refuse", COMMITTEE), ("withdraw", SCHOOL)])
def test_the_end(world: World, way: tuple[str, Actor]) -> None:
    """From there nothing leads on, and every action says so."""
    studio = world.studio("declared")
    action, by = way
    studio = world.programme.act(action, studio, by=by, remark="…")
    before = everything(world.register)
    for actor in (SCHOOL, COMMITTEE, COUNTY):
        verdicts = world.programme.available(studio, by=actor)
        assert not any(verdicts.values())
        assert all("wrong_state" in codes(verdict.reasons) for verdict in verdicts.values())

    assert before == everything(world.register)


def test_gaps_are_words(world: World) -> None:
    """A lone text is no list: it would fall apart into its letters."""
    studio = world.studio("declared")
    with pytest.raises(InputError) as caught:
        world.programme.return_for_completion(studio, "创建基础未填", by=COMMITTEE)

    assert ["gaps"] == [problem.path for problem in caught.value.problems]
