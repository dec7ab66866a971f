"""Values for facts: those at which something changes, and some that make a condition hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from studioflow.algebra import (
    Interpreter,
    Maybe,
    Range,
    Ranges,
    Term,
    Truth,
    Words,
    breakpoints,
    names,
)
from studioflow.errors import InputError
from studioflow.rules import Fact, known

__all__ = ["candidates", "days_at", "solved", "thresholds"]

_MOST_TRIES = 2000
_A_LOT = 100
"""What stands in for the most of a fact that has no upper bound, where no threshold is higher."""


def thresholds(terms: Iterable[Term]) -> dict[str, set[Fraction]]:
    """Return the values of each number at which one of the terms changes."""
    found: dict[str, set[Fraction]] = {}
    for term in terms:
        for name, values in breakpoints(term).of.items():
            found.setdefault(name, set()).update(values)
    return found


def candidates(fact: Fact, at: Iterable[Fraction] = ()) -> tuple[object, ...]:
    """Return values of a fact worth trying, from the most to the least.

    Args:
        fact: whose values.
        at: thresholds, each of which is tried with its neighbours.
    """
    match fact.type:
        case "flag" | "confirmation":
            return (True, False)
        case "choice":
            return tuple(fact.values)
        case "date":
            return tuple(date.fromordinal(int(each)) for each in sorted(at, reverse=True))
    step = fact.step or Fraction(1)
    low = fact.low if fact.low is not None else Fraction(0)
    tried = {low, low + step, *(each + n * step for each in at for n in (-1, 0, 1))}
    tried.add(max([*tried, low + _A_LOT * step]) if fact.high is None else fact.high)
    fitting = sorted(filter(lambda value: _fits(fact, value), tried), reverse=True)
    return tuple(_said(fact, value) for value in fitting)


def _said(fact: Fact, value: Fraction) -> object:
    return int(value) if fact.type == "count" else value


def _fits(fact: Fact, value: Fraction) -> bool:
    try:
        fact.units(_said(fact, value) if value.denominator == 1 else value)
    except InputError:
        return False
    return True


def days_at(truth: Truth, name: str) -> tuple[date, ...]:
    """Return the days at which a truth changes over a fact that is a day, with their neighbours."""
    ordinals = {int(value) for value in thresholds([truth]).get(name, ())}
    days = {date.fromordinal(each) for each in ordinals}
    around = {day + timedelta(days=n) for day in days for n in (-1, 0, 1)}
    return tuple(sorted(around))


def solved(
    truth: Truth,
    facts: Mapping[str, Fact],
    given: Mapping[str, object],
    free: Sequence[str],
    others: Mapping[str, Range | Maybe | Words],
) -> dict[str, object] | None:
    """Return values of facts that make a truth hold, or None where none were found.

    Args:
        truth: that is to hold.
        facts: by name.
        given: what is known of them.
        free: the facts whose values may be chosen anew.
        others: what is known of other names in the truth.
    """
    at = thresholds([truth])
    of_truth = sorted(names(truth) & facts.keys())
    asked = [name for name in of_truth if name in free]
    fixed = {name: given[name] for name in of_truth if name in given and name not in free}
    search = _Search(truth, facts, others, {n: candidates(facts[n], at.get(n, ())) for n in asked})
    return search.over(asked, fixed)


class _Search:
    """Chooses one fact after the other, and takes back what can not come out right any more."""

    def __init__(
        self,
        truth: Truth,
        facts: Mapping[str, Fact],
        others: Mapping[str, Range | Maybe | Words],
        tried: Mapping[str, Sequence[object]],
    ) -> None:
        self.facts, self.others, self.tried = facts, others, tried
        self.outcome = Interpreter(Ranges()).truth(truth)
        self.left = _MOST_TRIES

    def over(self, asked: Sequence[str], fixed: dict[str, object]) -> dict[str, object] | None:
        self.left -= 1
        if self.left < 0:
            return None
        try:
            ranges = known(self.facts, fixed).ranges
        except InputError:  # a part that is more than its whole, for one
            return None
        said = self.outcome({**ranges, **self.others}, [])
        if said.value is False:
            return None
        if not asked:
            return fixed if said.value is True else None
        for value in self.tried[asked[0]]:
            found = self.over(asked[1:], {**fixed, asked[0]: value})
            if found is not None:
                return found
        return None
