"""Pages: text stays text, tables and headings say what they are, and a browser agrees."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from playwright.sync_api import Browser, Page

from studioflow.documents.paper import Cell, Heading, Paper, Paragraph, Picture, Table, write_paper
from studioflow.documents.paper.html import to_html
from studioflow.documents.paper.inline_svg import inline_svg
from studioflow.errors import InputError
from tests.documents.paper.papers import MARKUP, SVG, full, papers

VOID = {"meta", "br", "col", "hr", "rect"}


class Reader(HTMLParser):
    """Reads a page as a browser does: which elements there are, with what in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag == "br":
            self.texts[-1] += "\n"
        elif tag not in VOID:
            self.open.append(tag)
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of one."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.texts:
            self.texts[-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def test_whole() -> None:
    """A page stands alone: a language, a title, one style, no script, nothing from elsewhere."""
    page = to_html(full("样例工作室一"))
    read = Reader(page)

    assert [{"lang": "zh-Hans"}] == read.named("html")
    assert "样例工作室一 1" in read.texts
    assert [] == read.named("script") + read.named("link") + read.named("img")
    assert "http://" not in page.replace("http://www.w3.org", "")
    (policy,) = (m for m in read.named("meta") if m.get("http-equiv"))
    assert "default-src 'none'" in str(policy["content"])


def test_tables() -> None:
    """Head cells say for what: a column, a row, or several of either."""
    rows = (
        (Cell("两列", head=True, across=2), Cell("三", head=True)),
        (Cell("两行", head=True, down=2), Cell("a"), Cell("b", align="right")),
        (Cell("c"), Cell("d", height=20)),
        (Cell("", head=True), Cell("e"), Cell("f")),
    )
    table = Table(rows=rows, widths=(1, 1, 1), caption="表", head_rows=1)
    read = Reader(to_html(Paper(title="t", blocks=(table,))))

    assert ["colgroup", "col", "rowgroup"] == [th["scope"] for th in read.named("th")]
    assert 7 == len(read.named("td"))
    assert ["height:20mm"] == [td["style"] for td in read.named("td") if "style" in td]
    assert [{"class": "unseen"}] == read.named("caption")


def test_headings_leave_no_level_out() -> None:
    """Whatever levels a paper has, the page goes down one at a time."""
    blocks = tuple(Heading(str(level), level, f"h{level}") for level in (3, 1, 2, 6))
    names = [tag for tag, _ in Reader(to_html(Paper(title="t", blocks=blocks))).elements]

    assert ["h1", "h2", "h2", "h3", "h4"] == [
        name for name in names if name in {*["h1", "h2", "h3", "h4", "h5", "h6"]}
    ]


@given(paper=papers())
def test_text_stays_text(paper: Paper) -> None:
    """Every text of any paper stands in the page to the letter, and makes no element."""
    read = Reader(to_html(paper))
    texts = [text.replace("\n\n", "\n") for text in read.texts]
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            assert block.text in texts
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    assert cell.text in [*texts, ""]


def test_fault_25_markup_in_names_html() -> None:
    """Fault 25: what looks like markup stands in the page to the letter."""
    read = Reader(to_html(full(*MARKUP)))

    assert set(MARKUP) <= set(read.texts)
    assert [] == read.named("script") + read.named("b")


class TestPictures:
    """SVG inside a page."""

    @pytest.mark.parametrize(
        "inside",
        [
            "<script>alert(1)</script>",
            '<rect onclick="alert(1)"/>',
            '<a href="https://x"><rect/></a>',
            '<image href="data:image/png;base64,"/>',
            "<foreignObject><p/></foreignObject>",
        ],
    )
    def test_what_acts_is_refused(self, inside: str) -> None:
        """A picture with scripts, events or links to elsewhere is refused."""
        svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
        with pytest.raises(InputError) as caught:
            inline_svg(svg, "a", "p")

        assert "picture_acts" == caught.value.problems[0].code

    def test_declarations(self) -> None:
        """A picture that declares entities is refused."""
        with pytest.raises(InputError):
            inline_svg('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "a", "p")

    def test_ids_of_their_own(self) -> None:
        """Two pictures with the same ids do not clash, and each still finds its own."""
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
            '<clipPath id="c"/><g clip-path="url(#c)"/><use xlink:href="#c"/></svg>'
        )
        made = [ET.tostring(inline_svg(svg, "a", name), "unicode") for name in ("p-1", "p-2")]

        for name, picture in zip(("p-1", "p-2"), made, strict=True):
            assert f'id="{name}-c"' in picture
            assert f"url(#{name}-c)" in picture
            assert f'href="#{name}-c"' in picture

    def test_said(self) -> None:
        """A picture says what it shows."""
        paper = Paper(title="t", blocks=(Picture(svg=SVG, alt="九个工作室"),))
        (picture,) = Reader(to_html(paper)).named("svg")

        assert ("img", "九个工作室") == (picture["role"], picture["aria-label"])


@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser(
    tmp_path: Path, browser: Browser, violations: Callable[[Page], list[str]], width: int
) -> None:
    """Chromium says nothing against a page: no message, no overflow, nothing serious by axe."""
    path = tmp_path / "paper.html"
    write_paper(full(*MARKUP, "样例工作室一"), path)
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())

    assert [] == said
    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert page.get_by_text(MARKUP[1], exact=True).first.is_visible()
    assert [] == violations(page)
    page.close()
