"""`lint`: what is printed, and as what status it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

POLICY = "yongjia-2023"


@pytest.mark.parametrize(("language", "word"), [("zh", "警告"), ("en", "warning")])
def test_findings(run: Run, language: str, word: str) -> None:
    """Every finding is printed with place, code and clause; warnings end with 0."""
    done = run("--lang", language, "lint", POLICY)
    assert 0 == done.status
    assert f"{word}  criteria/5.4.1/heading [heading_differs]\n" in done.out
    assert "5.4.1" in done.out


def test_an_error(run: Run) -> None:
    """A grade that nobody reaches ends with 1."""
    done = run("lint", POLICY, "--set", "readings/pass_mark=101", "--json")
    document = json.loads(done.out)
    assert (1, "studioflow.lint/1") == (done.status, document["schema"])
    assert "grade_unreached" in {each["code"] for each in document["findings"]}
    assert 1 == document["counts"]["error"]


def test_nothing(run: Run) -> None:
    """Where nothing is found that is said."""
    assert "没有发现问题。\n" == run("--lang", "zh", "lint", "teacher-points").out
