"""Whether steps get in each other's way: which one is meant, or is taken, has to be plain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations, islice, product
from typing import Any

from attrs import fields

from studioflow.algebra import All, names, possible
from studioflow.codec import Collector, wrong
from studioflow.policy.checks import NAME_TAKEN, told
from studioflow.policy.document import Tables
from studioflow.policy.lifecycle_paths import Paths
from studioflow.policy.procedure import UNDECLARED, Calendar, Procedure, Quota, Transition
from studioflow.policy.step_checks import refusing
from studioflow.policy.surroundings import Surroundings
from studioflow.policy.window_checks import actions, base
from studioflow.text import LANGUAGES, Text, message

__all__ = ["PROGRAMME_METHODS", "check_collisions"]

PROGRAMME_METHODS = frozenset(
    {
        "act",
        "advance",
        "agenda",
        "amend",
        "amendment",
        "available",
        "bulletin",
        "can",
        "deliver",
        "host",
        "outcomes",
        "places_left",
        "policy",
        "policy_of",
        "progress",
        "ranking",
        "score",
        "studio",
        "studios",
        "take",
        "today",
        "undelivered",
        "within",
    }
)
"""What a programme has that is no step: `programme.score(…)` would not be the step `score`.

`open` is not among them: it makes a programme.
"""
_MOST_PAIRS = 2_000
"""So many pairs of automatic steps are compared."""

TWO_AUTOMATIC = message(
    "two_automatic",
    zh="条件与 {other} 互相排斥的一步：两步都从 {state} 自动进行",
    en="a step whose conditions exclude those of {other}, which leaves {state} by itself, too",
)
SAME_STEP = message(
    "same_step",
    zh="与 {other} 不同的一步：两步除名称外全都一样",
    en="a step that differs from {other} in more than its name",
)
SAME_LABEL = message(
    "same_label",
    zh="与同样从 {state} 开始的 {other} 不同的名称",
    en="another label than that of {other}, which starts from {state}, too",
)
_Steps = Mapping[str, Transition]
_IS_A_METHOD = Text(
    "Programme 已有名为 {name} 的方法", "a programme has something else that is called {name}"
)


def check_collisions(
    collector: Collector,
    procedure: Procedure,
    paths: Paths,
    around: Surroundings,
    written: Tables,
) -> None:
    """Check that no two steps collide, and that none is called like a method.

    Args:
        collector: of the problems.
        procedure: what is on.
        paths: that its steps make.
        around: the rest of the policy.
        written: the transitions as the file has them.
    """
    for name in written:
        with collector.under("lifecycle", "transitions", name):
            if name in PROGRAMME_METHODS:
                raise wrong(NAME_TAKEN, name, hint=_IS_A_METHOD, name=name)
    steps = procedure.transitions
    here = {
        state: [step.name for step in paths.starting_from(state) if step.name in steps]
        for state in (UNDECLARED, *procedure.states)
    }
    _check_labels(collector, steps, here)
    _check_automatic(collector, steps, here, around.calendar)
    _check_alike(collector, steps, written, _named(procedure, around.calendar, around.quota))


def _check_labels(collector: Collector, steps: _Steps, here: Mapping[str, list[str]]) -> None:
    """Refuse two steps of one state with one label; each pair is told once."""
    said: set[tuple[str, str, str]] = set()
    for state, language in product(here, LANGUAGES):
        first: dict[str, str] = {}
        for name in here[state]:
            label = steps[name].label.get(language)
            other = first.setdefault(label, name)
            if other != name and (language, other, name) not in said:
                said.add((language, other, name))
                with collector.under("lifecycle", "transitions", name, "label", language):
                    raise wrong(SAME_LABEL, label, other=other, state=_in_file(state))


def _check_automatic(
    collector: Collector, steps: _Steps, here: Mapping[str, list[str]], calendar: Calendar
) -> None:
    """Refuse two steps by themselves from one state to two, if both can surely be allowed."""
    pairs = (
        (state, one, other)
        for state, named in here.items()
        for one, other in combinations([n for n in named if steps[n].automatic], 2)
        if steps[one].moves and steps[other].moves and steps[one].dest != steps[other].dest
    )
    said: set[tuple[str, str]] = set()
    for state, one, other in islice(pairs, _MOST_PAIRS):
        both = [
            truth for n in (one, other) for truth in refusing(steps[n], automatic=True).values()
        ]
        if (one, other) not in said and not _apart(steps[one], steps[other], calendar, state):
            with collector.under("lifecycle", "transitions", other, "automatic"):
                if possible(All(tuple(both)), unsure=False):
                    said.add((one, other))
                    raise told(TWO_AUTOMATIC, "true", other=one, state=_in_file(state))


def _apart(one: Transition, other: Transition, calendar: Calendar, state: str) -> bool:
    """Return whether the windows of two steps have no day in common, as far as they are days."""
    days = []
    for step in (one, other):
        counts = not step.window_for or _in_file(state) in step.window_for
        refuses = counts and step.window_severity == "refuse"
        window = calendar.windows.get(step.window or "") if refuses else None
        start = window.start if window else None
        end = window.end if window else None
        days.append(
            (
                start if isinstance(start, date) else date.min,
                end if isinstance(end, date) else date.max,
            )
        )
    return max(start for start, _ in days) > min(end for _, end in days)


def _check_alike(
    collector: Collector, steps: _Steps, written: Tables, named: frozenset[str]
) -> None:
    """Refuse steps that are alike in all but their names, where nothing else tells them apart."""
    first: dict[str, str] = {}
    for name, transition in steps.items():
        other = first.setdefault(_said(transition, written[name]), name)
        with collector.under("lifecycle", "transitions", name):
            if other != name and not {name, other} & named:
                raise wrong(SAME_STEP, name, other=other)


def _said(transition: Transition, table: Mapping[str, Any]) -> str:
    """Return all that a step says but its label, for comparing."""
    parts = {each.name: getattr(transition, each.name) for each in fields(Transition)}
    for key in ("source", "by", "needs", "window_for"):
        parts[key] = sorted(parts[key])
    del parts["label"]
    # Terms are not compared; what the file says of conditions is.
    parts["conditions"] = table.get("conditions")
    return repr(parts)


def _named(procedure: Procedure, calendar: Calendar, quota: Quota | None) -> frozenset[str]:
    """Return the steps that something else in the policy hangs on by their names."""
    found = {duty.action for duty in procedure.duties.values()}
    ends = [*calendar.moments.values()]
    ends += [e for window in calendar.windows.values() for e in (window.start, window.end) if e]
    for moment in ends:
        found.update(actions(base(moment, calendar)))
    if quota is not None:
        found.update((quota.taken_by, *quota.freed_by))
    for transition in procedure.transitions.values():
        for condition in transition.conditions.values():
            facts = names(condition.condition.truth)
            found.update(name.removeprefix("times_") for name in facts if name.startswith("times_"))
    return frozenset(found)


def _in_file(state: str) -> str:
    return "none" if state == UNDECLARED else state
