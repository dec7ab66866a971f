"""Nobody judges a studio of their own, by person or by unit, whatever their roles are."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from studioflow.lifecycle.matter import Matter, Objection
from studioflow.people import Actor
from studioflow.text import Message, message
from studioflow.verdict import Reason

__all__ = ["not_independent", "not_their_own", "on_behalf"]

NOT_THEIR_MARK = message(
    "not_their_mark",
    zh="{person}对 {criterion} 的评分由本人或{roles}提交、更正",
    en="{person}'s mark on {criterion} is for that person, or for {roles}, to hand in and correct",
)
NOT_THEIR_VISIT = message(
    "not_their_visit",
    zh="{person}的实地查看由本人提交",
    en="{person}'s inspection is for that person to hand in here",
)
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


def on_behalf(matter: Matter) -> Iterable[Objection]:
    """Object where somebody hands in, or strikes, what others judged, and is not asked to.

    A step that asks for others says who takes it, and they hand in for everybody; at other steps
    marks come from whoever gave them, or from the roles of the item.
    """
    if matter.transition.independent:
        return
    by, facts, judged = matter.attempt.by, matter.policy.facts, matter.policy.rubric.judged_facts
    struck = [
        mark
        for mark in matter.attempt.studio.marks
        if f"{mark.criterion}/{mark.by}" in matter.attempt.strike
    ]
    marks = (*matter.attempt.facts.marks, *struck)
    fits = True
    for mark in marks:
        roles = facts[judged[mark.criterion]].supplied_by
        if mark.by != by.id and not matter.has_role(by, roles):
            fits = False
            told: dict[str, object] = {"criterion": mark.criterion, "person": mark.by}
            told["roles"] = matter.roles(roles)
            yield Objection(Reason(NOT_THEIR_MARK, told, about=(mark.criterion,)))
    for reason in not_their_own(matter, by) if marks and fits else ():
        yield Objection(reason)
    visit = matter.attempt.facts.inspection
    if visit is not None and visit.by not in (None, by.id):
        yield Objection(Reason(NOT_THEIR_VISIT, {"person": visit.by}, about=("inspection",)))


def not_their_own(matter: Matter, actor: Actor) -> Iterable[Reason]:
    """Yield the reason where somebody acts on a studio of their own, by person or by unit."""
    yield from _own(matter, OWN_STUDIO, OWN_UNIT, actor.id, actor.unit)


def not_independent(matter: Matter) -> Iterable[Objection]:
    """Object where somebody acts on, marks or inspects a studio of their own, or says how it is.

    By person (lead, members, insiders' rosters) and by unit, whatever their roles are. A mark is
    never taken from them; the rest is looked at where the step asks for others.
    """
    if matter.transition.independent:
        for reason in not_their_own(matter, matter.attempt.by):
            yield Objection(reason)
    if not matter.somebody_judged:
        return
    if matter.transition.independent:
        for reason in _said_by_own(matter):
            yield Objection(reason)
    for given in matter.given:
        mark = given.mark
        if mark and (matter.transition.independent or mark in matter.attempt.facts.marks):
            for reason in _own(
                matter,
                MARKED_OWN_STUDIO,
                MARKED_OWN_UNIT,
                mark.by,
                mark.unit or _unit_of_actor(matter, mark.by),
                criterion=mark.criterion,
            ):
                yield Objection(reason)


def _said_by_own(matter: Matter) -> Iterable[Reason]:
    """Yield a reason for each inspection, and for whoever handed in facts plainly."""
    # By what is told of each: an inspection once, whichever items are in force.
    inspections: dict[tuple[str, str | None], None] = {}
    plain: dict[Actor, list[str]] = {}
    for given in matter.given:
        if given.inspection is not None and given.inspection.by is not None:
            inspections[given.inspection.by, given.inspection.unit] = None
        elif given.actor and given.actor != matter.attempt.by:  # who is looked at already
            plain.setdefault(given.actor, []).append(given.fact)
    for by, unit in inspections:
        own_unit = unit or _unit_of_actor(matter, by)
        yield from _own(matter, INSPECTED_OWN_STUDIO, INSPECTED_OWN_UNIT, by, own_unit)
    for actor, facts in plain.items():
        labels = tuple(matter.policy.facts[name].label for name in facts)
        for reason in _own(
            matter, HANDED_IN_OWN_STUDIO, HANDED_IN_OWN_UNIT, actor.id, actor.unit, facts=labels
        ):
            yield evolve(reason, about=tuple(facts))


def _unit_of_actor(matter: Matter, person: str) -> str | None:
    """Return the unit of a person who does not say it, where it is the actor."""
    by = matter.attempt.by
    return by.unit if by.id == person else None


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
    if matter.is_insider(person):
        yield Reason(own_studio, parameters, matter.transition.clause)
    elif person_unit == application.unit:
        yield Reason(own_unit, parameters, matter.transition.clause)
