"""Appending one event inside a transaction that somebody else keeps or takes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from studioflow.codec import wrong
from studioflow.register.bodies import Written, utc_text, written
from studioflow.register.chain import first_of_studio, following
from studioflow.register.database import CONNECTION_SETTING, Cursor, Dialect
from studioflow.register.errors import (
    Conflict,
    Damaged,
    KeyReused,
    SlotTaken,
    Superseded,
    TooNew,
)
from studioflow.register.port import Slot, zoned
from studioflow.register.rows import MAYBE_TEXT, checked_row
from studioflow.register.statements import Statements
from studioflow.studio import Event, EventCodec
from studioflow.text import Text

__all__ = ["Appending", "Moves", "Row", "not_before"]

_READ_COMMITTED = Text(
    "请把事务的隔离级别设为 READ COMMITTED",
    "set the transaction's isolation level to READ COMMITTED",
)
_WANTED = "read committed"
_PROGRAMME = (MAYBE_TEXT,) * 5
_STANDING = (int, bytes, bytes | None, *_PROGRAMME)


@frozen
class Moves:
    """What an event takes and gives back, and who is told of it."""

    take: Sequence[Slot] = ()
    free: Sequence[str] = ()
    tell: Sequence[str] = ()


@frozen
class Row:
    """An event as it was kept, with what it is remembered by."""

    event: Event
    digest: bytes
    written: Written


@frozen
class Appending:
    """Writes events; the order of its statements is the order of the errors in the port."""

    said: Statements
    codec: EventCodec
    dialect: Dialect
    prefix: str

    def append(
        self, cursor: Cursor, event: Event, expected: int, moves: Moves, digest: str = ""
    ) -> Row:
        """Keep an event with all that belongs to it.

        Raises:
            KeyReused, Conflict, Superseded, SlotTaken: as the port says.
            Damaged: where the studio's last event is not the one that it says.
        """
        studio, said = event.studio, self.said
        if event.key is not None:
            mine = {"actor": event.by.id, "key": event.key, "digest": digest, "studio": studio}
            if not cursor.run(said.add_key, {**mine, "version": expected + 1}):
                raise KeyReused(event.by.id, event.key)
        if not expected:
            cursor.run(said.add_studio, {"studio": studio, "head": first_of_studio(studio)})
        standing = self._standing(cursor, studio)
        if standing is None or standing[0] != expected:
            raise Conflict(studio, expected, standing[0] if standing else 0)
        _, head, last, *programme = standing
        if expected and last != head:
            # Who has waited for the row sees the rest as it was before: look again.
            again = self._standing(cursor, studio)
            if again is None or again[2] != again[1]:
                raise Damaged(f"{studio}/{expected}")
            _, head, _, *programme = again
        latest, in_force = self.programme(programme)
        if not expected and in_force not in (None, event.policy.fingerprint):
            raise Superseded(event.policy.fingerprint, in_force)
        if int(programme[3] or 0) < self.codec.version:  # from now on older releases only read
            cursor.run(said.keep_meta, {"name": "events", "value": str(self.codec.version)})
        self.move(cursor, studio, moves)
        claimed = zoned(event.recorded)
        recorded = not_before(claimed, latest)
        kept = event if recorded is claimed else evolve(event, recorded=recorded)
        return self.keep(cursor, kept, head, expected + 1, moves)

    def _standing(self, cursor: Cursor, studio: str) -> tuple[Any, ...] | None:
        found = cursor.one(self.said.standing, {"studio": studio})
        return None if found is None else checked_row(found, _STANDING, studio)

    def programme_of(self, cursor: Cursor) -> tuple[str | None, str | None]:
        """Return what `programme` says of a register as it is now."""
        found = cursor.one(self.said.programme) or ()
        return self.programme(checked_row(found, _PROGRAMME, "journal"))

    def programme(self, row: Sequence[Any]) -> tuple[str | None, str | None]:
        """Return the latest recorded time of a register, and the policy in force.

        Raises:
            TooNew: where a newer release has written events.
            InputError: where the transaction does not see what others keep meanwhile.
        """
        event, journal, in_force, version, isolation = row
        try:
            written_by = int(version or 0)
        except ValueError as error:
            raise Damaged("meta") from error
        if written_by > self.codec.version:
            raise TooNew(written_by, self.codec.version)
        if isolation not in (None, _WANTED):
            setting = "transaction_isolation"
            raise wrong(
                CONNECTION_SETTING,
                isolation,
                hint=_READ_COMMITTED,
                setting=setting,
                wanted=_WANTED.upper(),
            )
        return max((time for time in (event, journal) if time), default=None), in_force

    def move(self, cursor: Cursor, studio: str, moves: Moves) -> None:
        """Free and take slots.

        Raises:
            SlotTaken: with each slot whose limit is reached.
        """
        said = self.said
        if self.dialect == "postgresql":
            # Each in its order, so that two never wait for one another.
            for name in sorted({slot.name for slot in moves.take if slot.limit is not None}):
                cursor.all(said.lock_slot, {"name": f"{self.prefix}:{name}"})
        for name in moves.free:
            cursor.run(said.free, {"slot": name, "studio": studio})
        refused: dict[Slot, None] = {}
        for slot in moves.take:
            if slot.limit is not None and self._held(cursor, slot.name) >= slot.limit:
                refused[slot] = None
            else:
                cursor.run(said.take, {"slot": slot.name, "studio": studio})
        if refused:
            raise SlotTaken(refused)

    def _held(self, cursor: Cursor, slot: str) -> int:
        held = cursor.one(self.said.held, {"slot": slot}) or (0,)
        return int(held[0])

    def keep(self, cursor: Cursor, event: Event, head: bytes, version: int, moves: Moves) -> Row:
        """Write the event itself, which nothing stands against any more."""
        said, studio = self.said, event.studio
        text = written(event, version, self.codec, take=moves.take, free=moves.free)
        link = following(head, text.body)
        row: dict[str, object] = {"studio": studio, "version": version, "hash": link}
        row |= {"recorded": utc_text(zoned(event.recorded)), "body": text.body}
        if self.dialect == "postgresql":
            cursor.run(said.add_at_once, {**row, "tell": list(moves.tell)})
        else:
            cursor.run(said.add_event, row)
            cursor.run(said.move_studio, row)
            for subscriber in moves.tell:
                cursor.run(said.add_notice, {**row, "subscriber": subscriber})
        if text.personal:
            cursor.many(
                said.add_personal,
                [
                    {"studio": studio, "version": version, "path": p, "salt": s, "value": v}
                    for p, s, v in text.personal
                ],
            )
        return Row(event, link, text)


def not_before(recorded: datetime, latest: str | None) -> datetime:
    """Return a recorded time, or the latest one that is kept where its own would be earlier."""
    if latest is None or latest <= utc_text(recorded):
        return recorded
    try:
        return datetime.fromisoformat(latest)
    except ValueError as error:
        raise Damaged("recorded") from error
