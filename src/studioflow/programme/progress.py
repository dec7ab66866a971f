"""Progress: where a studio stands at any moment, what is still possible, what is missing next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from attrs import frozen

from studioflow.algebra import Choose, Required, Term, Within, walk
from studioflow.algebra import names as facts_in
from studioflow.lifecycle import Lifecycle
from studioflow.policy import Measure, Policy
from studioflow.rubric import CriterionResult, GateResult, Measured, Points, ScoreSheet
from studioflow.rules import Fact, SoFar
from studioflow.studio import Studio, window_days
from studioflow.text import Language, Text, exact, message, render
from studioflow.verdict import Reason

__all__ = ["ItemProgress", "Progress", "progress"]

WAITS_FOR = message("waits_for", zh="待{roles}提供：{facts}", en="waits for {facts}, from {roles}")
WAITS = message("waits_for_facts", zh="尚缺：{facts}", en="waits for {facts}")
REPAIRABLE = message(
    "record_repairable", zh="{record}不计：{because}", en="{record} does not count: {because}"
)
STANDS_AT = message(
    "stands_at",
    zh="{fact}现为{value}，到{end}为止还可增加",
    en="{fact}: {value} so far, and it may grow until {end}",
)
STANDS_OPEN = message(
    "stands_at_open", zh="{fact}现为{value}，还可增加", en="{fact}: {value} so far, and it may grow"
)
MAY_CHANGE_UNTIL = message(
    "may_change_until",
    zh="{fact}现为{value}，到{end}为止还可能变动",
    en="{fact}: {value} so far, and it may change until {end}",
)
MAY_CHANGE = message(
    "may_change",
    zh="{fact}现为{value}，还可能变动",
    en="{fact}: {value} so far, and it may change",
)
MAY_BE_JOINED = message(
    "may_be_joined",
    zh="{fact}：已有{count}人评分，最多{most}人",
    en="{fact}: {count} so far, and up to {most} people may mark",
)
_YES, _NO = Text("是", "yes"), Text("否", "no")
_GROWS = frozenset({"count", "sum", "distinct", "any"})
_HEAD = Text(
    "{studio}，{day}：现得{now}，可能{low}至{high}",
    "{studio} on {day}: {now} now, {low} to {high} possible",
)
_ITEM = Text(
    "  {id} {label}：{now}（可能{low}至{high}）", "  {id} {label}: {now} ({low} to {high} possible)"
)
_GATE = Text("  {id} {label}：{met}", "  {id} {label}: {met}")
_MET: Mapping[bool | None, Text] = {
    True: Text("合格", "met"),
    False: Text("未达到", "not met"),
    None: Text("待定", "not decided yet"),
}
_UNKNOWN = Text("待定", "not known")


@frozen(kw_only=True)
class ItemProgress:
    """Where one item or gate stands.

    Attributes:
        id, label: of the criterion or gate.
        now: its points as things stand; None for a gate.
        possible: the least and the most that it can still come to; None for a gate.
        met: of a gate, as things stand.
        missing: what it waits for, what could still grow, and records that could be completed.
    """

    id: str
    label: Text
    now: Points | None = None
    possible: tuple[Fraction | None, Fraction | None] | None = None
    met: bool | None = None
    missing: tuple[Reason, ...] = ()


@frozen(kw_only=True)
class Progress:
    """Where a studio stands on a day.

    Attributes:
        sheet: as it would be made today.
        possible: the sheet on which everything that can still change is open.
        items: every gate and criterion, in the order of the form.
    """

    studio: str
    on: date
    sheet: ScoreSheet
    possible: ScoreSheet
    items: tuple[ItemProgress, ...]

    @property
    def missing(self) -> tuple[ItemProgress, ...]:
        """The items for which something is missing or still possible."""
        return tuple(item for item in self.items if item.missing)

    def explain(self, language: Language = "en") -> str:
        """Return a line for the total, one for each item, and what is missing under each."""
        low, high = self.possible.total.range or (None, None)
        head = {"studio": self.studio, "day": self.on, "now": _points(self.sheet.total)}
        lines = [render(_HEAD, {**head, "low": _end(low), "high": _end(high)}, language)]
        for item in self.items:
            told: dict[str, object] = {"id": item.id, "label": item.label}
            if item.now is None:
                lines.append(render(_GATE, {**told, "met": _MET[item.met]}, language))
            else:
                low, high = item.possible or (None, None)
                told |= {"now": _points(item.now), "low": _end(low), "high": _end(high)}
                lines.append(render(_ITEM, told, language))
            lines += [f"    · {reason.explain(language)}" for reason in item.missing]
        return "\n".join(lines)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the total and every item, ready for JSON; points are exact strings."""
        return {
            "schema": "studioflow.progress/1",
            "studio": self.studio,
            "on": self.on.isoformat(),
            "total": {
                "points": self.sheet.total.to_dict()["points"],
                "range": self.possible.total.to_dict()["range"],
            },
            "items": [_item(item, language) for item in self.items],
        }


