"""From the points of the items to those of sections and to the total, as terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import isinf
from types import MappingProxyType

from attrs import frozen

from studioflow.algebra import (
    Choose,
    Constant,
    Explained,
    FactIs,
    FactNumber,
    Note,
    Number,
    Quotient,
    Rounded,
    Sum,
    bounds,
    largest,
    smallest,
)
from studioflow.rubric.items import Criterion, Deduction, Section, Settings
from studioflow.rules import Fact
from studioflow.text import message

__all__ = ["TOTAL", "Totals", "in_criteria", "in_deductions", "in_sections", "item_points"]

TOTAL = "total"
"""The name of the total among results; no fact is called so."""

NOT_APPLICABLE = message(
    "not_applicable",
    zh="本项不适用（适用于：{label}），不计分",
    en="it does not apply (it is for: {label}) and gives nothing",
)
COUNTS_IN_FULL = message(
    "counts_in_full",
    zh="本项不适用（适用于：{label}），按满分{max}分计",
    en="it does not apply (it is for: {label}) and counts in full: {max}",
)


def in_criteria(name: str) -> str:
    """Return the name of a criterion's result: a path, which no fact can be called."""
    return f"criteria/{name}"


def in_deductions(name: str) -> str:
    """Return the name of a deduction's result."""
    return f"deductions/{name}"


def in_sections(name: str) -> str:
    """Return the name of a section's result."""
    return f"sections/{name}"


def item_points(item: Criterion | Deduction) -> Number:
    """State the points of an item, or what it gives where it does not apply."""
    points = item.rule.points()
    if isinstance(item, Deduction) or item.applies is None:
        return points
    if item.not_applicable == "full" and item.max is not None:
        said = {"label": item.applies.label, "max": item.max}
        instead = Explained(Constant(item.max), Note(COUNTS_IN_FULL, said))
    else:
        instead = Explained(Constant(0), Note(NOT_APPLICABLE, {"label": item.applies.label}))
    # That it does not apply is no fault: the condition is named, and not said to be missed.
    return Choose(item.applies.bare, points, instead)


