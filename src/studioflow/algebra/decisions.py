"""The ways that a term can go, and which of them it goes for one studio.

A term decides where it compares, asks a fact, chooses, or is held against a bound. Each outcome of
each decision is a way; coverage is which of them somebody has seen taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from attrs import frozen

from studioflow.algebra.interpretation import Interpreter
from studioflow.algebra.numeric import Numbers
from studioflow.algebra.remarks import NoAnswerError, RefusedError
from studioflow.algebra.terms import (
    All,
    AtLeast,
    Certain,
    Choose,
    ChooseTruth,
    Explained,
    FactFlag,
    FactIs,
    Judged,
    Largest,
    Negation,
    Note,
    Number,
    Required,
    Smallest,
    Term,
    Truth,
    Within,
)

__all__ = ["Decisions", "Way"]

Kind = Literal["condition", "choice", "bound", "reason", "refusal"]
_NO_VALUE = (KeyError, RefusedError, NoAnswerError, TypeError)
_ALWAYS = Certain(value=True)


class Key(NamedTuple):
    """Which way: of which term, and how it comes out."""

    term: int
    outcome: int


@frozen(eq=False)
class Way:
    """One outcome of one decision.

    Attributes:
        kind: a `condition` holds or not; a `choice` goes one way or the other; of several numbers
            one is the `bound` that counts; a `reason` is given; a `refusal` of a value.
        term: that decides.
        outcome: how: whether it holds (1) or not (0), or the place of the number that counts.
        when: what has to hold for it.
        code: of the message, for a reason and a refusal.
    """

    kind: Kind
    term: Term
    outcome: int
    when: Truth
    code: str | None = None

    @property
    def key(self) -> Key:
        """What tells it from the other ways of its term."""
        return Key(id(self.term), self.outcome)


class Decisions:
    """The decisions of one term, which it keeps alive.

    >>> from studioflow.algebra import Constant, FactNumber, smallest
    >>> points = smallest(FactNumber("held", low=0, high=30), Constant(20))
    >>> decisions = Decisions(points)
    >>> [way.kind for way in decisions.ways]
    ['bound', 'bound']
    >>> seen = decisions.taken({"held": 12})
    >>> [way.outcome for way in decisions.ways if way.key in seen]
    [0]
    """

    def __init__(self, term: Number | Truth) -> None:
        self._term = term
        self._of = Interpreter(Numbers(), notes=False)
        self._seen: set[int] = set()
        self._made: list[Term] = []
        self.ways = tuple(self._ways(term, _ALWAYS))

    def taken(self, facts: Mapping[str, Any]) -> frozenset[Key]:
        """Return the ways that the term goes for these facts, in units as rules have them.

        What hangs on a fact that is missing goes no way.
        """
        found: set[Key] = set()
        self._follow(self._term, facts, found, set())
        return frozenset(found)

    # Which ways there are.

    def _ways(self, term: Term, path: Truth) -> Iterator[Way]:
        if id(term) in self._seen:
            return
        self._seen.add(id(term))
        match term:
            case AtLeast() | FactFlag() | FactIs():
                yield from _both("condition", term, term, path)
            case Choose(condition, then, otherwise) | ChooseTruth(condition, then, otherwise):
                if not isinstance(condition, AtLeast | FactFlag | FactIs):
                    yield from _both("choice", term, condition, path)
                yield from self._ways(condition, path)
                yield from self._ways(then, _and(path, condition))
                yield from self._ways(otherwise, _and(path, Negation(condition)))
                return
            case Smallest(terms) | Largest(terms):
                for place in range(len(terms)):
                    counts = _counts(terms, place, least=isinstance(term, Smallest))
                    yield Way("bound", term, place, _and(path, counts))
            case Judged(judged, met, unmet):
                yield from _told(term, met, _and(path, judged))
                against = _and(path, Negation(judged))
                yield from _told(term, unmet, against, outcome=0)
            case Explained(_, note):
                yield from _told(term, note, path)
            case Within(value, low, high, refusal):
                inside = (value >= low) & (value <= high)
                outside = _and(path, Negation(inside))
                yield Way("refusal", term, 0, outside, refusal.message.code)
            case Required(value, condition, refusal):
                against = _and(path, Negation(condition))
                yield Way("refusal", term, 0, against, refusal.message.code)
                yield from self._ways(condition, path)
                yield from self._ways(value, _and(path, condition))
                return
        for part in term.parts():
            yield from self._ways(part, path)

    # Which of them one studio goes.

    def _follow(
        self, term: Term, facts: Mapping[str, Any], found: set[Key], seen: set[int]
    ) -> None:
        if id(term) in seen:
            return
        seen.add(id(term))
        outcome, parts = self._outcome(term, facts)
        if outcome is not None:
            found.add(Key(id(term), outcome))
        for part in parts:
            self._follow(part, facts, found, seen)

    def _outcome(self, term: Term, facts: Mapping[str, Any]) -> tuple[int | None, Iterable[Term]]:
        """Return how a term comes out, and the parts of it that were looked at."""
        match term:
            case AtLeast() | FactFlag() | FactIs():
                return self._holds(term, facts), term.parts()
            case Choose(condition, then, otherwise) | ChooseTruth(condition, then, otherwise):
                holds = self._holds(condition, facts)
                chosen = () if holds is None else (then if holds else otherwise,)
                return holds, (condition, *chosen)
            case Smallest(terms) | Largest(terms):
                units = [self._units(each, facts, term.denominator) for each in terms]
                known = [each for each in units if each is not None]
                if len(known) < len(units):
                    return None, terms
                counts = min(known) if isinstance(term, Smallest) else max(known)
                return known.index(counts), terms
            case Judged(judged, _, _):
                return self._holds(judged, facts), term.parts()
            case Explained():
                return True, term.parts()
            case Required(value, condition, _):
                holds = self._holds(condition, facts)
                return holds, (condition, value) if holds else (condition,)
            case Within(value, low, high, _):
                units = self._units(value, facts, term.denominator)
                if units is None:
                    return None, (value,)
                return low <= units / term.denominator <= high, (value,)
            case _:
                return None, term.parts()

    def _holds(self, truth: Truth, facts: Mapping[str, Any]) -> bool | None:
        try:
            return bool(self._of.truth(truth).value(facts))
        except _NO_VALUE:
            return None

    def _units(self, number: Number, facts: Mapping[str, Any], denominator: int) -> Any:  # noqa: ANN401 - int or Fraction
        try:
            return self._of.number(number).value(facts) * (denominator // number.denominator)
        except _NO_VALUE:
            return None


def _both(kind: Kind, term: Term, condition: Truth, path: Truth) -> Iterator[Way]:
    yield Way(kind, term, 1, _and(path, condition))
    yield Way(kind, term, 0, _and(path, Negation(condition)))


def _told(term: Term, note: Note | None, path: Truth, *, outcome: int = 1) -> Iterator[Way]:
    if note is not None:
        yield Way("reason", term, outcome, path, note.message.code)


def _counts(terms: tuple[Number, ...], place: int, *, least: bool) -> Truth:
    """Return that a number is the first one that is the least, or the most."""
    mine = terms[place]
    found: list[Truth] = []
    for other, each in enumerate(terms):
        if other == place:
            continue
        low, high = (mine, each) if least else (each, mine)
        found.append(low < high if other < place else low <= high)
    return All(tuple(found))


def _and(path: Truth, more: Truth) -> Truth:
    return more if path is _ALWAYS else path & more
