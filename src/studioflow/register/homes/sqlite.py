"""SQLite through the standard library: a file of our own, memory, or an embedder's connection."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from typing import Any, Literal

from studioflow.codec import wrong
from studioflow.errors import InputError, Problem, shown
from studioflow.register.database import CONNECTION_SETTING, Contended, Cursor, Parameters
from studioflow.register.errors import Damaged, StorageFailed
from studioflow.text import Text

__all__ = [
    "CONNECTION_SETTING",
    "SAVEPOINT",
    "BorrowedSqlite",
    "SqliteFile",
    "SqliteMemory",
    "check_sqlite_settings",
    "sqlite_told",
    "told_by_sqlite",
]

_SET_IT = Text("请在使用前执行 {command}", "run {command} before it is handed over")

SAVEPOINT = "studioflow_register"
_WAIT_SECONDS = 60.0
"""For whoever else is writing; an append of theirs takes milliseconds."""
_PAUSE_SECONDS = 0.02
_NOT_OURS = ("no such column", "no such table", "already exists", "unsupported file format")
_NOT_AS_MADE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)
_NO_TEXT = "Could not decode to UTF-8"
_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")
_FULL = 2


class SqliteCursor:
    """Runs statements on a connection, whatever rows its owner likes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()
        self._cursor.row_factory = None

    def all(self, statement: str, parameters: Parameters = {}) -> list[tuple[Any, ...]]:  # noqa: B006 - never changed
        """Return every row."""
        return self._cursor.execute(statement, parameters).fetchall()

    def one(self, statement: str, parameters: Parameters = {}) -> tuple[Any, ...] | None:  # noqa: B006 - never changed
        """Return the first row, or None."""
        row: tuple[Any, ...] | None = self._cursor.execute(statement, parameters).fetchone()
        return row

    def run(self, statement: str, parameters: Parameters = {}) -> int:  # noqa: B006 - never changed
        """Return how many rows were changed."""
        return self._cursor.execute(statement, parameters).rowcount

    def many(self, statement: str, rows: Sequence[Parameters]) -> None:
        """Run a statement once for each row."""
        self._cursor.executemany(statement, rows)

    def stream(
        self,
        statement: str,
        parameters: Parameters = {},  # noqa: B006 - never changed
    ) -> Iterator[tuple[Any, ...]]:
        """Yield rows without holding all of them in memory."""
        return iter(self._cursor.execute(statement, parameters))


@contextmanager
def told_by_sqlite(name: str, *, owned: bool = False) -> Iterator[None]:
    """Turn what SQLite says into what a register says.

    Args:
        name: of the database, as it may be told.
        owned: whether all statements are a register's own.
    """
    try:
        yield
    except sqlite3.Error as error:
        if _NO_TEXT in str(error):
            raise Damaged(name) from None  # it quotes what stands there
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # The statements are always the same: where one fails, the tables are not as we made them.
        if (owned and code in _NOT_AS_MADE) or any(words in str(error) for words in _NOT_OURS):
            raise Damaged(name) from error
        told = sqlite_told(error, name)
        if told is None:
            raise
        raise told from error
    except UnicodeDecodeError:  # in the words of an error itself
        raise Damaged(name) from None


def sqlite_told(error: Exception, name: str) -> Exception | None:
    """Return what an error of SQLite means to a register, or None where it is one of ours."""
    # The lower byte is the primary code: https://sqlite.org/rescode.html
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Contended(str(error))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(name)
        case sqlite3.SQLITE_FULL:
            return StorageFailed("disk_full", str(error))
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StorageFailed("unwritable", str(error))
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            return StorageFailed("unreachable", f"{name}: {error}")
        case _:
            return None


