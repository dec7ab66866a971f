"""A folder for the files that loaders read, on a disk in memory where there is one."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["folder"]

_MEMORY = Path("/dev/shm")  # noqa: S108 - only which disk; the folder in it is a new one


@cache
def folder() -> Path:
    """Return this process's own."""
    made = TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
    atexit.register(made.cleanup)
    return Path(made.name)
