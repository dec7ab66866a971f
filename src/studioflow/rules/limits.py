"""Limits that values keep to: bounds, and the words for what passes them."""

from __future__ import annotations

from fractions import Fraction

from studioflow.codec import Collector, wrong
from studioflow.text import exact, message

__all__ = ["BOUNDS_ORDER", "OUT_OF_BOUNDS", "check_limits"]

OUT_OF_BOUNDS = message("out_of_bounds", zh="{low} 至 {high}", en="{low} to {high}")
BOUNDS_ORDER = message("bounds_order", zh="min 不大于 max", en="min not above max")


def check_limits(
    low: Fraction = Fraction(0), high: Fraction | None = None, /, **values: Fraction | None
) -> None:
    """Check that the values of a rule, by key, are from `low` to `high`, both included.

    Raises:
        InputError: with every value outside.
    """
    collector = Collector()
    for key, value in values.items():
        with collector.under(key):
            if value is not None and (value < low or (high is not None and value > high)):
                top = "∞" if high is None else exact(high)
                raise wrong(OUT_OF_BOUNDS, value, low=exact(low), high=top)
    collector.finish()
