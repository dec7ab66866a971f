"""The report of a batch: everything is in it, in one language, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from studioflow.documents.paper import Heading, Paper, Picture, write_paper
from studioflow.documents.report import batch_report
from studioflow.documents.report.distributions import five_numbers
from studioflow.register import anchor_of
from studioflow.text import LANGUAGES, Language
from tests.documents.batches import (
    CHINESE,
    SAMPLES,
    in_data,
    names,
    nobody,
    programme,
    report,
    tables,
    texts,
)

Open = Callable[[Path], Path]


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> str:
    """Each sample batch."""
    return str(request.param)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Each language."""
    return request.param  # type: ignore[no-any-return] # one of the two


@pytest.fixture(scope="module")
def paper(sample: str, language: Language) -> Paper:
    """The report of each batch in each language."""
    return batch_report(programme(sample), language=language)


def test_every_reason(paper: Paper, sample: str, language: Language) -> None:
    """Every reason of every sheet stands in it, with its clause, and so do points and marks."""
    said = "\n".join(texts(paper))
    for studio in report(sample).studios.values():
        if studio.sheet is None:
            continue
        sheet = studio.sheet
        several = [each.reasons for each in sheet.gates]
        several += [each.reasons for each in sheet.criteria]
        several += [each.reasons for each in sheet.deductions]
        for reason in chain.from_iterable(several):
            assert reason.explain(language) in said
        for mark in studio.sheet.marks:
            assert mark.by in said


def test_every_studio(paper: Paper, sample: str) -> None:
    """Every studio stands in the progress, and every ranked one in the ranking, in order."""
    _, progress, ranking = tables(paper)[:3]
    found = programme(sample)

    assert [studio.id for studio in found.studios()] == [
        row[0].text.split()[0] for row in progress[1:]
    ]
    assert [rank.studio for rank in found.ranking()] == [
        row[1].text.split()[0] for row in ranking[1:]
    ]


def test_readings_and_anchor(paper: Paper, sample: str, language: Language) -> None:
    """The readings in force, the fingerprint and the anchor of the register stand in it."""
    said = "\n".join(texts(paper))
    policy = report(sample).policy
    for reading in policy.readings.values():
        assert reading.text.get(language) in said
    assert policy.fingerprint in said
    assert anchor_of(report(sample).register).register in said


def test_nobody_is_named(paper: Paper, sample: str) -> None:
    """No name of a person stands in it."""
    said = "\n".join(texts(paper))

    assert names(report(sample))
    assert [] == [name for name in names(report(sample)) if name in said]


def test_names_where_asked_for() -> None:
    """The names of leads stand in it where they are asked for."""
    said = set(texts(batch_report(programme(), personal=True)))

    assert {"领衔人甲", "领衔人乙"} <= said


def test_english_alone(sample: str) -> None:
    """The English report has no Chinese but what studios wrote themselves, and titles."""
    done = report(sample)
    own = in_data(done) + str(done.policy.source)
    said = texts(batch_report(programme(sample), language="en"))

    assert [] == [text for text in said if any(run not in own for run in CHINESE.findall(text))]


def test_links_lead_somewhere(paper: Paper) -> None:
    """Every link leads to a heading."""
    anchors = {block.anchor for block in paper.blocks if isinstance(block, Heading)}
    links = {cell.link for rows in tables(paper) for row in rows for cell in row} - {None}

    assert links
    assert links <= anchors


def test_nobody_declared(language: Language) -> None:
    """A programme without studios has a report."""
    said = set(texts(batch_report(nobody(), language=language)))

    assert {"No studio is evaluated yet.", "还没有考核评价完成的工作室。"} & said


def test_without_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Graphviz a sentence with the command stands in place of the picture."""
    monkeypatch.setenv("PATH", "")
    paper = batch_report(programme())

    assert any("apt-get install graphviz" in text for text in texts(paper))
    assert 2 == sum(isinstance(block, Picture) for block in paper.blocks)


def test_how_far() -> None:
    """Whoever waits is told how many are done, and of how many."""
    told: list[tuple[int, int]] = []
    batch_report(programme(), told=lambda done, of: told.append((done, of)))

    assert [(n, 28) for n in range(1, 29)] == told


def test_five_numbers() -> None:
    """Quartiles are medians of the halves, the middle one in both."""
    numbers = [Fraction(n) for n in (7, 1, 3, 9)]

    assert [1, 2, 5, 8, 9] == [int(each) for each in five_numbers(numbers)]


@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser(
    tmp_path: Path, browser: Browser, violations: Callable[[Page], list[str]], width: int
) -> None:
    """The report can be read on a desk and on a phone, and axe finds nothing serious."""
    path = tmp_path / "report.html"
    write_paper(batch_report(programme(), language="zh"), path)
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=True)
    page.goto(path.as_uri())

    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert [] == violations(page)
    page.get_by_role("link", name="s01 样例工作室一").first.click()
    assert page.url.endswith("#studio-1")
    page.close()


def test_without_script(tmp_path: Path, browser: Browser) -> None:
    """Nothing of the report needs script."""
    path = tmp_path / "report.html"
    write_paper(batch_report(programme(), language="en"), path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())

    assert page.get_by_role("heading", name="Ranking").is_visible()
    page.keyboard.press("Tab")
    assert "Skip to the text" == page.locator(":focus").inner_text()
    context.close()


@pytest.mark.usefixtures("graphviz")
def test_lifecycle_picture(paper: Paper) -> None:
    """The lifecycle is drawn, and says in words what it shows."""
    picture = next(block for block in paper.blocks if isinstance(block, Picture))

    assert picture.svg.count("<g ") > 5
    assert picture.alt
