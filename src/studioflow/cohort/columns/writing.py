"""Writing a scored cohort: Parquet, Arrow or CSV, batch by batch; the whole file, or none.

What is text stays text: a cell that a spreadsheet would take for a formula gets an apostrophe in
CSV. Numbers are exact there as everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, Protocol

from studioflow.codec import Collector, wrong
from studioflow.cohort.columns.reading import file_format
from studioflow.text import exact, message, visible

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
    import pyarrow as pa

__all__ = ["check_target", "write"]

NOT_WRITTEN = message("output_not_writable", zh="可写入的文件", en="a file that can be written")
IS_INPUT = message(
    "output_is_input", zh="不是所读的文件", en="another file than the one that is read"
)
NOT_IN_CSV = message(
    "not_in_csv", zh="一格放得下的数、文字或日期", en="numbers, text or days, which a cell can hold"
)

_ROWS = 1 << 16
_BOM = b"\xef\xbb\xbf"
# Excel in Chinese or Japanese takes the wide forms for the others.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_PLAIN_SCALE = 6
"""From more decimal places on Arrow writes a small number with an exponent."""


class Writer(Protocol):
    """What pyarrow's writers have in common."""

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""


def check_target(path: Path, *, source: Path | None = None, engine: str = "polars") -> None:
    """Refuse a place where no file can be written, before anybody waits for what it should hold.

    Args:
        path: what is to be written; a file that is there is replaced.
        source: what is read meanwhile.
        engine: which is to read it.

    Raises:
        InputError: for it.
    """
    file_format(path, engine)
    with _as_input(path):
        target = path.resolve()
        if source is not None and target == source.resolve():
            raise wrong(IS_INPUT, visible(path.name))
        if target.is_dir() or (target.exists() and not target.is_file()):
            raise wrong(NOT_WRITTEN, f"{visible(path.name)}: not a file")
        with _folder(target):
            pass


def write(
    frame: nw.LazyFrame[Any], path: Path, *, progress: Callable[[int], object] = lambda _: None
) -> None:
    """Write a frame to a file in the format that its name stands for.

    Spark writes Parquet by itself, as a folder of one file for each of its tasks.

    Args:
        frame: is computed as it is written.
        path: a file that is there is replaced, at the end and at once.
        progress: called with the number of rows that are written so far.

    Raises:
        InputError: where the file can not be written; nothing is left of it then.
    """
    found = file_format(path)
    with _as_input(path):
        target = path.resolve()
        with _folder(target) as folder:
            made = folder / target.name
            if found == "Parquet" and frame.implementation.is_spark_like():
                frame.to_native().write.parquet(f"file:{made.as_posix()}")
            else:
                with made.open("wb") as file:
                    _write_into(file, frame, found, progress)
                    file.flush()
                    os.fsync(file.fileno())
            made.replace(target)


@contextmanager
def _folder(target: Path) -> Iterator[Path]:
    """Give a folder beside a file that is to be: it goes, whatever happens, and all that is in it.

    It lies there since only a move within a disk happens at once.
    """
    with TemporaryDirectory(prefix=".studioflow-", dir=target.parent) as folder:
        yield Path(folder)


@contextmanager
def _as_input(path: Path) -> Iterator[None]:
    """Say of a place that can not be written why.

    Raises:
        InputError: in place of the error.
    """
    try:
        yield
    except OSError as error:
        raise wrong(NOT_WRITTEN, f"{visible(path.name)}: {error.strerror or error}") from error
    except RuntimeError as error:  # links in a circle, as `resolve` tells it
        raise wrong(NOT_WRITTEN, visible(path.name)) from error


def _write_into(
    file: IO[bytes], frame: nw.LazyFrame[Any], found: str, progress: Callable[[int], object]
) -> None:
    from studioflow.cohort.columns.engines import batches

    done = 0
    with ExitStack() as stack:
        writer: Writer | None = None
        for batch in batches(frame, _ROWS):
            ready = _for_csv(batch) if found == "CSV" else _plain(batch)
            if writer is None:
                writer = stack.enter_context(_WRITERS[found](file, ready.schema))
            writer.write_batch(ready)
            done += batch.num_rows
            progress(done)


def _parquet_writer(file: IO[bytes], schema: pa.Schema) -> AbstractContextManager[Writer]:
    from pyarrow import parquet

    made: AbstractContextManager[Writer] = parquet.ParquetWriter(file, schema, compression="zstd")
    return made


def _arrow_writer(file: IO[bytes], schema: pa.Schema) -> AbstractContextManager[Writer]:
    from pyarrow import ipc

    how = ipc.IpcWriteOptions(compression="zstd")
    made: AbstractContextManager[Writer] = ipc.new_file(file, schema, options=how)
    return made


def _csv_writer(file: IO[bytes], schema: pa.Schema) -> AbstractContextManager[Writer]:
    from pyarrow import csv

    file.write(_BOM)  # without it Excel takes Chinese for something else
    made: AbstractContextManager[Writer] = csv.CSVWriter(file, schema)
    return made


_WRITERS: Mapping[str, Callable[[IO[bytes], pa.Schema], AbstractContextManager[Writer]]] = {
    "CSV": _csv_writer,
    "Parquet": _parquet_writer,
    "Arrow": _arrow_writer,
}


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the rows with text as plain text: each engine has a way of its own to hold it."""
    import pyarrow as pa

    columns = [column.cast(pa.string()) if _is_text(column.type) else column for column in batch]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _is_text(held: pa.DataType) -> bool:
    from pyarrow import types

    inner = held.value_type if types.is_dictionary(held) else held
    tests = (types.is_string, types.is_large_string, types.is_string_view)
    return any(test(inner) for test in tests)


def _for_csv(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the rows as the cells of a CSV file.

    Raises:
        InputError: for a column of values that are no cells.
    """
    import pyarrow as pa
    from pyarrow import types

    rows = _plain(batch)
    collector = Collector()
    columns = []
    for name, column in zip(rows.schema.names, rows, strict=True):
        with collector.under(name):
            if types.is_nested(column.type) or types.is_binary(column.type):
                raise wrong(NOT_IN_CSV, str(column.type))
            columns.append(_cells(column))
    collector.finish()
    names = _cells(pa.array(rows.schema.names, pa.string())).to_pylist()
    return pa.RecordBatch.from_arrays(columns, names=names)


def _cells(column: pa.Array) -> pa.Array:
    """Return a column with no formula in it, and every number written out."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    if types.is_string(column.type):
        live = pc.match_substring_regex(column, _FORMULA)
        return pc.if_else(live, pc.binary_join_element_wise("'", column, ""), column)
    if types.is_decimal(column.type) and column.type.scale > _PLAIN_SCALE:
        numbers = (None if number is None else exact(number) for number in column.to_pylist())
        return pa.array(numbers, pa.string())
    return column
