"""What PostgreSQL needs of us, whoever brings the connection: parameters, settings, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from studioflow.errors import InputError, Problem
from studioflow.register.database import Contended, Cursor
from studioflow.register.errors import Damaged, StorageFailed
from studioflow.register.homes.driver import unsuitable

__all__ = ["check_postgresql_settings", "postgresql_told", "pyformat", "told_by_postgresql"]

# Quoted text and names, comments, casts: a colon or a percent sign in them is no parameter.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | :: | :(?P<name>[A-Za-z_]\w*) | %""", re.VERBOSE
)


@cache
def pyformat(statement: str) -> str:
    """Return a statement as psycopg and Django have it.

    >>> pyformat("SELECT number::text, ':no' FROM events WHERE studio = :studio AND x LIKE 'a%'")
    "SELECT number::text, ':no' FROM events WHERE studio = %(studio)s AND x LIKE 'a%%'"
    """

    def adapted(token: re.Match[str]) -> str:
        return f"%({token['name']})s" if token["name"] else token[0].replace("%", "%%")

    return _TOKEN.sub(adapted, statement)


def check_postgresql_settings(cursor: Cursor) -> None:
    """Check the settings of a connection on which the register's promises rest.

    Raises:
        InputError: with every setting that has to be another, and how to change it.
    """
    row = cursor.one(
        "SELECT current_setting('synchronous_commit'), current_setting('server_encoding'),"
        " current_setting('client_encoding')"
    )
    synchronous, server, client = row or ("", "", "")
    problems: list[Problem] = []
    if synchronous == "off":
        problems += unsuitable(
            "synchronous_commit",
            synchronous,
            wanted="on",
            zh="在交出连接前执行 SET synchronous_commit = on",
            en="run SET synchronous_commit = on before it is handed over",
        )
    if server != "UTF8":
        problems += unsuitable(
            "server_encoding",
            server,
            wanted="UTF8",
            zh="另建数据库：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
            en="make another database: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )
    if client != "UTF8":
        problems += unsuitable(
            "client_encoding",
            client,
            wanted="UTF8",
            zh="以 client_encoding=utf8 连接",
            en="connect with client_encoding=utf8",
        )
    if problems:
        raise InputError(problems)


@contextmanager
def told_by_postgresql(*, owned: bool) -> Iterator[None]:
    """Turn what psycopg says into what a register says."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        told = postgresql_told(error, owned=owned)
        if told is None:
            raise
        raise told from error


def postgresql_told(error: Exception, *, owned: bool) -> Exception | None:
    """Return what an error of psycopg means to a register, or None where it is one of ours.

    Only the server's first sentence is passed on: the others may quote rows.
    """
    state: str | None = getattr(error, "sqlstate", None)
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    detail = str(said or error).strip().partition("\n")[0]
    match state:
        # https://www.postgresql.org/docs/current/errcodes-appendix.html. A statement that was
        # cancelled for its time (57014) has waited for somebody: by itself it takes milliseconds.
        case "40001" | "40P01" | "55P03" | "57014":
            return Contended(detail)
        case "XX001" | "XX002":
            return Damaged(detail)
        case "53100":
            return StorageFailed("disk_full", detail)
        case "25006" if not owned:
            return InputError(
                unsuitable(
                    "transaction_read_only",
                    "on",
                    wanted="off",
                    zh="在可写入的事务中使用",
                    en="use it in a transaction that may write",
                )
            )
        case "25006" | "42501":
            return StorageFailed("unwritable", detail)
        case None if type(error).__name__ in ("OperationalError", "InterfaceError"):
            # It comes from the driver itself: there is no server to say anything.
            return StorageFailed("unreachable", detail)
        case str() if state[:2] == "58":
            return StorageFailed("unwritable", detail)
        case str() if state[:2] in ("08", "28", "53") or state in ("3D000", *_SHUT_DOWN):
            return StorageFailed("unreachable", detail)
        case _:
            return None


_SHUT_DOWN = ("57P01", "57P02", "57P03", "57P05")
