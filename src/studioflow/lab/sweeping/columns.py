"""Columns of a cohort: from facts to arrays, as narrow as they can be, and terms that count so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from attrs import evolve, fields, frozen

from studioflow.algebra import FactNumber, Interpreter, Number, Term, Truth
from studioflow.lab.sweeping.arrays import Array, Arrays, Flags, Units, column_of
from studioflow.rules import Fact

if TYPE_CHECKING:
    from attrs import AttrsInstance

__all__ = ["Column", "Facts", "counting_in", "filled", "given_arrays", "narrow"]

_AT_HAND = 1 << 24
"""So many bytes."""
_LOOKED_AT = 256
"""So many values show nearly always what factor all of them have."""


@frozen(eq=False)
class Facts:
    """The facts of a cohort.

    Attributes:
        given: by name, those that are known everywhere.
        words: those of each choice.
        rows: how many studios there are.
    """

    given: Mapping[str, Units | Flags | Array]
    words: Mapping[str, Sequence[str]]
    rows: int

    def on(self, results: Mapping[str, Units]) -> Interpreter[Units, Flags]:
        """Return what interprets terms over the facts and some results."""
        given = {**self.given, **results}
        return Interpreter(Arrays(given, self.words), notes=False)


class Column(NamedTuple):
    """A column that was computed; those of equal numbers are one."""

    number: int
    units: Units
    denominator: int

    def counting(self, denominator: int) -> Units:
        """Return the values in a finer unit."""
        factor = denominator // self.denominator
        if factor == 1:
            return self.units
        return Arrays({}, {}).multiply(self.units, Units(factor, factor, factor))


def given_arrays(
    facts: Mapping[str, Fact], columns: Mapping[str, Array]
) -> dict[str, Units | Flags | Array]:
    """Return facts as the arrays of the algebra; those that are not known everywhere are not there.

    Args:
        facts: of the policy.
        columns: by fact: steps of a number, truths, or codes of words.
    """
    _keep_at_hand()
    given: dict[str, Units | Flags | Array] = {}
    for name, values in columns.items():
        fact = facts[name]
        if fact.type == "choice":
            given[name] = values
        elif not fact.ordered:
            given[name] = Flags(values)
        else:
            step = Fraction(1) if fact.step is None else fact.step
            units = int(step * fact.denominator)
            low, high = (int(end(values)) * units for end in (np.min, np.max))
            column = column_of(values, min(low, 0), max(high, 0))
            scaled = Arrays({}, {}).multiply(column, Units(units, units, units))
            column = scaled if units != 1 else column
            given[name] = Units(column.values, low, high)
    return given


def _keep_at_hand() -> None:
    """Have columns that are freed be used again, and not be given back to the system each time.

    The largest array freed so far says what glibc gives back; elsewhere it does nothing.
    """
    np.empty(_AT_HAND, dtype=np.uint8)


def filled(units: Units, rows: int) -> Units:
    """Return a number as a column, also where it is the same for all."""
    if not isinstance(units.values, int):
        return units
    return column_of(np.full(rows, units.values), units.low, units.high)


def narrow(units: Units, denominator: int, rows: int) -> tuple[Units, int]:
    """Return a column in as few bits as its values need, in the coarsest unit that they are of.

    A mark counts in parts of 2520, since nine people may give it; most are whole.
    """
    values = filled(units, rows).values
    assert isinstance(values, np.ndarray)  # noqa: S101 - it was filled
    common = _common_factor(values, denominator)
    values = values if common == 1 else values // np.asarray(common, dtype=values.dtype)
    low, high = int(values.min()), int(values.max())
    refused = None if units.refused is None or not units.refused.any() else units.refused
    return evolve(column_of(values, low, high), refused=refused), denominator // common


def _common_factor(values: Array, denominator: int) -> int:
    """Return the largest factor of a denominator that all values have."""
    if denominator == 1:
        return 1
    common = gcd(denominator, int(np.gcd.reduce(values[:_LOOKED_AT])))
    if common > 1 and (values % np.asarray(common, dtype=values.dtype)).any():
        return gcd(common, int(np.gcd.reduce(values)))
    return common


def counting_in(term: Term, denominators: Mapping[str, int]) -> Any:  # noqa: ANN401 - the same kind of term
    """Return a term over results that count in other units."""
    match term:
        case FactNumber(name) if name in denominators:
            return evolve(term, denominator=denominators[name])
        case Number() | Truth():
            every = fields(cast("type[AttrsInstance]", type(term)))
            parts = {field.name: getattr(term, field.name) for field in every}
            counted = {key: _counted_part(part, denominators) for key, part in parts.items()}
            return evolve(cast("Any", term), **counted)
        case _:
            return term


def _counted_part(part: object, denominators: Mapping[str, int]) -> object:
    if isinstance(part, Term):
        return counting_in(part, denominators)
    if isinstance(part, tuple):
        return tuple(_counted_part(each, denominators) for each in part)
    return part
