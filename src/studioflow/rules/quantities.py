"""The kinds of quantity: numbers that rules compute from facts."""

from __future__ import annotations

from attrs import frozen

from studioflow.algebra import Number, Sum, Truth, largest
from studioflow.rules.kinds import Quantity, all_defined, common_unit, quantity_kind
from studioflow.rules.wording import joined
from studioflow.text import Text

__all__ = ["Shortfall", "SumOf"]


@quantity_kind("sum")
@frozen(eq=False)
class SumOf:
    """Several quantities added up."""

    of: tuple[Quantity, ...]

    def number(self) -> Number:
        """See `QuantityKind`."""
        return Sum(tuple(quantity.number for quantity in self.of))

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined(self.of)

    def unit(self) -> Text | None:
        """See `UnitKind`."""
        return common_unit(self.of)

    def wording(self) -> Text:
        """See `QuantityKind`."""
        return joined((quantity.label for quantity in self.of), "＋", " + ")


@quantity_kind("shortfall")
@frozen(eq=False)
class Shortfall:
    """How many are missing to the norm; 0 where none is."""

    value: Quantity
    norm: Quantity

    def number(self) -> Number:
        """See `QuantityKind`."""
        return largest(0, self.norm.number - self.value.number)

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined((self.value, self.norm))

    def unit(self) -> Text | None:
        """See `UnitKind`."""
        return self.value.unit

    def wording(self) -> Text:
        """See `QuantityKind`."""
        return joined((self.value.label, self.norm.label), "距", " short of ")
