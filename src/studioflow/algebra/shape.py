"""What can be said of a term without interpreting it: its facts, its size, its reasons left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from studioflow.algebra.terms import (
    All,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Judged,
    Note,
    Required,
    SomeOf,
    Term,
    Truth,
    Within,
)

__all__ = ["Effort", "effort", "names", "unexplained", "walk"]


class Effort(NamedTuple):
    """How much work a term is.

    Attributes:
        steps: how many terms are computed at most; one that is used twice is computed twice.
        depth: how many terms stand inside each other.
    """

    steps: int
    depth: int


def walk(term: Term) -> Iterator[Term]:
    """Yield the term and all that it is made of, each once; not what only its notes mention."""
    seen: set[int] = set()
    waiting = [term]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            waiting.extend(here.parts())


def names(term: Term) -> frozenset[str]:
    """Return the names of the facts that can change the term's value.

    >>> from studioflow.algebra import FactNumber
    >>> sorted(names(FactNumber("part") * 100 >= FactNumber("whole") * 80))
    ['part', 'whole']
    """
    return frozenset(
        part.name for part in walk(term) if isinstance(part, FactNumber | FactFlag | FactIs)
    )


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
        case _:
            return truth
