"""Who gets which grade of a batch: places, minimums, ties, decisions, and why."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from studioflow.cohort import Outcomes, TieDecision, outcomes, settling
from studioflow.errors import InputError
from studioflow.text import LANGUAGES
from tests.cohort.batches import CUTS, a_sheet, graded, scored

FIVE = {"a": 95, "b": 90, "c": 85, "d": 70, "e": 50}


def _grades(found: Outcomes) -> dict[str, str | None]:
    return {outcome.studio: outcome.grade for outcome in found}


def _codes(found: Outcomes, studio: str) -> list[str]:
    return [reason.code for reason in found.of(studio).reasons]


def _found(grades: dict[str, dict[str, Any]], points: dict[str, int], **keys: Any) -> Outcomes:  # noqa: ANN401
    policy = graded({name: grades.get(name, {}) for name in ("best", "good", "fair")})
    return outcomes(policy, scored(policy, points), **keys)


def _problems(*args: Any, **keys: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    with pytest.raises(InputError) as caught:
        outcomes(*args, **keys)
    return [(problem.path, problem.code) for problem in caught.value.problems]


class TestLimits:
    """At most so many get a grade."""

    def test_without_places_everybody_gets_the_own_grade(self) -> None:
        """Without places everybody gets the own grade."""
        found = _found({}, FIVE)

        assert {"a": "best", "b": "best", "c": "best", "d": "good", "e": "fair"} == _grades(found)
        assert [()] * 5 == [outcome.reasons for outcome in found]

    def test_whoever_is_beyond_the_places_moves_down_and_is_told_with_the_clause(self) -> None:
        """Whoever is beyond the places moves down and is told with the clause."""
        found = _found({"best": {"clause": "3", "places": {"at_most": 2, "clause": "4"}}}, FIVE)

        assert {"a": "best", "b": "best", "c": "good", "d": "good", "e": "fair"} == _grades(found)
        assert ("best", "good") == (found.of("c").own_grade, found.of("c").grade)
        (reason,) = found.of("c").reasons
        assert "rank 3 is beyond the places of best (2) (4)" == reason.explain()
        assert "排名第3，不在“best”的2个名额之内（4）" == reason.explain("zh")

    def test_a_grade_may_be_full_at_several_steps(self) -> None:
        """A grade may be full at several steps."""
        found = _found(
            {"best": {"places": {"at_most": 1}}, "good": {"places": {"at_most": 1}}}, FIVE
        )

        assert {"a": "best", "b": "good", "c": "fair", "d": "fair", "e": "fair"} == _grades(found)
        assert ["beyond_places", "beyond_places"] == _codes(found, "c")

    @pytest.mark.parametrize(("rounding", "best"), [("down", 2), ("half_up", 3), ("up", 3)])
    def test_a_fraction_of_a_place_is_rounded_as_the_policy_says(
        self, rounding: str, best: int
    ) -> None:
        """A fraction of a place is rounded as the policy says."""
        places = {"at_most": {"percent": 50, "rounding": rounding}}
        found = _found({"best": {"places": places}}, FIVE)

        assert best == [*_grades(found).values()].count("best")

    @pytest.mark.parametrize(("among", "best"), [("all", 3), ("ranked", 2)])
    def test_per_cents_are_of_all_or_of_those_who_are_ranked(self, among: str, best: int) -> None:
        """Per cents are of all or of those who are ranked."""
        places = {"at_most": {"percent": 50}, "among": among}
        policy = graded({"best": {"places": places}, "good": {}, "fair": {}})
        points = {**FIVE, "x": 99}

        found = outcomes(policy, scored(policy, points, unsafe="x"))
        assert best == [*_grades(found).values()].count("best")


class TestMinimums:
    """At least so many get a grade."""

    def test_the_next_in_the_ranking_are_lifted(self) -> None:
        """The next in the ranking are lifted."""
        found = _found({"best": {"places": {"at_least": 4}}}, FIVE)

        assert ("best", "fair") == (found.of("d").grade, found.of("e").grade)
        (reason,) = found.of("d").reasons
        assert "lifted to best as the next in the ranking (4): at least 4 get it" == reason.text()

    def test_a_minimum_of_a_lower_grade_takes_from_the_one_above(self) -> None:
        """A minimum of a lower grade takes from the one above."""
        found = _found({"good": {"places": {"at_least": 3}}}, FIVE)

        assert ["best", "best", "good", "good", "good"] == [*_grades(found).values()]
        assert ["lifted_to_minimum"] == _codes(found, "e")
        assert ["places_kept"] == _codes(found, "c")

    def test_forced_distribution(self) -> None:
        """Forced distribution."""
        share = {"percent": 20}
        grades = {
            name: {"places": {"at_least": share, "at_most": share}} for name in ("best", "fair")
        }
        found = _found(grades, {"a": 99, "b": 98, "c": 97, "d": 96, "e": 95})

        assert ["best", "good", "good", "good", "fair"] == [*_grades(found).values()]

    def test_what_lower_grades_can_not_hold_is_lifted(self) -> None:
        """What lower grades can not hold is lifted."""
        full = {"places": {"at_most": 1}}
        found = _found({"good": full, "fair": full}, {"a": 61, "b": 60, "c": 50})

        assert ["best", "good", "fair"] == [*_grades(found).values()]
        assert ["lifted_for_room"] == _codes(found, "a")

    def test_a_minimum_that_can_not_be_met_is_told_and_moves_nobody(self) -> None:
        """A minimum that can not be met is told and moves nobody."""
        found = _found({"best": {"places": {"at_least": 6}}}, FIVE)

        assert _grades(_found({}, FIVE)) == _grades(found)
        assert ["best: at least 6, and there are 3"] == [r.text() for r in found.unmet]

    def test_a_limit_that_can_not_be_kept_is_told(self) -> None:
        """A limit that can not be kept is told."""
        none = {"places": {"at_most": 0}}
        found = _found({"best": none, "good": none, "fair": none}, {"a": 90})

        assert {"a": "fair"} == _grades(found)
        assert ["limit_exceeded"] == [reason.code for reason in found.unmet]


class TestEligibility:
    """Who is ranked at all, and what gates leave."""

    def test_who_is_not_eligible_is_not_ranked_and_never_lifted(self) -> None:
        """Who is not eligible is not ranked and never lifted."""
        policy = graded({"best": {"places": {"at_least": 5}}, "good": {}, "fair": {}})
        found = outcomes(policy, scored(policy, FIVE, unsafe="a"))

        assert ("fair", None) == (found.of("a").grade, found.of("a").place)
        assert ["not_ranked"] == _codes(found, "a")
        assert "a" == found.outcomes[-1].studio

    def test_it_takes_a_place_of_the_grade_that_it_gets(self) -> None:
        """It takes a place of the grade that it gets."""
        policy = graded({"best": {}, "good": {}, "fair": {"places": {"at_least": 1}}})
        found = outcomes(policy, scored(policy, {"a": 95, "b": 90}, unsafe="a"))

        assert {"a": "fair", "b": "best"} == _grades(found)

    def test_without_a_grade_for_the_rest_it_gets_none(self) -> None:
        """Without a grade for the rest it gets none."""
        policy = graded({"best": {}, "good": {}})
        found = outcomes(policy, scored(policy, {"a": 95, "b": 10}, unsafe="a"))

        assert {"a": None, "b": None} == _grades(found)
        assert not any(outcome.waits for outcome in found)

    def test_a_gate_that_caps_the_grade_is_not_lifted_over(self) -> None:
        """A gate that caps the grade is not lifted over."""
        policy = graded({"best": {"places": {"at_least": 2}}, "good": {}, "fair": {}})
        sheets = {
            "a": a_sheet(policy, 90, "good", at_best="good"),
            "b": a_sheet(policy, 85, "best"),
            "c": a_sheet(policy, 70, "good"),
        }
        assert {"a": "good", "b": "best", "c": "best"} == _grades(outcomes(policy, sheets))


class TestLast:
    """The last of the ranking get a grade at best."""

    def test_the_last_of_the_ranking_get_a_grade_at_best(self) -> None:
        """The last of the ranking get a grade at best."""
        found = _found({"good": {"places": {"last": 1}}}, {"a": 99, "b": 98, "c": 97})

        assert ["best", "best", "good"] == [*_grades(found).values()]
        assert "among the last of the ranking (1): good at best" == found.of("c").reasons[0].text()

    def test_a_lower_grade_takes_the_very_last(self) -> None:
        """A lower grade takes the very last."""
        grades = {"good": {"places": {"last": 2}}, "fair": {"places": {"last": 1}}}
        found = _found(grades, {"a": 99, "b": 98, "c": 97})

        assert ["best", "good", "fair"] == [*_grades(found).values()]

    def test_whose_grade_is_that_low_anyway_is_told_nothing(self) -> None:
        """Whose grade is that low anyway is told nothing."""
        found = _found({"good": {"places": {"last": 1}}}, FIVE)

        assert ("fair", ()) == (found.of("e").grade, found.of("e").reasons)

    def test_who_is_last_may_be_decided(self) -> None:
        """Who is last may be decided."""
        grades = {"good": {"places": {"last": 1}}}
        tied = {"a": 99, "b": 90, "c": 90}
        found = _found(grades, tied)

        assert (TieDecision(grade="good", studios=("b", "c"), places=1, least=1, last=True),) == (
            found.decisions
        )
        assert {"a": "best", "b": "best", "c": "good"} == _grades(
            _found(grades, tied, decided_last={"good": ["c"]})
        )

    def test_a_tie_that_changes_nothing_need_not_be_decided(self) -> None:
        """A tie that changes nothing need not be decided."""
        found = _found({"good": {"places": {"last": 1}}}, {"a": 99, "b": 61, "c": 61})

        assert ["best", "good", "good"] == [*_grades(found).values()]
        assert () == found.decisions


class TestTies:
    """A line that runs through those who are tied."""

    TIED: ClassVar = {"a": 95, "b": 92, "c": 92, "d": 91, "e": 40}

    @pytest.mark.parametrize(
        ("ties", "grade", "code"),
        [("nobody", "good", "tie_nobody"), ("everybody", "best", "tie_everybody")],
    )
    def test_all_who_are_tied_get_the_same(self, ties: str, grade: str, code: str) -> None:
        """All who are tied get the same."""
        found = _found({"best": {"places": {"at_most": 2, "ties": ties}}}, self.TIED)

        assert {"a": "best", "b": grade, "c": grade, "d": "good", "e": "fair"} == _grades(found)
        assert [code] == _codes(found, "b")

    def test_a_tie_inside_the_places_is_none(self) -> None:
        """A tie inside the places is none."""
        found = _found({"best": {"places": {"at_most": 3}}}, self.TIED)

        assert {"a": "best", "b": "best", "c": "best", "d": "good", "e": "fair"} == _grades(found)

    def test_who_waits_knows_what_is_possible(self) -> None:
        """Who waits knows what is possible."""
        found = _found({"best": {"places": {"at_most": 2}}}, self.TIED)

        assert {"a": "best", "b": None, "c": None, "d": "good", "e": "fair"} == _grades(found)
        assert ("best", "good") == found.of("b").possible
        assert (
            TieDecision(grade="best", studios=("b", "c"), places=1, least=0),
        ) == found.decisions

    def test_a_decision_gives_the_places(self) -> None:
        """A decision gives the places."""
        grades = {"best": {"places": {"at_most": 2}}}
        found = _found(grades, self.TIED, decided={"best": ["c"]})

        assert {"a": "best", "b": "good", "c": "best", "d": "good", "e": "fair"} == _grades(found)
        assert (["tie_decided_against"], ["tie_decided_for"]) == (
            _codes(found, "b"),
            _codes(found, "c"),
        )
        assert () == found.decisions

    def test_a_place_may_be_left_free_unless_a_minimum_asks_for_it(self) -> None:
        """A place may be left free unless a minimum asks for it."""
        free = _found({"best": {"places": {"at_most": 2}}}, self.TIED, decided={"best": []})
        assert ("good", "good") == (free.of("b").grade, free.of("c").grade)

        policy = graded({"best": {"places": {"at_most": 2, "at_least": 2}}, "good": {}, "fair": {}})
        sheets = scored(policy, self.TIED)
        assert [("decided/best", "how_many_decided")] == _problems(
            policy, sheets, decided={"best": []}
        )

    def test_who_hangs_on_a_decision_about_others_is_told(self) -> None:
        """Who hangs on a decision about others is told."""
        grades = {"best": {"places": {"at_most": 2}}, "good": {"places": {"at_most": 2}}}
        found = _found(grades, self.TIED)

        assert ("good", "fair") == found.of("d").possible
        assert "hangs on what is decided about the tie for best" == found.of("d").reasons[-1].text()

    def test_a_tie_among_those_left_over_by_another_is_decided_after_it(self) -> None:
        """A tie among those left over by another is decided after it."""
        grades = {name: {"places": {"at_most": 1, "at_least": 1}} for name in ("best", "good")}
        tied = {"a": 90, "b": 90, "c": 90}
        first = _found(grades, tied)
        assert [("best", ("a", "b", "c"))] == [(d.grade, d.studios) for d in first.decisions]

        then = _found(grades, tied, decided={"best": ["b"]})
        assert [("good", ("a", "c"))] == [(d.grade, d.studios) for d in then.decisions]
        assert ("good", "fair") == then.of("a").possible

        end = _found(grades, tied, decided={"best": ["b"], "good": ["c"]})
        assert {"a": "fair", "b": "best", "c": "good"} == _grades(end)

    def test_with_too_many_ways_whoever_has_no_grade_yet_waits(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With too many ways whoever has no grade yet waits."""
        monkeypatch.setattr(settling, "MOST_WORLDS", 1)
        found = _found({"best": {"places": {"at_most": 2}}}, self.TIED)

        assert "best" == found.of("a").grade
        assert [("good", "fair")] * 2 == [found.of(studio).possible for studio in "de"]
        assert ("best", "good", "fair") == found.of("b").possible
        assert [("b", "c")] == [decision.studios for decision in found.decisions]


