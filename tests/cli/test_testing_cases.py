"""`test`: what is printed of cases, and as what status it ends."""

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
    assert (0, "3 个通过，0 个未通过\n") == (done.status, done.out)


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
