"""What the register asks of a database, whoever brings the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from studioflow.text import message

__all__ = ["CONNECTION_SETTING", "Contended", "Cursor", "Database", "Dialect", "Parameters"]

CONNECTION_SETTING = message(
    "connection_setting",
    zh="连接的设置 {setting} 为 {wanted}，登记册才能保证不丢失",
    en="a connection with {setting} = {wanted}: otherwise the register can promise nothing",
)

Dialect = Literal["sqlite", "postgresql"]
Parameters = Mapping[str, object]


class Contended(Exception):  # noqa: N818 - it never leaves the register, which says Conflict
    """Somebody else is writing just now; the same may succeed when it is tried again."""


class Cursor(Protocol):
    """Runs statements of one transaction. They are written with `:name` for each parameter."""

    def all(self, statement: str, parameters: Parameters = ...) -> list[tuple[Any, ...]]:
        """Return every row."""

    def one(self, statement: str, parameters: Parameters = ...) -> tuple[Any, ...] | None:
        """Return the first row, or None."""

    def run(self, statement: str, parameters: Parameters = ...) -> int:
        """Return how many rows were changed."""

    def many(self, statement: str, rows: Sequence[Parameters]) -> None:
        """Run a statement once for each row."""

    def stream(self, statement: str, parameters: Parameters = ...) -> Iterator[tuple[Any, ...]]:
        """Yield rows without holding all of them in memory."""


class Database(Protocol):
    """One database, reached through a connection of its own or through an embedder's."""

    @property
    def dialect(self) -> Dialect:
        """Of its SQL."""

    @property
    def owned(self) -> bool:
        """Whether each writing is a transaction of its own; otherwise the embedder commits."""

    def reading(self) -> AbstractContextManager[Cursor]:
        """Enter a short reading; each statement sees what is kept by then."""

    def snapshot(self) -> AbstractContextManager[Cursor]:
        """Enter a long reading of one moment, which keeps nobody from writing."""

    def writing(self) -> AbstractContextManager[Cursor]:
        """Enter a transaction that is kept as a whole, or not at all.

        On SQLite nobody else writes from its beginning. On a borrowed connection it is a part of
        the embedder's transaction, and what fails in it leaves the rest of that as it was.

        Raises:
            Contended: where somebody else is writing.
            StorageFailed: where there is no room, no right to write or no connection.
            Damaged: where what is stored can not be read.
        """

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call something once what was written is kept: at once where it is already.

        On a borrowed connection that can not tell when it is, nothing is called.
        """

    def forgotten(self) -> None:
        """Do what it takes that deleted rows are not to be found in any file."""

    def close(self) -> None:
        """Give back what was opened for it; a borrowed connection stays open."""