def _item(item: ItemProgress, language: Language) -> dict[str, object]:
    made: dict[str, object] = {"id": item.id, "label": item.label.get(language)}
    if item.now is None:
        made["met"] = item.met
    else:
        ends = None if item.possible is None else [_string(end) for end in item.possible]
        made |= {"points": _string(item.now.points), "range": ends}
    return made | {"missing": [reason.to_dict(language) for reason in item.missing]}


def progress(lifecycle: Lifecycle, studio: Studio, on: date) -> Progress:
    """Return where a studio stands on a day.

    What was handed in plainly stands, and so does a mark, unless more people may mark the item, or
    further records can make it unfit.
    """
    policy = lifecycle.policy
    sheet = lifecycle.score(studio, on=on)
    ends = _still_growing(policy, studio, sheet.measured, on)
    possible = (
        sheet
        if studio.scored_on
        else lifecycle.score(studio, on=on, open_facts=_open(policy, studio, sheet, ends))
    )
    after = {result.id: result for result in possible.criteria}
    told = _Missing(policy, sheet, ends)
    gates = [
        ItemProgress(id=gate.id, label=gate.label, met=gate.met, missing=told.of_gate(gate))
        for gate in sheet.gates
    ]
    items = [
        ItemProgress(
            id=result.id,
            label=result.label,
            now=result.points,
            possible=after[result.id].points.range,
            missing=told.of_criterion(result, after[result.id]),
        )
        for result in sheet.criteria
    ]
    return Progress(studio=studio.id, on=on, sheet=sheet, possible=possible, items=(*gates, *items))


def _still_growing(
    policy: Policy, studio: Studio, measured: Mapping[str, Measured], on: date
) -> dict[str, date | None]:
    """Return the measured facts that can still change, each with the last day for it."""
    if studio.scored_on is not None:
        return {}
    growing: dict[str, date | None] = {}
    for name in measured:
        ends = window_days(policy, studio, policy.measures[name])
        last = None if ends is None else ends[1]
        # After the window, what happened in it may still be recorded.
        if last is None or last >= on:
            growing[name] = last
        elif not _closed(policy, policy.measures[name], last, on):
            growing[name] = None
    return growing


def _closed(policy: Policy, measure: Measure, last: date, on: date) -> bool:
    """Return whether whatever is recorded of days up to `last` comes too late to count."""
    due = [policy.record_kinds[name].due_days for name in measure.of]
    in_time = [days is None or last + timedelta(days=days) >= on for days in due]
    return measure.late == "left_out" and not any(in_time) and not _leaves(policy, measure)


def _open(
    policy: Policy, studio: Studio, sheet: ScoreSheet, growing: Iterable[str]
) -> dict[str, object]:
    """Return what each fact that can still change has reached; None for what may also shrink."""
    opened: dict[str, object] = {}
    for name in growing:
        each = sheet.measured[name]
        grows = each.value is not None and _only_grows(policy, policy.measures[name])
        opened[name] = SoFar(each.value) if grows else None
    for name in policy.site_check.facts():
        if studio.facts.get(name) is False:  # a later visit may find it
            opened[name] = None
    return opened | _may_be_joined(policy, studio) | _may_turn_unfit(policy, studio, opened)


def _may_be_joined(policy: Policy, studio: Studio) -> dict[str, object]:
    """Return the marks of items that more people may still mark."""
    judged = policy.rubric.judged_facts
    given = Counter(judged[mark.criterion] for mark in studio.marks)
    return {
        name: None
        for name, count in given.items()
        if (panel := policy.facts[name].panel) is not None and count < panel.most
    }


def _may_turn_unfit(
    policy: Policy, studio: Studio, opened: Mapping[str, object]
) -> dict[str, object]:
    """Return the marks on file of which facts that are open decide whether they are valid."""
    rubric, open_again = policy.rubric, dict[str, object]()
    for criterion in {mark.criterion for mark in studio.marks} & rubric.points.keys():
        for part in walk(rubric.points[criterion]):
            if (
                isinstance(part, Choose)
                and not opened.keys().isdisjoint(facts_in(part.condition))
                # Where both ways ask for the same, nothing hangs on the condition.
                and _asked_of_marks(part.then) != _asked_of_marks(part.otherwise)
            ):
                open_again[rubric.judged_facts[criterion]] = None
    return open_again


