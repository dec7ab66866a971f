"""Ties across a line: who of those with the same points gets the places that are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.cohort.levels import Level
from studioflow.errors import InputError, Problem
from studioflow.text import Message, message
from studioflow.verdict import Reason

__all__ = ["Line", "Of", "Taken", "Tied", "Way", "checked", "ends", "options"]

Of = Literal["places", "last"]
Taken = Mapping[str, int]
"""How many are taken of each who is tied; who is not named is not taken."""

Way = Literal["nobody", "everybody", "decided_for", "decided_against", "waits"]

HOW_MANY_DECIDED = message(
    "how_many_decided", zh="{least}至{places}个工作室", en="{least} to {places} studios"
)
DECIDED_TWICE = message("decided_twice", zh="每个工作室只写一次", en="each studio once")

_WAYS: Mapping[tuple[Of, Way], Message] = {
    ("places", "nobody"): message(
        "tie_nobody",
        zh="{count}个工作室并列，“{grade}”余{places}个名额，均不列入",
        en="{count} tied for {grade}, places left: {places}; none of them gets it",
    ),
    ("places", "everybody"): message(
        "tie_everybody",
        zh="{count}个工作室并列，“{grade}”余{places}个名额，均列入",
        en="{count} tied for {grade}, places left: {places}; all of them get it",
    ),
    ("places", "decided_for"): message(
        "tie_decided_for",
        zh="{count}个工作室并列，“{grade}”余{places}个名额，经决定列入",
        en="{count} tied for {grade}, places left: {places}; it was decided that this one gets it",
    ),
    ("places", "decided_against"): message(
        "tie_decided_against",
        zh="{count}个工作室并列，“{grade}”余{places}个名额，经决定不列入",
        en="{count} tied for {grade}, places left: {places}; "
        "it was decided that this one does not get it",
    ),
    ("places", "waits"): message(
        "tie_waits",
        zh="{count}个工作室并列，“{grade}”余{places}个名额，待决定",
        en="{count} tied for {grade}, places left: {places}; it has to be decided who gets it",
    ),
    ("last", "nobody"): message(
        "last_tie_nobody",
        zh="{count}个工作室并列末{places}位（最高为“{grade}”），均不作末位",
        en="{count} tied for the last places ({places}, {grade} at best); none of them is last",
    ),
    ("last", "everybody"): message(
        "last_tie_everybody",
        zh="{count}个工作室并列末{places}位（最高为“{grade}”），均作末位",
        en="{count} tied for the last places ({places}, {grade} at best); all of them are last",
    ),
    ("last", "decided_for"): message(
        "last_tie_decided_for",
        zh="{count}个工作室并列末{places}位（最高为“{grade}”），经决定作末位",
        en="{count} tied for the last places ({places}, {grade} at best); "
        "it was decided that this one is last",
    ),
    ("last", "decided_against"): message(
        "last_tie_decided_against",
        zh="{count}个工作室并列末{places}位（最高为“{grade}”），经决定不作末位",
        en="{count} tied for the last places ({places}, {grade} at best); "
        "it was decided that this one is not last",
    ),
    ("last", "waits"): message(
        "last_tie_waits",
        zh="{count}个工作室并列末{places}位（最高为“{grade}”），待决定",
        en="{count} tied for the last places ({places}, {grade} at best); "
        "it has to be decided who is last",
    ),
}


@frozen(order=True)
class Tied:
    """Somebody at a line.

    Attributes:
        own: the level that it reaches.
        best: the best one it may reach.
        size: how many studios it stands for.
    """

    own: int
    best: int
    studio: str
    size: int = 1

    @property
    def kind(self) -> tuple[int, int]:
        """What has to be the same in those of whom it does not matter who is taken."""
        return self.own, self.best


@frozen
class Line:
    """A line that runs through those who are tied.

    Attributes:
        of: whether the places of the level end there, or the last of the ranking begin.
        group: those who are tied.
        places: how many of them get the level, or for `last`, are among the last.
        least: how many of them it has to be, so that every minimum that can be met still can.
    """

    of: Of
    level: Level = field(repr=False)
    group: tuple[Tied, ...]
    places: int
    least: int

    @property
    def studios(self) -> tuple[str, ...]:
        """The ids of those who are tied."""
        return tuple(tied.studio for tied in self.group)

    @property
    def count(self) -> int:
        """How many they are."""
        return sum(tied.size for tied in self.group)

    def alike(self) -> tuple[tuple[Tied, ...], ...]:
        """Return those who are tied in groups of whom it does not matter who is taken."""
        by_kind = groupby(sorted(self.group), key=lambda tied: tied.kind)
        return tuple(tuple(group) for _, group in by_kind)

    def reason(self, way: Way) -> Reason:
        """Return why somebody at this line gets the grade, does not, or waits."""
        return self.level.reason(_WAYS[self.of, way], count=self.count, places=self.places)


def options(line: Line) -> Iterator[Taken]:
    """Yield every way to decide; of those who are alike, only how many are taken differs."""
    alike = line.alike()
    for counts in _counts([_size(group) for group in alike], line.least, line.places):
        yield _taken(alike, counts)


def ends(line: Line) -> Iterator[Taken]:
    """Yield a few ways to decide: as few and as many are taken as may be, also of each kind."""
    alike = line.alike()
    kinds = range(len(alike))
    found: list[tuple[int, ...]] = []
    for kind in kinds:
        others = [other for other in kinds if other != kind]
        for size, order in ((line.least, [*others, kind]), (line.places, [kind, *others])):
            counts = dict.fromkeys(kinds, 0)
            for each in order:
                counts[each] = min(size - sum(counts.values()), _size(alike[each]))
            found.append(tuple(counts.values()))
    yield from (_taken(alike, counts) for counts in dict.fromkeys(found))


def _counts(sizes: Sequence[int], least: int, most: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to take `least` to `most` of groups of these sizes."""
    if not sizes:
        yield ()
        return
    size, *others = sizes
    for count in range(max(0, least - sum(others)), min(size, most) + 1):
        for more in _counts(others, least - count, most - count):
            yield (count, *more)


def _size(group: Iterable[Tied]) -> int:
    return sum(tied.size for tied in group)


def _taken(alike: Iterable[Sequence[Tied]], counts: Iterable[int]) -> Taken:
    """Return how many are taken of each, if so many of those alike are."""
    taken: dict[str, int] = {}
    for group, count in zip(alike, counts, strict=True):
        left = count
        for tied in group[:count]:
            if left:
                taken[tied.studio] = min(left, tied.size)
                left -= taken[tied.studio]
    return taken


def checked(line: Line, decided: Sequence[str]) -> Taken:
    """Return those in whose favour it was decided.

    Raises:
        InputError: where one is not among those who are tied, or they are too many or too few.
    """
    collector = Collector()
    for position, studio in enumerate(decided):
        with collector.under(position):
            if studio not in line.studios:
                raise wrong(UNKNOWN_NAME, studio, known=line.studios)
            if studio in decided[:position]:
                raise wrong(DECIDED_TWICE, studio)
    with collector.under():
        if not line.least <= len(decided) <= line.places:
            numbers = {"least": line.least, "places": line.places}
            got = f"{len(decided)}"
            raise InputError([Problem(HOW_MANY_DECIDED, got=got, parameters=numbers)])
    collector.finish()
    return dict.fromkeys(decided, 1)
