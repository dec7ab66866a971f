"""The fourth interpretation: terms of a solver, in which what can happen at all is decided.

Nothing is divided: a number is a pair of whole numbers, the lower one above 0, and pairs are
compared by multiplying crosswise. What is whole after rounding, or comes from Python, is a new
unknown with what is certain of it said beside it.

Validity goes along with each value, as a truth: a number that is chosen is valid where the chosen
way is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import count
from math import isinf
from typing import Any

import z3
from attrs import field, frozen

from studioflow.algebra.interpretation import Annotation
from studioflow.algebra.terms import FactFlag, FactIs, FactNumber, Opaque, Rounding

__all__ = ["Claimed", "Symbol", "Symbols", "Word", "all_of", "chosen", "not_", "some_of"]

Whole = Any
"""A whole number: an `int`, or an integer term of the solver."""
Held = Any
"""A truth: a `bool`, or a term of the solver."""


@frozen(eq=False)
class Symbol:
    """A number in units: `top / bottom`, where it is `valid`; the bottom is above 0."""

    top: Whole
    bottom: Whole = 1
    valid: Held = True


@frozen(eq=False)
class Claimed:
    """A truth, where it is `valid`: where it compares numbers that are."""

    holds: Held
    valid: Held = True


@frozen(eq=False)
class Word:
    """A choice: the place of its word among all words."""

    place: Whole
    words: tuple[str, ...]


Noted = Annotation[Symbol, Claimed]


@frozen(eq=False)
class Symbols:
    """Interprets terms for a solver.

    Attributes:
        given: what each fact is, and each result that was computed before, by name.
        said: what is certain of the unknowns that come up on the way; it is filled.
        by_python: the unknowns that stand for what Python computes; it is filled.
        prefix: of the names of these unknowns.
    """

    given: Mapping[str, Symbol | Claimed | Word]
    said: list[Held] = field(factory=list)
    by_python: list[Whole] = field(factory=list)
    prefix: str = ""
    _numbers: count[int] = field(factory=count)

    def _unknown(self) -> Whole:
        return z3.Int(f"{self.prefix}?{next(self._numbers)}")

    def constant(self, value: int) -> Symbol:
        return Symbol(value)

    def number(self, fact: FactNumber) -> Symbol:
        found = self.given[fact.name]
        assert isinstance(found, Symbol)  # noqa: S101 - whoever fills it goes by the terms
        return found

    def add(self, terms: Sequence[Symbol]) -> Symbol:
        tops, bottom = _alike(terms)
        return Symbol(_sum(tops), bottom, _valid(terms))

    def multiply(self, left: Symbol, right: Symbol) -> Symbol:
        top, bottom = _times(left.top, right.top), _times(left.bottom, right.bottom)
        return Symbol(top, bottom, _valid((left, right)))

    def divide(self, left: Symbol, right: Symbol) -> Symbol:
        # Where the divisor is 0 nobody looks at what comes of it.
        divisor = chosen(_at_least(right.top, 1), right.top, 1)
        top, bottom = _times(left.top, right.bottom), _times(left.bottom, divisor)
        return Symbol(top, bottom, _valid((left, right)))

    def rounded(self, value: Symbol, times: int, over: int, way: Rounding) -> Symbol:
        top, bottom = _times(value.top, times), _times(value.bottom, over)
        match way:
            case "half_up":
                top, bottom = _sum([_times(top, 2), bottom]), _times(bottom, 2)
            case "up":
                top = _sum([top, bottom, -1])
            case "down":
                pass
        if isinstance(top, int) and isinstance(bottom, int):
            return Symbol(top // bottom, 1, value.valid)
        whole = self._unknown()
        self.said.append(top >= _times(whole, bottom))
        self.said.append(top < _times(whole, bottom) + bottom)
        return Symbol(whole, 1, value.valid)

    def opaque(
        self, term: Opaque, numbers: Sequence[tuple[Symbol, int]], truths: Sequence[Claimed]
    ) -> Symbol:
        whole = self._unknown()
        self.by_python.append(whole)
        if not isinf(term.low):
            self.said.append(whole >= int(term.low * term.denominator))
        if not isinf(term.high):
            self.said.append(whole <= int(term.high * term.denominator))
        return Symbol(whole, 1, _valid([*(number for number, _ in numbers), *truths]))

    def smallest(self, terms: Sequence[Symbol]) -> Symbol:
        return reduce(lambda a, b: _picked(_reaches(b, a), a, b), terms)

    def largest(self, terms: Sequence[Symbol]) -> Symbol:
        return reduce(lambda a, b: _picked(_reaches(a, b), a, b), terms)

    def choose(self, condition: Claimed, then: Symbol, otherwise: Symbol) -> Symbol:
        held = condition.holds
        tops, bottoms = (then.top, otherwise.top), (then.bottom, otherwise.bottom)
        valid = _if(held, then.valid, otherwise.valid)
        return Symbol(chosen(held, *tops), chosen(held, *bottoms), all_of(condition.valid, valid))

    def within(self, value: Symbol, low: int, high: int, _refusal: Noted) -> Symbol:
        inside = [_reaches(value, Symbol(low)), _reaches(Symbol(high), value)]
        return Symbol(value.top, value.bottom, all_of(value.valid, *inside))

    def required(self, condition: Claimed, value: Symbol, _refusal: Noted) -> Symbol:
        valid = all_of(value.valid, condition.valid, condition.holds)
        return Symbol(value.top, value.bottom, valid)

    def explained(self, value: Symbol, _note: Noted) -> Symbol:
        return value

    def certain(self, *, value: bool) -> Claimed:
        return Claimed(value)

    def flag(self, fact: FactFlag) -> Claimed:
        found = self.given[fact.name]
        assert isinstance(found, Claimed)  # noqa: S101 - as in `number`
        return found

    def one_of(self, fact: FactIs) -> Claimed:
        found = self.given[fact.name]
        assert isinstance(found, Word)  # noqa: S101 - as in `number`
        places = [found.words.index(word) for word in sorted(fact.values) if word in found.words]
        return Claimed(some_of(*(found.place == place for place in places)))

    def at_least(self, left: Symbol, right: Symbol) -> Claimed:
        return Claimed(_reaches(left, right), _valid((left, right)))

    def all(self, terms: Sequence[Claimed]) -> Claimed:
        return Claimed(all_of(*(term.holds for term in terms)), _valid(terms))

    def some(self, terms: Sequence[Claimed]) -> Claimed:
        return Claimed(some_of(*(term.holds for term in terms)), _valid(terms))

    def choose_truth(self, condition: Claimed, then: Claimed, otherwise: Claimed) -> Claimed:
        held = condition.holds
        valid = all_of(condition.valid, _if(held, then.valid, otherwise.valid))
        return Claimed(_if(held, then.holds, otherwise.holds), valid)

    def negation(self, term: Claimed) -> Claimed:
        return Claimed(not_(term.holds), term.valid)

    def judged(self, term: Claimed, _met: Noted | None, _unmet: Noted | None) -> Claimed:
        return term


def not_(truth: Held) -> Held:
    """Return the opposite."""
    return not truth if isinstance(truth, bool) else z3.Not(truth)


def all_of(*truths: Held) -> Held:
    """Return whether all hold; what is certain is left out."""
    if any(truth is False for truth in truths):
        return False
    open_ = [truth for truth in truths if truth is not True]
    return True if not open_ else open_[0] if len(open_) == 1 else z3.And(*open_)


def some_of(*truths: Held) -> Held:
    """Return whether any holds."""
    return not_(all_of(*(not_(truth) for truth in truths)))


def _if(condition: Held, then: Held, otherwise: Held) -> Held:
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise:
        return then
    return all_of(some_of(not_(condition), then), some_of(condition, otherwise))


def chosen(condition: Held, then: Whole, otherwise: Whole) -> Whole:
    """Return one of two whole numbers."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise or (isinstance(then, int) and then == otherwise):
        return then
    return z3.If(condition, then, otherwise)


