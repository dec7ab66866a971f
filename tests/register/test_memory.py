"""The register in memory keeps to the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from studioflow.register import MemoryRegister, Register, Slot
from studioflow.testing.registers import RegisterConformance
from studioflow.testing.registers.machine import RegisterMachine
from tests.register.conftest import event


class TestMemoryRegister(RegisterConformance):
    """The whole contract; in memory every thread has the same object."""

    @pytest.fixture
    def connect(self) -> Callable[[], Register]:
        """How to reach one empty register."""
        register = MemoryRegister()
        return lambda: register


TestMachine = RegisterMachine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_what_is_taken_may_depend_on_the_register() -> None:
    """Slots may come from a generator that itself asks the register, without a deadlock."""
    register = MemoryRegister()

    def slots() -> Iterator[Slot]:
        for number in range(2 - len(register.studios())):
            yield Slot(f"place-{number}")

    register.append(event(), expected=0, take=slots())

    assert ("s-01",) == register.holders("place-1")


def test_registers_are_independent() -> None:
    """What one register keeps, another one does not know."""
    MemoryRegister().append(event(), expected=0, take=[Slot("place")])

    assert ((), ()) == (MemoryRegister().studios(), MemoryRegister().holders("place"))
