"""`sweep`: what is printed and written of a grid, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

Run = Callable[..., Any]

SWEEP = ("sweep", "yongjia-2023", "--cohort", "examples/cohort.csv")
GRID = ("--grid", "examples/activities.grid.toml")


def test_printed(run: Run) -> None:
    """Each combination is a row, its axes by their short names."""
    done = run(*SWEEP, *GRID, "--lang", "en")
    assert 0 == done.status
    assert "studios: 10; combinations: 9" in done.out
    assert "norm = criteria/5.2.2/norm" in done.out
    assert "12    18  81.94" in done.out


def test_json(run: Run) -> None:
    """JSON has the policy as it stands, and every outcome."""
    document = json.loads(run(*SWEEP, *GRID, "--json").out)
    assert ("studioflow.sweep/1", 10, 9) == (
        document["schema"],
        document["studios"],
        len(document["outcomes"]),
    )
    last = document["outcomes"][-1]
    assert {"criteria/5.2.2/norm": 16, "criteria/5.2.2/above/plus_one_each/to": 20} == last[
        "changes"
    ]
    assert document["base"]["mean"] == last["mean"]


def test_written(run: Run, tmp_path: Path) -> None:
    """The table is written in the form that the name says."""
    target = tmp_path / "sweep.parquet"
    done = run(*SWEEP, *GRID, "-o", str(target))
    assert 0 == done.status
    assert 9 == pl.read_parquet(target).height


def test_refused(run: Run, tmp_path: Path) -> None:
    """A grid that is none, and combinations that give no policy, end with 2."""
    grid = tmp_path / "a.grid.toml"
    grid.write_text('schema = "studioflow.grid/1"\n[axes]\n"criteria/5.2.2/nrm" = [1]\n', "utf-8")
    done = run(*SWEEP, "--grid", str(grid))
    assert 2 == done.status
    assert "unknown_key" in done.err
    assert "criteria/5.2.2/nrm=1" in done.err
    assert 2 == run(*SWEEP, "--grid", "examples/cohort.csv").status
