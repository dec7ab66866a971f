"""The lifecycle of one policy version: the machine on `transitions`, and a gate at every step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Unpack, cast

from attrs import evolve, frozen
from transitions import Machine

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.lifecycle.agenda import LOOK_AHEAD, Agenda
from studioflow.lifecycle.agenda_items import items_of
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.checked_input import checked, is_plain
from studioflow.lifecycle.event_of import EventOf
from studioflow.lifecycle.gate import ONLY_WHERE_NEEDED, Gate
from studioflow.lifecycle.handed_in import HandedIn, check_names
from studioflow.lifecycle.machine import machine_of
from studioflow.lifecycle.matter import Matter
from studioflow.lifecycle.outlook import as_of
from studioflow.lifecycle.scoring import file_scoring
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.studio import (
    Event,
    Guard,
    PluginMeasure,
    Studio,
    check_brought,
    check_guards,
)
from studioflow.text import message
from studioflow.verdict import Denied, Reason, Verdict

__all__ = ["HandedIn", "Lifecycle", "Step"]

MACHINE_REFUSED = message(
    "machine_refused",
    zh="状态机上附加的条件不允许",
    en="a condition that was added to the machine said no",
)


@frozen(slots=False)
class Step:
    """What an allowed action brings: the event, and the studio folded with it.

    Attributes:
        verdict: that it was allowed, with the warnings.
    """

    event: Event
    studio: Studio
    verdict: Verdict


class _Draft:
    """What the machine moves; thrown away if anything fails on the way."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Lifecycle:
    """Decides and takes the steps of a policy. It never holds a studio, and may be shared.

    Attributes:
        policy: whose procedure it is.
        machine: a `transitions.Machine` without models; callbacks added to it run on every step,
            and one that raises leaves the studio as it was.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        guards: Iterable[Guard] = (),
        measures: Iterable[PluginMeasure] = (),
    ) -> None:
        """Build the machine and a gate for each step.

        Args:
            policy: whose procedure it is.
            guards: of plugins, to be asked.
            measures: of plugins, that the policy names.

        Raises:
            InputError: for a measure that the policy names and nobody brings, and for a guard that
                asks about a misspelt action.
        """
        self.policy = policy
        transitions = policy.procedure.transitions
        asked = tuple(guards)
        brought = self._measures = {each.id: each for each in measures}
        check_brought(policy, brought)
        check_guards(asked, policy.procedure)
        self._gates: Mapping[str, Gate] = {
            name: Gate(name, policy, asked, brought) for name in transitions
        }
        self._events = {name: EventOf(name, policy) for name in transitions}
        self.machine: Machine = machine_of(policy.procedure)

    def score(
        self,
        studio: Studio,
        *,
        on: date,
        open_facts: Mapping[str, object] | None = None,
    ) -> ScoreSheet:
        """Return the sheet of a studio's file as it would be made on a day.

        A mark that does not fit the facts any more is left out, and open.

        Args:
            studio: as it is.
            on: the day.
            open_facts: facts that are taken otherwise than the file has them: None for one that is
                open, `rules.SoFar` for one that can only grow.

        Raises:
            InputError: for facts on file that do not fit the policy.
        """
        scored, measured = file_scoring(self.policy, studio, on, self._measures, open_facts or {})
        return evolve(scored.sheet(), measured=measured)

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of all transitions, in the policy's order."""
        return tuple(self._gates)

    def can(
        self, action: str, studio: Studio, *, by: Actor, on: date, **handed_in: Unpack[HandedIn]
    ) -> Verdict:
        """Return whether an action is allowed, with every reason; nothing happens.

        Takes what `act` takes.

        Raises:
            InputError: as `act` does.
        """
        gate = self._gate(action)
        attempt, problems = self._attempt("can", action, studio, by, on, handed_in)
        return gate.decide(attempt, problems).verdict

    def available(
        self, studio: Studio, *, by: Actor, on: date, **handed_in: Unpack[HandedIn]
    ) -> dict[str, Verdict]:
        """Return the verdict on every action; an override counts for those that know it.

        Raises:
            InputError: as `act` does; for an override that no action knows.
        """
        check_names("available", handed_in)
        gates, overrides = self._gates, handed_in.get("overrides", {})
        if not isinstance(overrides, Mapping):  # each action would say the same of it
            checked(studio, by, handed_in, collector := Collector())
            collector.finish()
        anywhere = frozenset[str]().union(*(gate.overridable for gate in gates.values()))
        strange = overrides.keys() - anywhere
        shared: dict[date, Matter] = {}
        verdicts = {}
        for action, gate in gates.items():
            known = gate.overridable | strange
            if overrides:
                handed_in["overrides"] = {
                    key: override for key, override in overrides.items() if key in known
                }
            given = dict(handed_in)
            for name in ONLY_WHERE_NEEDED:
                if name not in gate.transition.needs:
                    given.pop(name, None)  # it is meant for others
            fitting = cast("HandedIn", given)
            attempt, problems = self._attempt("available", action, studio, by, on, fitting)
            verdicts[action] = gate.decide(attempt, problems, shared).verdict
        return verdicts

    def act(
        self, action: str, studio: Studio, *, by: Actor, on: date, **handed_in: Unpack[HandedIn]
    ) -> Step:
        """Take an action: return the event, and a new studio that it was folded into.

        Args:
            action: the transition.
            studio: as it is; it stays as it was.
            by: who acts.
            on: the day.
            handed_in: what comes with it, see `HandedIn`.

        Raises:
            Denied: with every reason.
            InputError: for an unknown action, or input that does not fit the policy.
        """
        gate = self._gate(action)
        attempt, problems = self._attempt("act", action, studio, by, on, handed_in)
        decided = gate.decide(attempt, problems)
        if not decided.verdict.allowed:
            raise Denied(decided.verdict)
        draft = _Draft(studio.state)
        if not self.machine.events[action].trigger(draft, attempt):
            label = self.policy.procedure.transitions[action].label
            raise Denied(Verdict(label, (Reason(MACHINE_REFUSED),)))
        event = self._events[action].event(attempt, decided, draft.state)
        return Step(event, studio.after(event), decided.verdict)

    def agenda(
        self,
        studio: Studio,
        *,
        on: date,
        until: date | None = None,
        **handed_in: Unpack[HandedIn],
    ) -> Agenda:
        """Return what is due, overdue, to come or possible for a studio on a day.

        Args:
            studio: one without events is any that may still be declared.
            on: the day; of a day that is over, what was written down later is left out.
            until: how far to look ahead; ninety days where it is left out.
            handed_in: what is known to whoever takes a step, see `HandedIn`.

        Raises:
            InputError: as `act` does.
        """
        check_names("agenda", handed_in)
        then = as_of(studio, on)
        last = min(on, date.max - LOOK_AHEAD) + LOOK_AHEAD if until is None else until

        def ask(action: str, by: Actor) -> Verdict:
            return self.can(action, then, by=by, on=on, **handed_in)

        unborn = studio.history and not then.history
        items = () if unborn else items_of(self.policy, then, ask, on, last)
        return Agenda.of(self.policy.id, on, last, items)

    def _attempt(  # noqa: PLR0913, PLR0917 - what was asked, and all that came with it
        self, asked: str, action: str, studio: Studio, by: Actor, on: date, handed_in: HandedIn
    ) -> tuple[Attempt, Sequence[Problem]]:
        """Return the attempt that was handed in, and what is wrong with its form."""
        if is_plain(studio, by, handed_in):
            return Attempt.plain(action, studio, by, on, handed_in), ()
        check_names(asked, handed_in)
        collector = Collector()
        given = checked(studio, by, handed_in, collector)
        return Attempt(action=action, studio=studio, by=by, on=on, **given), collector.problems

    def _gate(self, action: str) -> Gate:
        # What is no name may not even be hashable.
        known: object = action
        gate = self._gates.get(known) if isinstance(known, str) else None
        if gate is None:
            unknown = wrong(UNKNOWN_NAME, action, known=self._gates)
            raise InputError(problem.under("action") for problem in unknown.problems)
        return gate
