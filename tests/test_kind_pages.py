"""Every kind of rule has a page, and every page says what there is to say of a kind."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from studioflow.policy import OneRule
from studioflow.rules import CONDITIONS, QUANTITIES, SCORINGS

ROOT = Path(__file__).parents[1] / "docs" / "kinds"
REGISTRIES: Mapping[str, Mapping[str, type[Any]]] = {
    "Condition": CONDITIONS,
    "Quantity": QUANTITIES,
    "Scoring rule": SCORINGS,
}
FOLDERS = {"Condition": "conditions", "Quantity": "quantities", "Scoring rule": "scoring"}
EVERY = [
    (ROOT / FOLDERS[sort] / f"{kind}.md", f"# {sort} `{kind}`")
    for sort, registry in REGISTRIES.items()
    for kind in registry
]
BESIDE = [
    (path, path.read_text("utf-8").partition("\n")[0])
    for path in sorted((ROOT / "sheet").glob("*.md"))
]
"""What is no kind, and has a page of the same form: what the sheet does with the points."""
HEADINGS = [
    "## Keys",
    "## Example",
    "## Bounds and breakpoints",
    "## In words",
    "## Refused",
]
SHAPES = {"count", "marked", "cases", "each", "percent", "deduct", "sum"}
"""The scoring rules whose points go up and down with a number: there is something to see."""
every_page = pytest.mark.parametrize(
    ("path", "title"),
    EVERY + BESIDE,
    ids=[path.relative_to(ROOT).as_posix() for path, _ in EVERY + BESIDE],
)
every_kind = pytest.mark.parametrize(
    ("path", "title"), EVERY, ids=[path.relative_to(ROOT).as_posix() for path, _ in EVERY]
)


def test_every_kind_has_a_page_and_every_page_a_kind() -> None:
    """None is missing, and none speaks of a kind that is gone."""
    written = {path for folder in FOLDERS.values() for path in (ROOT / folder).glob("*.md")}
    assert {path for path, _ in EVERY} == written


@every_page
def test_a_page_has_what_every_kind_has(path: Path, title: str) -> None:
    """The headings, in one order."""
    lines = path.read_text("utf-8").splitlines()
    assert title == lines[0]
    assert HEADINGS == [line for line in lines if line.startswith("## ")]


@every_page
def test_a_page_is_listed(path: Path, title: str) -> None:
    """The index leads to it."""
    listed = (ROOT / "index.md").read_text("utf-8").splitlines()
    assert path.relative_to(ROOT).with_suffix("").as_posix() in listed, title


@every_page
def test_a_page_speaks_both_languages_and_shows_what_is_refused(path: Path, title: str) -> None:
    """The sentences of the sheet in Chinese and in English, and errors as they are told."""
    parts = re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)
    words, refused = parts[-2], parts[-1]
    assert re.search(r"[\u4e00-\u9fff]", words), title
    assert len(re.findall(r"^>>> ", words, flags=re.MULTILINE)) >= 2
    assert "studioflow.errors.InputError: " in refused


@every_kind
def test_every_key_of_a_kind_is_in_its_table(path: Path, title: str) -> None:
    """A key that a kind takes is explained, and none that it does not take."""
    sort = next(sort for sort in REGISTRIES if title.startswith(f"# {sort} "))
    cls = REGISTRIES[sort][path.stem]
    taken = {field.metadata.get("key", field.name) for field in attrs.fields(cls)}
    table = path.read_text("utf-8").partition("## Keys")[2].partition("## Example")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert taken == {key for row in rows for key in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_a_kind_with_a_shape_has_a_picture(kind: str) -> None:
    """It is drawn from the page's own text, and says in words what it shows."""
    page = (ROOT / "scoring" / f"{kind}.md").read_text("utf-8")
    pictures = re.findall(r"^```{shape} (\w+)\n:alt: .{40,}$", page, flags=re.MULTILINE)
    assert pictures
    texts = re.findall(r"^```toml\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
    assert pictures[0] in OneRule.read(texts[0]).facts