class _Own:
    """What a file and memory have in common: one connection, which threads share in turn."""

    dialect: Literal["sqlite"] = "sqlite"
    owned = True

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = RLock()
        self._opened: tuple[int, sqlite3.Connection] | None = None

    def _open(self) -> sqlite3.Connection:
        raise NotImplementedError  # a file and memory each say their own

    def _connection(self) -> sqlite3.Connection:
        # A connection must not be used by a child that was forked: it opens one of its own.
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = os.getpid(), self._open()
        return self._opened[1]

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Enter a short reading."""
        with self._lock, told_by_sqlite(self._name, owned=True):
            yield SqliteCursor(self._connection())

    def writing(self) -> AbstractContextManager[Cursor]:
        """Enter a transaction of its own; nobody else writes from its beginning."""
        return _Writing(self._lock, self._connection, self._name)

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call it: each writing is kept at its end."""
        call()

    def close(self) -> None:
        """Close the connection; the next use opens another one."""
        with self._lock:
            if self._opened is not None and self._opened[0] == os.getpid():
                self._opened[1].close()
            self._opened = None


class _Writing:
    """A transaction of our own. As a generator it would take as long as two statements."""

    __slots__ = ("_connect", "_cursor", "_lock", "_name")

    def __init__(
        self,
        lock: RLock,
        connect: Callable[[], sqlite3.Connection],
        name: str,
    ) -> None:
        self._lock = lock
        self._connect = connect
        self._name = name

    def __enter__(self) -> Cursor:
        self._lock.acquire()
        try:
            with told_by_sqlite(self._name, owned=True):
                self._cursor = SqliteCursor(self._connect())
                self._cursor.run("BEGIN IMMEDIATE")
        except BaseException:
            with suppress(AttributeError, sqlite3.Error):  # it may have begun
                self._cursor.run("ROLLBACK")
            self._lock.release()
            raise
        return self._cursor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            if error is None:
                try:
                    self._cursor.run("COMMIT")
                except sqlite3.Error as failed:
                    error = failed
                else:
                    return
            # SQLite may have rolled it back already, as it does when the disk is full.
            with suppress(sqlite3.Error):
                self._cursor.run("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                with told_by_sqlite(self._name, owned=True):
                    raise error
        finally:
            self._lock.release()


class SqliteFile(_Own):
    """A file of our own: write-ahead log, synchronous=FULL, every deleted byte overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path

    def __repr__(self) -> str:
        return f"<SqliteFile {self.path}>"

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _check_size(connection, self.path)
            # Once, for the change to a write-ahead log: the journal that it is made with has to be
            # gone for good, or after a power cut it would take back all that came after.
            connection.execute("PRAGMA synchronous = EXTRA")
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON").fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """Enter a long reading, on a connection of its own."""
        with told_by_sqlite(self._name, owned=True), closing(self._open()) as connection:
            connection.execute("BEGIN")
            yield SqliteCursor(connection)
            connection.execute("ROLLBACK")

    def forgotten(self) -> None:
        """Empty the write-ahead log, where what was deleted still stands."""
        with self._lock, told_by_sqlite(self._name, owned=True):
            busy, _, _ = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageFailed("traces_left", f"{self._name}-wal")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have a file keep a write-ahead log, once nobody is in the middle of something."""
    until = monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            # For this SQLite does not wait by itself.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_PAUSE_SECONDS)
        else:
            return


class SqliteMemory(_Own):
    """Memory of this process."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._opened = os.getpid(), self._open()

    def __repr__(self) -> str:
        return "<SqliteMemory>"

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)

    def _connection(self) -> sqlite3.Connection:
        assert self._opened is not None  # noqa: S101 - what it had is gone when it is closed
        return self._opened[1]

    def snapshot(self) -> AbstractContextManager[Cursor]:
        """Enter a long reading; others wait for it, as there is one connection."""
        return self.reading()

    def forgotten(self) -> None:
        """Do nothing: there is no file."""

    def close(self) -> None:
        """Keep it: it lasts as long as somebody holds it."""


class BorrowedSqlite:
    """An embedder's own connection: what is written is kept when the embedder commits."""

    dialect: Literal["sqlite"] = "sqlite"
    owned = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        check_sqlite_settings(
            SqliteCursor(connection),
            connection.text_factory,
            # From Python 3.12 on; where it is true, nothing is ever committed by `commit`.
            autocommit=getattr(connection, "autocommit", None),
        )
        self._connection = connection
        self._lock = RLock()  # a transaction is one thread's at a time

    def __repr__(self) -> str:
        return "<BorrowedSqlite>"

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Enter a short reading; what the embedder has written and not committed is there."""
        with self._lock, told_by_sqlite("sqlite3"):
            yield SqliteCursor(self._connection)

    def snapshot(self) -> AbstractContextManager[Cursor]:
        """Enter a long reading, of the embedder's transaction."""
        return self.reading()

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Enter a part of the embedder's transaction, which is begun where there is none."""
        connection = self._connection
        with self._lock, told_by_sqlite("sqlite3"):
            begun = not connection.in_transaction
            if begun:
                # Not a deferred one: that would fail at its first writing, without waiting.
                connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"SAVEPOINT {SAVEPOINT}")
            try:
                yield SqliteCursor(connection)
                connection.execute(f"RELEASE {SAVEPOINT}")
            except BaseException:
                with suppress(sqlite3.Error):
                    if begun:
                        connection.execute("ROLLBACK")
                    else:
                        connection.execute(f"ROLLBACK TO {SAVEPOINT}")
                        connection.execute(f"RELEASE {SAVEPOINT}")
                raise

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call nothing: sqlite3 does not tell when it has committed."""

    def forgotten(self) -> None:
        """Leave it to the embedder, who has to commit first."""

    def close(self) -> None:
        """Leave it open: it is the embedder's."""


