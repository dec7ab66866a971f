"""Tables without markup: every cell is plain text with a style, whatever a file put into it."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text as Cell

from studioflow.cli.layout import visible, wrap

__all__ = ["cell", "lines", "table"]


def table(*headers: str, right: Iterable[int] = ()) -> Table:
    """Return an empty table; `right` are the columns of numbers."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    made.show_header = any(headers)
    made.header_style = "bold"
    numbers = set(right)
    for position, header in enumerate(headers):
        justify = "right" if position in numbers else "left"
        made.add_column(Cell(visible(header)), justify=justify, overflow="fold")  # type: ignore[arg-type] # the two words
    return made


def cell(text: str, style: str = "") -> Cell:
    """Return a cell that says the text and nothing else."""
    return Cell(visible(text), style=style, overflow="fold")


def lines(parts: Iterable[tuple[str, str]], columns: int) -> Cell:
    """Return a cell of several texts with their styles, each broken to a width.

    Broken here and not by rich, which breaks before a comma.
    """
    made = Cell(overflow="fold")
    for text, style in parts:
        for line in wrap(visible(text), columns):
            if made:
                made.append("\n")
            made.append(line, style=style)
    return made
