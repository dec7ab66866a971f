"""`prove`, `ask` and `reach`: what is printed, as what status they end, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

POLICY = "yongjia-2023"
STUDIO = "examples/studio.toml"


def test_proved(run: Run) -> None:
    """A claim that holds ends with 0."""
    done = run("prove", POLICY, "total <= 100")
    assert (0, "✓ proved  total <= 100\n") == (done.status, done.out)


def test_refuted(run: Run) -> None:
    """One that does not ends with 1 and shows a studio."""
    done = run("prove", POLICY, "total <= 99", "total <= 100", "--json")
    document = json.loads(done.out)
    assert (1, "studioflow.prove/1") == (done.status, document["schema"])
    assert ["refuted", "proved"] == [each["outcome"] for each in document["claims"]]
    (example,) = document["claims"][0]["examples"]
    assert "studioflow.facts/1" == example["schema"]
    assert float(example["total"]) > 99


def test_no_answer(run: Run) -> None:
    """Where time runs out the status is 3, and that is said."""
    done = run("prove", POLICY, "total <= 100", "--seconds", "1e-9")
    assert 3 == done.status
    assert "no answer in time" in done.out
    assert 3 == run("ask", POLICY, "total >= 1", "--seconds", "1e-9").status


def test_the_way(run: Run) -> None:
    """A claim about the lifecycle shows the steps."""
    done = run("prove", POLICY, "reachable states/plaqued")
    assert "   declare → approve → plaque\n" in done.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_studios(run: Run, language: str) -> None:
    """Where two studios are compared, what differs is shown of both."""
    done = run("--lang", language, "prove", POLICY, columns=120)
    assert 1 == done.status
    assert 1 == done.out.count("✗")
    head = "第 1 个" if language == "zh" else "studio 1"
    assert head in done.out


def test_the_same(run: Run) -> None:
    """Two policies that are the same, and two that are not."""
    same = run("prove", POLICY, "--same-as", POLICY)
    assert (0, "Both policies give every studio the same.\n") == (same.status, same.out)
    other = run("prove", POLICY, "--same-as", POLICY, "--set", "criteria/5.2.2/norm=12", "--json")
    (claim,) = json.loads(other.out)["claims"]
    assert (1, "refuted", 2) == (other.status, claim["outcome"], len(claim["examples"]))
    refused = run("prove", POLICY, "--same-as", POLICY, "--set", "facts/activities/max=399")
    assert "does not take this studio's facts" in refused.out


def test_the_file_is_scored(run: Run, tmp_path: Path) -> None:
    """The studio that is found is written to a file that `score` takes."""
    found = tmp_path / "found.toml"
    done = run("ask", POLICY, "eligible", "total >= 90", "activities < 16", "-o", str(found))
    assert 0 == done.status
    sheet = json.loads(run("score", str(found), "--policy", POLICY, "--json").out)
    assert sheet["eligible"] is True
    assert float(sheet["total"]["points"]) >= 90
    assert [] == sheet["open"]
    again = run("ask", POLICY, "total >= 90", "-o", str(found))
    assert 2 == again.status
    assert "file_exists" in again.err


def test_impossible(run: Run) -> None:
    """What can not be ends with 1, as text and as JSON."""
    conditions = ("total > 99", "activities < 16")
    assert "no such studio" in run("ask", POLICY, *conditions).out
    done = run("ask", POLICY, *conditions, "--json")
    assert (1, "impossible") == (done.status, json.loads(done.out)["answer"])


def test_reach(run: Run) -> None:
    """The changes add up to the cost; what is fixed stays."""
    done = run("reach", STUDIO, "--policy", POLICY, "--total", "95", "--json")
    document = json.loads(done.out)
    costs = [float(change["cost"]) for change in document["changes"]]
    assert (0, sum(costs)) == (done.status, float(document["cost"]))
    fixed = [word for change in document["changes"] for word in ("--fix", change["fact"])]
    other = run("reach", STUDIO, "--policy", POLICY, "--total", "95", "--json", *fixed)
    assert document["changes"] != json.loads(other.out)["changes"]
    assert 1 == run("reach", STUDIO, "--policy", POLICY, "--total", "101").status
    assert (
        "already"
        in json.loads(
            run("reach", STUDIO, "--policy", POLICY, "--total", "80", "--json").out
        ).values()
    )


def test_reach_a_grade(run: Run) -> None:
    """A grade is reached, or a better one; the lowest one is reached by itself."""
    marks = ("--set", "readings/pass_mark=60", "--set", "readings/outstanding_mark=90")
    done = run("reach", STUDIO, "--policy", POLICY, "--grade", "outstanding", *marks)
    assert "grade outstanding" in done.out
    lowest = run("reach", STUDIO, "--policy", POLICY, "--grade", "not_passed", *marks, "--json")
    assert "not_passed" == json.loads(lowest.out)["studio"]["grade"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("prove", POLICY, "totl > 3"), "unknown_name"),
        (("prove", POLICY, "reachable states/comended"), "unknown_name"),
        (("prove", POLICY, "total <= 100", "--seconds", "0"), "seconds_above_0"),
        (("ask", POLICY, "total >"), "claim_syntax"),
        (("reach", STUDIO, "--policy", POLICY), "goal_missing"),
        (("reach", STUDIO, "--policy", POLICY, "--total", "9", "--grade", "a"), "goal_missing"),
        (("reach", STUDIO, "--policy", POLICY, "--total", "9", "--cost", "a=b"), "cost_syntax"),
        (("reach", STUDIO, "--policy", POLICY, "--total", "9", "--cost", "a=1"), "unknown_name"),
        (("reach", STUDIO, "--policy", POLICY, "--total", "9", "--fix", "a"), "unknown_name"),
    ],
)
def test_refused(run: Run, arguments: tuple[str, ...], code: str) -> None:
    """Bad input is told with its code, in both languages, and the status is 2."""
    for language in ("zh", "en"):
        done = run("--lang", language, *arguments)
        assert (2, "") == (done.status, done.out)
        assert code in done.err
