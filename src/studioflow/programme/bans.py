"""The ban that stands against whoever wants to declare a studio."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from studioflow.programme.slots import bans_on
from studioflow.register import Register
from studioflow.studio import Application

__all__ = ["banned_until"]


def banned_until(register: Register, application: object) -> date | None:
    """Return the last day on which whoever applies is banned from it; None: they are not."""
    lead: str | None
    unit: str | None
    if isinstance(application, Application):
        lead, unit = application.lead.id, application.unit
    elif isinstance(application, Mapping):  # not checked yet
        person = application.get("lead")  # as a plain table, or made already
        found = person.get("id") if isinstance(person, Mapping) else getattr(person, "id", None)
        lead, unit = _word(found), _word(application.get("unit"))
    else:
        return None
    holders = dict.fromkeys(
        studio for name in bans_on(lead, unit) for studio in register.holders(name)
    )
    days = [
        event.ban.until
        for studio in holders
        for event in register.events(studio)
        if event.ban and (lead in event.ban.people or unit in event.ban.units)
    ]
    return max(days, default=None)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None
