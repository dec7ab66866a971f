"""The lifecycle of one policy version: the machine on `transitions`, and a gate at every step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from attrs import evolve, frozen
from transitions import Machine

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, nearest
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.checked_input import checked
from studioflow.lifecycle.gate import Decided, Gate
from studioflow.lifecycle.scoring import file_scoring
from studioflow.people import Actor
from studioflow.policy import UNDECLARED, Policy
from studioflow.rubric import FactFile, ScoreSheet
from studioflow.studio import (
    Application,
    Event,
    Guard,
    Override,
    PluginMeasure,
    Studio,
    check_brought,
)
from studioflow.text import message
from studioflow.verdict import Denied, Reason, Verdict

__all__ = ["HandedIn", "Lifecycle", "Step"]

MACHINE_REFUSED = message(
    "machine_refused",
    zh="状态机上附加的条件不允许",
    en="a condition that was added to the machine said no",
)


@frozen
class Step:
    """What an allowed action brings: the event, and the studio folded with it.

    Attributes:
        verdict: that it was allowed, with the warnings.
    """

    event: Event
    studio: Studio
    verdict: Verdict


class HandedIn(TypedDict, total=False):
    """What may come with an action.

    Attributes:
        facts: plain, or a fact file with marks and an inspection.
        application: for the action that declares a studio; as a record, or as a plain dict.
        decision: a grade's id, where the policy leaves the grade to the committee.
        overrides: conditions to set aside, by id, with the reason, as records or as plain dicts;
            "window" is the calendar's.
        records: for the case file: lists by kind, of plain dicts or of instances of the kind's
            class; with the `id` of one on file it takes its place, where the action corrects.
        strike: ids of records, and marks as `criterion/person`, that are wrong and have to go,
            where the action corrects.
        gaps: what is still missing, in words.
        places_left: of the batch's quota.
        remark: recorded with the event.
        today: the day on which it is written down, where it is not the day claimed.
        elsewhere: tells which studios hold the evidence of a digest.
        recorded: the moment at which it is written down.
        key: by which the sender knows the command again.
    """

    facts: FactFile | Mapping[str, object] | None
    application: Application | Mapping[str, object] | None
    decision: str | None
    overrides: Mapping[str, Override | Mapping[str, object]]
    records: Mapping[str, Sequence[object]]
    strike: Iterable[str]
    gaps: Iterable[str]
    places_left: int | None
    remark: str | None
    today: date | None
    elsewhere: Callable[[str], Iterable[str]]
    recorded: datetime | None
    key: str | None


def _check_names(method: str, handed_in: HandedIn) -> None:
    """Refuse a misspelt argument as Python does, in the name of the method that was called.

    Raises:
        TypeError: for a name that `HandedIn` does not have.
    """
    for name in handed_in.keys() - HandedIn.__optional_keys__:
        near = nearest(name, HandedIn.__optional_keys__)
        advice = f"; did you mean {near!r}?" if near else ""
        raise TypeError(f"{method}() got an unexpected keyword argument {name!r}{advice}")


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
            InputError: for a measure that the policy names and nobody brings.
        """
        self.policy = policy
        transitions = policy.procedure.transitions
        asked = tuple(guards)
        brought = self._measures = {each.id: each for each in measures}
        check_brought(policy, brought)
        self._gates: Mapping[str, Gate] = {
            name: Gate(transition, policy, asked, brought)
            for name, transition in transitions.items()
        }
        self.machine: Machine = Machine(
            model=None,
            states=[UNDECLARED, *policy.procedure.states],
            initial=None,
            transitions=[
                {
                    "trigger": name,
                    "source": list(transition.sources),
                    "dest": transition.dest if transition.moves else None,
                }
                for name, transition in transitions.items()
            ],
            auto_transitions=False,
            send_event=True,
            queued=False,
        )

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
        _check_names("can", handed_in)
        return self._decide(action, studio, by, on, handed_in)[1].verdict

    def available(
        self, studio: Studio, *, by: Actor, on: date, **handed_in: Unpack[HandedIn]
    ) -> dict[str, Verdict]:
        """Return the verdict on every action; an override counts for those that know it.

        Raises:
            InputError: as `act` does; for an override that no action knows.
        """
        _check_names("available", handed_in)
        gates, overrides = self._gates, handed_in.get("overrides", {})
        if not isinstance(overrides, Mapping):  # each action would say the same of it
            checked(studio, by, handed_in, collector := Collector())
            collector.finish()
        anywhere = frozenset[str]().union(*(gate.overridable for gate in gates.values()))
        strange = overrides.keys() - anywhere
        verdicts = {}
        for action, gate in gates.items():
            known = gate.overridable | strange
            handed_in["overrides"] = {
                key: override for key, override in overrides.items() if key in known
            }
            verdicts[action] = self.can(action, studio, by=by, on=on, **handed_in)
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
        _check_names("act", handed_in)
        attempt, decided = self._decide(action, studio, by, on, handed_in)
        if not decided.verdict.allowed:
            raise Denied(decided.verdict)
        draft = _Draft(studio.state)
        if not self.machine.events[action].trigger(draft, attempt):
            label = self.policy.procedure.transitions[action].label
            raise Denied(Verdict(label, (Reason(MACHINE_REFUSED),)))
        event = self._event(attempt, decided, draft.state)
        return Step(event, studio.after(event), decided.verdict)

    def _decide(
        self, action: str, studio: Studio, by: Actor, on: date, handed_in: HandedIn
    ) -> tuple[Attempt, Decided]:
        # By comparison: what is no name may not even be hashable.
        gate = next((gate for name, gate in self._gates.items() if name == action), None)
        if gate is None:
            unknown = wrong(UNKNOWN_NAME, action, known=self._gates)
            raise InputError(problem.under("action") for problem in unknown.problems)
        collector = Collector()
        given = checked(studio, by, handed_in, collector)
        attempt = Attempt(action=action, studio=studio, by=by, on=on, **given)
        return attempt, gate.decide(attempt, collector.problems)

    def _event(self, attempt: Attempt, decided: Decided, dest: str) -> Event:
        return Event(
            studio=attempt.studio.id,
            action=attempt.action,
            source=attempt.studio.state,
            dest=dest,
            on=attempt.on,
            by=attempt.by,
            policy=self.policy.reference,
            application=attempt.application,
            facts=decided.handed_in,
            marks=attempt.facts.marks,
            inspection=attempt.facts.inspection,
            records=decided.records,
            struck=attempt.strike,
            sheet=decided.sheet,
            scored_on=decided.scored_on,
            decision=attempt.decision,
            gaps=attempt.gaps,
            reward=self.policy.procedure.transitions[attempt.action].reward,
            overrides=decided.set_aside,
            remark=attempt.remark,
            recorded=attempt.recorded,
            key=attempt.key,
        )
