"""A part of an object that is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["made_once"]

T = TypeVar("T")


class made_once(Generic[T]):  # noqa: N801 - it is written as a decorator
    """`functools.cached_property` without the lock that it takes before Python 3.12.

    For what belongs to one thread, or where two threads would make the same.
    """

    def __init__(self, make: Callable[..., T]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, owner: object, _: type | None = None) -> T:
        made = self.make(owner)
        owner.__dict__[self.name] = made
        return made
