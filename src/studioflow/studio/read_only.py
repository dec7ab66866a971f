"""A mapping that stays as it is, so that a value made of it does, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

__all__ = ["ReadOnly"]

V = TypeVar("V")


class ReadOnly(Mapping[str, V]):
    """A copy of a mapping, without the means to change it.

    `types.MappingProxyType` can neither be pickled nor deep-copied, and a studio has to be.

    >>> facts = ReadOnly({"members": 8})
    >>> facts["members"], facts == {"members": 8}
    (8, True)
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)
