"""The reading `several_marks`: how several assessors' marks of one item become one.

The points were worked out by hand from attachment 3 and the list of readings.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import CriterionResult, ScoreSheet
from studioflow.rules import Pool

Under = Callable[[tuple[tuple[str, object], ...]], Policy]
NINE = 9


def marks(item: str, *points: float, role: str = "assessor") -> list[Mark]:
    """Return marks of one item by as many people."""
    return [
        Mark(criterion=item, by=f"p-{place}", role=role, points=Fraction(mark))
        for place, mark in enumerate(points)
    ]


def answered(under: Under, answer: str, **others: object) -> Policy:
    """Return the reference policy with an answer of the reading, and of others."""
    return under((("several_marks", answer), *others.items()))


def refusals(policy: Policy, given: list[Mark], **facts: object) -> list[tuple[str, str]]:
    """Return path and code of every problem of marks that have to be refused."""
    with pytest.raises(InputError) as error:
        policy.score(facts, marks=given)
    return [(problem.path, problem.code) for problem in error.value.problems]


def test_every_judged_fact_has_a_panel(reference: Policy) -> None:
    """Nine marks follow the reading, two confirmations take everybody; up to nine people each."""
    panels = {name: fact.panel for name, fact in reference.facts.items() if fact.judged}
    ways = [panel.way for panel in panels.values() if panel is not None]

    assert ("mean", "one_agreed") == (
        reference.readings["several_marks"].in_force,
        [*reference.readings["several_marks"].values][-1],
    )
    assert {"mean": 9, "all": 2} == {way: ways.count(way) for way in ("mean", "all")}
    assert {(1, NINE)} == {(p.least, p.most) for p in panels.values() if p is not None}


@pytest.mark.parametrize(
    ("item", "given", "mean", "median"),
    [
        # 7 + 8 + 8 = 23, over three; the middle one is 8.
        ("5.1.1", (8, 7, 8), "23/3", "8"),
        # 5 + 9 + 10 + 10 = 34, over four; between 9 and 10.
        ("5.2.1", (10, 5, 10, 9), "8.5", "9.5"),
        # 1 + 5 + 4 + 4 + 3 = 17, over five; the third of 1, 3, 4, 4, 5.
        ("5.3.4", (1, 5, 4, 4, 3), "3.4", "4"),
        # Nobody is asked for the step of the result: 0 and 1 make a half.
        ("5.3.4", (0, 1), "0.5", "0.5"),
    ],
)
def test_mean_and_median(
    item: str, given: tuple[int, ...], mean: str, median: str, under: Under
) -> None:
    """Marks become their mean or their median, to the last digit."""
    found = [
        answered(under, way).score({}, marks=marks(item, *given)).criterion(item).points.points
        for way in ("mean", "median")
    ]
    assert [Fraction(mean), Fraction(median)] == found


def test_one_agreed(under: Under) -> None:
    """Three assessors who agree give their mark; where one differs each of them is named."""
    policy = answered(under, "one_agreed")

    assert 8 == policy.score({}, marks=marks("5.1.1", 8, 8, 8)).criterion("5.1.1").points.points
    assert [(f"marks/{place}/points", "marks_disagree") for place in range(3)] == refusals(
        policy, marks("5.1.1", 8, 8, 7)
    )


def test_said(reference: Policy, under: Under) -> None:
    """The item's reasons say in both languages how the marks became one."""
    said = [
        policy.score({}, marks=marks("5.1.1", 7, 8, 8)).criterion("5.1.1").reasons[0]
        for policy in (reference, answered(under, "median"))
    ]
    assert [
        "mean of 3 marks (7, 8, 8): 23/3 (5.1.1)",
        "median of 3 marks (7, 8, 8): 8 (5.1.1)",
    ] == [reason.explain("en") for reason in said]
    assert [
        "3个评分（7、8、8）的平均分：23/3（5.1.1）",
        "3个评分（7、8、8）的中位数：8（5.1.1）",
    ] == [reason.explain("zh") for reason in said]


