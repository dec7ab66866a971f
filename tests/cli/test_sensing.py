"""`sensitivity`: which parameter moves how many studios, and where one tips, as text and JSON."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studioflow.cli.app import program
from studioflow.cli.output import Output
from studioflow.cli.progress import Bar
from studioflow.cli.sensing import sensitivity

Run = Callable[..., Any]

POLICY = """\
schema = "studioflow.policy/1"
id = "small"
version = "1"
label = { zh = "小", en = "small" }

[roles.judge]
label = { zh = "评委", en = "judge" }

[readings.good_mark]
value = "none"
type = "number"
text = { zh = "没有说", en = "not said" }

[facts.talks]
type = "count"
label = { zh = "讲座", en = "talks" }
unit = { zh = "次", en = "talks" }
max = 99

[sections.all]
label = { zh = "全部", en = "all" }

[criteria.talks]
section = "all"
label = { zh = "讲座", en = "talks" }
max = 10
kind = "count"
count = "talks"
norm = 8
points = 10
below = { each = 1, to = 0 }

[gates.some]
label = { zh = "有讲座", en = "some talks" }
kind = "at_least"
value = "talks"
bound = 5

[grades.good]
label = { zh = "好", en = "good" }
at_least = { reading = "good_mark" }

[grades.fair]
label = { zh = "一般", en = "fair" }
otherwise = true
"""
COHORT = "studio,talks\na,8\nb,5\nc,4\nd,30\n"


@pytest.fixture
def sense(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command over a small policy and a table of four studios."""
    monkeypatch.setitem(program.commands, "sensitivity", sensitivity)
    policy, cohort = tmp_path / "small.toml", tmp_path / "studios.csv"
    policy.write_text(POLICY, "utf-8")
    cohort.write_text(COHORT, "utf-8")

    def ran(*more: str, table: Path = cohort, **environment: str) -> Any:  # noqa: ANN401 - what a run left
        return run("sensitivity", str(policy), "--cohort", str(table), *more, **environment)

    return ran


def test_what_moves_studios(sense: Run) -> None:
    """Each step is a line, written as --set takes it, the parameter that moves most first."""
    done = sense()
    lines = done.out.splitlines()
    rows = [line.split() for line in lines]
    assert (0, "") == (done.status, done.err)
    assert "studios: 4; parameters: 7, moving: 4; steps: 12, refused: 2" == lines[0]
    assert ["criteria/talks/points=9", "4", "·", "4", "·", "·"] in rows
    assert ["criteria/talks/norm=7", "2", "·", "2", "·", "·"] in rows
    assert ["gates/some/bound=4", "1", "·", "·", "+1", "·"] in rows
    assert ["gates/some/bound=6", "1", "·", "·", "-1", "·"] in rows
    first = [row[0].split("=")[0] for row in rows[4:6]]
    assert ["criteria/talks/points"] * 2 == first
    assert "criteria/talks/points=11 no policy" == " ".join(rows[5])
    assert "max_exceeded 2" in done.out
    assert "readings/good_mark; try" in done.out


def test_all(sense: Run) -> None:
    """What moves nobody is listed where that is asked for."""
    assert "criteria/talks/max" not in sense().out
    assert ["criteria/talks/max=11", *"·····"] in [
        line.split() for line in sense("--all").out.splitlines()
    ]
    assert "小" not in sense("--lang", "zh").out
    assert sense("--lang", "zh").out.startswith("4 个工作室；")


def test_as_json(sense: Run) -> None:
    """JSON has every step of every parameter, and what is wrong with those that are refused."""
    document = json.loads(sense("--json").out)
    found = {each["path"]: each for each in document["parameters"]}
    assert ("studioflow.sensitivity/1", "small", 4) == (
        document["schema"],
        document["policy"]["id"],
        document["studios"],
    )
    assert [] == found["readings/good_mark"]["steps"]
    down, up = found["criteria/talks/points"]["steps"]
    moves = {"studios": 4, "unscored": 0, "totals": 4, "gained": 0, "lost": 0, "grades": 0}
    assert {"value": 9, "moves": moves, "refused": None} == down
    assert (None, "policy") == (up["moves"], up["refused"]["by"])
    assert ["max_exceeded"] == [each["code"] for each in up["refused"]["problems"]]


def test_tipping_points(sense: Run) -> None:
    """Between which values who becomes eligible is told."""
    done = sense("--tip", "gates/some/bound", "--values", "3:9")
    lines = [line.split() for line in done.out.splitlines()]
    assert ["gates/some/bound,", "now", "5"] == lines[0]
    assert [
        ["4", "→", "5", "eligible", "4", "3", "c"],
        ["5", "→", "6", "eligible", "3", "2", "b"],
        ["8", "→", "9", "eligible", "2", "1", "a"],
    ] == lines[4:]


def test_tipping_points_of_what_is_open(sense: Run) -> None:
    """A mark that nobody named tips over the values that are said, half points among them."""
    done = sense("--tip", "readings/good_mark", "--values", "6:7.5:0.5", "--json")
    document = done.json()
    assert ("studioflow.tipping/1", None) == (document["schema"], document["value"])
    assert [6, "6.5", 7, "7.5"] == [each["value"] for each in document["trials"]]
    assert [3, 3, 3, 2] == [each["grades"]["good"] for each in document["trials"]]
    assert ["grades/good", "grades/fair"] == [each["quantity"] for each in document["tips"]]
    assert [7, "7.5"] == document["tips"][0]["between"]
    assert ["b"] == document["tips"][0]["studios"]


def test_nothing_tips(sense: Run) -> None:
    """Where nothing comes out otherwise, that is said."""
    done = sense("--tip", "gates/some/bound", "--values", "10:12")
    assert "Nothing comes out otherwise" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "place"),
    [
        (("--tip", "gates/some/bonud"), "unknown_name", "--tip"),
        (("--tip", "readings/good_mark"), "values_needed", "--tip"),
        (("--values", "3:9"), "values_of_what", "--values"),
        (("--tip", "gates/some/bound", "--values", "3"), "values_syntax", "--values"),
        (("--tip", "gates/some/bound", "--values", "9:3"), "values_syntax", "--values"),
        (("--tip", "gates/some/bound", "--values", "1:2:0"), "values_syntax", "--values"),
        (("--tip", "gates/some/bound", "--values", "0:1:1:1"), "values_syntax", "--values"),
        (("--tip", "gates/some/bound", "--values", "0:inf"), "values_syntax", "--values"),
        (("--tip", "gates/some/bound", "--values", "0:1000"), "values_syntax", "--values"),
    ],
)
def test_refused(sense: Run, arguments: tuple[str, ...], code: str, place: str) -> None:
    """What can not be tried is told, and the status is 2."""
    done = sense(*arguments)
    assert (2, "") == (done.status, done.out)
    assert code in done.err
    assert place in done.err


def test_a_table_that_is_wrong(sense: Run, tmp_path: Path) -> None:
    """What is wrong with the table is told with its name."""
    table = tmp_path / "wrong.csv"
    table.write_text("studio,talks\na,many\n", "utf-8")
    done = sense(table=table)
    assert (2, "") == (done.status, done.out)
    assert "wrong.csv" in done.err
    assert "wrong_type" in done.err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits before a terminal sees a bar, however short the table is."""
    for as_json, shown in ((False, True), (True, False)):
        stream = _Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        with Bar(Output("en", as_json=as_json)) as bar:
            bar.stage("moving each parameter", 4)
            bar.done(4)
        assert shown == ("moving each parameter" in stream.getvalue())
