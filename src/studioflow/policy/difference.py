"""What differs between two policies, value by value, with the clause that each belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from studioflow.policy.document import canonical, flattened, is_register
from studioflow.policy.policy import Policy

__all__ = ["Difference", "differences"]


@frozen
class Difference:
    """One value that differs, or one table whose entries stand in another order.

    Attributes:
        path: where it stands, ids divided by `/`.
        before, after: the values, or the ids in their order; None where one policy has none there.
        clause: of the nearest table around it that cites one.
    """

    path: str
    before: object
    after: object
    clause: str | None


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Return everything that differs between two policies, in the order of the documents.

    There is none exactly where the fingerprints are the same.
    """
    first, second = before.tables, after.tables
    old, new = dict(flattened(first)), dict(flattened(second))
    found = [
        (path, old.get(path), new.get(path))
        for path in [*old, *(path for path in new if path not in old)]
        if canonical(old.get(path)) != canonical(new.get(path))
    ]
    return tuple(
        Difference(path, was, now, _clause(second, path) or _clause(first, path))
        for path, was, now in [*found, *_reordered(first, second)]
    )


def _reordered(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, object, object]]:
    """Yield every table whose common entries changed places."""
    common = [key for key in before if key in after]
    moved = [key for key in after if key in before]
    if common != moved and is_register(before) and is_register(after):
        yield path, common, moved
    for key in common:
        if isinstance(before[key], Mapping) and isinstance(after[key], Mapping):
            yield from _reordered(before[key], after[key], f"{path}/{key}" if path else key)


def _clause(tables: Mapping[str, Any], path: str) -> str | None:
    clause: str | None = None
    here: Any = tables
    for key in path.split("/"):
        if not isinstance(here, Mapping):
            break
        clause = here.get("clause", clause)
        here = here.get(key)
    return here.get("clause", clause) if isinstance(here, Mapping) else clause
