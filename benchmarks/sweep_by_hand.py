"""A sweep in Polars, written for one grid of the reference policy alone; every fact is known.

Points are counted in quarters, in 16 bits. `each` asks one lazy query for every variation;
`factored` computes each different column of an item once, and then the sums.
"""
# One straight function for each way, its numbers where they are used.
# ruff: noqa: PLR2004

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product
from operator import add, and_

import polars as pl
from cohort_studios import ACTIONS, CONFIRMED
from polars import Expr, col

__all__ = ["CAPS", "EACHES", "NORMS", "RESEARCH", "Row", "each", "factored"]

NORMS = tuple(range(8, 18))
EACHES = ("0.25", "0.5", "0.75", "1", "1.5")
CAPS = (1, 2, 3, 4, 5)
RESEARCH = (5, 6, 7, 8)
BASE = (16, "0.5", 5, 7)
Row = tuple[int, int, int, int, int, int]
"""Of all totals in quarters: their sum, the least, the most; eligible, rising, falling studios."""

KIND = pl.Int16()


def _lit(value: int) -> Expr:
    return pl.lit(value, KIND)


def _number(name: str) -> Expr:
    return col(name).cast(KIND, wrap_numerical=True)


def _pick(condition: Expr, points: int, otherwise: int = 0) -> Expr:
    return pl.when(condition).then(_lit(points)).otherwise(_lit(otherwise))


def _activities(norm: int) -> Expr:
    held = _number("activities") + _lit(16 - norm)
    return pl.max_horizontal(pl.min_horizontal(held, _lit(20)), _lit(0)) * 4


def _website(quarters: int) -> Expr:
    left = _number("website_mark") * 4 - _number("website_faults") * quarters
    return pl.max_horizontal(left, _lit(0))


def _research(second: int) -> Expr:
    lead, others = col("lead_research"), _number("trainees_with_research") > 0
    return pl.when(lead & others).then(_lit(40)).otherwise(_pick(lead | others, second * 4))


def _feature(cap: int) -> Expr:
    bonus = _pick(_number("trainees") >= 20, 2)
    for name in ("public_benefit", "media_coverage"):
        bonus += _pick(col(name), 2)
    both = _number("feature_mark") + pl.min_horizontal(bonus, _lit(cap))
    return pl.min_horizontal(both, _lit(15)) * 4


def _rest() -> Expr:
    marks = ("goal", "training", "funds", "output", "promotion", "station")
    return reduce(add, (_number(f"{name}_mark") for name in marks)) * 4


def _eligible() -> Expr:
    done = reduce(add, (_pick(col(name), 1) for name in ACTIONS)) >= 4
    members = _number("members")
    return reduce(and_, map(col, CONFIRMED), done & (members >= 7) & (members <= 12))


def _total(norm: int, one: str, cap: int, second: int) -> Expr:
    quarters = int(float(one) * 4)
    return _rest() + _activities(norm) + _website(quarters) + _research(second) + _feature(cap)


def _grid() -> Iterator[tuple[int, str, int, int]]:
    return product(NORMS, EACHES, CAPS, RESEARCH)


def each(frame: pl.LazyFrame, most: int | None = None) -> list[Row]:
    """Ask a query for each variation, the first `most` of them."""
    found = []
    for place, variation in enumerate(_grid()):
        if place == most:
            break
        total, base = pl.col("total"), pl.col("base")
        query = frame.select(total=_total(*variation), base=_total(*BASE), eligible=_eligible())
        row = query.select(
            pl.col("total").sum().cast(pl.Int64),
            total.min().alias("least"),
            total.max().alias("most"),
            pl.col("eligible").sum(),
            (total > base).sum().alias("up"),
            (total < base).sum().alias("down"),
        ).collect()
        found.append(tuple(map(int, row.row(0))))
    return found


def factored(frame: pl.LazyFrame) -> list[Row]:
    """Compute each different column once, and then the sums, a stage each."""
    columns = {f"a{norm}": _activities(norm) for norm in NORMS}
    columns |= {f"w{one}": _website(int(float(one) * 4)) for one in EACHES}
    columns |= {f"f{cap}": _feature(cap) for cap in CAPS}
    columns |= {f"r{second}": _research(second) for second in RESEARCH}
    made = frame.select(rest=_rest(), eligible=_eligible(), base=_total(*BASE), **columns)
    held = made.collect().lazy()
    pairs = {
        f"{n}/{w}": pl.col("rest") + pl.col(f"a{n}") + pl.col(f"w{w}")
        for n, w in product(NORMS, EACHES)
    }
    pairs |= {f"{f}+{r}": pl.col(f"f{f}") + pl.col(f"r{r}") for f, r in product(CAPS, RESEARCH)}
    summed = held.select("eligible", "base", **pairs).collect()
    eligible = int(summed["eligible"].sum())
    queries = []
    for norm, one, cap, second in _grid():
        total = pl.col(f"{norm}/{one}") + pl.col(f"{cap}+{second}")
        name = f"{norm}|{one}|{cap}|{second}"
        queries += [
            total.cast(pl.Int64).sum().alias(f"{name} sum"),
            total.min().alias(f"{name} least"),
            total.max().alias(f"{name} most"),
            (total > pl.col("base")).sum().alias(f"{name} up"),
            (total < pl.col("base")).sum().alias(f"{name} down"),
        ]
    told = summed.lazy().select(queries).collect().row(0)
    return [
        (*map(int, told[at : at + 3]), eligible, *map(int, told[at + 3 : at + 5]))
        for at in range(0, len(told), 5)
    ]
