"""What has to come with a step, and what may come from whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studioflow.lifecycle.matter import Matter, Objection
from studioflow.text import Message, Text, message
from studioflow.verdict import Reason

__all__ = ["lacking", "unfit_marks", "wrong_claim", "wrong_supplier"]

WRONG_SUPPLIER = message(
    "wrong_supplier", zh="“{fact}”由{roles}提供", en="{fact}: is for {roles} to supply"
)
WRONG_CLAIM = message(
    "wrong_claim",
    zh="{person}以“{role}”身份判断 {criterion}，而并无此角色",
    en="{person} judges {criterion} as {role}, and does not have that role",
)
NEEDED = message("needed", zh="须附上{what}", en="this comes with {what}")
MARK_UNFIT = message(
    "mark_unfit",
    zh="{person}对 {criterion} 的评分{got}已不适用，须更正：",
    en="{person} marked {criterion} with {got}, which does not fit any more: correct it to ",
)
_NEEDED: Mapping[str, Text] = {
    "remark": Text("理由（remark）", "the reason (remark)"),
    "gaps": Text("尚缺内容的清单（gaps）", "the list of what is missing (gaps)"),
    "records": Text("记录（records）", "records"),
    "inspection": Text("阵地检查（inspection）", "an inspection"),
    "marks": Text("评分（marks）", "marks"),
    "facts": Text("事实（facts）", "facts"),
    "due": Text("期限（due）", "a deadline (due)"),
    "opinion": Text("是否同意（opinion）", "for or against (opinion)"),
    "lead": Text("新领衔人（lead）", "the new lead (lead)"),
    "amount": Text("金额（amount，元）", "an amount in yuan (amount)"),
}
_CORRECTION = Text(
    "要更正的内容（records、strike、marks）", "what is corrected (records, strike, marks)"
)
_CORRECTING = ("records", "strike", "marks")


def lacking(matter: Matter) -> Iterable[Objection]:
    """Object for each thing that has to come with the step and did not."""
    attempt = matter.attempt
    came: Mapping[str, object] = {
        "remark": (attempt.remark or "").strip(),
        "gaps": attempt.gaps,
        "records": matter.records,
        "inspection": attempt.facts.inspection,
        "marks": attempt.facts.marks,
        "facts": attempt.facts.facts or matter.self_assessment,
        "due": attempt.due,
        "opinion": attempt.opinion is not None,
        "lead": attempt.lead,
        "amount": attempt.amount is not None,
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


def wrong_supplier(matter: Matter) -> Iterable[Objection]:
    """Object to plain facts that are for others to supply, where the step does not ask for others.

    A step that does is taken by people who answer for all that comes with it.
    """
    if matter.transition.independent or not matter.has_role(
        matter.attempt.by, matter.transition.by
    ):
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
