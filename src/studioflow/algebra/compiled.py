"""Compiled terms: closures over the facts, and the ways to make one out of others.

Most terms have nothing to say, and what is only compared may say nothing. So what gives reasons has
two closures: one that computes the value, and one that notes the reasons as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import ge, itemgetter, mul
from typing import Any, Generic, NamedTuple, TypeVar

from attrs import field, frozen

from studioflow.algebra.remarks import Facts, Remark, Saying

__all__ = [
    "Compiled",
    "Line",
    "Sayings",
    "always",
    "applied",
    "at_least",
    "at_most",
    "compared",
    "fact",
    "of_facts",
    "on",
    "spread",
    "summed",
]

Sayings = list[Saying]
V = TypeVar("V")
Value = Callable[[Facts], V]
Told = Callable[[Facts, Sayings], V]


class Line(NamedTuple):
    """A fact times a factor, and something added; without a fact it is always the same."""

    fact: str | None
    factor: Any = 1
    offset: Any = 0

    def times(self, factor: Any) -> Line:  # noqa: ANN401 - a number, or a truth as Python counts it
        """Return the line times a factor."""
        return Line(self.fact, self.factor * factor, self.offset * factor)

    def plus(self, offset: Any) -> Line:  # noqa: ANN401 - see `times`
        """Return the line with something more added."""
        return Line(self.fact, self.factor, self.offset + offset)


@frozen(eq=False)
class Compiled(Generic[V]):
    """A compiled term; called with the facts and a list for the remarks, it computes its value.

    Raises (when called): `RefusedError` for a value that is not valid, `NoAnswerError` where what
    Python computes has none, `KeyError` for a fact that is needed and missing.

    Attributes:
        value: computes the value alone.
        told: computes it, and notes why; None where there is nothing to say.
        line: the value as a line, where it is one.
        opposite: computes the opposite of a truth, where there is a shorter way than to negate it.
    """

    value: Value[V]
    told: Told[V] | None = None
    line: Line | None = None
    opposite: Value[V] | None = field(default=None, kw_only=True)

    def __call__(self, facts: Facts, remarks: list[Remark]) -> V:
        """Return the value, and append the reasons to the remarks."""
        sayings: Sayings = []
        value = self.telling(facts, sayings)
        remarks.extend(saying.remark(facts) for saying in sayings)
        return value

    @property
    def telling(self) -> Told[V]:
        """What computes the value and notes why, be it nothing."""
        if self.told is not None:
            return self.told
        value, constant = self.value, self.constant
        if constant is not None:
            return lambda _facts, _sayings: constant
        return lambda facts, _sayings: value(facts)

    @property
    def constant(self) -> Any:  # noqa: ANN401 - a value of the term, or None
        """The value where it is always the same; None where it is not."""
        return self.line.offset if self.line is not None and self.line.fact is None else None

    @property
    def silent(self) -> Compiled[V]:
        """The same without anything to say."""
        return Compiled(self.value, line=self.line)


def on(line: Line) -> Compiled[Any]:
    """Return what computes a line: a number, also where its fact is a truth."""
    name, factor, offset = line
    if name is None:
        return Compiled(lambda _facts: offset, line=line)
    return Compiled(lambda facts: facts[name] * factor + offset, line=line)


def always(value: V) -> Compiled[V]:
    """Return what is always the same."""
    return on(Line(None, 0, value))


def fact(name: str) -> Compiled[Any]:
    """Return what is the value of a fact."""
    return Compiled(itemgetter(name), line=Line(name))


def applied(
    function: Callable[[Any, Any], V], left: Compiled[Any], right: Compiled[Any]
) -> Compiled[V]:
    """Return a function of two terms."""
    told = None
    if left.told or right.told:
        told = _telling_two(function, left.telling, right.telling)
    return Compiled(_of_two(function, left, right), told)


def _telling_two(function: Callable[[Any, Any], V], left: Told[Any], right: Told[Any]) -> Told[V]:
    return lambda facts, sayings: function(left(facts, sayings), right(facts, sayings))


def _of_two(
    function: Callable[[Any, Any], V], left: Compiled[Any], right: Compiled[Any]
) -> Value[V]:
    one, other, least, most = left.value, right.value, left.constant, right.constant
    if most is not None:
        return lambda facts: function(one(facts), most)
    if least is not None:
        return lambda facts: function(least, other(facts))
    return lambda facts: function(one(facts), other(facts))


def spread(function: Callable[[Sequence[Any]], V], terms: Sequence[Compiled[Any]]) -> Compiled[V]:
    """Return a function of the values of any number of terms; all of them are computed."""
    told = None
    if any(term.told for term in terms):
        told = _telling_many(function, [term.telling for term in terms])
    return Compiled(_of_many(function, terms), told)


def _telling_many(function: Callable[[Sequence[Any]], V], terms: Sequence[Told[Any]]) -> Told[V]:
    return lambda facts, sayings: function([tell(facts, sayings) for tell in terms])


def _of_many(function: Callable[[Sequence[Any]], V], terms: Sequence[Compiled[Any]]) -> Value[V]:
    values = [term.value for term in terms]
    return lambda facts: function([value(facts) for value in values])


def of_facts(function: Callable[[Sequence[Any]], V], names: Sequence[str]) -> Value[V]:
    """Return a function of the values of two or more facts as they stand."""
    values = itemgetter(*names)
    return lambda facts: function(values(facts))


def at_most(term: Compiled[Any], most: Any) -> Compiled[Any]:  # noqa: ANN401 - a number
    """Return the number, or the bound that it passes."""
    value, tell = term.value, term.told

    def lower(facts: Facts) -> Any:  # noqa: ANN401 - a number
        number = value(facts)
        return number if number < most else most  # noqa: FURB136 - a call takes three times as long

    if tell is None:
        return Compiled(lower)
    return Compiled(lower, lambda facts, sayings: min(tell(facts, sayings), most))


def at_least(term: Compiled[Any], least: Any) -> Compiled[Any]:  # noqa: ANN401 - a number
    """Return the number, or the bound that it does not reach."""
    value, tell = term.value, term.told

    def higher(facts: Facts) -> Any:  # noqa: ANN401 - a number
        number = value(facts)
        return number if number > least else least  # noqa: FURB136 - see `at_most`

    if tell is None:
        return Compiled(higher)
    return Compiled(higher, lambda facts, sayings: max(tell(facts, sayings), least))


def summed(lines: Sequence[Line]) -> Compiled[Any]:
    """Return the sum of lines."""
    offset = sum(line.offset for line in lines)
    rest = [line for line in lines if line.fact is not None]
    if not rest:
        return always(offset)
    if len(rest) == 1:
        return on(Line(rest[0].fact, rest[0].factor, offset))
    values, factors = itemgetter(*(line.fact for line in rest)), [line.factor for line in rest]
    if set(factors) == {1}:
        return Compiled(lambda facts: sum(values(facts), offset))
    return Compiled(lambda facts: sum(map(mul, values(facts), factors), offset))


def compared(left: Line, right: Line) -> Compiled[bool]:
    """Return whether one line is at least another."""
    (one, factor, offset), (other, scale, more) = left, right
    least = more - offset
    if one is None and other is None:
        return always(least <= 0)
    if one is not None and other is None and factor == 1:
        return Compiled(lambda facts: facts[one] >= least, opposite=lambda f: f[one] < least)
    if one is None and other is not None and scale == 1:
        most = -least
        return Compiled(lambda facts: facts[other] <= most, opposite=lambda f: f[other] > most)
    if one is None or other is None:
        return applied(ge, on(left), on(right))
    return Compiled(lambda facts: facts[one] * factor >= facts[other] * scale + least)
