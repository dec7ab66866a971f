"""SQLAlchemy's engines, connections and sessions are databases that a register can be kept in."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import NullPool, StaticPool

from studioflow.errors import InputError, MissingExtraError
from studioflow.register import connect
from studioflow.register.database import Contended, Cursor, Database
from studioflow.register.errors import Damaged, StorageFailed
from studioflow.register.homes.postgresql import postgresql_told, pyformat
from studioflow.register.homes.sqlalchemy_target import (
    BorrowedConnection,
    BorrowedSession,
    EngineDatabase,
    engine_of,
    sqlalchemy_database,
)
from tests.register.postgres import Postgres

MAKE = "CREATE TABLE notes (number INTEGER PRIMARY KEY, note TEXT)"
ADD = "INSERT INTO notes (number, note) VALUES (:number, :note)"
FIRST: dict[str, object] = {"number": 1, "note": "一::':note' 100%"}
ALL = "SELECT number, note FROM notes ORDER BY number"
_SERIALIZABLE = "-c default_transaction_isolation=serializable"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'a.db'}"
    return str(request.getfixturevalue("server").database())


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    """An embedder's engine over a database with a table; nothing waits for long."""
    made = create_engine(address, connect_args={"timeout": 0.1} if "sqlite" in address else {})
    with made.begin() as connection:
        connection.exec_driver_sql(MAKE)
    yield made
    made.dispose()


def notes(engine: Engine) -> list[tuple[Any, ...]]:
    """Return what is kept, as somebody else sees it."""
    with EngineDatabase(engine).reading() as cursor:
        return cursor.all(ALL)


def fail(database: Database, *rows: dict[str, object]) -> None:
    """Write rows, and fail."""
    with database.writing() as cursor:
        for row in rows:
            cursor.run(ADD, row)
        raise KeyError


# An engine


def test_a_writing_is_kept_as_a_whole(engine: Engine) -> None:
    """What a writing has done is there once it is over, and not before."""
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        assert 1 == cursor.run(ADD, FIRST)
        cursor.many(ADD, [{"number": n, "note": None} for n in (2, 3)])
        cursor.many(ADD, [])
        assert [] == notes(engine)

    assert [(1, FIRST["note"]), (2, None), (3, None)] == notes(engine)


def test_a_writing_that_fails_is_not_kept(engine: Engine) -> None:
    """Whatever is raised in a writing, nothing of it is kept, and the next one succeeds."""
    database = EngineDatabase(engine)
    with pytest.raises(KeyError):
        fail(database, FIRST)

    with database.writing() as cursor:
        cursor.run(ADD, {**FIRST, "number": 2})
    assert [(2, FIRST["note"])] == notes(engine)


def test_rows(engine: Engine) -> None:
    """Rows come as plain tuples, all at once, the first one, or one after the other."""
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        cursor.many(ADD, [{"number": n, "note": str(n)} for n in range(2500)])
    one = "SELECT number FROM notes WHERE number = :number"
    with database.reading() as cursor:
        assert (7,) == cursor.one(one, {"number": 7})
        assert None is cursor.one(one, {"number": -7})
        assert [("0",)] == cursor.all("SELECT note FROM notes LIMIT 1")
        assert 2500 == len({row[0] for row in cursor.stream(ALL)})
    with database.snapshot() as cursor:
        first, second = cursor.stream(ALL), cursor.stream(ALL)
        assert [(0, "0"), (0, "0"), (1, "1")] == [next(first), next(second), next(first)]


def test_bytes(engine: Engine) -> None:
    """Bytes come back as bytes."""
    kind = "BYTEA" if engine.dialect.name == "postgresql" else "BLOB"
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        cursor.run(f"CREATE TABLE hashes (hash {kind})")
        cursor.run("INSERT INTO hashes VALUES (:hash)", {"hash": b"\0\xff"})
    with database.reading() as cursor:
        assert (b"\0\xff",) == cursor.one("SELECT hash FROM hashes")


