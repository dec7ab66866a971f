"""Compiled terms: closures over the facts, and the ways to make one out of others.

Most terms have nothing to say, and what is only compared may say nothing. So what gives reasons has
two closures: one that computes the value, and one that notes the reasons as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter, mul
from typing import Any, Generic, NamedTuple, TypeVar

from attrs import frozen

from studioflow.algebra.remarks import Facts, Remark, Saying

__all__ = [
    "Compiled",
    "Line",
    "Sayings",
    "always",
    "applied",
    "at_least",
    "fact",
    "gathered",
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

    @property
    def bare(self) -> bool:
        """It is the value of a fact as it stands."""
        return self.fact is not None and self.factor == 1 and not self.offset


@frozen(eq=False)
class Compiled(Generic[V]):
    """A compiled term; called with the facts and a list for the remarks, it computes its value.

    Raises (when called): `RefusedError` for a value that is not valid, `NoAnswerError` where what
    Python computes has none, `KeyError` for a fact that is needed and missing.

    Attributes:
        value: computes the value alone.
        told: computes it, and notes why; None where there is nothing to say.
        line: the value as a line, where it is one.
    """

    value: Value[V]
    told: Told[V] | None = None
    line: Line | None = None

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
        value = self.value
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
    """Return what a line stands for."""
    name, factor, offset = line
    if line.bare:
        return Compiled(itemgetter(name), line=line)
    if name is None:
        return Compiled(lambda _facts: offset, line=line)
    return Compiled(lambda facts: facts[name] * factor + offset, line=line)


def always(value: V) -> Compiled[V]:
    """Return what is always the same."""
    return on(Line(None, 0, value))


def fact(name: str) -> Compiled[Any]:
    """Return what is the value of a fact."""
    return on(Line(name))


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


def gathered(function: Callable[[Sequence[Any]], V], names: Sequence[str]) -> Compiled[V]:
    """Return a function of the values of several facts as they stand."""
    of_facts = itemgetter(*names)
    return Compiled(lambda facts: function(of_facts(facts)))


def summed(lines: Sequence[Line]) -> Compiled[Any]:
    """Return the sum of lines."""
    offset = sum(line.offset for line in lines)
    rest = [line for line in lines if line.fact is not None]
    if not rest:
        return always(offset)
    if len(rest) == 1:
        return on(Line(rest[0].fact, rest[0].factor, offset))
    of_facts, factors = itemgetter(*(line.fact for line in rest)), [line.factor for line in rest]
    if set(factors) == {1}:
        return Compiled(lambda facts: sum(of_facts(facts), offset))
    return Compiled(lambda facts: sum(map(mul, of_facts(facts), factors), offset))


def at_least(left: Line, right: Line) -> Compiled[bool]:
    """Return whether one line is at least another."""
    (one, factor, offset), (other, scale, more) = left, right
    least = more - offset
    if other is None:
        if one is None:
            return always(least <= 0)
        if factor == 1:
            return Compiled(lambda facts: facts[one] >= least)
        return Compiled(lambda facts: facts[one] * factor >= least)
    most = -least
    if one is None:
        if scale == 1:
            return Compiled(lambda facts: facts[other] <= most)
        return Compiled(lambda facts: facts[other] * scale <= most)
    return Compiled(lambda facts: facts[one] * factor >= facts[other] * scale + least)
