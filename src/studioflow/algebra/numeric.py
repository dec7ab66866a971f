"""The first interpretation: every fact is known, and the result is exact.

A term compiles to a closure over the facts. On its way it notes the reasons for the path taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from studioflow.algebra.interpretation import Annotation
from studioflow.algebra.terms import FactFlag, FactIs, FactNumber
from studioflow.text import Message

__all__ = ["Numbers", "RefusedError", "Remark"]

Facts = Mapping[str, Any]  # in the types that the terms say, which whoever hands them in checks
Remarks = list["Remark"]
NumberOf = Callable[[Facts, Remarks], int]
TruthOf = Callable[[Facts, Remarks], bool]
Noted = Annotation[NumberOf, TruthOf]


class Remark(NamedTuple):
    """A reason that counted.

    Attributes:
        message: what is said.
        parameters: what its sentence mentions.
        met: whether it speaks for a truth, against it, or (None) of a number.
        refused: it says of a value that it is not valid.
    """

    message: Message
    parameters: Mapping[str, object]
    met: bool | None = None
    refused: bool = False


class RefusedError(Exception):
    """A fact has a value that the rule does not allow there; `remark` says why.

    It ends one computation; whoever asked for that turns it into an `InputError` with a path.
    """

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(remark)


def plain(units: float, denominator: int) -> object:
    """Return units of a denominator as the number that they stand for."""
    if denominator == 1 or not isinstance(units, int):
        return units
    return Fraction(units, denominator)


def agreeing(remarks: Remarks, start: int, *, outcome: bool) -> None:
    """Drop the remarks from `start` that speak for the other outcome.

    What is met is explained by what was met, what is not by what was missing.
    """
    if len(remarks) > start:
        remarks[start:] = [r for r in remarks[start:] if r.met is None or r.met is outcome]


def _remark(note: Noted, facts: Facts, *, met: bool | None = None) -> Remark:
    quiet: Remarks = []
    parameters = dict(note.fixed)
    for name, (number, denominator) in note.numbers.items():
        parameters[name] = plain(number(facts, quiet), denominator)
    for name, truth in note.truths.items():
        parameters[name] = truth(facts, quiet)
    for name, (entries, wanted) in note.lists.items():
        parameters[name] = tuple(label for label, truth in entries if truth(facts, quiet) is wanted)
    return Remark(note.message, parameters, met)


class Numbers:
    """Compiles terms to closures that take the facts and a list for the remarks.

    Facts are whole numbers in units of their denominator, booleans, and words.

    Raises (when called): `RefusedError` for a value that is not valid, `KeyError` for a fact that
    is needed and missing.
    """

    def constant(self, value: int) -> NumberOf:
        return lambda _facts, _remarks: value

    def number(self, fact: FactNumber) -> NumberOf:
        name = fact.name
        return lambda facts, _remarks: facts[name]

    def add(self, terms: Sequence[NumberOf]) -> NumberOf:
        if len(terms) == 2:  # noqa: PLR2004 - most sums have two terms, and this is faster
            left, right = terms
            return lambda facts, remarks: left(facts, remarks) + right(facts, remarks)
        return lambda facts, remarks: sum([term(facts, remarks) for term in terms])

    def multiply(self, left: NumberOf, right: NumberOf) -> NumberOf:
        return lambda facts, remarks: left(facts, remarks) * right(facts, remarks)

    def smallest(self, terms: Sequence[NumberOf]) -> NumberOf:
        return lambda facts, remarks: min([term(facts, remarks) for term in terms])

    def largest(self, terms: Sequence[NumberOf]) -> NumberOf:
        return lambda facts, remarks: max([term(facts, remarks) for term in terms])

    def choose(self, condition: TruthOf, then: NumberOf, otherwise: NumberOf) -> NumberOf:
        return lambda facts, remarks: (
            then(facts, remarks) if condition(facts, remarks) else otherwise(facts, remarks)
        )

    def within(self, value: NumberOf, low: int, high: int, refusal: Noted) -> NumberOf:
        def within(facts: Facts, remarks: Remarks) -> int:
            number = value(facts, remarks)
            if low <= number <= high:
                return number
            raise RefusedError(_remark(refusal, facts)._replace(refused=True))

        return within

    def required(self, condition: TruthOf, value: NumberOf, refusal: Noted) -> NumberOf:
        def required(facts: Facts, remarks: Remarks) -> int:
            if condition(facts, remarks):
                return value(facts, remarks)
            raise RefusedError(_remark(refusal, facts)._replace(refused=True))

        return required

    def explained(self, value: NumberOf, note: Noted) -> NumberOf:
        def explained(facts: Facts, remarks: Remarks) -> int:
            number = value(facts, remarks)
            remarks.append(_remark(note, facts))
            return number

        return explained

    def certain(self, *, value: bool) -> TruthOf:
        return lambda _facts, _remarks: value

    def flag(self, fact: FactFlag) -> TruthOf:
        name = fact.name
        return lambda facts, _remarks: facts[name]

    def one_of(self, fact: FactIs) -> TruthOf:
        name, values = fact.name, fact.values
        return lambda facts, _remarks: facts[name] in values

    def at_least(self, left: NumberOf, right: NumberOf) -> TruthOf:
        # Why a number is what it is, is no reason for how it compares.
        return lambda facts, _remarks: left(facts, []) >= right(facts, [])

    def all(self, terms: Sequence[TruthOf]) -> TruthOf:
        return _joined(terms, all)

    def some(self, terms: Sequence[TruthOf]) -> TruthOf:
        return _joined(terms, any)

    def negation(self, term: TruthOf) -> TruthOf:
        # The reasons for the opposite are no reasons for this.
        return lambda facts, _remarks: not term(facts, [])

    def judged(self, term: TruthOf, met: Noted | None, unmet: Noted | None) -> TruthOf:
        def judged(facts: Facts, remarks: Remarks) -> bool:
            start = len(remarks)
            outcome = term(facts, remarks)
            agreeing(remarks, start, outcome=outcome)
            note = met if outcome else unmet
            if note is not None:
                remarks.append(_remark(note, facts, met=outcome))
            return outcome

        return judged


def _joined(terms: Sequence[TruthOf], join: Callable[[list[bool]], bool]) -> TruthOf:
    def joined(facts: Facts, remarks: Remarks) -> bool:
        start = len(remarks)
        # Every term is looked at, so that every reason is given.
        outcome = join([term(facts, remarks) for term in terms])
        agreeing(remarks, start, outcome=outcome)
        return outcome

    return joined