def test_a_snapshot_is_of_one_moment(engine: Engine) -> None:
    """What others keep during a snapshot is not in it, and they need not wait for it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    database = EngineDatabase(engine)
    with database.snapshot() as cursor:
        before = cursor.all(ALL)
        with database.writing() as other:
            other.run(ADD, FIRST)

        assert before == cursor.all(ALL) == []
    assert 1 == len(notes(engine))


def test_the_second_writer_on_sqlite(tmp_path: Path) -> None:
    """On SQLite nobody else writes from the beginning of a writing, and the embedder's own wait."""
    database = EngineDatabase(
        create_engine(f"sqlite:///{tmp_path / 'a.db'}", connect_args={"timeout": 0})
    )
    with database.writing(), pytest.raises(Contended), database.writing():
        pass


def test_the_order_of_writers_on_sqlite(tmp_path: Path) -> None:
    """An engine made from an address waits for whoever is writing."""
    database = EngineDatabase(engine_of(f"sqlite:///{tmp_path / 'a.db'}"), own=True)
    with database.writing() as cursor:
        cursor.run(MAKE)
    begun = Event()

    def write() -> None:
        begun.set()
        with database.writing() as other:
            other.run(ADD, {**FIRST, "number": 2})

    with ThreadPoolExecutor() as pool:
        with database.writing() as cursor:
            waiting = pool.submit(write)
            begun.wait()
            cursor.run(ADD, FIRST)
        waiting.result()
    with database.reading() as cursor:
        assert [1, 2] == [number for number, _ in cursor.all(ALL)]
    database.close()


def test_settings_of_our_own_engine(tmp_path: Path) -> None:
    """An engine made from an address of SQLite has a log, waits for the disk, overwrites."""
    database = EngineDatabase(engine_of(f"sqlite:///{tmp_path / 'a.db'}"), own=True)
    pragmas = ("journal_mode", "synchronous", "secure_delete", "busy_timeout")
    with database.reading() as cursor:
        found = [cursor.one(f"PRAGMA {name}") for name in pragmas]

    assert [("wal",), (2,), (1,), (60000,)] == found
    database.close()


def test_forgotten(tmp_path: Path) -> None:
    """What was deleted stands in no file any more, not even in the log."""
    database = EngineDatabase(engine_of(f"sqlite:///{tmp_path / 'a.db'}"), own=True)
    with database.writing() as cursor:
        cursor.run(MAKE)
        cursor.run(ADD, {"number": 1, "note": "forget-me"})
    with database.writing() as cursor:
        cursor.run("DELETE FROM notes")
    database.forgotten()

    assert [] == [file.name for file in tmp_path.iterdir() if b"forget-me" in file.read_bytes()]
    database.close()


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "SERIALIZABLE", None])
def test_an_engine_with_another_isolation(server: Postgres, level: str | None) -> None:
    """Whatever isolation an engine has, a writing is one transaction; the embedder's stays."""
    more = {"isolation_level": level} if level else {"connect_args": {"options": _SERIALIZABLE}}
    engine = server.engine(pool_size=1, max_overflow=0, **more)
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        cursor.run(MAKE)
    with database.writing() as cursor:
        assert ("read committed",) == cursor.one("SHOW transaction_isolation")
    with pytest.raises(KeyError):
        fail(database, FIRST)

    assert [] == notes(engine)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert (level == "AUTOCOMMIT") == driver.autocommit
    engine.dispose()


