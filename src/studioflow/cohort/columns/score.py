"""Scores a cohort: one query from checked facts to results, on the engine of the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import narwhals.stable.v2 as nw
from attrs import field, frozen

from studioflow.algebra.cells import Flag, NotInColumnsError, as_node
from studioflow.algebra.graph import Node, node
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.cohort.columns.bands import refused_problems
from studioflow.cohort.columns.by_python import ByPython, python_items, python_results
from studioflow.cohort.columns.checking import KEY, Checked, check, keep_name
from studioflow.cohort.columns.complaints import counts_of
from studioflow.cohort.columns.engines import native_like
from studioflow.cohort.columns.given import given_cases, given_columns
from studioflow.cohort.columns.places import PLACES, RANK, needed, with_places
from studioflow.cohort.columns.placing import Placing
from studioflow.cohort.columns.plan import Plan
from studioflow.cohort.columns.rubric import Results, items_by_python, results
from studioflow.cohort.columns.shown import GROUPS, eligibility, grades, in_units, maybe, shown
from studioflow.errors import InputError
from studioflow.policy import Policy

__all__ = ["ALL_GROUPS", "ScoredCohort", "score", "score_checked"]

ALL_GROUPS = (*GROUPS, "rank", "places")
"""The groups of result columns, in their order."""

_MANY = 32
"""How many queries are kept, of policies and of which facts are missing."""


@frozen(kw_only=True)
class ScoredCohort:
    """A cohort with its results.

    Attributes:
        frame: one row a studio: the key, what was kept, and the results; of the kind that was
            handed in.
        lazy: the same, not computed yet.
        rows: how many studios.
        missing: for every fact of the policy, in how many rows it is not known.
        slow: the results that Python computed row by row.
        placing: what counting the places came to; None where they were not asked for.
    """

    frame: Any
    lazy: nw.LazyFrame[Any] = field(repr=False)
    rows: int
    missing: Mapping[str, int]
    slow: tuple[str, ...] = ()
    placing: Placing | None = None


def score(
    policy: Policy,
    frame: object,
    *,
    key: str = "studio",
    keep: Sequence[str] = (),
    groups: Sequence[str] = ALL_GROUPS,
) -> ScoredCohort:
    """Check a cohort and score it; see `studioflow.cohort.score_cohort`."""
    _check_groups(groups)
    checked = check(policy, frame, key, keep)
    scored = score_checked(policy, checked, groups=groups)
    return ScoredCohort(
        frame=native_like(scored.lazy, frame),
        lazy=scored.lazy,
        rows=scored.rows,
        missing=scored.missing,
        slow=scored.slow,
        placing=scored.placing,
    )


def score_checked(
    policy: Policy, checked: Checked, *, groups: Sequence[str] = ALL_GROUPS
) -> ScoredCohort:
    """Score a cohort that was checked.

    Args:
        policy: by which it was checked.
        checked: the cohort.
        groups: of results, of `ALL_GROUPS`.

    Raises:
        InputError: with every mark that is not valid beside the other facts of its row.
    """
    query = _Query(policy, checked)
    query.check()
    lazy, names = query.results(tuple(groups))
    placing = None
    if not set(groups).isdisjoint(("rank", "places")):
        ranking = with_places(policy, lazy)
        lazy, placing = ranking.frame, ranking.placing
        more = (*(RANK if "rank" in groups else ()), *(PLACES if "places" in groups else ()))
        names |= {name: name for name in more}
    lazy = lazy.select(**{name: nw.col(own) for name, own in names.items()})
    return ScoredCohort(
        frame=lazy.to_native(),
        lazy=lazy,
        rows=checked.rows,
        missing=checked.missing,
        slow=query.slow,
        placing=placing,
    )


def _check_groups(groups: Sequence[str]) -> None:
    collector = Collector()
    for place, group in enumerate(groups):
        with collector.under("results", place):
            if group not in ALL_GROUPS:
                raise wrong(UNKNOWN_NAME, group, known=ALL_GROUPS)
    collector.finish()


Missing = tuple[tuple[str, bool | None], ...]
"""Of each fact, whether it is missing in every row, in none, or (None) in some."""


class _Query:
    """A query over one cohort."""

    def __init__(self, policy: Policy, checked: Checked) -> None:
        self._policy, self._checked = policy, checked
        there = set(checked.frame.collect_schema())
        self._missing: Missing = tuple(
            (name, (None if checked.missing[name] else False) if name in there else True)
            for name in policy.facts
        )
        compiled = _compiled(policy, self._missing)
        self.slow = compiled.slow
        self._frame = (
            checked.frame if compiled.by_python is None else compiled.by_python.of(checked.frame)
        )
        self._engine = "polars" if self._frame.implementation.is_polars() else "narwhals"
        self._keep = [KEY, *(keep_name(place) for place in range(len(checked.keep)))]

    def check(self) -> None:
        """Check that every mark is valid beside the other facts of its row."""
        plan = _refusals(self._policy, self._missing, self._engine)
        if not plan.names:
            return
        columns = [*plan.names.values()]
        counts = counts_of(self._with(plan, []), [nw.col(name) for name in columns])
        if any(counts.rows):
            items = {own: name for name, own in plan.names.items()}
            flagged = self._with(plan, [*self._checked.frame.collect_schema()])
            bad = {n: items[n] for n, rows in zip(columns, counts.rows, strict=True) if rows}
            raise InputError(refused_problems(self._policy, flagged, bad))

    def results(self, groups: tuple[str, ...]) -> tuple[nw.LazyFrame[Any], dict[str, str]]:
        """Return the results, and what the columns are called for now, by their own names."""
        plan = _shown(self._policy, self._missing, groups, self._engine)
        kept = dict(zip((self._checked.key, *self._checked.keep), self._keep, strict=True))
        return self._with(plan, self._keep), kept | plan.names

    def _with(self, plan: _Named, keep: Sequence[str]) -> nw.LazyFrame[Any]:
        if self._engine == "polars":
            found: nw.LazyFrame[Any] = nw.from_native(plan.plan.of(self._frame.to_native(), keep))
            return found
        computed: nw.LazyFrame[Any] = plan.plan.of(self._frame, keep)
        return computed


@frozen(kw_only=True)
class _Compiled:
    """A policy over columns, whatever the cohort.

    Attributes:
        results: over the columns of a checked frame, and of what Python adds.
        by_python: what it adds.
        slow: the results that it computes.
    """

    results: Results
    by_python: ByPython | None = None
    slow: tuple[str, ...] = ()


@lru_cache(maxsize=_MANY)
def _compiled(policy: Policy, missing: Missing) -> _Compiled:
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
    return _Compiled(results=found, by_python=by_python, slow=slow)


@frozen
class _Named:
    """A plan whose columns have names that every engine takes.

    Attributes:
        names: what each column is called in the plan.
    """

    plan: Plan
    names: dict[str, str]


def _named(engine: str, columns: Mapping[str, Node], others: Mapping[str, Node]) -> _Named:
    names = {name: f"__result_{place}" for place, name in enumerate(columns)}
    plan = Plan(_module(engine), {**{names[n]: each for n, each in columns.items()}, **others})
    return _Named(plan, names)


def _module(engine: str) -> ModuleType:
    return import_module("polars") if engine == "polars" else nw


@lru_cache(maxsize=_MANY)
def _shown(policy: Policy, missing: Missing, groups: tuple[str, ...], engine: str) -> _Named:
    found = _compiled(policy, missing).results
    placed = not set(groups).isdisjoint(("rank", "places"))
    others = _ranking(policy, found) if placed else {}
    return _named(engine, shown(policy.rubric, found, groups), others)


@lru_cache(maxsize=_MANY)
def _refusals(policy: Policy, missing: Missing, engine: str) -> _Named:
    found = _compiled(policy, missing).results
    return _named(engine, {name: as_node(flag) for name, flag in found.refused.items()}, {})


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
