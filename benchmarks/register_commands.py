"""The commands that every register of the benchmark keeps, and what each is asked to agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, Protocol

from attrs import evolve

from studioflow import Actor, load_policy
from studioflow.lifecycle import Lifecycle
from studioflow.people import Person
from studioflow.studio import Application, Event, Studio

__all__ = [
    "EVENTS",
    "SUBSCRIBER",
    "Answer",
    "Command",
    "Rival",
    "Times",
    "answer",
    "commands",
    "history",
]

EVENTS = 15
"""Of each studio: as many as one of the sample batch has that was commended."""
SUBSCRIBER = "bench"
_STUDIOS = 10
_HEADS, _COUNT = "SELECT id, head FROM {}_studios", "SELECT count(*) FROM {}"
_BEGIN = datetime(2023, 4, 14, 1, 30, tzinfo=UTC)
_COMMITTEE = Actor("p-07", unit="bureau", roles={"bureau_committee"})
_HOST = Actor("p-01", unit="样例学校", roles={"host_party"})


class Command(NamedTuple):
    """An event that is to be kept, and the version of its studio before."""

    event: Event
    expected: int


class Rival(Protocol):
    """Whoever keeps events."""

    def keep(self, event: Event, expected: int) -> None:
        """Keep one more event; it is on the disk when this returns."""

    def close(self) -> None:
        """Close the files."""


Answer = tuple[dict[str, bytes], list[int]]
"""The heads of all chains, and how many events, keys and notices there are."""


Times = dict[str, list[float]]
"""The seconds of each, round by round."""


def answer(ask: Callable[[str], Iterable[Sequence[Any]]], prefix: str = "bench") -> Answer:
    """Return what all who keep the same chains have to agree on.

    Args:
        ask: runs a query.
        prefix: of the tables' names.
    """
    heads = {name: bytes(head) for name, head in ask(_HEADS.format(prefix))}
    tables = [f"{prefix}_{each}" for each in ("events", "keys", "outbox")]
    return heads, [next(iter(ask(_COUNT.format(each))))[0] for each in tables]


def history() -> tuple[Event, ...]:
    """Return what happens to a studio of the reference policy: nothing personal.

    Salts are random, so that chains over something personal would never agree.
    """
    lifecycle, studio = Lifecycle(load_policy("yongjia-2023")), Studio(id="s-0")
    application = Application(name="样例工作室", unit="样例学校", lead=Person("lead-a", ""))
    declared = lifecycle.act(
        "declare",
        studio,
        by=_HOST,
        on=date(2023, 3, 22),
        application=application,
        facts={"application_complete": True},
    )
    on = date(2023, 4, 14)
    approved = lifecycle.act("approve", declared.studio, by=_COMMITTEE, on=on, places_left=3)
    handed_in = [
        evolve(approved.event, action="record", source="approved", facts={"activities": number})
        for number in range(EVENTS - 2)
    ]
    return declared.event, approved.event, *handed_in


def commands(happens: tuple[Event, ...]) -> Iterator[list[Command]]:
    """Yield lots of commands without end: ten studios each, which take turns."""
    number = 0
    for cohort in count():
        lot = []
        for version, event in enumerate(happens):
            for studio in range(_STUDIOS):
                number += 1
                made = evolve(
                    event,
                    studio=f"s-{cohort:05}-{studio}",
                    key=f"command-{number:08}",
                    recorded=_BEGIN + timedelta(seconds=number),
                )
                lot.append(Command(made, version))
        yield lot
