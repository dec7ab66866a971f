"""Whose form it is, and what forms say of studios, policies and results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from studioflow.policy import Policy
from studioflow.rubric import CriterionResult, DeductionResult, GateResult, Points, ScoreSheet
from studioflow.studio import Studio
from studioflow.text import Language, Text, exact
from studioflow.verdict import Reason

__all__ = ["ITEM", "POLICY", "SECTION", "STUDIO", "Item", "Subject"]

Item = GateResult | CriterionResult | DeductionResult

_MET: Mapping[bool | None, Text] = {
    True: Text("合格", "met"),
    False: Text("不合格", "not met"),
    None: Text("", ""),
}
_MARK = Text("{by}：{value}", "{by}: {value}")


@frozen(kw_only=True)
class Subject:
    """Whose form it is; an empty one has nothing in it.

    Attributes:
        record: the record that this paper, or this row, is of, as a plain document.
        item: the gate, criterion or deduction that this row is of.
    """

    studio: Studio | None = None
    sheet: ScoreSheet | None = None
    record: Mapping[str, object] = field(factory=dict)
    item: Item | None = None


def _points(points: Points) -> str:
    if points.points is not None:
        return exact(points.points)
    if points.range is None:
        return ""
    low, high = ("…" if end is None else exact(end) for end in points.range)
    return f"{low}–{high}"


def _reasons(reasons: Iterable[Reason], language: Language) -> str:
    return "\n".join(reason.explain(language) for reason in reasons)


def _marks_of(subject: Subject, language: Language) -> str:
    if subject.sheet is None or subject.item is None:
        return ""
    told = []
    for mark in subject.sheet.marks:
        if mark.criterion == subject.item.id:
            value = _MET[mark.met].get(language) if mark.points is None else exact(mark.points)
            told.append(_MARK.get(language).format(by=mark.by, value=value))
    return "\n".join(told)


def _item_points(subject: Subject, language: Language) -> str:
    match subject.item:
        case GateResult(met=met):
            return _MET[met].get(language)
        case None:
            return ""
        case item:
            return _points(item.points)


def _item_max(subject: Subject, _: Language) -> str:
    item = subject.item
    most = None if item is None or isinstance(item, GateResult) else item.points.max
    return "" if most is None else exact(most)


ITEM: Mapping[str, Callable[[Subject, Language], str]] = {
    "id": lambda subject, _: subject.item.id if subject.item else "",
    "label": lambda subject, language: subject.item.label.get(language) if subject.item else "",
    "points": _item_points,
    "met": _item_points,
    "max": _item_max,
    "marks": _marks_of,
    "reasons": lambda subject, language: (
        _reasons(subject.item.reasons, language) if subject.item else ""
    ),
}
SECTION: Mapping[str, Callable[[Points], str]] = {
    "points": _points,
    "max": lambda points: "" if points.max is None else exact(points.max),
}
STUDIO: Mapping[str, Callable[[Subject, Language], str]] = {
    "id": lambda subject, _: subject.studio.id if subject.studio else "",
    "name": lambda subject, _: subject.studio.name if subject.studio else "",
    "unit": lambda subject, _: (subject.studio.unit or "") if subject.studio else "",
    "lead": lambda subject, _: (
        subject.studio.application.lead.name
        if subject.studio and subject.studio.application
        else ""
    ),
}
POLICY: Mapping[str, Callable[[Policy, Language], str]] = {
    "id": lambda policy, _: policy.id,
    "version": lambda policy, _: policy.version,
    "label": lambda policy, language: policy.label.get(language),
}
