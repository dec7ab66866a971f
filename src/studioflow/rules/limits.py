"""Limits that values keep to: bounds, and the words for what passes them."""

from __future__ import annotations

from fractions import Fraction

from studioflow.codec import Collector, wrong
from studioflow.text import exact, message

__all__ = ["BOUNDS_ORDER", "OUT_OF_BOUNDS", "STEP_POSITIVE", "check_limits", "check_step"]

OUT_OF_BOUNDS = message("out_of_bounds", zh="{low} 至 {high}", en="{low} to {high}")
BOUNDS_ORDER = message("bounds_order", zh="min 不大于 max", en="min not above max")

STEP_POSITIVE = message("step_positive", zh="大于0的步长", en="a step above 0")


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


def check_step(**steps: Fraction | None) -> None:
    """Check that the steps to which a rule rounds, by key, are above 0.

    Raises:
        InputError: with every step that is not.
    """
    collector = Collector()
    for key, step in steps.items():
        with collector.under(key):
            if step is not None and step <= 0:
                raise wrong(STEP_POSITIVE, step)
    collector.finish()
