"""`forms` and `report`: documents on the command line, each written as a new file or not at all."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from click.testing import CliRunner

from studioflow import Actor, Programme
from studioflow.cli.app import program
from studioflow.documents.paper import pdf as pdf_writer
from studioflow.programme import read_case_file

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the demo wrote."""
    folder = tmp_path_factory.mktemp("documents") / "demo"
    assert 0 == CliRunner().invoke(program, ["demo", "--out", str(folder)]).exit_code
    return folder


@pytest.fixture
def db(demo: Path) -> str:
    """The register of the demo."""
    return str(demo / "register.db")


class TestDemo:
    """What `demo --out` leaves."""

    def test_all_documents(self, demo: Path) -> None:
        """Forms, reports, lists and records are there, in the formats that people work with."""
        names = {path.relative_to(demo).as_posix() for path in demo.rglob("*") if path.is_file()}

        assert {
            "index.html",
            "reports/batch.html",
            "reports/batch.pdf",
            "reports/compare.html",
            "reports/public-list.docx",
            "reports/bulletin.pdf",
            "reports/awards.xlsx",
            "reports/indicators.xlsx",
            "reports/highlights.docx",
            "forms/empty/yongjia-attachment-1.docx",
            "forms/empty/yongjia-attachment-2.xlsx",
            "forms/empty/yongjia-attachment-3.pdf",
            "forms/s01/yongjia-attachment-3.docx",
        } <= names

    def test_index(self, demo: Path) -> None:
        """The page leads to every document, and each file of its own is in the list of digests."""
        page = (demo / "index.html").read_text("utf-8")
        index = json.loads((demo / "index.json").read_text("utf-8"))
        for name in index["files"]:
            if name.startswith(("forms/", "reports/")):
                assert f'href="./{name}"' in page

    def test_without_the_extra(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without the extra the rest is left, and a sentence says what to install."""
        monkeypatch.setitem(sys.modules, "docx", None)
        ran = run("demo", "--out", str(tmp_path / "demo"), columns=200)

        assert 0 == ran.status
        assert "pip install 'studioflow[documents]'" in ran.out
        assert (tmp_path / "demo/register.db").exists()
        assert not (tmp_path / "demo/index.html").exists()

    def test_without_a_font(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a Chinese font there is no PDF, and a sentence says what to install."""
        fonts = typst.Fonts(include_system_fonts=False)
        monkeypatch.setattr(pdf_writer, "installed", lambda: fonts)
        ran = run("demo", "--out", str(tmp_path / "demo"), columns=200)

        assert 0 == ran.status
        assert "apt-get install fonts-noto-cjk" in ran.out
        assert "apt-get install fonts-noto-cjk" in (tmp_path / "demo/index.html").read_text("utf-8")
        assert [] == list((tmp_path / "demo").rglob("attachment*.pdf"))


class TestForms:
    """The forms of a policy."""

    def test_list(self, run: Run) -> None:
        """Forms are listed with what they are."""
        told = json.loads(run("forms", "list", "yongjia-2023", "--json", "--lang", "zh").out)

        assert ["application_form", "member", "sheet"] == [form["of"] for form in told["forms"]]
        assert "附件1 " in run("forms", "list", "yongjia-2023", "--lang", "zh").out

    @pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
    def test_round_trip(self, run: Run, tmp_path: Path, db: str, suffix: str) -> None:
        """An application that is written, and read again, declares the same studio."""
        form, out = tmp_path / f"form{suffix}", tmp_path / "case.json"
        wrote = run("forms", "fill", "yongjia-attachment-1", "s01", "--db", db, "-o", str(form))
        assert (0, f"wrote {form}\n") == (wrote.status, wrote.out)
        read = ("forms", "read", str(form), "--form", "yongjia-attachment-1")
        assert 0 == run(*read, "--policy", "yongjia-2023", "-o", str(out)).status
        case = json.loads(out.read_text("utf-8"))
        assert "样例工作室一" == case["application"]["name"]
        assert case == json.loads(run(*read, "--policy", "yongjia-2023").out)

        march = datetime(2023, 3, 22, 12, tzinfo=UTC)
        programme = Programme.open("yongjia-2023", clock=lambda: march)
        file = read_case_file(out, programme.policy)
        assert file.application is not None
        host = Actor("h-01", unit="样例学校一", roles={"host_party"})
        studio = programme.declare(file.application, by=host, records=file.records)
        assert ("declared", 1) == (studio.state, len(studio.of_kind("application_form")))

    @pytest.mark.parametrize("suffix", ["docx", "pdf"])
    def test_batch(self, run: Run, tmp_path: Path, db: str, suffix: str) -> None:
        """A form is written for every studio that has what it is of, into a new folder."""
        out = tmp_path / "sheets"
        command = ("forms", "batch", "yongjia-attachment-3", "--db", db, "--format", suffix)

        assert 0 == run(*command, "-o", str(out)).status
        assert [f"s0{n}.{suffix}" for n in range(1, 10)] == sorted(p.name for p in out.iterdir())
        again = run(*command, "-o", str(out), "--json")
        assert (2, ["paper_exists"]) == (again.status, again.codes())
        assert ["sheets"] == [path.name for path in tmp_path.iterdir()]

    def test_batch_all_or_none(
        self, run: Run, tmp_path: Path, db: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where one can not be written, there is no folder at all."""
        fonts = typst.Fonts(include_system_fonts=False)
        monkeypatch.setattr(pdf_writer, "installed", lambda: fonts)
        command = ("forms", "batch", "yongjia-attachment-3", "--db", db, "--format", "pdf")
        ran = run(*command, "-o", str(tmp_path / "sheets"), columns=200)

        assert 2 == ran.status
        assert "apt-get install fonts-noto-cjk" in ran.err
        assert [] == list(tmp_path.iterdir())

    def test_empty(self, run: Run, tmp_path: Path) -> None:
        """An empty form is written in each format."""
        for suffix in ("docx", "xlsx", "pdf", "html"):
            path = tmp_path / f"empty.{suffix}"
            options = ("--policy", "yongjia-2023", "-o", str(path), "--json")
            told = json.loads(run("forms", "empty", "yongjia-attachment-2", *options).out)
            assert {"schema": "studioflow.written/1", "file": str(path)} == told
            assert path.stat().st_size > 1_000

    def test_people_and_fields(self, run: Run, tmp_path: Path, db: str) -> None:
        """A list of people and fields that the form does not ask for are handed in beside it."""
        form = tmp_path / "member.docx"
        people = tmp_path / "people.csv"
        people.write_text("姓名,编号\n成员甲1,member-a1\n", encoding="utf-8")
        run("forms", "fill", "yongjia-attachment-2", "s01", "--db", db, "-o", str(form))
        ran = run(
            *("forms", "read", str(form), "--form", "yongjia-attachment-2"),
            *("--policy", "yongjia-2023", "--people", str(people), "--given", "joined=2023-03-20"),
        )

        assert 8 == len(json.loads(ran.out)["records"]["member"])

    @pytest.mark.parametrize(
        ("arguments", "codes"),
        [
            (
                ("forms", "empty", "attachment-1", "--policy", "yongjia-2023", "-o", "a.docx"),
                "name",
            ),
            (("forms", "empty", "x", "--policy", "yongjia-2023", "-o", "a.odt"), "name"),
        ],
    )
    def test_refused(
        self,
        run: Run,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        arguments: tuple[str, ...],
        codes: str,
    ) -> None:
        """An unknown form, and a format that there is not, are refused, and nothing is written."""
        monkeypatch.chdir(tmp_path)
        ran = run(*arguments, "--json")

        assert (2, [f"unknown_{codes}"]) == (ran.status, ran.codes())
        assert [] == list(tmp_path.iterdir())

    def test_nothing_is_written_over(self, run: Run, tmp_path: Path, db: str) -> None:
        """A file that is there stays as it is."""
        path = tmp_path / "sheet.docx"
        path.write_text("mine", encoding="utf-8")
        fill = ("forms", "fill", "yongjia-attachment-3", "s01", "--db", db, "-o", str(path))

        assert (2, ["paper_exists"]) == ((ran := run(*fill, "--json")).status, ran.codes())
        assert "mine" == path.read_text("utf-8")

    def test_every_problem_of_a_form(self, run: Run, tmp_path: Path, db: str) -> None:
        """What is wrong with a filled form is told with its places, and nothing is written."""
        import docx

        form, out = tmp_path / "form.docx", tmp_path / "case.json"
        run("forms", "fill", "yongjia-attachment-1", "s01", "--db", db, "-o", str(form))
        document = docx.Document(str(form))
        for element in document.element.body.iter():
            if str(element.tag).endswith("}t") and element.text in {"1995-08", "1998-07"}:
                element.text = "long ago"
        document.save(str(form))
        read = ("forms", "read", str(form), "--form", "yongjia-attachment-1")
        ran = run(*read, "--policy", "yongjia-2023", "-o", str(out), "--json")

        assert (2, ["wrong_type", "wrong_type"]) == (ran.status, ran.codes())
        assert not out.exists()


class TestReports:
    """Documents of a register."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("batch", "--on", "2024-12-20"),
            ("public-list", "--state", "commended", "--from", "2024-12-09", "--to", "2024-12-13"),
            ("public-list", "--grade", "outstanding", "--points", "--personal"),
            ("bulletin", "--from", "2023-09-01", "--to", "2024-06-30"),
            ("awards",),
            ("indicators",),
            ("highlights", "--kind", "model_case", "--kind", "feature"),
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_written(
        self, run: Run, tmp_path: Path, db: str, arguments: tuple[str, ...], language: str
    ) -> None:
        """Each is written in the format that is asked for, in either language."""
        path = tmp_path / ("document.html" if language == "zh" else "document.docx")
        ran = run("report", *arguments, "--db", db, "-o", str(path), "--lang", language)

        assert (0, "") == (ran.status, ran.err)
        assert path.stat().st_size > 2_000

    def test_compare(self, run: Run, tmp_path: Path) -> None:
        """A comparison is written as a document."""
        path = tmp_path / "compare.pdf"
        ran = run(
            *("report", "compare", "yongjia-2023", "--set", "criteria/5.2.2/norm=12"),
            *("--cohort", "examples/cohort.csv", "--list", "3", "-o", str(path), "--lang", "en"),
        )

        assert 0 == ran.status
        assert path.read_bytes().startswith(b"%PDF")

    def test_indicators(self, run: Run, tmp_path: Path, db: str) -> None:
        """Indicators come as CSV, printed or written, and as JSON."""
        path = tmp_path / "indicators.csv"
        assert 0 == run("report", "indicators", "--db", db, "-o", str(path)).status
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
        told = json.loads(run("report", "indicators", "--db", db, "--json").out)["indicators"]
        printed = run("report", "indicators", "--db", db).out

        assert path.read_text("utf-8") == printed
        assert len(rows) == len(told)
        assert [row["indicator"] for row in rows] == [each["indicator"] for each in told]

    def test_refused(self, run: Run, tmp_path: Path, db: str) -> None:
        """Words that the policy does not have are told all, and nothing is written."""
        path = str(tmp_path / "list.docx")
        ran = run(
            *("report", "public-list", "--state", "comended", "--grade", "best"),
            *("--db", db, "-o", path, "--json"),
        )
        digest = run("report", "highlights", "--kind", "featur", "--db", db, "-o", path, "--json")

        assert (2, ["unknown_name"] * 2) == (ran.status, ran.codes())
        assert (2, ["unknown_name"]) == (digest.status, digest.codes())
        assert [] == list(tmp_path.iterdir())
