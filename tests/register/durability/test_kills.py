"""A writing process may be killed at any moment: what it was told is written, is."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from studioflow.register import SqliteRegister, verify
from tests.register.conftest import CLERK
from tests.register.durability.writing import (
    STUDIOS,
    acknowledged,
    append_next,
    forked,
    writes_for_ever,
)


def kill_again_and_again(path: Path, times: int, seed: int) -> int:
    """Kill a writer many times; check after each time, and return how many events there are."""
    chance, following = random.Random(seed), 0  # noqa: S311 - no secret
    for _ in range(times):
        first = following
        with forked(lambda pipe: writes_for_ever(lambda: SqliteRegister(path), first, pipe)) as (  # noqa: B023 - it runs before the next round
            pipe,
            kill,
        ):
            time.sleep(chance.uniform(0.005, 0.12))
            kill()
            told = acknowledged(pipe)
        register = SqliteRegister(path)
        kept = sum(len(register.events(name)) for name in register.studios())
        following = max([first, *(number + 1 for number in told)])

        # At most the one that was under way is there besides.
        assert kept - following in (0, 1)
        for number in (following - 1, following):
            if 0 <= number < kept:
                found = register.kept(CLERK.id, f"k-{number}")
                assert found is not None
                assert f"备注 {number}" == found.event.remark
                assert 1 == len(register.holders(f"evidence-{number}"))
        register.close()
    return following


def test_fault_4_killed(tmp_path: Path) -> None:
    """After a dozen kills nothing acknowledged is lost, and the writer goes on where it was."""
    path = tmp_path / "register.db"
    kept = kill_again_and_again(path, 12, seed=1)
    register = SqliteRegister(path)
    checked = verify(register)

    assert kept > STUDIOS
    assert checked, checked.explain()
    assert checked.events - kept in (0, 1)
    append_next(register, checked.events)


@pytest.mark.slow
def test_fault_4_killed_hundreds_of_times(tmp_path: Path) -> None:
    """So it is after hundreds of kills."""
    path = tmp_path / "register.db"
    kept = kill_again_and_again(path, 300, seed=2)
    checked = verify(SqliteRegister(path))

    assert kept > 300
    assert checked, checked.explain()
