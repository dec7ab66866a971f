"""Django's connections are databases that a register can be kept in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django.db
import pytest
from django.db import connections, transaction

from studioflow.errors import InputError
from studioflow.register.database import Contended, Cursor
from studioflow.register.errors import StorageFailed
from studioflow.register.homes.django_connection import DjangoDatabase
from tests.register.django_project import ALIASES

pytestmark = pytest.mark.usefixtures("django_visit")
MAKE = "CREATE TABLE notes (number INTEGER PRIMARY KEY, note TEXT)"
ADD = "INSERT INTO notes (number, note) VALUES (:number, :note)"
ALL = "SELECT number, note FROM notes ORDER BY number"
TEXT = "一::':note' 100%"


@pytest.fixture(params=ALIASES)
def alias(request: pytest.FixtureRequest, django_visit: Any) -> Iterator[str]:  # noqa: ANN401 - the model
    """The name of one of Django's databases, with an empty table and no visits."""
    name: str = request.param
    django_visit.objects.using(name).all().delete()
    with connections[name].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS notes")
        cursor.execute(MAKE)
    yield name
    with connections[name].cursor() as cursor:
        cursor.execute("DROP TABLE notes")


def add(database: DjangoDatabase, *numbers: int) -> None:
    """Write rows in one part of a transaction."""
    with database.writing() as cursor:
        for number in numbers:
            cursor.run(ADD, {"number": number, "note": TEXT})


def numbers(database: DjangoDatabase) -> list[int]:
    """Return the numbers of all rows."""
    with database.reading() as cursor:
        return [number for number, _ in cursor.all(ALL)]


