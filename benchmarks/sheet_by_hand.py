"""The reference policy as a program: the same explanation as a score sheet, as plain data.

It is what a county would write that has one policy for ever, and it trusts its facts.
"""
# One straight function, its numbers where they are used: nothing else is as fast in Python.
# ruff: noqa: C901, PLR0912, PLR0915, PLR2004

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.policy import Policy

__all__ = ["explain", "labels"]

Facts = Mapping[str, Any]
Reasons = list[tuple[str, dict[str, Any]]]

ACTIONS = (
    "classroom_help",
    "campus_service",
    "home_visits",
    "mentoring",
    "open_lessons",
    "residency",
)
MARKED = (
    ("5.1.1", "goal_mark", (8, 10), (5, 7)),
    ("5.2.1", "training_mark", (8, 10), (5, 7)),
    ("5.3.4", "station_mark", (4, 5), (1, 3)),
)
SHARES = (
    ("5.3.2", "output_mark", "trainees_with_output", (80, 8, 10), (50, 5, 7)),
    ("5.3.3", "promotion_mark", "trainees_promoted", (20, 4, 5), (10, 1, 3)),
)
BONUS = ("public_benefit", "media_coverage")


def labels(policy: Policy) -> dict[str, Any]:
    """Return the words that the reasons mention, by fact; those of choices and items, too."""
    found: dict[str, Any] = {name: fact.label for name, fact in policy.facts.items()}
    found |= {word: (text,) for word, text in policy.facts["funds_papers"].values.items()}
    found["site"] = {f"site_{name}": item.label for name, item in policy.site_check.items.items()}
    for result in policy.score({"activities": 18}).criteria:
        for reason in result.reasons:
            found["times"] = reason.parameters.get("unit", found.get("times"))
    bonus = policy.score({"trainees": 20, "public_benefit": True, "media_coverage": True})
    paid = [r for r in bonus.criterion("5.4.2").reasons if r.code == "bonus_item"]
    names = ("bonus_trainees", "bonus_public_benefit", "bonus_media_coverage")
    found |= {name: reason.parameters["label"] for name, reason in zip(names, paid, strict=True)}
    return found


