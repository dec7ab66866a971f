"""Rows of the types that their columns have: a damaged file may give anything in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studioflow.register.errors import Damaged

__all__ = ["MAYBE_TEXT", "checked", "checked_row"]

MAYBE_TEXT = str | None

Row = tuple[Any, ...]
Column = Any
"""A type, or several of them as a union."""


def checked(rows: Sequence[Row], columns: tuple[Column, ...], place: str) -> Sequence[Row]:
    """Return rows whose columns have these types; bytes as such, however a driver gives them.

    Raises:
        Damaged: at the place, where a value is of another type.
    """
    return [checked_row(row, columns, place) for row in rows]


def checked_row(row: Row, columns: tuple[Column, ...], place: str) -> Row:
    """Return one such row."""
    if tuple(map(type, row)) == columns:  # as nearly always
        return row
    made = tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
    if len(made) != len(columns) or not all(map(isinstance, made, columns)):
        raise Damaged(place)
    return made