def test_an_engine_that_begins_by_itself(tmp_path: Path) -> None:
    """An engine with the listeners that SQLAlchemy advises for SQLite is an engine as others."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    event.listen(engine, "connect", lambda made, _: setattr(made, "isolation_level", None))
    event.listen(engine, "begin", lambda made: made.exec_driver_sql("BEGIN"))
    with EngineDatabase(engine).writing() as cursor:
        cursor.run(MAKE)
        cursor.run(ADD, FIRST)
    with engine.begin() as connection, BorrowedConnection(connection).writing() as cursor:
        cursor.run(ADD, {**FIRST, "number": 2})

    assert 2 == len(notes(engine))
    engine.dispose()


def test_memory_of_one_connection() -> None:
    """Memory that all threads share is a database; one that each has for itself is refused."""
    shared = EngineDatabase(create_engine("sqlite://", poolclass=StaticPool))
    with shared.writing() as cursor:
        cursor.run(MAKE)
    with shared.reading() as cursor:
        assert [] == cursor.all(ALL)
    with pytest.raises(InputError) as caught, EngineDatabase(create_engine("sqlite://")).reading():
        pass

    assert [("connection_setting", "poolclass")] == told(caught)


def test_when_committed(engine: Engine) -> None:
    """Through an engine, what waits for a commit is called at once."""
    called: list[str] = []
    EngineDatabase(engine).when_committed(lambda: called.append("now"))

    assert ["now"] == called


# Errors


def told(caught: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    """Return the codes and the paths of what is wrong, which is said in both languages."""
    for problem in caught.value.problems:
        assert problem.explain("zh") != problem.explain("en")
    return [(problem.code, problem.path) for problem in caught.value.problems]


def test_no_server() -> None:
    """Where nobody answers, that is told without the password."""
    database = EngineDatabase(engine_of("postgresql://a:secret@127.0.0.1:1/x"), own=True)
    with pytest.raises(StorageFailed) as caught, database.reading():
        pass

    assert ("unreachable", False) == (caught.value.why, "secret" in str(caught.value))


def test_no_server_for_a_session() -> None:
    """Where a session finds nobody who answers, that is told, too."""
    session = Session(create_engine("postgresql+psycopg://a:secret@127.0.0.1:1/x"))
    with session, pytest.raises(StorageFailed) as caught, BorrowedSession(session).writing():
        pass

    assert ("unreachable", False) == (caught.value.why, "secret" in str(caught.value))


def test_nobody_waits_for_what_was_refused(tmp_path: Path) -> None:
    """On SQLite a transaction that a refused writing began is over, and others may write."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}", connect_args={"timeout": 0})
    with engine.begin() as connection:
        connection.exec_driver_sql(MAKE)
    with engine.connect() as one, engine.connect() as other:
        with pytest.raises(KeyError):
            fail(BorrowedConnection(one), FIRST)
        with BorrowedConnection(other).writing():
            pass
        other.rollback()
        with BorrowedConnection(one).writing() as cursor:
            cursor.run(ADD, FIRST)
        one.commit()

    assert 1 == len(notes(engine))
    engine.dispose()


def terminate(server: Postgres, cursor: Cursor) -> None:
    """Have the server break off a connection."""
    (pid,) = cursor.one("SELECT pg_backend_pid()") or (0,)
    with psycopg.connect(server.address, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])


def test_a_connection_is_lost(server: Postgres) -> None:
    """Where the server breaks off, that is told; the next one gets a new connection."""
    engine = server.engine()
    database = EngineDatabase(engine)

    def write() -> None:
        with database.writing() as cursor:
            cursor.run(MAKE)
            terminate(server, cursor)
            cursor.run(ADD, FIRST)

    with pytest.raises(StorageFailed) as caught:
        write()

    assert "unreachable" == caught.value.why
    for _ in range(3):
        with database.writing() as cursor:
            assert (1,) == cursor.one("SELECT 1")
    engine.dispose()


def test_an_idle_connection_is_lost(server: Postgres) -> None:
    """Where the server broke off while nothing was done (a restart), nobody notices."""
    engine = server.engine()
    database = EngineDatabase(engine)
    with database.reading() as first, database.reading() as second:
        terminate(server, first)
        terminate(server, second)
    for _ in range(3):
        with database.writing() as cursor:
            assert (1,) == cursor.one("SELECT 1")
    engine.dispose()


