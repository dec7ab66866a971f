"""What is known of the facts of one studio: checked, and narrowed by each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from math import ceil, floor, isinf

from attrs import field, frozen

from studioflow.algebra import Maybe, Range, Words
from studioflow.codec import NOT_AN_IDENTIFIER, UNKNOWN_NAME, Collector, is_identifier, wrong
from studioflow.rules.facts import Fact, Units
from studioflow.rules.panel import Pool
from studioflow.text import message

__all__ = ["Known", "SoFar", "check_names", "known", "parts_up"]

MORE_THAN_WHOLE = message(
    "more_than_whole", zh="不超过 {whole}（{limit}）", en="at most {whole} ({limit})"
)
LESS_THAN_PART = message(
    "less_than_part", zh="不少于 {part}（{limit}）", en="at least {part} ({limit})"
)


def check_names(facts: Mapping[str, Fact]) -> None:
    """Check that names are plain identifiers, `at_most` names a fact, and bounds leave room.

    Raises:
        InputError: with every problem.
    """
    collector = Collector()
    comparable: dict[str, set[str]] = {}
    for name, fact in facts.items():
        if fact.ordered:
            comparable.setdefault(fact.type, set()).add(name)
    for name, fact in facts.items():
        with collector.under(name):
            if not is_identifier(name):
                raise wrong(NOT_AN_IDENTIFIER, name)
            if fact.at_most is not None:
                with collector.under(name, "at_most"):
                    wholes = comparable.get(fact.type, set())
                    if fact.at_most == name or fact.at_most not in wholes:
                        raise wrong(UNKNOWN_NAME, fact.at_most, known=wholes - {name})
    collector.finish()
    known(facts, {})


@frozen
class SoFar:
    """What a fact has reached and can only exceed: activities held, or that something happened.

    It stands for a fact's value where that may still grow; a choice can still be anything.
    """

    value: object


@frozen
class Known:
    """Facts that were checked, ready for the algebra.

    Attributes:
        values: what was handed in, by name; a fact that is not known is absent.
        units: the same as the algebra has it.
        ranges: every declared fact: as known, or as what it can still be.
        pools: the marks of each fact that several people may mark; one that waits for more marks
            is not known yet, and stands here alone.
    """

    values: Mapping[str, object]
    units: Mapping[str, Units]
    ranges: Mapping[str, Range | Maybe | Words]
    pools: Mapping[str, Pool] = field(factory=dict)


def known(facts: Mapping[str, Fact], values: Mapping[str, object]) -> Known:
    """Check values against the declared facts; None and a missing name mean "not known yet".

    Raises:
        InputError: with every unknown name, wrong type, value out of bounds or off its step, and
            part that exceeds its whole.
    """
    collector = Collector()
    units: dict[str, Units] = {}
    given: dict[str, object] = {}
    pools: dict[str, Pool] = {}
    reached: dict[str, Range | Maybe | Words] = {}
    for name, value in values.items():
        with collector.under(name):
            if name not in facts:
                raise wrong(UNKNOWN_NAME, name, known=facts)
            if value is None:
                continue
            if isinstance(value, SoFar):
                reached[name] = _from(facts[name], facts[name].units(value.value))
                continue
            if isinstance(value, Pool) and facts[name].waits(value):
                facts[name].check(value)
                pools[name] = value
                continue
            checked = facts[name].units(value)
            if isinstance(value, Pool):
                pools[name] = value
            units[name] = checked
            given[name] = value
    ranges = {name: _range(fact, units.get(name)) for name, fact in facts.items()} | reached
    numbers = _narrowed(facts, ranges)
    for name, whole in _parts(facts, numbers):
        part, limit = numbers[name].low, numbers[whole].high
        if _scaled(part, facts[name], facts[whole], ceil) <= limit:
            continue
        least, most = facts[name].value(int(part)), facts[whole].value(int(limit))
        at_whole = whole in given and name not in given
        with collector.under(whole if at_whole else name):
            if at_whole:
                raise wrong(LESS_THAN_PART, given[whole], part=name, limit=least)
            raise wrong(MORE_THAN_WHOLE, given.get(name, least), whole=whole, limit=most)
    collector.finish()
    return Known(given, units, {**ranges, **numbers}, pools)


def _range(fact: Fact, units: Units | None) -> Range | Maybe | Words:
    match units:
        case None:
            return fact.unknown()
        case bool():
            return Maybe(units)
        case int():
            return Range(units, units)
        case str():
            return Words(frozenset({units}))


def _from(fact: Fact, units: Units) -> Range | Maybe | Words:
    """Return what a fact can still be that has reached so much."""
    still = fact.unknown()
    if units is True:
        return Maybe(value=True)
    return still._replace(low=int(units)) if isinstance(still, Range) else still


def parts_up(facts: Mapping[str, Fact], numbers: Collection[str]) -> list[tuple[str, str]]:
    """Return every part and its whole, by name; what is both comes as a whole first.

    Args:
        facts: that say of what they are a part.
        numbers: the names of those that can be compared.
    """
    return _from_parts_up(_parts(facts, numbers))


def _parts(facts: Mapping[str, Fact], numbers: Collection[str]) -> list[tuple[str, str]]:
    """Return the names of every part and its whole."""
    return [
        (name, fact.at_most)
        for name, fact in facts.items()
        if fact.at_most is not None and name in numbers and fact.at_most in numbers
    ]


def _narrowed(
    facts: Mapping[str, Fact], ranges: Mapping[str, Range | Maybe | Words]
) -> dict[str, Range]:
    """Let a part bound its whole from below, and a whole its parts from above."""
    numbers = {name: number for name, number in ranges.items() if isinstance(number, Range)}
    parts = parts_up(facts, numbers)
    for _ in parts:  # in this order one round is enough, unless parts go round in a circle
        before = dict(numbers)
        for name, whole in parts:
            least = _scaled(numbers[name].low, facts[name], facts[whole], ceil)
            numbers[whole] = numbers[whole]._replace(low=max(numbers[whole].low, least))
        for name, whole in reversed(parts):
            most = _scaled(numbers[whole].high, facts[whole], facts[name], floor)
            numbers[name] = numbers[name]._replace(high=min(numbers[name].high, most))
        if numbers == before:
            break
    return numbers


def _from_parts_up(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort parts with their wholes: what is both comes as a whole first."""
    wholes = dict(parts)
    seen: set[str] = set()
    chains: list[list[tuple[str, str]]] = []
    for start in wholes:
        chain, name = [], start
        while name in wholes and name not in seen:
            seen.add(name)
            chain.append((name, wholes[name]))
            name = wholes[name]
        chains.append(chain)
    # A chain ends where an earlier one went on, and so comes before it.
    return [pair for chain in reversed(chains) for pair in chain]


def _scaled(
    units: float | Fraction, fact: Fact, other: Fact, to_whole: Callable[[Fraction], int]
) -> float | Fraction:
    """Return units of one fact in units of another, whose step may be finer or coarser."""
    if isinf(units) or fact.denominator == other.denominator:
        return units
    return to_whole(Fraction(int(units) * other.denominator, fact.denominator))
