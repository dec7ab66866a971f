"""Ends of ranges in columns: exact fractions over columns of whole numbers."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from attrs import evolve

from studioflow.algebra import Rounding, ends
from studioflow.algebra.cells import Cell, NotInColumnsError, always
from studioflow.algebra.ends import End
from studioflow.algebra.flags import Flag, as_node
from studioflow.algebra.graph import node
from studioflow.cohort.columns.plan import Plan

HALF = Fraction(1, 2)
A = End(HALF, Cell.of(node("column", "a"), -10, 10))
B = End(Fraction(1, 3), Cell.of(node("column", "b"), 0, 6))
C = End(Fraction(1), Cell.of(node("column", "b"), 0, 6))
ROWS: dict[str, list[int]] = {"a": [-10, -3, 0, 5, 10], "b": [6, 1, 0, 3, 2], "p": [1, 0, 1, 0, 1]}
P = node("at_least", node("column", "p"), 1)
ENDLESS = End(Fraction(1), always(0), endless=P)


def flags(flag: Flag) -> list[bool]:
    """Return what Polars makes of a truth."""
    frame = Plan(pl, {"x": as_node(flag)}).of(pl.LazyFrame(ROWS))
    found: list[bool] = frame.collect()["x"].to_list()
    return found


def values(end: End) -> list[Fraction | None]:
    """Return what Polars makes of an end; None where it is infinite."""
    columns = {"top": end.top.in_bits(64), "over": end.bottom.in_bits(64)}
    out = Plan(pl, {**columns, "endless": as_node(end.endless)}).of(pl.LazyFrame(ROWS)).collect()
    found = [
        None if row["endless"] else end.step * Fraction(row["top"], row["over"])
        for row in out.iter_rows(named=True)
    ]
    assert all(value is None or end.least <= value <= end.most for value in found)
    return found


def each(name: str, step: Fraction) -> list[Fraction]:
    """Return a column in its steps."""
    return [value * step for value in ROWS[name]]


HALVES, THIRDS = each("a", HALF), each("b", Fraction(1, 3))


class TestPlain:
    """Numbers that are the same in all rows."""

    @pytest.mark.parametrize("value", [0, 5, -5, Fraction(-2, 3)])
    def test_known(self, value: Fraction | int) -> None:
        """A plain number is known without any engine."""
        assert value == ends.number(value).known

    def test_computed(self) -> None:
        """What is computed of plain numbers is plain."""
        five, third = ends.number(5), ends.number(Fraction(1, 3))
        assert Fraction(16, 3) == ends.added([five, third]).known
        assert Fraction(5, 3) == ends.times(five, third).known
        assert 5 == ends.divided(five, ends.number(1)).known
        assert Fraction(5, 3) == ends.divided(five, ends.number(3)).known
        assert Fraction(1, 3) == ends.smallest([five, third], endless_is_low=True).known
        assert -5 == ends.negated(five).known

    def test_nothing_is_0(self) -> None:
        """0 times anything is 0, also of what is infinite."""
        assert 0 == ends.scaled(ENDLESS, 0).known
        assert 0 == ends.times(ENDLESS, ends.number(0)).known

    def test_common_step(self) -> None:
        """The common step is the largest that goes into all."""
        assert Fraction(1, 6) == ends.common_step([A, B])
        assert HALF == ends.common_step([A, C, ends.number(0)])
        assert 1 == ends.common_step([ends.number(0)])


class TestComputed:
    """What an engine makes of it, in every row."""

    def test_added(self) -> None:
        """Sums of different steps are exact."""
        assert [x + y for x, y in zip(HALVES, THIRDS, strict=True)] == values(ends.added([A, B]))

    def test_over_a_column(self) -> None:
        """What is divided by a column stays a fraction, and can be computed with."""
        over = ends.divided(A, C)  # which is taken to be 1 where it is 0
        wanted = [x / (y or 1) for x, y in zip(HALVES, ROWS["b"], strict=True)]
        assert wanted == values(over)
        assert [x + y for x, y in zip(wanted, THIRDS, strict=True)] == values(ends.added([over, B]))
        assert [min(x, y) for x, y in zip(wanted, THIRDS, strict=True)] == values(
            ends.smallest([over, B], endless_is_low=True)
        )
        assert [x >= y for x, y in zip(wanted, THIRDS, strict=True)] == flags(ends.reaches(over, B))
        either = [x if p else y for x, y, p in zip(wanted, THIRDS, ROWS["p"], strict=True)]
        assert either == values(ends.choose(P, over, B))

    @pytest.mark.parametrize(
        ("way", "wanted"),
        [
            ("half_up", [-5, -1, 0, 3, 5]),
            ("down", [-5, -2, 0, 2, 5]),
            ("up", [-5, -1, 0, 3, 5]),
        ],
    )
    def test_rounded(self, way: Rounding, wanted: list[int]) -> None:
        """Halves are rounded up on both sides of 0, whatever an engine's `round` does."""
        assert wanted == values(ends.rounded(A, Fraction(1), way))

    def test_compared_without_dividing(self) -> None:
        """A comparison is multiplied out: thirds and halves are compared exactly."""
        assert [x >= y for x, y in zip(HALVES, THIRDS, strict=True)] == flags(ends.reaches(A, B))


class TestEndless:
    """Ends that are infinite in some rows."""

    def test_added(self) -> None:
        """A sum with an infinite part is infinite."""
        assert [None, HALVES[1], None, HALVES[3], None] == values(ends.added([A, ENDLESS]))

    def test_smallest(self) -> None:
        """An infinite low end is the smallest; an infinite high end never is."""
        low = ends.smallest([A, ENDLESS], endless_is_low=True)
        high = ends.smallest([A, ENDLESS], endless_is_low=False)
        assert [None, HALVES[1], None, 0, None] == values(low)
        assert [HALVES[0], HALVES[1], 0, 0, HALVES[4]] == values(high)

    def test_largest(self) -> None:
        """An infinite high end is the largest; an infinite low end never is."""
        high = ends.largest([A, ENDLESS], endless_is_low=False)
        low = ends.largest([A, ENDLESS], endless_is_low=True)
        assert [None, 0, None, HALVES[3], None] == values(high)
        assert [HALVES[0], 0, 0, HALVES[3], HALVES[4]] == values(low)

    def test_divided(self) -> None:
        """Over what is infinite nothing is left."""
        over = End(Fraction(1), always(2), endless=P)
        assert [0, HALVES[1] / 2, 0, HALVES[3] / 2, 0] == values(ends.divided(A, over))

    def test_multiplied(self) -> None:
        """An infinite number times one that varies is left to Python."""
        with pytest.raises(NotInColumnsError):
            ends.times(A, ENDLESS)

    def test_pinned(self) -> None:
        """What is infinite is never one value."""
        high = End(Fraction(1), always(0))
        assert [False, True, False, True, False] == flags(ends.pinned(ENDLESS, high))
        assert False is ends.pinned(evolve(ENDLESS, endless=True), high)
