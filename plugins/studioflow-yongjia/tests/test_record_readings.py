"""The readings that say what counts of a case file: each answer, counted by hand.

The records are those of `full_studio.toml`, where it says of each what is special about it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

import pytest
from attrs import evolve

from studioflow.lifecycle import Lifecycle
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.studio import Record, Studio, case_facts

Full = tuple[Programme, Studio]
Under = Callable[[tuple[tuple[str, object], ...]], Policy]

SCHOOL = Actor("h-01", unit="样例学校", roles={"host_party"})
EVALUATION = date(2024, 11, 20)


def counted(policy: Policy, studio: Studio, on: date = EVALUATION) -> dict[str, object]:
    """Return what a policy counts of a studio's records, by fact."""
    return {name: each.value for name, each in case_facts(policy, studio, on).items()}


def points(policy: Policy, studio: Studio, item: str, **mark: int) -> Fraction | None:
    """Return the points of an item, with what was counted and a mark."""
    facts = counted(policy, studio) | {name: Fraction(value) for name, value in mark.items()}
    return policy.score(facts).criterion(item).points.points


def without(studio: Studio, *kinds: str, keep: tuple[Record, ...] = ()) -> Studio:
    """Return a studio without its records of some kinds, and with others."""
    records = {name: r for name, r in studio.records.items() if r.kind not in kinds}
    return evolve(studio, records={**records, **{record.id: record for record in keep}})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # 11 and 8, as counted in test_measures.py.
        ("theme_notice_brief", (11, 8, 19)),
        # First year: 3 and 4, the one without a brief, the last day. Second year: the first day,
        # 5, the one with the five haves alone, the other theme, the last one.
        ("five_haves", (9, 9, 18)),
        # First year: 3 and 4, the last day. Second year: the first day, 5, the other theme, the
        # last one.
        ("both", (8, 8, 16)),
    ],
)
def test_activity_counts(
    answer: str, expected: tuple[int, int, int], full_studio: Full, under: Under
) -> None:
    """An activity counts with theme, notice and brief, with the five haves, or with both."""
    policy, studio = under((("activity_counts", answer),)), full_studio[1]
    facts = counted(policy, studio)

    assert expected == tuple(
        facts[name] for name in ("activities_year_1", "activities_year_2", "activities")
    )
    assert expected[-1] == points(policy, studio, "5.2.2")


@pytest.mark.parametrize(
    ("answer", "expected", "band"),
    [
        # Of t-01 to t-19 and t-22; 16 of 20 is 80 %, and 3 of 20 is 15 %.
        ("roster_at_evaluation", (20, 2, 16, 11, 3), 8),
        # With t-20, who gave a lesson and was promoted, and t-21, who has a project: 17 of 22 is
        # 77 %, band B; a mark of 8 does not lie in it.
        ("ever_enrolled", (22, 3, 17, 12, 4), 7),
    ],
)
def test_trainee_base(
    answer: str, expected: tuple[int, ...], band: int, full_studio: Full, under: Under
) -> None:
    """The trainees are those on the roster on the day, or all who ever were."""
    policy, studio = under((("trainee_base", answer),)), full_studio[1]
    facts = counted(policy, studio)
    names = ("trainees", *(f"trainees_with_{each}" for each in ("research", "output", "lesson")))

    assert expected == tuple(facts[name] for name in (*names, "trainees_promoted"))
    assert band == points(policy, studio, "5.3.2", output_mark=band)


def test_ever_enrolled_is_not_yet(full_studio: Full, under: Under) -> None:
    """Who joins after the day never was on the roster; who left and came back is one person."""
    policy, studio = under((("trainee_base", "ever_enrolled"),)), full_studio[1]

    assert 0 == counted(policy, studio, date(2023, 4, 9))["trainees"]
    assert 22 == counted(policy, studio, date(2023, 4, 10))["trainees"]
    assert 22 == counted(policy, studio, date(2025, 1, 1))["trainees"]