def _asked_of_marks(term: Term) -> set[int]:
    """Return which terms inside say what is valid, by identity."""
    return {id(each) for each in walk(term) if isinstance(each, Within | Required)}


def _only_grows(policy: Policy, measure: Measure) -> bool:
    """Return whether more records can only make more of it: people may leave a roster."""
    kinds = [policy.record_kinds[name] for name in measure.of]
    negative = False
    if measure.kind == "sum":
        lows = [kind.fields[str(measure.field)].low for kind in kinds]
        negative = any(low is None or low < 0 for low in lows)
    shrinks = negative or measure.this_year is not None or _leaves(policy, measure)
    return measure.kind in _GROWS and not shrinks


def _leaves(policy: Policy, measure: Measure) -> bool:
    """Return whether what counts today may not count on another day, since somebody left."""
    kinds = [policy.record_kinds[name] for name in measure.of]
    rosters = measure.among is not None or any(kind.since is not None for kind in kinds)
    return measure.present == "on_day" and rosters


@frozen(eq=False)
class _Missing:
    policy: Policy
    sheet: ScoreSheet
    growing: Mapping[str, date | None]

    def of_gate(self, gate: GateResult) -> tuple[Reason, ...]:
        if gate.met:
            return ()
        names = self.policy.rubric.gate_plans[gate.id].names
        reasons = () if gate.met is None else gate.reasons
        return (*reasons, *self._waits(gate.open), *self._records(names))

    def of_criterion(self, now: CriterionResult, after: CriterionResult) -> tuple[Reason, ...]:
        names = self.policy.rubric.plans[now.id].names
        low, high = after.points.range or (None, None)
        if now.points.points is not None and low == high:
            return ()
        return (
            *self._waits(now.open),
            *self._joined(names),
            *self._grow(names),
            *self._records(names),
        )

    def _waits(self, names: Iterable[str]) -> Iterable[Reason]:
        by_role: dict[tuple[str, ...], list[Text]] = {}
        for name in names:
            fact = self.policy.facts[name]
            by_role.setdefault(fact.supplied_by, []).append(fact.label)
        for roles, labels in by_role.items():
            told: dict[str, object] = {"facts": tuple(labels)}
            if roles:
                told["roles"] = tuple(self.policy.roles[role].label for role in roles)
            yield Reason(WAITS_FOR if roles else WAITS, told)

    def _grow(self, names: Iterable[str]) -> Iterable[Reason]:
        for name in self.policy.facts:
            if name not in names or name not in self.growing:
                continue
            measured, end = self.sheet.measured[name], self.growing[name]
            fact = self.policy.facts[name]
            grows = _only_grows(self.policy, self.policy.measures[name])
            if measured.value is None or (grows and measured.value is True):
                continue  # told among what is waited for; or nothing can change it
            told: dict[str, object] = {"fact": fact.label, "value": _word(fact, measured.value)}
            said = (STANDS_OPEN, STANDS_AT) if grows else (MAY_CHANGE, MAY_CHANGE_UNTIL)
            if end is None:
                yield Reason(said[0], told, fact.clause, about=(name,))
            else:
                yield Reason(said[1], {**told, "end": end}, fact.clause, about=(name,))

    def _joined(self, names: Iterable[str]) -> Iterable[Reason]:
        """Yield how many people have marked, where more may."""
        judged = self.policy.rubric.judged_facts
        for name in (name for name in self.policy.facts if name in names):
            panel = self.policy.facts[name].panel
            count = sum(judged[mark.criterion] == name for mark in self.sheet.marks)
            if panel is not None and 0 < count < panel.most:
                told = {"fact": self.policy.facts[name].label, "count": count, "most": panel.most}
                yield Reason(MAY_BE_JOINED, told, about=(name,))

    def _records(self, names: Iterable[str]) -> Iterable[Reason]:
        """Yield each record that does not count for these facts, and why: most can be mended."""
        told: set[tuple[str, str]] = set()
        for name, each in self.sheet.measured.items():
            if name not in names:
                continue
            for left_out in each.left_out:
                for because in left_out.reasons:
                    if (
                        because.code == "record_incomplete"
                        and (key := (left_out.record, because.text())) not in told
                    ):
                        told.add(key)
                        parameters = {"record": left_out.record, "because": because}
                        yield Reason(REPAIRABLE, parameters, because.clause)


def _word(fact: Fact, value: object) -> object:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return _YES if value else _NO
    return fact.values.get(value, value) if isinstance(value, str) else value


def _points(points: Points) -> Text | str:
    return _UNKNOWN if points.points is None else exact(points.points)


def _end(end: Fraction | None) -> str:
    return "…" if end is None else exact(end)


def _string(points: Fraction | None) -> str | None:
    return None if points is None else exact(points)
