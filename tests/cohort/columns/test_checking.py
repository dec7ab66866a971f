"""The check of a cohort: what is refused, where, how many rows, and what comes out of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest

from studioflow.cohort.columns.bands import refused_problems
from studioflow.cohort.columns.checking import KEY, check, keep_name
from studioflow.errors import InputError, Problem
from studioflow.policy import Document, Policy, build_policy

SMALL = build_policy(Document.read(Path(__file__).parents[2] / "rubric" / "small.toml"))
NAME = {"zh": "名", "en": "name"}
COUNT: dict[str, Any] = {"type": "count", "label": NAME, "unit": NAME}
DECLARED: dict[str, dict[str, Any]] = {
    "members": {**COUNT, "max": 50},
    "crew": {**COUNT, "max": 50},
    "trainees": {**COUNT, "at_most": "members"},
    "experts": {**COUNT, "min": 2, "at_most": "trainees"},
    "boxes": {**COUNT, "step": 12},
    "hours": {**COUNT, "type": "number", "step": Decimal("0.5"), "min": "none"},
    "share": {**COUNT, "type": "number", "step": Decimal("0.1"), "max": 100},
    "papers": {"type": "flag", "label": NAME},
    "kind": {"type": "choice", "label": NAME, "values": {"old": NAME, "new": NAME}},
    "opened": {"type": "date", "label": NAME},
}

Framed = Callable[[Mapping[str, Any]], Any]


def declaring(facts: Mapping[str, Any]) -> Policy:
    """Return the small policy with more facts."""
    tables = SMALL.tables
    tables["facts"] |= facts
    return build_policy(Document(tables, "small.toml"))


POLICY = declaring(DECLARED)


def in_duckdb(columns: Mapping[str, Any]) -> duckdb.DuckDBPyRelation:
    """Return a relation with these columns."""
    return duckdb.connect().from_arrow(pl.DataFrame(columns).to_arrow())


@pytest.fixture(params=[pl.DataFrame, pl.LazyFrame, in_duckdb], ids=["polars", "lazy", "duckdb"])
def framed(request: pytest.FixtureRequest) -> Framed:
    """Make frames of each engine from columns; keys are added."""

    def make(columns: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a frame of that engine
        rows = len(next(iter(columns.values())))
        keys = {"studio": [f"s{row}" for row in range(1, rows + 1)]}
        return request.param({**keys, **columns})

    return make


def problems(frame: object, policy: Policy = POLICY, **options: Any) -> tuple[Problem, ...]:  # noqa: ANN401
    """Return the problems of a cohort that has to be refused."""
    with pytest.raises(InputError) as refused:
        check(policy, frame, **options)
    return refused.value.problems


def told(frame: object, **options: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return code and path of every problem."""
    return [(problem.code, problem.path) for problem in problems(frame, **options)]


def normal(frame: object, name: str, **options: Any) -> list[Any]:  # noqa: ANN401
    """Return a column of the normalised frame."""
    return list(check(POLICY, frame, **options).frame.collect()[name].to_list())


