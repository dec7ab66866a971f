"""The factored way: each different column of an item is computed once, and each sum of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from math import lcm
from typing import Any, NamedTuple

from attrs import frozen

from studioflow.algebra import Number, Truth, names
from studioflow.lab.sweeping.arrays import Arrays, Flags, UnsuitableError
from studioflow.lab.sweeping.columns import Column, Facts, counting_in, narrow
from studioflow.lab.sweeping.parts import TOTALS
from studioflow.lab.sweeping.structures import Structures
from studioflow.lab.sweeping.variations import hashable
from studioflow.policy import Policy
from studioflow.rubric import Rubric
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections

__all__ = ["Factory", "Totals", "Way", "gives_grades"]

Key = tuple[tuple[str, Hashable], ...]
"""Values of some axes, by path."""


class _Gate(NamedTuple):
    number: int
    flags: Flags


@frozen(eq=False)
class Way:
    """What variations share but for the columns of their results.

    Attributes:
        number: ways that are the same have the same.
        total: the term of the total.
        inputs: the results that it adds up.
        eligible: who meets every gate.
        grades: by name what asks for each, the best first, and whom no gate bars; without a term
            it is for those who have none of the others.
    """

    number: int
    total: Number
    inputs: tuple[str, ...]
    eligible: Flags
    grades: Mapping[str, tuple[Truth | None, Flags]]


class Totals(NamedTuple):
    """Everything of one variation that its outcome is counted from."""

    way: Way
    columns: tuple[Column, ...]

    @property
    def key(self) -> Hashable:
        """What tells it apart from totals that come out otherwise."""
        return (self.way.number, *(each.number for each in self.columns))

    @property
    def unit(self) -> int:
        """A denominator that all its columns can count in."""
        return lcm(*(each.denominator for each in self.columns))


@frozen(eq=False)
class _Sums:
    """How items add up in one policy."""

    policy: Policy
    number: int

    @cached_property
    def order(self) -> tuple[tuple[str, Number, tuple[str, ...]], ...]:
        """The sections, the innermost first, and the total, with the results that each adds up."""
        totals = self.policy.rubric.totals
        terms = {in_sections(name): term for name, term in totals.section_terms.items()}
        terms[TOTAL] = totals.total
        facts = self.policy.facts.keys()
        return tuple(
            (name, term, tuple(sorted(names(term) - facts))) for name, term in terms.items()
        )


class Factory:
    """Makes the totals of variations out of columns that are shared.

    Args of its methods are the values of all axes, by path.
    """

    def __init__(
        self,
        policy: Policy,
        facts: Facts,
        axes: Mapping[str, tuple[str, ...]],
        built: Callable[[Mapping[str, Any]], Policy],
    ) -> None:
        """Prepare to make totals.

        Args:
            policy: that is varied.
            facts: of the cohort.
            axes: that each part hangs on.
            built: returns the policy of some changes.
        """
        self._policy, self._facts, self._axes, self._built = policy, facts, axes, built
        self._structures = Structures()
        self._columns: dict[int, Column] = {}
        self._flags: dict[int, _Gate] = {}
        self._items: dict[tuple[str, Key], Column] = {}
        self._gates: dict[tuple[str, Key], _Gate] = {}
        self._sums: dict[Key, _Sums] = {}
        self._summed: dict[Hashable, Column] = {}
        self._ways: dict[Hashable, Way] = {}

    def totals(self, changes: Mapping[str, Any]) -> Totals:
        """Return what a variation makes of the cohort.

        Raises:
            UnsuitableError: where something is none for arrays.
        """
        results = {**self._still}
        for name in self._moving:
            results[name] = self._item(name, changes)
        sums = self._sums_of(changes)
        *sections, (_, total, inputs) = sums.order
        for name, term, parts in sections:
            results[name] = self._sum(term, parts, _taken(parts, results))
        gates = {n: self._gate(f"gates/{n}", changes) for n in self._policy.rubric.gates}
        return Totals(self._way(sums, total, inputs, gates), _taken(inputs, results))

    @cached_property
    def _every(self) -> tuple[str, ...]:
        rubric = self._policy.rubric
        return (*map(in_criteria, rubric.criteria), *map(in_deductions, rubric.deductions))

    @cached_property
    def _moving(self) -> tuple[str, ...]:
        return tuple(name for name in self._every if self._axes[name])

    @cached_property
    def _still(self) -> dict[str, Column]:
        """The items that no axis changes."""
        return {name: self._item(name, {}) for name in self._every if not self._axes[name]}

    def _key(self, part: str, changes: Mapping[str, Any]) -> Key:
        return tuple(
            [(axis, hashable(changes[axis])) for axis in self._axes[part] if axis in changes]
        )

    def _varied(self, part: str, changes: Mapping[str, Any]) -> Policy:
        return self._built({axis: changes[axis] for axis in self._axes[part] if axis in changes})

    def _item(self, name: str, changes: Mapping[str, Any]) -> Column:
        key = (name, self._key(name, changes))
        if key not in self._items:
            term = self._varied(name, changes).rubric.points[name.partition("/")[2]]
            self._items[key] = self._column(term)
        return self._items[key]

    def _column(self, term: Number) -> Column:
        number = self._structures.number(term)
        if number not in self._columns:
            units = self._facts.on({}).number(term)
            column = narrow(units, term.denominator, self._facts.rows)
            self._columns[number] = Column(number, *column)
        return self._columns[number]

    def _gate(self, name: str, changes: Mapping[str, Any]) -> _Gate:
        key = (name, self._key(name, changes))
        if key not in self._gates:
            gate = self._varied(name, changes).rubric.gates[name.partition("/")[2]]
            self._gates[key] = self._truth(gate.condition.truth)
        return self._gates[key]

    def _truth(self, term: Truth) -> _Gate:
        number = self._structures.number(term)
        if number not in self._flags:
            self._flags[number] = _Gate(number, self._facts.on({}).truth(term))
        return self._flags[number]

    def _sums_of(self, changes: Mapping[str, Any]) -> _Sums:
        key = self._key(TOTALS, changes)
        if key not in self._sums:
            policy = self._varied(TOTALS, changes)
            settings = policy.rubric.settings
            if settings.sheet_by is not None or settings.on_gate_failure == "withhold":
                raise UnsuitableError
            self._sums[key] = _Sums(policy, len(self._sums))
        return self._sums[key]

    def _sum(self, term: Number, parts: Sequence[str], columns: Sequence[Column]) -> Column:
        """Return a section, which is the same for the same columns added up."""
        key = (self._structures.number(term), *(each.number for each in columns))
        found = self._summed.get(key)
        if found is None:
            there = dict(zip(parts, columns, strict=True))
            counting = counting_in(term, {name: each.denominator for name, each in there.items()})
            units = self._facts.on({name: each.units for name, each in there.items()})
            number = -1 - len(self._summed)  # below those of items
            found = Column(number, units.number(counting), counting.denominator)
            self._summed[key] = found
        return found

    def _way(
        self, sums: _Sums, total: Number, inputs: tuple[str, ...], gates: Mapping[str, _Gate]
    ) -> Way:
        key = (sums.number, *(gate.number for gate in gates.values()))
        if key not in self._ways:
            rubric = sums.policy.rubric
            if rubric.gates.keys() != gates.keys():
                raise UnsuitableError
            flags = {name: gate.flags for name, gate in gates.items()}
            asked = [flags[name] for name, gate in rubric.gates.items() if gate.at_best is None]
            grades = _grades(rubric, flags) if gives_grades(self._policy) else {}
            eligible = Arrays({}, {}).all(asked)
            self._ways[key] = Way(len(self._ways), total, inputs, eligible, grades)
        return self._ways[key]


def _taken(inputs: Sequence[str], results: Mapping[str, Column]) -> tuple[Column, ...]:
    try:
        return tuple([results[name] for name in inputs])
    except KeyError:  # an item that a variation adds
        raise UnsuitableError from None


def _grades(rubric: Rubric, gates: Mapping[str, Flags]) -> Mapping[str, tuple[Truth | None, Flags]]:
    order = [*rubric.grades]
    found: dict[str, tuple[Truth | None, Flags]] = {}
    for place, (name, grade) in enumerate(rubric.grades.items()):
        bars = [
            gates[gate]
            for gate, each in rubric.gates.items()
            if each.at_best is None or place < order.index(each.at_best)
        ]
        term = None if grade.otherwise else rubric.grade_terms[name]
        found[name] = (term, Arrays({}, {}).all(bars))
    return found


def gives_grades(policy: Policy) -> bool:
    """Return whether points and facts alone say who has which grade."""
    grades = policy.rubric.grades.values()
    return bool(grades) and all(
        (each.computed or each.otherwise) and each.places is None for each in grades
    )