@pytest.mark.parametrize("module", ["sqlalchemy", "psycopg"])
def test_missing_extra(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy or psycopg the command that installs them is told."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"studioflow\[postgresql\]"):
        connect("postgresql://a@127.0.0.1/x")


def test_all_connections_are_taken(server: Postgres) -> None:
    """Where the pool has none left, that is told as a database that is out of reach."""
    engine = server.engine(pool_size=1, max_overflow=0, pool_timeout=0.01)
    database = EngineDatabase(engine)
    with database.reading(), pytest.raises(StorageFailed) as caught, database.reading():
        pass

    assert "unreachable" == caught.value.why
    engine.dispose()


def test_a_deadlock_is_told_as_contention(server: Postgres) -> None:
    """Of two who wait for each other one is told that somebody else is writing."""
    engine = server.engine()
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        cursor.run(MAKE)
        cursor.many(ADD, [{"number": n, "note": ""} for n in (1, 2)])
    change = "UPDATE notes SET note = :note WHERE number = :number"
    both = Barrier(2)

    def run(first: int) -> str:
        try:
            with database.writing() as cursor:
                cursor.run(change, {"note": str(first), "number": first})
                both.wait(timeout=10)
                cursor.run(change, {"note": str(first), "number": 3 - first})
        except Contended:
            return "contended"
        return str(first)

    with ThreadPoolExecutor() as pool:
        one, other = pool.map(run, (1, 2))

    won = ({one, other} - {"contended"}).pop()
    assert ("contended" in (one, other), [won, won]) == (True, [note for _, note in notes(engine)])
    engine.dispose()


def test_waiting_for_too_long(server: Postgres) -> None:
    """Who gives up waiting for a lock is told of contention."""
    engine = server.engine(connect_args={"options": "-c lock_timeout=20"})
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        cursor.run(MAKE)
    lock = "LOCK TABLE notes IN EXCLUSIVE MODE"
    with database.writing() as cursor:
        cursor.run(lock)
        with pytest.raises(Contended), database.writing() as other:
            other.run(lock)
    engine.dispose()


def test_no_right_to_write(server: Postgres) -> None:
    """A server that takes no writings is told as one."""
    engine = server.engine(connect_args={"options": "-c default_transaction_read_only=on"})
    with pytest.raises(StorageFailed) as caught, EngineDatabase(engine).writing() as cursor:
        cursor.run(MAKE)

    assert "unwritable" == caught.value.why
    engine.dispose()


def test_no_database(tmp_path: Path) -> None:
    """A file that is no database is damaged."""
    (tmp_path / "a.db").write_text("登记册" * 1000)
    with pytest.raises(Damaged) as caught:
        notes(create_engine(f"sqlite:///{tmp_path / 'a.db'}", poolclass=NullPool))

    assert "a.db" == caught.value.place


def test_an_error_of_ours_stays(engine: Engine) -> None:
    """A wrong statement is a mistake of ours and is raised as it is, without its parameters."""
    with (
        pytest.raises((sqlite3.Error, psycopg.Error)) as caught,
        EngineDatabase(engine).writing() as cursor,
    ):
        cursor.run("INSERT nowhere INTO (:note)", {"note": "领衔人甲"})

    assert "领衔人甲" not in str(caught.value)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("40001", Contended("x")),
        ("40P01", Contended("x")),
        ("55P03", Contended("x")),
        ("57014", Contended("x")),
        ("53100", StorageFailed("disk_full", "x")),
        ("53300", StorageFailed("unreachable", "x")),
        ("57P01", StorageFailed("unreachable", "x")),
        ("08006", StorageFailed("unreachable", "x")),
        ("58030", StorageFailed("unwritable", "x")),
        ("42501", StorageFailed("unwritable", "x")),
        ("25006", StorageFailed("unwritable", "x")),
        ("XX001", Damaged("x")),
        ("XX002", Damaged("x")),
        ("23505", None),
        ("42601", None),
    ],
)
def test_what_postgresql_says(state: str, expected: Exception | None) -> None:
    """Each condition of the server's becomes what it means to a register, or stays as it is."""
    found = postgresql_told(psycopg.errors.lookup(state)("x\nDETAIL: 领衔人甲"), owned=True)

    assert (type(expected), getattr(expected, "args", ())) == (
        type(found),
        getattr(found, "args", ()),
    )


