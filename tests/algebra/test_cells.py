"""Columns of whole numbers and truths: as narrow as their bounds, folded where they are plain."""

# ruff: noqa: FBT003 - a truth is what stands in the node

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product as every_pair

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from studioflow.algebra.flags import Flag, as_node, both, either, not_, picked
from studioflow.algebra.graph import node
from studioflow.cohort.columns.plan import Plan

A, B = node("column", "a"), node("column", "b")
P, Q = node("column", "p"), node("column", "q")
SMALL, OTHER = Cell.of(A, 0, 100), Cell.of(B, -100, 27)
VALUES = {"a": [0, 1, 50, 99, 100], "b": [-100, -1, 0, 3, 27]}


def values(cell: Cell) -> list[int]:
    """Return what Polars makes of a cell, for all pairs of values."""
    pairs = [*every_pair(*VALUES.values())]
    frame = pl.DataFrame(pairs, schema=dict.fromkeys(VALUES, pl.Int64), orient="row")
    found: list[int] = Plan(pl, {"x": cell.in_bits(64)}).of(frame.lazy()).collect()["x"].to_list()
    assert all(cell.least <= value <= cell.most for value in found)
    return found


def each(of: Callable[[int, int], int]) -> list[int]:
    """Return what Python makes of the same pairs."""
    return [of(a, b) for a, b in every_pair(*VALUES.values())]


class TestFlags:
    """Truths that are folded while they are made."""

    @pytest.mark.parametrize(
        ("expected", "flag"),
        [
            (True, both()),
            (False, either()),
            (P, both(True, P)),
            (False, both(P, False)),
            (P, either(P, False)),
            (True, either(P, True)),
            (P, both(P, P)),
            (False, both(P, not_(P))),
            (True, either(Q, P, not_(P))),
            (P, not_(not_(P))),
            (P, picked(Q, P, P)),
            (P, picked(True, P, Q)),
            (both(P, Q), both(Q, P)),
            (either(P, Q, True) is True, True),
        ],
    )
    def test_folded(self, expected: Flag, flag: Flag) -> None:
        """What is certain is plain, and what says the same is the same node."""
        assert expected is flag

    def test_as_node(self) -> None:
        """A plain truth can be a column, too."""
        assert node("literal", True, 1) is as_node(flag=True)
        assert P is as_node(P)


class TestWidth:
    """No column is wider than its bounds ask for."""

    @pytest.mark.parametrize(
        ("bits", "least", "most"),
        [
            (8, -127, 127),
            (16, 0, 128),
            (16, -128, 0),
            (16, -32767, 32767),
            (32, 0, 32768),
            (32, -(2**31) + 1, 2**31 - 1),
            (64, 0, 2**31),
            (64, -(2**63) + 1, 2**63 - 1),
        ],
    )
    def test_narrowest(self, bits: int, least: int, most: int) -> None:
        """The width is the least that holds the bounds."""
        assert bits == Cell.of(A, least, most).bits

    @pytest.mark.parametrize("ends", [(0, 2**63), (-(2**63), 0)])
    def test_none(self, ends: tuple[int, int]) -> None:
        """What is beyond 64 bits is refused."""
        with pytest.raises(NotInColumnsError):
            Cell.of(A, *ends)

    def test_one_value(self) -> None:
        """A column of one value is none."""
        assert Cell.of(A, 3, 3).column is None

    @pytest.mark.parametrize("value", [200, 70_000, 2**40])
    def test_plain_number(self, value: int) -> None:
        """A plain number is as wide as it needs, whatever is asked for."""
        assert always(value).in_bits(8) is always(value).as_node

    def test_plain_number_too_large(self) -> None:
        """So is one that no width holds refused."""
        with pytest.raises(NotInColumnsError):
            always(2**63).in_bits(64)

    @pytest.mark.parametrize(
        ("bits", "make"),
        [
            (16, lambda: total([SMALL, SMALL])),
            (8, lambda: total([SMALL, always(27)])),
            (16, lambda: total([SMALL, always(28)])),
            (16, lambda: product(SMALL, OTHER)),
            (16, lambda: product(SMALL, always(-2))),
            (8, lambda: lowest([SMALL, OTHER])),
            (8, lambda: highest([SMALL, always(60)])),
            (16, lambda: select(P, SMALL, always(128))),
        ],
    )
    def test_of_what_is_computed(self, bits: int, make: Callable[[], Cell]) -> None:
        """What is computed is as wide as its bounds, and wide enough on the way."""
        assert bits == make().bits

    @pytest.mark.parametrize(
        "make", [lambda cell: total([cell, cell]), lambda cell: product(cell, always(2))]
    )
    def test_too_wide(self, make: Callable[[Cell], Cell]) -> None:
        """An operation that could overflow 64 bits is refused while it is made."""
        with pytest.raises(NotInColumnsError):
            make(Cell.of(A, 0, 2**62))

    def test_on_the_way(self) -> None:
        """A sum whose parts lie further out than itself is not computed in its own width."""
        large = Cell.of(A, 0, 2**62)
        with pytest.raises(NotInColumnsError):
            total([large, Cell.of(B, 0, 2**62), always(-(2**63) + 1)])


