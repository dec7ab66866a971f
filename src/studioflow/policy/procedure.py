"""The procedure: states, transitions with their conditions, who, when, and what they may name."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from attrs import evolve, field, frozen

from studioflow.codec import OneOrMore, wrong
from studioflow.rules import Condition
from studioflow.text import Text, message
from studioflow.timeline import Moment, Span, Window, WorkingDays

__all__ = [
    "AMEND",
    "MILESTONES",
    "SAME",
    "UNDECLARED",
    "Amending",
    "Bans",
    "Calendar",
    "Duty",
    "Need",
    "Pending",
    "Procedure",
    "Quota",
    "Role",
    "State",
    "Transition",
    "TransitionCondition",
]

UNDECLARED = "undeclared"
"""The state of a studio to which nothing has happened yet."""

SAME = "same"
"""What a transition leads to that leaves the studio in its state."""

AMEND = "amend"
"""The action of the event by which a studio goes over to an amended policy."""

_AMENDED = Text("政策修订", "policy amended")

MILESTONES = ("declared", "approved", "plaqued", "operating", "evaluated", "commended")
"""The states that every lifecycle is built around, in their order; a policy may leave some out."""

PLACES_BELOW_0 = message("places_below_0", zh="不小于 0 的名额", en="0 places or more")
EVERY_ABOVE_0 = message("every_above_0", zh="大于 0 的周期", en="a span above 0")
REWARD_ABOVE_0 = message(
    "reward_above_0", zh="大于 0 的金额（元）", en="an amount above 0, in yuan"
)

Severity = Literal["refuse", "warn"]
Need = Literal[
    "remark",
    "gaps",
    "records",
    "inspection",
    "marks",
    "facts",
    "due",
    "opinion",
    "lead",
    "amount",
]


@frozen(kw_only=True)
class Role:
    """Somebody who may act or supply facts.

    Attributes:
        own: whether somebody has the role for studios of their own alone, by person or by unit.
    """

    label: Text
    own: bool = False
    clause: str | None = None


@frozen(kw_only=True)
class Calendar:
    """Named moments and windows, and which days are worked."""

    moments: Mapping[str, Moment] = field(factory=dict)
    windows: Mapping[str, Window] = field(factory=dict)
    working_days: WorkingDays = field(factory=WorkingDays)


@frozen(kw_only=True)
class Quota:
    """How many studios a batch has places for.

    Attributes:
        places: how many; not below 0.
        taken_by: the transition that takes a place.
        freed_by: the transitions that give it back.
    """

    places: int
    taken_by: str
    freed_by: tuple[str, ...] = ()
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.places < 0:
            raise wrong(PLACES_BELOW_0, self.places)


@frozen(kw_only=True)
class State:
    """A state of the lifecycle.

    Attributes:
        final: nothing leads out of it, and that is meant.
        on: whether there is such a state; one that is off takes with it whatever leads to it.
    """

    label: Text
    final: bool = False
    on: bool = True
    clause: str | None = None


@frozen(kw_only=True)
class Pending:
    """Something that one step opens and another one settles: an objection, an appeal, a finding."""

    label: Text
    clause: str | None = None


@frozen(kw_only=True)
class Duty:
    """Something that has to be done by a day, once or again and again.

    The occurrence k begins at `start` and k times `every`, and ends where the next one begins. A
    step `action` whose day lies in it fulfils it. It is missed once its due day is over without.

    Attributes:
        action: the transition that fulfils it.
        by: the roles whose duty it is.
        states: where it counts; empty is everywhere.
        start: the first day of the first occurrence.
        every: how long an occurrence is; None: there is one, and it does not end.
        within: how long after its first day it is due; None: on its last day, if it has one.
        until: no occurrence begins after this day, and without `every` and `within` it is due on
            it; None: they go on.
    """

    label: Text
    action: str
    by: tuple[str, ...]
    states: tuple[str, ...] = ()
    start: Moment = field(metadata={"key": "from"})
    every: Span | None = None
    within: Span | None = None
    until: Moment | None = None
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.every is not None and not self.every:
            raise wrong(EVERY_ABOVE_0, "0")


@frozen(kw_only=True)
class Bans:
    """Whom a step keeps from declaring again, and for how long.

    Attributes:
        of: the studio's lead, its unit, or both.
        years, months: from the day of the step on.
    """

    of: tuple[Literal["lead", "unit"], ...]
    years: int = 0
    months: int = 0

    @property
    def span(self) -> Span:
        """How long it lasts."""
        return Span(years=self.years, months=self.months)


@frozen(kw_only=True)
class Amending:
    """What becomes of the studios when this policy takes the place of an earlier version.

    Attributes:
        studios: whether those that there are go over to it, or go on under theirs.
        states: in which state those in one of the earlier version go on; needed for all it lacks.
        by: the roles that may put another version in the place of this one; empty: any of its.
    """

    studios: Literal["migrate", "keep"] = "migrate"
    states: Mapping[str, str] = field(factory=dict)
    by: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class TransitionCondition:
    """One thing that has to hold for a transition.

    Attributes:
        text: what is said where it does not hold.
        severity: whether it then refuses, or only warns.
        override: roles that may set it aside, with a reason.
        who: roles that could change it.
        on: whether it is asked at all.
    """

    label: Text
    text: Text
    condition: Condition = field(metadata={"rest": True})
    severity: Severity = "refuse"
    override: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    on: bool = True
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Transition:
    """A step from one state to another.

    Attributes:
        source: the states that it may start from.
        dest: the state that it leads to; "same" leaves the studio where it is.
        by: the roles that may take it.
        window: the calendar's window in which it is possible; None is always.
        window_for: the states for which the window counts; empty for all that it starts from.
        independent: nobody takes it for a studio of their own, or of their own unit.
        needs: what has to come with it.
        once: a studio takes it no more than once.
        corrects: it may replace or strike records, and replace marks, that are on file.
        reward: that it grants, in yuan.
        on: whether there is such a step.
        automatic: a programme takes it by itself as soon as it may.
        once_in: a studio takes it no more than once in its cycle, or in a calendar year.
        within: how long after the day that is claimed it may be written down.
        opens, settles: something pending that starts or ends with it.
        bans: whom it keeps from declaring again.
        recovers: the money that goes back: all rewards granted so far, or the amount handed in.
        self_assessment: the facts that come with it make a sheet of the studio's own, beside that
            of the assessors, and go nowhere else.
        rescores: it makes a new sheet, which counts up to its own day.
        batch_grade: it records the grade that the places of the batch give.
        next_cycle: a new cycle begins with it: marks, facts, sheet and decision start anew.
    """

    label: Text
    source: OneOrMore = field(metadata={"key": "from"})
    dest: str = field(metadata={"key": "to"})
    by: tuple[str, ...]
    window: str | None = None
    window_for: tuple[str, ...] = ()
    window_severity: Severity = "refuse"
    window_override: tuple[str, ...] = ()
    independent: bool = False
    needs: tuple[Need, ...] = ()
    once: bool = False
    corrects: bool = False
    reward: Fraction | None = None
    on: bool = True
    automatic: bool = False
    once_in: Literal["cycle", "year"] | None = None
    within: Span | None = None
    within_severity: Severity = "warn"
    opens: str | None = None
    settles: str | None = None
    bans: Bans | None = None
    recovers: Literal["rewards", "amount"] | None = None
    self_assessment: bool = False
    rescores: bool = False
    batch_grade: bool = False
    next_cycle: bool = False
    conditions: Mapping[str, TransitionCondition] = field(factory=dict)
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.reward is not None and self.reward <= 0:
            raise wrong(REWARD_ABOVE_0, self.reward)

    @property
    def moves(self) -> bool:
        """Whether it leads to a state, and does not leave the studio where it is."""
        return self.dest != SAME

    @property
    def declares(self) -> bool:
        """Whether an application comes with it: a studio starts with it."""
        return UNDECLARED in self.sources

    @property
    def sources(self) -> tuple[str, ...]:
        """The states that it may start from, the file's `"none"` being `UNDECLARED`."""
        return tuple(UNDECLARED if name == "none" else name for name in self.source)


