"""What every register keeps to when its policy is amended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from studioflow.errors import InputError, StudioflowError
from studioflow.register import Conflict, Register, Slot, SlotTaken, Superseded
from studioflow.rubric import PolicyReference
from studioflow.testing.registers.races import RUNNERS, race
from studioflow.testing.registers.reached import Reached
from studioflow.testing.registers.samples import (
    HOUR,
    NEXT,
    NINE,
    REFERENCE,
    amendment,
    event,
    moved,
    opening,
)

THIRD = PolicyReference("p", "3", "sha256:2")


class AmendmentsConformance(Reached):
    """An amendment is kept with all that happens to studios by it, or not at all."""

    @pytest.fixture
    def opened(self, register: Register) -> Register:
        """A register with two studios, of two events and of one."""
        register.open(opening())
        for version, studio in ((0, "s-01"), (0, "s-02"), (1, "s-01")):
            register.append(event(studio), expected=version, take=[Slot("place", 3)])
        return register

    def test_not_amended(self, opened: Register) -> None:
        """A register that was opened and no more has no amendment."""
        assert () == opened.amendments()

    def test_amended(self, opened: Register) -> None:
        """An amendment comes back with the whole tables, and so do its events."""
        given = [moved("s-02"), moved("s-01")]
        kept = opened.amend(amendment(), expected={"s-01": 2, "s-02": 1}, events=given)

        assert (amendment(), tuple(given)) == kept
        assert (amendment(),) == opened.amendments()
        assert [moved("s-01"), moved("s-02")] == [opened.events(s)[-1] for s in opened.studios()]

    def test_the_opening_stays(self, opened: Register) -> None:
        """An amendment leaves the opening, the order of studios and who holds what as they were."""
        opened.amend(amendment(), expected={"s-01": 2, "s-02": 1}, events=[moved("s-02")])

        assert opening() == opened.opening() == opened.open(opening())
        assert ("s-01", "s-02") == opened.studios()
        assert ("s-01", "s-02", "s-01") == opened.holders("place")

    def test_amended_again(self, opened: Register) -> None:
        """Amendments stand in their order, and each amends the one before."""
        second = amendment(before=NEXT, policy=THIRD)
        opened.amend(amendment(), expected=None)
        opened.amend(second, expected=None)

        assert (amendment(), second) == opened.amendments()

    def test_back_again(self, opened: Register) -> None:
        """What was amended may be amended back."""
        back = amendment(before=NEXT, policy=REFERENCE)
        opened.amend(amendment(), expected=None)
        opened.amend(back, expected=None)

        assert event("s-03") == opened.append(event("s-03"), expected=0)

    def test_amended_tables_stay(self, opened: Register) -> None:
        """Changing tables that were handed in or given out does not change what is kept."""
        handed_in = amendment()
        (given_out, _) = opened.amend(handed_in, expected=None)
        for holding in (handed_in, given_out, *opened.amendments()):
            cast("Any", holding.tables["policy"])["places"].append(31)

        assert (amendment(),) == opened.amendments()

    # What was decided on what is past

    @pytest.mark.parametrize("before", [NEXT, THIRD])
    def test_amended_in_the_meantime(self, opened: Register, before: PolicyReference) -> None:
        """What amends another policy than the one in force is told of both."""
        opened.amend(amendment(), expected=None)
        opened.amend(amendment(before=NEXT, policy=THIRD), expected=None)
        stale = amendment(before=REFERENCE if before == THIRD else before)
        with pytest.raises(Superseded) as caught:
            opened.amend(stale, expected=None)

        told = caught.value
        assert (stale.before.fingerprint, THIRD.fingerprint) == (told.decided, told.in_force)
        assert 2 == len(opened.amendments())

    def test_nothing_to_amend(self, register: Register) -> None:
        """A register that was not opened has no policy to amend."""
        with pytest.raises(Superseded) as caught:
            register.amend(amendment(), expected=None)

        assert (REFERENCE.fingerprint, None) == (caught.value.decided, caught.value.in_force)
        assert () == register.amendments()

    @pytest.mark.parametrize(
        ("expected", "told"),
        [
            ({"s-01": 1, "s-02": 1}, ("s-01", 1, 2)),
            ({"s-01": 3, "s-02": 1}, ("s-01", 3, 2)),
            ({"s-01": 2}, ("s-02", 0, 1)),
            ({"s-01": 2, "s-02": 1, "s-03": 1}, ("s-03", 1, 0)),
            ({}, ("s-01", 0, 2)),
        ],
        ids=["moved on", "ahead", "a new one", "one too many", "none expected"],
    )
    def test_studios_moved_on(
        self, opened: Register, expected: Mapping[str, int], told: tuple[str, int, int]
    ) -> None:
        """A studio of another version than expected, or that nobody knew, is a conflict."""
        with pytest.raises(Conflict) as caught:
            opened.amend(amendment(), expected=expected)

        assert told == (caught.value.studio, caught.value.expected, caught.value.actual)

    def test_whatever_studios_there_are(self, opened: Register) -> None:
        """Without expected versions it is amended however far the studios are."""
        opened.append(event("s-09"), expected=0)

        assert (amendment(), ()) == opened.amend(amendment(), expected=None)

    def test_decided_by_the_policy_of_before(self, opened: Register) -> None:
        """What was decided on a studio before it went over is a conflict."""
        opened.amend(amendment(), expected={"s-01": 2, "s-02": 1}, events=[moved("s-02")])
        with pytest.raises(Conflict):
            opened.append(event("s-02"), expected=1)

    def test_a_first_event_by_the_policy_of_before(self, opened: Register) -> None:
        """No studio begins under a policy that is not in force any more."""
        opened.amend(amendment(), expected=None)
        with pytest.raises(Superseded) as caught:
            opened.append(event("s-03"), expected=0, take=[Slot("place", 0)])

        told = (REFERENCE.fingerprint, NEXT.fingerprint)
        assert told == (caught.value.decided, caught.value.in_force)
        assert event("s-03", policy=NEXT) == opened.append(event("s-03", policy=NEXT), expected=0)

    def test_a_later_event_by_the_policy_of_before(self, opened: Register) -> None:
        """A studio that did not go over goes on under the policy that it has."""
        opened.amend(amendment(), expected=None)

        assert event("s-02") == opened.append(event("s-02"), expected=1)

    def test_slots_go_on(self, opened: Register) -> None:
        """What was taken before an amendment counts against the limits after it."""
        opened.amend(amendment(), expected=None)
        with pytest.raises(SlotTaken):
            opened.append(event("s-03", policy=NEXT), expected=0, take=[Slot("place", 3)])

    def test_taken_and_freed_with_it(self, opened: Register) -> None:
        """Studios take and give back with an amendment, one after the other."""
        opened.amend(
            amendment(),
            expected=None,
            events=[moved("s-02"), moved("s-01")],
            take={"s-01": [Slot("place", 3), Slot("seat", 1)]},
            free={"s-01": ["place"], "s-02": ["place", "seat"]},
        )

        assert ("s-01", "s-01") == opened.holders("place")
        assert ("s-01",) == opened.holders("seat")

    def test_nothing_left_with_it(self, opened: Register) -> None:
        """Where a limit is reached, nobody goes over and nothing is given back."""
        with pytest.raises(SlotTaken) as caught:
            opened.amend(
                amendment(),
                expected=None,
                events=[moved("s-02"), moved("s-01")],
                take={"s-01": [Slot("place", 2)]},
                free={"s-02": ["place"]},
            )

        assert (Slot("place", 2),) == caught.value.slots
        assert ("s-01", "s-02", "s-01") == opened.holders("place")
        assert ((), 1) == (opened.amendments(), len(opened.events("s-02")))

    # Recorded time

    def test_fault_9_an_amendments_clock_runs_back(self, opened: Register) -> None:
        """An amendment and its events are not recorded before what was kept before them."""
        opened.append(event("s-02", recorded=NINE + 2 * HOUR), expected=1)
        given = [moved("s-01", recorded=NINE + 3 * HOUR), moved("s-02", recorded=NINE)]
        kept, events = opened.amend(amendment(recorded=NINE + HOUR), expected=None, events=given)

        assert NINE + 2 * HOUR == kept.recorded
        assert [NINE + 3 * HOUR] * 2 == [each.recorded for each in events]
        assert (kept,) == opened.amendments()
        assert events == (opened.events("s-01")[-1], opened.events("s-02")[-1])

    def test_nothing_is_recorded_before_an_amendment(self, opened: Register) -> None:
        """An amendment moves the time on for all that comes after it."""
        opened.amend(amendment(recorded=NINE + HOUR), expected=None)

        assert NINE + HOUR == opened.append(event("s-02"), expected=1).recorded

    # All or nothing

    @pytest.mark.parametrize(
        ("wrongs", "error"),
        [
            ({"before": THIRD, "expected": {"s-01": 9}, "recorded": None}, InputError),
            ({"before": THIRD, "expected": {"s-01": 9}}, Superseded),
            ({"expected": {"s-01": 2, "s-02": 9}, "take": {"s-01": [Slot("x", 0)]}}, Conflict),
            ({"expected": None, "take": {"s-02": [Slot("x", 0)]}}, SlotTaken),
        ],
    )
    def test_an_amendment_that_fails_changes_nothing(
        self, opened: Register, wrongs: dict[str, Any], error: type[StudioflowError]
    ) -> None:
        """Of several errors the first one is raised, and no studio has gone over."""
        before = {studio: opened.events(studio) for studio in opened.studios()}
        second = moved("s-02", recorded=wrongs.get("recorded", NINE + HOUR))
        with pytest.raises(error):
            opened.amend(
                amendment(before=wrongs.get("before", REFERENCE), recorded=NINE + HOUR),
                expected=wrongs["expected"],
                events=[moved("s-01"), second],
                take=wrongs.get("take"),
            )

        assert () == opened.amendments()
        assert before == {studio: opened.events(studio) for studio in opened.studios()}
        # Nor has the clock moved on.
        assert NINE == opened.append(event("s-02"), expected=1).recorded

    # At once

    def test_race_to_amend(self, connect: Callable[[], Register]) -> None:
        """Of several who amend one policy one does, and the others are told what is in force."""
        connect().open(opening())

        def amend(register: Register, runner: int) -> str | None:
            own = PolicyReference("p", "2", f"sha256:new-{runner}")
            try:
                kept, _ = register.amend(amendment(policy=own), expected={})
            except Superseded as told:
                return told.in_force
            return kept.policy.fingerprint

        told = race(connect, amend)

        (in_force,) = connect().amendments()
        assert [in_force.policy.fingerprint] * RUNNERS == told

    def test_race_of_an_amendment_with_declarations(self, connect: Callable[[], Register]) -> None:
        """Who declares while the policy is amended goes over with the others, or was too late."""
        connect().open(opening())

        def run(register: Register, runner: int) -> object:
            if runner:
                try:
                    return register.append(event(f"s-{runner}"), expected=0)
                except Superseded as told:
                    return told.in_force
            while not register.amendments():
                known = register.studios()
                try:
                    expected = {studio: len(register.events(studio)) for studio in known}
                    register.amend(amendment(), expected=expected, events=map(moved, known))
                except Conflict:
                    continue
            return None

        race(connect, run)

        register = connect()
        assert dict.fromkeys(register.studios(), ("record", "amend")) == {
            studio: tuple(kept.action for kept in register.events(studio))
            for studio in register.studios()
        }
