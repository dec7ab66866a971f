"""What an amendment of the policy does: what differs, and what becomes of each studio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from studioflow.policy import Difference, Policy, State
from studioflow.rubric import Points, PolicyReference, ScoreSheet
from studioflow.text import Language, Text, exact, render
from studioflow.verdict import Reason

__all__ = ["AmendmentReport", "SheetChange", "StudioAmendment", "sheet_changes"]

SCHEMA = "studioflow.amendment/1"

_HEAD = Text(
    "{day}修订：{before}（{old}）→ {after}（{new}），{count}处不同",
    "amended on {day}: {before} ({old}) → {after} ({new}), {count} differences",
)
_DIFFERENCE = Text("  {path}：{before} → {after}", "  {path}: {before} → {after}")
_CITED = Text("  {path}：{before} → {after}（{clause}）", "  {path}: {before} → {after} ({clause})")
_STAYS = Text("{studio}：仍按原政策（{state}）", "{studio}: goes on as before ({state})")
_GOES_OVER = Text("{studio}：{before} → {after}", "{studio}: {before} → {after}")
_CHANGE = Text("    {item}：{before} → {after}", "    {item}: {before} → {after}")
_NEWLY = Text("    今后可办：{actions}", "    possible from now on: {actions}")
_NO_MORE = Text("    不再可办：{action}", "    no more possible: {action}")
_LEFT_OUT = Text("    新政策中没有，不再计：{names}", "    not known any more: {names}")
_NOWHERE = Text("无处可去", "nowhere to go")
_NOTHING = Text("无", "none")
_UNDECIDED = Text("待定", "not decided")


@frozen
class SheetChange:
    """One thing on a score sheet that changes.

    Attributes:
        item: `total`, `grade`, `open`, `criteria/ID`, `deductions/ID` or `gates/ID`.
        before, after: points, or a range of them, in words; whether a gate is met; a grade's id;
            the names of open facts; None where there is no such thing, or where it is open.
    """

    item: str
    before: str | bool | tuple[str, ...] | None
    after: str | bool | tuple[str, ...] | None


@frozen(kw_only=True)
class StudioAmendment:
    """What becomes of one studio.

    Attributes:
        studio: its id.
        policy: by which it goes until then.
        goes_over: whether it goes on under the amended policy.
        before: its state.
        after: its state from then on; None where the amended policy has none for it.
        sheet: what changes on its sheet: on the one that it has, or else on the one that would be
            made on that day.
        newly: the steps that somebody could take from then on, and could not before.
        no_more: the steps that somebody could take until then, each with what stands against it.
        left_out: ids of records, marks as `criterion/person` and names of facts that are on file
            and that the amended policy does not know, or that do not fit it; history keeps them.
        reasons: why it could not go on.
    """

    studio: str
    policy: Policy
    goes_over: bool
    before: str
    after: str | None
    sheet: tuple[SheetChange, ...] = ()
    newly: tuple[str, ...] = ()
    no_more: Mapping[str, tuple[Reason, ...]] = field(factory=dict)
    left_out: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@frozen(kw_only=True)
class AmendmentReport:
    """What an amendment of the policy would do, or did.

    Attributes:
        before: the policy that is in force until then; `after` takes its place.
        on: the day of it.
        differences: between the two, value by value, each with its clause.
        studios: what becomes of each, in the order of their first events.
        warnings: what is odd about it and does not stand against it.
    """

    before: Policy
    after: Policy
    on: date
    differences: tuple[Difference, ...]
    studios: tuple[StudioAmendment, ...]
    warnings: tuple[Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why studios could not go on, one after the other: with any, nothing can be amended."""
        return tuple(reason for each in self.studios for reason in each.reasons)

    @property
    def stuck(self) -> tuple[StudioAmendment, ...]:
        """The studios that could not go on."""
        return tuple(each for each in self.studios if each.reasons)

    def explain(self, language: Language = "en") -> str:
        """Return what differs, and some lines for each studio."""
        head = {
            "day": self.on,
            "before": f"{self.before.id} {self.before.version}",
            "after": f"{self.after.id} {self.after.version}",
            "old": _short(self.before),
            "new": _short(self.after),
            "count": len(self.differences),
        }
        lines = [render(_HEAD, head, language)]
        for each in self.differences:
            told = {
                "path": each.path,
                "before": _word(each.before),
                "after": _word(each.after),
                "clause": each.clause,
            }
            lines.append(render(_CITED if each.clause else _DIFFERENCE, told, language))
        lines += [f"  ! {warning.explain(language)}" for warning in self.warnings]
        for studio in self.studios:
            lines += self._lines(studio, language)
        return "\n".join(lines)

    def _lines(self, studio: StudioAmendment, language: Language) -> Iterator[str]:
        before = _label(studio.policy.procedure.states, studio.before)
        if not studio.goes_over:
            yield render(_STAYS, {"studio": studio.studio, "state": before}, language)
            return
        after = _NOWHERE
        if studio.after is not None:
            after = _label(self.after.procedure.states, studio.after)
        told: dict[str, object] = {"studio": studio.studio, "before": before, "after": after}
        yield render(_GOES_OVER, told, language)
        for reason in studio.reasons:
            yield f"  ✗ {reason.explain(language)}"
        for change in studio.sheet:
            about = {"before": _shown(change.before), "after": _shown(change.after)}
            yield render(_CHANGE, {"item": change.item, **about}, language)
        if studio.newly:
            actions = tuple(_step(self.after, name) for name in studio.newly)
            yield render(_NEWLY, {"actions": actions}, language)
        for name, reasons in studio.no_more.items():
            yield render(_NO_MORE, {"action": _step(studio.policy, name)}, language)
            yield from (f"      ✗ {reason.explain(language)}" for reason in reasons)
        if studio.left_out:
            yield render(_LEFT_OUT, {"names": studio.left_out}, language)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return everything, ready for JSON."""
        return {
            "schema": SCHEMA,
            "before": _reference(self.before.reference),
            "after": _reference(self.after.reference),
            "on": self.on.isoformat(),
            "possible": not self.reasons,
            "warnings": [warning.to_dict(language) for warning in self.warnings],
            "differences": [
                {
                    "path": each.path,
                    "before": _plain(each.before),
                    "after": _plain(each.after),
                    "clause": each.clause,
                }
                for each in self.differences
            ],
            "studios": [_studio(each, language) for each in self.studios],
        }


def sheet_changes(before: ScoreSheet, after: ScoreSheet) -> tuple[SheetChange, ...]:
    """Return what differs between two sheets of a studio, in the order of the form."""
    old, new = _items(before), _items(after)
    return tuple(
        SheetChange(item, old.get(item), new.get(item))
        for item in dict.fromkeys([*old, *new])
        if old.get(item) != new.get(item)
    )


def _items(sheet: ScoreSheet) -> dict[str, Any]:
    made: dict[str, Any] = {f"gates/{gate.id}": gate.met for gate in sheet.gates}
    made |= {f"criteria/{each.id}": _points(each.points) for each in sheet.criteria}
    made |= {f"deductions/{each.id}": _points(each.points) for each in sheet.deductions}
    return made | {"total": _points(sheet.total), "grade": sheet.grade, "open": sheet.open or None}


def _points(points: Points) -> str | None:
    if points.points is not None:
        return exact(points.points)
    if points.range is None:
        return None
    return "–".join("…" if end is None else exact(end) for end in points.range)


def _studio(each: StudioAmendment, language: Language) -> dict[str, object]:
    return {
        "studio": each.studio,
        "policy": _reference(each.policy.reference),
        "goes_over": each.goes_over,
        "before": each.before,
        "after": each.after,
        "sheet": [
            {"item": change.item, "before": _plain(change.before), "after": _plain(change.after)}
            for change in each.sheet
        ],
        "newly": list(each.newly),
        "no_more": [
            {"action": name, "reasons": [reason.to_dict(language) for reason in reasons]}
            for name, reasons in each.no_more.items()
        ],
        "left_out": list(each.left_out),
        "reasons": [reason.to_dict(language) for reason in each.reasons],
    }


def _reference(policy: PolicyReference) -> dict[str, object]:
    return {
        "id": policy.id,
        "version": policy.version,
        "fingerprint": policy.fingerprint,
        "varied": list(policy.varied),
    }


def _short(policy: Policy) -> str:
    return policy.fingerprint.removeprefix("sha256:")[:8]


def _label(states: Mapping[str, State], name: str) -> Text:
    return states[name].label if name in states else Text(name, name)


def _step(policy: Policy, name: str) -> Text:
    return policy.procedure.transitions[name].label


def _shown(value: object) -> object:
    return _UNDECIDED if value is None else value


def _word(value: object) -> object:
    """Return a value of a policy file in words, tables and lists as a file has them."""
    match value:
        case None:
            return _NOTHING
        case bool():
            return str(value).lower()
        case Mapping() | list() | tuple():
            return str(_plain(value))
        case _:
            return value


def _plain(value: object) -> object:
    """Return a value as JSON has it; decimals and dates become words."""
    match value:
        case Decimal():
            return exact(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case str():
            return value
        case Iterable():
            return [_plain(item) for item in value]
        case _:
            return value
