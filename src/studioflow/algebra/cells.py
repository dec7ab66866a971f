"""Columns of whole numbers: what the third interpretation computes with.

The bounds of a `Cell` are proved while the policy is compiled, so that no engine can overflow:
Polars would wrap silently. It is as narrow as its bounds allow, since a column of half the width
takes half the time. No column holds nulls: engines disagree about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from attrs import frozen

from studioflow.algebra.flags import Flag, not_
from studioflow.algebra.graph import Node, node

__all__ = [
    "Cell",
    "NotInColumnsError",
    "always",
    "at_least",
    "bits_for",
    "floored",
    "highest",
    "lowest",
    "product",
    "select",
    "total",
]

_WIDTHS = (8, 16, 32, 64)
_EXACT_IN_A_FLOAT = 2**53


class NotInColumnsError(Exception):
    """A term that no engine can compute exactly: Python computes it, row by row."""


@frozen(eq=False)
class Cell:
    """A column of whole numbers; without a `column`, all of them are `least`.

    Attributes:
        least, most: bounds of every value.
        bits: the width of the column.
    """

    least: int
    most: int
    column: Node | None = None
    bits: int = 8

    @classmethod
    def of(cls, column: Node, least: int, most: int) -> Cell:
        """Return a column of integers of any width, in the width that its bounds ask for.

        Raises:
            NotInColumnsError: where no width is enough.
        """
        if least == most:
            return cls(least, most)
        bits = bits_for(least, most)
        return cls(least, most, node("cast", column, bits), bits)

    def in_bits(self, bits: int) -> Node:
        """Return the column, at least so wide.

        Raises:
            NotInColumnsError: for what is the same in all rows, where no width is enough.
        """
        if self.column is None:
            return node("literal", self.least, max(bits, bits_for(self.least, self.most)))
        return self.column if self.bits >= bits else node("cast", self.column, bits)

    def same(self, other: Cell) -> bool:
        """Return whether the two are surely the same in all rows."""
        return self.column is other.column and self.least == other.least

    @property
    def as_node(self) -> Node:
        """The column, also where all values are the same."""
        return self.in_bits(bits_for(self.least, self.most))


def always(value: int) -> Cell:
    """Return what is the same in all rows."""
    return Cell(value, value)


def total(cells: Sequence[Cell]) -> Cell:
    """Return the sum; 0 of no cells."""
    columns = [cell for cell in cells if cell.column is not None]
    offset = sum(cell.least for cell in cells if cell.column is None)
    if not columns:
        return always(offset)
    if len(columns) == 1 and not offset:
        return columns[0]
    # What is added up on the way may lie further out than the sum.
    low = sum(min(0, cell.least) for cell in columns) + min(0, offset)
    high = sum(max(0, cell.most) for cell in columns) + max(0, offset)
    bits = _common(columns, low, high)
    added = reduce(_plus, (cell.in_bits(bits) for cell in columns))
    least, most = (sum(ends) for ends in zip(*((c.least, c.most) for c in columns), strict=True))
    return Cell(least + offset, most + offset, _plus(added, offset) if offset else added, bits)


def product(left: Cell, right: Cell) -> Cell:
    """Return the product."""
    if left.column is None:
        left, right = right, left
    corners = [x * y for x in (left.least, left.most) for y in (right.least, right.most)]
    least, most = min(corners), max(corners)
    if least == most:
        return always(least)
    if right.column is not None:
        bits = _common((left, right), least, most)
        return Cell(least, most, node("multiply", left.in_bits(bits), right.in_bits(bits)), bits)
    if right.least == 1:
        return left
    bits = _common((left,), min(least, right.least), max(most, right.least))
    return Cell(least, most, node("multiply", left.in_bits(bits), right.least), bits)


def lowest(cells: Sequence[Cell]) -> Cell:
    """Return the smallest of one or more."""
    bound = min(cell.most for cell in cells)
    # What never gets below the bound can not be the smallest, unless it is the bound.
    columns = _distinct_cells(cell for cell in cells if cell.least < bound)
    if not columns:
        return always(bound)
    clipped = all(cell.most > bound for cell in columns)
    if len(columns) == 1 and not clipped:
        return columns[0]
    least = min(cell.least for cell in columns)
    bits = _common(columns, least, bound)
    wide = [cell.in_bits(bits) for cell in columns]
    if clipped:
        wide.append(node("literal", bound, bits))
    column = node("smallest", *wide)
    return Cell(least, bound, column, bits)


def highest(cells: Sequence[Cell]) -> Cell:
    """Return the largest of one or more."""
    bound = max(cell.least for cell in cells)
    columns = _distinct_cells(cell for cell in cells if cell.most > bound)
    if not columns:
        return always(bound)
    clipped = all(cell.least < bound for cell in columns)
    if len(columns) == 1 and not clipped:
        return columns[0]
    most = max(cell.most for cell in columns)
    bits = _common(columns, bound, most)
    wide = [cell.in_bits(bits) for cell in columns]
    if clipped:
        wide.append(node("literal", bound, bits))
    column = node("largest", *wide)
    return Cell(bound, most, column, bits)


def select(condition: Flag, then: Cell, otherwise: Cell) -> Cell:
    """Return one of two, row by row."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    least, most = min(then.least, otherwise.least), max(then.most, otherwise.most)
    if then.same(otherwise) or least == most:
        return then
    if condition.operation == "not":
        (condition,), then, otherwise = condition.parts, otherwise, then
    if _at_its_least(otherwise, then, where=condition, holds=True):
        return otherwise
    if _at_its_least(then, otherwise, where=condition, holds=False):
        return then
    bits = _common((then, otherwise), least, most)
    column = node("choose", condition, then.in_bits(bits), otherwise.in_bits(bits))
    return Cell(least, most, column, bits)


