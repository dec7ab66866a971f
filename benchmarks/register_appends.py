"""Everybody who keeps commands, in turns, and whether they have kept the same."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter

import psycopg
from register_by_hand import CoreByHand, SqliteByHand
from register_commands import EVENTS, Answer, Command, Rival, Times, answer, commands
from register_library import Commands, Library
from register_peers import EventSourcing
from register_postgresql import PsycopgByHand, engine, server

from studioflow.studio import Event

__all__ = [
    "CACHED",
    "COMMAND",
    "CORE",
    "EVENT_SOURCING",
    "FOLDING",
    "ON_POSTGRESQL",
    "OURS",
    "PSYCOPG",
    "RAW",
    "appended",
]

OURS, RAW, CORE = "an append, SQLite", "sqlite3 by hand", "SQLAlchemy Core by hand, SQLite"
ENGINE = "an append, SQLite through SQLAlchemy"
FOLDING, COMMAND = "read, fold, append, SQLite", "a command of a programme, SQLite"
EVENT_SOURCING, CACHED = "eventsourcing, SQLite", "eventsourcing, SQLite, cached"
ON_POSTGRESQL, PSYCOPG = "an append, PostgreSQL", "psycopg by hand"
_FILES = {OURS: "ours", RAW: "raw", CORE: "core", ENGINE: "engine", FOLDING: "folding"}


def appended(folder: Path, happens: tuple[Event, ...], rounds: int) -> Times:
    """Return what everybody takes for a command, in turns and in random order.

    Raises:
        AssertionError: where two have kept something else.
    """
    taken: Times = {}
    with server(folder / "postgresql") as address, _rivals(folder, address) as rivals:
        programme = Commands(folder / "programme.db")
        timed: Mapping[str, Callable[[list[Command]], None]] = {
            **{name: _keeping(rival) for name, rival in rivals.items()},
            COMMAND: lambda lot: [programme.act() for _ in lot] and None,
        }
        for number, lot in enumerate(islice(commands(happens), rounds + 1)):
            for name in random.sample(list(timed), len(timed)):
                start = perf_counter()
                timed[name](lot)
                seconds = (perf_counter() - start) / len(lot)
                if number:  # the first round warms the caches
                    taken.setdefault(name, []).append(seconds)
            if number in (0, rounds):
                _agreed(folder, address, rivals, lot)
        programme.close()
    return taken


@contextmanager
def _rivals(folder: Path, address: str) -> Iterator[dict[str, Rival]]:
    files = {name: folder / f"{file}.db" for name, file in _FILES.items()}
    owned = engine(address)
    rivals: dict[str, Rival] = {
        OURS: Library(files[OURS]),
        RAW: SqliteByHand(files[RAW]),
        CORE: CoreByHand(files[CORE]),
        ENGINE: Library(f"sqlite:///{files[ENGINE]}"),
        FOLDING: Library(files[FOLDING], folds=True),
        EVENT_SOURCING: EventSourcing(folder / "eventsourcing.db", cached=False),
        CACHED: EventSourcing(folder / "cached.db", cached=True),
        ON_POSTGRESQL: Library(owned),
        PSYCOPG: PsycopgByHand(address),
    }
    try:
        yield rivals
    finally:
        for rival in rivals.values():
            rival.close()
        owned.dispose()


def _keeping(rival: Rival) -> Callable[[list[Command]], None]:
    keep = rival.keep

    def all_of(lot: list[Command]) -> None:
        for event, expected in lot:
            keep(event, expected)

    return all_of


def _agreed(folder: Path, address: str, rivals: Mapping[str, Rival], lot: list[Command]) -> None:
    kept: dict[str, Answer] = {}
    for name, file in _FILES.items():
        with closing(sqlite3.connect(folder / f"{file}.db")) as connection:
            kept[name] = answer(connection.execute)
    with psycopg.connect(address) as connection:
        for name, prefix in ((ON_POSTGRESQL, "bench"), (PSYCOPG, "hand")):
            kept[name] = answer(lambda query: connection.execute(query.encode()), prefix)
    for name, found in kept.items():
        if found != kept[RAW]:
            raise AssertionError(name)
    heads, (events, keys, notices) = kept[RAW]
    if not events == keys == notices == len(heads) * EVENTS:
        raise AssertionError(events, keys, notices, len(heads))
    last = lot[-1].event
    for name in (EVENT_SOURCING, CACHED):
        rival = rivals[name]
        assert isinstance(rival, EventSourcing)  # noqa: S101 - for mypy
        if (rival.counted(), rival.state(last.studio)) != (events, (last.dest, EVENTS)):
            raise AssertionError(name)
