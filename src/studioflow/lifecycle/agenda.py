"""The agenda: what is due, overdue, to come or possible for studios on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from attrs import evolve, field, frozen

from studioflow.text import Language, Text, render
from studioflow.verdict import Reason

__all__ = ["KINDS", "LOOK_AHEAD", "Agenda", "AgendaItem", "Kind"]

LOOK_AHEAD = timedelta(days=90)
"""How far an agenda looks ahead where nobody says how far."""

Kind = Literal["overdue", "due", "upcoming", "possible"]

KINDS: Mapping[Kind, Text] = {  # in their order
    "overdue": Text("逾期", "overdue"),
    "due": Text("应办", "due"),
    "upcoming": Text("将到", "upcoming"),
    "possible": Text("可办", "possible"),
}
_HEAD = Text("{on}至{until}", "{on} to {until}")
_NOTHING = Text("没有事项", "nothing")
_KIND = Text("{kind}（{count}）", "{kind} ({count})")
_ITEM = Text("{studio}：{label}", "{studio}: {label}")
_NEW = Text("新工作室", "new studios")
_BY = Text("，{day}前（含当日）", ", by {day}")
_FROM = Text("，自{day}起", ", from {day}")
_BETWEEN = Text("，{start}至{end}", ", {start} to {end}")
_WHOSE = Text("；由{roles}办理", "; for {roles}")
_CLAUSE = Text("（{clause}）", " ({clause})")


@frozen(kw_only=True)
class AgendaItem:
    """One thing that a studio, or who is to declare one, can or must do.

    Attributes:
        id: the same on every day and in every run.
        kind: "overdue": its last day is over; "due": it is to be done now; "upcoming": it begins
            later; "possible": it may be done and need not.
        studio: its id; None for studios that are not declared yet.
        action: the step that does it; None for a deadline that any step may meet.
        duty: the policy's duty, where it is one.
        label: in words.
        roles: whose it is: labels by name.
        start, end: its first and last day, where there are such days.
        reasons: what is against it as things stand, and what is said to it.
    """

    id: str
    kind: Kind
    studio: str | None
    action: str | None = None
    duty: str | None = None
    label: Text
    roles: Mapping[str, Text] = field(factory=dict)
    start: date | None = None
    end: date | None = None
    clause: str | None = None
    reasons: tuple[Reason, ...] = ()

    def explain(self, language: Language = "en") -> str:
        """Return the item in a line, and one for each reason."""
        studio = _NEW.get(language) if self.studio is None else self.studio
        told = render(_ITEM, {"studio": studio, "label": self.label}, language)
        told += self._when(language)
        if self.roles:
            told += render(_WHOSE, {"roles": tuple(self.roles.values())}, language)
        if self.clause:
            told += render(_CLAUSE, {"clause": self.clause}, language)
        return "\n".join([told, *(f"  · {each.explain(language)}" for each in self.reasons)])

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the item ready for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "studio": self.studio,
            "action": self.action,
            "duty": self.duty,
            "label": self.label.get(language),
            "roles": {name: label.get(language) for name, label in self.roles.items()},
            "from": None if self.start is None else self.start.isoformat(),
            "to": None if self.end is None else self.end.isoformat(),
            "clause": self.clause,
            "reasons": [reason.to_dict(language) for reason in self.reasons],
        }

    def _when(self, language: Language) -> str:
        match self.start, self.end:
            case None, None:
                return ""
            case start, None:
                return render(_FROM, {"day": start}, language)
            case start, end if start is None or self.kind != "upcoming":
                return render(_BY, {"day": end}, language)
            case start, end:
                return render(_BETWEEN, {"start": start, "end": end}, language)


@frozen(kw_only=True)
class Agenda:
    """What there is to do on a day.

    Attributes:
        policy: its id.
        on: the day.
        until: how far it looks ahead.
        items: the overdue first, then those that are due, upcoming and possible, each by day.
    """

    policy: str
    on: date
    until: date
    items: tuple[AgendaItem, ...] = ()

    @classmethod
    def of(cls, policy: str, on: date, until: date, items: Iterable[AgendaItem]) -> Agenda:
        """Return an agenda with its items in their order."""
        order = tuple(KINDS)

        def rank(item: AgendaItem) -> tuple[object, ...]:
            day = item.start if item.kind == "upcoming" else item.end
            return (order.index(item.kind), day or date.max, item.studio or "", item.id)

        return cls(policy=policy, on=on, until=until, items=tuple(sorted(items, key=rank)))

    def of_kind(self, *kinds: Kind) -> Agenda:
        """Return what is of some kinds."""
        return evolve(self, items=tuple(item for item in self.items if item.kind in kinds))

    def for_role(self, role: str) -> Agenda:
        """Return what is for a role."""
        return evolve(self, items=tuple(item for item in self.items if role in item.roles))

    def explain(self, language: Language = "en") -> str:
        """Return a line for each item, under a heading for each kind."""
        lines = [render(_HEAD, {"on": self.on, "until": self.until}, language)]
        for kind, label in KINDS.items():
            items = self.of_kind(kind).items
            if items:
                lines.append(render(_KIND, {"kind": label, "count": len(items)}, language))
            for item in items:
                lines += [f"  {line}" for line in item.explain(language).splitlines()]
        return "\n".join(lines if self.items else [*lines, f"  {_NOTHING.get(language)}"])

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the agenda ready for JSON."""
        return {
            "schema": "studioflow.agenda/1",
            "policy": self.policy,
            "on": self.on.isoformat(),
            "until": self.until.isoformat(),
            "items": [item.to_dict(language) for item in self.items],
        }

    def to_ical(self, language: Language = "en") -> bytes:
        """Return every item that has a day as an iCalendar file of all-day events.

        An event has the id of its item, so that a calendar that reads the file again tomorrow
        changes its events and does not add to them.

        Raises:
            MissingExtraError: where the library icalendar is not installed.
        """
        from studioflow.lifecycle.icalendar_file import written

        return written(self, language)
