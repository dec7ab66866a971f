"""The ends of ranges in columns: exact numbers, each a whole number of steps over a divisor.

`End` says nothing of engines: it brings two numbers to one step and one divisor, so that the cells
beneath compute whole numbers alone. A comparison is multiplied out and never divided.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from attrs import evolve, frozen

from studioflow.algebra.cells import (
    Cell,
    NotInColumnsError,
    always,
    at_least,
    floored,
    highest,
    lowest,
    product,
    select,
    total,
)
from studioflow.algebra.flags import Flag, both, either, not_, picked
from studioflow.algebra.graph import Node
from studioflow.algebra.terms import Rounding

__all__ = [
    "End",
    "added",
    "choose",
    "common_step",
    "divided",
    "in_steps",
    "largest",
    "negated",
    "number",
    "pinned",
    "reaches",
    "rounded",
    "scaled",
    "smallest",
    "times",
]

_ONE = always(1)


@frozen(eq=False)
class End:
    """One end of a range: `step` * `top` / `bottom`.

    Attributes:
        step: at least 0; 0 of nothing but 0.
        bottom: above 0; 1 where it is the same in all rows.
        endless: it is infinite, and the cells say nothing.
    """

    step: Fraction
    top: Cell
    bottom: Cell = _ONE
    endless: Flag = False

    def same(self, other: End) -> bool:
        """Return whether the two are surely the same in all rows."""
        if self is other:
            return True
        tops = self.step == other.step and self.top.same(other.top)
        return tops and self.bottom.same(other.bottom) and self.endless is other.endless

    @property
    def known(self) -> Fraction | None:
        """The number, where it is the same in all rows."""
        if self.endless is not False or self.top.column is not None:
            return None
        if self.bottom.column is not None:
            return Fraction(0) if self.top.least == 0 else None
        return self.step * Fraction(self.top.least, self.bottom.least)

    @property
    def least(self) -> Fraction:
        """Nothing finite lies below."""
        return self.step * min(
            Fraction(self.top.least, part) for part in (self.bottom.least, self.bottom.most)
        )

    @property
    def most(self) -> Fraction:
        """Nothing finite lies above."""
        return self.step * max(
            Fraction(self.top.most, part) for part in (self.bottom.least, self.bottom.most)
        )


def number(value: Fraction | int) -> End:
    """Return what is the same in all rows."""
    exact = Fraction(value)
    return End(abs(exact), always((exact > 0) - (exact < 0)))


def common_step(ends: Sequence[End]) -> Fraction:
    """Return the largest step that goes into those of all ends."""
    steps = [end.step for end in ends if end.step]
    if not steps:
        return Fraction(1)
    return Fraction(
        reduce(gcd, (step.numerator for step in steps)),
        reduce(lcm, (step.denominator for step in steps)),
    )


def in_steps(end: End, step: Fraction) -> Cell:
    """Return the top of an end in steps that go into its own."""
    ratio = end.step / step
    return product(end.top, always(ratio.numerator))


def _alike(ends: Sequence[End]) -> tuple[Fraction, list[Cell], Cell]:
    """Return a common step, the tops over one divisor, and that divisor."""
    step = common_step(ends)
    bottoms = [*{e.bottom.column: e.bottom for e in ends if e.bottom.column is not None}.values()]
    tops = []
    for end in ends:
        others = [cell for cell in bottoms if cell.column is not end.bottom.column]
        tops.append(reduce(product, others, in_steps(end, step)))
    return step, tops, reduce(product, bottoms, _ONE)


def added(ends: Sequence[End]) -> End:
    """Return the sum."""
    alike: dict[tuple[Fraction, Node | None], list[End]] = {}
    for end in ends:
        alike.setdefault((end.step, end.bottom.column), []).append(end)
    # What is in the same steps is added up first, and brought to the others' steps once.
    sums = [evolve(some[0], top=total([end.top for end in some])) for some in alike.values()]
    step, tops, bottom = _alike(sums)
    return End(step, total(tops), bottom, either(*(end.endless for end in ends)))


def scaled(end: End, factor: Fraction | int) -> End:
    """Return the end times a number that is not below 0."""
    if factor == 0:
        return number(0)
    return evolve(end, step=end.step * factor)


def negated(end: End) -> End:
    """Return the end on the other side of 0."""
    return evolve(end, top=product(end.top, always(-1)))


def times(left: End, right: End) -> End:
    """Return the product of two ends, none of which is infinite.

    Raises:
        NotInColumnsError: where one may be infinite.
    """
    for one, other in ((left, right), (right, left)):
        known = one.known
        if known is not None and known >= 0:
            return scaled(other, known)
    if left.endless is not False or right.endless is not False:
        raise NotInColumnsError("an infinite number is multiplied")
    step = left.step * right.step
    return End(step, product(left.top, right.top), product(left.bottom, right.bottom))


def divided(left: End, right: End) -> End:
    """Return the quotient of two ends; of an infinite divisor it is 0.

    Nobody looks at it where the divisor is below 1, which is then taken to be 1.
    """
    if right.least < 1:
        right = largest([right, number(1)], endless_is_low=False)
    top = select(right.endless, always(0), product(left.top, right.bottom))
    bottom = product(left.bottom, right.top)
    step = left.step / right.step
    if bottom.column is None:
        return End(step / bottom.least, top, endless=left.endless)
    return End(step, top, bottom, left.endless)


def rounded(end: End, factor: Fraction, way: Rounding) -> End:
    """Return the whole number next to the end times a factor."""
    exact = end.step * factor
    top = product(end.top, always(exact.numerator))
    bottom = product(end.bottom, always(exact.denominator))
    match way:
        case "half_up":
            doubled = total([product(top, always(2)), bottom])
            whole = floored(doubled, product(bottom, always(2)))
        case "down":
            whole = floored(top, bottom)
        case "up":
            whole = floored(total([top, bottom, always(-1)]), bottom)
    return End(Fraction(1), whole, endless=end.endless)


def smallest(ends: Sequence[End], *, endless_is_low: bool) -> End:
    """Return the smallest of one or more; what is infinite is lower than all, or higher."""
    return _extreme(ends, lower=True, decisive=endless_is_low)


def largest(ends: Sequence[End], *, endless_is_low: bool) -> End:
    """Return the largest of one or more; what is infinite is lower than all, or higher."""
    return _extreme(ends, lower=False, decisive=not endless_is_low)


def _extreme(ends: Sequence[End], *, lower: bool, decisive: bool) -> End:
    """Return the smallest or the largest; one that is infinite decides it, or never counts."""
    if all(end.same(ends[0]) for end in ends):
        return ends[0]
    if decisive:
        endless = either(*(end.endless for end in ends))
    else:
        endless = both(*(end.endless for end in ends))
        ends = _without_endless(ends, lower=lower)
    step, tops, bottom = _alike(ends)
    found = lowest(tops) if lower else highest(tops)
    return End(step, found, bottom, endless)


def _without_endless(ends: Sequence[End], *, lower: bool) -> list[End]:
    """Return the ends, each beyond all others where it is infinite."""
    if all(end.endless is False for end in ends):
        return list(ends)
    beyond = max(end.most for end in ends) if lower else min(end.least for end in ends)
    return [choose(end.endless, number(beyond), evolve(end, endless=False)) for end in ends]


def choose(condition: Flag, then: End, otherwise: End) -> End:
    """Return one of two, row by row."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then.same(otherwise):
        return then
    step = common_step([then, otherwise])
    return End(
        step,
        select(condition, in_steps(then, step), in_steps(otherwise, step)),
        select(condition, then.bottom, otherwise.bottom),
        picked(condition, then.endless, otherwise.endless),
    )


def reaches(left: End, right: End) -> Flag:
    """Return whether one is at least the other; both are taken to be finite."""
    if left.same(right):
        return True
    _, (one, other), _ = _alike([left, right])
    return at_least(one, other)


def pinned(low: End, high: End) -> Flag:
    """Return whether the two are the same number."""
    if low.same(high):
        return low.endless is False
    finite = both(not_(low.endless), not_(high.endless))
    return both(finite, reaches(low, high))
