"""What a register stores, as whoever can write its file may have changed it: hashes and all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any, cast

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.register import (
    Conflict,
    Damaged,
    Erasure,
    MemoryRegister,
    Slot,
    SlotTaken,
    StorageFailed,
    Superseded,
    TooNew,
    anchor_of,
    connect,
    export_lines,
    import_lines,
    restore,
    verify,
)
from studioflow.register.bodies import (
    journal_body,
    read_amendment,
    read_erasure,
    read_event,
    read_opening,
)
from studioflow.register.chain import canonical, first_of_journal, first_of_studio, following
from studioflow.register.database import Cursor
from studioflow.register.exported_lines import read_line
from studioflow.register.reading import Reading
from studioflow.register.statements import statements
from studioflow.studio import EVENT_CODEC
from studioflow.testing.registers.samples import NINE, event
from tests.fuzz.places import folder
from tests.register.kept import sample_file, written

HOME_ERRORS = (InputError, Damaged, TooNew, StorageFailed)
ANEW = b"hashes anew\n"
"""Before an export whose chains are to be computed again once it was changed."""
_numbers = count()


@cache
def exported() -> bytes:
    """Return a register as JSON Lines."""
    register, file = MemoryRegister(), BytesIO()
    written(register)
    export_lines(register, file)
    return file.getvalue()


def anchor() -> dict[str, object]:
    """Return the anchor of a register."""
    register = MemoryRegister()
    written(register)
    return anchor_of(register).to_dict()


@cache
def lines() -> tuple[bytes, ...]:
    """Return the lines of an export, the first one marked as such."""
    first, *rest = exported().splitlines()
    return (b"1" + first, *(b"0" + line for line in rest))


def line(data: bytes) -> object:
    """Read a line that stands behind a mark whether it is the first."""
    return read_line(data[1:], first=data[:1] == b"1")


@cache
def bodies(kind: str) -> tuple[bytes, ...]:
    """Return the bodies of a kind of lines."""
    documents = [json.loads(each) for each in exported().splitlines()[1:]]
    return tuple(canonical(each["body"]).encode() for each in documents if each["kind"] == kind)


def erasures() -> tuple[bytes, ...]:
    """Return the body of an erasure."""
    by = Actor("p-01", unit="bureau", roles={"clerk"})
    erasure = Erasure(
        paths={"s-01": {1: ("application/lead/name",)}}, by=by, reason="申请", recorded=NINE
    )
    return (journal_body(erasure, 1).encode(),)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")  # no database gives anything else


def event_body(data: bytes) -> object:
    """Read an event."""
    return read_event(_text(data), EVENT_CODEC, "s-01/1")


def opening_body(data: bytes) -> object:
    """Read an opening."""
    return read_opening(_text(data))


def amendment_body(data: bytes) -> object:
    """Read an amendment."""
    return read_amendment(_text(data))


def erasure_body(data: bytes) -> object:
    """Read an erasure."""
    return read_erasure(_text(data))


def anew(data: bytes) -> bytes:
    """Return an export with every hash as its changed bodies want it."""
    made: list[bytes] = []
    heads: dict[str, bytes] = {}
    for number, each in enumerate(data.splitlines()):
        try:
            document = json.loads(each)
            if number == 0:
                heads["journal"] = first_of_journal(document["register"])
            body = canonical(document.pop("body"))
            name = document["studio"] if document["kind"] == "event" else "journal"
            head = heads.get(name) or first_of_studio(name)
            heads[name] = following(head, body)
            document["hash"] = heads[name].hex()
            each = f'{canonical(document)[:-1]},"body":{body}}}'.encode()  # noqa: PLW2901
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            pass  # as it is
        made.append(each)
    return b"\n".join(made)


def imported(data: bytes) -> object:
    """Import an export into an empty register, and check what came of it."""
    if data.startswith(ANEW):
        data = anew(data.removeprefix(ANEW))
    register = MemoryRegister()
    try:
        checked = import_lines(BytesIO(data), register)
        assert checked
        _used(register)
    finally:
        register.close()
    return checked


def _used(register: Any) -> None:  # noqa: ANN401 - a register of any home
    told: Exception | None = None
    for ask in (
        lambda: [register.events(studio) for studio in (*register.studios(), "s-01")],
        register.opening,
        register.amendments,
        register.changes,
        register.latest,
        lambda: register.holders("place"),
        lambda: register.kept("p-01", "k-1"),
        lambda: register.due_notices(["mail"]),
        lambda: register.append(event("s-03"), expected=0, take=[Slot("place", 30)]),
        lambda: register.append(event("s-02"), expected=2),
        lambda: verify(register),
    ):
        try:
            ask()
        except (*HOME_ERRORS, Conflict, SlotTaken, Superseded) as error:
            told = error
    if isinstance(told, HOME_ERRORS):
        raise told


@cache
def _filled() -> MemoryRegister:
    register = MemoryRegister()
    written(register)
    return register


def changes(data: bytes) -> object:
    """Go on reading after a place that somebody sent."""
    return _filled().changes(data.decode("utf-8", "surrogateescape"))


class _Rows:
    """A cursor that has the rows of one studio."""

    def __init__(self, events: list[tuple[Any, ...]], personal: list[tuple[Any, ...]]) -> None:
        self.events, self.personal = events, personal

    def all(self, statement: str, _: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return self.events if "_events" in statement else self.personal


def rows_seeds() -> tuple[bytes, ...]:
    """Return the rows of a studio, without their hashes."""
    said = [json.loads(each) for each in exported().splitlines()[1:]]
    mine = [each for each in said if each.get("studio") == "s-01" and each["kind"] == "event"]
    personal = [
        [each["version"], part["path"], part["value"]] for each in mine for part in each["personal"]
    ]
    return (canonical({"bodies": [each["body"] for each in mine], "personal": personal}).encode(),)


def rows(data: bytes) -> object:
    """Read a studio whose rows are as somebody made them, chain and all."""
    try:
        document = json.loads(_text(data))
        texts = [canonical(body) for body in document["bodies"]]
        parts = [
            (version, path, b"0" * 16, value)
            for version, path, value in document["personal"]
            if isinstance(path, str) and isinstance(value, str) and isinstance(version, int)
        ]
        head, events = first_of_studio("s-01"), []
        for number, body in enumerate(texts, 1):
            head = following(head, body)
            events.append((number, "", body, head))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    reading = Reading(statements("sqlite", "studioflow"), EVENT_CODEC)
    return reading.events(cast("Cursor", _Rows(events, parts)), "s-01")


@cache
def file() -> bytes:
    """Return a register's file."""
    path = sample_file(folder() / "seed.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    return path.read_bytes()


def _new_file(data: bytes) -> Iterator[Any]:
    path = folder() / f"r{next(_numbers)}.db"
    path.write_bytes(data)
    try:
        yield path
    finally:
        for each in folder().glob(f"{path.name}*"):
            each.unlink()


def restored(data: bytes) -> object:
    """Restore what somebody sent as a backup."""
    for path in _new_file(data):
        register = MemoryRegister()
        try:
            restore(path, register)
            _used(register)
        finally:
            register.close()
    return None


def opened(data: bytes) -> object:
    """Open a register's file that somebody had in hands, and read all of it."""
    for path in _new_file(data):
        register = connect(path)
        try:
            _used(register)
        finally:
            register.close()
    return None
