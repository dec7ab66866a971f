"""Durable commands on SQLite by hand: the same tables, chain and codec, and no more than it takes.

What only the library does is not here: whether the last event is the one that its studio says,
whether the policy is still in force, whether a newer release has written meanwhile.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from register_commands import SUBSCRIBER

from studioflow.register.bodies import written
from studioflow.register.tables import MIGRATIONS, migration
from studioflow.studio import EVENT_CODEC, Event

__all__ = ["SETTINGS", "CoreByHand", "SqliteByHand", "chained", "first"]

SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
)
_KEY = "INSERT INTO bench_keys (actor, key, studio, version, digest) VALUES (?, ?, ?, ?, ?)"
_STUDIO = "INSERT INTO bench_studios (id, version, head) VALUES (?, 0, ?)"
_LAST = (
    "SELECT version, head, (SELECT recorded FROM bench_events ORDER BY position DESC LIMIT 1)"
    " FROM bench_studios WHERE id = ?"
)
_EVENT = "INSERT INTO bench_events (studio, version, recorded, body, hash) VALUES (?, ?, ?, ?, ?)"
_MOVE = "UPDATE bench_studios SET version = ?, head = ? WHERE id = ?"
_NOTICE = "INSERT INTO bench_outbox (subscriber, studio, version) VALUES (?, ?, ?)"


def first(studio: str) -> bytes:
    """Return what the first event of a studio follows."""
    return sha256(f"studioflow.studio/1:{studio}".encode()).digest()


def chained(event: Event, version: int, head: bytes, latest: str | None) -> tuple[str, str, bytes]:
    """Return the recorded time, the body and the hash of an event.

    Raises:
        ValueError: where the clock ran back.
    """
    recorded = event.recorded.isoformat(timespec="microseconds")  # in UTC as it comes
    if latest is not None and recorded < latest:
        raise ValueError(recorded)
    body = written(event, version, EVENT_CODEC).body
    return recorded, body, sha256(head + body.encode()).digest()


class SqliteByHand:
    """`sqlite3` with one connection and one cursor."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for statement in (*SETTINGS, *migration(MIGRATIONS[0], "sqlite", "bench")):
            self._connection.execute(statement)
        self._cursor = self._connection.cursor()

    def keep(self, event: Event, expected: int) -> None:
        """Keep one more event.

        Raises:
            ValueError: where the studio has another version.
        """
        execute, studio, version = self._cursor.execute, event.studio, expected + 1
        execute("BEGIN IMMEDIATE")
        try:
            execute(_KEY, (event.by.id, event.key, studio, version, ""))
            if not expected:
                execute(_STUDIO, (studio, first(studio)))
            found, head, latest = execute(_LAST, (studio,)).fetchone()
            if found != expected:
                raise ValueError(found)  # noqa: TRY301 - it rolls back
            recorded, body, link = chained(event, version, head, latest)
            execute(_EVENT, (studio, version, recorded, body, link))
            execute(_MOVE, (version, link, studio))
            execute(_NOTICE, (SUBSCRIBER, studio, version))
            execute("COMMIT")
        except BaseException:
            execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class CoreByHand:
    """SQLAlchemy Core, its expressions made once."""

    def __init__(self, path: Path) -> None:
        self._engine = sa.create_engine(f"sqlite:///{path}")

        @sa.event.listens_for(self._engine, "connect")
        def _(connection: Any, _: object) -> None:  # noqa: ANN401 - SQLAlchemy's proxy of one
            connection.isolation_level = None
            for statement in SETTINGS:
                connection.execute(statement)

        @sa.event.listens_for(self._engine, "begin")
        def _(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        with self._engine.begin() as connection:
            for statement in migration(MIGRATIONS[0], "sqlite", "bench"):
                connection.exec_driver_sql(statement)
        made = sa.MetaData()
        made.reflect(self._engine)
        tables = {name.removeprefix("bench_"): each for name, each in made.tables.items()}
        studios, events = tables["studios"], tables["events"]
        latest = sa.select(events.c.recorded).order_by(events.c.position.desc()).limit(1)
        self._last = sa.select(studios.c.version, studios.c.head, latest.scalar_subquery()).where(
            studios.c.id == sa.bindparam("studio")
        )
        self._move = studios.update().where(studios.c.id == sa.bindparam("studio"))
        self._key, self._studio = tables["keys"].insert(), studios.insert()
        self._event, self._notice = events.insert(), tables["outbox"].insert()

    def keep(self, event: Event, expected: int) -> None:
        """Keep one more event.

        Raises:
            ValueError: where the studio has another version.
        """
        place = {"studio": event.studio, "version": expected + 1}
        with self._engine.begin() as connection:
            execute = connection.execute
            execute(self._key, {**place, "actor": event.by.id, "key": event.key, "digest": ""})
            if not expected:
                new = {"id": event.studio, "version": 0, "head": first(event.studio)}
                execute(self._studio, new)
            row = execute(self._last, {"studio": event.studio}).one()
            found, head, latest = row
            if found != expected:
                raise ValueError(found)
            recorded, body, link = chained(event, expected + 1, head, latest)
            execute(self._event, {**place, "recorded": recorded, "body": body, "hash": link})
            execute(self._move, {**place, "head": link})
            execute(self._notice, {**place, "subscriber": SUBSCRIBER})

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
