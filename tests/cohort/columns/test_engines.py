"""What each engine does with Python over batches, with streams and with numbers of rows."""

import gc
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest

from studioflow.cohort.columns.engines import batches, collected, mapped, native_like, numbered

Frame = nw.LazyFrame[Any]

ROWS = 200_000
SCHEMA = pa.schema([("studio", pa.string()), ("points", pa.decimal128(18, 1))])


def table(rows: int = ROWS) -> pa.Table:
    """Return a table of studios with marks, every fifth of which is missing."""
    marks = pa.array((None if n % 5 == 0 else n % 100 for n in range(rows)), pa.int16())
    return pa.table(
        {"studio": pa.array((f"s{n}" for n in range(rows)), pa.string()), "mark": marks}
    )


def halved(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return half a point for each mark."""
    marks = batch.column("mark").to_pylist()
    points = [None if mark is None else Decimal(mark) / 2 for mark in marks]
    names = batch.column("studio").cast(pa.string())
    return pa.RecordBatch.from_arrays([names, pa.array(points, SCHEMA.types[1])], schema=SCHEMA)


@pytest.fixture(params=["polars", "duckdb"])
def frame(request: pytest.FixtureRequest) -> Frame:
    """Give the studios as a lazy frame of each engine."""
    return lazily(request.param, table())


def lazily(engine: str, given: pa.Table) -> Frame:
    """Return a table as a lazy frame of an engine."""
    native: Any = pl.from_arrow(given) if engine == "polars" else duckdb.connect().from_arrow(given)
    found: Frame = nw.from_native(native).lazy()
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_function_over_batches_makes_the_rows_in_their_order(frame: Frame) -> None:
    """What Python makes of the batches is a lazy frame of the same engine, row for row."""
    found = mapped(frame, halved, SCHEMA)
    rows = collected(found).to_arrow().to_pylist()

    assert frame.implementation is found.implementation
    assert isinstance(found, nw.LazyFrame)
    assert ROWS == len(rows)
    assert {"studio": "s0", "points": None} == rows[0]
    assert {"studio": "s123457", "points": Decimal("28.5")} == rows[123457]


def test_what_python_makes_can_be_asked_more_than_once(frame: Frame) -> None:
    """A mapped frame is computed on like any other, and as often as somebody likes."""
    found = mapped(frame, halved, SCHEMA)
    scored = found.filter(~nw.col("points").is_null())

    for _ in range(2):
        counted = collected(scored.select(nw.len(), nw.col("points").max().alias("best")))
        assert [{"len": 160_000, "best": Decimal("49.5")}] == counted.to_arrow().to_pylist()


def test_a_condition_is_not_pushed_below_the_function(frame: Frame) -> None:
    """A condition on a column that Python makes is one on that column, not on its namesake."""

    def upside_down(batch: pa.RecordBatch) -> pa.RecordBatch:
        marks = [99 - (mark or 0) for mark in batch.column("mark").to_pylist()]
        return pa.RecordBatch.from_arrays([pa.array(marks, pa.int64())], names=["mark"])

    found = mapped(frame, upside_down, pa.schema([("mark", pa.int64())]))

    assert 2000 == len(collected(found.filter(nw.col("mark") == 0)))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_function_never_sees_a_batch_without_rows(engine: str) -> None:
    """A frame without rows stays one with the new columns, and the function is not called."""
    found = mapped(lazily(engine, table(0)), lambda _: pytest.fail("called"), SCHEMA)

    assert ["studio", "points"] == collected(found).columns
    assert 0 == len(collected(found))


@pytest.mark.parametrize("wrong", ["rows", "schema"])
def test_a_function_that_shifts_rows_is_stopped(frame: Frame, wrong: str) -> None:
    """Fewer rows, or other columns than promised, are an error and no result."""

    def fewer(batch: pa.RecordBatch) -> pa.RecordBatch:
        return halved(batch)[1:]

    def others(batch: pa.RecordBatch) -> pa.RecordBatch:
        return halved(batch).rename_columns(["a", "b"])

    with pytest.raises(TypeError, match="the function returned"):
        collected(mapped(frame, fewer if wrong == "rows" else others, SCHEMA))


def test_the_error_of_a_function_comes_through(frame: Frame) -> None:
    """What goes wrong in the function is what the caller sees."""

    def broken(_: pa.RecordBatch) -> pa.RecordBatch:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collected(mapped(frame, broken, SCHEMA))


def test_rows_of_duckdb_wait_on_the_disk_for_as_long_as_somebody_reads_them(folder: Path) -> None:
    """The file behind a mapped relation is gone with the last relation over it."""
    found = mapped(lazily("duckdb", table()), halved, SCHEMA)
    derived = found.filter(nw.col("points") == 1)
    del found
    gc.collect()

    assert 1 == len(list(folder.iterdir()))
    assert 2000 == len(collected(derived))

    del derived
    gc.collect()
    assert [] == list(folder.iterdir())


def test_nothing_is_left_on_the_disk_where_a_function_fails(folder: Path) -> None:
    """A function that breaks half-way leaves no file and an open connection."""
    frame = lazily("duckdb", table())
    calls = iter(range(2))

    def breaks(batch: pa.RecordBatch) -> pa.RecordBatch:
        next(calls)
        return halved(batch)

    with pytest.raises(RuntimeError):
        mapped(frame, breaks, SCHEMA)

    assert [] == list(folder.iterdir())
    assert ROWS == len(collected(frame))


def test_batches_come_in_order_and_no_larger_than_asked(frame: Frame) -> None:
    """All rows come, in the order of the frame, so many at a time."""
    found = list(batches(frame, 30_000))

    assert all(0 < batch.num_rows <= 30_000 for batch in found)
    assert table().column("mark").to_pylist() == [
        mark for batch in found for mark in batch.column("mark").to_pylist()
    ]


def test_a_frame_without_rows_shows_its_columns(frame: Frame) -> None:
    """One batch without rows comes, so that a file has its columns; or none, if asked so."""
    nobody = frame.filter(nw.col("mark") > 1000)
    (batch,) = batches(nobody, 100)

    assert (0, ["studio", "mark"]) == (batch.num_rows, batch.schema.names)
    assert [] == list(batches(nobody, 100, empty=False))


def test_whoever_stops_reading_blocks_nobody(frame: Frame) -> None:
    """An iterator that is closed or dropped half-way leaves the engine free for other queries."""
    reading = batches(frame, 100)
    next(reading)
    del reading

    assert ROWS == len(collected(frame))


def test_rows_are_numbered_from_one(frame: Frame) -> None:
    """Numbers follow the order of the rows, whatever is asked of them then."""
    found = numbered(frame, 'row "1"')
    assert found is not None
    late = collected(found.filter(nw.col("studio") == "s123456"))

    assert [{'row "1"': 123457, "studio": "s123456", "mark": 56}] == late.to_arrow().to_pylist()
    assert nw.Int64 == found.collect_schema()['row "1"']


@pytest.mark.parametrize(
    "given",
    [
        pl.DataFrame({"a": [1]}),
        pl.LazyFrame({"a": [1]}),
        pa.table({"a": [1]}),
        nw.from_native(pl.DataFrame({"a": [1]})),
        nw.from_native(pl.LazyFrame({"a": [1]})),
    ],
    ids=lambda given: f"{type(given).__module__.split('.')[0]} {type(given).__name__}",
)
def test_a_result_is_the_kind_of_frame_that_was_handed_in(given: object) -> None:
    """Eager frames come back eager, lazy ones lazy, narwhals' own as its own."""
    found = native_like(lazily("polars", table(3)), given)

    assert type(given) is type(found)


def test_a_result_on_duckdb_is_a_relation() -> None:
    """A relation comes back as one, and nothing is computed."""
    frame = lazily("duckdb", table(3))

    assert frame.to_native() is native_like(frame, frame.to_native())


def test_a_result_in_pandas_keeps_what_is_exact() -> None:
    """Decimals stay decimals, and whole numbers beside nulls whole."""
    pandas = pytest.importorskip("pandas")
    frame = lazily("polars", table(6))
    found: Any = native_like(mapped(frame, halved, SCHEMA), pandas.DataFrame({"a": [1]}))

    assert isinstance(found, pandas.DataFrame)
    assert Decimal("0.5") == found["points"][1]


def test_another_engine_is_named() -> None:
    """A frame of an engine that no cohort is computed by is a programmer's mistake."""
    eager: Any = nw.from_native(pa.table({"a": [1]})).lazy()

    with pytest.raises(TypeError, match="no cohort is computed by"):
        collected(eager)
