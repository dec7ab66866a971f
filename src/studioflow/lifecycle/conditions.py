"""A step's conditions: truths of the algebra over facts, and over what the procedure knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from studioflow.algebra import Interpreter, Maybe, Range, Ranges, Remark, names
from studioflow.lifecycle.decision import about_decision
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.lifecycle.overrides import with_way_out
from studioflow.lifecycle.standing import standing
from studioflow.policy import Policy, Transition, TransitionCondition
from studioflow.rules import Fact, known
from studioflow.text import Message, Text, message
from studioflow.verdict import Reason

__all__ = ["Conditions", "with_wholes"]

CONDITION_OPEN = message(
    "condition_open", zh="“{label}”还不能判断，尚缺：{facts}", en="{label}: not known yet: {facts}"
)
STILL_OPEN = message("still_open", zh="尚缺：{facts}", en="not known yet: {facts}")
GATE_FAILED = message("gate_failed", zh="{gate}：{because}", en="{gate}: {because}")

_OF_SHEET = frozenset({"gates_met", "open_facts", "total", "passed", "outstanding"})
_MOST_KEPT = 4096
"""Answers that a condition keeps; more than there are days and places in use at a time."""


class Conditions:
    """The conditions of a step, compiled once for every attempt.

    What they answer hangs on the values of the facts that they name alone, so it is worked out once
    for the same values; only what a score sheet says is always looked at anew.

    Attributes:
        asks_for_sheet: whether one of them can only be judged on a score sheet.
        overridable: the ids of those that somebody may set aside.
    """

    def __init__(self, policy: Policy, transition: Transition) -> None:
        """Compile the conditions of one of the policy's transitions."""
        asked = [_Asked(key, each, policy) for key, each in transition.conditions.items()]
        self._asked = tuple(asked)
        self.asks_for_sheet = any(each.names & _OF_SHEET for each in asked)
        self.overridable = frozenset(each.key for each in asked if each.condition.override)
        named = frozenset[str]().union(*(each.named for each in asked)) - _OF_SHEET
        self._facts = tuple(sorted(named & policy.facts.keys()))
        self._procedure = tuple(sorted(named - policy.facts.keys()))
        every = standing(policy)
        self._told = tuple(every[name] for name in self._procedure)
        self._kept: dict[tuple[object, ...], tuple[Objection, ...]] = {}

    def unmet(self, matter: Matter) -> Iterable[Objection]:
        """Object for each condition that does not hold, or that can not be judged yet."""
        if not self._asked:
            return ()
        key = [told(matter) for told in self._told]
        if self._facts:
            key += map(matter.fact_values.get, self._facts)
        if self.asks_for_sheet:
            said = self._said(key, matter)
            return [o for each in self._asked if (o := each.objection(said, matter)) is not None]
        values = tuple(key)
        try:
            return self._kept[values]
        except KeyError:
            found = self._worked_out(key, matter)
            if len(self._kept) >= _MOST_KEPT:
                self._kept = {}
            self._kept[values] = found
            return found
        except TypeError:  # several marks of one item, which can't be a key
            return self._worked_out(key, matter)

    def _worked_out(self, key: list[object], matter: Matter) -> tuple[Objection, ...]:
        said = dict(zip((*self._procedure, *self._facts), key, strict=True))
        found = (each.objection(said, matter) for each in self._asked)
        return tuple(objection for objection in found if objection is not None)

    def _said(self, key: list[object], matter: Matter) -> dict[str, object]:
        said = dict(zip((*self._procedure, *self._facts), key, strict=True))
        if matter.sheet is not None:
            said |= {
                "gates_met": matter.sheet.eligible,
                "open_facts": len(matter.sheet.open),
                **about_decision(matter, matter.sheet),
            }
        return said


