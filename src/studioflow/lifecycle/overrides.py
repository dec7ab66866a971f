"""Setting aside: what refuses, what only warns, and what somebody answers for with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from attrs import evolve

from studioflow.lifecycle.independence import not_their_own
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.studio import Override
from studioflow.text import Message, Text, message
from studioflow.verdict import Reason

__all__ = ["Settled", "settled", "with_way_out"]

SET_ASIDE = message(
    "set_aside",
    zh="不符合“{label}”的要求，经{person}说明理由后特批：{reason}",
    en="“{label}” was set aside by {person}: {reason}",
)
OVERRIDE_WRONG_ROLE = message(
    "override_wrong_role",
    zh="“{label}”只能由{roles}特批",
    en="“{label}” can be set aside by {roles} alone",
)
OVERRIDE_NO_REASON = message(
    "override_no_reason", zh="“{label}”特批须说明理由", en="setting aside “{label}” needs a reason"
)
_WAY_OUT = Text(
    "（{set_aside_by}可说明理由后特批）", " ({set_aside_by} may set it aside with a reason)"
)


class Settled(NamedTuple):
    """What is left of the objections.

    Attributes:
        refusing: what stands against the step.
        warnings: what is said without refusing.
        set_aside: the overrides that were needed and hold, by id.
    """

    refusing: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    set_aside: Mapping[str, Override]


def settled(objections: Iterable[Objection], matter: Matter) -> Settled:
    """Divide objections into those that refuse, those that warn and those that are set aside."""
    refusing: list[Reason] = []
    warnings: list[Reason] = []
    set_aside: dict[str, Override] = {}
    overrides = matter.attempt.overrides
    for objection in objections:
        override = overrides.get(objection.key) if overrides and objection.key else None
        if objection.warns:
            warnings.append(objection.reason)
        elif objection.key is None or override is None:
            refusing.append(objection.refusal or objection.reason)
        elif against := list(_faults(objection, override, matter)):
            refusing += [objection.reason, *against]
        else:
            set_aside[objection.key] = override
            warnings.append(_said(objection, override, matter))
    return Settled(tuple(refusing), tuple(warnings), set_aside)


def _faults(objection: Objection, override: Override, matter: Matter) -> Iterable[Reason]:
    """Yield what is wrong with setting it aside."""
    clause, by = objection.reason.clause, override.by or matter.attempt.by
    if not matter.has_role(by, objection.override):
        parameters = {"label": objection.label, "roles": matter.roles(objection.override)}
        yield Reason(OVERRIDE_WRONG_ROLE, parameters, clause, about=objection.override)
    if not override.reason.strip():
        yield Reason(OVERRIDE_NO_REASON, {"label": objection.label}, clause)
    # Whether the step itself asks for others or not: nobody answers for their own exception.
    if by != matter.attempt.by or not matter.transition.independent:
        yield from not_their_own(matter, by)


def _said(objection: Objection, override: Override, matter: Matter) -> Reason:
    parameters = {
        "label": objection.label,
        "person": (override.by or matter.attempt.by).id,
        "reason": override.reason,
    }
    return Reason(SET_ASIDE, parameters, objection.reason.clause)


def with_way_out(reason: Reason, roles: tuple[Text, ...]) -> Reason:
    """Return a reason that also says who may set it aside; its code stays what it was."""
    if not roles:
        return reason
    said = reason.message.text
    told = Message(reason.code, Text(said.zh + _WAY_OUT.zh, said.en + _WAY_OUT.en))
    # Who may set it aside is said; saying that they can change it would be saying it twice.
    who = () if set(reason.who) <= set(roles) else reason.who
    parameters = {**reason.parameters, "set_aside_by": roles}
    return evolve(reason, message=told, parameters=parameters, who=who)
