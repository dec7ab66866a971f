"""From records to facts: what counts, and what does not and why."""

from collections.abc import Callable
from datetime import date

import pytest

from studioflow.lifecycle import Lifecycle
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.studio import Studio

Kept = Callable[..., Studio]
DAY = date(2023, 5, 18)
LEAD, MEMBER, LEFT, GUEST = ({"id": name} for name in ("lead-a", "member-1", "member-3", "guest"))


def sheet(policy: Policy, studio: Studio, on: date = date(2025, 9, 10)) -> ScoreSheet:
    """Return the sheet of a studio on a day."""
    return Lifecycle(policy).score(studio, on=on)


def counted(policy: Policy, studio: Studio, prefix: str) -> dict[str, object]:
    """Return each fact of a name with what was counted, but for those of which there is none."""
    measured = sheet(policy, studio).measured
    return {
        name.removeprefix(f"{prefix}_"): each.value
        for name, each in measured.items()
        if name.startswith(prefix) and each.value != 0
    }


def why_not(policy: Policy, studio: Studio, fact: str) -> list[list[str]]:
    """Return the codes of the reasons for which records of a fact do not count."""
    measured = sheet(policy, studio).measured[fact]
    return [[reason.code for reason in left.reasons] for left in measured.left_out]


@pytest.mark.parametrize(
    ("kind", "fact", "words"),
    [
        ("lesson", "lessons", ("school", "county", "city", "province")),
        ("project_started", "projects_started", ("school", "county", "city", "province", "nation")),
        (
            "project_finished",
            "projects_finished",
            ("school", "county", "city", "province", "nation"),
        ),
        ("paper", "papers", ("county", "city", "province", "nation")),
    ],
)
def test_by_level(policy: Policy, kept: Kept, kind: str, fact: str, words: tuple[str, ...]) -> None:
    """Records are counted at their level: one of the first, two of the second, and so on."""
    records = [
        {"on": DAY, "person": LEAD, "title": f"{word}-{n}", "level": word}
        for place, word in enumerate(words, start=1)
        for n in range(place)
    ]
    expected = {word: place for place, word in enumerate(words, start=1)}

    assert expected == counted(policy, kept({kind: records}), fact)


def test_prizes(policy: Policy, kept: Kept) -> None:
    """A prize is counted by what it is and by its level; a title as a title."""
    records = [
        {"on": DAY, "person": MEMBER, "title": f"{n}", "prize": prize, "level": level}
        for n, (prize, level) in enumerate(
            [("first", "city"), ("first", "city"), ("third", "county"), ("title", "province")]
        )
    ]
    studio = kept({"prize": records})

    assert {"first_city": 2, "third_county": 1, "title_province": 1} == counted(
        policy, studio, "prizes"
    )
    # 2 × 10 + 2, and the title brings the 20 of a first prize.
    assert 42 == sheet(policy, studio).criterion("t5").points.points


def test_prizes_of_members(policy: Policy, kept: Kept) -> None:
    """A prize counts that a member won, also one who left; not a guest's."""
    records = [
        {"on": DAY, "person": who, "title": f"{n}", "prize": "first", "level": "city"}
        for n, who in enumerate((MEMBER, LEFT, GUEST))
    ]
    studio = kept({"prize": records})

    assert {"first_city": 2} == counted(policy, studio, "prizes")
    assert [["record_not_on_roster"]] == why_not(policy, studio, "prizes_first_city")


class TestMeetings:
    """t6: an online meeting counts with at least 15 people."""

    @pytest.mark.parametrize(
        ("form", "people", "points"),
        [
            ("on_site", 1, 3),
            ("on_site", 14, 3),
            ("on_site", 15, 3),
            ("online", 0, 0),
            ("online", 14, 0),
            ("online", 15, 2),
            ("online", 16, 2),
            ("online", 200, 2),
        ],
    )
    def test_people(self, policy: Policy, kept: Kept, form: str, people: int, points: int) -> None:
        """On site any number of people will do."""
        meeting = {"on": DAY, "theme": "读书", "form": form, "people": people}
        studio = kept({"meeting": [meeting]})

        assert points == sheet(policy, studio).criterion("t6").points.points

    def test_nobody_counted_the_people(self, policy: Policy, kept: Kept) -> None:
        """Without their number a meeting on site counts, and one online does not."""
        meetings = [{"on": DAY, "theme": form, "form": form} for form in ("on_site", "online")]
        studio = kept({"meeting": meetings})

        assert {"on_site": 1} == counted(policy, studio, "meetings")

    def test_why_not(self, policy: Policy, kept: Kept) -> None:
        """What is left out is said, with the number that is missing."""
        meetings = [
            {"on": DAY, "theme": f"{people}", "form": "online", "people": people}
            for people in (14, 15)
        ]
        measured = sheet(policy, kept({"meeting": meetings})).measured["meetings_online"]

        assert (1, ("meeting-2",)) == (measured.value, measured.counted)
        assert ["meeting-1"] == [left.record for left in measured.left_out]
        assert "form: not on site; people who took part: 14, fewer than 15" in measured.explain()
        assert "形式：不是线下；参加人数为14，少于15" in measured.explain("zh")


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2022, 8, 31), 0),
        (date(2022, 9, 1), 1),
        (date(2025, 8, 31), 1),
        (date(2025, 9, 1), 0),
    ],
)
def test_cycle(policy: Policy, kept: Kept, day: date, counts: int) -> None:
    """What happened in the three years from the approval counts, both ends included."""
    lesson = {"on": day, "person": LEAD, "title": "公开课", "level": "city"}
    studio = kept({"lesson": [lesson]})

    assert counts == sheet(policy, studio).measured["lessons_city"].value
    expected = [] if counts else [["record_outside_window"]]
    assert expected == why_not(policy, studio, "lessons_city")


def test_without_a_level(policy: Policy, kept: Kept) -> None:
    """A lesson whose level nobody wrote down counts at none, and is named."""
    studio = kept({"lesson": [{"on": DAY, "person": LEAD, "title": "公开课"}]})

    assert {} == counted(policy, studio, "lessons")
    assert [["record_incomplete"]] == why_not(policy, studio, "lessons_city")


def test_attendance(policy: Policy, kept: Kept) -> None:
    """The office writes down who was absent and who was late: 10 − 2 × 3 − 1."""
    records = [
        {"on": DAY, "person": who, "occasion": "集中研修", "what": what}
        for who, what in ((LEAD, "absent"), (MEMBER, "absent"), (LEFT, "late"))
    ]
    studio = kept(office={"attendance": records})

    measured = sheet(policy, studio).measured
    assert (2, 1) == (measured["absences"].value, measured["late_arrivals"].value)
    assert 3 == sheet(policy, studio).criterion("t8").points.points


def test_reports(policy: Policy, kept: Kept) -> None:
    """Any report can be late; only a yearly one that never came is missing in the end."""
    records = [
        {"what": what, "due": due, "came": came}
        for what, due, came in (
            ("yearly", date(2023, 7, 10), "missing"),
            ("yearly", date(2024, 7, 10), "late"),
            ("yearly", date(2025, 7, 10), "in_time"),
            ("mid_term", date(2024, 3, 1), "late"),
            ("other", date(2024, 5, 6), "missing"),
        )
    ]
    found = sheet(policy, kept(office={"report": records}))

    assert 2 == found.measured["late_reports"].value
    assert 1 == found.measured["missing_yearly_reports"].value
    assert [1] == [taken.points.points for taken in found.deductions]
