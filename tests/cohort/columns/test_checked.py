"""A cohort is checked once, scored by several policies, and refused where marks fit no band."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
import pytest

from studioflow import InputError, check_cohort, generate_cohort, load_policy, score_cohort

POLICY = load_policy("yongjia-2023")
COHORT = generate_cohort(POLICY, 60, seed=3, missing=0.05)


@pytest.fixture(params=["polars", "lazy polars", "duckdb"])
def frame(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 - of any engine
    """Return the cohort as frames of several engines."""
    match request.param:
        case "polars":
            return COHORT
        case "lazy polars":
            return COHORT.lazy()
    return duckdb.connect().from_arrow(COHORT.to_arrow())


def rows(frame: Any) -> list[tuple[object, ...]]:  # noqa: ANN401 - of any engine
    """Return the rows of a frame of any engine, by studio."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    found = frame if isinstance(frame, pl.DataFrame) else frame.pl()
    return found.sort("studio").rows()


def test_checked_once(frame: Any) -> None:  # noqa: ANN401 - of any engine
    """What was checked once is scored as if it were checked each time, by any policy alike."""
    checked = check_cohort(POLICY, frame)

    for policy in (POLICY, POLICY.vary({"criteria/5.2.2/norm": 12})):
        assert rows(score_cohort(policy, frame).frame) == rows(score_cohort(policy, checked).frame)


def test_kind_of_frame(frame: Any) -> None:  # noqa: ANN401 - of any engine
    """A result is of the kind that was checked."""
    assert type(frame) is type(score_cohort(POLICY, check_cohort(POLICY, frame)).frame)


def test_other_facts() -> None:
    """A policy that declares other facts does not score what was checked."""
    checked = check_cohort(POLICY, COHORT)

    with pytest.raises(InputError) as refused:
        score_cohort(load_policy("teacher-points"), checked)

    assert ["other_facts"] == [problem.code for problem in refused.value.problems]


def test_name_of_a_result() -> None:
    """Every column that is handed on and called as a result is refused."""
    named = COHORT.rename({"studio": "total"}).with_columns(grade=pl.lit("A"))

    with pytest.raises(InputError) as refused:
        score_cohort(POLICY, named, key="total", keep=["grade"])

    assert [("total", "name_of_result"), ("grade", "name_of_result")] == [
        (problem.path, problem.code) for problem in refused.value.problems
    ]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_marks_in_no_band(engine: str) -> None:
    """Marks that fit no band are told at the first row of each item, with how many there are."""
    facts = {"trainees": [10] * 4, "trainees_with_output": [9, 9, 1, 9]}
    marks = {"output_mark": [9, 2, 0, 3], "goal_mark": [10, 10, 10, 10], "funds_mark": [1] * 4}
    more = {"funds_proper": [True] * 4, "funds_papers": ["in_time", "in_time", "late", "in_time"]}
    cohort = pl.DataFrame({"studio": list("ABCD"), **facts, **marks, **more})
    frame = cohort if engine == "polars" else duckdb.connect().from_arrow(cohort.to_arrow())

    with pytest.raises(InputError) as refused:
        score_cohort(POLICY, frame)

    told = {problem.path: problem for problem in refused.value.problems}
    assert {"output_mark/row 2", "funds_mark/row 1"} == set(told)
    assert [2, 3] == [told[path].parameters["rows"] for path in sorted(told, reverse=True)]
    assert "2" == told["output_mark/row 2"].got
