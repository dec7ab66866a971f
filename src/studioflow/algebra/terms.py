"""The terms in which rules are written: numbers and truths over facts that have names.

A term is immutable data and says nothing about how it is computed; an `Interpretation` does. Rule
kinds build terms with the usual operators:

>>> part, whole = FactNumber("part", low=0, high=9), FactNumber("whole", low=0, high=9)
>>> reached = (whole > 0) & (part * 100 >= whole * 80)
>>> type(reached).__name__
'All'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import inf, lcm
from typing import Literal as OneOf

from attrs import field, frozen

from studioflow.text import Message

__all__ = [
    "All",
    "AtLeast",
    "Certain",
    "Choose",
    "ChooseTruth",
    "Constant",
    "Explained",
    "FactFlag",
    "FactIs",
    "FactNumber",
    "FactWord",
    "Judged",
    "Largest",
    "Listed",
    "Negation",
    "Note",
    "Number",
    "Opaque",
    "Product",
    "Quotient",
    "Required",
    "Rounded",
    "Rounding",
    "Smallest",
    "SomeOf",
    "Sum",
    "Term",
    "Truth",
    "Within",
    "as_number",
    "clip",
    "count_of",
    "largest",
    "smallest",
]

Literal = int | Fraction | Decimal
Rounding = OneOf["half_up", "down", "up"]
Said = Sequence[tuple[Message, Mapping[str, object]]]
"""What a computation in Python says for its result: messages with their parameters."""
Function = Callable[
    [Sequence[int | Fraction], Sequence[bool], Sequence[str]], tuple[Fraction, Said]
]


def _fraction(value: Literal) -> Fraction:
    return Fraction(value)


class Term:
    """A number or a truth."""

    __slots__ = ()

    def parts(self) -> Iterable[Term]:
        """Return the terms that this one is made of."""
        return ()


class Number(Term):
    """A term whose value is an exact number."""

    __slots__ = ()

    @property
    def denominator(self) -> int:
        """Of what its values are counted in; all are whole then, but what comes of a `Quotient`."""
        raise NotImplementedError  # every subclass says its own

    def __add__(self, other: Number | Literal) -> Number:
        return Sum((self, as_number(other)))

    def __sub__(self, other: Number | Literal) -> Number:
        return self + as_number(other) * -1

    def __mul__(self, other: Number | Literal) -> Number:
        return Product(self, as_number(other))

    def __ge__(self, other: Number | Literal) -> Truth:
        return AtLeast(self, as_number(other))

    def __le__(self, other: Number | Literal) -> Truth:
        return AtLeast(as_number(other), self)

    def __gt__(self, other: Number | Literal) -> Truth:
        return Negation(self <= other)

    def __lt__(self, other: Number | Literal) -> Truth:
        return Negation(self >= other)

    def equals(self, other: Number | Literal) -> Truth:
        """Return whether the two are the same number; `==` stays Python's, for identity."""
        return (self >= other) & (self <= other)


class Truth(Term):
    """A term whose value is true or false."""

    __slots__ = ()

    def __and__(self, other: Truth) -> Truth:
        return All((self, other))

    def __or__(self, other: Truth) -> Truth:
        return SomeOf((self, other))

    def __invert__(self) -> Truth:
        return Negation(self)


@frozen
class Listed:
    """A parameter of a note: the labels of those truths that came out as `wanted`."""

    entries: tuple[tuple[object, Truth], ...]
    wanted: bool = True


@frozen(eq=False)
class Note:
    """Why a value is what it is: a message and what its parameters are computed from.

    A parameter is a term, a `Listed`, or any other value, which then stands as it is.
    """

    message: Message
    parameters: Mapping[str, object] = field(factory=dict)

    def terms(self) -> Iterator[Term]:
        """Yield the terms among the parameters."""
        for parameter in self.parameters.values():
            if isinstance(parameter, Term):
                yield parameter
            elif isinstance(parameter, Listed):
                yield from (truth for _, truth in parameter.entries)


@frozen(eq=False)
class Constant(Number):
    """A number that is always the same."""

    value: Fraction = field(converter=_fraction)

    @property
    def denominator(self) -> int:
        """See `Number`."""
        return self.value.denominator


@frozen(eq=False)
class FactNumber(Number):
    """The number of a fact, or of a result that was computed before.

    Attributes:
        denominator: of the fact's step.
        low, high: its bounds; `inf` where there is none.
    """

    name: str
    denominator: int = 1
    low: Fraction | float = field(default=-inf, kw_only=True)
    high: Fraction | float = field(default=inf, kw_only=True)


@frozen(eq=False)
class _Several(Number):
    terms: tuple[Number, ...]

    def parts(self) -> Iterable[Term]:
        return self.terms

    @cached_property
    def denominator(self) -> int:
        return lcm(*(term.denominator for term in self.terms))


@frozen(eq=False)
class Sum(_Several):
    """All terms added up; 0 where there is none."""


@frozen(eq=False)
class Smallest(_Several):
    """The smallest of one or more terms."""


@frozen(eq=False)
class Largest(_Several):
    """The largest of one or more terms."""


@frozen(eq=False)
class Product(Number):
    """Two terms multiplied."""

    left: Number
    right: Number

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.left, self.right)

    @cached_property
    def denominator(self) -> int:
        """See `Number`."""
        return self.left.denominator * self.right.denominator


