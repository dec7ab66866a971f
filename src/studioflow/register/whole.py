"""A register as a whole: every row of it out, and into another one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field

from studioflow.codec import wrong
from studioflow.register.bodies import loaded, schema_version
from studioflow.register.database import Cursor, Dialect
from studioflow.register.port import Line
from studioflow.register.statements import Statements
from studioflow.text import message

__all__ = ["heads_of", "lines_of", "load_lines"]

NOT_EMPTY = message(
    "register_not_empty", zh="空的登记册", en="an empty register: nothing is ever written over"
)
_AT_ONCE = 1000
_NOTICE = ("subscriber", "studio", "version", "attempts", "error")
_JOURNAL = ("kind", "number", "recorded", "policy", "body", "hash")


def heads_of(cursor: Cursor, said: Statements) -> Iterator[Line]:
    """Yield what tells the end of every chain, as `Register.heads` says."""
    yield from _journal(cursor, said)
    yield from _studios(cursor, said)


def _journal(cursor: Cursor, said: Statements) -> Iterator[Line]:
    yield Line("meta", dict(cursor.all(said.meta)))
    for number, kind, recorded, policy, body, digest in cursor.all(said.journal):
        entry = (kind, number, recorded, policy, body, _bytes(digest))
        yield Line(kind, dict(zip(_JOURNAL, entry, strict=True)))


def _studios(cursor: Cursor, said: Statements) -> Iterator[Line]:
    for studio, version, head in cursor.stream(said.all_studios):
        yield Line("studio", {"studio": studio, "version": version, "head": _bytes(head)})


def _bytes(column: object) -> bytes:
    """Return a hash, which somebody may have made anything of."""
    return bytes(column) if isinstance(column, bytes | memoryview) else b""


def lines_of(cursor: Cursor, said: Statements) -> Iterator[Line]:
    """Yield every row, as `Register.lines` says."""
    yield from _journal(cursor, said)
    for row in cursor.stream(said.all_events):
        position, studio, version, recorded, body, digest, actor, key, payload, parts = row
        personal = json.loads(parts) if isinstance(parts, str) else parts or []
        yield Line(
            "event",
            {
                "position": position,
                "studio": studio,
                "version": version,
                "recorded": recorded,
                "body": body,
                "hash": _bytes(digest),
                "personal": [(p, bytes.fromhex(salt), value) for p, salt, value in personal],
                "key": None if key is None else (actor, key, payload),
            },
        )
    for row in cursor.stream(said.all_notices):
        yield Line("notice", dict(zip(_NOTICE, row, strict=True)))
    yield from _studios(cursor, said)
    for slot, studio in cursor.stream(said.all_holders):
        yield Line("holder", {"slot": slot, "studio": studio})


def load_lines(cursor: Cursor, said: Statements, dialect: Dialect, lines: Iterable[Line]) -> None:
    """Keep every row that another register yielded.

    Raises:
        InputError: where there is anything in this one.
    """
    if cursor.one(said.latest_studio) or cursor.one(said.journal_end):
        raise wrong(NOT_EMPTY)
    loading = _Loading(cursor, said)
    for line in lines:
        loading.take(line)
    loading.finish()
    if dialect == "postgresql" and loading.events:
        cursor.all(said.restart_positions)


@define
class _Loading:
    """Writes rows in lots, and folds from the events what follows from them."""

    cursor: Cursor
    said: Statements
    events: int = 0
    version: int = 1
    _lots: dict[str, list[dict[str, object]]] = field(factory=dict)
    _studios: dict[str, tuple[int, bytes]] = field(factory=dict)
    _holders: dict[str, list[tuple[int, str]]] = field(factory=dict)
    _takings: int = 0
    _position: int = 0

    def take(self, line: Line) -> None:
        fields = line.fields
        match line.kind:
            case "meta":
                named = {"name": "register", "value": fields["register"]}
                self.cursor.run(self.said.keep_meta, named)
            case "opening" | "amendment" | "erasure":
                self._add(self.said.add_journal, {name: fields[name] for name in _JOURNAL})
            case "event":
                self._event(fields)
            case "notice":
                self._add(self.said.load_notice, {name: fields[name] for name in _NOTICE})
            case _:  # follows from the events
                pass

    def _event(self, fields: Mapping[str, Any]) -> None:
        self.events += 1
        studio, version, said = fields["studio"], fields["version"], self.said
        # Where several write at once, positions may run in another order than the events came in.
        self._position = max(self._position + 1, fields["position"])
        own = {name: fields[name] for name in ("studio", "version", "recorded", "body", "hash")}
        self._add(said.load_event, {"position": self._position, **own})
        for path, salt, value in fields["personal"]:
            part = {"studio": studio, "version": version, "path": path, "salt": salt}
            self._add(said.add_personal, {**part, "value": value})
        if fields["key"] is not None:
            actor, key, digest = fields["key"]
            used = {"actor": actor, "key": key, "studio": studio, "version": version}
            self._add(said.add_key, {**used, "digest": digest})
        self._studios[studio] = version, fields["hash"]
        document = loaded(fields["body"], f"{studio}/{version}")
        self.version = max(self.version, schema_version(document))
        for slot in document.get("free", ()):
            held = self._holders.get(slot, [])
            mine = [place for place, (_, holder) in enumerate(held) if holder == studio]
            if mine:
                del held[mine[-1]]
        for slot, _ in document.get("take", ()):
            self._takings += 1
            self._holders.setdefault(slot, []).append((self._takings, studio))

    def _add(self, statement: str, row: dict[str, object]) -> None:
        lot = self._lots.setdefault(statement, [])
        lot.append(row)
        if len(lot) >= _AT_ONCE:
            self.cursor.many(statement, lot)
            lot.clear()

    def finish(self) -> None:
        """Write what is left, and what follows from the events."""
        said = self.said
        for name, (version, head) in self._studios.items():
            self._add(said.load_studio, {"id": name, "version": version, "head": head})
        takings = sorted(
            (number, slot, studio)
            for slot, held in self._holders.items()
            for number, studio in held
        )
        for _, slot, studio in takings:
            self._add(said.take, {"slot": slot, "studio": studio})
        for statement, lot in self._lots.items():
            if lot:
                self.cursor.many(statement, lot)
        self.cursor.run(said.keep_meta, {"name": "events", "value": str(self.version)})
