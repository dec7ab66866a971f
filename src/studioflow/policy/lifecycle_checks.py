"""A lifecycle is checked as a whole when it is built, with every fault at its place.

The machine below would take any of it, and nobody would know before a studio gets there. What is
off is not there: only its names are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.policy.collisions import check_collisions
from studioflow.policy.document import Tables
from studioflow.policy.lifecycle_paths import drawn
from studioflow.policy.procedure import UNDECLARED, Duty, Procedure, Role
from studioflow.policy.state_checks import check_milestones, check_states
from studioflow.policy.step_checks import Steps
from studioflow.policy.surroundings import Surroundings
from studioflow.policy.window_checks import check_due_days, check_duty_days, check_window_order
from studioflow.text import message

__all__ = ["check_lifecycle"]

NOT_THEIR_STEP = message(
    "not_their_step",
    zh="{action} 的办理者（by）之一：{known}",
    en="one of those who may take {action}: {known}",
)
NOT_IN_THESE_STATES = message(
    "not_in_these_states",
    zh="{action} 可以开始的状态：{known}",
    en="a state that {action} starts from: {known}",
)


def check_lifecycle(
    collector: Collector,
    written: Procedure,
    around: Surroundings,
    tables: Mapping[str, Tables],
) -> None:
    """Check that a lifecycle is a way that can be gone, from its beginning to its ends.

    That the states, roles and windows of its steps exist was checked before.

    Args:
        collector: of the problems.
        written: the lifecycle with what is off.
        around: the rest of the policy.
        tables: the `states` and `transitions` as the file has them.
    """
    calendar = around.calendar
    _check_pending(collector, written)
    _check_duties(collector, written, around.roles)
    _check_amending(collector, around, written)
    check_window_order(collector, calendar)
    check_duty_days(collector, written.duties, written, calendar)
    check_due_days(collector, written, calendar)
    if not any(tables.values()):
        return
    procedure = written.without_what_is_off()
    paths = drawn(procedure, tables)
    check_states(collector, procedure, paths)
    check_milestones(collector, procedure, paths)
    Steps(procedure, paths, around).check(collector)
    check_collisions(collector, procedure, paths, around, tables["transitions"])


def _check_pending(collector: Collector, procedure: Procedure) -> None:
    for name, transition in procedure.transitions.items():
        for key, pending in (("opens", transition.opens), ("settles", transition.settles)):
            with collector.under("lifecycle", "transitions", name, key):
                if pending is not None and pending not in procedure.pending:
                    raise wrong(UNKNOWN_NAME, pending, known=procedure.pending)


def _check_duties(collector: Collector, procedure: Procedure, roles: Mapping[str, Role]) -> None:
    for name, duty in procedure.duties.items():
        place = ("lifecycle", "duties", name)
        with collector.under(*place, "action"):
            if duty.action not in procedure.transitions:
                raise wrong(UNKNOWN_NAME, duty.action, known=procedure.transitions)
        _check_named(collector, (*place, "by"), duty.by, roles)
        _check_named(collector, (*place, "states"), duty.states, {*procedure.states, "none"})
        _check_fulfilled(collector, place, duty, procedure)


def _check_fulfilled(
    collector: Collector, place: tuple[str, ...], duty: Duty, procedure: Procedure
) -> None:
    """Refuse a duty of people, or in states, that its step is not for: it can only be missed."""
    step = procedure.transitions.get(duty.action)
    if step is None:
        return
    with collector.under(*place, "by"):
        if duty.by and not {*duty.by} & {*step.by}:
            raise wrong(NOT_THEIR_STEP, ", ".join(duty.by), known=step.by, action=duty.action)
    with collector.under(*place, "states"):
        known = {*step.source, *step.sources}
        if duty.states and not {*duty.states} & known:
            got = ", ".join(duty.states)
            raise wrong(NOT_IN_THESE_STATES, got, known=step.source, action=duty.action)


def _check_amending(collector: Collector, around: Surroundings, written: Procedure) -> None:
    amending = around.amending
    on = {name for name, state in written.states.items() if state.on} | {UNDECLARED}
    for old, new in amending.states.items():
        with collector.under("amendment", "states", old):
            if new not in on:
                raise wrong(UNKNOWN_NAME, new, known=on)
    _check_named(collector, ("amendment", "by"), amending.by, around.roles)


def _check_named(
    collector: Collector, place: tuple[str, ...], named: Iterable[str], known: Iterable[str]
) -> None:
    names = frozenset(known)
    for position, name in enumerate(named):
        with collector.under(*place, position):
            if name not in names:
                raise wrong(UNKNOWN_NAME, name, known=names)
