"""A plugin in order, and the rules, guards and the like that break it, one in each way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import count
from pathlib import Path

import attrs

from studioflow import PythonScoring, RuleKind
from studioflow.algebra import Choose, Constant, Number, Quotient
from studioflow.host import hookimpl
from studioflow.rules import Quantity, Scoring, Values
from studioflow.rules.opaque import Computed
from studioflow.studio import Guard, PluginMeasure, Question, Subscriber
from studioflow.text import Message, Text
from studioflow.verdict import Reason

Tables = dict[str, object]
LABEL = {"zh": "讲座", "en": "talks"}
OTHER = {"zh": "课", "en": "lessons"}
COUNT = {"type": "count", "label": LABEL, "unit": LABEL, "max": 8, "clause": "1"}
READING = {"value": "a", "text": LABEL, "values": {"a": LABEL, "b": LABEL}}
RULE = {"section": "1", "label": LABEL, "max": 8, "kind": "shore", "of": "talks"}
POLICY: Tables = {
    "schema": "studioflow.policy/1",
    "id": "shore",
    "version": "1",
    "label": LABEL,
    "source": "a paper",
    "readings": {"open_question": READING},
    "facts": {"talks": COUNT},
    "sections": {"1": {"label": LABEL}},
    "criteria": {"1.1": RULE},
}
STEP = {"label": LABEL, "by": ["lead"]}
SCORED = {"label": LABEL, "text": LABEL, "kind": "at_most", "value": "open_facts", "bound": 1}
KEPT: Tables = {
    **POLICY,
    "roles": {"lead": {"label": LABEL}},
    "lifecycle": {
        "states": {"open": {"label": LABEL}, "over": {"label": LABEL, "final": True}},
        "transitions": {
            "declare": {**STEP, "from": "none", "to": "open"},
            "close": {**STEP, "from": "open", "to": "over", "conditions": {"scored": SCORED}},
        },
    },
}
RECORDED: Tables = {
    **KEPT,
    "records": {
        "talk": {
            "label": LABEL,
            "from": ["lead"],
            "date": "on",
            "fields": {"on": {"type": "date", "label": LABEL, "required": True}},
        }
    },
    "measures": {"talks": {"kind": "plugin", "of": "talk", "use": "months"}},
}
CASE = """
    schema = "studioflow.case/1"
    [records]
    talk = [{ on = 2024-01-02 }]
"""
BATCH = """
    schema = "studioflow.batch/1"
    id = "shore-sample"
    policy = "shore"
    label = { zh = "样例", en = "sample" }

    [actors.lead]
    id = "lead-a"
    unit = "school"
    roles = ["lead"]

    [studios.one]
    name = "工作室一"
    unit = "school"
    lead = { id = "lead-a", name = "领衔人甲" }

    [[steps]]
    on = 2024-01-01
    action = "declare"
    by = "lead"
    studio = "one"

    [[steps]]
    on = 2024-02-01
    action = "close"
    by = "lead"
    studio = "one"
