"""A policy as terms of a solver: every studio that its sheet takes, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import z3
from attrs import frozen

from studioflow.algebra import Interpreter, Number, Truth, exempted
from studioflow.algebra.symbols import Claimed, Symbol, Symbols, Word, all_of, chosen, not_, some_of
from studioflow.lab.claims.words import ELIGIBLE, GRADE, NO_GRADE, grades_of, in_gates
from studioflow.policy import Policy
from studioflow.rubric.score import canonical
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.rules import Fact

__all__ = ["Facts", "Model", "Value", "step_units"]

Value = bool | int | str | Fraction


@frozen(eq=False)
class Facts:
    """The facts of one studio that is not known, as unknowns of the solver.

    Attributes:
        declared: the facts of the policy.
        prefix: of the names of the unknowns; two studios have two.
    """

    declared: Mapping[str, Fact]
    prefix: str = ""

    @cached_property
    def unknowns(self) -> Mapping[str, Any]:
        """The unknown of each fact: a truth, the place of a word, or how many steps it is."""
        return {
            name: z3.Int(self.prefix + name)
            if fact.ordered or fact.type == "choice"
            else z3.Bool(self.prefix + name)
            for name, fact in self.declared.items()
        }

    @cached_property
    def given(self) -> Mapping[str, Symbol | Claimed | Word]:
        """The facts as terms look at them."""
        return {name: self._given(name, fact) for name, fact in self.declared.items()}

    def _given(self, name: str, fact: Fact) -> Symbol | Claimed | Word:
        unknown = self.unknowns[name]
        if fact.ordered:
            units = step_units(fact)
            return Symbol(unknown if units == 1 else unknown * units)
        return Word(unknown, tuple(fact.values)) if fact.type == "choice" else Claimed(unknown)

    @cached_property
    def domain(self) -> tuple[Any, ...]:
        """What holds of every fact that can be handed in: bounds, and what it can not exceed."""
        said: list[Any] = []
        for name, fact in self.declared.items():
            unknown = self.unknowns[name]
            if fact.type == "choice":
                said += [unknown >= 0, unknown < len(fact.values)]
            if not fact.ordered:
                continue
            step = Fraction(step_units(fact), fact.denominator)
            if fact.low is not None:
                said.append(unknown >= int(fact.low / step))
            if fact.high is not None:
                said.append(unknown <= int(fact.high / step))
            if fact.at_most is not None:
                most, mine = self.declared[fact.at_most], fact.denominator
                said.append(
                    self._units(name) * most.denominator <= self._units(fact.at_most) * mine
                )
        return tuple(said)

    def _units(self, name: str) -> Any:  # noqa: ANN401 - a term of the solver
        return self.unknowns[name] * step_units(self.declared[name])

    def is_value(self, name: str, value: Value) -> Any:  # noqa: ANN401 - a truth of the solver
        """Return that a fact is a value, in its canonical form."""
        return self.unknowns[name] == self.place(name, value)

    def place(self, name: str, value: Value) -> bool | int:
        """Return what the unknown of a fact is where the fact is a value."""
        fact = self.declared[name]
        if fact.type == "choice":
            return list(fact.values).index(str(value))
        if fact.ordered:
            return int(fact.units(value)) // step_units(fact)
        return bool(value)

    def value(self, name: str, found: z3.ModelRef) -> Value:
        """Return the value of a fact in what the solver found."""
        fact = self.declared[name]
        said = found.eval(self.unknowns[name], model_completion=True)
        if fact.type == "choice":
            return tuple(fact.values)[int(said.as_long())]
        if not fact.ordered:
            return bool(z3.is_true(said))
        return canonical(fact, int(said.as_long()) * step_units(fact))


def step_units(fact: Fact) -> int:
    """Return how many units one step of a fact is; a plain value stands on a step."""
    step = fact.step if fact.step is not None and fact.type != "date" else Fraction(1)
    return int(step * fact.denominator)


class Model:
    """What a policy makes of the facts of one studio.

    Attributes:
        policy: whose rubric.
        facts: of the studio.
        given: the facts and every result, by the names that claims have for them.
        valid: that the sheet takes the facts.
    """

    def __init__(
        self,
        policy: Policy,
        facts: Facts | None = None,
        pooled: Mapping[str, Symbol | Claimed] | None = None,
    ) -> None:
        """State what comes of facts.

        Args:
            policy: whose rubric.
            facts: of the studio.
            pooled: what marks of several people have become: it is not asked whether it is valid,
                since each of them was.
        """
        self.policy = policy
        self.facts = facts or Facts(policy.facts)
        self._pooled = frozenset(pooled or {})
        self.given: dict[str, Symbol | Claimed | Word] = {**self.facts.given, **(pooled or {})}
        symbols = Symbols(self.given, prefix=f"{self.facts.prefix}{policy.id}")
        self._interpreter = Interpreter(symbols, notes=False)
        rubric = policy.rubric
        items = {in_criteria(name): rubric.points[name] for name in rubric.criteria}
        items |= {in_deductions(name): rubric.points[name] for name in rubric.deductions}
        agreed = (each.valid for each in (pooled or {}).values())
        self.valid = all_of(*agreed, *(self._item(name, term) for name, term in items.items()))
        for name, term in rubric.totals.section_terms.items():
            self.given[in_sections(name)] = self.number(term)
        self.given[TOTAL] = self.number(rubric.totals.total)
        for name, gate in rubric.gates.items():
            self.given[in_gates(name)] = self.truth(gate.condition.truth)
        self.given[ELIGIBLE] = Claimed(
            all_of(*(self._met(n) for n, gate in rubric.gates.items() if gate.at_best is None))
        )
        if grades_of(policy):
            self.given[GRADE] = self._grade()
        self._symbols = symbols

    @property
    def by_python(self) -> list[Any]:
        """The unknowns that stand for what Python computes."""
        return self._symbols.by_python

    def scored(self, names: Iterable[str]) -> tuple[Any, ...]:
        """Return what holds of a studio in which these facts and results are there at all.

        Where points are withheld while a gate is not met, nothing can be said of them.
        """
        told = {ELIGIBLE, *self.facts.declared, *map(in_gates, self.policy.rubric.gates)}
        withheld = self.policy.rubric.settings.on_gate_failure == "withhold"
        eligible = self.given[ELIGIBLE]
        assert isinstance(eligible, Claimed)  # noqa: S101 - put there by us
        return (eligible.holds,) if withheld and not told.issuperset(names) else ()

    @property
    def rules(self) -> tuple[Any, ...]:
        """All that holds of a studio that has a sheet."""
        return (*self.facts.domain, *self.unknowns, self.valid)

    @property
    def unknowns(self) -> tuple[Any, ...]:
        """What is certain of the unknowns that came up on the way, whatever the facts are."""
        return tuple(self._symbols.said)

    def number(self, term: Number) -> Symbol:
        """Return a number over facts and results."""
        return self._interpreter.number(term)

    def truth(self, term: Truth) -> Claimed:
        """Return a truth over facts and results."""
        return self._interpreter.truth(term)

    def _item(self, name: str, term: Number) -> Any:  # noqa: ANN401 - a truth of the solver
        """Keep the points of an item; return that they are valid, or not on the sheet."""
        points = self.number(exempted(term, self._pooled) if self._pooled else term)
        rubric = self.policy.rubric
        by = self.given.get(rubric.settings.sheet_by or "")
        criterion = rubric.criteria.get(name.partition("/")[2]) if "criteria/" in name else None
        if criterion is None or not isinstance(by, Word):
            self.given[name] = points
            return points.valid
        words = [w for w in by.words if criterion.section in rubric.totals.shown(w)]
        shown = some_of(*(by.place == by.words.index(word) for word in words))
        self.given[name] = Symbol(
            chosen(shown, points.top, 0), points.bottom, some_of(not_(shown), points.valid)
        )
        return some_of(not_(shown), points.valid)

    def _met(self, gate: str) -> Any:  # noqa: ANN401 - a truth of the solver
        met = self.given[in_gates(gate)]
        assert isinstance(met, Claimed)  # noqa: S101 - put there by us
        return met.holds

    def _grade(self) -> Word:
        """Return the grade: the best one that points, facts and gates allow."""
        rubric, words = self.policy.rubric, grades_of(self.policy)
        order = list(rubric.grades)
        place: Any = words.index(
            next((name for name, grade in rubric.grades.items() if grade.otherwise), NO_GRADE)
        )
        for name in reversed(tuple(rubric.grade_terms)):
            barred = [
                not_(self._met(gate))
                for gate, each in rubric.gates.items()
                if each.at_best is None or order.index(name) < order.index(each.at_best)
            ]
            met = all_of(self.truth(rubric.grade_terms[name]).holds, not_(some_of(*barred)))
            place = chosen(met, words.index(name), place)
        return Word(place, words)
