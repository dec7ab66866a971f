"""What differs between two policies, value by value, with the clause that each belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from studioflow.policy.document import flattened
from studioflow.policy.policy import Policy

__all__ = ["Difference", "differences"]


@frozen
class Difference:
    """One value that differs.

    Attributes:
        path: where it stands, ids divided by `/`.
        before, after: the values; None where one policy has none there.
        clause: of the nearest table around it that cites one.
    """

    path: str
    before: object
    after: object
    clause: str | None


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Return every value that differs between two policies, in the order of the documents."""
    old, new = dict(flattened(before.tables)), dict(flattened(after.tables))
    paths = list(old) + [path for path in new if path not in old]
    return tuple(
        Difference(
            path,
            old.get(path),
            new.get(path),
            _clause(after.tables, path) or _clause(before.tables, path),
        )
        for path in paths
        if old.get(path) != new.get(path)
    )


def _clause(tables: Mapping[str, Any], path: str) -> str | None:
    clause: str | None = None
    here: Any = tables
    for key in path.split("/"):
        if not isinstance(here, Mapping):
            break
        clause = here.get("clause", clause)
        here = here.get(key)
    return clause
