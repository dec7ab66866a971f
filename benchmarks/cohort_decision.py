"""The reference policy as a decision of zen-engine, low and high, studio by studio.

One expression for each result. The static loader compiles the decision once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

import zen
from cohort_studios import ACTIONS, CONFIRMED, PARTS

__all__ = ["decided"]

SPANS = {
    "trainees_with_output": ((8, 8, 10), (5, 5, 7)),
    "trainees_promoted": ((2, 4, 5), (1, 1, 3)),
}


def _share(part: str, end: str, whole: str) -> str:
    """Return the points that a share decides, where no mark is given yet."""
    (tenths, *best), (less, *second) = SPANS[part]
    place = 0 if end == "low" else 1
    reached = f"$.{part}_{end} * 10 >= $.trainees_{whole}"
    return (
        f"($.trainees_{end} <= 0 ? 0 : {reached} * {tenths} ? {best[place]}"
        f" : {reached} * {less} ? {second[place]} : 0)"
    )


def _expressions(end: str, other: str) -> dict[str, str]:
    """Return the expressions of one end; missing values become what they can be at it."""
    low = end == "low"
    gone = "false" if low else "true"
    in_time = f"(funds_papers == 'in_time' or ({gone} and funds_papers == null))"
    late = f"(funds_papers == 'late' or ({gone} and funds_papers == null))"
    top, second = (4, 1) if low else (5, 3)
    feature = 0 if low else f"($.trainees_{end} >= 20 ? 15 : 10)"
    many = f"($.trainees_{end} >= 20 ? 2 : 0)"
    paid = [f"(({name} ?? {gone}) ? 2 : 0)" for name in ("public_benefit", "media_coverage")]
    led = " + ".join(f"(({action} ?? {gone}) ? 1 : 0)" for action in ACTIONS)
    confirmed = " and ".join(f"({name} ?? {gone})" for name in CONFIRMED)
    lead, others = f"(lead_research ?? {gone})", f"$.trainees_with_research_{end} > 0"
    found = {
        f"{part}_{end}": f"{part} ?? {0 if low else '$.trainees_high'}"
        for part in ("trainees_with_research", *SPANS)
    }
    items = {
        "511": f"goal_mark ?? {0 if low else 10}",
        "521": f"training_mark ?? {0 if low else 10}",
        "522": f"min([activities ?? {0 if low else 20}, 20])",
        "523": f"funds_mark ?? ((funds_proper ?? {gone}) and {in_time} ? {top}"
        f" : {late} ? {second} : 0)",
        "524": f"max([0, (website_mark ?? {0 if low else 10})"
        f" - (website_faults ?? {500 if low else 0}) * 0.5])",
        "531": f"{lead} and {others} ? 10 : ({lead} or {others} ? 7 : 0)",
        "532": f"output_mark ?? {_share('trainees_with_output', end, other)}",
        "533": f"promotion_mark ?? {_share('trainees_promoted', end, other)}",
        "534": f"station_mark ?? {0 if low else 5}",
        "54": f"min([15, (feature_mark ?? {feature}) + min([5, {many} + {' + '.join(paid)}])])",
    }
    found |= {f"item_{name}_{end}": how for name, how in items.items()}
    found[f"total_{end}"] = " + ".join(f"$.item_{name}_{end}" for name in items)
    fits = f"(members == null ? {gone} : (members >= 7 and members <= 12))"
    found[f"eligible_{end}"] = f"{led} >= 4 and {fits} and {confirmed}"
    return found


def _decision() -> dict[str, Any]:
    parts = ", ".join(f"{part} ?? 0" for part in PARTS)
    whole = {
        "trainees_low": f"trainees ?? max([{parts}])",
        "trainees_high": "trainees ?? 500",
    }
    expressions = whole | _expressions("low", "high") | _expressions("high", "low")
    rules = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    nodes = [
        {"id": "facts", "name": "facts", "type": "inputNode", "content": {}},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "content": {"expressions": rules},
        },
        {"id": "sheet", "name": "sheet", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for one, other in pairwise(("facts", "rules", "sheet"))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def decided(rows: Iterable[Mapping[str, Any]]) -> Callable[[], list[tuple[float, float, int]]]:
    """Return a function that decides every row: low and high total, and the eligibility."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"sheet": _decision()}}})
    given = [dict(row) for row in rows]

    def run() -> list[tuple[float, float, int]]:
        found = []
        for row in given:
            said = engine.evaluate("sheet", row)["result"]
            eligible = 1 if said["eligible_low"] else 2 * said["eligible_high"]
            found.append((said["total_low"], said["total_high"], eligible))
        return found

    return run
