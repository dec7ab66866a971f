"""What it costs to score a studio of the reference policy with every reason.

All facts are known, as in a web request that shows a finished sheet, and no studio comes twice. The
rivals are a program written by hand for this one policy, which makes the same explanation as plain
data, and zen-engine, which computes the same points and gives no reasons. Targets are ratios: at
most 3 times the program by hand, and less than zen-engine.

A sheet makes its results when they are read: there is a row for it as it is returned, and rows for
all of it read. An item is computed once for the same facts: there is a row for a policy that has
not scored any studio before, and so remembers nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import zen
from sheet_by_hand import explain, labels
from sheet_decision import DECISION

from studioflow import load_policy
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.rubric.complete import Complete

SHEET, READ, FIRST = "a sheet", "a sheet, all of it read", "the first sheet of all"
FIRST_READ, TEXT = "the first sheet, all of it read", "a sheet, all of it in words"
BY_HAND, ZEN = "by hand", "zen-engine"
LIMITS = ((SHEET, BY_HAND, 3), (READ, BY_HAND, 3), (FIRST, BY_HAND, 3), (SHEET, ZEN, 1))
STUDIOS = 10  # of one round
Facts = dict[str, Any]
Times = dict[str, float]


def a_studio(policy: Policy, draw: random.Random) -> Facts:
    """Return the facts of a studio, each mark inside its band."""
    facts: Facts = {"trainees": draw.randint(0, 40)}
    for name, fact in policy.facts.items():
        if fact.type == "choice":
            facts[name] = draw.choice([*fact.values])
        elif fact.numeric and name != "trainees":
            facts[name] = draw.randint(0, facts["trainees"] if fact.at_most else 20)
        elif not fact.numeric:
            facts[name] = draw.random() < 0.8  # noqa: PLR2004 - most of it is there
    while True:
        try:
            policy.score(facts)
        except InputError as error:
            for problem in error.problems:
                facts[problem.path.removeprefix("facts/")] = draw.randint(0, 15)
        else:
            return facts


def read(sheet: ScoreSheet) -> dict[str, Any]:
    """Return all that a sheet says, in the form of the program by hand."""
    return {
        "gates": {
            gate.id: (gate.met, [(why.code, why.parameters) for why in gate.reasons])
            for gate in sheet.gates
        },
        "items": {
            item.id: (item.points.points, [(why.code, why.parameters) for why in item.reasons])
            for item in sheet.criteria
        },
        "sections": {part.id: part.points.points for part in sheet.sections},
        "total": sheet.total.points,
        "eligible": sheet.eligible,
        "grade": sheet.grade,
    }


def agree(sheet: dict[str, Any], by_hand: dict[str, Any], decision: dict[str, Any]) -> None:
    """Check that all say the same, and the decision the same points.

    Raises:
        AssertionError: if they do not.
    """
    if sheet != by_hand:
        raise AssertionError(sheet, by_hand)
    points = {f"gate_{name.replace('.', '')}": met for name, (met, _) in sheet["gates"].items()}
    points |= {f"item_{name.replace('.', '')}": of for name, (of, _) in sheet["items"].items()}
    points |= {"total": sheet["total"], "eligible": sheet["eligible"]}
    if any(decision[name] != value for name, value in points.items()):
        raise AssertionError(points, decision)


def first(policy: Policy) -> Callable[[Facts], ScoreSheet]:
    """Return how a policy scores that is compiled and remembers no studio like these."""
    complete = Complete(policy.rubric)

    def sheet(facts: Facts) -> ScoreSheet:
        made = complete.sheet(facts, policy=policy.reference, readings=policy.readings_in_force)
        if made is None:
            raise AssertionError(facts)
        return made

    nothing: Facts = {name: 0 if fact.numeric else False for name, fact in policy.facts.items()}
    sheet(nothing | {"funds_papers": "never"})
    return sheet


def a_round(rivals: dict[str, list[Callable[[Facts], object]]], studios: list[Facts]) -> Times:
    """Return the seconds that each rival takes for a studio, one after the other at random."""
    taken = {}
    for name in random.sample(list(rivals), len(rivals)):
        pairs = [*zip(rivals[name], studios, strict=True)]
        start = perf_counter()
        for score, facts in pairs:
            score(facts)
        taken[name] = (perf_counter() - start) / len(pairs)
    return taken


def medians(rounds: int) -> Times:
    """Return the median seconds of each rival; the first rounds warm the caches."""
    one, other, third, drawn_by = (load_policy("yongjia-2023") for _ in range(4))
    words = labels(drawn_by)
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"sheet": DECISION}}})
    draw = random.Random(2023)  # noqa: S311 - the same studios each time
    rivals: dict[str, Callable[[Facts], object]] = {
        SHEET: one.score,
        READ: lambda facts: read(other.score(facts)),
        TEXT: lambda facts: third.score(facts).to_dict("zh"),
        BY_HAND: lambda facts: explain(facts, words),
        ZEN: lambda facts: engine.evaluate("sheet", facts),
    }
    taken: list[Times] = []
    for _ in range(rounds):
        studios = [a_studio(drawn_by, draw) for _ in range(STUDIOS)]
        for facts in studios:
            decision = engine.evaluate("sheet", facts)["result"]
            agree(read(drawn_by.score(facts)), explain(facts, words), decision)
        prepared = {name: [score] * STUDIOS for name, score in rivals.items()}
        prepared[FIRST] = [first(one) for _ in studios]
        prepared[FIRST_READ] = [_then_read(first(one)) for _ in studios]
        taken.append(a_round(prepared, studios))
    warm = taken[len(taken) // 4 :]
    return {name: statistics.median(times[name] for times in warm) for name in warm[0]}


def _then_read(score: Callable[[Facts], ScoreSheet]) -> Callable[[Facts], object]:
    return lambda facts: read(score(facts))


def main() -> None:
    """Check that the rivals agree, time them, and print medians, ratios and targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it runs")
    options = parser.parse_args()
    times = medians(4 if options.quick else 200)
    rows = [
        {
            "what": name,
            "median_s": round(median, 8),
            "ratio": round(median / times[BY_HAND], 2),
            "to": BY_HAND,
        }
        for name, median in times.items()
    ]
    for name, median in sorted(times.items(), key=lambda row: row[1]):
        print(f"{name:32} {median * 1e6:8.1f} µs  {median / times[BY_HAND]:6.2f}")
    targets = []
    for name, rival, limit in LIMITS:
        value = round(times[name] / times[rival], 2)
        what = f"{name} to {rival}"
        targets.append({"what": what, "value": value, "limit": limit, "met": value <= limit})
        print(f"{what}: {value} of {limit}, {'met' if value <= limit else 'missed'}")
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "sheet",
            "rows": rows,
            "targets": targets,
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
