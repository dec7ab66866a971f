"""The reference policy as a decision of zen-engine: its gates and points, without any reasons.

One expression for each result, which is the least that the engine has to do for them.
"""

from __future__ import annotations

from typing import Any

__all__ = ["DECISION"]

_ACTIONS = (
    "classroom_help",
    "campus_service",
    "home_visits",
    "mentoring",
    "open_lessons",
    "residency",
)
_SITE = ("fixed_place", "flag", "emblem", "oath", "resources", "records", "management")
_EXPRESSIONS = {
    "gate_501": " + ".join(f"({action} ? 1 : 0)" for action in _ACTIONS) + " >= 4",
    "gate_502": "members >= 7 and members <= 12 and team_confirmed",
    "gate_503": " and ".join(f"site_{item}" for item in _SITE) + " and ceremony_confirmed",
    "item_511": "goal_mark",
    "item_521": "training_mark",
    "item_522": "min([activities, 20])",
    "item_523": "funds_papers == 'late' or (funds_proper and funds_papers == 'in_time')"
    " ? funds_mark : 0",
    "item_524": "max([0, website_mark - website_faults * 0.5])",
    "item_531": "lead_research and trainees_with_research > 0 ? 10"
    " : (lead_research or trainees_with_research > 0 ? 7 : 0)",
    "item_532": "trainees_with_output * 100 >= trainees * 50 ? output_mark : 0",
    "item_533": "trainees_promoted * 100 >= trainees * 10 ? promotion_mark : 0",
    "item_534": "station_mark",
    "item_541": "feature_mark",
    "item_542": "min([5, (trainees >= 20 ? 2 : 0) + (public_benefit ? 2 : 0)"
    " + (media_coverage ? 2 : 0)])",
    "section_52": "$.item_521 + $.item_522 + $.item_523 + $.item_524",
    "section_53": "$.item_531 + $.item_532 + $.item_533 + $.item_534",
    "section_54": "min([15, $.item_541 + $.item_542])",
    "total": "$.item_511 + $.section_52 + $.section_53 + $.section_54",
    "eligible": "$.gate_501 and $.gate_502 and $.gate_503",
}

DECISION: dict[str, Any] = {
    "contentType": "application/vnd.gorules.decision",
    "nodes": [
        {"id": "facts", "name": "facts", "type": "inputNode", "content": {}},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "content": {
                "expressions": [
                    {"id": key, "key": key, "value": value} for key, value in _EXPRESSIONS.items()
                ]
            },
        },
        {"id": "sheet", "name": "sheet", "type": "outputNode", "content": {}},
    ],
    "edges": [
        {"id": "in", "type": "edge", "sourceId": "facts", "targetId": "rules"},
        {"id": "out", "type": "edge", "sourceId": "rules", "targetId": "sheet"},
    ],
}
