"""What all connections of other libraries have in common: a driver's cursor, and settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from typing import Any

from studioflow.codec import wrong
from studioflow.errors import Problem
from studioflow.register.database import CONNECTION_SETTING, Parameters
from studioflow.text import Text, message

__all__ = ["SUPPORTED_DATABASE", "DriverCursor", "as_it_is", "stream_name", "unsuitable"]

SUPPORTED_DATABASE = message(
    "supported_database",
    zh="SQLite 或 PostgreSQL（驱动 sqlite3、aiosqlite、psycopg 3）",
    en="SQLite or PostgreSQL, by sqlite3, aiosqlite or psycopg 3",
)

_CHANGE_IT = Text("请{how}", "{how}")
_ROWS_AT_ONCE = 1000
_stream_numbers = count()


def as_it_is(statement: str) -> str:
    """Return a statement as SQLite has it."""
    return statement


class DriverCursor:
    """Runs statements on whatever a driver for Python has for a connection.

    Args:
        open_cursor: gives a cursor of the driver.
        adapted: gives a statement as the driver has it.
        open_stream: gives one that leaves the rows where they are until they are asked for.
    """

    def __init__(
        self,
        open_cursor: Callable[[], Any],
        adapted: Callable[[str], str],
        open_stream: Callable[[], Any] | None = None,
    ) -> None:
        self._cursor = open_cursor()
        self._adapted = adapted
        self._open_stream = open_stream or open_cursor

    def all(self, statement: str, parameters: Parameters = {}) -> list[tuple[Any, ...]]:  # noqa: B006 - never changed
        """Return every row."""
        self._cursor.execute(self._adapted(statement), parameters)
        return list(self._cursor.fetchall())

    def one(self, statement: str, parameters: Parameters = {}) -> tuple[Any, ...] | None:  # noqa: B006 - never changed
        """Return the first row, or None."""
        self._cursor.execute(self._adapted(statement), parameters)
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        return row

    def run(self, statement: str, parameters: Parameters = {}) -> int:  # noqa: B006 - never changed
        """Return how many rows were changed."""
        self._cursor.execute(self._adapted(statement), parameters)
        return int(self._cursor.rowcount)

    def many(self, statement: str, rows: Sequence[Parameters]) -> None:
        """Run a statement once for each row."""
        if rows:
            self._cursor.executemany(self._adapted(statement), rows)

    def stream(
        self,
        statement: str,
        parameters: Parameters = {},  # noqa: B006 - never changed
    ) -> Iterator[tuple[Any, ...]]:
        """Yield rows without holding all of them in memory."""
        with closing(self._open_stream()) as cursor:
            cursor.execute(self._adapted(statement), parameters)
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield from rows

    def close(self) -> None:
        """Close the driver's cursor."""
        self._cursor.close()


def stream_name() -> str:
    """Return a name for a cursor of the server's that no other one has."""
    return f"studioflow_{next(_stream_numbers)}"


def unsuitable(setting: str, got: object, *, wanted: str, zh: str, en: str) -> tuple[Problem, ...]:
    """Return what is wrong with a setting of somebody else's connection, and how to change it."""
    found = wrong(
        CONNECTION_SETTING,
        got,
        hint=_CHANGE_IT,
        setting=setting,
        wanted=wanted,
        how=Text(zh, en),
    )
    return tuple(problem.under(setting) for problem in found.problems)
