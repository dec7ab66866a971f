"""The lifecycle as SVG: what Graphviz draws, and what is said where it is missing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from studioflow.errors import MissingExtraError, MissingProgramError
from studioflow.lifecycle import svg
from studioflow.text import LANGUAGES, Language
from tests.lifecycle.conftest import World
from tests.lifecycle.drawn import nasty, returned_and_plaqued

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def graphviz() -> None:
    """Skip without Graphviz, but fail for it in CI."""
    if shutil.which("dot") is None:
        why = "pictures need Graphviz, on Debian: apt-get install graphviz"
        if "CI" in os.environ:
            pytest.fail(why)
        pytest.skip(why)


def texts(document: str) -> list[str]:
    """Return what can be read in a picture."""
    tree = ET.fromstring(document)  # noqa: S314 - our own
    return [
        "".join(text.itertext()).replace("\u00a0", " ").strip() for text in tree.iter(f"{SVG}text")
    ]


@pytest.mark.usefixtures("graphviz")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label(world: World, language: Language) -> None:
    """Every state, every step and every role can be read."""
    words = " ".join(texts(svg(world.policy, language))).replace(" ", "")

    procedure = world.policy.procedure
    labels = [state.label for state in procedure.states.values()]
    labels += [step.label for step in procedure.transitions.values()]
    for label in labels:
        assert label.get(language).replace(" ", "") in words
    for step in procedure.transitions.values():
        for role in step.by:
            assert world.policy.roles[role].label.get(language).replace(" ", "") in words


@pytest.mark.usefixtures("graphviz")
def test_title(world: World) -> None:
    """The picture is called after the policy, and none of its parts after an id of ours."""
    tree = ET.fromstring(svg(world.policy, "zh"))  # noqa: S314 - our own

    assert ["教育先锋党员工作室"] == [title.text for title in tree.iter(f"{SVG}title")]


@pytest.mark.usefixtures("graphviz")
def test_the_path_of_a_studio(world: World) -> None:
    """The days on which a studio took its steps are in the picture of its path."""
    words = texts(svg(world.policy, "zh", returned_and_plaqued(world.policy)))

    assert {"2023-03-22", "2023-03-25", "2023-03-29", "2023-04-14", "2023-06-15"} <= {*words}
    assert "现在" in words


@pytest.mark.usefixtures("graphviz")
@pytest.mark.parametrize("language", LANGUAGES)
def test_fault_25_markup_in_labels(world: World, language: Language) -> None:
    """A label with markup is text, to the letter, and brings no element of its own."""
    drawn = svg(nasty(world.policy), language)
    tree = ET.fromstring(drawn)  # noqa: S314 - our own

    known = {"svg", "g", "title", "polygon", "ellipse", "path", "text", "polyline"}
    assert known >= {element.tag.removeprefix(SVG) for element in tree.iter()}
    assert "<script>alert(1)</script>&amp;#e;`f`" in "".join(texts(drawn)).replace(" ", "")
    assert "s0:i|j\\N" in "".join(texts(drawn)).replace(" ", "")


def test_without_the_package(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra there is one sentence with the command that installs it."""
    monkeypatch.setitem(sys.modules, "graphviz", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'studioflow\[pictures\]'"):
        svg(world.policy)


def test_without_the_program(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Graphviz itself there is one sentence, in either language, with what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingProgramError, match="apt-get install graphviz") as caught:
        svg(world.policy)

    assert "此功能需要程序 dot" in caught.value.explain("zh")
    assert ("dot", "graphviz") == (caught.value.program, caught.value.package)
