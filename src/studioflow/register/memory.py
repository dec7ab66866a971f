"""A register in memory: what a programme writes to until it is given another."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, datetime
from threading import Lock

from attrs import evolve

from studioflow.register.errors import Conflict, KeyReused, SlotTaken
from studioflow.register.port import Kept, Opening, Slot, zoned
from studioflow.studio import Event

__all__ = ["MemoryRegister"]


class MemoryRegister:
    """A `Register` that lasts as long as the process. Safe to use from several threads.

    >>> from datetime import UTC, date, datetime
    >>> from studioflow.people import Actor
    >>> from studioflow.rubric import PolicyReference
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
        self._lock = Lock()
        self._opening: Opening | None = None
        self._events: dict[str, list[Event]] = {}
        self._holders: dict[str, tuple[str, ...]] = {}
        self._kept: dict[tuple[str, str], Kept] = {}
        self._latest: datetime | None = None

    def opening(self) -> Opening | None:
        """Return how the register was opened, or None where it was not yet."""
        # A copy: tables are nested, and what is kept must not change through them.
        return deepcopy(self._opening)

    def open(self, opening: Opening) -> Opening:
        """Keep the opening, unless there is one; return the one that is kept.

        >>> from datetime import UTC, datetime
        >>> from studioflow.rubric import PolicyReference
        >>> register = MemoryRegister()
        >>> first = Opening(
        ...     policy=PolicyReference("p", "1", "sha256:0"),
        ...     tables={"policy": {"id": "p"}},
        ...     recorded=datetime(2023, 3, 1, tzinfo=UTC),
        ... )
        >>> second = evolve(first, policy=PolicyReference("q", "1", "sha256:1"))
        >>> register.open(first) == register.open(second) == register.opening() == first
        True
        """
        own = deepcopy(opening)
        with self._lock:
            if self._opening is None:
                recorded = self._never_earlier(own.recorded)
                self._opening, self._latest = evolve(own, recorded=recorded), recorded
            return deepcopy(self._opening)

    def studios(self) -> tuple[str, ...]:
        """Return the ids of the studios that have events, in the order of their first ones."""
        with self._lock:
            return tuple(self._events)

    def events(self, studio: str) -> tuple[Event, ...]:
        """Return what happened to a studio, in order; nothing for one that is not known."""
        with self._lock:
            return tuple(self._events.get(studio, ()))

    def append(
        self,
        event: Event,
        *,
        expected: int,
        take: Iterable[Slot] = (),
        free: Iterable[str] = (),
        digest: str = "",
    ) -> Event:
        """Keep one more event with what it takes and frees, as `Register.append` says.

        Freeing what the studio does not hold is passed over in silence; what is freed is there
        to be taken by the same event.

        Raises:
            InputError: where the event has no recorded time, or one without its zone.
            KeyReused: where the actor has used the event's key already.
            Conflict: where the studio has another version than the expected one.
            SlotTaken: where limits are reached, with each such slot.
        """
        claimed = zoned(event.recorded)
        # Before the lock: what the caller iterates over may be code that asks this register.
        wanted = tuple(take)
        returned = (free,) if isinstance(free, str) else tuple(free)
        with self._lock:
            name = None if event.key is None else (event.by.id, event.key)
            if name is not None and name in self._kept:
                raise KeyReused(*name)
            actual = len(self._events.get(event.studio, ()))
            if actual != expected:
                raise Conflict(event.studio, expected, actual)
            holders = self._moved(event.studio, wanted, returned)
            recorded = self._never_earlier(claimed)
            kept = event if recorded is claimed else evolve(event, recorded=recorded)

            # From here on nothing fails.
            self._events.setdefault(kept.studio, []).append(kept)
            self._holders.update(holders)
            self._latest = recorded
            if name is not None:
                self._kept[name] = Kept(digest=digest, event=kept)
            return kept

    def holders(self, slot: str) -> tuple[str, ...]:
        """Return the studios that hold a slot, one entry for each taking, the earliest first."""
        with self._lock:
            return self._holders.get(slot, ())

    def kept(self, actor: str, key: str) -> Kept | None:
        """Return what the key of an actor (by id) stands for, or None where it is not used."""
        with self._lock:
            return self._kept.get((actor, key))

    def _moved(
        self, studio: str, take: tuple[Slot, ...], free: tuple[str, ...]
    ) -> dict[str, tuple[str, ...]]:
        """Return the holders of each slot that the studio takes or frees, as they would be."""
        names = dict.fromkeys([*free, *(slot.name for slot in take)])
        holders = {name: list(self._holders.get(name, ())) for name in names}
        for name in free:
            if studio in holders[name]:
                # The latest taking: whoever held it longest stays first.
                del holders[name][-1 - holders[name][::-1].index(studio)]
        taken = []
        for slot in take:
            if slot.limit is None or len(holders[slot.name]) < slot.limit:
                holders[slot.name].append(studio)
            else:
                taken.append(slot)
        if taken:
            raise SlotTaken(dict.fromkeys(taken))
        return {name: tuple(studios) for name, studios in holders.items()}

    def _never_earlier(self, recorded: datetime) -> datetime:
        if self._latest is None or self._latest.astimezone(UTC) <= recorded.astimezone(UTC):
            return recorded
        return self._latest
