"""One way in which the places of a batch may come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from attrs import evolve, field, frozen

from studioflow.cohort.levels import Level, Standing, counted
from studioflow.cohort.ties import Line, Of, Taken, Tied
from studioflow.verdict import Reason

__all__ = ["World", "halves", "wholes"]

T = TypeVar("T")


_HALF = "\0"


def halves(studio: str) -> tuple[str, str]:
    """Return the names of those who are taken of several that are alike, and of the others."""
    return f"{studio}{_HALF}+", f"{studio}{_HALF}-"


def wholes(line: Line) -> frozenset[str]:
    """Return who is at a line, by the names that they had at first."""
    return frozenset(studio.partition(_HALF)[0] for studio in line.studios)


@frozen
class World:
    """One way in which everything may come out, as far as it has been followed.

    Attributes:
        ranking: those who are ranked, best first; of several that are alike, some may have been
            taken at a line, and from there on they are two.
        levels: the level of each studio that has one.
        caps: the best level of each studio that is among the last.
        waiting: the ties that are not decided, in the order in which they come up.
        everybody: the levels for whose places all who are tied were taken.
        answered: the ties whose decision was told.
        reasons: for each studio.
    """

    ranking: Sequence[Standing]
    levels: Mapping[str, int] = field(factory=dict)
    caps: Mapping[str, int] = field(factory=dict)
    waiting: tuple[Line, ...] = ()
    everybody: frozenset[int] = frozenset()
    answered: frozenset[tuple[Of, str]] = frozenset()
    reasons: Mapping[str, tuple[Reason, ...]] = field(factory=dict)

    def best(self, standing: Standing) -> int:
        """Return the best level that is left to a studio."""
        return max(standing.best, self.caps.get(standing.studio, 0))

    def own(self, standing: Standing) -> int:
        """Return the level that a studio reaches before the places are counted."""
        return max(standing.own, self.best(standing))

    def waits(self, studios: Iterable[str]) -> bool:
        """Tell whether some of these are tied at a line that is not decided."""
        tied = {studio for line in self.waiting for studio in line.studios}
        return not tied.isdisjoint(studios)

    def told(self, studios: Iterable[str], reason: Reason) -> World:
        """Return the world in which some studios have one more reason."""
        return self.explained(dict.fromkeys(studios, reason))

    def explained(self, reasons: Mapping[str, Reason]) -> World:
        """Return the world in which each of some studios has a reason of its own more."""
        more = {name: (*self.reasons.get(name, ()), new) for name, new in reasons.items()}
        return evolve(self, reasons={**self.reasons, **more})

    def placed(self, standings: Iterable[Standing], level: Level) -> World:
        """Return the world in which some studios have a level."""
        more = dict.fromkeys((standing.studio for standing in standings), level.number)
        return evolve(self, levels={**self.levels, **more})

    def capped(self, standings: Iterable[Standing], level: Level) -> World:
        """Return the world in which a level is the best for some studios, unless it was lower."""
        more = dict.fromkeys((standing.studio for standing in standings), level.number)
        return evolve(self, caps={**more, **self.caps})

    def counted(self, level: Level) -> int:
        """Return how many of those who are ranked have a level."""
        having = (s for s in self.ranking if self.levels.get(s.studio) == level.number)
        return counted(having)

    def line(
        self, of: Of, level: Level, group: Sequence[Standing], *, places: int, least: int
    ) -> Line:
        """Return a line through some who are tied."""
        tied = tuple(Tied(self.own(s), self.best(s), s.studio, s.size) for s in group)
        return Line(of, level, tied, places, least)

    def taking(self, taken: Taken) -> tuple[World, frozenset[str]]:
        """Return the names of those who are taken, and the world in which they have such names.

        Where only some are taken of several that are alike, they are two from here on.
        """
        torn = {s.studio for s in self.ranking if 0 < taken.get(s.studio, 0) < s.size}
        names = frozenset(
            halves(studio)[0] if studio in torn else studio
            for studio, size in taken.items()
            if size
        )
        if not torn:
            return self, names
        ranking: list[Standing] = []
        for standing in self.ranking:
            if standing.studio in torn:
                size = taken[standing.studio]
                sizes = size, standing.size - size
                pairs = zip(halves(standing.studio), sizes, strict=True)
                ranking += (evolve(standing, studio=name, size=each) for name, each in pairs)
            else:
                ranking.append(standing)
        after = evolve(
            self,
            ranking=tuple(ranking),
            levels=_inherited(self.levels, torn),
            caps=_inherited(self.caps, torn),
            reasons=_inherited(self.reasons, torn),
        )
        return after, names


def _inherited(said: Mapping[str, T], torn: Iterable[str]) -> Mapping[str, T]:
    """Return what is said of studios, and of the halves what was said of the whole."""
    more = {half: said[studio] for studio in torn if studio in said for half in halves(studio)}
    return {**said, **more}
