"""Files that are there as a whole or not at all, and never take the place of another one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.register.errors import StorageFailed
from studioflow.text import message

__all__ = ["written_beside"]

FILE_EXISTS = message(
    "new_file",
    zh="尚不存在的文件：不覆盖任何文件",
    en="a file that is not there yet: nothing is ever written over",
)
_DISK_FULL = (28, 122)
"""ENOSPC and EDQUOT; the latter is not everywhere in `errno`."""


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Give the path of a file to write, which is renamed once it is on the disk.

    Raises:
        InputError: where there is a file of that name.
        StorageFailed: where it can not be written.
    """
    if path.exists():
        found = wrong(FILE_EXISTS, path.name)
        raise InputError(problem.under("path") for problem in found.problems)
    beside = path.with_name(f"{path.name}.part")
    try:
        _remove(beside)
        yield beside
        _sync(beside)
        beside.replace(path)
        _sync(path.parent)
    except OSError as error:
        detail = f"{path.name}: {error.strerror}"
        is_full = error.errno in _DISK_FULL
        raise StorageFailed("disk_full" if is_full else "unwritable", detail) from error
    finally:
        _remove(beside)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # a folder can not be opened there, nor has it to be
    opened = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
