"""Backups are whole, or there are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from studioflow.errors import InputError, StudioflowError
from studioflow.register import (
    Damaged,
    MemoryRegister,
    Register,
    SqliteRegister,
    StorageFailed,
    TooNew,
    anchor_of,
    backup,
    connect,
    restore,
    verify,
)
from studioflow.testing.registers.samples import NINE, event
from tests.register.homes import new_prefix
from tests.register.kept import run, sample_file, written
from tests.register.postgres import Postgres


@pytest.fixture
def engine(server: Postgres) -> Iterator[Engine]:
    """An engine over PostgreSQL."""
    made = server.engine()
    yield made
    made.dispose()


def raw(register: Register) -> list[object]:
    """Return what is kept, without the row on the register itself."""
    return [line for line in register.lines() if line.kind != "meta"]


@pytest.mark.parametrize("home", ["memory", "sqlite", "postgresql"])
def test_there_and_back(home: str, tmp_path: Path, engine: Engine) -> None:
    """From each home into a file, and from it into each home."""

    def made() -> Register:
        if home == "memory":
            return MemoryRegister()
        if home == "sqlite":
            return SqliteRegister(tmp_path / f"{new_prefix()}.db")
        return connect(engine, prefix=new_prefix())

    one, two, path = made(), made(), tmp_path / "backup.db"
    kept = written(one)
    assert backup(one, path).whole
    assert restore(path, two).events == 5
    assert (raw(two), two.register_id) == (raw(one), one.register_id)
    assert verify(two, anchor_of(one)).whole
    assert two.events("s-01") == kept[:3]
    two.append(event(), expected=3)
    assert verify(two, anchor_of(one)).whole


def test_others_go_on_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The backup is of one moment: what is written in the middle of it is not in it."""
    register = SqliteRegister(tmp_path / "a.db")
    written(register)
    before, lines = anchor_of(register, NINE), register.lines

    def interrupted() -> object:
        for line in lines():
            if line.kind == "opening":
                SqliteRegister(tmp_path / "a.db").append(event(), expected=3)
            yield line

    monkeypatch.setattr(register, "lines", interrupted)
    backup(register, tmp_path / "b.db")
    assert anchor_of(SqliteRegister(tmp_path / "b.db"), NINE) == before
    assert len(register.events("s-01")) == 4


def test_one_file_by_itself(tmp_path: Path) -> None:
    """A backup needs no log beside it, and nothing is left of its making."""
    register = MemoryRegister()
    written(register)
    backup(register, tmp_path / "b.db")
    assert [each.name for each in tmp_path.iterdir()] == ["b.db"]
    with closing(sqlite3.connect(tmp_path / "b.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """Neither a file nor a register."""
    path = sample_file(tmp_path / "a.db")
    before = path.read_bytes()
    with pytest.raises(InputError) as raised:
        backup(MemoryRegister(), path)
    assert [problem.code for problem in raised.value.problems] == ["new_file"]
    assert path.read_bytes() == before
    register = MemoryRegister()
    written(register)
    with pytest.raises(InputError) as raised:
        restore(path, register)
    assert [problem.code for problem in raised.value.problems] == ["register_not_empty"]


def test_what_is_damaged_gets_no_name(tmp_path: Path) -> None:
    """The place is told, and nothing is left behind."""
    path = sample_file(tmp_path / "a.db")
    run(path, "DELETE FROM studioflow_holders")
    with pytest.raises(Damaged) as raised:
        backup(SqliteRegister(path), tmp_path / "b.db")
    assert raised.value.place.startswith("b.db: ")
    assert not list(tmp_path.glob("b.db*"))


def test_no_folder(tmp_path: Path) -> None:
    """Where nothing can be written, that is told."""
    with pytest.raises(StorageFailed):
        backup(MemoryRegister(), tmp_path / "none" / "b.db")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def _random(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _foreign(path: Path) -> None:
    path.unlink()
    run(path, "CREATE TABLE visits (id INTEGER)")


def _edited(path: Path) -> None:
    run(path, "UPDATE studioflow_events SET body = replace(body, 'operating', 'closed')")


def _newer(path: Path) -> None:
    run(path, "UPDATE studioflow_meta SET value = '9' WHERE name = 'schema'")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_cut, Damaged),
        (_random, InputError),
        (_empty, InputError),
        (_foreign, InputError),
        (_edited, Damaged),
        (_newer, TooNew),
        (Path.unlink, InputError),
    ],
)
def test_only_what_is_whole_is_restored(
    change: Callable[[Path], None], error: type[StudioflowError], tmp_path: Path
) -> None:
    """Anything else is refused, and the register stays empty."""
    path, register = sample_file(tmp_path / "b.db"), MemoryRegister()
    change(path)
    with pytest.raises(error):
        restore(path, register)
    assert raw(register) == []


def test_a_backup_stays_as_it_is(tmp_path: Path) -> None:
    """It is read from a copy."""
    path = sample_file(tmp_path / "b.db")
    before = path.read_bytes()
    restore(path, MemoryRegister())
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["b.db"]


def test_positions_that_ran_in_another_order(tmp_path: Path, engine: Engine) -> None:
    """Where several write at once, a later position may have been kept before: the order stays."""
    prefix = new_prefix()
    register = connect(engine, prefix=prefix)
    for number in range(3):
        register.append(event(f"s-{number}"), expected=0)
    with engine.begin() as connection:
        later = f"UPDATE {prefix}_events SET position = 99 WHERE studio = 's-0'"  # noqa: S608 - ours
        connection.execute(text(later))
    backup(register, tmp_path / "b.db")
    changes = SqliteRegister(tmp_path / "b.db").changes()
    assert [change.event.studio for change in changes] == [
        change.event.studio for change in register.changes()
    ]
