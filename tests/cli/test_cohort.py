"""`cohort`: a table of studios, for people and for programs."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import pytest

from studioflow.cli.layout import width
from studioflow.cli.progress import Bar
from studioflow.cohort.columns import generate_cohort
from studioflow.cohort.columns.reading import read
from studioflow.host import load_policy
from studioflow.policy import Policy
from studioflow.text import exact

Run = Callable[..., Any]

POLICY = "yongjia-2023"
COHORT = Path("examples/cohort.csv")
CUT_OFFS = ("--set", "readings/pass_mark=60", "--set", "readings/outstanding_mark=90")
ENGINES = ("polars", "duckdb")
WORDS = {"": None, "true": True, "false": False}
MARKUP = "[red]x[/red] <b>y</b> :smile:"


def typed(policy: Policy) -> list[dict[str, Any]]:
    """The rows of the example with the values that they stand for."""
    with COHORT.open(encoding="utf-8") as file:
        return [
            {
                name: cell
                if name == "studio" or policy.facts[name].type == "choice"
                else WORDS[cell]
                if cell in WORDS
                else int(cell)
                for name, cell in row.items()
            }
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def sheets() -> dict[str, Any]:
    """The score sheet of every studio of the example, one by one."""
    policy = load_policy(
        POLICY, changes={"readings/pass_mark": 60, "readings/outstanding_mark": 90}
    )
    return {
        row["studio"]: policy.score(
            {name: value for name, value in row.items() if name != "studio" and value is not None}
        )
        for row in typed(policy)
    }


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A file with a few columns of the example, changed, in a format."""

    def made(form: str = "csv", name: str = "cohort", **columns: list[object]) -> Path:
        rows = pl.DataFrame(typed(load_policy(POLICY)))
        path = tmp_path / f"{name}.{form}"
        frame = rows.with_columns(**{n: pl.Series(v, strict=False) for n, v in columns.items()})
        write = {"csv": frame.write_csv, "parquet": frame.write_parquet, "arrow": frame.write_ipc}
        write[form](path)  # type: ignore[operator] # one of three methods
        return path

    return made


