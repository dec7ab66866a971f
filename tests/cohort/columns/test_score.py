"""A cohort scored as a whole: whatever frame comes in, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from studioflow.cohort.columns import score_cohort
from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy

NAME = {"zh": "名", "en": "name"}
COUNT = {"type": "count", "label": NAME, "unit": NAME}
TABLES: Mapping[str, Any] = {
    "schema": "studioflow.policy/1",
    "id": "small",
    "version": "1",
    "label": NAME,
    "facts": {
        "talks": {**COUNT, "max": 10},
        "lessons": {**COUNT, "max": 10},
        "papers": {"type": "flag", "label": NAME},
    },
    "sections": {"1": {"label": NAME}},
    "criteria": {
        "1.1": {
            "section": "1",
            "label": NAME,
            "max": 20,
            "kind": "each",
            "of": "talks",
            "points": 2,
        },
        "1.2": {
            "section": "1",
            "label": NAME,
            "max": 5,
            "kind": "each",
            "of": "lessons",
            "points": Decimal("0.5"),
        },
    },
    "gates": {"papers": {"label": NAME, "kind": "all", "of": ["papers"]}},
    "grades": {
        "good": {"label": NAME, "at_least": 10},
        "poor": {"label": NAME, "otherwise": True},
    },
}
COLUMNS: Mapping[str, list[Any]] = {
    "studio": ["甲", "乙", "丙"],
    "talks": [9, 1, None],
    "lessons": [1, None, 3],
    "papers": [True, False, None],
}


def declared(**more: Any) -> Policy:  # noqa: ANN401 - tables
    """Return the small policy with other tables."""
    return build_policy(Document({**TABLES, **more}, "small.toml"))


POLICY = declared()


def in_pandas(columns: Mapping[str, list[Any]]) -> Any:  # noqa: ANN401 - pandas is not ours
    """Return a frame of pandas, where that is installed."""
    pandas = pytest.importorskip("pandas", reason="pandas is no dependency of the project")
    return pandas.DataFrame(columns)


def in_duckdb(columns: Mapping[str, list[Any]]) -> duckdb.DuckDBPyRelation:
    """Return a relation."""
    return duckdb.connect().from_arrow(pl.DataFrame(columns).to_arrow())


FRAMES: Mapping[str, Callable[[Mapping[str, list[Any]]], Any]] = {
    "polars": pl.DataFrame,
    "lazy": pl.LazyFrame,
    "duckdb": in_duckdb,
    "pyarrow": pa.table,
    "pandas": in_pandas,
}


def rows(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of any kind
    """Return the rows of a frame of any kind, by studio."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.pl()
    elif isinstance(frame, pa.Table):
        frame = pl.from_arrow(frame)
    elif not isinstance(frame, pl.DataFrame):
        frame = pl.from_pandas(frame)
    order = {name: place for place, name in enumerate(COLUMNS["studio"])}
    return sorted(frame.iter_rows(named=True), key=lambda row: order.get(row["studio"], 9))


def column(frame: Any, name: str) -> list[Any]:  # noqa: ANN401 - of any kind
    """Return one column."""
    return [row[name] for row in rows(frame)]


