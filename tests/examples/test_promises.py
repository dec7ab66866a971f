"""The page on the register names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_promise_has_its_test() -> None:
    """Each row of the promises names at least one test, and each of those is there."""
    page = (ROOT / "docs/register.md").read_text("utf-8")
    rows = page.partition("\n## What is promised\n")[2].partition("\n## ")[0].splitlines()
    rows = [row for row in rows if row.startswith("| ")][2:]
    named = [re.findall(r"`(tests/\S+\.py)::(\w+)`", row) for row in rows]

    assert [] == [row for row, tests in zip(rows, named, strict=True) if not tests]
    assert [] == [
        name
        for tests in named
        for file, name in tests
        if f"\ndef {name}(" not in (ROOT / file).read_text("utf-8")
    ]
