"""The example of an embedding is the one that the documentation shows, and does what it says."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/embed.md").read_text("utf-8")
SCRIPT = (ROOT / "examples/embed.py").read_text("utf-8")


def test_the_page_shows_the_file() -> None:
    """The page's program is the file below its docstring."""
    (shown,) = re.findall(r"^```python\n(from .*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    _, _, program = SCRIPT.partition('\n"""\n\n')

    assert program == shown


def test_about_twenty_lines() -> None:
    """It is as short as the page's title says, blank lines and docstrings aside."""
    _, _, program = SCRIPT.partition('\n"""\n\n')
    lines = [line for line in program.splitlines() if line and '"""' not in line]

    assert len(lines) in range(18, 23)


def test_embed() -> None:
    """It prints what the page shows: bad input, a step, every reason against one, a step."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "examples/embed.py"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        encoding="utf-8",
    )
    (shown,) = re.findall(r"^```text\n\$ .*?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

    assert ("", shown) == (done.stderr, done.stdout)
    assert ["400", "200", "409", "200"] == [line[:3] for line in done.stdout.splitlines()]
