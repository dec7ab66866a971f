"""The lines of policy file on the page of coverage, by the heading of their row."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from studioflow.codec import parse
from studioflow.policy import Catalogue, Document, OneRule, Policy, build_policy

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
HEADER = {
    "schema": "studioflow.policy/1",
    "version": "1",
    "label": {"zh": "样例", "en": "sample"},
}
ROLES = "".join(
    f'[roles.{role}]\nlabel = {{ zh = "角色", en = "role" }}\n'
    for role in ("assessor", "colleague", "lead", "personnel_office")
)


@cache
def rows() -> dict[str, tuple[str, ...]]:
    """Return the TOML texts under each heading, in order."""
    parts = re.split(r"^## (.+)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    fence = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return {
        heading: tuple(fence.findall(text))
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    }


def class_of(heading: str) -> str:
    """Return the name of the class that tests a row."""
    words = re.findall(r"[a-z]+", heading.replace("'", ""))
    return "Test" + "".join(word.capitalize() for word in words)


@pytest.fixture
def texts(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The TOML texts of the row that the class is named after."""
    names = {class_of(heading): heading for heading in rows()}
    return rows()[names[request.cls.__name__]]


@pytest.fixture
def rules(texts: tuple[str, ...]) -> list[OneRule]:
    """The rules of the row, under the facts of the page."""
    (facts,) = rows()["The facts"]
    return [OneRule.read(f"{facts}\n{text}") for text in texts if "[rule]" in text]


@pytest.fixture
def rule(rules: list[OneRule]) -> OneRule:
    """The first rule of the row."""
    return rules[0]


@pytest.fixture
def condition(texts: tuple[str, ...]) -> OneRule:
    """The condition of the row, under the facts of the page."""
    (facts,) = rows()["The facts"]
    return OneRule.read(f"{facts}\n{texts[0]}")


@pytest.fixture
def sheets(texts: tuple[str, ...]) -> Callable[[int], Policy]:
    """The policy that a text of the row makes, laid over the facts and the sheet of the page."""
    (facts,), (sheet,) = rows()["The facts"], rows()["The sheet"]
    base = {**HEADER, "id": "base", **parse(f"{facts}\n{ROLES}\n{sheet}".encode())}

    def sheets(place: int) -> Policy:
        row = {**HEADER, "id": "row", "extends": "base", **parse(texts[place].encode())}
        catalogue = Catalogue(policies={"base": Document(base, "base")})
        return build_policy(Document(row, "row"), catalogue)

    return sheets


@pytest.fixture
def policy(sheets: Callable[[int], Policy]) -> Policy:
    """The policy that the first text of the row makes."""
    return sheets(0)
