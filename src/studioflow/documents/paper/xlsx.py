"""A paper as an Excel file: text only, so that nothing in it is ever computed."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from studioflow.codec import Collector, wrong
from studioflow.documents.paper.grid import laid_out
from studioflow.documents.paper.model import (
    Heading,
    Listing,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Table,
    texts,
)
from studioflow.documents.paper.picture_size import printed_width
from studioflow.documents.paper.rasters import svg_to_png
from studioflow.errors import MissingExtraError
from studioflow.text import message

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["to_xlsx"]

_MOST_CHARACTERS = 32_767
_MOST_ROWS = 1_048_576
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDTH = {False: 92, True: 134}
"""Of the sheet, in characters of its font, by whether the long side lies below."""
_LINE = 15.0
"""The height of a line, in points."""
_POINTS = 72 / 25.4
"""Of a millimetre."""


_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31

CELL_TOO_LONG = message(
    "cell_too_long",
    zh="不超过 {limit} 字的文字（Excel 单元格的上限）；改用 .docx、.pdf 或 .html",
    en="text of at most {limit} characters, which is all that a cell of Excel holds; use .docx,"
    " .pdf or .html",
)


def to_xlsx(paper: Paper) -> bytes:
    """Return a paper as an Excel file; the same paper gives the same bytes.

    Each cell of its tables is one cell of the sheet, merged where it has to be, and every other
    block is one merged row.

    Raises:
        InputError: for a text that no cell of Excel can hold.
        MissingExtraError: where the extra `documents` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("documents") from error
    _check(paper)
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": paper.title[:255], "created": _MADE})
        _Writer(book, paper).write()
    return written.getvalue()


def _check(paper: Paper) -> None:
    collector = Collector()
    for number, block in enumerate(paper.blocks):
        for text in texts(block):
            with collector.under("blocks", number):
                if len(text) > _MOST_CHARACTERS:
                    raise wrong(CELL_TOO_LONG, f"{text[:40]}…", limit=_MOST_CHARACTERS)
    collector.finish()


