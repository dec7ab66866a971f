"""Files of a cohort are read as they stand, or refused."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import polars as pl
import pytest

from studioflow.cohort.columns.reading import read, telling_damage
from studioflow.errors import InputError, MissingExtraError, Problem

ENGINES = ("polars", "duckdb")


def save(frame: pl.DataFrame, path: Path) -> None:
    """Write the frame to a file in the format of its name."""
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_ipc(path)


Rows = list[tuple[Any, ...]]


def rows_of(frame: Any) -> tuple[list[str], Rows]:  # noqa: ANN401 - a frame of any engine
    """The names and the rows of a frame."""
    if isinstance(frame, pl.LazyFrame):
        held = frame.collect(engine="streaming")
        return held.columns, held.rows()
    return frame.columns, frame.fetchall()


def refused(act: Callable[[], object]) -> Problem:
    """The one problem that something is refused for."""
    with pytest.raises(InputError) as caught:
        act()
    (problem,) = caught.value.problems
    return problem


@pytest.fixture
def given(tmp_path: Path) -> Callable[[bytes], Path]:
    """A CSV file that holds these bytes."""

    def written(data: bytes) -> Path:
        path = tmp_path / "cohort.csv"
        path.write_bytes(data)
        return path

    return written


@pytest.mark.parametrize("engine", ENGINES)
class TestCsv:
    """A CSV file is text, and means the same to every engine."""

    @pytest.mark.parametrize(
        ("data", "rows"),
        [
            (b"k,a\ns1,007\ns2, 1.50 \n", [("s1", "007"), ("s2", " 1.50 ")]),
            (b"k,a\r\ns1,true\r\ns2,NA", [("s1", "true"), ("s2", "NA")]),
            (b"k,a\ns1,1\n\ns2,2\n\n\n", [("s1", "1"), ("s2", "2")]),
            (b'k,a\ns1,""\ns2,\n', [("s1", None), ("s2", None)]),
            (b'k,a\n"s,\n""1""",1\n', [('s,\n"1"', "1")]),
            (b'k,a\ns"1,1\ns"2,2\n', [('s"1', "1"), ('s"2', "2")]),
            (codecs.BOM_UTF8 + "k,a\n工作室,1\n".encode(), [("工作室", "1")]),
            (b"k,a\n#s1,2026-01-01\n", [("#s1", "2026-01-01")]),
            (b"k,a\n", []),
        ],
    )
    def test_cells(
        self, given: Callable[[bytes], Path], engine: str, data: bytes, rows: Rows
    ) -> None:
        """Cells are text as they stand; an empty one is null, and a blank line is nothing."""
        assert (["k", "a"], rows) == rows_of(read(given(data), engine))

    @pytest.mark.parametrize(
        ("data", "code", "path"),
        [
            (b"k,a\ns1,1\n\ns2\ns3,3\n", "ragged_row", "row 2"),
            (b"k,a\ns1,1,1\n", "ragged_row", "row 1"),
            (b'k,a\n"s1,1\ns2,2\n', "ragged_row", "row 1"),
            ("k,a\ns1,1\n工作室,1\n".encode("gbk"), "not_utf8", ""),
            ("工作室,a\ns1,1\n".encode("gbk"), "not_utf8", ""),
            ("k,a\ns1,1\n".encode("utf-16"), "not_utf8", ""),
            (b"k,a,a\ns1,1,1\n", "duplicate_column", "column 3"),
            (b"k,a,\ns1,1,\n", "unnamed_column", "column 3"),
            (b"", "syntax", ""),
            (b"\n\n", "syntax", ""),
        ],
    )
    def test_refused(
        self, given: Callable[[bytes], Path], engine: str, data: bytes, code: str, path: str
    ) -> None:
        """What an engine would guess at is refused: with its place in the file, and its name."""
        problem = refused(lambda: read(given(data), engine))
        assert ("cohort.csv", code, path) == (problem.file, problem.code, problem.path)

    def test_many_ragged(self, given: Callable[[bytes], Path], engine: str) -> None:
        """Of many rows that are too short the first few are named, and all are counted."""
        problem = refused(lambda: read(given(b"k,a\n" + b"s,1\ns\n" * 5), engine))
        assert "5 rows in all, the first of them: 2, 4, 6" == problem.advice("en")
        assert ("'s'", "2 cells in every row, as in the head; here are 1") == (
            problem.got,
            problem.expected("en"),
        )

    def test_late_bytes(self, given: Callable[[bytes], Path], engine: str) -> None:
        """Bytes that are no UTF-8 are found wherever they stand, and Excel's way out is named."""
        data = b"k,a\n" + b"studio,1\n" * 600_000
        problem = refused(lambda: read(given(data + "室,1\n".encode("gbk")), engine))
        assert f"'byte {len(data)}: 0xca'" == problem.got
        assert "CSV UTF-8" in problem.advice("zh")


def test_spilling(given: Callable[[bytes], Path]) -> None:
    """What DuckDB can not hold in memory goes where temporary files go, and not beside us."""
    rows = read(given(b"k\ns1\n"), "duckdb")
    place = rows.query("rows", "select current_setting('temp_directory')").fetchall()[0][0]
    assert Path(gettempdir()) == Path(place).parent
    assert not Path(place).exists()


def test_case_of_names(given: Callable[[bytes], Path]) -> None:
    """Names that differ in case alone are two columns to Polars, and one to DuckDB."""
    path = given(b"k,a,A\ns1,1,2\n")
    assert (["k", "a", "A"], [("s1", "1", "2")]) == rows_of(read(path))
    assert "duplicate_column" == refused(lambda: read(path, "duckdb")).code


