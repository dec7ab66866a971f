"""The bulletin: for a period, how each studio stands, what it lacks, and what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from studioflow.text import Language, Text, listed, render
from studioflow.verdict import Reason

__all__ = ["Bulletin", "BulletinEntry", "Lack", "Next", "Taken"]

_HEAD = Text("{start}至{end}：{count}个工作室", "{start} to {end}, studios: {count}")
_STATE = Text("{state}{count}个", "{state}: {count}")
_ENTRY = Text("{studio} {name}：{state}（自{since}）", "{studio} {name}: {state} since {since}")
_TAKEN = Text("  本期办理：{taken}", "  in this period: {taken}")
_STEP = Text("{day}{label}", "{day} {label}")
_LACKS = Text("  尚缺{what}：{items}", "  {what}: {items}")
_NEXT = Text("  下一步：{label}", "  next: {label}")
_FROM = Text("，自{day}起", ", from {day}")
_BY = Text("，{day}前（含当日）", ", by {day}")
_WHOSE = Text("；由{roles}办理", "; for {roles}")
_MORE = Text("等{count}项", "… ({count} in all)")
_MOST_NAMED = 6
_KINDS: Mapping[str, Text] = {
    "facts": Text("事实", "facts that are missing"),
    "gates": Text("必备项", "gates that are not met"),
    "pending": Text("了结", "still pending"),
    "duties": Text("应办事项（逾期）", "overdue"),
}


@frozen(kw_only=True)
class Taken:
    """A step that was taken in the period; `state` is where it led to, if it led anywhere."""

    on: date
    action: str
    label: Text
    state: str | None = None

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the step ready for JSON."""
        return {
            "on": self.on.isoformat(),
            "action": self.action,
            "label": self.label.get(language),
            "state": self.state,
        }


@frozen(kw_only=True)
class Lack:
    """One thing that a studio lacks, by the id of the fact, gate, pending thing or duty."""

    id: str
    label: Text
    since: date | None = None

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return it ready for JSON."""
        day = None if self.since is None else self.since.isoformat()
        return {"id": self.id, "label": self.label.get(language), "since": day}


@frozen(kw_only=True)
class Next:
    """A step towards the studio's next milestone.

    Attributes:
        roles: whose it is: labels by name.
        start: from when it may be taken, as far as that is known and has not come.
        end: by when it is to be taken.
        reasons: what is against it as things stand.
    """

    action: str
    label: Text
    roles: Mapping[str, Text] = field(factory=dict)
    start: date | None = None
    end: date | None = None
    clause: str | None = None
    reasons: tuple[Reason, ...] = ()

    def explain(self, language: Language = "en") -> str:
        """Return the step in a line, and one for each reason."""
        told = render(_NEXT, {"label": self.label}, language)
        told += "" if self.start is None else render(_FROM, {"day": self.start}, language)
        told += "" if self.end is None else render(_BY, {"day": self.end}, language)
        told += render(_WHOSE, {"roles": tuple(self.roles.values())}, language)
        return "\n".join([told, *(f"    · {each.explain(language)}" for each in self.reasons)])

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the step ready for JSON."""
        return {
            "action": self.action,
            "label": self.label.get(language),
            "roles": {name: label.get(language) for name, label in self.roles.items()},
            "from": None if self.start is None else self.start.isoformat(),
            "to": None if self.end is None else self.end.isoformat(),
            "clause": self.clause,
            "reasons": [reason.to_dict(language) for reason in self.reasons],
        }


@frozen(kw_only=True)
class BulletinEntry:
    """How one studio stands at the end of the period.

    Attributes:
        studio, name: its id, and the name that was declared.
        state: with its `label`, and the day `since` which it is in it.
        taken: the steps of the period.
        facts, gates, pending, duties: what it lacks.
        next: the steps towards its next milestone; none at the end of its way.
    """

    studio: str
    name: str
    state: str
    label: Text
    since: date
    taken: tuple[Taken, ...] = ()
    facts: tuple[Lack, ...] = ()
    gates: tuple[Lack, ...] = ()
    pending: tuple[Lack, ...] = ()
    duties: tuple[Lack, ...] = ()
    next: tuple[Next, ...] = ()

    @property
    def lacks(self) -> Mapping[str, tuple[Lack, ...]]:
        """What it lacks, by kind: facts, gates, pending, duties."""
        return {kind: getattr(self, kind) for kind in _KINDS}

    def explain(self, language: Language = "en") -> str:
        """Return how it stands, what was done, what it lacks and what is next, in lines."""
        head = {"studio": self.studio, "name": self.name, "state": self.label, "since": self.since}
        lines = [render(_ENTRY, head, language)]
        if self.taken:
            taken = [render(_STEP, {"day": e.on, "label": e.label}, language) for e in self.taken]
            lines.append(render(_TAKEN, {"taken": _named(taken, language)}, language))
        for kind, lacks in self.lacks.items():
            if lacks:
                items = _named([lack.label.get(language) for lack in lacks], language)
                lines.append(render(_LACKS, {"what": _KINDS[kind], "items": items}, language))
        return "\n".join([*lines, *(step.explain(language) for step in self.next)])

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the entry ready for JSON."""
        return {
            "studio": self.studio,
            "name": self.name,
            "state": self.state,
            "label": self.label.get(language),
            "since": self.since.isoformat(),
            "taken": [each.to_dict(language) for each in self.taken],
            "lacks": {
                kind: [lack.to_dict(language) for lack in lacks]
                for kind, lacks in self.lacks.items()
            },
            "next": [step.to_dict(language) for step in self.next],
        }


@frozen(kw_only=True)
class Bulletin:
    """How a batch stands at the end of a period, and what happened in it.

    Attributes:
        policy: the id of the policy in force.
        start, end: the first and the last day.
        entries: each studio that there was by then.
    """

    policy: str
    start: date
    end: date
    entries: tuple[BulletinEntry, ...] = ()

    @property
    def states(self) -> Mapping[str, int]:
        """How many studios are in each state."""
        return Counter(entry.state for entry in self.entries)

    def explain(self, language: Language = "en") -> str:
        """Return how many studios are in each state, and then each studio, in lines."""
        head = {"start": self.start, "end": self.end, "count": len(self.entries)}
        labels = {entry.state: entry.label for entry in self.entries}
        counts = [
            render(_STATE, {"state": labels[name], "count": count}, language)
            for name, count in self.states.items()
        ]
        lines = [render(_HEAD, head, language)]
        lines += [listed(counts, language)] if counts else []
        return "\n".join([*lines, *(entry.explain(language) for entry in self.entries)])

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the bulletin ready for JSON."""
        return {
            "schema": "studioflow.bulletin/1",
            "policy": self.policy,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "states": dict(self.states),
            "studios": [entry.to_dict(language) for entry in self.entries],
        }


def _named(items: list[str], language: Language) -> list[str]:
    """Return the first few of many, and how many there are."""
    if len(items) <= _MOST_NAMED:
        return items
    return [*items[:_MOST_NAMED], render(_MORE, {"count": len(items)}, language)]
