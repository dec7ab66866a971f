"""Rank and places as columns, row by row as single studios have them, on every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.cohort import outcomes
from studioflow.cohort.columns.alike import Alike, ranks
from studioflow.cohort.columns.places import PLACES, RANK, needed, with_places
from studioflow.cohort.columns.placing import placed
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from tests.cohort.batches import CUTS, graded
from tests.cohort.test_outcomes_properties import GRADES

Frame = nw.LazyFrame[Any]


def on_duckdb(table: pa.Table) -> Frame:
    """Return a table as a relation of a connection of its own."""
    frame: Frame = nw.from_native(duckdb.connect().from_arrow(table)).lazy()
    return frame


def on_polars(table: pa.Table) -> Frame:
    """Return a table as a lazy frame of Polars."""
    return nw.from_native(pl.DataFrame(table)).lazy()


ENGINES: Mapping[str, Callable[[pa.Table], Frame]] = {
    "polars": on_polars,
    "duckdb": on_duckdb,
}


@frozen
class Studio:
    """The facts of a studio; None for what is missing."""

    lessons: int | None
    safe: bool | None = True
    clean: bool | None = True

    def score(self, policy: Policy) -> ScoreSheet:
        """Score it."""
        facts = {"lessons": self.lessons, "safe": self.safe, "clean": self.clean}
        return policy.score({name: fact for name, fact in facts.items() if fact is not None})


POINTS = st.sampled_from([10, 55, 61, 62, 79, 85, 90])
FINISHED = st.builds(Studio, POINTS, st.sampled_from([True, True, False]), st.booleans())
UNFINISHED = st.builds(
    Studio,
    st.none() | POINTS,
    st.sampled_from([True, True, False, None]),
    st.sampled_from([True, False, None]),
)
LIMITS: tuple[dict[str, dict[str, Any]], ...] = (
    {},
    {"best": {"at_most": 1}},
    {"best": {"at_most": 2, "ties": "nobody"}, "good": {"at_most": 2}},
    {"best": {"at_most": 1, "ties": "everybody"}, "good": {"at_least": 3}},
    {"good": {"at_most": 3, "last": 1}},
)
KEPT = ((), ("best",), ("good",), ("best", "good"))


@cache
def policy_of(limits: int, kept: int) -> Policy:
    """Build a policy; its best grades may be given by points, by the ranking, or by a decision."""
    places = LIMITS[limits]
    return graded(
        {name: {"places": places[name]} if name in places else {} for name in GRADES},
        cuts={name: CUTS[name] for name in KEPT[kept]},
    )


POLICIES = st.tuples(st.integers(0, len(LIMITS) - 1), st.integers(0, len(KEPT) - 1))


def row_of(policy: Policy, sheet: ScoreSheet) -> dict[str, Any]:
    """Return what a scored frame says of a sheet."""
    eligibility = {True: "eligible", False: "not_eligible", None: "undetermined"}
    met = {result.id: result.met for result in sheet.grades}
    low, high = sheet.total.range or (None, None)
    row = {
        "eligibility": eligibility[sheet.eligible],
        "total_low": None if low is None else int(low),
        "total_high": None if high is None else int(high),
        "grade": sheet.grade,
        "grade_low": sheet.grade or worst(policy, met),
        "grade_high": sheet.grade or best(policy, met),
    }
    row |= {f"gates/{gate.id}": gate.met for gate in sheet.gates}
    return row | {f"grades/{name}": each for name, each in met.items()}


def best(policy: Policy, met: Mapping[str, bool | None]) -> str | None:
    """Return the best grade that is possible, where all are computed."""
    if not policy.rubric.grades["good"].computed:
        return None
    return next((name for name, each in met.items() if each is not False), "fair")


def worst(policy: Policy, met: Mapping[str, bool | None]) -> str | None:
    """Return the worst grade that is possible, where all are computed."""
    if not policy.rubric.grades["good"].computed:
        return None
    return next((name for name, each in met.items() if each), "fair")


def alike_of(policy: Policy, row: Mapping[str, Any]) -> Alike:
    """Return a row as a class of its own."""
    eligible = {"eligible": True, "not_eligible": False}.get(row["eligibility"])
    columns = needed(policy.rubric)
    return Alike(
        eligible=eligible,
        low=row["total_low"],
        high=row["total_high"],
        grade=row["grade"],
        grade_low=row["grade_low"],
        grade_high=row["grade_high"],
        gates={n.removeprefix("gates/"): row[n] for n in columns if n.startswith("gates/")},
        met={n.removeprefix("grades/"): row[n] for n in columns if n.startswith("grades/")},
    )


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table, each with its number."""
    names = [*rows[0]]
    types = {n: pa.bool_() if "/" in n else pa.string() for n in names}
    types |= {n: pa.int64() for n in names if n.startswith("total")}
    columns = {n: pa.array([row[n] for row in rows], types[n]) for n in names}
    return pa.table({"row": pa.array(range(len(rows)), pa.int64()), **columns})


