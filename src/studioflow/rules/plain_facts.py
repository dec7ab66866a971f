"""The short way for facts that are all plain values in order; `known` looks at everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil, floor

from studioflow.codec import MAX_DIGITS
from studioflow.errors import InputError
from studioflow.rules.facts import Fact, Units
from studioflow.rules.panel import Pool

__all__ = ["PlainFacts"]

_LIMIT = 10**MAX_DIGITS - 1
Check = Callable[[object], Units]


class _NotPlain(Exception):  # noqa: N818 - no error: the long way has still to look at the value
    """The value may be right or wrong, but it is nothing for the short way."""


class PlainFacts:
    """Checks the facts of a rubric; what each of them may be is looked up once."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._checks = {name: _check(fact) for name, fact in facts.items()}
        pairs = [*_parts(facts)]
        simple = {pair for pair in pairs if _simple(facts[pair[0]], facts[pair[1]])}
        self._parts = tuple(simple)
        self._awkward = frozenset(name for pair in pairs if pair not in simple for name in pair)

    def units(self, values: Mapping[str, object]) -> dict[str, Units] | None:
        """Return the values as the algebra has them; None where the long way has to look at them.

        Where it does return them, `known` takes them without any problem.
        """
        checks = self._checks
        units: dict[str, Units] = {}
        try:
            for name, value in values.items():
                if value is not None:
                    units[name] = checks[name](value)
            for part, whole in self._parts:
                if part in units and whole in units and units[part] > units[whole]:  # type: ignore[operator] # both are numbers
                    return None
        except (_NotPlain, InputError, KeyError):
            return None
        return units if self._awkward.isdisjoint(units) else None


def _check(fact: Fact) -> Check:
    match fact.type:
        case "flag" | "confirmation":
            return _truth
        case "choice":
            return _word(frozenset(fact.values))
        case "count" | "number" | "mark" if fact.step is None or (1 / fact.step).denominator == 1:
            return _whole_number(fact)
        case _:
            return _any(fact)


def _truth(value: object) -> bool:
    if value is True or value is False:
        return value
    raise _NotPlain


def _word(words: frozenset[str]) -> Check:
    def word(value: object) -> str:
        if type(value) is str and value in words:
            return value
        raise _NotPlain

    return word


def _whole_number(fact: Fact) -> Check:
    low = -_LIMIT if fact.low is None else ceil(fact.low)
    high = _LIMIT if fact.high is None else floor(fact.high)
    denominator, otherwise = fact.denominator, _any(fact)

    def whole_number(value: object) -> Units:
        if type(value) is int and low <= value <= high:
            return value * denominator
        return otherwise(value)

    return whole_number


def _any(fact: Fact) -> Check:
    def value_of(value: object) -> Units:
        if isinstance(value, Pool):
            raise _NotPlain
        return fact.units(value)

    return value_of


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
