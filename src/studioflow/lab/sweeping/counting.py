"""Counting what comes of a variation, against the policy as it stands."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from attrs import evolve

from studioflow.lab.sweeping.arrays import Array, Arrays, Units
from studioflow.lab.sweeping.columns import filled
from studioflow.lab.sweeping.factored import Totals
from studioflow.lab.sweeping.outcome import Outcome

__all__ = ["Counter"]


class Counter:
    """Counts outcomes against the totals of the policy as it stands."""

    def __init__(self, base: Totals, rows: int) -> None:
        self._base, self._rows = base, rows
        self._counted: dict[Hashable, Outcome] = {}

    def outcome(self, changes: Mapping[str, Any], found: Totals) -> Outcome:
        """Return the outcome of a variation; what came out the same is counted once."""
        if found.key not in self._counted:
            self._counted[found.key] = self._count(changes, found)
        return evolve(self._counted[found.key], changes=changes)

    def _count(self, changes: Mapping[str, Any], found: Totals) -> Outcome:
        total, refused = found.total, found.total.refused
        values = np.asarray(filled(total, self._rows).values)
        eligible = np.broadcast_to(np.asarray(found.eligible.values), values.shape)
        if refused is not None:
            values, eligible = values[~refused], eligible[~refused]
        known, unit = len(values), found.denominator
        rising, falling = self._moved(found)
        grades = {
            name: int(np.count_nonzero(_kept(flags.values, refused, self._rows)))
            for name, flags in found.grades.items()
        }
        passing = int(np.count_nonzero(eligible))
        return Outcome(
            changes=changes,
            unscored=self._rows - known,
            known=known,
            points=Fraction(_sum_of(values, total), unit),
            least=Fraction(int(values.min()), unit) if known else None,
            most=Fraction(int(values.max()), unit) if known else None,
            eligible=passing,
            not_eligible=known - passing,
            rising=rising,
            falling=falling,
            grades=grades,
        )

    def _moved(self, found: Totals) -> tuple[int, int]:
        old, new = self._base, found
        unit = lcm(old.denominator, new.denominator)
        before, after = (_in_units(each, unit, self._rows) for each in (old, new))
        up, down = after > before, after < before
        if old.total.refused is None and new.total.refused is None:
            return int(np.count_nonzero(up)), int(np.count_nonzero(down))
        gone = [each.total.refused for each in (old, new) if each.total.refused is not None]
        for refused in gone:
            up, down = up & ~refused, down & ~refused
        return int(np.count_nonzero(up)), int(np.count_nonzero(down))


def _sum_of(values: Array, bounds: Units) -> int:
    """Return the sum, added up in as few bits as hold it."""
    largest = max(abs(bounds.low), abs(bounds.high)) * len(values)
    wide = np.int32 if largest < np.iinfo(np.int32).max else np.int64
    return int(np.add.reduce(values, dtype=wide))


def _in_units(totals: Totals, unit: int, rows: int) -> Any:  # noqa: ANN401 - an array
    factor = unit // totals.denominator
    if factor == 1:
        return filled(totals.total, rows).values
    scaled = Arrays({}, {}).multiply(totals.total, Units(factor, factor, factor))
    return filled(scaled, rows).values


def _kept(values: Any, refused: Any, rows: int) -> Any:  # noqa: ANN401 - arrays
    flags = np.broadcast_to(np.asarray(values), (rows,))
    return flags if refused is None else flags[~refused]