class TestAccepted:
    """What comes out of a cohort that is right."""

    @pytest.mark.parametrize(
        ("name", "values", "expected"),
        [
            ("crew", [0, 50, None], [0, 50, None]),
            ("crew", pl.Series([3, None, 7], dtype=pl.UInt8), [3, None, 7]),
            ("crew", pl.Series([3, None, 7], dtype=pl.UInt64), [3, None, 7]),
            ("crew", [3.0, None, 7.0], [3, None, 7]),
            ("crew", ["3", "", "7.0"], [3, None, 7]),
            ("crew", [Decimal("3.00"), None, Decimal("0.00")], [3, None, 0]),
            ("boxes", [24, 0, None], [2, 0, None]),
            ("boxes", ["24", "0", None], [2, 0, None]),
            ("hours", [0.5, -1.5, None], [1, -3, None]),
            ("hours", ["0.5", "-1.50", "1000000000"], [1, -3, 2 * 10**9]),
            ("hours", [2, -3, None], [4, -6, None]),
            ("share", [0.1, 0.3, 99.9], [1, 3, 999]),
            ("share", ["0.1", "0.30", "99.9"], [1, 3, 999]),
            ("share", [Decimal("0.10"), Decimal("0.30"), Decimal("99.90")], [1, 3, 999]),
            ("papers", [True, False, None], [True, False, None]),
            ("papers", ["true", "FALSE", ""], [True, False, None]),
            ("kind", ["old", "", None], ["old", None, None]),
            ("kind", pl.Series(["old", "new", None], dtype=pl.Categorical), ["old", "new", None]),
            ("opened", [date(2024, 2, 29), date(1, 1, 1), None], [738945, 1, None]),
            ("opened", ["2024-02-29", "0001-01-01", ""], [738945, 1, None]),
            ("opened", ["9999-12-31", "1900-03-01", "2000-12-31"], [3652059, 693655, 730485]),
        ],
    )
    def test_values(self, framed: Framed, name: str, values: Any, expected: list[Any]) -> None:  # noqa: ANN401
        """Numbers come out in steps, days as ordinals, empty cells as null."""
        assert expected == normal(framed({name: values}), name)

    def test_all_null(self, framed: Framed) -> None:
        """A column without any value is right, whatever type an engine gave it."""
        assert [None, None] == normal(framed({"crew": [None, None]}), "crew")

    def test_columns(self, framed: Framed) -> None:
        """The key is text, what is kept is as it was, and each missing fact is counted."""
        frame = framed({"county": [3, None], "crew": [1, None], "papers": [None, True]})
        found = check(POLICY, frame, keep="county")
        frame = found.frame.collect()
        assert (["s1", "s2"], [3, None]) == (
            frame[KEY].to_list(),
            frame[keep_name(0)].to_list(),
        )
        assert (2, "studio", ("county",)) == (found.rows, found.key, found.keep)
        missing = {**dict.fromkeys(POLICY.facts, 2), "crew": 1, "papers": 1}
        assert missing == found.missing

    def test_kept_fact(self, framed: Framed) -> None:
        """A fact can be scored and kept."""
        assert ["1.0"] == normal(framed({"crew": ["1.0"]}), keep_name(0), keep=["crew"])

    def test_keys_of_numbers(self) -> None:
        """A studio may have a number."""
        assert ["7", "8"] == normal(pl.DataFrame({"no": [7, 8]}), KEY, key="no")

    @pytest.mark.parametrize("key", ["新昌 no 1", "𬭎䶮", "a\u3000b"])
    def test_keys(self, key: str) -> None:
        """A key may have any character that can be seen, and space inside."""
        assert [key] == normal(pl.DataFrame({"studio": [key]}), KEY)


