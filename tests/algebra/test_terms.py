"""Terms are data: operators build them, and they know the denominator of their values."""

from decimal import Decimal
from fractions import Fraction

import pytest

from studioflow.algebra import (
    All,
    AtLeast,
    Choose,
    Constant,
    FactFlag,
    FactNumber,
    Interpreter,
    Negation,
    Note,
    Number,
    Numbers,
    SomeOf,
    Sum,
    Term,
    Truth,
    Within,
    as_number,
    clip,
    count_of,
)
from studioflow.text import message

REFUSED = message("terms_refused", zh="不可", en="refused")
half = FactNumber("half", 2)
third = FactNumber("third", 3)


def value(term: Number, **facts: int) -> Fraction:
    """Return the exact value of a number."""
    return Fraction(Interpreter(Numbers()).number(term)(facts, []), term.denominator)


def holds(term: Truth, **facts: int | bool) -> bool:
    """Return whether a truth holds."""
    return Interpreter(Numbers()).truth(term)(facts, [])


@pytest.mark.parametrize("literal", [2, Fraction(1, 2), Decimal("0.5")])
def test_literals_are_exact(literal: int | Fraction | Decimal) -> None:
    """A literal becomes a constant of the same value."""
    constant = as_number(literal)
    assert isinstance(constant, Constant)
    assert Fraction(literal) == constant.value


def test_arithmetic() -> None:
    """Numbers of different denominators are added, subtracted and multiplied exactly."""
    facts = {"half": 1, "third": 1}
    assert Fraction(5, 6) == value(half + third, **facts)
    assert Fraction(1, 6) == value(half - third, **facts)
    assert Fraction(1, 6) == value(half * third, **facts)
    assert 0 == value(Sum(()))


@pytest.mark.parametrize(("halves", "expected"), [(1, "<="), (2, ">= <= =="), (3, ">=")])
def test_comparisons(halves: int, expected: str) -> None:
    """Every comparison comes from one, and the bound is included in those that say so."""
    comparisons = {">=": half >= 1, "<=": half <= 1, "==": half.equals(1)}
    assert expected.split() == [name for name, t in comparisons.items() if holds(t, half=halves)]
    assert (halves > 2) == holds(half > 1, half=halves)
    assert (halves < 2) == holds(half < 1, half=halves)


def test_connectives() -> None:
    """Truths are joined and turned round by operators."""
    p, q = FactFlag("p"), FactFlag("q")
    assert [All, SomeOf, Negation] == [type(p & q), type(p | q), type(~p)]
    assert holds(~(p & q) & (p | q), p=True, q=False)


def test_clip() -> None:
    """A clipped number is the bound that it passes."""
    assert [1, Fraction(3, 2), 2] == [value(clip(half, 1, 2), half=n) for n in (0, 3, 9)]


def test_count_of() -> None:
    """Truths that hold are counted."""
    assert 1 == value(count_of([FactFlag("p"), FactFlag("q")]), p=True, q=False)
    assert 0 == value(count_of([]))


def test_denominators() -> None:
    """A term's denominator makes all its values whole."""
    note = Note(REFUSED)
    assert 6 == (half + third).denominator
    assert 6 == (half * third).denominator
    assert 6 == Choose(FactFlag("p"), half, third).denominator
    assert 10 == Within(half, low=Decimal("0.2"), high=Fraction(3), refusal=note).denominator


def test_terms_are_compared_by_identity() -> None:
    """Two terms of the same make are not the same term: `==` is no operation of the algebra."""
    assert FactFlag("p") != FactFlag("p")


def test_parts() -> None:
    """A term that is made of nothing has no parts."""
    assert () == tuple(FactFlag("p").parts())
    assert (half, third) == tuple(AtLeast(half, third).parts())


def test_numbers_say_their_denominator() -> None:
    """A kind of number that does not say its denominator is a programmer's mistake."""

    class Unsaid(Number):
        """A number without a denominator."""

    with pytest.raises(NotImplementedError):
        _ = Unsaid().denominator


def test_terms_are_immutable() -> None:
    """Terms are shared, so nothing about them can change."""
    shared: Term = FactFlag("p")
    with pytest.raises(AttributeError):
        shared.name = "q"  # type: ignore[attr-defined] # what the test is about
