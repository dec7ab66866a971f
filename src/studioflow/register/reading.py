"""From stored rows to events: the chain is checked on the way, and nothing is read twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from studioflow.codec import from_plain
from studioflow.register.bodies import loaded, read_event
from studioflow.register.chain import first_of_studio, following
from studioflow.register.database import Cursor
from studioflow.register.errors import Damaged
from studioflow.register.rows import checked
from studioflow.register.statements import Statements
from studioflow.studio import Event, EventCodec

__all__ = ["Reading"]

_KEPT = 20_000
"""Events in memory. The oldest ones go: nobody has to be told."""

Parts = Sequence[tuple[str, bytes, str]]

_EVENT = (int, str, str, bytes)
_PART = (int, str, bytes, str)


class Reading:
    """Reads events; those that were read or written before are remembered.

    They are remembered by their hashes and the salts of their personal parts, so by all that they
    say: what was rolled back, edited or erased since then is not found.
    """

    def __init__(self, said: Statements, codec: EventCodec) -> None:
        self._said = said
        self._codec = codec
        self._known: dict[bytes, Event] = {}

    def remember(self, event: Event, digest: bytes, parts: Parts) -> None:
        """Remember an event that was written just now."""
        if len(self._known) >= _KEPT:
            for oldest in list(self._known)[: _KEPT // 10]:
                self._known.pop(oldest, None)
        self._known[_name(digest, parts)] = event

    def forget(self) -> None:
        """Forget all of it, as what is personal in it may have been erased."""
        self._known.clear()

    def events(self, cursor: Cursor, studio: str) -> tuple[Event, ...]:
        """Return what happened to a studio.

        Raises:
            Damaged: where the chain is broken.
        """
        rows = checked(cursor.all(self._said.events, {"studio": studio}), _EVENT, studio)
        if not rows:
            return ()
        personal: dict[int, list[tuple[str, bytes, str]]] = {}
        parts = checked(cursor.all(self._said.personal, {"studio": studio}), _PART, studio)
        for version, path, salt, value in parts:
            personal.setdefault(version, []).append((path, salt, value))
        events, before = [], first_of_studio(studio)
        for number, (version, _, body, stored) in enumerate(rows, 1):
            digest = following(before, body)
            if version != number or digest != stored:
                raise Damaged(f"{studio}/{number}")
            events.append(self._event(body, digest, personal.get(version, ()), studio, version))
            before = digest
        return tuple(events)

    def bare(self, studio: str, version: int, body: str, stored: bytes) -> Event:
        """Return an event without its personal parts.

        Raises:
            Damaged: where the body is none of an event.
        """
        known = self._known.get(stored)
        # Not remembered: that it follows on the one before it is not looked at here.
        return known or read_event(body, self._codec, f"{studio}/{version}")

    def _event(self, body: str, digest: bytes, parts: Parts, studio: str, version: int) -> Event:
        name = _name(digest, parts)
        known = self._known.get(name)
        if known is not None:
            return known
        place = f"{studio}/{version}"
        event = read_event(body, self._codec, place)
        if parts:
            values = {path: _value(text, place) for path, _, text in parts}
            try:
                event = event.joined(values)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise Damaged(place) from error
        self.remember(event, digest, parts)
        return event


def _name(digest: bytes, parts: Iterable[tuple[str, bytes, str]]) -> bytes:
    salts = b"".join(salt for _, salt, _ in sorted(parts))
    return sha256(digest + salts).digest() if salts else digest


def _value(text: str, place: str) -> Any:  # noqa: ANN401 - any plain value
    try:
        return from_plain(loaded(f'{{"value":{text}}}', place)["value"])
    except (LookupError, ValueError) as error:
        raise Damaged(place) from error
