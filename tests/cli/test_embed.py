"""The example of an embedding runs as a newcomer runs it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_embed() -> None:
    """It scores, varies and explains."""
    done = subprocess.run(
        [sys.executable, "examples/embed.py"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
        encoding="utf-8",
    )
    lines = done.stdout.splitlines()

    assert "" == done.stderr
    assert "research activities: 14 points" == lines[0]
    assert "with a norm of 12: 18 points" in lines
    assert "2023-04-02: denied: declare" in lines
    assert "2023-03-28: allowed: declare" == lines[-1]
