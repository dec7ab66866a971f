"""What every register keeps to where there is only so much of something."""

from __future__ import annotations

import pytest

from studioflow.register import Register, Slot, SlotTaken
from studioflow.testing.registers.reached import Reached
from studioflow.testing.registers.samples import event

ONE_PLACE = Slot("place", 1)


class SlotsConformance(Reached):
    """Slots are taken up to their limit, held, and given back."""

    def test_holders(self, register: Register) -> None:
        """A slot names its holders, the earliest taking first."""
        for studio in ("s-02", "s-01"):
            register.append(event(studio), expected=0, take=[Slot("place", 2)])

        assert ("s-02", "s-01") == register.holders("place")
        assert () == register.holders("reward:s-01")

    def test_limit_is_reached(self, register: Register) -> None:
        """Where the limit is reached, the slot is named in the error."""
        register.append(event("s-01"), expected=0, take=[ONE_PLACE])
        with pytest.raises(SlotTaken) as caught:
            register.append(event("s-02"), expected=0, take=[ONE_PLACE])

        assert (ONE_PLACE,) == caught.value.slots

    def test_every_slot_that_is_taken(self, register: Register) -> None:
        """All slots whose limits are reached come at once, in the order asked, each once."""
        register.append(event("s-01"), expected=0, take=[ONE_PLACE, Slot("same:1")])
        with pytest.raises(SlotTaken) as caught:
            register.append(
                event("s-02"),
                expected=0,
                take=[Slot("same:1", 1), Slot("free", 1), ONE_PLACE, Slot("same:1", 1)],
            )

        assert (Slot("same:1", 1), ONE_PLACE) == caught.value.slots

    def test_over_the_limit(self, register: Register) -> None:
        """Without a limit one more is taken; it counts where there is a limit again."""
        two = Slot("place", 2)
        register.append(event("s-01"), expected=0, take=[ONE_PLACE])
        register.append(event("s-02"), expected=0, take=[Slot("place")])
        with pytest.raises(SlotTaken):
            register.append(event("s-03"), expected=0, take=[two])

        assert ("s-01", "s-02") == register.holders("place")

    def test_nothing_to_be_had(self, register: Register) -> None:
        """A limit of 0 is reached from the start."""
        with pytest.raises(SlotTaken):
            register.append(event(), expected=0, take=[Slot("place", 0)])

    def test_taken_twice_by_one_event(self, register: Register) -> None:
        """Each entry is one taking, and counts for the ones after it."""
        with pytest.raises(SlotTaken):
            register.append(event(), expected=0, take=[ONE_PLACE, ONE_PLACE])
        register.append(event(), expected=0, take=[Slot("place"), Slot("place")])

        assert ("s-01", "s-01") == register.holders("place")

    def test_freed(self, register: Register) -> None:
        """What a studio gives back, another one can take."""
        register.append(event("s-01"), expected=0, take=[ONE_PLACE])
        register.append(event("s-01"), expected=1, free=["place"])
        register.append(event("s-02"), expected=0, take=[ONE_PLACE])

        assert ("s-02",) == register.holders("place")

    def test_one_taking_is_freed(self, register: Register) -> None:
        """Each name gives back one taking of the event's own studio, its latest."""
        for version, studio in ((0, "s-01"), (0, "s-02"), (1, "s-01")):
            register.append(event(studio), expected=version, take=[Slot("place")])
        register.append(event("s-01"), expected=2, free=["place"])

        assert ("s-01", "s-02") == register.holders("place")

    def test_freed_and_taken(self, register: Register) -> None:
        """An event may take again what it frees."""
        register.append(event(), expected=0, take=[ONE_PLACE])
        register.append(event(), expected=1, take=[ONE_PLACE], free=["place"])

        assert ("s-01",) == register.holders("place")

    def test_freeing_what_is_not_held(self, register: Register) -> None:
        """Freeing what only others hold, or nobody, does nothing, and the event is kept."""
        register.append(event("s-01"), expected=0, take=[ONE_PLACE])
        register.append(event("s-02"), expected=0, free=["place", "reward:s-01"])

        assert ("s-01",) == register.holders("place")
        assert (event("s-02"),) == register.events("s-02")

    def test_a_lone_name(self, register: Register) -> None:
        """A lone text is one name to be freed, and does not fall apart into letters."""
        register.append(event(), expected=0, take=[ONE_PLACE])
        register.append(event(), expected=1, free="place")

        assert () == register.holders("place")
