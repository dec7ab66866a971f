"""The short way to check facts: what it takes is right, and the long way takes it just so."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.rules import Fact, PlainFacts, Pool, SoFar, known
from studioflow.rules.panel import Panel
from studioflow.text import Text

LABEL = Text("样例", "sample")
UNIT = Text("个", "pieces")


def count(name: str, **keys: object) -> Fact:
    """Return a count."""
    return Fact(name=name, type="count", label=LABEL, unit=UNIT, **keys)  # type: ignore[arg-type]


def of(*facts: Fact) -> dict[str, Fact]:
    """Return facts by name."""
    return {fact.name: fact for fact in facts}


FACTS = of(
    Fact(name="flag", type="flag", label=LABEL),
    Fact(name="word", type="choice", label=LABEL, values={"a": LABEL, "b": LABEL}),
    Fact(name="day", type="date", label=LABEL),
    Fact(name="half", type="number", label=LABEL, unit=UNIT, step=Fraction(1, 2), high=Fraction(9)),
    Fact(name="even", type="number", label=LABEL, unit=UNIT, step=Fraction(2), high=Fraction(8)),
    Fact(
        name="mark",
        type="mark",
        label=LABEL,
        step=Fraction(1),
        high=Fraction(9),
        supplied_by=("judge",),
        panel=Panel(way="mean", most=3),
    ),
    count("open_end", low=None),
    count("all", high=Fraction(9)),
    count("some", high=Fraction(9), at_most="all"),
    count("few", high=Fraction(9), at_most="some"),
)
ODD: list[object] = [
    *(None, True, False, 0, 1, 2, 3, 9, 10, -1, 10**15, 1.0, Decimal("0.5"), Decimal("NaN")),
    *(Fraction(1, 2), Fraction(1, 3), "a", "b", "c", "2023-03-31", [], SoFar(1)),
    *(Pool([Fraction(1)]), Pool([Fraction(1), Fraction(2)])),
]


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(ODD) for name in FACTS}))
def test_what_it_takes_is_right(values: dict[str, object]) -> None:
    """What the short way takes, the long way takes without a problem, and as the same units."""
    units = PlainFacts(FACTS).units(values)
    if units is not None:
        found = known(FACTS, values)
        assert found.units == units
        assert [*map(type, found.units.values())] == [type(units[name]) for name in found.units]


@pytest.mark.parametrize(
    ("name", "value", "units"),
    [
        ("flag", False, False),
        ("word", "b", "b"),
        ("half", 3, 6),
        ("half", Decimal("2.5"), 5),
        ("even", 4, 4),
        ("mark", 2, 12),
        ("all", 9, 9),
        ("open_end", -4, -4),
        ("day", "0001-01-02", 2),
    ],
)
def test_what_it_takes(name: str, value: object, units: object) -> None:
    """A value that fits is taken, in units of its fact; None is left out."""
    assert {name: units} == PlainFacts(FACTS).units({name: value, "few": None})


@pytest.mark.parametrize(
    "values",
    [
        {"flag": 1},
        {"word": "c"},
        {"half": Fraction(1, 3)},
        {"even": 3},
        {"mark": 10},
        {"mark": Pool([Fraction(1)])},
        {"all": True},
        {"unknown": 1},
        {"some": 3, "all": 2},
        {"few": 3, "all": 2},
    ],
)
def test_what_it_leaves_to_the_long_way(values: dict[str, object]) -> None:
    """What is wrong, or more than a plain value, is left to the long way."""
    assert PlainFacts(FACTS).units(values) is None


@pytest.mark.parametrize(
    "whole",
    [
        count("whole", high=Fraction(5)),
        count("whole", low=Fraction(3)),
    ],
)
def test_parts_that_may_not_fit(whole: Fact) -> None:
    """A part that may not fit its whole while that is open is left to the long way."""
    part = count("part", low=Fraction(4), high=Fraction(9), at_most="whole")
    assert PlainFacts(of(part, whole)).units({"part": 5}) is None
