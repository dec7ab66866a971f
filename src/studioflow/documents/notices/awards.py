"""The award record: each one's part in the activities, for awards of Party members (5a.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import define, field

from studioflow.documents.paper import Block, Cell, Paper, Paragraph, Table
from studioflow.documents.report.words import heads, say
from studioflow.policy import RecordKind
from studioflow.programme import Programme
from studioflow.studio import Record, Studio
from studioflow.text import Language, Text

__all__ = ["award_record"]

_TITLE = Text(
    "{policy}：活动参与记录（评先评优依据）", "{policy}: who took part in what, for awards"
)
_WHY = Text(
    "活动开展情况作为党员评先评优的依据（5a.2）。截至{day}。",
    "How activities are conducted is a basis for awards of Party members (5a.2). As of {day}.",
)
_PERSON = Text("人员", "Person")
_STUDIO = Text("工作室", "Studio")
_AS = Text("身份", "As")
_PART = Text("参加的活动与成果", "Activities and results")
_COUNT = Text("条数", "Records")
_LEAD = Text("领衔人", "the lead")
_ROSTER = Text("{label}（{since}至{until}）", "{label} ({since} to {until})")
_NOW = Text("今", "now")
_DONE = Text("{label}{count}条：{days}", "{label}, {count}: {days}")
_UNDATED = Text("未注日期", "no day given")
_FLAG = Text("{label}：是", "{label}: yes")


@define
class _Part:
    """What one person is and did in one studio."""

    name: str = ""
    roles: list[str] = field(factory=list)
    done: dict[str, list[str]] = field(factory=lambda: defaultdict(list))


def award_record(
    programme: Programme, *, personal: bool = False, language: Language = "en"
) -> Paper:
    """Return who took part in what: people by id, and by name where that is asked for.

    Every kind of record that names people counts: rosters say as what somebody belongs to a
    studio, all others what they did.

    Args:
        programme: whose register is read.
        personal: whether names, and what rosters say of a person, stand in it.
        language: of every word.
    """
    policy = programme.policy
    title = say(_TITLE, language, policy=policy.label)
    rows = [heads(language, _PERSON, _STUDIO, _AS, _COUNT, _PART)]
    for studio in programme.studios():
        kinds = programme.policy_of(studio).record_kinds
        for person, part in sorted(_parts(studio, kinds, language, personal=personal).items()):
            done = [
                say(_DONE, language, label=label, count=len(days), days=tuple(days))
                for label, days in part.done.items()
            ]
            count = sum(len(days) for days in part.done.values())
            rows.append(
                (
                    Cell(f"{part.name} {person}".strip() if personal else person, head=True),
                    Cell(studio.name),
                    Cell("\n".join(part.roles)),
                    Cell(str(count), align="right"),
                    Cell("\n".join(done)),
                )
            )
    blocks: tuple[Block, ...] = (
        Paragraph(title, style="title"),
        Paragraph(say(_WHY, language, day=programme.today())),
        Table(rows=tuple(rows), widths=(24, 30, 36, 12, 78), caption=title, head_rows=1),
    )
    return Paper(title=title, blocks=blocks, language=language, footer=policy.id)


def _parts(
    studio: Studio, kinds: Mapping[str, RecordKind], language: Language, *, personal: bool
) -> dict[str, _Part]:
    parts: dict[str, _Part] = defaultdict(_Part)
    if studio.application is not None:
        lead = studio.application.lead
        parts[lead.id].name = lead.name
        parts[lead.id].roles.append(_LEAD.get(language))
    for record in studio.records.values():
        kind = kinds.get(record.kind)
        if kind is None:
            continue
        for person, name in _people(record, kind):
            part = parts[person]
            part.name = part.name or name
            if kind.since is not None:
                part.roles += _roster(record, kind, language, personal=personal)
            elif kind.date is not None:
                day = str(record.data.get(kind.date) or _UNDATED.get(language))
                part.done[kind.label.get(language)].append(day)
    return {person: part for person, part in parts.items() if part.roles or part.done}


def _people(record: Record, kind: RecordKind) -> Iterator[tuple[str, str]]:
    """Yield the id and the name of everybody whom a record names as taking part."""
    document = record.document()
    for name, declared in kind.fields.items():
        if declared.type not in {"person", "people"}:
            continue
        value = document.get(name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                yield str(each["id"]), str(each.get("name", ""))


def _roster(
    record: Record, kind: RecordKind, language: Language, *, personal: bool
) -> Iterator[str]:
    yield say(
        _ROSTER,
        language,
        label=kind.label,
        since=record.data.get(str(kind.since), ""),
        until=record.data.get(str(kind.until)) or _NOW.get(language),
    )
    if personal:
        document = record.document()
        for name, declared in kind.fields.items():
            if declared.type == "flag" and document.get(name) is True:
                yield say(_FLAG, language, label=declared.label)
