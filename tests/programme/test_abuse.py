"""Ways around the rules that reviewers found, each of them closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.people import Actor, Mark
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.verdict import Denied
from tests.programme.reference import (
    ASSESSORS,
    COMMITTEE,
    COUNTY,
    FORM,
    LEAD,
    OFFICE,
    SCHOOL,
    World,
    activity,
    application,
    codes,
    everything,
    inspection,
    mark,
    roster,
    school,
)

MAY = date(2023, 5, 4)
STRANGE: Any = {"flag": 3}


@pytest.fixture
def operating(reference: Policy) -> World:
    """A studio in daily operation, in the summer of its first year."""
    world = World(reference)
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    return world


def _denied(operating: World, action: str, by: Actor, **given: Any) -> list[str]:  # noqa: ANN401 - what an action takes
    before = everything(operating.register)
    with pytest.raises(Denied) as caught:
        operating.programme.act(action, "s-01", by=by, **given)
    assert before == everything(operating.register)
    return codes(caught.value.reasons)


def test_another_school_does_not_take_over_a_returned_studio(world: World) -> None:
    """Whose studio it is, is said by the application on file, not by the one that comes in."""
    studio = world.programme.declare(application(), by=SCHOOL)
    studio = world.programme.return_for_completion(studio, ["创建基础未填"], by=COMMITTEE)
    with pytest.raises(Denied) as caught:
        world.programme.declare(application(2), studio, by=school(2))

    assert ["other_unit", "others_studio"] == codes(caught.value.reasons)


@pytest.mark.parametrize("action", ["record", "correct", "withdraw"])
def test_another_school_has_no_say(operating: World, action: str) -> None:
    """The roles of a school and its lead are for their own studios alone."""
    given = {"remark": "…", "records": {"activity": [activity(1, MAY)]}}

    assert "others_studio" in _denied(operating, action, school(2), **given)


def test_striking_an_entry_makes_nobody_independent(operating: World) -> None:
    """Whom the studio had on a roster does not judge it, whatever its own people strike later."""
    trainee = {"person": {"id": ASSESSORS[0].id}, "joined": MAY}
    operating.programme.record("s-01", {"trainee": [trainee]}, by=LEAD)
    operating.programme.correct("s-01", strike=["trainee-1"], by=LEAD, remark="…")

    denied = _denied(operating, "mark", ASSESSORS[1], marks=[mark("5.1.1", 9)])
    assert ["marked_own_studio"] == denied
    # Others may find that the entry was a mistake.
    operating.programme.record("s-01", {"trainee": [trainee]}, by=LEAD)
    for name in ("trainee-2",):
        operating.programme.correct("s-01", strike=[name], by=COUNTY, remark="…")
    assert ["marked_own_studio"] == _denied(
        operating, "mark", ASSESSORS[1], marks=[mark("5.1.1", 9)]
    )


def test_a_false_entry_does_not_bar_an_assessor(operating: World) -> None:
    """An entry that others found to be a mistake has no effect."""
    trainee = {"person": {"id": ASSESSORS[0].id}, "joined": MAY}
    operating.programme.record("s-01", {"trainee": [trainee]}, by=LEAD)
    operating.programme.correct("s-01", strike=["trainee-1"], by=COUNTY, remark="查无此人")

    assert operating.programme.can("mark", "s-01", by=ASSESSORS[1], marks=[mark("5.1.1", 9)])


def test_facts_come_from_those_who_supply_them(operating: World) -> None:
    """The lead does not say that the money was used properly, nor mark their own goal."""
    facts = {"funds_proper": True, "goal_mark": 10, "members": 8}

    assert ["wrong_supplier", "wrong_supplier"] == [
        code
        for code in _denied(
            operating,
            "record",
            LEAD,
            records={"activity": [activity(1, MAY)]},
            facts={k: v for k, v in facts.items() if k != "members"},
        )
        if code == "wrong_supplier"
    ]


def test_the_committees_opinion_is_its_own(world: World) -> None:
    """A school leaves the committee's field on its form empty; the committee fills it in."""
    opinion = {"text": "同意", "sealed": True, "on": date(2023, 3, 22)}
    form = {**FORM, "bureau_committee_opinion": opinion}
    with pytest.raises(Denied) as caught:
        world.programme.declare(application(), by=SCHOOL, records={"application_form": [form]})
    studio = world.programme.declare(application(), by=SCHOOL, records={"application_form": [FORM]})
    studio = world.programme.correct(
        studio, {"application_form": [form]}, by=COMMITTEE, remark="审批"
    )

    assert ["wrong_recorder"] == codes(caught.value.reasons)
    assert ["application_form-1"] == [*studio.records][:1]
    assert "bureau_committee_opinion" in studio.records["application_form-1"].data


def test_a_full_panel(operating: World) -> None:
    """One mark more than a panel takes is refused, at what was handed in."""
    for number in range(9):
        by = Actor(f"a-{number}", unit="县教育局", roles={"assessor"})
        operating.programme.mark("s-01", [mark("5.1.1", 8, by)], by=by)
    tenth = Actor("a-10", unit="县教育局", roles={"assessor"})
    with pytest.raises(InputError) as caught:
        operating.programme.mark("s-01", [mark("5.1.1", 8, tenth)], by=tenth)

    assert [("marks", "too_many_marks")] == [(p.path, p.code) for p in caught.value.problems]


def test_the_office_hands_in_for_assessors(operating: World) -> None:
    """A step that asks for others is taken by people who hand in for everybody; it says who."""
    studio = operating.programme.mark("s-01", [mark("5.1.1", 8)], by=OFFICE)

    event = studio.history[-1]
    assert (OFFICE.id, ASSESSORS[0].id) == (event.by.id, event.marks[0].by)


