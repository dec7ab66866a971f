"""From the records of a case file to facts: what was counted, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from studioflow.policy import Measure, Policy, RecordKind
from studioflow.policy.measures import LEAD
from studioflow.rubric import LeftOut, Measured
from studioflow.studio.event import Record
from studioflow.studio.measure_window import open_days
from studioflow.studio.plugin_measures import PluginMeasure, answered, fitting
from studioflow.studio.record_conditions import unfulfilled
from studioflow.studio.studio import Studio
from studioflow.text import Text, message
from studioflow.verdict import Reason

__all__ = ["case_facts", "handed_in_plainly", "measure", "person_id"]

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
NOT_ON_DAY = message("record_not_on_day", zh="{on}不在册", en="not on the roster on {on}")
HANDED_IN = message(
    "handed_in_plainly",
    zh="直接提交，案卷中无记录",
    en="handed in as it is, with no record on file",
)
NOTHING_TO_SHARE = message(
    "measure_no_share", zh="没有可计算比例的记录", en="there is nothing to take a share of"
)
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
    has handed in a fact keeps it, as long as it has no record of the kind that is measured; see
    `handed_in_plainly`.
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


def handed_in_plainly(policy: Policy, studio: Studio) -> dict[str, Measured]:
    """Return each fact that could be measured and was handed in, where a studio keeps records.

    A sheet names them beside those that were counted, so that nobody takes one for the other.
    """
    kept = {record.kind for record in studio.records.values()}
    return {
        name: Measured(
            fact=name,
            label=policy.facts[name].label,
            records=tuple(policy.record_kinds[kind].label for kind in each.of),
            value=studio.facts[name],
            remark=Reason(HANDED_IN, {}, each.clause),
            clause=each.clause,
        )
        for name, each in policy.measures.items()
        if kept and name in studio.facts and not kept.intersection(each.of)
    }


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
    people: frozenset[str | None] = field(init=False)

    @where.default
    def _where(self) -> Callable[[Record], tuple[Reason, ...]]:
        return unfulfilled(self.measure.where, self.policy.record_kinds)

    @kinds.default
    def _kinds(self) -> Mapping[str, RecordKind]:
        return {name: self.policy.record_kinds[name] for name in self.measure.of}

    @people.default
    def _people(self) -> frozenset[str | None]:
        """Return the ids of those among whom a record's person has to be."""
        among, application = self.measure.among, self.studio.application
        if among is None:
            return frozenset()
        if among == LEAD:
            return frozenset({application.lead.id} if application else ())
        roster = self.policy.record_kinds[among]
        entries = self.studio.of_kind(among)
        return frozenset(person_id(e, roster) for e in entries if self._on_roster(e, roster))

    def measured(self, name: str, plugin_measures: Mapping[str, PluginMeasure]) -> Measured:
        counted: list[Record] = []
        left_out: list[LeftOut] = []
        window = open_days(self.policy, self.studio, self.measure)
        for record in self.studio.of_kind(*self.measure.of):
            if self._in_another_cell(record):
                continue
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
            records=self._looked_at(name),
            value=value,
            counted=tuple(record.id for record in counted),
            left_out=tuple(left_out),
            late=tuple(record.id for record in counted if record.late),
            remark=remark,
            clause=self.measure.clause,
        )

    def _looked_at(self, name: str) -> tuple[Text, ...]:
        """Return what to call the records: of a cell, what it counts; it leaves out the others."""
        if self.measure.cell():
            return (self.policy.facts[name].label,)
        return tuple(kind.label for kind in self.kinds.values())

    def _reasons(self, record: Record, window: tuple[date | None, date | None]) -> Iterable[Reason]:
        """Yield everything for which the record does not count."""
        clause, kind, data = self.measure.clause, self.kinds[record.kind], record.data
        needed = dict.fromkeys([*self.measure.needs, *self.measure.cell()])
        lacking = [name for name in needed if _empty(data.get(name))]
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
            yield Reason(CAME_LATE, {"on": record.handed_in}, clause)
        if kind.since is not None and not self._on_roster(record, kind):
            yield Reason(NOT_ON_DAY, {"on": self.on}, clause)
        yield from self._about_person(record)
        yield from self.where(record)

    def _in_another_cell(self, record: Record) -> bool:
        """Return whether a record says itself that it is of another cell of the tally."""
        said = ((record.data.get(field), word) for field, word in self.measure.cell().items())
        return any(value is not None and value != word for value, word in said)

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
        person = person_id(record, self.kinds[record.kind])
        if among is None or person in self.people:
            return
        label: object = LEAD
        if among in self.policy.record_kinds:
            label = self.policy.record_kinds[among].label
        elif LEAD in self.policy.roles:
            label = self.policy.roles[LEAD].label
        yield Reason(NOT_ON_ROSTER, {"person": person, "roster": label}, self.measure.clause)

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
                return _whole(sum(values, Fraction(0))), None
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
        against = unfulfilled(self.measure.that, self.kinds)
        fulfilling = sum(not against(record) for record in counted)
        percent = self.measure.percent or _ALL
        return fulfilling * 100 >= percent * len(counted), None


def person_id(record: Record, kind: RecordKind) -> str | None:
    """Return the id of the person that a record is about, if its kind says one."""
    value = record.data.get(kind.person) if kind.person else None
    return str(value["id"]) if isinstance(value, Mapping) else None


def _empty(value: object) -> bool:
    # By identity: a number 0 is something, and equals False.
    return value is None or value is False or value in ("", ())


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _number(value: object) -> Fraction:
    return Fraction(value) if isinstance(value, int | Decimal) else Fraction(0)


def _whole(value: Fraction) -> int | Fraction:
    # A count is a whole number, and no fraction that happens to be one.
    return int(value) if value.denominator == 1 else value
