"""`import-table`: tables of offices become case files and cohorts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from studioflow.cohort.columns import read_cohort
from studioflow.host import load_policy
from studioflow.programme import read_case_file

Run = Callable[..., Any]

TRAINEES = "examples/trainees.csv"
COMMITTEE = ("--as", "p-01:bureau_committee@bureau")
SCHOOL = ("--as", "h-01:host_party@样例学校")
FORM = """
schema = "studioflow.case/1"
[application]
name = "样例工作室"
unit = "样例学校"
lead = { id = "lead-a", name = "领衔人甲" }
"""
RECORDS = ("import-table", TRAINEES, "--policy", "yongjia-2023", "--kind", "trainee")
PEOPLE = ("--people", "examples/people.csv")


def test_records_to_stdout(run: Run) -> None:
    """The case file goes to stdout; what was read and left out is said beside it."""
    ran = run(*RECORDS, *PEOPLE, "--studio", "s01")
    assert 0 == ran.status
    assert ("studioflow.case/1", "s01") == (ran.json()["schema"], ran.json()["studio"])
    assert 3 == len(ran.json()["records"]["trainee"])
    assert ["trainees.csv: 3 rows read", "rows left out, totals and notes: A8"] == (
        ran.err.splitlines()
    )


def test_records_to_a_file(run: Run, tmp_path: Path) -> None:
    """The file is one that `studio record` takes, and no file is replaced."""
    out = tmp_path / "out.json"
    ran = run(*RECORDS, *PEOPLE, "-o", str(out), "--lang", "zh")
    assert (0, "") == (ran.status, ran.out)
    assert f"写入 {out}" in ran.err
    assert 3 == len(read_case_file(out, load_policy("yongjia-2023")).records["trainee"])
    before = out.read_bytes()
    assert ["file_exists"] == run(*RECORDS, *PEOPLE, "-o", str(out), "--json").codes()
    assert before == out.read_bytes()


def test_every_problem_and_no_file(run: Run, tmp_path: Path) -> None:
    """A table with problems leaves nothing behind, and says all of them without a name."""
    out = tmp_path / "out.json"
    ran = run(*RECORDS, "-o", str(out), "--json")
    assert 2 == ran.status
    assert [("trainees.csv", place, "person_cell") for place in ("B4", "B5", "B7")] == [
        (error["file"], error["path"], error["code"]) for error in ran.errors()
    ]
    assert not out.exists()
    assert "学员甲" not in ran.out + ran.err


def test_facts(run: Run, tmp_path: Path) -> None:
    """Facts become a table that `cohort` reads, or one JSON document."""
    table, out = tmp_path / "facts.csv", tmp_path / "out.csv"
    table.write_bytes("工作室,研修活动次数,有党旗\ns01,１８,√\n".encode("gb18030"))
    asked = ("import-table", str(table), "--policy", "yongjia-2023", "--facts")
    assert "studio,activities,site_flag\ns01,18,true\n" == run(*asked).out
    assert {"s01": {"activities": 18, "site_flag": True}} == run(*asked, "--json").json()["studios"]
    assert 0 == run(*asked, "-o", str(out)).status
    assert [("s01", "18", "true")] == read_cohort(out).collect().rows()
    ran = run("cohort", str(out), "--policy", "yongjia-2023", "--json")
    assert (0, 1) == (ran.status, ran.json()["studios"])


def test_a_template(run: Run, tmp_path: Path) -> None:
    """An empty table is written once, and its heads are in the language."""
    path = tmp_path / "empty.xlsx"
    asked = ("import-table", str(path), "--policy", "yongjia-2023", "--kind", "member",
             "--template")  # fmt: skip
    assert 0 == run(*asked, "--lang", "zh").status
    assert "姓名" == openpyxl.load_workbook(path).worksheets[0]["A1"].value
    assert ["file_exists"] == run(*asked, "--json").codes()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), "kind_or_facts"),
        (("--kind", "trainee", "--facts"), "kind_or_facts"),
        (("--facts", "--studio", "s01"), "with_kind_alone"),
        (("--kind", "trainees"), "unknown_name"),
        (("--kind", "trainee", "-o", "out.csv"), "import_suffix"),
        (("--facts", "-o", "out.json"), "import_suffix"),
        (("--facts", "--template"), "import_suffix"),
    ],
)
def test_what_does_not_fit_together(run: Run, more: tuple[str, ...], code: str) -> None:
    """Options that do not go together are refused before anything is read."""
    ran = run("import-table", TRAINEES, "--policy", "yongjia-2023", *more, "--json")
    assert (2, [code]) == (ran.status, ran.codes())


def test_the_next_step(run: Run) -> None:
    """Who is there by name alone: the message says what to do, in both languages."""
    assert "--people" in run(*RECORDS).err
    assert "人员名单" in run(*RECORDS, "--lang", "zh").err
    assert json.loads(run(*RECORDS, "--json").out)["errors"][0]["hint"]


def test_a_table_is_recorded(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the table of an office to the file of a studio in a register."""
    out, form = tmp_path / "out.json", tmp_path / "form.toml"
    assert 0 == run(*RECORDS, *PEOPLE, "-o", str(out)).status
    form.write_text(FORM, "utf-8")
    monkeypatch.chdir(tmp_path)
    late = ("--set", "readings/late_declaration=warned")
    assert 0 == run("programme", "open", "yongjia-2023", *late).status
    assert 0 == run("studio", "declare", "--file", "form.toml", *SCHOOL).status
    assert 0 == run("studio", "approve", "s-01", *COMMITTEE).status
    ran = run("studio", "record", "s-01", *SCHOOL, "--file", "out.json", "--json")
    assert 0 == ran.status, ran.out
    shown = run("studio", "show", "s-01", "--personal", "--json").out
    assert all(word in shown for word in ("t-01", "学员丙", "2023-09-01"))
