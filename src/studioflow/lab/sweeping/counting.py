"""Counting what comes of variations, against the policy as it stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from attrs import evolve

from studioflow.algebra import Number
from studioflow.lab.sweeping.arrays import Array, Arrays, Flags, Refused, Units, either
from studioflow.lab.sweeping.columns import Column, Facts, counting_in, filled
from studioflow.lab.sweeping.factored import Totals, Way
from studioflow.lab.sweeping.outcome import Outcome
from studioflow.rubric.totals import TOTAL

__all__ = ["Counter"]


class Counter:
    """Counts outcomes against the totals of the policy as it stands."""

    def __init__(self, base: Totals, facts: Facts) -> None:
        self._facts = facts
        self._terms: dict[tuple[int, int], Number] = {}
        self._counted: dict[Hashable, Outcome] = {}
        self._base = self._total(base)

    def outcome(self, changes: Mapping[str, Any], found: Totals) -> Outcome:
        """Return the outcome of a variation; what comes out the same is counted once."""
        known = self._counted.get(found.key)
        if known is not None:
            return evolve(known, changes=changes)
        self._counted[found.key] = outcome = self._count(changes, found)
        return outcome

    def _count(self, changes: Mapping[str, Any], found: Totals) -> Outcome:
        total = self._total(found)
        refused = total.units.refused
        values = _kept(np.asarray(total.units.values), refused)
        known, unit = len(values), total.denominator
        passing = self._many(found.way.eligible, refused)
        rising, falling = self._moved(total)
        return Outcome(
            changes=changes,
            unscored=self._facts.rows - known,
            known=known,
            points=Fraction(_sum_of(values, total.units), unit),
            least=Fraction(int(values.min()), unit) if known else None,
            most=Fraction(int(values.max()), unit) if known else None,
            eligible=passing,
            not_eligible=known - passing,
            rising=rising,
            falling=falling,
            grades={n: self._many(each, refused) for n, each in self._grades(found.way, total)},
        )

    def _total(self, found: Totals) -> Column:
        """Return the totals, counting in a unit that all their columns can count in."""
        way, unit = found.way, found.unit
        term = self._terms.get((way.number, unit))
        if term is None:
            term = counting_in(way.total, dict.fromkeys(way.inputs, unit))
            self._terms[way.number, unit] = term
        columns = [each.counting(unit) for each in found.columns]
        units = self._facts.on(dict(zip(way.inputs, columns, strict=True))).number(term)
        return Column(0, filled(units, self._facts.rows), term.denominator)

    def _moved(self, new: Column) -> tuple[int, int]:
        unit = lcm(self._base.denominator, new.denominator)
        before, after = self._base.counting(unit), new.counting(unit)
        gone = either(before.refused, after.refused)
        up, down = (of(after.values, before.values) for of in (np.greater, np.less))
        return int(np.count_nonzero(_kept(up, gone))), int(np.count_nonzero(_kept(down, gone)))

    def _grades(self, way: Way, total: Column) -> Iterator[tuple[str, Flags]]:
        """Yield who has each grade: the best one that is reached, and that no gate bars."""
        if not way.grades:
            return
        arrays, on = Arrays({}, {}), self._facts.on({TOTAL: total.units})
        left = Flags(values=True)
        for name, (term, free) in way.grades.items():
            if term is not None:
                reached = on.truth(counting_in(term, {TOTAL: total.denominator}))
                given = arrays.all([reached, free, left])
                left = arrays.all([left, arrays.negation(given)])
                yield name, given
        for name, (term, _) in way.grades.items():
            if term is None:
                yield name, left

    def _many(self, flags: Flags, refused: Refused) -> int:
        values = flags.values
        if isinstance(values, bool):
            values = np.full(self._facts.rows, values)
        return int(np.count_nonzero(_kept(values, refused)))


def _kept(values: Array, refused: Refused) -> Array:
    return values if refused is None else values[~refused]


def _sum_of(values: Array, bounds: Units) -> int:
    """Return the sum, added up in as few bits as hold it."""
    largest = max(abs(bounds.low), abs(bounds.high)) * len(values)
    wide = np.int32 if largest < np.iinfo(np.int32).max else np.int64
    return int(np.add.reduce(values, dtype=wide))
