"""A mapping that stays as it is, so that a value made of it does, too."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar

__all__ = ["ReadOnly", "frozen_document", "plain_document", "read_only"]

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

    @classmethod
    def keeping(cls, items: dict[str, V]) -> ReadOnly[V]:
        """Return a mapping around a dict that nobody else holds: it is not copied."""
        made = cls.__new__(cls)
        made._items = items  # noqa: SLF001 - its own
        return made

    def copied(self) -> dict[str, V]:
        """Return a dict of the same items."""
        return self._items.copy()

    # The mapping's own ways: those of `Mapping` look up each key again.

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as `dict` has it
        """See `dict`."""
        return self._items.get(key, default)

    def keys(self) -> KeysView[str]:
        """See `dict`."""
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        """See `dict`."""
        return self._items.values()

    def items(self) -> ItemsView[str, V]:
        """See `dict`."""
        return self._items.items()

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)


_EMPTY: ReadOnly[Any] = ReadOnly({})


def read_only(items: Mapping[str, Any]) -> ReadOnly[Any]:
    """Return a mapping that stays as it is: a copy, unless it is one that does already."""
    if not items:
        return _EMPTY
    return items if type(items) is ReadOnly else ReadOnly(items)


def frozen_document(value: Mapping[str, object]) -> ReadOnly[object]:
    """Return a copy of a plain document in which nothing can be changed, at any depth."""
    return ReadOnly({key: _frozen(item) for key, item in value.items()})


def plain_document(value: Mapping[str, object]) -> dict[str, object]:
    """Return a copy of a frozen document, in dicts and lists again.

    >>> plain_document(frozen_document({"notice": ["n-1"]}))
    {'notice': ['n-1']}
    """
    return {key: _plain(item) for key, item in value.items()}


def _frozen(value: object) -> object:
    match value:
        case Mapping():
            return frozen_document(value)
        case list() | tuple():
            return tuple(_frozen(item) for item in value)
        case _:
            return value


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return plain_document(value)
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value
