"""Who may act on a studio, and from which state: the questions before every other."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.errors import nearest
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.text import Message, Text, message, visible
from studioflow.verdict import Reason

__all__ = ["not_independent", "role_fits", "wrong_role", "wrong_state"]

WRONG_STATE = message(
    "wrong_state",
    zh="现为“{state}”，此事只在“{sources}”时可办",
    en="the studio is {state}; this starts from {sources}",
)
NO_APPLICATION = message("no_application", zh="没有申报材料", en="there is no application")
ALREADY_DECLARED = message(
    "already_declared",
    zh="已有申报材料，不能另交一份",
    en="there is an application already, which another one can not replace",
)
BEFORE_LAST = message(
    "before_last",
    zh="日期早于上一步（{action}，{day}）",
    en="the day lies before that of the last step ({action}, {day})",
)
WRONG_ROLE = message("wrong_role", zh="须由{roles}办理", en="this is for {roles}")
_NO_SUCH_ROLE = Text("；政策中没有角色 {strange}", "; the policy has no role {strange}")
OWN_STUDIO = message(
    "own_studio",
    zh="不得办理本人所在的工作室（{person}）",
    en="nobody acts on their own studio ({person})",
)
OWN_UNIT = message(
    "own_unit",
    zh="不得办理本单位的工作室（{person}，{unit}）",
    en="nobody acts on a studio of their own unit ({person}, {unit})",
)
MARKED_OWN_STUDIO = message(
    "marked_own_studio",
    zh="{criterion}由本工作室的{person}评分",
    en="{criterion} was marked by {person}, whose own studio it is",
)
MARKED_OWN_UNIT = message(
    "marked_own_unit",
    zh="{criterion}由同单位的{person}评分（{unit}）",
    en="{criterion} was marked by {person} of the studio's own unit ({unit})",
)
INSPECTED_OWN_STUDIO = message(
    "inspected_own_studio",
    zh="阵地由本工作室的{person}检查",
    en="the site was inspected by {person}, whose own studio it is",
)
INSPECTED_OWN_UNIT = message(
    "inspected_own_unit",
    zh="阵地由同单位的{person}检查（{unit}）",
    en="the site was inspected by {person} of the studio's own unit ({unit})",
)

_APPLICATION = ("application",)
_UNDECLARED_LABEL = Text("未申报", "not declared")


def wrong_state(matter: Matter) -> Iterable[Objection]:
    """Object where the studio's state or papers do not fit."""
    attempt, transition = matter.attempt, matter.transition
    studio = attempt.studio
    if studio.state not in transition.sources:
        parameters = {
            "state": _label(matter, studio.state),
            "sources": tuple(_label(matter, name) for name in transition.sources),
        }
        yield Objection(
            Reason(WRONG_STATE, parameters, transition.clause, about=transition.sources)
        )
    elif studio.application is None and attempt.application is None:
        yield Objection(Reason(NO_APPLICATION, {}, transition.clause, about=_APPLICATION))
    elif studio.application is not None and attempt.application is not None:
        yield Objection(Reason(ALREADY_DECLARED, {}, transition.clause, about=_APPLICATION))
    if studio.history and attempt.on < studio.history[-1].on:
        last = studio.history[-1]
        known = matter.policy.procedure.transitions.get(last.action)
        parameters = {"action": known.label if known else last.action, "day": last.on}
        yield Objection(Reason(BEFORE_LAST, parameters, transition.clause), warns=True)


def role_fits(matter: Matter) -> bool:
    """Return whether the actor has a role that may take the step."""
    return matter.attempt.by.has_role(*matter.transition.by)


def wrong_role(matter: Matter) -> Iterable[Objection]:
    """Object where the step is not for the actor's roles, and name those that nobody has."""
    if role_fits(matter):
        return
    transition, roles = matter.transition, matter.policy.roles
    said, parameters = WRONG_ROLE, {"roles": matter.roles(transition.by)}
    strange = sorted(matter.attempt.by.roles - roles.keys())
    if strange:
        text = Text(said.text.zh + _NO_SUCH_ROLE.zh, said.text.en + _NO_SUCH_ROLE.en)
        said = Message(said.code, text)
        parameters["strange"] = tuple(_strange(name, nearest(name, roles)) for name in strange)
    yield Objection(Reason(said, parameters, transition.clause, about=transition.by))


def _strange(name: str, near: str | None) -> Text:
    name = visible(name)
    if near is None:
        return Text(name, name)
    return Text(f"{name}（是否想写 {near}？）", f"{name} (did you mean {near}?)")


def not_independent(matter: Matter) -> Iterable[Objection]:
    """Object where somebody acts on, sets aside for, marks or inspects a studio of their own.

    By person (its lead and members) and by unit, whatever their roles are.
    """
    application = matter.application
    if application is None or not matter.transition.independent:
        return
    people, unit = application.people(), application.unit
    for own_studio, own_unit, person, person_unit, criterion in _judges(matter):
        parameters = {"person": person, "unit": unit}
        if criterion is not None:
            parameters["criterion"] = criterion
        if person in people:
            yield Objection(Reason(own_studio, parameters, matter.transition.clause))
        elif person_unit == unit:
            yield Objection(Reason(own_unit, parameters, matter.transition.clause))


_Judge = tuple[Message, Message, str, str | None, str | None]


def _judges(matter: Matter) -> Iterable[_Judge]:
    """Yield each who has a say, their unit, and the item that they marked."""
    actor = matter.attempt.by
    yield OWN_STUDIO, OWN_UNIT, actor.id, actor.unit, None
    others = {o.by for o in matter.attempt.overrides.values() if o.by is not None} - {actor}
    for other in sorted(others, key=lambda other: other.id):
        yield OWN_STUDIO, OWN_UNIT, other.id, other.unit, None
    for mark in matter.marks:
        yield MARKED_OWN_STUDIO, MARKED_OWN_UNIT, mark.by, mark.unit, mark.criterion
    inspection = matter.inspection
    if inspection is not None and inspection.by is not None:
        yield INSPECTED_OWN_STUDIO, INSPECTED_OWN_UNIT, inspection.by, inspection.unit, None


def _label(matter: Matter, name: str) -> Text:
    state = matter.policy.procedure.states.get(name)
    return _UNDECLARED_LABEL if state is None else state.label
