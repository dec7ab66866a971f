"""What every register keeps to where all of it is read, copied or partly erased."""

from __future__ import annotations

import pytest

from studioflow.errors import InputError
from studioflow.register import Erasure, MemoryRegister, Register, Slot
from studioflow.testing.registers.reached import Reached
from studioflow.testing.registers.samples import (
    CLERK,
    NINE,
    amendment,
    event,
    moved,
    opening,
)


def fill(register: Register) -> None:
    """Keep something of each kind."""
    register.open(opening())
    register.append(event("s-02", remark="领衔人甲"), expected=0, take=[Slot("place", 2)])
    register.append(event("s-01", key="k-1"), expected=0, digest="sha256:1", tell=["log"])
    register.append(event("s-02", remark="二"), expected=1, take=[Slot("x")], free=["place"])
    register.amend(
        amendment(), expected=None, events=[moved("s-01")], take={"s-01": [Slot("place", 2)]}
    )


def erasure(**versions: int) -> Erasure:
    """Return an erasure of the remark of one event of each studio."""
    paths = {studio: {version: ("remark",)} for studio, version in versions.items()}
    return Erasure(paths=paths, by=CLERK, reason="本人要求", recorded=NINE)


def read(register: Register) -> object:
    """Return what a programme reads of it."""
    return (
        register.register_id,
        register.opening(),
        register.amendments(),
        {studio: register.events(studio) for studio in register.studios()},
        register.holders("place"),
        register.holders("x"),
        register.kept("p-01", "k-1"),
        [(change.event, change.version) for change in register.changes()],
    )


class WholesConformance(Reached):
    """A register comes out as lines, goes into another one as lines, and forgets."""

    def test_lines(self, register: Register) -> None:
        """Everything is there, each kind in its place."""
        fill(register)

        kinds = [line.kind for line in register.lines()]
        assert ["meta", "opening", "amendment", *["event"] * 4] == kinds[:7]
        assert (2, 2) == (kinds.count("studio"), kinds.count("holder"))

    def test_out_and_in(self, register: Register) -> None:
        """Another register that loads its lines says the same of everything."""
        fill(register)
        other = MemoryRegister()
        other.load(register.lines())

        assert read(register) == read(other)
        assert [*register.lines()] == [*other.lines()]

    def test_in_and_on(self, register: Register) -> None:
        """A register that was loaded from another one's lines goes on where that one stopped."""
        other = MemoryRegister()
        fill(other)
        register.load(other.lines())
        for each in (register, other):
            each.append(event("s-02"), expected=2)
            each.append(event("s-03", policy=amendment().policy), expected=0)

        assert read(other) == read(register)

    def test_never_written_over(self, register: Register) -> None:
        """A register that has anything loads nothing."""
        other = MemoryRegister()
        fill(other)
        register.open(opening())
        with pytest.raises(InputError):
            register.load(other.lines())

        assert (opening(), ()) == (register.opening(), register.studios())

    def test_fault_32_forgotten(self, register: Register) -> None:
        """What was erased is gone; all else stays, and the chain of hashes is what it was."""
        fill(register)
        hashes = [line.fields["hash"] for line in register.lines() if line.kind == "event"]
        given = erasure(**{"s-02": 1})

        assert (1, 0) == (register.forget(given), register.forget(given))
        assert [None, "二"] == [each.remark for each in register.events("s-02")]
        after = [*register.lines()]
        assert hashes == [line.fields["hash"] for line in after if line.kind == "event"]
        assert 2 == [line.kind for line in after].count("erasure")
        assert not any("领衔人甲" in repr(dict(line.fields)) for line in after)

    def test_goes_on_after_an_erasure(self, register: Register) -> None:
        """A studio of which something was erased goes on as before."""
        fill(register)
        register.forget(erasure(**{"s-02": 1}))

        assert event("s-02") == register.append(event("s-02"), expected=2)
