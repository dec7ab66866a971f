"""Conditions over the fields of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from studioflow.algebra import Interpreter, Maybe, Ranges, Remark
from studioflow.policy import RecordKind
from studioflow.policy.records import SEALED
from studioflow.rules import Condition, Fact, known
from studioflow.studio.event import Record
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["unfulfilled"]

NOT_SAID = message("record_not_said", zh="未写明：{fields}", en="does not say {fields}")
NOT_FULFILLED = message("record_not_fulfilled", zh="不符合：{label}", en="is not: {label}")


def unfulfilled(
    condition: Condition | None, kinds: Mapping[str, RecordKind]
) -> Callable[[Record], tuple[Reason, ...]]:
    """Return what says why a record does not fulfil a condition; nothing where it does."""
    if condition is None:
        return lambda _: ()
    truth = Interpreter(Ranges()).truth(condition.truth)

    def against(record: Record) -> tuple[Reason, ...]:
        facts = kinds[record.kind].facts()
        remarks: list[Remark] = []
        outcome: Maybe = truth(known(facts, _values(record.data, facts)).ranges, remarks)
        if outcome.value is True:
            return ()
        if outcome.value is None:
            labels = tuple(facts[name].label for name in facts if name in outcome.open)
            return (Reason(NOT_SAID, {"fields": labels}, about=tuple(sorted(outcome.open))),)
        reasons = tuple(Reason(remark.message, remark.parameters) for remark in remarks)
        return reasons or (Reason(NOT_FULFILLED, {"label": condition.label}),)

    return against


def _values(data: Mapping[str, object], facts: Mapping[str, Fact]) -> dict[str, object]:
    """Return a document's scalar fields, and whether its opinions are sealed, as facts."""
    values: dict[str, object] = {}
    for name, fact in facts.items():
        opinion = data.get(name.removesuffix(SEALED))
        if name not in data and isinstance(opinion, Mapping):
            values[name] = opinion.get("sealed")
        else:
            values[name] = _value(data.get(name), fact)
    return values


def _value(value: object, fact: Fact) -> object:
    return date.fromisoformat(value) if fact.type == "date" and isinstance(value, str) else value
