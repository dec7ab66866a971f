"""How the tests of a contract reach a register."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studioflow.register import Register


class Reached:
    """Fixtures that every part of the contract starts from."""

    @pytest.fixture
    def connect(self) -> Callable[[], Register]:
        """How to reach one empty register; each thread of a race calls it once."""
        raise NotImplementedError  # every register says how it is reached

    @pytest.fixture
    def register(self, connect: Callable[[], Register]) -> Register:
        """One handle on the register."""
        return connect()
