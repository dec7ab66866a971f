"""Facts drawn at random for many studios at once, as whole numbers of steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor, isinf

import numpy as np
import numpy.typing as npt
from attrs import frozen

from studioflow.algebra import Range
from studioflow.cohort.columns.making.spreads import Floats, Spread, spread
from studioflow.cohort.columns.making.thresholds import Thresholds
from studioflow.rubric import Rubric
from studioflow.rules import Fact, known

__all__ = ["LIMIT", "Column", "Columns", "Draws", "Span", "Wanted", "step_of"]

LIMIT = 10**9
"""A number without a bound is at most so much, either way."""
_EXACT = 2**53
"""Up to here a float is every whole number, and so many steps are enough for anybody."""
Column = npt.NDArray[np.int64] | npt.NDArray[np.bool_]
Columns = dict[str, Column]
"""Of every studio: steps of a number, the day of a date, the place of a choice's word, a truth."""
Wanted = float | tuple[float, float] | Mapping[str, float]
"""In place of what is drawn otherwise: a share of true, two ends in steps, weights of words."""

_ALIKE = 0.5
"""The share of studios that are in one fact as good as they are on the whole."""
_EDGE = 0.1
"""The share of studios that stand right at a threshold, or a step beside it."""
_TRUE = {"more": 0.85, "neutral": 0.7, "less": 0.15}
_TRUE_AT_GATES = {"more": 0.97, "neutral": 0.9, "less": 0.03}
_YEAR = 365
_DAYS = (date(2023, 1, 1).toordinal(), date(2025, 12, 31).toordinal() + 1)
"""Where days lie, the last one not included, that no rule compares with another one."""
_MONTH = 30


def step_of(fact: Fact) -> Fraction:
    """Return the step of a number; that of a day is a day."""
    return Fraction(1) if fact.step is None else fact.step


@frozen
class Span:
    """The values that a number or a day can have, in steps; None where there is no bound."""

    low: int | None
    high: int | None

    @classmethod
    def of(cls, fact: Fact, reach: Range) -> Span:
        """Return what a fact can be that its whole and its parts leave so much room."""
        if fact.type == "date":
            return cls(None, None)
        per = fact.denominator * step_of(fact)
        return cls(
            None if isinf(reach.low) else ceil(reach.low / per),
            None if isinf(reach.high) else floor(reach.high / per),
        )

    def clipped(self, values: npt.NDArray[np.int64], step: Fraction) -> npt.NDArray[np.int64]:
        """Return the values, those outside at the nearest bound."""
        most = min(floor(LIMIT / step), _EXACT)
        low = -most if self.low is None else self.low
        return np.clip(values, low, most if self.high is None else self.high)


