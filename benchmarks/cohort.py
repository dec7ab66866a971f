"""What it costs to score a cohort: low and high total and eligibility of a million studios.

The reference policy, every gate and criterion, with about one value in twenty missing. The rivals
are written for this one policy; each has the columns in the form that suits it before the clock
runs, and none of them checks anything. What the library's own check takes is a row of its own.
"hand-written Polars" computes in 64 bits, as the columns come; "16 bits" is tuned; "points and
words" turns its answers into what the library returns. OpenFisca holds its inputs before the clock
runs, and so does the library in its row "columns checked before".

Targets are ratios: at most 1.2 times hand-written Polars of either kind, at most a tenth of
OpenFisca's time, and at most twice the memory of the columns that are read and written.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("NUMBA_NUM_THREADS", "2")  # before numba is imported

import numpy as np
import polars as pl
from cohort_memory import peak
from cohort_rivals import (
    BY_HAND,
    CHECKED,
    EVERYTHING,
    LIBRARY,
    OPENFISCA,
    READING,
    RIVALS,
    TUNED,
    Answers,
    Rival,
)
from cohort_studios import READ, studios

from studioflow import load_policy
from studioflow.policy import Policy

MILLION = 1_000_000
QUICK = 3_000  # studios
CURVE = (10_000, 100_000, MILLION, 10 * MILLION)
ONE_BY_ONE = 2_000
LIMITS = ((LIBRARY, BY_HAND, 1.2), (LIBRARY, TUNED, 1.2), (CHECKED, OPENFISCA, 0.1))
MOST_MEMORY = 2
MB = 1_000_000
Row = dict[str, Any]


def check(policy: Policy, frame: pl.DataFrame, rivals: Mapping[str, Rival]) -> None:
    """Check that all say the same, and the first studios' sheets as well.

    Raises:
        AssertionError: if they do not.
    """
    asked = rivals[LIBRARY]
    if asked.read is None:
        raise AssertionError(LIBRARY)
    expected = asked.read(asked.run())
    for name, rival in rivals.items():
        if rival.read is not None:
            _agree(name, rival.read(rival.run()), expected)
    sheets = []
    for facts in frame.head(ONE_BY_ONE).drop("studio").iter_rows(named=True):
        sheet = policy.score(facts)
        low, high = sheet.total.range
        sheets.append((low * 2, high * 2, 2 if sheet.eligible is None else sheet.eligible))
    one, other, eligible = (np.array(column, np.int64) for column in zip(*sheets, strict=True))
    _agree("one by one", (one, other, eligible), expected)


def _agree(name: str, answers: Answers, expected: Answers) -> None:
    for found, wanted in zip(answers, expected, strict=True):
        different = np.flatnonzero(found != wanted[: len(found)])
        if len(different):
            row = different[0]
            raise AssertionError(name, int(row), found[row], wanted[row])


def timed(rivals: Mapping[str, Rival], rounds: int) -> dict[str, float]:
    """Return the median seconds of each for all studios; the first round warms the caches."""
    most = max(rival.rows for rival in rivals.values())
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(rounds + 1):
        for name in random.sample(list(rivals), len(rivals)):
            rival = rivals[name]
            start = perf_counter()
            made = rival.run()
            seconds = perf_counter() - start
            del made
            if turn:
                taken[name].append(seconds * most / rival.rows)
    return {name: statistics.median(times) for name, times in taken.items()}


def peaks(frame: pl.DataFrame, names: Sequence[str]) -> dict[str, int]:
    """Return the bytes that each takes at its peak, beside the columns, where that can be told."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "studios.arrow"
        frame.write_ipc_stream(file)
        found = {name: peak(name, file) for name in names}
    return {name: most for name, most in found.items() if most is not None}


def rows_of(times: Mapping[str, float], most: Mapping[str, int], to: str) -> list[Row]:
    """Return the rows of the document, and print them."""
    rows = []
    for name, median in sorted(times.items(), key=lambda row: row[1]):
        ratio = round(median / times[to], 2)
        row: Row = {"what": name, "median_s": round(median, 6), "ratio": ratio, "to": to}
        if name in most:
            row["peak_mb"] = round(most[name] / MB, 1)
        rows.append(row)
        print(f"{name:56} {median * 1e3:10.2f} ms {ratio:8.2f} {row.get('peak_mb', ''):>8}")
    return rows


def curve(policy: Policy, million: pl.DataFrame, rounds: int) -> list[Row]:
    """Return rows for cohorts of several sizes; the largest repeats a smaller one."""
    rows = []
    for size in CURVE:
        times = size // len(million)
        frame = pl.concat([million] * times).rechunk() if times else million.head(size).rechunk()
        # The columns alone: a key that comes twice would be refused.
        keys = pl.int_range(len(frame), eager=True).cast(pl.String).alias("studio")
        frame = frame.with_columns(keys)
        rivals = {name: RIVALS[name](policy, frame) for name in (LIBRARY, BY_HAND, TUNED)}
        taken = timed(rivals, max(3, rounds if size <= MILLION else rounds // 3))
        named = {f"{name}, {len(frame):,} studios": taken[name] for name in rivals}
        rows += rows_of(named, {}, f"{BY_HAND}, {len(frame):,} studios")
    return rows


def targets_of(
    times: Mapping[str, float], most: Mapping[str, int], sizes: Mapping[str, int]
) -> list[Row]:
    """Return the targets, and print them."""
    found = [(f"{name} to {to}", times[name] / times[to], limit) for name, to, limit in LIMITS]
    for name, written in sizes.items():
        if name in most:
            read = sizes[READING]
            value = (read + most[name]) / (read + written)
            found.append((f"peak memory of {name} to the columns", value, MOST_MEMORY))
    targets = []
    for what, exact, limit in found:
        value = round(exact, 3)
        targets.append({"what": what, "value": value, "limit": limit, "met": value <= limit})
        print(f"{what}: {value} of {limit}, {'met' if value <= limit else 'missed'}")
    return targets


def main() -> None:
    """Check that all agree, time them, and print medians, ratios and targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few studios, to see that it runs")
    parser.add_argument("--rows", type=int, help="how many studios")
    parser.add_argument("--curve", action="store_true", help="cohorts of several sizes besides")
    options = parser.parse_args()
    policy = load_policy("yongjia-2023")
    rounds = 2 if options.quick else 15
    frame = studios(policy, options.rows or (QUICK if options.quick else MILLION))
    rivals = {name: prepare(policy, frame) for name, prepare in RIVALS.items()}
    check(policy, frame, rivals)
    times = timed(rivals, rounds)
    sizes = {READING: frame.select(READ).estimated_size()}
    sizes |= {name: rivals[name].run().estimated_size() for name in (LIBRARY, EVERYTHING)}
    del rivals
    most = peaks(frame, (LIBRARY,) if options.quick else list(RIVALS))
    rows = rows_of(times, most, BY_HAND)
    targets = targets_of(times, most, sizes)
    if options.curve:
        rows += curve(policy, frame, rounds)
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "cohort",
            "rows": rows,
            "targets": targets,
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
