"""Plain text on a terminal: how wide it is, where it may be broken, and what may not reach it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["flow", "listed", "padded", "visible", "width", "wrap"]

_NEVER_FIRST = "，。、：；？！）》〉」』】”’…"
_NEVER_LAST = "（《〈「『【“‘"
_UNITS = "分次人名项个年月日"
_PIECES = re.compile(r"\s+|[^\s\u2e80-\U0010ffff]+|.")
_HARMFUL = {"Cc", "Cf", "Cs"}


def visible(text: str) -> str:
    r"""Return the text with whatever could steer a terminal spelt out.

    Files can't bring control characters, but names of files and words of exceptions can.

    >>> visible("a\x1b[31m")
    'a\\x1b[31m'
    """
    return "".join(
        ascii(character)[1:-1]
        if unicodedata.category(character) in _HARMFUL and character not in "\n\t"
        else character
        for character in text
    )


def width(text: str) -> int:
    """Return how many columns a text takes.

    >>> width("六有 ok")
    7
    """
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int) -> str:
    """Return the text with spaces behind it up to a width."""
    return text + " " * max(0, columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines: at spaces and between Chinese characters.

    No line starts with a comma or ends with an opening bracket.

    >>> wrap("有党旗，有党徽", 7)
    ['有党', '旗，有', '党徽']
    """
    columns = max(columns, 4)
    lines = [""]
    for piece in _unbreakable(" ".join(text.split("\n"))):
        if width(lines[-1]) + width(piece.rstrip()) > columns:
            # A line of nothing but space makes room.
            lines[-1:] = [lines[-1], ""] if lines[-1].strip() else [""]
            piece = piece.lstrip()  # noqa: PLW2901 - the space at a break is gone
        while width(piece) > columns and piece.strip():
            head = _head(piece, columns)
            lines[-1:] = [head, ""]
            piece = piece[len(head) :]  # noqa: PLW2901 - what is left of a very long word
        lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()] or [""]


def flow(items: list[str], separator: str, columns: int) -> list[str]:
    """Put items behind each other, breaking between them; one that is too long is broken itself.

    >>> flow(["one two", "three", "four"], " · ", 17)
    ['one two · three ·', 'four']
    """
    lines = [""]
    for position, item in enumerate(items):
        last = position == len(items) - 1
        piece = item if last else item + separator.rstrip()
        space = " " if lines[-1] else ""
        if lines[-1] and width(lines[-1]) + width(space + piece) > columns:
            lines.append("")
            space = ""
        lines[-1:] = wrap(lines[-1] + space + piece, columns)
    return lines


def _unbreakable(text: str) -> Iterator[str]:
    """Yield the parts that a line may not be broken within."""
    held = ""
    for piece in _PIECES.findall(text):
        sticks = (
            piece[0] in _NEVER_FIRST
            or held[-1:] in _NEVER_LAST
            or (held[-1:].isdigit() and piece in _UNITS)
        )
        if held and not sticks:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _head(piece: str, columns: int) -> str:
    """Return as much of a long word as fits, one character at least."""
    end = 1
    while end < len(piece) and width(piece[: end + 1]) <= columns:
        end += 1
    return piece[:end]


def listed(keys: list[str], order: list[str]) -> str:
    """Write keys in a short way: runs of three and more by their ends.

    >>> listed(["s01", "s02", "s03", "s05"], ["s01", "s02", "s03", "s04", "s05"])
    's01–s03, s05'
    """
    places = sorted(order.index(key) for key in keys)
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    words = []
    for run in runs:
        first, last = order[run[0]], order[run[-1]]
        words += [f"{first}–{last}"] if len(run) > 2 else [order[place] for place in run]  # noqa: PLR2004 - two are no run
    return ", ".join(words)
