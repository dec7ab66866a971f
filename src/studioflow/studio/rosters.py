"""Rosters on which nobody may be for two studios at once: who is on them."""

from __future__ import annotations

from studioflow.policy import Policy
from studioflow.studio.measures import person_id
from studioflow.studio.studio import Studio

__all__ = ["seats"]


def seats(policy: Policy, studio: Studio) -> dict[str, str]:
    """Return the people on a studio's rosters of that sort, by the name of what each one takes.

    That is whoever was declared a member, and each on such a roster whose last day there is not
    set. A studio that is over has nobody.
    """
    kinds = {name: kind for name, kind in policy.record_kinds.items() if kind.one_studio}
    state = policy.procedure.states.get(studio.state)
    if not kinds or (state is not None and state.final):
        return {}
    held: dict[str, str] = {}
    for name, kind in kinds.items():
        for member in studio.application.members if studio.application else ():
            held[f"one:{name}:{member.id}"] = member.id
        entries = [(person_id(each, kind), each) for each in studio.of_kind(name)]
        gone = {who for who, each in entries if kind.until and each.data.get(kind.until)}
        there = {who for who, each in entries if not (kind.until and each.data.get(kind.until))}
        for person in gone - there:
            held.pop(f"one:{name}:{person}", None)
        held |= {f"one:{name}:{person}": person for person in there if person is not None}
    return held
