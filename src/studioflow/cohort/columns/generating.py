"""A cohort made up for a policy: studios with facts that it accepts, as they could be handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.codec.problems import TYPE_NAMES
from studioflow.cohort.columns.making.drawing import Column, Columns, Draws, step_of
from studioflow.cohort.columns.making.marking import Marking
from studioflow.cohort.columns.making.wanting import wanted_by
from studioflow.rules import Fact
from studioflow.rules.limits import OUT_OF_BOUNDS
from studioflow.text import message

if TYPE_CHECKING:
    from studioflow.policy import Policy

__all__ = ["generate"]

_ROUNDS = 25
"""So often studios are drawn in place of those that can have no mark in some item."""
_EPOCH = date(1970, 1, 1).toordinal()
_DIGITS = 38
"""As many as a decimal column has at most."""

NO_SUCH_STUDIO = message(
    "no_such_studio",
    zh="至少有一种各项都可评分的情况；抽取 {rounds} 次均未找到",
    en="facts for which some mark of every item is allowed; {rounds} draws found none",
)
KEY_TAKEN = message(
    "key_taken", zh="不与事实同名的键列", en="a key column that is named like no fact"
)


def generate(  # noqa: PLR0913 - each says one thing of the cohort
    policy: Policy,
    studios: int,
    *,
    seed: int = 0,
    missing: float = 0.0,
    shape: Mapping[str, object] | None = None,
    key: str = "studio",
) -> pl.DataFrame:
    """Make up a cohort: a key and every declared fact of a policy, all values acceptable to it.

    Values lie on both sides of where the policy decides, good studios are good in several facts,
    and marks are in a band that is allowed for the studio's other facts. The same arguments make
    the same cohort; a longer one need not begin with a shorter one.

    Args:
        policy: with its readings in force.
        studios: how many rows.
        seed: of the random numbers, from 0 up.
        missing: the share of values that are null, as if not known yet.
        shape: what is common, for some facts: the share of true for a flag or a confirmation,
            weights of its words for a choice, the least and the most for a count, a number or a
            date.
        key: the name of the column with the studios' names.

    Raises:
        InputError: for arguments outside what is said here, and where no studio was found whose
            marks are all allowed.
    """
    collector = Collector()
    for name, number, low in (("studios", studios, 1), ("seed", seed, 0)):
        with collector.under(name):
            if type(number) is not int:
                raise wrong(WRONG_TYPE, number, type=TYPE_NAMES[int])
            if number < low:
                raise wrong(OUT_OF_BOUNDS, number, low=str(low), high="∞")
    with collector.under("missing"):
        if type(missing) not in {int, float} or not 0 <= missing <= 1:
            raise wrong(OUT_OF_BOUNDS, missing, low="0", high="1")
    with collector.under("key"):
        if key in policy.facts:
            raise wrong(KEY_TAKEN, key)
    with collector.under("shape"):
        wanted = wanted_by(policy.facts, shape or {})
    collector.finish()
    numbers = np.random.Generator(np.random.PCG64(seed))
    draws = Draws(policy.rubric, numbers, wanted)
    columns = _accepted(policy, draws, studios)
    digits = max(7, len(str(studios)))
    names = pl.int_range(1, studios + 1, eager=True).cast(pl.String).str.zfill(digits)
    series = [(f"{key}-" + names).alias(key)]
    for name, fact in policy.facts.items():
        values = _natural(name, fact, columns.pop(name))
        if missing:
            gone = pl.Series(numbers.random(studios) < missing)
            values = values.to_frame().select(pl.when(~gone).then(pl.col(name))).to_series()
        series.append(values)
    return pl.DataFrame(series)


def _accepted(policy: Policy, draws: Draws, studios: int) -> Columns:
    """Return facts of studios; those who can have no mark in some item are drawn again."""
    marking = Marking(policy.rubric, draws)
    found: Columns = {}
    left = np.arange(studios)
    for _ in range(_ROUNDS):
        columns, quality = draws.studios(len(left))
        refused = marking.marked(columns, quality)
        refused |= _parted(policy.facts, columns, len(left))
        found = found or columns
        for name, column in columns.items():
            found[name][left] = column
        left = left[refused]
        if not len(left):
            return found
    raise wrong(NO_SUCH_STUDIO, policy.id, rounds=_ROUNDS)


def _parted(facts: Mapping[str, Fact], columns: Columns, count: int) -> npt.NDArray[np.bool_]:
    """Return whether a part is larger than its whole, as where each is a part of the other."""
    larger = np.zeros(count, dtype=np.bool_)
    for name, fact in facts.items():
        if fact.at_most is not None:
            ratio = step_of(facts[fact.at_most]) / step_of(fact)
            larger |= columns[name] * ratio.denominator > columns[fact.at_most] * ratio.numerator
    return larger


def _natural(name: str, fact: Fact, column: Column) -> pl.Series:
    """Return a column as somebody would hand it in."""
    match fact.type:
        case "choice":
            words = pl.Series(name, [*fact.values], dtype=pl.String)
            return words.gather(pl.Series(column))
        case "flag" | "confirmation":
            return pl.Series(name, column)
        case "date":
            return pl.Series(name, (column - _EPOCH).astype(np.int32)).cast(pl.Date)
    step = step_of(fact)
    if step.denominator == 1:
        return pl.Series(name, column * int(step))
    return _decimals(name, column, step)


def _decimals(name: str, column: Column, step: Fraction) -> pl.Series:
    """Return so many steps as decimals with as many digits as a step has."""
    digits = 0
    while (step * 10**digits).denominator != 1:
        digits += 1
    smallest = Decimal(1).scaleb(-digits)
    units = pl.Series(name, column * int(step * 10**digits)).cast(pl.Decimal(_DIGITS, digits))
    return units.to_frame().select(pl.col(name) * pl.lit(smallest)).to_series()
