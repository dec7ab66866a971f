"""Places of grades in a policy file: how they are read, and what can never be met."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from studioflow.policy import Policy
from studioflow.rubric.places import Places
from studioflow.rules.amount import Amount

Refused = Callable[..., list[tuple[str, str, str | None]]]
LABEL = {"zh": "其余", "en": "the others"}


def test_places_are_read_with_every_key(built: Callable[..., Policy]) -> None:
    """Each key is there, and an amount is a number of places or per cents."""
    given: dict[str, Any] = {
        "at_most": {"percent": 20, "rounding": "up"},
        "at_least": 1,
        "last": 2,
        "among": "ranked",
        "ties": "nobody",
        "clause": "9",
    }
    policy = built({"grades/good/places": given})

    assert policy.rubric.grades["good"].places == Places(
        at_most=Amount(percent=Fraction(20), rounding="up"),
        at_least=Amount(places=1),
        last=Amount(places=2),
        among="ranked",
        ties="nobody",
        clause="9",
    )


def test_a_reading_may_choose(built: Callable[..., Policy]) -> None:
    """Any value of it may hang on a reading, as anywhere."""
    at_most = {"reading": "strictness", "strict": {"percent": 10}, "mild": 3}
    policy = built({"grades/best/places": {"at_most": at_most}})

    for answer, amount in {
        "strict": Amount(percent=Fraction(10)),
        "mild": Amount(places=3),
    }.items():
        places = policy.vary({"readings/strictness": answer}).rubric.grades["best"].places
        assert places is not None
        assert amount == places.at_most


@pytest.mark.parametrize(
    ("places", "where", "code"),
    [
        ({}, "", "no_places"),
        ({"ties": "nobody"}, "", "no_places"),
        ({"at_most": "none"}, "", "no_places"),
        ({"at_most": -1}, "/at_most", "whole_places"),
        ({"at_most": True}, "/at_most", "wrong_type"),
        ({"at_most": {"percent": 101}}, "/at_most/percent", "out_of_bounds"),
        ({"at_most": {"percent": 10, "rounding": "off"}}, "/at_most/rounding", "unknown_name"),
        ({"at_most": {"rounding": "up"}}, "/at_most", "missing_key"),
        ({"at_most": 1, "at_least": 2}, "/at_least", "places_order"),
        (
            {"at_most": {"percent": 10}, "at_least": {"percent": 11}},
            "/at_least",
            "places_order",
        ),
        ({"at_most": 1, "ties": "some"}, "/ties", "unknown_name"),
        ({"at_most": 1, "among": "some"}, "/among", "unknown_name"),
        ({"most": 1}, "/most", "unknown_key"),
    ],
)
def test_wrong_places(refused: Refused, places: dict[str, Any], where: str, code: str) -> None:
    """What is wrong is told at its key."""
    problems = refused({"grades/good/places": places})

    assert (f"grades/good/places{where}", code) in [(path, code) for path, code, _ in problems]


def test_a_number_and_per_cents_can_not_be_compared(built: Callable[..., Policy]) -> None:
    """Whether 3 are more than 20 per cent, only the batch can tell."""
    places = {"at_least": 3, "at_most": {"percent": 20}}

    assert built({"grades/best/places": places}).rubric.grades["best"].places is not None


def test_last_of_the_best_grade(refused: Refused) -> None:
    """To get the best grade at best is no rule."""
    problems = refused({"grades/best/places": {"last": 1}})

    assert [("grades/best/places/last", "last_of_best", None)] == problems


def test_minimums_that_are_more_than_all(refused: Refused, built: Callable[..., Policy]) -> None:
    """Minimums in per cents come to 100 together at most."""

    def minimums(best: int, good: int) -> dict[str, object]:
        return {
            "grades/best/places": {"at_least": {"percent": best}},
            "grades/good/places": {"at_least": {"percent": good}},
        }

    assert [("grades", "minimums_above_all", None)] == refused(minimums(60, 41))
    assert built(minimums(60, 40)).rubric.grades["good"].places is not None


def test_limits_that_are_less_than_all(refused: Refused, built: Callable[..., Policy]) -> None:
    """Where every grade has a limit in per cents, they come to 100 together at least."""

    def limits(best: int, good: int, rest: int) -> dict[str, object]:
        return {
            "grades/best/places": {"at_most": {"percent": best}},
            "grades/good/places": {"at_most": {"percent": good}},
            "grades/rest": {
                "label": LABEL,
                "otherwise": True,
                "places": {"at_most": {"percent": rest}},
            },
        }

    assert [("grades", "too_few_places", None)] == refused(limits(20, 50, 29))
    assert built(limits(20, 50, 30)).rubric.grades["rest"].places is not None
