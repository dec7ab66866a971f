"""The first interpretation: every fact is known, and the result is exact.

A term compiles to closures over the facts. On its way it notes the reasons for the path taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from operator import add, and_, ge, mul, or_
from typing import TypeVar

from studioflow.algebra import compiled
from studioflow.algebra.compiled import Compiled, Sayings, applied, spread
from studioflow.algebra.interpretation import Annotation
from studioflow.algebra.remarks import Facts, RefusedError, Saying, plain
from studioflow.algebra.terms import FactFlag, FactIs, FactNumber, Opaque, Rounding

__all__ = ["Numbers", "round_units"]

Units = int | Fraction
NumberOf = Compiled[Units]
TruthOf = Compiled[bool]
Noted = Annotation[NumberOf, TruthOf]
V = TypeVar("V")


def round_units(value: int | Fraction, times: int, over: int, way: Rounding) -> int:
    """Return the whole number next to `value * times / over`, without any float.

    >>> round_units(7, 1, 2, "half_up"), round_units(7, 1, 2, "down"), round_units(7, 1, 2, "up")
    (4, 3, 4)
    """
    if way == "down":
        return int(value * times // over)
    if way == "up":
        return -int(-value * times // over)
    return int((2 * value * times + over) // (2 * over))


def quotient(left: int | Fraction, right: int | Fraction) -> int | Fraction:
    """Return the quotient, as a whole number where it is one."""
    exact = Fraction(left, right)
    return exact.numerator if exact.denominator == 1 else exact


def saying(note: Noted, *, met: bool | None = None) -> Saying:
    """Return a note that is ready to become a remark."""
    computed: list[tuple[str, Callable[[Facts], object]]] = []
    computed += ((name, _shown(*each)) for name, each in note.numbers.items())
    computed += ((name, truth.value) for name, truth in note.truths.items())
    computed += ((name, _listed(*each)) for name, each in note.lists.items())
    return Saying(note.message, note.fixed, tuple(computed), met)


def _shown(number: NumberOf, denominator: int) -> Callable[[Facts], object]:
    value = number.value
    return value if denominator == 1 else lambda facts: plain(value(facts), denominator)


def _listed(
    entries: tuple[tuple[object, TruthOf], ...],
    wanted: bool,  # noqa: FBT001 - as the annotation has it
) -> Callable[[Facts], object]:
    pairs = [(label, truth.value) for label, truth in entries]
    return lambda facts: tuple([label for label, value in pairs if value(facts) is wanted])


class Numbers:
    """Compiles terms to what computes them.

    Facts are numbers in units of their denominator, booleans, and words.
    """

    def constant(self, value: int) -> NumberOf:
        return compiled.always(value)

    def number(self, fact: FactNumber) -> NumberOf:
        return compiled.fact(fact.name)

    def add(self, terms: Sequence[NumberOf]) -> NumberOf:
        lines = [term.line for term in terms if term.line is not None and term.told is None]
        if len(lines) == len(terms):
            return compiled.summed(lines)
        return _of_terms(add, sum, terms)

    def multiply(self, left: NumberOf, right: NumberOf) -> NumberOf:
        if right.constant == 1 and right.told is None:
            return left
        for one, factor in ((left, right.constant), (right, left.constant)):
            if factor is not None and one.line is not None and not (left.told or right.told):
                return compiled.on(one.line.times(factor))
        return applied(mul, left, right)

    def divide(self, left: NumberOf, right: NumberOf) -> NumberOf:
        return applied(quotient, left, right)

    def rounded(self, value: NumberOf, times: int, over: int, way: Rounding) -> NumberOf:
        return applied(
            lambda units, step: round_units(units, step, over, way), value, compiled.always(times)
        )

    def opaque(
        self, term: Opaque, numbers: Sequence[tuple[NumberOf, int]], truths: Sequence[TruthOf]
    ) -> NumberOf:
        def told(facts: Facts, sayings: Sayings) -> Units:
            value, said = term.function(
                [Fraction(number.value(facts), unit) for number, unit in numbers],
                [truth.value(facts) for truth in truths],
                [facts[word.name] for word in term.words],
            )
            sayings.extend(Saying(message, parameters) for message, parameters in said)
            return quotient(value * term.denominator, 1)

        return Compiled(lambda facts: told(facts, []), told)

    def smallest(self, terms: Sequence[NumberOf]) -> NumberOf:
        bounded = _bounded(compiled.at_most, terms)
        return _of_terms(min, min, terms) if bounded is None else bounded

    def largest(self, terms: Sequence[NumberOf]) -> NumberOf:
        bounded = _bounded(compiled.at_least, terms)
        return _of_terms(max, max, terms) if bounded is None else bounded

    def choose(self, condition: TruthOf, then: NumberOf, otherwise: NumberOf) -> NumberOf:
        chosen = _chosen(condition, then, otherwise)
        if chosen.told or condition.line is None or (then.constant, otherwise.constant) != (1, 0):
            return chosen
        return Compiled(chosen.value, line=condition.line)  # a truth counts as 1 or 0 in Python

    def within(self, value: NumberOf, low: int, high: int, refusal: Noted) -> NumberOf:
        refused = saying(refusal)
        compute, tell = value.value, value.told

        def within(facts: Facts) -> Units:
            number = compute(facts)
            if low <= number <= high:
                return number
            raise RefusedError(refused.remark(facts, refused=True))

        if tell is None:
            return Compiled(within)

        def told(facts: Facts, sayings: Sayings) -> Units:
            within(facts)
            return tell(facts, sayings)

        return Compiled(within, told)

    def required(self, condition: TruthOf, value: NumberOf, refusal: Noted) -> NumberOf:
        refused = saying(refusal)

        def refuse(facts: Facts) -> Units:
            raise RefusedError(refused.remark(facts, refused=True))

        return self.choose(condition, value, Compiled(refuse))

    def explained(self, value: NumberOf, note: Noted) -> NumberOf:
        said = saying(note)
        compute, tell = value.value, value.told

        def explained(facts: Facts, sayings: Sayings) -> Units:
            number = compute(facts) if tell is None else tell(facts, sayings)
            sayings.append(said)
            return number

        return Compiled(compute, explained, value.line)

    def certain(self, *, value: bool) -> TruthOf:
        return compiled.always(value)

    def flag(self, fact: FactFlag) -> TruthOf:
        return compiled.fact(fact.name)

    def one_of(self, fact: FactIs) -> TruthOf:
        name, values = fact.name, fact.values
        return Compiled(lambda facts: facts[name] in values)

    def at_least(self, left: NumberOf, right: NumberOf) -> TruthOf:
        # Why a number is what it is, is no reason for how it compares.
        if left.line is not None and right.line is not None:
            return compiled.compared(left.line, right.line)
        return applied(ge, left.silent, right.silent)

    def all(self, terms: Sequence[TruthOf]) -> TruthOf:
        return _joined(terms, decisive=False)

    def some(self, terms: Sequence[TruthOf]) -> TruthOf:
        return _joined(terms, decisive=True)

    def choose_truth(self, condition: TruthOf, then: TruthOf, otherwise: TruthOf) -> TruthOf:
        return _chosen(condition.silent, then, otherwise)

    def negation(self, term: TruthOf) -> TruthOf:
        # The reasons for the opposite are no reasons for this.
        value = term.value
        return Compiled(term.opposite or (lambda facts: not value(facts)))

    def judged(self, term: TruthOf, met: Noted | None, unmet: Noted | None) -> TruthOf:
        compute, tell = term.value, term.told
        said_met = None if met is None else saying(met, met=True)
        said_unmet = None if unmet is None else saying(unmet, met=False)

        def judged(facts: Facts, sayings: Sayings) -> bool:
            outcome = compute(facts) if tell is None else tell(facts, sayings)
            said = said_met if outcome else said_unmet
            if said is not None:
                sayings.append(said)
            return outcome

        return Compiled(compute, judged)


def _of_terms(
    of_two: Callable[[V, V], V], of_many: Callable[[Sequence[V]], V], terms: Sequence[Compiled[V]]
) -> Compiled[V]:
    if len(terms) == 2:  # noqa: PLR2004 - most operations have two sides, and this is faster
        return applied(of_two, *terms)
    return spread(of_many, terms)


def _bounded(
    bound: Callable[[NumberOf, Units], NumberOf], terms: Sequence[NumberOf]
) -> NumberOf | None:
    """Return a number held against a bound, which is what most such terms are; or None."""
    for number, limit in permutations(terms, 2) if len(terms) == 2 else ():  # noqa: PLR2004
        if limit.constant is not None and limit.told is None:
            return bound(number, limit.constant)
    return None


def _chosen(condition: TruthOf, then: Compiled[V], otherwise: Compiled[V]) -> Compiled[V]:
    told = None
    if condition.told or then.told or otherwise.told:
        told = _telling_choice(condition, then, otherwise)
    return Compiled(_choice(condition, then, otherwise), told)


def _choice(condition: TruthOf, then: Compiled[V], otherwise: Compiled[V]) -> Callable[[Facts], V]:
    decide, one, other = condition.value, then.value, otherwise.value
    first, second = then.constant, otherwise.constant
    if first is not None and second is not None:
        return lambda facts: first if decide(facts) else second
    return lambda facts: one(facts) if decide(facts) else other(facts)


def _telling_choice(
    condition: TruthOf, then: Compiled[V], otherwise: Compiled[V]
) -> Callable[[Facts, Sayings], V]:
    decide, one, other = condition.value, then.telling, otherwise.telling
    if condition.told is None:
        return lambda facts, sayings: (one if decide(facts) else other)(facts, sayings)
    tell = condition.told
    return lambda facts, sayings: (one if tell(facts, sayings) else other)(facts, sayings)


def _joined(terms: Sequence[TruthOf], *, decisive: bool) -> TruthOf:
    """Join truths: one that is `decisive` decides, and every one is looked at for its reasons."""
    needed = [term for term in terms if term.constant is not (not decisive)]
    if not needed:
        return compiled.always(not decisive)
    if len(needed) == 1:
        return needed[0]
    told = None
    if any(term.told for term in needed):
        told = _telling_joined([term.telling for term in needed], decisive=decisive)
    of_many = any if decisive else all
    flags = [term.line.fact for term in needed if term.line is not None and term.line.fact]
    if len(flags) == len(needed):
        return Compiled(compiled.of_facts(of_many, flags), told)
    return Compiled(_of_terms(or_ if decisive else and_, of_many, needed).value, told)


def _telling_joined(
    terms: Sequence[Callable[[Facts, Sayings], bool]], *, decisive: bool
) -> Callable[[Facts, Sayings], bool]:
    """Return what joins truths and keeps the reasons of those that came out as the whole does.

    What is met is explained by what was met, what is not by what was missing.
    """
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    one, other = (_telling_joined(t, decisive=decisive) for t in (terms[:half], terms[half:]))

    def joined(facts: Facts, sayings: Sayings) -> bool:
        start = len(sayings)
        outcome = one(facts, sayings)
        middle = len(sayings)
        if other(facts, sayings) is outcome:
            return outcome
        if outcome is decisive:
            del sayings[middle:]
        else:
            del sayings[start:middle]
        return decisive

    return joined
