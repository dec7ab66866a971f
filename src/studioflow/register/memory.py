"""A register in memory: what a programme writes to until it is given another."""

from __future__ import annotations

from studioflow.register.sql import SqlRegister

__all__ = ["MemoryRegister"]


class MemoryRegister(SqlRegister):
    """A `Register` that lasts as long as the process. Safe to use from several threads.

    >>> from datetime import UTC, date, datetime
    >>> from attrs import evolve
    >>> from studioflow.people import Actor
    >>> from studioflow.register import Slot
    >>> from studioflow.rubric import PolicyReference
    >>> from studioflow.studio import Event
    >>> event = Event(
    ...     studio="s-01",
    ...     action="approve",
    ...     source="declared",
    ...     dest="approved",
    ...     on=date(2023, 4, 14),
    ...     by=Actor("p-07", unit="bureau"),
    ...     policy=PolicyReference("p", "1", "sha256:0"),
    ...     recorded=datetime(2023, 4, 14, 9, 30, tzinfo=UTC),
    ... )
    >>> register = MemoryRegister()
    >>> kept = register.append(event, expected=0, take=[Slot("place", 1)])
    >>> register.studios(), register.holders("place"), register.events("s-01") == (kept,)
    (('s-01',), ('s-01',), True)

    Nobody can have it approved a second time, and nobody else gets its place:

    >>> register.append(event, expected=0)
    Traceback (most recent call last):
    studioflow.register.errors.Conflict: s-01: expected 0 events, found 1; ...
    >>> register.append(evolve(event, studio="s-02"), expected=0, take=[Slot("place", 1)])
    Traceback (most recent call last):
    studioflow.register.errors.SlotTaken: none left: place (limit 1)
    """

    def __init__(self) -> None:
        from studioflow.register.homes.sqlite import SqliteMemory  # costs milliseconds

        super().__init__(SqliteMemory())

    def __repr__(self) -> str:
        return "<MemoryRegister>"
