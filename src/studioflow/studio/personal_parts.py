"""What of an event is personal, by path: names, what a policy says is, and all free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from studioflow.people import Mark, Person

if TYPE_CHECKING:
    from studioflow.rubric import Inspection, ScoreSheet
    from studioflow.studio.application import Application
    from studioflow.studio.event import Event, Record

__all__ = ["joined", "owner_of", "separated"]

Parts = dict[str, object]


def separated(event: Event) -> tuple[Event, Parts]:
    """Return an event without its personal parts, and those by path."""
    parts: Parts = {}
    bare: dict[str, Any] = {}
    if event.application is not None:
        bare["application"] = _without_names(event.application, parts)
    if event.lead is not None:
        bare["lead"] = _nameless(event.lead, "lead", parts)
    if event.records:
        bare["records"] = tuple(_public(record, parts) for record in event.records)
    if event.remark is not None:
        parts["remark"] = event.remark
        bare["remark"] = None
    if event.gaps:
        parts |= {f"gaps/{number}": gap for number, gap in enumerate(event.gaps) if gap}
        bare["gaps"] = ("",) * len(event.gaps)
    if event.overrides:
        for name, override in event.overrides.items():
            if override.reason:
                parts[f"overrides/{name}/reason"] = override.reason
        bare["overrides"] = {n: evolve(each, reason="") for n, each in event.overrides.items()}
    if event.marks:
        bare["marks"] = _silent(event.marks, "marks", parts)
    if event.inspection is not None:
        bare["inspection"] = _seen(event.inspection, parts)
    for name in ("sheet", "self_assessment"):
        sheet: ScoreSheet | None = getattr(event, name)
        if sheet is not None and any(mark.remark is not None for mark in sheet.marks):
            bare[name] = evolve(sheet, marks=_silent(sheet.marks, f"{name}/marks", parts))
    return (evolve(event, **bare) if parts else event), parts


def _nameless(person: Person, path: str, parts: Parts) -> Person:
    if not person.name:
        return person
    parts[f"{path}/name"] = person.name
    return evolve(person, name="")


def _without_names(application: Application, parts: Parts) -> Application:
    members = enumerate(application.members)
    return evolve(
        application,
        lead=_nameless(application.lead, "application/lead", parts),
        members=tuple(_nameless(each, f"application/members/{n}", parts) for n, each in members),
    )


def _public(record: Record, parts: Parts) -> Record:
    if not record.personal:
        return record
    parts.update({f"records/{record.id}/{path}": value for path, value in record.personal.items()})
    return evolve(record, personal={})


def _silent(marks: Iterable[Mark], path: str, parts: Parts) -> tuple[Mark, ...]:
    bare = []
    for number, mark in enumerate(marks):
        if mark.remark is not None:
            parts[f"{path}/{number}/remark"] = mark.remark
            bare.append(evolve(mark, remark=None))
        else:
            bare.append(mark)
    return tuple(bare)


def _seen(inspection: Inspection, parts: Parts) -> Inspection:
    items = dict(inspection.items)
    for name, item in inspection.items.items():
        if item.remark is not None:
            parts[f"inspection/items/{name}/remark"] = item.remark
            items[name] = evolve(item, remark=None)
    return evolve(inspection, items=items)


def joined(event: Event, parts: Mapping[str, object]) -> Event:
    """Return an event with those of its personal parts that are still there."""
    if not parts:
        return event

    def text(path: str, otherwise: Any = "") -> Any:  # noqa: ANN401 - text, or nothing
        return parts.get(path, otherwise)

    def named(person: Person, path: str) -> Person:
        return evolve(person, name=text(f"{path}/name", person.name))

    def told(marks: Iterable[Mark], path: str) -> tuple[Mark, ...]:
        return tuple(
            evolve(mark, remark=text(f"{path}/{number}/remark", mark.remark))
            for number, mark in enumerate(marks)
        )

    full: dict[str, Any] = {"remark": text("remark", event.remark)}
    if event.application is not None:
        members = enumerate(event.application.members)
        full["application"] = evolve(
            event.application,
            lead=named(event.application.lead, "application/lead"),
            members=tuple(named(each, f"application/members/{n}") for n, each in members),
        )
    if event.lead is not None:
        full["lead"] = named(event.lead, "lead")
    full["records"] = tuple(
        evolve(record, personal={**record.personal, **_under(f"records/{record.id}/", parts)})
        for record in event.records
    )
    full["gaps"] = tuple(text(f"gaps/{number}", gap) for number, gap in enumerate(event.gaps))
    full["overrides"] = {
        name: evolve(override, reason=text(f"overrides/{name}/reason", override.reason))
        for name, override in event.overrides.items()
    }
    full["marks"] = told(event.marks, "marks")
    if event.inspection is not None:
        items = {
            name: evolve(item, remark=text(f"inspection/items/{name}/remark", item.remark))
            for name, item in event.inspection.items.items()
        }
        full["inspection"] = evolve(event.inspection, items=items)
    for name in ("sheet", "self_assessment"):
        sheet: ScoreSheet | None = getattr(event, name)
        if sheet is not None:
            full[name] = evolve(sheet, marks=told(sheet.marks, f"{name}/marks"))
    return evolve(event, **full)


def _under(prefix: str, parts: Mapping[str, object]) -> Parts:
    return {path.removeprefix(prefix): v for path, v in parts.items() if path.startswith(prefix)}


def owner_of(event: Event, path: str) -> str | None:
    """Return the id of the person whose part it is; None where nothing says so.

    >>> from datetime import date
    >>> from studioflow.people import Actor
    >>> from studioflow.rubric import PolicyReference
    >>> from studioflow.studio import Event
    >>> event = Event(
    ...     studio="s-01", action="replace_lead", source="operating", dest="operating",
    ...     on=date(2023, 4, 14), by=Actor("h-01", unit="样例学校"),
    ...     policy=PolicyReference("p", "1", "sha256:0"), lead=Person("t-02", "领衔人乙"),
    ...     remark="工作调动",
    ... )
    >>> {path: owner_of(event, path) for path in separated(event)[1]}
    {'lead/name': 't-02', 'remark': None}
    """
    kind, _, rest = path.partition("/")
    match kind:
        case "lead" if event.lead is not None:
            return event.lead.id
        case "application" if event.application is not None:
            if rest.startswith("lead/"):
                return event.application.lead.id
            found = re.fullmatch(r"members/([0-9]{1,6})/name", rest)
            members = event.application.members
            if found is None or int(found[1]) >= len(members):
                return None
            return members[int(found[1])].id
        case "records":
            for record in event.records:
                if rest.startswith(f"{record.id}/"):
                    return _beside(record.data, rest.removeprefix(f"{record.id}/"))
    return None


def _beside(data: Mapping[str, object], path: str) -> str | None:
    """Return the id that stands beside a part in its table."""
    here: Any = data
    for step in path.split("/")[:-1]:
        try:
            here = here[step] if isinstance(here, Mapping) else here[int(step)]
        except (LookupError, TypeError, ValueError):
            return None
    name = here.get("id") if isinstance(here, Mapping) and here is not data else None
    return name if isinstance(name, str) else None
