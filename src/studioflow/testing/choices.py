"""Choices that a run takes as it goes, and the runs that differ in few of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar

__all__ = ["Choices", "choosing"]

T = TypeVar("T")


class Choices:
    """What one run chooses: the first of everything, but for some places.

    Attributes:
        otherwise: which one to take instead of the first, by the choice's place.
        taken: among how many was chosen so far, and what it costs to choose otherwise there.
    """

    def __init__(self, otherwise: Mapping[int, int] | None = None, cost: int = 0) -> None:
        """Begin a run.

        Args:
            otherwise: see above; nowhere when it is left out.
            cost: of all that is chosen otherwise.
        """
        self.otherwise = dict(otherwise or {})
        self.cost = cost
        self.taken: list[tuple[int, int]] = []

    def pick(self, among: Sequence[T], cost: int = 1) -> T:
        """Return one of several.

        Args:
            among: the first one is what is chosen first.
            cost: what costs less is tried sooner, where a run came to nothing.
        """
        place = len(self.taken)
        self.taken.append((len(among), cost))
        return among[self.otherwise.get(place, 0) % len(among)]


def choosing(most: int) -> Iterator[Choices]:
    """Yield choices for one run after the other: first those that differ the least.

    Args:
        most: how many runs there are.
    """
    number = count()
    waiting = [(0, next(number), Choices())]
    while waiting and most > 0:
        tried = heappop(waiting)[-1]
        yield tried
        most -= 1
        last = max(tried.otherwise, default=-1)
        # What was chosen late is tried otherwise first: what came before it worked.
        for place in range(len(tried.taken) - 1, last, -1):
            size, more = tried.taken[place]
            for other in range(1, size):
                next_one = Choices({**tried.otherwise, place: other}, tried.cost + more)
                heappush(waiting, (next_one.cost, next(number), next_one))