@frozen(eq=False)
class Quotient(Number):
    """One term divided by another, exactly.

    The divisor is above 0 wherever this is looked at: whoever builds it chooses something else
    where it is 0.
    """

    left: Number
    right: Number

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.left, self.right)

    @property
    def denominator(self) -> int:
        """See `Number`."""
        return self.left.denominator


@frozen(eq=False)
class Choose(Number):
    """One of two numbers, by a condition; the other is not looked at."""

    condition: Truth
    then: Number
    otherwise: Number

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.condition, self.then, self.otherwise)

    @cached_property
    def denominator(self) -> int:
        """See `Number`."""
        return lcm(self.then.denominator, self.otherwise.denominator)


@frozen(eq=False)
class _Wrapped(Number):
    value: Number

    def parts(self) -> Iterable[Term]:
        return (self.value,)

    @property
    def denominator(self) -> int:
        return self.value.denominator


@frozen(eq=False)
class Rounded(_Wrapped):
    """The multiple of a step that is next to the value; of two as near, `half_up` is the higher."""

    step: Fraction = field(converter=_fraction)
    way: Rounding = "half_up"

    @property
    def denominator(self) -> int:
        """See `Number`."""
        return self.step.denominator


@frozen(eq=False)
class Opaque(Number):
    """A number that Python computes, of which the algebra knows nothing but what it hangs on.

    Attributes:
        function: of the numbers, truths and words, in their order, to the value and what is said
            for it; it raises `NoAnswerError` where it has none.
        low, high: bounds of every value; `inf` where there is none.
        denominator: of the step of its values.
    """

    function: Function
    numbers: tuple[Number, ...] = ()
    truths: tuple[Truth, ...] = ()
    words: tuple[FactWord, ...] = ()
    low: Fraction | float = field(default=-inf, kw_only=True)
    high: Fraction | float = field(default=inf, kw_only=True)
    denominator: int = field(default=1, kw_only=True)

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (*self.numbers, *self.truths, *self.words)


@frozen(eq=False)
class Within(_Wrapped):
    """The value, which is valid only from `low` to `high`, both included.

    Numbers refuse a value outside; ranges keep what is inside.
    """

    low: Fraction = field(converter=_fraction)
    high: Fraction = field(converter=_fraction)
    refusal: Note

    @cached_property
    def denominator(self) -> int:
        """See `Number`."""
        return lcm(self.value.denominator, self.low.denominator, self.high.denominator)


@frozen(eq=False)
class Required(_Wrapped):
    """The value, which is valid only where the condition holds.

    Numbers refuse the value where it does not. Ranges keep it while the condition may still hold,
    and do not count the facts of the condition as open: the value is the same whatever they are.
    """

    condition: Truth
    refusal: Note

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.condition, self.value)


@frozen(eq=False)
class Explained(_Wrapped):
    """The value, with the reason to give when it is the one that counts."""

    note: Note


@frozen(eq=False)
class Certain(Truth):
    """A truth that is always the same."""

    value: bool


@frozen(eq=False)
class FactFlag(Truth):
    """A fact that is true or false."""

    name: str


@frozen(eq=False)
class FactIs(Truth):
    """Whether a fact that is one of several words is one of these.

    Attributes:
        values: the words that it is asked for.
        words: every word that it can be; empty where that is not said.
    """

    name: str
    values: frozenset[str]
    words: frozenset[str] = frozenset()


@frozen(eq=False)
class FactWord(Term):
    """The word of a fact that is one of several words, as what Python computes is given it."""

    name: str
    words: frozenset[str]


@frozen(eq=False)
class AtLeast(Truth):
    """Whether one number is at least another: the only comparison, all others come from it."""

    left: Number
    right: Number

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.left, self.right)


@frozen(eq=False)
class _Joined(Truth):
    terms: tuple[Truth, ...]

    def parts(self) -> Iterable[Term]:
        return self.terms


@frozen(eq=False)
class All(_Joined):
    """Every one holds; true where there is none."""


@frozen(eq=False)
class SomeOf(_Joined):
    """At least one holds; false where there is none."""


@frozen(eq=False)
class ChooseTruth(Truth):
    """One of two truths, by a condition; the other is not looked at."""

    condition: Truth
    then: Truth
    otherwise: Truth

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.condition, self.then, self.otherwise)


@frozen(eq=False)
class Negation(Truth):
    """The other way round."""

    term: Truth

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.term,)


@frozen(eq=False)
class Judged(Truth):
    """The truth, with the reason to give where it holds and where it does not, if any."""

    term: Truth
    met: Note | None
    unmet: Note | None

    def parts(self) -> Iterable[Term]:
        """See `Term`."""
        return (self.term,)


def as_number(value: Number | Literal) -> Number:
    """Return a term for a number that may be a literal."""
    return value if isinstance(value, Number) else Constant(value)


def smallest(*values: Number | Literal) -> Number:
    """Return the smallest of the values."""
    return Smallest(tuple(as_number(value) for value in values))


def largest(*values: Number | Literal) -> Number:
    """Return the largest of the values."""
    return Largest(tuple(as_number(value) for value in values))


def clip(value: Number, low: Number | Literal, high: Number | Literal) -> Number:
    """Return the value, or the bound that it passes."""
    return largest(low, smallest(value, high))


def count_of(truths: Iterable[Truth]) -> Number:
    """Return how many of the truths hold."""
    return Sum(tuple(Choose(truth, Constant(1), Constant(0)) for truth in truths))
