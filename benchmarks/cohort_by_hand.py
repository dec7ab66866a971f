"""The reference policy over a cohort in Polars, written for it alone.

Totals, low and high, are in half points; `eligible` is null where it is undetermined.

Twice: `plainly`, in 64 bits as the columns come, and `tuned`, in 16 bits. Both avoid what is slow
in Polars where others ask for it: `clip`, `max_horizontal` over nulls, and casts of booleans.
"""
# One straight function, its numbers where they are used.
# ruff: noqa: PLR2004

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, and_

import polars as pl
from cohort_studios import ACTIONS, CONFIRMED, PARTS
from polars import Expr, col

__all__ = ["plainly", "tuned"]


def plainly(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the results in 64 bits."""
    return _scored(frame, pl.Int64(), col)


def tuned(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the results in 16 bits, which hold all there is; nothing checks that they do."""
    narrow = pl.Int16()
    return _scored(frame, narrow, lambda name: col(name).cast(narrow, wrap_numerical=True))


def _scored(frame: pl.LazyFrame, kind: pl.DataType, number: Callable[[str], Expr]) -> pl.LazyFrame:
    def lit(value: int) -> Expr:
        return pl.lit(value, kind)

    def pick(condition: Expr, points: int, otherwise: int | Expr = 0) -> Expr:
        other = lit(otherwise) if isinstance(otherwise, int) else otherwise
        return pl.when(condition).then(lit(points)).otherwise(other)

    def at_most(value: Expr, bound: int) -> Expr:
        return pl.min_horizontal(value, lit(bound))

    def filled(name: str, value: int | Expr) -> Expr:
        return number(name).fill_null(lit(value) if isinstance(value, int) else value)

    parts = {name: filled(name, 0) for name in PARTS}
    least = number("trainees").fill_null(pl.max_horizontal(*parts.values()))
    most = filled("trainees", 500)

    def share(part: str, steps: tuple[int, int], high: bool) -> tuple[Expr, Expr]:  # noqa: FBT001
        """Return whether a part is so many tenths of the trainees, for certain or possibly."""
        count = filled(part, most) if high else parts[part]
        there, whole = (most > 0, least) if high else (least > 0, most)
        one, other = ((count * 10 >= whole * tenths) & there for tenths in steps)
        return one, other

    def total(high: bool) -> Expr:  # noqa: FBT001
        trainees = most if high else least
        in_time = col("funds_proper") & (col("funds_papers") == "in_time")
        late = col("funds_papers") == "late"
        proper, improper = in_time.fill_null(high), late.fill_null(high)
        best, second = (5, 3) if high else (4, 1)
        funds = pick(proper, best, pick(improper, second))
        mark, faults = filled("website_mark", 10 * high), filled("website_faults", 500 * (not high))
        website = pl.max_horizontal(mark * 2 - faults, lit(0))
        lead = col("lead_research").fill_null(high)
        others = filled("trainees_with_research", most if high else 0) > 0
        research = pick(lead & others, 10, pick(lead | others, 7))
        one, other = share("trainees_with_output", (8, 5), high)
        output = pick(one, 10 if high else 8, pick(other, 7 if high else 5))
        one, other = share("trainees_promoted", (2, 1), high)
        promotion = pick(one, 5 if high else 4, pick(other, 3 if high else 1))
        many = trainees >= 20
        bonus = pick(many, 2)
        for name in ("public_benefit", "media_coverage"):
            bonus += pick(col(name).fill_null(high), 2)
        feature = filled("feature_mark", pick(many, 15, 10) if high else 0)
        points = (
            filled("goal_mark", 10 * high),
            filled("training_mark", 10 * high),
            at_most(filled("activities", 20 * high), 20),
            filled("funds_mark", funds),
            research,
            filled("output_mark", output),
            filled("promotion_mark", promotion),
            filled("station_mark", 5 * high),
            at_most(feature + at_most(bonus, 5), 15),
        )
        return reduce(add, points) * 2 + website

    return frame.select(
        "studio", low=total(high=False), high=total(high=True), eligible=_eligible(number)
    )


def _eligible(number: Callable[[str], Expr]) -> Expr:
    """Return the three gates: polars' own logic of three values does the rest."""

    def four_at_least(missing: bool) -> Expr:  # noqa: FBT001
        one, none = pl.lit(1, pl.Int8), pl.lit(0, pl.Int8)
        done = (pl.when(col(name).fill_null(missing)).then(one).otherwise(none) for name in ACTIONS)
        return reduce(add, done) >= 4

    led = four_at_least(missing=False) | pl.when(four_at_least(missing=True)).then(None).otherwise(
        pl.lit(value=False)
    )
    members = number("members")
    return reduce(and_, map(col, CONFIRMED), led & (members >= 7) & (members <= 12))
