"""Every home of a register keeps to the same promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, create_engine

from studioflow.register import Register, connect
from studioflow.testing.registers import RegisterConformance, RegisterMachine
from tests.register.homes import (
    each_by_itself,
    in_connection,
    in_django,
    in_session,
    in_sqlite3,
    new_prefix,
)
from tests.register.postgres import Postgres

Connect = Callable[[], Register]


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An embedder's engine over a file of SQLite, with the log that several writers want."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}", connect_args={"timeout": 60})
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def pg_engine(server: Postgres) -> Iterator[Engine]:
    """An embedder's engine over PostgreSQL."""
    engine = server.engine(max_overflow=20)
    yield engine
    engine.dispose()


class TestEngineOverSqlite(RegisterConformance):
    """SQLAlchemy's engine over a file of SQLite."""

    @pytest.fixture
    def connect(self, sqlite_engine: Engine) -> Connect:
        """How to reach one empty register."""
        return lambda: connect(sqlite_engine)


class TestEngineOverPostgresql(RegisterConformance):
    """SQLAlchemy's engine over PostgreSQL."""

    @pytest.fixture
    def connect(self, pg_engine: Engine) -> Connect:
        """How to reach one empty register."""
        prefix = new_prefix()
        return lambda: connect(pg_engine, prefix=prefix)


class TestConnectionOfSqlite3(RegisterConformance):
    """Transactions of the standard library's."""

    rounds = 4

    @pytest.fixture
    def connect(self, tmp_path: Path) -> Connect:
        """How to reach one empty register."""
        begin = in_sqlite3(str(tmp_path / "a.db"))
        return lambda: each_by_itself(begin, "studioflow")


class TestConnectionOverSqlite(RegisterConformance):
    """Transactions of SQLAlchemy's core on SQLite."""

    rounds = 4

    @pytest.fixture
    def connect(self, sqlite_engine: Engine) -> Connect:
        """How to reach one empty register."""
        return lambda: each_by_itself(in_connection(sqlite_engine), "studioflow")


class TestConnectionOverPostgresql(RegisterConformance):
    """Transactions of SQLAlchemy's core on PostgreSQL."""

    rounds = 4

    @pytest.fixture
    def connect(self, pg_engine: Engine) -> Connect:
        """How to reach one empty register."""
        prefix = new_prefix()
        return lambda: each_by_itself(in_connection(pg_engine), prefix)


class TestSessionOverSqlite(RegisterConformance):
    """Transactions of SQLAlchemy's sessions on SQLite."""

    rounds = 4

    @pytest.fixture
    def connect(self, sqlite_engine: Engine) -> Connect:
        """How to reach one empty register."""
        return lambda: each_by_itself(in_session(sqlite_engine), "studioflow")


class TestSessionOverPostgresql(RegisterConformance):
    """Transactions of SQLAlchemy's sessions on PostgreSQL."""

    rounds = 4

    @pytest.fixture
    def connect(self, pg_engine: Engine) -> Connect:
        """How to reach one empty register."""
        prefix = new_prefix()
        return lambda: each_by_itself(in_session(pg_engine), prefix)


@pytest.mark.usefixtures("django_visit")
class TestDjangoOverSqlite(RegisterConformance):
    """Django's `atomic` on SQLite."""

    rounds = 4

    @pytest.fixture
    def connect(self) -> Connect:
        """How to reach one empty register."""
        prefix = new_prefix()
        return lambda: each_by_itself(in_django("default"), prefix)


@pytest.mark.usefixtures("django_visit")
class TestDjangoOverPostgresql(RegisterConformance):
    """Django's `atomic` on PostgreSQL."""

    rounds = 4

    @pytest.fixture
    def connect(self) -> Connect:
        """How to reach one empty register."""
        prefix = new_prefix()
        return lambda: each_by_itself(in_django("postgresql"), prefix)


# Random use, each time of an empty register


@pytest.mark.parametrize("home", ["engine", "session", "django"])
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_random_use(home: str, dialect: str, request: pytest.FixtureRequest) -> None:
    """Whatever is asked of it, in whatever order, the register says what a naive model says."""
    if home == "django":
        request.getfixturevalue("django_visit")
        alias = "default" if dialect == "sqlite" else dialect

        def connected(prefix: str) -> Register:
            return each_by_itself(in_django(alias), prefix)
    else:
        fixture = "sqlite_engine" if dialect == "sqlite" else "pg_engine"
        engine: Engine = request.getfixturevalue(fixture)

        def connected(prefix: str) -> Register:
            if home == "engine":
                return connect(engine, prefix=prefix)
            return each_by_itself(in_session(engine), prefix)

    class Machine(RegisterMachine):
        def make(self) -> Register:
            return connected(new_prefix())

    run_state_machine_as_test(
        Machine, settings=settings(max_examples=6, stateful_step_count=20, deadline=None)
    )
