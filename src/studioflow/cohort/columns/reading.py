"""Reading a cohort: a CSV, Parquet or Arrow file as a lazy frame of the engine asked for.

A file is looked at before any engine sees it, since engines guess: one fills a short row up,
another renames a column that is there twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from glob import escape
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from studioflow.codec import NOT_READABLE, SYNTAX, UNKNOWN_NAME, wrong
from studioflow.cohort.columns.csv_reading import SAVE_AS_CSV, check_utf8, csv_dataset, csv_names
from studioflow.errors import InputError, MissingExtraError, Problem, StudioflowError, shown
from studioflow.text import message, visible

if TYPE_CHECKING:
    import pyarrow.dataset as pa_dataset

__all__ = ["ENGINES", "file_format", "read", "telling_damage"]

ENGINES: Mapping[str, str] = {"polars": "cohort", "duckdb": "duckdb", "pyspark": "spark"}
"""The engines that a file can be read by, each with the extra that brings it."""

UNKNOWN_FORMAT = message(
    "unknown_format", zh="文件名的结尾：{known}", en="a file whose name ends in one of: {known}"
)
DUPLICATE_COLUMN = message("duplicate_column", zh="每列只出现一次", en="every column once")
UNNAMED_COLUMN = message("unnamed_column", zh="每列都有名称", en="a name for every column")
SPARK_PATH = message(
    "spark_path",
    zh="Spark 读的 CSV 文件，路径中没有 {characters}",
    en="a path without any of {characters}, where Spark reads a CSV file",
)
_FORMATS = {
    ".csv": "CSV",
    ".parquet": "Parquet",
    ".arrow": "Arrow",
    ".feather": "Arrow",
    ".ipc": "Arrow",
}
_INTERRUPTED = "Query interrupted"
"""What DuckDB says in a RuntimeError when Ctrl-C reaches it first."""

_MAGIC = frozenset("\\{}[]*?,")
_PATTERN = re.compile(r"[\\{}\[\]*?]")
_TABLES = {".xls", ".xlsx", ".xlsm", ".et", ".ods", ".tsv", ".txt"}


def file_format(path: Path, engine: str = "polars") -> str:
    """Return the format that a file's name stands for.

    Raises:
        InputError: where it stands for none, or for one that the engine does not have.
    """
    suffix = path.suffix.lower()
    # Spark reads no Arrow files.
    known = {s: f for s, f in _FORMATS.items() if engine != "pyspark" or f != "Arrow"}
    if suffix not in known:
        hint = SAVE_AS_CSV if suffix in _TABLES else None
        raise wrong(UNKNOWN_FORMAT, visible(path.name), hint=hint, known=known)
    return known[suffix]


def read(path: Path, engine: str = "polars") -> Any:  # noqa: ANN401 - a frame of that engine
    """Read a cohort lazily: as a Polars LazyFrame, a DuckDB relation or a Spark DataFrame.

    Every column of a CSV file is text, and an empty cell is null. Nothing is looked at here but
    what makes it a file of its format; `check` looks at the values.

    Args:
        path: a file; for Spark a folder of Parquet files as well.
        engine: one of `ENGINES`.

    Raises:
        InputError: for a file that can not be read, with what is wrong with it.
        MissingExtraError: where the engine is not installed.
    """
    if engine not in ENGINES:
        raise wrong(UNKNOWN_NAME, engine, known=ENGINES)
    if not all(find_spec(module) for module in ("narwhals", "pyarrow", engine)):
        raise MissingExtraError(ENGINES[engine])
    found = file_format(path, engine)
    _check_readable(path, folders=engine == "pyspark" and found == "Parquet")
    if engine == "pyspark" and found == "CSV" and not _MAGIC.isdisjoint(str(path.absolute())):
        raise wrong(SPARK_PATH, visible(str(path)), characters=" ".join(sorted(_MAGIC)))
    with _in_file(path):
        with _damage_told(path, found):
            names = _NAMES[found](path)
        _check_names(names, fold=engine != "polars")
    return _READERS[engine](path, found)


@contextmanager
def telling_damage(path: Path) -> Iterator[None]:
    """Say of what fails in a block that the file is damaged, if it is.

    The end of a file and its list of columns may be whole, and what lies before them not: that
    only shows when an engine gets there, and each says it in its own way.

    Raises:
        InputError: in place of an engine's error, where the file can not be read to its end.
        KeyboardInterrupt: as such, whatever an engine made of it.
    """
    try:
        yield
    except (StudioflowError, KeyboardInterrupt):
        raise
    except BaseException as error:  # a panic of Polars is no Exception
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        found = file_format(path)
        with _in_file(path), _damage_told(path, found):
            for _ in _dataset(path, found).to_batches():
                pass
        raise


@contextmanager
def _in_file(path: Path) -> Iterator[None]:
    """Say of every problem which file it is in.

    Raises:
        InputError: for what is wrong in the block.
    """
    try:
        yield
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


@contextmanager
def _damage_told(path: Path, found: str) -> Iterator[None]:
    """Turn what pyarrow says of a file into a problem.

    Raises:
        InputError: in place of pyarrow's error.
    """
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if found == "CSV":
            check_utf8(path)
        raise wrong(SYNTAX, str(error), format=found) from error


def _check_readable(path: Path, *, folders: bool) -> None:
    """Refuse what can not be opened, and what would never end, such as a pipe.

    Raises:
        InputError: for it.
    """
    name = visible(path.name)
    try:
        other = path.exists() and not path.is_file() and not (folders and path.is_dir())
        if not other and not path.is_dir():
            path.open("rb").close()
    except (OSError, ValueError) as error:  # a null byte in the path
        said = error.strerror if isinstance(error, OSError) else error
        raise wrong(NOT_READABLE, f"{name}: {said}") from error
    if other:
        raise wrong(NOT_READABLE, f"{name}: not a file")


def _check_names(names: list[str], *, fold: bool) -> None:
    """Refuse a column that is there twice, or has no name; to most engines A is a.

    Raises:
        InputError: with each of them.
    """
    seen: set[str] = set()
    problems = []
    for number, name in enumerate(names, start=1):
        known = name.casefold() if fold else name
        if not name:
            problems.append(Problem(UNNAMED_COLUMN, f"column {number}", shown(name)))
        elif known in seen:
            problems.append(Problem(DUPLICATE_COLUMN, f"column {number}", shown(name)))
        seen.add(known)
    if problems:
        raise InputError(problems)


def _parquet_names(path: Path) -> list[str]:
    from pyarrow import parquet

    if path.is_dir():
        return list(_dataset(path, "Parquet").schema.names)
    with parquet.ParquetFile(path) as file:
        return list(file.schema_arrow.names)


def _arrow_names(path: Path) -> list[str]:
    from pyarrow import ipc

    with path.open("rb") as file, ipc.open_file(file) as reader:
        for number in range(reader.num_record_batches):
            # Engines take the offsets in it at their word, and crash where they lead nowhere.
            reader.get_batch(number).validate(full=True)
        return list(reader.schema.names)


_NAMES: Mapping[str, Callable[[Path], list[str]]] = {
    "CSV": csv_names,
    "Parquet": _parquet_names,
    "Arrow": _arrow_names,
}


def _dataset(path: Path, found: str) -> pa_dataset.Dataset:
    """Return a file as pyarrow reads it: in batches, the columns that are asked for."""
    import pyarrow.dataset as pa_dataset

    if found == "CSV":
        return csv_dataset(path)
    return pa_dataset.dataset(path, format="ipc" if found == "Arrow" else "parquet")


def _by_polars(path: Path, found: str) -> object:
    import polars as pl

    if found == "Parquet":
        return pl.scan_parquet(path, glob=False)
    if found == "Arrow":
        return pl.scan_ipc(path, glob=False)
    # Conditions are left to Polars, so that they mean the same as over any other file.
    return pl.scan_pyarrow_dataset(_dataset(path, found), allow_pyarrow_filter=False)


def _by_duckdb(path: Path, found: str) -> object:
    import duckdb

    # Made when memory is not enough, and removed in the end; by itself it would lie where we run.
    aside = Path(gettempdir()) / f"studioflow-{uuid4().hex}"
    connection = duckdb.connect(config={"temp_directory": str(aside)})
    if found == "Parquet":
        return connection.read_parquet(escape(str(path)))
    return connection.from_arrow(_dataset(path, found))


def _by_spark(path: Path, found: str) -> object:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    # Spark takes a name for a pattern, and no percent sign for an escape.
    place = path.absolute().as_posix()
    if found == "Parquet":
        return session.read.parquet("file:" + _PATTERN.sub(r"\\\g<0>", place))
    # It parses by itself, on its workers: strictly, and only what has been looked at.
    return session.read.csv(
        f"file:{place}", header=True, quote='"', escape='"', multiLine=True, mode="FAILFAST"
    )


_READERS: Mapping[str, Callable[[Path, str], object]] = {
    "polars": _by_polars,
    "duckdb": _by_duckdb,
    "pyspark": _by_spark,
}
