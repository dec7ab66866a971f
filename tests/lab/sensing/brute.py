"""Where each studio stands, worked out one by one by varying the policy and scoring the studio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studioflow import Policy
from studioflow.errors import InputError
from studioflow.lab.sensing import Moves, Value
from tests.vocabulary.making_cohorts import expected

__all__ = ["moves_one_by_one", "standings_one_by_one"]

Row = Mapping[str, Any]
Stands = tuple[object, str, object] | None


def standings_one_by_one(policy: Policy, rows: Sequence[Row]) -> list[Stands]:
    """Return total, eligibility and grade of each row; None where the policy refuses it."""
    return [_stands(policy, row) for row in rows]


def _stands(policy: Policy, row: Row) -> Stands:
    try:
        said = expected(policy, policy.score(row))
    except InputError:
        return None
    grade = said["grade"], said["grade_low"], said["grade_high"]
    return (said["total_low"], said["total_high"]), str(said["eligibility"]), grade


def moves_one_by_one(policy: Policy, rows: Sequence[Row], path: str, value: Value) -> Moves | None:
    """Return how many move; None where there is no such policy."""
    try:
        varied = policy.vary({path: value})
    except InputError:
        return None
    before, after = standings_one_by_one(policy, rows), standings_one_by_one(varied, rows)
    pairs = list(zip(before, after, strict=True))
    both = [(was, now) for was, now in pairs if was is not None and now is not None]
    return Moves(
        studios=sum(was != now for was, now in pairs),
        unscored=sum(now is None for _, now in pairs),
        totals=sum(was[0] != now[0] for was, now in both),
        gained=sum(was[1] != "eligible" == now[1] for was, now in both),
        lost=sum(was[1] == "eligible" != now[1] for was, now in both),
        grades=sum(was[2] != now[2] for was, now in both),
    )
