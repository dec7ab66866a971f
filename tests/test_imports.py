"""Importing costs little: no room pulls in what only an extra or a diagram needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import studioflow

ROOMS = sorted(
    f"studioflow.{path.stem}"
    for path in Path(studioflow.__file__).parent.iterdir()
    # The command line stands on an extra.
    if not path.name.startswith("_") and path.name not in {"cli", "py.typed"}
)
HEAVY = (
    *("sqlite3", "sqlalchemy", "pandas", "polars", "narwhals", "numpy", "pyarrow", "duckdb"),
    *("rich", "click", "jinja2", "z3", "openpyxl", "asyncio", "transitions.extensions"),
)


@pytest.mark.parametrize("rooms", [["studioflow"], ROOMS], ids=["package", "rooms"])
def test_importing_loads_nothing_heavy(rooms: list[str]) -> None:
    """Neither the package nor all its rooms together load a database, a frame or asyncio."""
    code = (
        "import importlib, sys\n"
        f"for room in {rooms!r}: importlib.import_module(room)\n"
        f"print(*sorted(set({HEAVY!r}) & sys.modules.keys()))\n"
    )
    # -I: nothing but what is installed; a test's working folder and environment don't count.
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-I", "-c", code], check=True, capture_output=True
    )

    assert b"" == ran.stdout.strip()


def test_rooms() -> None:
    """The rooms that are looked at are those that there are."""
    assert {"studioflow.lifecycle", "studioflow.studio", "studioflow.policy"} <= {*ROOMS}
