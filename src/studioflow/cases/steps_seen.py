"""What cases see of a procedure: steps that are taken, steps that are denied, records counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from studioflow.cases.playing import Played
from studioflow.policy import Policy, Transition
from studioflow.rubric import ScoreSheet
from studioflow.text import Text

__all__ = ["STEP_KINDS", "Key", "seen_measures", "seen_steps", "step_places"]

Key: TypeAlias = tuple[Literal["from", "by", "denied", "counted", "left_out"], str, str]
"""What was seen, of which step or measure, and the state, role or code."""
STEP_KINDS = {
    "from": "step",
    "by": "step",
    "denied": "denial",
    "counted": "measure",
    "left_out": "measure",
}
_FROM = Text("自 {name} 办理", "taken from {name}")
_BY = Text("由 {name} 办理", "taken by {name}")
_DENIED = Text("因 {name} 不予办理", "denied: {name}")
_WARNED = Text("提示 {name}", "warned of: {name}")
_COUNTED = Text("有计入的记录", "a record that counts")
_LEFT_OUT = Text("有不计入的记录", "a record that does not count")
_INDEPENDENT = ("own_studio", "own_unit")
_LIMITS = {"cycle": "done_this_cycle", "year": "done_this_year"}


def step_places(policy: Policy) -> Mapping[Key, tuple[str, Text]]:
    """Return everything that a procedure can show, with its place and what would be seen."""
    found: dict[Key, tuple[str, Text]] = {}
    for name, step in policy.procedure.transitions.items():
        place = f"transitions/{name}"
        found |= {("from", name, state): (place, _said(_FROM, state)) for state in step.sources}
        found |= {("by", name, role): (place, _said(_BY, role)) for role in step.by}
        for code, warns in _against(policy, step):
            text = _said(_WARNED if warns else _DENIED, code)
            found["denied", name, code] = (place, text)
    for name, measure in policy.measures.items():
        found["counted", name, ""] = (f"measures/{name}", _COUNTED)
        if measure.needs or measure.window or measure.where or measure.among or measure.this_year:
            found["left_out", name, ""] = (f"measures/{name}", _LEFT_OUT)
    return found


def _against(policy: Policy, step: Transition) -> Iterator[tuple[str, bool]]:
    """Yield the codes of what can stand against a step, and whether it only warns."""
    for key, condition in step.conditions.items():
        yield key, condition.severity == "warn"
    if step.window is not None:
        window = policy.calendar.windows[step.window]
        for code, end in (("too_early", window.start), ("too_late", window.end)):
            if end is not None:
                yield code, step.window_severity == "warn"
    if step.needs:
        yield "needed", False
    if step.once:
        yield "already_done", False
    if step.once_in is not None:
        yield _LIMITS[step.once_in], False
    if step.settles is not None:
        yield "nothing_pending", False
    if step.independent:
        for code in _INDEPENDENT:
            yield code, False


def seen_steps(played: Played) -> Iterator[Key]:
    """Yield what the actions of a case have seen."""
    for attempt in played.attempts:
        action, verdict = attempt.action, attempt.verdict
        for reason in (*verdict.reasons, *verdict.warnings):
            yield "denied", action.action, reason.code
        if verdict:
            yield "from", action.action, attempt.state
            for role in attempt.roles:
                yield "by", action.action, role


def seen_measures(sheet: ScoreSheet) -> Iterator[Key]:
    """Yield which measures counted a record, and which left one out."""
    for name, measured in sheet.measured.items():
        if measured.counted:
            yield "counted", name, ""
        if measured.left_out:
            yield "left_out", name, ""


def _said(pattern: Text, name: str) -> Text:
    return Text(pattern.zh.format(name=name), pattern.en.format(name=name))
