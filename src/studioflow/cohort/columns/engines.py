"""What narwhals has no word for, on each engine: Python over batches, streams, numbers of rows.

Three engines compute cohorts: Polars, DuckDB and Spark. Frames of pandas and PyArrow have become
frames of Polars before they get here (see `framed`), and `native_like` turns results back.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["batches", "collected", "mapped", "native_like", "numbered"]

Function = Callable[["pa.RecordBatch"], "pa.RecordBatch"]

_ENGINES = {nw.Implementation.POLARS, nw.Implementation.DUCKDB, nw.Implementation.PYSPARK}
_ROWS = 1 << 16
_PACKED = "batch"


def mapped(frame: nw.LazyFrame[Any], function: Function, schema: pa.Schema) -> nw.LazyFrame[Any]:
    """Return a frame whose rows a Python function makes, batch by batch.

    Polars and Spark call it when they come to the rows, as often as they do; Spark calls it on its
    workers, so they need what the function needs. DuckDB lets no Python into a relation: there
    the rows are computed at once, and wait in a file for as long as a relation reads them.

    Args:
        frame: a lazy frame.
        function: takes some of the rows, at least one, and returns just as many in the same
            order. It looks at nothing else and changes nothing.
        schema: of what it returns.

    Raises:
        TypeError: where the function returns something else, or from Spark's workers as Spark
            tells it.
    """
    native = frame.to_native()
    found: nw.LazyFrame[Any]
    match _engine(frame):
        case nw.Implementation.POLARS:
            found = nw.from_native(_mapped_by_polars(native, function, schema))
        case nw.Implementation.DUCKDB:
            rows = (
                _called(function, schema, batch) for batch in batches(frame, _ROWS, empty=False)
            )
            found = nw.from_native(_held(native, rows, schema))
        case _:
            from pyspark.sql.pandas.types import from_arrow_schema

            over = partial(_over, function, schema)
            found = nw.from_native(native.mapInArrow(over, from_arrow_schema(schema)))
    return found


def batches(frame: nw.LazyFrame[Any], rows: int, *, empty: bool = True) -> Iterator[pa.RecordBatch]:
    """Compute a frame and yield its rows as they come, in the order of the frame.

    No more than some batches are in memory at a time; of Spark, what one of its tasks returns.
    While rows come from DuckDB its connection is busy: it runs no other query until the iterator
    is at its end or closed.

    Args:
        frame: a lazy frame.
        rows: at most so many in a batch.
        empty: yield one batch without rows where there are none, which shows the columns.
    """
    native = frame.to_native()
    match _engine(frame):
        case nw.Implementation.POLARS:
            found = _batches_of_polars(native, rows, empty=empty)
        case nw.Implementation.DUCKDB:
            found = _batches_of_duckdb(native, rows, empty=empty)
        case _:
            found = _batches_of_spark(native, empty=empty)
    for batch in found:
        # A batch without rows has one slice, too.
        for start in range(0, max(batch.num_rows, 1), rows):
            yield batch.slice(start, rows)


def numbered(frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any] | None:
    """Return a frame with its rows numbered from 1; None where an engine keeps no order.

    Args:
        frame: a lazy frame.
        name: of the column of numbers, which comes first.
    """
    native = frame.to_native()
    found: nw.LazyFrame[Any] | None
    match _engine(frame):
        case nw.Implementation.POLARS:
            indexed: nw.LazyFrame[Any] = nw.from_native(native.with_row_index(name, offset=1))
            found = indexed.with_columns(nw.col(name).cast(nw.Int64))
        case nw.Implementation.DUCKDB:
            quoted = name.replace('"', '""')
            found = nw.from_native(native.project(f'row_number() OVER () AS "{quoted}", *'))
        case _:
            found = None
    return found


def collected(frame: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
    """Compute a frame: by Polars's streaming engine, or into a PyArrow table."""
    if _engine(frame) is nw.Implementation.POLARS:
        return frame.collect("polars", engine="streaming")
    return frame.collect("pyarrow")


def native_like(frame: nw.LazyFrame[Any], given: object) -> object:
    """Return a result as the kind of frame that somebody handed in.

    What was lazy stays lazy. A frame of pandas has columns of PyArrow's types, in which whole
    numbers beside nulls and decimals stay what they are.

    Args:
        frame: the result.
        given: what it was computed from.
    """
    if isinstance(given, nw.LazyFrame):
        return frame
    if isinstance(given, nw.DataFrame):
        like: Any = native_like(frame, given.to_native())
        return nw.from_native(like, eager_only=True)
    taken: object = nw.from_native(given, pass_through=True)
    if not isinstance(taken, nw.DataFrame):
        return frame.to_native()
    rows = collected(frame)
    if taken.implementation.is_polars():
        found: object = rows.to_native()
    elif taken.implementation.is_pandas_like():
        from pandas import ArrowDtype

        found = rows.to_arrow().to_pandas(types_mapper=ArrowDtype)
    else:
        found = rows.to_arrow()
    return found


