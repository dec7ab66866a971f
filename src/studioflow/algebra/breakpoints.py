"""Where the shape of a term changes: values of its facts between which it is a straight line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from studioflow.algebra.lines import Box
from studioflow.algebra.pieces import Pieces, TooManyError
from studioflow.algebra.terms import (
    AtLeast,
    Largest,
    Number,
    Rounded,
    Smallest,
    Term,
    Truth,
    Within,
)

__all__ = ["Breakpoints", "breakpoints"]

_MOST_PIECES = 20_000
"""A term of more pieces than these is taken apart, and each part looked at by itself."""


class Breakpoints(NamedTuple):
    """The values at which the shape of a term changes.

    Attributes:
        of: for every number among the facts, in order, exact. Between two neighbours a term of
            this one fact is a straight line, or not valid at all. Where there are other facts, a
            value need not matter whatever they are.
        joint: the facts that change the shape only together: a comparison of several, a product.
            Where a fact stands alone, the term is a curve over it, such as a share over its whole.
    """

    of: Mapping[str, tuple[Fraction, ...]]
    joint: tuple[frozenset[str], ...]


def breakpoints(term: Term) -> Breakpoints:
    """Return where the shape of a term changes: thresholds, ends, and where one of several wins.

    Only what can be reached counts: a fact's bounds are kept to. Reasons are not looked at.

    >>> from studioflow.algebra import FactNumber, clip
    >>> activities = FactNumber("activities", low=0, high=400)
    >>> breakpoints(clip(activities, 8, 20)).of["activities"]
    (Fraction(8, 1), Fraction(20, 1))
    """
    search = _Search(term)
    search.look(term)
    found = {name: tuple(sorted(values)) for name, values in search.found.items()}
    return Breakpoints(MappingProxyType(found), tuple(sorted(search.pieces.joint, key=sorted)))


class _Search:
    """Looks for the breakpoints of one term."""

    def __init__(self, term: Term) -> None:
        self.pieces = Pieces(term)
        self.found: dict[str, set[Fraction]] = {name: set() for name in self.pieces.place}
        self._seen: set[int] = set()

    def look(self, term: Term) -> None:
        """Find the breakpoints of a term or, where it has too many pieces, of its parts."""
        if id(term) in self._seen:
            return
        self._seen.add(id(term))
        pieces, before = self.pieces, set(self.pieces.joint)
        pieces.left = _MOST_PIECES
        try:
            if isinstance(term, Number):
                for box, line in pieces.number(term, pieces.domain):
                    self._note(box)
                    for curve in line.curves if line else ():
                        pieces.together(curve.facts)
            elif isinstance(term, Truth):
                for box, _ in pieces.truth(term, pieces.domain):
                    self._note(box)
        except TooManyError:
            pieces.joint = before
            if isinstance(term, AtLeast | Smallest | Largest | Within | Rounded):
                pieces.together(pieces.facts(term))
            for part in term.parts():
                self.look(part)

    def _note(self, box: Box) -> None:
        """Keep the ends of a box, but for those of the facts themselves."""
        for name, span, whole in zip(self.found, box, self.pieces.domain, strict=True):
            for end, bound in zip(span, whole, strict=True):
                if end != bound:
                    self.found[name].add(Fraction(end[0]))
