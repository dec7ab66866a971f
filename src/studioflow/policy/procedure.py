"""The procedure: states, transitions with their conditions, who, when, and what they may name."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from studioflow.codec import OneOrMore, wrong
from studioflow.rules import Condition, Fact
from studioflow.text import Text, message
from studioflow.timeline import Moment, Window

__all__ = [
    "SAME",
    "UNDECLARED",
    "Calendar",
    "Procedure",
    "Quota",
    "Role",
    "State",
    "Transition",
    "TransitionCondition",
    "procedure_facts",
]

UNDECLARED = "undeclared"
"""The state of a studio to which nothing has happened yet."""

SAME = "same"
"""What a transition leads to that leaves the studio in its state."""

PLACES_BELOW_0 = message("places_below_0", zh="不小于 0 的名额", en="0 places or more")
REWARD_ABOVE_0 = message(
    "reward_above_0", zh="大于 0 的金额（元）", en="an amount above 0, in yuan"
)

Severity = Literal["refuse", "warn"]
Need = Literal["remark", "gaps", "records", "inspection", "marks"]


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
    """Named moments and windows."""

    moments: Mapping[str, Moment] = field(factory=dict)
    windows: Mapping[str, Window] = field(factory=dict)


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
    """A state of the lifecycle."""

    label: Text
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class TransitionCondition:
    """One thing that has to hold for a transition.

    Attributes:
        text: what is said where it does not hold.
        severity: whether it then refuses, or only warns.
        override: roles that may set it aside, with a reason.
        who: roles that could change it.
    """

    label: Text
    text: Text
    condition: Condition = field(metadata={"rest": True})
    severity: Severity = "refuse"
    override: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
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
    """The lifecycle as data."""

    states: Mapping[str, State] = field(factory=dict)
    transitions: Mapping[str, Transition] = field(factory=dict)


def procedure_facts(denominator: int) -> dict[str, Fact]:
    """Return what conditions of transitions may name beside the facts of the rubric.

    Args:
        denominator: of the rubric's total.
    """
    places = Text("个", "places")
    facts = Text("项", "facts")
    points = Text("分", "points")
    step = Fraction(1, denominator)
    made = [
        Fact(name="today", type="date", label=Text("今天", "today"), low=None),
        Fact(name="places_left", type="count", label=Text("剩余名额", "places left"), unit=places),
        Fact(name="gates_met", type="flag", label=Text("必备项全部合格", "every gate is met")),
        Fact(name="open_facts", type="count", label=Text("尚缺事实", "open facts"), unit=facts),
        Fact(
            name="total",
            type="number",
            label=Text("总分", "total"),
            unit=points,
            step=step,
            low=None,
        ),
        Fact(name="passed", type="flag", label=Text("考核合格", "passed")),
        Fact(name="outstanding", type="flag", label=Text("优秀", "outstanding")),
    ]
    return {fact.name: fact for fact in made}
