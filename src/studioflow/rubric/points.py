"""The points of a criterion: computed, or refused at the marks that fit nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import evolve

from studioflow.algebra import EMPTY, Maybe, NoAnswerError, Range, RefusedError, Remark
from studioflow.codec import Collector
from studioflow.errors import InputError, Problem
from studioflow.rubric.marks import Placed, value_key
from studioflow.rubric.plan import NumberPlan
from studioflow.rubric.rubric import Rubric
from studioflow.rules import Known, Pool
from studioflow.text import exact

__all__ = ["criterion_points", "panel_remarks"]

Computed = tuple[Range, list[Remark]]


def criterion_points(
    rubric: Rubric, name: str, facts: Known, marks: Placed, collector: Collector
) -> Computed:
    """Return the points of a criterion in units of its plan, with the reasons; empty if refused.

    Several marks are each held against the rule as if there were no other; what they become is
    exempt from the bands: the mean of 7 and 8 is 7.5 and stands.
    """
    asked = {fact: pool for fact, pool in facts.pools.items() if fact in rubric.validity(name)}
    several = frozenset(f for f, pool in asked.items() if f in facts.units and len(pool.marks) > 1)
    open_: frozenset[str] = frozenset()
    refused: list[Problem] = []
    for fact, pool in asked.items():
        if fact in several or fact not in facts.units:
            # Another mark that does not fit is no fault of these.
            alone = rubric.plan(name, rubric.validity(name) - {fact})
            unfit: dict[object, list[Remark]] = {}
            for mark in dict.fromkeys(pool.marks):
                points, remarks = _computed(alone, _with_mark(rubric, facts, fact, mark))
                # An open fact may decide whether a mark is valid, which the pool no longer shows.
                open_ |= points.open
                if points.empty:
                    unfit[mark] = remarks
            refused += _refusals(fact, unfit, marks)
    plan = rubric.plan(name, several)
    points, remarks = _computed(plan, facts)
    if points.empty:
        judged = [n for n, fact in rubric.facts.items() if n in plan.names and fact.judged]
        # One that stands for one mark, if any, and the item's own before another that it looks at;
        # a plugin's rule may refuse without a mark.
        if judged:
            own = rubric.judged_facts.get(name)
            fact = min(judged, key=lambda fact: (fact in several, fact != own))
            refused += _refused_alone(fact, facts, marks, remarks)
        else:
            kind = "criteria" if name in rubric.criteria else "deductions"
            refused += _problems(f"{kind}/{name}", remarks)
    with collector.under():
        if refused:
            # Where an open fact leaves two ways, each of them refuses the same mark.
            raise InputError(p for place, p in enumerate(refused) if p not in refused[:place])
        finer = rubric.plans[name].denominator // plan.denominator
        return Range(points.low * finer, points.high * finer, points.open | open_), remarks
    return EMPTY, []


def panel_remarks(rubric: Rubric, name: str, used: frozenset[str], facts: Known) -> list[Remark]:
    """Return how the marks of a criterion or gate became one, where there are several."""
    fact = rubric.judged_facts.get(name, "")
    panel = rubric.facts[fact].panel if fact in used else None
    if panel is None or fact not in facts.pools:
        return []
    return [Remark(*panel.said(facts.pools[fact]))]


def _computed(plan: NumberPlan, facts: Known) -> Computed:
    remarks: list[Remark] = []
    if plan.names <= facts.units.keys():
        try:
            units = plan.numbers(facts.units, remarks)
        except RefusedError as refused:
            return EMPTY, [refused.remark]
        except NoAnswerError:
            remarks.clear()  # the ranges below say the same, and what failed
        else:
            return Range(units, units), remarks
    return plan.ranges(facts.ranges, remarks), remarks


def _with_mark(rubric: Rubric, facts: Known, name: str, mark: object) -> Known:
    """Return the facts as if there were one mark alone."""
    units = rubric.facts[name].units(mark)
    reached = Maybe(units) if isinstance(units, bool) else Range(int(units), int(units))
    return evolve(
        facts,
        units={**facts.units, name: units},
        ranges={**facts.ranges, name: reached},
    )


def _refused_alone(
    fact: str, facts: Known, marks: Placed, remarks: list[Remark]
) -> Iterator[Problem]:
    """Say of the one mark that a criterion looks at that it fits nowhere."""
    value = facts.values.get(fact)
    if isinstance(value, Pool):
        return _refusals(fact, {value.marks[0]: remarks}, marks)
    first = [f"marks/{position}/{value_key(mark)}" for position, mark in marks.get(fact, ())][:1]
    return _problems((first or [f"facts/{fact}"])[0], remarks)


def _refusals(
    fact: str, unfit: Mapping[object, Iterable[Remark]], marks: Placed
) -> Iterator[Problem]:
    """Say of marks that they fit nowhere, in the order in which they were handed in."""
    at_marks = [
        (f"marks/{place}/{value_key(mark)}", mark.value) for place, mark in marks.get(fact, ())
    ]
    placed = {value for _, value in at_marks}
    at_fact = [(f"facts/{fact}", value) for value in unfit if value not in placed]
    for path, value in at_marks + at_fact:
        yield from _problems(path, unfit.get(value, ()))


def _problems(path: str, remarks: Iterable[Remark]) -> Iterator[Problem]:
    for remark in remarks:
        if remark.refused:
            parameters = dict(remark.parameters)
            # A plugin's rule need not say what it refused.
            got = parameters.pop("got", "")
            shown = exact(got) if isinstance(got, int | Fraction) else str(got)
            yield Problem(remark.message, path, shown, parameters)
