"""What `import studioflow` costs beyond its four dependencies, in fresh processes.

The target of `import studioflow` is 15 ms beyond them, by the difference of the medians.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
from pathlib import Path

DEPENDENCIES = "attrs, cattrs, pluggy, transitions"
RIVALS = {
    "the four dependencies": f"import {DEPENDENCIES}",
    "import studioflow": f"import {DEPENDENCIES}, studioflow",
    "every public name": f"import {DEPENDENCIES}; from studioflow import *",
}
LIMIT_MS = 15
TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def seconds(statement: str) -> float:
    """Return how long a fresh interpreter takes for a statement."""
    command = [sys.executable, "-c", TIMED.format(statement)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Interleave the rivals round by round in random order, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it runs")
    options = parser.parse_args()
    taken: dict[str, list[float]] = {name: [] for name in RIVALS}
    for number in range(3 if options.quick else 40):
        for name in random.sample(list(RIVALS), len(RIVALS)):
            time = seconds(RIVALS[name])
            if number:  # the first round warms the caches
                taken[name].append(time)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = medians["the four dependencies"]
    rows = [
        {
            "what": name,
            "median_s": round(median, 5),
            "ratio": round(median / base, 3),
            "to": "the four dependencies",
        }
        for name, median in medians.items()
    ]
    for name, median in medians.items():
        print(f"{name:24} {median * 1000:8.1f} ms  {median / base:6.2f}")
    beyond = round((medians["import studioflow"] - base) * 1000, 1)
    target = {
        "what": "import studioflow beyond its dependencies (ms)",
        "value": beyond,
        "limit": LIMIT_MS,
        "met": beyond <= LIMIT_MS,
    }
    print(f"{target['what']}: {beyond} of {LIMIT_MS}, {'met' if target['met'] else 'missed'}")
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "imports",
            "rows": rows,
            "targets": [target],
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
