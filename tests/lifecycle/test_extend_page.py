"""The page on extending the lifecycle shows the policies that the tests run."""

import re
from pathlib import Path

import pytest

from tests.lifecycle.county import FACTS

PAGE = Path(__file__).parents[2] / "docs/extend-lifecycle.md"
TEXTS = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
FILES = {path.stem: path.read_text("utf-8") for path in sorted(FACTS.glob("*.toml"))}


def _body(name: str) -> str:
    """Return a file's text without the lines that are the same in all of them."""
    return FILES[name].rpartition('extends = "base.toml"\n\n')[2]


@pytest.mark.parametrize("name", FILES)
def test_shown(name: str) -> None:
    """Each policy stands on the page to the letter."""
    assert _body(name) in TEXTS


def test_nothing_else() -> None:
    """The page shows no policy that no test runs."""
    assert {*TEXTS} == {_body(name) for name in FILES}


def test_every_section() -> None:
    """The table at the top leads to every section that has a policy."""
    page = PAGE.read_text("utf-8")
    linked = re.findall(r"^\| \[[^\]]+\]\(#([\w-]+)\)", page, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings]
    assert anchors[1:-1] == linked