@frozen(eq=False, kw_only=True)
class Totals:
    """How the points of items add up.

    A section weighs in what it is part of; what does not apply is left out of the maximum where
    something around it is rescaled; the sections that count hang on the kind of studio. Results
    stand in the terms by name, so that nothing is computed twice.

    Attributes:
        facts: of the rubric.
        points: the term of every criterion.
        deductions: the term of every deduction.
    """

    facts: Mapping[str, Fact]
    sections: Mapping[str, Section]
    criteria: Mapping[str, Criterion]
    points: Mapping[str, Number]
    deductions: Mapping[str, Number]
    settings: Settings

    @cached_property
    def section_terms(self) -> Mapping[str, Number]:
        """The term of every section; one stands after those that are part of it."""
        terms: dict[str, Number] = {}
        for name in self._inside_out():
            terms[name] = self._section(name, terms)
        return MappingProxyType(terms)

    @cached_property
    def total(self) -> Number:
        """The term of the total."""
        total = self._by_kind()
        if self.deductions:
            taken = Sum(
                tuple(result(in_deductions(n), term) for n, term in self.deductions.items())
            )
            less = total - taken
            # The floor holds deductions up, and lifts nothing that was below it before.
            floor = self.settings.floor
            total = less if floor is None else largest(less, smallest(total, floor))
        return Rounded(total, self.settings.rounded) if self.settings.rounded else total

    @cached_property
    def results(self) -> Mapping[str, FactNumber]:
        """Every result by name: criteria, deductions, sections, the total."""
        named = {in_criteria(name): term for name, term in self.points.items()}
        named |= {in_deductions(name): term for name, term in self.deductions.items()}
        named |= {in_sections(name): term for name, term in self.section_terms.items()}
        named[TOTAL] = self.total
        return MappingProxyType({name: result(name, term) for name, term in named.items()})

    @cached_property
    def maxima(self) -> Mapping[str, Fraction | None]:
        """The most points of every section; None for an open-ended one."""
        found: dict[str, Fraction | None] = {}
        for name in self._inside_out():
            own = [c.max for c in self.criteria.values() if c.section == name]
            parts = [_weighed(self.sections[p], found[p]) for p in self._parts(name)]
            limits = [_sum_or_none([*own, *parts]), self.sections[name].cap]
            found[name] = min((limit for limit in limits if limit is not None), default=None)
        return MappingProxyType({name: found.get(name) for name in self.sections})

    def counting(self, word: object) -> tuple[str, ...]:
        """Return the sections that count in the total by themselves.

        Args:
            word: the kind of studio; None while it is not known: then all that may count.
        """
        return tuple(
            name
            for name, section in self.sections.items()
            if section.part_of is None
            and (word is None or not section.kinds or word in section.kinds)
        )

    def maximum(self, word: object) -> Fraction | None:
        """Return the most points in all for a kind of studio; the largest while it is not known."""
        if word is None and self._words():
            every = [self.maximum(word) for word in self._words()]
            return None if None in every else max(most for most in every if most is not None)
        return _sum_or_none(
            [_weighed(self.sections[n], self.maxima[n]) for n in self.counting(word)]
        )

    def shown(self, word: object) -> frozenset[str]:
        """Return the sections on the sheet of a kind of studio, with all that is part of them."""
        found: set[str] = set()
        waiting = list(self.counting(word))
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting.extend(self._parts(name))
        return frozenset(found)

    def _words(self) -> tuple[str, ...]:
        by = self.facts.get(self.settings.sheet_by or "")
        return tuple(by.values) if by is not None else ()

    def _parts(self, name: str) -> Iterator[str]:
        return (part for part, section in self.sections.items() if section.part_of == name)

    def _inside_out(self) -> tuple[str, ...]:
        """Return every section after those that are part of it."""
        outside_in: list[str] = []
        waiting = [name for name, section in self.sections.items() if section.part_of is None]
        while waiting:
            name = waiting.pop()
            outside_in.append(name)
            waiting.extend(self._parts(name))
        return tuple(reversed(outside_in))

    def _section(self, name: str, inside: Mapping[str, Number]) -> Number:
        section = self.sections[name]
        own = [n for n, c in self.criteria.items() if c.section == name]
        terms: list[Number] = [result(in_criteria(n), self.points[n]) for n in own]
        terms += self._weighed_parts(self._parts(name), inside)
        points: Number = Sum(tuple(terms))
        if section.rescale:
            points = _rescaled(points, self._available(name), self._full(name))
        return points if section.cap is None else smallest(points, section.cap)

    def _weighed_parts(self, names: Iterable[str], terms: Mapping[str, Number]) -> Iterator[Number]:
        for name in names:
            part = result(in_sections(name), terms[name])
            weight = self.sections[name].weight / 100
            yield part if weight == 1 else part * weight

    def _by_kind(self) -> Number:
        """State the sum of the sections that count, by the kind of studio."""
        sheets: dict[tuple[str, ...], list[str]] = {}
        for word in self._words():
            sheets.setdefault(self.counting(word), []).append(word)
        if not sheets:
            return self._sheet(self.counting(None))
        *others, last = sheets
        total = self._sheet(last)
        for names in reversed(others):
            words = frozenset(self._words())
            here = FactIs(str(self.settings.sheet_by), frozenset(sheets[names]), words)
            total = Choose(here, self._sheet(names), total)
        return total

    def _sheet(self, names: tuple[str, ...]) -> Number:
        points: Number = Sum(tuple(self._weighed_parts(names, self.section_terms)))
        if self.settings.rescale:
            available = Sum(tuple(self._part_available(name) for name in names))
            full = sum((self._part_full(name) for name in names), Fraction(0))
            points = _rescaled(points, available, full)
        return points

    def _available(self, name: str) -> Number:
        """State the most points of what applies in a section, before it is rescaled or capped."""
        terms: list[Number] = []
        for criterion in self.criteria.values():
            if criterion.section == name:
                most = Constant(criterion.max or 0)
                left_out = criterion.applies is not None and criterion.not_applicable == "left_out"
                bare = criterion.applies.bare if left_out and criterion.applies else None
                terms.append(most if bare is None else Choose(bare, most, Constant(0)))
        terms += [self._part_available(part) for part in self._parts(name)]
        return Sum(tuple(terms))

    def _part_available(self, name: str) -> Number:
        section = self.sections[name]
        inside = self._available(name)
        if section.rescale:
            # It gives its full points as long as anything in it applies.
            inside = Choose(inside > 0, Constant(self._full(name)), Constant(0))
        if section.cap is not None:
            inside = smallest(inside, section.cap)
        return inside * (section.weight / 100)

    def _full(self, name: str) -> Fraction:
        own = [c.max or Fraction(0) for c in self.criteria.values() if c.section == name]
        return sum([*own, *(self._part_full(part) for part in self._parts(name))], Fraction(0))

    def _part_full(self, name: str) -> Fraction:
        section, full = self.sections[name], self._full(name)
        capped = full if section.cap is None else min(full, section.cap)
        return capped * section.weight / 100


def _rescaled(points: Number, available: Number, full: Fraction) -> Number:
    scaled = Choose(available > 0, Quotient(points * full, available), Constant(0))
    return smallest(scaled, full)  # which it never passes; ranges do not see that by themselves


def result(name: str, term: Number) -> FactNumber:
    """Return a term that stands for a result which was computed before."""
    least, most, _ = bounds(term)
    unit = term.denominator
    low, high = (end if isinf(end) else Fraction(end) / unit for end in (least, most))
    return FactNumber(name, unit, low=low, high=high)


def _weighed(section: Section, most: Fraction | None) -> Fraction | None:
    return None if most is None else most * section.weight / 100


def _sum_or_none(parts: list[Fraction | None]) -> Fraction | None:
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if len(known) == len(parts) else None
