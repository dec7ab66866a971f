"""`diagram` and `stub`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.cli.conftest import Run

POLICY = "yongjia-2023"


class TestDiagram:
    """The lifecycle as a picture."""

    @pytest.mark.parametrize(("language", "label"), [("zh", "已申报"), ("en", "declared")])
    def test_mermaid(self, run: Run, language: str, label: str) -> None:
        """It is Mermaid in the reader's language."""
        ran = run("diagram", POLICY, "--lang", language)
        assert (0, "") == (ran.status, ran.err)
        assert ran.out.startswith("stateDiagram-v2\n")
        assert f'state "{label}" as s0' in ran.out

    def test_format(self, run: Run) -> None:
        """Mermaid is the format where none is asked for; Graphviz's text is another."""
        assert run("diagram", POLICY) == run("diagram", POLICY, "--format", "mermaid")
        assert run("diagram", POLICY, "--format", "dot").out.startswith("digraph lifecycle {\n")

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_without_graphviz(self, run: Run, tmp_path: Path, language: str) -> None:
        """An SVG picture without Graphviz is refused, with the command that installs it."""
        ran = run(
            "diagram", POLICY, "--format", "svg", PATH=str(tmp_path), LANG=f"{language}.UTF-8"
        )

        assert 2 == ran.status
        assert "apt-get install graphviz" in " ".join(ran.err.split())

    def test_json(self, run: Run) -> None:
        """With --json the text stands in a document."""
        document = run("diagram", POLICY, "--json").json()
        assert {"studioflow.diagram/1", "mermaid"} == {document["schema"], document["format"]}
        assert run("diagram", POLICY).out == document["text"]

    def test_file(self, run: Run, tmp_path: Path) -> None:
        """With -o it goes into a file, which is replaced, and nothing is printed."""
        path = tmp_path / "lifecycle.mmd"
        path.write_text("old", "utf-8")
        ran = run("diagram", POLICY, "-o", str(path), "--lang", "zh")

        assert (0, "", "") == (ran.status, ran.out, ran.err)
        assert run("diagram", POLICY, "--lang", "zh").out == path.read_text("utf-8")

    def test_file_that_can_not_be_written(self, run: Run, tmp_path: Path) -> None:
        """A place where no file can be is told by the option."""
        ran = run("diagram", POLICY, "-o", str(tmp_path), "--json")

        assert 2 == ran.status
        assert [("--out", "file_not_writable")] == [(e["path"], e["code"]) for e in ran.errors()]


class TestStub:
    """The actions as types."""

    def test_stub(self, run: Run) -> None:
        """It is Python, with the class that was asked for, of the policy as it was varied."""
        ran = run("stub", POLICY, "--name", "Ours")
        off = run("stub", POLICY, "--set", "lifecycle/states/refused/on=false")

        assert (0, "") == (ran.status, ran.err)
        assert "Ours" in {n.name for n in ast.parse(ran.out).body if isinstance(n, ast.ClassDef)}
        assert "_Given_refuse" in ran.out
        assert "_Given_refuse" not in off.out

    def test_file(self, run: Run, tmp_path: Path) -> None:
        """With -o it goes into a file; with --json the text stands in a document as well."""
        path = tmp_path / "actions.pyi"
        document = run("stub", POLICY, "-o", str(path), "--json").json()

        assert "studioflow.stub/1" == document["schema"]
        assert path.read_text("utf-8") == document["text"]

    def test_name(self, run: Run) -> None:
        """A name that no class can have is refused."""
        ran = run("stub", POLICY, "--name", "a b", "--json")

        assert [2, "not_a_class_name"] == [ran.status, ran.errors()[0]["code"]]