class TestFrames:
    """Frames of every kind."""

    @pytest.mark.parametrize("kind", FRAMES)
    def test_every_kind(self, kind: str) -> None:
        """A frame of the same kind comes back, which says the same."""
        given = FRAMES[kind](COLUMNS)
        scored = score_cohort(POLICY, given)

        assert type(given) is type(scored.frame)
        assert [Decimal("18.5"), None, None] == column(scored.frame, "total")
        assert [18.5, 2, 1.5] == column(scored.frame, "total_low")
        assert [18.5, 7, 21.5] == column(scored.frame, "total_high")
        assert ["eligible", "not_eligible", "undetermined"] == [
            str(word) for word in column(scored.frame, "eligibility")
        ]
        assert [True, False, None] == column(scored.frame, "gates/papers")
        assert ["good", "poor", None] == column(scored.frame, "grade")
        assert ["good", "poor", "poor"] == column(scored.frame, "grade_low")
        assert ["good", "poor", "good"] == column(scored.frame, "grade_high")
        assert 3 == scored.rows
        assert {"talks": 1, "lessons": 1, "papers": 1} == dict(scored.missing)
        assert () == scored.slow

    def test_no_frame(self) -> None:
        """What is no frame is refused."""
        with pytest.raises(InputError, match="not_a_frame"):
            score_cohort(POLICY, [{"studio": "甲"}])

    def test_no_rows(self) -> None:
        """A cohort without a studio is refused."""
        empty = pl.DataFrame({"studio": []}, schema={"studio": pl.String})
        with pytest.raises(InputError, match="no_rows"):
            score_cohort(POLICY, empty)

    @pytest.mark.parametrize("kind", ["polars", "duckdb"])
    def test_one_row(self, kind: str) -> None:
        """One studio alone is a cohort, too."""
        one = {name: values[:1] for name, values in COLUMNS.items()}
        assert [18.5] == column(score_cohort(POLICY, FRAMES[kind](one)).frame, "total")

    @pytest.mark.parametrize("kind", ["polars", "duckdb"])
    def test_facts_without_a_column(self, kind: str) -> None:
        """What has no column, or only nulls, is not known of any studio."""
        known = {name: COLUMNS[name] for name in ("studio", "talks")}
        scored = score_cohort(POLICY, FRAMES[kind](known))
        assert {"talks": 1, "lessons": 3, "papers": 3} == dict(scored.missing)
        assert [18, 2, 0] == column(scored.frame, "total_low")
        assert [23, 7, 25] == column(scored.frame, "total_high")
        assert ["undetermined"] * 3 == [str(w) for w in column(scored.frame, "eligibility")]

        nulls = pl.DataFrame({**known, "papers": pl.Series([None] * 3, dtype=pl.Boolean)})
        frame = nulls if kind == "polars" else duckdb.connect().from_arrow(nulls.to_arrow())
        assert rows(scored.frame) == rows(score_cohort(POLICY, frame).frame)

    def test_keys_alone(self) -> None:
        """A cohort of which nothing is known has what is possible for anybody."""
        scored = score_cohort(POLICY, pl.DataFrame({"studio": ["甲", "乙"]}))
        assert [(0, 25)] * 2 == scored.frame.select("total_low", "total_high").rows()


