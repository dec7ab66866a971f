"""The case file: what comes in is corrected and struck, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.programme.reference import (
    ASSESSORS,
    COMMITTEE,
    COUNTY,
    LEAD,
    SCHOOL,
    World,
    activity,
    codes,
    everything,
    inspection,
    mark,
    roster,
)

MAY = date(2023, 5, 4)


@pytest.fixture
def operating(world: World) -> World:
    """A programme with one operating studio, in September."""
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    return world


def test_ids_are_made(operating: World) -> None:
    """A record without an id gets the next free one of its kind."""
    records = {"activity": [activity(1, MAY), activity(2, MAY, id="a-1"), activity(3, MAY)]}
    studio = operating.programme.record("s-01", records, by=LEAD)

    assert ["activity-1", "a-1", "activity-2"] == [r.id for r in studio.of_kind("activity")]


def test_instances_of_a_kinds_class(operating: World) -> None:
    """An instance of the class that a kind makes is as good as a table."""
    made = operating.policy.record_kinds["activity"].cls(on=MAY, theme="主题一")
    studio = operating.programme.record("s-01", {"activity": [made]}, by=LEAD)

    assert {"on": "2023-05-04", "theme": "主题一"} == dict(studio.records["activity-1"].data)


def test_corrected(operating: World) -> None:
    """The new record takes the place of the old one; both stand in the history."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    corrected = activity(1, date(2023, 5, 6), id="activity-1")
    studio = operating.programme.correct(
        "s-01", {"activity": [corrected]}, by=LEAD, remark="日期写错"
    )

    days = [event.records[0].data["on"] for event in studio.history[-2:]]
    assert ["2023-05-04", "2023-05-06"] == days
    assert "2023-05-06" == studio.records["activity-1"].data["on"]


def test_what_is_on_file_is_not_recorded_again(operating: World) -> None:
    """Recording under an id that is used is refused: that is what correcting is for."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    with pytest.raises(InputError) as caught:
        operating.programme.record(
            "s-01", {"activity": [activity(2, MAY, id="activity-1")]}, by=LEAD
        )

    (problem,) = caught.value.problems
    assert ("record_exists", "records/activity/0") == (problem.code, problem.path)


def test_a_correction_of_another_kind(operating: World) -> None:
    """A record is not replaced by one of another kind."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    with pytest.raises(InputError):
        operating.programme.correct(
            "s-01", {"beneficiary": [{"id": "activity-1", "group": "…"}]}, by=LEAD, remark="…"
        )


def test_struck(operating: World) -> None:
    """What was wrong is gone from the file, stays in the history, and its id is not used again."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    studio = operating.programme.correct("s-01", by=LEAD, strike=["activity-1"], remark="并未举办")
    assert ((), ("activity-1",)) == (studio.of_kind("activity"), studio.history[-1].struck)

    studio = operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    assert ["activity-2"] == [record.id for record in studio.of_kind("activity")]


def test_struck_and_recorded_at_once(operating: World) -> None:
    """The same evidence may come in with the event that strikes it under another id."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    studio = operating.programme.correct(
        "s-01", {"activity": [activity(1, MAY)]}, by=LEAD, strike=["activity-1"], remark="…"
    )

    assert ["activity-2"] == [record.id for record in studio.of_kind("activity")]


def test_what_is_not_on_file_is_not_struck(operating: World) -> None:
    """An unknown id is bad input, with the nearest one."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    with pytest.raises(InputError) as caught:
        operating.programme.correct("s-01", by=LEAD, strike=["activity-2"], remark="…")

    (problem,) = caught.value.problems
    assert ("strike/0", "activity-1") == (problem.path, problem.nearest)


def test_a_correction_needs_a_remark(operating: World) -> None:
    """Why something is corrected stands in the event."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    with pytest.raises(Denied) as caught:
        operating.programme.correct("s-01", by=LEAD, strike=["activity-1"])

    assert ["needed"] == codes(caught.value.reasons)


# Marks.


