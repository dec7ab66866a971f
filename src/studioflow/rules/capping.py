"""The most that counts: one way to say it for every kind that has a cap."""

from __future__ import annotations

from fractions import Fraction

from studioflow.algebra import Choose, Explained, Note, Number, smallest
from studioflow.text import Text, message

__all__ = ["capped"]

CAPPED = message("capped", zh="最多{cap}分", en="at most {cap}")
ROW_CAPPED = message("row_capped", zh="{label}最多{cap}分", en="{label}: at most {cap}")


def capped(points: Number, cap: Fraction | None, label: Text | None = None) -> Number:
    """Return the points, or the cap with the reason where it is passed.

    Args:
        points: of the whole, or of a part of it.
        cap: the most that counts; None for no cap.
        label: of the part.
    """
    if cap is None:
        return points
    # Capped on both sides of the choice: ranges stay narrow, and points that are refused stay so.
    least = smallest(points, cap)
    note = Note(CAPPED, {"cap": cap})
    if label is not None:
        note = Note(ROW_CAPPED, {"label": label, "cap": cap})
    return Choose(points > cap, Explained(least, note), least)
