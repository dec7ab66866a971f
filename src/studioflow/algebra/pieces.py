"""A term taken apart: boxes of facts' values, and the straight line, or the truth, in each.

Facts that are true or false, and words, are not told apart: any of them may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from fractions import Fraction
from functools import partial
from math import ceil, floor, isinf
from typing import Any

from studioflow.algebra.lines import Box, Curve, Cut, Line, Span
from studioflow.algebra.shape import names, walk
from studioflow.algebra.terms import (
    All,
    AtLeast,
    Certain,
    Choose,
    ChooseTruth,
    Constant,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Judged,
    Largest,
    Negation,
    Number,
    Product,
    Quotient,
    Required,
    Rounded,
    Smallest,
    SomeOf,
    Sum,
    Term,
    Truth,
    Within,
)

__all__ = ["Outcome", "Pieces", "TooManyError"]


_MOST_STEPS = 200
"""A staircase of more steps than these is told as a curve."""


class Outcome(Enum):
    """How a truth comes out in a box; refused where it compares what is not valid."""

    YES = "yes"
    NO = "no"
    EITHER = "either"
    REFUSED = "refused"


_ZERO = Constant(Fraction(0))
_CAME = {True: Outcome.YES, False: Outcome.NO}
_OPPOSITE = {Outcome.YES: Outcome.NO, Outcome.NO: Outcome.YES}

_Lines = Iterable[tuple[Box, "Line | None"]]
_Outcomes = Iterable[tuple[Box, Outcome]]


class TooManyError(Exception):
    """There are more pieces than are looked at."""


class Pieces:
    """Takes one term, and the parts of it, apart.

    Parts are looked at inside the boxes that they are reached in: elsewhere nothing is found.

    Attributes:
        given: the values of facts that are known: numbers, truths, words.
        domain: the bounds of the other numbers.
        place: of each fact's span in a box, by its name.
        joint: the facts that were found to matter only together.
        left: how many pieces may still be made, before `TooManyError`.
    """

    def __init__(self, term: Term, given: Mapping[str, Fraction | bool | str]) -> None:
        numbers = [part for part in walk(term) if isinstance(part, FactNumber)]
        facts = {part.name: part for part in numbers if part.name not in given}
        self.given = given
        self.domain = tuple(Span.between(facts[name].low, facts[name].high) for name in facts)
        self.place = {name: place for place, name in enumerate(facts)}
        self.joint: set[frozenset[str]] = set()
        self.left = 0
        # Where nothing can be refused, what is decided need not be looked at further.
        refusing = (Within, Required, Quotient)
        self._valid = not any(isinstance(part, refusing) for part in walk(term))
        self._known: dict[tuple[int, Box], tuple[tuple[Box, Any], ...]] = {}

    def together(self, facts: frozenset[str]) -> None:
        """Keep facts that matter only together."""
        if facts:
            self.joint.add(facts)

    def facts(self, term: Term) -> frozenset[str]:
        """Return the numbers that a term hangs on."""
        return names(term).intersection(self.place)

    def _spans(self, box: Box) -> dict[str, Span]:
        return dict(zip(self.place, box, strict=True))

    # --- numbers ----------------------------------------------------------------------------

    def number(self, term: Number, box: Box) -> tuple[tuple[Box, Line | None], ...]:
        """Return the line of a number in each part of a box; None where it is not valid."""
        return self._once(term, box, self._number)

    def _once(
        self, term: Term, box: Box, make: Callable[[Any, Box], Iterable[tuple[Box, Any]]]
    ) -> tuple[tuple[Box, Any], ...]:
        key = (id(term), box)
        if key not in self._known:
            made = dict.fromkeys(make(term, box))  # in order, each once
            self.left -= len(made)
            if self.left < 0:
                raise TooManyError
            self._known[key] = tuple(made)
        return self._known[key]

    def _number(self, term: Number, box: Box) -> _Lines:
        match term:
            case Constant(value):
                return [(box, Line.constant(value))]
            case FactNumber(name) if name in self.given:
                return [(box, Line.constant(Fraction(self.given[name])))]
            case FactNumber(name):
                return [(box, Line.of({name: Fraction(1)}, Fraction(0)))]
            case Sum(terms):
                return self._fold((_ZERO, *terms), box, lambda at, a, b: [(at, a.plus(b))])
            case Product(left, right):
                return self._fold((left, right), box, self._product)
            case Quotient(left, right):
                return self._fold((left, right), box, self._quotient)
            case Smallest(terms):
                return self._fold(terms, box, lambda at, a, b: self._greater(at, a, b, pick=1))
            case Largest(terms):
                return self._fold(terms, box, lambda at, a, b: self._greater(at, a, b, pick=0))
            case Explained(value):
                return self.number(value, box)
            case _:
                return self._cut(term, box)

    def _cut(self, term: Number, box: Box) -> _Lines:
        match term:
            case Choose(condition, then, otherwise):
                return self._chosen(self.truth(condition, box), then, otherwise)
            case Within(value, low, high):
                return self._valid_from(value, low, high, box)
            case Required(value, condition):
                return self._chosen(self.truth(condition, box), value, None)
            case Rounded(value):
                return self._fold((value,), box, None, partial(self._stairs, term))
            case _:
                facts = self.facts(term)
                return [(box, Line.of({Curve(facts, id(term)): Fraction(1)}, Fraction(0)))]

    def _fold(
        self,
        terms: Iterable[Number],
        box: Box,
        join: Callable[[Box, Line, Line], _Lines] | None,
        last: Callable[[Box, Line], _Lines] | None = None,
    ) -> _Lines:
        """Join the pieces of several terms, the first two first; not valid is never joined."""
        first, *others = terms
        pieces = dict.fromkeys(self.number(first, box))
        for term in others:
            joined: dict[tuple[Box, Line | None], None] = {}
            for at, line in pieces:
                for inside, other in self.number(term, at):
                    if line is None or other is None or join is None:
                        joined[inside, None] = None
                    else:
                        joined.update(dict.fromkeys(join(inside, line, other)))
            pieces = joined
            if len(pieces) > self.left:
                raise TooManyError
        for at, line in pieces:
            if line is None or last is None:
                yield at, line
            else:
                yield from last(at, line)

    def _product(self, box: Box, left: Line, right: Line) -> _Lines:
        if not left.slopes:
            left, right = right, left
        if not right.slopes:
            return [(box, left.times(right.start))]
        curve = Curve(left.facts | right.facts, frozenset({left, right}))
        return [(box, Line.of({curve: Fraction(1)}, Fraction(0)))]

    def _quotient(self, box: Box, left: Line, right: Line) -> _Lines:
        if not right.slopes:
            return [(box, left.times(1 / right.start) if right.start else None)]
        curve = Curve(left.facts | right.facts, (left, right))
        return [(box, Line.of({curve: Fraction(1)}, Fraction(0)))]

    def _greater(self, box: Box, left: Line, right: Line, *, pick: int) -> _Lines:
        """Yield the larger of two lines, or with `pick` 1 the smaller one."""
        distance = left.minus(right)
        if distance.ends(self._spans(box))[1] <= 0:  # where they meet at the end, nothing changes
            yield box, (right, left)[pick]
            return
        for at, outcome in self._reached(distance, box):
            if outcome is not Outcome.NO:
                yield at, (left, right)[pick]
            if outcome is not Outcome.YES:
                yield at, (right, left)[pick]

    def _chosen(self, ways: _Outcomes, then: Number, otherwise: Number | None) -> _Lines:
        for at, outcome in ways:
            if outcome is Outcome.REFUSED:
                yield at, None
            if outcome in {Outcome.YES, Outcome.EITHER}:
                yield from self.number(then, at)
            if outcome in {Outcome.NO, Outcome.EITHER}:
                yield from [(at, None)] if otherwise is None else self.number(otherwise, at)

    def _valid_from(self, value: Number, low: Fraction, high: Fraction, box: Box) -> _Lines:
        def inside(at: Box, line: Line) -> _Lines:
            up, down = line.minus(Line.constant(low)), Line.constant(high).minus(line)
            for over, reached in self._reached(up, at):
                for under, kept in self._reached(down, over):
                    if Outcome.NO not in {reached, kept}:
                        yield under, line
                    if {reached, kept} != {Outcome.YES}:
                        yield under, None

        return self._fold((value,), box, None, inside)

    def _stairs(self, term: Rounded, box: Box, line: Line) -> _Lines:
        """Yield the steps of a staircase; one with too many is a curve."""
        ends = line.ends(self._spans(box))
        if line.slopes and (line.alone is None or any(map(isinf, ends))):
            yield from self._curved(term, box, line)
            return
        turn = {"down": Fraction(0), "half_up": Fraction(1, 2), "up": Fraction(0)}[term.way]
        to_whole = ceil if term.way == "up" else floor
        least, most = (to_whole(Fraction(end) / term.step + turn) for end in ends)
        if most - least > _MOST_STEPS:
            yield from self._curved(term, box, line)
            return
        rest = [box]
        for step in range(least, most):
            edge = Line.constant((step if term.way == "up" else step + 1 - turn) * term.step)
            # Up to the edge for "up", and below it for the others.
            past, on = (edge.minus(line), Outcome.YES), (line.minus(edge), Outcome.NO)
            distance, wanted = past if term.way == "up" else on
            split = [part for at in rest for part in self._reached(distance, at)]
            rest = [at for at, outcome in split if outcome is not wanted]
            for at, outcome in split:
                if outcome is wanted:
                    yield at, Line.constant(step * term.step)
        for at in rest:
            yield at, Line.constant(most * term.step)

    def _curved(self, term: Rounded, box: Box, line: Line) -> _Lines:
        curve = Curve(line.facts, (line, term.step, term.way))
        yield box, Line.of({curve: Fraction(1)}, Fraction(0))

    # --- truths -----------------------------------------------------------------------------

    def truth(self, term: Truth, box: Box) -> tuple[tuple[Box, Outcome], ...]:
        """Return how a truth comes out inside a box, cut where that changes."""
        return self._once(term, box, self._truth)

    def _truth(self, term: Truth, box: Box) -> _Outcomes:
        match term:
            case Certain(value):
                return [(box, _CAME[value])]
            case AtLeast(left, right):
                return self._compared(left, right, box)
            case All(terms):
                return self._joined(terms, box, decisive=Outcome.NO)
            case SomeOf(terms):
                return self._joined(terms, box, decisive=Outcome.YES)
            case Negation(part):
                return [(at, _OPPOSITE.get(came, came)) for at, came in self.truth(part, box)]
            case Judged(part):
                return self.truth(part, box)
            case FactFlag(name) if name in self.given:
                return [(box, _CAME[self.given[name] is True])]
            case FactIs(name, values) if name in self.given:
                return [(box, _CAME[self.given[name] in values])]
            case ChooseTruth(condition, then, otherwise):
                return self._way(self.truth(condition, box), then, otherwise)
            case _:
                return [(box, Outcome.EITHER)]

    def _compared(self, left: Number, right: Number, box: Box) -> _Outcomes:
        for at, line in self.number(left, box):
            for inside, other in self.number(right, at):
                if line is None or other is None:
                    yield inside, Outcome.REFUSED
                else:
                    yield from self._reached(line.minus(other), inside)

    def _joined(self, terms: Iterable[Truth], box: Box, *, decisive: Outcome) -> _Outcomes:
        outcomes = {(box, _OPPOSITE[decisive]): None}
        for term in terms:
            joined: dict[tuple[Box, Outcome], None] = {}
            for at, so_far in outcomes:
                if so_far is decisive and self._valid:
                    joined[at, so_far] = None
                    continue
                for inside, came in self.truth(term, at):
                    order = (Outcome.REFUSED, decisive, Outcome.EITHER, so_far)
                    joined[inside, next(o for o in order if o in {so_far, came})] = None
            outcomes = joined
            if len(outcomes) > self.left:
                raise TooManyError
        return outcomes

    def _way(self, ways: _Outcomes, then: Truth, otherwise: Truth) -> _Outcomes:
        for at, outcome in ways:
            if outcome is Outcome.REFUSED:
                yield at, outcome
            if outcome in {Outcome.YES, Outcome.EITHER}:
                yield from self.truth(then, at)
            if outcome in {Outcome.NO, Outcome.EITHER}:
                yield from self.truth(otherwise, at)

    def _reached(self, line: Line, box: Box) -> Iterator[tuple[Box, Outcome]]:
        """Yield where a line is 0 or more, and where it is not."""
        low, high = line.ends(self._spans(box))
        if low >= 0 or high < 0:
            yield box, Outcome.YES if low >= 0 else Outcome.NO
        elif line.alone is None:
            self.together(line.facts)
            yield box, Outcome.EITHER
        else:
            name, slope = line.alone
            cut: Cut = (-line.start / slope, 0 if slope > 0 else 1)
            place = self.place[name]
            span = box[place]
            sides = (Span(span.low, min(cut, span.high)), Span(max(cut, span.low), span.high))
            outcomes = [Outcome.NO, Outcome.YES][:: 1 if slope > 0 else -1]
            for side, outcome in zip(sides, outcomes, strict=True):
                if side.low < side.high:
                    yield (*box[:place], side, *box[place + 1 :]), outcome
