"""Who may act on a studio, and from which state: the questions before every other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studioflow.errors import nearest
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.text import Message, Text, message, visible
from studioflow.verdict import Reason

__all__ = [
    "lacking",
    "role_fits",
    "unfit_marks",
    "wrong_claim",
    "wrong_day",
    "wrong_role",
    "wrong_state",
    "wrong_supplier",
]

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
OTHER_UNIT = message(
    "other_unit",
    zh="已由{unit}申报，不能改为其他单位的工作室",
    en="it was declared by {unit}, and does not become another unit's studio",
)
BEFORE_LAST = message(
    "before_last",
    zh="日期早于上一步（{action}，{day}）",
    en="the day lies before that of the last step ({action}, {day})",
)
WRONG_SUPPLIER = message(
    "wrong_supplier", zh="“{fact}”由{roles}提供", en="{fact}: is for {roles} to supply"
)
WRONG_CLAIM = message(
    "wrong_claim",
    zh="{person}以“{role}”身份判断 {criterion}，而并无此角色",
    en="{person} judges {criterion} as {role}, and does not have that role",
)
NOT_COME_YET = message(
    "day_not_come",
    zh="{day}尚未到来（今天是{today}）",
    en="{day} has not come yet (today: {today})",
)
BACKDATED = message(
    "backdated",
    zh="补记：事在{day}，记于{today}",
    en="said to be of {day}, written down on {today}",
)
ALREADY_DONE = message(
    "already_done", zh="只办一次，{day}已办", en="this is done once, and was done on {day}"
)
NEEDED = message("needed", zh="须附上{what}", en="this comes with {what}")
MARK_UNFIT = message(
    "mark_unfit",
    zh="{person}对 {criterion} 的评分{got}已不适用，须更正：",
    en="{person} marked {criterion} with {got}, which does not fit any more: correct it to ",
)
OTHERS_STUDIO = message(
    "others_studio",
    zh="{roles}只办理本人、本单位的工作室",
    en="{roles}: for a studio of one's own person or unit alone",
)
WRONG_ROLE = message("wrong_role", zh="须由{roles}办理", en="this is for {roles}")
_NO_SUCH_ROLE = Text("；政策中没有角色 {strange}", "; the policy has no role {strange}")
_NEEDED: Mapping[str, Text] = {
    "remark": Text("理由（remark）", "the reason (remark)"),
    "gaps": Text("尚缺内容的清单（gaps）", "the list of what is missing (gaps)"),
    "records": Text("记录（records）", "records"),
    "inspection": Text("阵地检查（inspection）", "an inspection"),
    "marks": Text("评分（marks）", "marks"),
}
_CORRECTION = Text(
    "要更正的内容（records、strike、marks）", "what is corrected (records, strike, marks)"
)
_CORRECTING = ("records", "strike", "marks")
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
    elif studio.application and attempt.application and not transition.declares:
        yield Objection(Reason(ALREADY_DECLARED, {}, transition.clause, about=_APPLICATION))
    before, now = studio.application, attempt.application
    if before and now and transition.declares and before.unit != now.unit:
        parameters = {"unit": before.unit}
        reason = Reason(OTHER_UNIT, parameters, transition.clause, about=_APPLICATION)
        yield Objection(reason)
    if transition.once and attempt.action in studio.days():
        day = studio.days()[attempt.action]
        yield Objection(Reason(ALREADY_DONE, {"day": day}, transition.clause))


def wrong_day(matter: Matter) -> Iterable[Objection]:
    """Object to a day that has not come, and warn of one before the last step, or long ago."""
    attempt, clause, studio = matter.attempt, matter.transition.clause, matter.attempt.studio
    if studio.history and attempt.on < studio.history[-1].on:
        last = studio.history[-1]
        known = matter.policy.procedure.transitions.get(last.action)
        parameters = {"action": known.label if known else last.action, "day": last.on}
        yield Objection(Reason(BEFORE_LAST, parameters, clause), warns=True)
    today = attempt.today or attempt.on
    days = {"day": attempt.on, "today": today}
    if attempt.on > today:
        yield Objection(Reason(NOT_COME_YET, days, clause))
    elif attempt.on < today:
        yield Objection(Reason(BACKDATED, days, clause), warns=True)


def lacking(matter: Matter) -> Iterable[Objection]:
    """Object for each thing that has to come with the step and did not."""
    attempt = matter.attempt
    came: Mapping[str, object] = {
        "remark": (attempt.remark or "").strip(),
        "gaps": attempt.gaps,
        "records": matter.records,
        "inspection": attempt.facts.inspection,
        "marks": attempt.facts.marks,
    }
    if matter.transition.corrects and not matter.transition.declares:
        handed_in = (matter.records, attempt.strike, attempt.facts.marks, attempt.facts.facts)
        if not any((*handed_in, attempt.facts.inspection)):
            parameters = {"what": _CORRECTION}
            yield Objection(Reason(NEEDED, parameters, matter.transition.clause, about=_CORRECTING))
    for need in matter.transition.needs:
        if not came[need]:
            parameters = {"what": _NEEDED[need]}
            reason = Reason(NEEDED, parameters, matter.transition.clause, about=(need,))
            yield Objection(reason)


def unfit_marks(matter: Matter, *, scores: bool) -> Iterable[Objection]:
    """Object for each mark on file that the facts do not allow any more.

    Where no sheet is made it is only said: evidence can change without whoever marked being there,
    and an old mark holds nobody in a studio.
    """
    for mark, problem in matter.stale:
        told = {**problem.parameters, "got": problem.got, "criterion": mark.criterion}
        said = Message(
            MARK_UNFIT.code,
            Text(
                MARK_UNFIT.text.zh + problem.expects.text.zh,
                MARK_UNFIT.text.en + problem.expects.text.en,
            ),
        )
        told["person"] = mark.by
        reason = Reason(said, told, matter.transition.clause, about=(mark.criterion,))
        yield Objection(reason, warns=not scores)


def role_fits(matter: Matter) -> bool:
    """Return whether the actor has a role that may take the step."""
    return matter.has_role(matter.attempt.by, matter.transition.by)


def wrong_role(matter: Matter) -> Iterable[Objection]:
    """Object where the step is not for the actor's roles, and name those that nobody has."""
    if role_fits(matter):
        return
    transition, roles = matter.transition, matter.policy.roles
    held = tuple(name for name in transition.by if name in matter.attempt.by.roles)
    if held:
        reason = Reason(OTHERS_STUDIO, {"roles": matter.roles(held)}, transition.clause, about=held)
        yield Objection(reason)
        return
    said, parameters = WRONG_ROLE, {"roles": matter.roles(transition.by)}
    strange = sorted(matter.attempt.by.roles - roles.keys())
    if strange:
        text = Text(said.text.zh + _NO_SUCH_ROLE.zh, said.text.en + _NO_SUCH_ROLE.en)
        said = Message(said.code, text)
        parameters["strange"] = tuple(_strange(name, nearest(name, roles)) for name in strange)
    yield Objection(Reason(said, parameters, transition.clause, about=transition.by))


