"""What SQLAlchemy's engines and connections have in common: a dialect, and the driver's cursor.

Statements go straight to the driver. That costs a fifth less on PostgreSQL, and what is personal in
their parameters never comes into SQLAlchemy's log (`echo=True`) or its errors.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.register.database import Dialect
from studioflow.register.homes.driver import SUPPORTED_DATABASE, DriverCursor, as_it_is, stream_name
from studioflow.register.homes.postgresql import pyformat, told_by_postgresql
from studioflow.register.homes.sqlite import told_by_sqlite

if TYPE_CHECKING:
    from sqlalchemy import Dialect as SqlalchemyDialect
    from sqlalchemy import PoolProxiedConnection

__all__ = ["CHECKED", "cursor_on", "dialect_of", "told_by"]

CHECKED = "studioflow.checked"
"""Under what a driver's connection remembers that its settings were looked at."""
_DRIVERS = ("pysqlite", "aiosqlite", "psycopg", "psycopg_async")


def dialect_of(dialect: SqlalchemyDialect) -> Dialect:
    """Return which of the two databases it is.

    Raises:
        InputError: for another database or driver.
    """
    if dialect.driver in _DRIVERS:
        if dialect.name == "sqlite":
            return "sqlite"
        if dialect.name == "postgresql":
            return "postgresql"
    found = wrong(SUPPORTED_DATABASE, f"{dialect.name}+{dialect.driver}")
    raise InputError(problem.under("register") for problem in found.problems)


def told_by(dialect: Dialect, name: str, *, owned: bool) -> AbstractContextManager[None]:
    """Turn what the driver says into what a register says."""
    return told_by_sqlite(name) if dialect == "sqlite" else told_by_postgresql(owned=owned)


def cursor_on(connection: PoolProxiedConnection, dialect: Dialect, *, stream: bool) -> DriverCursor:
    """Return a cursor of the driver's; in a transaction it may leave rows at the server."""
    if dialect == "sqlite":
        return DriverCursor(connection.cursor, as_it_is)
    # The server keeps the rows of a cursor that has a name, until the transaction ends.
    open_stream = (lambda: connection.cursor(stream_name())) if stream else None
    return DriverCursor(connection.cursor, pyformat, open_stream)
