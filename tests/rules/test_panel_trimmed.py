"""Panels that leave out the highest and the lowest mark, and those that know of void ones."""

from collections.abc import Sequence
from fractions import Fraction
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.algebra import FactNumber, Interpreter, Range, Ranges, effort, unknown
from studioflow.rules import Panel, Pool
from studioflow.rules.building import MAX_STEPS
from studioflow.rules.panel import MAX_MARKS

OPEN = unknown(FactNumber("c", 2, low=Fraction(0), high=Fraction(10)))

halves = st.integers(0, 20).map(lambda n: Fraction(n, 2))
marks_ = st.lists(halves, min_size=1, max_size=9)


def trimmed(marks: Sequence[Fraction]) -> Fraction:
    """Return the mean without one highest and one lowest mark, by sorting."""
    inner = sorted(marks)[1:-1]
    return sum(inner, Fraction(0)) / len(inner)


class TestTrimmed:
    """The mean without the highest and the lowest."""

    @pytest.mark.parametrize(
        ("marks", "above", "expected"),
        [
            ((0, 8, 10), 2, Fraction(8)),
            ((0, 8), 2, Fraction(4)),
            ((5,), 2, Fraction(5)),
            ((0, 7, 8, 8, 10), 5, Fraction(33, 5)),
            ((0, 7, 8, 8, 10, 10), 5, Fraction(33, 4)),
            ((8, 8, 8), 2, Fraction(8)),
            ((10, 10, 0, 0), 3, Fraction(5)),
        ],
    )
    def test_by_hand(self, marks: tuple[int, ...], above: int, expected: Fraction) -> None:
        """One highest and one lowest go, of more marks than the panel says."""
        panel = Panel(way="trimmed_mean", most=9, trim_above=above)
        assert expected == panel.one([Fraction(mark) for mark in marks])

    @given(marks_, st.integers(2, 9), st.randoms(use_true_random=False))
    def test_sorted(self, marks: list[Fraction], above: int, random: Any) -> None:  # noqa: ANN401 - hypothesis has no public type for it
        """It is what sorting finds, whoever marked first."""
        panel = Panel(way="trimmed_mean", most=9, trim_above=above)
        found = panel.one(marks)

        assert (trimmed(marks) if len(marks) > above else mean(marks)) == found
        assert found == panel.one(random.sample(marks, len(marks)))

    @given(st.lists(halves, min_size=3, max_size=40))
    def test_many(self, marks: list[Fraction]) -> None:
        """A whole committee may mark."""
        assert trimmed(marks) == Panel(way="trimmed_mean", most=40).one(marks)

    def test_the_largest_is_affordable(self) -> None:
        """It is no larger a term than a rule may be, of as many marks as there may be."""
        marks = [FactNumber(str(place)) for place in range(MAX_MARKS)]
        panel = Panel(way="trimmed_mean", most=MAX_MARKS)
        assert effort(panel.number(marks)).steps < MAX_STEPS

    @given(st.lists(halves, min_size=3, max_size=6), st.integers(0, 5))
    def test_open_mark(self, marks: list[Fraction], place: int) -> None:
        """Where one mark is open, the bounds are what the least and the greatest would make."""
        place %= len(marks)
        panel = Panel(way="trimmed_mean", most=9)
        ends = [trimmed([*marks[:place], Fraction(end), *marks[place + 1 :]]) for end in (0, 10)]
        facts = {str(n): Range(int(mark * 2), int(mark * 2)) for n, mark in enumerate(marks)}
        facts[str(place)] = OPEN
        term = panel.number([FactNumber(str(n), 2) for n in range(len(marks))])
        low, high, _ = Interpreter(Ranges()).number(term)(facts, [])

        assert ends == [Fraction(int(end), term.denominator) for end in (low, high)]


class TestVoid:
    """Marks that were cast and are void."""

    @pytest.mark.parametrize(
        ("counts", "expected"), [("valid", Fraction(34, 5)), ("cast", Fraction(8))]
    )
    def test_trimming(self, counts: Any, expected: Fraction) -> None:  # noqa: ANN401 - a word
        """Five valid of six cast: more than five, or not."""
        panel = Panel(way="trimmed_mean", most=9, trim_above=5, counts=counts)
        marks = Pool([Fraction(mark) for mark in (0, 7, 8, 9, 10)], void=["a"])

        assert expected == panel.one(marks)

    def test_nothing_would_be_left(self) -> None:
        """Of two valid marks none is dropped, however many were cast."""
        panel = Panel(way="trimmed_mean", most=9, trim_above=5, counts="cast")
        assert Fraction(9) == panel.one(Pool([Fraction(8), Fraction(10)], void="aaaaa"))

    @pytest.mark.parametrize(("counts", "waits"), [("valid", True), ("cast", False)])
    def test_least(self, counts: Any, waits: object) -> None:  # noqa: ANN401 - a word
        """Whether there are enough is asked of the valid marks, or of all that were cast."""
        panel = Panel(way="mean", least=3, most=9, counts=counts)
        assert waits is panel.waits(Pool([Fraction(8), Fraction(10)], void="a"))
