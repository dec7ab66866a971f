"""What can only be checked once all record kinds are built: their names, and who records them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.policy.checks import NAME_TAKEN
from studioflow.policy.procedure import Role
from studioflow.policy.records import SEALED, RecordKind, check_name

__all__ = ["check_records"]


def check_records(
    collector: Collector, kinds: Mapping[str, RecordKind], roles: Mapping[str, Role]
) -> None:
    """Check that record kinds have plain names, their facts one each, and roles that exist."""
    for name, kind in kinds.items():
        with collector.under("records", name):
            check_name(name)
        for field, declared in kind.fields.items():
            with collector.under("records", name, "fields", f"{field}{SEALED}"):
                if declared.type == "opinion" and f"{field}{SEALED}" in kind.fields:
                    raise wrong(NAME_TAKEN, f"{field}{SEALED}")
            _check_roles(collector, ("records", name, "fields", field), declared.supplied_by, roles)
        _check_roles(collector, ("records", name), kind.supplied_by, roles)


def _check_roles(
    collector: Collector, place: tuple[str, ...], named: Iterable[str], roles: Mapping[str, Role]
) -> None:
    for position, role in enumerate(named):
        with collector.under(*place, "from", position):
            if role not in roles:
                raise wrong(UNKNOWN_NAME, role, known=roles)
