"""Marks for many studios at once, each of them in a band that the rules allow there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from studioflow.algebra import (
    Maybe,
    NoAnswerError,
    Range,
    RefusedError,
    Required,
    Within,
    Words,
    walk,
)
from studioflow.cohort.columns.making.drawing import Column, Columns, Draws, step_of
from studioflow.cohort.columns.making.spreads import Floats
from studioflow.rubric import Rubric
from studioflow.rubric.plan import NumberPlan

__all__ = ["Marking"]

_ROUNDS = 4
"""A mark may decide which values of another one are allowed, so all are looked at again."""
_MOST_VALUES = 64
"""Of a mark that can be more than so many values, no more than so many are tried."""
_MOST_KEYS = 2**62
Units = Mapping[str, int | Fraction | bool | str]


class _Distinct(NamedTuple):
    """The different rows among many: where each is found first, and which one a row is."""

    first: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]


class Marking:
    """Finds marks that are allowed: each rule is asked once for the same facts.

    What is allowed is what the scorer itself does not refuse: it is asked, and nothing else.
    """

    def __init__(self, rubric: Rubric, draws: Draws) -> None:
        self._rubric, self._draws = rubric, draws
        self._asks = {name: rubric.validity(name) for name in rubric.points}
        self._marks = [n for n in rubric.facts if any(n in a for a in self._asks.values())]
        self._refusing = [
            name
            for name, term in rubric.points.items()
            if any(isinstance(part, Within | Required) for part in walk(term))
        ]

    def marked(self, columns: Columns, quality: Floats) -> npt.NDArray[np.bool_]:
        """Put marks that are allowed into columns, and return the studios that can have none."""
        left = np.arange(len(quality))
        for _ in range(_ROUNDS):
            some = {name: column[left] for name, column in columns.items()}
            for name in self._marks:
                some[name] = columns[name][left] = self._mark(name, some, quality[left])
            left = left[self._refused(some, len(left))]
            if not len(left):
                break
        refused = np.zeros(len(quality), dtype=np.bool_)
        refused[left] = True
        return refused

    def _mark(self, name: str, columns: Columns, quality: Floats) -> Column:
        """Return a mark for each studio: good ones for good studios, among those allowed."""
        plans = [
            self._rubric.plan(item, asked - {name})
            for item, asked in self._asks.items()
            if name in asked
        ]
        others = _looked_at(plans) - {name}
        rows = _distinct([columns[other] for other in sorted(others)], len(quality))
        values = self._values(name)
        allowed = np.zeros((len(rows.first), len(values)), dtype=np.int64)
        counts = np.ones(len(rows.first), dtype=np.int64)
        for place, row in enumerate(rows.first):
            facts = {other: self._units(other, columns[other][row]) for other in others}
            fit = [v for v in values if _allowed(plans, {**facts, name: self._units(name, v)})]
            if fit:
                counts[place] = len(fit)
                allowed[place, : len(fit)] = fit
        places = self._draws.places(name, quality)
        # Few marks are among the worst that are allowed.
        less = self._rubric.facts[name].better == "less"
        among = np.minimum(places**2 if less else np.sqrt(places), 1 - 1e-12)
        chosen = allowed[rows.of, (among * counts[rows.of]).astype(np.int64)]
        return chosen if self._rubric.facts[name].ordered else chosen.astype(np.bool_)

    def _refused(self, columns: Columns, count: int) -> npt.NDArray[np.bool_]:
        """Return whether a studio has a mark that an item refuses."""
        refused = np.zeros(count, dtype=np.bool_)
        for item in self._refusing:
            plans = [self._rubric.plans[item]]
            looked_at = sorted(_looked_at(plans))
            rows = _distinct([columns[name] for name in looked_at], len(refused))
            unfit = [
                not _allowed(plans, {n: self._units(n, columns[n][row]) for n in looked_at})
                for row in rows.first
            ]
            refused |= np.array(unfit, dtype=np.bool_)[rows.of]
        return refused

    def _values(self, name: str) -> Sequence[int]:
        """Return what a mark can be, in steps: thresholds, and not too many others between them."""
        fact = self._rubric.facts[name]
        if not fact.ordered:
            return (0, 1)
        return self._draws.candidates(name, _MOST_VALUES)

    def _units(self, name: str, value: int | np.int64 | np.bool_) -> int | bool | str:
        """Return a value as the algebra has it."""
        fact = self._rubric.facts[name]
        match fact.type:
            case "choice":
                return [*fact.values][int(value)]
            case "flag" | "confirmation":
                return bool(value)
            case "date":
                return int(value)
            case _:
                return int(int(value) * step_of(fact) * fact.denominator)


def _looked_at(plans: Iterable[NumberPlan]) -> frozenset[str]:
    return frozenset[str]().union(*(plan.needs for plan in plans))


def _allowed(plans: Iterable[NumberPlan], units: Units) -> bool:
    """Return whether no rule refuses these facts."""
    for plan in plans:
        try:
            plan.numbers(units, [])
        except RefusedError:
            return False
        except NoAnswerError:
            # Its points stay open, but what goes with it may refuse a mark all the same.
            if plan.ranges(_as_ranges(units), []).empty:
                return False
    return True


def _as_ranges(units: Units) -> dict[str, Range | Maybe | Words]:
    ranges: dict[str, Range | Maybe | Words] = {}
    for name, value in units.items():
        match value:
            case bool():
                ranges[name] = Maybe(value)
            case str():
                ranges[name] = Words(frozenset({value}))
            case _:
                ranges[name] = Range(value, value)
    return ranges


def _distinct(columns: Sequence[Column], count: int) -> _Distinct:
    """Find the rows that differ in some columns of whole numbers."""
    keys, size = np.zeros(count, dtype=np.int64), 1
    for column in columns:
        whole = column.astype(np.int64)
        low, high = int(whole.min()), int(whole.max())
        width = high - low + 1
        if size * width >= _MOST_KEYS:
            _, keys = np.unique(keys, return_inverse=True)
            size = count
        keys, size = keys * width + (whole - low), size * width
    if size > 2 * count:
        _, first, of = np.unique(keys, return_index=True, return_inverse=True)
        return _Distinct(first, of)
    # Few enough for a place for each: no need to sort.
    somewhere = np.full(size, -1, dtype=np.int64)
    somewhere[keys] = np.arange(count)
    there = np.flatnonzero(somewhere >= 0)
    numbered = np.zeros(size, dtype=np.int64)
    numbered[there] = np.arange(len(there))
    return _Distinct(somewhere[there], numbered[keys])
