"""Terms compiled once for every sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Generic, TypeVar

from attrs import frozen

from studioflow.algebra import (
    Compiled,
    Interpreter,
    Maybe,
    Number,
    Numbers,
    Range,
    Ranges,
    Remark,
    Truth,
    Words,
    mentioned,
    names,
)

__all__ = ["NumberPlan", "Plan", "Ranged", "TruthPlan", "Units", "number_plan", "truth_plan"]

Units = Mapping[str, int | Fraction | bool | str]
Ranged = Mapping[str, Range | Maybe | Words]
V = TypeVar("V")
R = TypeVar("R")


@frozen(eq=False)
class Plan(Generic[V, R]):
    """A term compiled for numbers and for ranges.

    Attributes:
        names: the facts that can change it.
        needs: the facts that it looks at, or its reasons.
        denominator: what its units are parts of; 1 for truths.
    """

    names: frozenset[str]
    needs: frozenset[str]
    denominator: int
    numbers: Compiled[V]
    ranges: Callable[[Ranged, list[Remark]], R]


NumberPlan = Plan[int | Fraction, Range]
TruthPlan = Plan[bool, Maybe]


def number_plan(term: Number) -> NumberPlan:
    """Compile a number."""
    return Plan(
        names(term),
        mentioned(term),
        term.denominator,
        Interpreter(Numbers()).number(term),
        Interpreter(Ranges()).number(term),
    )


def truth_plan(term: Truth) -> TruthPlan:
    """Compile a truth."""
    return Plan(
        names(term),
        mentioned(term),
        1,
        Interpreter(Numbers()).truth(term),
        Interpreter(Ranges()).truth(term),
    )
