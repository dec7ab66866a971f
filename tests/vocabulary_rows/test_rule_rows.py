"""The rows that are one rule: each checked at the numbers where it changes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from studioflow import InputError
from studioflow.policy import OneRule

WHOLE = {"trainees": 20}


def points(rule: OneRule, fact: str, *values: object, **others: object) -> list[Fraction | None]:
    """Return the points at several values of a fact."""
    return [rule.points({fact: value, **others}) for value in values]


class TestKOfN:
    """At least two of three, one of them from a named subset."""

    def test_two_with_one_of_the_named_are_enough(self, condition: OneRule) -> None:
        """The plan and the photographs."""
        assert condition.holds({"plan": True, "report": False, "photographs": True}) is True

    def test_one_is_not(self, condition: OneRule) -> None:
        """The plan alone."""
        assert condition.holds({"plan": True, "report": False, "photographs": False}) is False


class TestInRange:
    """A number within two ends."""

    def test_both_ends_are_inside(self, condition: OneRule) -> None:
        """Seven and twelve are, six and thirteen are not."""
        held = [condition.holds({"members": n}) for n in (6, 7, 12, 13)]
        assert [False, True, True, False] == held


class TestMarkedInBands:
    """Points that an assessor chooses."""

    @pytest.mark.parametrize("mark", [16, 11, 1])
    def test_a_mark_in_a_gap_is_refused(self, rules: list[OneRule], mark: int) -> None:
        """It is never moved into a band."""
        with pytest.raises(InputError) as caught:
            rules[0].points({"quality": mark})
        assert ["mark_outside_bands"] == [problem.code for problem in caught.value.problems]

    def test_a_mark_in_a_band_stands(self, rules: list[OneRule]) -> None:
        """At both ends of each."""
        assert [12, 15, 17, 20] == points(rules[0], "quality", 12, 15, 17, 20)

    def test_bands_that_tile_take_every_mark(self, rules: list[OneRule]) -> None:
        """Down to nothing."""
        assert list(range(21)) == points(rules[1], "quality", *range(21))


class TestCountWithANorm:
    """So many points at a norm, with different slopes above and below."""

    def test_the_slopes(self, rule: OneRule) -> None:
        """One more for each above, two less for each below, from 0 to 20."""
        expected = [0, 0, 14, 16, 17, 20, 20]
        assert expected == points(rule, "activities", 7, 8, 15, 16, 17, 20, 40)
        assert [8, 16, 20] == list(map(int, rule.breakpoints.of["activities"]))


class TestShareToBand:
    """A part of a whole says the band."""

    def test_fixed_points(self, rules: list[OneRule]) -> None:
        """80 per cent and 50 per cent are included."""
        assert [10, 6, 6, 0] == points(rules[0], "with_output", 16, 15, 10, 9, **WHOLE)

    def test_nothing_of_nothing(self, rules: list[OneRule]) -> None:
        """A share of nothing reaches no band."""
        assert rules[0].points({"trainees": 0, "with_output": 0}) == 0

    def test_marked_inside_the_band(self, rules: list[OneRule]) -> None:
        """The band that the share gives, and no other."""
        assert [16, 20] == points(rules[1], "quality", 16, 20, with_output=16, **WHOLE)
        with pytest.raises(InputError, match="16–20"):
            rules[1].points({"quality": 15, "with_output": 16, **WHOLE})


class TestChoice:
    """A named case gives points."""

    def test_both_one_neither(self, rule: OneRule) -> None:
        """Ten, seven, nothing."""
        both = [(True, True), (True, False), (False, True), (False, False)]
        given = [rule.points({"plan": plan, "report": report}) for plan, report in both]
        assert [10, 7, 7, 0] == given


class TestDeductionPerFault:
    """So much less for each."""

    def test_until_used_up(self, rules: list[OneRule]) -> None:
        """Twenty faults take all ten points, and no more is taken."""
        expected = [10, Fraction(19, 2), Fraction(1, 2), 0, 0]
        assert expected == points(rules[0], "faults", 0, 1, 19, 20, 21)

    def test_down_to_the_foot_of_the_band(self, rules: list[OneRule]) -> None:
        """A mark of 18 in the band from 16 loses two points at most."""
        assert [18, 17, 16, 16] == points(rules[1], "faults", 0, 1, 2, 40, quality=18)


class TestItemBonus:
    """So much more for each."""

    def test_up_to_the_cap(self, rule: OneRule) -> None:
        """Three items of two points are five."""
        none = {"plan": False, "report": False, "photographs": False}
        assert rule.points(none) == 0
        assert rule.points({**none, "plan": True, "report": True}) == 4
        assert rule.points(dict.fromkeys(none, True)) == 5


class TestZeroOut:
    """One fact makes the item 0."""

    def test_whatever_it_would_have_been(self, rule: OneRule) -> None:
        """Even where nothing else is known."""
        assert [0, 8, 10] == points(rule, "essays", 0, 4, 9, plagiarised=False)
        assert rule.points({"plagiarised": True}) == 0


class TestAllOrNothing:
    """A threshold."""

    def test_the_threshold_is_included(self, rule: OneRule) -> None:
        """All points from eight on."""
        assert [0, 0, 10, 10] == points(rule, "essays", 0, 7, 8, 20)


class TestLevelWeight:
    """So many per cent of the item's points."""

    def test_by_level(self, rules: list[OneRule]) -> None:
        """Fifteen points: all, 80, 60 and no per cent of them."""
        assert [15, 12, 9, 0] == points(rules[0], "rating", "a", "b", "c", "d")

    def test_in_fixed_steps(self, rules: list[OneRule]) -> None:
        """7 of 20 are 35 per cent: 5.25 points are 5.5, and 8 of 20 are 6."""
        assert [Fraction(11, 2), 6, 15] == points(rules[1], "with_output", 7, 8, 20, **WHOLE)


class TestVotesToPoints:
    """The share of votes."""

    def test_approval(self, rule: OneRule) -> None:
        """For by for and against, exactly."""
        assert [0, Fraction(40, 3), 20] == [
            rule.points({"votes_for": yes, "votes_against": no})
            for yes, no in ((0, 5), (2, 1), (5, 0))
        ]

    def test_without_votes(self, rule: OneRule) -> None:
        """Nothing is divided by nothing: 0 points, and why."""
        facts = {"votes_for": 0, "votes_against": 0}
        assert rule.points(facts) == 0
        assert "votes for + votes against is 0" in rule.explain(facts)


class TestYearlyAndCycleNorms:
    """Both a minimum each year and one over the cycle."""

    @pytest.mark.parametrize(
        ("first", "second", "expected"), [(8, 8, 16), (10, 10, 20), (13, 5, 15), (16, 0, 8)]
    )
    def test_a_good_year_does_not_make_up(
        self, rule: OneRule, first: int, second: int, expected: int
    ) -> None:
        """What is missing in a year costs, whatever the sum is."""
        assert rule.points({"first_year": first, "second_year": second}) == expected


class TestRenewalAsksMore:
    """A norm that changes with the number of the cycle."""

    @pytest.mark.parametrize(("cycle", "expected"), [(1, 16), (2, 12), (3, 12)])
    def test_from_the_second_cycle_on(self, rule: OneRule, cycle: int, expected: int) -> None:
        """Sixteen activities are four short of the norm."""
        assert rule.points({"activities": 16, "cycle": cycle}) == expected
