"""What to do about a reason that stands against a step: bring something, wait, or step aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from attrs import field, frozen

from studioflow.algebra import Truth, names
from studioflow.cases.cast import actor
from studioflow.lifecycle.duties import occurrences
from studioflow.policy import Transition
from studioflow.studio import Override
from studioflow.testing.stage import Brought, Stage
from studioflow.testing.values import days_at, solved
from studioflow.timeline import Happened, Moment, awaited, moved, resolve
from studioflow.verdict import Reason, Verdict

__all__ = ["OF_SHEET", "Bring", "Detour", "Mend", "Wait", "mends", "scores"]

OF_SHEET = frozenset({"gates_met", "open_facts", "total", "passed", "outstanding"})
"""Facts of a procedure that a score sheet decides."""

_OWN_FACTS = frozenset({"handed_in_own_unit", "handed_in_own_studio"})
_YEARS_AHEAD = 12
_MOST_DAYS = 4
_OVERRIDE = "经研究同意"


@frozen
class Bring:
    """Bring facts, or set something aside."""

    facts: Mapping[str, object] = field(factory=dict)
    overrides: Mapping[str, object] = field(factory=dict)


@frozen
class Wait:
    """Wait for a day; `dutifully`, doing what is due in the meantime."""

    day: date
    dutifully: bool = False


@frozen
class Detour:
    """Take another step first, and come back.

    Attributes:
        action: the step.
        role: in which it is taken; None: any that may.
        opinion: for or against, where it asks for one.
    """

    action: str
    role: str | None = None
    opinion: bool = True


Mend = Bring | Wait | Detour


def scores(step: Transition) -> bool:
    """Return whether a step asks for a score sheet."""
    asked = (names(each.condition.truth) & OF_SHEET for each in step.conditions.values())
    return step.rescores or any(asked)


def mends(stage: Stage, step: Transition, brought: Brought, verdict: Verdict) -> list[Mend]:
    """Return what might help against the first reason about which anything can be done."""
    for reason in verdict.reasons:
        found = list({repr(mend): mend for mend in _against(stage, step, brought, reason)}.values())
        if found:
            return found
    return []


def _against(stage: Stage, step: Transition, brought: Brought, reason: Reason) -> Iterator[Mend]:
    procedure = stage.policy.procedure
    key = str(reason.parameters.get("condition", reason.code))
    if reason.when is not None and reason.when > stage.clock.today:
        yield from _until(stage, reason.when)
    if reason.code == "window_not_set":
        window = stage.policy.calendar.windows[str(step.window)]
        ends = [end for end in (window.start, window.end) if end is not None]
        for end in ends:
            yield from map(Detour, awaited(end, stage.policy.calendar.moments))
    if reason.code == "nothing_pending":
        for name, other in procedure.transitions.items():
            if other.opens == step.settles:
                yield Detour(name)
    if reason.code in _OWN_FACTS:
        facts = stage.studio.facts
        yield Bring({name: facts[name] for name in reason.about if name in facts})
    if key in step.conditions:
        yield from _of_condition(stage, step, brought, key)
    if reason.code in {"too_late", "too_early", "window_not_set"} and step.window_override:
        yield _set_aside(stage, "window", step.window_override)


def _of_condition(stage: Stage, step: Transition, brought: Brought, key: str) -> Iterator[Mend]:
    condition = step.conditions[key]
    truth = condition.condition.truth
    named = names(truth)
    facts = _facts_for(stage, truth, brought)
    if facts:
        yield Bring(facts)
    for name in sorted(named & stage.policy.procedure_facts.keys()):
        yield from _of_standing(stage, name, truth)
    if condition.override:
        yield _set_aside(stage, key, condition.override)


def _facts_for(stage: Stage, truth: Truth, brought: Brought) -> dict[str, object]:
    """Return facts of the rubric that make a truth hold, as far as it hangs on them."""
    policy = stage.policy
    free = names(truth) & policy.facts.keys()
    if not free:
        return {}
    others = {
        name: fact.unknown() for name, fact in policy.procedure_facts.items() if name not in free
    }
    return (
        solved(truth, policy.facts, {**stage.studio.facts, **brought.facts}, [*free], others) or {}
    )


def _of_standing(stage: Stage, name: str, truth: Truth) -> Iterator[Mend]:
    """Yield what changes one of the facts that say where a studio stands."""
    kind, _, about = name.partition("_")
    steps = stage.policy.procedure.transitions
    if name == "today":
        for day in days_at(truth, name):
            yield from _until(stage, day)
    elif kind == "missed" and about in stage.policy.procedure.duties:
        yield from _missing(stage, about)
    elif kind == "opinion" and about in stage.policy.roles:
        for action, step in steps.items():
            if "opinion" in step.needs and about in step.by:
                yield Detour(action, about, opinion=True)
                yield Detour(action, about, opinion=False)
    else:
        for action, step in steps.items():
            if _changes(stage, action, step, name):
                yield Detour(action)
        yield from _in_window(stage, name)


def _changes(stage: Stage, action: str, step: Transition, name: str) -> bool:
    """Return whether a step changes how often it was taken, what is pending, a grade, the cycle."""
    kind, _, about = name.partition("_")
    match kind:
        case "times":
            return about == action
        case "pending":
            still = stage.studio.pending().get(about, 0)
            return (step.settles if still else step.opens) == about
        case "grade" | "passed" | "outstanding":
            return step.batch_grade or step.rescores
        case _:
            return name == "cycle_number" and step.next_cycle


def _in_window(stage: Stage, name: str) -> Iterator[Mend]:
    """Yield waiting until a window has begun, or is over."""
    for window, ends in stage.policy.calendar.windows.items():
        if name == f"{window}_begun" and ends.start is not None:
            yield from _at(stage, ends.start, 0)
        if name == f"{window}_over" and ends.end is not None:
            yield from _at(stage, ends.end, 1)


def _at(stage: Stage, moment: Moment, days: int) -> Iterator[Mend]:
    """Yield waiting for some days after a moment, or what the moment hangs on."""
    policy, studio = stage.policy, stage.studio
    calendar = policy.calendar
    happened = Happened(studio.days(), studio.dues())
    day = resolve(moment, calendar.moments, happened, calendar.working_days)
    if day is not None:
        yield from _until(stage, day + timedelta(days=days))
        return
    yield from map(Detour, awaited(moment, calendar.moments))


def _missing(stage: Stage, name: str) -> Iterator[Mend]:
    """Yield waiting until a duty was not done in time."""
    today, policy = stage.clock.today, stage.policy
    ahead = moved(today, years=_YEARS_AHEAD)
    found = 0
    for each in occurrences(policy.procedure.duties[name], policy, stage.studio, ahead):
        if each.due is not None and each.due >= today and each.done is None:
            yield Wait(each.due + timedelta(days=1))
            found += 1
        if found == _MOST_DAYS:
            return


def _until(stage: Stage, day: date) -> Iterator[Mend]:
    if day > stage.clock.today:
        yield Wait(day)
        if stage.policy.procedure.duties:
            yield Wait(day, dutifully=True)


def _set_aside(stage: Stage, key: str, roles: tuple[str, ...]) -> Mend:
    by = actor(stage.policy, roles[0], stage.name)
    return Bring(overrides={key: Override(reason=_OVERRIDE, by=by)})