class TestRefusals:
    """What is handed in has to fit."""

    def test_every_sheet_that_is_not_finished_is_named_with_what_is_open(self) -> None:
        """Every sheet that is not finished is named with what is open."""
        policy = graded({"best": {}, "good": {}, "fair": {}})
        sheets = scored(policy, {"a": 95})
        sheets["b"] = policy.score({"safe": True, "clean": True})
        sheets["c"] = policy.score({"lessons": 3})
        sheets["d"] = policy.score({"safe": False})

        assert [("b", "sheet_unfinished"), ("c", "sheet_unfinished")] == _problems(policy, sheets)

    def test_a_sheet_of_another_policy(self) -> None:
        """A sheet of another policy."""
        policy, other = graded({"best": {}}), graded({"best": {"at_least": 81}})

        problems = _problems(policy, scored(other, {"a": 95}))
        assert [("a", "sheet_of_another_policy")] == problems

    @pytest.mark.parametrize(
        ("decided", "problems"),
        [
            ({"good": ["a"]}, [("decided/good", "no_tie_to_decide")]),
            ({"bset": ["b"]}, [("decided/bset", "no_tie_to_decide")]),
            ({"best": ["d"]}, [("decided/best/0", "unknown_name")]),
            ({"best": ["b", "c"]}, [("decided/best", "how_many_decided")]),
            (
                {"best": ["b", "b"]},
                [("decided/best/1", "decided_twice"), ("decided/best", "how_many_decided")],
            ),
        ],
    )
    def test_a_decision_that_fits_no_tie(
        self, decided: dict[str, list[str]], problems: list[tuple[str, str]]
    ) -> None:
        """A decision that fits no tie."""
        policy = graded({"best": {"places": {"at_most": 2}}, "good": {}, "fair": {}})

        assert problems == _problems(policy, scored(policy, TestTies.TIED), decided=decided)


