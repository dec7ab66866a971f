"""The facts of a cohort as columns for the algebra: what is missing becomes its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve

from studioflow.algebra import Rounding, ends
from studioflow.algebra.cases import Case
from studioflow.algebra.cells import Cell, always
from studioflow.algebra.columns import Column, NumberColumn, TruthColumn, WordColumn
from studioflow.algebra.ends import End
from studioflow.algebra.flags import Flag
from studioflow.algebra.graph import Node, node
from studioflow.rules import Fact
from studioflow.rules.known import parts_up

__all__ = ["LIMIT", "given_cases", "given_columns", "given_values", "steps_of", "steps_within"]

LIMIT = 10**9
"""In a cohort, a number without bound in the policy is at most this far from 0."""


def steps_of(fact: Fact) -> Fraction:
    """Return of what size the steps are in which a fact's column counts; a day for a date."""
    return Fraction(1) if fact.step is None else fact.step


def steps_within(fact: Fact) -> tuple[int, int]:
    """Return the bounds of a number, or of a day, in its steps; `LIMIT` where it has none."""
    low = -LIMIT if fact.low is None else fact.low
    high = LIMIT if fact.high is None else fact.high
    step = steps_of(fact)
    return int(low / step), int(high / step)


def given_columns(facts: Mapping[str, Fact], missing: Mapping[str, Flag]) -> dict[str, Column]:
    """Return every fact as the algebra has it: in units, and where it is missing, its bounds.

    Args:
        facts: of the rubric.
        missing: where each fact is missing; True where it has no column, False where it has a
            column without nulls.
    """
    given = {name: _column(fact, missing[name]) for name, fact in facts.items()}
    numbers = {name: each for name, each in given.items() if isinstance(each, NumberColumn)}
    given.update(_narrowed(facts, numbers, missing))
    for name, number in numbers.items():
        # What is missing is not known, should only one value be left for it.
        if name in _related(facts) or facts[name].low == facts[name].high:
            given[name] = evolve(number, hinged=missing[name])
    return given


def given_cases(facts: Mapping[str, Fact], missing: Mapping[str, Flag]) -> dict[str, Case]:
    """Return those facts of which it can be asked first whether they are missing.

    Not what is part of another, or has parts: it says something of those even while missing.
    """
    related = _related(facts)
    return {
        name: Case(missing[name], unknown=_column(fact, missing=True), known=_known(fact))
        for name, fact in facts.items()
        if not isinstance(missing[name], bool) and name not in related
    }


def _known(fact: Fact) -> Column:
    """Return a fact where it is not missing; elsewhere it is some value that nobody looks at."""
    if fact.type == "choice":
        words = {word: _is(fact.name, word) for word in fact.values}
        return WordColumn({word: _decided(_surely(each)) for word, each in words.items()})
    column = node("column", fact.name)
    if not fact.ordered:
        return _decided(_surely(column))
    end = evolve(_number(fact, node("missing", column)).low, endless=False)
    return NumberColumn(end, end)


def given_values(facts: Mapping[str, Fact], row: Mapping[str, Any]) -> dict[str, object]:
    """Return what one row of a checked frame says of facts, as `Policy.score` takes it."""
    return {n: _natural(facts[n], v) for n, v in row.items() if n in facts and v is not None}


def _natural(fact: Fact, value: Any) -> object:  # noqa: ANN401 - what an engine has
    if fact.type == "date":
        return date.fromordinal(value)
    if not fact.numeric:
        return value
    number = value * steps_of(fact)
    return int(number) if fact.type == "count" else number


def _column(fact: Fact, missing: Flag) -> Column:
    if fact.type == "choice":
        return WordColumn({word: _truth(_is(fact.name, word), missing) for word in fact.values})
    if not fact.ordered:
        return _truth(node("column", fact.name), missing)
    return _number(fact, missing)


def _is(name: str, word: str) -> Node:
    return node("is", node("column", name), word)


def _truth(column: Node, missing: Flag) -> TruthColumn:
    if missing is True:
        return TruthColumn(sure=False, possible=True)
    if missing is False:
        return _decided(column)
    possible: int = True
    return TruthColumn(_surely(column), node("filled", column, possible))


def _surely(column: Node) -> Node:
    unless: int = False
    return node("filled", column, unless)


def _decided(column: Node) -> TruthColumn:
    return TruthColumn(column, column)


def _number(fact: Fact, missing: Flag) -> NumberColumn:
    least, most = steps_within(fact)
    units = steps_of(fact) * fact.denominator
    column = Cell.of(node("column", fact.name), least, most)
    if missing is False:
        end = End(units, column)
        return NumberColumn(end, end)
    low_endless = missing if fact.low is None else False
    high_endless = missing if fact.high is None else False
    return NumberColumn(
        End(units, _filled(column, least, missing), endless=low_endless),
        End(units, _filled(column, most, missing), endless=high_endless),
    )


def _filled(cell: Cell, bound: int, missing: Flag) -> Cell:
    if missing is True or cell.column is None:
        return always(bound)
    return evolve(cell, column=node("filled", cell.column, bound))


def _narrowed(
    facts: Mapping[str, Fact], numbers: dict[str, NumberColumn], missing: Mapping[str, Flag]
) -> dict[str, NumberColumn]:
    """Let a part bound its whole from below, and a whole its parts from above; see `known`."""
    parts = parts_up(facts, numbers)
    # In this order one round is enough, unless parts go round in a circle.
    for _ in parts if _circular(dict(parts)) else parts[:1]:
        for name, whole in parts:
            if missing[whole] is not False:
                least = _scaled(numbers[name].low, facts[name], facts[whole], "up")
                low = ends.largest([numbers[whole].low, least], endless_is_low=True)
                numbers[whole] = evolve(numbers[whole], low=low)
        for name, whole in reversed(parts):
            if missing[name] is not False:
                most = _scaled(numbers[whole].high, facts[whole], facts[name], "down")
                high = ends.smallest([numbers[name].high, most], endless_is_low=False)
                numbers[name] = evolve(numbers[name], high=high)
    return numbers


def _circular(wholes: Mapping[str, str]) -> bool:
    for start in wholes:
        whole, seen = wholes[start], {start}
        while whole in wholes and whole not in seen:
            seen.add(whole)
            whole = wholes[whole]
        if whole in seen:
            return True
    return False


def _scaled(end: End, fact: Fact, other: Fact, way: Rounding) -> End:
    if fact.denominator == other.denominator:
        return end
    return ends.rounded(end, Fraction(other.denominator, fact.denominator), way)


def _related(facts: Mapping[str, Fact]) -> set[str]:
    """Return those facts that are part of another, or have parts."""
    parts = {name for name, fact in facts.items() if fact.at_most is not None}
    return parts | {fact.at_most for fact in facts.values() if fact.at_most is not None}
