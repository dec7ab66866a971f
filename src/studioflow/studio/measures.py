"""From the records of a case file to facts: what was counted, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from studioflow.algebra import Interpreter, Maybe, Ranges, Remark
from studioflow.policy import Calendar, Measure, Policy, RecordKind
from studioflow.policy.measures import LEAD
from studioflow.policy.records import SEALED
from studioflow.rubric import LeftOut, Measured
from studioflow.rules import Condition, Fact, known
from studioflow.studio.event import Record
from studioflow.studio.plugin_measures import PluginMeasure, answered, fitting
from studioflow.studio.studio import Studio
from studioflow.text import message
from studioflow.timeline import After, Moment, OnEvent, resolve
from studioflow.verdict import Reason

__all__ = ["case_facts", "measure", "person_id", "window_days"]

INCOMPLETE = message("record_incomplete", zh="缺{fields}", en="lacks {fields}")
OUTSIDE_WINDOW = message(
    "record_outside_window",
    zh="日期{day}不在{window}（{start}至{end}）之内",
    en="{day} lies outside {window} ({start} to {end})",
)
AFTER_THE_DAY = message(
    "record_after_day", zh="日期{day}晚于{on}", en="{day} lies after {on}, the day of counting"
)
OTHER_YEAR = message(
    "record_other_year",
    zh="是{year}年的，计数之日为{on}",
    en="is of {year}, and it is counted on {on}",
)
CAME_LATE = message("record_came_late", zh="迟交（{on}提交）", en="came late (handed in on {on})")
NOT_ON_ROSTER = message(
    "record_not_on_roster", zh="{person}不在{roster}之列", en="{person} is not among the {roster}"
)
NOT_SAID = message("record_not_said", zh="未写明：{fields}", en="does not say {fields}")
NOT_ON_DAY = message("record_not_on_day", zh="{on}不在册", en="not on the roster on {on}")
WINDOW_OPEN = message(
    "measure_window_open",
    zh="{window}的时间要看“{event}”在哪一天，尚未确定",
    en="when {window} is, hangs on the day of {event}, which has not happened",
)
NOTHING_TO_SHARE = message(
    "measure_no_share", zh="没有可计算比例的记录", en="there is nothing to take a share of"
)
NOT_FULFILLED = message("record_not_fulfilled", zh="不符合：{label}", en="is not: {label}")
_ALL = Fraction(100)
_OPEN_END = "…"


def case_facts(
    policy: Policy,
    studio: Studio,
    on: date,
    plugin_measures: Mapping[str, PluginMeasure] | None = None,
) -> dict[str, Measured]:
    """Return each fact that the policy measures, as it stands on a day.

    A studio that keeps no record at all has nothing to measure: its facts are handed in. One that
    has handed in a fact keeps it, as long as it has no record of the kind that is measured.
    """
    if not studio.records:
        return {}
    kept = {record.kind for record in studio.records.values()}
    measured = {
        name: measure(policy, studio, name, on, plugin_measures)
        for name, each in policy.measures.items()
        if kept.intersection(each.of) or name not in studio.facts
    }
    return fitting(policy, measured, studio.facts, plugin_measures or {})


def measure(
    policy: Policy,
    studio: Studio,
    name: str,
    on: date,
    plugin_measures: Mapping[str, PluginMeasure] | None = None,
) -> Measured:
    """Return one fact, measured on a day."""
    counting = _Counting(
        measure=policy.measures[name],
        policy=policy,
        studio=studio,
        on=on,
    )
    return counting.measured(name, plugin_measures or {})


@frozen(eq=False, kw_only=True)
class _Counting:
    """One measure at work on one studio."""

    measure: Measure
    policy: Policy
    studio: Studio
    on: date
    where: Callable[[Record], tuple[Reason, ...]] = field(init=False)
    kinds: Mapping[str, RecordKind] = field(init=False)

    @where.default
    def _where(self) -> Callable[[Record], tuple[Reason, ...]]:
        return _against(self.measure.where, self.policy.record_kinds)

    @kinds.default
    def _kinds(self) -> Mapping[str, RecordKind]:
        return {name: self.policy.record_kinds[name] for name in self.measure.of}

    def measured(self, name: str, plugin_measures: Mapping[str, PluginMeasure]) -> Measured:
        counted: list[Record] = []
        left_out: list[LeftOut] = []
        window = _window(self.policy, self.studio, self.measure)
        for record in self.studio.of_kind(*self.measure.of):
            if isinstance(window, Reason):
                reasons: tuple[Reason, ...] = (window,)
            else:
                reasons = tuple(self._reasons(record, window))
            if reasons:
                left_out.append(LeftOut(record.id, reasons))
            else:
                counted.append(record)
        remark = window if isinstance(window, Reason) else None
        value = None
        if remark is None:
            value, remark = self._taken(name, counted, plugin_measures)
        return Measured(
            fact=name,
            label=self.policy.facts[name].label,
            records=tuple(kind.label for kind in self.kinds.values()),
            value=value,
            counted=tuple(record.id for record in counted),
            left_out=tuple(left_out),
            late=tuple(record.id for record in counted if record.late),
            remark=remark,
            clause=self.measure.clause,
        )

    def _reasons(self, record: Record, window: tuple[date | None, date | None]) -> Iterable[Reason]:
        """Yield everything for which the record does not count."""
        clause, kind, data = self.measure.clause, self.kinds[record.kind], record.data
        lacking = [name for name in self.measure.needs if _empty(data.get(name))]
        taken = self._taken_field(kind)
        if taken is not None and taken not in lacking and data.get(taken) is None:
            lacking.append(taken)
        if lacking:
            labels = tuple(kind.fields[name].label for name in lacking)
            yield Reason(INCOMPLETE, {"fields": labels}, clause, about=tuple(lacking))
        day = _day(data.get(kind.date)) if kind.date else None
        if day is not None:
            yield from self._about_day(day, window)
        if self.measure.this_year and data.get(self.measure.this_year) != self.on.year:
            told = {"year": data.get(self.measure.this_year), "on": self.on}
            yield Reason(OTHER_YEAR, told, clause)
        if record.late and self.measure.late == "left_out":
            yield Reason(CAME_LATE, {"on": record.on}, clause)
        if kind.since is not None and not self._on_roster(record, kind):
            yield Reason(NOT_ON_DAY, {"on": self.on}, clause)
        yield from self._about_person(record)
        yield from self.where(record)

    def _taken_field(self, kind: RecordKind) -> str | None:
        """Return the field whose value is summed, taken, or told apart."""
        return self.measure.field or (kind.person if self.measure.kind == "distinct" else None)

    def _about_day(self, day: date, window: tuple[date | None, date | None]) -> Iterable[Reason]:
        clause, (start, end) = self.measure.clause, window
        if (start is not None and day < start) or (end is not None and day > end):
            label = self.policy.calendar.windows[str(self.measure.window)].label
            parameters = {"day": day, "window": label, "start": start or _OPEN_END}
            yield Reason(OUTSIDE_WINDOW, {**parameters, "end": end or _OPEN_END}, clause)
        elif day > self.on:
            yield Reason(AFTER_THE_DAY, {"day": day, "on": self.on}, clause)

    def _about_person(self, record: Record) -> Iterable[Reason]:
        among = self.measure.among
        if among is None:
            return
        person = person_id(record, self.kinds[record.kind])
        if among == LEAD:
            lead = self.studio.application
            label: object = self.policy.roles[LEAD].label if LEAD in self.policy.roles else LEAD
            fits = lead is not None and person == lead.lead.id
        else:
            roster = self.policy.record_kinds[among]
            label = roster.label
            fits = any(
                person_id(entry, roster) == person and self._on_roster(entry, roster)
                for entry in self.studio.of_kind(among)
            )
        if not fits:
            parameters = {"person": person, "roster": label}
            yield Reason(NOT_ON_ROSTER, parameters, self.measure.clause)

    def _on_roster(self, record: Record, kind: RecordKind) -> bool:
        """Return whether an entry of a roster holds on the day of measuring, or held before."""
        since = _day(record.data.get(str(kind.since)))
        until = _day(record.data.get(kind.until)) if kind.until else None
        gone = until is not None and until < self.on and self.measure.present == "on_day"
        return since is not None and since <= self.on and not gone

    def _taken(
        self, name: str, counted: list[Record], plugin_measures: Mapping[str, PluginMeasure]
    ) -> tuple[object, Reason | None]:
        """Return the fact's value; None with a reason where there is none."""
        chosen = self.measure.field
        match self.measure.kind:
            case "count":
                return len(counted), None
            case "any":
                return bool(counted), None
            case "sum":
                values = [_number(record.data[str(chosen)]) for record in counted]
                return _whole(sum(values, Fraction(0)), self.policy.facts[name]), None
            case "distinct":
                return len({self._told_apart(record) for record in counted}), None
            case "latest":
                return self._latest(counted, str(chosen)), None
            case "share":
                return self._share(counted)
            case "plugin":
                plugin = plugin_measures[str(self.measure.use)]
                documents = tuple(record.data for record in counted)
                return answered(plugin, self.policy.facts[name], documents)

    def _told_apart(self, record: Record) -> object:
        value = record.data[str(self._taken_field(self.kinds[record.kind]))]
        return value["id"] if isinstance(value, Mapping) else value

    def _latest(self, counted: list[Record], chosen: str) -> object:
        # Of one day, the one that came in last.
        in_order = sorted(
            counted, key=lambda record: str(record.data.get(self.kinds[record.kind].date or "", ""))
        )
        return in_order[-1].data[chosen] if in_order else None

    def _share(self, counted: list[Record]) -> tuple[object, Reason | None]:
        if not counted:
            return None, Reason(NOTHING_TO_SHARE, {}, self.measure.clause)
        against = _against(self.measure.that, self.kinds)
        fulfilling = sum(not against(record) for record in counted)
        percent = self.measure.percent or _ALL
        return fulfilling * 100 >= percent * len(counted), None


