"""What an event takes of what there is only so many of: places, rewards, evidence."""

from __future__ import annotations

from studioflow.policy import Policy
from studioflow.register import Slot
from studioflow.studio import Event, Record, Studio, seats

__all__ = ["PLACE", "bans_on", "carried_over", "slots"]

PLACE = "place"
"""The name of the quota's places."""


def bans_on(lead: str | None, unit: str | None) -> list[str]:
    """Return the names under which a ban on a lead or a unit is found again."""
    named = (("lead", lead), ("unit", unit))
    return [f"ban:{kind}:{name}" for kind, name in named if name is not None]


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
    if event.ban is not None:
        people = [name for person in event.ban.people for name in bans_on(person, None)]
        units = [name for unit in event.ban.units for name in bans_on(None, unit)]
        take += [Slot(name) for name in (*people, *units)]
    sat, sits = seats(policy, before), seats(policy, before.after(event))
    take += [Slot(name, 1) for name in sits if name not in sat]
    free += [name for name in sat if name not in sits]
    return take, free


def carried_over(
    old: Policy, before: Studio, new: Policy, after: Studio, *, has_place: bool
) -> tuple[list[Slot], list[str]]:
    """Return what a studio takes by going over to an amended policy, and what it gives back.

    What it has on file by the new policy it has, whatever limits there are for others.

    Args:
        old: the policy by which it goes until then.
        before: the studio until then.
        new: the amended policy.
        after: the studio as it goes on.
        has_place: whether it holds a place of the quota.
    """
    had = {*_evidence(old, before), *seats(old, before)}
    has = {*_evidence(new, after), *seats(new, after)}
    keeps = has_place or (old.quota is None and _took_place(new, after))
    if after.state != before.state and new.quota is not None:
        # It would take one again.
        keeps = keeps and after.state not in _sources(new, new.quota.taken_by)
    take = [Slot(name) for name in sorted(has - had)]
    free = sorted(had - has)
    if keeps != has_place:
        take += [Slot(PLACE)] if keeps else []
        free += [] if keeps else [PLACE]
    return take, free


def _sources(policy: Policy, action: str) -> tuple[str, ...]:
    step = policy.procedure.transitions.get(action)
    return () if step is None else step.sources


def _took_place(policy: Policy, studio: Studio) -> bool:
    """Return whether a studio would hold a place, had there always been a quota."""
    quota = policy.quota
    if quota is None:
        return False
    taken = [
        event.action == quota.taken_by
        for event in studio.history
        if event.action == quota.taken_by or event.action in quota.freed_by
    ]
    return taken[-1:] == [True]


def _evidence(policy: Policy, studio: Studio) -> set[str]:
    records = studio.records.values()
    return {own for record in records if (own := _shared(policy, record)) is not None}


def _shared(policy: Policy, record: Record) -> str | None:
    """Return the digest by which other studios' records are told to be the same evidence."""
    return record.evidence if policy.record_kinds[record.kind].same_across else None
