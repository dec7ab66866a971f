"""Policies with facts of the same names: what holds for one does not for another."""

from __future__ import annotations

from typing import Any

import polars as pl

from studioflow.cohort.columns import score_cohort
from studioflow.policy import Document, Policy, build_policy

NAME = {"zh": "名", "en": "name"}


def either(x: tuple[int, int], y: tuple[int, int]) -> Policy:
    """Return a policy that counts one of two facts, by a third; each lies within its bounds."""
    count = {"type": "count", "label": NAME, "unit": NAME}
    points: dict[str, Any] = {name: {"kind": "each", "of": name, "points": 1} for name in "xy"}
    tables: dict[str, Any] = {
        "schema": "studioflow.policy/1",
        "id": "either",
        "version": "1",
        "label": NAME,
        "facts": {
            "first": {"type": "flag", "label": NAME},
            "x": {**count, "min": x[0], "max": x[1]},
            "y": {**count, "min": y[0], "max": y[1]},
        },
        "sections": {"1": {"label": NAME}},
        "criteria": {
            "1.1": {
                "section": "1",
                "label": NAME,
                "max": 40,
                "kind": "cases",
                "cases": [{"when": "first", "points": points["x"]}],
                "otherwise": points["y"],
            },
        },
        "grades": {
            "good": {"label": NAME, "at_least": 15},
            "poor": {"label": NAME, "otherwise": True},
        },
    }
    return build_policy(Document(tables, "either.toml"))


def grades(policy: Policy, x: int, y: int) -> list[tuple[str | None, ...]]:
    """Return the grades of a studio with and without, and of one where that is not known."""
    columns = {"studio": ["甲", "乙", "丙"], "first": [True, False, None], "x": [x] * 3}
    frame = pl.DataFrame({**columns, "y": [y] * 3})
    scored = score_cohort(policy, frame, results=["grade"]).frame
    return list(scored.select("grade", "grade_low", "grade_high").rows())


def test_other_bounds() -> None:
    """What the bounds of one policy imply is not taken to hold for another with other bounds."""
    low, high, open_ = ("poor",) * 3, ("good",) * 3, (None, "poor", "good")
    # With the bounds of the one, the lower end is what is the higher one with the other's.
    assert [low, high, open_] == grades(either((0, 20), (20, 40)), 10, 30)
    assert [high, low, open_] == grades(either((20, 40), (0, 20)), 30, 5)