class Draws:
    """Draws studios of one policy.

    A studio has a quality. In about half of its facts of which more or less is better it is as
    good as that among all studios, in the others it is as good as it happens to be.
    """

    def __init__(
        self,
        rubric: Rubric,
        numbers: np.random.Generator,
        wanted: Mapping[str, Wanted],
    ) -> None:
        self._rubric, self._numbers, self._wanted = rubric, numbers, wanted
        self._thresholds = Thresholds.found(rubric)
        ranges = known(rubric.facts, {}).ranges
        self.spans = {
            name: Span.of(rubric.facts[name], reach)
            for name, reach in ranges.items()
            if isinstance(reach, Range)
        }

    def studios(self, count: int) -> tuple[Columns, Floats]:
        """Return the facts of so many studios, and how good they are from 0 to 1."""
        quality = self._numbers.random(count)
        columns: Columns = {}
        for name in _wholes_first(self._rubric.facts):
            columns[name] = self._column(name, columns, quality)
        return {name: columns[name] for name in self._rubric.facts}, quality

    def places(self, name: str, quality: Floats) -> Floats:
        """Return, for each studio, the share of studios that have less of a fact."""
        better = self._rubric.facts[name].better
        by_chance = self._numbers.random(len(quality))
        if better == "neutral":
            return by_chance
        alike = self._numbers.random(len(quality)) < _ALIKE
        good = np.where(alike, quality, by_chance)
        return good if better == "more" else 1 - good

    def candidates(self, name: str, most: int) -> list[int]:
        """Return the values that a mark can have in steps: all of them, or some of very many."""
        span, step = self.spans[name], step_of(self._rubric.facts[name])
        edges = sorted(floor(value / step) for value in self._thresholds.of.get(name, (0,)))
        low = edges[0] - most // 4 if span.low is None else span.low
        high = edges[-1] + most // 4 if span.high is None else max(span.high, low)
        apart = -(-(high - low + 1) // most)
        beside = {edge + more for edge in [*edges, 0] for more in (-1, 0, 1)}
        inside = {value for value in beside if low <= value <= high}
        return sorted({*range(low, high + 1, apart), *inside})

    def _column(self, name: str, columns: Columns, quality: Floats) -> Column:
        fact = self._rubric.facts[name]
        places = self.places(name, quality)
        if fact.type == "choice":
            return self._words(name, places)
        if not fact.ordered:
            return places >= 1 - self._share_of_true(name)
        if fact.at_most in columns:
            return self._part(name, columns[fact.at_most], places)
        step, span = step_of(fact), self.spans[name]
        edges = [floor(value / step) for value in self._thresholds.of.get(name, ())]
        values = np.floor(self._spread(name).at(places))
        inside = [edge for edge in edges if span.low is None or edge > span.low]
        if inside and name not in self._wanted:
            there, edge, beside = self._at_edges(len(places), inside, (-1, 0, 1))
            values[there] = edge + beside
        return span.clipped(_whole(values), step)

    def _share_of_true(self, name: str) -> float:
        wanted = self._wanted.get(name)
        if isinstance(wanted, float):
            return wanted
        shares = _TRUE_AT_GATES if name in self._thresholds.gated else _TRUE
        return shares[self._rubric.facts[name].better]

    def _words(self, name: str, places: Floats) -> Column:
        """Return words by their weights: unless they are given, a later one is rarer."""
        words, wanted = [*self._rubric.facts[name].values], self._wanted.get(name)
        if isinstance(wanted, Mapping):
            weights = [wanted.get(word, 0.0) for word in words]
        elif name == self._rubric.settings.sheet_by:
            weights = [1.0 for _ in words]
        else:
            weights = [1 / (1 + place) for place in range(len(words))]
        upto = np.cumsum(weights) / sum(weights)
        # A word that has no weight has no place between two others, nor behind the last one.
        last = max(place for place, weight in enumerate(weights) if weight)
        return np.minimum(np.searchsorted(upto, places, side="right"), last).astype(np.int64)

    def _spread(self, name: str) -> Spread:
        fact, span, wanted = self._rubric.facts[name], self.spans[name], self._wanted.get(name)
        if isinstance(wanted, tuple):
            low, high = wanted
            return Spread(np.array([0.0, 1.0]), np.array([low, high + 1.0]))
        step, edges = step_of(fact), self._thresholds.of.get(name, ())
        low_end = None if span.low is None else float(span.low)
        high_end = None if span.high is None else float(span.high + 1)
        if fact.type == "date":
            days = [float(edge) for edge in edges if edge > 1]
            low_end, high_end = map(float, _DAYS)
            if not days:  # no day is more common than another
                return Spread(np.array([0.0, 1.0]), np.array([low_end, high_end]))
            low_end, high_end = min(days) - _YEAR, max(days) + _YEAR
            edges = tuple(map(Fraction, days))
        return spread(
            low_end,
            high_end,
            [float(edge / step) for edge in edges],
            better=fact.better,
            gated=name in self._thresholds.gated,
            unit=_unit(fact),
        )

    def _part(self, name: str, whole: Column, places: Floats) -> Column:
        """Return parts of a whole: shares of it where it has a least value."""
        facts, span, wanted = self._rubric.facts, self.spans[name], self._wanted.get(name)
        fact = facts[name]
        ratio = step_of(facts[fact.at_most or name]) / step_of(fact)
        most = _whole(whole) * ratio.numerator // ratio.denominator
        if _goes_round(facts, name):
            return most
        if isinstance(wanted, tuple):
            values = np.floor(self._spread(name).at(places))
        elif span.low is None:
            values = np.ceil(most + _unit(fact) * np.log1p(-np.minimum(1 - places, 1 - 1e-12)))
        else:
            values = self._shares(name, most, places)
        return span.clipped(np.minimum(_whole(values), most), step_of(fact))

    def _shares(self, name: str, most: npt.NDArray[np.int64], places: Floats) -> Floats:
        edges = [float(share) for share in self._thresholds.shares.get(name, ())]
        better, gated = self._rubric.facts[name].better, name in self._thresholds.gated
        shares = spread(0.0, 1.0, edges, better=better, gated=gated, unit=1.0).at(places)
        least = self.spans[name].low or 0
        values: Floats = least + np.floor(shares * (most - least + 1))
        if edges:
            there, edge, beside = self._at_edges(len(places), edges, (-1, 0))
            values[there] = np.ceil(edge * most[there] - 1e-9) + beside
        return values

    def _at_edges(
        self, count: int, edges: list[int] | list[float], beside: tuple[int, ...]
    ) -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]]:
        """Return which studios stand at a threshold, at which one, and how many steps beside."""
        there = np.flatnonzero(self._numbers.random(count) < _EDGE)
        edge = np.array(edges, dtype=np.float64)[
            self._numbers.integers(len(edges), size=len(there))
        ]
        steps = np.array(beside)[self._numbers.integers(len(beside), size=len(there))]
        return there, edge, steps


def _unit(fact: Fact) -> float:
    """Return how many steps are one of a fact; a month of days."""
    return float(_MONTH if fact.type == "date" else max(Fraction(1), 1 / step_of(fact)))


def _whole(values: npt.NDArray[np.float64] | Column) -> npt.NDArray[np.int64]:
    return values.astype(np.int64)


def _wholes_first(facts: Mapping[str, Fact]) -> Iterator[str]:
    """Yield every fact after that of which it is a part, as far as they go round in no circle."""
    done: set[str] = set()
    for name in facts:
        chain: list[str] = []
        here: str | None = name
        while here is not None and here not in done:
            done.add(here)
            chain.append(here)
            here = facts[here].at_most
        yield from reversed(chain)


def _goes_round(facts: Mapping[str, Fact], name: str) -> bool:
    """Return whether a fact is a part of itself, so that all of those between are the same."""
    seen: set[str] = set()
    here = facts[name].at_most
    while here is not None and here not in seen:
        seen.add(here)
        here = facts[here].at_most
    return name in seen