def explain(facts: Facts, label: Mapping[str, Any]) -> dict[str, Any]:
    """Return gates, items with their reasons, sections, the total, and whether it is eligible."""
    gates: dict[str, tuple[bool, Reasons]] = {}
    items: dict[str, tuple[float, Reasons]] = {}

    done = tuple([label[name] for name in ACTIONS if facts[name]])
    missing = tuple([label[name] for name in ACTIONS if not facts[name]])
    said = {"count": len(done), "at_least": 4, "done": done, "missing": missing}
    led = len(done) >= 4
    gates["5.0.1"] = (led, [("k_of_n_met" if led else "k_of_n_unmet", said)])

    members, confirmed = facts["members"], facts["team_confirmed"]
    fits = 7 <= members <= 12
    met = fits and confirmed
    reasons: Reasons = []
    if fits is met:
        said = {"label": label["members"], "value": members, "min": 7, "max": 12}
        reasons.append(("in_range_met" if fits else "in_range_unmet", said))
    if confirmed is met:
        said = {"label": label["team_confirmed"]}
        reasons.append(("flag_met" if confirmed else "flag_unmet", said))
    gates["5.0.2"] = (met, reasons)

    site, confirmed = label["site"], facts["ceremony_confirmed"]
    lacking = tuple([site[name] for name in site if not facts[name]])
    met = not lacking and confirmed
    reasons = []
    if lacking:
        reasons.append(("site_unmet", {"missing": lacking}))
    elif met:
        reasons.append(("site_met", {"present": tuple(site.values())}))
    if confirmed is met:
        said = {"label": label["ceremony_confirmed"]}
        reasons.append(("flag_met" if confirmed else "flag_unmet", said))
    gates["5.0.3"] = (met, reasons)

    for item, fact, high, low in MARKED:
        mark = facts[fact]
        items[item] = (mark, [banded(mark, high, low)])

    count = facts["activities"]
    said = {"norm": 16, "unit": label["times"], "count": count}
    if count > 16:
        extra = min(4, count - 16)
        said |= {"points": 16, "over": count - 16, "extra": extra}
        items["5.2.2"] = (16 + extra, [("count_above", said)])
    elif count == 16:
        items["5.2.2"] = (16, [("count_at", {**said, "points": 16})])
    else:
        said |= {"under": 16 - count, "lost": 16 - count}
        items["5.2.2"] = (count, [("count_below", said)])

    mark, proper, papers = facts["funds_mark"], facts["funds_proper"], facts["funds_papers"]
    flag = {"label": label["funds_proper"]}
    in_time = {"label": label["funds_papers"], "values": label["in_time"]}
    late = {"label": label["funds_papers"], "values": label["late"]}
    if proper and papers == "in_time":
        reasons = [("flag_met", flag), ("is_met", in_time), in_band(mark, "A", (4, 5))]
    else:
        reasons = [] if proper else [("flag_unmet", flag)]
        if papers != "in_time":
            reasons.append(("is_unmet", in_time))
        if papers == "late":
            reasons += [("is_met", late), in_band(mark, "B", (1, 3))]
        else:
            reasons += [("is_unmet", late), nothing(mark)]
    items["5.2.3"] = (mark, reasons)

    mark, faults = facts["website_mark"], facts["website_faults"]
    reasons = [banded(mark, (8, 10), (5, 7))]
    less = mark - faults / 2
    if faults:
        said = {"unit": label["times"], "each": 0.5, "start": mark, "faults": faults}
        reasons.append(("deducted", {**said, "points": less}))
    if less < 0:
        reasons.append(("held_at_floor", {"floor": 0, "points": 0}))
        less = 0
    items["5.2.4"] = (less, reasons)

    lead, others = facts["lead_research"], facts["trainees_with_research"]
    one = ("flag_met" if lead else "flag_unmet", {"label": label["lead_research"]})
    said = {"label": label["trainees_with_research"], "value": others, "bound": 1}
    other = ("at_least_met" if others else "at_least_unmet", said)
    points = 10 if lead and others else 7 if lead or others else 0
    both = [other, one] if lead and not others else [one, other]
    items["5.3.1"] = (points, [*both, ("case_points", {"points": points})])

    trainees = facts["trainees"]
    for item, fact, part, high, low in SHARES:
        mark, count, reasons = facts[fact], facts[part], []
        if not trainees:
            reasons.append(("share_undefined", {"whole_label": label["trainees"]}))
        else:
            for band, (percent, least, most) in (("A", high), ("B", low)):
                said = {"label": label[part], "part": count, "whole": trainees, "percent": percent}
                if 100 * count >= percent * trainees:
                    reasons += [("share_met", said), in_band(mark, band, (least, most))]
                    break
                reasons.append(("share_unmet", said))
        if not reasons or reasons[-1][0] != "mark_in_band":
            reasons.append(nothing(mark))
        items[item] = (mark, reasons)

    mark = facts["feature_mark"]
    said = {"label": label["trainees"], "value": trainees, "bound": 20}
    many = trainees >= 20
    twenty = ("at_least_met" if many else "at_least_unmet", said)
    if many and mark >= 11:
        reasons = [twenty, in_band(mark, "A", (11, 15))]
    else:
        reasons = [] if many else [twenty]
        reasons.append(in_band(mark, "B", (6, 10)) if mark else nothing(mark))
    items["5.4.1"] = (mark, reasons)

    points, reasons = 0, [twenty]
    if many:
        points += 2
        reasons.append(("bonus_item", {"label": label["bonus_trainees"], "points": 2}))
    for fact in BONUS:
        if facts[fact]:
            points += 2
            reasons.append(("flag_met", {"label": label[fact]}))
            reasons.append(("bonus_item", {"label": label["bonus_" + fact], "points": 2}))
        else:
            reasons.append(("flag_unmet", {"label": label[fact]}))
    if points > 5:
        points = 5
        reasons.append(("capped", {"cap": 5}))
    items["5.4.2"] = (points, reasons)

    sections: dict[str, float] = {"5.1": 0, "5.2": 0, "5.3": 0, "5.4": 0}
    for item, (points, _) in items.items():
        sections[item[:3]] += points
    sections["5.4"] = min(15, sections["5.4"])
    return {
        "gates": gates,
        "items": items,
        "sections": sections,
        "total": sum(sections.values()),
        "eligible": all(met for met, _ in gates.values()),
        "grade": None,  # without a pass mark it is a decision
    }


def banded(mark: int, high: tuple[int, int], low: tuple[int, int]) -> tuple[str, dict[str, Any]]:
    """Return the reason for a mark in one of two bands, or below them."""
    if mark >= high[0]:
        return in_band(mark, "A", high)
    return in_band(mark, "B", low) if mark else nothing(mark)


def in_band(mark: int, band: str, span: tuple[int, int]) -> tuple[str, dict[str, Any]]:
    """Return the reason for a mark in a band.

    Raises:
        ValueError: if it is not.
    """
    low, high = span
    if not low <= mark <= high:
        raise ValueError(mark)
    return ("mark_in_band", {"mark": mark, "band": band, "low": low, "high": high})


def nothing(mark: int) -> tuple[str, dict[str, Any]]:
    """Return the reason for no points.

    Raises:
        ValueError: if there is a mark all the same.
    """
    if mark:
        raise ValueError(mark)
    return ("no_band", {})
