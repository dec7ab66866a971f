"""Who may act on a studio, and from which state: the questions before every other."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from studioflow.errors import nearest
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.people import Actor
from studioflow.text import Message, Text, message, visible
from studioflow.verdict import Reason

__all__ = ["not_independent", "not_their_own", "role_fits", "wrong_role", "wrong_state"]

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
HANDED_IN_OWN_STUDIO = message(
    "handed_in_own_studio",
    zh="{facts}由本工作室的{person}提交",
    en="{facts}: handed in by {person}, whose own studio it is",
)
HANDED_IN_OWN_UNIT = message(
    "handed_in_own_unit",
    zh="{facts}由同单位的{person}提交（{unit}）",
    en="{facts}: handed in by {person} of the studio's own unit ({unit})",
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


def not_their_own(matter: Matter, actor: Actor) -> Iterable[Reason]:
    """Yield the reason where somebody acts on a studio of their own, by person or by unit."""
    yield from _own(matter, OWN_STUDIO, OWN_UNIT, actor.id, actor.unit)


def not_independent(matter: Matter) -> Iterable[Objection]:
    """Object where somebody acts on, marks or inspects a studio of their own, or says how it is.

    By person (its lead and members) and by unit, whatever their roles are.
    """
    if matter.transition.independent:
        for reason in (*not_their_own(matter, matter.attempt.by), *_judged_by_own(matter)):
            yield Objection(reason)


def _judged_by_own(matter: Matter) -> Iterable[Reason]:
    """Yield a reason for each mark, each inspection, and whoever handed in facts plainly."""
    # By what is told of each: an inspection once, whichever items are in force.
    inspections: dict[tuple[str, str | None], None] = {}
    plain: dict[Actor, list[str]] = {}
    for given in matter.given:
        if given.mark is not None:
            mark = given.mark
            yield from _own(
                matter,
                MARKED_OWN_STUDIO,
                MARKED_OWN_UNIT,
                mark.by,
                mark.unit,
                criterion=mark.criterion,
            )
        elif given.inspection is not None and given.inspection.by is not None:
            inspections[given.inspection.by, given.inspection.unit] = None
        elif given.actor != matter.attempt.by:  # the actor is looked at already
            plain.setdefault(given.actor, []).append(given.fact)
    for by, unit in inspections:
        yield from _own(matter, INSPECTED_OWN_STUDIO, INSPECTED_OWN_UNIT, by, unit)
    for actor, facts in plain.items():
        labels = tuple(matter.policy.facts[name].label for name in facts)
        for reason in _own(
            matter, HANDED_IN_OWN_STUDIO, HANDED_IN_OWN_UNIT, actor.id, actor.unit, facts=labels
        ):
            yield evolve(reason, about=tuple(facts))


def _own(
    matter: Matter,
    own_studio: Message,
    own_unit: Message,
    person: str,
    person_unit: str | None,
    **more: object,
) -> Iterable[Reason]:
    """Yield one of two reasons where the studio is a person's own, or their unit's."""
    application = matter.application
    if application is None:
        return
    parameters = {"person": person, "unit": application.unit, **more}
    if person in application.people():
        yield Reason(own_studio, parameters, matter.transition.clause)
    elif person_unit == application.unit:
        yield Reason(own_unit, parameters, matter.transition.clause)


def _label(matter: Matter, name: str) -> Text:
    state = matter.policy.procedure.states.get(name)
    return _UNDECLARED_LABEL if state is None else state.label