class TestFolded:
    """What needs no column."""

    @pytest.mark.parametrize(
        ("expected", "cell"),
        [
            (0, total([])),
            (5, total([always(2), always(3)])),
            (0, product(SMALL, always(0))),
            (7, lowest([always(7), Cell.of(A, 7, 9)])),
            (100, highest([SMALL, always(100)])),
            (-3, floored(always(-5), always(2))),
            (4, select(P, always(4), always(4))),
        ],
    )
    def test_plain(self, expected: int, cell: Cell) -> None:
        """Plain numbers are computed at once."""
        assert (None, expected, expected) == (cell.column, cell.least, cell.most)

    @pytest.mark.parametrize(
        "cell",
        [
            total([SMALL, always(0)]),
            product(SMALL, always(1)),
            lowest([SMALL, always(100)]),
            lowest([SMALL, SMALL]),
            highest([SMALL, always(0)]),
            highest([SMALL, always(-1)]),
            select(True, SMALL, OTHER),
            select(P, SMALL, SMALL),
            select(at_least(SMALL, always(1)), SMALL, always(0)),
        ],
    )
    def test_itself(self, cell: Cell) -> None:
        """What changes nothing is left out."""
        assert SMALL.column is cell.column

    @pytest.mark.parametrize(
        ("expected", "flag"),
        [
            (True, at_least(SMALL, always(0))),
            (True, at_least(SMALL, SMALL)),
            (False, at_least(SMALL, always(101))),
            (True, at_least(always(27), OTHER)),
        ],
    )
    def test_compared(self, expected: object, flag: Flag) -> None:
        """A comparison that the bounds settle is plain."""
        assert expected is flag


class TestComputed:
    """What an engine makes of it."""

    @pytest.mark.parametrize(
        ("expected", "cell"),
        [
            (each(lambda a, b: a + b + 200), total([SMALL, OTHER, always(200)])),
            (each(lambda a, b: a * b), product(SMALL, OTHER)),
            (each(lambda a, b: max(20, a, b)), highest([SMALL, OTHER, always(20)])),
            (each(lambda a, b: min(a, b, 20)), lowest([SMALL, OTHER, always(20)])),
            (each(lambda a, b: b // (a or 1)), floored(OTHER, highest([SMALL, always(1)]))),
            (each(lambda _, b: b // 7), floored(OTHER, always(7))),
            (each(max), select(at_least(SMALL, OTHER), SMALL, OTHER)),
            (
                each(lambda a, b: 9 if b <= 3 else a),
                select(at_least(always(3), OTHER), always(9), SMALL),
            ),
        ],
    )
    def test_as_python_does(self, expected: Sequence[int], cell: Cell) -> None:
        """Each operation gives what Python gives, within the bounds that it says."""
        assert expected == values(cell)

    def test_never_divided_as_floats(self) -> None:
        """What no float holds exactly is not divided."""
        with pytest.raises(NotInColumnsError):
            floored(Cell.of(A, 0, 2**53), always(3))

    @settings(deadline=None, max_examples=60, derandomize=True)
    @given(st.integers(-(2**31), 2**51), st.integers(1, 2**20))
    def test_floored_at_any_size(self, value: int, divisor: int) -> None:
        """A quotient is rounded down, also below 0, as long as floats hold what is divided."""
        made = floored(Cell.of(A, min(value, 0), max(value, 1)), Cell.of(B, 1, divisor + 1))
        frame = pl.DataFrame({"a": [value], "b": [divisor]})
        out = Plan(pl, {"x": made.in_bits(64)}).of(frame.lazy()).collect()
        assert value // divisor == out["x"][0]
