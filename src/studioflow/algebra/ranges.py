"""The second interpretation: facts that are not known yet are intervals, and so is the result.

Sound always: whatever the open facts turn out to be, a valid result lies inside.

Both ends are reached where no open fact occurs twice, as long as every `Within` ends at values
that what it holds can have (a band of whole marks around a mark in whole points; not "3 to 7"
around ten times a fact). Where a fact does occur twice, an end may lie further out than any
result: the two occurrences are taken to be independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isinf
from typing import Any, NamedTuple, TypeVar

from studioflow.algebra.interpretation import Annotation, Interpreter
from studioflow.algebra.numeric import round_units
from studioflow.algebra.remarks import NoAnswerError, Remark, agreeing, plain
from studioflow.algebra.shape import walk
from studioflow.algebra.terms import (
    FactFlag,
    FactIs,
    FactNumber,
    FactWord,
    Number,
    Opaque,
    Rounding,
    Term,
)
from studioflow.text import exact

__all__ = [
    "EMPTY",
    "Maybe",
    "Range",
    "Ranges",
    "Words",
    "all_unknown",
    "bounds",
    "unknown",
]

Open = frozenset[str]
End = float | Fraction
"""An end of a range: a whole number of units, or infinite; after a division also a fraction."""
NOTHING_OPEN: Open = frozenset()


class Range(NamedTuple):
    """Every valid value lies from `low` to `high`; `open` are the facts that it still hangs on.

    A range of one point may still be open: then a fact is missing that decides whether that one
    value is valid at all.
    """

    low: float | Fraction
    high: float | Fraction
    open: Open = NOTHING_OPEN

    @property
    def empty(self) -> bool:
        """No valid value is left."""
        return self.low > self.high

    @property
    def pinned(self) -> bool:
        """Only one value is left."""
        return self.low == self.high


EMPTY = Range(1, 0)


class Maybe(NamedTuple):
    """True, false, or None while facts that are `open` decide it.

    Attributes:
        empty: it compares a number that has no valid value left, so that it never comes to be
            decided; `value` is None then, and nothing is open.
    """

    value: bool | None
    open: Open = NOTHING_OPEN
    empty: bool = False


NEVER = Maybe(None, empty=True)


class Words(NamedTuple):
    """The words that a choice may still be."""

    possible: frozenset[str]
    open: Open = NOTHING_OPEN


Facts = Mapping[str, Any]  # a Range, Maybe or Words, as the terms say; whoever fills it checks
Remarks = list[Remark]
RangeOf = Callable[[Facts, Remarks], Range]
MaybeOf = Callable[[Facts, Remarks], Maybe]
Noted = Annotation[RangeOf, MaybeOf]
Value = TypeVar("Value", Range, Maybe)


def _made(low: End, high: End, parts: Sequence[Range]) -> Range:
    """Return the range that was computed from these; what no longer matters is no longer open."""
    pinned = low == high
    still_open = [part.open for part in parts if part.open and (part.pinned or not pinned)]
    return Range(low, high, NOTHING_OPEN.union(*still_open))


def _times(left: End, right: End) -> End:
    return left * right if left and right else 0  # 0 · ∞ is 0 here: the 0 is certain


def _over(left: End, right: End) -> End:
    """Return the quotient of ends; the divisor is above 0."""
    if isinstance(left, float):  # an infinite one: what is finite is exact
        return left
    return 0 if isinstance(right, float) else Fraction(left) / right


def _rounded(end: End, times: int, over: int, way: Rounding) -> End:
    return end if isinstance(end, float) else round_units(end, times, over, way)


def _shown(number: Range, denominator: int) -> object:
    if number.pinned:
        return plain(number.low, denominator)
    return f"{_end(number.low, denominator)}–{_end(number.high, denominator)}"


def _end(units: End, denominator: int) -> str:
    if isinf(units):
        return "∞" if units > 0 else "-∞"
    return exact(Fraction(units) / denominator)


def _remark(note: Noted, facts: Facts, *, met: bool | None = None) -> Remark:
    quiet: Remarks = []
    parameters = dict(note.fixed)
    for name, (number, denominator) in note.numbers.items():
        parameters[name] = _shown(number(facts, quiet), denominator)
    for name, truth in note.truths.items():
        parameters[name] = truth(facts, quiet).value
    for name, (entries, wanted) in note.lists.items():
        parameters[name] = tuple(
            label for label, truth in entries if truth(facts, quiet).value is wanted
        )
    return Remark(note.message, parameters, met)


def _quietly(term: Callable[[Facts, Remarks], Value], facts: Facts, remarks: Remarks) -> Value:
    """Return the outcome without its reasons, but with what was refused, and what failed."""
    noted: Remarks = []
    outcome = term(facts, noted)
    remarks.extend(remark for remark in noted if remark.refused or remark.failed)
    return outcome


class Ranges:
    """Compiles terms to closures over facts that are ranges, truths not known yet, and words.

    A result without any valid value is `EMPTY`; its remarks then say what was refused.
    """

    def constant(self, value: int) -> RangeOf:
        fixed = Range(value, value)
        return lambda _facts, _remarks: fixed

    def number(self, fact: FactNumber) -> RangeOf:
        name = fact.name
        return lambda facts, _remarks: facts[name]

    def add(self, terms: Sequence[RangeOf]) -> RangeOf:
        def add(facts: Facts, remarks: Remarks) -> Range:
            parts = [term(facts, remarks) for term in terms]
            if any(part.empty for part in parts):
                return EMPTY
            return _made(sum(part.low for part in parts), sum(part.high for part in parts), parts)

        return add

    def multiply(self, left: RangeOf, right: RangeOf) -> RangeOf:
        def multiply(facts: Facts, remarks: Remarks) -> Range:
            a, b = left(facts, remarks), right(facts, remarks)
            if a.empty or b.empty:
                return EMPTY
            corners = [_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
            return _made(min(corners), max(corners), (a, b))

        return multiply

    def divide(self, left: RangeOf, right: RangeOf) -> RangeOf:
        def divide(facts: Facts, remarks: Remarks) -> Range:
            a, b = left(facts, remarks), right(facts, remarks)
            # It is not looked at where the divisor is below one unit.
            least = max(b.low, 1)
            if a.empty or b.high < least:
                return EMPTY
            ends = [_over(x, y) for x in (a.low, a.high) for y in (least, b.high)]
            return _made(min(ends), max(ends), (a, b))

        return divide

    def rounded(self, value: RangeOf, times: int, over: int, way: Rounding) -> RangeOf:
        def rounded(facts: Facts, remarks: Remarks) -> Range:
            number = value(facts, remarks)
            if number.empty:
                return EMPTY
            low, high = (_rounded(end, times, over, way) for end in number[:2])
            return _made(low, high, (number,))

        return rounded

    def opaque(
        self, term: Opaque, numbers: Sequence[tuple[RangeOf, int]], truths: Sequence[MaybeOf]
    ) -> RangeOf:
        unit = term.denominator
        low, high = (end if isinstance(end, float) else end * unit for end in (term.low, term.high))

        def opaque(facts: Facts, remarks: Remarks) -> Range:
            of = [(_quietly(number, facts, remarks), scale) for number, scale in numbers]
            held = [_quietly(truth, facts, remarks) for truth in truths]
            words: list[Words] = [facts[word.name] for word in term.words]
            if any(number.empty for number, _ in of) or any(truth.empty for truth in held):
                return EMPTY
            still_open = NOTHING_OPEN.union(
                *(number.open for number, _ in of if not number.pinned),
                *(truth.open for truth in held),
                *(word.open for word in words if len(word.possible) > 1),
            )
            if still_open:
                return Range(low, high, still_open)
            try:
                value, said = term.function(
                    [Fraction(number.low) / scale for number, scale in of],
                    [bool(truth.value) for truth in held],
                    [next(iter(word.possible)) for word in words],
                )
            except NoAnswerError as error:
                remarks.append(error.remark)
                return Range(low, high)
            remarks.extend(Remark(message, parameters) for message, parameters in said)
            return Range(value * unit, value * unit, NOTHING_OPEN.union(*(n.open for n, _ in of)))

        return opaque

    def smallest(self, terms: Sequence[RangeOf]) -> RangeOf:
        def smallest(facts: Facts, remarks: Remarks) -> Range:
            parts = [term(facts, remarks) for term in terms]
            if any(part.empty for part in parts):
                return EMPTY
            low, high = min(part.low for part in parts), min(part.high for part in parts)
            # What can not get below the end can not move it.
            return _made(low, high, [part for part in parts if part.low < high or part.pinned])

        return smallest

    def largest(self, terms: Sequence[RangeOf]) -> RangeOf:
        def largest(facts: Facts, remarks: Remarks) -> Range:
            parts = [term(facts, remarks) for term in terms]
            if any(part.empty for part in parts):
                return EMPTY
            low, high = max(part.low for part in parts), max(part.high for part in parts)
            return _made(low, high, [part for part in parts if part.high > low or part.pinned])

        return largest

    def choose(self, condition: MaybeOf, then: RangeOf, otherwise: RangeOf) -> RangeOf:
        def choose(facts: Facts, remarks: Remarks) -> Range:
            chosen = condition(facts, remarks)
            if chosen.empty:
                return EMPTY
            if chosen.value is not None:
                return (then if chosen.value else otherwise)(facts, remarks)
            # Which way it goes is not known, so that only what both ways say can be said; where no
            # way is valid, both ways' refusals are.
            one: Remarks = []
            other: Remarks = []
            ways = [then(facts, one), otherwise(facts, other)]
            valid = [way for way in ways if not way.empty]
            if not valid:
                remarks.extend(one + other)
                return EMPTY
            low, high = min(way.low for way in valid), max(way.high for way in valid)
            made = _made(low, high, valid)
            same = low == high and len(valid) == len(ways)
            remarks.extend(remark for remark in other if remark.failed and remark not in one)
            remarks.extend(r for r in one if r.failed or (same and r in other))
            if same:
                return made
            return made._replace(open=made.open | chosen.open)

        return choose

    def within(self, value: RangeOf, low: int, high: int, refusal: Noted) -> RangeOf:
        def within(facts: Facts, remarks: Remarks) -> Range:
            number = value(facts, remarks)
            if number.empty:
                return EMPTY
            kept = Range(max(number.low, low), min(number.high, high), number.open)
            if kept.empty:
                remarks.append(_remark(refusal, facts)._replace(refused=True))
                return EMPTY
            return kept

        return within

    def required(self, condition: MaybeOf, value: RangeOf, refusal: Noted) -> RangeOf:
        def required(facts: Facts, remarks: Remarks) -> Range:
            held = condition(facts, remarks)
            if held.value is False:
                remarks.append(_remark(refusal, facts)._replace(refused=True))
            if held.empty or held.value is False:
                return EMPTY
            return value(facts, remarks)

        return required

    def explained(self, value: RangeOf, note: Noted) -> RangeOf:
        def explained(facts: Facts, remarks: Remarks) -> Range:
            number = value(facts, remarks)
            if not number.empty and not number.open:
                remarks.append(_remark(note, facts))
            return number

        return explained

    def certain(self, *, value: bool) -> MaybeOf:
        fixed = Maybe(value)
        return lambda _facts, _remarks: fixed

    def flag(self, fact: FactFlag) -> MaybeOf:
        name = fact.name
        return lambda facts, _remarks: facts[name]

    def one_of(self, fact: FactIs) -> MaybeOf:
        name, values = fact.name, fact.values

        def one_of(facts: Facts, _remarks: Remarks) -> Maybe:
            words: Words = facts[name]
            if words.possible <= values:
                return Maybe(value=True)
            if not words.possible & values:
                return Maybe(value=False)
            return Maybe(None, words.open)

        return one_of

    def at_least(self, left: RangeOf, right: RangeOf) -> MaybeOf:
        def at_least(facts: Facts, remarks: Remarks) -> Maybe:
            a, b = _quietly(left, facts, remarks), _quietly(right, facts, remarks)
            if a.empty or b.empty:
                return NEVER
            if a.low >= b.high:
                return Maybe(value=True)
            if a.high < b.low:
                return Maybe(value=False)
            return Maybe(None, a.open | b.open)

        return at_least

    def all(self, terms: Sequence[MaybeOf]) -> MaybeOf:
        return _joined(terms, decisive=False)

    def some(self, terms: Sequence[MaybeOf]) -> MaybeOf:
        return _joined(terms, decisive=True)

    def choose_truth(self, condition: MaybeOf, then: MaybeOf, otherwise: MaybeOf) -> MaybeOf:
        def choose_truth(facts: Facts, remarks: Remarks) -> Maybe:
            chosen = _quietly(condition, facts, remarks)
            if chosen.empty:
                return NEVER
            if chosen.value is not None:
                return (then if chosen.value else otherwise)(facts, remarks)
            ways = [_quietly(way, facts, remarks) for way in (then, otherwise)]
            valid = [way for way in ways if not way.empty]
            if not valid:
                return NEVER
            values = {way.value for way in valid}
            if len(values) == 1 and None not in values and len(valid) == len(ways):
                return Maybe(values.pop())  # the same either way
            return Maybe(None, chosen.open.union(*(way.open for way in valid)))

        return choose_truth

    def negation(self, term: MaybeOf) -> MaybeOf:
        def negation(facts: Facts, remarks: Remarks) -> Maybe:
            inner = _quietly(term, facts, remarks)
            return inner if inner.value is None else Maybe(not inner.value)

        return negation

    def judged(self, term: MaybeOf, met: Noted | None, unmet: Noted | None) -> MaybeOf:
        def judged(facts: Facts, remarks: Remarks) -> Maybe:
            start = len(remarks)
            outcome = term(facts, remarks)
            if outcome.value is not None:
                agreeing(remarks, start, outcome=outcome.value)
                note = met if outcome.value else unmet
                if note is not None:
                    remarks.append(_remark(note, facts, met=outcome.value))
            return outcome

        return judged


def _joined(terms: Sequence[MaybeOf], *, decisive: bool) -> MaybeOf:
    """Join truths: one that is `decisive` decides it, otherwise every one has to be known."""

    def joined(facts: Facts, remarks: Remarks) -> Maybe:
        start = len(remarks)
        parts = [term(facts, remarks) for term in terms]
        if any(part.empty for part in parts):
            return NEVER
        if any(part.value is decisive for part in parts):
            agreeing(remarks, start, outcome=decisive)
            return Maybe(decisive)
        if all(part.value is not None for part in parts):
            agreeing(remarks, start, outcome=not decisive)
            return Maybe(not decisive)
        return Maybe(None, NOTHING_OPEN.union(*(p.open for p in parts if p.value is None)))

    return joined


def unknown(fact: FactNumber) -> Range:
    """Return what a number can be while it is not known, in units of its denominator."""
    low, high = (
        float(bound) if isinf(bound) else _units(Fraction(bound) * fact.denominator)
        for bound in (fact.low, fact.high)
    )
    return Range(low, high, frozenset({fact.name}))


def _units(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def bounds(term: Number) -> Range:
    """Return what a term can be at all, in units of its denominator: no fact is known.

    >>> from studioflow.algebra import Constant, FactNumber, clip
    >>> bounds(clip(FactNumber("activities", low=0, high=400), 0, 20))[:2]
    (0, 20)
    """
    return Interpreter(Ranges()).number(term)(all_unknown(term), [])


def all_unknown(term: Term) -> dict[str, Range | Maybe | Words]:
    """Return what each fact of a term can be while none is known."""
    facts: dict[str, Range | Maybe | Words] = {}
    for part in walk(term):
        if isinstance(part, FactNumber):
            facts[part.name] = unknown(part)
        elif isinstance(part, FactFlag):
            facts[part.name] = Maybe(None, frozenset({part.name}))
        elif isinstance(part, FactIs | FactWord):
            # Where it is not said what it can be, "?" stands for any word not asked for here.
            words = part.words
            if isinstance(part, FactIs) and not words:
                words = part.values | {"?"}
            known = facts.get(part.name)
            if isinstance(known, Words):
                words |= known.possible
            facts[part.name] = Words(words, frozenset({part.name}))
    return facts
