"""A process that writes, tells what it was told is written, and may die at any moment."""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context

from studioflow.register import Register, Slot
from tests.register.conftest import CLERK, HOUR, NINE, event

__all__ = ["STUDIOS", "acknowledged", "append_next", "forked", "writes_for_ever"]

STUDIOS = 5
_NUMBER = struct.Struct("<q")


def append_next(register: Register, number: int) -> None:
    """Append the event of a number: with a key, a slot, a personal part, and somebody to tell."""
    studio = f"s-{number % STUDIOS}"
    version = len(register.events(studio))
    made = event(studio, key=f"k-{number}", remark=f"备注 {number}", recorded=NINE + HOUR * number)
    taken = [Slot(f"evidence-{number}")]
    register.append(made, expected=version, take=taken, digest=f"d-{number}", tell=["inbox"])


def writes_for_ever(open_register: Callable[[], Register], first: int, pipe: int) -> None:
    """Append events from a number on; each number goes into the pipe once it is kept."""
    register = open_register()
    number = first
    while True:
        if register.kept(CLERK.id, f"k-{number}") is None:
            append_next(register, number)
        os.write(pipe, _NUMBER.pack(number))
        number += 1


@contextmanager
def forked(run: Callable[[int], None]) -> Iterator[tuple[int, Callable[[], None]]]:
    """Run something in a child; yield the end of a pipe to read from, and how to kill it."""
    reading, writing = os.pipe()
    child = get_context("fork").Process(target=run, args=(writing,), daemon=True)
    child.start()
    os.close(writing)

    def kill() -> None:
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()

    try:
        yield reading, kill
    finally:
        if child.is_alive():
            kill()
        os.close(reading)


def acknowledged(pipe: int) -> list[int]:
    """Return every number that came through the pipe of a process that is dead."""
    data = b""
    while more := os.read(pipe, 65536):
        data += more
    whole = len(data) - len(data) % _NUMBER.size
    return [number for (number,) in _NUMBER.iter_unpack(data[:whole])]
