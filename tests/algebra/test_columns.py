"""Columns say of every row what ranges say of it, on each engine, however large the numbers are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.algebra import (
    AtLeast,
    Choose,
    Constant,
    FactNumber,
    Largest,
    Number,
    Product,
    Quotient,
    Rounded,
    Smallest,
    Sum,
    Truth,
)
from studioflow.algebra.cases import by_cases
from studioflow.algebra.cells import NotInColumnsError
from studioflow.algebra.columns import number_column, truth_column
from tests.algebra.in_columns import (
    ENGINES,
    Facts,
    Row,
    maybe_rows,
    number_rows,
    range_rows,
    truth_rows,
)
from tests.algebra.test_properties import FLAGS, NUMBERS, WORDS, any_number, any_truth, partial

SMALL = Facts(
    {
        name: (int(fact.low * fact.denominator), int(fact.high * fact.denominator))
        for name, fact in NUMBERS.items()
    },
    FLAGS,
    {"w": WORDS},
)
WAYS = ("half_up", "down", "up")
STEPS = [Fraction(1), Fraction(1, 2), Fraction(3, 2), Fraction(5)]

any_settings = settings(
    deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
some, few = settings(any_settings, max_examples=60), settings(any_settings, max_examples=10)
many = settings(any_settings, max_examples=120)
cohort = st.lists(partial, min_size=1, max_size=12)


# --- terms --------------------------------------------------------------------------------------


@st.composite
def divided(draw: st.DrawFn) -> Number:
    """Draw a number of which parts are divided or rounded."""
    parts = [draw(any_number) for _ in range(draw(st.integers(1, 3)))]
    for place, part in enumerate(parts):
        made = part
        if draw(st.booleans()):
            made = Quotient(made, draw(any_number))
        if draw(st.booleans()):
            made = Rounded(made, draw(st.sampled_from(STEPS)), draw(st.sampled_from(WAYS)))
        parts[place] = made
    match draw(st.sampled_from(["sum", "smallest", "largest", "choose", "first"])):
        case "sum":
            return Sum(tuple(parts))
        case "smallest":
            return Smallest(tuple(parts))
        case "largest":
            return Largest(tuple(parts))
        case "choose":
            return Choose(AtLeast(parts[0], parts[-1]), parts[0], parts[-1])
        case _:
            return parts[0]


# --- small numbers ------------------------------------------------------------------------------


def check_number(engine: str, term: Number, rows: Sequence[Row]) -> None:
    """The columns of a number say what its ranges say, by cases or not."""
    wanted = range_rows(SMALL, rows, term)
    made = number_column(term, SMALL.given)
    assert wanted == number_rows(ENGINES[engine], SMALL, rows, made)
    assert wanted == number_rows(
        ENGINES[engine], SMALL, rows, by_cases(term, SMALL.given, SMALL.cases)
    )


def check_truth(engine: str, term: Truth, rows: Sequence[Row]) -> None:
    """The columns of a truth say what the second interpretation says."""
    made = truth_column(term, SMALL.given)
    assert maybe_rows(SMALL, rows, term) == truth_rows(ENGINES[engine], SMALL, rows, made)


class TestOnPolars:
    """Terms at random, with columns of Polars."""

    def test_nothing_of_what_is_not_known(self) -> None:
        """0 times a number that is missing is certain."""
        check_number("polars", Product(NUMBERS["a"], Constant(Fraction(0))), [{}, {"a": 2}])

    @some
    @given(term=any_number, rows=cohort)
    def test_numbers(self, term: Number, rows: Sequence[Row]) -> None:
        """Low, high, what is certain and what is refused are the same in every row."""
        check_number("polars", term, rows)

    @some
    @given(term=divided(), rows=cohort)
    def test_fractions(self, term: Number, rows: Sequence[Row]) -> None:
        """What is divided stays exact, and is rounded as ranges round it."""
        check_number("polars", term, rows)

    @some
    @given(term=any_truth, rows=cohort)
    def test_truths(self, term: Truth, rows: Sequence[Row]) -> None:
        """What holds, what does not and what is not decided are the same in every row."""
        check_truth("polars", term, rows)


class TestOnDuckDB:
    """The same with columns of DuckDB."""

    @few
    @given(term=any_number, rows=cohort)
    def test_numbers(self, term: Number, rows: Sequence[Row]) -> None:
        """Low, high, what is certain and what is refused are the same in every row."""
        check_number("duckdb", term, rows)

    @few
    @given(term=divided(), rows=cohort)
    def test_fractions(self, term: Number, rows: Sequence[Row]) -> None:
        """What is divided stays exact, and is rounded as ranges round it."""
        check_number("duckdb", term, rows)

    @few
    @given(term=any_truth, rows=cohort)
    def test_truths(self, term: Truth, rows: Sequence[Row]) -> None:
        """What holds, what does not and what is not decided are the same in every row."""
        check_truth("duckdb", term, rows)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@many
@given(number=any_number, fraction=divided(), truth=any_truth, rows=cohort)
def test_at_length(
    engine: str, number: Number, fraction: Number, truth: Truth, rows: Sequence[Row]
) -> None:
    """The same of many more terms."""
    check_number(engine, number, rows)
    check_number(engine, fraction, rows)
    check_truth(engine, truth, rows)


# --- large numbers ------------------------------------------------------------------------------

EDGES = sorted(
    {
        sign * (2**bits + by)
        for bits in (7, 15, 31, 53, 62, 63)
        for by in (-1, 0, 1)
        for sign in (1, -1)
    }
    | {0, 1, -1, 3}
)
edge = st.sampled_from(EDGES)
NAMES = ("x", "y", "z")


@st.composite
def wide_terms(draw: st.DrawFn) -> tuple[Facts, Number]:
    """Draw a term over numbers whose bounds lie about the ends of what a width can hold."""
    ends = st.sampled_from([end for end in EDGES if abs(end) < 2**63])  # what a column can hold
    bounds = {name: sorted((draw(ends), draw(ends))) for name in NAMES}
    facts = {
        name: FactNumber(name, low=Fraction(low), high=Fraction(high))
        for name, (low, high) in bounds.items()
    }
    return Facts.of(*facts.values()), draw(_wide(list(facts.values()), 2))


@st.composite
def _wide(draw: st.DrawFn, leaves: list[Number], depth: int) -> Number:
    if not depth:
        return draw(st.sampled_from([*leaves, Constant(Fraction(draw(edge)))]))
    parts = [draw(_wide(leaves, depth - 1)) for _ in range(3)]
    match draw(
        st.sampled_from(["sum", "product", "smallest", "largest", "choose", "over", "round"])
    ):
        case "sum":
            return Sum(tuple(parts))
        case "product":
            return Product(parts[0], parts[1])
        case "smallest":
            return Smallest(tuple(parts))
        case "largest":
            return Largest(tuple(parts))
        case "choose":
            return Choose(AtLeast(parts[0], parts[1]), parts[2], parts[0])
        case "over":
            return Quotient(parts[0], parts[1])
        case _:
            return Rounded(parts[0], draw(st.sampled_from(STEPS)), draw(st.sampled_from(WAYS)))


def check_wide(engine: str, facts: Facts, term: Number, draw: Any) -> bool:  # noqa: ANN401
    """The columns say what ranges say, or refuse to; return whether they say it."""
    rows = [
        {name: draw(st.sampled_from([*bounds, None])) for name, bounds in facts.numbers.items()}
        for _ in range(6)
    ]
    try:
        found = number_rows(ENGINES[engine], facts, rows, number_column(term, facts.given))
    except NotInColumnsError:
        return False
    split = by_cases(term, facts.given, facts.cases)
    assert found == range_rows(facts, rows, term)
    assert found == number_rows(ENGINES[engine], facts, rows, split)
    return True


class TestWidths:
    """Numbers near the ends of what 8, 16, 32 and 64 bits hold."""

    def test_polars(self) -> None:
        """Polars, which would wrap around, says what ranges say, or is never asked."""
        said: list[bool] = []

        @settings(any_settings, max_examples=200)
        @given(wide=wide_terms(), data=st.data())
        def check(wide: tuple[Facts, Number], data: st.DataObject) -> None:
            said.append(check_wide("polars", *wide, data.draw))

        check()
        assert 0.15 * len(said) < sum(said) < len(said)

    @few
    @given(wide=wide_terms(), data=st.data())
    def test_duckdb(self, wide: tuple[Facts, Number], data: st.DataObject) -> None:
        """DuckDB, which would stop, does not."""
        check_wide("duckdb", *wide, data.draw)

    @pytest.mark.slow
    @pytest.mark.parametrize("engine", ENGINES)
    @many
    @given(wide=wide_terms(), data=st.data())
    def test_at_length(self, engine: str, wide: tuple[Facts, Number], data: st.DataObject) -> None:
        """The same of many more terms."""
        check_wide(engine, *wide, data.draw)
