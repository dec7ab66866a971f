"""Who gets which grade of a batch: places, minimums, the last of the ranking, and why."""

from __future__ import annotations

import pytest

from studioflow import InputError
from studioflow.cohort import TieDecision, outcomes
from tests.cohort.batches import (
    CUTS,
    FIVE,
    a_sheet,
    codes_of,
    found_for,
    graded,
    grades_of,
    scored,
)


class TestLimits:
    """At most so many get a grade."""

    def test_without_places_everybody_gets_the_own_grade(self) -> None:
        """Without places everybody gets the own grade."""
        found = found_for({}, FIVE)

        assert {"a": "best", "b": "best", "c": "best", "d": "good", "e": "fair"} == grades_of(found)
        assert [()] * 5 == [outcome.reasons for outcome in found]

    def test_whoever_is_beyond_the_places_moves_down_and_is_told_with_the_clause(self) -> None:
        """Whoever is beyond the places moves down and is told with the clause."""
        found = found_for({"best": {"clause": "3", "places": {"at_most": 2, "clause": "4"}}}, FIVE)

        assert {"a": "best", "b": "best", "c": "good", "d": "good", "e": "fair"} == grades_of(found)
        assert ("best", "good") == (found.of("c").own_grade, found.of("c").grade)
        (reason,) = found.of("c").reasons
        assert "rank 3 is beyond the places of best (2) (4)" == reason.explain()
        assert "排名第3，不在“best”的2个名额之内（4）" == reason.explain("zh")

    def test_a_grade_may_be_full_at_several_steps(self) -> None:
        """A grade may be full at several steps."""
        found = found_for(
            {"best": {"places": {"at_most": 1}}, "good": {"places": {"at_most": 1}}}, FIVE
        )

        assert {"a": "best", "b": "good", "c": "fair", "d": "fair", "e": "fair"} == grades_of(found)
        assert ["beyond_places", "beyond_places"] == codes_of(found, "c")

    @pytest.mark.parametrize(("rounding", "best"), [("down", 2), ("half_up", 3), ("up", 3)])
    def test_a_fraction_of_a_place_is_rounded_as_the_policy_says(
        self, rounding: str, best: int
    ) -> None:
        """A fraction of a place is rounded as the policy says."""
        places = {"at_most": {"percent": 50, "rounding": rounding}}
        found = found_for({"best": {"places": places}}, FIVE)

        assert best == [*grades_of(found).values()].count("best")

    @pytest.mark.parametrize(("among", "best"), [("all", 3), ("ranked", 2)])
    def test_per_cents_are_of_all_or_of_those_who_are_ranked(self, among: str, best: int) -> None:
        """Per cents are of all or of those who are ranked."""
        places = {"at_most": {"percent": 50}, "among": among}
        policy = graded({"best": {"places": places}, "good": {}, "fair": {}})
        points = {**FIVE, "x": 99}

        found = outcomes(policy, scored(policy, points, unsafe="x"))
        assert best == [*grades_of(found).values()].count("best")