def test_several_assessors(operating: World) -> None:
    """Each assessor's mark is kept; the score is their mean, exactly."""
    for points, assessor in zip((9, 8, 8), ASSESSORS, strict=True):
        operating.programme.mark("s-01", [mark("5.1.1", points, assessor)], by=assessor)
    sheet = operating.programme.score("s-01")
    (result,) = [each for each in sheet.criteria if each.id == "5.1.1"]

    assert Fraction(25, 3) == result.points.points
    assert [9, 8, 8] == [each.points for each in operating.programme.studio("s-01").marks]


def test_marked_twice(operating: World) -> None:
    """One person marks an item once: a second mark is refused, and a correction replaces it."""
    (assessor, *_) = ASSESSORS
    operating.programme.mark("s-01", [mark("5.1.1", 9, assessor)], by=assessor)
    with pytest.raises(InputError) as caught:
        operating.programme.mark("s-01", [mark("5.1.1", 8, assessor)], by=assessor)
    assert ["marked_before"] == codes(caught.value.problems)

    studio = operating.programme.correct(
        "s-01", by=assessor, marks=[mark("5.1.1", 8, assessor)], remark="看错材料"
    )
    assert [8] == [each.points for each in studio.marks]
    assert [9, 8] == [m.points for event in studio.history for m in event.marks]


def test_doubled_in_one_event(operating: World) -> None:
    """Two marks of one person for one item in one command are refused."""
    (assessor, *_) = ASSESSORS
    with pytest.raises(InputError):
        operating.programme.mark(
            "s-01", [mark("5.1.1", 9, assessor), mark("5.1.1", 9, assessor)], by=assessor
        )


def test_a_mark_is_struck(operating: World) -> None:
    """A mark that was wrong goes by item and person; the others stay."""
    for assessor in ASSESSORS:
        operating.programme.mark("s-01", [mark("5.1.1", 9, assessor)], by=assessor)
    studio = operating.programme.correct(
        "s-01", by=ASSESSORS[1], strike=["5.1.1/p-10"], remark="回避"
    )

    assert ["p-11", "p-12"] == [each.by for each in studio.marks]


def test_a_relatives_mark(operating: World) -> None:
    """Nobody of the studio's own unit marks it, whoever hands the mark in."""
    own = Actor("p-77", unit="样例学校", roles={"assessor"})
    with pytest.raises(Denied) as caught:
        operating.programme.mark("s-01", [mark("5.1.1", 9, own)], by=COMMITTEE)

    assert ["marked_own_unit"] == codes(caught.value.reasons)


def test_a_mark_by_the_wrong_role(operating: World) -> None:
    """The money is marked by the master-teacher office, not by an assessor."""
    with pytest.raises(InputError) as caught:
        operating.programme.mark("s-01", [mark("5.2.3", 4)], by=ASSESSORS[0])

    assert ["marks/0/role"] == [problem.path for problem in caught.value.problems]


def test_a_mark_between_the_steps(operating: World) -> None:
    """Each mark is checked by itself: half a point is refused where whole ones are asked."""
    half = mark("5.1.1", 8)
    with pytest.raises(InputError):
        operating.programme.mark(
            "s-01",
            [type(half)(criterion="5.1.1", by="p-10", role="assessor", points=Fraction(17, 2))],
            by=ASSESSORS[0],
        )


@pytest.mark.parametrize("own", [LEAD, SCHOOL])
def test_judgements_by_others_are_not_its_own_to_correct(operating: World, own: Actor) -> None:
    """A studio's people neither strike nor replace what others judged of it."""
    programme, (assessor, *_) = operating.programme, ASSESSORS
    programme.mark("s-01", [mark("5.1.1", 6, assessor)], by=assessor)
    check = {"on": date(2023, 8, 1), "irregularities": 6}
    programme.record("s-01", {"spot_check": [check]}, by=assessor)
    before = everything(operating.register)
    better = {"spot_check": [{**check, "id": "spot_check-1", "irregularities": 0}]}
    attempts: list[Callable[[], Studio]] = [
        lambda: programme.correct("s-01", by=own, strike=["5.1.1/p-10"], remark="…"),
        lambda: programme.correct("s-01", by=own, strike=["spot_check-1"], remark="…"),
        lambda: programme.correct("s-01", by=own, marks=[mark("5.1.1", 9)], remark="…"),
        lambda: programme.correct("s-01", better, by=own, remark="…"),
        lambda: programme.record("s-01", better, by=own),
    ]
    for attempt in attempts:
        with pytest.raises((Denied, InputError)):
            attempt()

    assert before == everything(operating.register)