class TestBands:
    """Bands are those of each assessor's mark; what the marks become stands between them."""

    def test_each_mark(self, reference: Policy) -> None:
        """Marks of 4 and 7.5 are refused beside a good one, each for what it is."""
        assert [
            ("marks/1/points", "off_step"),
            ("marks/0/points", "mark_outside_bands"),
        ] == refusals(reference, marks("5.1.1", 4, 7.5, 9))

    def test_band_by_facts(self, reference: Policy) -> None:
        """Half of the trainees with output is band B: 5 and 7 make 6, and an 8 is refused."""
        half = {"trainees": 10, "trainees_with_output": 5}

        found = reference.score(half, marks=marks("5.3.2", 5, 7)).criterion("5.3.2")
        assert 6 == found.points.points
        assert ["mean_of_marks", "mark_in_band"] == [found.reasons[n].code for n in (0, -1)]
        assert [("marks/1/points", "mark_outside_bands")] == refusals(
            reference, marks("5.3.2", 7, 8), **half
        )

    def test_nothing_to_mark(self, reference: Policy) -> None:
        """Without trainees every assessor marks 0, and one who does not is named."""
        none = {"trainees": 0, "trainees_with_output": 0}

        assert (
            0 == reference.score(none, marks=marks("5.3.2", 0, 0)).criterion("5.3.2").points.points
        )
        assert [("marks/1/points", "mark_outside_bands")] == refusals(
            reference, marks("5.3.2", 0, 5), **none
        )

    def test_band_that_is_not_open(self, reference: Policy) -> None:
        """With 19 trainees nobody may mark the feature 11 or more, whatever the mean is."""
        assert [("marks/1/points", "mark_outside_bands")] == refusals(
            reference, marks("5.4.1", 6, 12), trainees=19
        )
        found = reference.score({"trainees": 20}, marks=marks("5.4.1", 6, 12)).criterion("5.4.1")
        assert 9 == found.points.points

    def test_validity_that_is_still_open(self, reference: Policy) -> None:
        """Two marks of 12 hang on whether there are 20 trainees, like one of them."""
        one, two = (
            reference.score({}, marks=marks("5.4.1", *given)).criterion("5.4.1")
            for given in ((12,), (12, 12))
        )
        assert (one.points, one.open) == (two.points, two.open)
        assert ("trainees",) == two.open

    def test_lower_band_and_below(self, under: Under) -> None:
        """Where 4.5 and 7.5 may be marked, 4.5 and 7.5 and 9 make 7."""
        policy = answered(
            under,
            "mean",
            mark_step="half_points",
            band_gap="lower_band",
            below_bands="open_band",
        )
        found = policy.score({}, marks=marks("5.1.1", 4.5, 7.5, 9)).criterion("5.1.1")
        assert 7 == found.points.points


class TestWhatElseReadsAMark:
    """Rules that compute with a mark compute with what the marks became."""

    def test_web_page(self, reference: Policy) -> None:
        """7 and 8 less three irregularities: 7.5 less 1.5 is 6."""
        sheet = reference.score({"website_faults": 3}, marks=marks("5.2.4", 7, 8))
        assert 6 == sheet.criterion("5.2.4").points.points

    def test_web_page_held_at_its_band(self, under: Under) -> None:
        """7.5 reached band B and not band A, so that ten irregularities leave 5."""
        policy = answered(under, "mean", website_faults="floor_at_band")
        sheet = policy.score({"website_faults": 10}, marks=marks("5.2.4", 7, 8))
        assert 5 == sheet.criterion("5.2.4").points.points

    def test_discretionary_points(self, under: Under) -> None:
        """18 activities and 1, 2 and 2 points at discretion: 16 and 5/3."""
        policy = answered(under, "mean", activities_above="discretionary")
        given = marks("5.2.2", 1, 2, 2)

        sheet = policy.score({"activities": 18}, marks=given)
        assert 16 + Fraction(5, 3) == sheet.criterion("5.2.2").points.points
        assert [(f"marks/{place}/points", "mark_not_allowed") for place in range(3)] == refusals(
            policy, given, activities=16
        )

    @pytest.mark.parametrize(
        ("way", "given", "bonus"),
        [
            ("mean", (10, 12), 0),  # 11: band A has paid for the trainees
            ("mean", (10, 10, 12), 2),  # 32 over three is less than 11
            ("median", (10, 11, 15), 0),
            ("median", (10, 10, 15), 2),
        ],
    )
    def test_bonus(self, way: str, given: tuple[int, ...], bonus: int, under: Under) -> None:
        """Whether the feature pays for 20 trainees already is asked of what the marks became."""
        policy = answered(under, way, bonus_once="not_if_paid_in_5.4.1")
        facts = {"trainees": 20, "public_benefit": False, "media_coverage": False}
        item = policy.score(facts, marks=marks("5.4.1", *given)).criterion("5.4.2")

        assert bonus == item.points.points
        # How they became one is said where they belong.
        assert "5.4.1" not in {reason.clause for reason in item.reasons}
        assert not {"mean_of_marks", "median_of_marks"} & {reason.code for reason in item.reasons}


