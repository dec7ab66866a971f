"""The most that counts: one way to say it for every kind that has a cap."""

from __future__ import annotations

from fractions import Fraction

from studioflow.algebra import Choose, Explained, Note, Number, smallest
from studioflow.text import message

__all__ = ["capped"]

CAPPED = message("capped", zh="最多{cap}分", en="at most {cap}")


def capped(points: Number, cap: Fraction | None) -> Number:
    """Return the points, or the cap with the reason where it is passed."""
    if cap is None:
        return points
    # Capped on both sides of the choice: ranges stay narrow, and points that are refused stay so.
    least = smallest(points, cap)
    return Choose(points > cap, Explained(least, Note(CAPPED, {"cap": cap})), least)
