"""What the path of a slot means: which field, or which result, of which thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, wrong
from studioflow.documents.forms.subjects import ITEM, POLICY, SECTION, STUDIO, Subject
from studioflow.documents.forms.wording import Slot, is_empty, is_on
from studioflow.documents.values import parsed, shown
from studioflow.policy import Policy, RecordField
from studioflow.text import Language, Text

__all__ = ["MARK_FIELDS", "Place", "Places", "Subject", "mark_fields"]

ITEMS, MARKS = "items", "marks"

_PERSON_PARTS = ("id", "with_id")
_OPINION_PARTS = ("text", "sealed", "on", "unit")
_TYPES: Mapping[str, RecordField] = {
    "id": RecordField(type="text", label=Text("编号", "id")),
    "name": RecordField(type="text", label=Text("姓名", "name")),
    "unit": RecordField(type="text", label=Text("单位", "unit")),
    "text": RecordField(type="text", label=Text("意见", "opinion")),
    "sealed": RecordField(type="flag", label=Text("盖章", "sealed")),
    "on": RecordField(type="date", label=Text("日期", "day")),
}
MARK_FIELDS: Mapping[str, RecordField] = {
    "criterion": RecordField(type="text", label=Text("项目", "item")),
    "by": RecordField(type="text", label=Text("评分人", "assessor")),
    "unit": _TYPES["unit"],
    "on": _TYPES["on"],
    "points": RecordField(
        type="number",
        label=Text("评分", "points"),
        unit=Text("分", "points"),
        step=Fraction(1, 100),
    ),
    "met": RecordField(type="flag", label=Text("确认", "confirmed")),
    "remark": RecordField(type="text", label=Text("说明", "remark")),
}
"""What a mark says, beside the role, whose words are the policy's."""


MARK_LABELS: Mapping[str, Text] = {
    **{name: declared.label for name, declared in MARK_FIELDS.items()},
    "role": Text("角色", "role"),
}


def mark_fields(policy: Policy) -> Mapping[str, RecordField]:
    """Return the fields of a mark: as a kind of record would declare them."""
    roles = {name: role.label for name, role in policy.roles.items()}
    role = RecordField(type="choice", label=MARK_LABELS["role"], values=roles)
    return {**MARK_FIELDS, "role": role}


@frozen(kw_only=True)
class Place:
    """What one slot says.

    Attributes:
        show: its text for a subject, or "" for what is not known.
        fixed: that it says the same for every subject, such as a label.
        key, part: the field that it is read back into, and of which part of its value.
        field: how the part is read.
    """

    show: Callable[[Subject, Slot, Language], str]
    fixed: bool = False
    key: str | None = None
    part: str | None = None
    field: RecordField | None = None

    def read(self, slot: Slot, text: str) -> object:
        """Return the plain value that a text says; None where it says nothing.

        Raises:
            InputError: for a text that is no value of the field.
        """
        if self.field is None:
            return None
        if slot.value is not None:
            ticked = [slot.value] if self.field.type == "choices" else slot.value
            return ticked if is_on(slot, text) else None
        if slot.on is not None:
            return True if is_on(slot, text) else None
        return None if is_empty(slot, text) else parsed(self.field, text)


