"""What an event takes of what there is only so many of: places, rewards, evidence."""

from __future__ import annotations

from studioflow.policy import Policy
from studioflow.register import Slot
from studioflow.studio import Event, Record, Studio

__all__ = ["PLACE", "slots"]

PLACE = "place"
"""The name of the quota's places."""


def slots(
    policy: Policy, event: Event, before: Studio, places_left: int | None
) -> tuple[list[Slot], list[str]]:
    """Return what an event takes, and the names of what it gives back.

    Args:
        policy: that the event was decided by.
        event: that is to be written.
        before: the studio that it was decided on.
        places_left: of the quota, when it was decided.
    """
    quota = policy.quota
    take = [Slot(own) for record in event.records if (own := _shared(policy, record))]
    gone = {*event.struck, *(record.id for record in event.records)} & before.records.keys()
    free = [own for name in sorted(gone) if (own := _shared(policy, before.records[name]))]
    if quota is not None and event.action == quota.taken_by:
        # Where nothing was left when it was decided, somebody has answered for one more.
        take.append(Slot(PLACE, quota.places if places_left else None))
    if quota is not None and event.action in quota.freed_by:
        free.append(PLACE)
    if event.reward is not None:
        take.append(Slot(f"reward:{event.action}:{event.studio}", 1))
    return take, free


def _shared(policy: Policy, record: Record) -> str | None:
    """Return the digest by which other studios' records are told to be the same evidence."""
    return record.evidence if policy.record_kinds[record.kind].same_across else None
