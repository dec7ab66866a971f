"""The page beside the table shows the plugin's own files."""

import re
import tomllib
from pathlib import Path

import pytest
import studioflow_teacher_points

from studioflow.host import load_policy

PACKAGE = Path(studioflow_teacher_points.__file__).parent
PAGE = Path(__file__).parents[3] / "docs/teacher-points.md"
TEXTS = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
*QUOTED, COUNTY = TEXTS
FILES = [path.read_text("utf-8") for path in sorted(PACKAGE.glob("*.toml"))]


def test_number_of_texts() -> None:
    """So many are shown; changed by hand, so that none is lost unnoticed."""
    assert 28 == len(TEXTS)


@pytest.mark.parametrize("text", QUOTED, ids=lambda text: text.partition("\n")[0])
def test_to_the_letter(text: str) -> None:
    """What the page shows stands in a file of the plugin."""
    assert any(text in file for file in FILES)


def test_every_row() -> None:
    """The page's table has every row of the policy, and every outcome."""
    rows = re.findall(r"^\| (\w+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    items = (f"t{number}" for number in range(1, 11))
    assert ["row", *items, *(f"o{number}" for number in range(1, 10))] == rows


def test_another_county(tmp_path: Path) -> None:
    """What differs is laid over the rest, which stays."""
    path = tmp_path / "county.toml"
    path.write_text(COUNTY, "utf-8")
    county = load_policy(path)
    known = {name: 1 for name, fact in county.facts.items() if fact.type == "count"}

    assert "another-county" == tomllib.loads(COUNTY)["id"] == county.id
    assert 1 + 3 + 8 + 12 == county.score(known).criterion("t1").points.points
    assert 117 == county.score(known).criterion("t5").points.points
