"""A sheet of a table as it was found: cells by row and column, with what is merged and hidden."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.text import Message, message

__all__ = [
    "MAX_CELLS",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "GridCell",
    "Merged",
    "Sheet",
    "place",
    "too_large",
]

MAX_ROWS = 20_000
MAX_COLUMNS = 500
MAX_CELLS = 400_000

TABLE_TOO_LARGE = message(
    "table_too_large",
    zh="不超过 {rows} 行、{columns} 列、{cells} 个单元格的表格",
    en="a table of at most {rows} rows, {columns} columns and {cells} cells",
)


@frozen
class GridCell:
    """What stands in a cell.

    Attributes:
        value: a text; or a number, a truth, a day or a time, where the file says that it is one.
        format: how the spreadsheet shows it.
        expected: what should stand there, where it is no value at all.
    """

    value: object = field(repr=False)
    format: str = ""
    expected: Message | None = None


@frozen
class Merged:
    """Cells that are shown as one: the first and the last row and column, all from 1."""

    top: int
    left: int
    bottom: int
    right: int


@frozen(kw_only=True)
class Sheet:
    """A sheet; a CSV file is one without a name.

    Attributes:
        rows: cells that are not empty, by row and column, both from 1.
        hidden_rows, hidden_columns: what nobody sees who opens it.
        hidden: whether nobody sees the whole sheet.
        damage: why the rest of it could not be read.
    """

    name: str = ""
    rows: Mapping[int, Mapping[int, GridCell]] = field(repr=False)
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    damage: InputError | None = None

    def place(self, row: int, column: int) -> str:
        """Return where a cell is, as people say it: `Sheet1!B7`."""
        cell = place(row, column)
        return f"{self.name}!{cell}" if self.name else cell


def place(row: int, column: int) -> str:
    """Return the name of a cell.

    >>> place(7, 2), place(1, 28)
    ('B7', 'AB1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def too_large(got: str) -> InputError:
    """Return what is said of a table that is larger than any office needs."""
    return wrong(TABLE_TOO_LARGE, got, rows=MAX_ROWS, columns=MAX_COLUMNS, cells=MAX_CELLS)
