"""What an interpretation supplies, and the fold that applies one to a term.

An interpretation sees numbers in units of one denominator, and truths: the fold brings both sides
of an operation to it first. So exactness is settled here, once, for all interpretations. Units are
whole, but for what comes of a division by something that varies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Generic, Protocol, TypeVar

from attrs import frozen

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
    Listed,
    Negation,
    Note,
    Number,
    Opaque,
    Product,
    Quotient,
    Required,
    Rounded,
    Rounding,
    Smallest,
    SomeOf,
    Sum,
    Truth,
    Within,
)
from studioflow.text import Message

__all__ = ["Annotation", "Interpretation", "Interpreter"]

N = TypeVar("N")
T = TypeVar("T")


@frozen
class Annotation(Generic[N, T]):
    """A note whose terms have been interpreted.

    Attributes:
        message: of the note.
        fixed: the parameters that are plain values.
        numbers: interpreted numbers, each with its denominator.
        truths: interpreted truths.
        lists: labelled truths, and which of the two outcomes is listed.
    """

    message: Message
    fixed: Mapping[str, object]
    numbers: Mapping[str, tuple[N, int]]
    truths: Mapping[str, T]
    lists: Mapping[str, tuple[tuple[tuple[object, T], ...], bool]]


class Interpretation(Protocol[N, T]):
    """The operations of the algebra over some carrier of numbers and some carrier of truths.

    All numbers that meet in one operation are in units of one denominator.
    """

    def constant(self, value: int) -> N:
        """Return a number that is always the same."""

    def number(self, fact: FactNumber) -> N:
        """Return the number of a fact, in units of its denominator."""

    def add(self, terms: Sequence[N]) -> N:
        """Return the sum; 0 of no terms."""

    def multiply(self, left: N, right: N) -> N:
        """Return the product, in units of the product of the denominators."""

    def divide(self, left: N, right: N) -> N:
        """Return the quotient, exactly; the divisor is at least one unit where it is looked at."""

    def rounded(self, value: N, times: int, over: int, way: Rounding) -> N:
        """Return the whole number next to `value * times / over`."""

    def opaque(self, term: Opaque, numbers: Sequence[tuple[N, int]], truths: Sequence[T]) -> N:
        """Return what Python computes, in units of the term's denominator.

        Args:
            term: its words are facts.
            numbers: those that it is computed from, each with its denominator.
            truths: those that it is computed from.
        """

    def smallest(self, terms: Sequence[N]) -> N:
        """Return the smallest of one or more."""

    def largest(self, terms: Sequence[N]) -> N:
        """Return the largest of one or more."""

    def choose(self, condition: T, then: N, otherwise: N) -> N:
        """Return one of the two; whether the other is valid does not matter."""

    def within(self, value: N, low: int, high: int, refusal: Annotation[N, T]) -> N:
        """Return the value, which is valid only from `low` to `high`, both included."""

    def required(self, condition: T, value: N, refusal: Annotation[N, T]) -> N:
        """Return the value, which is valid only where the condition holds."""

    def explained(self, value: N, note: Annotation[N, T]) -> N:
        """Return the value, with the reason to give where it counts."""

    def certain(self, *, value: bool) -> T:
        """Return a truth that is always the same."""

    def flag(self, fact: FactFlag) -> T:
        """Return the truth of a fact."""

    def one_of(self, fact: FactIs) -> T:
        """Return whether a choice is one of the words asked for."""

    def at_least(self, left: N, right: N) -> T:
        """Return whether the one is at least the other; reasons of either are not given."""

    def all(self, terms: Sequence[T]) -> T:
        """Return whether every one holds; true of none. All are looked at, for their reasons."""

    def some(self, terms: Sequence[T]) -> T:
        """Return whether at least one holds; false of none. All are looked at."""

    def choose_truth(self, condition: T, then: T, otherwise: T) -> T:
        """Return one of the two, with its reasons."""

    def negation(self, term: T) -> T:
        """Return the opposite, without reasons: those were for the other side."""

    def judged(self, term: T, met: Annotation[N, T] | None, unmet: Annotation[N, T] | None) -> T:
        """Return the truth, with the reason to give for how it came out."""


class Interpreter(Generic[N, T]):
    """Applies one interpretation; a term that is used twice is interpreted once.

    The value of `number(term)` is `term`'s value times `term.denominator`. An interpretation that
    gives no reasons has it leave out what only notes mention.
    """

    def __init__(self, interpretation: Interpretation[N, T], *, notes: bool = True) -> None:
        self._to = interpretation
        self._notes = notes
        # The terms are kept beside their values: an id is unique only while its object lives.
        self._numbers: dict[int, tuple[Number, N]] = {}
        self._truths: dict[int, tuple[Truth, T]] = {}

    def number(self, term: Number) -> N:
        """Interpret a number, in units of its denominator."""
        known = self._numbers.get(id(term))
        if known is None:
            known = self._numbers[id(term)] = (term, self._number(term))
        return known[1]

    def truth(self, term: Truth) -> T:
        """Interpret a truth."""
        known = self._truths.get(id(term))
        if known is None:
            known = self._truths[id(term)] = (term, self._truth(term))
        return known[1]

    def _in_units(self, term: Number, denominator: int) -> N:
        factor = denominator // term.denominator
        if factor == 1:
            return self.number(term)
        if isinstance(term, Constant):
            return self._to.constant(_whole(term.value, denominator))
        return self._to.multiply(self.number(term), self._to.constant(factor))

    def _number(self, term: Number) -> N:
        to, unit = self._to, term.denominator
        match term:
            case Constant(value):
                return to.constant(_whole(value, unit))
            case FactNumber():
                return to.number(term)
            case Sum(terms):
                return to.add([self._in_units(part, unit) for part in terms])
            case Product(left, right):
                return to.multiply(self.number(left), self.number(right))
            case Smallest(terms):
                return to.smallest([self._in_units(part, unit) for part in terms])
            case Largest(terms):
                return to.largest([self._in_units(part, unit) for part in terms])
            case Choose(condition, then, otherwise):
                return to.choose(
                    self.truth(condition),
                    self._in_units(then, unit),
                    self._in_units(otherwise, unit),
                )
            case Within(value, low, high, refusal):
                return to.within(
                    self._in_units(value, unit),
                    _whole(low, unit),
                    _whole(high, unit),
                    self._annotation(refusal),
                )
            case Required(value, condition, refusal):
                return to.required(
                    self.truth(condition), self.number(value), self._annotation(refusal)
                )
            case Explained(value, note):
                return to.explained(self.number(value), self._annotation(note))
            case _:
                return self._divided(term)

    def _divided(self, term: Number) -> N:
        """Interpret what is not whole by itself, or of which only bounds are known."""
        to = self._to
        match term:
            case Quotient(left, right):
                scaled = to.multiply(self.number(left), to.constant(right.denominator))
                return to.divide(scaled, self.number(right))
            case Rounded(value, step, way):
                over = value.denominator * step.numerator
                whole = to.rounded(self.number(value), step.denominator, over, way)
                return to.multiply(whole, to.constant(step.numerator))
            case Opaque(_, numbers, truths):
                return to.opaque(
                    term,
                    [(self.number(part), part.denominator) for part in numbers],
                    [self.truth(part) for part in truths],
                )
            case _:
                raise TypeError(term)

    def _truth(self, term: Truth) -> T:
        to = self._to
        match term:
            case Certain(value):
                return to.certain(value=value)
            case FactFlag():
                return to.flag(term)
            case FactIs():
                return to.one_of(term)
            case AtLeast(left, right):
                unit = lcm(left.denominator, right.denominator)
                return to.at_least(self._in_units(left, unit), self._in_units(right, unit))
            case All(terms):
                return to.all([self.truth(part) for part in terms])
            case SomeOf(terms):
                return to.some([self.truth(part) for part in terms])
            case ChooseTruth(condition, then, otherwise):
                return to.choose_truth(
                    self.truth(condition), self.truth(then), self.truth(otherwise)
                )
            case Negation(part):
                return to.negation(self.truth(part))
            case Judged(part, met, unmet):
                return to.judged(self.truth(part), self._maybe(met), self._maybe(unmet))
            case _:
                raise TypeError(term)

    def _maybe(self, note: Note | None) -> Annotation[N, T] | None:
        return None if note is None else self._annotation(note)

    def _annotation(self, note: Note) -> Annotation[N, T]:
        fixed: dict[str, object] = {}
        numbers: dict[str, tuple[N, int]] = {}
        truths: dict[str, T] = {}
        lists: dict[str, tuple[tuple[tuple[object, T], ...], bool]] = {}
        if not self._notes:
            return Annotation(note.message, fixed, numbers, truths, lists)
        for name, parameter in note.parameters.items():
            if isinstance(parameter, Number):
                numbers[name] = (self.number(parameter), parameter.denominator)
            elif isinstance(parameter, Truth):
                truths[name] = self.truth(parameter)
            elif isinstance(parameter, Listed):
                entries = tuple((label, self.truth(truth)) for label, truth in parameter.entries)
                lists[name] = (entries, parameter.wanted)
            else:
                fixed[name] = parameter
        return Annotation(note.message, fixed, numbers, truths, lists)


def _whole(value: Fraction, denominator: int) -> int:
    scaled = value * denominator
    if scaled.denominator != 1:  # a term's denominator is wrong: a fault of ours, not of input
        error = f"{value} is not whole in units of 1/{denominator}"
        raise ArithmeticError(error)
    return scaled.numerator
