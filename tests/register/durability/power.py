"""Files that remember what was written to them and when it was synced, and what a power cut leaves.

Built on apsw, whose VFS is written in Python. The register's own statements and settings run on it;
only the locks are others, since such a file has no shared memory.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import apsw
from attrs import define, field, frozen

from studioflow.register.database import Cursor, Parameters

__all__ = ["Disk", "PoweredDatabase"]

_SECTOR = 512
_names = iter(range(1_000_000))


@frozen
class Op:
    """Something that was done to a file."""

    kind: Literal["write", "truncate", "sync", "delete", "acknowledged"]
    file: str
    offset: int = 0
    data: bytes = field(default=b"", repr=False)


@define
class Disk:
    """Everything that was done, in order."""

    ops: list[Op] = field(factory=list)

    def acknowledge(self, number: int) -> None:
        """Note that somebody was told that a number is kept."""
        self.ops.append(Op("acknowledged", "", number))

    def told_before(self, cut: int) -> int:
        """Return how many were acknowledged before a cut."""
        return sum(op.kind == "acknowledged" for op in self.ops[:cut])

    def cuts(self) -> list[int]:
        """Return the places right before and after each sync and acknowledgement."""
        near = [n for n, op in enumerate(self.ops) if op.kind in ("sync", "acknowledged", "delete")]
        return sorted({place for n in near for place in (n, n + 1)})

    def image(self, cut: int, chance: random.Random) -> dict[str, bytes]:
        """Return the files that a cut may leave: what was synced, and some of what was not."""
        synced = {op.file: n for n, op in enumerate(self.ops[:cut]) if op.kind == "sync"}
        way = chance.choice(("none", "all", "some", "some", "prefix"))
        files: dict[str, bytearray | None] = {}
        stopped: set[str] = set()
        for number, op in enumerate(self.ops[:cut]):
            if op.kind in ("sync", "acknowledged"):
                continue
            durable = number <= synced.get(op.file, -1)
            if op.kind == "delete":
                durable = bool(op.offset)
            if not durable and way == "prefix" and chance.random() < 0.1:
                stopped.add(op.file)
            kept = durable or (
                way == "all"
                or (way == "some" and chance.random() < 0.5)
                or (way == "prefix" and op.file not in stopped)
            )
            if kept:
                _apply(files, op, torn=not durable and way == "some", chance=chance)
        return {name: bytes(data) for name, data in files.items() if data is not None}


def _apply(
    files: dict[str, bytearray | None], op: Op, *, torn: bool, chance: random.Random
) -> None:
    if op.kind == "delete":
        files[op.file] = None
        return
    data = files.get(op.file)
    if data is None:
        data = files[op.file] = bytearray()
    if op.kind == "truncate":
        del data[op.offset :]
        return
    written = op.data
    if torn and len(written) > _SECTOR:
        written = written[: chance.randrange(1, len(written) // _SECTOR + 1) * _SECTOR]
    if len(data) < op.offset:
        data.extend(bytes(op.offset - len(data)))
    data[op.offset : op.offset + len(written)] = written


class _File(apsw.VFSFile):
    def __init__(self, base: str, name: Any, flags: list[int], disk: Disk) -> None:  # noqa: ANN401 - as apsw has it
        super().__init__(base, name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._file = Path(path or "temporary").name
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.ops.append(Op("write", self._file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.ops.append(Op("truncate", self._file, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.ops.append(Op("sync", self._file))
        super().xSync(flags)


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, base="")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: ANN401, N802 - as apsw has it
        return _File("", name, flags, self._disk)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: FBT001, N802 - as SQLite calls it
        # With `sync` its folder is synced; else the file may be there again.
        self._disk.ops.append(Op("delete", Path(name).name, int(sync)))
        super().xDelete(name, sync)


class _Cursor:
    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def all(self, statement: str, parameters: Parameters = {}) -> list[tuple[Any, ...]]:  # noqa: B006 - never changed
        return list(self._connection.execute(statement, dict(parameters)))

    def one(self, statement: str, parameters: Parameters = {}) -> tuple[Any, ...] | None:  # noqa: B006 - never changed
        return next(iter(self.all(statement, parameters)), None)

    def run(self, statement: str, parameters: Parameters = {}) -> int:  # noqa: B006 - never changed
        before = self._connection.total_changes()
        self.all(statement, parameters)
        return self._connection.total_changes() - before

    def many(self, statement: str, rows: Any) -> None:  # noqa: ANN401 - any rows
        for row in rows:
            self.run(statement, row)

    def stream(self, statement: str, parameters: Parameters = {}) -> Iterator[tuple[Any, ...]]:  # noqa: B006 - never changed
        return iter(self.all(statement, parameters))


class PoweredDatabase:
    """A register's database on such files, with the settings of `SqliteFile`.

    Args:
        path: of the file.
        disk: that remembers.
        synchronous: FULL, as the register has it; another, to show what it is for.
    """

    dialect: Literal["sqlite"] = "sqlite"
    owned = True

    def __init__(self, path: Path, disk: Disk, synchronous: str = "FULL") -> None:
        name = f"powered-{next(_names)}"
        self._vfs = _Vfs(name, disk)  # SQLite has it as long as somebody holds it
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        self._connection = apsw.Connection(str(path), vfs=name, flags=flags)
        for pragma in (
            "locking_mode = EXCLUSIVE",
            f"synchronous = {'EXTRA' if synchronous == 'FULL' else synchronous}",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "secure_delete = ON",
            "wal_autocheckpoint = 30",
        ):
            list(self._connection.execute(f"PRAGMA {pragma}"))

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Enter a short reading."""
        yield _Cursor(self._connection)

    snapshot = reading

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Enter a transaction of its own."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield _Cursor(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call it: each writing is kept at its end."""
        call()

    def forgotten(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
