"""One way in which the places of a batch may come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from studioflow.cohort.levels import Level, Standing
from studioflow.cohort.ties import Line, Of
from studioflow.verdict import Reason

__all__ = ["World"]


@frozen
class World:
    """One way in which everything may come out, as far as it has been followed.

    Attributes:
        levels: the level of each studio that has one.
        caps: the best level of each studio that is among the last.
        waiting: the ties that are not decided, in the order in which they come up.
        everybody: the levels for whose places all who are tied were taken.
        answered: the ties whose decision was told.
        reasons: for each studio.
    """

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

    def line(
        self, of: Of, level: Level, group: Sequence[Standing], *, places: int, least: int
    ) -> Line:
        """Return a line through some who are tied."""
        kinds = tuple((s.studio, (self.own(s), self.best(s))) for s in group)
        return Line(of, level, kinds, places, least)