def check_sqlite_settings(
    cursor: Cursor, text_factory: object = str, *, autocommit: object = None
) -> None:
    """Check the settings of somebody else's connection on which the register's promises rest.

    Raises:
        InputError: with every setting that has to be another, and how to change it.
    """
    problems: list[Problem] = []

    def check(setting: str, got: object, *, right: bool, wanted: str, command: str) -> None:
        if not right:
            found = wrong(
                CONNECTION_SETTING,
                got,
                hint=_SET_IT,
                setting=setting,
                wanted=wanted,
                command=command,
            )
            problems.extend(problem.under(setting) for problem in found.problems)

    file = (cursor.one("SELECT file FROM pragma_database_list WHERE name = 'main'") or ("",))[0]
    synchronous = _SYNCHRONOUS[int((cursor.one("PRAGMA synchronous") or (0,))[0])]
    journal = (cursor.one("PRAGMA journal_mode") or ("",))[0]
    journal = (journal if isinstance(journal, str) else bytes(journal).decode()).lower()
    if file:  # what is in memory is gone with the process, whatever is set
        check(
            "synchronous",
            synchronous,
            right=_SYNCHRONOUS.index(synchronous) >= _FULL,
            wanted="FULL",
            command="PRAGMA synchronous = FULL",
        )
        check(
            "journal_mode",
            journal,
            right=journal not in ("off", "memory"),
            wanted="WAL",
            command="PRAGMA journal_mode = WAL",
        )
    check(
        "autocommit",
        autocommit,
        right=autocommit is not True,
        wanted="False",
        command="connection.autocommit = False",
    )
    check(
        "text_factory",
        shown(text_factory),
        right=text_factory is str,
        wanted="str",
        command="connection.text_factory = str",
    )
    if problems:
        raise InputError(problems)


def _check_size(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file whose last page is cut, which SQLite may not notice for long.

    The file itself is not opened: to close it would give up this process's locks on it.
    See https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_

    Raises:
        Damaged: for such a file.
    """

    def is_in_use() -> bool:
        """Tell whether the file's own length counts only once something is written back to it."""
        beside = (path.with_name(path.name + tail) for tail in ("-wal", "-journal"))
        return any(each.exists() and each.stat().st_size for each in beside)

    with suppress(OSError):  # what can't be opened is told by SQLite
        if is_in_use():
            return
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        if path.stat().st_size < pages * size and not is_in_use():
            raise Damaged(path.name)
