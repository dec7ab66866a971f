"""A scored cohort is written whole, or not at all."""

from __future__ import annotations

import codecs
import csv
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pytest

from studioflow.cohort.columns.reading import read
from studioflow.cohort.columns.writing import check_target, write
from studioflow.errors import InputError, Problem

ENGINES = ("polars", "duckdb")
FORMATS = ("csv", "parquet", "arrow")


def lazy(frame: pl.DataFrame, engine: str) -> nw.LazyFrame[Any]:
    """The frame on an engine."""
    native = frame.lazy() if engine == "polars" else duckdb.connect().from_arrow(frame.to_arrow())
    return nw.from_native(native)


def refused(act: Callable[[], object]) -> Problem:
    """The one problem that something is refused for."""
    with pytest.raises(InputError) as caught:
        act()
    (problem,) = caught.value.problems
    return problem


SCORED = pl.DataFrame(
    {
        "studio": ["s1", "=1+1", "室,2", None],
        "total": pl.Series([Decimal("88.50"), Decimal(0), None, Decimal("-0.25")]),
        "gates/5.0.1": [True, False, None, True],
        "grade": pl.Series(["passed", "passed", None, "low"]).cast(pl.Categorical),
        "on": [date(2026, 1, 2), None, None, None],
    }
)


@pytest.mark.parametrize("engine", ENGINES)
class TestWriting:
    """What is written, on every engine."""

    @pytest.mark.parametrize("form", ["parquet", "arrow"])
    def test_typed(self, tmp_path: Path, engine: str, form: str) -> None:
        """Parquet and Arrow keep names, types and values; text is text."""
        path = tmp_path / f"scored.{form}"
        write(lazy(SCORED, engine), path)
        held = (pl.read_parquet if form == "parquet" else pl.read_ipc)(path)
        plain = SCORED.with_columns(pl.col("grade").cast(pl.String))
        assert plain.rows() == held.rows()
        assert list(plain.schema) == list(held.schema)
        assert [pl.String, pl.Boolean, pl.String] == [
            held.schema[name] for name in ("studio", "gates/5.0.1", "grade")
        ]
        assert held.schema["total"].is_decimal()

    def test_csv(self, tmp_path: Path, engine: str) -> None:
        """CSV has plain numbers and truths, nothing for null, and a mark that Excel knows it by."""
        path = tmp_path / "scored.csv"
        write(lazy(SCORED, engine), path)
        data = path.read_bytes()
        assert data.startswith(codecs.BOM_UTF8)
        assert [
            '"studio","total","gates/5.0.1","grade","on"',
            '"s1",88.50,true,"passed",2026-01-02',
            '"\'=1+1",0.00,false,"passed",',
            '"室,2",,,,',
            ',-0.25,true,"low",',
        ] == data.decode("utf-8-sig").splitlines()
        assert "室,2" == read(path).collect()["studio"][2]

    def test_formulas(self, tmp_path: Path, engine: str) -> None:
        """No cell starts as a formula does, in any column of text, nor does a column's name."""
        live = ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]
        held = {"=name": [*live, "a=1", "'=1", ""]}
        path = tmp_path / "scored.csv"
        write(lazy(pl.DataFrame(held), engine), path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [row[0] for row in csv.reader(file)]
        assert ["'=name", *(f"'{cell}" for cell in live), "a=1", "'=1", ""] == cells

    def test_tiny_numbers(self, tmp_path: Path, engine: str) -> None:
        """Numbers of many decimal places are written out, without an exponent."""
        numbers = [Decimal("0.00000001"), Decimal(0), Decimal(-3), None]
        frame = pl.DataFrame({"total": pl.Series(numbers, dtype=pl.Decimal(20, 8))})
        path = tmp_path / "scored.csv"
        write(lazy(frame, engine), path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert ["0.00000001", "0", "-3"] == [row[0] for row in csv.reader(file) if row][1:]

    def test_no_cells(self, tmp_path: Path, engine: str) -> None:
        """A column of lists is refused for CSV, by its name; nothing is left of the file."""
        frame = pl.DataFrame({"studio": ["s1"], "others": [["s2", "s3"]]})
        problem = refused(lambda: write(lazy(frame, engine), tmp_path / "scored.csv"))
        assert ("not_in_csv", "others") == (problem.code, problem.path)
        assert [] == list(tmp_path.iterdir())

    def test_progress(self, tmp_path: Path, engine: str) -> None:
        """It is told how many rows are written, in steps and to the last one."""
        frame = pl.DataFrame({"studio": [f"s{n}" for n in range(200_000)]})
        told: list[int] = []
        write(lazy(frame, engine), tmp_path / "scored.parquet", progress=told.append)
        assert sorted(set(told)) == told
        assert len(told) > 1
        assert 200_000 == told[-1] == pl.read_parquet(tmp_path / "scored.parquet").height


@pytest.mark.parametrize("form", FORMATS)
class TestWhole:
    """A file is written whole, or what was there stays and nothing else does."""

    def test_replaced(self, tmp_path: Path, form: str) -> None:
        """A file that is there is replaced; a link stays one."""
        path, link = tmp_path / f"scored.{form}", tmp_path / f"link.{form}"
        path.write_text("old")
        link.symlink_to(path)
        write(lazy(SCORED, "polars"), link)
        assert {path.name, link.name} == {entry.name for entry in tmp_path.iterdir()}
        assert link.is_symlink()
        assert 4 == read(path).collect().height

    def test_interrupted(self, tmp_path: Path, form: str) -> None:
        """Ctrl-C leaves what was there, and no part of the new file."""
        path = tmp_path / f"scored.{form}"
        path.write_text("old")

        def stop(_: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write(lazy(SCORED, "polars"), path, progress=stop)
        assert [path] == list(tmp_path.iterdir())
        assert "old" == path.read_text()

    @pytest.mark.skipif(sys.platform == "win32", reason="no limit can be set there")
    def test_full_disk(self, tmp_path: Path, form: str) -> None:
        """So does a disk that is full, which is told as such."""
        import resource

        frame = pl.DataFrame({"studio": [f"s{n * 7919 % 99991}" for n in range(100_000)]})
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            problem = refused(lambda: write(lazy(frame, "polars"), tmp_path / f"scored.{form}"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "output_not_writable" == problem.code
        assert [] == list(tmp_path.iterdir())


class TestTarget:
    """Where a file can not be written is said before anything is scored."""

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("gone/scored.csv", "output_not_writable"),
            ("folder.csv", "output_not_writable"),
            ("cohort.csv/scored.csv", "output_not_writable"),
            ("circle.csv", "output_not_writable"),
            ("scored.xlsx", "unknown_format"),
            ("cohort.csv", "output_is_input"),
            ("folder.csv/../cohort.csv", "output_is_input"),
        ],
    )
    def test_refused(self, tmp_path: Path, name: str, code: str) -> None:
        """A folder that is not there, one in place of a file, and the file that is read."""
        (tmp_path / "folder.csv").mkdir()
        (tmp_path / "cohort.csv").write_text("studio\n")
        (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
        source = tmp_path / "cohort.csv"
        assert code == refused(lambda: check_target(tmp_path / name, source=source)).code

    def test_accepted(self, tmp_path: Path) -> None:
        """A place that can be written is left as it is."""
        check_target(tmp_path / "scored.csv")
        assert [] == list(tmp_path.iterdir())
