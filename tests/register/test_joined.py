"""An embedder's own rows and the register's events are kept together, or not at all."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl, load_policy
from studioflow.people import Actor
from studioflow.programme import Programme
from studioflow.register import (
    Change,
    Conflict,
    KeyReused,
    MemoryRegister,
    Register,
    Slot,
    SlotTaken,
    connect,
    verify,
)
from studioflow.register.homes.sqlalchemy_target import EngineDatabase
from studioflow.studio import Event, Subscriber
from studioflow.testing.registers.samples import event
from tests.register.homes import (
    Begin,
    in_connection,
    in_django,
    in_session,
    in_sqlite3,
    new_prefix,
)
from tests.register.postgres import Postgres

SCHOOL = Actor("h-01", unit="样例学校", roles={"host_party"})
VISITS = "CREATE TABLE visits_visit (id INTEGER PRIMARY KEY, studio TEXT)"
ADD = "INSERT INTO visits_visit (id, studio) VALUES (1, 's-01')"


class GoBackError(Exception):
    """What makes an embedder roll back."""


@define
class Embedder:
    """A programme, the embedder's transactions, and how it keeps rows of its own.

    Attributes:
        told: what subscribers were told; `tells` is whether they are without `deliver`.
    """

    programme: Programme
    begin: Begin
    visit: Callable[[Any], object]
    visits: Callable[[], int]
    tells: bool
    told: list[Event] = field(factory=list)

    def attempt(self, studio: str, *, go_back: bool) -> None:
        """Keep a row and declare a studio; then go back, or don't."""
        with self.begin() as target:
            self.visit(target)
            inside = self.programme.within(target)
            inside.declare(_application(), studio=studio, by=SCHOOL, key=f"k-{studio}")
            assert "declared" == inside.studio(studio).state
            assert [] == self.told
            if go_back:
                raise GoBackError


def _application() -> dict[str, object]:
    return {
        "name": "样例工作室",
        "unit": "样例学校",
        "lead": {"id": "lead-a", "name": "领衔人甲"},
    }


def _programme(target: object, told: list[Event], prefix: str = "studioflow") -> Programme:
    class Tells:
        @hookimpl
        def studioflow_subscribers(self) -> list[Subscriber]:
            return [Subscriber(id="log", notify=told.append)]

    register = connect(target, prefix=prefix)
    return Programme.open(
        load_policy("yongjia-2023"),
        register=register,
        host=Host([Tells()]),
        clock=lambda: datetime(2023, 3, 22, 9, tzinfo=UTC),
    )


def _add_core(connection: Connection) -> None:
    connection.exec_driver_sql(ADD)


def _add_orm(session: Session) -> None:
    session.execute(text(ADD))


def _add_sqlite3(connection: sqlite3.Connection) -> None:
    connection.execute(ADD)


HOMES = (
    "sqlite3",
    "connection-sqlite",
    "connection-postgresql",
    "session-sqlite",
    "session-postgresql",
    "django-sqlite",
    "django-postgresql",
)


def _engine(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Engine:
    if dialect == "postgresql":
        server: Postgres = request.getfixturevalue("server")
        return server.engine()
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    return engine


@pytest.fixture(params=HOMES)
def embedder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Embedder]:
    """An embedder with a programme, in each way of borrowing."""
    way, _, dialect = request.param.partition("-")
    told: list[Event] = []
    match way:
        case "sqlite3":
            path = tmp_path / "a.db"
            programme = _programme(path, told)
            begin = in_sqlite3(str(path))
            with begin() as connection:
                connection.execute(VISITS)

            def visits() -> int:
                with begin() as seen:
                    return len(seen.execute("SELECT id FROM visits_visit").fetchall())

            yield Embedder(programme, begin, _add_sqlite3, visits, tells=False, told=told)
            programme.register.close()
        case "django":
            model: Any = request.getfixturevalue("django_visit")
            from django.db import connections

            alias = "default" if dialect == "sqlite" else dialect
            rows = model.objects.using(alias)
            rows.all().delete()
            programme = _programme(connections[alias], told, new_prefix())
            yield Embedder(
                programme,
                in_django(alias),
                lambda _: rows.create(studio="s-01"),
                rows.count,
                tells=True,
                told=told,
            )
        case _:
            engine = _engine(dialect, tmp_path, request)
            with engine.begin() as connection:
                connection.exec_driver_sql(VISITS)

            def count() -> int:
                with engine.connect() as seen:
                    return len(seen.exec_driver_sql("SELECT id FROM visits_visit").all())

            is_session = way == "session"
            yield Embedder(
                _programme(engine, told),
                (in_session if is_session else in_connection)(engine),
                _add_orm if is_session else _add_core,
                count,
                tells=is_session,
                told=told,
            )
            engine.dispose()


