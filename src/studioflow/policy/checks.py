"""What can only be checked once the tables are built: that they fit each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import isinf

from studioflow.algebra import bounds, names
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.policy.procedure import (
    SAME,
    UNDECLARED,
    Calendar,
    Procedure,
    Quota,
    Role,
    Transition,
)
from studioflow.rubric import Rubric
from studioflow.text import Message, Text, exact, message
from studioflow.timeline import After, Moment, awaited

__all__ = [
    "WINDOW_ORDER",
    "check_calendar",
    "check_marks",
    "check_moment",
    "check_procedure",
    "check_quota",
    "check_rubric",
    "told",
]

_OTHER_PLACES = Text("另有 {others} 处也写了它", "it also stands in other places: {others}")
MAX_EXCEEDED = message(
    "max_exceeded",
    zh="规则所得不超过 max = {max}",
    en="a rule that gives at most max = {max}",
)
ADDS_POINTS = message(
    "adds_points",
    zh="不低于0分的扣分：负的扣分就是加分",
    en="a rule that gives 0 or more: less than that, taken off, would add points",
)
GRADE_ORDER = message(
    "grade_order", zh="从高到低的分数线", en="cut-offs that fall from the best grade down"
)
NAME_TAKEN = message("name_taken", zh="未被占用的名称", en="a name that is not taken yet")
MOMENT_CIRCLE = message(
    "moment_circle", zh="不绕回自身的时间", en="a moment that does not hang on itself"
)
MOMENT_CHAIN = message(
    "moment_chain",
    zh="最多{limit}个时间依次相接",
    en="at most {limit} moments that hang on each other",
)
OTHERWISE = message(
    "otherwise",
    zh="至多一个等级写 otherwise，且不写 at_least 与 needs",
    en="otherwise on one grade at most, and neither at_least nor needs beside it",
)
QUOTA_UNASKED = message(
    "quota_unasked",
    zh="{action} 中提到 places_left 的条件：否则名额限制不了任何人",
    en="a condition of {action} that names places_left: without one the quota stops nobody",
)
WINDOW_ORDER = message("window_order", zh="from 不晚于 to", en="from not after to")
ONE_MARK = message(
    "one_mark",
    zh="每个项目最多一个评分或确认",
    en="one mark or confirmation at most for each criterion and gate",
)


_MAX_CHAIN = 20


def check_rubric(collector: Collector, rubric: Rubric, roles: Mapping[str, Role]) -> None:
    """Check that rules keep to their maximum, grades fall, gates cap at one, roles exist."""
    for kind, items in (("criteria", rubric.criteria), ("deductions", rubric.deductions)):
        for name, item in items.items():
            with collector.under(kind, name):
                term = rubric.points[name]
                most = bounds(term).high
                if item.max is not None and most > item.max * term.denominator:
                    reached = "∞" if isinf(most) else exact(Fraction(most) / term.denominator)
                    raise told(MAX_EXCEEDED, reached, max=item.max)
    for name in rubric.deductions:
        with collector.under("deductions", name):
            term = rubric.points[name]
            if (least := bounds(term).low) < 0:
                reached = "-∞" if isinf(least) else exact(Fraction(least) / term.denominator)
                raise told(ADDS_POINTS, reached)
    for name, gate in rubric.gates.items():
        with collector.under("gates", name, "at_best"):
            if gate.at_best is not None and gate.at_best not in rubric.grades:
                raise wrong(UNKNOWN_NAME, gate.at_best, known=rubric.grades)
    cuts = [grade.at_least for grade in rubric.grades.values() if grade.at_least is not None]
    with collector.under("grades"):
        # Of two grades with one cut-off, the better one has to need something more.
        pairs = pairwise(g for g in rubric.grades.values() if g.at_least is not None)
        alike = any(a.at_least == b.at_least and not a.needs for a, b in pairs)
        if alike or cuts != sorted(cuts, reverse=True):
            raise told(GRADE_ORDER, ", ".join(exact(cut) for cut in cuts))
        rest = [grade for grade in rubric.grades.values() if grade.otherwise]
        if len(rest) > 1 or any(grade.computed for grade in rest):
            raise told(OTHERWISE, f"{len(rest)} × otherwise")
    _check_suppliers(collector, rubric, roles)


def _check_suppliers(collector: Collector, rubric: Rubric, roles: Mapping[str, Role]) -> None:
    """Check that the roles that supply facts exist; one that does not is told once."""
    places: dict[str, list[tuple[str, int]]] = {}
    for name, fact in rubric.facts.items():
        for position, role in enumerate(fact.supplied_by):
            if role not in roles:
                places.setdefault(role, []).append((name, position))
    for role, ((name, position), *others) in places.items():
        with collector.under("facts", name, "from", position):
            hint = _OTHER_PLACES if others else None
            raise wrong(UNKNOWN_NAME, role, known=roles, hint=hint, others=len(others))


def check_marks(
    collector: Collector, judged: Mapping[str, tuple[str, ...]], tables: Mapping[str, str]
) -> None:
    """Check that no item has two marks: a mark in a fact file names the item alone.

    Args:
        collector: of the problems.
        judged: the marks of each item.
        tables: in which each item stands.
    """
    for name, facts in judged.items():
        with collector.under(tables[name], name):
            if len(facts) > 1:
                raise told(ONE_MARK, ", ".join(facts))


def check_quota(collector: Collector, quota: Quota | None, procedure: Procedure) -> None:
    """Check that the transitions that take a place and give it back exist."""
    if quota is None:
        return
    places = {"taken_by": quota.taken_by}
    places |= {f"freed_by/{n}": name for n, name in enumerate(quota.freed_by)}
    for place, name in places.items():
        with collector.under("quota", *place.split("/")):
            if name not in procedure.transitions:
                raise wrong(UNKNOWN_NAME, name, known=procedure.transitions)
    takes = procedure.transitions.get(quota.taken_by)
    conditions = takes.conditions.values() if takes else ()
    with collector.under("quota"):
        if takes and not any("places_left" in names(c.condition.truth) for c in conditions):
            raise told(QUOTA_UNASKED, quota.taken_by, action=quota.taken_by)


def check_calendar(collector: Collector, calendar: Calendar, procedure: Procedure) -> None:
    """Check that moments exist, and hang on no circle."""
    for name, moment in calendar.moments.items():
        with collector.under("calendar", "moments", name):
            check_moment(moment, calendar, procedure)
            _check_chain(name, calendar)
    for name, window in calendar.windows.items():
        for key, end in (("from", window.start), ("to", window.end)):
            with collector.under("calendar", "windows", name, key):
                if end is not None:
                    check_moment(end, calendar, procedure)


def check_moment(moment: Moment, calendar: Calendar, procedure: Procedure) -> None:
    """Check that what a moment hangs on exists."""
    if isinstance(moment, After):
        if moment.after not in calendar.moments:
            raise wrong(UNKNOWN_NAME, moment.after, known=calendar.moments)
        return
    for action in awaited(moment, calendar.moments):
        if action not in procedure.transitions:
            raise wrong(UNKNOWN_NAME, action, known=procedure.transitions)


def _check_chain(name: str, calendar: Calendar) -> None:
    """Refuse a moment that hangs on itself, by way of others or not, or on very many others."""
    seen: set[str] = set()
    here: Moment | None = calendar.moments[name]
    while isinstance(here, After) and here.after not in seen:
        seen.add(here.after)
        if len(seen) > _MAX_CHAIN:
            raise told(MOMENT_CHAIN, name, limit=_MAX_CHAIN)
        here = calendar.moments.get(here.after)
    if name in seen:
        raise wrong(MOMENT_CIRCLE, name)


def check_procedure(
    collector: Collector, procedure: Procedure, roles: Mapping[str, Role], calendar: Calendar
) -> None:
    """Check that the states, roles and windows that transitions name exist."""
    for reserved in (UNDECLARED, SAME, "none"):
        with collector.under("lifecycle", "states", reserved):
            if reserved in procedure.states:
                raise wrong(NAME_TAKEN, reserved)
    for name, transition in procedure.transitions.items():
        place = ("lifecycle", "transitions", name)
        with collector.under(*place):
            _check_transition(transition, procedure, roles, calendar)


def _check_transition(
    transition: Transition,
    procedure: Procedure,
    roles: Mapping[str, Role],
    calendar: Calendar,
) -> None:
    collector = Collector()
    for source in transition.sources:
        with collector.under("from"):
            if source != UNDECLARED and source not in procedure.states:
                raise wrong(UNKNOWN_NAME, source, known={*procedure.states, "none"})
    with collector.under("to"):
        if transition.moves and transition.dest not in procedure.states:
            raise wrong(UNKNOWN_NAME, transition.dest, known={*procedure.states, SAME})
        if not transition.moves and transition.declares:
            raise wrong(UNKNOWN_NAME, transition.dest, known=procedure.states)
    for key, named in (("by", transition.by), ("from", transition.source)):
        with collector.under():
            if not named:
                raise wrong(MISSING_KEY, f"{key} = []", key=key)
    for position, source in enumerate(transition.window_for):
        with collector.under("window_for", position):
            if source not in transition.source:
                raise wrong(UNKNOWN_NAME, source, known=transition.source)
    with collector.under("window"):
        if transition.window is not None and transition.window not in calendar.windows:
            raise wrong(UNKNOWN_NAME, transition.window, known=calendar.windows)
    _check_roles(collector, ("by",), transition.by, roles)
    _check_roles(collector, ("window_override",), transition.window_override, roles)
    for name, condition in transition.conditions.items():
        _check_roles(collector, ("conditions", name, "override"), condition.override, roles)
        _check_roles(collector, ("conditions", name, "who"), condition.who, roles)
    collector.finish()


def _check_roles(
    collector: Collector, place: tuple[str, ...], named: Iterable[str], roles: Mapping[str, Role]
) -> None:
    for position, role in enumerate(named):
        with collector.under(*place, position):
            if role not in roles:
                raise wrong(UNKNOWN_NAME, role, known=roles)


def told(expects: Message, got: str, **parameters: object) -> InputError:
    """Return an error that shows what was computed, not what stood in the file."""
    return InputError([Problem(expects, got=got, parameters=parameters)])
