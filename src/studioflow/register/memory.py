"""A register in memory: what a programme writes to until it is given another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from threading import Lock

from attrs import evolve

from studioflow.register.errors import Conflict, KeyReused, SlotTaken, Superseded
from studioflow.register.port import Amendment, Kept, Opening, Slot, zoned
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
        self._amendments: list[Amendment] = []
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

    def amendments(self) -> tuple[Amendment, ...]:
        """Return by what the opening's policy was amended, in order: the last one is in force."""
        with self._lock:
            return tuple(map(deepcopy, self._amendments))

    def amend(
        self,
        amendment: Amendment,
        *,
        expected: Mapping[str, int] | None,
        events: Iterable[Event] = (),
        take: Mapping[str, Iterable[Slot]] | None = None,
        free: Mapping[str, Iterable[str]] | None = None,
    ) -> tuple[Amendment, tuple[Event, ...]]:
        """Keep one more amendment with its events, as `Register.amend` says.

        Raises:
            InputError: where an event has no recorded time, or one without its zone.
            Superseded: where another policy is in force than the one that it amends.
            Conflict: where a studio has another version than the expected one.
            SlotTaken: where limits are reached, for the first such studio.
        """
        own = deepcopy(amendment)
        # Before the lock, as in `append`.
        moved = tuple(events)
        claimed = [zoned(event.recorded) for event in moved]
        versions = None if expected is None else dict(expected)
        wanted = {studio: tuple(taking) for studio, taking in (take or {}).items()}
        returned = {studio: tuple(names) for studio, names in (free or {}).items()}
        with self._lock:
            in_force = self._in_force()
            if in_force != own.before.fingerprint:
                raise Superseded(own.before.fingerprint, in_force)
            if versions is not None:
                self._check_versions(versions)
            latest = self._never_earlier(own.recorded)
            own = evolve(own, recorded=latest)
            kept, holders = [], dict(self._holders)
            for event, time in zip(moved, claimed, strict=True):
                own_take, own_free = wanted.get(event.studio, ()), returned.get(event.studio, ())
                holders |= _moved(holders, event.studio, own_take, own_free)
                latest = _later(latest, time)
                kept.append(evolve(event, recorded=latest))

            # From here on nothing fails.
            self._amendments.append(own)
            self._holders = holders
            for event in kept:
                self._events.setdefault(event.studio, []).append(event)
            self._latest = latest
            return deepcopy(own), tuple(kept)

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
            Superseded: where a first event was decided by another policy than the one in force.
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
            decided, in_force = event.policy.fingerprint, self._in_force()
            if not actual and in_force not in (None, decided):
                raise Superseded(decided, in_force)
            holders = _moved(self._holders, event.studio, wanted, returned)
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

    def _in_force(self) -> str | None:
        """Return the fingerprint of the policy in force."""
        if self._amendments:
            return self._amendments[-1].policy.fingerprint
        return None if self._opening is None else self._opening.policy.fingerprint

    def _check_versions(self, expected: Mapping[str, int]) -> None:
        for studio in dict.fromkeys([*expected, *self._events]):
            version, actual = expected.get(studio, 0), len(self._events.get(studio, ()))
            if version != actual:
                raise Conflict(studio, version, actual)

    def _never_earlier(self, recorded: datetime) -> datetime:
        return recorded if self._latest is None else _later(self._latest, recorded)


def _later(latest: datetime, recorded: datetime) -> datetime:
    """Return a recorded time, or the latest one that is kept where that is later."""
    return recorded if latest.astimezone(UTC) <= recorded.astimezone(UTC) else latest


def _moved(
    held: Mapping[str, tuple[str, ...]],
    studio: str,
    take: tuple[Slot, ...],
    free: tuple[str, ...],
) -> dict[str, tuple[str, ...]]:
    """Return the holders of each slot that the studio takes or frees, as they would be."""
    names = dict.fromkeys([*free, *(slot.name for slot in take)])
    holders = {name: list(held.get(name, ())) for name in names}
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
