"""Random use of a register against a naive model: lists, and everything counted anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import hypothesis.strategies as st
from attrs import evolve, frozen
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from studioflow.register import (
    Amendment,
    Conflict,
    Kept,
    KeyReused,
    MemoryRegister,
    Opening,
    Register,
    Slot,
    SlotTaken,
    Superseded,
)
from studioflow.rubric import PolicyReference
from studioflow.studio import Event
from studioflow.testing.registers.samples import (
    CLERK,
    NINE,
    OTHER,
    REFERENCE,
    amendment,
    event,
    opening,
)

NAMES = ("place", "reward:s-01", "same:1")
ACTORS = (CLERK.id, OTHER.id)
KEYS = ("k-1", "k-2", "k-3", "k-4", "k-5", "k-6")
POLICIES = [REFERENCE, *(PolicyReference("p", str(n), f"sha256:{n}") for n in (1, 2))]
times = st.integers(-3, 6).map(lambda hours: NINE + timedelta(hours=hours))
events = st.builds(
    event,
    st.sampled_from(["s-01", "s-02", "s-03"]),
    recorded=times,
    policy=st.sampled_from(POLICIES),
    by=st.sampled_from([CLERK, OTHER]),
    key=st.sampled_from([None, None, *KEYS]),
)
slots = st.lists(
    st.builds(Slot, st.sampled_from(NAMES), st.sampled_from([None, 0, 1, 2, 3, 3, 3])), max_size=3
)
frees = st.lists(st.sampled_from(NAMES), max_size=2)
# Mostly the version that there is, which the model knows.
offsets = st.sampled_from([0, 0, 0, 0, 0, 1, -1])


@frozen
class Entry:
    """One accepted command."""

    event: Event
    take: tuple[Slot, ...]
    free: tuple[str, ...]
    digest: str


class RegisterMachine(RuleBasedStateMachine):
    """What was accepted is a list; what a register answers is counted from it each time."""

    def __init__(self) -> None:
        super().__init__()
        self.register = self.make()
        self.log: list[Entry] = []
        self.opened: Opening | None = None
        self.amendments: list[Amendment] = []
        self.times = [NINE - timedelta(days=1)]

    def make(self) -> Register:
        """Return an empty register; another one's machine overrides it."""
        return MemoryRegister()

    def _in_force(self) -> str | None:
        """Return the fingerprint of the policy in force."""
        if self.amendments:
            return self.amendments[-1].policy.fingerprint
        return None if self.opened is None else self.opened.policy.fingerprint

    def _events(self, studio: str) -> tuple[Event, ...]:
        return tuple(entry.event for entry in self.log if entry.event.studio == studio)

    def _holders(self, name: str, *more: Entry) -> list[str]:
        held: list[str] = []
        for entry in (*self.log, *more):
            studio = entry.event.studio
            for _ in range(entry.free.count(name)):
                held.reverse()
                if studio in held:
                    held.remove(studio)
                held.reverse()
            held += [studio] * [slot.name for slot in entry.take].count(name)
        return held

    def _refused(self, entry: Entry) -> tuple[Slot, ...]:
        """Take slots one after the other, and leave out those that are not to be had."""
        got: list[Slot] = []
        refused: list[Slot] = []
        for slot in entry.take:
            held = self._holders(slot.name, evolve(entry, take=tuple(got)))
            fits = slot.limit is None or len(held) < slot.limit
            (got if fits else refused).append(slot)
        return tuple(dict.fromkeys(refused))

    def _error(self, entry: Entry, expected: int) -> tuple[object, ...] | None:
        made = entry.event
        if made.key is not None and any(
            (made.by.id, made.key) == (other.event.by.id, other.event.key) for other in self.log
        ):
            return KeyReused, made.by.id, made.key
        actual = len(self._events(made.studio))
        if actual != expected:
            return Conflict, made.studio, expected, actual
        decided, in_force = made.policy.fingerprint, self._in_force()
        if not actual and in_force is not None and decided != in_force:
            return Superseded, decided, in_force
        refused = self._refused(entry)
        return (SlotTaken, refused) if refused else None

    @rule(made=events, offset=offsets, take=slots, free=frees)
    def append(self, made: Event, offset: int, take: list[Slot], free: list[str]) -> None:
        """Append whatever it is: the model says which error comes, or what is kept."""
        number = len(self.log)
        made = evolve(made, remark=str(number))
        entry = Entry(made, tuple(take), tuple(free), f"sha256:{number}")
        expected = len(self._events(made.studio)) + offset
        error = None
        try:
            kept = self.register.append(
                made, expected=expected, take=iter(take), free=iter(free), digest=entry.digest
            )
        except (KeyReused, Conflict, Superseded, SlotTaken) as raised:
            error = (type(raised), *raised.args)
        assert self._error(entry, expected) == error
        if error is None:
            assert made.recorded is not None
            self.times.append(max(*self.times, made.recorded))
            assert evolve(made, recorded=self.times[-1]) == kept
            self.log.append(evolve(entry, event=kept))

    @rule(
        way=st.tuples(st.sampled_from(POLICIES), st.sampled_from(POLICIES)),
        recorded=st.lists(times, min_size=4, max_size=4),
        who=st.sets(st.sampled_from(["s-01", "s-02", "s-03"])),
        offset=st.sampled_from([None, 0, 0, 0, 1]),
        first_moves=st.tuples(slots, frees),
    )
    def amend(
        self,
        way: tuple[PolicyReference, PolicyReference],
        recorded: list[datetime],
        who: set[str],
        offset: int | None,
        first_moves: tuple[list[Slot], list[str]],
    ) -> None:
        """Amend whatever policy for whatever studios: the model says which error comes."""
        (before, to), (take, free) = way, first_moves
        made = amendment(before=before, policy=to, recorded=recorded[0])
        known = [name for name in self.register.studios() if name in who]
        moved = [
            event(name, action="amend", policy=to, recorded=time)
            for name, time in zip(known, recorded[1:], strict=False)
        ]
        expected = None
        if offset is not None:
            names = self.register.studios()
            expected = {name: len(self._events(name)) + offset for name in names}
        error: tuple[object, ...] | None = None
        if before.fingerprint != self._in_force():
            error = (Superseded, before.fingerprint, self._in_force())
        elif expected and offset:
            name, version = next(iter(expected.items()))
            error = (Conflict, name, version, version - offset)
        # What the first one that goes over takes and gives back.
        first = Entry(moved[0], tuple(take), tuple(free), "") if moved else None
        if error is None and first is not None and (refused := self._refused(first)):
            error = (SlotTaken, refused)
        raised: tuple[object, ...] | None = None
        try:
            kept, events = self.register.amend(
                made,
                expected=expected,
                events=iter(moved),
                take={each.studio: iter(take) for each in moved[:1]},
                free={each.studio: iter(free) for each in moved[:1]},
            )
        except (Superseded, Conflict, SlotTaken) as caught:
            raised = (type(caught), *caught.args)
        assert error == raised
        if raised is None:
            self.times.append(max(*self.times, recorded[0]))
            self.amendments.append(evolve(made, recorded=self.times[-1]))
            assert self.amendments[-1] == kept
            for place, (given, own) in enumerate(zip(moved, events, strict=True)):
                assert given.recorded is not None
                self.times.append(max(*self.times, given.recorded))
                assert evolve(given, recorded=self.times[-1]) == own
                parts = ((), ()) if place else (tuple(take), tuple(free))
                self.log.append(Entry(own, *parts, ""))

    @rule(version=st.sampled_from(["1", "2"]), recorded=times)
    def open(self, version: str, recorded: object) -> None:
        """Open it at any time and again: the first opening stays."""
        made = opening(policy=PolicyReference("p", version, "sha256:0"), recorded=recorded)
        if self.opened is None:
            self.times.append(max(*self.times, made.recorded))
            self.opened = evolve(made, recorded=self.times[-1])
        assert self.opened == self.register.open(made)

    @invariant()
    def says_what_the_model_says(self) -> None:
        """Every answer of the register is the model's; so what failed has changed nothing."""
        register = self.register
        known = tuple(dict.fromkeys(entry.event.studio for entry in self.log))
        assert known == register.studios()
        assert self.opened == register.opening()
        assert tuple(self.amendments) == register.amendments()
        for studio in known:
            assert self._events(studio) == register.events(studio)
        for name in NAMES:
            assert tuple(self._holders(name)) == register.holders(name)
        keyed = {
            (e.event.by.id, e.event.key): Kept(digest=e.digest, event=e.event)
            for e in self.log
            if e.event.key is not None
        }
        for actor in ACTORS:
            for key in KEYS:
                assert keyed.get((actor, key)) == register.kept(actor, key)

    @invariant()
    def time_never_decreases(self) -> None:
        """Recorded times, read in the order of appending, only grow."""
        recorded = [entry.event.recorded for entry in self.log]
        assert sorted(recorded, key=lambda time: time or NINE) == recorded