@pytest.mark.parametrize(
    ("answer", "faults", "expected"),
    [
        # 1, 0 and 2 irregularities; a mark of 9.
        ("each_irregularity", 3, "7.5"),
        # Two of the three checks found any.
        ("each_inspection", 2, "8"),
    ],
)
def test_fault_unit(
    answer: str, faults: int, expected: str, full_studio: Full, under: Under
) -> None:
    """Half a point goes for each irregularity, or for each spot check that finds any."""
    policy, studio = under((("fault_unit", answer),)), full_studio[1]

    assert faults == counted(policy, studio)["website_faults"]
    assert Fraction(expected) == points(policy, studio, "5.2.4", website_mark=9)


PAPER = Record(
    kind="paper",
    id="by-the-lead",
    data={"on": "2024-05-01", "person": {"id": "lead-a"}, "level": "county"},
)
SCHOOL_PAPER = evolve(PAPER, data={**PAPER.data, "level": "school"})
EARLY_PAPER = evolve(PAPER, data={**PAPER.data, "on": "2023-03-19"})


@pytest.mark.parametrize(
    ("papers", "each_trainee", "one_for_the_studio"),
    [
        # Without a paper: lessons by 11 of 20, 55 %: band B either way.
        ((), "B", "B"),
        # The lead's own paper is no trainee's, and is the studio's.
        ((PAPER,), "B", "A"),
        # One of the school, or of before the cycle, is none.
        ((SCHOOL_PAPER,), "B", "B"),
        ((EARLY_PAPER,), "B", "B"),
    ],
)
def test_lecture_or_paper(
    papers: tuple[Record, ...],
    each_trainee: str,
    one_for_the_studio: str,
    full_studio: Full,
    under: Under,
) -> None:
    """The paper is each trainee's own beside lessons, or one is enough for the studio."""
    studio = without(full_studio[1], "paper", keep=papers)
    marks = {"A": 8, "B": 7}
    for answer, band in (
        ("each_trainee", each_trainee),
        ("one_for_the_studio", one_for_the_studio),
    ):
        policy = under((("lecture_or_paper", answer),))
        assert marks[band] == points(policy, studio, "5.3.2", output_mark=marks[band])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # 16 of 20 by lesson or paper: 80 %.
        ("each_trainee", 8),
        # Five papers by trainees.
        ("one_for_the_studio", 8),
    ],
)
def test_lecture_or_paper_with_papers(
    answer: str, expected: int, full_studio: Full, under: Under
) -> None:
    """With the trainees' papers the full studio is in band A by either answer."""
    policy = under((("lecture_or_paper", answer),))

    assert expected == points(policy, full_studio[1], "5.3.2", output_mark=expected)


STARTED = date(2023, 6, 21)


def ready(full_studio: Full) -> Studio:
    """Return the studio as it was before it started daily operation, with all records."""
    _, studio = full_studio
    actions = [event.action for event in studio.history]
    return Studio.from_events(studio.id, studio.history[: actions.index("operate")])


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ((), None),
        (("goal",), "工作目标为0，少于1"),
        (("key_work",), "本年度重点工作为0，少于1"),
        (("beneficiary",), "受益群众为0，少于1"),
        (("feature",), "特色工作为0，少于1"),
        (("member",), "工作室成员为0，不在7至12之间"),
    ],
)
def test_seven_ones_met(
    lacking: tuple[str, ...], said: str | None, full_studio: Full, under: Under
) -> None:
    """Each of the seven that is not on file is said, as a warning; or nobody asks."""
    studio = without(ready(full_studio), *lacking)
    found = {}
    for answer in ("recorded", "not_asked"):
        lifecycle = Lifecycle(under((("seven_ones_met", answer),)))
        verdict = lifecycle.can("operate", studio, by=SCHOOL, on=STARTED)
        assert verdict.allowed
        found[answer] = [warning.text("zh") for warning in verdict.warnings]

    assert [] == found["not_asked"]
    assert ([] if said is None else [f"“七个一”尚不齐全：{said}"]) == found["recorded"]