class TestNumbers:
    """What the summary says is what the sheets say, one by one."""

    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("form", ["csv", "parquet", "arrow"])
    def test_summary(
        self,
        run: Run,
        table: Callable[..., Path],
        sheets: dict[str, Any],
        engine: str,
        form: str,
    ) -> None:
        """Every format gives the same numbers on every engine."""
        line = ("cohort", str(table(form)), "--policy", POLICY, *CUT_OFFS, "--json")
        ran = run(*line, "--engine", engine)
        document = ran.json()

        words = {True: "eligible", False: "not_eligible", None: "undetermined"}
        eligible = Counter(words[sheet.eligible] for sheet in sheets.values())
        grades = Counter(sheet.grade for sheet in sheets.values())
        totals = [sheet.total.points for sheet in sheets.values()]
        known = [Fraction(total) for total in totals if total is not None]
        assert (0, "") == (ran.status, ran.err)
        assert "studioflow.cohort/1" == document["schema"]
        assert len(sheets) == document["studios"]
        assert {word: eligible[word] for word in words.values()} == document["eligibility"]
        assert {grade: grades[grade] for grade in document["grades"]} == document["grades"]
        assert grades[None] == document["ungraded"]
        assert {
            "least": exact(min(known)),
            "median": exact(median(known)),
            "most": exact(max(known)),
            "not_known": len(totals) - len(known),
        } == document["total"]
        assert {"promotion_mark": 1, "station_mark": 1} == document["missing"]
        assert [] == document["slow"]
        assert document["out"] is None
        assert ["readings/outstanding_mark=90", "readings/pass_mark=60"] == sorted(
            document["policy"]["varied"]
        )

    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("form", ["csv", "parquet", "arrow"])
    def test_file(
        self, run: Run, tmp_path: Path, sheets: dict[str, Any], engine: str, form: str
    ) -> None:
        """Every row of a file that is written has the points and the outcome of its sheet."""
        out = tmp_path / f"scored.{form}"
        line = ("cohort", str(COHORT), "--policy", POLICY, *CUT_OFFS, "-o", str(out), "--json")
        document = run(*line, "--engine", engine).json()
        rows = {row["studio"]: row for row in read(out).collect().to_dicts()}

        assert str(out) == document["out"]
        assert {*sheets} == {*rows}  # DuckDB keeps no order where studios are ranked
        for studio, sheet in sheets.items():
            row, total = rows[studio], sheet.total.points
            assert sheet.grade == row["grade"]
            assert (total is None) == (row["total"] is None)
            assert total is None or total == Fraction(str(row["total"]))
            points = {item.id: item.points.points for item in sheet.criteria}
            assert points["5.2.2"] == Fraction(str(row["criteria/5.2.2"]))
        assert [out] == list(tmp_path.iterdir())

    def test_key_and_keep(self, run: Run, table: Callable[..., Path], tmp_path: Path) -> None:
        """The key may have any name, and columns are taken along; formulas are text in CSV."""
        studios = [f"=1+{n}" for n in range(10)]
        path = table("parquet", 编号=studios, 名称=["@x"] * 10)
        renamed = pl.read_parquet(path).drop("studio")
        renamed.write_parquet(path)
        out = tmp_path / "scored.csv"
        line = ("cohort", str(path), "--policy", POLICY, "--key", "编号", "--keep", "名称")
        ran = run(*line, "-o", str(out))
        rows = pl.read_csv(out)

        assert (0, "") == (ran.status, ran.err)
        assert [f"'{studio}" for studio in studios] == rows["编号"].to_list()
        assert {"'@x"} == {*rows["名称"]}


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cohort of a policy that limits the places of a grade: each studio is there three times."""
    rows = generate_cohort(load_policy("teacher-points"), 30, seed=4)
    copies = [rows.with_columns(pl.col("studio") + f"-{n}") for n in range(3)]
    path = tmp_path_factory.mktemp("points") / "points.csv"
    pl.concat(copies).write_csv(path)
    return str(path)


class TestPlaces:
    """Where the places of a grade are limited."""

    @pytest.mark.parametrize("engine", ENGINES)
    def test_json(self, run: Run, points: str, engine: str) -> None:
        """Grades are counted by points and by places, and ties over a place are named."""
        line = ("cohort", points, "--policy", "teacher-points", "--engine", engine, "--json")
        document = run(*line).json()
        places = document["places"]

        assert 90 == document["studios"] == sum(places["grades"].values()) + places["ungraded"]
        assert places["waiting"] == places["ungraded"]
        assert places["ties"]
        assert all(tie["studios"] > tie["places"] for tie in places["ties"])
        assert places["grades"]["outstanding"] < document["grades"]["outstanding"]

    def test_view(self, run: Run, points: str) -> None:
        """A person reads the same."""
        out = run("cohort", points, "--policy", "teacher-points").out
        assert "by places: outstanding" in out
        assert "a tie to decide: " in out

    def test_unfinished(self, run: Run, tmp_path: Path) -> None:
        """As long as facts are missing it says of how many studios the places hang on them."""
        path = tmp_path / "points.csv"
        generate_cohort(load_policy("teacher-points"), 30, missing=0.1).write_csv(path)
        line = ("cohort", str(path), "--policy", "teacher-points")
        unfinished = run(*line, "--json").json()["places"]["unfinished"]
        assert 0 < unfinished <= 30
        said = f"places can not be settled yet: {unfinished} studios are not finished"
        assert said in run(*line).out

    def test_no_limit(self, run: Run) -> None:
        """A policy that limits none has nothing to say of places."""
        line = ("cohort", str(COHORT), "--policy", POLICY)
        assert run(*line, "--json").json()["places"] is None
        assert "by places" not in run(*line).out


class TestView:
    """What a person reads."""

    @pytest.fixture
    def view(self, run: Run) -> Callable[..., str]:
        """The summary of the example."""

        def printed(*more: str, file: str = str(COHORT), columns: int = 80) -> str:
            ran = run("cohort", file, "--policy", POLICY, *more, columns=columns)
            assert (0, "") == (ran.status, ran.err)
            return str(ran.out)

        return printed

    def test_numbers(self, view: Callable[..., str]) -> None:
        """Outcomes and grades stand with their numbers and shares, totals exactly below."""
        lines = [line.split() for line in view(*CUT_OFFS).splitlines()]
        for line in (
            "cohort.csv studios: 10",
            "varied readings/pass_mark=60",
            "eligible 9 90.0%",
            "not eligible 1 10.0%",
            "not decided yet 0 0.0%",
            "grade: outstanding 3 30.0%",
            "total 58 to 98.5, median 86; totals not known: 1",
            "facts not known, and of how many studios: promotion_mark 1 · station_mark 1",
        ):
            assert line.split() in lines

    def test_chinese(self, view: Callable[..., str]) -> None:
        """It speaks Chinese throughout."""
        out = view("--lang", "zh", *CUT_OFFS)
        assert "等级：优秀" in out
        assert "总分 58 至 98.5，中位数 86；总分不知道的有 1 个" in out

    def test_written(self, view: Callable[..., str], tmp_path: Path) -> None:
        """It says where the results went."""
        out = tmp_path / "scored.parquet"
        assert str(out) in "".join(view("-o", str(out)).split("\n"))

    @pytest.mark.parametrize("columns", [40, 80, 200])
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_width(self, view: Callable[..., str], columns: int, language: str) -> None:
        """No line is wider than the terminal, nor ends in spaces."""
        lines = view("--lang", language, *CUT_OFFS, columns=columns).splitlines()
        assert max(map(width, lines)) <= min(columns, 120)
        assert [] == [line for line in lines if line != line.rstrip()]

    def test_markup(self, run: Run, table: Callable[..., Path]) -> None:
        """Names of files and columns are shown to the letter."""
        path = table(name="[red]x[red] <b>y :smile:", **{MARKUP: [1] * 10})
        line = ("cohort", str(path), "--policy", POLICY)
        assert MARKUP in run(*line).err
        assert "[red]x[red] <b>y :smile:.csv" in run(*line, "--keep", MARKUP).out


class TestBadInput:
    """A table that does not fit: all of it at once, with its place, and exit 2."""

    def test_problems(self, run: Run, table: Callable[..., Path]) -> None:
        """Each problem has file and path; an unknown column has the nearest fact."""
        path = table(members=["3.9"] * 9 + ["x"], activites=[1] * 10)
        ran = run("cohort", str(path), "--policy", POLICY)
        errors = run("cohort", str(path), "--policy", POLICY, "--json").errors()

        assert (2, "") == (ran.status, ran.out)
        assert {"cohort.csv"} == {error["file"] for error in errors}
        assert "members/row 1" in {error["path"] for error in errors}
        unknown = next(error for error in errors if "activites" in error["path"])
        assert "did you mean activities?" in unknown["hint"]
        assert "`studioflow facts yongjia-2023` lists every fact" in unknown["hint"]

    def test_twice(self, run: Run, table: Callable[..., Path]) -> None:
        """A key that is there twice is refused."""
        path = table(studio=["s1"] * 10)
        assert ["duplicate_key"] == run("cohort", str(path), "--policy", POLICY, "--json").codes()

    @pytest.mark.parametrize(
        ("file", "more", "code"),
        [
            ("gone.csv", (), "not_readable"),
            ("pyproject.toml", (), "unknown_format"),
            (str(COHORT), ("-o", "scored.xlsx"), "unknown_format"),
            (str(COHORT), ("-o", "gone/scored.csv"), "output_not_writable"),
            (str(COHORT), ("-o", str(COHORT)), "output_is_input"),
            (str(COHORT), ("--engine", "polar"), "unknown_name"),
            (str(COHORT), ("--set", "criteria/5.2.2/nrm=1"), "unknown_key"),
        ],
    )
    def test_refused(self, run: Run, file: str, more: tuple[str, ...], code: str) -> None:
        """What can not work is refused, by its own code."""
        ran = run("cohort", file, "--policy", POLICY, *more, "--json")
        assert (2, [code]) == (ran.status, ran.codes())

    def test_out_first(self, run: Run) -> None:
        """Where nothing can be written is said before the table is looked at."""
        ran = run("cohort", "gone.csv", "--policy", POLICY, "-o", "gone/a.csv", "--json")
        assert ["output_not_writable"] == ran.codes()

    def test_missing_extra(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the extra it says which one to install."""
        found = "studioflow.cohort.columns.reading.find_spec"
        monkeypatch.setattr(found, lambda name: None if name == "duckdb" else name)
        ran = run("cohort", str(COHORT), "--policy", POLICY, "--engine", "duckdb", columns=120)
        assert 2 == ran.status
        assert "pip install 'studioflow[duckdb]'" in ran.err

    def test_interrupted(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ctrl-C ends it as it ends any program, and leaves no part of a file."""

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Bar, "done", stop)
        out = tmp_path / "scored.parquet"
        assert 130 == run("cohort", str(COHORT), "--policy", POLICY, "-o", str(out)).status
        assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("engine", ENGINES)
def test_process(process: Run, engine: str) -> None:
    """As a process of its own it says nothing but the numbers."""
    ran = process("cohort", str(COHORT), "--policy", POLICY, "--engine", engine, "--json")
    assert (0, "") == (ran.status, ran.err)
    assert 10 == ran.json()["studios"]
