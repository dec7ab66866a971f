"""From a graph to a query: on each engine nothing that is missing turns into points."""

# ruff: noqa: FBT003 - a truth is what stands in the node

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pytest

from studioflow.algebra.graph import Node, node
from studioflow.cohort.columns.plan import Plan

A, P, W = node("column", "a"), node("column", "p"), node("column", "w")
ROWS: Mapping[str, list[Any]] = {
    "key": [0, 1, 2],
    "a": [None, 7, -7],
    "p": [None, True, False],
    "w": [None, "good", "poor"],
}
TYPES = {"key": pl.Int64, "a": pl.Int64, "p": pl.Boolean, "w": pl.String}
FRAME = pl.DataFrame(ROWS, schema=TYPES)
LOW, HIGH = node("filled", A, -9), node("filled", A, 9)
SURE, MAYBE = node("filled", P, False), node("filled", P, True)
TWO, NINE = node("literal", 2, 64), node("literal", 9, 64)

Computed = Callable[[Node], list[Any]]


def in_polars(columns: Mapping[str, Node]) -> pl.DataFrame:
    """Run a plan on Polars."""
    found: pl.DataFrame = Plan(pl, columns).of(FRAME.lazy(), ["key"]).collect()
    return found


def in_narwhals(columns: Mapping[str, Node]) -> pl.DataFrame:
    """Run a plan on Polars by way of narwhals."""
    frame = nw.from_native(FRAME.lazy())
    found: pl.DataFrame = Plan(nw, columns).of(frame, ["key"]).collect().to_native()
    return found


def in_duckdb(columns: Mapping[str, Node]) -> pl.DataFrame:
    """Run a plan on DuckDB."""
    frame = nw.from_native(duckdb.connect().from_arrow(FRAME.to_arrow()))
    found: pl.DataFrame = Plan(nw, columns).of(frame, ["key"]).to_native().pl()
    return found.sort("key")


@pytest.fixture(params=[in_polars, in_narwhals, in_duckdb])
def computed(request: pytest.FixtureRequest) -> Computed:
    """Return what an engine makes of a node, for what is missing, for 7 and true, -7 and false."""
    return lambda asked: list(request.param({"x": asked})["x"].to_list())


class TestMissing:
    """What engines disagree about where a value is null."""

    @pytest.mark.parametrize(
        ("expected", "asked"),
        [
            ([-9, 7, -7], LOW),
            ([9, 7, -7], HIGH),
            ([True, False, False], node("missing", A)),
            # DuckDB's least and greatest skip what is null.
            ([-9, 2, -7], node("smallest", LOW, TWO)),
            ([2, 2, -7], node("smallest", HIGH, TWO)),
            ([2, 7, 2], node("largest", LOW, TWO)),
            ([9, 7, 2], node("largest", HIGH, TWO)),
            # A condition that is null falls to "otherwise".
            ([9, 2, 9], node("choose", SURE, TWO, NINE)),
            ([2, 2, 9], node("choose", MAYBE, TWO, NINE)),
            ([False, True, False], node("at_least", LOW, 2)),
            ([True, True, False], node("at_least", HIGH, 2)),
            ([True, False, True], node("not", SURE)),
            ([False, True, False], node("filled", node("is", W, "good"), False)),
            ([True, True, False], node("filled", node("is", W, "good"), True)),
            ([False, True, False], node("all", MAYBE, node("at_least", LOW, 2))),
            ([True, True, True], node("some", MAYBE, node("at_least", TWO, 2))),
        ],
    )
    def test_bounds_stand_for_it(
        self, computed: Computed, expected: list[object], asked: Node
    ) -> None:
        """Whatever is computed of a low and a high column has no nulls, and is the same."""
        assert expected == computed(asked)


class TestWords:
    """The operations, on each engine."""

    @pytest.mark.parametrize(
        ("expected", "asked"),
        [
            ([-7, 9, -5], node("add", LOW, TWO)),
            ([81, -63, 63], node("multiply", LOW, -9)),
            ([None, 7, None], node("where", SURE, LOW)),
            ([-9, 7, -7], node("cast", LOW, 8)),
            ([2, 2, 2], node("literal", 2, 8)),
            ([4, 3, -4], node("floor_divide", HIGH, TWO)),
        ],
    )
    def test_numbers(self, computed: Computed, expected: list[object], asked: Node) -> None:
        """Whole numbers stay whole, and what is divided is rounded down."""
        if asked.operation == "floor_divide":
            # Only what is not below 0 is ever divided: engines disagree about the others.
            assert expected[:2] == computed(asked)[:2]
        else:
            assert expected == computed(asked)

    def test_decimals(self, computed: Computed) -> None:
        """A number of tenths is a decimal, exactly."""
        assert ["-0.9", "0.7", "-0.7"] == [str(n) for n in computed(node("decimal", LOW, 1))]

    def test_words(self, computed: Computed) -> None:
        """A word is text."""
        words = [node("word", word, "yes", "no") for word in ("yes", "no")]
        assert ["no", "yes", "no"] == [str(w) for w in computed(node("choose", SURE, *words))]


class TestStages:
    """What is used more than once is computed once."""

    def test_shared(self) -> None:
        """A node that is doubled twenty times takes twenty steps, not a million."""
        doubled = node("cast", LOW, 64)
        for _ in range(20):
            doubled = node("add", doubled, doubled)
        for run in (in_polars, in_duckdb):
            assert [-9 * 2**20, 7 * 2**20, -7 * 2**20] == run({"x": doubled})["x"].to_list()

    def test_keeps_and_names(self) -> None:
        """There are the columns asked for and those kept, and no others."""
        same = node("add", LOW, TWO)
        out = in_polars({"one": same, "other": same, "a": HIGH})
        assert ["key", "one", "other", "a"] == out.columns
        assert out["one"].to_list() == out["other"].to_list()

    def test_one_plan_for_many_frames(self) -> None:
        """A plan is made once."""
        plan = Plan(pl, {"x": node("add", LOW, TWO)})
        for rows in (1, 3):
            assert rows == plan.of(FRAME.lazy().head(rows)).collect().height
