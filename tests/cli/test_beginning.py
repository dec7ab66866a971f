"""`new-plugin` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("language", "begins", "ends"),
    [("en", "written to", "policy.toml"), ("zh", "已写入", "policy.toml")],
)
def test_told(run: Run, tmp_path: Path, language: str, begins: str, ends: str) -> None:
    """It says in either language what was written, and what comes next."""
    ran = run("new-plugin", "shore", "--dir", str(tmp_path), "--lang", language)

    first, *_, last = ran.out.splitlines()
    assert (0, "") == (ran.status, ran.err)
    assert first.startswith(begins)
    assert last.endswith(ends)


def test_json(run: Run, tmp_path: Path) -> None:
    """As JSON it says the folder, and each file that is in it."""
    said = run("new-plugin", "shore", "--dir", str(tmp_path), "--json").json()
    folder = tmp_path / "studioflow-shore"

    assert ("studioflow.new-plugin/1", "shore") == (said["schema"], said["name"])
    assert str(folder) == said["folder"]
    assert all((folder / name).is_file() for name in said["files"])


def test_refused(run: Run, tmp_path: Path) -> None:
    """A bad name and a folder that is not there are bad input, told at once."""
    ran = run("new-plugin", "Shore", "--dir", str(tmp_path / "nowhere"), "--json")

    assert 2 == ran.status
    assert ["new_plugin_name", "new_plugin_no_folder"] == ran.codes()


def test_not_over_anything(run: Run, tmp_path: Path) -> None:
    """A second time it is refused, and the first one stays."""
    run("new-plugin", "shore", "--dir", str(tmp_path))
    readme = tmp_path / "studioflow-shore" / "README.md"
    readme.write_text("mine", "utf-8")

    assert 2 == run("new-plugin", "shore", "--dir", str(tmp_path)).status
    assert "mine" == readme.read_text("utf-8")
