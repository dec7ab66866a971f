"""Terms in writing: `activities ≥ 16 and not funds_proper`, with the names that facts have."""

from __future__ import annotations

from fractions import Fraction

from studioflow.algebra.terms import (
    All,
    AtLeast,
    Certain,
    Choose,
    ChooseTruth,
    Constant,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Judged,
    Largest,
    Negation,
    Product,
    Quotient,
    Required,
    Rounded,
    Smallest,
    SomeOf,
    Sum,
    Term,
    Within,
)
from studioflow.text import exact

__all__ = ["written"]

_LONG = 160


def written(term: Term) -> str:
    """Return a term as a short line for a person to read; what is long is cut.

    >>> from studioflow.algebra import FactFlag, FactNumber
    >>> held = FactNumber("activities", low=0)
    >>> written((held >= 16) & ~FactFlag("late"))
    'activities ≥ 16 and not late'
    >>> written(held * 2 + 1 < 7)
    'activities × 2 + 1 < 7'
    """
    line = _told(term)
    return line if len(line) <= _LONG else f"{line[:_LONG]}…"


def _told(term: Term) -> str:  # noqa: C901, PLR0912 - a line for each kind of term
    match term:
        case Constant(value):
            return exact(value)
        case FactNumber(name) | FactFlag(name):
            return name
        case FactIs(name, values):
            return f"{name} is {' or '.join(sorted(values))}"
        case Certain(value):
            return "always" if value else "never"
        case Negation(AtLeast(Constant() as bound, right)):
            return f"{_told(right)} > {_told(bound)}"
        case Negation(AtLeast(left, right)):
            return f"{_told(left)} < {_told(right)}"
        case Negation(part):
            return f"not {_inner(part)}"
        case AtLeast(Constant() as bound, right):
            return f"{_told(right)} ≤ {_told(bound)}"
        case AtLeast(left, right):
            return f"{_told(left)} ≥ {_told(right)}"
        case All(terms):
            return _joined(terms, " and ") or "always"
        case SomeOf(terms):
            return _joined(terms, " or ") or "never"
        case Sum(terms):
            return " + ".join(map(_told, terms)) or "0"
        case Product(left, right):
            return f"{_factor(left)} × {_factor(right)}"
        case Quotient(left, right):
            return f"{_factor(left)} / {_factor(right)}"
        case Smallest(terms):
            return f"least({', '.join(map(_told, terms))})"
        case Largest(terms):
            return f"most({', '.join(map(_told, terms))})"
        case Choose(condition, Constant(Fraction(numerator=1)), Constant(Fraction(numerator=0))):
            return f"[{_told(condition)}]"
        case Choose(condition, then, other) | ChooseTruth(condition, then, other):
            return f"({_told(then)} if {_told(condition)}, else {_told(other)})"
        case Explained(value) | Within(value) | Required(value) | Rounded(value):
            return _told(value)
        case Judged(judged):
            return _told(judged)
        case _:
            return "…"


def _joined(terms: tuple[Term, ...], word: str) -> str:
    # What is always so, or never, says nothing beside others.
    said = tuple(term for term in terms if not isinstance(term, Certain)) or terms
    return _told(said[0]) if len(said) == 1 else word.join(map(_inner, said))


def _inner(term: Term) -> str:
    said = _told(term)
    return f"({said})" if " and " in said or " or " in said else said


def _factor(term: Term) -> str:
    said = _told(term)
    return f"({said})" if isinstance(term, Sum) else said