class TestColumns:
    """What columns come out."""

    @pytest.mark.parametrize(
        ("groups", "expected"),
        [
            (["total"], ["total", "total_low", "total_high"]),
            (["eligibility", "gates"], ["gates/papers", "eligibility"]),
            (["grade"], ["grade", "grade_low", "grade_high"]),
            (["deductions"], []),
            (["sections"], ["sections/1", "sections/1_low", "sections/1_high"]),
            ([], []),
        ],
    )
    def test_groups(self, groups: list[Any], expected: list[str]) -> None:
        """The groups that are asked for, always in the same order, after the key."""
        scored = score_cohort(POLICY, pl.DataFrame(COLUMNS), results=groups)
        assert ["studio", *expected] == scored.frame.columns

    def test_unknown_group(self) -> None:
        """A group that there is not is refused with those that there are."""
        wrong: Any = ["total", "totals"]
        with pytest.raises(InputError) as refused:
            score_cohort(POLICY, pl.DataFrame(COLUMNS), results=wrong)
        (problem,) = refused.value.problems
        assert ("unknown_name", "results/1") == (problem.code, problem.path)
        assert "total" in problem.expected("en")

    @pytest.mark.parametrize("kind", ["polars", "lazy", "duckdb", "pyarrow"])
    @pytest.mark.parametrize(
        "name", ["a.b", "town/county", "县 名", "__key", "__0", "total ", 'say "x"']
    )
    def test_awkward_names(self, kind: str, name: str) -> None:
        """Kept columns are handed on whatever they are called, and so is the key."""
        kept = FRAMES[kind]({**COLUMNS, name: ["x", "y", None]})
        found = score_cohort(POLICY, kept, keep=[name], results=["total"]).frame
        assert ["x", "y", None] == column(found, name)
        assert ["studio", name, "total", "total_low", "total_high"] == [*rows(found)[0]]

        columns = {name if n == "studio" else n: values for n, values in COLUMNS.items()}
        found = score_cohort(POLICY, FRAMES[kind](columns), key=name, results=["total"]).frame
        frame = found.pl() if kind == "duckdb" else found
        (row,) = [
            row
            for row in (
                pl.from_arrow(frame) if kind == "pyarrow" else frame.lazy().collect()
            ).rows()  # type: ignore[union-attr]
            if row[0] == "甲"
        ]
        assert Decimal("18.5") == row[1]

    def test_fractions(self) -> None:
        """What no decimal says is a numerator and a denominator."""
        criteria = {**TABLES["criteria"]}
        criteria["1.2"] = {**criteria["1.2"], "applies": "papers"}
        policy = declared(criteria=criteria, scoring={"rescale": True})
        scored = score_cohort(policy, pl.DataFrame(COLUMNS), results=["total"])
        sheets = [
            policy.score({n: v[place] for n, v in COLUMNS.items() if n != "studio"})
            for place in range(3)
        ]
        found = scored.frame
        for place, sheet in enumerate(sheets):
            top, over = found.row(place)[3:5]
            assert sheet.total.range is not None
            assert sheet.total.range[0] * over == top

    def test_withheld(self) -> None:
        """Where a gate is surely not met and points are withheld, there are none."""
        policy = declared(scoring={"on_gate_failure": "withhold"})
        for kind in ("polars", "duckdb"):
            found = score_cohort(policy, FRAMES[kind](COLUMNS)).frame
            for name in ("total", "criteria/1.1", "sections/1"):
                assert [False, True, False] == [
                    value is None for value in column(found, f"{name}_low")
                ]
            assert [18.5, None, None] == column(found, "total")

    def test_no_gates_and_no_grades(self) -> None:
        """Without gates everybody is eligible; without grades nobody has one."""
        policy = declared(gates={}, grades={})
        found = score_cohort(policy, pl.DataFrame(COLUMNS)).frame
        assert ["eligible"] * 3 == [str(word) for word in column(found, "eligibility")]
        assert [None] * 3 == column(found, "grade")

    def test_same_policy_again(self) -> None:
        """A second cohort that lacks other facts is scored as the first."""
        first = score_cohort(POLICY, pl.DataFrame(COLUMNS))
        less = {**COLUMNS, "talks": [9, 1, 2]}
        assert [18.5, None, 5.5] == column(score_cohort(POLICY, pl.DataFrame(less)).frame, "total")
        assert rows(first.frame) == rows(score_cohort(POLICY, pl.DataFrame(COLUMNS)).frame)


class TestLarge:
    """Numbers near what a column can hold, shown exactly."""

    @pytest.mark.parametrize("kind", ["polars", "duckdb"])
    @pytest.mark.parametrize(
        "each", [1, Decimal("0.5"), 5 * 10**9, Decimal("2500000000.5"), Decimal("900000000.1")]
    )
    def test_exact(self, kind: str, each: int | Decimal) -> None:
        """Halves, tenths and whole numbers are exact, or are shown as two whole numbers."""
        item = {
            "section": "1",
            "label": NAME,
            "max": "none",
            "kind": "each",
            "of": "talks",
            "points": each,
        }
        policy = declared(facts={"talks": COUNT}, criteria={"1": item}, gates={}, grades={})
        amounts = [10**9, 999_999_999, 3]
        frame = FRAMES[kind]({"studio": COLUMNS["studio"], "talks": amounts})
        for row, amount in zip(rows(score_cohort(policy, frame).frame), amounts, strict=True):
            if "total_numerator" in row:
                assert row["total_numerator"] == amount * each * row["total_denominator"]
            else:
                assert row["total"] == amount * each
