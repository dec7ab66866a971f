"""Every item at its boundaries, and every row of every price table.

The prices stand here once more, as the table of items prints them; what they come to is worked out
by plain arithmetic.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import FactFile, ScoreSheet

LESSONS = {"school": 1, "county": 3, "city": 6, "province": 12}
STARTED = {"school": 5, "county": 8, "city": 15, "province": 25, "nation": 40}
FINISHED = {"school": 8, "county": 12, "city": 20, "province": 30, "nation": 50}
PAPERS = {"county": 3, "city": 8, "province": 10, "nation": 10}
PRIZES = {
    "first": {"county": 5, "city": 10, "province": 20},
    "second": {"county": 3, "city": 8, "province": 16},
    "third": {"county": 2, "city": 6, "province": 12},
    "title": {"county": 5, "city": 10, "province": 20},
}
MEETINGS = {"on_site": 3, "online": 2}

TABLES: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "t1": ("lessons", LESSONS),
    "t2": ("projects_started", STARTED),
    "t3": ("projects_finished", FINISHED),
    "t4": ("papers", PAPERS),
    "t5": (
        "prizes",
        {f"{prize}_{level}": each for prize, row in PRIZES.items() for level, each in row.items()},
    ),
    "t6": ("meetings", MEETINGS),
}
CELLS = {f"{name}_{word}": 0 for name, prices in TABLES.values() for word in prices}
OTHERS = {"absences": 0, "late_arrivals": 0, "late_reports": 0, "missing_yearly_reports": 0}
NOTHING: Mapping[str, int] = {**CELLS, **OTHERS}


def rows() -> Iterator[tuple[str, str, int]]:
    """Yield the item, the fact and the price of every row of every table."""
    for item, (name, prices) in TABLES.items():
        for word, each in prices.items():
            yield item, f"{name}_{word}", each


def points(policy: Policy, item: str, **facts: object) -> Fraction | None:
    """Return what an item gives where nothing else happened."""
    return policy.score({**NOTHING, **facts}).criterion(item).points.points


def marked(policy: Policy, item: str, role: str, *given: float) -> ScoreSheet:
    """Return the sheet of a studio with marks of one item by as many people."""
    marks = [
        Mark(criterion=item, by=f"p-{place}", role=role, points=Fraction(mark))
        for place, mark in enumerate(given)
    ]
    return policy.score(NOTHING, marks=marks)


class TestPriceTables:
    """t1 to t6: so many points for each."""

    @pytest.mark.parametrize(("item", "fact", "each"), list(rows()))
    @pytest.mark.parametrize("count", [0, 1, 2, 5])
    def test_every_row(self, policy: Policy, item: str, fact: str, each: int, count: int) -> None:
        """One of a row brings its price, and five bring five times as much."""
        assert count * each == points(policy, item, **{fact: count})

    @pytest.mark.parametrize(("item", "fact", "each"), list(rows()))
    def test_a_row_pays_its_own_item_alone(
        self, policy: Policy, item: str, fact: str, each: int
    ) -> None:
        """What one item counts, no other does."""
        sheet = policy.score({**NOTHING, fact: 1})
        paid = {other: sheet.criterion(other).points.points for other in TABLES}

        assert {**dict.fromkeys(TABLES, 0), item: each} == paid

    def test_all_of_a_table(self, policy: Policy) -> None:
        """The rows of a table are added up: 1+3+6+12, and so on; 2·31 papers are above the cap."""
        sheet = policy.score(dict.fromkeys(NOTHING, 1))

        assert {"t1": 22, "t2": 93, "t3": 120, "t4": 31, "t5": 117, "t6": 5} == {
            item: sheet.criterion(item).points.points for item in TABLES
        }

    def test_what_was_paid_is_said(self, policy: Policy) -> None:
        """Each row that counts stands among the reasons with its price, and no other row."""
        item = policy.score({**NOTHING, "lessons_city": 2, "lessons_school": 3}).criterion("t1")

        assert [
            "open lessons and lectures (school): 3 at 1 each is 3",
            "open lessons and lectures (city): 2 at 6 each is 12",
        ] == [reason.text("en") for reason in item.reasons]
        assert [
            "公开课、讲座（校级）：3次×1分，计3分",
            "公开课、讲座（市级）：2次×6分，计12分",
        ] == [reason.text("zh") for reason in item.reasons]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(data=st.data())
    def test_any_numbers(self, policy: Policy, data: st.DataObject) -> None:
        """Whatever the numbers are, an item gives the sum of count times price, papers up to 60."""
        facts = data.draw(st.fixed_dictionaries(dict.fromkeys(CELLS, st.integers(0, 40))))
        sheet = policy.score({**NOTHING, **facts})
        expected = dict.fromkeys(TABLES, 0)
        for item, fact, each in rows():
            expected[item] += facts[fact] * each
        expected["t4"] = min(60, expected["t4"])

        assert expected == {item: sheet.criterion(item).points.points for item in TABLES}


class TestPapers:
    """t4: together at most 60."""

    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            ((19, 0, 0, 0), 57),
            ((20, 0, 0, 0), 60),
            ((21, 0, 0, 0), 60),
            ((0, 7, 0, 0), 56),
            ((0, 8, 0, 0), 60),  # 64
            ((0, 0, 6, 0), 60),
            ((0, 0, 0, 6), 60),
            ((0, 0, 3, 4), 60),  # 70
            ((3, 5, 0, 1), 59),  # 9 + 40 + 10
            ((1, 4, 1, 1), 55),  # 3 + 32 + 10 + 10
            ((400, 400, 400, 400), 60),
        ],
    )
    def test_cap(self, policy: Policy, counts: tuple[int, ...], expected: int) -> None:
        """Up to 60 every paper pays, above it none does."""
        facts = {f"papers_{level}": n for level, n in zip(PAPERS, counts, strict=True)}
        assert expected == points(policy, "t4", **facts)

    def test_above_the_province(self, policy: Policy) -> None:
        """A paper of the nation is one "of the province and above", which is said."""
        item = policy.score({**NOTHING, "papers_nation": 1}).criterion("t4")
        assert 10 == item.points.points
        assert "counted as province" in item.reasons[0].text("en")

    def test_no_other_item_is_capped(self, policy: Policy) -> None:
        """A thousand of everything else pay a thousand times."""
        sheet = policy.score({**NOTHING, **dict.fromkeys(CELLS, 1000)})
        found = {item: sheet.criterion(item).points.points for item in TABLES}

        assert {
            "t1": 22_000,
            "t2": 93_000,
            "t3": 120_000,
            "t4": 60,
            "t5": 117_000,
            "t6": 5_000,
        } == found
        assert {"t4": 60, "t7": 5, "t8": 10, "t10": 15} == {
            result.id: result.points.max
            for result in sheet.criteria
            if result.points.max is not None
        }


@pytest.mark.parametrize("level", PRIZES["first"])
def test_a_title_counts_as_a_first_prize(policy: Policy, level: str) -> None:
    """A recognised title brings what a first prize of its level does, and the reason says so."""
    title = policy.score({**NOTHING, f"prizes_title_{level}": 2}).criterion("t5")

    assert points(policy, "t5", **{f"prizes_first_{level}": 2}) == title.points.points
    assert "counted as first prize" in title.reasons[0].text("en")
    assert "按一等奖" in title.reasons[0].text("zh")


def test_a_title_follows_the_first_prize(policy: Policy) -> None:
    """Where a county pays 30 for a first prize of the province, a title brings 30, too."""
    varied = policy.vary({"criteria/t5/points/first/province": 30})
    assert 30 == points(varied, "t5", prizes_title_province=1)


class TestResourceBase:
    """t7: marked 1 to 5 by the office."""

    @pytest.mark.parametrize("mark", [1, 2, 3, 4, 5])
    def test_marks(self, policy: Policy, mark: int) -> None:
        """The mark is the points."""
        assert mark == marked(policy, "t7", "office", mark).criterion("t7").points.points

    @pytest.mark.parametrize(
        ("mark", "code"), [(0, "out_of_bounds"), (6, "out_of_bounds"), (2.5, "off_step")]
    )
    def test_refused(self, policy: Policy, mark: float, code: str) -> None:
        """Nothing below 1, above 5 or between two points."""
        with pytest.raises(InputError) as error:
            marked(policy, "t7", "office", mark)
        assert [code] == [problem.code for problem in error.value.problems]

    def test_by_the_office_alone(self, policy: Policy) -> None:
        """An assessor does not mark it."""
        with pytest.raises(InputError) as error:
            marked(policy, "t7", "assessor", 3)
        assert ["wrong_marker"] == [problem.code for problem in error.value.problems]

    def test_not_marked_yet(self, policy: Policy) -> None:
        """Without a mark it lies between 1 and 5."""
        item = policy.score(NOTHING).criterion("t7")
        assert item.points.points is None
        assert (Fraction(1), Fraction(5)) == item.points.range


class TestAttendance:
    """t8: 10, less 3 for each absence and 1 for each late arrival, until used up."""

    @pytest.mark.parametrize(
        ("absences", "late", "expected"),
        [
            (0, 0, 10),
            (0, 1, 9),
            (1, 0, 7),
            (1, 1, 6),
            (2, 0, 4),
            (3, 0, 1),
            (3, 1, 0),
            (3, 2, 0),
            (4, 0, 0),
            (0, 10, 0),
            (0, 11, 0),
            (50, 50, 0),
        ],
    )
    def test_deductions(self, policy: Policy, absences: int, late: int, expected: int) -> None:
        """Whatever is used up is not asked for twice."""
        assert expected == points(policy, "t8", absences=absences, late_arrivals=late)

    def test_every_pair(self, policy: Policy) -> None:
        """For all numbers up to a dozen it is ten less three and one of them, and never below 0."""
        for absences, late in product(range(13), repeat=2):
            found = points(policy, "t8", absences=absences, late_arrivals=late)
            assert max(0, 10 - 3 * absences - late) == found


class TestLateReports:
    """t9: half a point off the total for each."""

    @pytest.mark.parametrize("late", [0, 1, 2, 3, 7])
    def test_taken_off_the_total(self, policy: Policy, late: int) -> None:
        """Each late report takes half a point off the total, and nothing off any item."""
        marks = {"resource_mark": 3, "team_mark": 9, "lessons_city": 3}
        before, after = (
            policy.score({**NOTHING, **marks, "late_reports": count}) for count in (0, late)
        )

        assert 18 + 10 + 3 + 9 == before.total.points
        assert before.total.points - Fraction(late, 2) == after.total.points
        assert before.criteria == after.criteria
        assert [("t9", Fraction(late, 2))] == [
            (taken.id, taken.points.points) for taken in after.deductions
        ]

    def test_open(self, policy: Policy) -> None:
        """While nobody has said how many came late, the total has no least number above 0."""
        known = {name: value for name, value in NOTHING.items() if name != "late_reports"}
        sheet = policy.score({**known, "resource_mark": 3, "team_mark": 9})

        assert sheet.total.points is None
        assert (Fraction(0), Fraction(22)) == sheet.total.range
        assert "late_reports" in sheet.open

    def test_never_below_nothing(self, policy: Policy) -> None:
        """More late reports than points leave nothing, and no less than that."""
        facts = {"resource_mark": 1, "team_mark": 0, "absences": 4, "late_reports": 3}
        assert 0 == policy.score({**NOTHING, **facts}).total.points


class TestTeam:
    """t10: three bands that tile from 0 to 15; marked by three assessors, up to nine."""

    @pytest.mark.parametrize(
        ("mark", "band"),
        [(0, "C"), (7, "C"), (8, "B"), (11, "B"), (12, "A"), (15, "A")],
    )
    def test_bands(self, policy: Policy, mark: int, band: str) -> None:
        """Each band has its first and its last point, and what three agree on is the points."""
        item = marked(policy, "t10", "assessor", mark, mark, mark).criterion("t10")

        assert mark == item.points.points
        assert band in item.reasons[-1].text("en")

    @pytest.mark.parametrize("mark", range(16))
    def test_no_gap(self, policy: Policy, mark: int) -> None:
        """Every whole mark from 0 to 15 lies in a band."""
        item = marked(policy, "t10", "assessor", mark, mark, mark).criterion("t10")
        assert mark == item.points.points

    @pytest.mark.parametrize("mark", [-1, 16, 11.5])
    def test_refused(self, policy: Policy, mark: float) -> None:
        """Nothing below 0, above 15 or between two points."""
        with pytest.raises(InputError) as error:
            marked(policy, "t10", "assessor", 9, mark, 9)
        assert ["marks/1/points"] == [problem.path for problem in error.value.problems]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ((12, 12, 13), Fraction(37, 3)),
            ((11, 12, 12), Fraction(35, 3)),  # between two bands
            ((0, 15, 15), Fraction(10)),  # three marks: none is dropped
            ((0, 9, 9, 9, 15), Fraction(42, 5)),  # five marks: none is dropped
            ((0, 9, 9, 10, 10, 15), Fraction(38, 4)),  # six: 0 and 15 are dropped
            ((15, 11, 11, 12, 10, 12, 2), Fraction(56, 5)),
            ((7, 7, 7, 7, 7, 7), Fraction(7)),  # one of each is dropped, not all
            ((1, 2, 3, 4, 5, 6, 7, 8, 9), Fraction(5)),
        ],
    )
    def test_mean(self, policy: Policy, given: tuple[int, ...], expected: Fraction) -> None:
        """The mean, and with more than five marks that without the highest and the lowest."""
        assert expected == marked(policy, "t10", "assessor", *given).criterion("t10").points.points

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(given=st.lists(st.integers(0, 15), min_size=3, max_size=9))
    def test_any_marks(self, policy: Policy, given: list[int]) -> None:
        """Whoever they are by, and in whatever order."""
        counted = sorted(given)[1:-1] if len(given) > 5 else given
        found = marked(policy, "t10", "assessor", *given).criterion("t10").points.points
        assert Fraction(sum(counted), len(counted)) == found

    @pytest.mark.parametrize("given", [(), (12,), (12, 13)])
    def test_three_are_needed(self, policy: Policy, given: tuple[int, ...]) -> None:
        """With fewer than three marks the item is open."""
        item = marked(policy, "t10", "assessor", *given).criterion("t10")
        assert item.points.points is None
        assert ("team_mark",) == item.open

    def test_nine_at_most(self, policy: Policy) -> None:
        """The tenth mark is one too many."""
        with pytest.raises(InputError) as error:
            marked(policy, "t10", "assessor", *[9] * 10)
        assert ["too_many_marks"] == [problem.code for problem in error.value.problems]


class TestTotal:
    """An open-ended sum."""

    def test_no_maximum(self, policy: Policy) -> None:
        """Neither the sheet nor its section has a most."""
        sheet = policy.score(NOTHING)
        assert sheet.total.max is None
        assert [None] == [section.points.max for section in sheet.sections]

    def test_sum(self, policy: Policy) -> None:
        """All items added up, 22+93+120+31+117+5+5+6+15, less half a point for a late report."""
        ones: dict[str, object] = dict.fromkeys(NOTHING, 1)
        sheet = policy.score({**ones, "resource_mark": 5, "team_mark": 15})
        assert 414 - Fraction(1, 2) == sheet.total.points

    def test_nothing_known(self, policy: Policy) -> None:
        """Of a studio of which nothing is known yet the total has no upper end."""
        total = policy.score({}).total
        assert total.points is None
        assert (Fraction(0), None) == total.range

    def test_judged_by_marks(self, policy: Policy) -> None:
        """A fact file with marks gives the same as the mean handed in."""
        given = tuple(
            Mark(criterion="t10", by=f"p-{n}", role="assessor", points=Fraction(mark))
            for n, mark in enumerate((9, 10, 11))
        )
        file = FactFile(facts={**NOTHING, "resource_mark": 3}, marks=given)
        plain = policy.score({**NOTHING, "resource_mark": 3, "team_mark": 10})
        assert 10 + 3 + 10 == policy.score(file).total.points == plain.total.points
