"""The cast of a driven programme: somebody for every role, and the studios that they act on."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.people import Actor, Person
from studioflow.policy import Policy
from studioflow.studio import Application

__all__ = ["actor", "application", "unit_of"]

_MEMBERS = 8
"""So many people are declared beside the lead."""


_LEAD = "领衔人甲"
_MEMBER = "成员"
_STUDIO = "样例工作室"


def unit_of(studio: str) -> str:
    """Return the unit whose studio it is: every studio has its own."""
    return f"unit-of-{studio}"


def actor(policy: Policy, role: str, studio: str, more: Iterable[str] = ()) -> Actor:
    """Return who has a role: of the studio's unit where the role is for one's own, else not.

    Args:
        policy: whose role it is.
        role: its name, which need not be one of the policy's.
        studio: on which they act.
        more: roles that the same person has beside.
    """
    known = policy.roles.get(role)
    own = known is not None and known.own
    unit = unit_of(studio) if own else f"unit-of-{role}"
    name = f"{role}-of-{studio}" if own else role
    return Actor(name, unit=unit, roles={role, *more})


def application(studio: str) -> Application:
    """Return what a studio declares."""
    return Application(
        name=f"{_STUDIO} {studio}",
        unit=unit_of(studio),
        lead=Person(f"lead-of-{studio}", _LEAD),
        members=tuple(
            Person(f"member-{n}-of-{studio}", f"{_MEMBER}{n}") for n in range(1, _MEMBERS + 1)
        ),
    )
