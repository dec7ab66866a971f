"""What every register keeps to when threads start together, as nearly as a machine lets them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from studioflow.errors import StudioflowError
from studioflow.register import Conflict, KeyReused, Register, Slot, SlotTaken
from studioflow.rubric import PolicyReference
from studioflow.studio import Event
from studioflow.testing.registers.reached import Reached
from studioflow.testing.registers.samples import event, opening

if TYPE_CHECKING:
    from _typeshed import TraceFunction

T = TypeVar("T")
RUNNERS = 8


def _hand_over(frame: FrameType, what: str, arg: object) -> TraceFunction | None:  # noqa: ARG001 - as `sys.settrace` calls it
    """Let another thread go on at every line of a register's own code.

    CPython's threads take turns of 5 ms, in which an append is long done: without this a register
    that locks nothing passes.
    """
    if not frame.f_globals.get("__name__", "").startswith("studioflow.register."):
        return None
    sleep(0)
    return _hand_over


def race(connect: Callable[[], Register], run: Callable[[Register, int], T]) -> list[T]:
    """Return what each runner brought; each reaches the register before the start."""
    start = Barrier(RUNNERS)

    def one(runner: int) -> T:
        register = connect()
        start.wait(timeout=10)
        before = sys.gettrace()
        sys.settrace(_hand_over)
        try:
            return run(register, runner)
        finally:
            sys.settrace(before)

    with ThreadPoolExecutor(RUNNERS) as pool:
        return list(pool.map(one, range(RUNNERS)))


def append_race(
    connect: Callable[[], Register],
    events: Sequence[Event],
    *,
    expected: int = 0,
    take: Sequence[Slot] = (),
) -> list[Event | StudioflowError]:
    """Return what became of each runner's event: as kept, or the error."""

    def append(register: Register, runner: int) -> Event | StudioflowError:
        try:
            return register.append(events[runner], expected=expected, take=take)
        except StudioflowError as error:
            return error

    return race(connect, append)


def _split(outcomes: list[Event | StudioflowError]) -> tuple[list[Event], list[type]]:
    """Return the events that were kept, and the types of the errors."""
    kept = [outcome for outcome in outcomes if isinstance(outcome, Event)]
    return kept, [type(outcome) for outcome in outcomes if not isinstance(outcome, Event)]


class RacesConformance(Reached):
    """Of those who come at once, as many get something as there is to be had.

    Attributes:
        rounds: how often each race is run; fewer where connecting takes long.
    """

    rounds = 20

    def test_fault_1_race_for_a_version(self, connect: Callable[[], Register]) -> None:
        """Of several who append to one version of a studio one wins, the others conflict."""
        for version in range(self.rounds):
            events = [event(remark=str(runner)) for runner in range(RUNNERS)]
            won, lost = _split(append_race(connect, events, expected=version))

            assert [Conflict] * (RUNNERS - 1) == lost
            assert won == [connect().events("s-01")[version]]

    def test_fault_2_race_for_places(self, connect: Callable[[], Register]) -> None:
        """Different studios that race for a few places never get more, and all places go."""
        limit = 3
        for number in range(self.rounds):
            slot = Slot(f"place-{number}", limit)
            events = [event(f"s-{number}-{runner}") for runner in range(RUNNERS)]
            won, lost = _split(append_race(connect, events, take=[slot]))

            assert [SlotTaken] * (RUNNERS - limit) == lost
            assert {winner.studio for winner in won} == {*connect().holders(slot.name)}
            assert limit == len(connect().holders(slot.name))

    def test_fault_3_race_with_one_key(self, connect: Callable[[], Register]) -> None:
        """A command that is sent several times at once becomes one event."""
        for number in range(self.rounds):
            key = f"k-{number}"
            events = [event(f"s-{number}-{runner}", key=key) for runner in range(RUNNERS)]
            won, lost = _split(append_race(connect, events))
            kept = connect().kept("p-01", key)

            assert [KeyReused] * (RUNNERS - 1) == lost
            assert kept is not None
            assert won == [kept.event]

    def test_race_to_open(self, connect: Callable[[], Register]) -> None:
        """All who open at once are told of the same opening."""

        def open_it(register: Register, runner: int) -> object:
            return register.open(opening(policy=PolicyReference("p", str(runner), "sha256:0")))

        told = race(connect, open_it)

        assert [connect().opening()] * RUNNERS == told

    def test_race_from_both_ends(self, connect: Callable[[], Register]) -> None:
        """Who takes the same slots in opposite orders does not wait for one who waits for them."""
        slots = [Slot("first", RUNNERS), Slot("second", RUNNERS)]

        def take(register: Register, runner: int) -> Event:
            own = slots[:: 1 if runner % 2 else -1]
            return register.append(event(f"s-{runner}"), expected=0, take=own)

        race(connect, take)

        assert [RUNNERS] * 2 == [len(connect().holders(slot.name)) for slot in slots]

    def test_race_for_notices(self, connect: Callable[[], Register]) -> None:
        """Of several who ask what is due, each notice is given to one."""
        for version in range(RUNNERS):
            connect().append(event(), expected=version, tell=["log"])

        def claim(register: Register, runner: int) -> list[int]:
            return [
                notice.version for notice in register.due_notices(["log"], limit=1 + runner % 2)
            ]

        claimed = [version for own in race(connect, claim) for version in own]

        assert sorted({*claimed}) == sorted(claimed)