class TestRefused:
    """Values that no studio could have handed in."""

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("crew", 51, "out_of_bounds"),
            ("crew", -1, "out_of_bounds"),
            ("crew", 10**15, "too_many_digits"),
            ("crew", 3.9, "wrong_type"),
            ("crew", float("nan"), "wrong_type"),
            ("crew", 1e300, "too_many_digits"),
            ("crew", True, "wrong_type"),
            ("crew", "3.9", "wrong_type"),
            ("crew", " 3", "wrong_type"),
            ("crew", "1e1", "wrong_type"),
            ("crew", "007", "wrong_type"),
            ("crew", "1,000", "wrong_type"),
            ("crew", "３", "wrong_type"),
            ("crew", "3\n", "wrong_type"),
            ("crew", "9" * 5000, "too_many_digits"),
            ("crew", date(2024, 1, 1), "wrong_type"),
            ("crew", [3], "wrong_type"),
            ("boxes", 13, "off_step"),
            ("boxes", "13", "off_step"),
            ("boxes", 10**9 + 8, "beyond_limit"),
            ("hours", 0.3, "off_step"),
            ("hours", 0.1 + 0.2, "off_step"),
            ("hours", float("nan"), "not_finite"),
            ("hours", float("inf"), "not_finite"),
            ("hours", -1e300, "too_many_digits"),
            ("hours", -1e10, "beyond_limit"),
            ("hours", "NaN", "wrong_type"),
            ("hours", "0.25", "off_step"),
            ("hours", Decimal("0.25"), "off_step"),
            ("hours", "0.5000000000000001", "too_many_digits"),
            ("hours", "-2000000000", "beyond_limit"),
            ("share", 0.1 + 0.2, "off_step"),
            ("share", "100.1", "out_of_bounds"),
            ("papers", "yes", "wrong_type"),
            ("papers", 1, "wrong_type"),
            ("papers", 1.0, "wrong_type"),
            ("kind", "Old", "unknown_name"),
            ("kind", 1, "wrong_type"),
            ("opened", "2023-02-29", "wrong_type"),
            ("opened", "1900-02-29", "wrong_type"),
            ("opened", "2023-13-01", "wrong_type"),
            ("opened", "0000-01-01", "wrong_type"),
            ("opened", "20230331", "wrong_type"),
            ("opened", datetime(2023, 3, 31), "wrong_type"),  # noqa: DTZ001 - as a frame has it
        ],
    )
    def test_faults_21_and_22(self, framed: Framed, name: str, value: Any, code: str) -> None:  # noqa: ANN401
        """Nothing is coerced, rounded or clamped; the row is named, and nulls are none."""
        frame = framed({name: [None, value]})
        assert [(code, f"{name}/row 2")] == told(frame)

    def test_same_words_as_for_one_studio(self, framed: Framed) -> None:
        """The sentence is that of a single studio, with how many there are in both languages."""
        (problem,) = problems(framed({"crew": [1, 51, 52, 53, 50, 99]}))
        assert (
            "crew/row 2: [out_of_bounds] got 51, expected 0 to 50; "
            "4 rows in all, the first of them: 2, 3, 4, …"
        ) == problem.explain("en")
        assert problem.explain("zh").endswith("应为0 至 50；共 4 行，最先的是：2、3、4、…")

    def test_all_at_once(self, framed: Framed) -> None:
        """Every kind of problem of every column is one problem, each at its first row."""
        columns = {
            "creww": [1, 1, 1],
            "crew": ["3.9", "60", "x"],
            "papers": ["no", None, "true"],
            "hours": [0.5, 0.7, 1e10],
        }
        found = problems(framed(columns), keep=["countty"])
        assert [
            ("no_such_column", "countty", None),
            ("unknown_name", "creww", "crew"),
            ("wrong_type", "crew/row 1", None),
            ("out_of_bounds", "crew/row 2", None),
            ("wrong_type", "papers/row 1", None),
            ("beyond_limit", "hours/row 3", None),
            ("off_step", "hours/row 2", None),
        ] == [(p.code, p.path, p.nearest) for p in found]
        assert 2 == found[2].parameters["rows"]


class TestParts:
    """A part can not exceed its whole, known or not."""

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ({"members": 5, "trainees": 6}, [("more_than_whole", "trainees/row 1")]),
            ({"members": "5", "trainees": 6.0}, [("more_than_whole", "trainees/row 1")]),
            ({"trainees": 51}, [("more_than_whole", "trainees/row 1")]),
            ({"members": None, "trainees": 51}, [("more_than_whole", "trainees/row 1")]),
            ({"trainees": 1}, [("less_than_part", "trainees/row 1")]),
            ({"members": 1}, [("less_than_part", "members/row 1")]),
            ({"members": 4, "experts": 5}, [("more_than_whole", "experts/row 1")]),
        ],
    )
    def test_above(self, framed: Framed, row: Mapping[str, Any], expected: list[Any]) -> None:
        """The part is named, or where it is not known, the whole that its bound is above."""
        assert expected == told(framed({name: [value] for name, value in row.items()}))

    def test_right(self, framed: Framed) -> None:
        """A part may be all of its whole, and what does not fit by itself is not compared."""
        columns = {"members": [2, None, 60], "trainees": [2, 50, 55], "experts": [2, None, 2]}
        assert [("out_of_bounds", "members/row 3"), ("more_than_whole", "trainees/row 3")] == told(
            framed(columns)
        )


class TestKeys:
    """Which studio a row is about."""

    def test_doubled_and_missing(self, framed: Framed) -> None:
        """Every studio has one row and a name that can be seen and compared."""
        keys = ["a", "b", "a", None, "", " c", "\u202ed", "a", "e\t"]
        found = problems(framed({"crew": [1] * 9, "no": keys}), key="no", keep=["studio"])
        assert [
            ("padded_id", "no/row 4", 4),
            ("bad_character", "no/row 7", 1),
            ("duplicate_key", "no/row 3", 2),
        ] == [(p.code, p.path, p.parameters["rows"]) for p in found]

    @pytest.mark.parametrize("values", [[1.5], [True], [date(2024, 1, 1)]])
    def test_no_keys(self, values: list[Any]) -> None:
        """What is neither text nor a whole number names no studio."""
        assert [("wrong_type", "studio/row 1")] == told(pl.DataFrame({"studio": values}))

    def test_missing_number(self) -> None:
        """A number may be missing, too, or be there twice."""
        frame = pl.DataFrame({"studio": [1, None, 1]})
        assert [("padded_id", "studio/row 2"), ("duplicate_key", "studio/row 3")] == told(frame)