def wrong_supplier(matter: Matter) -> Iterable[Objection]:
    """Object to plain facts that are for others to supply, where the step does not ask for others.

    A step that does is taken by people who answer for all that comes with it.
    """
    if matter.transition.independent or not role_fits(matter):
        return
    for name in matter.attempt.facts.facts:
        fact = matter.policy.facts[name]
        if fact.supplied_by and not matter.has_role(matter.attempt.by, fact.supplied_by):
            parameters = {"fact": fact.label, "roles": matter.roles(fact.supplied_by)}
            yield Objection(Reason(WRONG_SUPPLIER, parameters, fact.clause, about=(name,)))


def wrong_claim(matter: Matter) -> Iterable[Objection]:
    """Object where the actor marks or inspects in a role that they do not have."""
    by, facts, roles = matter.attempt.by, matter.attempt.facts, matter.policy.roles
    judged = [(mark.by, mark.role, mark.criterion) for mark in facts.marks]
    visit = facts.inspection
    if visit is not None and visit.by is not None and visit.role is not None:
        judged.append((visit.by, visit.role, "inspection"))
    for person, role, place in judged:
        if person == by.id and not by.has_role(role):
            parameters = {"role": roles[role].label, "criterion": place, "person": person}
            reason = Reason(WRONG_CLAIM, parameters, matter.transition.clause, about=(role,))
            yield Objection(reason)


def _strange(name: str, near: str | None) -> Text:
    name = visible(name)
    if near is None:
        return Text(name, name)
    return Text(f"{name}（是否想写 {near}？）", f"{name} (did you mean {near}?)")


def _label(matter: Matter, name: str) -> Text:
    state = matter.policy.procedure.states.get(name)
    return _UNDECLARED_LABEL if state is None else state.label