def window_days(
    policy: Policy, studio: Studio, measure: Measure
) -> tuple[date | None, date | None] | None:
    """Return the first and the last day that a measure looks at; None while that is not known.

    An end that is None is open.
    """
    window = _window(policy, studio, measure)
    return None if isinstance(window, Reason) else window


def _window(
    policy: Policy, studio: Studio, measure: Measure
) -> tuple[date | None, date | None] | Reason:
    if measure.window is None:
        return (None, None)
    calendar, happened = policy.calendar, studio.days()
    window = calendar.windows[measure.window]
    ends: list[date | None] = []
    for end in (window.start, window.end):
        day = None if end is None else resolve(end, calendar.moments, happened)
        if end is not None and day is None:
            awaited = _awaited(end, calendar)
            step = policy.procedure.transitions.get(awaited)
            parameters = {"window": window.label, "event": step.label if step else awaited}
            return Reason(WINDOW_OPEN, parameters, window.clause)
        ends.append(day)
    return (ends[0], ends[1])


def person_id(record: Record, kind: RecordKind) -> str | None:
    """Return the id of the person that a record is about, if its kind says one."""
    value = record.data.get(kind.person) if kind.person else None
    return str(value["id"]) if isinstance(value, Mapping) else None


def _empty(value: object) -> bool:
    # By identity: a number 0 is something, and equals False.
    return value is None or value is False or value in ("", ())


