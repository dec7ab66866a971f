"""A register in an embedder's transaction: in a Connection or a Session of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from studioflow.errors import InputError, Problem
from studioflow.register.database import Cursor, Dialect
from studioflow.register.homes.after_commit import after_commit
from studioflow.register.homes.driver import DriverCursor, unsuitable
from studioflow.register.homes.postgresql import check_postgresql_settings
from studioflow.register.homes.sqlalchemy_driver import CHECKED, cursor_on, dialect_of, told_by
from studioflow.register.homes.sqlite import SAVEPOINT, check_sqlite_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

__all__ = ["BorrowedConnection", "BorrowedSession"]


class BorrowedConnection:
    """An embedder's Connection: what is written is kept when the embedder commits.

    Raises:
        InputError: for another database than SQLite and PostgreSQL.
    """

    owned = False

    def __init__(self, connection: Connection) -> None:
        self.dialect: Dialect = dialect_of(connection.dialect)
        self._connection = connection

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.dialect}>"

    def _borrowed(self) -> Connection:
        return self._connection

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Enter a short reading; what the embedder has written and not committed is there."""
        with told_by(self.dialect, "sqlite", owned=False):
            cursor = self._joined(self._borrowed())
            try:
                yield cursor
            finally:
                with suppress(Exception):  # the connection may be gone
                    cursor.close()

    def snapshot(self) -> AbstractContextManager[Cursor]:
        """Enter a long reading, of the embedder's transaction."""
        return self.reading()

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Enter a part of the embedder's transaction, which is begun where there is none."""
        borrowed = self._borrowed()
        with told_by(self.dialect, "sqlite", owned=False):
            cursor = self._joined(borrowed)
            self._check_that_it_commits(borrowed)
            driver: Any = borrowed.connection.driver_connection
            begun = self.dialect == "sqlite" and not driver.in_transaction
            if begun:
                cursor.run("BEGIN IMMEDIATE")
            cursor.run(f"SAVEPOINT {SAVEPOINT}")
            try:
                yield cursor
                cursor.run(f"RELEASE SAVEPOINT {SAVEPOINT}")
            except BaseException:
                with suppress(Exception):  # the connection may be gone
                    if begun:
                        cursor.run("ROLLBACK")  # others need not wait for nothing
                    else:
                        cursor.run(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
                        cursor.run(f"RELEASE SAVEPOINT {SAVEPOINT}")
                if self.dialect == "sqlite" and not begun and not driver.in_transaction:
                    # On a full disk SQLite takes the whole transaction back, the embedder's rows
                    # too: whoever goes on and commits has to be told.
                    borrowed.invalidate()
                raise
            finally:
                with suppress(Exception):
                    cursor.close()

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call nothing: a Connection does not tell when it has committed."""

    def forgotten(self) -> None:
        """Leave it to the embedder, who has to commit first."""

    def close(self) -> None:
        """Leave it open: it is the embedder's."""

    def _joined(self, borrowed: Connection) -> DriverCursor:
        if not borrowed.in_transaction():
            borrowed.begin()  # so that SQLAlchemy knows that there is something to commit
        cursor = cursor_on(borrowed.connection, self.dialect, stream=True)
        if not borrowed.info.get(CHECKED):
            if self.dialect == "postgresql":
                check_postgresql_settings(cursor)
            else:
                driver: Any = borrowed.connection.driver_connection
                check_sqlite_settings(cursor, driver.text_factory)
            borrowed.info[CHECKED] = True
        return cursor

    def _check_that_it_commits(self, borrowed: Connection) -> None:
        """Refuse a connection on which every statement is kept at once."""
        connection = borrowed.connection.dbapi_connection
        driver: Any = borrowed.connection.driver_connection
        by_itself = connection is not None and borrowed.dialect.detect_autocommit_setting(
            connection
        )
        if self.dialect == "sqlite":
            # Where an embedder's own listeners begin transactions, there is one by now.
            by_itself = by_itself and not driver.in_transaction
            by_itself = by_itself or getattr(driver, "autocommit", False) is True
        if by_itself:
            problems: tuple[Problem, ...] = unsuitable(
                "isolation_level",
                "AUTOCOMMIT",
                wanted="READ COMMITTED" if self.dialect == "postgresql" else "SERIALIZABLE",
                zh='不要使用 isolation_level="AUTOCOMMIT"：否则写入无法与您的事务一同回滚',
                en='leave isolation_level="AUTOCOMMIT" off: with it nothing of yours and ours is'
                " kept or rolled back together",
            )
            raise InputError(problems)


class BorrowedSession(BorrowedConnection):
    """An embedder's Session: what is written is kept when it commits, and it tells when.

    Raises:
        InputError: for another database than SQLite and PostgreSQL.
    """

    def __init__(self, session: Session) -> None:
        self.dialect = dialect_of(session.get_bind().dialect)
        self._session = session

    def _borrowed(self) -> Connection:
        from sqlalchemy.exc import DBAPIError

        try:
            return self._session.connection()
        except DBAPIError as error:
            with told_by(self.dialect, "sqlite", owned=False):
                raise (error.orig or error) from None

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call it after the session's transaction is kept; never, where it is rolled back."""
        after_commit(self._session, call)
