"""What all ways in which the places of a batch may come out have in common."""

from __future__ import annotations

from collections.abc import Iterator

from studioflow.cohort.levels import Batch, Standing
from studioflow.cohort.settling import Settled
from studioflow.cohort.ties import Line
from studioflow.cohort.world import World, halves, wholes
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["Possible", "to_decide", "unmet"]

WAITS_FOR = message(
    "waits_for_decision",
    zh="取决于并列者的决定：{grades}",
    en="hangs on what is decided about the tie for {grades}",
)
LEFT_TO_DECISION = message(
    "left_to_decision",
    zh="没有分数线，也没有名额，由决定产生",
    en="left to a decision: there are no points and no places for it",
)
MINIMUM_UNMET = message(
    "minimum_unmet",
    zh="“{grade}”至少{least}个，只有{count}个",
    en="{grade}: at least {least}, and there are {count}",
)
LIMIT_EXCEEDED = message(
    "limit_exceeded",
    zh="“{grade}”至多{most}个，却有{count}个：其他等级已无名额",
    en="{grade}: at most {most}, and there are {count}, for whom no other grade has a place",
)

_Levels = frozenset[tuple[int, str | None]]
"""Some levels, each with the grade that comes of it: none where that is left to a decision."""


def to_decide(settled: Settled) -> tuple[Line, ...]:
    """Return the ties that come up whatever is decided, each among people who are settled so far.

    Where a tie runs through those who are left over by another, it can be decided only after it.
    """
    worlds = settled.worlds
    lines: list[Line] = []
    seen: set[str] = set()
    for line in worlds[0].waiting:
        studios = wholes(line)
        if seen.isdisjoint(studios) and all(line in world.waiting for world in worlds):
            lines.append(line)
        seen |= studios
    return tuple(lines)


class Possible:
    """What each studio that is ranked may get, and why."""

    def __init__(self, batch: Batch, settled: Settled) -> None:
        self._batch = batch
        self._settled = settled
        self._found: dict[str, _Levels] = {s.studio: frozenset() for s in batch.standings}
        for world in settled.worlds:
            own = self._in_world(world)
            for studio, levels in self._found.items():
                self._found[studio] = levels | own[studio]
        if settled.ends_only:
            self._found = {n: levels | self._between(levels) for n, levels in self._found.items()}

    def grades(self, studio: str) -> tuple[str | None, ...]:
        """Return the grades that a studio may get, best first."""
        found = sorted(self._found[studio], key=lambda entry: (entry[0], entry[1] is None))
        return tuple(dict.fromkeys(grade for _, grade in found))

    def open_lines(self) -> tuple[Line, ...]:
        """Return the ties that can be decided now, and that make a difference."""
        return tuple(
            line
            for line in to_decide(self._settled)
            if any(len(self.grades(studio)) > 1 for studio in line.studios)
        )

    def reasons(self, standing: Standing, lines: tuple[Line, ...]) -> tuple[Reason, ...]:
        """Return the reasons that hold in any case, and what a studio waits for."""
        studio = standing.studio
        first, *others = (world.reasons.get(studio, ()) for world in self._settled.worlds)
        common = [reason for reason in first if all(reason in other for other in others)]
        tied = [line.reason("waits") for line in lines if studio in line.studios]
        if len(self.grades(studio)) > 1:
            grades = tuple(line.level.label for line in lines)
            common += tied or [Reason(WAITS_FOR, {"grades": grades})]
        elif self._left_to_decision(studio):
            common.append(Reason(LEFT_TO_DECISION))
        return tuple(common)

    def _in_world(self, world: World) -> dict[str, _Levels]:
        own = {s.studio: self._of(world, s) for s in world.ranking}
        # Who of those who are alike was taken is arbitrary: all of them may have been. The
        # last line comes first: whom it takes for alike may differ in one before it.
        for line in reversed(world.waiting):
            for alike in line.alike():
                parts = [part for tied in alike for part in (tied.studio, *halves(tied.studio))]
                together = frozenset[tuple[int, str | None]]().union(
                    *(own[part] for part in parts if part in own)
                )
                own |= dict.fromkeys((tied.studio for tied in alike), together)
        return own

    def _of(self, world: World, standing: Standing) -> _Levels:
        number = world.levels.get(standing.studio)
        levels = self._batch.levels
        if number is None:  # not followed so far
            lower = range(max(self._settled.filled, world.best(standing)), len(levels))
            return frozenset((each, levels[each].grade) for each in lower)
        decided = levels[number].given == "decision" and world.own(standing) <= number
        return frozenset({(number, None if decided else levels[number].grade)})

    def _between(self, found: _Levels) -> _Levels:
        numbers = {number for number, _ in found}
        between = [each for each in self._batch.levels if min(numbers) < each.number < max(numbers)]
        return frozenset(
            (each.number, None if each.given == "decision" else each.grade)
            for each in between
            if each.number not in numbers
        )

    def _left_to_decision(self, studio: str) -> bool:
        return any(
            grade is None and self._batch.levels[number].given == "decision"
            for number, grade in self._found[studio]
        )


def unmet(batch: Batch, settled: Settled) -> Iterator[Reason]:
    """Yield what this batch can not give, whatever is decided, if everything was followed."""
    if settled.filled < len(batch.levels):
        return
    for level in batch.levels:
        counts = [world.counted(level) + level.taken for world in settled.worlds]
        if max(counts) < level.least:
            yield level.reason(MINIMUM_UNMET, least=level.least, count=max(counts))
        taken_in = all(level.number in world.everybody for world in settled.worlds)
        if level.most is not None and min(counts) > level.most and not taken_in:
            yield level.reason(LIMIT_EXCEEDED, most=level.most, count=min(counts))
