"""Asking the solver: it finds a studio, says that there is none, or runs out of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import z3
from attrs import field, frozen

from studioflow.algebra import names
from studioflow.lab.solving.model import Facts, Value
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.policy.document import FACTS_SCHEMA
from studioflow.rubric import ScoreSheet
from studioflow.text import exact

__all__ = [
    "SECONDS",
    "NoAnswerInTime",
    "Witness",
    "find",
    "plain_facts",
    "solver_of",
    "used",
    "values_of",
    "witness",
]

SECONDS = 20.0
"""How long one question may take, unless somebody says so."""


class NoAnswerInTime(Exception):  # noqa: N818 - no error: the question stays open
    """The solver ran out of time, or does not know."""


@frozen
class Witness:
    """A studio that shows something, as `Policy.score` takes it.

    Attributes:
        facts: by name, every one on which its sheet hangs.
        sheet: what comes of them.
        marks: of several people, in place of plain facts.
    """

    facts: Mapping[str, Value]
    sheet: ScoreSheet = field(repr=False)
    marks: tuple[Mark, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the document of a fact file."""
        facts = plain_facts(self.facts)
        made: dict[str, object] = {"schema": FACTS_SCHEMA, "facts": facts}
        if self.marks:
            made["marks"] = [_mark(mark) for mark in self.marks]
        return made


def plain_facts(facts: Mapping[str, Value]) -> dict[str, object]:
    """Return facts as a fact file has them."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Value) -> object:
    """Return a value as JSON has it; a fraction is never a float that is not exact."""
    if isinstance(value, bool | int | str):
        return value
    return int(value) if value.denominator == 1 else float(exact(value))


def _mark(mark: Mark) -> dict[str, object]:
    value = mark.points if mark.met is None else mark.met
    key = "points" if mark.met is None else "met"
    said = {"criterion": mark.criterion, "by": mark.by, "role": mark.role}
    return {**said, key: None if value is None else _plain(value)}


def find(solver: z3.Solver, seconds: float) -> z3.ModelRef | None:
    """Return what the solver found, or None where there is nothing.

    Raises:
        NoAnswerInTime: where it ran out of time.
    """
    solver.set("timeout", max(1, int(seconds * 1000)))
    match solver.check():
        case z3.sat:
            return solver.model()
        case z3.unsat:
            return None
        case _:
            raise NoAnswerInTime


def solver_of(constraints: Iterable[Any]) -> z3.Solver:
    """Return a solver that is told something."""
    solver = z3.Solver()
    solver.set("random_seed", 0)
    solver.add(*constraints)
    return solver


def witness(policy: Policy, facts: Facts, found: z3.ModelRef, also: Iterable[str] = ()) -> Witness:
    """Return the studio that the solver found, scored by the policy itself.

    Args:
        policy: by which it is scored.
        facts: its unknowns.
        found: their values.
        also: facts that are named even if no sheet hangs on them.
    """
    values = values_of(policy, facts, found, also)
    return Witness(values, policy.score(values))


def values_of(
    policy: Policy, facts: Facts, found: z3.ModelRef, also: Iterable[str] = ()
) -> dict[str, Value]:
    """Return the facts of a studio that the solver found; see `witness`."""
    wanted = used(policy) | set(also)
    return {name: facts.value(name, found) for name in policy.facts if name in wanted}


def used(policy: Policy) -> frozenset[str]:
    """Return the facts on which anything on a sheet hangs."""
    rubric = policy.rubric
    terms = [*rubric.points.values(), *(gate.condition.truth for gate in rubric.gates.values())]
    terms += [*rubric.grade_terms.values(), rubric.totals.total]
    found = frozenset[str]().union(*(names(term) for term in terms))
    return found & policy.facts.keys()
