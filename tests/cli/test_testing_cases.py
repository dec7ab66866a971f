"""`test` and `mutate`: what is printed, and as what status they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]

CASES = ("--cases", "examples/activities.cases.toml")
POLICY = "yongjia-2023"


def test_all_passed(run: Run) -> None:
    """Where all pass the status is 0."""
    done = run("--lang", "zh", "test", POLICY, *CASES)
    assert 0 == done.status
    assert done.out.startswith("3 个通过，0 个未通过\n案例看到了 ")


def test_one_failed(run: Run) -> None:
    """Where one fails the status is 1, and JSON says which and why."""
    done = run("test", POLICY, *CASES, "--set", "criteria/5.2.2/norm=15", "--json")
    document = json.loads(done.out)
    assert (1, "studioflow.test/1") == (done.status, document["schema"])
    assert (1, 2) == (document["passed"], document["failed"])
    first = document["cases"][0]["mismatches"][0]
    assert ("points/5.2.2", "16", "17") == (first["path"], first["expected"], first["got"])


def test_nothing_to_run(run: Run) -> None:
    """A file that there is not, and a case of what there is not, end with 2."""
    assert 2 == run("test", POLICY, "--cases", "nowhere.cases.toml").status
    done = run("test", "teacher-points", *CASES)
    assert 2 == done.status
    assert "unknown_name" in done.err


def test_what_was_seen(run: Run) -> None:
    """JSON counts what was seen, and names what was not with facts that would show it."""
    coverage = json.loads(run("test", POLICY, *CASES, "--json").out)["coverage"]
    assert coverage["seen"] + len(coverage["missing"]) == coverage["able"]
    assert coverage["impossible"]
    lead = next(e["facts"] for e in coverage["missing"] if e["place"] == "criteria/5.3.1")
    assert {"lead_research"} <= set(lead)


def test_a_floor(run: Run) -> None:
    """Below the floor the status is 1 though every case passes; at it, it is 0."""
    share = json.loads(run("test", POLICY, *CASES, "--json").out)["coverage"]["share"] * 100
    assert 0 == run("test", POLICY, *CASES, "--floor", str(int(share))).status
    assert 1 == run("test", POLICY, *CASES, "--floor", str(int(share) + 1)).status
    assert 2 == run("test", POLICY, *CASES, "--floor", "101").status


def test_what_is_missing(run: Run) -> None:
    """Each thing that no case has seen is a line, with facts that would show it."""
    done = run("test", POLICY, *CASES, "--missing", "--lang", "en")
    assert "gates/5.0.2: met; such as members = 7, team_confirmed = True" in done.out


def test_survivors(run: Run) -> None:
    """What no case notices is shown as the case that is missing, and the status is 1."""
    mutate = ("mutate", POLICY, *CASES, "--only", "criteria/5.2.2")
    done = run(*mutate, "--lang", "en")
    assert 1 == done.status
    assert "no case notices: criteria/5.2.2/above/plus_one_each/to: 20 → 19" in done.out
    assert "[cases.criteria_5_2_2_above_plus_one_each_to.expect]" in done.out
    document = json.loads(run(*mutate, "--json").out)
    survivor = next(each for each in document["survivors"] if each["after"] == "19")
    assert "criteria/5.2.2/above/plus_one_each/to=19" == survivor["set"]
    assert survivor["missing_case"]["expect"] != survivor["missing_case"]["mistaken"]
    assert 0 < document["score"] < 1


def test_nothing_survives(run: Run) -> None:
    """Where every mistake is noticed the status is 0."""
    assert 0 == run("mutate", POLICY, *CASES, "--only", "criteria/5.2.2/norm").status


def test_a_case_that_fails_anyway(run: Run) -> None:
    """Mistakes are put into a policy whose cases pass; the others are told."""
    done = run("mutate", POLICY, *CASES, "--set", "criteria/5.2.2/norm=15")
    assert 2 == done.status
    assert "case_fails" in done.err