class _Asked:
    """One condition: what it looks at, and what it objects to.

    Attributes:
        key: its id.
        names: the facts that can change it.
        named: those and what bounds them.
    """

    def __init__(self, key: str, condition: TransitionCondition, policy: Policy) -> None:
        self.key = key
        self.condition = condition
        self.policy = policy
        term = condition.condition.truth
        self.names = names(term)
        self._truth: Callable[..., Maybe] = Interpreter(Ranges()).truth(term)
        of_rubric = with_wholes(policy.facts, self.names)
        self._facts = {name: policy.facts[name] for name in sorted(of_rubric)}
        self._procedure = {n: policy.procedure_facts[n] for n in sorted(self.names - of_rubric)}
        self.named = self.names | of_rubric

    def objection(self, said: Mapping[str, object], matter: Matter) -> Objection | None:
        """Return what speaks against the step, or None where the condition holds."""
        of_facts = known(self._facts, {n: said[n] for n in self._facts})
        of_procedure = known(
            self._procedure, {n: value for n, value in said.items() if n in self._procedure}
        )
        facts = {**of_facts.ranges, **of_procedure.ranges}
        values = {**of_facts.values, **of_procedure.values}
        if "total" in self.names and matter.sheet is not None:
            total = matter.sheet.total.points
            if total is not None:
                # Not among the facts that are checked: rescaled, it may lie between all steps.
                units = total * matter.policy.rubric.denominator
                facts["total"] = Range(units, units)
                values["total"] = total
        remarks: list[Remark] = []
        outcome = self._truth(facts, remarks)
        if outcome.value is True:
            return None
        condition = self.condition
        labels = self._labels(outcome.open, matter)
        parameters: dict[str, object]
        if outcome.value is None:
            about = tuple(labels)
            parameters = {
                "condition": self.key,
                "label": condition.label,
                "facts": tuple(labels.values()),
            }
            text = CONDITION_OPEN
        else:
            # What is open and which gate failed says more than a count or a flag.
            because = [*_about_open(self, matter), *_about_gates(self, matter)] or [
                Reason(remark.message, remark.parameters) for remark in remarks
            ]
            text = _told(self.key, condition.text, because)
            parameters = {name: values[name] for name in sorted(self.names & values.keys())}
            parameters["because"] = tuple(because)
            order = [*self.policy.facts, *self.policy.procedure_facts]
            looked_at = sorted(self.names - _OF_SHEET, key=order.index)
            told = [name for reason in because for name in reason.about]
            about = tuple(dict.fromkeys([*looked_at, *told]))
        who = matter.roles(condition.who)
        reason = Reason(text, parameters, condition.clause, who, about=about)
        return Objection(
            reason,
            refusal=with_way_out(reason, matter.roles(condition.override)),
            key=self.key,
            label=condition.label,
            warns=condition.severity == "warn",
            override=condition.override,
        )

    def _labels(self, still_open: frozenset[str], matter: Matter) -> dict[str, Text]:
        """Return the labels of the facts that are missing, in the policy's order."""
        missing = _missing(still_open, matter)
        every = {**self.policy.facts, **self.policy.procedure_facts}
        return {name: fact.label for name, fact in every.items() if name in missing}


def with_wholes(facts: Mapping[str, Fact], named: Collection[str]) -> set[str]:
    """Return the rubric's facts among these, with all that a part or a whole of theirs bounds."""
    found = {name for name in named if name in facts}
    pairs = [(name, fact.at_most) for name, fact in facts.items() if fact.at_most is not None]
    grown = True
    while grown:
        more = {other for pair in pairs if found.intersection(pair) for other in pair} - found
        found |= more
        grown = bool(more)
    return found


def _missing(still_open: frozenset[str], matter: Matter) -> frozenset[str]:
    """Return the facts that are missing, in place of what hangs on them."""
    missing = set(still_open - _OF_SHEET)
    for name in still_open & _OF_SHEET:
        needed: Iterable[str] = ()
        if matter.sheet is not None:
            gates = matter.policy.rubric.gates
            undecided = (
                gate.open
                for gate in matter.sheet.gates
                if gate.met is None and gates[gate.id].at_best is None
            )
            needed = frozenset().union(*undecided) if name == "gates_met" else matter.sheet.open
        missing.update(needed or {name})
    return frozenset(missing)


def _told(key: str, text: Text, because: list[Reason]) -> Message:
    """Return the policy's own sentence, and after it what was found."""
    if not because:
        return Message(key, text)
    return Message(key, Text(f"{text.zh}：{{because}}", f"{text.en}: {{because}}"))


def _about_open(checked: _Asked, matter: Matter) -> Iterable[Reason]:
    sheet = matter.sheet
    if sheet is not None and sheet.open and "open_facts" in checked.names:
        labels = tuple(matter.policy.facts[name].label for name in sheet.open)
        yield Reason(STILL_OPEN, {"facts": labels}, about=sheet.open)


def _about_gates(checked: _Asked, matter: Matter) -> Iterable[Reason]:
    if matter.sheet is not None and "gates_met" in checked.names:
        for gate in matter.sheet.gates:
            if gate.met is False and matter.policy.rubric.gates[gate.id].at_best is None:
                clause = matter.policy.rubric.gates[gate.id].clause
                parameters = {"gate": gate.label, "because": gate.reasons}
                yield Reason(GATE_FAILED, parameters, clause, about=(gate.id,))
