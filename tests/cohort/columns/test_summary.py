"""A scored cohort in a few numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pytest

from studioflow.cohort.columns.summary import Totals, summary

ENGINES = ("polars", "duckdb")


def lazy(frame: pl.DataFrame, engine: str) -> nw.LazyFrame[Any]:
    """The frame on an engine."""
    native = frame.lazy() if engine == "polars" else duckdb.connect().from_arrow(frame.to_arrow())
    return nw.from_native(native)


@pytest.mark.parametrize("engine", ENGINES)
class TestSummary:
    """A cohort in a few numbers."""

    def test_counts(self, engine: str) -> None:
        """Studios are counted by outcome and by grade, in the policy's order; totals are exact."""
        frame = pl.DataFrame(
            {
                "studio": ["a", "b", "c", "d", "e"],
                "eligibility": ["eligible", "eligible", "undetermined", "not_eligible", "eligible"],
                "grade": ["low", "high", None, "low", "low"],
                "total": pl.Series([Decimal(60), Decimal("90.25"), None, Decimal(3), Decimal(60)]),
            }
        )
        found = summary(lazy(frame, engine), ["high", "middle", "low"])

        assert 5 == found.studios
        assert {"eligible": 3, "not_eligible": 1, "undetermined": 1} == found.eligibility
        assert [("high", 1), ("middle", 0), ("low", 3)] == list(found.grades.items())
        assert 1 == found.ungraded
        assert ({}, 0) == (found.placed, found.unplaced)
        assert Totals(Fraction(3), Fraction(60), Fraction(361, 4), 1) == found.totals

    def test_places(self, engine: str) -> None:
        """Grades after the places were counted stand beside those before."""
        frame = pl.DataFrame(
            {
                "eligibility": ["eligible"] * 3,
                "grade": ["high", "high", "low"],
                "placed": ["high", "low", None],
                "total": pl.Series([Decimal(9), Decimal(8), Decimal(7)]),
            }
        )
        found = summary(lazy(frame, engine), ["high", "low"])
        assert {"high": 2, "low": 1} == found.grades
        assert ({"high": 1, "low": 1}, 1) == (found.placed, found.unplaced)

    def test_fractions(self, engine: str) -> None:
        """Totals that no decimal is are as exact; the median of two is their middle."""
        frame = pl.DataFrame(
            {
                "eligibility": ["eligible"] * 3,
                "grade": [None, None, None],
                "total_numerator": [1, 1, None],
                "total_denominator": [3, 2, None],
            },
            schema_overrides={"grade": pl.String},
        )
        found = summary(lazy(frame, engine), [])
        ends = (Fraction(1, 3), Fraction(5, 12), Fraction(1, 2))
        assert Totals(*ends, not_known=1) == found.totals

    def test_nothing_known(self, engine: str) -> None:
        """Where no total is known there is no least, median or most."""
        frame = pl.DataFrame(
            {"eligibility": ["undetermined"], "grade": [None], "total": [None]},
            schema={"eligibility": pl.String, "grade": pl.String, "total": pl.Decimal(10, 2)},
        )
        assert Totals(None, None, None, 1) == summary(lazy(frame, engine), []).totals
