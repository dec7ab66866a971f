"""The reference policy over a cohort in NumPy, written for it alone.

Each fact is an array of values and one that says which are there. It goes over blocks of rows that
stay in the cache, which whole columns do not.
"""
# One straight function, its numbers where they are used.
# ruff: noqa: PLR2004

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add, and_

import numpy as np
import polars as pl
from cohort_studios import ACTIONS, CONFIRMED, COUNTS, FLAGS, MARKS, PARTS, WORDS

__all__ = ["Arrays", "arrays", "scored"]

Column = np.ndarray
Arrays = Mapping[str, tuple[Column, Column]]
Results = tuple[Column, Column, Column]

BLOCK = 1 << 14


def arrays(frame: pl.DataFrame) -> dict[str, tuple[Column, Column]]:
    """Return every fact that the rules read as values, and which are there; words as numbers."""
    read = frame.select(
        pl.col(COUNTS + MARKS).fill_null(0),
        pl.col(FLAGS).fill_null(value=False),
        pl.col("funds_papers").cast(pl.Enum(WORDS)).to_physical().fill_null(len(WORDS)),
    )
    return {
        name: (read[name].to_numpy(), frame[name].is_not_null().to_numpy()) for name in read.columns
    }


def scored(facts: Arrays, block: int = BLOCK) -> Results:
    """Return low and high total in half points, and 0 not eligible, 1 eligible, 2 undetermined."""
    rows = len(facts["trainees"][0])
    low, high = np.empty(rows, np.int64), np.empty(rows, np.int64)
    eligible = np.empty(rows, np.uint8)
    for start in range(0, rows, block):
        part = slice(start, start + block)
        here = {name: (values[part], there[part]) for name, (values, there) in facts.items()}
        low[part], high[part] = _total(here, high=False), _total(here, high=True)
        eligible[part] = _eligible(here)
    return low, high, eligible


def _total(facts: Arrays, *, high: bool) -> Column:
    def filled(name: str, value: Column | int) -> Column:
        values, there = facts[name]
        return np.where(there, values, value)

    def held(name: str) -> Column:
        values, there = facts[name]
        return values | ~there if high else values & there

    least = filled("trainees", reduce(np.maximum, (filled(name, 0) for name in PARTS)))
    most = filled("trainees", 500)
    there, trainees, whole = (most > 0, most, least) if high else (least > 0, least, most)
    none = most if high else 0

    (papers, known), lead = facts["funds_papers"], held("lead_research")
    in_time, late = ((papers == word) | (~known & high) for word in (0, 1))
    proper = held("funds_proper") & in_time
    best, second = (5, 3) if high else (4, 1)
    funds = np.where(proper, best, np.where(late, second, 0))

    page = filled("website_mark", 10 * high) * 2 - filled("website_faults", 0 if high else 500)
    others = filled("trainees_with_research", none) > 0
    research = np.where(lead & others, 10, np.where(lead | others, 7, 0))

    count = filled("trainees_with_output", none) * 10
    best, second = (10, 7) if high else (8, 5)
    output = np.where(count >= whole * 8, best, np.where(count >= whole * 5, second, 0)) * there
    count = filled("trainees_promoted", none) * 10
    best, second = (5, 3) if high else (4, 1)
    promotion = np.where(count >= whole * 2, best, np.where(count >= whole, second, 0)) * there

    many = trainees >= 20
    bonus = reduce(
        add, (held(name).astype(np.int64) for name in ("public_benefit", "media_coverage"))
    )
    paid = np.minimum((bonus + many) * 2, 5)
    feature = filled("feature_mark", np.where(many, 15, 10) if high else 0)

    points = (
        filled("goal_mark", 10 * high),
        filled("training_mark", 10 * high),
        np.minimum(filled("activities", 20 * high), 20),
        filled("funds_mark", funds),
        research,
        filled("output_mark", output),
        filled("promotion_mark", promotion),
        filled("station_mark", 5 * high),
        np.minimum(feature + paid, 15),
    )
    return reduce(add, points) * 2 + np.maximum(page, 0)


def _eligible(facts: Arrays) -> Column:
    pairs = [facts[name] for name in ACTIONS]
    sure = reduce(add, ((values & there).astype(np.int8) for values, there in pairs)) >= 4
    may = reduce(add, ((values | ~there).astype(np.int8) for values, there in pairs)) >= 4
    members, there = facts["members"]
    fits = (members >= 7) & (members <= 12)
    sure &= fits & there
    may &= fits | ~there
    pairs = [facts[name] for name in CONFIRMED]
    sure &= reduce(and_, (values & there for values, there in pairs))
    may &= reduce(and_, (values | ~there for values, there in pairs))
    return np.where(sure, 1, np.where(may, 2, 0))
