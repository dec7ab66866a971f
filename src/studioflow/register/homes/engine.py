"""A register behind an Engine of SQLAlchemy: each writing is a transaction of its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import PurePath
from threading import RLock
from typing import TYPE_CHECKING, Any

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.register.database import Contended, Cursor, Dialect
from studioflow.register.errors import StorageFailed
from studioflow.register.homes.driver import unsuitable
from studioflow.register.homes.postgresql import check_postgresql_settings
from studioflow.register.homes.sqlalchemy_driver import CHECKED, cursor_on, dialect_of, told_by
from studioflow.register.homes.sqlite import check_sqlite_settings
from studioflow.text import message

if TYPE_CHECKING:
    from sqlalchemy import Engine, PoolProxiedConnection

__all__ = ["NOT_ASYNC", "EngineDatabase"]

_READS_COMMITTED = "studioflow.reads_committed"

NOT_ASYNC = message(
    "not_async",
    zh="同步的会话：请写 await session.run_sync(lambda s: programme.within(s).approve(…))",
    en="a session that does not have to be awaited: write"
    " await session.run_sync(lambda s: programme.within(s).approve(…))",
)


class EngineDatabase:
    """A database behind an engine; each writing is a transaction of its own.

    Args:
        engine: over SQLite or PostgreSQL.
        own: whether nobody else has it, so that it is disposed of in the end.

    Raises:
        InputError: for another database.
    """

    owned = True

    def __init__(self, engine: Engine, *, own: bool = False) -> None:
        from sqlalchemy.pool import StaticPool

        self.dialect: Dialect = dialect_of(engine.dialect)
        if engine.dialect.is_async:
            raise InputError(
                problem.under("register") for problem in wrong(NOT_ASYNC, type(engine)).problems
            )
        self._engine = engine
        self._own = own
        self._process = os.getpid()
        self._name = PurePath(engine.url.database or ":memory:").name
        self._one_for_all = isinstance(engine.pool, StaticPool)
        self._turn = RLock() if self._one_for_all else nullcontext()

    def __repr__(self) -> str:
        return f"<EngineDatabase {self.dialect}>"

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Enter a short reading; each statement is a transaction of its own."""
        with self._connected(autocommit=True) as connection:
            yield cursor_on(connection, self.dialect, stream=False)

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """Enter a long reading of one moment, which keeps nobody from writing."""
        with self._connected() as connection:
            cursor = cursor_on(connection, self.dialect, stream=True)
            if self.dialect == "sqlite":
                cursor.run("BEGIN")
            else:
                cursor.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Enter a transaction of its own."""
        with self._connected() as connection:
            cursor = cursor_on(connection, self.dialect, stream=True)
            if self.dialect == "sqlite":
                # Not a deferred one, as SQLAlchemy would have it: that fails at its first writing
                # where somebody was faster, and doesn't wait.
                cursor.run("BEGIN IMMEDIATE")
            yield cursor
            connection.commit()

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call it: each writing is kept at its end."""
        call()

    def forgotten(self) -> None:
        """Empty SQLite's write-ahead log, where what was deleted still stands.

        PostgreSQL does it by itself: its vacuum frees the rows, its checkpoints the log.
        """
        if self.dialect == "sqlite":
            with self._connected(autocommit=True) as connection:
                cursor = cursor_on(connection, self.dialect, stream=False)
                busy, *_ = cursor.one("PRAGMA wal_checkpoint(TRUNCATE)") or (0,)
            if busy:
                raise StorageFailed("traces_left", f"{self._name}-wal")

    def close(self) -> None:
        """Close the connections of an engine of our own; an embedder's stays as it is."""
        if self._own:
            self._engine.dispose()

    @contextmanager
    def _connected(self, *, autocommit: bool = False) -> Iterator[PoolProxiedConnection]:
        """Enter the use of a connection from the pool, which is rolled back in the end."""
        from sqlalchemy.exc import TimeoutError as PoolTimeoutError

        if self._process != os.getpid():
            # A connection must not be used by a child that was forked: it opens its own.
            self._engine.dispose(close=False)
            self._process = os.getpid()
        with self._turn, told_by(self.dialect, self._name, owned=True):
            try:
                connection = self._engine.raw_connection()
                if self.dialect == "postgresql" and _was_lost(connection):
                    # So were the others, and a new one is made.
                    connection.invalidate()
                    self._engine.dispose()
                    connection = self._engine.raw_connection()
            except PoolTimeoutError as error:
                raise StorageFailed("unreachable", "QueuePool") from error
            set_up = _psycopg_set_up if self.dialect == "postgresql" else self._sqlite_set_up
            try:
                with set_up(connection, autocommit=autocommit):
                    if not connection.info.get(CHECKED):
                        self._check(connection)
                        connection.rollback()  # asking has begun a transaction
                        connection.info[CHECKED] = True
                    yield connection
            except BaseException:
                if getattr(connection.driver_connection, "closed", False):
                    # The others in the pool were lost with it.
                    connection.invalidate()
                    self._engine.dispose()
                raise
            finally:
                connection.close()

    @contextmanager
    def _sqlite_set_up(
        self, connection: PoolProxiedConnection, *, autocommit: bool
    ) -> Iterator[None]:
        driver: Any = connection.driver_connection
        if driver.in_transaction and not autocommit:
            if self._one_for_all:
                raise Contended(self._name)
            connection.commit()  # empty: PEP 249 has one begun as soon as it is connected
            if driver.in_transaction:
                driver.execute("COMMIT")
        try:
            yield
        finally:
            if driver.in_transaction and not (autocommit and self._one_for_all):
                with suppress(sqlite3.Error):
                    driver.execute("ROLLBACK")

    def _check(self, connection: PoolProxiedConnection) -> None:
        cursor = cursor_on(connection, self.dialect, stream=False)
        if self.dialect == "postgresql":
            check_postgresql_settings(cursor)
            default = cursor.one("SHOW default_transaction_isolation")
            connection.info[_READS_COMMITTED] = default == ("read committed",)
            return
        driver: Any = connection.driver_connection
        check_sqlite_settings(cursor, driver.text_factory)
        cursor.run("PRAGMA secure_delete = ON")
        in_file = cursor.one("SELECT file FROM pragma_database_list WHERE name = 'main'")
        if in_file == ("",) and not self._one_for_all:
            raise InputError(
                unsuitable(
                    "poolclass",
                    type(self._engine.pool).__name__,
                    wanted="StaticPool",
                    zh="以 poolclass=StaticPool 建立引擎，否则每个线程各有一份内存",
                    en="create the engine with poolclass=StaticPool: otherwise each thread has a"
                    " memory of its own",
                )
            )