def told(caught: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    """Return the codes and the paths of what is wrong, which is said in both languages."""
    for problem in caught.value.problems:
        assert problem.explain("zh") != problem.explain("en")
    return [(problem.code, problem.path) for problem in caught.value.problems]


def test_rows(alias: str) -> None:
    """Rows come as plain tuples, all at once, the first one, or one after the other."""
    database = DjangoDatabase(connections[alias])
    with database.writing() as cursor:
        assert 1 == cursor.run(ADD, {"number": 0, "note": TEXT})
        cursor.many(ADD, [{"number": n, "note": None} for n in range(1, 2500)])
        cursor.many(ADD, [])
    with database.reading() as cursor:
        assert (0, TEXT) == cursor.one(ALL)
        assert None is cursor.one("SELECT 1 FROM notes WHERE number = :number", {"number": -7})
        assert list(cursor.stream(ALL)) == cursor.all(ALL)
        assert [(TEXT,)] == cursor.all("SELECT note FROM notes WHERE note LIKE '%100%'")


def test_outside_of_any_transaction(alias: str) -> None:
    """Outside of `atomic` a writing is kept at its end, or not at all where it fails."""
    database = DjangoDatabase(connections[alias])
    add(database, 1)
    with pytest.raises(django.db.IntegrityError):
        add(database, 2, 1)

    assert [1] == numbers(database)
    assert not connections[alias].in_atomic_block


def test_a_part_that_fails(alias: str, django_visit: Any) -> None:  # noqa: ANN401 - the model
    """Within `atomic` a writing that fails leaves the embedder's own in place, and usable."""
    database = DjangoDatabase(connections[alias])
    visits = django_visit.objects.using(alias)
    with transaction.atomic(using=alias):
        visits.create(studio="s-01")
        with pytest.raises(django.db.IntegrityError):
            add(database, 1, 1)
        add(database, 2)

    assert ([2], 1) == (numbers(database), visits.count())


def go_back(database: DjangoDatabase, alias: str) -> None:
    """Write in a transaction that is rolled back."""
    with transaction.atomic(using=alias):
        add(database, 1)
        database.when_committed(lambda: add(database, 9))
        raise KeyError


def test_rolled_back(alias: str) -> None:
    """What was written is gone when the embedder rolls back, and nothing is called."""
    database = DjangoDatabase(connections[alias])
    with pytest.raises(KeyError):
        go_back(database, alias)

    assert [] == numbers(database)


def test_told_after_the_commit(alias: str) -> None:
    """What waits for the commit is called after the outermost one; at once outside of any."""
    database = DjangoDatabase(connections[alias])
    called: list[str] = []
    database.when_committed(lambda: called.append("at once"))
    with transaction.atomic(using=alias):
        with transaction.atomic(using=alias):
            database.when_committed(lambda: called.append("after"))
        assert ["at once"] == called

    assert ["at once", "after"] == called


def test_committed_by_hand(alias: str) -> None:
    """Where the embedder commits by hand, a writing waits for it, and nothing is called."""
    database = DjangoDatabase(connections[alias])
    called: list[str] = []
    transaction.set_autocommit(False, using=alias)
    try:
        add(database, 1)
        database.when_committed(lambda: called.append("never"))
        transaction.rollback(using=alias)
        assert [] == numbers(database)
        transaction.rollback(using=alias)
        add(database, 2)
        transaction.commit(using=alias)
    finally:
        transaction.rollback(using=alias)
        transaction.set_autocommit(True, using=alias)

    assert ([2], []) == (numbers(database), called)


def test_each_thread_has_its_own() -> None:
    """What holds `django.db.connection` may be shared: each thread reaches its own connection."""
    database = DjangoDatabase(django.db.connection)

    def reached(_: int) -> object:
        try:
            with database.reading() as cursor:
                return cursor.one("SELECT 1")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert [(1,), (1,)] == list(pool.map(reached, range(2)))
    assert "<DjangoDatabase default>" == repr(database)


def test_a_second_writer() -> None:
    """On SQLite nobody else writes from the first writing to the embedder's commit."""
    database = DjangoDatabase(django.db.connection)

    def write() -> str:
        try:
            with database.reading() as cursor:
                cursor.all("PRAGMA busy_timeout = 0")
            with database.writing():
                return "written"
        except Contended:
            return "contended"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic(), database.writing():
        assert "contended" == pool.submit(write).result()


def test_a_deferred_transaction_is_refused() -> None:
    """A database of SQLite whose transactions begin deferred is refused with what to change."""
    with pytest.raises(InputError, match='"transaction_mode": "IMMEDIATE"') as caught:
        numbers(DjangoDatabase(connections["deferred"]))

    assert [("connection_setting", "transaction_mode")] == told(caught)


def test_unsuitable_postgresql() -> None:
    """A setting that loses what was written is refused, on a connection that is new."""
    connection = connections["postgresql"].copy("again")
    connection.settings_dict["OPTIONS"] = {"options": "-c synchronous_commit=off"}
    with pytest.raises(InputError) as caught:
        numbers(DjangoDatabase(connection))
    connection.close()

    assert [("connection_setting", "synchronous_commit")] == told(caught)


def test_a_connection_is_lost() -> None:
    """Where the server breaks off, that is told."""
    connection = connections["postgresql"].copy("again")
    database = DjangoDatabase(connection)

    def kill(cursor: Cursor) -> None:
        cursor.all("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StorageFailed) as caught, database.reading() as cursor:
        kill(cursor)
    connection.close()

    assert "unreachable" == caught.value.why


def test_other_targets_are_refused() -> None:
    """What is no connection of Django's, or one of another database, is refused."""
    with pytest.raises(InputError) as caught:
        DjangoDatabase(3)

    assert [("wrong_type", "register")] == told(caught)
    other = connections["default"].copy("other")
    other.vendor = "oracle"
    with pytest.raises(InputError, match=r"oracle\+") as caught:
        DjangoDatabase(other)

    assert [("supported_database", "register")] == told(caught)


def test_nothing_is_closed(alias: str) -> None:
    """Whatever is closed of a register, the embedder's connection stays."""
    database = DjangoDatabase(connections[alias])
    database.forgotten()
    database.close()

    assert [] == numbers(database)
