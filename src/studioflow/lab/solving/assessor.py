"""Whether one assessor's marks alone can change a studio's grade.

The panel is opened: each assessor is a studio's sheet of their own, valid by itself, and what their
marks become is scored. Two such sheets that differ in one assessor's marks alone are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import z3

from studioflow.algebra import FactFlag, FactNumber, Interpreter
from studioflow.algebra.symbols import Claimed, Symbol, Symbols, Word
from studioflow.lab.claims.words import GRADE, grades_of
from studioflow.lab.solving.asking import Proof
from studioflow.lab.solving.model import Facts, Model
from studioflow.lab.solving.search import (
    SECONDS,
    NoAnswerInTime,
    Witness,
    find,
    solver_of,
    used,
    values_of,
)
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import FactFile
from studioflow.rules import Fact, Pool

__all__ = ["ASSESSORS", "decides_alone", "marking_roles"]

ASSESSORS = 3
"""How many people mark an item, where its panel takes so many."""


def marking_roles(policy: Policy) -> tuple[str, ...]:
    """Return the roles whose marks count, of a policy whose grades points and facts decide."""
    if not grades_of(policy):
        return ()
    counted = used(policy)
    judged = [each for name, each in policy.facts.items() if each.judged and name in counted]
    return tuple(dict.fromkeys(role for fact in judged for role in fact.supplied_by))


def decides_alone(
    policy: Policy, role: str, *, assessors: int = ASSESSORS, seconds: float = SECONDS
) -> Proof:
    """Prove that nobody's marks in a role change a grade by themselves, or show two sheets.

    Args:
        policy: whose grades points and facts decide.
        role: whose marks; see `marking_roles`.
        assessors: how many people mark each item that has a panel, within what it takes. An item
            without one is marked by the one whose marks are looked at.
        seconds: how long it may take.

    Returns:
        refuted with two studios that differ in that one person's marks alone.
    """
    claim = f"no_single_assessor {role}"
    try:
        found = _Panel(policy, role, assessors).found(seconds)
    except NoAnswerInTime:
        return Proof(claim, "no_answer")
    return Proof(claim, "refuted", found) if found else Proof(claim, "proved")


class _Panel:
    """Two sheets of one studio, in which the first assessor marks differently."""

    def __init__(self, policy: Policy, role: str, assessors: int) -> None:
        self._policy, self._role, self._wanted = policy, role, assessors
        self._judged = {name: fact for name, fact in policy.facts.items() if fact.judged}
        most = max(map(self._seats, self._judged))
        self._people = [Facts(policy.facts, f"{n}.") for n in range(most)]
        self._changed = Facts(policy.facts, "changed.")
        self._sheets = [self._sheet([first, *self._people[1:]]) for first in self._both]

    @property
    def _both(self) -> tuple[Facts, Facts]:
        return self._people[0], self._changed

    def _seats(self, name: str) -> int:
        """Return how many people mark an item."""
        panel = self._judged[name].panel
        if panel is None:
            return 1
        return len(panel.groups) or min(max(self._wanted, panel.least), panel.most)

    def _roles(self, name: str) -> tuple[str, ...]:
        """Return in which role each person marks an item: one of each group, or all in one."""
        fact = self._judged[name]
        if fact.panel is not None and fact.panel.groups:
            others = [role for role in fact.panel.groups if role != self._role]
            first = [self._role] if self._role in fact.panel.groups else []
            return (*first, *others)
        mine = self._role if self._role in fact.supplied_by else fact.supplied_by[0]
        return (mine,) * self._seats(name)

    def _sheet(self, people: Sequence[Facts]) -> Model:
        pooled = {name: self._one(name, fact, people) for name, fact in self._judged.items()}
        return Model(self._policy, people[0], pooled)

    def _one(self, name: str, fact: Fact, people: Sequence[Facts]) -> Symbol | Claimed:
        """Return what the marks of an item become."""
        marks = [people[n].given[name] for n in range(self._seats(name))]
        if fact.panel is None or len(marks) == 1:
            only = marks[0]
            assert not isinstance(only, Word)  # noqa: S101 - nobody judges a choice
            return only
        interpreter = Interpreter(Symbols({str(n): mark for n, mark in enumerate(marks)}))
        if not fact.ordered:
            return interpreter.truth(
                fact.panel.truth([FactFlag(str(n)) for n in range(len(marks))])
            )
        terms = [FactNumber(str(n), fact.denominator) for n in range(len(marks))]
        roles = self._roles(name) if fact.panel.groups else ()
        term = fact.panel.number(terms, Pool([Fraction(0)] * len(marks), roles))
        found, factor = interpreter.number(term), Fraction(fact.denominator, term.denominator)
        return Symbol(found.top * factor.numerator, found.bottom * factor.denominator, found.valid)

    def _valid(self, people: Iterable[Facts]) -> list[Any]:
        """Return that each one's marks are valid by themselves."""
        return [rule for each in people for rule in Model(self._policy, each).rules]

    def found(self, seconds: float) -> tuple[Witness, Witness] | None:
        """Return the two sheets, or None where there are no such ones."""
        first, other = self._both
        plain = [name for name in self._policy.facts if name not in self._judged]
        mine = [n for n, fact in self._judged.items() if self._role in fact.supplied_by]
        theirs = [name for name in self._judged if name not in mine]
        same = [
            each.unknowns[name] == first.unknowns[name]
            for each in (*self._people[1:], other)
            for name in plain
        ]
        same += [other.unknowns[name] == first.unknowns[name] for name in theirs]
        grades = [sheet.given[GRADE] for sheet in self._sheets]
        assert all(isinstance(grade, Word) for grade in grades)  # noqa: S101 - asked before
        differ = grades[0].place != grades[1].place  # type: ignore[union-attr]
        rules = [
            rule
            for sheet in self._sheets
            for rule in (*sheet.unknowns, sheet.valid, *sheet.scored([GRADE]))
        ]
        said = [*self._valid([*self._people, other]), *rules, *same]
        found = find(solver_of([*said, differ]), seconds)
        return None if found is None else (self._shown(found, first), self._shown(found, other))

    def _shown(self, found: z3.ModelRef, first: Facts) -> Witness:
        policy, people = self._policy, [first, *self._people[1:]]
        values = values_of(policy, first, found)
        items = {fact: item for item, fact in policy.rubric.judged_facts.items()}
        marks = [
            _mark(items[name], n, role, people[n].value(name, found))
            for name in values
            if name in self._judged
            for n, role in enumerate(self._roles(name))
        ]
        plain = {name: value for name, value in values.items() if name not in self._judged}
        sheet = policy.score(FactFile(facts=plain, marks=tuple(marks)))
        return Witness(plain, sheet, tuple(marks))


def _mark(item: str, number: int, role: str, value: object) -> Mark:
    by = f"{role}-{number + 1}"
    if isinstance(value, bool):
        return Mark(criterion=item, by=by, role=role, met=value, remark="-")
    return Mark(criterion=item, by=by, role=role, points=Fraction(str(value)))
