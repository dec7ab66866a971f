"""Labels broken into lines, a Chinese character being as wide as two Latin ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["SLASH", "packed", "wrapped"]

SLASH = " / "
"""Between those who may all do the same; it ends a line where they do not fit into one."""

# A Chinese character may end a line by itself, a Latin word takes its space along.
_PIECES = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines; a word that is longer than a line has one of its own.

    >>> wrapped("Party organisation of the unit", 20), wrapped("名师工作室", 6)
    (['Party organisation', 'of the unit'], ['名师工', '作室'])
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and _wide(lines[-1]) + _wide(piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]


def packed(items: Iterable[str], width: int, between: str = " · ") -> list[str]:
    """Return several texts in lines, none of them parted that fits into a line of its own.

    >>> packed(["record", "correct", "inspect the site"], 16)
    ['record · correct', 'inspect the site']
    """
    lines: list[str] = []
    for item in items:
        if not lines:
            lines = wrapped(item, width)
        elif _wide(lines[-1] + between + item) <= width:
            lines[-1] += between + item
        else:
            lines[-1] += between.rstrip() if between == SLASH else ""
            lines += wrapped(item, width)
    return lines


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