def test_a_mark_struck_and_given_anew(operating: World) -> None:
    """A correction may strike a mark and hand in another by the same person at once."""
    operating.programme.mark("s-01", [mark("5.1.1", 8)], by=ASSESSORS[0])
    studio = operating.programme.correct(
        "s-01",
        strike=["5.1.1/p-10"],
        marks=[mark("5.1.1", 6)],
        by=ASSESSORS[0],
        remark="误评",
    )

    assert [Fraction(6)] == [each.points for each in studio.marks]


def test_the_latest_mark_of_an_item_without_a_panel() -> None:
    """Where one person marks, the mark that came last counts, whoever gave the one before."""
    policy = load_policy("yongjia-2023")
    changes = {f"facts/{name}/panel": "none" for name, f in policy.facts.items() if f.panel}
    world = World(policy.vary(changes))
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    one, two = ASSESSORS[:2]
    for points, by in ((8, one), (9, two)):
        world.programme.mark("s-01", [mark("5.1.1", points, by)], by=by)
    again = mark("5.1.1", 7, one)
    world.programme.correct("s-01", marks=[again], by=one, remark="…")

    assert Fraction(7) == world.programme.score("s-01").criterion("5.1.1").points.points


def test_nothing_to_correct(operating: World) -> None:
    """A correction corrects something."""
    assert ["needed"] == _denied(operating, "correct", LEAD, remark="…")


def _once(*names: str) -> Iterable[str]:
    yield from names


def test_what_can_be_gone_through_once(operating: World) -> None:
    """A generator of ids is as good as a list of them, also where the command is sent again."""
    two = {"activity": [activity(1, MAY), activity(2, MAY)]}
    operating.programme.record("s-01", two, by=LEAD)
    given: Any = {"by": LEAD, "remark": "…", "key": "k-1"}
    first = operating.programme.correct("s-01", strike=_once("activity-1"), **given)
    again = operating.programme.correct("s-01", strike=_once("activity-1"), **given)
    with pytest.raises(InputError):
        operating.programme.correct("s-01", strike=_once("activity-2"), **given)

    assert first == again
    assert ["activity-2"] == [record.id for record in again.of_kind("activity")]


def test_plain_marks_and_inspections(operating: World) -> None:
    """Plain tables will do, as a case file has them; `can` takes what the action takes."""
    plain = {"criterion": "5.1.1", "by": "p-10", "role": "assessor", "points": 8}
    visit = {"by": "p-02", "role": "county_bureau", "items": {"flag": {"present": True}}}
    programme = operating.programme
    assert programme.can("mark", "s-01", by=ASSESSORS[0], marks=[plain])
    assert programme.can("inspect", "s-01", by=COUNTY, inspection=visit)
    studio = programme.mark("s-01", [plain], by=ASSESSORS[0])
    studio = programme.inspect(studio, visit, by=COUNTY)

    expected = Mark(criterion="5.1.1", by="p-10", role="assessor", points=Fraction(8))
    assert (expected,) == studio.marks
    assert True is studio.facts["site_flag"]


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"marks": [3]}, ["marks/0"]),
        ({"marks": [{"criterion": "5.1.1"}]}, ["marks/0", "marks/0"]),
        ({"marks": 3}, ["marks"]),
        ({"inspection": 3}, ["inspection"]),
        ({"inspection": evolve(inspection(), items=STRANGE)}, ["inspection/items/flag"]),
    ],
)
def test_what_is_no_mark(operating: World, given: dict[str, Any], paths: list[str]) -> None:
    """What is neither a mark nor a table of one is bad input, at its place."""
    with pytest.raises(InputError) as caught:
        operating.programme.act("mark", "s-01", by=ASSESSORS[0], **given)

    assert paths == [problem.path for problem in caught.value.problems]


def test_what_is_no_register(reference: Policy) -> None:
    """What is no path, address, connection or register is refused at `register`."""
    with pytest.raises(InputError) as caught:
        Programme.open(reference, register=30)

    assert ["register"] == [problem.path for problem in caught.value.problems]


def test_a_quota_that_stops_nobody(reference: Policy) -> None:
    """A quota without a condition on the places left is a mistake in the policy."""
    with pytest.raises(InputError) as caught:
        reference.vary({"lifecycle/transitions/approve/conditions/quota": "none"})

    assert ["quota_unasked"] == [problem.code for problem in caught.value.problems]


def test_twice_on_a_roster(operating: World) -> None:
    """Somebody who is on a roster already is kept twice, and flagged."""
    operating.programme.record("s-01", roster("trainee", 2), by=LEAD)
    again = operating.programme.can("record", "s-01", by=LEAD, records=roster("trainee", 1))

    assert again.allowed
    assert ["twice_on_roster"] == codes(again.warnings)


def test_handed_in_beside_records(operating: World) -> None:
    """A sheet says of a fact that could be counted and was handed in that it was."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    operating.programme.act(
        "record",
        "s-01",
        by=LEAD,
        records={"activity": [activity(2, MAY)]},
        facts={"media_coverage": True},
    )
    measured = operating.programme.score("s-01").measured

    assert "handed in as it is" in measured["media_coverage"].explain()
    assert True is measured["media_coverage"].value
    assert 2 == measured["activities"].value


def test_a_form_to_fill_in(operating: World) -> None:
    """An action that only wants what comes with it can be offered as a form."""
    verdicts = operating.programme.available("s-01", by=SCHOOL)

    wanted = {name for name, verdict in verdicts.items() if verdict.wants_input}
    assert {"record", "correct", "withdraw"} == wanted
