"""Policies like one: a value or an answer changed here and there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.policy.document import flattened

__all__ = ["variations"]

_TABLES = ("calendar", "conditions", "criteria", "deductions", "gates", "grades", "quota")
_MOST = 2


def variations(policy: Policy) -> SearchStrategy[dict[str, object]]:
    """Return a strategy for changes that `policy.vary` takes: one or two values, by path.

    A reading gets another of its answers; a number or a day in a rule (a threshold, a norm, a cap)
    becomes one near it. What would not build is not drawn.

    Args:
        policy: that is varied.
    """
    found = sorted(_neighbours(policy), key=lambda change: change[0])
    if not found:
        return st.nothing()
    several = st.lists(
        st.sampled_from(found), min_size=1, max_size=_MOST, unique_by=lambda change: change[0]
    )
    return several.map(dict).filter(lambda changes: _builds(policy, changes))


def _neighbours(policy: Policy) -> Iterator[tuple[str, object]]:
    for name, reading in policy.readings.items():
        for answer in reading.values:
            if answer != reading.value:
                yield f"readings/{name}", answer
    tables = policy.tables
    own = {name: tables[name] for name in _TABLES if tables.get(name)}
    for path, value in flattened(own):
        if type(value) is date:
            yield path, value + timedelta(days=1)
            yield path, value - timedelta(days=1)
        elif isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
            yield path, value + 1
            if value > 0:
                yield path, value - 1


def _builds(policy: Policy, changes: dict[str, object]) -> bool:
    try:
        policy.vary(changes)
    except InputError:
        return False
    return True
