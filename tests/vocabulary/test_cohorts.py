"""Whatever rubric the vocabulary says: a cohort's columns say of every row what its sheet says.

Rubrics are drawn at random, and a cohort for each; both engines have to agree with `Policy.score`
in every row, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from studioflow.cohort.columns import score_cohort
from studioflow.cohort.columns.shown import GROUPS
from studioflow.policy import Policy
from tests.vocabulary.making_cohorts import cohort_policies, expected, framed, rows_at_random
from tests.vocabulary.making_policies import Drawn

quiet = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
some = settings(quiet, max_examples=10, derandomize=True)
few = settings(quiet, max_examples=4, derandomize=True)
many = settings(quiet, max_examples=25, derandomize=True)
seeds = st.integers(0, 2**32)

Engine = Callable[[pl.DataFrame], Any]
TOO_LARGE = 0.1
"""The share of rubrics without an opaque kind of which an item may be too large for 64 bits."""


def in_polars(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame."""
    return frame


def in_duckdb(frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    """Return the frame as a relation."""
    return duckdb.connect().from_arrow(frame.to_arrow())


def back(frame: Any) -> pl.DataFrame:  # noqa: ANN401 - a frame of either engine
    """Return what came out as a frame of Polars."""
    return frame if isinstance(frame, pl.DataFrame) else frame.pl()


def said(row: Mapping[str, Any], name: str) -> object:
    """Return what a row says of a result; points as a fraction."""
    if f"{name}_numerator" in row:
        top, bottom = row[f"{name}_numerator"], row[f"{name}_denominator"]
        assert (top is None) == (bottom is None)
        return None if top is None else Fraction(top, bottom)
    value = row[name]
    return value if value is None or isinstance(value, str | bool) else Fraction(value)


def agreed(policy: Policy, seed: int, engine: Engine, count: int = 30) -> tuple[str, ...]:
    """Return what Python computed, where the columns say what the sheets say."""
    random = Random(seed)  # noqa: S311 - no secret hangs on it
    rows = rows_at_random(policy, random, count)
    if not rows:
        return ()
    frame = framed(policy.facts, [row for row, _ in rows])
    groups: Any = GROUPS
    scored = score_cohort(policy, engine(frame), results=groups)
    out = {row["studio"]: row for row in back(scored.frame).iter_rows(named=True)}
    assert len(rows) == len(out)
    for place, (row, sheet) in enumerate(rows):
        wanted = expected(policy, sheet)
        found = {name: said(out[f"studio {place}"], name) for name in wanted}
        assert wanted == found, row
    return scored.slow


class TestNothingOpaque:
    """Rubrics that an engine can compute."""

    def test_polars(self) -> None:
        """Polars says of every row what its sheet says, and hardly ever leaves it to Python."""
        slow: list[bool] = []

        @some
        @given(drawn=cohort_policies(), seed=seeds)
        def agrees(drawn: Drawn, seed: int) -> None:
            slow.append(bool(agreed(drawn.policy, seed, in_polars)))

        agrees()
        assert sum(slow) <= TOO_LARGE * len(slow)

    @few
    @given(drawn=cohort_policies(), seed=seeds)
    def test_duckdb(self, drawn: Drawn, seed: int) -> None:
        """So does DuckDB."""
        agreed(drawn.policy, seed, in_duckdb)

    @pytest.mark.slow
    @pytest.mark.parametrize("engine", [in_polars, in_duckdb])
    def test_at_length(self, engine: Engine) -> None:
        """The same for many more rubrics."""
        slow: list[bool] = []

        @many
        @given(drawn=cohort_policies(), seed=seeds)
        def agrees(drawn: Drawn, seed: int) -> None:
            slow.append(bool(agreed(drawn.policy, seed, engine, 60)))

        agrees()
        assert sum(slow) <= TOO_LARGE * len(slow)


class TestOpaque:
    """Rubrics with kinds that Python computes."""

    @some
    @given(drawn=cohort_policies(brought=True), seed=seeds)
    def test_polars(self, drawn: Drawn, seed: int) -> None:
        """What Python computes of each row stands beside what Polars computes."""
        agreed(drawn.policy, seed, in_polars)

    @few
    @given(drawn=cohort_policies(brought=True), seed=seeds)
    def test_duckdb(self, drawn: Drawn, seed: int) -> None:
        """The same on DuckDB."""
        agreed(drawn.policy, seed, in_duckdb)

    @pytest.mark.slow
    @pytest.mark.parametrize("engine", [in_polars, in_duckdb])
    @many
    @given(drawn=cohort_policies(brought=True), seed=seeds)
    def test_at_length(self, engine: Engine, drawn: Drawn, seed: int) -> None:
        """The same for many more rubrics."""
        agreed(drawn.policy, seed, engine, 60)
