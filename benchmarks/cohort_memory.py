"""How much memory a rival takes beside the columns it is given, in a process of its own."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import polars as pl
from cohort_rivals import RIVALS

from studioflow import load_policy

__all__ = ["peak"]

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
KB = 1024


def peak(name: str, studios: Path) -> int | None:
    """Return the bytes at the peak, beside the columns as prepared; None where none can be told.

    Args:
        name: of the rival.
        studios: an Arrow stream.
    """
    if not RESET.exists():
        return None
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, name, studios).result()


def _measured(name: str, studios: Path) -> int:
    policy = load_policy("yongjia-2023")
    frame = pl.read_ipc_stream(studios).rechunk()
    RIVALS[name](policy, frame.head(1000).rechunk()).run()  # what is compiled or loaded first
    rival = RIVALS[name](policy, frame)
    RESET.write_text("5", encoding="ascii")  # the peak starts from here
    before = _kilobytes("VmRSS")
    made = rival.run()
    grown = _kilobytes("VmHWM") - before
    del made
    return max(0, grown) * KB


def _kilobytes(key: str) -> int:
    for line in STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1])
    raise KeyError(key)
