"""Checking a whole register: every chain, every commitment, and what is kept beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import define, field

from studioflow.errors import StudioflowError
from studioflow.register.anchor import Anchor
from studioflow.register.bodies import (
    loaded,
    read_amendment,
    read_erasure,
    read_event,
    read_opening,
    schema_version,
    utc_text,
)
from studioflow.register.chain import commitment, first_of_journal, first_of_studio, following
from studioflow.register.findings import (
    BROKEN_CHAIN,
    CUT_OFF,
    MISSING_EVENT,
    MISSING_PERSONAL,
    MOST_FINDINGS,
    NO_STUDIO,
    OTHER_COLUMNS,
    OTHER_HEAD,
    OTHER_HOLDERS,
    OTHER_KEY,
    OTHER_PERSONAL,
    OTHER_REGISTER,
    REWRITTEN,
    TIME_RUNS_BACK,
    UNREADABLE,
    Finding,
    Verification,
)
from studioflow.register.port import Amendment, Erasure, Line, Opening, Register
from studioflow.studio import EVENT_CODEC, Event, EventCodec
from studioflow.text import Message

_ENTRIES: Mapping[str, Callable[[str], Opening | Amendment | Erasure]] = {
    "opening": read_opening,
    "amendment": read_amendment,
    "erasure": read_erasure,
}
_NOT_READ = (StudioflowError, LookupError, TypeError, ValueError, AttributeError)
"""What reading raises of a body that nobody has written so."""

__all__ = ["Checking", "Finding", "Verification", "verify", "verify_lines"]


def verify(
    register: Register, anchor: Anchor | None = None, *, codec: EventCodec = EVENT_CODEC
) -> Verification:
    """Check a whole register, of any home.

    Args:
        register: that is read once, as of one moment; others go on writing.
        anchor: that was taken earlier, so that what was cut off since then is found.
        codec: that reads its events.
    """
    return verify_lines(register.lines(), anchor, codec=codec)


def verify_lines(
    lines: Iterable[Line], anchor: Anchor | None = None, *, codec: EventCodec = EVENT_CODEC
) -> Verification:
    """Check lines, of which the ends of chains and who holds what are remembered."""
    checking = Checking(codec, anchor)
    for line in lines:
        checking.take(line)
    return checking.finish()


@define
class _Chain:
    """How far a chain goes."""

    head: bytes
    length: int = 0
    recorded: str = ""


@define
class Checking:
    """Checks the lines of a register one by one."""

    codec: EventCodec = EVENT_CODEC
    against: Anchor | None = None
    findings: list[Finding] = field(factory=list)
    found: int = 0
    erased: int = 0
    erasures: set[tuple[str, int, str]] = field(factory=set)
    newer: int = 0
    events: int = 0
    register: str = ""
    journal: _Chain = field(factory=lambda: _Chain(b""))
    studios: dict[str, _Chain] = field(factory=dict)
    listed: dict[str, tuple[int, bytes]] = field(factory=dict)
    took: dict[str, list[str]] = field(factory=dict)
    holds: dict[str, list[str]] = field(factory=dict)

    def take(self, line: Line) -> None:
        """Check one line."""
        try:
            self._take(line)
        except _NOT_READ:  # a column of another type than was ever written to it
            fields: Mapping[str, Any] = line.fields
            number = fields.get("version", fields.get("number"))
            place = number if isinstance(number, int) else None
            self._tell(UNREADABLE, fields.get("studio"), place)

    def _take(self, line: Line) -> None:
        fields: Mapping[str, Any] = line.fields
        if not all(isinstance(fields.get(name, ""), str) for name in ("studio", "slot")):
            raise TypeError(line.kind)
        match line.kind:
            case "meta":
                self.register = fields["register"]
                self.journal = _Chain(first_of_journal(self.register))
            case "event":
                self._event(fields)
            case "studio":
                self.listed[fields["studio"]] = (fields["version"], fields["head"])
            case "holder":
                self.holds.setdefault(fields["slot"], []).append(fields["studio"])
            case "notice":
                pass
            case _:  # whatever somebody has made of the kind of an entry
                self._entry(line.kind, fields)

    def _tell(
        self, told: Message, studio: str | None, version: int | None, **parameters: object
    ) -> None:
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(told, studio, version, parameters))

    def _link(
        self, chain: _Chain, fields: Mapping[str, Any], studio: str | None, number: int
    ) -> None:
        """Check that an entry follows on the one before it."""
        chain.length += 1
        if number != chain.length:
            self._tell(MISSING_EVENT, studio, number, expected=chain.length)
            chain.length = number
        if following(chain.head, fields["body"]) != fields["hash"]:
            self._tell(BROKEN_CHAIN, studio, number)
        if fields["recorded"] < chain.recorded:
            self._tell(TIME_RUNS_BACK, studio, number)
        # As it is stored: what comes after an entry that was changed is not told again.
        chain.head, chain.recorded = fields["hash"], fields["recorded"]
        if self.against is not None:
            self._hold_against(self.against, studio, number, chain.head)

    def _hold_against(self, anchor: Anchor, studio: str | None, number: int, head: bytes) -> None:
        end = anchor.journal if studio is None else anchor.studios.get(studio)
        if end is not None and end[0] == number and end[1] != head:
            self._tell(REWRITTEN, studio, number, expected=number)

    def _entry(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Check an entry of the journal."""
        number = fields["number"]
        self._link(self.journal, fields, None, number)
        try:
            document = loaded(fields["body"], "journal")
            entry = _ENTRIES[document["kind"]](fields["body"])
            policy = None if isinstance(entry, Erasure) else entry.policy.fingerprint
            fits = {
                "kind": document["kind"] == kind,
                "number": document["number"] == number,
                "policy": policy == fields["policy"],
                "recorded": utc_text(entry.recorded) == fields["recorded"],
            }
        except _NOT_READ:
            self._tell(UNREADABLE, None, number)
            return
        self._compare(fits, None, number)
        if isinstance(entry, Erasure):
            self.erasures |= {
                (studio, version, path)
                for studio, versions in entry.paths.items()
                for version, paths in versions.items()
                for path in paths
            }

    def _compare(self, fits: Mapping[str, bool], studio: str | None, number: int) -> None:
        columns = [name for name, fit in fits.items() if not fit]
        if columns:
            self._tell(OTHER_COLUMNS, studio, number, columns=columns)

    def _event(self, fields: Mapping[str, Any]) -> None:
        self.events += 1
        studio, version = fields["studio"], fields["version"]
        place = f"{studio}/{version}"
        chain = self.studios.get(studio)
        if chain is None:
            chain = self.studios[studio] = _Chain(first_of_studio(studio))
        self._link(chain, fields, studio, version)
        try:
            document = loaded(fields["body"], place)
            fits = {
                "studio": document["studio"] == studio,
                "version": document["version"] == version,
                "recorded": utc_text(datetime.fromisoformat(document["recorded"]))
                == fields["recorded"],
            }
            commitments = dict(document.get("personal", {}))
            freed, taken = _moves(document)
            if schema_version(document) > self.codec.version:
                self.newer += 1
            else:
                event = read_event(fields["body"], self.codec, place)
                fits["studio"] &= event.studio == studio
                self._key(event, fields["key"], version)
        except _NOT_READ:
            self._tell(UNREADABLE, studio, version)
            return
        self._compare(fits, studio, version)
        self._personal(fields, commitments)
        self._move(studio, freed, taken)

    def _key(self, event: Event, row: tuple[str, str, str] | None, version: int) -> None:
        named = None if event.key is None else (event.by.id, event.key)
        if named != (None if row is None else tuple(row[:2])):
            self._tell(OTHER_KEY, event.studio, version)

    def _personal(self, fields: Mapping[str, Any], commitments: dict[str, str]) -> None:
        for path, salt, value in fields["personal"]:
            if commitments.pop(path, None) != commitment(salt, value):
                self._tell(OTHER_PERSONAL, fields["studio"], fields["version"], path=path)
        studio, version = fields["studio"], fields["version"]
        for path in commitments:
            self.erased += 1
            if (studio, version, path) not in self.erasures:
                self._tell(MISSING_PERSONAL, studio, version, path=path)

    def _move(self, studio: str, freed: list[str], taken: list[str]) -> None:
        for slot in freed:
            held = self.took.get(slot, [])
            if studio in held:
                del held[-1 - held[::-1].index(studio)]
            if not held:
                self.took.pop(slot, None)
        for slot in taken:
            self.took.setdefault(slot, []).append(studio)

    def finish(self, *, bare: bool = False) -> Verification:
        """Check what is kept beside the events, unless they are bare, and say what was found."""
        if not bare:
            self._beside()
        if self.against is not None:
            self._ends(self.against)
        return Verification(
            studios=len(self.studios),
            events=self.events,
            erased=self.erased,
            newer=self.newer,
            findings=tuple(self.findings),
            found=self.found,
            anchor=Anchor(
                register=self.register,
                recorded=datetime.now(UTC),
                journal=(self.journal.length, self.journal.head),
                studios={name: (chain.length, chain.head) for name, chain in self.studios.items()},
            ),
            against=self.against,
        )

    def _beside(self) -> None:
        for name, chain in self.studios.items():
            if name not in self.listed:
                self._tell(NO_STUDIO, name, None)
            elif self.listed[name] != (chain.length, chain.head):
                self._tell(OTHER_HEAD, name, chain.length, head=self.listed[name][0])
        for name in sorted(self.listed.keys() - self.studios.keys()):
            self._tell(OTHER_HEAD, name, 0, head=self.listed[name][0])
        for slot in sorted(self.took.keys() | self.holds.keys()):
            # Sorted: those who write at once may take in another order than they are kept.
            if sorted(self.took.get(slot, [])) != sorted(self.holds.get(slot, [])):
                self._tell(OTHER_HOLDERS, None, None, slot=slot)

    def _ends(self, anchor: Anchor) -> None:
        """Find what an anchor knows and is not there any more."""
        if anchor.register != self.register:
            self._tell(OTHER_REGISTER, None, None, register=anchor.register)
            return
        if self.journal.length < anchor.journal[0]:
            length = self.journal.length
            self._tell(CUT_OFF, None, length, expected=anchor.journal[0], actual=length)
        for name, (length, _) in anchor.studios.items():
            actual = self.studios[name].length if name in self.studios else 0
            if actual < length:
                self._tell(CUT_OFF, name, actual, expected=length, actual=actual)


def _moves(document: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the slots that an event gives back, and those that it takes.

    Raises:
        TypeError, ValueError: where they are no names.
    """
    freed = list(document.get("free", ()))
    taken = [name for name, _ in document.get("take", ())]
    if not all(isinstance(name, str) for name in (*freed, *taken)):
        raise TypeError(freed, taken)
    return freed, taken
