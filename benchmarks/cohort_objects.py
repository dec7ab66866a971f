"""The reference policy as a loop over objects, written for it alone."""
# One straight function, its numbers where they are used.
# ruff: noqa: C901, PLR0912, PLR0915, PLR2004

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import make_class
from cohort_studios import ACTIONS, CONFIRMED, PARTS, READ

__all__ = ["looped"]

Studio = make_class("Studio", list(READ), frozen=True)


def looped(rows: Iterable[Mapping[str, Any]]) -> Callable[[], list[tuple[int, int, int]]]:
    """Return a function that scores every studio: low, high and whether it is eligible."""
    studios = [Studio(**{name: row[name] for name in READ}) for row in rows]
    return lambda: [_score(studio) for studio in studios]


def _score(studio: Any) -> tuple[int, int, int]:  # noqa: ANN401 - the class is made above
    low = high = 0
    for mark, most in (
        (studio.goal_mark, 10),
        (studio.training_mark, 10),
        (studio.station_mark, 5),
    ):
        if mark is None:
            high += most
        else:
            low += mark
            high += mark
    if studio.activities is None:
        high += 20
    else:
        low += min(studio.activities, 20)
        high += min(studio.activities, 20)

    if studio.trainees is None:
        counts = [getattr(studio, name) for name in PARTS]
        least, most = max(count or 0 for count in counts), 500
    else:
        least = most = studio.trainees

    proper, papers = studio.funds_proper, studio.funds_papers
    if studio.funds_mark is not None:
        low += studio.funds_mark
        high += studio.funds_mark
    else:
        if proper and papers == "in_time":
            low += 4
        elif papers == "late":
            low += 1
        if proper is not False and papers in {None, "in_time"}:
            high += 5
        elif papers in {None, "late"}:
            high += 3

    lead, count = studio.lead_research, studio.trainees_with_research
    others = bool(count)
    low += 10 if lead and others else 7 if lead or others else 0
    lead, others = lead is not False, most > 0 if count is None else others
    high += 10 if lead and others else 7 if lead or others else 0

    for mark, count, (tenths, less), (a, b), (c, d) in (
        (studio.output_mark, studio.trainees_with_output, (8, 5), (8, 5), (10, 7)),
        (studio.promotion_mark, studio.trainees_promoted, (2, 1), (4, 1), (5, 3)),
    ):
        if mark is not None:
            low += mark
            high += mark
            continue
        if least > 0:
            part = 10 * (count or 0)
            low += a if part >= tenths * most else b if part >= less * most else 0
        if most > 0:
            part = 10 * (most if count is None else count)
            high += c if part >= tenths * least else d if part >= less * least else 0

    paid, may = 2 * (least >= 20), 2 * (most >= 20)
    for flag in (studio.public_benefit, studio.media_coverage):
        paid += 2 * (flag is True)
        may += 2 * (flag is not False)
    mark = studio.feature_mark
    least_of_it = 0 if mark is None else mark
    most_of_it = (15 if most >= 20 else 10) if mark is None else mark
    low += min(15, least_of_it + min(5, paid))
    high += min(15, most_of_it + min(5, may))

    page, faults = studio.website_mark, studio.website_faults
    low, high = 2 * low, 2 * high
    low += max(0, 2 * (page or 0) - (500 if faults is None else faults))
    high += max(0, 2 * (10 if page is None else page) - (faults or 0))

    actions = [getattr(studio, name) for name in ACTIONS]
    led, may_lead = actions.count(True) >= 4, actions.count(False) <= 2
    confirmed = [getattr(studio, name) for name in CONFIRMED]
    members = studio.members
    if members is not None and not 7 <= members <= 12:
        return low, high, 0
    if False in confirmed or not may_lead:
        return low, high, 0
    return low, high, 2 if members is None or None in confirmed or not led else 1