def _at_its_least(cell: Cell, bound: Cell, *, where: Node, holds: bool) -> bool:
    """Return whether a cell is sure to be this bound, its least value, where a truth holds or not.

    To choose the bound there then changes nothing: "0 below 1 point" says what the points say.
    """
    if cell.column is None or bound.column is not None or bound.least != cell.least:
        return False
    above = node("at_least", cell.column, cell.least + 1)
    joined = "all" if holds else "some"
    parts = where.parts if where.operation == joined else (where,)
    return (not_(above) if holds else above) in parts


def floored(value: Cell, divisor: Cell) -> Cell:
    """Return the largest whole number that is at most the quotient; the divisor is above 0.

    Engines do not agree about the quotient of a negative number, and some divide as floats. So it
    is moved above 0 first, and has to be smaller than what a float holds exactly.
    """
    away = max(0, -value.least)  # so many divisors, each at least 1, make it positive
    moved = total([value, product(divisor, always(away))])
    if moved.most >= _EXACT_IN_A_FLOAT:
        raise NotInColumnsError(f"from {moved.least} to {moved.most} is to be divided")
    least = value.least // max(1, divisor.least if value.least < 0 else divisor.most)
    most = value.most // (divisor.most if value.most < 0 else max(1, divisor.least))
    if moved.column is None and divisor.column is None:
        return always(value.least // divisor.least)
    bits = _common((moved, divisor), least - away, moved.most)
    column = node("floor_divide", moved.in_bits(bits), divisor.in_bits(bits))
    return Cell.of(_plus(column, -away) if away else column, least, most)


def at_least(left: Cell, right: Cell) -> Flag:
    """Return whether one is at least the other."""
    if left.same(right) or left.least >= right.most:
        return True
    if left.most < right.least:
        return False
    bits = _common((left, right), 0, 0)
    if right.column is None:
        return node("at_least", left.in_bits(bits), right.least)
    if left.column is None:
        return not_(node("at_least", right.in_bits(bits), left.least + 1))
    return node("at_least", left.in_bits(bits), right.in_bits(bits))


def _plus(left: Node, right: Node | int) -> Node:
    return node("add", left, right)


def bits_for(least: int, most: int) -> int:
    """Return the width of a column with these bounds.

    Raises:
        NotInColumnsError: where none is enough.
    """
    for bits in _WIDTHS:
        if -(2 ** (bits - 1)) < least and most < 2 ** (bits - 1):
            return bits
    raise NotInColumnsError(f"from {least} to {most}")


def _common(cells: Iterable[Cell], least: int, most: int) -> int:
    """Return the width for an operation on cells, and for what comes of it."""
    widths = [max(cell.bits, bits_for(cell.least, cell.most)) for cell in cells]
    return max(bits_for(least, most), *widths)


def _distinct_cells(cells: Iterable[Cell]) -> list[Cell]:
    return [*{cell.column: cell for cell in cells}.values()]
