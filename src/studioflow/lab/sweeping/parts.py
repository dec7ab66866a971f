"""What each part of a rubric hangs on: which axes of a grid can change it, alone or together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studioflow.lab.sweeping.grid import Grid
from studioflow.policy import Policy

__all__ = ["TOTALS", "axes_of"]

TOTALS = "totals"
"""The part that is no item: sections, the total, and the grades over it."""

_ITEMS = ("criteria", "deductions", "gates")
_SUMS = ("sections", "scoring", "grades")
_SHARED = ("readings", "conditions", "site_check")
_TOLD = {"label", "text", "clause", "unit", "indicator", "basis", "project"}
"""What is said to people, and names nothing."""
_OF_SUMS = {"max", "section", "weight", "part_of", "cap", "at_best"}
"""What an item says of how it counts, beside what it gives."""


def axes_of(policy: Policy, grid: Grid) -> Mapping[str, tuple[str, ...]] | None:
    """Return the axes that can change each part, by `criteria/5.2.2`, …, and `TOTALS`.

    It is read off what a part names, so that an axis which matters only beside another one is not
    overlooked; an axis too many costs time and nothing else.

    Returns:
        None where an axis changes facts, or what is read in another way: then every part hangs on
        every axis.
    """
    tables = policy.tables
    parts = {
        f"{root}/{name}": _words(tables, entry)
        for root in _ITEMS
        for name, entry in tables.get(root, {}).items()
    }
    sums = [tables.get(root, {}) for root in _SUMS]
    sums += [
        {key: each[key] for key in each.keys() & _OF_SUMS}
        for root in _ITEMS
        for each in tables.get(root, {}).values()
    ]
    parts[TOTALS] = _words(tables, sums)
    facts = _words(tables, tables.get("facts", {}))
    found: dict[str, tuple[str, ...]] = dict.fromkeys(parts, ())
    for axis in grid.axes:
        keys = axis.split("/")
        known = keys[0] in {*_ITEMS, *_SUMS, *_SHARED} and len(keys) > 1
        if not known or (keys[0] in _SHARED and keys[1] in facts):
            return None
        own = "/".join(keys[:2])
        for part, words in parts.items():
            shared = keys[0] in _SHARED and (keys[1] in words or keys[0] == "site_check")
            of_sums = part == TOTALS and (keys[0] in _SUMS or not _OF_SUMS.isdisjoint(keys))
            whole = part == TOTALS and len(keys) == 2  # noqa: PLR2004 - an entry, put there whole
            if part == own or shared or of_sums or whole:
                found[part] = (*found[part], axis)
    return found


def _words(tables: Mapping[str, Any], part: object) -> frozenset[str]:
    """Return every word of a part, and of the conditions that it names."""
    found, waiting = set[str](), [*_said(part)]
    while waiting:
        word = waiting.pop()
        if word in found:
            continue
        found.add(word)
        waiting += _said(tables.get("conditions", {}).get(word))
        waiting += _said(tables.get("readings", {}).get(word))
    return frozenset(found)


def _said(part: object) -> Iterator[str]:
    match part:
        case str():
            yield part
        case Mapping():
            for key, value in part.items():
                if key not in _TOLD:
                    yield from _said(value)
        case list():
            for value in part:
                yield from _said(value)
