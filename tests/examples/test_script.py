"""The example of a script keeps what it did, and does nothing twice."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from studioflow.register import SqliteRegister

ROOT = Path(__file__).parents[2]


def _run(database: Path) -> list[str]:
    done = subprocess.run(  # noqa: S603 - our own example
        [sys.executable, "-X", "utf8", "-W", "error", "examples/script.py", str(database)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert "" == done.stderr
    return done.stdout.splitlines()


def test_twice(tmp_path: Path) -> None:
    """The second run finds what the first one wrote: the same keys, the same answers."""
    database = tmp_path / "studios.db"
    first, second = _run(database), _run(database)

    assert [
        "no: this is for bureau Party committee (1.6)",
        "no: nobody acts on a studio of their own unit (h-01, School One) (1.6)",
        "s-01 approved 2",
        "whole",
    ] == first[:4]
    assert first[2:] == second[-len(first[2:]) :]
    with closing(SqliteRegister(database)) as register:
        assert ["declare", "approve"] == [event.action for event in register.events("s-01")]