def test_kept_together(embedder: Embedder) -> None:
    """Row and event are there after the commit, and then subscribers are told, once."""
    embedder.attempt("s-01", go_back=False)

    assert ("declared", 1) == (embedder.programme.studio("s-01").state, embedder.visits())
    assert (["s-01"] if embedder.tells else []) == [each.studio for each in embedder.told]
    embedder.programme.deliver()
    assert ["s-01"] == [each.studio for each in embedder.told]


def test_fault_30_the_embedder_rolls_back(embedder: Embedder) -> None:
    """After a rollback there is no event, no key, no row, no notice, and nothing in any cache."""
    with pytest.raises(GoBackError):
        embedder.attempt("s-01", go_back=True)
    programme = embedder.programme
    programme.deliver()

    assert ((), (), None, 0, []) == (
        programme.register.studios(),
        programme.register.events("s-01"),
        programme.register.kept(SCHOOL.id, "k-s-01"),
        embedder.visits(),
        embedder.told,
    )
    # The same command again is not taken for one that was done, nor its studio for one that is.
    embedder.attempt("s-01", go_back=False)
    programme.deliver()
    assert ["s-01"] == [each.studio for each in embedder.told]
    assert 1 == len(programme.register.events("s-01"))
    assert 1 == embedder.visits()


