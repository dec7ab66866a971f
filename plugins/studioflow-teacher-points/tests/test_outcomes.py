"""What a batch makes of the points: a fifth outstanding, the last and the silent to rectify."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.cohort import Outcomes, outcomes
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet

Batch = Callable[..., dict[str, ScoreSheet]]
CUP = ("outstanding", "passed", "rectify")


@pytest.fixture(scope="session")
def batch(policy: Policy) -> Batch:
    """Make finished sheets: points as they are given, and how many yearly reports are missing."""
    tallies = [name for name in policy.facts if "_" in name and policy.facts[name].type == "count"]
    # A mark of 1, a team of 0 points and attendance used up: the rest are lessons at a point each.
    base = {**dict.fromkeys(tallies, 0), "absences": 4, "resource_mark": 1, "team_mark": 0}
    known: dict[tuple[Fraction, int], ScoreSheet] = {}

    def sheet(total: Fraction, missing: int) -> ScoreSheet:
        if (total, missing) not in known:
            whole = -(-total // 1)
            late = int(2 * (whole - total))
            facts = {**base, "lessons_school": int(whole) - 1, "late_reports": late}
            made = policy.score({**facts, "missing_yearly_reports": missing})
            assert total == made.total.points
            known[total, missing] = made
        return known[total, missing]

    def make(
        totals: Iterable[float], missing: Mapping[str, int] | None = None
    ) -> dict[str, ScoreSheet]:
        return {
            f"s{place:02d}": sheet(Fraction(total), (missing or {}).get(f"s{place:02d}", 0))
            for place, total in enumerate(totals, start=1)
        }

    return make


def grades(found: Outcomes) -> dict[str, str | None]:
    """Return the grade of each studio, None while it waits for a decision."""
    return {outcome.studio: outcome.grade for outcome in found.outcomes}


def counts(found: Outcomes) -> tuple[int, ...]:
    """Return how many are outstanding, passed, to rectify."""
    given = [*grades(found).values()]
    return tuple(given.count(grade) for grade in CUP)


class TestOutstanding:
    """At most 20 per cent, rounded down."""

    @pytest.mark.parametrize(
        ("studios", "expected"),
        [
            (1, (0, 0, 1)),
            (2, (0, 1, 1)),
            (4, (0, 3, 1)),
            (5, (1, 3, 1)),
            (9, (1, 7, 1)),
            (10, (2, 7, 1)),
            (12, (2, 9, 1)),
            (14, (2, 11, 1)),
            (15, (3, 11, 1)),
            (24, (4, 19, 1)),
            (25, (5, 19, 1)),
        ],
    )
    def test_a_fifth_rounded_down(
        self, policy: Policy, batch: Batch, studios: int, expected: tuple[int, ...]
    ) -> None:
        """Nobody of four, one of five to nine, two of ten to fourteen …; and the last rectifies."""
        assert expected == counts(outcomes(policy, batch(range(studios, 0, -1))))

    def test_by_points(self, policy: Policy, batch: Batch) -> None:
        """Of ten the two with the most points are outstanding, half a point decides."""
        found = grades(outcomes(policy, batch([50, 60, 59.5, 60.5, 10, 20, 30, 40, 45, 35])))
        assert {"s02", "s04"} == {key for key, grade in found.items() if grade == "outstanding"}

    def test_in_any_order(self, policy: Policy, batch: Batch) -> None:
        """The order in which studios are handed in changes nothing."""
        sheets = batch([9, 8, 8, 6, 5])
        expected = grades(outcomes(policy, sheets))
        for order in permutations(sheets):
            found = outcomes(policy, {key: sheets[key] for key in order})
            assert expected == grades(found)

    def test_who_moved_down_is_told_why(self, policy: Policy, batch: Batch) -> None:
        """The sixth of ten is told that there were two places, with the clause."""
        found = outcomes(policy, batch(range(10, 0, -1)))
        (sixth,) = [outcome for outcome in found.outcomes if outcome.place == 6]

        assert ("outstanding", "passed") == (sixth.own_grade, sixth.grade)
        assert ["排名第6，不在“优秀”的2个名额之内（o2）"] == [
            reason.explain("zh") for reason in sixth.reasons
        ]

    def test_missing_reports_leave_the_place_to_the_next(
        self, policy: Policy, batch: Batch
    ) -> None:
        """The best of five with two reports missing rectifies, and the second is outstanding."""
        found = grades(outcomes(policy, batch([50, 40, 30, 20, 10], {"s01": 2})))
        assert ["rectify", "outstanding", "passed", "passed", "rectify"] == [*found.values()]


class TestTies:
    """A tie across the line is put before the committee."""

    def test_it_waits(self, policy: Policy, batch: Batch) -> None:
        """Two tied for the second of two places: neither has it, and it is asked."""
        found = outcomes(policy, batch([90, 80, 80, 70, 60, 50, 40, 30, 20, 10]))

        assert {"s02": None, "s03": None} == {
            key: grade for key, grade in grades(found).items() if grade is None
        }
        (asked,) = found.decisions
        assert ("outstanding", ("s02", "s03"), 1) == (asked.grade, asked.studios, asked.places)

    @pytest.mark.parametrize(("chosen", "other"), [("s02", "s03"), ("s03", "s02")])
    def test_it_is_decided(self, policy: Policy, batch: Batch, chosen: str, other: str) -> None:
        """One of the two gets it, the other passes, and nobody else is touched."""
        sheets = batch([90, 80, 80, 70, 60, 50, 40, 30, 20, 10])
        found = outcomes(policy, sheets, decided={"outstanding": [chosen]})

        assert () == found.decisions
        assert (2, 7, 1) == counts(found)
        assert ("outstanding", "passed") == (grades(found)[chosen], grades(found)[other])

    def test_the_committee_may_leave_the_place(self, policy: Policy, batch: Batch) -> None:
        """At most 20 per cent is no minimum: neither of them may get it."""
        sheets = batch([90, 80, 80, 70, 60, 50, 40, 30, 20, 10])
        assert (1, 8, 1) == counts(outcomes(policy, sheets, decided={"outstanding": []}))

    @pytest.mark.parametrize("decided", [["s02", "s03"], ["s04"], ["s01"]])
    def test_not_more_and_nobody_else(
        self, policy: Policy, batch: Batch, decided: list[str]
    ) -> None:
        """Both would be three of ten; and who is not tied is not asked about."""
        sheets = batch([90, 80, 80, 70, 60, 50, 40, 30, 20, 10])
        with pytest.raises(InputError):
            outcomes(policy, sheets, decided={"outstanding": decided})

    def test_above_the_line(self, policy: Policy, batch: Batch) -> None:
        """Two who are tied for the first of two places both have one."""
        found = outcomes(policy, batch([90, 90, 80, 70, 60, 50, 40, 30, 20, 10]))
        assert () == found.decisions
        assert {"s01", "s02"} == {k for k, grade in grades(found).items() if grade == "outstanding"}

    def test_without_a_place(self, policy: Policy, batch: Batch) -> None:
        """Of four nobody is outstanding, and a tie at the top is no question."""
        found = outcomes(policy, batch([90, 90, 80, 70]))
        assert () == found.decisions
        assert (0, 3, 1) == counts(found)


class TestRectify:
    """The last place, and two yearly reports missing."""

    @pytest.mark.parametrize(
        ("missing", "grade"), [(0, "passed"), (1, "passed"), (2, "rectify"), (3, "rectify")]
    )
    def test_missing_reports(self, policy: Policy, batch: Batch, missing: int, grade: str) -> None:
        """One that is missing does no harm, two do."""
        found = grades(outcomes(policy, batch([5, 4, 3, 2, 1], {"s03": missing})))
        assert grade == found["s03"]

    def test_the_last_is_told_why(self, policy: Policy, batch: Batch) -> None:
        """The last of five would have passed, and is told that it is the last, with the clause."""
        last = outcomes(policy, batch([5, 4, 3, 2, 1])).outcomes[-1]

        assert ("s05", "outstanding", "rectify") == (last.studio, last.own_grade, last.grade)
        assert ["排名末1位，最高为“限期整改”（o3）"] == [
            reason.explain("zh") for reason in last.reasons
        ]

    def test_the_last_has_missing_reports_too(self, policy: Policy, batch: Batch) -> None:
        """Then it is one studio that rectifies; nobody else takes its place."""
        found = outcomes(policy, batch([5, 4, 3, 2, 1], {"s05": 2}))
        assert (1, 3, 1) == counts(found)

    def test_a_tie_for_the_last_place(self, policy: Policy, batch: Batch) -> None:
        """Who of two rectifies is decided, since nothing is said about it."""
        sheets = batch([5, 4, 3, 1, 1])
        found = outcomes(policy, sheets)
        decided = outcomes(policy, sheets, decided_last={"rectify": ["s05"]})

        assert {None} == {grades(found)["s04"], grades(found)["s05"]}
        assert [True] == [asked.last for asked in found.decisions]
        assert ("passed", "rectify") == (grades(decided)["s04"], grades(decided)["s05"])

    @pytest.mark.parametrize(("answer", "rectify"), [("all_of_them", 2), ("none_of_them", 0)])
    def test_readings_of_that_tie(
        self, policy: Policy, batch: Batch, answer: str, rectify: int
    ) -> None:
        """Under the other readings both of them rectify, or neither does."""
        varied = policy.vary({"readings/last_tie": answer})
        sheets = {
            name: varied.score({**sheet_facts(sheet)})
            for name, sheet in batch([5, 4, 3, 1, 1]).items()
        }
        found = outcomes(varied, sheets)

        assert () == found.decisions
        assert (1, 4 - rectify, rectify) == counts(found)


def sheet_facts(sheet: ScoreSheet) -> dict[str, object]:
    """Return the facts that a sheet was made from, but for those that no item looks at."""
    facts: dict[str, object] = {"missing_yearly_reports": 0}
    for result in sheet.criteria:
        facts.update(result.facts)
    for taken in sheet.deductions:
        facts.update(taken.facts)
    return facts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_what_always_holds(policy: Policy, batch: Batch, data: st.DataObject) -> None:
    """Nobody beats somebody of a better grade, save for missing reports and the last place."""
    totals = data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=15, unique=True))
    keys = [f"s{place:02d}" for place in range(1, len(totals) + 1)]
    missing = dict(zip(keys, data.draw(st.tuples(*[st.integers(0, 3)] * len(keys))), strict=True))
    found = grades(outcomes(policy, batch(totals, missing)))
    ranked = sorted(keys, key=lambda key: -totals[keys.index(key)])
    sound = [key for key in ranked if missing[key] < 2 and key != ranked[-1]]

    places = len(keys) // 5
    assert dict.fromkeys(sound[:places], "outstanding") | dict.fromkeys(
        sound[places:], "passed"
    ) == {key: grade for key, grade in found.items() if grade != "rectify"}
