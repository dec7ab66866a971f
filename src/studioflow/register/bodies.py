"""What a register stores of a value, as text, and the value that the text says again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from attrs import field, frozen

from studioflow.codec import ClassDocuments, from_plain, to_plain
from studioflow.errors import StudioflowError
from studioflow.people import Actor
from studioflow.register.chain import canonical, committed
from studioflow.register.errors import Damaged
from studioflow.register.port import Amendment, Erasure, Opening, Slot, zoned
from studioflow.rubric import PolicyReference
from studioflow.studio import Event, EventCodec

__all__ = [
    "EVENT",
    "Written",
    "journal_body",
    "loaded",
    "read_amendment",
    "read_erasure",
    "read_event",
    "read_opening",
    "schema_version",
    "utc_text",
    "written",
]

EVENT = "studioflow.event"
_JOURNAL = "studioflow.journal/1"
_MAX_BODY = 64 * 1024 * 1024
_DOCUMENTS = ClassDocuments()


@frozen
class Written:
    """An event as it is stored.

    Attributes:
        body: what is chained.
        personal: what may be erased: path, salt and value as text.
    """

    body: str
    personal: tuple[tuple[str, bytes, str], ...] = field(repr=False)


def utc_text(moment: datetime) -> str:
    """Return a time as text whose order is that of time.

    >>> from datetime import timezone, timedelta
    >>> utc_text(datetime(2023, 4, 14, 9, 30, tzinfo=timezone(timedelta(hours=8))))
    '2023-04-14T01:30:00.000000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def written(
    event: Event,
    version: int,
    codec: EventCodec,
    *,
    take: Sequence[Slot] = (),
    free: Sequence[str] = (),
) -> Written:
    """Return an event as it is stored: its body, and what is personal beside it."""
    bare, parts = event.separated()
    document: dict[str, object] = {
        "schema": f"{EVENT}/{codec.version}",
        "studio": event.studio,
        "version": version,
        "recorded": zoned(event.recorded).isoformat(),
        "event": codec.encode(bare),
    }
    personal = []
    if parts:
        commitments = document["personal"] = {}
        for path, value in parts.items():
            salt, text, commitments[path] = committed(to_plain(value))
            personal.append((path, salt, text))
    if take:
        document["take"] = [[slot.name, slot.limit] for slot in take]
    if free:
        document["free"] = list(free)
    return Written(canonical(document), tuple(personal))


def read_event(body: str, codec: EventCodec, place: str) -> Event:
    """Return the event of a body, without what is personal.

    Raises:
        Damaged: where it is none.
    """
    document = loaded(body, place)
    with _whole(place):
        event = codec.decode(document["event"], schema_version(document))
        recorded = zoned(datetime.fromisoformat(document["recorded"]))
    event.__dict__["recorded"] = recorded  # nobody else has seen it
    return event


def schema_version(document: Mapping[str, Any]) -> int:
    """Return the version of the schema that the body of an event names.

    Raises:
        LookupError, TypeError, ValueError: where it names none.
    """
    name, _, version = str(document["schema"]).partition("/")
    if name != EVENT:
        raise ValueError(name)
    return _number(version)


def loaded(body: str, place: str) -> dict[str, Any]:
    """Return the table that a stored text says.

    Raises:
        Damaged: where it is none.
    """
    if len(body) > _MAX_BODY:
        raise Damaged(place)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Damaged(place) from error
    if not isinstance(document, dict):
        raise Damaged(place)
    return document


# The journal.


def journal_body(entry: Opening | Amendment | Erasure, number: int) -> str:
    """Return an entry of the journal as it is stored."""
    own: dict[str, object]
    match entry:
        case Opening():
            own = {"policy": _policy(entry.policy), "tables": to_plain(entry.tables)}
        case Amendment():
            own = {
                "before": _policy(entry.before),
                "policy": _policy(entry.policy),
                "tables": to_plain(entry.tables),
                "on": entry.on.isoformat(),
                "by": _actor(entry.by),
                "remark": entry.remark,
            }
        case Erasure():
            paths = {
                studio: {str(version): list(named) for version, named in versions.items()}
                for studio, versions in entry.paths.items()
            }
            own = {"paths": paths, "by": _actor(entry.by), "reason": entry.reason}
    common = {"kind": type(entry).__name__.lower(), "number": number}
    recorded = entry.recorded.isoformat()
    return canonical({"schema": _JOURNAL, **common, "recorded": recorded, **own})


@contextmanager
def _whole(place: str) -> Iterator[None]:
    """Say of what was never written so that it is damaged."""
    try:
        yield
    except (StudioflowError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(place) from error


def read_opening(body: str) -> Opening:
    """Return the opening of a body.

    Raises:
        Damaged: where it is none.
    """
    with _whole("journal"):
        document = loaded(body, "journal")
        return Opening(
            policy=_DOCUMENTS.read(document["policy"], PolicyReference),
            tables=_tables(document["tables"]),
            recorded=datetime.fromisoformat(document["recorded"]),
        )


def read_amendment(body: str) -> Amendment:
    """Return the amendment of a body.

    Raises:
        Damaged: where it is none.
    """
    with _whole("journal"):
        document = loaded(body, "journal")
        remark = document["remark"]
        return Amendment(
            before=_DOCUMENTS.read(document["before"], PolicyReference),
            policy=_DOCUMENTS.read(document["policy"], PolicyReference),
            tables=_tables(document["tables"]),
            on=_DOCUMENTS.read(document["on"], date),
            by=_DOCUMENTS.read(document["by"], Actor),
            remark=None if remark is None else _DOCUMENTS.read(remark, str),
            recorded=datetime.fromisoformat(document["recorded"]),
        )


def read_erasure(body: str) -> Erasure:
    """Return the erasure of a body.

    Raises:
        Damaged: where it is none.
    """
    with _whole("journal"):
        document = loaded(body, "journal")
        paths = {
            studio: {
                _number(version): _DOCUMENTS.read(named, tuple[str, ...])
                for version, named in versions.items()
            }
            for studio, versions in document["paths"].items()
        }
        return Erasure(
            paths=paths,
            by=_DOCUMENTS.read(document["by"], Actor),
            reason=_DOCUMENTS.read(document["reason"], str),
            recorded=datetime.fromisoformat(document["recorded"]),
        )


def _tables(said: object) -> dict[str, object]:
    tables = from_plain(said)
    if not isinstance(tables, dict):
        raise TypeError(type(tables))
    return tables


def _number(digits: str) -> int:
    """Return a number as it was written: Python takes other digits, signs and blanks, too."""
    number = int(digits)
    if str(number) != digits:
        raise ValueError(digits)
    return number


def _policy(policy: PolicyReference) -> dict[str, object]:
    return {
        "id": policy.id,
        "version": policy.version,
        "fingerprint": policy.fingerprint,
        "varied": list(policy.varied),
    }


def _actor(actor: Actor) -> dict[str, object]:
    return {"id": actor.id, "unit": actor.unit, "roles": sorted(actor.roles)}
