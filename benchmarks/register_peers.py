"""`eventsourcing`, as its documentation has it: get the aggregate, record what happened, save it.

It keeps neither chain nor keys of commands; its log of notifications is its outbox.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.domain import event as happens

from studioflow.studio import EVENT_CODEC, Event

__all__ = ["EventSourcing"]


class _Studio(Aggregate):
    """A studio whose events carry the document of ours."""

    @happens("Declared")
    def __init__(self, number: UUID, document: dict[str, Any]) -> None:
        self._number = number
        self.state = document["dest"]
        self.count = 1

    @staticmethod
    def create_id(number: UUID, document: dict[str, Any]) -> UUID:
        """Return the id that the studio has."""
        del document
        return number

    @happens("Moved")
    def move(self, document: dict[str, Any]) -> None:
        """Do what an event says."""
        self.state = document["dest"]
        self.count += 1


@cache
def _number(studio: str) -> UUID:
    return uuid5(NAMESPACE_URL, studio)


class EventSourcing:
    """An application with one repository on SQLite."""

    def __init__(self, path: Path, *, cached: bool) -> None:
        environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        if cached:
            environment["AGGREGATE_CACHE_MAXSIZE"] = "1000"
        self._application: Application[UUID] = Application(environment)
        # Its connections are left as sqlite3 makes them, and FULL is SQLite's default.
        datastore = self._application.factory.datastore  # type: ignore[attr-defined] # of its sqlite
        with datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA synchronous")
            if cursor.fetchone()[0] != 2:  # noqa: PLR2004 - FULL
                raise AssertionError(environment)

    def keep(self, event: Event, expected: int) -> None:
        """Keep one more event.

        Raises:
            ValueError: where the studio has another version.
        """
        document = EVENT_CODEC.encode(event.separated()[0])
        if expected:
            studio: _Studio = self._application.repository.get(_number(event.studio))
            if studio.version != expected:
                raise ValueError(studio.version)
            studio.move(document)
        else:
            studio = _Studio(_number(event.studio), document)
        self._application.save(studio)

    def counted(self) -> int:
        """Return how many events there are."""
        return self._application.recorder.max_notification_id() or 0

    def state(self, studio: str) -> tuple[str, int]:
        """Return the state of a studio, and how many events brought it there."""
        found: _Studio = self._application.repository.get(_number(studio))
        return found.state, found.count

    def close(self) -> None:
        """Close the file."""
        self._application.close()
