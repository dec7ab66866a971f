"""How wide a picture may be so that it fits on a page."""

from __future__ import annotations

import re

from studioflow.documents.paper.model import Picture

__all__ = ["printed_width"]

_BOX = re.compile(r"viewBox=[\"'][\d.+-]+[ ,]+[\d.+-]+[ ,]+([\d.]+)[ ,]+([\d.]+)[\"']")
_TALLEST = 215.0
"""In millimetres: what A4 has room for below a heading."""


def printed_width(picture: Picture, line: float) -> float:
    """Return the width of a picture, so that it is neither wider than a line nor too tall.

    >>> printed_width(Picture(svg='<svg viewBox="0 0 100 400"/>', alt="a tower"), 166)
    53.75

    Args:
        picture: with the share of the line that it wants.
        line: in millimetres, as the result is.
    """
    wanted = picture.width * line
    found = _BOX.search(picture.svg)
    if found is None or not float(found[2]):
        return wanted
    return min(wanted, _TALLEST * float(found[1]) / float(found[2]))