class _Writer:
    def __init__(self, book: Any, paper: Paper) -> None:  # noqa: ANN401 - xlsxwriter's Workbook
        self.book, self.paper = book, paper
        self.edges = _edges(paper)
        name = _NOT_IN_NAMES.sub(" ", paper.title).strip()[:_NAME_LENGTH]
        self.sheet: Worksheet = book.add_worksheet(name or None)
        self.row = 0
        self._formats: dict[tuple[object, ...], Any] = {}

    def write(self) -> None:
        sheet, long = self.sheet, self.paper.landscape
        sheet.set_paper(9)  # A4
        sheet.set_landscape() if long else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
        sheet.set_footer(f"&C{self.paper.footer.replace('&', '&&')} &P")
        sheet.hide_gridlines(2)
        for column, width in enumerate(self.widths()):
            sheet.set_column(column, column, width)
        breaks: list[int] = []
        for block in self.paper.blocks:
            match block:
                case Heading():
                    self.line(block.text, size=max(11, 16 - block.level), bold=True)
                case Paragraph():
                    size = {"title": 18, "note": 9}.get(block.style, 11)
                    align = "center" if block.style == "title" else block.align
                    bold = block.style in {"title", "strong"}
                    self.line(block.text, size=size, bold=bold, align=align)
                case Listing():
                    self.items(block)
                case Table():
                    self.table(block)
                case Picture():
                    self.picture(block)
                case PageBreak():
                    breaks.append(self.row)
        if breaks:
            sheet.set_h_pagebreaks(breaks)

    def widths(self) -> list[float]:
        whole = _WIDTH[self.paper.landscape]
        return [float(b - a) * whole for a, b in zip(self.edges, self.edges[1:], strict=False)]

    def style(self, **about: object) -> Any:  # noqa: ANN401 - xlsxwriter's Format
        key = tuple(sorted(about.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"font_name": "宋体", "text_wrap": True, "num_format": "@", **about}
            )
        return self._formats[key]

    def put(self, corners: tuple[int, int, int, int], text: str, style: Any) -> None:  # noqa: ANN401 - xlsxwriter's Format
        row, column, to_row, to_column = corners
        if (row, column) == (to_row, to_column):
            self.sheet.write_blank(row, column, None, style)
        else:
            self.sheet.merge_range(row, column, to_row, to_column, "", style)
        if text:
            self.sheet.write_string(row, column, text, style)

    def line(self, text: str, *, size: int = 11, bold: bool = False, align: str = "left") -> None:
        style = self.style(font_size=size, bold=bold, align=align, valign="vcenter")
        self.put((self.row, 0, self.row, len(self.edges) - 2), text, style)
        lines = _lines(text, _WIDTH[self.paper.landscape] * 11 / size)
        self.sheet.set_row(self.row, max(1, lines) * _LINE * size / 10)
        self.row += 1

    def items(self, listing: Listing, depth: int = 0) -> None:
        for number, item in enumerate(listing.items, 1):
            if isinstance(item, Listing):
                self.items(item, depth + 1)
            else:
                self.line(f"{'　' * depth}{f'{number}.' if listing.ordered else '·'} {item}")

    def table(self, table: Table) -> None:
        if table.shown_caption:
            self.line(table.caption, bold=True)
        places = [self.edges.index(edge) for edge in _own_edges(table)]
        whole = _WIDTH[self.paper.landscape]
        for number, row in enumerate(laid_out(table)):
            tall = _LINE
            for spot in row:
                if not spot.begins:
                    continue
                cell, end = spot.cell, places[spot.column + spot.cell.across]
                start = places[spot.column]
                style = self.style(
                    border=1,
                    bold=cell.head,
                    font_size=10,
                    align="center" if cell.head and cell.align == "left" else cell.align,
                    valign="top" if cell.height and not cell.head else "vcenter",
                    **({"bg_color": "#F2F2F2"} if cell.head else {}),
                )
                corners = (self.row, start, self.row + cell.down - 1, end - 1)
                self.put(corners, cell.text, style)
                if cell.down == 1:
                    room = float(self.edges[end] - self.edges[start]) * whole
                    tall = max(tall, _lines(cell.text, room) * _LINE, (cell.height or 0) * _POINTS)
            self.sheet.set_row(self.row, min(tall + 4, 409))
            if number == table.head_rows - 1 and self.row < _MOST_ROWS:
                self.sheet.repeat_rows(self.row - number, self.row)
            self.row += 1
        self.row += 1

    def picture(self, picture: Picture) -> None:
        width = printed_width(picture, 170)
        data = svg_to_png(picture.svg, width, pixels_per_inch=96)
        rows = 1 + int(_height_of(data) / (_LINE * 96 / 72))
        options = {"image_data": io.BytesIO(data), "description": picture.alt}
        self.sheet.insert_image(self.row, 0, "picture.png", options)
        self.row += rows
        if picture.caption:
            self.line(picture.caption)


def _height_of(png: bytes) -> int:
    """Return the height of a PNG, in pixels."""
    return int.from_bytes(png[20:24], "big")


def _own_edges(table: Table) -> list[Fraction]:
    """Return where the columns of a table begin and end, as shares of the width."""
    sizes = [Fraction(str(width)) for width in table.widths]
    whole, edges = sum(sizes), [Fraction(0)]
    for size in sizes:
        edges.append(edges[-1] + size / whole)
    return edges


def _edges(paper: Paper) -> list[Fraction]:
    """Return the edges of the columns of all tables: what the columns of the sheet are."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    found = {
        edge
        for table in {table.widths: table for table in tables}.values()
        for edge in _own_edges(table)
    }
    return sorted({Fraction(0), Fraction(1), *found})


def _lines(text: str, room: float) -> int:
    """Return about how many lines a text takes in so many characters; Chinese ones are wide."""
    per_line = max(room - 1, 1)
    return sum(max(1, -int(-_wide(line) // per_line)) for line in text.split("\n"))


def _wide(text: Sequence[str] | str) -> float:
    return sum(2.0 if east_asian_width(c) in "WF" else 1.0 for c in text)