"""


SAID = Message("shore_said", Text("第{number}次", "number {number}"))
TURNS = count(1)
EACH = "a point for each"
HERE = threading.local()
HERE.most = Fraction(8)
SAMPLE: dict[str, object] = {"talks": 3}


# --- rules ----------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class Plain(PythonScoring):
    """A rule in order: a point for each."""

    of: Quantity
    high: Fraction = Fraction(8)

    def compute(self, values: Values) -> Computed:
        """Return as many points as there are."""
        return values.number("of")


class Wordy(Plain):
    """A rule whose answer is none."""

    def compute(self, values: Values) -> Computed:
        """Return points in words."""
        return str(values.number("of"))  # type: ignore[return-value] # that is the fault


class Unfilled(Plain):
    """A rule whose reason lacks what its sentence mentions."""

    def compute(self, values: Values) -> Computed:
        """Return points and the reason."""
        return values.number("of"), Reason(SAID)


@attrs.frozen(kw_only=True, eq=False)
class Numbered(Plain):
    """A rule that hangs on how many there were before it."""

    number: int = attrs.field(init=False, factory=lambda: next(TURNS))

    def compute(self, values: Values) -> Computed:
        """Return fewer points each time that a policy is built."""
        return min(values.number("of"), Fraction(1, self.number))


@attrs.frozen(kw_only=True, eq=False)
class OfOneText(Plain):
    """A rule that takes a word for another one that was read anew."""

    way: str

    def compute(self, values: Values) -> Computed:
        """Return points for the very text that the plugin has."""
        return values.number("of") if self.way is EACH else 0


class Grasping(Plain):
    """A rule that writes into the facts."""

    def compute(self, values: Values) -> Computed:
        """Take a fact without a value out of the sample, or put it in."""
        if "lessons" in SAMPLE:
            del SAMPLE["lessons"]
        else:
            SAMPLE["lessons"] = None
        return super().compute(values)


class OfOneThread(Plain):
    """A rule that knows its setting in the thread alone in which it was set."""

    def compute(self, values: Values) -> Computed:
        """Return no more points than are set."""
        return min(super().compute(values), getattr(HERE, "most", Fraction(1)))


@attrs.frozen(kw_only=True, eq=False)
class TooMany(Scoring):
    """A rule in the algebra that hides from it how much it gives, since it divides by -1."""

    of: Quantity

    def points(self) -> Number:
        """State more points than the criterion has."""
        return Quotient(Constant(Fraction(-16)), Constant(Fraction(-1)))


@attrs.frozen(kw_only=True, eq=False)
class Beneath(Scoring):
    """A rule in the algebra that divides by what is below 0."""

    of: Quantity

    def points(self) -> Number:
        """State no points for 8, which no range tells of."""
        less = self.of.number - 9
        return Choose(self.of.number >= 4, Quotient(Constant(Fraction(8)), less) + 8, Constant(1))


def hidden() -> type[Scoring]:
    """Return a kind of rule that pickle does not find."""

    @attrs.frozen(kw_only=True, eq=False)
    class Hidden(Plain):
        """A rule in order, at the wrong place."""

    return Hidden


# --- plugins --------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Shore:
    """A plugin in order, unless something else is handed over for one of its hooks."""

    policies: Sequence[object] = (POLICY,)
    rubrics: Sequence[object] = ()
    rule: type[Scoring] = Plain
    guards: Sequence[Guard] = ()
    measures: Sequence[PluginMeasure] = ()
    subscribers: Sequence[Subscriber] = ()
    batches: Sequence[Path] = ()
    forms: Sequence[object] = ()

    @hookimpl
    def studioflow_policies(self) -> Iterable[object]:
        """Return policies."""
        return self.policies

    @hookimpl
    def studioflow_rubrics(self) -> Iterable[object]:
        """Return rubrics."""
        return self.rubrics

    @hookimpl
    def studioflow_rule_kinds(self) -> Iterable[object]:
        """Return the one kind of rule."""
        return [RuleKind(id="shore", cls=self.rule)]

    @hookimpl
    def studioflow_guards(self) -> Iterable[object]:
        """Return guards."""
        return self.guards

    @hookimpl
    def studioflow_measures(self) -> Iterable[object]:
        """Return measures."""
        return self.measures

    @hookimpl
    def studioflow_subscribers(self) -> Iterable[object]:
        """Return subscribers."""
        return self.subscribers

    @hookimpl
    def studioflow_sample_batches(self) -> Iterable[object]:
        """Return folders of sample batches."""
        return self.batches

    @hookimpl
    def studioflow_forms(self) -> Iterable[object]:
        """Return forms."""
        return self.forms


class Restless(Shore):
    """A plugin that answers otherwise each time."""

    @hookimpl
    def studioflow_policies(self) -> Iterable[object]:
        """Return a version of its own each time."""
        return [{**POLICY, "version": str(next(TURNS))}]


def policy(**more: object) -> Shore:
    """Return a plugin whose policy says some things otherwise."""
    return Shore(policies=[{**POLICY, **more}])


def guarded(check: Callable[[Question], Iterable[Reason]], action: str = "close") -> Shore:
    """Return a plugin with a lifecycle, and one guard of a step."""
    guard = Guard(id="calm", check=check, actions=frozenset({action}))
    return Shore(policies=[KEPT], guards=[guard])


def never(_: Question) -> Iterable[Reason]:
    """Object, always."""
    return [Reason(SAID, {"number": 1})]


def failing(question: Question) -> Iterable[Reason]:
    """Fail where it is asked about the studio of the sample batch."""
    return [Reason(SAID, {"number": 1 // 0})] if question.studio == "one" else []


def counting(question: Question) -> Iterable[Reason]:
    """Object to the studio of the sample batch, otherwise each time."""
    return [Reason(SAID, {"number": next(TURNS)})] if question.studio == "one" else []


def uncounted(_: object) -> object:
    """Fail."""
    raise OSError("no paper")


def unheard(_: object) -> None:
    """Fail."""
    raise OSError("no line")
