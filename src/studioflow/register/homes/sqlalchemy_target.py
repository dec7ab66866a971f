"""A register where SQLAlchemy reaches: by an Engine, in somebody's Connection or Session."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from studioflow.codec import wrong
from studioflow.errors import InputError, MissingExtraError
from studioflow.register.homes.borrowed import BorrowedConnection, BorrowedSession
from studioflow.register.homes.engine import NOT_ASYNC, EngineDatabase
from studioflow.text import message

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = [
    "BorrowedConnection",
    "BorrowedSession",
    "EngineDatabase",
    "engine_of",
    "sqlalchemy_database",
]

_WAIT_SECONDS = 60.0

DATABASE_ADDRESS = message(
    "database_address",
    zh="数据库的地址，如 postgresql://用户@主机/库 或 sqlite:///文件",
    en="the address of a database, such as postgresql://user@host/name or sqlite:///file",
)


def sqlalchemy_database(target: object) -> EngineDatabase | BorrowedConnection | None:
    """Return the database that an address or one of SQLAlchemy's objects stands for.

    Args:
        target: an address, an Engine, a Connection, a Session or a `scoped_session`.

    Raises:
        InputError: for another database than SQLite and PostgreSQL, for what has to be awaited,
            for an address that is none.
        MissingExtraError: where SQLAlchemy or psycopg is not installed.
    """
    try:
        from sqlalchemy import Connection, Engine
        from sqlalchemy.orm import Session, scoped_session
    except ImportError as error:
        raise MissingExtraError("postgresql") from error

    match target:
        case str():
            return EngineDatabase(engine_of(target), own=True)
        case Engine():
            return EngineDatabase(target)
        case Connection():
            return BorrowedConnection(target)
        case Session():
            return BorrowedSession(target)
        case scoped_session():
            return BorrowedSession(target())
        case _ if type(target).__name__.startswith(("Async", "async_")):
            raise InputError(
                problem.under("register") for problem in wrong(NOT_ASYNC, type(target)).problems
            )
        case _:
            return None


def engine_of(address: str) -> Engine:
    """Return an engine with the settings that a register wants.

    Raises:
        InputError: for an address that is none, or that of another database.
        MissingExtraError: where SQLAlchemy or psycopg is not installed.
    """
    try:
        from sqlalchemy import create_engine, event, make_url
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
    except ImportError as error:
        raise MissingExtraError("postgresql") from error

    try:
        url = make_url(address)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        arguments = {"timeout": _WAIT_SECONDS} if url.get_backend_name() == "sqlite" else {}
        # Whoever waited for a connection in the pool has waited for an append of milliseconds.
        engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise MissingExtraError("postgresql") from error
    except (ArgumentError, NoSuchModuleError, ValueError):
        # Its own text quotes the address, with a password in it.
        raise InputError(
            problem.under("register") for problem in wrong(DATABASE_ADDRESS).problems
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001 - as SQLAlchemy calls it
    connection.isolation_level = None  # nothing is begun but by us
    connection.execute("PRAGMA synchronous = EXTRA")  # for the change, as `SqliteFile` has it
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
