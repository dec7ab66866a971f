"""What a step costs: decided by the gate, with every reason, recorded as an event, and folded.

The rivals set a state where one guard allows it, and give no reason and no event. Targets are
ratios: a step at most what the stock machine of `transitions` takes for its bare one, a denial with
all its reasons twice that, and folding a studio from its events twice what constructing it takes.
Then many studios are held at once, and let go: nothing may keep them alive.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import tracemalloc
import weakref
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from attrs import evolve, fields
from lifecycle_rivals import RIVALS

from studioflow import Actor, Denied, load_policy
from studioflow.lifecycle import Lifecycle
from studioflow.people import Person
from studioflow.studio import Application, Studio

STEP, BRINGS = "an allowed step", "an allowed step that brings facts"
DENIAL, UNMET = "a denial: state, role and day", "a denial: state, role, people, conditions"
AVAILABLE = "available: every step of the policy"
FOLD, CONSTRUCT = "a studio from its events", "the same studio constructed"
STOCK = "stock transitions, one machine"
LIMITS = ((STEP, STOCK, 1), (DENIAL, STOCK, 2), (UNMET, STOCK, 2), (FOLD, CONSTRUCT, 2))
DAY = date(2023, 4, 14)
COMMITTEE = Actor("p-07", unit="bureau", roles={"bureau_committee"})
NOBODY = Actor("p-00", unit="elsewhere")
HOST = Actor("p-01", unit="样例学校", roles={"host_party"})
COMPLETE = {"application_complete": True}
PLACES: dict[str, Any] = {"places_left": 3}


def declared(lifecycle: Lifecycle) -> Studio:
    """Return a studio that may be approved."""
    application = Application(
        name="样例工作室",
        unit="样例学校",
        lead=Person("lead-a", "领衔人甲"),
        members=tuple(Person(f"member-{n}", f"成员{n}") for n in range(7)),
    )
    studio, on = Studio(id="s-01"), date(2023, 3, 22)
    step = lifecycle.act("declare", studio, by=HOST, on=on, application=application, facts=COMPLETE)
    return step.studio


def steps(lifecycle: Lifecycle) -> dict[str, Callable[[], object]]:
    """Return what is timed of ours.

    Raises:
        AssertionError: if it does not say what it has to.
    """
    studio = declared(lifecycle)
    approved = lifecycle.act("approve", studio, by=COMMITTEE, on=DAY, **PLACES).studio
    values = {each.name: getattr(approved, each.name) for each in fields(Studio)}
    late = date(2029, 1, 1)

    def step() -> str:
        return lifecycle.act("approve", studio, by=COMMITTEE, on=DAY, **PLACES).studio.state

    def brings() -> str:
        step = lifecycle.act("approve", studio, by=COMMITTEE, on=DAY, facts=COMPLETE, **PLACES)
        return step.studio.state

    def denial() -> tuple[str, ...]:
        return refused("approve", approved, NOBODY, late)

    def unmet() -> tuple[str, ...]:
        return refused("plaque", studio, HOST, DAY)

    def refused(action: str, before: Studio, by: Actor, on: date) -> tuple[str, ...]:
        try:
            lifecycle.act(action, before, by=by, on=on, places_left=0)
        except Denied as no:
            return tuple([reason.code for reason in no.reasons])
        raise AssertionError(before)

    if denial() != ("wrong_state", "wrong_role", "quota"):
        raise AssertionError(denial())
    if unmet() != ("wrong_state", "wrong_role", "own_unit", "condition_open", "condition_open"):
        raise AssertionError(unmet())
    if brings() != step():
        raise AssertionError(brings())
    if not Studio.from_events("s-01", approved.history) == Studio(**values) == approved:
        raise AssertionError(approved)
    return {
        STEP: step,
        BRINGS: brings,
        DENIAL: denial,
        UNMET: unmet,
        AVAILABLE: lambda: lifecycle.available(studio, by=COMMITTEE, on=DAY, **PLACES),
        FOLD: lambda: Studio.from_events("s-01", approved.history),
        CONSTRUCT: lambda: Studio(**values),
    }


def medians(lifecycle: Lifecycle, rounds: int) -> dict[str, float]:
    """Return the median seconds of each, one after the other at random in each round.

    Raises:
        AssertionError: if a rival comes to another state.
    """
    ours = steps(lifecycle)
    rivals: dict[str, Callable[[], object]] = {name: make() for name, make in RIVALS.items()}
    for name, rival in rivals.items():
        if rival() != ours[STEP]():
            raise AssertionError(name)
    timed = ours | rivals
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name in random.sample(list(timed), len(timed)):
            once, times = timed[name], 20
            start = perf_counter()
            for _ in range(times):
                once()
            taken[name].append((perf_counter() - start) / times)
    # The first rounds warm the caches.
    return {name: statistics.median(times[rounds // 4 :]) for name, times in taken.items()}


def held(lifecycle: Lifecycle, count: int) -> tuple[float, int]:
    """Hold as many studios with an event each; return bytes of one, and how many outlive it."""
    (event,) = declared(lifecycle).history
    gc.collect()
    tracemalloc.start()
    studios = [
        Studio.from_events(f"s-{n}", (evolve(event, studio=f"s-{n}"),)) for n in range(count)
    ]
    size = tracemalloc.get_traced_memory()[0] / count
    tracemalloc.stop()
    for studio in studios[:100]:
        lifecycle.act("approve", studio, by=COMMITTEE, on=DAY, **PLACES)
    references = [weakref.ref(studio) for studio in studios]
    del studios, studio
    gc.collect()
    return size, sum(reference() is not None for reference in references)


def main() -> None:
    """Check that all agree, time them, and print medians, ratios and targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it runs")
    options = parser.parse_args()
    lifecycle = Lifecycle(load_policy("yongjia-2023"))
    times = medians(lifecycle, 4 if options.quick else 200)
    count = 1_000 if options.quick else 100_000
    size, alive = held(lifecycle, count)
    rows: list[dict[str, Any]] = [
        {
            "what": name,
            "median_s": round(median, 9),
            "ratio": round(median / times[STOCK], 2),
            "to": STOCK,
        }
        for name, median in times.items()
    ]
    for name, median in sorted(times.items(), key=lambda row: row[1]):
        print(f"{name:44} {median * 1e6:8.2f} µs  {median / times[STOCK]:6.2f}")
    rows.append({"what": f"{count} studios held", "peak_mb": round(size * count / 1e6, 1)})
    print(f"{count} studios held: {size / 1e3:.1f} kB each")
    targets = []
    for name, rival, limit in LIMITS:
        value = round(times[name] / times[rival], 2)
        targets.append({"what": f"{name} to {rival}", "value": value, "limit": limit})
    targets.append({"what": "studios kept alive", "value": alive, "limit": 0})
    for target in targets:
        target["met"] = target["value"] <= target["limit"]
        said = "met" if target["met"] else "missed"
        print(f"{target['what']}: {target['value']} of {target['limit']}, {said}")
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "lifecycle",
            "rows": rows,
            "targets": targets,
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
