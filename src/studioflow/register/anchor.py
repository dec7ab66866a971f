"""Anchors: what a register was at one moment, to be kept elsewhere and held against it later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from studioflow.codec import Collector, strict_converter, wrong
from studioflow.errors import InputError
from studioflow.register.chain import first_of_journal, programme_head
from studioflow.register.port import Line, Register, zoned
from studioflow.text import Language, Text, message, render

__all__ = ["SCHEMA", "Anchor", "anchor_of", "anchored", "read_anchor"]

SCHEMA = "studioflow.anchor/1"

ANCHOR_HEAD = message(
    "anchor_head",
    zh="与其内容相符的锚（head 为 {head}）",
    en="an anchor whose head is that of what is in it ({head})",
)
ANCHOR_SCHEMA = message("anchor_schema", zh="一份 {schema} 文档", en="a document of {schema}")
HEX = message("hex", zh="{size} 位十六进制", en="{size} hexadecimal digits")
_SHORT = Text(
    "登记册 {register}：{studios} 个工作室、{events} 个事件，{recorded}，锚 {head}",
    "register {register}: {studios} studios, {events} events, {recorded}, anchor {head}",
)
_HASH_DIGITS = 64


@frozen(kw_only=True)
class Anchor:
    """The lengths and the last hashes of every chain of a register at one moment.

    Whatever is cut off, changed or written anew afterwards does not fit it. Keep it where whoever
    can write the register can not: print the head on a report, send the file to somebody else.

    Attributes:
        register: the id of the register.
        recorded: when it was taken.
        journal: the number of entries, and the hash of the last one.
        studios: of each one the number of events, and the hash of the last one.
    """

    register: str
    recorded: datetime
    journal: tuple[int, bytes]
    studios: Mapping[str, tuple[int, bytes]] = field(repr=False)

    @property
    def events(self) -> int:
        """The number of events of all studios."""
        return sum(length for length, _ in self.studios.values())

    @property
    def head(self) -> str:
        """The hash over all of it, in hexadecimal digits."""
        return programme_head(self.journal, self.studios).hex()

    def explain(self, language: Language = "en") -> str:
        """Return the line for the foot of a report."""
        parameters = {
            "register": self.register,
            "studios": len(self.studios),
            "events": self.events,
            "recorded": self.recorded.isoformat(timespec="seconds"),
            "head": self.head,
        }
        return render(_SHORT, parameters, language)

    def to_dict(self) -> dict[str, object]:
        """Return the anchor as `studioflow.anchor/1`, ready for JSON."""
        return {
            "schema": SCHEMA,
            "register": self.register,
            "recorded": self.recorded.isoformat(),
            "head": self.head,
            "events": self.events,
            "journal": [self.journal[0], self.journal[1].hex()],
            "studios": {
                name: [length, head.hex()] for name, (length, head) in self.studios.items()
            },
        }


def anchor_of(register: Register, now: datetime | None = None) -> Anchor:
    """Return the anchor of a register as it is now. It keeps nobody from writing.

    Args:
        register: of any home.
        now: the present moment; the system's when it is left out.
    """
    return anchored(register.heads(), now or datetime.now(UTC))


def anchored(lines: Iterable[Line], now: datetime) -> Anchor:
    """Return the anchor of what lines of a register say: its `meta`, its journal, its studios."""
    register, journal, studios = "", (0, b""), {}
    for line in lines:
        fields: Mapping[str, Any] = line.fields
        match line.kind:
            case "meta":
                register = fields["register"]
                journal = (0, first_of_journal(register))
            case "opening" | "amendment" | "erasure":
                journal = (fields["number"], fields["hash"])
            case "studio":
                studios[fields["studio"]] = (fields["version"], fields["head"])
            case _:
                pass
    return Anchor(register=register, recorded=now, journal=journal, studios=studios)


@frozen(kw_only=True)
class _Document:
    schema: str
    register: str
    recorded: str
    head: str
    events: int
    journal: tuple[object, ...]
    studios: Mapping[str, tuple[object, ...]]


def read_anchor(document: Mapping[str, object]) -> Anchor:
    """Return the anchor that a document says.

    Raises:
        InputError: for everything in it that is no anchor's, and for a head that does not fit.
    """
    said = _converter.structure(document, _Document)
    collector = Collector()
    with collector.under("schema"):
        if said.schema != SCHEMA:
            raise wrong(ANCHOR_SCHEMA, said.schema, schema=SCHEMA)
    recorded, journal = datetime.min.replace(tzinfo=UTC), (0, b"")
    with collector.under():
        recorded = _moment(said.recorded)
    with collector.under("journal"):
        journal = _place(said.journal)
    studios = {}
    for name, place in said.studios.items():
        with collector.under("studios", name):
            studios[name] = _place(place)
    collector.finish()
    anchor = Anchor(register=said.register, recorded=recorded, journal=journal, studios=studios)
    if said.head != anchor.head or said.events != anchor.events:
        problems = wrong(ANCHOR_HEAD, said.head, head=anchor.head).problems
        raise InputError(problem.under("head") for problem in problems)
    return anchor


def _moment(text: str) -> datetime:
    try:
        return zoned(datetime.fromisoformat(text))
    except ValueError:
        return zoned(None)


def _place(said: tuple[object, ...]) -> tuple[int, bytes]:
    match said:
        case (int(length), str(digits)) if (
            type(length) is int
            and length >= 0
            and len(digits) == _HASH_DIGITS
            and set(digits) <= _HEX
        ):
            return length, bytes.fromhex(digits)
    raise wrong(HEX, said, size=_HASH_DIGITS)


_HEX = frozenset("0123456789abcdef")
_converter = strict_converter()
_converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