def _against(
    condition: Condition | None, kinds: Mapping[str, RecordKind]
) -> Callable[[Record], tuple[Reason, ...]]:
    """Return what says why a record does not fulfil a condition; nothing where it does."""
    if condition is None:
        return lambda _: ()
    truth = Interpreter(Ranges()).truth(condition.truth)

    def against(record: Record) -> tuple[Reason, ...]:
        facts = kinds[record.kind].facts()
        remarks: list[Remark] = []
        outcome: Maybe = truth(known(facts, _values(record.data, facts)).ranges, remarks)
        if outcome.value is True:
            return ()
        if outcome.value is None:
            labels = tuple(facts[name].label for name in facts if name in outcome.open)
            return (Reason(NOT_SAID, {"fields": labels}, about=tuple(sorted(outcome.open))),)
        reasons = tuple(Reason(remark.message, remark.parameters) for remark in remarks)
        return reasons or (Reason(NOT_FULFILLED, {"label": condition.label}),)

    return against


def _values(data: Mapping[str, object], facts: Mapping[str, Fact]) -> dict[str, object]:
    """Return a document's scalar fields, and whether its opinions are sealed, as facts."""
    values: dict[str, object] = {}
    for name, fact in facts.items():
        opinion = data.get(name.removesuffix(SEALED))
        if name not in data and isinstance(opinion, Mapping):
            values[name] = opinion.get("sealed")
        else:
            values[name] = _day(data.get(name)) if fact.type == "date" else data.get(name)
    return values


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _number(value: object) -> Fraction:
    return Fraction(value) if isinstance(value, int | Decimal) else Fraction(0)


def _whole(value: Fraction, fact: Fact) -> int | Fraction:
    return int(value) if fact.type == "count" and value.denominator == 1 else value


def _awaited(moment: Moment, calendar: Calendar) -> str:
    while isinstance(moment, After):
        moment = calendar.moments[moment.after]
    return moment.event if isinstance(moment, OnEvent) else ""
