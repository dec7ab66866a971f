"""How the places of a batch are given, step by step.

A tie that waits for a decision may come out in several ways. Each of them is followed to its end as
a `World`; what is the same in all of them does not wait. Of those who are tied and otherwise alike
one stands for the others, so that there are few worlds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import Protocol

from attrs import evolve, frozen

from studioflow.codec import Collector
from studioflow.cohort.levels import Batch, Level, Standing, counted
from studioflow.cohort.ties import Line, Of, checked, ends, options
from studioflow.cohort.why import Why, why_filled, why_lifted
from studioflow.cohort.world import World
from studioflow.text import message

__all__ = ["KEYS", "Decided", "Settled", "settle"]

Decided = Mapping[Of, Mapping[str, Sequence[str]]]

KEYS: Mapping[Of, str] = {"places": "decided", "last": "decided_last"}
"""The arguments in which callers tell what was decided."""

MOST_WORLDS = 500
"""With more of them, only the ends of a tie are followed, or nothing that comes after it."""

AMONG_LAST = message(
    "among_last",
    zh="排名末{last}位，最高为“{grade}”",
    en="among the last of the ranking ({last}): {grade} at best",
)


@frozen
class Settled:
    """What came of giving the places.

    Attributes:
        worlds: the ways in which it may come out.
        filled: how many levels were filled; not all of them where there are too many ways.
        ends_only: whether of too many ways only the ends were followed: between the best and the
            worst level of a studio, every other one may be possible, too.
    """

    worlds: tuple[World, ...]
    filled: int
    ends_only: bool = False


def settle(batch: Batch, decided: Decided, *, bounds: bool = False) -> Settled:
    """Give the places.

    Args:
        batch: the levels, and those who are ranked.
        decided: about ties.
        bounds: whether the best and the worst level of everybody are enough; then only the ends of
            a tie are followed, wherever they tell those.

    Raises:
        InputError: for a decision that does not fit its tie.
    """
    steps = _Steps(batch, decided)
    worlds: tuple[World, ...] = (World(batch.standings),)
    for level in reversed(batch.levels):
        worlds = steps.step(steps.last, worlds, level)
    if steps.ends_only:
        return Settled(worlds, 0)
    for level in batch.levels:
        steps.ends_only |= bounds and steps.ends_tell(level)
        before = steps.ends_only
        worlds = steps.step(steps.fill, worlds, level)
        if steps.ends_only and (len(worlds) > MOST_WORLDS or not steps.ends_tell(level)):
            return Settled(worlds, level.number + 1, ends_only=before)
    return Settled(worlds, len(batch.levels), ends_only=steps.ends_only)


class _Step(Protocol):
    """What makes worlds of one world, at a level."""

    def __call__(self, world: World, level: Level, /) -> Iterator[World]: ...


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
    why: Why


class _Steps:
    """The steps from one world to the next: one, or where a tie waits, several."""

    def __init__(self, batch: Batch, decided: Decided) -> None:
        self.ends_only = False
        self._levels = batch.levels
        ranked = counted(batch.standings)
        self._rooms = [level.room(ranked) for level in batch.levels]
        self._decided = decided

    def step(self, step: _Step, worlds: Sequence[World], level: Level) -> tuple[World, ...]:
        """Return the worlds after a step; where they are too many, only the ends of each tie."""
        if not self.ends_only:
            every = (after for world in worlds for after in step(world, level))
            found = tuple(islice(every, MOST_WORLDS + 1))
            if len(found) <= MOST_WORLDS:
                return found
            self.ends_only = True
        return tuple(after for world in worlds for after in step(world, level))

    def ends_tell(self, level: Level) -> bool:
        """Tell whether the ends of a tie for a level show the best and the worst for everybody.

        They do where nobody is lifted from here on: then with each one more who gets a place, all
        who come after move up or stay. A minimum, or a lowest grade that has a limit, lifts.
        """
        *later, rest = self._levels[level.number :]
        lifting = rest.most is not None or any(each.needed for each in (*later, rest))
        decided = self._decided["places"]
        return not (lifting or any(each.grade in decided for each in later))

    def last(self, world: World, level: Level) -> Iterator[World]:
        """Push the last of the ranking down to a level; those of lower levels come first."""
        ranked = counted(world.ranking)
        count = min(level.last, ranked)
        points = _at(world.ranking, ranked - count).points if count else None
        behind = [s for s in world.ranking if points is not None and s.points < points]
        tied = [s for s in world.ranking if s.points == points]
        group = [s for s in tied if s.studio not in world.caps]
        places = max(0, count - counted(behind) - (counted(tied) - counted(group)))
        if not 0 < places < counted(group):
            yield self._pushed(world, level, [*behind, *(group if places else ())])
            return
        line = world.line("last", level, group, places=places, least=places)
        for after, chosen in self._ways(world, line):
            taken = [standing for standing in after.ranking if standing.studio in chosen]
            yield self._pushed(after, level, [*behind, *taken])

    def fill(self, world: World, level: Level) -> Iterator[World]:
        """Give a level to those who get it of those who have none yet."""
        left = [s for s in world.ranking if s.studio not in world.levels]
        if level is self._levels[-1]:
            yield world.placed(left, level)
            return
        low, high = self._bounds(world, level, left)
        own = [s for s in left if world.own(s) <= level.number]
        ready = counted(own)
        size = min(max(ready, low), high)
        limited = level.most is not None and high == self._rooms[level.number]
        why = why_filled(level, self._levels[level.number + 1 :], limited=limited)
        if size <= ready:
            yield from self._filled(world, level, _Pool(own, size, low, why))
            return
        world = self._given(world, level, own, own, why)
        others = [s for s in left if world.own(s) > level.number and world.best(s) <= level.number]
        more = size - ready
        why = why_lifted(level, for_minimum=level.needed >= size)
        yield from self._filled(world, level, _Pool(others, more, more, why))

    def _bounds(self, world: World, level: Level, left: Sequence[Standing]) -> tuple[int, int]:
        """Return the fewest and the most for a level, so that the lower ones can be filled, too.

        A minimum that can not be met any more is not looked at: nobody is moved for it.
        """
        rooms, best = self._rooms, Counter[int]()
        for standing in left:
            best[world.best(standing)] += standing.size
        high = rooms[level.number]
        needed: dict[int, int] = {}
        for lower in self._levels[level.number :]:
            able = sum(best[n] for n in best if n <= lower.number)
            if lower.needed <= min(rooms[lower.number], able - sum(needed.values())):
                needed[lower.number] = lower.needed
            high = min(high, able - sum(needed.values()) + needed.get(level.number, 0))
        # What the lower levels can not hold has to stay here, but for those who may not.
        later = range(level.number + 1, len(rooms))
        stuck = max(sum(best[n] for n in best if n >= m) - sum(rooms[m:]) for m in later)
        forced = counted(left) - sum(rooms[n] for n in later) - max(0, stuck)
        return min(max(needed.get(level.number, 0), forced), high), high

    def _filled(self, world: World, level: Level, pool: _Pool) -> Iterator[World]:
        """Give a level to the first of a pool."""
        some, size = pool.standings, pool.size
        if not 0 < size < counted(some):
            yield self._given(world, level, some, some if size else (), pool.why)
            return
        points = _at(some, size).points
        before = [standing for standing in some if standing.points > points]
        if size == counted(before):
            yield self._given(world, level, some, before, pool.why)
            return
        tied = [standing for standing in some if standing.points == points]
        others = [standing for standing in some if standing.points != points]
        world = self._given(world, level, others, before, pool.why)
        places, least = size - counted(before), max(0, pool.low - counted(before))
        line = world.line("places", level, tied, places=places, least=least)
        for after, chosen in self._ways(world, line):
            yield after.placed([s for s in after.ranking if s.studio in chosen], level)

    def _given(
        self,
        world: World,
        level: Level,
        pool: Sequence[Standing],
        taken: Sequence[Standing],
        why: Why,
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
            for taken in ends(line) if self.ends_only else options(line):
                yield after.taking(taken)
        else:
            collector = Collector()
            with collector.under(KEYS[line.of], grade):
                chosen = frozenset(checked(line, decided))
            collector.finish()
            after = evolve(world, answered=world.answered | {(line.of, grade)})
            after = after.told(sorted(chosen), line.reason("decided_for"))
            yield after.told(sorted(everyone - chosen), line.reason("decided_against")), chosen


def _at(standings: Sequence[Standing], position: int) -> Standing:
    """Return who is at a position, counted in studios, the first one being 0."""
    ends_at = accumulate(standing.size for standing in standings)
    return next(s for s, end in zip(standings, ends_at, strict=True) if position < end)