class TestConfirmations:
    """The judged parts of the gates, confirmed by several assessors."""

    @pytest.mark.parametrize(("words", "met"), [("yes yes", True), ("yes no", False)])
    def test_all(self, words: str, met: object, reference: Policy) -> None:
        """A team is well organised where every assessor says so."""
        given = [
            Mark(criterion="5.0.2", by=f"p-{n}", role="assessor", met=word == "yes")
            for n, word in enumerate(words.split())
        ]
        gate = reference.score({"members": 9}, marks=given).gate("5.0.2")

        assert met is gate.met
        assert "confirmed_by_all" == gate.reasons[0].code


class TestWho:
    """Who may mark beside others."""

    def test_each_in_the_right_role(self, reference: Policy) -> None:
        """Several people of the office mark the use of money, and no assessor beside them."""
        late = {"funds_papers": "late", "funds_proper": True}
        office = marks("5.2.3", 1, 2, role="master_teacher_office")
        assessor = Mark(criterion="5.2.3", by="p-9", role="assessor", points=Fraction(3))

        assert (
            Fraction(3, 2) == reference.score(late, marks=office).criterion("5.2.3").points.points
        )
        assert [("marks/2/role", "wrong_marker")] == refusals(
            reference, [*office, assessor], **late
        )

    def test_nobody_twice(self, reference: Policy) -> None:
        """The second mark of one person is refused, though the first was the same."""
        again = Mark(criterion="5.1.1", by="p-1", role="assessor", points=Fraction(8))
        assert [("marks/2/by", "same_marker")] == refusals(
            reference, [*marks("5.1.1", 8, 8), again]
        )

    def test_no_more_than_nine(self, reference: Policy) -> None:
        """Nine may mark an item; the tenth is one too many."""
        nine = reference.score({}, marks=marks("5.1.1", *[8] * NINE))

        assert 8 == nine.criterion("5.1.1").points.points
        assert [("marks/9/criterion", "too_many_marks")] == refusals(
            reference, marks("5.1.1", *[8] * (NINE + 1))
        )


# --- ranges ---------------------------------------------------------------------------------

ITEMS = {
    "5.1.1": "goal_mark",
    "5.2.4": "website_mark",
    "5.3.2": "output_mark",
    "5.4.1": "feature_mark",
}


@st.composite
def studios(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what four items of the sheet look at, with up to three marks each."""
    trainees = draw(st.integers(0, 24))
    facts: dict[str, Any] = {
        "trainees": trainees,
        "trainees_with_output": draw(st.integers(0, trainees)),
        "website_faults": draw(st.integers(0, 25)),
    }
    for name in ITEMS.values():
        choices = [0, 5, 6, 7, 8, 10] + ([11, 15] if name == "feature_mark" else [])
        marks = st.lists(st.sampled_from(choices).map(Fraction), min_size=2, max_size=3)
        facts[name] = Pool(draw(marks))
    return facts


def scored(policy: Policy, facts: Mapping[str, Any]) -> tuple[ScoreSheet | None, set[str]]:
    """Return the sheet, or the facts whose marks were refused."""
    try:
        return policy.score(facts), set()
    except InputError as error:
        return None, {problem.path.removeprefix("facts/") for problem in error.problems}


def ends(result: CriterionResult) -> tuple[Fraction, Fraction]:
    """Return the least and the most points, which each item here has."""
    assert result.points.range is not None
    low, high = result.points.range
    assert low is not None
    assert high is not None
    return low, high


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), facts=studios(), way=st.sampled_from(["mean", "median"]))
def test_ranges_are_sound(
    data: st.DataObject, facts: dict[str, Any], way: str, under: Under
) -> None:
    """Whatever an open fact turns out to be, points lie in the range, or the item was open."""
    policy = answered(under, way)
    left_out = data.draw(st.sets(st.sampled_from(sorted(facts))))
    partial, refused_before = scored(
        policy, {name: value for name, value in facts.items() if name not in left_out}
    )
    _, refused = scored(policy, facts)
    complete = policy.score({name: facts[name] for name in facts.keys() - refused})

    assert refused_before <= refused
    if partial is None:
        return
    for item, fact in ITEMS.items():
        before, after = partial.criterion(item), complete.criterion(item)
        if fact in refused:
            # A mark that is missing leaves nothing open where the item gives 0 without one.
            assert before.open or fact in left_out
        else:
            low, high = ends(before)
            points, _ = ends(after)
            assert low <= points <= high
            assert before.open or low == points
