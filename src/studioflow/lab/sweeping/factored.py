"""The factored way: each different column of an item is computed once, and each sum of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from attrs import fields, frozen

from studioflow.algebra import Interpreter, Note, Number, Term, Truth, names
from studioflow.lab.sweeping.arrays import Array, Arrays, Flags, Units, UnsuitableError
from studioflow.lab.sweeping.columns import counting_in, narrow
from studioflow.lab.sweeping.parts import TOTALS
from studioflow.policy import Policy
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections

if TYPE_CHECKING:
    from attrs import AttrsInstance

__all__ = ["Factory", "Totals", "gives_grades"]

Key = tuple[tuple[str, Any], ...]
"""Values of some axes, by path."""


class _Column(NamedTuple):
    """A column that was computed; equal numbers are one column."""

    number: int
    units: Units
    denominator: int


class _Gate(NamedTuple):
    number: int
    flags: Flags


class Totals(NamedTuple):
    """Everything of one variation that its outcome is counted from."""

    key: Hashable
    total: Units
    denominator: int
    eligible: Flags
    grades: Mapping[str, Flags]


@frozen(eq=False)
class _Sums:
    """How items add up in one policy, with what each sum is told apart by."""

    policy: Policy
    number: int

    @cached_property
    def order(self) -> tuple[tuple[str, Number, tuple[str, ...]], ...]:
        """The sections, the innermost first, and the total, with the results that each adds up."""
        totals = self.policy.rubric.totals
        terms = {in_sections(name): term for name, term in totals.section_terms.items()}
        terms[TOTAL] = totals.total
        return tuple((name, term, tuple(sorted(names(term)))) for name, term in terms.items())

    @cached_property
    def _counting(self) -> dict[Hashable, Number]:
        return {}

    def counting(self, name: str, term: Number, units: Mapping[str, int]) -> Number:
        """Return a sum over results that count in these units."""
        key = (name, *units.values())
        if key not in self._counting:
            self._counting[key] = counting_in(term, units)
        return self._counting[key]


class Factory:
    """Makes the totals of variations out of columns that are shared.

    Args of its methods are the values of all axes, by path.
    """

    def __init__(
        self,
        policy: Policy,
        given: Mapping[str, Units | Flags | Array],
        axes: Mapping[str, tuple[str, ...]],
        built: Callable[[Mapping[str, Any]], Policy],
    ) -> None:
        """Prepare to make totals.

        Args:
            policy: that is varied.
            given: its facts.
            axes: that each part hangs on.
            built: returns the policy of some changes.
        """
        self._policy, self._given, self._axes, self._built = policy, dict(given), axes, built
        self._words = {n: [*f.values] for n, f in policy.facts.items() if f.type == "choice"}
        self._structures: dict[Hashable, int] = {}
        self._known_terms: dict[int, tuple[Term, int]] = {}
        self._columns: dict[int, _Column] = {}
        self._flags: dict[int, _Gate] = {}
        self._items: dict[tuple[str, Key], _Column] = {}
        self._gates: dict[tuple[str, Key], _Gate] = {}
        self._sums: dict[Key, _Sums] = {}
        self._summed: dict[Hashable, _Column] = {}
        self._numbers: dict[Hashable, int] = {}
        self._eligible: dict[Hashable, tuple[Flags, int]] = {}

    def totals(self, changes: Mapping[str, Any]) -> Totals:
        """Return what a variation makes of the cohort.

        Raises:
            UnsuitableError: where something is none for arrays.
        """
        rubric = self._policy.rubric
        results = {in_criteria(n): self._item(in_criteria(n), changes) for n in rubric.criteria}
        results |= {
            in_deductions(n): self._item(in_deductions(n), changes) for n in rubric.deductions
        }
        gates = {n: self._gate(f"gates/{n}", changes) for n in rubric.gates}
        sums = self._sums_of(self._key(TOTALS, changes))
        for name, term, inputs in sums.order:
            results[name] = self._sum(sums, name, term, inputs, results)
        total = results[TOTAL]
        asked = [n for n, gate in sums.policy.rubric.gates.items() if gate.at_best is None]
        eligible, number = self._all(tuple(gates[name] for name in asked))
        grades = self._grades(sums, total, gates) if gives_grades(self._policy) else {}
        key = (total.number, number, sums.number, tuple(gates[n].number for n in gates))
        return Totals(key, total.units, total.denominator, eligible, grades)

    def _key(self, part: str, changes: Mapping[str, Any]) -> Key:
        return tuple((axis, changes[axis]) for axis in self._axes[part] if axis in changes)

    def _item(self, name: str, changes: Mapping[str, Any]) -> _Column:
        key = self._key(name, changes)
        found = self._items.get((name, key))
        if found is None:
            term = self._built(dict(key)).rubric.points[name.partition("/")[2]]
            found = self._items[name, key] = self._column(term)
        return found

    def _column(self, term: Number) -> _Column:
        number = self._structure(term)
        if number not in self._columns:
            units = self._on(self._given).number(term)
            column = narrow(units, term.denominator, self._rows)
            self._columns[number] = _Column(number, *column)
        return self._columns[number]

    def _gate(self, name: str, changes: Mapping[str, Any]) -> _Gate:
        key = self._key(name, changes)
        if (name, key) not in self._gates:
            gate = self._built(dict(key)).rubric.gates[name.partition("/")[2]]
            self._gates[name, key] = self._truth(gate.condition.truth)
        return self._gates[name, key]

    def _truth(self, term: Truth) -> _Gate:
        number = self._structure(term)
        if number not in self._flags:
            self._flags[number] = _Gate(number, self._on(self._given).truth(term))
        return self._flags[number]

    def _sums_of(self, key: Key) -> _Sums:
        if key not in self._sums:
            policy = self._built(dict(key))
            settings = policy.rubric.settings
            if settings.sheet_by is not None or settings.on_gate_failure == "withhold":
                raise UnsuitableError
            self._sums[key] = _Sums(policy, len(self._sums))
        return self._sums[key]

    def _sum(
        self,
        sums: _Sums,
        name: str,
        term: Number,
        inputs: Sequence[str],
        results: Mapping[str, _Column],
    ) -> _Column:
        """Return a section or the total, which is the same for the same columns added up."""
        columns = [results[each] for each in inputs if each in results]
        key = (sums.number, name, *(each.number for each in columns))
        found = self._summed.get(key)
        if found is None:
            there = [each for each in inputs if each in results]
            units = tuple(column.denominator for column in columns)
            counting = sums.counting(name, term, dict(zip(there, units, strict=True)))
            given = {**self._given}
            given |= {n: column.units for n, column in zip(there, columns, strict=True)}
            found = _Column(
                self._number(key), self._on(given).number(counting), counting.denominator
            )
            if name != TOTAL:  # which is counted and let go: there are as many as variations
                self._summed[key] = found
        return found

    def _number(self, key: Hashable) -> int:
        """Return the number of a sum, below those of items."""
        return self._numbers.setdefault(key, -1 - len(self._numbers))

    def _all(self, gates: tuple[_Gate, ...]) -> tuple[Flags, int]:
        key = tuple(each.number for each in gates)
        if key not in self._eligible:
            flags = Arrays({}, {}).all([each.flags for each in gates])
            self._eligible[key] = (flags, len(self._eligible))
        return self._eligible[key]

    def _grades(
        self, sums: _Sums, total: _Column, gates: Mapping[str, _Gate]
    ) -> Mapping[str, Flags]:
        """Return who has each grade: the best one that is reached, and that no gate bars."""
        rubric = sums.policy.rubric
        on = self._on({**self._given, TOTAL: total.units})
        unit = {TOTAL: total.denominator}
        order, arrays = [*rubric.grades], Arrays({}, {})
        left, found = Flags(values=True), dict[str, Flags]()
        for name, grade in rubric.grades.items():
            if grade.otherwise:
                continue
            bars = [
                gates[gate].flags
                for gate, each in rubric.gates.items()
                if each.at_best is None or order.index(name) < order.index(each.at_best)
            ]
            found[name] = arrays.all(
                [on.truth(counting_in(rubric.grade_terms[name], unit)), *bars, left]
            )
            left = arrays.all([left, arrays.negation(found[name])])
        found |= {name: left for name, grade in rubric.grades.items() if grade.otherwise}
        return found

    def _on(self, given: Mapping[str, Any]) -> Interpreter[Units, Flags]:
        return Interpreter(Arrays(given, self._words), notes=False)

    @cached_property
    def _rows(self) -> int:
        for each in self._given.values():
            values = each.values if isinstance(each, Units | Flags) else each
            if isinstance(values, np.ndarray):
                return len(values)
        raise UnsuitableError

    def _structure(self, term: Term) -> int:
        """Return the same number for terms that say the same."""
        known = self._known_terms.get(id(term))
        if known is None:
            known = self._known_terms[id(term)] = (term, self._numbered(term))
        return known[1]

    def _numbered(self, term: Term) -> int:
        every = fields(cast("type[AttrsInstance]", type(term)))
        said = tuple(self._part(getattr(term, field.name)) for field in every)
        return self._structures.setdefault((type(term), *said), len(self._structures))

    def _part(self, value: object) -> Hashable:
        match value:
            case Term():
                return self._structure(value)
            case tuple():
                return tuple(self._part(each) for each in value)
            case Note() | None:
                return None
            case _:
                assert isinstance(value, Hashable)  # noqa: S101 - fields of terms are
                return value


def gives_grades(policy: Policy) -> bool:
    """Return whether points and facts alone say who has which grade."""
    grades = policy.rubric.grades.values()
    return bool(grades) and all(
        (each.computed or each.otherwise) and each.places is None for each in grades
    )
