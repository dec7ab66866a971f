"""A policy over columns: compiled once, for many cohorts that lack the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from types import ModuleType

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from studioflow.algebra.cells import NotInColumnsError
from studioflow.algebra.flags import Flag, as_node
from studioflow.algebra.graph import Node, Nodes, among, node
from studioflow.cohort.columns.by_python import ByPython, python_items, python_results
from studioflow.cohort.columns.given import given_cases, given_columns
from studioflow.cohort.columns.places import needed
from studioflow.cohort.columns.plan import Plan
from studioflow.cohort.columns.rubric import Results, items_by_python, results
from studioflow.cohort.columns.shown import (
    GROUPS,
    eligibility,
    grades,
    in_units,
    maybe,
    shown,
)
from studioflow.policy import Policy

__all__ = ["Compiled", "Missing", "Named", "compiled", "plan_of_refusals", "plan_of_results"]

_MANY = 32
"""How many are kept, of policies and of which facts are missing."""

Missing = tuple[tuple[str, bool | None], ...]
"""Of each fact, whether it is missing in every row, in none, or (None) in some."""


@frozen(kw_only=True)
class Compiled:
    """A policy over columns, whatever the cohort.

    Attributes:
        results: over the columns of a checked frame, and of what Python adds.
        by_python: what it adds.
        slow: the results that it computes.
        nodes: that they are made of; no other policy's are among them.
    """

    results: Results
    by_python: ByPython | None = None
    slow: tuple[str, ...] = ()
    nodes: Nodes = field(repr=False)


@lru_cache(maxsize=_MANY)
def compiled(policy: Policy, missing: Missing) -> Compiled:
    """Return a policy over columns, for cohorts that lack the same facts."""
    nodes = Nodes()
    with among(nodes):
        return _compiled(policy, missing, nodes)


def _compiled(policy: Policy, missing: Missing, nodes: Nodes) -> Compiled:
    rubric = policy.rubric
    where: dict[str, Flag] = {
        name: node("missing", node("column", name)) if flag is None else flag
        for name, flag in missing
    }
    given, cases = given_columns(rubric.facts, where), given_cases(rubric.facts, where)
    slow = items_by_python(rubric, given)
    by_python = python_items(policy, slow) if slow else None
    try:
        found = results(rubric, given, cases, {} if by_python is None else by_python.numbers)
        shown(rubric, found, GROUPS)  # in points a result may be larger than in its own steps
    except NotInColumnsError:
        by_python, found = python_results(policy)
        slow = tuple(found.numbers)
    if by_python is not None:
        found = evolve(found, failed=by_python.failed)
    return Compiled(results=found, by_python=by_python, slow=slow, nodes=nodes)


@frozen
class Named:
    """A plan whose columns have names that every engine takes.

    Attributes:
        names: what each column is called in the plan.
    """

    plan: Plan
    names: dict[str, str]


def _named(engine: str, columns: Mapping[str, Node], others: Mapping[str, Node]) -> Named:
    names = {name: f"__result_{place}" for place, name in enumerate(columns)}
    plan = Plan(_module(engine), {**{names[n]: each for n, each in columns.items()}, **others})
    return Named(plan, names)


def _module(engine: str) -> ModuleType:
    return import_module("polars") if engine == "polars" else nw


@lru_cache(maxsize=_MANY)
def plan_of_results(
    policy: Policy, missing: Missing, groups: tuple[str, ...], engine: str
) -> Named:
    """Return the plan of some groups of results, and of what rank and places hang on.

    Args:
        policy: that was compiled.
        missing: for which cohorts.
        groups: of results.
        engine: `polars`, or `narwhals` for any other.
    """
    made = compiled(policy, missing)
    placed = not set(groups).isdisjoint(("rank", "places"))
    with among(made.nodes):
        others = _ranking(policy, made.results) if placed else {}
        return _named(engine, shown(policy.rubric, made.results, groups), others)


@lru_cache(maxsize=_MANY)
def plan_of_refusals(policy: Policy, missing: Missing, engine: str) -> Named:
    """Return the plan of where each item refuses a row; see `plan_of_results`."""
    made = compiled(policy, missing)
    with among(made.nodes):
        refused = {name: as_node(flag) for name, flag in made.results.refused.items()}
    return _named(engine, refused, {})


def _ranking(policy: Policy, found: Results) -> dict[str, Node]:
    """Return the columns that rank and places hang on."""
    rubric = policy.rubric
    met = {f"gates/{name}": held for name, held in found.gates.items()}
    met |= {f"grades/{name}": held for name, held in found.grades.items()}
    columns = {
        "eligibility": eligibility(found.eligible),
        **dict(grades(rubric, found.grades)),
        **{name: maybe(held) for name, held in met.items()},
    }
    ranked = {name: columns[name] for name in needed(rubric)}
    return {**dict(in_units("total", found.numbers["total"])), **ranked}
