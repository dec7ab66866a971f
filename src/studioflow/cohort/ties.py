"""Ties across a line: who of those with the same points gets the places that are left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, product
from typing import Literal

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.cohort.levels import Level
from studioflow.errors import InputError, Problem
from studioflow.text import Message, message
from studioflow.verdict import Reason

__all__ = ["Line", "Of", "Way", "checked", "options"]

Of = Literal["places", "last"]
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


@frozen
class Line:
    """A line that runs through those who are tied.

    Attributes:
        of: whether the places of the level end there, or the last of the ranking begin.
        group: those who are tied; each with the level that it reaches, and the best one it may.
        places: how many of them get the level, or for `last`, are among the last.
        least: how many of them it has to be, so that every minimum that can be met still can.
    """

    of: Of
    level: Level = field(repr=False)
    group: tuple[tuple[str, tuple[int, int]], ...]
    places: int
    least: int

    @property
    def studios(self) -> tuple[str, ...]:
        """The ids of those who are tied."""
        return tuple(studio for studio, _ in self.group)

    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Return those who are tied in groups of whom it does not matter who is taken."""
        by_kind = sorted(self.group, key=lambda entry: (entry[1], entry[0]))
        return tuple(
            tuple(studio for studio, _ in group)
            for _, group in groupby(by_kind, key=lambda entry: entry[1])
        )

    def reason(self, way: Way) -> Reason:
        """Return why somebody at this line gets the grade, does not, or waits."""
        return self.level.reason(_WAYS[self.of, way], count=len(self.group), places=self.places)


def options(line: Line) -> Iterator[frozenset[str]]:
    """Yield every way to decide; of those who are alike, only how many are taken differs."""
    alike = line.alike()
    for counts in product(*(range(len(studios) + 1) for studios in alike)):
        if line.least <= sum(counts) <= line.places:
            taken = [studios[:count] for studios, count in zip(alike, counts, strict=True)]
            yield frozenset().union(*taken)


def checked(line: Line, decided: Sequence[str]) -> frozenset[str]:
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
    return frozenset(decided)
