"""A table of a Word document: its cells, merged ones and their heights."""

from __future__ import annotations

from typing import Any

from studioflow.documents.paper.docx_text import element, run_elements
from studioflow.documents.paper.grid import Spot, laid_out
from studioflow.documents.paper.model import Cell, Table, within

__all__ = ["table_element"]

_TWIPS = 1440 / 25.4
"""Of a millimetre."""
_USUAL, _SMALL = 21, 18
_MUCH = 1200


def table_element(table: Table, width: float) -> Any:  # noqa: ANN401 - lxml brings no types
    """Return a table as an element.

    Args:
        table: with its cells.
        width: in millimetres.
    """
    whole = sum(table.widths)
    columns = [round(width * _TWIPS * each / whole) for each in table.widths]
    borders = [
        element(side, val="single", sz="6", space="0", color="000000")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    ]
    about = element(
        "tblPr",
        element("tblW", w=str(sum(columns)), type="dxa"),
        element("tblBorders", *borders),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *(_margin(side) for side in ("left", "right"))),
        element("tblLook", firstRow="1" if table.head_rows else "0"),
        element("tblCaption", val=table.caption),
    )
    made = element("tbl", about)
    made.append(element("tblGrid", *(element("gridCol", w=str(each)) for each in columns)))
    size = _half_points(table)
    for number, row in enumerate(laid_out(table)):
        made.append(_row(row, columns, size, head=number < table.head_rows))
    return made


def _margin(side: str) -> Any:  # noqa: ANN401 - an element
    return element(side, w="80", type="dxa")


def _half_points(table: Table) -> int:
    """Return how large the text is: a table with much of it is set smaller."""
    length = sum(len(cell.text) for row in table.rows for cell in row)
    return _SMALL if length > _MUCH else _USUAL


def _row(row: list[Spot], columns: list[int], size: int, *, head: bool) -> Any:  # noqa: ANN401 - an element
    about = element("trPr")
    heights = [spot.cell.height or 0 for spot in row if spot.begins]
    if not any(heights):
        about.append(element("cantSplit"))
    else:
        about.append(element("trHeight", val=str(round(max(heights) * _TWIPS)), hRule="atLeast"))
    if head:
        about.append(element("tblHeader"))
    return element("tr", about, *(_cell(spot, columns, size) for spot in row))


def _cell(spot: Spot, columns: list[int], size: int) -> Any:  # noqa: ANN401 - an element
    cell = spot.cell
    width = sum(columns[spot.column : spot.column + cell.across])
    about = element("tcPr", element("tcW", w=str(width), type="dxa"))
    if cell.across > 1:
        about.append(element("gridSpan", val=str(cell.across)))
    if cell.down > 1:
        about.append(element("vMerge", val="restart") if spot.begins else element("vMerge"))
    if cell.head:
        about.append(element("shd", val="clear", color="auto", fill="F2F2F2"))
    about.append(element("vAlign", val="top" if cell.height and not cell.head else "center"))
    said = Cell() if not spot.begins else cell
    return element("tc", about, _line(said, size))


def _line(cell: Cell, size: int) -> Any:  # noqa: ANN401 - an element
    align = "center" if cell.head and cell.align == "left" else cell.align
    about = element("pPr", element("spacing", before="20", after="20"))
    if align != "left":
        about.append(element("jc", val=align))
    runs = run_elements(cell.text, bold=cell.head, size=size)
    if (link := within(cell.link)) is not None:
        runs = [element("hyperlink", *runs, anchor=link)]
    return element("p", about, *runs)
