"""`compare`: whom a variation hits, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

POLICY = "yongjia-2023"
COHORT = ("--cohort", "examples/cohort.csv")
SIX = ("--set", "criteria/5.2.2/norm=12")


def test_who_is_hit(run: Run) -> None:
    """The item to blame and the totals before and after are shown."""
    done = run("compare", POLICY, *SIX, *COHORT)
    assert 0 == done.status
    assert done.out.startswith("studios: 10; hit: 8, rising: 7, falling: 0, not certain yet: 1\n")
    assert "criteria/5.2.2        8     +24\n" in done.out
    assert "s04       77.5   81.5      +4" in done.out


def test_as_json(run: Run) -> None:
    """JSON has every studio that is hit, with exact points."""
    done = run("compare", POLICY, *SIX, *COHORT, "--json")
    document = json.loads(done.out)
    assert "studioflow.compare/1" == document["schema"]
    assert (10, 7, 8) == (document["studios"], document["rising"], len(document["hits"]))
    assert ["criteria/5.2.2/norm=12"] == document["policies"][1]["varied"]
    hits = {hit["studio"]: hit for hit in document["hits"]}
    assert ["77.5", "81.5"] == hits["s04"]["total"]
    assert [None, None] == hits["s10"]["total"]


def test_grades(run: Run) -> None:
    """Who goes from one grade to another is counted."""
    pass_mark = ("--set", "readings/pass_mark=60")
    done = run("--lang", "zh", "compare", POLICY, *pass_mark, *COHORT)
    assert " → passed: " in done.out
    assert done.out.startswith("10 个工作室：")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("compare", POLICY, *COHORT), "nothing_to_compare"),
        (("compare", POLICY, *SIX, "--cohort", "nowhere.csv"), "not_readable"),
        (("compare", POLICY, "teacher-points", *COHORT), "unknown_name"),
    ],
)
def test_refused(run: Run, arguments: tuple[str, ...], code: str) -> None:
    """What can not be compared is told, and the status is 2."""
    done = run(*arguments)
    assert (2, "") == (done.status, done.out)
    assert code in done.err
