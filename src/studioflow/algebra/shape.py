"""What can be said of a term without interpreting it: its facts, its size, its reasons left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from attrs import evolve, fields

from studioflow.algebra.terms import (
    All,
    Choose,
    ChooseTruth,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    FactWord,
    Judged,
    Listed,
    Note,
    Opaque,
    Required,
    SomeOf,
    Term,
    Truth,
    Within,
)

__all__ = ["Effort", "effort", "exempted", "mentioned", "names", "opaque", "unexplained", "walk"]

E = TypeVar("E", bound=Term)


class Effort(NamedTuple):
    """How much work a term is.

    Attributes:
        steps: how many terms are computed at most; one that is used twice is computed twice.
        depth: how many terms stand inside each other.
    """

    steps: int
    depth: int


def walk(term: Term, *, notes: bool = False) -> Iterator[Term]:
    """Yield the term and all that it is made of, each once.

    Args:
        term: where to begin.
        notes: whether what only its notes mention is yielded, too.
    """
    seen: set[int] = set()
    waiting = [term]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            waiting.extend(here.parts())
            if notes:
                waiting.extend(part for note in _notes(here) for part in note.terms())


def names(term: Term) -> frozenset[str]:
    """Return the names of the facts that can change the term's value.

    >>> from studioflow.algebra import FactNumber
    >>> sorted(names(FactNumber("part") * 100 >= FactNumber("whole") * 80))
    ['part', 'whole']
    """
    return _named(walk(term))


def mentioned(term: Term) -> frozenset[str]:
    """Return the names of the facts that the term looks at, or what it says of itself."""
    return _named(walk(term, notes=True))


def _named(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(
        part.name for part in terms if isinstance(part, FactNumber | FactFlag | FactIs | FactWord)
    )


def opaque(term: Term) -> bool:
    """Return whether Python computes a part of the term, so that nobody can look into it.

    An interpretation that has to look into every part refuses such a term, and says so.

    >>> from studioflow.algebra import FactNumber, Opaque
    >>> talks = FactNumber("talks")
    >>> root = Opaque(lambda numbers, truths, words: (numbers[0], ()), (talks,), low=0, high=9)
    >>> opaque(root * 2), opaque(talks * 2)
    (True, False)
    """
    return any(isinstance(part, Opaque) for part in walk(term))


def effort(term: Term) -> Effort:
    """Return how much work it is at most to compute a term with its reasons.

    Terms share parts, so that a few lines of a policy can stand for more steps than there is time
    for: twenty conditions, each of them twice the one before, are a million.

    >>> from studioflow.algebra import FactFlag
    >>> doubled = FactFlag("a")
    >>> for _ in range(20):
    ...     doubled = doubled & doubled
    >>> effort(doubled)
    Effort(steps=2097151, depth=21)
    """
    known: dict[int, Effort] = {}
    waiting = [term]
    while waiting:  # no recursion: how deep the term is, is what is being asked
        here = waiting[-1]
        parts = [*here.parts(), *(part for note in _notes(here) for part in note.terms())]
        unknown = [part for part in parts if id(part) not in known]
        if unknown:
            waiting.extend(unknown)
            continue
        inside = [known[id(part)] for part in parts]
        known[id(here)] = Effort(
            1 + sum(part.steps for part in inside),
            1 + max((part.depth for part in inside), default=0),
        )
        waiting.pop()
    return known[id(term)]


def _notes(term: Term) -> Iterator[Note]:
    match term:
        case Within(refusal=note) | Required(refusal=note) | Explained(note=note):
            yield note
        case Judged(met=met, unmet=unmet):
            yield from (note for note in (met, unmet) if note is not None)


def unexplained(truth: Truth) -> Truth:
    """Return the same truth without reasons, for where one reason is given for many truths.

    Only what would give its reasons is looked into: a comparison and a negation give none.
    """
    match truth:
        case Judged(term):
            return unexplained(term)
        case All(terms) | SomeOf(terms):
            return type(truth)(tuple(unexplained(part) for part in terms))
        case ChooseTruth(condition, then, otherwise):
            return ChooseTruth(condition, unexplained(then), unexplained(otherwise))
        case _:
            return truth


def exempted(term: E, facts: Iterable[str]) -> E:
    """Return the term with every value of some facts valid, for where validity was asked before.

    `Within` goes where its value hangs on one of the facts, and `Required` where its condition
    does. The reason that a `Within` gave stays for values inside. A term without any of these is
    returned as it is.

    >>> from studioflow.algebra import FactNumber, Note, Within
    >>> from studioflow.text import Message, Text
    >>> refusal = Note(Message("refused", Text("不可", "not valid")))
    >>> mark = FactNumber("mark")
    >>> exempted(Within(mark, low=8, high=10, refusal=refusal), ["mark"]) is mark
    True
    """
    return _Exempting(frozenset(facts)).of(term)


class _Exempting:
    """Rebuilds terms without what says that values of some facts are not valid.

    What is shared stays shared, and what does not change stays the same object.
    """

    def __init__(self, facts: frozenset[str]) -> None:
        self._facts = facts
        self._done: dict[int, Term] = {}

    def of(self, term: E) -> E:
        if id(term) not in self._done:
            self._done[id(term)] = self._without(term)
        return cast("E", self._done[id(term)])

    def _without(self, term: Term) -> Term:
        match term:
            case Explained(Within(value, low, high), note) if self._about(value):
                # Between two bands the value is in neither, and none is its reason.
                bare = self.of(value)
                inside = (bare >= low) & (bare <= high)
                return Choose(inside, Explained(bare, self._part(note)), bare)
            case Within(value) if self._about(value):
                return self.of(value)
            case Required(value, condition) if self._about(condition):
                return self.of(value)
            case _:
                return cast("Term", self._rebuilt(term))

    def _about(self, term: Term) -> bool:
        return not self._facts.isdisjoint(names(term))

    def _rebuilt(self, whole: Any) -> Any:  # noqa: ANN401 - any attrs class of the algebra
        parts = {each.alias: getattr(whole, each.name) for each in fields(type(whole))}
        made = {key: self._part(part) for key, part in parts.items()}
        changed = {key: part for key, part in made.items() if part is not parts[key]}
        return evolve(whole, **changed) if changed else whole

    def _part(self, part: Any) -> Any:  # noqa: ANN401 - a term, a note, or what they hold
        """Return what a term or a note holds; its reasons mention the same terms."""
        match part:
            case Term():
                return self.of(part)
            case Note() | Listed():
                return self._rebuilt(part)
            case tuple():
                made = tuple(self._part(each) for each in part)
                return made if any(a is not b for a, b in zip(made, part, strict=True)) else part
            case Mapping():
                # By key: a new mapping is as good as the old one only where nothing changed.
                told = {key: self._part(each) for key, each in part.items()}
                return told if any(told[key] is not part[key] for key in told) else part
            case _:
                return part
