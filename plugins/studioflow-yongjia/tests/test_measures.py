"""The facts of a full studio, computed from its records, are those that were counted by hand.

What the studio handed in, and why some of it does not count, stands in `full_studio.toml`.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor, Mark
from studioflow.programme import Programme
from studioflow.studio import Studio
from studioflow.verdict import Denied

Full = tuple[Programme, Studio]

SCHOOL = Actor("h-01", unit="样例学校", roles={"host_party"})
COMMITTEE = Actor("p-01", unit="局机关", roles={"bureau_committee"})
EVALUATION = date(2024, 11, 20)

# Counted by hand, on the day of the evaluation.
FACTS: dict[str, object] = {
    "application_complete": True,
    "goals": 1,
    "key_works": 3,  # those of 2024
    "beneficiaries": 2,
    "features": 1,
    "classroom_help": True,
    "campus_service": True,
    "home_visits": True,
    "mentoring": True,
    "open_lessons": False,  # only before the cycle
    "residency": False,
    "members": 9,  # m-1 to m-8, of whom m-2 came back, and m-10; m-9 left
    # 3 until the plaque, 4 and 2 more in 2023/24, the mended one, the last day of the first year;
    # its first day, 5 more, another theme on one of these days, and the last one.
    "activities": 19,
    "activities_year_1": 11,
    "activities_year_2": 8,
    "funds_proper": True,
    "funds_papers": "in_time",
    "website_faults": 3,  # 1 + 0 + 2; the 5 are of before the cycle
    "lead_research": True,  # the monograph; the county's project is not enough
    "trainees": 20,  # t-01 to t-18, t-19 until this day, t-22 who came back
    "trainees_with_research": 2,  # t-02 and t-05
    "trainees_with_output": 16,  # t-01 to t-10, t-13 to t-18
    "trainees_with_lesson": 11,  # t-01 to t-10, t-16
    "studio_paper": True,
    "trainees_promoted": 3,  # t-03, t-04, t-09
    "public_benefit": True,
    "media_coverage": True,
}
# What was left out, and why, in the words of the sheet.
LEFT_OUT: dict[str, dict[str, str]] = {
    "activities": {
        "activity-1": "日期2023-03-19不在建设周期（2023-03-20至2024-11-30）之内",
        "activity-11": "缺简讯",
        "activity-12": "缺主题",
        "activity-13": "缺通知",
        "activity-21": "缺通知、简讯",
    },
    "website_faults": {
        "spot_check-1": "日期2023-03-10不在建设周期（2023-03-20至2024-11-30）之内",
    },
    "members": {"member-8": "2024-11-20不在册", "member-9": "2024-11-20不在册"},
    "trainees": {
        "trainee-20": "2024-11-20不在册",
        "trainee-21": "2024-11-20不在册",
        "trainee-22": "2024-11-20不在册",
    },
    "trainees_with_output": {
        "lesson-1": "日期2023-03-19不在建设周期（2023-03-20至2024-11-30）之内",
        "lesson-13": "级别：不是县级、市级、省级、国家级",
        "lesson-14": "t-20不在学员之列",
        "lesson-15": "lead-a不在学员之列",
        "paper-7": "级别：不是县级、市级、省级、国家级",
    },
    "public_benefit": {
        "public_benefit-1": "日期2023-03-05不在建设周期（2023-03-20至2024-11-30）之内",
        "public_benefit-2": "缺认真完成",
    },
    "key_works": {
        "key_work-1": "是2023年的，计数之日为2024-11-20",
        "key_work-2": "是2023年的，计数之日为2024-11-20",
    },
}
# Of three assessors, and of 名师办 for its two items.
MARKS: dict[str, dict[str, object]] = {
    "5.0.2": {"p-11": True, "p-12": True},
    "5.0.3": {"p-11": True, "p-12": True},
    "5.1.1": {"p-11": 8, "p-12": 9},
    "5.2.1": {"p-11": 7, "p-12": 8},
    "5.2.3": {"p-21": 4},
    "5.2.4": {"p-11": 9, "p-12": 9},
    "5.3.2": {"p-11": 8, "p-12": 9},
    "5.3.3": {"p-21": 3},
    "5.3.4": {"p-11": 4, "p-12": 5, "p-13": 4},
    "5.4.1": {"p-11": 12, "p-12": 13},
}
POINTS = {
    "5.1.1": "8.5",  # (8 + 9) / 2
    "5.2.1": "7.5",
    "5.2.2": "19",  # 16 for 16, and 3 more
    "5.2.3": "4",
    "5.2.4": "7.5",  # 9 − 3 × 0.5
    "5.3.1": "10",  # both sides
    "5.3.2": "8.5",  # 16 of 20 is 80 %: band A
    "5.3.3": "3",  # 3 of 20 is 15 %: band B
    "5.3.4": "13/3",  # (4 + 5 + 4) / 3
    "5.4.1": "12.5",
    "5.4.2": "5",  # 2 + 2 + 2, at most 5
}
# 8.5 + (7.5 + 19 + 4 + 7.5) + (10 + 8.5 + 3 + 13/3) + 15, since 12.5 + 5 is more than 15.
TOTAL = Fraction("8.5") + 38 + Fraction("21.5") + Fraction(13, 3) + 15


def handed_in() -> list[Mark]:
    """Return every mark, as the committee hands them in."""
    marks = []
    for item, given in MARKS.items():
        for by, value in given.items():
            office = by == "p-21"
            role = "master_teacher_office" if office else "assessor"
            said = {"met": True} if value is True else {"points": Fraction(str(value))}
            unit = "名师办" if office else "评估组"
            marks.append(Mark(criterion=item, by=by, role=role, unit=unit, **said))
    return marks


def test_facts(full_studio: Full) -> None:
    """Every fact that the policy measures is what was counted by hand."""
    programme, studio = full_studio
    sheet = programme.score(studio, on=EVALUATION)

    assert {*FACTS} == {*programme.policy.measures}
    assert {name: each.value for name, each in sheet.measured.items()} == FACTS


def test_left_out(full_studio: Full) -> None:
    """What does not count is named with the reason, and nothing else is left out."""
    programme, studio = full_studio
    measured = programme.score(studio, on=EVALUATION).measured

    for fact, expected in LEFT_OUT.items():
        assert expected == {
            each.record: "；".join(reason.text("zh") for reason in each.reasons)
            for each in measured[fact].left_out
        }
    assert (
        measured["activities"].explain("zh").startswith("研修活动24条，计入19条，因为activity-1：")
    )
    assert measured["activities"].explain("en").startswith("research activity: 24 held, 19 counted")
    counted = measured["activities"].counted
    assert ("mended" in counted, "struck" in counted) == (True, False)


def test_evaluated(own_full_studio: Full, today: Any) -> None:  # noqa: ANN401 - conftest's
    """The studio is marked and evaluated, and its points are those added up by hand."""
    programme, studio = own_full_studio
    studio = programme.mark(studio, handed_in(), by=COMMITTEE)
    today.day = EVALUATION
    studio = programme.evaluate(studio, by=COMMITTEE, decision="passed")
    sheet = studio.sheet

    assert sheet is not None
    assert ("evaluated", "passed") == (studio.state, studio.decision)
    assert dict.fromkeys(("5.0.1", "5.0.2", "5.0.3"), True) == {g.id: g.met for g in sheet.gates}
    assert {item: Fraction(points) for item, points in POINTS.items()} == {
        result.id: result.points.points for result in sheet.criteria
    }
    assert Fraction(256, 3) + 2 == TOTAL == sheet.total.points
    assert {name: each.value for name, each in sheet.measured.items()} == FACTS


# The same file, as it stood on other days.
DAYS: list[tuple[date, dict[str, object]]] = [
    # What comes later is on file, and in the future.
    (
        date(2023, 3, 19),
        {"activities": 0, "trainees": 0, "members": 0, "goals": 0, "website_faults": 0},
    ),
    (date(2023, 3, 20), {"activities": 1, "members": 9, "goals": 1, "funds_proper": None}),
    # t-22 is on the roster for the last time, and gone; t-21 stays until the end of the year.
    (date(2023, 9, 1), {"trainees": 22, "activities": 4, "key_works": 2, "website_faults": 0}),
    (date(2023, 9, 2), {"trainees": 21}),
    (date(2023, 12, 31), {"trainees": 21, "members": 8, "funds_proper": False}),
    # On this day the file holds the first year: 3, 4, 2, the mended one, the last day.
    (date(2024, 3, 19), {"activities": 11, "activities_year_1": 11, "activities_year_2": 0}),
    (date(2024, 3, 20), {"activities": 12, "activities_year_1": 11, "activities_year_2": 1}),
    (date(2024, 11, 19), {"trainees": 21, "trainees_with_output": 17, "trainees_promoted": 4}),
    (EVALUATION, {"trainees": 20, "trainees_with_output": 16, "trainees_promoted": 3}),
    (date(2024, 11, 21), {"trainees": 19, "activities": 19}),
    (date(2025, 1, 1), {"key_works": 0, "activities": 19}),
]


@pytest.mark.parametrize(("day", "expected"), DAYS)
def test_on_another_day(day: date, expected: Mapping[str, object], full_studio: Full) -> None:
    """A file is counted as it stood on a day: what lies after the day does not count."""
    programme, studio = full_studio
    measured = programme.score(studio, on=day).measured

    assert expected == {name: measured[name].value for name in expected}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("activity", ["doubled_record", "future_record"]),
        ("paper", ["doubled_record", "future_record"]),
    ],
)
def test_refused(
    kind: str, codes: list[str], full_studio: Full, full_file: Mapping[str, Mapping[str, object]]
) -> None:
    """Evidence that is doubled, or of a day to come, does not even get into the file."""
    programme, studio = full_studio
    with pytest.raises(Denied) as denied:
        programme.record(studio, {kind: full_file["refused"][kind]}, by=SCHOOL)  # type: ignore[dict-item]

    assert codes == [reason.code for reason in denied.value.verdict.reasons]
    assert studio == programme.studio(studio)


def test_not_handed_in_plainly(full_studio: Full) -> None:
    """A fact that is counted from records is not taken from anybody's word."""
    programme, studio = full_studio
    with pytest.raises(InputError) as error:
        programme.act("mark", studio, by=COMMITTEE, facts={"activities": 20, "trainees": 30})

    assert [("facts/activities", "from_records"), ("facts/trainees", "from_records")] == [
        (problem.path, problem.code) for problem in error.value.problems
    ]
