"""Where a policy decides: the values of its facts at which something changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isinf

from attrs import frozen

from studioflow.algebra import Term, breakpoints, names, opaque
from studioflow.rubric import Rubric

__all__ = ["Thresholds"]

_HUNDRED = Fraction(100)
_MOST = 16
"""Of more thresholds than these of one fact, so many are kept: what they make is a curve."""


@frozen
class Thresholds:
    """Where the rules of a rubric decide by its facts.

    Attributes:
        of: for each number and day, the values at which an item, a gate or a grade changes.
        shares: for each part of a whole, the shares of it at which one changes.
        gated: the facts that a gate looks at.
    """

    of: Mapping[str, tuple[Fraction, ...]]
    shares: Mapping[str, tuple[Fraction, ...]]
    gated: frozenset[str]

    @classmethod
    def found(cls, rubric: Rubric) -> Thresholds:
        """Look for them in every rule of a rubric."""
        terms = [*_terms(rubric)]
        of: dict[str, set[Fraction]] = {}
        for term in terms:
            for name, values in breakpoints(term).of.items():
                of.setdefault(name, set()).update(values)
        shares: dict[str, set[Fraction]] = {}
        for part, fact in rubric.facts.items():
            if fact.at_most is not None and fact.numeric:
                together = [t for t in terms if {part, fact.at_most} <= names(t)]
                of_whole = _of_whole(rubric, part, fact.at_most, together)
                # A number that decides by itself decides whatever the whole is.
                shares[part] = of_whole - {value / _HUNDRED for value in of.get(part, ())}
        gates = (names(gate.condition.truth) for gate in rubric.gates.values())
        return cls(_few(of), _few(shares), frozenset[str]().union(*gates))


def _terms(rubric: Rubric) -> Iterator[Term]:
    """Yield every rule, or the parts of one that can be looked into."""
    waiting: list[Term] = [
        *rubric.points.values(),
        *(gate.condition.truth for gate in rubric.gates.values()),
        *(need.truth for grade in rubric.grades.values() for need in grade.needs),
    ]
    seen: set[int] = set()  # terms share parts
    while waiting:
        term = waiting.pop(0)
        if id(term) in seen:
            continue
        seen.add(id(term))
        if opaque(term):
            waiting.extend(term.parts())
        else:
            yield term


def _of_whole(rubric: Rubric, part: str, whole: str, terms: list[Term]) -> set[Fraction]:
    """Return the shares at which rules change: the thresholds of a part of a hundred."""
    high = rubric.facts[part].high
    if high is not None and not isinf(high) and high < _HUNDRED:
        return set()
    found: set[Fraction] = set()
    for term in terms:
        found.update(breakpoints(term, {whole: _HUNDRED}).of.get(part, ()))
    return {value / _HUNDRED for value in found if 0 < value <= _HUNDRED}


def _few(found: Mapping[str, set[Fraction]]) -> dict[str, tuple[Fraction, ...]]:
    few: dict[str, tuple[Fraction, ...]] = {}
    for name, values in found.items():
        ordered = sorted(values)
        apart = -(-len(ordered) // _MOST) or 1
        few[name] = tuple(ordered[::apart])
    return few