class TestFrames:
    """What is no cohort at all."""

    def test_no_key_column(self, framed: Framed) -> None:
        """The rows are looked at even where there is no key."""
        found = told(framed({"crew": [60]}), key="stduio", keep=["studio"])
        assert [("no_such_column", "stduio"), ("out_of_bounds", "crew/row 1")] == found

    def test_key_is_fact(self, framed: Framed) -> None:
        """A fact is no key."""
        assert [("key_is_fact", "crew")] == told(framed({"crew": [1]}), key="crew", keep="studio")

    def test_kept_twice(self, framed: Framed) -> None:
        """A column is kept once; the key is anyway."""
        frame = framed({"crew": [1]})
        keep = ["crew", "crew", "studio"]
        expected = [("taken_column", "crew"), ("taken_column", "studio")]
        assert expected == told(frame, keep=keep)

    def test_no_rows(self) -> None:
        """Nobody is no cohort."""
        assert [("no_rows", "")] == told(pl.DataFrame({"studio": []}, schema={"studio": pl.String}))

    @pytest.mark.parametrize("frame", [{"studio": ["a"]}, [1], None, "a.csv", pl.Series([1])])
    def test_no_frame(self, frame: object) -> None:
        """What is no frame is refused by its type."""
        assert ["not_a_frame"] == [code for code, _ in told(frame)]

    def test_twice_the_same_column(self) -> None:
        """Two columns of one name are refused before an engine chooses one."""
        frame = pa.Table.from_arrays([pa.array(["a"]), pa.array([1]), pa.array([2])], names=_TWICE)
        assert [("duplicate_column", "crew")] == told(frame)

    def test_pyarrow(self) -> None:
        """A table of PyArrow goes on in Polars, and NaN is no null there."""
        good = pa.table({"studio": ["a", "b"], "crew": [1.0, None]})
        assert [1, None] == normal(good, "crew")
        bad = pa.table({"studio": ["a"], "crew": [float("nan")]})
        assert [("wrong_type", "crew/row 1")] == told(bad)

    def test_pandas(self) -> None:
        """In pandas NaN is what is missing, and makes floats of the other counts."""
        pandas = pytest.importorskip("pandas")
        frame = pandas.DataFrame({"studio": ["a", "b"], "crew": [3, None]})
        assert [3, None] == normal(frame, "crew")

    def test_narwhals(self) -> None:
        """A frame of narwhals is one already."""
        assert [1] == normal(nw.from_native(pl.DataFrame({"studio": ["a"], "crew": [1]})), "crew")


_TWICE = ["studio", "crew", "crew"]


class TestBands:
    """Marks that fit no band of their item."""

    def test_explained(self, framed: Framed) -> None:
        """The sheet's own words, at the first of the rows that an item refuses."""
        frame = framed({"talk_mark": [8.0, 7.5, None, 7.5], "faults": [0, 0, 1, 0]})
        checked = check(SMALL, frame).frame
        off = checked.with_columns(refused=nw.col("talk_mark") == 15)
        (found,) = refused_problems(SMALL, off, {"refused": "criteria/talk"})
        with pytest.raises(InputError) as refused:
            SMALL.score({"talk_mark": Decimal("7.5"), "faults": 0})
        (same,) = refused.value.problems
        assert (same.code, "talk_mark/row 2", same.got) == (found.code, found.path, found.got)
        assert (2, ["2", "4"]) == (found.parameters["rows"], found.parameters["first"])

    def test_none(self, framed: Framed) -> None:
        """Where no row is refused there is no problem."""
        checked = check(SMALL, framed({"talk_mark": [8]})).frame
        fine = checked.with_columns(refused=nw.col("talk_mark") == 15)
        assert [] == refused_problems(SMALL, fine, {"refused": "criteria/talk"})