class TestMinimums:
    """At least so many get a grade."""

    def test_the_next_in_the_ranking_are_lifted(self) -> None:
        """The next in the ranking are lifted."""
        found = found_for({"best": {"places": {"at_least": 4}}}, FIVE)

        assert ("best", "fair") == (found.of("d").grade, found.of("e").grade)
        (reason,) = found.of("d").reasons
        assert "lifted to best as the next in the ranking (4): its minimum is 4" == reason.text()

    def test_a_minimum_of_a_lower_grade_takes_from_the_one_above(self) -> None:
        """A minimum of a lower grade takes from the one above."""
        found = found_for({"good": {"places": {"at_least": 3}}}, FIVE)

        assert ["best", "best", "good", "good", "good"] == [*grades_of(found).values()]
        assert ["lifted_to_minimum"] == codes_of(found, "e")
        assert ["places_kept"] == codes_of(found, "c")

    def test_forced_distribution(self) -> None:
        """A limit that is the minimum, too, forces a distribution."""
        share = {"percent": 20}
        grades = {
            name: {"places": {"at_least": share, "at_most": share}} for name in ("best", "fair")
        }
        found = found_for(grades, {"a": 99, "b": 98, "c": 97, "d": 96, "e": 95})

        assert ["best", "good", "good", "good", "fair"] == [*grades_of(found).values()]

    def test_what_lower_grades_can_not_hold_is_lifted(self) -> None:
        """What lower grades can not hold is lifted."""
        full = {"places": {"at_most": 1}}
        found = found_for({"good": full, "fair": full}, {"a": 61, "b": 60, "c": 50})

        assert ["best", "good", "fair"] == [*grades_of(found).values()]
        assert ["lifted_for_room"] == codes_of(found, "a")

    def test_a_minimum_that_can_not_be_met_is_told_and_moves_nobody(self) -> None:
        """A minimum that can not be met is told and moves nobody."""
        found = found_for({"best": {"places": {"at_least": 6}}}, FIVE)

        assert grades_of(found_for({}, FIVE)) == grades_of(found)
        assert ["best: at least 6, and there are 3"] == [r.text() for r in found.unmet]

    def test_a_limit_that_can_not_be_kept_is_told(self) -> None:
        """A limit that can not be kept is told."""
        none = {"places": {"at_most": 0}}
        found = found_for({"best": none, "good": none, "fair": none}, {"a": 90})

        assert {"a": "fair"} == grades_of(found)
        assert ["limit_exceeded"] == [reason.code for reason in found.unmet]


class TestEligibility:
    """Who is ranked at all, and what gates leave."""

    def test_who_is_not_eligible_is_not_ranked_and_never_lifted(self) -> None:
        """Who is not eligible is not ranked and never lifted."""
        policy = graded({"best": {"places": {"at_least": 5}}, "good": {}, "fair": {}})
        found = outcomes(policy, scored(policy, FIVE, unsafe="a"))

        assert ("fair", None) == (found.of("a").grade, found.of("a").place)
        assert ["not_ranked"] == codes_of(found, "a")
        assert "a" == found.outcomes[-1].studio

    def test_it_takes_a_place_of_the_grade_that_it_gets(self) -> None:
        """It takes a place of the grade that it gets."""
        policy = graded({"best": {}, "good": {}, "fair": {"places": {"at_least": 1}}})
        found = outcomes(policy, scored(policy, {"a": 95, "b": 90}, unsafe="a"))

        assert {"a": "fair", "b": "best"} == grades_of(found)

    def test_without_a_grade_for_the_rest_it_gets_none(self) -> None:
        """Without a grade for the rest it gets none."""
        policy = graded({"best": {}, "good": {}})
        found = outcomes(policy, scored(policy, {"a": 95, "b": 10}, unsafe="a"))

        assert {"a": None, "b": None} == grades_of(found)
        assert not any(outcome.waits for outcome in found)

    def test_a_gate_that_caps_the_grade_is_not_lifted_over(self) -> None:
        """A gate that caps the grade is not lifted over."""
        policy = graded({"best": {"places": {"at_least": 2}}, "good": {}, "fair": {}})
        sheets = {
            "a": a_sheet(policy, 90, "good", at_best="good"),
            "b": a_sheet(policy, 85, "best"),
            "c": a_sheet(policy, 70, "good"),
        }
        assert {"a": "good", "b": "best", "c": "best"} == grades_of(outcomes(policy, sheets))


