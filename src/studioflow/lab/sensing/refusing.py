"""The studios of a cohort that a policy can not score: their marks are in no band of their item."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve

from studioflow.cohort.columns.checking import CheckedCohort
from studioflow.cohort.columns.compiled import compiled, plan_of_refusals
from studioflow.policy import Policy

__all__ = ["without_refused"]


def without_refused(policy: Policy, cohort: CheckedCohort) -> CheckedCohort:
    """Return a checked cohort without the rows that items of the policy refuse."""
    there = set(cohort.frame.collect_schema())
    missing = tuple(
        (name, (None if cohort.missing[name] else False) if name in there else True)
        for name in policy.facts
    )
    by_python = compiled(policy, missing).by_python
    frame = cohort.frame if by_python is None else by_python.of(cohort.frame)
    columns = [*cohort.frame.collect_schema()]
    polars = frame.implementation.is_polars()
    plan = plan_of_refusals(policy, missing, "polars" if polars else "narwhals")
    if not plan.names:
        return cohort
    flagged = plan.plan.of(frame.to_native() if polars else frame, columns)
    lazy: nw.LazyFrame[Any] = nw.from_native(flagged) if polars else flagged
    bad = reduce(or_, (nw.col(name).fill_null(value=False) for name in plan.names.values()))
    kept = lazy.filter(~bad).select(columns)
    rows = kept.select(nw.len()).collect(backend="polars").item()
    return evolve(cohort, frame=kept, rows=rows)