def _was_lost(connection: PoolProxiedConnection) -> bool:
    """Return whether the server has broken off while nobody used a connection; asks nobody."""
    from psycopg import OperationalError

    driver: Any = connection.driver_connection
    try:
        driver.pgconn.consume_input()  # why it broke off
        driver.pgconn.consume_input()  # that it did
    except OperationalError:
        return True
    return bool(driver.closed)


@contextmanager
def _psycopg_set_up(connection: PoolProxiedConnection, *, autocommit: bool) -> Iterator[None]:
    """Enter transactions as the register's statements are meant for, whatever the engine has."""
    from psycopg import IsolationLevel

    driver: Any = connection.driver_connection
    isolation = driver.isolation_level
    if not autocommit and (isolation is not None or not connection.info.get(_READS_COMMITTED)):
        isolation = IsolationLevel.READ_COMMITTED
    wanted = {"autocommit": autocommit, "isolation_level": isolation, "read_only": None}
    # Each of them costs some microseconds, even where it changes nothing.
    before = {name: getattr(driver, name) for name in wanted}
    changed = [name for name in wanted if before[name] != wanted[name]]
    for name in changed:
        setattr(driver, name, wanted[name])
    try:
        yield
    finally:
        if not driver.closed:
            driver.rollback()
            for name in changed:
                setattr(driver, name, before[name])