@frozen(eq=False, kw_only=True)
class Procedure:
    """The lifecycle as data: what is on of it.

    Attributes:
        pending: what steps open and settle.
        duties: what is due of whom.
        off: the names of states and transitions that the policy has and that are switched off.
    """

    states: Mapping[str, State] = field(factory=dict)
    transitions: Mapping[str, Transition] = field(factory=dict)
    pending: Mapping[str, Pending] = field(factory=dict)
    duties: Mapping[str, Duty] = field(factory=dict)
    off: frozenset[str] = frozenset()

    def label_of(self, action: str) -> Text:
        """Return what a step is called that happened, maybe under an earlier version."""
        if action in self.transitions:
            return self.transitions[action].label
        return _AMENDED if action == AMEND else Text(action, action)

    def without_what_is_off(self) -> Procedure:
        """Return what is on, conditions included.

        A state that is off is no source any more; a transition goes that leads to one, or that
        starts from none that is on.
        """
        states = {name: state for name, state in self.states.items() if state.on}
        gone = self.states.keys() - states.keys()
        transitions = {}
        for name, transition in self.transitions.items():
            source = OneOrMore(tuple(s for s in transition.source if s not in gone))
            # One that starts from nowhere was written so, which is for the checks to tell.
            starts = source or not transition.source
            if transition.on and transition.dest not in gone and starts:
                on = {key: each for key, each in transition.conditions.items() if each.on}
                named = tuple(each for each in transition.window_for if each not in gone)
                # No states named are all of them, which those that are off are not.
                window = transition.window if named or not transition.window_for else None
                transitions[name] = evolve(
                    transition,
                    source=source,
                    window=window,
                    window_for=named,
                    conditions=MappingProxyType(on),
                )
        return Procedure(
            states=MappingProxyType(states),
            transitions=MappingProxyType(transitions),
            pending=self.pending,
            duties=MappingProxyType(
                {
                    name: duty
                    for name, duty in self.duties.items()
                    if duty.action in transitions or duty.action not in self.transitions
                }
            ),
            off=frozenset(gone | (self.transitions.keys() - transitions.keys())),
        )
