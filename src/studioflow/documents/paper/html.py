"""A paper as one HTML file: nothing from elsewhere, no script, accessible and printable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from studioflow.documents.paper.inline_svg import inline_svg
from studioflow.documents.paper.model import (
    Block,
    Cell,
    Heading,
    Listing,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Table,
    within,
)
from studioflow.text import Text

__all__ = ["to_html"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_LANGUAGES: Mapping[str, str] = {"zh": "zh-Hans", "en": "en"}
_CONTENTS = Text("目录", "Contents")
_SKIP = Text("跳到正文", "Skip to the text")
_BACK = Text("回到目录", "Back to the contents")
_MANY = 30
"""So many entries of the contents are folded away until somebody wants them."""
_WIDE = 4
"""A table with more columns may be wider than a phone."""
_LISTED = 2
_DEEPEST = 6


def to_html(paper: Paper) -> str:
    """Return a paper as an HTML document.

    Text is put into elements, never into markup; what was drawn is put in as it is, after a look
    for anything that acts or reaches out.

    Raises:
        InputError: for a picture that has scripts in it, or links to elsewhere.
    """
    html = ET.Element("html", lang=_LANGUAGES[paper.language])
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ET.SubElement(head, "title").text = paper.title
    ET.SubElement(head, "style").text = _style()
    body = ET.SubElement(html, "body", {"class": "landscape"} if paper.landscape else {})
    skip = ET.SubElement(body, "a", {"class": "skip", "href": "#main"})
    skip.text = _SKIP.get(paper.language)
    _Writer(paper, body).write()
    return "<!DOCTYPE html>\n" + ET.tostring(html, encoding="unicode", method="html") + "\n"


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


class _Writer:
    def __init__(self, paper: Paper, body: ET.Element) -> None:
        self.paper, self.body = paper, body
        self.level = 1
        self.pictures = count(1)
        self.entries = [
            block
            for block in paper.blocks
            if isinstance(block, Heading) and block.anchor and block.level <= _LISTED
        ]

    def write(self) -> None:
        titled = next(
            (b for b in self.paper.blocks if isinstance(b, Paragraph) and b.style == "title"), None
        )
        header = ET.SubElement(self.body, "header")
        _say(ET.SubElement(header, "h1"), self.paper.title if titled is None else titled.text)
        if self.entries:
            self.contents()
        main = ET.SubElement(self.body, "main", id="main")
        for block in self.paper.blocks:
            if block is not titled:
                self.block(block, main)
        if self.paper.footer:
            _say(ET.SubElement(ET.SubElement(self.body, "footer"), "p"), self.paper.footer)

    def contents(self) -> None:
        title = _CONTENTS.get(self.paper.language)
        nav = ET.SubElement(self.body, "nav", {"id": "contents", "aria-label": title})
        if len(self.entries) > _MANY:
            nav = ET.SubElement(nav, "details")
            ET.SubElement(nav, "summary").text = title
        else:
            ET.SubElement(nav, "p", {"class": "strong"}).text = title
        listed = ET.SubElement(nav, "ul")
        inner = listed
        for entry in self.entries:
            if entry.level == 1:
                item = inner = ET.SubElement(listed, "li")
            else:
                under = inner.find("ul") if inner is not listed else listed
                under = ET.SubElement(inner, "ul") if under is None else under
                item = ET.SubElement(under, "li")
            _say(ET.SubElement(item, "a", href=f"#{entry.anchor}"), entry.text)

    def block(self, block: Block, into: ET.Element) -> None:
        match block:
            case Heading():
                self.heading(block, into)
            case Paragraph():
                names = [n for n in (block.style, block.align) if n not in {"body", "left"}]
                about = {"class": " ".join(names)} if names else {}
                _say(_linked(ET.SubElement(into, "p", about), block.link), block.text)
            case Listing():
                self.listing(block, into)
            case Table():
                self.table(block, into)
            case Picture():
                self.picture(block, into)
            case PageBreak():
                ET.SubElement(into, "hr", {"class": "break"})

    def heading(self, block: Heading, into: ET.Element) -> None:
        # The title is the first level; no level may be left out on the way down.
        self.level = min(block.level + 1, self.level + 1, _DEEPEST)
        made = ET.SubElement(into, f"h{self.level}", {"id": block.anchor} if block.anchor else {})
        _say(made, block.text)
        if block.anchor and self.entries and block.level > 1:
            back = ET.SubElement(made, "a", {"class": "back", "href": "#contents"})
            back.set("aria-label", _BACK.get(self.paper.language))
            back.text = "↑"

    def listing(self, block: Listing, into: ET.Element) -> None:
        made = ET.SubElement(into, "ol" if block.ordered else "ul")
        item = made
        for each in block.items:
            if isinstance(each, Listing):
                self.listing(each, item if item is not made else ET.SubElement(made, "li"))
            else:
                item = ET.SubElement(made, "li")
                _say(item, each)

    def table(self, block: Table, into: ET.Element) -> None:
        if len(block.widths) > _WIDE:
            region = {"class": "wide", "role": "region", "tabindex": "0"}
            into = ET.SubElement(into, "div", {**region, "aria-label": block.caption})
        table = ET.SubElement(into, "table")
        hidden = {} if block.shown_caption else {"class": "unseen"}
        _say(ET.SubElement(table, "caption", hidden), block.caption)
        columns = ET.SubElement(table, "colgroup")
        whole = sum(block.widths)
        for width in block.widths:
            ET.SubElement(columns, "col", style=f"width:{100 * width / whole:.2f}%")
        if block.head_rows:
            head = ET.SubElement(table, "thead")
            for row in block.rows[: block.head_rows]:
                self.row(row, head, across=True)
        body = ET.SubElement(table, "tbody")
        for row in block.rows[block.head_rows :]:
            self.row(row, body, across=False)

    def row(self, row: tuple[Cell, ...], into: ET.Element, *, across: bool) -> None:
        made = ET.SubElement(into, "tr")
        for cell in row:
            about = dict(_about(cell, across=across))
            element = ET.SubElement(made, "th" if "scope" in about else "td", about)
            _say(_linked(element, cell.link), cell.text)

    def picture(self, block: Picture, into: ET.Element) -> None:
        figure = ET.SubElement(into, "figure", style=f"max-width:{100 * block.width:.0f}%")
        figure.append(inline_svg(block.svg, block.alt, f"picture-{next(self.pictures)}"))
        if block.caption:
            _say(ET.SubElement(figure, "figcaption"), block.caption)


def _about(cell: Cell, *, across: bool) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a cell; one that names others says which."""
    if (cell.head or across) and cell.text:
        if across:
            yield "scope", "colgroup" if cell.across > 1 else "col"
        else:
            yield "scope", "rowgroup" if cell.down > 1 else "row"
    if cell.across > 1:
        yield "colspan", str(cell.across)
    if cell.down > 1:
        yield "rowspan", str(cell.down)
    if cell.align != "left":
        yield "class", cell.align
    if cell.height is not None:
        yield "style", f"height:{cell.height:g}mm"


def _linked(element: ET.Element, link: str | None) -> ET.Element:
    if link is None:
        return element
    # A name may have characters that mean something else in an address.
    target = f"#{link}" if within(link) else f"./{quote(link.removeprefix('./'))}"
    return ET.SubElement(element, "a", href=target)


def _say(element: ET.Element, text: str) -> None:
    """Put a text into an element, with its lines broken where it breaks them."""
    first, *more = text.split("\n")
    element.text = first
    for line in more:
        ET.SubElement(element, "br").tail = line
