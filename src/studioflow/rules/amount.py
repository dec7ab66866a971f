"""How many of so many: a number of places, or so many per cent of all with a fraction rounded."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal

from attrs import frozen
from cattrs import Converter

from studioflow.codec import WRONG_TYPE, wrong
from studioflow.rules.limits import check_limits
from studioflow.text import Text, exact, message

__all__ = ["Amount", "Rounding", "teach_amounts"]

Rounding = Literal["down", "up", "half_up"]

WHOLE_PLACES = message("whole_places", zh="整数，0以上", en="a whole number, 0 or more")
_AMOUNT = Text("整数或 { percent = … }", "a whole number or { percent = … }")
_ROUND: dict[str, Callable[[Fraction], int]] = {
    "down": floor,
    "up": ceil,
    "half_up": lambda places: floor(places + Fraction(1, 2)),
}


@frozen(kw_only=True)
class Amount:
    """A number of places, or so many per cent of all.

    >>> Amount(percent=Fraction(20), rounding="down").of(14)
    2
    >>> Amount(places=3).of(14)
    3

    Attributes:
        places: whole, 0 or more; None where `percent` says it.
        percent: of all, from 0 to 100.
        rounding: of a fraction of a place.
    """

    places: int | None = None
    percent: Fraction | None = None
    rounding: Rounding = "down"

    def __attrs_post_init__(self) -> None:
        if (self.places is None) == (self.percent is None):
            raise wrong(WRONG_TYPE, "places, percent", type=_AMOUNT)
        if self.places is not None and self.places < 0:
            raise wrong(WHOLE_PLACES, self.places)
        check_limits(Fraction(0), Fraction(100), percent=self.percent)

    def of(self, count: int) -> int:
        """Return how many places these are among so many."""
        if self.places is not None:
            return self.places
        return _ROUND[self.rounding](count * (self.percent or Fraction(0)) / 100)

    def wording(self) -> Text:
        """Return the words for it."""
        if self.percent is None:
            return Text(f"{self.places}个", f"{self.places}")
        return Text(f"{exact(self.percent)}%", f"{exact(self.percent)} %")


@frozen(kw_only=True)
class _Share:
    percent: Fraction
    rounding: Rounding = "down"


def teach_amounts(converter: Converter) -> None:
    """Teach a strict converter that an amount is a whole number or a table with `percent`."""

    def amount(value: object, _: object) -> Amount:
        if type(value) is int:
            return Amount(places=value)
        if isinstance(value, dict):
            share: Any = converter.structure(value, _Share)
            return Amount(percent=share.percent, rounding=share.rounding)
        raise wrong(WRONG_TYPE, value, type=_AMOUNT)

    converter.register_structure_hook_func(lambda cls: cls is Amount, amount)
