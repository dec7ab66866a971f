"""Columns as narrow arrays: they say what whole numbers say, also where they wrap on the way."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studioflow.lab.sweeping.arrays import Arrays, Flags, Units, column_of
from studioflow.lab.sweeping.columns import Column, narrow

NUMBERS = st.one_of(
    st.integers(-9, 9),
    st.sampled_from([-(2**31), -(2**15), 2**15 - 1, 2**15, 2**31 - 1]),
    st.integers(-(2**40), 2**40),
)
ROWS = 3
LISTS = st.lists(NUMBERS, min_size=ROWS, max_size=ROWS)
MASKS = st.lists(st.booleans(), min_size=ROWS, max_size=ROWS)
ALGEBRA = Arrays({}, {})


def units(said: list[int] | int) -> Units:
    """Return a column, or one number for all."""
    if isinstance(said, int):
        return Units(said, said, said)
    return column_of(np.array(said, dtype=np.int64), min(said), max(said))


def rows(found: Units) -> list[int]:
    """Return what a column says of each studio, within its bounds."""
    values = np.broadcast_to(np.asarray(found.values), ROWS).tolist()
    assert found.low <= min(values)
    assert max(values) <= found.high
    return [int(value) for value in values]


def spread(said: list[int] | int) -> list[int]:
    """Return one number for each studio."""
    return [said] * ROWS if isinstance(said, int) else said


@given(MASKS, LISTS | NUMBERS, LISTS | NUMBERS)
def test_choosing(mask: list[bool], then: list[int] | int, otherwise: list[int] | int) -> None:
    """Of two numbers each studio has the one that its condition says."""
    found = ALGEBRA.choose(Flags(np.array(mask)), units(then), units(otherwise))
    pairs = zip(mask, spread(then), spread(otherwise), strict=True)
    assert rows(found) == [one if holds else other for holds, one, other in pairs]


@given(st.lists(LISTS | NUMBERS, min_size=1, max_size=4))
def test_adding(parts: list[list[int] | int]) -> None:
    """A sum is what the numbers of each studio come to."""
    found = ALGEBRA.add([units(each) for each in parts])
    assert rows(found) == [sum(each) for each in zip(*map(spread, parts), strict=True)]


@given(st.lists(LISTS | NUMBERS, min_size=1, max_size=4))
def test_bounding(parts: list[list[int] | int]) -> None:
    """The smallest and the largest are those of each studio."""
    both: list[tuple[Units, Callable[..., int]]] = [
        (ALGEBRA.smallest([units(each) for each in parts]), min),
        (ALGEBRA.largest([units(each) for each in parts]), max),
    ]
    for found, of in both:
        assert rows(found) == [of(each) for each in zip(*map(spread, parts), strict=True)]


@given(LISTS, st.sampled_from([1, 2, 4, 2520]), MASKS, st.integers(1, 6))
def test_narrowing(values: list[int], unit: int, refused: list[bool], finer: int) -> None:
    """A narrowed column says the same, in its unit and in finer ones, and where it is refused."""
    number = Units(np.array(values), min(values), max(values), np.array(refused))
    column = Column(0, *narrow(number, unit, ROWS))
    assert unit % column.denominator == 0
    wanted = [Fraction(value, unit) for value in values]
    fine = column.denominator * finer
    assert wanted == [Fraction(value, fine) for value in rows(column.counting(fine))]
    kept = column.units.refused
    assert (kept is None) == (not any(refused))
    assert kept is None or refused == kept.tolist()
