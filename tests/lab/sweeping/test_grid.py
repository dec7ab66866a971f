"""Grids: their files, their combinations, and what is wrong with one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.lab.sweeping import Grid, read_grid

HEAD = 'schema = "studioflow.grid/1"\n[axes]\n'


def grid(folder: Path, text: str) -> Grid:
    """Write a grid, and read it."""
    path = folder / "a.grid.toml"
    path.write_text(text, "utf-8")
    return read_grid(path)


def test_lists_and_ranges(tmp_path: Path) -> None:
    """An axis is a list of values, or goes from one to another in steps."""
    text = (
        '"a/b" = [1, "x"]\n"c/d" = { from = 1, to = 2, step = 0.5 }\n"e/f" = { from = 3, to = 4 }'
    )
    found = grid(tmp_path, HEAD + text)
    assert {"a/b": (1, "x"), "c/d": (1, Decimal("1.5"), 2), "e/f": (3, 4)} == found.axes
    assert (12, 12) == (len(found), len([*found]))
    assert [{"a/b": 1, "c/d": 1, "e/f": 3}, {"a/b": 1, "c/d": 1, "e/f": 4}] == [*found][:2]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD, "no_axes"),
        (HEAD + "a = []", "axis_values"),
        (HEAD + "a = 3", "axis_values"),
        (HEAD + "a = { from = 1 }", "axis_values"),
        (HEAD + "a = { from = 1, to = 2, by = 1 }", "axis_values"),
        (HEAD + "a = { from = 2, to = 1 }", "axis_values"),
        (HEAD + "a = { from = 1, to = 2, step = 0 }", "axis_values"),
        (HEAD + "a = { from = 1, to = 'x' }", "wrong_type"),
        (HEAD + "a = [1, 2, 1]", "values_twice"),
        (HEAD + "a = { from = 1, to = 1000000 }", "too_many_variations"),
        (HEAD + "a = { from = 1, to = 999 }\nb = { from = 1, to = 999 }", "too_many_variations"),
        ('schema = "studioflow.grd/1"', "wrong_schema"),
        (f"{HEAD}a = [1]\n[axs]\n", "unknown_key"),
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, text: str, code: str) -> None:
    """What is wrong is told with the file."""
    with pytest.raises(InputError) as caught:
        grid(tmp_path, text)
    assert [(code, "a.grid.toml")] == [(each.code, each.file) for each in caught.value.problems]
