"""How a cohort is typed: checked, and never run."""

from typing import Any, assert_type

import polars as pl

from studioflow import check_cohort, generate_cohort, load_policy, read_cohort, score_cohort
from studioflow.cohort import write_cohort
from studioflow.cohort.columns.checking import CheckedCohort
from studioflow.cohort.columns.score import ScoredCohort

policy = load_policy("yongjia-2023")
studios = generate_cohort(policy, 10, seed=1, missing=0.1, shape={"activities": (0, 20)})
assert_type(studios, pl.DataFrame)

checked = check_cohort(policy, studios, key="studio", keep=["region"])
assert_type(checked, CheckedCohort)
assert_type(checked.rows, int)

scored = score_cohort(policy, checked, results=["total", "eligibility"])
assert_type(scored, ScoredCohort)
assert_type(scored.frame, Any)
assert_type(scored.slow, tuple[str, ...])
write_cohort(scored, "scored.parquet")

score_cohort(policy, read_cohort("studios.parquet", engine="duckdb"))
score_cohort(policy, studios, results=["totals"])  # type: ignore[list-item]
read_cohort("studios.parquet", engine="sqlite")  # type: ignore[arg-type]