def test_fault_5_no_room(tmp_path: Path) -> None:
    """A full disk is told, nothing of the writing is kept, and it goes on when there is room."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}", pool_size=1, max_overflow=0)
    database = EngineDatabase(engine)
    with database.writing() as cursor:
        cursor.run(MAKE)
    with database.reading() as cursor:
        cursor.all("PRAGMA max_page_count = 4")

    def fill() -> None:
        with database.writing() as cursor:
            for number in range(1000):
                cursor.run(ADD, {"number": number, "note": "x" * 1000})

    with pytest.raises(StorageFailed) as caught:
        fill()

    assert ("disk_full", []) == (caught.value.why, notes(engine))
    with database.reading() as cursor:
        cursor.all("PRAGMA max_page_count = 4000")
    fill()
    assert 1000 == len(notes(engine))
    engine.dispose()


def test_fault_5_no_room_in_the_embedders_transaction(tmp_path: Path) -> None:
    """SQLite takes the embedder's rows back as well: a commit of what is left is refused."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    rows: list[dict[str, object]] = [{"number": n, "note": "x" * 1000} for n in range(2, 100)]
    with engine.begin() as connection:
        connection.exec_driver_sql(MAKE)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 4")
        connection.exec_driver_sql("INSERT INTO notes (number) VALUES (1)")
        with pytest.raises(StorageFailed):
            fail(BorrowedConnection(connection), *rows)
        with pytest.raises(PendingRollbackError):
            connection.commit()
        connection.rollback()

    assert [] == notes(engine)
    engine.dispose()


# Targets


def test_other_databases_are_refused() -> None:
    """What is neither SQLite nor PostgreSQL is refused by name."""
    with pytest.raises(InputError) as caught:
        BorrowedConnection(type("Stub", (), {"dialect": mysql.dialect()})())

    assert [("supported_database", "register")] == told(caught)
    assert "'mysql+" in str(caught.value)


@pytest.mark.parametrize("address", ["nowhere", "oracle9://x", "://", "a://"])
def test_no_address(address: str) -> None:
    """An address that is none is refused, and not repeated: it may hold a password."""
    with pytest.raises(InputError) as caught:
        sqlalchemy_database(address)

    assert [("database_address", "register")] == told(caught)


def test_what_has_to_be_awaited() -> None:
    """An asynchronous session, connection or engine is refused with the way to use it."""
    engine = create_async_engine("sqlite+aiosqlite://")
    for target in (engine, engine.connect(), AsyncSession(engine)):
        with pytest.raises(InputError, match="run_sync") as caught:
            sqlalchemy_database(target)

        assert [("not_async", "register")] == told(caught)


def test_targets(engine: Engine) -> None:
    """Each of SQLAlchemy's objects is known for what it is."""
    sessions = scoped_session(sessionmaker(engine))
    with engine.connect() as connection, Session(engine) as session:
        kinds = [type(sqlalchemy_database(t)) for t in (engine, connection, session, sessions)]

    assert [EngineDatabase, BorrowedConnection, BorrowedSession, BorrowedSession] == kinds
    assert None is sqlalchemy_database(3)
    sessions.remove()


# Borrowed


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """An embedder's connection."""
    with engine.connect() as connected:
        yield connected


def test_joined(engine: Engine, connection: Connection) -> None:
    """What was written is there with what the embedder wrote, once the embedder commits."""
    insert = "INSERT INTO notes (number) VALUES (1)"
    database = BorrowedConnection(connection)
    connection.exec_driver_sql(insert)
    with database.writing() as cursor:
        cursor.run(ADD, {**FIRST, "number": 2})
    with database.reading() as cursor:
        assert 2 == len(cursor.all(ALL))
    assert [] == notes(engine)
    connection.commit()

    assert [1, 2] == [number for number, _ in notes(engine)]


def test_rolled_back(engine: Engine, connection: Connection) -> None:
    """What was written is gone when the embedder rolls back, also where it had not begun."""
    with BorrowedConnection(connection).writing() as cursor:
        cursor.run(ADD, FIRST)
    connection.rollback()

    assert [] == notes(engine)


def test_a_part_that_fails(engine: Engine, connection: Connection) -> None:
    """A writing that fails leaves the embedder's own in place, and the transaction usable."""
    database = BorrowedConnection(connection)
    connection.exec_driver_sql("INSERT INTO notes (number) VALUES (1)")
    other = {**FIRST, "number": 3}
    with pytest.raises(KeyError):
        fail(database, other)
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        fail(database, other, FIRST)
    with database.writing() as cursor:
        cursor.run(ADD, {**FIRST, "number": 2})
    connection.commit()

    assert [1, 2] == [number for number, _ in notes(engine)]


def test_a_transaction_of_the_embedders_form(engine: Engine) -> None:
    """A writing joins a transaction that the embedder enters as it likes."""
    with engine.begin() as connection:
        with BorrowedConnection(connection).writing() as cursor:
            cursor.run(ADD, FIRST)
        with connection.begin_nested(), BorrowedConnection(connection).writing() as cursor:
            cursor.run(ADD, {**FIRST, "number": 2})

    assert 2 == len(notes(engine))


