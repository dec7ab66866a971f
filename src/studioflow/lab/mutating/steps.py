"""Small mistakes in a lifecycle: who takes a step, from where, when, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from studioflow.lab.mutating.rules import Change, Tables, dropped, in_force, of_rule

__all__ = ["of_quota", "of_transition", "of_window"]

_GUARDS = (
    "window",
    "window_for",
    "window_override",
    "once_in",
    "settles",
    "bans",
    "recovers",
)
"""Keys whose absence lets a step through, or lets less come of it."""
_FLAGS = ("independent", "once", "corrects", "rescores", "batch_grade", "next_cycle")
_SEVERITIES = {"refuse": "warn", "warn": "refuse"}


def of_transition(name: str, step: Mapping[str, Any], tables: Tables) -> Iterator[Change]:
    """Yield the changes of a transition."""
    path = f"lifecycle/transitions/{name}"
    yield Change(f"{path}/on", value=False, before=name, after="left out", of=path)
    yield from _of_people(path, step, tables)
    source = step.get("from")
    if isinstance(source, list) and len(source) > 1:
        yield from _each_left_out(f"{path}/from", source)
    yield from _each_left_out(f"{path}/needs", step.get("needs", []))
    for key in _GUARDS:
        if key in step:
            yield dropped(path, step, key)
    for key in _FLAGS:
        if step.get(key) is True:
            yield Change(f"{path}/{key}", value=False, before="true", after="false")
    yield from of_rule(f"{path}/reward", step.get("reward"), tables)
    yield from _of_severity(f"{path}/window_severity", step.get("window_severity"), tables)
    for key, condition in step.get("conditions", {}).items():
        if condition.get("on", True) is not False:
            yield from _of_condition(f"{path}/conditions/{key}", condition, tables)


def of_window(path: str, window: Mapping[str, Any], tables: Tables) -> Iterator[Change]:
    """Yield the changes of a window's ends, a day each."""
    for key in ("from", "to"):
        where, day = in_force(f"{path}/{key}", window.get(key), tables)
        if isinstance(day, date):
            for days in (1, -1):
                moved = day + timedelta(days=days)
                yield Change(where, moved, day.isoformat(), moved.isoformat())


def of_quota(quota: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the changes of the places, and of what gives one back."""
    yield from of_rule("quota/places", quota.get("places"), {})
    yield from _each_left_out("quota/freed_by", quota.get("freed_by", []))


def _of_people(path: str, step: Mapping[str, Any], tables: Tables) -> Iterator[Change]:
    roles = step["by"]
    if len(roles) > 1:
        yield from _each_left_out(f"{path}/by", roles)
    for place, role in enumerate(roles):
        other = _other_role(role, roles, tables["roles"])
        if other is not None:
            swapped = [other if each == role else each for each in roles]
            yield Change(f"{path}/by", swapped, role, other, f"{path}/by/{place}")


def _other_role(role: str, taking: list[str], roles: Mapping[str, Any]) -> str | None:
    """Return somebody else, for one's own studios alone where the role is."""
    others = [name for name in roles if name not in taking]
    own = roles[role].get("own", False)
    alike = [name for name in others if roles[name].get("own", False) == own]
    return next(iter([*alike, *others]), None)


def _of_condition(path: str, condition: Mapping[str, Any], tables: Tables) -> Iterator[Change]:
    key = path.rpartition("/")[2]
    yield Change(f"{path}/on", value=False, before=key, after="left out", of=path)
    yield from _of_severity(f"{path}/severity", condition.get("severity", "refuse"), tables)
    if condition.get("override"):
        yield dropped(path, condition, "override")
    yield from of_rule(path, condition, tables)


def _of_severity(path: str, severity: object, tables: Tables) -> Iterator[Change]:
    where, word = in_force(path, severity, tables)
    if isinstance(word, str) and word in _SEVERITIES:
        yield Change(where, _SEVERITIES[word], word, _SEVERITIES[word])


def _each_left_out(path: str, words: list[str]) -> Iterator[Change]:
    for place, word in enumerate(words):
        left = [each for other, each in enumerate(words) if other != place]
        yield Change(path, left, word, "left out", f"{path}/{place}")
