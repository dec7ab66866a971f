"""Ties across a line: what they do, who decides, and what is refused; the forms it comes out in."""

from __future__ import annotations

from typing import Any

import pytest

from studioflow.cohort import TieDecision, outcomes, settling
from studioflow.errors import InputError
from studioflow.text import LANGUAGES
from tests.cohort.batches import FIVE, a_sheet, codes_of, found_for, graded, grades_of, scored

TIED = {"a": 95, "b": 92, "c": 92, "d": 91, "e": 40}


def _problems(*args: Any, **keys: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    with pytest.raises(InputError) as caught:
        outcomes(*args, **keys)
    return [(problem.path, problem.code) for problem in caught.value.problems]


class TestTies:
    """A line that runs through those who are tied."""

    @pytest.mark.parametrize(
        ("ties", "grade", "code"),
        [("nobody", "good", "tie_nobody"), ("everybody", "best", "tie_everybody")],
    )
    def test_all_who_are_tied_get_the_same(self, ties: str, grade: str, code: str) -> None:
        """All who are tied get the same."""
        found = found_for({"best": {"places": {"at_most": 2, "ties": ties}}}, TIED)

        assert {"a": "best", "b": grade, "c": grade, "d": "good", "e": "fair"} == grades_of(found)
        assert [code] == codes_of(found, "b")

    def test_a_tie_inside_the_places_is_none(self) -> None:
        """A tie inside the places is none."""
        found = found_for({"best": {"places": {"at_most": 3}}}, TIED)

        assert {"a": "best", "b": "best", "c": "best", "d": "good", "e": "fair"} == grades_of(found)

    def test_who_waits_knows_what_is_possible(self) -> None:
        """Who waits knows what is possible."""
        found = found_for({"best": {"places": {"at_most": 2}}}, TIED)

        assert {"a": "best", "b": None, "c": None, "d": "good", "e": "fair"} == grades_of(found)
        assert ("best", "good") == found.of("b").possible
        assert (
            TieDecision(grade="best", studios=("b", "c"), places=1, least=0),
        ) == found.decisions

    def test_a_decision_gives_the_places(self) -> None:
        """A decision gives the places."""
        grades = {"best": {"places": {"at_most": 2}}}
        found = found_for(grades, TIED, decided={"best": ["c"]})

        assert {"a": "best", "b": "good", "c": "best", "d": "good", "e": "fair"} == grades_of(found)
        assert (["tie_decided_against"], ["tie_decided_for"]) == (
            codes_of(found, "b"),
            codes_of(found, "c"),
        )
        assert () == found.decisions

    def test_a_place_may_be_left_free_unless_a_minimum_asks_for_it(self) -> None:
        """A place may be left free unless a minimum asks for it."""
        free = found_for({"best": {"places": {"at_most": 2}}}, TIED, decided={"best": []})
        assert ("good", "good") == (free.of("b").grade, free.of("c").grade)

        policy = graded({"best": {"places": {"at_most": 2, "at_least": 2}}, "good": {}, "fair": {}})
        sheets = scored(policy, TIED)
        assert [("decided/best", "how_many_decided")] == _problems(
            policy, sheets, decided={"best": []}
        )

    def test_who_hangs_on_a_decision_about_others_is_told(self) -> None:
        """Who hangs on a decision about others is told."""
        grades = {"best": {"places": {"at_most": 2}}, "good": {"places": {"at_most": 2}}}
        found = found_for(grades, TIED)

        assert ("good", "fair") == found.of("d").possible
        assert "hangs on what is decided about the tie for best" == found.of("d").reasons[-1].text()

    def test_a_tie_among_those_left_over_by_another_is_decided_after_it(self) -> None:
        """A tie among those left over by another is decided after it."""
        grades = {name: {"places": {"at_most": 1, "at_least": 1}} for name in ("best", "good")}
        tied = {"a": 90, "b": 90, "c": 90}
        first = found_for(grades, tied)
        assert [("best", ("a", "b", "c"))] == [(d.grade, d.studios) for d in first.decisions]

        then = found_for(grades, tied, decided={"best": ["b"]})
        assert [("good", ("a", "c"))] == [(d.grade, d.studios) for d in then.decisions]
        assert ("good", "fair") == then.of("a").possible

        end = found_for(grades, tied, decided={"best": ["b"], "good": ["c"]})
        assert {"a": "fair", "b": "best", "c": "good"} == grades_of(end)

    def test_who_is_alike_at_one_line_may_differ_at_another(self) -> None:
        """Who is alike at one line may differ at another: a gate leaves `c` no best grade."""
        policy = graded({"best": {}, "good": {"places": {"at_most": 1, "last": 1}}, "fair": {}})
        sheets = {studio: a_sheet(policy, 90, "best") for studio in "ab"}
        sheets["c"] = a_sheet(policy, 90, "good", at_best="good")
        found = outcomes(policy, sheets)

        assert [("best", "good", "fair")] * 2 == [found.of(studio).possible for studio in "ab"]
        assert ("good", "fair") == found.of("c").possible

    def test_with_too_many_ways_whoever_has_no_grade_yet_waits(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With too many ways whoever has no grade yet waits."""
        monkeypatch.setattr(settling, "MOST_WORLDS", 1)
        found = found_for({"best": {"places": {"at_most": 2}}}, TIED)

        assert "best" == found.of("a").grade
        assert [("good", "fair")] * 2 == [found.of(studio).possible for studio in "de"]
        assert ("best", "good", "fair") == found.of("b").possible
        assert [("b", "c")] == [decision.studios for decision in found.decisions]

    def test_with_too_many_ways_the_ends_are_followed_where_nobody_is_lifted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With too many ways the ends tell the best and the worst where nobody is lifted."""
        grades = {"best": {"places": {"at_most": 5}}, "good": {"places": {"at_most": 8}}}
        tied = {f"s-{number}": 90 for number in range(10)}
        points = {**tied, "t": 85, "u": 84, "v": 83, "w": 82, "x": 10}
        every = found_for(grades, points)
        monkeypatch.setattr(settling, "MOST_WORLDS", 5)

        assert every == found_for(grades, points)
        assert ("best", "good", "fair") == every.of("s-0").possible
        assert [("good", "fair")] * 3 == [every.of(studio).possible for studio in "tuv"]
        assert [("fair",)] * 2 == [every.of(studio).possible for studio in "wx"]


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

    def test_a_sheet_whose_points_are_not_known_though_nothing_is_open(self) -> None:
        """A sheet on which a rule in Python failed waits for no fact."""
        policy = graded({"best": {}, "good": {}, "fair": {}})

        problems = _problems(policy, {"a": a_sheet(policy, None, None)})
        assert [("a", "sheet_without_points")] == problems

    def test_a_sheet_of_another_policy(self) -> None:
        """A sheet of another policy is refused."""
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
        """A decision that fits no tie is refused, with its place."""
        policy = graded({"best": {"places": {"at_most": 2}}, "good": {}, "fair": {}})

        assert problems == _problems(policy, scored(policy, TIED), decided=decided)


class TestForms:
    """What comes out, to read and to pass on."""

    def test_an_empty_batch(self) -> None:
        """An empty batch has no outcomes and asks for nothing."""
        found = found_for({}, {})

        assert ((), (), ()) == (found.outcomes, found.decisions, found.unmet)

    def test_of_an_unknown_studio(self) -> None:
        """To ask for a studio that is not there is a KeyError."""
        with pytest.raises(KeyError, match="z"):
            found_for({}, FIVE).of("z")

    def test_as_json(self) -> None:
        """As JSON it has everything, numbers as exact strings."""
        plain = found_for({"best": {"places": {"at_most": 2}}}, TIED).to_dict()

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
        """There is a line for everybody, in both languages."""
        policy = graded({"best": {"places": {"at_most": 2, "at_least": 2}}, "good": {}, "fair": {}})
        sheets = scored(policy, {**TIED, "x": 1}, unsafe="x")
        english, chinese = (outcomes(policy, sheets).explain(each) for each in reversed(LANGUAGES))

        assert "1 a, 95 points: best\n2 (tied) b, 92 points: to be decided (best, good)" in english
        assert english.endswith("? to decide: best for 1 of b, c")
        assert "1 a，95分：best\n2（并列） b，92分：待决定（best、good）" in chinese
        assert chinese.endswith("? 待决定：b、c中，1个列为“best”")
