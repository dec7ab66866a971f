"""Cases: by what is missing a number is computed in fewer steps, and stays the same."""

from __future__ import annotations

from studioflow.algebra import AtLeast, Choose, Constant, FactNumber, Number, Product, Sum
from studioflow.algebra.cases import by_cases
from studioflow.algebra.columns import NumberColumn, number_column
from studioflow.algebra.graph import in_order
from tests.algebra.in_columns import ENGINES, Facts, Row, number_rows, range_rows

A = FactNumber("a", low=0, high=40)
FACTS = Facts({"a": (0, 40)}, ("p",))
ROWS: list[Row] = [{}, {"a": 3}, {"p": True}, {"p": False, "a": 40}, {"p": True, "a": 0}]
STEPS = Sum(
    (A, Product(A, Constant(-1)), Choose(AtLeast(A, Constant(20)), Product(A, Constant(-1)), A))
)


def size(made: NumberColumn) -> int:
    """Return how many operations the ends of a number take."""
    tops = (made.low.top.column, made.high.top.column)
    return len(in_order(top for top in tops if top is not None))


def check(term: Number) -> tuple[int, int]:
    """Return the sizes without and with cases, which say the same as ranges."""
    plain, split = number_column(term, FACTS.given), by_cases(term, FACTS.given, FACTS.cases)
    wanted = range_rows(FACTS, ROWS, term)
    for made in (plain, split):
        assert wanted == number_rows(ENGINES["polars"], FACTS, ROWS, made)
    return size(plain), size(split)


def test_fewer_steps() -> None:
    """What asks a fact several times is computed in fewer steps once it is settled."""
    plain, split = check(STEPS)
    assert split < plain


def test_never_more() -> None:
    """What is as simple already is left as it is."""
    for term in (A, Sum((A, Constant(3))), Constant(4)):
        plain, split = check(term)
        assert plain == split


def test_without_cases() -> None:
    """Facts of which there are no cases are computed as they are."""
    assert size(number_column(STEPS, FACTS.given)) == size(by_cases(STEPS, FACTS.given, {}))
