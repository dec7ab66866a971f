"""From the remarks of a computation to the reasons on a sheet."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.algebra import Remark
from studioflow.rubric.rubric import Rubric
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["distinct", "reasons_of"]

OPEN_FACTS = message("open_facts", zh="尚缺：{facts}", en="not known yet: {facts}")


def reasons_of(
    rubric: Rubric, remarks: Iterable[Remark], still_open: frozenset[str], clause: str | None
) -> tuple[Reason, ...]:
    """Return the reasons that rest on a clause, and at the end which facts are missing."""
    reasons = distinct(Reason(remark.message, remark.parameters, clause) for remark in remarks)
    if not still_open:
        return reasons
    labels = tuple(rubric.facts[name].label for name in rubric.facts if name in still_open)
    return (*reasons, Reason(OPEN_FACTS, {"facts": labels}, clause))


def distinct(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the reasons without those that say the same again.

    Two bands may give one reason, such as a share that is undefined for both.
    """
    every = tuple(reasons)
    if len({reason.code for reason in every}) == len(every):
        return every
    return tuple(reason for place, reason in enumerate(every) if reason not in every[:place])
