"""A step's conditions: truths of the algebra over facts, and over what the procedure knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from attrs import frozen

from studioflow.algebra import Interpreter, Maybe, Range, Ranges, Remark, names
from studioflow.lifecycle.decision import about_decision
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.policy import Transition, TransitionCondition, procedure_facts
from studioflow.rules import Fact, known
from studioflow.text import Message, Text, message
from studioflow.verdict import Reason

__all__ = ["Compiled", "compiled", "unmet"]

CONDITION_OPEN = message(
    "condition_open", zh="“{label}”还不能判断，尚缺：{facts}", en="{label}: not known yet: {facts}"
)
STILL_OPEN = message("still_open", zh="尚缺：{facts}", en="not known yet: {facts}")
GATE_FAILED = message("gate_failed", zh="{gate}：{because}", en="{gate}: {because}")

_OF_SHEET = frozenset({"gates_met", "open_facts", "total", "passed", "outstanding"})


@frozen(eq=False)
class Compiled:
    """A condition, compiled.

    Attributes:
        names: the facts that can change it.
    """

    key: str
    condition: TransitionCondition
    names: frozenset[str]
    truth: Callable[..., Maybe]

    @property
    def asks_for_sheet(self) -> bool:
        """Whether it can only be judged on a score sheet."""
        return bool(self.names & _OF_SHEET)


def compiled(transition: Transition) -> tuple[Compiled, ...]:
    """Compile a step's conditions, once for every attempt."""
    made = []
    for key, condition in transition.conditions.items():
        term = condition.condition.truth
        made.append(Compiled(key, condition, names(term), Interpreter(Ranges()).truth(term)))
    return tuple(made)


def unmet(conditions: Collection[Compiled], matter: Matter) -> Iterable[Objection]:
    """Object for each condition that does not hold, or that can not be judged yet."""
    if not conditions:
        return
    of_procedure = _of_procedure(matter.policy.rubric.denominator)
    procedure = known(of_procedure, _procedure_values(matter))
    facts = {**matter.facts.ranges, **procedure.ranges}
    values = {**matter.facts.values, **procedure.values}
    total = matter.sheet.total.points if matter.sheet is not None else None
    if total is not None:
        # Not among the facts that are checked: rescaled, it may lie between all steps.
        units = total * matter.policy.rubric.denominator
        facts["total"] = Range(units, units)
        values["total"] = total
    labels = {name: fact.label for name, fact in {**matter.policy.facts, **of_procedure}.items()}
    for checked in conditions:
        remarks: list[Remark] = []
        outcome = checked.truth(facts, remarks)
        if outcome.value is True:
            continue
        condition = checked.condition
        parameters: dict[str, object]
        if outcome.value is None:
            missing = _missing(outcome.open, matter)
            about = tuple(name for name in labels if name in missing)
            parameters = {
                "condition": checked.key,
                "label": condition.label,
                "facts": tuple(labels[name] for name in about),
            }
            text = CONDITION_OPEN
        else:
            # What is open and which gate failed says more than a count or a flag.
            because = [*_about_open(checked, matter), *_about_gates(checked, matter)] or [
                Reason(remark.message, remark.parameters) for remark in remarks
            ]
            text = _told(checked.key, condition.text, because)
            parameters = {name: values[name] for name in sorted(checked.names & values.keys())}
            parameters["because"] = tuple(because)
            looked_at = [name for name in labels if name in checked.names - _OF_SHEET]
            told = [name for reason in because for name in reason.about]
            about = tuple(dict.fromkeys([*looked_at, *told]))
        yield Objection(
            Reason(text, parameters, condition.clause, matter.roles(condition.who), about=about),
            key=checked.key,
            label=condition.label,
            warns=condition.severity == "warn",
            override=condition.override,
        )


@cache
def _of_procedure(denominator: int) -> Mapping[str, Fact]:
    """Return the facts that the procedure knows, made once."""
    return procedure_facts(denominator)


def _procedure_values(matter: Matter) -> Mapping[str, object]:
    values: dict[str, object] = {
        "today": matter.attempt.on,
        "places_left": matter.attempt.places_left,
    }
    if matter.sheet is not None:
        values |= {
            "gates_met": matter.sheet.eligible,
            "open_facts": len(matter.sheet.open),
            **about_decision(matter, matter.sheet),
        }
    return values


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


def _about_open(checked: Compiled, matter: Matter) -> Iterable[Reason]:
    sheet = matter.sheet
    if sheet is not None and sheet.open and "open_facts" in checked.names:
        labels = tuple(matter.policy.facts[name].label for name in sheet.open)
        yield Reason(STILL_OPEN, {"facts": labels}, about=sheet.open)


def _about_gates(checked: Compiled, matter: Matter) -> Iterable[Reason]:
    if matter.sheet is not None and "gates_met" in checked.names:
        for gate in matter.sheet.gates:
            if gate.met is False and matter.policy.rubric.gates[gate.id].at_best is None:
                clause = matter.policy.rubric.gates[gate.id].clause
                parameters = {"gate": gate.label, "because": gate.reasons}
                yield Reason(GATE_FAILED, parameters, clause, about=(gate.id,))
