"""The rows that are about a whole sheet, or a batch of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from studioflow import InputError
from studioflow.cohort import Ballot, count_ballots, outcomes, rank
from studioflow.people import Mark, Person
from studioflow.policy import OneRule, Policy
from studioflow.rubric import FactFile, InspectedItem, Inspection, ScoreSheet
from studioflow.studio import Application, Record, Studio, case_facts

Sheets = Callable[[int], Policy]
BEST = {"activities": 30, "essays": 10}


def sheet(policy: Policy, **facts: object) -> ScoreSheet:
    """Score a studio."""
    return policy.score(facts)


def total(policy: Policy, **facts: object) -> Fraction | None:
    """Return the points in all."""
    return policy.score(facts).total.points


def grade(policy: Policy, **facts: object) -> str | None:
    """Return the grade."""
    return policy.score(facts).grade


def marked(policy: Policy, *marks: tuple[str, int], roles: tuple[str, ...] = ()) -> FactFile:
    """Return marks by as many people, with the roles in which they were given."""
    (item,) = [name for name, fact in policy.rubric.judged_facts.items() if fact == "quality"]
    who = roles or ("assessor",) * len(marks)
    return FactFile(
        marks=tuple(
            Mark(criterion=item, by=by, role=role, points=Fraction(points))
            for (by, points), role in zip(marks, who, strict=True)
        )
    )


def studio(*records: Record) -> Studio:
    """Return a studio with records on file."""
    return Studio(
        id="s-01",
        application=Application(name="甲", unit="样例学校", lead=Person("h-01", "领衔人甲")),
        records={record.id: record for record in records},
    )


class TestGate:
    """Met or not, without points."""

    def test_all_have_to_hold(self, policy: Policy) -> None:
        """One that does not hold is enough."""
        assert sheet(policy, members=7, plan=True).eligible is True
        assert sheet(policy, members=6, plan=True).eligible is False
        assert sheet(policy, members=7, plan=False).eligible is False
        assert sheet(policy, members=7).eligible is None

    def test_no_points_hang_on_it(self, policy: Policy) -> None:
        """The points stay what they are."""
        facts = {"activities": 10, "essays": 2, "plan": True}
        assert total(policy, **facts, members=6) == total(policy, **facts, members=7) == 28


class TestChecklist:
    """Every listed item is there."""

    def test_each_item_with_its_remark_and_evidence(self, policy: Policy) -> None:
        """What is missing is named."""
        found = {
            "flag": InspectedItem(present=True, remark="端正", evidence=("照片-1",)),
            "room": InspectedItem(present=False, remark="正在装修"),
        }
        gate = policy.score({}, inspection=Inspection(items=found)).gate("premises")
        assert gate.met is False
        assert ["the site lacks: a room"] == [reason.text() for reason in gate.reasons]
        assert sheet(policy, site_flag=True, site_room=True).gate("premises").met is True


class TestPriceTable:
    """Points for each, by category and level."""

    def test_prices_aliases_and_caps(self, rule: OneRule) -> None:
        """A third prize counts as a second; each row and the whole have a cap."""
        none: dict[str, object] = dict.fromkeys((n for n in rule.facts if "prizes" in n), 0)

        def points(**prizes: int) -> Fraction | None:
            return rule.points({**none, **{f"prizes_{name}": n for name, n in prizes.items()}})

        assert points() == 0
        assert points(county_first=1, county_second=1) == 5
        assert points(county_third=1) == points(county_second=1) == 2
        assert points(county_first=3) == 6
        assert points(county_first=3, city_third=1) == 10
        assert points(city_first=3) == 10

    def test_only_what_is_big_and_complete_enough(self, sheets: Sheets) -> None:
        """Twenty entrants, and the certificate on file; each by its own level."""
        day = date(2023, 6, 1)
        entries = [
            {"on": "2023-06-01", "level": "county", "entrants": 20, "paper": ["p-1"]},
            {"on": "2023-06-01", "level": "county", "entrants": 19, "paper": ["p-2"]},
            {"on": "2023-06-01", "level": "county", "entrants": 30},
            {"on": "2023-06-01", "level": "city", "entrants": 40, "paper": ["p-4"]},
        ]
        kept = [
            Record(kind="prize", id=f"prize-{place}", data=data, handed_in=day)
            for place, data in enumerate(entries)
        ]
        found = case_facts(sheets(1), studio(*kept), date(2023, 12, 31))
        assert [1, 1] == [found[f"prizes_{level}"].value for level in ("county", "city")]


class TestWeightedParts:
    """So many per cent of each."""

    def test_seventy_and_thirty(self, policy: Policy) -> None:
        """100 of the one and 50 of the other are 85."""
        assert total(policy, activities=20, essays=5) == 85
        assert total(policy, activities=10, essays=10) == 65
        assert total(policy, activities=20, essays=10) == 100


class TestDeductionOnTheTotal:
    """Taken off after the sum."""

    def test_fixed_and_judged(self, policy: Policy) -> None:
        """Three for each fault, ten at most, and what the assessor takes off."""
        assert total(policy, activities=30, essays=10, faults=0, quality=0) == 100
        assert total(policy, activities=30, essays=10, faults=2, quality=4) == 90
        assert total(policy, activities=30, essays=10, faults=9, quality=4) == 86

    def test_not_below_the_floor(self, policy: Policy) -> None:
        """There is no less than nothing."""
        assert total(policy, activities=1, essays=0, faults=9, quality=20) == 0


class TestOpenEndedSum:
    """No maximum."""

    def test_it_only_ranks(self, policy: Policy) -> None:
        """More is more, as far as it goes."""
        made = {f"s{n}": sheet(policy, activities=0, essays=n) for n in (1, 11, 20)}
        assert [4, 44, 80] == [each.total.points for each in made.values()]
        assert all(each.total.max is None for each in made.values())
        assert ["s20", "s11", "s1"] == [each.studio for each in rank(made)]


class TestSeveralAssessors:
    """Marks of several people become one."""

    def test_without_the_highest_and_the_lowest(self, sheets: Sheets) -> None:
        """Of six marks four count; of five all do."""
        policy = sheets(0)
        six = [(f"p-{n}", points) for n, points in enumerate((0, 10, 12, 14, 16, 20))]
        assert policy.score(marked(policy, *six)).criterion("quality").points.points == 13
        five = policy.score(marked(policy, *six[1:])).criterion("quality")
        assert five.points.points == Fraction(72, 5)

    def test_weighted_by_group(self, sheets: Sheets) -> None:
        """40 per cent of 10 and 60 per cent of 15; not known before each group has marked."""
        policy = sheets(1)
        marks, roles = (
            [("c-1", 8), ("c-2", 12), ("p-1", 15)],
            ("colleague", "colleague", "assessor"),
        )
        both = policy.score(marked(policy, *marks, roles=roles)).criterion("quality")
        assert both.points.points == 13
        one = policy.score(marked(policy, *marks[:2], roles=roles[:2])).criterion("quality")
        assert one.points.points is None


class TestValidBallots:
    """Which ballots count."""

    def test_void_ones_are_told(self, policy: Policy) -> None:
        """Too many outstanding, all the same, a word that is not allowed."""
        votes = {
            "good": {"s1": "outstanding", "s2": "passed", "s3": "failed"},
            "many": {"s1": "outstanding", "s2": "outstanding", "s3": "passed"},
            "same": {"s1": "passed", "s2": "passed", "s3": "passed"},
            "odd": {"s1": "excellent", "s2": "passed", "s3": "failed"},
        }
        ballots = [Ballot(by=by, role="colleague", votes=each) for by, each in votes.items()]
        found = count_ballots(policy, "review", ballots, ["s1", "s2", "s3"])
        assert (4, 1) == (found.cast, found.valid)
        assert ["many", "same", "odd"] == [void.by for void in found.void]
        assert found.facts["s1"] == {
            "votes_outstanding": 1,
            "votes_passed": 0,
            "votes_failed": 0,
        }


class TestVeto:
    """What points can not make good."""

    def test_one_voids_eligibility(self, policy: Policy) -> None:
        """And with it every grade but the last."""
        made = sheet(policy, **BEST, plagiarised=True, certificate=True)
        assert (False, "failed") == (made.eligible, made.grade)

    def test_the_other_caps_the_grade(self, policy: Policy) -> None:
        """The studio stays eligible."""
        capped = sheet(policy, **BEST, plagiarised=False, certificate=False)
        assert (True, "passed") == (capped.eligible, capped.grade)
        assert grade(policy, **BEST, plagiarised=False, certificate=True) == "outstanding"


class TestComponentMinimums:
    """Each part has its own minimum, and the total has one."""

    @pytest.mark.parametrize(
        ("activities", "essays", "expected"),
        [(20, 5, "passed"), (30, 4, "failed"), (14, 10, "failed"), (15, 7, "failed")],
    )
    def test_each_is_needed(
        self, policy: Policy, activities: int, essays: int, expected: str
    ) -> None:
        """76 points with 16 in one part do not pass, and neither do 58 with enough in both."""
        assert grade(policy, activities=activities, essays=essays) == expected


class TestGrades:
    """Cut-offs, and what a grade needs besides."""

    @pytest.mark.parametrize(
        ("activities", "essays", "certificate", "expected"),
        [
            (30, 9, True, "outstanding"),
            (30, 9, False, "good"),
            (30, 8, True, "good"),
            (30, 5, True, "passed"),
            (10, 10, True, "passed"),
            (10, 9, True, "failed"),
        ],
    )
    def test_the_best_that_all_of_it_allows(
        self, policy: Policy, activities: int, essays: int, certificate: object, expected: str
    ) -> None:
        """A cut-off is included; minimums rise with the grade."""
        facts = {"activities": activities, "essays": essays, "certificate": certificate}
        assert grade(policy, **facts) == expected


class TestQuotaOverABatch:
    """So many per cent in a grade."""

    def test_a_fraction_of_a_place_is_dropped_and_a_tie_stays_out(self, sheets: Sheets) -> None:
        """Two places of five; where the second and the third are equal, both stay out."""
        policy = sheets(0)
        essays = {"s1": 10, "s2": 9, "s3": 8, "s4": 7, "s5": 6}
        made = {name: sheet(policy, activities=30, essays=n) for name, n in essays.items()}
        best = [each.studio for each in outcomes(policy, made) if each.grade == "outstanding"]
        assert ["s1", "s2"] == best
        made["s3"] = made["s2"]
        best = [each.studio for each in outcomes(policy, made) if each.grade == "outstanding"]
        assert ["s1"] == best

    def test_a_forced_distribution(self, sheets: Sheets) -> None:
        """One of seven is the best though none has 80 points, one the last though all have 40."""
        policy = sheets(1)
        made = {f"s{n}": sheet(policy, activities=20, essays=n) for n in range(7)}
        found = outcomes(policy, made)
        assert [each.grade for each in found] == ["outstanding", *["passed"] * 5, "failed"]
        made["s5"] = made["s6"]
        assert [each.studios for each in outcomes(policy, made).decisions] == [("s5", "s6")]


class TestNotApplicable:
    """What is not asked of a studio."""

    def test_left_out_and_the_rest_rescaled(self, sheets: Sheets) -> None:
        """40 of 60 points are two thirds of all 100."""
        policy = sheets(0)
        assert total(policy, activities=20, unit_kind="kindergarten") == Fraction(200, 3)
        assert total(policy, activities=20, essays=5, unit_kind="school") == 60

    def test_counted_as_full(self, sheets: Sheets) -> None:
        """Who holds the title has all the points of the item."""
        policy = sheets(1)
        assert total(policy, activities=20, certificate=True) == 80
        assert total(policy, activities=20, essays=0, certificate=False) == 40


class TestOneSheetPerKind:
    """The unit's kind says which sheet it is."""

    def test_the_sections_of_the_kind(self, policy: Policy) -> None:
        """Seven activities are 14 points of a school and 70 of a kindergarten."""
        assert total(policy, activities=7, essays=0, unit_kind="school") == 14
        assert total(policy, activities=7, unit_kind="kindergarten") == 70


class TestAnotherOfficesColumn:
    """Only a named role may mark it."""

    def test_nobody_else(self, policy: Policy) -> None:
        """The office may, an assessor may not."""
        office = marked(policy, ("p-1", 15), roles=("personnel_office",))
        assert policy.score(office).criterion("quality").points.points == 15
        with pytest.raises(InputError) as caught:
            policy.score(marked(policy, ("p-1", 15)))
        assert ["wrong_marker"] == [problem.code for problem in caught.value.problems]
