"""Backups: an SQLite register of its own, whatever home it is made from, and checked at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from studioflow.codec import NOT_READABLE, wrong
from studioflow.errors import InputError
from studioflow.register.connect import SqliteRegister
from studioflow.register.errors import Damaged
from studioflow.register.port import Line, Register
from studioflow.register.upkeep import known_schema
from studioflow.register.verification import Checking, Verification, verify
from studioflow.register.written_file import written_beside

__all__ = ["backup", "restore"]


def backup(register: Register, path: Path) -> Verification:
    """Write a copy of a register into an SQLite file, while others go on writing.

    Args:
        register: of any home.
        path: of a file that is not there yet; it gets its name once it is whole and checked.

    Returns:
        What the check of the copy found: nothing.

    Raises:
        InputError: where there is a file of that name.
        Damaged: where the register is not whole; nothing is left behind.
        TooNew: where the register's tables are of a newer release.
        StorageFailed: where there is no room for it.
    """
    from studioflow.register.homes.sqlite_backup import check_pages  # costs milliseconds

    with written_beside(path) as beside:
        copy, checking = SqliteRegister(beside), Checking()
        try:
            copy.load(_checked(register, checking))
            # The register itself: the copy's studios and holders were folded anew.
            _refuse(checking.finish(), path)
            checked = verify(copy)
        finally:
            copy.close()
        _refuse(checked, path)
        check_pages(beside)
    return checked


def _checked(register: Register, checking: Checking) -> Iterator[Line]:
    for line in known_schema(register.lines()):
        checking.take(line)
        yield line


def _refuse(checked: Verification, path: Path) -> None:
    if not checked:
        raise Damaged(f"{path.name}: {checked.findings[0].place}")


def restore(path: Path, register: Register) -> Verification:
    """Keep what is in a backup in an empty register, once the backup was checked.

    What was erased after the backup was made is there again: erase it again, as the journal of the
    newer register has it.

    Args:
        path: of the backup, which stays as it is.
        register: that has nothing in it, of any home.

    Returns:
        What the check of the backup found: nothing.

    Raises:
        InputError: for a file that is no backup, and for a register that is not empty.
        Damaged: where the backup is not whole.
        TooNew: where the backup's tables are of a newer release.
    """
    from studioflow.register.homes.sqlite_backup import check_backup, check_pages

    with TemporaryDirectory() as folder:
        # A copy: a backup of an earlier release is brought up to this one.
        own = Path(folder, path.name)
        try:
            for tail in ("", "-wal"):  # somebody's copy of a file in use may have both
                part = path.with_name(path.name + tail)
                if not tail or part.exists():
                    shutil.copyfile(part, own.with_name(part.name))
        except OSError as error:
            found = wrong(NOT_READABLE, f"{path.name}: {error.strerror}")
            raise InputError(problem.under("path") for problem in found.problems) from error
        check_backup(own)
        check_pages(own)
        source = SqliteRegister(own)
        try:
            checked = verify(source)
            _refuse(checked, path)
            register.load(known_schema(source.lines()))
        finally:
            source.close()
    return checked