@frozen
class Places:
    """The paths that a form may name under a policy.

    Attributes:
        fields: of the record that the paper, or the row, is of.
        each: of a row that is repeated: for what.
    """

    policy: Policy
    fields: Mapping[str, RecordField] = field(factory=dict)
    each: str | None = None

    def place(self, path: str) -> Place:
        """Return what a path means.

        Raises:
            InputError: for one that means nothing here.
        """
        first, *rest = path.split("/")
        found: Place | None = None
        if first in self.fields:
            found = _of_field(first, self.fields[first], rest)
        elif first == "studio" and rest and rest[0] in STUDIO and not rest[1:]:
            found = _of_studio(rest[0])
        elif first == "policy" and rest and rest[0] in POLICY and not rest[1:]:
            found = _always(lambda language: POLICY[rest[0]](self.policy, language))
        elif first == "mark" and rest[1:] == ["label"] and rest[0] in MARK_LABELS:
            found = _always(MARK_LABELS[rest[0]].get)
        elif first == "item" and self.each == ITEMS and len(rest) == 1 and rest[0] in ITEM:
            found = _shown(ITEM[rest[0]])
        elif first in {"criteria", "gates", "deductions", "sections", "total"}:
            found = self._of_sheet(first, rest)
        elif first in self.policy.record_kinds and rest:
            found = self._of_kind(first, rest)
        if found is None:
            raise wrong(UNKNOWN_NAME, path, known=self.known())
        return found

    def known(self) -> list[str]:
        """Return the paths that there are, as far as they can be listed."""
        kinds = self.policy.record_kinds
        rubric = self.policy.rubric
        return [
            *self.fields,
            *(f"studio/{name}" for name in STUDIO),
            *(f"policy/{name}" for name in POLICY),
            *((f"item/{name}" for name in ITEM) if self.each == ITEMS else ()),
            *(f"criteria/{name}/points" for name in rubric.criteria),
            *(f"gates/{name}/met" for name in rubric.gates),
            *(f"sections/{name}/points" for name in rubric.sections),
            "total/points",
            *(f"{k}/{f}" for k, kind in kinds.items() if kind.once for f in kind.fields),
        ]

    def _of_kind(self, kind: str, rest: list[str]) -> Place | None:
        fields = self.policy.record_kinds[kind].fields
        if rest[0] not in fields:
            return None
        inner = _of_field(rest[0], fields[rest[0]], rest[1:])
        if inner is None or inner.fixed:
            return inner
        if not self.policy.record_kinds[kind].once:
            return None  # of which of them it would be, nobody could say

        def show(subject: Subject, slot: Slot, language: Language) -> str:
            records = () if subject.studio is None else subject.studio.of_kind(kind)
            record = records[-1].document() if records else {}
            return inner.show(Subject(record=record), slot, language)

        return Place(show=show, key=f"{kind}/{inner.key}", part=inner.part, field=inner.field)

    def _of_sheet(self, first: str, rest: list[str]) -> Place | None:
        if first == "total":
            name, wanted = "", "/".join(rest)
            known: Iterable[str] = ("",)
        else:
            name, wanted = "/".join(rest[:-1]), rest[-1] if rest else ""
            known = getattr(self.policy.rubric, first)
        parts = SECTION if first in {"total", "sections"} else ITEM
        if name not in known or wanted not in parts:
            return None

        def show(subject: Subject, language: Language) -> str:
            if subject.sheet is None:
                return ""
            if first == "total":
                return SECTION[wanted](subject.sheet.total)
            found = next((e for e in getattr(subject.sheet, first) if e.id == name), None)
            if found is None:
                return ""
            if first == "sections":
                return SECTION[wanted](found.points)
            return ITEM[wanted](Subject(sheet=subject.sheet, item=found), language)

        judged = first in {"criteria", "gates"} and name in self.policy.rubric.judged_facts
        if judged and wanted in {"points", "met"}:
            read = MARK_FIELDS["points" if first == "criteria" else "met"]
            return Place(show=lambda s, _, lang: show(s, lang), key=f"marks/{name}", field=read)
        return _shown(show)


def _of_studio(name: str) -> Place:
    show = STUDIO[name]
    return Place(
        show=lambda subject, _, language: show(subject, language),
        key=f"studio/{name}",
        field=_TYPES["name"],
    )


def _shown(show: Callable[[Subject, Language], str]) -> Place:
    return Place(show=lambda subject, _, language: show(subject, language))


def _always(say: Callable[[Language], str]) -> Place:
    return Place(show=lambda _, __, language: say(language), fixed=True)


def _of_field(name: str, declared: RecordField, rest: list[str]) -> Place | None:
    """Return the place of a field, or of a part of its value."""
    part = "/".join(rest) or None
    if part == "label":
        return _always(declared.label.get)
    if part is None and declared.type == "person":
        inner, part = _TYPES["name"], "name"
    elif part is None:
        inner = declared
    elif declared.type in {"person", "people"} and part in _PERSON_PARTS:
        inner = _TYPES["id"] if part == "id" else declared
    elif declared.type == "opinion" and part in _OPINION_PARTS:
        inner = _TYPES[part]
    else:
        return None

    def show(subject: Subject, slot: Slot, language: Language) -> str:
        value = subject.record.get(name)
        if isinstance(value, Mapping) and part in {"id", "name", *_OPINION_PARTS}:
            value = value.get(part)
        if slot.value is not None:
            chosen = value if isinstance(value, list | tuple) else [value]
            return (slot.on or "") if slot.value in chosen else slot.empty
        if slot.on is not None:
            return slot.on if value is True else slot.empty
        if value is None or value in ("", [], ()):
            return slot.empty
        return shown(inner, value, language, with_ids=part == "with_id")

    return Place(show=show, key=name, part=None if part == "with_id" else part, field=inner)
