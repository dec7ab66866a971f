"""From the facts that a policy file declares to those that rules see: tallies become cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from attrs import evolve

from studioflow.codec import Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.policy.checks import NAME_TAKEN
from studioflow.rules import DeclaredFact, Fact, Tally, cell_names, check_names, tally_of
from studioflow.rules.tallies import MAX_CELLS

__all__ = ["expanded_facts", "names_meant"]


def expanded_facts(
    declared: Mapping[str, DeclaredFact], collector: Collector
) -> tuple[dict[str, Fact], dict[str, Tally]]:
    """Return the facts by name, and the tallies, whose cells are among the facts.

    What is wrong with a cell is collected at its tally, once.
    """
    facts: dict[str, Fact] = {}
    tallies: dict[str, Tally] = {}
    at: dict[str, str] = {}
    for name, each in declared.items():
        if not each.by:
            facts[name] = evolve(each.fact, name=name)
            continue
        tallies[name] = tally_of(name, each)
        for cell in tallies[name].cells.values():
            with collector.under("facts", name):
                if cell.name in declared or cell.name in facts:
                    raise wrong(NAME_TAKEN, cell.name)
            facts.setdefault(cell.name, cell)
            at.setdefault(cell.name, name)
    try:
        check_names(facts)
    except InputError as error:
        told: dict[tuple[str, str], Problem] = {}
        for problem in error.problems:
            first, slash, rest = problem.path.partition("/")
            moved = evolve(problem, path=f"facts/{at.get(first, first)}{slash}{rest}")
            told.setdefault((moved.path, moved.code), moved)
        collector.problems.extend(told.values())
    return facts, tallies


def names_meant(name: str, table: object) -> Iterator[str]:
    """Yield the names that a table would declare if it were right: its own, or those of cells."""
    yield name
    by: Any = table.get("by") if isinstance(table, Mapping) else None
    if isinstance(by, Mapping) and all(isinstance(words, Mapping) for words in by.values()):
        yield from islice(cell_names(name, by), MAX_CELLS)
