"""The short way for facts that are all plain values in order; `known` looks at everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, floor
from typing import Any

from studioflow.codec import MAX_DIGITS
from studioflow.errors import InputError
from studioflow.rules.facts import Fact
from studioflow.rules.panel import Pool

__all__ = ["PlainFacts"]

_LIMIT = 10**MAX_DIGITS - 1
_TRUTHS = {"flag", "confirmation"}


class PlainFacts:
    """Checks the facts of a rubric; what each of them may be is looked up once."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._truths = [name for name, fact in facts.items() if fact.type in _TRUTHS]
        self._numbers = [_span(fact) for fact in facts.values() if fact.numeric]
        known = {*self._truths, *(name for name, *_ in self._numbers)}
        self._others = [name for name in facts if name not in known]
        pairs = [*_parts(facts)]
        self._parts = [pair for pair in pairs if _simple(facts[pair[0]], facts[pair[1]])]
        self._awkward = {name for pair in pairs if pair not in self._parts for name in pair}

    def units(self, values: Mapping[str, object]) -> dict[str, Any] | None:
        """Return the values as the algebra has them; None where the long way has to look at them.

        Where it does return them, `known` takes them without any problem.
        """
        units: dict[str, Any] = dict(values)
        if not units.keys() <= self._facts.keys():
            return None
        of = units.get
        for name in self._truths:
            value = of(name)
            if value is not True and value is not False and not self._taken(name, units):
                return None
        for name, low, high, denominator in self._numbers:
            value = of(name)
            if type(value) is int and low <= value <= high:
                units[name] = value * denominator
            elif not self._taken(name, units):
                return None
        if not all(self._taken(name, units) for name in self._others):
            return None
        for part, whole in self._parts:
            if part in units and whole in units and units[part] > units[whole]:
                return None
        return units if self._awkward.isdisjoint(units) else None

    def _taken(self, name: str, units: dict[str, Any]) -> bool:
        """Return whether a value is right, or missing, and bring it to units."""
        value = units.pop(name, None)
        if value is None:
            return True
        if isinstance(value, Pool):
            return False
        try:
            units[name] = self._facts[name].units(value)
        except InputError:
            return False
        return True


def _span(fact: Fact) -> tuple[str, int, int, int]:
    """Return the whole numbers that a fact can be, as name, least and most, and its denominator."""
    if fact.step is not None and (1 / fact.step).denominator != 1:
        return fact.name, 1, 0, 1  # not every whole number is on its step
    low = -_LIMIT if fact.low is None else ceil(fact.low)
    high = _LIMIT if fact.high is None else floor(fact.high)
    return fact.name, low, high, fact.denominator


def _parts(facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    """Yield every part with its whole, and with that of which the whole is a part."""
    for part, fact in facts.items():
        whole, seen = fact.at_most, {part}
        while whole is not None and whole not in seen:
            yield part, whole
            seen.add(whole)
            whole = facts[whole].at_most


def _simple(part: Fact, whole: Fact) -> bool:
    """Return whether the two fit where the part is not larger, and where only one is known."""
    low_fits = part.low is None or (whole.low is not None and part.low <= whole.low)
    high_fits = whole.high is None or (part.high is not None and part.high <= whole.high)
    return part.denominator == whole.denominator and low_fits and high_fits
