"""Records that come in with an action: their form, and what speaks against keeping them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count

from attrs import evolve

from studioflow.codec import UNKNOWN_NAME, Collector, to_json, wrong
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.independence import not_their_own
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.policy import Policy, RecordKind, Transition
from studioflow.policy.record_values import record_id
from studioflow.studio import Record, person_id, seats
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["against_records", "of_one_studio", "taken_in"]

RECORD_EXISTS = message(
    "record_exists",
    zh="未用过的 id（更正已有的记录用 correct）",
    en="an id that was not used before; what is on file is changed by a correction",
)
NOT_A_CORRECTION = message(
    "not_a_correction", zh="更正时才能撤去记录", en="an action that corrects, to strike a record"
)
FUTURE_RECORD = message(
    "future_record",
    zh="{kind} {record} 的日期{day}晚于{on}",
    en="{kind} {record}: {day} lies after {on}",
)
DOUBLED_RECORD = message(
    "doubled_record",
    zh="{kind} {record} 与已有的 {other} 是同一份材料",
    en="{kind} {record} is the same evidence as {other}",
)
SAME_ELSEWHERE = message(
    "same_elsewhere",
    zh="{kind} {record} 与工作室 {studios} 的材料相同",
    en="{kind} {record} is the same evidence as one of {studios}",
)
TWICE_ON_ROSTER = message(
    "twice_on_roster",
    zh="{kind} {record}：{person}已在名册上（{other}）",
    en="{kind} {record}: {person} is on the roster already ({other})",
)
ON_OTHER_ROSTER = message(
    "on_other_roster",
    zh="{person}已是工作室 {studios} 的{kind}，一人只能在一个工作室",
    en="{person} is {kind} of {studios} already, and nobody is that of two studios",
)
WRONG_RECORDER = message(
    "wrong_recorder", zh="{kind}由{roles}记录", en="{kind} is recorded by {roles}"
)
ONLY_ONE = message(
    "only_one",
    zh="{kind}只能有一份（已有 {other}）",
    en="there is one {kind} alone, and {other} is on file",
)
LATE_RECORD = message(
    "late_record",
    zh="{kind} {record} 迟交{days}天（日期为{day}）",
    en="{kind} {record} came {days} days late (its day: {day})",
)


def taken_in(
    policy: Policy, transition: Transition, attempt: Attempt, collector: Collector
) -> tuple[Record, ...]:
    """Return the records that came in, with an id each, and collect what is wrong with them."""
    ids = _Ids(attempt, corrects=transition.corrects)
    taken: list[Record] = []
    for kind_name, items in attempt.records.items():
        kind: RecordKind | None = None
        with collector.under("records", kind_name):
            kind = _looked_up(kind_name, policy)
        for position, item in enumerate(items):
            with collector.under("records", kind_name, position):
                if kind is not None:
                    taken.append(_taken(kind, item, ids, attempt))
    for position, name in enumerate(attempt.strike):
        with collector.under("strike", position):
            if not transition.corrects:
                raise wrong(NOT_A_CORRECTION, name)
            known = [
                *attempt.studio.records,
                *(f"{m.criterion}/{m.by}" for m in attempt.studio.marks),
            ]
            if name not in known:
                raise wrong(UNKNOWN_NAME, name, known=known)
    return tuple(taken)


def _looked_up(name: str, policy: Policy) -> RecordKind:
    if name not in policy.record_kinds:
        raise wrong(UNKNOWN_NAME, name, known=policy.record_kinds)
    return policy.record_kinds[name]


class _Ids:
    """The ids that records of one studio have, those of struck records included."""

    def __init__(self, attempt: Attempt, *, corrects: bool) -> None:
        studio, struck = attempt.studio, attempt.strike
        self.used = {record.id for event in studio.history for record in event.records}
        # What is struck is gone, and nothing takes its place under the same id.
        on_file = studio.records if corrects else {}
        self.on_file = {name: r for name, r in on_file.items() if name not in struck}
        self.now: set[str] = set()
        # Whoever is given no id takes none that another one brings.
        items = [item for items in attempt.records.values() for item in items]
        self.brought = {str(item.get("id")) for item in items if isinstance(item, Mapping)}

    def of(self, given: object, kind: RecordKind) -> str:
        """Return a record's id: its own, that of the one it replaces, or the next one free.

        Raises:
            InputError: for an id that another record has or had.
        """
        alone = next((r for r in self.on_file.values() if r.kind == kind.name), None)
        if given is None and kind.once and alone is not None and alone.id not in self.now:
            name = alone.id  # a correction of the only one
        elif given is None:
            names = map(f"{kind.name}-{{}}".format, count(1))
            name = next(n for n in names if self._free(n) and n not in self.brought)
        else:
            name = record_id(given)
            replaced = self.on_file.get(name)
            replaces = replaced is not None and replaced.kind == kind.name and name not in self.now
            if not (replaces or self._free(name)):
                raise wrong(RECORD_EXISTS, name)
        self.now.add(name)
        return name

    def _free(self, name: str) -> bool:
        return name not in self.used and name not in self.now


def _taken(kind: RecordKind, item: object, ids: _Ids, attempt: Attempt) -> Record:
    own_id: object = None
    if isinstance(item, Mapping):
        item = dict(item)
        own_id = item.pop("id", None)
    collector = Collector()
    name = ""
    with collector.under():
        name = ids.of(own_id, kind)
    data: dict[str, object] = {}
    with collector.under():
        data = kind.dump(kind.load(item))
    collector.finish()
    public, personal = kind.separated(data)
    record = Record(
        kind=kind.name,
        id=name,
        data=public,
        personal=personal,
        by=attempt.by,
        handed_in=attempt.today or attempt.on,
        evidence=_evidence(kind, public),
    )
    return evolve(record, late=_days_late(record, kind, attempt) > 0)


def _evidence(kind: RecordKind, data: Mapping[str, object]) -> str | None:
    """Return the digest of what makes two records of a kind the same evidence."""
    values = [data.get(name) for name in kind.same]
    if all(value is None for value in values):
        return None
    return "same:" + hashlib.sha256(to_json([kind.name, *values]).encode()).hexdigest()


def against_records(matter: Matter) -> Iterable[Objection]:
    """Object to records that can not be kept, and warn of those that came late or twice."""
    kinds = matter.policy.record_kinds
    before = matter.attempt.studio.records
    struck = [before[name] for name in matter.attempt.strike if name in before]
    # What its own people may not record, they may not strike either; others may, with a reason.
    touched = (*matter.records, *(struck if matter.is_own(matter.attempt.by) else ()))
    for name in dict.fromkeys(record.kind for record in touched):
        yield from _about_recorder(matter, kinds[name])
    # As the file would be; of two that come together, the second one is the double.
    rest = {**matter.file.records}
    for record in reversed(matter.records):
        del rest[record.id]
    for record in matter.records:
        kind = kinds[record.kind]
        yield from _about_fields(matter, record, kind)
        yield from _about_day(matter, record, kind)
        for objection in _about_others(matter, record, kind, rest.values()):
            clause = kind.clause or matter.transition.clause
            yield Objection(evolve(objection.reason, clause=clause), warns=objection.warns)
        rest[record.id] = record


def of_one_studio(matter: Matter) -> Iterator[Objection]:
    """Object to whoever would be on such rosters of two studios at once."""
    before = seats(matter.policy, matter.attempt.studio)
    for name, person in seats(matter.policy, matter.file).items():
        asked = () if name in before else matter.attempt.elsewhere(name)
        studios = tuple(dict.fromkeys(other for other in asked if other != matter.file.id))
        if studios:
            kind = matter.policy.record_kinds[name.split(":")[1]]
            told = {"person": person, "studios": studios, "kind": kind.label}
            yield Objection(Reason(ON_OTHER_ROSTER, told, kind.clause, about=(person,)))


def _about_recorder(matter: Matter, kind: RecordKind) -> Iterator[Objection]:
    by = matter.attempt.by
    if not matter.has_role(by, kind.supplied_by):
        parameters = {"kind": kind.label, "roles": matter.roles(kind.supplied_by)}
        yield Objection(Reason(WRONG_RECORDER, parameters, kind.clause, about=kind.supplied_by))
    if kind.independent and not matter.transition.independent:
        for reason in not_their_own(matter, by):
            yield Objection(reason)


def _about_fields(matter: Matter, record: Record, kind: RecordKind) -> Iterator[Objection]:
    """Object to fields that are for others to fill in, unless they stay as they were."""
    before = matter.attempt.studio.records.get(record.id)
    said, was = record.document(), before.document() if before else {}
    for name, declared in kind.fields.items():
        roles = declared.supplied_by
        if (
            roles
            and said.get(name) != was.get(name)
            and not matter.has_role(matter.attempt.by, roles)
        ):
            parameters = {"kind": declared.label, "roles": matter.roles(roles)}
            clause = declared.clause or kind.clause
            yield Objection(Reason(WRONG_RECORDER, parameters, clause, about=roles))


def _about_day(matter: Matter, record: Record, kind: RecordKind) -> Iterator[Objection]:
    day, attempt = _date(record, kind), matter.attempt
    if day is None:
        return
    told = {"kind": kind.label, "record": record.id, "day": day}
    on = min(attempt.on, attempt.today or attempt.on)
    if day > on:
        reason = Reason(FUTURE_RECORD, {**told, "on": on}, kind.clause, about=(record.id,))
        yield Objection(reason)
    days = _days_late(record, kind, attempt)
    if days > 0:
        reason = Reason(LATE_RECORD, {**told, "days": days}, kind.clause, about=(record.id,))
        yield Objection(reason, warns=True)


def _about_others(
    matter: Matter, record: Record, kind: RecordKind, others: Iterable[Record]
) -> Iterator[Objection]:
    told = {"kind": kind.label, "record": record.id}
    own = record.evidence
    for other in others:
        if other.kind != kind.name:
            continue
        if kind.once:
            yield Objection(Reason(ONLY_ONE, {**told, "other": other.id}, about=(record.id,)))
        elif own is not None and own == other.evidence:
            reason = Reason(DOUBLED_RECORD, {**told, "other": other.id}, about=(record.id,))
            yield Objection(reason)
    asked = matter.attempt.elsewhere(own) if own is not None and kind.same_across else ()
    person = person_id(record, kind)
    for other in others if kind.since else ():
        if (
            other.kind == kind.name
            and person == person_id(other, kind)
            and _meet(record, other, kind)
        ):
            parameters = {**told, "other": other.id, "person": person}
            yield Objection(Reason(TWICE_ON_ROSTER, parameters, about=(record.id,)), warns=True)
    studios = tuple(dict.fromkeys(name for name in asked if name != matter.file.id))
    if studios:
        reason = Reason(SAME_ELSEWHERE, {**told, "studios": studios}, about=(record.id,))
        yield Objection(reason, warns=True)


def _meet(one: Record, other: Record, kind: RecordKind) -> bool:
    """Return whether two times on a roster have a day in common."""

    def ends(record: Record) -> tuple[str, str]:
        since, until = record.data.get(kind.since or ""), record.data.get(kind.until or "")
        return str(since), str(until or date.max.isoformat())

    (since, until), (other_since, other_until) = ends(one), ends(other)
    return since <= other_until and other_since <= until


def _date(record: Record, kind: RecordKind) -> date | None:
    value = record.data.get(kind.date or kind.since or "")
    return date.fromisoformat(value) if isinstance(value, str) else None


def _days_late(record: Record, kind: RecordKind, attempt: Attempt) -> int:
    """Return by how many days more than its kind allows the record comes after its date.

    The day on which it is written down counts, since the day of an action is only claimed.
    """
    day = _date(record, kind)
    if day is None or kind.due_days is None:
        return 0
    return ((attempt.today or attempt.on) - day).days - kind.due_days
