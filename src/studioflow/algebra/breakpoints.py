"""Where the shape of a term changes: values of its facts between which it is a straight line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from studioflow.algebra.lines import Box, Cut, Line
from studioflow.algebra.pieces import Outcome, Pieces, TooManyError
from studioflow.algebra.shape import names
from studioflow.algebra.terms import (
    AtLeast,
    Explained,
    Largest,
    Number,
    Rounded,
    Smallest,
    Sum,
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
        of: for every number among the facts that are not known, in order, exact. Between two
            neighbours a term of this one fact is a straight line, or not valid at all. Where there
            are other facts, a value need not matter whatever they are.
        joint: the facts that change the shape only together: a comparison of several, a product.
            Where a fact stands alone, the term is a curve over it, such as a share over its whole.
    """

    of: Mapping[str, tuple[Fraction, ...]]
    joint: tuple[frozenset[str], ...]


def breakpoints(
    term: Term, facts: Mapping[str, Fraction | bool | str] | None = None
) -> Breakpoints:
    """Return where the shape of a term changes: thresholds, ends, and where one of several wins.

    Only what can be reached counts: a fact's bounds are kept to. Reasons are not looked at.

    >>> from studioflow.algebra import FactNumber, clip
    >>> activities = FactNumber("activities", low=0, high=400)
    >>> breakpoints(clip(activities, 8, 20)).of["activities"]
    (Fraction(8, 1), Fraction(20, 1))

    Args:
        term: a number or a truth.
        facts: those that are known: what is joint with one of them alone is a value then.
    """
    search = _Search(term, facts or {})
    search.look(term)
    found = {name: tuple(sorted(values)) for name, values in search.found.items()}
    return Breakpoints(MappingProxyType(found), tuple(sorted(search.pieces.joint, key=sorted)))


class _Search:
    """Looks for the breakpoints of one term."""

    def __init__(self, term: Term, given: Mapping[str, Fraction | bool | str]) -> None:
        self.pieces = Pieces(term, given)
        self.found: dict[str, set[Fraction]] = {name: set() for name in self.pieces.place}
        self._seen: dict[int, Term] = {}  # kept: an id is unique only while its object lives

    def look(self, term: Term) -> None:
        """Find the breakpoints of a term or, where it has too many pieces, of its parts."""
        if id(term) in self._seen:
            return
        self._seen[id(term)] = term
        parts = _apart(term)
        if len(parts) > 1:
            for part in parts:
                self.look(part)
            return
        pieces, before = self.pieces, set(self.pieces.joint)
        pieces.left = _MOST_PIECES
        try:
            if isinstance(term, Number):
                lines = pieces.number(term, pieces.domain)
                self._note(lines)
                for curve in {curve for _, line in lines if line for curve in line.curves}:
                    pieces.together(curve.facts)
            elif isinstance(term, Truth):
                self._note(pieces.truth(term, pieces.domain))
        except TooManyError:
            pieces.joint = before
            if isinstance(term, AtLeast | Smallest | Largest | Within | Rounded):
                pieces.together(pieces.facts(term))
            for part in term.parts():
                self.look(part)

    def _note(self, pieces: Sequence[tuple[Box, Line | Outcome | None]]) -> None:
        """Keep where boxes are cut, but for the bounds of the facts themselves."""
        for place, (name, values) in enumerate(self.found.items()):
            whole = self.pieces.domain[place]
            cuts = {cut for box, _ in pieces for cut in box[place]}.difference(whole)
            # What looks at "any at all?" sets the least value apart, though nothing changes there.
            ends = cuts.intersection([(whole.low[0], 1), (whole.high[0], 0)])
            cuts -= {cut for cut in ends if not _changes(pieces, place, name, cut)}
            values.update(Fraction(value) for value, _ in cuts)


def _apart(term: Term) -> list[Term]:
    """Return the parts of a sum that have no fact in common: each has breakpoints of its own."""
    while isinstance(term, Explained):
        term = term.value
    if not isinstance(term, Sum):
        return [term]
    groups: list[tuple[frozenset[str], tuple[Number, ...]]] = []
    for part in term.terms:
        facts = names(part)
        inside: tuple[Number, ...] = (part,)
        for group in [group for group in groups if group[0] & facts]:
            groups.remove(group)
            facts, inside = facts | group[0], (*group[1], *inside)
        groups.append((facts, inside))
    return [inside[0] if len(inside) == 1 else Sum(inside) for _, inside in groups]


def _changes(
    pieces: Sequence[tuple[Box, Line | Outcome | None]], place: int, name: str, cut: Cut
) -> bool:
    """Return whether what stands on one side of a cut does not just go on on the other."""
    sides: list[set[object]] = [set(), set()]
    for box, piece in pieces:
        rest = (*box[:place], *box[place + 1 :])
        at = piece.at(name, Fraction(cut[0])) if isinstance(piece, Line) else piece
        for side, end in zip(sides, reversed(box[place]), strict=True):
            if end == cut:
                side.add((rest, at))
    return sides[0] != sides[1]