class TestByRank:
    """Grades that no points are asked for."""

    def test_a_grade_with_places_and_no_points_is_for_the_first_of_the_grade_below(self) -> None:
        """A grade with places and no points is for the first of the grade below."""
        policy = graded(
            {"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}}, cuts={"good": 60}
        )
        found = outcomes(policy, scored(policy, {"a": 70, "b": 65, "c": 50}))

        assert {"a": "best", "b": "good", "c": "fair"} == _grades(found)
        assert (["graded_by_rank"], ["beyond_places"]) == (_codes(found, "a"), _codes(found, "b"))

    def test_nobody_is_taken_who_does_not_reach_the_grade_below(self) -> None:
        """Nobody is taken who does not reach the grade below."""
        policy = graded(
            {"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}}, cuts={"good": 60}
        )
        assert {"a": "fair"} == _grades(outcomes(policy, scored(policy, {"a": 59})))

    def test_grades_by_the_ranking_alone(self) -> None:
        """Grades by the ranking alone."""
        limits = {"best": 1, "good": 2}
        grades = {name: {"places": {"at_most": n}} for name, n in limits.items()}
        policy = graded({**grades, "fair": {}}, cuts={})
        found = outcomes(policy, scored(policy, FIVE))

        assert ["best", "good", "good", "fair", "fair"] == [*_grades(found).values()]
        assert {None} == {outcome.own_grade for outcome in found}

    def test_what_is_left_to_a_decision_stays_so(self) -> None:
        """What is left to a decision stays so."""
        policy = graded({"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}}, cuts={})
        found = outcomes(policy, scored(policy, {"a": 70, "b": 65}))

        assert {"a": "best", "b": None} == _grades(found)
        assert ["beyond_places", "left_to_decision"] == _codes(found, "b")

    def test_points_decide_where_the_lowest_grade_alone_is_left_to_a_decision(self) -> None:
        """Points decide where the lowest grade alone is left to a decision."""
        policy = graded(
            {"best": {"places": {"at_most": 1}}, "good": {}, "fair": {}},
            cuts={"best": CUTS["best"]},
        )
        found = outcomes(policy, scored(policy, {"a": 90, "b": 85, "c": 70}))

        assert {"a": "best", "b": None, "c": None} == _grades(found)
        assert ["left_to_decision"] == _codes(found, "c")


class TestForms:
    """What comes out, to read and to pass on."""

    def test_an_empty_batch(self) -> None:
        """An empty batch."""
        found = _found({}, {})

        assert ((), (), ()) == (found.outcomes, found.decisions, found.unmet)

    def test_of_an_unknown_studio(self) -> None:
        """Of an unknown studio."""
        with pytest.raises(KeyError, match="z"):
            _found({}, FIVE).of("z")

    def test_as_json(self) -> None:
        """As json."""
        plain = _found({"best": {"places": {"at_most": 2}}}, TestTies.TIED).to_dict()

        assert "studioflow.outcomes/1" == plain["schema"]
        assert [
            {"grade": "best", "studios": ["b", "c"], "places": 1, "least": 0, "last": False}
        ] == plain["decisions"]
        assert isinstance(plain["outcomes"], list)
        assert {
            "studio": "d",
            "place": 4,
            "points": "91",
            "tied": False,
            "own_grade": "best",
            "grade": "good",
            "waits": False,
            "possible": ["good"],
            "reasons": [
                {
                    "code": "beyond_places",
                    "clause": None,
                    "text": "rank 4 is beyond the places of best (2)",
                    "about": ["best"],
                }
            ],
        } == plain["outcomes"][3]

    def test_a_line_for_everybody_in_both_languages(self) -> None:
        """A line for everybody in both languages."""
        policy = graded({"best": {"places": {"at_most": 2, "at_least": 2}}, "good": {}, "fair": {}})
        sheets = scored(policy, {**TestTies.TIED, "x": 1}, unsafe="x")
        english, chinese = (outcomes(policy, sheets).explain(each) for each in reversed(LANGUAGES))

        assert "1 a, 95 points: best\n2 (tied) b, 92 points: to be decided (best, good)" in english
        assert english.endswith("? to decide: best for 1 of b, c")
        assert "1 a，95分：best\n2（并列） b，92分：待决定（best、good）" in chinese
        assert chinese.endswith("? 待决定：b、c中，1个列为“best”")
