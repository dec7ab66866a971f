"""What every register keeps to. Run one through it by a subclass that says how to reach it."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from studioflow.errors import InputError, StudioflowError
from studioflow.register import Conflict, Kept, KeyReused, Register, Slot, SlotTaken
from studioflow.rubric import PolicyReference
from studioflow.testing.registers.amendments import AmendmentsConformance
from studioflow.testing.registers.races import RacesConformance
from studioflow.testing.registers.samples import HOUR, NINE, OTHER, event, opening
from studioflow.testing.registers.slots import ONE_PLACE, SlotsConformance
from studioflow.testing.registers.telling import TellingConformance
from studioflow.testing.registers.wholes import WholesConformance

SLOTS = ("place", "reward:s-01")


def state(register: Register) -> object:
    """Return everything that can be read from the register."""
    return (
        register.opening(),
        register.amendments(),
        {studio: register.events(studio) for studio in register.studios()},
        {slot: register.holders(slot) for slot in SLOTS},
        register.kept("p-01", "k-1"),
    )


class RegisterConformance(
    SlotsConformance,
    AmendmentsConformance,
    TellingConformance,
    WholesConformance,
    RacesConformance,
):
    """The whole contract: subclass it under a name with `Test`, and override `connect`."""

    # Opening

    def test_not_opened(self, register: Register) -> None:
        """A new register was not opened and knows nothing."""
        assert (None, (), {}, {"place": (), "reward:s-01": ()}, None) == state(register)

    def test_opened(self, register: Register) -> None:
        """An opening comes back with the whole tables."""
        assert opening() == register.open(opening())
        assert opening() == register.opening()

    def test_opened_twice(self, register: Register) -> None:
        """The first opening stays, and the second one who opens is told of it."""
        register.open(opening())
        other = opening(policy=PolicyReference("q", "1", "sha256:1"), tables={})

        assert opening() == register.open(other)
        assert opening() == register.opening()

    def test_tables_stay(self, register: Register) -> None:
        """Changing tables that were handed in or given out does not change what is kept."""
        handed_in = opening()
        for holding in (handed_in, register.open(handed_in), register.opening()):
            assert holding is not None
            cast("Any", holding.tables["policy"])["places"].append(31)
            register.open(opening())

        assert opening() == register.opening()

    # Events

    def test_event_comes_back(self, register: Register) -> None:
        """An event is returned and kept as it was handed in."""
        assert event() == register.append(event(), expected=0)
        assert (event(),) == register.events("s-01")

    def test_order(self, register: Register) -> None:
        """Events of a studio stand in the order of versions, studios in that of first events."""
        first, second = event(remark="1"), event(remark="2")
        register.append(event("s-02"), expected=0)
        register.append(first, expected=0)
        register.append(event("s-02"), expected=1)
        register.append(second, expected=1)

        assert ("s-02", "s-01") == register.studios()
        assert (first, second) == register.events("s-01")

    def test_unknown_studio(self, register: Register) -> None:
        """Of a studio that is not known nothing has happened, and asking does not make it known."""
        assert () == register.events("s-09")
        assert () == register.studios()

    @pytest.mark.parametrize("expected", [0, 2, -1])
    def test_conflict(self, register: Register, expected: int) -> None:
        """Another version than the expected one, older or newer, is a conflict with both."""
        register.append(event(), expected=0)
        with pytest.raises(Conflict) as caught:
            register.append(event(), expected=expected)

        assert ("s-01", expected, 1) == (
            caught.value.studio,
            caught.value.expected,
            caught.value.actual,
        )

    def test_studios_have_versions_of_their_own(self, register: Register) -> None:
        """What happened to one studio is no conflict for another."""
        register.append(event("s-01"), expected=0)

        assert event("s-02") == register.append(event("s-02"), expected=0)

    # Recorded time

    @pytest.mark.parametrize("recorded", [None, NINE.replace(tzinfo=None)])
    def test_no_recorded_time(self, register: Register, recorded: object) -> None:
        """An event without a recorded time, or with one without a zone, is bad input."""
        with pytest.raises(InputError) as caught:
            register.append(event(recorded=recorded), expected=0)

        assert [("recorded_time", "recorded")] == [(p.code, p.path) for p in caught.value.problems]

    def test_fault_9_a_clock_runs_back(self, register: Register) -> None:
        """An event with an earlier clock is kept, second in order, with the last one's time."""
        register.append(event("s-01", recorded=NINE), expected=0)
        kept = register.append(event("s-02", recorded=NINE - HOUR), expected=0)

        assert event("s-02", recorded=NINE) == kept
        assert (kept,) == register.events("s-02")

    def test_a_clock_that_has_run_back_catches_up(self, register: Register) -> None:
        """Each later event is measured by the latest time that is kept, not by its claim."""
        for version, hours in enumerate((0, -2, -1, 1)):
            register.append(event(recorded=NINE + hours * HOUR), expected=version)

        expected = [NINE, NINE, NINE, NINE + HOUR]
        assert expected == [kept.recorded for kept in register.events("s-01")]

    def test_never_before_the_opening(self, register: Register) -> None:
        """An event is not recorded before the register was opened."""
        register.open(opening(recorded=NINE))
        kept = register.append(event(recorded=NINE - HOUR), expected=0)

        assert NINE == kept.recorded

    def test_late_opening(self, register: Register) -> None:
        """An opening that is kept after an event is not recorded before it."""
        register.append(event(recorded=NINE), expected=0)

        assert NINE == register.open(opening(recorded=NINE - HOUR)).recorded

    def test_zones(self, register: Register) -> None:
        """Times are compared by the instant: half past nine in Beijing is before nine in UTC."""
        beijing = timezone(timedelta(hours=8))
        register.append(event(recorded=NINE), expected=0)
        early = register.append(event(recorded=NINE.replace(minute=30, tzinfo=beijing)), expected=1)
        late = register.append(event(recorded=(NINE + HOUR).astimezone(beijing)), expected=2)

        assert [NINE, NINE + HOUR] == [early.recorded, late.recorded]

    def test_end_of_summer_time(self, register: Register) -> None:
        """The hour that a clock on the wall shows twice is two hours."""
        shanghai = ZoneInfo("Asia/Shanghai")  # had summer time until 1991
        twice = NINE.replace(year=1991, month=9, day=15, hour=1, tzinfo=shanghai)
        first = event(recorded=twice.replace(minute=30, fold=0))
        second = event(recorded=twice.replace(minute=10, fold=1))
        register.append(first, expected=0)
        kept = register.append(second, expected=1)

        assert kept.recorded is not None
        assert NINE.replace(year=1991, month=9, day=14, hour=17, minute=10) == (
            kept.recorded.astimezone(NINE.tzinfo)
        )

    # Keys

    def test_key(self, register: Register) -> None:
        """A key stands for the event as it was kept, and for the digest of its command."""
        register.append(event("s-02", recorded=NINE + HOUR), expected=0)
        kept = register.append(event(key="k-1"), expected=0, digest="sha256:1")

        assert NINE + HOUR == kept.recorded
        assert Kept(digest="sha256:1", event=kept) == register.kept("p-01", "k-1")

    def test_unknown_key(self, register: Register) -> None:
        """A key that nobody used stands for nothing; nor does an event without one."""
        register.append(event(), expected=0, digest="sha256:1")

        assert None is register.kept("p-01", "k-1")

    def test_key_is_used_again(self, register: Register) -> None:
        """The same actor can not use a key again, for whichever studio and payload."""
        register.append(event("s-01", key="k-1"), expected=0)
        with pytest.raises(KeyReused) as caught:
            register.append(event("s-02", key="k-1"), expected=0)

        assert ("p-01", "k-1") == (caught.value.actor, caught.value.key)

    def test_keys_are_an_actors_own(self, register: Register) -> None:
        """Another actor's key of the same name is another key."""
        mine = register.append(event(key="k-1"), expected=0)
        theirs = register.append(event(key="k-1", by=OTHER), expected=1)

        assert (mine, theirs) == tuple(
            kept.event
            for actor in ("p-01", "p-02")
            if (kept := register.kept(actor, "k-1")) is not None
        )

    # All or nothing

    @pytest.mark.parametrize(
        ("wrongs", "error"),
        [
            ({"recorded": None, "key": "k-1", "expected": 9, "take": [ONE_PLACE]}, InputError),
            ({"key": "k-1", "expected": 9, "take": [ONE_PLACE]}, KeyReused),
            ({"expected": 9, "take": [ONE_PLACE]}, Conflict),
            ({"take": [Slot("reward:s-01", 1), ONE_PLACE]}, SlotTaken),
        ],
    )
    def test_what_fails_changes_nothing(
        self, register: Register, wrongs: dict[str, Any], error: type[StudioflowError]
    ) -> None:
        """Of several errors the first one is raised, and the register stays as it was."""
        register.open(opening())
        register.append(event(key="k-1"), expected=0, take=[ONE_PLACE])
        before = state(register)
        attempt = {"expected": 1, "free": ["reward:s-01"], **wrongs}
        fields = {name: attempt.pop(name) for name in ("recorded", "key") if name in attempt}
        with pytest.raises(error):
            register.append(event(**{"recorded": NINE + HOUR, **fields}), **attempt)

        assert before == state(register)
        # Nor has the clock moved on.
        assert NINE == register.append(event(), expected=1).recorded

    def test_a_failed_freeing(self, register: Register) -> None:
        """What would have been freed is still held when the event is refused."""
        register.append(event("s-02"), expected=0, take=[Slot("reward:s-01", 1)])
        register.append(event(), expected=0, take=[ONE_PLACE])
        with pytest.raises(SlotTaken):
            register.append(event(), expected=1, take=[Slot("reward:s-01", 1)], free=["place"])

        assert ("s-01",) == register.holders("place")

    def test_a_key_of_a_failed_event(self, register: Register) -> None:
        """A key is not used up by an event that was refused."""
        with pytest.raises(Conflict):
            register.append(event(key="k-1"), expected=9)

        assert event(key="k-1") == register.append(event(key="k-1"), expected=0)
