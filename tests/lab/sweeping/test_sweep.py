"""Sweeps: what they say of each combination is what each studio says by itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow import Policy, load_policy
from studioflow.cohort import check_cohort, generate_cohort
from studioflow.errors import InputError
from studioflow.lab.sensing import parameters
from studioflow.lab.sweeping import Grid, Outcome, Variations, sweep
from tests.lab.sensing.brute import standings_one_by_one
from tests.vocabulary.making_policies import Drawn, policies


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture(scope="module")
def cohort(policy: Policy) -> pl.DataFrame:
    """Return studios of which everything is known."""
    return generate_cohort(policy, studios=60, seed=11)


def one_by_one(policy: Policy, frame: pl.DataFrame, changes: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what each studio says by itself: the counts of an outcome."""
    rows = [
        {name: value for name, value in row.items() if name != "studio" and value is not None}
        for row in frame.iter_rows(named=True)
    ]
    varied = policy.vary(changes) if changes else policy
    before, after = (standings_one_by_one(each, rows) for each in (policy, varied))
    totals: list[tuple[Any, Any]] = []
    for was, now in zip(before, after, strict=True):
        totals.append((_total(was), _total(now)))
    known = [now for _, now in totals if now is not None]
    moved = [now - was for was, now in totals if None not in {was, now}]
    stands = [each for each in after if each is not None]
    return (
        len(after) - len(stands),
        len(known),
        sum(known, Fraction(0)),
        min(known, default=None),
        max(known, default=None),
        sum(each[1] == "eligible" for each in stands),
        sum(each[1] == "not_eligible" for each in stands),
        sum(change > 0 for change in moved),
        sum(change < 0 for change in moved),
    )


def _total(stands: Any) -> Fraction | None:  # noqa: ANN401 - a standing, or None
    if stands is None:
        return None
    low, high = stands[0]
    return Fraction(low) if low is not None and low == high else None


def said(outcome: Outcome) -> tuple[Any, ...]:
    """Return the counts of an outcome."""
    return (
        outcome.unscored,
        outcome.known,
        outcome.points,
        outcome.least,
        outcome.most,
        outcome.eligible,
        outcome.not_eligible,
        outcome.rising,
        outcome.falling,
    )


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_any_policy(data: st.DataObject) -> None:
    """Of drawn policies and axes each combination says what its studios say."""
    drawn: Drawn = data.draw(policies())
    policy = drawn.policy
    frame = generate_cohort(policy, studios=6, seed=data.draw(st.integers(0, 999)))
    able = [each for each in parameters(policy) if _values(policy, each)]
    if not able:
        return
    chosen = data.draw(st.lists(st.sampled_from(able), min_size=1, max_size=3, unique=True))
    grid = Grid({each.path: _values(policy, each) for each in chosen})
    try:
        found = sweep(policy, grid, frame)
    except InputError:
        assert any(_refused(policy, changes) for changes in grid)
        return
    assert said(found.base) == one_by_one(policy, frame, {})
    for outcome in found.outcomes:
        assert said(outcome) == one_by_one(policy, frame, outcome.changes)


def _refused(policy: Policy, changes: Mapping[str, Any]) -> bool:
    try:
        policy.vary(changes)
    except InputError:
        return True
    return False


