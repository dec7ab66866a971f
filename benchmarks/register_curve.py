"""The curve: what a register costs that has nothing yet, and one with ten million events.

The files are filled with rows as `append` would have written them; a sample is read back by the
library, which checks the chains.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from attrs import define, evolve, field
from register_by_hand import first
from register_commands import EVENTS, SUBSCRIBER

from studioflow import Programme, load_policy
from studioflow.register import Opening, SqliteRegister
from studioflow.register.bodies import written
from studioflow.register.chain import following
from studioflow.studio import EVENT_CODEC, Event

__all__ = ["READING", "Size", "curve"]

READING = ("the events of a studio", "a page of 50 studios", "a page of 50 changes")

_LOT = 10_000
_STUDIOS = _LOT // EVENTS
_BUILT, _NOW = datetime(2010, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
_EACH, _PAGE = 10, 50
_RANDOM = random.Random(7)  # noqa: S311 - it only chooses
_FILLING = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -1500000",  # KiB
)
_EVENT = "INSERT INTO bench_events (studio, version, recorded, body, hash) VALUES (?, ?, ?, ?, ?)"
_KEY = "INSERT INTO bench_keys (actor, key, studio, version, digest) VALUES (?, ?, ?, ?, ?)"
_STUDIO = "INSERT INTO bench_studios (id, version, head) VALUES (?, ?, ?)"


def _name(number: int) -> str:
    return f"s-{number:07}"


class Size(NamedTuple):
    """What a register of so many events takes: its file, and the median seconds of operations."""

    events: int
    megabytes: float
    medians: dict[str, float]


@define
class _Filled:
    """A register of so many events in a file of its own."""

    path: Path
    events: int
    happens: tuple[Event, ...]
    versions: dict[str, int] = field(factory=dict)
    new: int = 0
    clock: datetime = _NOW

    def fill(self) -> None:
        """Make the file.

        Raises:
            AssertionError: where the library reads something else in a sample of it.
        """
        policy = load_policy("yongjia-2023")
        register = SqliteRegister(self.path, prefix="bench")
        register.open(Opening(policy=policy.reference, tables=policy.tables, recorded=_BUILT))
        register.close()
        with closing(sqlite3.connect(self.path)) as connection:
            for statement in _FILLING:
                connection.execute(statement)
            for lot in range(self.events // _LOT):
                self._lot(connection, lot * _STUDIOS)
                connection.commit()
        self.new = self.events // EVENTS
        register = SqliteRegister(self.path, prefix="bench")
        for number in _RANDOM.sample(range(self.new), min(20, self.new)):
            name, events = _name(number), register.events(_name(number))
            plain = [evolve(each, key=None, recorded=None) for each in events]
            if plain != [evolve(each, studio=name) for each in self.happens]:
                raise AssertionError(name)
        register.close()

    def _lot(self, connection: sqlite3.Connection, begin: int) -> None:
        names = [_name(begin + number) for number in range(_STUDIOS)]
        heads = {name: first(name) for name in names}
        bodies = [(_body(each), each.by.id) for each in self.happens]
        position, events, keys = begin * EVENTS, [], []
        for version, (body, actor) in enumerate(bodies, 1):
            for name in names:
                position += 1
                moment = (_BUILT + timedelta(seconds=position)).isoformat(timespec="microseconds")
                key = f"{position * 0x9E3779B97F4A7C15 % 2**64:016x}"  # in no order
                text = body(name, version, moment.replace(".000000", ""), key)
                heads[name] = link = following(heads[name], text)
                events.append((name, version, moment, text, link))
                keys.append((actor, key, name, version, ""))
        connection.executemany(_EVENT, events)
        connection.executemany(_KEY, sorted(keys))
        connection.executemany(_STUDIO, [(name, EVENTS, heads[name]) for name in names])

    def times(self) -> Iterator[tuple[str, float]]:
        """Open it, do each operation some times, and yield how long each one took."""
        start = perf_counter()
        register = SqliteRegister(self.path, prefix="bench")
        register.latest()
        yield "open", perf_counter() - start
        start = perf_counter()
        Programme.open(register=register)
        yield "a programme over it", perf_counter() - start
        for _ in range(_EACH):
            yield "a studio's first event", self._append(register, _name(self.new))
            self.new += 1
            yield "one more event", self._append(register, _name(_RANDOM.randrange(self.new)))
            name = _name(_RANDOM.randrange(self.new))
            start = perf_counter()
            register.events(name)
            yield "the events of a studio", perf_counter() - start
            start = perf_counter()
            register.studios(after=name, limit=_PAGE)
            yield "a page of 50 studios", perf_counter() - start
            after = str(_RANDOM.randrange(self.new))
            start = perf_counter()
            register.changes(after, limit=_PAGE)
            yield "a page of 50 changes", perf_counter() - start
        register.close()

    def _append(self, register: SqliteRegister, name: str) -> float:
        number = int(name.removeprefix("s-"))
        built = EVENTS if number < self.events // EVENTS else 0
        version = self.versions.get(name, built)
        self.clock += timedelta(milliseconds=1)
        key = _RANDOM.randbytes(8).hex()
        event = evolve(self.happens[-1], studio=name, key=key, recorded=self.clock)
        start = perf_counter()
        register.append(event, expected=version, tell=(SUBSCRIBER,))
        taken = perf_counter() - start
        self.versions[name] = version + 1
        return taken


def _body(event: Event) -> Callable[[str, int, str, str], str]:
    """Return what writes the body of an event as `append` does, faster."""
    places = {"studio": "@studio@", "key": "@key@"}
    made = written(evolve(event, recorded=_BUILT, **places), 987654321, EVENT_CODEC).body
    marks = {_BUILT.isoformat(): "{recorded}", "@studio@": "{studio}", "@key@": "{key}"}
    marks["987654321"] = "{version}"
    escaped = made.replace("{", "{{").replace("}", "}}")
    for text, mark in marks.items():
        escaped = escaped.replace(text, mark)
    form = escaped.format
    return lambda studio, version, recorded, key: form(
        studio=studio, version=version, recorded=recorded, key=key
    )


def curve(
    folder: Path, happens: tuple[Event, ...], sizes: Sequence[int], rounds: int
) -> list[Size]:
    """Return what each operation takes in registers of so many events, which take turns."""
    registers = [_Filled(folder / f"{size}.db", size, happens) for size in sizes]
    for register in registers:
        start = perf_counter()
        register.fill()
        print(f"filled {register.events} events in {perf_counter() - start:.0f} s", flush=True)
    taken: dict[int, dict[str, list[float]]] = {size: defaultdict(list) for size in sizes}
    megabytes = [register.path.stat().st_size / 1e6 for register in registers]
    for number in range(rounds + 1):
        for register in _RANDOM.sample(registers, len(registers)):
            for what, seconds in register.times():
                if number:  # the first round warms the caches
                    taken[register.events][what].append(seconds)
    return [
        Size(size, large, {what: statistics.median(times) for what, times in taken[size].items()})
        for size, large in zip(sizes, megabytes, strict=True)
    ]
