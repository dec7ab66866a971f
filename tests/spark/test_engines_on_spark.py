"""What Spark does with Python over batches, with streams and with numbers of rows."""

from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest

from studioflow.cohort.columns.engines import batches, collected, mapped, native_like, numbered

pytestmark = pytest.mark.spark

ROWS = 50_000
SCHEMA = pa.schema([("studio", pa.string()), ("points", pa.decimal128(18, 1))])


@pytest.fixture(scope="module")
def frame(session: Any) -> nw.LazyFrame[Any]:  # noqa: ANN401 - Spark's
    """Give studios with marks, every fifth of which is missing."""
    marks = pa.array((None if n % 5 == 0 else n % 100 for n in range(ROWS)), pa.int16())
    table = pa.table(
        {"studio": pa.array((f"s{n}" for n in range(ROWS)), pa.string()), "mark": marks}
    )
    found: nw.LazyFrame[Any] = nw.from_native(session.createDataFrame(table))
    return found


def halved(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return half a point for each mark."""
    marks = batch.column("mark").to_pylist()
    points = [None if mark is None else Decimal(mark) / 2 for mark in marks]
    names = batch.column("studio").cast(pa.string())
    return pa.RecordBatch.from_arrays([names, pa.array(points, SCHEMA.types[1])], schema=SCHEMA)


def test_a_function_over_batches_runs_on_the_workers(frame: nw.LazyFrame[Any]) -> None:
    """What Python makes of the batches can be computed on, as often as somebody likes."""
    found = mapped(frame, halved, SCHEMA)
    scored = found.filter(~nw.col("points").is_null())

    assert frame.implementation is found.implementation
    for _ in range(2):
        counted = collected(scored.select(nw.len(), nw.col("points").max().alias("best")))
        assert [{"len": 40_000, "best": Decimal("49.5")}] == counted.to_arrow().to_pylist()


def test_a_function_that_shifts_rows_is_stopped(frame: nw.LazyFrame[Any]) -> None:
    """Fewer rows than given are an error, which tells what happened on the worker."""
    from pyspark.errors import PythonException

    with pytest.raises(PythonException, match="the function returned"):
        collected(mapped(frame, lambda batch: halved(batch)[1:], SCHEMA))


def test_batches_come_in_order_and_no_larger_than_asked(frame: nw.LazyFrame[Any]) -> None:
    """All rows come, one task after the other, so many at a time."""
    found = list(batches(frame, 7_000))

    assert all(0 < batch.num_rows <= 7_000 for batch in found)
    assert [f"s{n}" for n in range(ROWS)] == [
        studio for batch in found for studio in batch.column("studio").to_pylist()
    ]


def test_a_frame_without_rows_shows_its_columns(frame: nw.LazyFrame[Any]) -> None:
    """One batch without rows comes, so that a file has its columns; or none, if asked so."""
    nobody = frame.filter(nw.col("mark") > 1000)
    (batch,) = batches(nobody, 100)

    assert (0, ["studio", "mark"]) == (batch.num_rows, batch.schema.names)
    assert [] == list(batches(nobody, 100, empty=False))


def test_rows_have_no_numbers(frame: nw.LazyFrame[Any]) -> None:
    """Spark keeps no order, so a row is told of by its key."""
    assert numbered(frame, "row") is None


def test_a_result_is_a_frame_of_spark(frame: nw.LazyFrame[Any]) -> None:
    """What was handed in as Spark's frame comes back as one, and nothing is computed."""
    assert type(frame.to_native()) is type(native_like(frame, frame.to_native()))
