"""Straight lines over boxes of facts' values: what a term is made of piece by piece."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from math import inf
from typing import NamedTuple

__all__ = ["Box", "Curve", "Cut", "Line", "Span"]

Cut = tuple["Fraction | float", int]
"""A place between values: right before one (0), or right after it (1)."""


class Span(NamedTuple):
    """The values between two cuts."""

    low: Cut
    high: Cut

    @classmethod
    def between(cls, low: Fraction | float, high: Fraction | float) -> Span:
        """Return the values from one to another, both included."""
        return cls((low, 0), (high, 1))


Box = tuple[Span, ...]
"""A span for each fact, in one order for all boxes of a search."""


class Curve(NamedTuple):
    """What is no line: a product or quotient of facts, a staircase of very many steps.

    Attributes:
        facts: the numbers that it hangs on.
        made_of: two curves that are made of the same are one.
    """

    facts: frozenset[str]
    made_of: Hashable


class Line(NamedTuple):
    """So much for each unit of some facts and curves, and a start.

    Attributes:
        slopes: none of them 0.
        start: the value where all of them are 0.
    """

    slopes: frozenset[tuple[str | Curve, Fraction]]
    start: Fraction

    @classmethod
    def of(cls, slopes: Mapping[str | Curve, Fraction], start: Fraction) -> Line:
        """Return the line with these slopes."""
        return cls(frozenset((atom, slope) for atom, slope in slopes.items() if slope), start)

    @classmethod
    def constant(cls, value: Fraction) -> Line:
        """Return the line that is always the same."""
        return cls(frozenset(), value)

    @property
    def facts(self) -> frozenset[str]:
        """The numbers that it hangs on."""
        return frozenset[str]().union(
            *({atom} if isinstance(atom, str) else atom.facts for atom, _ in self.slopes)
        )

    @property
    def curves(self) -> Iterator[Curve]:
        """The parts that are no lines."""
        return (atom for atom, _ in self.slopes if isinstance(atom, Curve))

    @property
    def alone(self) -> tuple[str, Fraction] | None:
        """The one fact that it hangs on, and its slope; None where there are others, or none."""
        match [*self.slopes]:
            case [(str() as name, slope)]:
                return name, slope
            case _:
                return None

    def plus(self, other: Line) -> Line:
        """Return the sum."""
        slopes = dict(self.slopes)
        for atom, slope in other.slopes:
            slopes[atom] = slopes.get(atom, Fraction(0)) + slope
        return Line.of(slopes, self.start + other.start)

    def times(self, factor: Fraction) -> Line:
        """Return the line so many times."""
        return Line.of({atom: slope * factor for atom, slope in self.slopes}, self.start * factor)

    def minus(self, other: Line) -> Line:
        """Return the difference."""
        return self.plus(other.times(Fraction(-1)))

    def at(self, name: str, value: Fraction) -> Line:
        """Return the line where a fact has a value; curves stay as they are."""
        slopes = dict(self.slopes)
        slope = slopes.pop(name, Fraction(0))
        return Line.of(slopes, self.start + slope * value)

    def ends(self, spans: Mapping[str, Span]) -> tuple[Fraction | float, Fraction | float]:
        """Return values that it neither falls below nor passes inside the spans."""
        low: Fraction | float = self.start
        high: Fraction | float = self.start
        for atom, slope in self.slopes:
            ends: tuple[Fraction | float, Fraction | float] = (-inf, inf)
            if isinstance(atom, str):
                (least, _), (most, _) = spans[atom]
                ends = (least * slope, most * slope)
            low, high = low + min(ends), high + max(ends)
        return low, high
