"""Every document is opened for real: in Chromium, in LibreOffice, as a PDF."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from studioflow.documents.paper import Cell, Paper, Paragraph, Table, paper_bytes
from studioflow.errors import MissingExtraError
from tests.documents.batches import CHINESE, in_data, report, texts
from tests.documents.every import EVERY, outline

Open = Callable[[Path], Path]
GOLDEN = Path(__file__).with_name("golden")
FORMS = [name for name in EVERY if name.startswith("attachment")]
every = pytest.mark.parametrize("name", EVERY)


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def words(paper: Paper) -> list[str]:
    """Return a few texts that have to be found wherever the paper is opened."""
    said = [block.text for block in paper.blocks if isinstance(block, Paragraph)][:2]
    for block in paper.blocks:
        if isinstance(block, Table):
            said += [cell.text for cell in block.rows[-1]][:2]
    return [squeezed(line) for text in said for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("name", FORMS)
def test_layout(name: str) -> None:
    """The layout of each form is as it was looked at; a change is made on purpose."""
    found = "\n".join(outline(EVERY[name]("zh"))) + "\n"

    assert (GOLDEN / f"{name}.txt").read_text("utf-8") == found


@every
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser(
    browser: Browser, violations: Callable[[Page], list[str]], tmp_path: Path, name: str, width: int
) -> None:
    """Chromium shows it on a desk and a phone without overflow, and axe finds nothing serious."""
    path = tmp_path / "document.html"
    path.write_bytes(paper_bytes(EVERY[name]("zh"), ".html"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())

    assert [] == said
    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert [] == violations(page)
    page.close()


@every
@pytest.mark.usefixtures("chinese_font", "graphviz")
def test_as_pdf(name: str) -> None:
    """It is set on A4, with everything that it says, in either language."""
    for language in ("zh", "en"):
        paper = EVERY[name](language)
        reader = PdfReader(io.BytesIO(paper_bytes(paper, ".pdf")))
        said = squeezed("".join(page.extract_text() for page in reader.pages))

        assert {(595, 842)} == {tuple(map(round, p.mediabox[2:])) for p in reader.pages}
        assert [] == [word for word in words(paper) if word not in said]


@every
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
@pytest.mark.slow
def test_in_an_office(open_in_office: Open, tmp_path: Path, name: str, suffix: str) -> None:
    """LibreOffice opens it as Word and as Excel, and prints everything that it says on A4."""
    paper = EVERY[name]("zh")
    path = tmp_path / f"document{suffix}"
    path.write_bytes(paper_bytes(paper, suffix))
    reader = PdfReader(open_in_office(path))
    said = squeezed("".join(page.extract_text() for page in reader.pages))

    assert {(595, 842)} == {tuple(map(round, page.mediabox[2:])) for page in reader.pages}
    assert [] == [word for word in words(paper) if word not in said]


@pytest.mark.parametrize("name", ["attachment-1", "attachment-1-empty", "attachment-2-empty"])
def test_one_page(open_in_office: Open, tmp_path: Path, name: str) -> None:
    """Attachments 1 and 2 have room on one page, in Word and as a PDF."""
    paper = EVERY[name]("zh")
    path = tmp_path / "form.docx"
    path.write_bytes(paper_bytes(paper, ".docx"))

    assert 1 == len(PdfReader(open_in_office(path)).pages)
    assert 1 == len(PdfReader(io.BytesIO(paper_bytes(paper, ".pdf"))).pages)


@pytest.mark.parametrize(
    ("suffix", "library"), [(".docx", "docx"), (".xlsx", "xlsxwriter"), (".pdf", "typst")]
)
def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, suffix: str, library: str) -> None:
    """Without the extra a sentence says what to install."""
    monkeypatch.setitem(sys.modules, library, None)
    if library == "typst":
        from studioflow.documents.paper.fonts import installed

        installed.cache_clear()
    table = Table(rows=((Cell("a"),),), widths=(1,), caption="t")
    with pytest.raises(MissingExtraError) as caught:
        paper_bytes(Paper(title="t", blocks=(table,)), suffix)

    assert "pip install 'studioflow[documents]'" in caught.value.explain("zh")


@every
def test_chinese_alone(name: str) -> None:
    """In Chinese there is no English sentence, but for commands."""
    commands = re.compile(r"studioflow [a-z-]+( [a-z-]+)*|apt-get [\w -]+|sha256:\w+")
    told = (commands.sub("", text) for text in texts(EVERY[name]("zh")))

    assert [] == [text for text in told if re.search(r"[A-Za-z]{2,}( [A-Za-z]{2,}){2,}", text)]


@every
def test_english_alone(name: str) -> None:
    """In English there is no Chinese but what studios and the policy's source say themselves."""
    done = report("yongjia-2023-sample")
    own = in_data(done) + str(done.policy.source)
    told = texts(EVERY[name]("en"))

    assert [] == [text for text in told if any(run not in own for run in CHINESE.findall(text))]
