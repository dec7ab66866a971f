"""Many write at once: whoever is too late is told so, and nothing is ever over its limit."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest

from studioflow.register import (
    Conflict,
    KeyReused,
    Register,
    Slot,
    SlotTaken,
    SqliteRegister,
    connect,
    verify,
)
from tests.register.conftest import event
from tests.register.durability.writing import forked
from tests.register.postgres import Postgres

PLACES = 7
STUDIOS = 12


def write_much(register: Register, rounds: int, seed: int) -> Counter[str]:
    """Race for studios, places and keys; count what came of each attempt."""
    chance, outcomes = random.Random(seed), Counter[str]()  # noqa: S311 - no secret
    for number in range(rounds):
        studio = f"s-{chance.randrange(STUDIOS)}"
        take = [Slot("place", PLACES)] if chance.random() < 0.3 else []
        key = f"k-{chance.randrange(rounds * 4)}" if chance.random() < 0.5 else None
        try:
            version = len(register.events(studio))
            made = event(studio, key=key, remark=f"备注 {seed}/{number}")
            register.append(made, expected=version, take=take, tell=["inbox"])
            outcomes["kept"] += 1
        except (Conflict, SlotTaken, KeyReused) as error:
            outcomes[type(error).__name__] += 1
    return outcomes


def soak(open_register: Callable[[], Register], writers: int, rounds: int) -> Counter[str]:
    """Let processes write at once, and return what came of all their attempts."""

    def run(pipe: int, seed: int) -> None:
        try:
            told: object = write_much(open_register(), rounds, seed)
        except Exception as error:  # noqa: BLE001 - which is what is looked for
            told = {f"{type(error).__name__}: {error}": 1}
        os.write(pipe, json.dumps(told).encode())

    outcomes = Counter[str]()
    with ExitStack() as stack:
        pipes = [
            stack.enter_context(forked(lambda pipe, seed=seed: run(pipe, seed)))[0]  # type: ignore[misc] # mypy does not type such lambdas
            for seed in range(writers)
        ]
        for pipe in pipes:
            outcomes.update(json.loads(_all(pipe)))
    return outcomes


def _all(pipe: int) -> bytes:
    return b"".join(iter(lambda: os.read(pipe, 65536), b""))


def check(register: Register, outcomes: Counter[str], attempts: int) -> None:
    """Check that all attempts came to something that may be, and that all of it holds."""
    checked = verify(register)
    holders = register.holders("place")
    times = [_times(register, name) for name in register.studios()]

    assert outcomes.keys() <= {"kept", "Conflict", "SlotTaken", "KeyReused"}, outcomes
    assert (attempts, outcomes["kept"]) == (outcomes.total(), checked.events)
    assert checked, checked.explain()
    assert len(holders) == PLACES
    assert times == [sorted(each) for each in times]
    register.close()


def _times(register: Register, studio: str) -> list[str]:
    return [f"{each.recorded}" for each in register.events(studio)]


def test_fault_2_processes_on_a_file(tmp_path: Path) -> None:
    """Four processes on one file: conflicts are told, places are never exceeded."""
    path = tmp_path / "register.db"
    outcomes = soak(lambda: SqliteRegister(path), writers=4, rounds=40)

    check(SqliteRegister(path), outcomes, 160)


@pytest.mark.slow
def test_fault_2_processes_on_a_file_for_long(tmp_path: Path) -> None:
    """So it is over thousands of attempts."""
    path = tmp_path / "register.db"
    outcomes = soak(lambda: SqliteRegister(path), writers=4, rounds=1500)

    check(SqliteRegister(path), outcomes, 6000)
    assert outcomes["Conflict"] > 10


def on(server: Postgres) -> Iterable[Callable[[], Register]]:
    """Yield how each process reaches one register on a server."""
    url = server.database()
    connect(url).close()
    yield lambda: connect(url)


def test_fault_2_writers_on_postgresql(server: Postgres) -> None:
    """Eight writers on PostgreSQL: conflicts are told, places are never exceeded."""
    (reached,) = on(server)
    outcomes = soak(reached, writers=8, rounds=25)

    check(reached(), outcomes, 200)


@pytest.mark.slow
def test_fault_2_writers_on_postgresql_for_long(server: Postgres) -> None:
    """So it is over thousands of attempts."""
    (reached,) = on(server)
    outcomes = soak(reached, writers=8, rounds=750)

    check(reached(), outcomes, 6000)
    assert outcomes["Conflict"] > 10