def _valid(parts: Sequence[Symbol | Claimed]) -> Held:
    return all_of(*(part.valid for part in parts))


def _sum(terms: Sequence[Whole]) -> Whole:
    fixed = sum(term for term in terms if isinstance(term, int))
    open_ = [term for term in terms if not isinstance(term, int)]
    if not open_:
        return fixed
    return z3.Sum([*open_, fixed]) if fixed else z3.Sum(open_)


def _times(left: Whole, right: Whole) -> Whole:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, int) and one in {0, 1}:
            return other if one else 0
    return left * right


def _alike(terms: Sequence[Symbol]) -> tuple[list[Whole], Whole]:
    """Return the tops of numbers over one bottom."""
    bottoms: list[Whole] = []
    for term in terms:
        same = any(_same(term.bottom, known) for known in bottoms)
        if not same and not _same(term.bottom, 1):
            bottoms.append(term.bottom)
    tops = []
    for term in terms:
        others = [bottom for bottom in bottoms if not _same(bottom, term.bottom)]
        tops.append(reduce(_times, others, term.top))
    return tops, reduce(_times, bottoms, 1)


def _same(one: Whole, other: Whole) -> bool:
    if isinstance(one, int) or isinstance(other, int):
        return isinstance(one, int) and isinstance(other, int) and one == other
    return bool(one.eq(other))


def _reaches(left: Symbol, right: Symbol) -> Held:
    (one, other), _ = _alike((left, right))
    return _at_least(one, other)


def _at_least(left: Whole, right: Whole) -> Held:
    return left >= right


def _picked(condition: Held, then: Symbol, otherwise: Symbol) -> Symbol:
    """Return one of two by a condition; both have to be valid."""
    return Symbol(
        chosen(condition, then.top, otherwise.top),
        chosen(condition, then.bottom, otherwise.bottom),
        _valid((then, otherwise)),
    )