def _engine(frame: nw.LazyFrame[Any]) -> nw.Implementation:
    """Return which engine computes a frame; Spark is always `PYSPARK`.

    Raises:
        TypeError: for one that no cohort is computed by.
    """
    engine: nw.Implementation = frame.implementation
    if engine is nw.Implementation.PYSPARK_CONNECT:
        return nw.Implementation.PYSPARK
    if engine not in _ENGINES:
        raise TypeError(f"no cohort is computed by {engine}")
    return engine


# --- Python over batches --------------------------------------------------------------------------


def _called(function: Function, schema: pa.Schema, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return what a function makes of a batch.

    Raises:
        TypeError: where it keeps to no schema, or not to the rows: engines would shift them.
    """
    made = function(batch)
    if not made.schema.equals(schema):
        raise TypeError(f"the function returned {made.schema} and not {schema}")
    if made.num_rows != batch.num_rows:
        raise TypeError(f"the function returned {made.num_rows} rows for {batch.num_rows}")
    return made


def _over(
    function: Function, schema: pa.Schema, given: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Yield what a function makes of batches, a few rows at a time."""
    for batch in given:
        for start in range(0, batch.num_rows, _ROWS):
            yield _called(function, schema, batch.slice(start, _ROWS))


def _mapped_by_polars(frame: Any, function: Function, schema: pa.Schema) -> object:  # noqa: ANN401
    import polars as pl
    import pyarrow as pa

    def over(some: pl.DataFrame) -> Any:  # noqa: ANN401 - from_arrow says Series for an array
        made = _over(function, schema, some.to_arrow().to_batches())
        return pl.from_arrow(pa.Table.from_batches(made, schema))

    shape: Any = pl.from_arrow(schema.empty_table())
    # Polars may hand over any rows by themselves, and may leave some out that nobody asks for; but
    # neither columns that the function reads, nor by a condition on columns that it makes.
    return frame.map_batches(over, schema=shape.schema, streamable=True, slice_pushdown=True)


def _held(relation: Any, rows: Iterator[pa.RecordBatch], schema: pa.Schema) -> object:  # noqa: ANN401
    """Write rows to a file that goes when nothing reads it any more; return a relation over it.

    A relation can be read many times and a stream once, so the rows have to be somewhere: on the
    disk, since they may be more than fit into memory, and in Arrow's own format, since no type
    has to be translated. A table of DuckDB would outlive the relation.
    """
    import pyarrow as pa
    import pyarrow.dataset as pa_dataset

    folder = TemporaryDirectory(prefix="studioflow-")
    try:
        path = Path(folder.name) / "rows.arrow"
        how = pa.ipc.IpcWriteOptions(compression="lz4")
        with (
            pa.OSFile(str(path), "wb") as file,
            pa.ipc.new_file(file, schema, options=how) as writer,
        ):
            for batch in rows:
                writer.write_batch(batch)
        # DuckDB finds the data set by the name of the variable; all relations over it keep it.
        studioflow_rows = pa_dataset.dataset(path, format="ipc")
        found: object = relation.query("studioflow_frame", "FROM studioflow_rows")
    except BaseException:
        folder.cleanup()
        raise
    weakref.finalize(studioflow_rows, folder.cleanup)
    return found


# --- rows as they come ----------------------------------------------------------------------------


def _batches_of_polars(frame: Any, rows: int, *, empty: bool) -> Iterator[pa.RecordBatch]:  # noqa: ANN401
    none = True
    for some in frame.collect_batches(chunk_size=rows, maintain_order=True, engine="streaming"):
        if some.height:
            none = False
            yield from some.to_arrow().to_batches()
    if none and empty:
        yield from _without_rows(frame.collect_schema().to_frame().to_arrow().schema)


def _batches_of_duckdb(relation: Any, rows: int, *, empty: bool) -> Iterator[pa.RecordBatch]:  # noqa: ANN401
    # Whatever happens to whoever reads: an open reader would block the connection.
    with relation.arrow(rows) as reader:
        none = True
        for batch in reader:
            if batch.num_rows:
                none = False
                yield batch
        if none and empty:
            yield from _without_rows(reader.schema)


def _batches_of_spark(frame: Any, *, empty: bool) -> Iterator[pa.RecordBatch]:  # noqa: ANN401
    """Yield the batches that each task of Spark makes, one task after the other.

    What Spark can stream to its driver is rows, one Python object for each value, and what it
    returns in batches it returns all at once. So each batch is packed into one value of one row.
    """
    import pyarrow as pa

    none = True
    packed = frame.mapInArrow(_pack, f"{_PACKED} binary")
    for row in packed.toLocalIterator(prefetchPartitions=True):
        none = False
        with pa.ipc.open_stream(row[_PACKED]) as reader:
            yield from reader
    if none and empty:
        yield from _without_rows(frame.limit(0).toArrow().schema)


def _pack(given: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches as values of one column."""
    import pyarrow as pa

    for batch in given:
        if batch.num_rows:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as writer:
                writer.write_batch(batch)
            packed = pa.array([sink.getvalue().to_pybytes()], pa.binary())
            yield pa.RecordBatch.from_arrays([packed], names=[_PACKED])


def _without_rows(schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    yield pa.RecordBatch.from_arrays([pa.array([], each.type) for each in schema], schema=schema)
