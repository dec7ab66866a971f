"""What a register says, on a terminal and as JSON: ids, and names only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, table
from studioflow.text import Language, Text, exact, listed

if TYPE_CHECKING:
    from studioflow.cohort import Rank
    from studioflow.lifecycle import Step
    from studioflow.policy import Policy
    from studioflow.studio import Event, Studio
    from studioflow.verdict import Verdict

__all__ = [
    "history_as_json",
    "history_view",
    "ranking_as_json",
    "ranking_view",
    "step_as_json",
    "step_view",
    "studio_as_json",
    "studio_view",
    "studios_as_json",
    "studios_view",
    "verdicts_as_json",
    "verdicts_view",
]

_STUDIO = Text("工作室", "studio")
_STATE = Text("状态", "state")
_EVENTS = Text("事件", "events")
_UNIT = Text("单位", "unit")
_LAST = Text("最近", "last")
_NOBODY = Text("（没有工作室）", "(no studio)")
_NEXT = Text("还有更多：--after {studio}", "there are more: --after {studio}")
_LEAD = Text("领衔人", "lead")
_MEMBERS = Text("成员", "members")
_RECORDS = Text("记录", "records")
_FACTS = Text("事实", "facts")
_TOTAL = Text("总分", "total")
_DECISION = Text("决定", "decision")
_DUE = Text("期限", "due")
_PENDING = Text("待办", "pending")
_NUMBER = Text("序号", "no.")
_ON = Text("日期", "day")
_STEP = Text("操作", "step")
_BY = Text("何人", "by")
_TO = Text("状态", "state")
_REMARK = Text("备注", "remark")
_RANK = Text("名次", "rank")


def studios_as_json(page: Sequence[Studio], following: str | None) -> dict[str, object]:
    """Return a page of studios as `studioflow.studios/1`."""
    rows = [{**_head(each), "last": each.history[-1].on.isoformat()} for each in page]
    return {"schema": "studioflow.studios/1", "studios": rows, "next": following}


def studios_view(page: Sequence[Studio], following: str | None, output: Output) -> None:
    """Print a page of studios."""
    if not page:
        output.line(output.say(_NOBODY))
        return
    heads = [output.say(each) for each in (_STUDIO, _STATE, _EVENTS, _LAST, _UNIT)]
    rows = table(*heads, right=(2,))
    for each in page:
        last = each.history[-1].on.isoformat()
        words = (each.id, each.state, str(each.version), last, each.unit or "")
        rows.add_row(*map(cell, words))
    output.show(rows)
    if following is not None:
        output.note(output.say(_NEXT).replace("{studio}", following))


def studio_as_json(studio: Studio, *, personal: bool) -> dict[str, object]:
    """Return a studio as `studioflow.studio/1`."""
    application = studio.application
    made: dict[str, object] = {"schema": "studioflow.studio/1", **_head(studio)}
    if application is not None:
        people = [application.lead, *application.members]
        told = [{"id": p.id, "name": p.name} if personal else {"id": p.id} for p in people]
        made |= {"name": application.name, "lead": told[0], "members": told[1:]}
    made["cycle"] = studio.cycle
    made["records"] = [
        {"id": each.id, "kind": each.kind, "late": each.late}
        | ({"document": _plain(each.document())} if personal else {})
        for each in studio.records.values()
    ]
    made["facts"] = _plain(studio.facts)
    sheet = studio.sheet
    made["total"] = None if sheet is None else sheet.total.to_dict()
    made["decision"] = studio.decision
    made["due"] = {action: day.isoformat() for action, day in studio.dues().items()}
    made["pending"] = dict(studio.pending())
    return made


def _plain(value: object) -> object:
    """Return a value as JSON has it: days in their ISO form, exact numbers as text."""
    match value:
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case date():
            return value.isoformat()
        case Fraction() | Decimal():
            return exact(Fraction(value))
        case _:
            return value


def _head(studio: Studio) -> dict[str, object]:
    return {
        "id": studio.id,
        "state": studio.state,
        "version": studio.version,
        "unit": studio.unit,
    }


def studio_view(studio: Studio, policy: Policy, output: Output, *, personal: bool) -> None:
    """Print a studio."""
    language = output.language
    label = policy.procedure.states[studio.state].label.get(language)
    name = studio.name if studio.application else studio.id
    output.line(f"{studio.id}  {name}")
    rows: list[tuple[Text, str]] = [(_STATE, f"{label} ({studio.state})")]
    if studio.application is not None:
        told = [
            f"{person.id} {person.name}" if personal and person.name else person.id
            for person in (studio.application.lead, *studio.application.members)
        ]
        rows += [
            (_UNIT, studio.application.unit),
            (_LEAD, told[0]),
            (_MEMBERS, listed(told[1:], language)),
        ]
    kinds: dict[str, int] = {}
    for record in studio.records.values():
        kinds[record.kind] = kinds.get(record.kind, 0) + 1
    counted = [
        f"{policy.record_kinds[kind].label.get(language)} {count}" for kind, count in kinds.items()
    ]
    rows.append((_RECORDS, listed(counted, language)))
    facts = [f"{name} = {_shown(value)}" for name, value in studio.facts.items()]
    rows.append((_FACTS, listed(facts, language)))
    points = studio.sheet.total.points if studio.sheet else None
    rows.append((_TOTAL, "" if points is None else exact(points)))
    rows.append((_DECISION, studio.decision or ""))
    rows.append(
        (_DUE, listed([f"{a} {d.isoformat()}" for a, d in studio.dues().items()], language))
    )
    rows.append((_PENDING, listed([f"{k} {n}" for k, n in studio.pending().items()], language)))
    shown = table("", "")
    for head, text in rows:
        if text:
            shown.add_row(cell(output.say(head), "bold"), cell(text))
    output.show(shown)


def _shown(value: object) -> str:
    return exact(value) if isinstance(value, Fraction) else str(value)


def history_as_json(studio: Studio, *, personal: bool) -> dict[str, object]:
    """Return the events of a studio as `studioflow.history/1`."""
    events = [
        {"number": number, **_event(event, personal=personal)}
        for number, event in enumerate(studio.history, 1)
    ]
    return {"schema": "studioflow.history/1", "studio": studio.id, "events": events}


def _event(event: Event, *, personal: bool) -> dict[str, object]:
    made: dict[str, object] = {
        "action": event.action,
        "source": event.source,
        "dest": event.dest,
        "on": event.on.isoformat(),
        "recorded": event.recorded.isoformat() if event.recorded else None,
        "by": {"id": event.by.id, "unit": event.by.unit, "roles": sorted(event.by.roles)},
        "policy": event.policy.fingerprint,
        "records": [record.id for record in event.records],
        "struck": list(event.struck),
        "marks": [f"{mark.criterion}/{mark.by}" for mark in event.marks],
        "facts": _plain(event.facts),
        "overrides": sorted(event.overrides),
        "decision": event.decision,
    }
    if event.reward is not None:
        made["reward"] = exact(event.reward)
    if event.sheet is not None:
        made["total"] = event.sheet.total.to_dict()
    if personal:
        made["remark"] = event.remark
        made["gaps"] = list(event.gaps)
    return made


def history_view(studio: Studio, policy: Policy, output: Output, *, personal: bool) -> None:
    """Print the events of a studio."""
    heads = [_NUMBER, _ON, _STEP, _TO, _BY] + ([_REMARK] if personal else [])
    rows = table(*map(output.say, heads), right=(0,))
    for number, event in enumerate(studio.history, 1):
        step = policy.procedure.transitions.get(event.action)
        label = step.label.get(output.language) if step else event.action
        words = [str(number), event.on.isoformat(), label, event.dest, event.by.id]
        rows.add_row(*map(cell, [*words, event.remark or ""] if personal else words))
    output.show(rows)


def verdicts_as_json(
    studio: str, verdicts: Mapping[str, Verdict], language: Language
) -> dict[str, object]:
    """Return what may happen to a studio as `studioflow.can/1`."""
    actions = {
        action: {
            "allowed": verdict.allowed,
            "wants_input": verdict.wants_input,
            "reasons": [reason.to_dict(language) for reason in verdict.reasons],
            "warnings": [warning.to_dict(language) for warning in verdict.warnings],
            "plugins_asked": verdict.plugins_asked,
        }
        for action, verdict in verdicts.items()
    }
    return {"schema": "studioflow.can/1", "studio": studio, "actions": actions}


def verdicts_view(verdicts: Mapping[str, Verdict], output: Output) -> None:
    """Print what may happen, and what may not and why."""
    for action, verdict in verdicts.items():
        head, *others = verdict.explain(output.language).splitlines()
        output.line(f"{head} ({action})")
        for line in others:
            output.line(line)


def step_as_json(step: Step, language: Language) -> dict[str, object]:
    """Return what an action came to as `studioflow.step/1`."""
    return {
        "schema": "studioflow.step/1",
        "studio": _head(step.studio),
        "event": _event(step.event, personal=False),
        "warnings": [warning.to_dict(language) for warning in step.verdict.warnings],
    }


def step_view(step: Step, policy: Policy, output: Output) -> None:
    """Print what an action came to."""
    state = policy.procedure.states[step.studio.state].label.get(output.language)
    head, *others = step.verdict.explain(output.language).splitlines()
    output.line(f"{step.studio.id}: {head}")
    for line in others:
        output.line(line)
    output.line(f"  → {state} ({step.studio.state}, {step.studio.version})")


def ranking_as_json(ranking: Iterable[Rank]) -> dict[str, object]:
    """Return the ranking as `studioflow.ranking/1`."""
    rows = [
        {"rank": each.place, "studio": each.studio, "points": exact(each.points)}
        for each in ranking
    ]
    return {"schema": "studioflow.ranking/1", "ranking": rows}


def ranking_view(ranking: Sequence[Rank], output: Output) -> None:
    """Print the ranking."""
    if not ranking:
        output.line(output.say(_NOBODY))
        return
    rows = table(*map(output.say, (_RANK, _STUDIO, _TOTAL)), right=(0, 2))
    for each in ranking:
        rows.add_row(*map(cell, (str(each.place), each.studio, exact(each.points))))
    output.show(rows)
