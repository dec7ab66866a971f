"""An agenda as an iCalendar file (RFC 5545): an all-day event for each item that has a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from studioflow.errors import MissingExtraError
from studioflow.lifecycle.agenda import KINDS, Agenda, AgendaItem
from studioflow.text import Language, Text, render

try:
    from icalendar import Calendar, Event
except ImportError as error:
    raise MissingExtraError("calendar") from error

__all__ = ["written"]

_SUMMARY = Text("【{kind}】{label}：{studio}", "{kind}: {label}, {studio}")
_NEW = Text("新工作室", "new studios")
_NAME = Text("{policy} 待办", "{policy}: agenda")


def written(agenda: Agenda, language: Language) -> bytes:
    """Return the file; the same agenda makes the same file, to the byte."""
    calendar = Calendar()
    calendar.add("prodid", "-//studioflow//agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", render(_NAME, {"policy": agenda.policy}, language))
    for item in agenda.items:
        event = _event(item, agenda, language)
        if event is not None:
            calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _event(item: AgendaItem, agenda: Agenda, language: Language) -> Event | None:
    # What is to come stands on its first day, and whatever has a last day there.
    day = item.start if item.kind == "upcoming" or item.end is None else item.end
    if day is None:
        return None
    studio = _NEW.get(language) if item.studio is None else item.studio
    said = {"kind": KINDS[item.kind], "label": item.label, "studio": studio}
    event = Event()
    event.add("uid", f"{item.id}@studioflow")
    event.add("dtstamp", datetime.combine(agenda.on, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", render(_SUMMARY, said, language))
    event.add("description", item.explain(language))
    event.add("categories", [KINDS[item.kind].get(language)])
    event.add("transp", "TRANSPARENT")
    return event
