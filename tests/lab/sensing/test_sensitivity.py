"""Sensitivity: its counts are those of studios scored one by one by each variation."""

from __future__ import annotations

from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow import Policy, generate_cohort, load_policy
from studioflow.errors import InputError
from studioflow.lab.sensing import Parameter, Sensitivity, parameters, sensitivity
from tests.lab.sensing.brute import moves_one_by_one
from tests.vocabulary.making_cohorts import cohort_policies, framed, rows_at_random
from tests.vocabulary.making_policies import Drawn

SOME = (
    "readings/website_faults",
    "readings/mark_step",
    "readings/gate_failure",
    "readings/lecture_or_paper",
    "criteria/5.2.2/norm",
    "criteria/5.3.2/bands/A",
    "conditions/team_size",
    "gates",
    "sections",
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy with a pass mark."""
    return load_policy("yongjia-2023").vary({"readings/pass_mark": 60})


@pytest.fixture(scope="module")
def cohort(policy: Policy) -> pl.DataFrame:
    """Return a cohort of which some facts are not known."""
    return generate_cohort(policy, 30, seed=3, missing=0.03)


@pytest.fixture(scope="module")
def found(policy: Policy, cohort: pl.DataFrame) -> Sensitivity:
    """Return how sensitive it is to some parameters."""
    return sensitivity(policy, cohort, parameters=SOME)


def _rows(cohort: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if name != "studio"}
        for row in cohort.iter_rows(named=True)
    ]


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_it_is_what_each_studio_says(data: st.DataObject) -> None:
    """Of any small policy, what a step moves is what each studio's two sheets say."""
    drawn: Drawn = data.draw(cohort_policies(brought=data.draw(st.booleans())))
    random = Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 - no secret hangs on it
    rows = [row for row, _ in rows_at_random(drawn.policy, random, 5)]
    known = parameters(drawn.policy)
    asked = random.sample(known, min(len(known), 3))
    if not rows:
        return
    told = sensitivity(drawn.policy, framed(drawn.policy.facts, rows), parameters=asked)
    assert len(rows) == told.studios
    assert {each.path for each in asked} == {each.parameter.path for each in told.effects}
    for effect in told.effects:
        assert effect.parameter.others == tuple(step.value for step in effect.steps)
        for step in effect.steps:
            moves = moves_one_by_one(drawn.policy, rows, effect.parameter.path, step.value)
            assert moves == step.moves
            assert (moves is None) == (step.refusal is not None)


def test_the_reference_policy(policy: Policy, cohort: pl.DataFrame, found: Sensitivity) -> None:
    """So it is of the reference policy, with readings, gates and marks in bands."""
    rows = _rows(cohort)
    for effect in found.effects:
        for step in effect.steps:
            moves = moves_one_by_one(policy, rows, effect.parameter.path, step.value)
            assert moves == step.moves
    steps = [step.moves for effect in found.effects for step in effect.steps if step.moves]
    for name in ("unscored", "totals", "gained", "lost", "grades"):
        assert any(getattr(moves, name) for moves in steps), name


def test_the_one_that_moves_most_is_first(found: Sensitivity) -> None:
    """They are sorted by studios moved, and those that move nobody come last."""
    counts = [effect.studios for effect in found.effects]
    assert sorted(counts, reverse=True) == counts
    assert counts[0] > 0 == counts[-1]
    assert [*found.moving] == [effect for effect in found.effects if effect.studios]


def test_what_gives_no_policy(found: Sensitivity) -> None:
    """A step that gives no policy is named with what is wrong with it."""
    refused = {
        (parameter.path, step.value): step.refusal.problems[0].code
        for parameter, step in found.refused
        if step.refusal and step.refusal.by == "policy"
    }
    assert "band_order" == refused["criteria/5.3.2/bands/A/from", 7]
    assert "out_of_bounds" == refused["criteria/5.3.2/bands/A/to", 11]
    assert all(step.moves is None for _, step in found.refused)


def test_facts_that_the_table_does_not_fit(policy: Policy) -> None:
    """Where the variation declares facts otherwise than the table has them, that is told."""
    cohort = pl.DataFrame({"studio": ["a"], "members": [60]})
    told = sensitivity(policy, cohort, parameters=["facts/members/max"])
    down, up = told.effects[0].steps
    assert down.refusal is not None
    assert up.moves is not None
    assert (59, "cohort", "out_of_bounds") == (
        down.value,
        down.refusal.by,
        down.refusal.problems[0].code,
    )


def test_progress(policy: Policy, cohort: pl.DataFrame) -> None:
    """How far it is is told after every step."""
    told: list[tuple[int, int]] = []
    asked = ["criteria/5.2.2/norm", "readings/website_faults"]
    sensitivity(policy, cohort, parameters=asked, progress=lambda *now: told.append(now))
    assert [(1, 4), (2, 4), (3, 4), (4, 4)] == told


def test_any_frame(policy: Policy) -> None:
    """Lazy, of another library, or with another key: it comes to the same."""
    asked = [Parameter("criteria/5.3.2/bands/A/when/each_trainee/percent", 80, 5)]
    cohort = generate_cohort(policy, 40, seed=3)
    expected = sensitivity(policy, cohort, parameters=asked).effects
    renamed = cohort.rename({"studio": "who"})
    assert any(step.moves and step.moves.unscored for step in expected[0].steps)
    assert expected == sensitivity(policy, renamed, key="who", parameters=asked).effects
    for frame in (cohort.lazy(), cohort.to_arrow(), duckdb.from_arrow(cohort.to_arrow())):
        assert expected == sensitivity(policy, frame, parameters=asked).effects


def test_a_table_that_is_wrong(policy: Policy) -> None:
    """What is wrong with the table under the policy as it is, is told as when it is scored."""
    with pytest.raises(InputError):
        sensitivity(policy, pl.DataFrame({"studio": ["a"], "activitis": [14]}), parameters=[])