class TestTyped:
    """Parquet and Arrow files keep their types, and are refused where they are damaged."""

    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("form", ["parquet", "arrow"])
    def test_read(self, tmp_path: Path, engine: str, form: str) -> None:
        """Values come as they were written, whatever the file's name holds."""
        path = tmp_path / f"a [1]*?.{form.upper()}"
        rows = [("s1", 1, Decimal("1.50"), True, date(2026, 1, 2)), ("s2", None, None, None, None)]
        save(pl.DataFrame(rows, schema=["k", "n", "d", "b", "on"], orient="row"), path)
        assert (["k", "n", "d", "b", "on"], rows) == rows_of(read(path, engine))

    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("form", ["parquet", "arrow"])
    @pytest.mark.parametrize("part", [0, 10, 500])
    def test_cut_off(self, tmp_path: Path, engine: str, form: str, part: int) -> None:
        """A file that is not whole is refused before anything is read from it."""
        path = tmp_path / f"cohort.{form}"
        save(pl.DataFrame({"k": [f"s{n}" for n in range(1000)]}), path)
        path.write_bytes(path.read_bytes()[:part])
        problem = refused(lambda: read(path, engine))
        assert (path.name, "syntax") == (problem.file, problem.code)

    @pytest.mark.parametrize("engine", ENGINES)
    def test_damaged_inside(self, tmp_path: Path, engine: str) -> None:
        """Damage that only shows when the rows are read is told as such."""
        path = tmp_path / "cohort.parquet"
        pl.DataFrame({"k": [f"s{n}" for n in range(100_000)]}).write_parquet(path)
        data = bytearray(path.read_bytes())
        data[1000:6000] = bytes(5000)
        path.write_bytes(data)

        def act() -> None:
            with telling_damage(path):
                rows_of(read(path, engine))

        problem = refused(act)
        assert (path.name, "syntax") == (problem.file, problem.code)

    def test_damaged_offsets(self, tmp_path: Path) -> None:
        """An Arrow file is looked at to its end, since offsets that lead nowhere end a process."""
        path = tmp_path / "cohort.arrow"
        frame = pl.DataFrame({"k": [f"a longer studio {n}" for n in range(1000)]})
        frame.write_ipc(path, compat_level=pl.CompatLevel.oldest())
        data = bytearray(path.read_bytes())
        data[1000:3000] = b"\xee" * 2000
        path.write_bytes(data)
        assert "syntax" == refused(lambda: read(path, "duckdb")).code

    def test_not_damaged(self, tmp_path: Path) -> None:
        """An error over a file that is whole stays what it was."""
        path = tmp_path / "cohort.parquet"
        pl.DataFrame({"k": ["s1"]}).write_parquet(path)
        with pytest.raises(ZeroDivisionError), telling_damage(path):
            _ = 1 / 0

    def test_interrupted(self, tmp_path: Path) -> None:
        """Ctrl-C is Ctrl-C, also where DuckDB makes another error of it."""
        with pytest.raises(KeyboardInterrupt), telling_damage(tmp_path / "cohort.parquet"):
            raise RuntimeError("Query interrupted")


class TestPlaces:
    """What is no file of a cohort."""

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("gone.csv", "not_readable"),
            ("folder.csv", "not_readable"),
            ("folder.parquet", "not_readable"),
            ("nul\0.csv", "not_readable"),
            ("cohort.xlsx", "unknown_format"),
            ("cohort", "unknown_format"),
        ],
    )
    def test_refused(self, tmp_path: Path, name: str, code: str) -> None:
        """A missing file, a folder, and a format that is not read are refused by name."""
        for folder in ("folder.csv", "folder.parquet"):
            (tmp_path / folder).mkdir()
        assert code == refused(lambda: read(tmp_path / name)).code

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_pipe(self, tmp_path: Path) -> None:
        """A pipe is refused, and not waited for."""
        os.mkfifo(tmp_path / "pipe.csv")
        assert "not_readable" == refused(lambda: read(tmp_path / "pipe.csv")).code

    def test_excel(self, tmp_path: Path) -> None:
        """Who comes with a workbook is told what to save it as."""
        assert "CSV UTF-8" in refused(lambda: read(tmp_path / "cohort.xlsx")).advice("en")

    def test_unknown_engine(self, tmp_path: Path) -> None:
        """An engine that there is none of is refused, with the nearest one."""
        assert "polars" == refused(lambda: read(tmp_path / "a.csv", "polar")).nearest

    def test_missing_extra(
        self, given: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where an engine is not installed the extra is named that brings it."""
        found = "studioflow.cohort.columns.reading.find_spec"
        monkeypatch.setattr(found, lambda name: None if name == "duckdb" else name)
        with pytest.raises(MissingExtraError) as caught:
            read(given(b"k\ns1\n"), "duckdb")
        assert "duckdb" == caught.value.extra

    def test_spark_reads_no_arrow(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Spark is offered no Arrow file, which it can not read."""
        monkeypatch.setattr("studioflow.cohort.columns.reading.find_spec", lambda name: name)
        problem = refused(lambda: read(tmp_path / "cohort.arrow", "pyspark"))
        assert "a file whose name ends in one of: .csv, .parquet" == problem.expected("en")

    def test_spark_paths(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A CSV file whose path Spark would take for a pattern is refused."""
        monkeypatch.setattr("studioflow.cohort.columns.reading.find_spec", lambda name: name)
        path = tmp_path / "a[1].csv"
        path.write_text("studio\ns1\n")
        problem = refused(lambda: read(path, "pyspark"))
        assert "spark_path" == problem.code
        assert "* , ? [ \\ ] { }" in problem.expected("en")
