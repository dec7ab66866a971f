"""Labels in Graphviz's HTML-like form, with everything in them escaped that it would read."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from studioflow.text import visible

__all__ = ["INK", "Line", "escaped", "table"]

INK = "#1f2933"

Align = Literal["LEFT", "CENTER"]


@frozen
class Line:
    """A line of a label.

    Attributes:
        text: as people wrote it.
        ink: its colour.
        size: in points; None is that of its surroundings.
    """

    text: str
    ink: str = INK
    size: float | None = None
    bold: bool = False

    def markup(self) -> str:
        """Return it as Graphviz reads it."""
        words = escaped(self.text) or "&#160;"  # nothing at all would be a syntax error
        words = f"<B>{words}</B>" if self.bold else words
        size = "" if self.size is None else f' POINT-SIZE="{self.size}"'
        return f'<FONT COLOR="{self.ink}"{size}>{words}</FONT>'


def table(rows: Sequence[Sequence[Sequence[Line]]], *, align: Align = "LEFT") -> str:
    """Return rows of cells of lines as a label, or an empty one; a lone cell takes all columns."""
    columns = max(map(len, rows), default=0)
    if not columns:
        return '""'
    marked = "".join(
        f"<TR>{''.join(_cell(lines, align, columns - len(cells) + 1) for lines in cells)}</TR>"
        for cells in rows
    )
    looks = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"'
    return f"<<TABLE {looks}>{marked}</TABLE>>"


def _cell(lines: Sequence[Line], align: Align, columns: int) -> str:
    looks = f'ALIGN="{align}" VALIGN="TOP" COLSPAN="{columns}"'
    if align == "CENTER":
        return f"<TD {looks}>{'<BR/>'.join(line.markup() for line in lines)}</TD>"
    # Each line says how it ends, or the last one is centred. What stands beside an arrow keeps
    # away from it by a space.
    marked = '<BR ALIGN="LEFT"/>'.join(f"&#160;{line.markup()}" for line in lines)
    last = '<BR ALIGN="LEFT"/>' if len(lines) > 1 else ""
    return f"<TD {looks}>{marked}{last}</TD>"


def escaped(text: str) -> str:
    """Return a text in one line, without anything that HTML or XML would read or refuse."""
    return html.escape(visible(" ".join(text.split())))