def test_a_false_record_is_struck_by_the_county(operating: World) -> None:
    """What never happened is struck by those whose studio it is not, who may not record it."""
    operating.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    false = operating.programme.can(
        "record", "s-01", by=COUNTY, records={"activity": [{"on": MAY}]}
    )
    studio = operating.programme.correct(
        "s-01", by=COUNTY, strike=["activity-1"], remark="查无此事"
    )

    assert ["wrong_recorder"] == codes(false.reasons)
    assert () == studio.of_kind("activity")


def test_a_stale_mark_does_not_hold_a_studio(operating: World) -> None:
    """A mark that fits no more is said at every step, and bars none that makes no sheet."""
    programme, (assessor, *_) = operating.programme, ASSESSORS
    on = date(2023, 8, 1)
    programme.record("s-01", roster("trainee", 2, date(2023, 4, 1)), by=LEAD)
    lessons = [
        {
            "on": on,
            "person": {"id": f"trainee-{n}"},
            "title": f"课{n}",
            "level": "county",
            "what": "open_lesson",
        }
        for n in range(2)
    ]
    programme.record("s-01", {"lesson": lessons}, by=LEAD)
    programme.mark("s-01", [mark("5.3.2", 9, assessor)], by=assessor)
    programme.correct(
        "s-01",
        by=LEAD,
        strike=["lesson-1", "lesson-2"],
        remark="课例撤回",
    )
    verdict = programme.can("revoke", "s-01", by=COMMITTEE, remark="经研究决定")

    assert verdict.allowed
    assert ["mark_unfit"] == codes(verdict.warnings)
    assert "mark_unfit" in codes(
        programme.can("evaluate", "s-01", by=COMMITTEE, decision="passed").reasons
    )


# Inspection.


def test_an_inspection(operating: World) -> None:
    """What a visit found is kept item by item, and the latest visit counts."""
    operating.programme.inspect("s-01", inspection(flag=False), by=COUNTY)
    before = operating.programme.score("s-01")
    operating.programme.inspect("s-01", inspection(), by=COUNTY)
    after = operating.programme.score("s-01")

    met = [[gate.met for gate in sheet.gates if gate.id == "5.0.3"] for sheet in (before, after)]
    assert [[False], [None]] == met  # the ceremony is for an assessor to confirm


def test_a_site_that_lacks_something(world: World) -> None:
    """No plaque without the six haves; what is missing is named."""
    studio = world.studio("approved")
    with pytest.raises(Denied) as caught:
        world.programme.plaque(studio, by=COUNTY, inspection=inspection(flag=False))

    assert ["six_haves"] == codes(caught.value.reasons)
    assert "有党旗" in caught.value.explain("zh")


def test_an_inspection_by_the_studios_own(world: World) -> None:
    """A visit by somebody of the studio's unit is none."""
    studio = world.studio("approved")
    own = Actor("p-77", unit="样例学校", roles={"county_bureau"})
    with pytest.raises(Denied) as caught:
        world.programme.plaque(studio, by=COUNTY, inspection=inspection(own))

    assert ["inspected_own_unit"] == codes(caught.value.reasons)


def test_an_inspection_needs_one(operating: World) -> None:
    """`inspect` without a visit is denied."""
    with pytest.raises(Denied) as caught:
        operating.programme.act("inspect", "s-01", by=COUNTY)

    assert [("needed", ("inspection",))] == [(r.code, r.about) for r in caught.value.reasons]
