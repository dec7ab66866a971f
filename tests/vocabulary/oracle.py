"""Quantities and conditions of complete facts, worked out once more with fractions.

Written from the documentation, by plain recursion over the tables as they stand in the file: no
terms, no ranges, and nothing of the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

__all__ = ["Facts", "Judging", "Table", "all_defined", "exact", "toward"]

Facts = Mapping[str, Any]
Table = Mapping[str, Any]
HALF = Fraction(1, 2)


class Number(NamedTuple):
    """A quantity, and whether there is such a number."""

    value: Fraction
    defined: bool = True


class Truth(NamedTuple):
    """A condition, and whether there is anything to judge."""

    value: bool
    defined: bool = True


def exact(value: Any) -> Fraction | None:  # noqa: ANN401 - whatever stands in a table
    """Return a number of a table; None for "none" and for what was left out."""
    return None if value is None or value == "none" else Fraction(value)


def toward(value: Fraction, step: Fraction) -> Fraction:
    """Round to a multiple of a step, a half up."""
    return floor(value / step + HALF) * step


class Judging:
    """The quantities and conditions of one policy, for complete facts.

    Args:
        tables: of the policy.
        facts: every one, by name.
        results: points by path, for the needs of grades.
    """

    def __init__(self, tables: Table, facts: Facts, results: Mapping[str, Fraction]) -> None:
        self.tables = tables
        self.facts = facts
        self.results = results

    # --- parameters -------------------------------------------------------------------------

    def said(self, value: Any) -> Any:  # noqa: ANN401 - whatever stands in a table
        """Return a value, or the one that a table with `by` has for these facts."""
        while isinstance(value, Mapping) and isinstance(value.get("by"), str):
            value = self._by(value)
        return value

    def _by(self, table: Table) -> Any:  # noqa: ANN401 - whatever stands in a table
        here = self.facts[table["by"]]
        ways = {key: way for key, way in table.items() if key not in {"by", "otherwise"}}
        if isinstance(here, bool):
            reached = [str(here).lower()] if str(here).lower() in ways else []
        elif isinstance(here, date):
            reached = [key for key in ways if date.fromisoformat(key) <= here]
            reached.sort(key=date.fromisoformat)
        elif isinstance(here, str):
            reached = [here] if here in ways else []
        else:
            reached = sorted((key for key in ways if Fraction(key) <= here), key=Fraction)
        return ways[reached[-1]] if reached else table["otherwise"]

    def get(self, table: Table, key: str, default: object = None) -> Any:  # noqa: ANN401
        """Return a parameter of a rule."""
        return self.said(table.get(key, default))

    def each(self, table: Table, key: str) -> list[Any]:
        """Return the entries of a list among the parameters."""
        return [self.said(entry) for entry in self.get(table, key)]

    def number_of(self, table: Table, key: str) -> Fraction:
        """Return a number that has to be there."""
        return Fraction(self.get(table, key))

    # --- quantities -------------------------------------------------------------------------

    def quantity(self, rule: Any) -> Number:  # noqa: ANN401 - whatever stands in a table
        """Work out a quantity."""
        rule = self.said(rule)
        if isinstance(rule, str):
            if rule in self.facts:
                return Number(Fraction(self.facts[rule]))
            return Number(sum((Fraction(self.facts[c]) for c in self.cells(rule)), Fraction(0)))
        if not isinstance(rule, Mapping):
            return Number(Fraction(rule))
        match rule["kind"]:
            case "sum":
                parts = [self.quantity(part) for part in self.each(rule, "of")]
                return Number(sum((p.value for p in parts), Fraction(0)), all_defined(parts))
            case "shortfall":
                value, norm = self.quantity(rule["value"]), self.quantity(rule["norm"])
                missing = max(Fraction(0), norm.value - value.value)
                return Number(missing, all_defined([value, norm]))
            case "share":
                return self._share(rule)
            case "points":
                return Number(self.results[rule["of"]])
            case kind:
                raise NotImplementedError(kind)

    def _share(self, rule: Table) -> Number:
        part, whole = self.quantity(rule["part"]), self.quantity(rule["whole"])
        there = whole.value > 0
        share = 100 * part.value / whole.value if there else Fraction(0)
        step = exact(self.get(rule, "rounded"))
        if step is not None:
            share = toward(share, step)
        return Number(share, there and part.defined and whole.defined)

    def cells(self, tally: str) -> list[str]:
        """Return the names of the facts that a tally is split into."""
        names = [tally]
        for words in self.tables["facts"][tally]["by"].values():
            names = [f"{name}_{word}" for name in names for word in words]
        return names

    # --- conditions -------------------------------------------------------------------------

    def holds(self, rule: Any) -> bool:  # noqa: ANN401 - whatever stands in a table
        """Tell whether a condition holds; one that is not defined does not."""
        return self.condition(rule).value

    def condition(self, rule: Any) -> Truth:  # noqa: ANN401 - whatever stands in a table
        """Work out a condition."""
        rule = self.said(rule)
        if isinstance(rule, str):
            named = self.tables.get("conditions", {})
            return self.condition(named[rule]) if rule in named else Truth(self.facts[rule])
        match rule["kind"]:
            case "all" | "any" | "k_of_n" | "not":
                return self._joined(rule)
            case "in_range":
                value = self.quantity(rule["value"])
                low, high = self.number_of(rule, "min"), self.number_of(rule, "max")
                return _where_defined(low <= value.value <= high, [value])
            case "at_least" | "at_most":
                return self._bounded(rule)
            case "share":
                return self._reached(rule)
            case "is":
                words = self.get(rule, "value")
                return Truth(self.facts[rule["fact"]] in _listed(words))
            case "site_check":
                every = self.tables["site_check"]["items"]
                items = self.each(rule, "items") if "items" in rule else list(every)
                return Truth(all(self.facts[f"site_{item}"] for item in items))
            case kind:
                raise NotImplementedError(kind)

    def _joined(self, rule: Table) -> Truth:
        if rule["kind"] == "not":
            inner = self.condition(rule["of"])
            return _where_defined(not inner.value, [inner])
        parts = [self.condition(part) for part in self.each(rule, "of")]
        held = sum(part.value for part in parts)
        least = {"all": len(parts), "any": 1}.get(rule["kind"])
        if least is None:
            least = int(self.get(rule, "at_least"))
        return Truth(held >= least, all_defined(parts))

    def _bounded(self, rule: Table) -> Truth:
        bound = self.get(rule, "bound")
        if bound == "none":
            return Truth(value=True)
        value, other = self.quantity(rule["value"]), self.quantity(bound)
        if rule["kind"] == "at_least":
            return _where_defined(value.value >= other.value, [value, other])
        return _where_defined(value.value <= other.value, [value, other])

    def _reached(self, rule: Table) -> Truth:
        part, whole = self.quantity(rule["part"]), self.quantity(rule["whole"])
        if whole.value <= 0 or not (part.defined and whole.defined):
            return Truth(value=False, defined=False)
        share = 100 * part.value / whole.value
        if self.get(rule, "rounded", default=False):
            share = toward(share, Fraction(1))
        return Truth(share >= self.number_of(rule, "percent"))


def all_defined(parts: Iterable[Number | Truth]) -> bool:
    """Tell whether there is anything to judge or count in each part."""
    return all(part.defined for part in parts)


def _where_defined(value: bool, parts: Iterable[Number | Truth]) -> Truth:  # noqa: FBT001
    defined = all_defined(parts)
    return Truth(value and defined, defined)


def _listed(words: object) -> list[Any]:
    return words if isinstance(words, list) else [words]
