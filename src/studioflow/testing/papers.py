"""Papers for a step: what has to come with it, made up as plainly as the policy takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from attrs import frozen

from studioflow.people import Actor, Mark, Person
from studioflow.policy import Need, Policy, RecordKind, Transition
from studioflow.policy.record_fields import RecordField
from studioflow.rubric import InspectedItem, Inspection
from studioflow.studio import Studio

__all__ = ["Desk"]

_A_MONTH = timedelta(days=30)
_AN_AMOUNT = Fraction(1000)
_SEVERAL = frozenset({"records", "marks", "facts"})
"""What there are several ways to hand in."""

_REMARK = "经研究决定"
_GAP = "缺一份材料"
_TEXT = "样例"
_NAME = "人员甲"


@frozen
class Desk:
    """Where papers for a step are made.

    Attributes:
        policy, step: whose step it is, and which.
        studio: as it is.
        by: who hands the papers in.
        on: the day.
        best: facts of a studio at its best, for what people mark.
    """

    policy: Policy
    step: Transition
    studio: Studio
    by: Actor
    on: date
    best: Mapping[str, object]

    def papers(self) -> Iterator[dict[str, Any]]:
        """Yield what may come with the step, one way after the other; what fits is not known."""
        step = self.step
        needs = {*step.needs}
        corrects = step.corrects and not step.declares and not needs & _SEVERAL
        made: dict[str, Any] = {
            need: self._single(need) for need in step.needs if need not in _SEVERAL
        }
        if "facts" in needs:
            made["facts"] = dict(self.best) if step.self_assessment else self._fact()
        if "marks" in needs:
            for mark in self._marks():
                yield made | {"marks": (mark,)}
        elif "records" in needs or corrects:
            for records in self._records():
                yield made | {"records": records}
            if corrects:
                yield made | {"facts": self._fact()}
        else:
            yield made

    def _single(self, need: Need) -> object:
        """Return what there is only one way to hand in."""
        studio = self.studio
        return {
            "remark": _REMARK,
            "gaps": [_GAP],
            "inspection": self._inspection(),
            "due": self.on + _A_MONTH,
            "opinion": True,
            "lead": Person(f"lead-{studio.version}-of-{studio.id}", _NAME),
            "amount": _AN_AMOUNT,
        }[need]

    def _fact(self) -> dict[str, object]:
        """Return one fact that whoever hands it in may supply."""
        counted = self.policy.measures
        for name, value in self.best.items():
            roles = self.policy.facts[name].supplied_by
            if name not in counted and (not roles or self.by.has_role(*roles)):
                return {name: value}
        return {}

    def _inspection(self) -> Inspection:
        items = {name: InspectedItem(present=True) for name in self.policy.site_check.items}
        by = self.by
        return Inspection(items=items, by=by.id, role=min(by.roles), unit=by.unit)

    def _marks(self) -> Iterator[Mark]:
        """Yield a mark for each item that somebody may mark and has not."""
        policy, by = self.policy, self.by
        done = {(mark.criterion, mark.by) for mark in self.studio.marks}
        for item, name in policy.rubric.judged_facts.items():
            value = self.best.get(name)
            roles = sorted(by.roles.intersection(policy.facts[name].supplied_by))
            if not roles or (item, by.id) in done:
                continue
            if isinstance(value, bool):
                yield Mark(criterion=item, by=by.id, role=roles[0], unit=by.unit, met=value)
            elif isinstance(value, int | Fraction):
                points = Fraction(value)
                yield Mark(criterion=item, by=by.id, role=roles[0], unit=by.unit, points=points)

    def _records(self) -> Iterator[dict[str, list[object]]]:
        """Yield one record of each kind that somebody may make; first those that nothing counts."""
        kinds = self.policy.record_kinds.values()
        counted = {kind for measure in self.policy.measures.values() for kind in measure.of}
        for kind in sorted(kinds, key=lambda kind: kind.name in counted):
            if self.by.has_role(*kind.supplied_by):
                yield {kind.name: [_record(kind, self.studio, self.by, self.on)]}


def _record(kind: RecordKind, studio: Studio, by: Actor, on: date) -> dict[str, object]:
    named = {kind.date, kind.since, kind.person, *kind.same}
    filled = {
        name: declared
        for name, declared in kind.fields.items()
        if declared.required or name in named
    }
    first = next(iter(kind.fields.items()))
    number = studio.version
    return {
        name: _value(declared, number, on)
        for name, declared in (filled or dict([first])).items()
        if not declared.supplied_by or by.has_role(*declared.supplied_by)
    }


def _value(declared: RecordField, number: int, on: date) -> object:
    """Return a value for a field, another one for each number where it is free text."""
    text = f"{_TEXT}{number}"
    match declared.type:
        case "text":
            return text
        case "texts" | "evidence":
            return [text]
        case "flag":
            return True
        case "count" | "number" | "money":
            least = declared.low if declared.low is not None else Fraction(0)
            return int(least) if declared.type == "count" else least
        case "date":
            return on
        case "month":
            return f"{on:%Y-%m}"
        case "choice":
            return next(iter(declared.values))
        case "choices":
            return [next(iter(declared.values))]
        case "person":
            return {"id": f"person-{number}", "name": _NAME}
        case "people":
            return [{"id": f"person-{number}", "name": _NAME}]
        case "opinion":
            return {"text": text, "sealed": True, "on": on}
