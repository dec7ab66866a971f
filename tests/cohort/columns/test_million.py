"""A million studios, ten thousand of them also scored one by one."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from studioflow import generate_cohort, load_policy, score_cohort
from studioflow.rubric import Points, ScoreSheet

MILLION, SAMPLE = 1_000_000, 10_000
ELIGIBILITY = {True: "eligible", False: "not_eligible", None: "undetermined"}


def said(sheet: ScoreSheet) -> dict[str, object]:
    """Return what a sheet says, by the names of the columns that say it."""
    points: dict[str, Points] = {
        **{f"criteria/{item.id}": item.points for item in sheet.criteria},
        **{f"deductions/{item.id}": item.points for item in sheet.deductions},
        **{f"sections/{part.id}": part.points for part in sheet.sections},
        "total": sheet.total,
    }
    found: dict[str, object] = {}
    for name, each in points.items():
        low, high = each.range or (None, None)
        found |= {name: each.points, f"{name}_low": low, f"{name}_high": high}
    found |= {f"gates/{gate.id}": gate.met for gate in sheet.gates}
    return {**found, "eligibility": ELIGIBILITY[sheet.eligible], "grade": sheet.grade}


def exact(row: Mapping[str, Any]) -> dict[str, object]:
    """Return a row of results with every number as a fraction."""
    return {
        name: value if value is None or isinstance(value, bool | str) else Fraction(value)
        for name, value in row.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("policy_id", ["yongjia-2023", "teacher-points"])
def test_million(policy_id: str) -> None:
    """What is said of ten thousand among a million is what each of their sheets says."""
    policy = load_policy(policy_id)
    cohort = generate_cohort(policy, MILLION, seed=5, missing=0.03)

    scored = score_cohort(policy, cohort).frame

    assert (MILLION, MILLION) == (scored.height, scored["studio"].n_unique())
    sample = cohort.with_row_index().sample(SAMPLE, seed=5)
    some = scored[sample["index"].to_list()]
    assert sample["studio"].to_list() == some["studio"].to_list()
    studios = sample.drop("index", "studio").iter_rows(named=True)
    for facts, row in zip(studios, some.iter_rows(named=True), strict=True):
        expected, found = said(policy.score(facts)), exact(row)
        assert expected == {name: found[name] for name in expected}


@pytest.mark.slow
def test_many_ranks() -> None:
    """Whoever is ranked among a million has as many before them as have more points."""
    policy = load_policy("yongjia-2023")
    scored = score_cohort(policy, generate_cohort(policy, MILLION, seed=6)).frame

    ranked = scored.filter(pl.col("eligibility") == "eligible")

    assert ranked["total"].rank("min", descending=True).to_list() == ranked["rank"].to_list()
    assert 0 == scored.filter(pl.col("eligibility") == "not_eligible")["rank"].count()
