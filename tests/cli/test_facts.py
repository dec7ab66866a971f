"""`facts`: the table, the schema, the file to fill in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studioflow.cli.layout import width
from studioflow.host import load_policy
from studioflow.policy import read_facts

Run = Callable[..., Any]

POLICY = "yongjia-2023"


class TestTable:
    """The facts for people."""

    def test_rows(self, run: Run) -> None:
        """A fact stands with clause, name, unit, bounds, direction, meaning and who supplies it."""
        lines = run("facts", POLICY, columns=120).out.splitlines()
        row = next(i for i, line in enumerate(lines) if " activities " in line)

        assert ["5.2.2", "activities", "0–400", "activities", "↑"] == lines[row].split()[:5]
        assert "host_party, lead" == lines[row + 1].strip()

    def test_every_fact(self, run: Run) -> None:
        """Every fact of the policy is there, those of the site check included."""
        out = run("facts", POLICY).out
        assert [] == [name for name in load_policy(POLICY).facts if name not in out]

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("columns", [80, 120])
    def test_width(self, run: Run, language: str, columns: int) -> None:
        """It fits the terminal."""
        out = run("facts", POLICY, "--lang", language, columns=columns).out
        assert max(map(width, out.splitlines())) <= columns

    def test_json(self, run: Run) -> None:
        """The same for programs, bounds as exact strings."""
        document = run("facts", POLICY, "--json").json()
        found = {fact["name"]: fact for fact in document["facts"]}

        assert "studioflow.facts-list/1" == document["schema"]
        assert list(load_policy(POLICY).facts) == list(found)
        expected: dict[str, object] = {
            "name": "activities",
            "type": "count",
            "label": "research activities in two years",
            "unit": "activities",
            "min": "0",
            "max": "400",
            "step": None,
            "better": "more",
            "from": ["host_party", "lead"],
            "at_most": None,
            "values": {},
            "marked_as": None,
            "clause": "5.2.2",
        }
        assert expected == found["activities"]
        assert "5.1.1" == found["goal_mark"]["marked_as"]

    def test_variation(self, run: Run) -> None:
        """A reading that changes a step changes the table."""
        line = ("facts", POLICY, "--set", "readings/mark_step=half_points")
        assert "steps of 0.5" in " ".join(run(*line).out.split())


class TestDocuments:
    """The schema and the template come out as they are."""

    def test_schema(self, run: Run) -> None:
        """--schema prints the JSON Schema, with or without --json."""
        plain, as_json = (run("facts", POLICY, "--schema", *more) for more in ([], ["--json"]))
        assert plain.out == as_json.out
        assert "https://json-schema.org/draft/2020-12/schema" == plain.json()["$schema"]

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_template(self, run: Run, tmp_path: Path, language: str) -> None:
        """--template prints a file that loads, and leaves everything open."""
        path = tmp_path / "studio.toml"
        path.write_text(run("facts", POLICY, "--template", "--lang", language).out, "utf-8")
        policy = load_policy(POLICY)

        assert policy.score({}).open == policy.score(read_facts(path)).open

    @pytest.mark.parametrize("form", ["--template", "--schema"])
    def test_out(self, run: Run, tmp_path: Path, form: str) -> None:
        """--out writes a new file in UTF-8 and never replaces one."""
        path = tmp_path / "made"
        line = ("facts", POLICY, form, "--lang", "zh")
        made = run(*line, "--out", str(path))
        again = run(*line, "--out", str(path), "--json")

        assert (0, "", "") == (made.status, made.out, made.err)
        assert run(*line).out == path.read_text("utf-8")
        assert 2 == again.status
        assert run(*line).out == path.read_text("utf-8")

    def test_out_with_json(self, run: Run, tmp_path: Path) -> None:
        """With --json the schema that is written is the one document as well."""
        path = tmp_path / "made.json"
        ran = run("facts", POLICY, "--schema", "--out", str(path), "--json")
        assert (0, json.loads(path.read_text("utf-8"))) == (ran.status, ran.json())

    def test_out_refused(self, run: Run, tmp_path: Path) -> None:
        """A table is no file, and a folder that is not there is said to be the trouble."""
        gone = str(tmp_path / "gone" / "studio.toml")
        out = ["--out", gone, "--json"]
        assert ["out_of_what"] == run("facts", POLICY, *out[:2], "--json").codes()
        assert ["file_not_writable"] == run("facts", POLICY, "--schema", *out).codes()
        there = ["--out", str(tmp_path), "--json"]
        assert ["file_exists"] == run("facts", POLICY, "--schema", *there).codes()

    def test_template_is_utf8(self, process: Run) -> None:
        """In a file it is UTF-8, whatever the terminal speaks: that is what is read again."""
        ran = process("facts", POLICY, "--template", "--lang", "zh", PYTHONIOENCODING="cp1252")
        assert "研修活动次数" in ran.out