def test_a_borrowed_connection_begins_at_once(tmp_path: Path) -> None:
    """On SQLite nobody else writes from the first writing to the embedder's commit."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}", connect_args={"timeout": 0})
    with engine.connect() as one, engine.connect() as other:
        with BorrowedConnection(one).writing():
            pass
        with pytest.raises(Contended), BorrowedConnection(other).writing():
            pass
        one.commit()
        with BorrowedConnection(other).writing():
            pass
    engine.dispose()


def test_autocommit_is_refused(engine: Engine) -> None:
    """A connection that keeps each statement at once can not roll back with the embedder."""
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        pytest.raises(InputError) as caught,
        BorrowedConnection(connection).writing(),
    ):
        pass

    assert [("connection_setting", "isolation_level")] == told(caught)


def test_unsuitable_sqlite(tmp_path: Path) -> None:
    """Every setting that loses something is told at once, for engines and connections."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")

    @event.listens_for(engine, "connect")
    def spoil(made: sqlite3.Connection, _: object) -> None:
        made.execute("PRAGMA synchronous = NORMAL")
        made.execute("PRAGMA journal_mode = MEMORY")
        made.text_factory = bytes

    expected = [("connection_setting", n) for n in ("synchronous", "journal_mode", "text_factory")]
    with engine.connect() as connection:
        for database in (EngineDatabase(engine), BorrowedConnection(connection)):
            with pytest.raises(InputError) as caught, database.writing():
                pass

            assert expected == told(caught)
    engine.dispose()


def test_unsuitable_postgresql(server: Postgres) -> None:
    """Every setting that loses something is told at once, for engines and connections."""
    address = server.database(encoding="LATIN1")
    options = "-c synchronous_commit=off -c client_encoding=latin1"
    engine = create_engine(address, connect_args={"options": options})
    settings = ("synchronous_commit", "server_encoding", "client_encoding")
    with engine.connect() as connection:
        for database in (EngineDatabase(engine), BorrowedConnection(connection)):
            with pytest.raises(InputError) as caught, database.writing():
                pass

            assert [("connection_setting", name) for name in settings] == told(caught)
    engine.dispose()


def test_a_transaction_that_only_reads(server: Postgres) -> None:
    """Writing in a transaction of PostgreSQL that only reads is refused with what to change."""
    engine = server.engine()
    with engine.connect().execution_options(postgresql_readonly=True) as connection:
        database = BorrowedConnection(connection)
        with database.reading() as cursor:
            assert (1,) == cursor.one("SELECT 1")
        with pytest.raises(InputError) as caught, database.writing() as cursor:
            cursor.run(MAKE)

    assert [("connection_setting", "transaction_read_only")] == told(caught)
    engine.dispose()


def test_checked_once(server: Postgres) -> None:
    """Settings are asked for once for a connection, however often it is handed over."""
    engine = server.engine()
    with engine.connect() as connection:
        for _ in range(2):
            with BorrowedConnection(connection).reading():
                pass
            connection.exec_driver_sql("SET synchronous_commit = off")
    engine.dispose()


def test_nothing_is_closed(connection: Connection) -> None:
    """Whatever is closed of a register, an embedder's connection stays; it can't tell a commit."""
    called: list[int] = []
    database: Database = BorrowedConnection(connection)
    database.when_committed(lambda: called.append(1))
    database.forgotten()
    database.close()
    connection.commit()

    assert (False, []) == (connection.closed, called)


# Sessions


def test_session_tells_after_its_commit(engine: Engine) -> None:
    """What waits for a session's commit is called once, after it, and may use the engine."""
    seen: list[int] = []
    with Session(engine) as session:
        database = BorrowedSession(session)
        with database.writing() as cursor:
            cursor.run(ADD, FIRST)
        database.when_committed(lambda: seen.append(len(notes(engine))))
        assert [] == seen
        session.commit()
        assert [1] == seen
        with database.writing() as cursor:
            cursor.run(ADD, {**FIRST, "number": 2})
        session.commit()

    assert [1] == seen


