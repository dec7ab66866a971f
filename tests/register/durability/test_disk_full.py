"""A disk may be full: nothing is half written, and it goes on once there is room."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from studioflow.register import Register, SqliteRegister, StorageFailed, verify
from tests.register.durability.writing import append_next, forked

_FAR = 100_000


def fill(register: Register, first: int) -> tuple[int, str]:
    """Append until that fails; return how many events there are, and why it failed."""
    for number in range(first, _FAR):
        try:
            append_next(register, number)
        except StorageFailed as error:
            return number, error.why
    raise AssertionError


def test_fault_5_no_page_left(tmp_path: Path) -> None:
    """Where there is no page left, that is told; reading goes on, and writing when there is."""
    register = SqliteRegister(tmp_path / "register.db")
    append_next(register, 0)
    with register.database.reading() as cursor:
        (pages,) = cursor.one("PRAGMA page_count") or (0,)
        cursor.all(f"PRAGMA max_page_count = {pages + 4}")
    written, why = fill(register, 1)

    assert "disk_full" == why
    assert written == verify(register).events
    with register.database.reading() as cursor:
        cursor.all(f"PRAGMA max_page_count = {_FAR}")
    append_next(register, written)
    checked = verify(register)
    assert checked, checked.explain()
    assert written + 1 == checked.events


def test_fault_5_no_byte_left(tmp_path: Path) -> None:
    """Where the system takes no more bytes, that is told, and what was acknowledged is there."""
    path = tmp_path / "register.db"
    SqliteRegister(path).close()

    def run(pipe: int) -> None:
        limit = 600 * 1024
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        written, why = fill(SqliteRegister(path), 0)
        os.write(pipe, f"{why} {written}".encode())

    with forked(run) as (pipe, _):
        why, number = os.read(pipe, 100).decode().split()

    assert why in ("disk_full", "unwritable")
    register = SqliteRegister(path)
    checked = verify(register)
    assert checked, checked.explain()
    assert int(number) == checked.events
    append_next(register, checked.events)
