"""Tipping points: between which values of a parameter something comes out otherwise."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from studioflow import Policy, generate_cohort, load_policy
from studioflow.errors import InputError
from studioflow.lab.sensing import Value, tipping
from tests.lab.sensing.brute import standings_one_by_one

QUANTITIES = ("scored", "eligible", "grades/passed", "grades/not_passed", "total")


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy with a pass mark."""
    return load_policy("yongjia-2023").vary({"readings/pass_mark": 60})


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("gates/5.0.1/at_least", (3, 4, 5, 6)),
        ("criteria/5.2.2/norm", (4, 12, 16, 20, 30)),
        ("criteria/5.3.2/bands/A/when/each_trainee/percent", (60, 79, 81, 90)),
        ("readings/pass_mark", (50, 70, 60)),
        ("readings/gate_failure", ("score_shown_not_eligible", "no_score")),
    ],
)
def test_it_is_what_each_studio_says(
    policy: Policy, path: str, values: tuple[int | str, ...]
) -> None:
    """Between two values that is tipped for which single studios come out otherwise."""
    cohort = generate_cohort(policy, 60, seed=8, missing=0.01)
    found = tipping(policy, cohort, path, values)
    rows = [
        {name: value for name, value in row.items() if name != "studio"}
        for row in cohort.iter_rows(named=True)
    ]
    names = cohort["studio"].to_list()
    stand: dict[Value, dict[str, Any]] = {
        value: dict(zip(names, standings_one_by_one(policy.vary({path: value}), rows), strict=True))
        for value in values
    }
    expected = []
    for low, high in pairwise(values):
        pairs = {name: (stand[low][name], stand[high][name]) for name in names}
        for quantity in QUANTITIES:
            moved = []
            for name, (was, now) in pairs.items():
                if quantity == "scored":
                    tips = (was is None) != (now is None)
                elif was is None or now is None:
                    tips = False
                elif quantity == "eligible":
                    tips = (was[1] == "eligible") != (now[1] == "eligible")
                elif quantity == "total":
                    tips = was[0] != now[0]
                else:
                    grade = quantity.partition("/")[2]
                    tips = (_grade(was) == grade) != (_grade(now) == grade)
                if tips:
                    moved.append(name)
            if moved:
                expected.append((quantity, (low, high), tuple(moved)))
    assert expected
    assert expected == [(tip.quantity, tip.between, tip.studios) for tip in found.tips]
    for trial in found.trials:
        standings = [each for each in stand[trial.value].values() if each is not None]
        assert len(standings) == trial.scored
        assert sum(each[1] == "eligible" for each in standings) == trial.eligible
        assert sum(_grade(each) == "passed" for each in standings) == trial.grades["passed"]


def _grade(stands: tuple[object, str, object]) -> object:
    grade = stands[2]
    assert isinstance(grade, tuple)
    return grade[0]


def test_the_counts_before_and_after(policy: Policy) -> None:
    """A tipping point says how many there are at either value."""
    cohort = generate_cohort(policy, 60, seed=8)
    found = tipping(policy, cohort, "gates/5.0.1/at_least", range(7))
    eligible = {trial.value: trial.eligible for trial in found.trials}
    tips = found.of("eligible")
    assert tips
    for tip in tips:
        low, high = tip.between
        assert (eligible[low], eligible[high]) == (tip.before, tip.after)
        assert (tip.before or 0) - (tip.after or 0) == len(tip.studios)


def test_what_rises_may_fall_again(policy: Policy) -> None:
    """Nothing is taken to be monotone: a studio can tip twice."""
    studios = pl.DataFrame({"studio": ["a"], "activities": [16]})
    found = tipping(policy, studios, "criteria/5.2.2/norm", (14, 16, 14))
    assert [(14, 16), (16, 14)] == [tip.between for tip in found.of("total")]


def test_values_that_give_no_policy(policy: Policy) -> None:
    """They are kept with what is wrong, and their neighbours are compared."""
    studios = pl.DataFrame({"studio": ["a"], "activities": [16]})
    found = tipping(policy, studios, "criteria/5.2.2/points", (14, 400, 15))
    assert [None, "policy", None] == [each.refusal and each.refusal.by for each in found.trials]
    assert [(14, 15)] == [tip.between for tip in found.tips]


def test_where_it_looks_by_itself(policy: Policy) -> None:
    """Ten steps either way, or every answer."""
    studios = pl.DataFrame({"studio": ["a"], "activities": [16]})
    found = tipping(policy, studios, "criteria/5.2.2/norm")
    assert (16, list(range(6, 27))) == (found.value, [each.value for each in found.trials])
    answers = tipping(policy, studios, "readings/website_faults")
    assert ["deduct_from_mark", "floor_at_band", "ten_minus"] == [e.value for e in answers.trials]


def test_a_key_that_is_left_out(policy: Policy) -> None:
    """A number that the policy leaves out can be tried, where the values are said."""
    studios = generate_cohort(policy, 20, seed=2)
    found = tipping(policy, studios, "sections/5.1/cap", (10, 7, 3))
    assert found.value is None
    assert found.of("total")


@pytest.mark.parametrize(
    ("path", "values", "code"),
    [
        ("criteria/5.2.2/nrom", None, "unknown_name"),
        ("criteria/5.2.2/nrom", (1, 2), "unknown_key"),
        ("criteria/5.2.2", None, "values_needed"),
        ("readings/outstanding_mark", None, "values_needed"),
        ("criteria/5.2.2/norm", (), "values_needed"),
    ],
)
def test_refused(policy: Policy, path: str, values: tuple[int, ...] | None, code: str) -> None:
    """Where there is no such parameter, or nothing to try, that is said."""
    with pytest.raises(InputError) as caught:
        tipping(policy, pl.DataFrame({"studio": ["a"]}), path, values)
    assert [code] == [problem.code for problem in caught.value.problems]


def test_progress(policy: Policy) -> None:
    """How far it is is told after every value."""
    told: list[tuple[int, int]] = []
    tipping(
        policy,
        pl.DataFrame({"studio": ["a"]}),
        "criteria/5.2.2/norm",
        (12, 14),
        progress=lambda *now: told.append(now),
    )
    assert [(1, 2), (2, 2)] == told