def test_session_is_rolled_back(engine: Engine) -> None:
    """What waited for a commit is forgotten by a rollback, and by a session that is closed."""
    seen: list[int] = []
    with Session(engine) as session:
        database = BorrowedSession(session)
        for end in (session.rollback, session.close):
            with database.writing() as cursor:
                cursor.run(ADD, FIRST)
            database.when_committed(lambda: seen.append(1))
            end()
            session.commit()

    assert ([], []) == (seen, notes(engine))


def test_savepoints_of_a_session(engine: Engine) -> None:
    """What waited in a savepoint is called after the outer commit, or goes with the savepoint."""
    seen: list[str] = []
    with Session(engine) as session:
        database = BorrowedSession(session)
        with session.begin_nested(), session.begin_nested():
            database.when_committed(lambda: seen.append("kept"))
        undone = session.begin_nested()
        with session.begin_nested():
            database.when_committed(lambda: seen.append("undone"))
        undone.rollback()
        assert [] == seen
        session.commit()

    assert ["kept"] == seen


def test_session_within_a_transaction_of_somebody_else(engine: Engine) -> None:
    """A session that takes part in another transaction can not tell when that is kept."""
    seen: list[str] = []
    with engine.connect() as connection:
        connection.begin()
        with Session(connection, join_transaction_mode="rollback_only") as session:
            BorrowedSession(session).when_committed(lambda: seen.append("too early"))
            session.commit()
        connection.rollback()

    assert [] == seen


def test_a_connection_is_free_again(server: Postgres) -> None:
    """What is called after a commit gets a connection even where there is but one."""
    engine = server.engine(pool_size=1, max_overflow=0, pool_timeout=0.01)
    seen: list[object] = []

    def look() -> None:
        with EngineDatabase(engine).reading() as cursor:
            seen.append(cursor.one("SELECT 1"))

    with Session(engine) as session:
        BorrowedSession(session).when_committed(look)
        session.commit()

    assert [(1,)] == seen
    engine.dispose()


@pytest.mark.parametrize("driver", ["aiosqlite", "psycopg"])
def test_asynchronous_session(driver: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Within `run_sync` an asynchronous session is a session like any other."""
    address = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    if driver == "psycopg":
        address = request.getfixturevalue("server").database()
    seen: list[str] = []

    def write(session: Session, number: int) -> list[tuple[Any, ...]]:
        database = BorrowedSession(session)
        database.when_committed(lambda: seen.append(f"kept {number}"))
        with database.writing() as cursor:
            cursor.run(ADD, {**FIRST, "number": number})
            with pytest.raises(KeyError):
                fail(database, {**FIRST, "number": -number})
        with database.snapshot() as cursor:
            return list(cursor.stream(ALL))

    async def run() -> None:
        engine = create_async_engine(address)
        async with engine.begin() as connection:
            await connection.exec_driver_sql(MAKE)
        async with AsyncSession(engine) as session:
            for number, end in ((1, session.commit), (2, session.rollback), (3, session.commit)):
                rows = await session.run_sync(write, number)
                assert (number, FIRST["note"]) == rows[-1]
                await end()
            assert [(1,), (3,)] == [
                tuple(row)
                for row in await session.execute(_text("SELECT number FROM notes ORDER BY 1"))
            ]
        await engine.dispose()

    asyncio.run(run())
    assert ["kept 1", "kept 3"] == seen


def _text(statement: str) -> Any:  # noqa: ANN401 - SQLAlchemy's own type
    from sqlalchemy import text

    return text(statement)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("a = :a AND b = :a_1", "a = %(a)s AND b = %(a_1)s"),
        ("a::text = :a::xid8", "a::text = %(a)s::xid8"),
        ("':a' || \":b\" || 'it''s :c'", "':a' || \":b\" || 'it''s :c'"),
        ("a LIKE '100%' AND a % 2 = :a", "a LIKE '100%%' AND a %% 2 = %(a)s"),
        ("1 -- of :a\n, :a", "1 -- of :a\n, %(a)s"),
    ],
)
def test_parameters_of_psycopg(statement: str, expected: str) -> None:
    """Parameters are translated, and nothing else is."""
    assert expected == pyformat(statement)
