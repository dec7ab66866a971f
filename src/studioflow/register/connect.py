"""From what an embedder has to a register: a path, an address, a connection, a session."""

from __future__ import annotations

from pathlib import Path

from studioflow.codec import WRONG_TYPE, wrong
from studioflow.errors import InputError
from studioflow.register.database import Database
from studioflow.register.port import Register
from studioflow.register.sql import SqlRegister
from studioflow.register.tables import PREFIX
from studioflow.text import Text

__all__ = ["SqliteRegister", "connect"]

_TARGET = Text(
    "登记册的路径或地址、sqlite3 / SQLAlchemy / Django 的连接，或 Register",
    "the path or address of a register, a connection of sqlite3, SQLAlchemy or Django, or a"
    " Register",
)


class SqliteRegister(SqlRegister):
    """A `Register` in an SQLite file of its own, which is made where there is none.

    What `append` has returned is on the disk: write-ahead log, synchronous=FULL. Several processes
    of one machine may share the file; over a network share SQLite can not.

    Args:
        path: of the file; its folder has to be there.
        prefix: of the tables' names.
    """

    def __init__(self, path: Path | str, *, prefix: str = PREFIX) -> None:
        from studioflow.register.homes.sqlite import SqliteFile

        super().__init__(SqliteFile(Path(path)), prefix=prefix)


def connect(target: object, *, prefix: str = PREFIX) -> Register:
    """Return the register that an embedder means.

    Args:
        target: the path of an SQLite file; an address as SQLAlchemy has it, such as
            `postgresql://…`; a connection of sqlite3, SQLAlchemy (or its Engine or Session) or
            Django; or a register, which is returned as it is.
        prefix: of the tables' names: each programme of one database has its own.

    Raises:
        InputError: for anything else, and for a connection whose settings break a promise; every
            setting is told.
        MissingExtraError: where SQLAlchemy or the driver is not installed.
        StorageFailed, Damaged: where the database can not be reached, written or read.
    """
    match target:
        case Path():
            return SqliteRegister(target, prefix=prefix)
        case str() if "://" not in target:
            return SqliteRegister(target, prefix=prefix)
        case _ if hasattr(target, "append") and hasattr(target, "holders"):
            return target  # type: ignore[return-value] # whoever has these means to be one
    database = _elsewhere(target)
    if database is None:
        problems = wrong(WRONG_TYPE, type(target), type=_TARGET).problems
        raise InputError(problem.under("register") for problem in problems)
    return SqlRegister(database, prefix=prefix)


def _elsewhere(target: object) -> Database | None:
    """Return the database of a library that is imported only by who has something of it."""
    homes = {cls.__module__.partition(".")[0] for cls in type(target).__mro__}
    if isinstance(target, str) or "sqlalchemy" in homes:
        from studioflow.register.homes.sqlalchemy_target import sqlalchemy_database

        return sqlalchemy_database(target)
    if "sqlite3" in homes:
        from studioflow.register.homes.sqlite import BorrowedSqlite

        return BorrowedSqlite(target)  # type: ignore[arg-type] # told by its class
    if "django" in homes:
        from studioflow.register.homes.django_connection import DjangoDatabase

        return DjangoDatabase(target)
    return None
