"""How the places of a batch are given, step by step.

A tie that waits for a decision may come out in several ways. Each of them is followed to its end as
a `World`; what is the same in all of them does not wait. Of those who are tied and otherwise alike
one stands for the others, so that there are few worlds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from attrs import evolve, frozen

from studioflow.codec import Collector
from studioflow.cohort.levels import Batch, Level, Standing
from studioflow.cohort.ties import Line, Of, checked, options
from studioflow.cohort.world import World
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["KEYS", "Decided", "settle"]

Decided = Mapping[Of, Mapping[str, Sequence[str]]]

KEYS: Mapping[Of, str] = {"places": "decided", "last": "decided_last"}
"""The arguments in which callers tell what was decided."""

MOST_WORLDS = 500
"""With more of them, whoever has no place yet waits for the decisions that come first."""

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
AMONG_LAST = message(
    "among_last",
    zh="排名末{last}位，最高为“{grade}”",
    en="among the last of the ranking ({last}): {grade} at best",
)


def settle(batch: Batch, decided: Decided) -> tuple[tuple[World, ...], int]:
    """Give the places.

    Returns:
        Every way in which it may come out, and how many levels were filled: not all of them where
        there are too many ways.

    Raises:
        InputError: for a decision that does not fit its tie.
    """
    steps = _Steps(batch, decided)
    worlds: tuple[World, ...] = (World(),)
    for level in reversed(batch.levels):
        worlds = tuple(after for world in worlds for after in steps.last(world, level))
    for level in batch.levels:
        if len(worlds) > MOST_WORLDS:
            return worlds, level.number
        worlds = tuple(after for world in worlds for after in steps.fill(world, level))
    return worlds, len(batch.levels)


class _Why(Protocol):
    """Why one of a pool gets its level or does not, where the points do not say it."""

    def __call__(self, standing: Standing, *, got: bool) -> Reason | None: ...


@frozen
class _Pool:
    """Those who may get a level, best first.

    Attributes:
        size: how many of them get it.
        low: how many of them have to.
    """

    standings: Sequence[Standing]
    size: int
    low: int
    why: _Why


class _Steps:
    """The steps from one world to the next: one, or where a tie waits, several."""

    def __init__(self, batch: Batch, decided: Decided) -> None:
        self._levels = batch.levels
        self._ranking = batch.standings
        self._rooms = [level.room(len(batch.standings)) for level in batch.levels]
        self._decided = decided

    def last(self, world: World, level: Level) -> Iterator[World]:
        """Push the last of the ranking down to a level; those of lower levels come first."""
        count = min(level.last, len(self._ranking))
        points = self._ranking[-count].points if count else None
        behind = [s for s in self._ranking if points is not None and s.points < points]
        tied = [s for s in self._ranking if s.points == points]
        group = [s for s in tied if s.studio not in world.caps]
        places = max(0, count - len(behind) - (len(tied) - len(group)))
        if not 0 < places < len(group):
            yield self._pushed(world, level, [*behind, *(group if places else ())])
            return
        line = world.line("last", level, group, places=places, least=places)
        for after, chosen in self._ways(world, line):
            taken = [standing for standing in group if standing.studio in chosen]
            yield self._pushed(after, level, [*behind, *taken])

    def fill(self, world: World, level: Level) -> Iterator[World]:
        """Give a level to those who get it of those who have none yet."""
        left = [s for s in self._ranking if s.studio not in world.levels]
        if level is self._levels[-1]:
            yield world.placed(left, level)
            return
        low, high = self._bounds(world, level, left)
        own = [s for s in left if world.own(s) <= level.number]
        size = min(max(len(own), low), high)
        limited = level.most is not None and high == self._rooms[level.number]
        why = self._why(level, limited=limited)
        if size <= len(own):
            yield from self._filled(world, level, _Pool(own, size, low, why))
            return
        world = self._given(world, level, own, own, why)
        others = [s for s in left if world.own(s) > level.number and world.best(s) <= level.number]
        more = size - len(own)
        why = _why_lifted(level, for_minimum=level.needed >= size)
        yield from self._filled(world, level, _Pool(others, more, more, why))

    def _bounds(self, world: World, level: Level, left: Sequence[Standing]) -> tuple[int, int]:
        """Return the fewest and the most for a level, so that the lower ones can be filled, too.

        A minimum that can not be met any more is not looked at: nobody is moved for it.
        """
        rooms, best = self._rooms, [world.best(standing) for standing in left]
        high = rooms[level.number]
        needed: dict[int, int] = {}
        for lower in self._levels[level.number :]:
            able = sum(level <= lower.number for level in best)
            if lower.needed <= min(rooms[lower.number], able - sum(needed.values())):
                needed[lower.number] = lower.needed
            high = min(high, able - sum(needed.values()) + needed.get(level.number, 0))
        # What the lower levels can not hold has to stay here, but for those who may not.
        later = range(level.number + 1, len(rooms))
        stuck = max(sum(level >= n for level in best) - sum(rooms[n:]) for n in later)
        forced = len(left) - sum(rooms[n] for n in later) - max(0, stuck)
        return min(max(needed.get(level.number, 0), forced), high), high

    def _why(self, level: Level, *, limited: bool) -> _Why:
        later = tuple(lower.label for lower in self._levels[level.number + 1 :] if lower.needed)

        def why(standing: Standing, *, got: bool) -> Reason | None:
            if got and level.given != "rank":
                return None
            if got or limited:
                told = BY_RANK if got else BEYOND_PLACES
                return level.reason(told, place=standing.place, places=level.most)
            return level.reason(PLACES_KEPT, place=standing.place, later=later)

        return why

    def _filled(self, world: World, level: Level, pool: _Pool) -> Iterator[World]:
        """Give a level to the first of a pool."""
        some, size = pool.standings, pool.size
        if not 0 < size < len(some) or some[size - 1].points > some[size].points:
            yield self._given(world, level, some, some[:size], pool.why)
            return
        before = [standing for standing in some if standing.points > some[size].points]
        tied = [standing for standing in some if standing.points == some[size].points]
        others = [standing for standing in some if standing.points != some[size].points]
        world = self._given(world, level, others, before, pool.why)
        places, least = size - len(before), max(0, pool.low - len(before))
        line = world.line("places", level, tied, places=places, least=least)
        for after, chosen in self._ways(world, line):
            yield after.placed([s for s in tied if s.studio in chosen], level)

    def _given(
        self,
        world: World,
        level: Level,
        pool: Sequence[Standing],
        taken: Sequence[Standing],
        why: _Why,
    ) -> World:
        """Return the world in which some of a pool have a level, with the reasons for each."""
        names = {standing.studio for standing in taken}
        reasons = {s.studio: why(s, got=s.studio in names) for s in pool}
        told = {studio: reason for studio, reason in reasons.items() if reason is not None}
        return world.explained(told).placed(taken, level)

    def _pushed(self, world: World, level: Level, last: Sequence[Standing]) -> World:
        moved = [s.studio for s in last if world.own(s) < level.number]
        reason = level.reason(AMONG_LAST, last=level.last)
        return world.told(moved, reason).capped(last, level)

    def _ways(self, world: World, line: Line) -> Iterator[tuple[World, frozenset[str]]]:
        """Yield each way in which a tie may go, with those who are taken."""
        everyone, grade = frozenset(line.studios), str(line.level.grade)
        decided = self._decided[line.of].get(grade)
        if line.level.ties == "nobody":
            yield world.told(everyone, line.reason("nobody")), frozenset()
        elif line.level.ties == "everybody":
            more = {line.level.number} if line.of == "places" else set()
            after = evolve(world, everybody=world.everybody | more)
            yield after.told(everyone, line.reason("everybody")), everyone
        elif decided is None or world.waits(everyone):
            after = evolve(world, waiting=(*world.waiting, line))
            for chosen in options(line):
                yield after, chosen
        else:
            collector = Collector()
            with collector.under(KEYS[line.of], grade):
                chosen = checked(line, decided)
            collector.finish()
            after = evolve(world, answered=world.answered | {(line.of, grade)})
            after = after.told(sorted(chosen), line.reason("decided_for"))
            yield after.told(sorted(everyone - chosen), line.reason("decided_against")), chosen


def _why_lifted(level: Level, *, for_minimum: bool) -> _Why:
    def why(standing: Standing, *, got: bool) -> Reason | None:
        if not got:
            return None
        if for_minimum:
            return level.reason(LIFTED, place=standing.place, least=level.least)
        return level.reason(LIFTED_FOR_ROOM, place=standing.place)

    return why