def found_on(engine: str, policy: Policy, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return rank and places of every row, as an engine computes them."""
    found = with_places(policy, ENGINES[engine](table_of(rows))).frame
    collected = found.collect("pyarrow").to_native().sort_by("row")
    assert {"row", *rows[0], *RANK, *PLACES} == {*collected.column_names}
    return [tuple(row[n] for n in (*RANK, *PLACES)) for row in collected.to_pylist()]


@pytest.mark.parametrize("engine", ENGINES)
class TestColumns:
    """The columns of every engine."""

    @settings(max_examples=40, deadline=None)
    @given(POLICIES, st.lists(FINISHED, min_size=1, max_size=8))
    def test_as_outcomes(self, engine: str, drawn: tuple[int, int], studios: list[Studio]) -> None:
        """Of finished sheets every row has what `outcomes` says, and ranks are certain."""
        policy = policy_of(*drawn)
        sheets = {f"{n}": studio.score(policy) for n, studio in enumerate(studios)}
        rows = [row_of(policy, sheet) for sheet in sheets.values()]
        said = outcomes(policy, sheets)
        for number, got in enumerate(found_on(engine, policy, rows)):
            each = said.of(f"{number}")
            tied = None if each.place is None else each.tied
            grades = each.grade, each.possible[-1], each.possible[0]
            assert (each.place, each.place, each.place, tied, *grades) == got

    @settings(max_examples=40, deadline=None)
    @given(POLICIES, st.lists(UNFINISHED, min_size=1, max_size=8))
    def test_as_each_row_by_itself(
        self, engine: str, drawn: tuple[int, int], studios: list[Studio]
    ) -> None:
        """Where something is missing every row has what it has as a class of its own."""
        policy = policy_of(*drawn)
        rows = [row_of(policy, studio.score(policy)) for studio in studios]
        alike = [alike_of(policy, row) for row in rows]
        expected = [
            (r.rank, r.best, r.worst, r.tied, p.grade, p.low, p.high)
            for r, p in zip(ranks(alike), placed(policy, alike).classes, strict=True)
        ]
        assert expected == found_on(engine, policy, rows)

    def test_fractions(self, engine: str) -> None:
        """Totals that are fractions are compared exactly, whatever their denominators."""
        policy = graded({})
        pairs = [(1, 3), (2, 6), (33, 100), (None, None)]
        rows = [
            {
                "eligibility": "eligible" if top else "undetermined",
                **{f"total_{end}_numerator": top for end in ("low", "high")},
                **{f"total_{end}_denominator": bottom for end in ("low", "high")},
            }
            for top, bottom in pairs
        ]
        found = with_places(policy, ENGINES[engine](table_of(rows))).frame
        got = found.collect("pyarrow").to_native().sort_by("row").to_pylist()

        assert [(1, 2), (1, 2), (3, 4), (1, 4)] == [(g["rank_best"], g["rank_worst"]) for g in got]
        assert [True, True, None, None] == [each["tied"] for each in got]

    def test_fractions_of_any_size(self, engine: str) -> None:
        """Numerators and denominators may be so large that no one number holds them all."""
        huge = 10**12
        pairs = [(huge - 1, huge), (1, 1), (huge, huge + 1), (-huge, 1), (-1, huge)]
        rows = [
            {
                "eligibility": "eligible",
                **{f"total_{end}_numerator": top for end in ("low", "high")},
                **{f"total_{end}_denominator": bottom for end in ("low", "high")},
            }
            for top, bottom in pairs
        ]

        assert [3, 1, 2, 5, 4] == [got[0] for got in found_on(engine, graded({}), rows)]

    def test_no_rows(self, engine: str) -> None:
        """A frame without rows stays one."""
        rows = [{"eligibility": "eligible", "total_low": 1, "total_high": 1}]
        none = ENGINES[engine](table_of(rows).slice(0, 0))

        assert 0 == with_places(graded({}), none).frame.collect("pyarrow").shape[0]


def test_who_is_eligible_may_be_unknown_to_an_engine() -> None:
    """An eligibility that is null is undetermined, and no reason to leave somebody out."""
    rows = [{"eligibility": None, "total_low": 3, "total_high": 3}]

    assert [(None, 1, 1, False, None, None, None)] == found_on("polars", graded({}), rows)


def test_points_that_are_not_in_whole_units() -> None:
    """Points with decimals are refused: as whole numbers they would lose them."""
    frame = nw.from_native(pl.DataFrame({"eligibility": ["eligible"], "total_low": [1.5]})).lazy()

    with pytest.raises(TypeError, match="whole units"):
        with_places(graded({}), frame.with_columns(total_high=nw.col("total_low")))


def test_order_stays_on_polars() -> None:
    """The rows of a frame of Polars stay in their order."""
    points = [(n * 37) % 101 for n in range(5000)]
    rows = [{"eligibility": "eligible", "total_low": n, "total_high": n} for n in points]
    found = with_places(graded({}), on_polars(table_of(rows))).frame.to_native()

    assert [*range(5000)] == found.collect(engine="streaming")["row"].to_list()


def test_rows_that_change_between_two_looks() -> None:
    """Rows that are not those that were counted get nobody else's rank."""
    points = iter([[1, 5], [3, 3]])

    def some(_: pl.DataFrame) -> pl.DataFrame:
        return pl.DataFrame({"eligibility": ["eligible"] * 2, "total_low": next(points)})

    schema = {"eligibility": pl.String(), "total_low": pl.Int64()}
    native = pl.LazyFrame({"row": [0, 1]}).map_batches(some, schema=schema)
    frame = nw.from_native(native).with_columns(total_high=nw.col("total_low"))
    found = with_places(graded({}), frame).frame

    with pytest.raises(ValueError, match="not those that were counted"):
        found.collect()


def test_a_frame_stays_lazy() -> None:
    """What comes out is a lazy frame of the engine that went in."""
    rows = [{"eligibility": "eligible", "total_low": 1, "total_high": 1}]

    for engine, kind in (("polars", pl.LazyFrame), ("duckdb", duckdb.DuckDBPyRelation)):
        found = with_places(graded({}), ENGINES[engine](table_of(rows))).frame
        assert isinstance(found.to_native(), kind)
