"""A small policy's facts, and rules that are built and tried on them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from attrs import evolve

from studioflow.algebra import (
    EMPTY,
    Interpreter,
    Maybe,
    Number,
    Numbers,
    Range,
    Ranges,
    RefusedError,
    Remark,
    Truth,
    bounds,
    names,
)
from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import (
    Condition,
    DeclaredFact,
    Fact,
    Names,
    Quantity,
    Scoring,
    SiteItem,
    Tally,
    known,
    tally_of,
    teach_rules,
)
from studioflow.text import LANGUAGES, Language, Text, exact, render

DAYS = (date(2022, 12, 31), date(2023, 1, 1), date(2024, 6, 30))
"""The days that a date is tried with."""


def text(words: str) -> dict[str, str]:
    """Return words that are the same in both languages, as a file has them."""
    return {"zh": f"“{words}”", "en": words}


@pytest.fixture(scope="session")
def wins() -> Tally:
    """A tally: prizes by what was won and at which level."""
    table = {
        "type": "count",
        "label": text("wins"),
        "unit": {"zh": "次", "en": "wins"},
        "max": 3,
        "by": {
            "prize": {"first": text("first prize"), "title": text("title")},
            "level": {"county": text("county"), "city": text("city")},
        },
    }
    return tally_of("wins", strict_converter().structure(table, DeclaredFact))


@pytest.fixture(scope="session")
def facts(wins: Tally) -> Mapping[str, Fact]:
    """A few facts of every type, with small bounds."""
    count = {"type": "count", "unit": {"zh": "次", "en": "times"}, "min": 0}
    mark = {"type": "mark", "from": ["assessor"], "min": 0, "step": 1}
    tables: dict[str, dict[str, object]] = {
        "members": {**count, "max": 14},
        "trainees": {**count, "max": 9},
        "output": {**count, "max": 9, "at_most": "trainees"},
        "activities": {**count, "max": 24},
        "year_1": {**count, "max": 4},
        "year_2": {**count, "max": 4},
        "faults": {**count, "max": 4},
        "goal": {**mark, "max": 10},
        "half": {**mark, "max": 10, "step": Fraction(1, 2)},
        "hours": {**count, "type": "number", "max": 3, "step": Fraction(1, 4)},
        "present": {"type": "flag"},
        "proper": {"type": "flag"},
        "judged": {"type": "confirmation", "from": ["assessor"]},
        "papers": {"type": "choice", "values": {w: text(w) for w in ("in_time", "late", "never")}},
        "opened": {"type": "date"},
    }
    converter = strict_converter()
    plain = {
        name: converter.structure({**table, "name": name, "label": text(name)}, Fact)
        for name, table in tables.items()
    }
    return {**plain, **{cell.name: cell for cell in wins.cells.values()}}


@pytest.fixture(scope="session")
def build(facts: Mapping[str, Fact], wins: Tally) -> Callable[[object, Any], Any]:
    """Build a table as a condition, quantity or scoring rule, by class."""
    converter = strict_converter()
    items = {
        name: SiteItem(Text(f"“{name}”", name), facts[name].truth())
        for name in ("present", "proper")
    }
    names_ = Names(facts, items=items, tallies={"wins": wins}, by_only=frozenset({"opened"}))
    teach_rules(converter, names_)
    named = converter.structure(
        {"kind": "in_range", "value": "members", "min": 7, "max": 12}, Condition
    )
    teach_rules(converter, evolve(names_, conditions={"team_size": named}))
    return converter.structure


@pytest.fixture(scope="session")
def refused(build: Callable[[object, Any], Any]) -> Callable[..., list[tuple[str, str]]]:
    """Return code and path of every problem of a table that has to be refused."""

    def problems(table: object, cls: type = Scoring) -> list[tuple[str, str]]:
        with pytest.raises(InputError) as error:
            build(table, cls)
        return [(problem.code, problem.path) for problem in error.value.problems]

    return problems


def said(remarks: list[Remark], language: Language) -> list[str]:
    """Return the sentences of remarks; no placeholder stays unfilled in any language."""
    for remark in remarks:
        for each in LANGUAGES:
            assert "{" not in render(remark.message.text, remark.parameters, each)
    return [render(remark.message.text, remark.parameters, language) for remark in remarks]


def number_of(term: Number, units: Mapping[str, Any], remarks: list[Remark]) -> Range:
    """Return the exact number as a range of one, or an empty one with what was refused."""
    try:
        found = Interpreter(Numbers()).number(term)(units, remarks)
    except RefusedError as error:
        remarks[:] = [error.remark]
        return EMPTY
    return Range(found, found)


def shown(found: Range, term: Number) -> str:
    """Return `8`, `8–10 ? goal` where it hangs on a fact, or `refused`."""
    if found.empty:
        return "refused"
    low, high = (exact(Fraction(end) / term.denominator) for end in found[:2])
    points = low if low == high else f"{low}–{high}"
    return f"{points} ? {', '.join(sorted(found.open))}" if found.open else points


@pytest.fixture(scope="session")
def points(
    build: Callable[[object, Any], Any], facts: Mapping[str, Fact]
) -> Callable[..., tuple[str, list[str]]]:
    """Return points as a word, and the reasons, of a scoring rule for some facts.

    Where every fact is known, numbers and ranges are asked, and have to agree.
    """

    def points(table: object, language: Language = "en", **values: object) -> tuple[str, list[str]]:
        term: Number = build(table, Scoring).points()
        given = known(facts, values)
        remarks: list[Remark] = []
        found = Interpreter(Ranges()).number(term)(given.ranges, remarks)
        if names(term) <= given.units.keys():
            exactly: list[Remark] = []
            assert found == number_of(term, given.units, exactly)
            expected = [remark for remark in remarks if remark.refused][:1] or remarks
            assert expected == exactly
        return shown(found, term), said(remarks, language)

    return points


@pytest.fixture(scope="session")
def holds(
    build: Callable[[object, Any], Any], facts: Mapping[str, Fact]
) -> Callable[..., tuple[bool | None, list[str]]]:
    """Return the outcome and the reasons of a condition for some facts; see `points`."""

    def holds(
        table: object, language: Language = "en", **values: object
    ) -> tuple[bool | None, list[str]]:
        condition: Condition = build(table, Condition)
        given = known(facts, values)
        remarks: list[Remark] = []
        outcome = Interpreter(Ranges()).truth(condition.truth)(given.ranges, remarks)
        quiet: list[Remark] = []
        assert outcome == Interpreter(Ranges()).truth(condition.bare)(given.ranges, quiet)
        assert [] == quiet
        if names(condition.truth) <= given.units.keys():
            exactly: list[Remark] = []
            found = Interpreter(Numbers()).truth(condition.truth)(given.units, exactly)
            assert (Maybe(found), remarks) == (outcome, exactly)
        return outcome.value, said(remarks, language)

    return holds


def every(facts: Mapping[str, Fact], used: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """Yield every combination of valid values of some facts, as the algebra has them."""
    domains: list[list[Any]] = []
    for name in sorted(used):
        fact = facts[name]
        if fact.numeric:
            low, high = (int((end or 0) * fact.denominator) for end in (fact.low, fact.high))
            domains.append(list(range(low, high + 1)))
        elif fact.type == "date":
            domains.append([day.toordinal() for day in DAYS])
        else:
            domains.append(list(fact.values) or [True, False])
    for values in product(*domains):
        units = dict(zip(sorted(used), values, strict=True))
        wholes = {name: facts[name].at_most for name in used}
        if all(units[n] <= units[w] for n, w in wholes.items() if w is not None and w in units):
            yield units


@pytest.fixture(scope="session")
def extremes(
    build: Callable[[object, Any], Any], facts: Mapping[str, Fact]
) -> Callable[[object], tuple[str, str]]:
    """Return the bounds of a scoring rule or quantity, and what can be reached at all."""

    def extremes(table: object, cls: type = Scoring) -> tuple[str, str]:
        built = build(table, cls)
        term: Number = built.number if isinstance(built, Quantity) else built.points()
        tried = (number_of(term, units, []) for units in every(facts, names(term)))
        valid = [found.low for found in tried if not found.empty]
        low, high, _ = bounds(term)
        return shown(Range(low, high), term), shown(Range(min(valid), max(valid)), term)

    return extremes


@pytest.fixture(scope="session")
def completions(facts: Mapping[str, Fact]) -> Callable[..., Iterator[Mapping[str, Any]]]:
    """Yield the units of every way to complete the facts that a term hangs on."""

    def completions(term: Number | Truth, units: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for complete in every(facts, names(term)):
            if all(complete[name] == units[name] for name in units.keys() & complete.keys()):
                yield complete

    return completions