def _values(policy: Policy, parameter: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a parameter
    """Return the values of an axis: what is there, and what gives a policy beside it."""
    found = [] if parameter.value is None else [parameter.value]
    for value in parameter.others:
        try:
            policy.vary({parameter.path: value})
        except InputError:
            continue
        found.append(value)
    return tuple(found) if len(found) > 1 else ()


AXES = {
    "criteria/5.2.2/norm": (12, 16),
    "criteria/5.2.2/above/plus_one_each/to": (18, 20),
    "readings/website_faults": ("deduct_from_mark", "floor_at_band", "ten_minus"),
    "gates/5.0.1/at_least": (3, 4),
    "criteria/5.3.2/bands/B/from": (5, 6),
}


def test_the_reference(policy: Policy, cohort: pl.DataFrame) -> None:
    """Axes that meet in an item, and an axis that matters only beside another one."""
    ways = {"readings/activities": ("two_year_total", "each_year_minimum")}
    inside = "criteria/5.2.2/yearly/each_year_minimum/norm"
    found = sweep(policy, Grid({**AXES, **ways, inside: (7, 8)}), cohort)
    assert found.factored
    for outcome in found.outcomes[::17]:
        assert said(outcome) == one_by_one(policy, cohort, outcome.changes)
    sides = [o for o in found.outcomes if o.changes["readings/activities"] == "each_year_minimum"]
    assert any(one.points != other.points for one, other in pairwise(sides))


def test_grades(policy: Policy, cohort: pl.DataFrame) -> None:
    """Where points alone give the grades, they are counted."""
    marked = policy.vary({"readings/pass_mark": 60, "readings/outstanding_mark": 85})
    found = sweep(marked, {"readings/pass_mark": [50, 60, 70]}, cohort)
    assert found.factored
    for outcome in found.outcomes:
        varied = marked.vary(outcome.changes)
        rows = [{n: v for n, v in r.items() if n != "studio"} for r in cohort.iter_rows(named=True)]
        sheets = [varied.score({n: v for n, v in row.items() if v is not None}) for row in rows]
        for grade, studios in outcome.grades.items():
            assert studios == sum(sheet.grade == grade for sheet in sheets)
    assert {"outstanding", "passed", "not_passed"} == set(found.base.grades)


def test_missing_facts(policy: Policy, cohort: pl.DataFrame) -> None:
    """Where a fact that counts is missing, each combination is scored whole, and says the same."""
    holes = cohort.with_columns(
        activities=pl.when(pl.int_range(pl.len()) % 3 > 0).then("activities")
    )
    found = sweep(policy, {"criteria/5.2.2/norm": [12, 16]}, holes)
    assert not found.factored
    for outcome in found.outcomes:
        assert said(outcome) == one_by_one(policy, holes, outcome.changes)


def test_points_that_are_withheld(policy: Policy, cohort: pl.DataFrame) -> None:
    """Where points are withheld, only the totals of those that get theirs are known."""
    strict = policy.vary({"readings/gate_failure": "no_score"})
    found = sweep(strict, {"criteria/5.2.2/norm": [12, 16]}, cohort)
    for outcome in found.outcomes:
        assert said(outcome) == one_by_one(strict, cohort, outcome.changes)


def test_wrong_combinations(policy: Policy, cohort: pl.DataFrame) -> None:
    """Every combination that gives no policy is told, also those wrong together alone."""
    axes = {"criteria/5.1.1/bands/A/from": [7, 8], "criteria/5.1.1/bands/B/to": [6, 7, 8]}
    with pytest.raises(InputError) as caught:
        sweep(policy, axes, cohort)
    files = {each.file for each in caught.value.problems}
    assert "criteria/5.1.1/bands/A/from=7, criteria/5.1.1/bands/B/to=7" in files
    assert "criteria/5.1.1/bands/A/from=8, criteria/5.1.1/bands/B/to=8" in files
    assert "criteria/5.1.1/bands/A/from=7, criteria/5.1.1/bands/B/to=6" not in files


def test_built_once(policy: Policy, cohort: pl.DataFrame) -> None:
    """Variations that were built, and a cohort that was checked, serve more than once."""
    variations = Variations(policy, Grid(AXES))
    checked = check_cohort(policy, cohort)
    done: list[tuple[int, int]] = []
    found = sweep(policy, variations, checked, progress=lambda *count: done.append(count))
    assert found.outcomes == sweep(policy, Grid(AXES), cohort).outcomes
    assert (len(variations.grid), len(variations.grid)) == done[-1]


def test_the_table(policy: Policy, cohort: pl.DataFrame) -> None:
    """The table has a row for each combination, with the axes by their paths."""
    found = sweep(policy, Grid(AXES), cohort)
    table = found.table()
    assert len(found.outcomes) == table.height
    assert [*AXES] == table.columns[: len(AXES)]
    first = table.row(0, named=True)
    mean = found.outcomes[0].mean
    assert mean is not None
    assert float(mean) == first["mean"]
    assert 60 == first["known"] + first["unscored"]


def test_facts_that_change(policy: Policy, cohort: pl.DataFrame) -> None:
    """An axis of the facts themselves is swept, too; a table that does not fit is told."""
    found = sweep(policy, {"facts/activities/max": [399, 400]}, cohort)
    assert not found.factored
    assert said(found.outcomes[0]) == one_by_one(policy, cohort, {"facts/activities/max": 399})
    with pytest.raises(InputError):
        sweep(policy, {"facts/activities/max": [1]}, cohort)


def test_marks_that_are_in_no_band(policy: Policy, cohort: pl.DataFrame) -> None:
    """Where a variation leaves marks out, those studios are unscored; units are told apart."""
    axes: dict[str, list[Any]] = {
        "criteria/5.1.1/bands/B/to": [6, 7],
        "criteria/5.2.2/norm": [12, 16],
        "criteria/5.2.4/each": [Decimal("0.3"), Decimal("0.25"), 1],
    }
    found = sweep(policy, axes, cohort)
    assert found.factored
    assert {True, False} == {outcome.unscored > 0 for outcome in found.outcomes}
    for outcome in found.outcomes:
        assert said(outcome) == one_by_one(policy, cohort, outcome.changes)


def test_what_a_gate_leaves(policy: Policy, cohort: pl.DataFrame) -> None:
    """What a gate leaves open changes who is eligible, and who has which grade."""
    marked = policy.vary({"readings/pass_mark": 60, "readings/outstanding_mark": 85})
    found = sweep(marked, {"gates/5.0.2/at_best": ["outstanding", "passed", "not_passed"]}, cohort)
    assert found.factored
    assert len(found.outcomes) == len({tuple(each.grades.values()) for each in found.outcomes})
    rows = [{n: v for n, v in r.items() if n != "studio"} for r in cohort.iter_rows(named=True)]
    for outcome in found.outcomes:
        varied = marked.vary(outcome.changes)
        sheets = [varied.score(row) for row in rows]
        assert outcome.eligible == sum(sheet.eligible is True for sheet in sheets)
        for grade, studios in outcome.grades.items():
            assert studios == sum(sheet.grade == grade for sheet in sheets)


def test_whole_entries(policy: Policy, cohort: pl.DataFrame) -> None:
    """A value may be a whole item, also one that the policy has not got."""
    item = policy.tables["criteria"]["5.2.2"]
    items = [item, {**item, "norm": 9}]
    put = sweep(policy, {"criteria/5.2.2": items}, cohort)
    added = sweep(policy, {"criteria/5.2.9": items}, cohort)
    gated = sweep(policy, {"gates/5.0.9": [policy.tables["gates"]["5.0.1"]]}, cohort)
    assert [True, False, False] == [each.factored for each in (put, added, gated)]
    for outcome in (*put.outcomes, *added.outcomes, *gated.outcomes):
        assert said(outcome) == one_by_one(policy, cohort, outcome.changes)
