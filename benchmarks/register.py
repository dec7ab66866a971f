"""What a durable command costs, what replay costs, and whether either grows with the register.

Everybody keeps the same events: chained, with the key of the command, with a notice for one
subscriber, each on the disk before the next one begins. Rivals are `sqlite3`, SQLAlchemy Core and
psycopg by hand with the same tables and the same codec, and `eventsourcing`, which does less.
Targets are ratios of times: 1.18 is 0.85 of the rival's speed, 1.25 is 0.8, 1.43 is 0.7.

`--curve 10000000` besides fills registers of up to so many events, seven gigabytes for that, and
holds the largest one against an empty one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from register_appends import (
    CACHED,
    CORE,
    EVENT_SOURCING,
    FOLDING,
    ON_POSTGRESQL,
    OURS,
    PSYCOPG,
    RAW,
    appended,
)
from register_commands import Times, history
from register_curve import READING, Size, curve
from register_replay import BARE, BARE_BY_HAND, SAMPLE, SAMPLE_BY_HAND, replayed

LIMITS = (
    (OURS, RAW, 1.18),
    (OURS, CORE, 1),
    (OURS, EVENT_SOURCING, 0.5),
    (OURS, CACHED, 0.5),
    (FOLDING, CACHED, 1),
    (ON_POSTGRESQL, PSYCOPG, 1.25),
    (SAMPLE, SAMPLE_BY_HAND, 1.43),
    (BARE, BARE_BY_HAND, 1.43),
)
FLAT = 1.25
"""What the largest register may cost of an empty one."""
STEP, SMALLEST = 10, 10_000

Rows = list[dict[str, Any]]


def ratio(taken: Times, what: str, to: str) -> float:
    """Return how much slower one is: the median over the rounds, in each of which both had turns.

    The disk is faster in one minute than in another, and for both.
    """
    return statistics.median(a / b for a, b in zip(taken[what], taken[to], strict=True))


def held(taken: Times) -> tuple[Rows, Rows]:
    """Print and return what everybody takes, and the targets."""
    rows: Rows = []
    for name, seconds in sorted(taken.items(), key=lambda row: statistics.median(row[1])):
        to = _held_against(name)
        median, times = statistics.median(seconds), round(ratio(taken, name, to), 3)
        rows.append({"what": name, "median_s": round(median, 9), "ratio": times, "to": to})
        print(f"{name:44} {median * 1e6:8.1f} µs {1 / median:9.0f} /s  {times:6.2f} to {to}")
    targets: Rows = [
        {"what": f"{name} to {rival}", "value": round(ratio(taken, name, rival), 2), "limit": limit}
        for name, rival, limit in LIMITS
    ]
    return rows, targets


def _held_against(name: str) -> str:
    for begin, rival in ((BARE, BARE_BY_HAND), (SAMPLE, SAMPLE_BY_HAND)):
        if name.startswith(begin):
            return rival
    return PSYCOPG if name in (ON_POSTGRESQL, PSYCOPG) else RAW


def grown(sizes: list[Size]) -> tuple[Rows, Rows]:
    """Print and return what each operation takes in registers that grow, and the targets.

    Opening and appending are held against an empty register. What reads needs something to read,
    and is held against the smallest one that has it.
    """
    rows: Rows = []
    targets: Rows = []
    for each in sizes:
        row: dict[str, Any] = {"what": f"{each.events} events", "file_mb": round(each.megabytes, 1)}
        rows.append(row)
        print(f"{each.events} events, {each.megabytes:.1f} MB")
        for what, median in each.medians.items():
            base = sizes[what in READING]
            times = round(median / base.medians[what], 2)
            named = {"what": f"{what}, {each.events} events", "to": f"{base.events} events"}
            rows.append({**named, "median_s": round(median, 9), "ratio": times})
            print(f"    {what:40} {median * 1e6:9.1f} µs {times:6.2f} to {base.events} events")
            if each is sizes[-1]:
                said = f"{what}, {each.events} events to {base.events}"
                targets.append({"what": said, "value": times, "limit": FLAT})
    return rows, targets


def main() -> None:
    """Check that all agree, time them, and print medians, ratios and targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it runs")
    parser.add_argument("--curve", type=int, default=0, metavar="N", help="up to so many events")
    # The system's temporary folder may be in memory, where nothing has to reach a disk.
    parser.add_argument("--dir", type=Path, default=Path.cwd(), help="a folder on a real disk")
    options = parser.parse_args()
    happens, rounds = history(), 3 if options.quick else 60
    with tempfile.TemporaryDirectory(dir=options.dir, prefix="bench-register-") as name:
        folder = Path(name)
        taken = appended(folder, happens, rounds)
        taken |= replayed(folder, happens, 20 if options.quick else 200, min(rounds, 20))
        rows, targets = held(taken)
        if options.curve:
            sizes = [0, SMALLEST]
            while sizes[-1] * STEP <= options.curve:
                sizes.append(sizes[-1] * STEP)
            more, limits = grown(curve(folder, happens, sizes, rounds))
            rows, targets = rows + more, targets + limits
    for target in targets:
        target["met"] = target["value"] <= target["limit"]
        said = "met" if target["met"] else "missed"
        print(f"{target['what']}: {target['value']} of {target['limit']}, {said}")
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "register",
            "rows": rows,
            "targets": targets,
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
