"""Where each cell of a table lies once those that reach across and down are laid out."""

from __future__ import annotations

from attrs import frozen

from studioflow.codec import wrong
from studioflow.documents.paper.model import Cell, Table
from studioflow.text import message

__all__ = ["Spot", "laid_out"]

TABLE_WIDTH = message(
    "table_row_width",
    zh="恰好占满 {columns} 列的表格行",
    en="a row of a table that fills {columns} columns",
)


@frozen
class Spot:
    """A cell, or what a cell of a row above still covers.

    Attributes:
        column: where it begins.
        begins: whether the cell begins in this row.
    """

    cell: Cell
    column: int
    begins: bool = True


def laid_out(table: Table) -> list[list[Spot]]:
    """Return every row of a table with all its columns covered, each once.

    >>> rows = ((Cell("a", down=2), Cell("b")), (Cell("c"),))
    >>> table = Table(rows=rows, widths=(1, 1), caption="letters")
    >>> [[(spot.cell.text, spot.begins) for spot in row] for row in laid_out(table)]
    [[('a', True), ('b', True)], [('a', False), ('c', True)]]

    Raises:
        InputError: for a row whose cells do not fill the columns.
    """
    width = len(table.widths)
    reaching: list[tuple[Spot, int] | None] = [None] * width
    rows: list[list[Spot]] = []
    for row in table.rows:
        spots: list[Spot] = []
        cells = iter(row)
        column = 0
        while column < width:
            above = reaching[column]
            if above is not None:
                spot, left = above
                spots.append(Spot(spot.cell, column, begins=False))
                reaching[column] = (spot, left - 1) if left > 1 else None
                column += spot.cell.across
                continue
            cell = next(cells, None)
            covered = range(column, column + (cell.across if cell else 1))
            if cell is None or covered.stop > width or any(reaching[c] for c in covered[1:]):
                raise wrong(TABLE_WIDTH, [each.text for each in row], columns=width)
            spots.append(Spot(cell, column))
            if cell.down > 1:
                reaching[column] = (spots[-1], cell.down - 1)
            column = covered.stop
        if next(cells, None) is not None:
            raise wrong(TABLE_WIDTH, [each.text for each in row], columns=width)
        rows.append(spots)
    return rows
