"""What it costs to sweep a grid: a thousand variations of the reference policy, 100,000 studios.

Every fact is known, and was checked before the clock runs; all answer with the sum, the least and
the most of the totals, and with how many studios are eligible, rise and fall. The rivals are
written for this one grid: a lazy Polars query for each variation, of which a few are timed and
scaled up; and Polars with each different column computed once. What it takes to build the policies
is a row of its own.

Target: at most 1.5 times hand-factored Polars.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from cohort_studios import READ
from sweep_by_hand import CAPS, EACHES, NORMS, RESEARCH, Row, each, factored

from studioflow import load_policy
from studioflow.cohort import check_cohort, generate_cohort
from studioflow.lab.sweeping import Grid, Sweep, Variations, sweep
from studioflow.policy import Policy

LIBRARY = "a sweep"
BUILDING = "building the policies"
FACTORED = "hand-factored Polars"
EACH = "a lazy Polars query for each"
LIMIT = 1.5
STUDIOS = 100_000
QUICK = 2_000
SAMPLE = 20
"""So many variations of a query each are timed; they all take the same."""


def grid(norms: int = len(NORMS)) -> Grid:
    """Return the grid, or the first part of it."""
    return Grid(
        {
            "criteria/5.2.2/norm": NORMS[:norms],
            "criteria/5.2.4/each": tuple(map(Decimal, EACHES)),
            "criteria/5.4.2/cap/cap_5": CAPS,
            "criteria/5.3.1/cases/1/points": RESEARCH,
        }
    )


def rows_of(found: Sweep) -> list[Row]:
    """Return what the rivals return."""
    rows: list[Row] = []
    for outcome in found.outcomes:
        points = (outcome.points, outcome.least or 0, outcome.most or 0)
        ends = (each * 4 for each in points)
        counts = (outcome.eligible, outcome.rising, outcome.falling)
        rows.append((*map(int, ends), *counts))  # type: ignore[arg-type] # six of them
    return rows


def timed(
    rivals: Mapping[str, tuple[Callable[[], object], float]], rounds: int
) -> dict[str, float]:
    """Return the median seconds of each; the first round warms the caches."""
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(rounds + 1):
        for name in random.sample(list(rivals), len(rivals)):
            run, scale = rivals[name]
            start = perf_counter()
            run()
            if turn:
                taken[name].append((perf_counter() - start) * scale)
    return {name: statistics.median(times) for name, times in taken.items()}


def curve(policy: Policy, rounds: int) -> list[dict[str, Any]]:
    """Return what more studios, and more variations, cost."""
    rows = []
    sizes = [(studios, len(NORMS)) for studios in (1_000, 10_000, 100_000, 1_000_000)]
    sizes += [(STUDIOS, norms) for norms in (1, 2, 5)]
    for studios, norms in sizes:
        checked = check_cohort(policy, generate_cohort(policy, studios=studios, seed=8))
        variations = Variations(policy, grid(norms))
        name = f"{LIBRARY}: {len(variations.grid)} variations of {studios} studios"
        times = timed({name: (lambda v=variations, c=checked: sweep(policy, v, c), 1)}, rounds)
        rows.append({"what": name, "median_s": round(times[name], 6)})
        print(f"{name:60} {times[name] * 1e3:10.1f} ms")
    return rows


def main() -> None:
    """Check that all agree, time them, and print medians, ratios and targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few studios, to see that it runs")
    parser.add_argument("--curve", action="store_true", help="other sizes besides")
    options = parser.parse_args()
    policy = load_policy("yongjia-2023")
    cohort = generate_cohort(policy, studios=QUICK if options.quick else STUDIOS, seed=8)
    checked, variations = check_cohort(policy, cohort), Variations(policy, grid())
    frame = cohort.select(READ).lazy()
    wanted = factored(frame)
    found = sweep(policy, variations, checked)
    if not found.factored or rows_of(found) != wanted or each(frame, SAMPLE) != wanted[:SAMPLE]:
        raise AssertionError("they do not agree")
    times = timed(
        {
            LIBRARY: (lambda: sweep(policy, variations, checked), 1),
            BUILDING: (lambda: Variations(policy, grid()), 1),
            FACTORED: (lambda: factored(frame), 1),
            EACH: (lambda: each(frame, SAMPLE), len(wanted) / SAMPLE),
        },
        2 if options.quick else 9,
    )
    rows = []
    for name, median in sorted(times.items(), key=lambda row: row[1]):
        ratio = round(median / times[FACTORED], 2)
        rows.append({"what": name, "median_s": round(median, 6), "ratio": ratio, "to": FACTORED})
        print(f"{name:60} {median * 1e3:10.1f} ms {ratio:8.2f}")
    value = round(times[LIBRARY] / times[FACTORED], 3)
    what = f"{LIBRARY} to {FACTORED}"
    targets = [{"what": what, "value": value, "limit": LIMIT, "met": value <= LIMIT}]
    print(f"{what}: {value} of {LIMIT}, {'met' if value <= LIMIT else 'missed'}")
    if options.curve:
        rows += curve(policy, 3)
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "sweep",
            "rows": rows,
            "targets": targets,
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
