"""A register where Django reaches: it joins `transaction.atomic`, and tells after its commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from studioflow.codec import WRONG_TYPE, wrong
from studioflow.errors import InputError
from studioflow.register.database import Cursor, Dialect
from studioflow.register.homes.driver import SUPPORTED_DATABASE, DriverCursor, unsuitable
from studioflow.register.homes.postgresql import (
    check_postgresql_settings,
    postgresql_told,
    pyformat,
)
from studioflow.register.homes.sqlite import check_sqlite_settings, sqlite_told
from studioflow.text import Text

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["DjangoDatabase"]

_DJANGO_CONNECTION = Text("Django 的数据库连接", "a database connection of Django")
# The driver's connection on which each of Django's was found to be suitable: it opens others.
_checked: WeakKeyDictionary[BaseDatabaseWrapper, object] = WeakKeyDictionary()


class DjangoDatabase:
    """One of Django's databases.

    Within `transaction.atomic` what is written is kept with the rest of that, or not at all;
    outside, each writing is a transaction of its own.

    Args:
        connection: `django.db.connection`, or one of `django.db.connections`. The former is each
            thread's own, so that what holds it may be shared by threads.

    Raises:
        InputError: for anything else, and another database than SQLite and PostgreSQL.
    """

    owned = False

    def __init__(self, connection: object) -> None:
        from django.db.backends.base.base import BaseDatabaseWrapper
        from django.utils.connection import ConnectionProxy

        if not isinstance(connection, (BaseDatabaseWrapper, ConnectionProxy)):
            found = wrong(WRONG_TYPE, type(connection), type=_DJANGO_CONNECTION)
            raise InputError(problem.under("register") for problem in found.problems)
        self._given: Any = connection
        self.dialect: Dialect = _dialect_of(self._given)
        self._name = PurePath(str(self._given.settings_dict["NAME"])).name

    def __repr__(self) -> str:
        return f"<DjangoDatabase {self._given.alias}>"

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Enter a short reading; what was written and not committed is there."""
        with self._told():
            cursor = self._joined()
            with closing(cursor):
                yield cursor

    def snapshot(self) -> AbstractContextManager[Cursor]:
        """Enter a long reading, of the embedder's transaction where there is one."""
        return self.reading()

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Enter a part of the embedder's transaction, or one of its own where there is none."""
        from django.db import transaction

        with self._told():
            cursor = self._joined()
            connection = self._connection()
            with closing(cursor):
                driver: Any = connection.connection
                by_hand = self.dialect == "sqlite" and not connection.get_autocommit()
                if by_hand and not driver.in_transaction:
                    # Somebody commits by hand: sqlite3 would begin a deferred transaction.
                    cursor.run("BEGIN IMMEDIATE")
                with transaction.atomic(using=connection.alias):
                    yield cursor

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call it after the outermost `atomic` is kept; at once outside of any.

        Where the embedder has switched Django's autocommit off and commits by hand, nothing is
        called: then Django does not tell.
        """
        from django.db import transaction

        with suppress(transaction.TransactionManagementError):
            transaction.on_commit(call, using=self._given.alias)

    def forgotten(self) -> None:
        """Leave it to the embedder, who may have to commit first."""

    def close(self) -> None:
        """Leave it open: it is the embedder's."""

    def _connection(self) -> BaseDatabaseWrapper:
        from django.db import connections
        from django.db.backends.base.base import BaseDatabaseWrapper

        if isinstance(self._given, BaseDatabaseWrapper):
            return self._given
        return connections[self._given.alias]

    def _joined(self) -> DriverCursor:
        connection = self._connection()
        cursor = DriverCursor(connection.cursor, pyformat, connection.chunked_cursor)
        if _checked.get(connection) is not connection.connection:
            self._check(cursor, connection)
            _checked[connection] = connection.connection
        return cursor

    def _check(self, cursor: Cursor, connection: BaseDatabaseWrapper) -> None:
        if self.dialect == "postgresql":
            check_postgresql_settings(cursor)
            return
        driver: Any = connection.connection
        check_sqlite_settings(cursor, driver.text_factory)
        mode = getattr(connection, "transaction_mode", None)
        if mode not in ("IMMEDIATE", "EXCLUSIVE"):
            raise InputError(
                unsuitable(
                    "transaction_mode",
                    mode or "DEFERRED",
                    wanted="IMMEDIATE",
                    zh='在 DATABASES 的 OPTIONS 中设置 "transaction_mode": "IMMEDIATE"'
                    "（Django 5.1 起）",
                    en='set "transaction_mode": "IMMEDIATE" in the OPTIONS of DATABASES'
                    " (from Django 5.1)",
                )
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the driver says, which Django wraps, into what a register says."""
        from django.db import Error

        try:
            yield
        except Error as error:
            cause = error.__cause__
            if not isinstance(cause, Exception):
                raise
            if self.dialect == "sqlite":
                told = sqlite_told(cause, self._name)
            else:
                told = postgresql_told(cause, owned=False)
            if told is None:
                raise
            raise told from cause


def _dialect_of(connection: Any) -> Dialect:  # noqa: ANN401 - a proxy has all that it stands for
    driver = getattr(connection.Database, "__name__", "")
    match connection.vendor, driver:
        case "sqlite", _:
            return "sqlite"
        case "postgresql", "psycopg":
            return "postgresql"
    found = wrong(SUPPORTED_DATABASE, f"{connection.vendor}+{driver}")
    raise InputError(problem.under("register") for problem in found.problems)