def test_seven_ones_of_the_year_and_the_site(full_studio: Full, under: Under) -> None:
    """The key work is one for the current year, and the place is one with the six haves."""
    lifecycle = Lifecycle(under((("seven_ones_met", "recorded"),)))
    studio = ready(full_studio)
    bare = evolve(studio, facts={**studio.facts, "site_oath": False})

    def warnings(studio: Studio, on: date) -> list[str]:
        verdict = lifecycle.can("operate", studio, by=SCHOOL, on=on)
        return [warning.text("zh") for warning in verdict.warnings]

    assert ["“七个一”尚不齐全：本年度重点工作为0，少于1"] == warnings(studio, date(2024, 1, 1))
    assert ["“七个一”尚不齐全：阵地缺少：有入党誓词"] == warnings(bare, STARTED)


# Of three activities around the end of the cycle, those that count.
AROUND_THE_END = tuple(
    Record(
        kind="activity",
        id=day,
        data={"on": day, "theme": "主题", "notice": ["n"], "brief": ["b"]},
    )
    for day in ("2024-11-30", "2024-12-01", "2025-03-19", "2025-03-20")
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("evaluation_window", ["2024-11-30"]),
        # Two years less a day from 2023-03-20.
        ("two_full_years", ["2024-11-30", "2024-12-01", "2025-03-19"]),
    ],
)
def test_cycle_end(answer: str, expected: list[str], full_studio: Full, under: Under) -> None:
    """What counts ends with the evaluation of November 2024, or after two full years."""
    policy = under((("cycle_end", answer),))
    studio = without(full_studio[1], "activity", keep=AROUND_THE_END)
    measured = case_facts(policy, studio, date(2025, 4, 1))

    assert expected == list(measured["activities"].counted)
    assert expected == list(measured["activities_year_2"].counted)
    assert () == measured["activities_year_1"].counted


# Counted from the day of the plaque, 2023-06-20; the first year ends on 2024-06-19.
FROM_THE_PLAQUE: Mapping[str, object] = {
    "activities": 17,  # without those of 2023-03-20 and 2023-05-10
    "activities_year_1": 13,  # 1 and 4 and 2, the mended one, two in March, three until June
    "activities_year_2": 4,
    "classroom_help": False,  # in May 2023
    "campus_service": False,  # on 2023-06-01
    "home_visits": True,
    "trainees_with_output": 16,
}


def test_cycle_start(full_studio: Full, under: Under) -> None:
    """What counts begins with the document, or with the plaque of the studio."""
    _, studio = full_studio
    policies = [under((("cycle_start", answer),)) for answer in ("issue_date", "plaque_date")]
    issue, plaque = ({n: counted(p, studio)[n] for n in FROM_THE_PLAQUE} for p in policies)

    assert FROM_THE_PLAQUE == plaque
    assert {
        "activities": 19,
        "activities_year_1": 11,
        "activities_year_2": 8,
        "classroom_help": True,
        "campus_service": True,
        "home_visits": True,
        "trainees_with_output": 16,
    } == issue


def test_cycle_that_has_not_begun(full_studio: Full, under: Under) -> None:
    """Before the plaque nobody knows what will count from it on."""
    policy = under((("cycle_start", "plaque_date"),))
    measured = case_facts(policy, evolve(full_studio[1], history=()), EVALUATION)["activities"]

    assert (None, (), 24) == (measured.value, measured.counted, len(measured.left_out))
    assert (
        "研修活动24条，计入0条，因为建设周期的时间要看“授牌”在哪一天，尚未确定"
    ) == measured.explain("zh")


@pytest.mark.parametrize(
    ("answer", "start", "expected"),
    [
        # 19 in all: three more than 16.
        ("two_year_total", "issue_date", 19),
        # 11 and 8: none is short.
        ("each_year_minimum", "issue_date", 19),
        # 17 in all: one more.
        ("two_year_total", "plaque_date", 17),
        # 13 and 4: the second year is four short, which is taken off the 17.
        ("each_year_minimum", "plaque_date", 13),
    ],
)
def test_activities(
    answer: str, start: str, expected: int, full_studio: Full, under: Under
) -> None:
    """The total counts alone, or a year with fewer than 8 loses a point for each one short."""
    policy = under((("activities", answer), ("cycle_start", start)))

    assert expected == points(policy, full_studio[1], "5.2.2")
