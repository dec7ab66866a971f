"""The register over a database: one implementation, whoever brings the connection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve

from studioflow.register import bodies
from studioflow.register.appending import Appending, Moves, Row, not_before
from studioflow.register.chain import first_of_journal, following
from studioflow.register.database import Contended, Cursor, Database
from studioflow.register.errors import Conflict, Damaged, StorageFailed, Superseded, TooNew
from studioflow.register.place import Place
from studioflow.register.port import (
    Amendment,
    Change,
    Erasure,
    Kept,
    Line,
    Notice,
    Opening,
    Slot,
    zoned,
)
from studioflow.register.reading import Reading
from studioflow.register.rows import checked, checked_row
from studioflow.register.statements import statements
from studioflow.register.tables import MIGRATIONS, PREFIX, checked_prefix
from studioflow.register.upkeep import prepared, read_meta
from studioflow.register.whole import heads_of, lines_of, load_lines
from studioflow.studio import EVENT_CODEC, Event, EventCodec

__all__ = ["SqlRegister"]

_LEASE = timedelta(minutes=1)
_EVER = 2**31 - 1
_NO_LIMIT = 2**62
_CHANGE = (int, str, int, str, bytes)
_DUE = (str, int, int, str, bytes)


class SqlRegister:
    """A `Register` in a database.

    Raises:
        InputError: for a prefix that is no plain name.
        StorageFailed, Damaged: where the database can not be reached, written or read.
    """

    def __init__(
        self,
        database: Database,
        *,
        prefix: str = PREFIX,
        codec: EventCodec = EVENT_CODEC,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        """Make the tables, or bring them up to this release, where that is to be done.

        Args:
            database: that keeps it.
            prefix: of the tables' names: each programme of one database has its own.
            codec: that events are written by.
            migrations: that lead to this release's tables.
        """
        self.database = database
        self.prefix = prefix
        self._said = statements(database.dialect, checked_prefix(prefix))
        self._codec = codec
        self._reading = Reading(self._said, codec)
        self._appending = Appending(self._said, codec, database.dialect, prefix)
        with _waiting():
            self._meta = prepared(database, self._said, prefix, migrations)
        self._known = len(migrations)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.database!r}>"

    @property
    def register_id(self) -> str:
        """What tells this register from every other one; a copy has the same."""
        return self._meta.register_id

    @property
    def owned(self) -> bool:
        """Whether each writing is kept by itself; otherwise the embedder commits."""
        return self.database.owned

    @property
    def read_only(self) -> bool:
        """Whether a newer release has written to it, so that this one only reads."""
        return self._meta.schema > self._known or self._meta.events > self._codec.version

    def close(self) -> None:
        """Give back what was opened for it; an embedder's connection stays open."""
        self.database.close()

    @contextmanager
    def _read(self) -> Iterator[Cursor]:
        with _waiting(), self.database.reading() as cursor:
            yield cursor

    @contextmanager
    def _write(self, studio: str, expected: int) -> Iterator[Cursor]:
        """Enter a writing; who is in the way makes it a conflict about the studio."""
        self._check_writable()
        try:
            with self.database.writing() as cursor:
                yield cursor
        except Contended as error:
            raise Conflict(studio, expected, None) from error

    def _check_writable(self) -> None:
        if self._meta.schema > self._known:
            raise TooNew(self._meta.schema, self._known)

    # The journal.

    def opening(self) -> Opening | None:
        """Return how the register was opened, or None where it was not yet."""
        with self._read() as cursor:
            return self._opening(cursor)

    def _opening(self, cursor: Cursor) -> Opening | None:
        for (body,) in self._bodies(cursor, "opening"):
            return bodies.read_opening(body)
        return None

    def _bodies(self, cursor: Cursor, kind: str) -> Sequence[tuple[Any, ...]]:
        return checked(cursor.all(self._said.journal_of, {"kind": kind}), (str,), "journal")

    def open(self, opening: Opening) -> Opening:
        """Keep the opening, unless there is one; return the one that is kept."""
        kept = self.opening()
        if kept is not None:
            return kept
        said = self._said
        with self._write("journal", 0) as cursor:
            if self.database.dialect == "postgresql":
                cursor.run(said.lock_journal)
            kept = self._opening(cursor)
            if kept is not None:
                return kept
            latest, _ = self._appending.programme_of(cursor)
            kept = evolve(opening, recorded=not_before(zoned(opening.recorded), latest))
            self._journal(cursor, "opening", kept.recorded, kept.policy.fingerprint, kept)
        return kept

    def amendments(self) -> tuple[Amendment, ...]:
        """Return by what the opening's policy was amended, in order: the last one is in force."""
        with self._read() as cursor:
            rows = self._bodies(cursor, "amendment")
        return tuple(bodies.read_amendment(body) for (body,) in rows)

    def amend(  # noqa: PLR0913 - all of it is kept at once
        self,
        amendment: Amendment,
        *,
        expected: Mapping[str, int] | None,
        events: Iterable[Event] = (),
        take: Mapping[str, Iterable[Slot]] | None = None,
        free: Mapping[str, Iterable[str]] | None = None,
        tell: Iterable[str] = (),
    ) -> tuple[Amendment, tuple[Event, ...]]:
        """Keep one more amendment with its events, as `Register.amend` says."""
        # Before the transaction: what the caller iterates over may be code that asks this register.
        moved = tuple(events)
        for event in moved:
            zoned(event.recorded)
        wanted = {studio: tuple(taking) for studio, taking in (take or {}).items()}
        returned = {studio: tuple(names) for studio, names in (free or {}).items()}
        told, said, append = tuple(tell), self._said, self._appending
        with self._write("journal", 0) as cursor:
            if self.database.dialect == "postgresql":
                cursor.run(said.lock_studios)
                cursor.run(said.lock_journal)
            latest, in_force = append.programme_of(cursor)
            if in_force != amendment.before.fingerprint:
                raise Superseded(amendment.before.fingerprint, in_force)
            versions: dict[str, int] = dict(
                checked(cursor.all(said.versions), (str, int), "studios")
            )
            if expected is not None:
                _check_versions(dict(expected), versions)
            kept = evolve(amendment, recorded=not_before(amendment.recorded, latest))
            self._journal(cursor, "amendment", kept.recorded, kept.policy.fingerprint, kept)
            rows = [
                append.append(
                    cursor,
                    event,
                    versions.get(event.studio, 0),
                    Moves(wanted.get(event.studio, ()), returned.get(event.studio, ()), told),
                )
                for event in moved
            ]
        self._remember(rows)
        return kept, tuple(row.event for row in rows)

    def _journal(
        self,
        cursor: Cursor,
        kind: str,
        recorded: datetime,
        policy: str | None,
        value: Opening | Amendment | Erasure,
    ) -> None:
        number, before = 1, self._first_of_journal()
        for row in checked(cursor.all(self._said.journal_end), (int, bytes), "journal"):
            number, before = row[0] + 1, row[1]
        body = bodies.journal_body(value, number)
        entry = {"number": number, "kind": kind, "policy": policy, "body": body}
        entry |= {"recorded": bodies.utc_text(recorded), "hash": following(before, body)}
        cursor.run(self._said.add_journal, entry)

    def _first_of_journal(self) -> bytes:
        return first_of_journal(self.register_id)

    # Studios and their events.

    def studios(self, *, after: str | None = None, limit: int | None = None) -> tuple[str, ...]:
        """Return the ids of the studios that have events, in the order of their first ones."""
        page = {"after": after or "", "limit": _NO_LIMIT if limit is None else limit}
        with self._read() as cursor:
            rows = checked(cursor.all(self._said.studios, page), (str,), "studios")
        return tuple(name for (name,) in rows)

    def latest(self) -> int:
        """Return a number that no fewer studios than there are have, without counting them."""
        with self._read() as cursor:
            rows = checked(cursor.all(self._said.latest_studio), (int,), "studios")
        return rows[0][0] if rows else 0

    def events(self, studio: str) -> tuple[Event, ...]:
        """Return what happened to a studio, in order; nothing for one that is not known."""
        with self._read() as cursor:
            return self._reading.events(cursor, studio)

    def append(  # noqa: PLR0913 - all of it is kept at once
        self,
        event: Event,
        *,
        expected: int,
        take: Iterable[Slot] = (),
        free: Iterable[str] = (),
        digest: str = "",
        tell: Iterable[str] = (),
    ) -> Event:
        """Keep one more event with what it takes and frees, as `Register.append` says."""
        zoned(event.recorded)
        # Before the transaction, as in `amend`.
        moves = Moves(tuple(take), (free,) if isinstance(free, str) else tuple(free), tuple(tell))
        self._check_writable()
        try:  # and not `_write`, since it is done so often
            with self.database.writing() as cursor:
                row = self._appending.append(cursor, event, expected, moves, digest)
        except Contended as error:
            raise Conflict(event.studio, expected, None) from error
        self._remember([row])
        return row.event

    def _remember(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._reading.remember(row.event, row.digest, row.written.personal)

    def holders(self, slot: str) -> tuple[str, ...]:
        """Return the studios that hold a slot, one entry for each taking, the earliest first."""
        with self._read() as cursor:
            rows = checked(cursor.all(self._said.holders, {"slot": slot}), (str,), "holders")
        return tuple(name for (name,) in rows)

    def kept(self, actor: str, key: str) -> Kept | None:
        """Return what the key of an actor (by id) stands for, or None where it is not used."""
        with self._read() as cursor:
            found = cursor.one(self._said.kept, {"actor": actor, "key": key})
            if found is None:
                return None
            studio, version, digest = checked_row(found, (str, int, str), "keys")
            events = self._reading.events(cursor, studio)
        if not 0 < version <= len(events):
            raise Damaged(f"{studio}/{version}")
        return Kept(digest=digest, event=events[version - 1])

    # Whoever wants to know what happens.

    def changes(self, after: str = "", *, limit: int = 1000) -> tuple[Change, ...]:
        """Return what happened after a place in the register, as `Register.changes` says."""
        place = Place.parse(after)
        with self._read() as cursor:
            if self.database.dialect == "sqlite":
                page = {"position": place.position, "limit": limit}
                rows = [(place, row) for row in cursor.all(self._said.changes_sqlite, page)]
            else:
                rows = self._final(cursor, place, limit)
        return tuple(
            Change(
                cursor=str(evolve(batch, position=position)),
                version=version,
                event=self._reading.bare(studio, version, body, stored),
            )
            for batch, row in rows
            for position, studio, version, body, stored in (checked_row(row, _CHANGE, "events"),)
        )

    def _final(self, cursor: Cursor, place: Place, limit: int) -> list[tuple[Place, Any]]:
        """Return rows before which none can come any more.

        They are read in batches: all that was written by transactions that had ended when the
        batch was begun. In one they stand by position, and so each studio's by version.
        """
        said, rows = self._said, list[tuple[Place, Any]]()
        (horizon,) = cursor.one(said.horizon) or (0,)
        while place.since < horizon and len(rows) < limit:
            place = place if place.until else evolve(place, until=horizon)
            asked: dict[str, object] = {"since": str(place.since), "until": str(place.until)}
            asked |= {"position": place.position, "limit": limit - len(rows)}
            found = cursor.all(said.changes_postgresql, asked)
            rows += [(place, row) for row in found]
            if len(rows) < limit:
                place = Place(since=place.until)
        return rows

    def due_notices(
        self, subscribers: Collection[str], *, again: bool = False, limit: int = 100
    ) -> tuple[Notice, ...]:
        """Return what subscribers are still to be told, and claim it."""
        now = datetime.now(UTC)
        asked = {"attempts": _EVER if again else 0, "now": bodies.utc_text(now), "limit": limit}
        due: list[Notice] = []
        with self._write("outbox", 0) as cursor:
            for name in subscribers:
                for row in cursor.all(self._said.due, {**asked, "subscriber": name}):
                    studio, version, attempts, body, stored = checked_row(row, _DUE, "outbox")
                    place = {"subscriber": name, "studio": studio, "version": version}
                    until = bodies.utc_text(now + _LEASE)
                    cursor.run(self._said.lease, {**place, "until": until})
                    event = self._reading.bare(studio, version, body, stored)
                    due.append(
                        Notice(subscriber=name, version=version, event=event, attempts=attempts)
                    )
        return tuple(due)

    def settle(self, notice: Notice, error: str | None = None) -> None:
        """Keep that a subscriber was told, or what kept it from being told."""
        place: dict[str, object] = {"subscriber": notice.subscriber, "version": notice.version}
        place["studio"] = notice.event.studio
        with self._write("outbox", 0) as cursor:
            if error is None:
                cursor.run(self._said.told, place)
            else:
                cursor.run(self._said.not_told, {**place, "error": error})

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call something once what was written is kept, where the connection can tell."""
        self.database.when_committed(call)

    # The whole of it.

    def lines(self) -> Iterator[Line]:
        """Yield all that is kept, as of one moment; see `Register.lines`."""
        with _waiting(), self.database.snapshot() as cursor:
            yield from lines_of(cursor, self._said)

    def heads(self) -> Iterator[Line]:
        """Yield the `meta`, the journal and the studios alone."""
        with _waiting(), self.database.snapshot() as cursor:
            yield from heads_of(cursor, self._said)

    def load(self, lines: Iterable[Line]) -> None:
        """Keep what `lines` of another register yielded: all of it, or nothing."""
        with self._write("journal", 0) as cursor:
            if self.database.dialect == "postgresql":
                cursor.run(self._said.lock_studios)
                cursor.run(self._said.lock_journal)
            load_lines(cursor, self._said, self.database.dialect, lines)
        self._again()

    def forget(self, erasure: Erasure) -> int:
        """Erase personal parts of events, with their salts, and the digests of their commands."""
        if not erasure.paths:  # of what is erased already, traces may be left
            self.database.forgotten()
            return 0
        count, said = 0, self._said
        with self._write("journal", 0) as cursor:
            if self.database.dialect == "postgresql":
                cursor.run(said.lock_journal)
            else:  # whoever lent the connection
                cursor.all("PRAGMA secure_delete = ON")
            latest, _ = self._appending.programme_of(cursor)
            kept = evolve(erasure, recorded=not_before(erasure.recorded, latest))
            self._journal(cursor, "erasure", kept.recorded, None, kept)
            for studio, versions in erasure.paths.items():
                for version, paths in versions.items():
                    place = {"studio": studio, "version": version}
                    for path in paths:
                        count += cursor.run(said.erase, {**place, "path": path})
                    cursor.run(said.erase_digest, place)
        self._reading.forget()
        self.database.forgotten()
        return count

    def _again(self) -> None:
        """Look up anew what the register says of itself."""
        with self._read() as cursor:
            self._meta = read_meta(cursor, self._said)


@contextmanager
def _waiting() -> Iterator[None]:
    """Say of a reading that waited in vain that the register can not be reached."""
    try:
        yield
    except Contended as error:
        raise StorageFailed("unreachable", str(error)) from error


def _check_versions(expected: Mapping[str, int], actual: Mapping[str, int]) -> None:
    for studio in dict.fromkeys([*expected, *actual]):
        version, found = expected.get(studio, 0), actual.get(studio, 0)
        if version != found:
            raise Conflict(studio, version, found)
