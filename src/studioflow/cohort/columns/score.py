"""Scores a cohort: one query from checked facts to results, on the engine of the frame."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from studioflow.algebra.cells import bits_for
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.cohort.columns.bands import refused_problems
from studioflow.cohort.columns.checking import KEY, CheckedCohort, check, keep_name
from studioflow.cohort.columns.compiled import (
    Missing,
    Named,
    compiled,
    plan_of_refusals,
    plan_of_results,
)
from studioflow.cohort.columns.complaints import counts_of
from studioflow.cohort.columns.engines import native_like
from studioflow.cohort.columns.given import steps_within
from studioflow.cohort.columns.places import PLACES, RANK, with_places
from studioflow.cohort.columns.placing import Placing
from studioflow.cohort.columns.shown import GROUPS
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.text import message

__all__ = ["ALL_GROUPS", "ScoredCohort", "checked", "score"]

ALL_GROUPS = (*GROUPS, "rank", "places")
"""The groups of result columns, in their order."""

OTHER_FACTS = message(
    "other_facts", zh="声明同样事实的政策", en="a policy that declares the facts that were checked"
)
NAME_OF_RESULT = message(
    "name_of_result", zh="不同于结果列的名称", en="a name that no column of results has"
)


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


def checked(policy: Policy, frame: object, *, key: str, keep: Sequence[str]) -> CheckedCohort:
    """Check a cohort; see `studioflow.cohort.check_cohort`."""
    found = check(policy, frame, key, keep)
    if isinstance(nw.from_native(found.kind, pass_through=True), nw.LazyFrame):
        return found
    return evolve(found, frame=_held(found))


def _held(cohort: CheckedCohort) -> nw.LazyFrame[Any]:
    """Return the columns in memory, in as few bytes as they need, to be scored many times."""
    import polars as pl

    widths = {8: pl.Int8, 16: pl.Int16, 32: pl.Int32, 64: pl.Int64}
    native: pl.LazyFrame = cohort.frame.to_native()
    narrow: list[pl.Expr] = []
    for name in native.collect_schema().names():
        fact = cohort.facts.get(name)
        if fact is not None and fact.type == "choice":
            narrow.append(pl.col(name).cast(pl.Enum([*fact.values])))
        elif fact is not None and fact.ordered:
            width = widths[bits_for(*steps_within(fact))]
            narrow.append(pl.col(name).cast(width, wrap_numerical=True))
    held = native.with_columns(narrow).collect(engine="streaming")
    found: nw.LazyFrame[Any] = nw.from_native(held.lazy())
    return found


def score(
    policy: Policy, cohort: CheckedCohort, *, groups: Sequence[str] = ALL_GROUPS
) -> ScoredCohort:
    """Score a cohort that was checked; see `studioflow.cohort.score_cohort`.

    Args:
        policy: that declares the facts by which it was checked.
        cohort: that was checked.
        groups: of results, of `ALL_GROUPS`.

    Raises:
        InputError: for groups that there are not, another policy's facts, names of results, and
            with every mark that is not valid beside the other facts of its row.
    """
    _check_groups(groups)
    if dict(cohort.facts) != dict(policy.facts):
        raise wrong(OTHER_FACTS, policy.id)
    query = _Query(policy, cohort)
    query.check()
    lazy, names = query.results(tuple(groups))
    placing = None
    if not set(groups).isdisjoint(("rank", "places")):
        ranking = with_places(policy, lazy)
        lazy, placing = ranking.frame, ranking.placing
        more = (*(RANK if "rank" in groups else ()), *(PLACES if "places" in groups else ()))
        names |= {name: name for name in more}
    _check_names((cohort.key, *cohort.keep), names)
    lazy = lazy.select(**{name: nw.col(of) for name, of in {**query.kept, **names}.items()})
    return ScoredCohort(
        frame=native_like(lazy, cohort.kind),
        lazy=lazy,
        rows=cohort.rows,
        missing=cohort.missing,
        slow=query.slow,
        placing=placing,
    )


def _check_names(kept: Sequence[str], results: Collection[str]) -> None:
    """Check that no column that was handed in is called as a result is."""
    collector = Collector()
    for name in kept:
        with collector.under(name):
            if name in results:
                raise wrong(NAME_OF_RESULT, name)
    collector.finish()


def _check_groups(groups: Sequence[str]) -> None:
    collector = Collector()
    for place, group in enumerate(groups):
        with collector.under("results", place):
            if group not in ALL_GROUPS:
                raise wrong(UNKNOWN_NAME, group, known=ALL_GROUPS)
    collector.finish()


class _Query:
    """A query over one cohort."""

    def __init__(self, policy: Policy, checked: CheckedCohort) -> None:
        self._policy, self._checked = policy, checked
        there = set(checked.frame.collect_schema())
        self._missing: Missing = tuple(
            (name, (None if checked.missing[name] else False) if name in there else True)
            for name in policy.facts
        )
        found = compiled(policy, self._missing)
        self.slow = found.slow
        self._frame = (
            checked.frame if found.by_python is None else found.by_python.of(checked.frame)
        )
        self._engine = "polars" if self._frame.implementation.is_polars() else "narwhals"
        places = range(len(checked.keep))
        self.kept = {checked.key: KEY, **{checked.keep[n]: keep_name(n) for n in places}}

    def check(self) -> None:
        """Check that every mark is valid beside the other facts of its row."""
        plan = plan_of_refusals(self._policy, self._missing, self._engine)
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
        """Return the results, and what their columns are called for now, by their own names."""
        plan = plan_of_results(self._policy, self._missing, groups, self._engine)
        return self._with(plan, [*self.kept.values()]), {**plan.names}

    def _with(self, plan: Named, keep: Sequence[str]) -> nw.LazyFrame[Any]:
        if self._engine == "polars":
            found: nw.LazyFrame[Any] = nw.from_native(plan.plan.of(self._frame.to_native(), keep))
            return found
        computed: nw.LazyFrame[Any] = plan.plan.of(self._frame, keep)
        return computed
