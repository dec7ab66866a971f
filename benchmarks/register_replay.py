"""Replay: every studio of a register read, checked and folded, and the same codec by hand.

By hand the bodies are trusted: nobody looks whether the chain is whole.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import perf_counter

from attrs import evolve
from register_commands import EVENTS, Times, commands

from studioflow import load_policy
from studioflow.codec import from_plain
from studioflow.host import Host
from studioflow.programme import read_batch, run_batch
from studioflow.register import SqliteRegister
from studioflow.studio import EVENT_CODEC, Event, Studio

__all__ = ["BARE", "BARE_BY_HAND", "SAMPLE", "SAMPLE_BY_HAND", "replayed"]

BARE, BARE_BY_HAND = "replay, bare steps", "replay, bare steps, by hand"
SAMPLE, SAMPLE_BY_HAND = "replay, sample studios", "replay, sample studios, by hand"

_EVENTS = "SELECT version, body FROM bench_events WHERE studio = ? ORDER BY version"
_PERSONAL = "SELECT version, path, value FROM bench_personal WHERE studio = ? ORDER BY version"


def _bare_steps(happens: tuple[Event, ...], count: int) -> list[list[Event]]:
    """Return the events of so many studios, each of them a step that brings nothing with it."""
    kept: dict[str, list[Event]] = {}
    for lot in commands(happens):
        for made, _ in lot:
            kept.setdefault(made.studio, []).append(made)
        if len(kept) >= count:
            return list(kept.values())
    raise AssertionError(count)


def _sample_studios(count: int) -> list[list[Event]]:
    """Return the events of so many studios, each like one of the largest sample batch."""
    host = Host.discover()
    sample = max(host.sample_batches.values(), key=lambda each: each.studios)
    batch = read_batch(sample.folder)
    report = run_batch(load_policy(batch.policy, host=host), batch, host=host)
    studios = [
        studio.history for studio in report.studios.values() if len(studio.history) >= EVENTS
    ]
    return [
        [evolve(each, studio=f"s-{number:05}") for each in studios[number % len(studios)]]
        for number in range(count)
    ]


def replayed(folder: Path, happens: tuple[Event, ...], studios: int, rounds: int) -> Times:
    """Return the seconds of each for one event, round by round.

    Raises:
        AssertionError: where the studios are not the same.
    """
    taken: Times = {}
    for what, by_hand, kept in (
        (BARE, BARE_BY_HAND, _bare_steps(happens, studios)),
        (SAMPLE, SAMPLE_BY_HAND, _sample_studios(studios)),
    ):
        path = folder / f"{len(taken)}.db"
        ids, count = [events[0].studio for events in kept], sum(map(len, kept))
        _keep(path, kept)
        warm = SqliteRegister(path, prefix="bench")
        with closing(sqlite3.connect(path)) as connection:
            if not _folded(warm, ids) == _by_hand(connection, ids) == _folded(warm, ids):
                raise AssertionError(what)
            for _ in range(rounds):
                cold = SqliteRegister(path, prefix="bench")
                cold.latest()
                timed: dict[str, Callable[[], object]] = {
                    what: lambda: _folded(cold, ids),  # noqa: B023 - called in this round
                    f"{what}, once more": lambda: _folded(warm, ids),  # noqa: B023
                    by_hand: lambda: _by_hand(connection, ids),  # noqa: B023
                }
                for name in random.sample(list(timed), len(timed)):
                    start = perf_counter()
                    timed[name]()
                    taken.setdefault(name, []).append((perf_counter() - start) / count)
                cold.close()
        warm.close()
    return taken


def _keep(path: Path, studios: list[list[Event]]) -> None:
    register = SqliteRegister(path, prefix="bench")
    for events in studios:
        for version, event in enumerate(events):
            register.append(event, expected=version)
    register.close()


def _folded(register: SqliteRegister, ids: list[str]) -> list[Studio]:
    return [Studio.from_events(each, register.events(each)) for each in ids]


def _by_hand(connection: sqlite3.Connection, ids: list[str]) -> list[Studio]:
    execute, studios = connection.cursor().execute, []
    for each in ids:
        rows = execute(_EVENTS, (each,)).fetchall()
        parts = execute(_PERSONAL, (each,)).fetchall()
        studios.append(Studio.from_events(each, _events(rows, parts)))
    return studios


def _events(rows: list[tuple[int, str]], parts: list[tuple[int, str, str]]) -> list[Event]:
    personal: dict[int, dict[str, object]] = {}
    for version, path, value in parts:
        personal.setdefault(version, {})[path] = from_plain(json.loads(value))
    events = []
    for version, body in rows:
        document = json.loads(body)
        event = EVENT_CODEC.decode(document["event"], 1)
        event.__dict__["recorded"] = datetime.fromisoformat(document["recorded"])
        parts_of = personal.get(version)
        events.append(event.joined(parts_of) if parts_of else event)
    return events