def test_an_event_that_is_refused(embedder: Embedder) -> None:
    """What is refused leaves the embedder's transaction usable, with all else that is in it."""
    with embedder.begin() as target:
        embedder.visit(target)
        policy = embedder.programme.policy.reference
        prefix = embedder.programme.register.prefix  # type: ignore[attr-defined] # it is in SQL
        register = connect(target, prefix=prefix)
        register.append(event(policy=policy, key="k-1"), expected=0, take=[Slot("x", 1)])
        for refused, wrongs in (
            (Conflict, {"expected": 7}),
            (Conflict, {"expected": 0, "studio": "s-01"}),
            (KeyReused, {"expected": 0, "key": "k-1"}),
            (SlotTaken, {"expected": 0, "take": [Slot("y"), Slot("x", 1)]}),
        ):
            more: dict[str, Any] = dict(wrongs)
            kept = {name: more.pop(name) for name in ("expected", "take") if name in more}
            with pytest.raises(refused):
                register.append(event(**{"studio": "s-09", "policy": policy, **more}), **kept)
        embedder.programme.within(target).declare(_application(), studio="s-02", by=SCHOOL)

    assert (("s-01", "s-02"), 1) == (embedder.programme.register.studios(), embedder.visits())


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_asynchronous_sessions(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """An asynchronous session is joined in `run_sync`: rolled back, nothing is left; kept, all."""
    told: list[Event] = []
    engine = _engine(dialect, tmp_path, request)
    with engine.begin() as connection:
        connection.exec_driver_sql(VISITS)
    programme = _programme(engine, told)
    driver = "sqlite+aiosqlite" if dialect == "sqlite" else "postgresql+psycopg"

    def declare(session: Session) -> None:
        session.execute(text(ADD))
        programme.within(session).declare(_application(), studio="s-01", by=SCHOOL)

    async def run() -> None:
        asynchronous = create_async_engine(engine.url.set(drivername=driver))
        async with AsyncSession(asynchronous) as session:
            await session.run_sync(declare)
            await session.rollback()
            assert ((), []) == (programme.register.studios(), told)
            await session.run_sync(declare)
            assert ((), []) == (programme.register.studios(), told)
            await session.commit()
            visits = await session.execute(text("SELECT id FROM visits_visit"))
            assert 1 == len(visits.all())
        await asynchronous.dispose()

    asyncio.run(run())
    assert (("s-01",), ["s-01"]) == (programme.register.studios(), [each.studio for each in told])
    engine.dispose()


# Whoever reads what happened


def _by_position(engine: Engine, after: int) -> list[tuple[int, str]]:
    """Return what a subscriber finds who goes on after the last position that it has seen."""
    statement = "SELECT position, studio FROM studioflow_events WHERE position > :n ORDER BY 1"
    with EngineDatabase(engine).reading() as cursor:
        return [(position, studio) for position, studio in cursor.all(statement, {"n": after})]


def test_fault_31_an_earlier_position_is_kept_later(server: Postgres) -> None:
    """On PostgreSQL who reads by position misses an event that was kept late; `changes` doesn't."""
    engine = server.engine()
    register = connect(engine)
    with engine.connect() as slow:
        connect(slow).append(event("s-slow"), expected=0)
        register.append(event("s-fast"), expected=0)
        naive = _by_position(engine, 0)
        early = register.changes()
        slow.commit()
    naive += _by_position(engine, naive[-1][0])
    late = register.changes(early[-1].cursor if early else "")

    assert ["s-fast"] == [studio for _, studio in naive]
    assert ["s-slow", "s-fast"] == [change.event.studio for change in (*early, *late)]
    engine.dispose()


def test_fault_31_an_earlier_transaction_writes_later(server: Postgres) -> None:
    """A studio's events come in their order, also where a later one's transaction began before."""
    engine = server.engine()
    register = connect(engine)
    register.append(event(), expected=0)
    with engine.connect() as early:
        early.execute(text("CREATE TABLE letters (id INTEGER)"))  # it has its number now
        register.append(event(), expected=1)
        connect(early).append(event(), expected=2)
        assert [1] == [change.version for change in register.changes()]
        early.commit()
    copy = MemoryRegister()
    copy.load(register.lines())

    assert [1, 2, 3] == [change.version for change in register.changes()]
    assert [1, 2, 3] == [change.version for change in _one_by_one(register)]
    assert verify(register)
    assert verify(copy)
    assert event() == copy.append(event(), expected=3)
    engine.dispose()


def _one_by_one(register: Register) -> Iterator[Change]:
    cursor = ""
    while page := register.changes(cursor, limit=1):
        yield page[0]
        cursor = page[0].cursor


def test_fault_31_many_writers(server: Postgres) -> None:
    """However many hold their transactions open, `changes` tells each event, once, in order."""
    engine = server.engine(pool_size=10)
    register = connect(engine)
    writers, each = 6, 25
    naive: list[tuple[int, str]] = [(0, "")]
    seen: list[str] = []
    cursor = ""

    def read() -> None:
        nonlocal cursor
        for change in register.changes(cursor, limit=7):
            cursor = change.cursor
            seen.append(f"{change.event.studio}/{change.version}")
        naive.extend(_by_position(engine, naive[-1][0]))

    def write(writer: int) -> None:
        chance = random.Random(writer)  # noqa: S311 - to be the same each time
        for version in range(each):
            with Session(engine) as session:
                connect(session).append(event(f"s-{writer}"), expected=version)
                time.sleep(chance.random() / 100)
                session.commit()

    with ThreadPoolExecutor(writers) as pool:
        running = [pool.submit(write, writer) for writer in range(writers)]
        while not all(done.done() for done in running):
            read()
        for done in running:
            done.result()
    for _ in range(writers * each // 7 + 1):
        read()

    every = {f"s-{writer}/{version + 1}" for writer in range(writers) for version in range(each)}
    assert (every, len(every)) == (set(seen), len(seen))
    for writer in range(writers):
        own = [int(told.partition("/")[2]) for told in seen if told.startswith(f"s-{writer}/")]
        assert sorted(own) == own
    assert len(naive) - 1 < len(every)
    engine.dispose()


def test_an_isolation_that_does_not_see_others(server: Postgres) -> None:
    """A transaction that does not see what others keep meanwhile is refused, before it writes."""
    engine = server.engine()
    connect(engine)

    repeatable = engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with repeatable, pytest.raises(InputError, match="READ COMMITTED"):
        connect(repeatable).append(event(), expected=0)
    engine.dispose()