class TestLast:
    """The last of the ranking get a grade at best."""

    def test_the_last_of_the_ranking_get_a_grade_at_best(self) -> None:
        """The last of the ranking get a grade at best."""
        found = found_for({"good": {"places": {"last": 1}}}, {"a": 99, "b": 98, "c": 97})

        assert ["best", "best", "good"] == [*grades_of(found).values()]
        assert "among the last of the ranking (1): good at best" == found.of("c").reasons[0].text()

    def test_a_lower_grade_takes_the_very_last(self) -> None:
        """A lower grade takes the very last."""
        grades = {"good": {"places": {"last": 2}}, "fair": {"places": {"last": 1}}}
        found = found_for(grades, {"a": 99, "b": 98, "c": 97})

        assert ["best", "good", "fair"] == [*grades_of(found).values()]

    def test_whose_grade_is_that_low_anyway_is_told_nothing(self) -> None:
        """Whose grade is that low anyway is told nothing."""
        found = found_for({"good": {"places": {"last": 1}}}, FIVE)

        assert ("fair", ()) == (found.of("e").grade, found.of("e").reasons)

    def test_who_is_last_may_be_decided(self) -> None:
        """Who is last may be decided."""
        grades = {"good": {"places": {"last": 1}}}
        tied = {"a": 99, "b": 90, "c": 90}
        found = found_for(grades, tied)

        assert (TieDecision(grade="good", studios=("b", "c"), places=1, least=1, last=True),) == (
            found.decisions
        )
        assert {"a": "best", "b": "best", "c": "good"} == grades_of(
            found_for(grades, tied, decided_last={"good": ["c"]})
        )

    def test_a_tie_that_changes_nothing_need_not_be_decided(self) -> None:
        """A tie that changes nothing need not be decided."""
        found = found_for({"good": {"places": {"last": 1}}}, {"a": 99, "b": 61, "c": 61})

        assert ["best", "good", "good"] == [*grades_of(found).values()]
        assert () == found.decisions


class TestByRank:
    """Grades that no points are asked for."""

    def test_a_grade_with_places_and_no_points_is_for_the_first_of_the_grade_below(self) -> None:
        """A grade with places and no points is for the first of the grade below."""
        policy = graded(
            {"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}}, cuts={"good": 60}
        )
        found = outcomes(policy, scored(policy, {"a": 70, "b": 65, "c": 50}))

        assert {"a": "best", "b": "good", "c": "fair"} == grades_of(found)
        assert (["graded_by_rank"], ["beyond_places"]) == (
            codes_of(found, "a"),
            codes_of(found, "b"),
        )

    def test_nobody_is_taken_who_does_not_reach_the_grade_below(self) -> None:
        """Nobody is taken who does not reach the grade below."""
        policy = graded(
            {"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}}, cuts={"good": 60}
        )
        assert {"a": "fair"} == grades_of(outcomes(policy, scored(policy, {"a": 59})))

    def test_grades_by_the_ranking_alone(self) -> None:
        """Grades may be given by the ranking alone."""
        limits = {"best": 1, "good": 2}
        grades = {name: {"places": {"at_most": n}} for name, n in limits.items()}
        policy = graded({**grades, "fair": {}}, cuts={})
        found = outcomes(policy, scored(policy, FIVE))

        assert ["best", "good", "good", "fair", "fair"] == [*grades_of(found).values()]
        assert {None} == {outcome.own_grade for outcome in found}

    def test_what_is_left_to_a_decision_stays_so(self) -> None:
        """What is left to a decision stays so."""
        policy = graded({"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}}, cuts={})
        found = outcomes(policy, scored(policy, {"a": 70, "b": 65}))

        assert {"a": "best", "b": None} == grades_of(found)
        assert ["beyond_places", "left_to_decision"] == codes_of(found, "b")

    def test_points_decide_where_the_lowest_grade_alone_is_left_to_a_decision(self) -> None:
        """Points decide where the lowest grade alone is left to a decision."""
        policy = graded(
            {"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}},
            cuts={"best": CUTS["best"]},
        )
        found = outcomes(policy, scored(policy, {"a": 90, "b": 85, "c": 70}))

        assert {"a": "best", "b": None, "c": None} == grades_of(found)
        assert ["left_to_decision"] == codes_of(found, "c")


def test_decided_is_a_list() -> None:
    """A lone name in place of a list is refused, and does not fall apart into its letters."""
    with pytest.raises(InputError) as caught:
        outcomes(graded({}), {}, decided={"best": "a"})
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("wrong_type", "decided/best")
