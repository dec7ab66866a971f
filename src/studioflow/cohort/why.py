"""Why somebody gets a level or does not, where the points do not say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from studioflow.cohort.levels import Level, Standing
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["Why", "why_filled", "why_lifted"]

BEYOND_PLACES = message(
    "beyond_places",
    zh="排名第{place}，不在“{grade}”的{places}个名额之内",
    en="rank {place} is beyond the places of {grade} ({places})",
)
PLACES_KEPT = message(
    "places_kept",
    zh="排名第{place}，不列入“{grade}”，以满足最低数量：{later}",
    en="rank {place} does not get {grade}, so that enough are left for {later}",
)
LIFTED = message(
    "lifted_to_minimum",
    zh="排名第{place}，按排名列入“{grade}”：至少{least}个",
    en="lifted to {grade} as the next in the ranking ({place}): its minimum is {least}",
)
LIFTED_FOR_ROOM = message(
    "lifted_for_room",
    zh="排名第{place}，按排名列入“{grade}”：其后等级名额不足",
    en="lifted to {grade} as the next in the ranking ({place}): "
    "the grades below it have too few places",
)
BY_RANK = message(
    "graded_by_rank",
    zh="排名第{place}，在“{grade}”的{places}个名额之内",
    en="rank {place} is within the places of {grade} ({places})",
)


class Why(Protocol):
    """Why one of a pool gets its level or does not, where the points do not say it."""

    def __call__(self, standing: Standing, *, got: bool) -> Reason | None:
        """Return the reason; None where the points say it."""


def why_filled(level: Level, lower: Iterable[Level], *, limited: bool) -> Why:
    """Return why those who reach a level get it or do not.

    Args:
        level: that they reach.
        lower: the levels below it.
        limited: whether it is its own limit that ends it.
    """
    later = tuple(each.label for each in lower if each.needed)

    def why(standing: Standing, *, got: bool) -> Reason | None:
        if got and level.given != "rank":
            return None
        if got or limited:
            told = BY_RANK if got else BEYOND_PLACES
            return level.reason(told, place=standing.place, places=level.most)
        return level.reason(PLACES_KEPT, place=standing.place, later=later)

    return why


def why_lifted(level: Level, *, for_minimum: bool) -> Why:
    """Return why those who do not reach a level get it."""

    def why(standing: Standing, *, got: bool) -> Reason | None:
        if not got:
            return None
        if for_minimum:
            return level.reason(LIFTED, place=standing.place, least=level.least)
        return level.reason(LIFTED_FOR_ROOM, place=standing.place)

    return why
