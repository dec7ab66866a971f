"""The kinds of quantity: numbers that rules compute from facts."""

from __future__ import annotations

from attrs import frozen

from studioflow.algebra import Number, Sum, largest
from studioflow.rules.kinds import QUANTITIES, Quantity, kind

__all__ = ["Shortfall", "SumOf"]


@kind(QUANTITIES, "sum")
@frozen(eq=False)
class SumOf:
    """Several quantities added up."""

    of: tuple[Quantity, ...]

    def number(self) -> Number:
        """See `QuantityKind`."""
        return Sum(tuple(quantity.number for quantity in self.of))


@kind(QUANTITIES, "shortfall")
@frozen(eq=False)
class Shortfall:
    """How many are missing to the norm; 0 where none is."""

    value: Quantity
    norm: Quantity

    def number(self) -> Number:
        """See `QuantityKind`."""
        return largest(0, self.norm.number - self.value.number)
