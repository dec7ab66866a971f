"""Whether a truth can hold at all, settled for flags, words and numbers together."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.algebra import (
    Certain,
    Choose,
    Constant,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Negation,
    Note,
    Numbers,
    Opaque,
    Sum,
    Truth,
    Within,
    possible,
)
from studioflow.text import Message, Text

MEMBERS = FactNumber("members", low=0, high=5)
TALKS = FactNumber("talks", low=0, high=5)
SAFE, OPEN = FactFlag("safe"), FactFlag("open")
WORDS = frozenset({"county", "city", "school"})
COUNTY = FactIs("level", frozenset({"county"}), WORDS)
CITY = FactIs("level", frozenset({"city"}), WORDS)


def _square(numbers: Sequence[int | Fraction], *_: object) -> tuple[Fraction, tuple[()]]:
    return Fraction(numbers[0]) ** 2, ()


SQUARE = Opaque(_square, (MEMBERS,), low=0, high=25)
REFUSAL = Note(Message("outside", Text("不可", "not valid")))
BANDED = Within(MEMBERS, low=3, high=4, refusal=REFUSAL)


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        (Certain(value=True), True),
        (Certain(value=False), False),
        (MEMBERS >= 5, True),
        (MEMBERS >= 6, False),
        ((MEMBERS >= 3) & (MEMBERS <= 2), False),
        ((MEMBERS >= 3) & (MEMBERS <= 3), True),
        ((MEMBERS + TALKS) >= 11, False),
        (SAFE & Negation(SAFE), False),
        (SAFE & Negation(OPEN), True),
        ((SAFE | (MEMBERS >= 6)) & Negation(SAFE), False),
        (COUNTY & CITY, False),
        (Negation(COUNTY) & Negation(CITY), True),
        (Choose(SAFE, MEMBERS, Constant(0)) >= 1, True),
        ((Choose(SAFE, MEMBERS, Constant(0)) >= 1) & Negation(SAFE), False),
        (BANDED >= 5, False),
        (BANDED >= 4, True),
        (SQUARE >= 26, False),
    ],
)
def test_certain(truth: Truth, *, expected: bool) -> None:
    """What can be told is the same whatever is said where it can not."""
    assert (expected, expected) == (possible(truth), possible(truth, unsure=False))


@pytest.mark.parametrize(
    "truth",
    [
        (SQUARE >= 20),
        (MEMBERS * TALKS) >= 20,
        (MEMBERS >= TALKS) & (TALKS >= MEMBERS + 1),
    ],
)
def test_unsure(truth: Truth) -> None:
    """Where numbers matter only together, or Python computes one, the caller says what it is."""
    assert (True, False) == (possible(truth), possible(truth, unsure=False))


def test_too_many_cases() -> None:
    """A question with very many answers is not tried to the end: no sum of twos is odd."""
    twos = [Choose(FactFlag(f"f{n}"), Constant(2), Constant(0)) for n in range(20)]
    odd = Sum(tuple(twos)).equals(19)

    assert (True, False) == (possible(odd), possible(odd, unsure=False))


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        (SAFE, False),
        (Negation(SAFE), False),
        (SAFE | OPEN, True),
        (SAFE & (MEMBERS >= 3), False),
        (SAFE | (MEMBERS >= 3), True),
        (SAFE | (MEMBERS >= 6), False),
    ],
)
def test_never_known(truth: Truth, *, expected: bool) -> None:
    """What hangs on a flag that is never known never comes to hold."""
    assert expected is possible(truth, {"safe"})


def test_a_number_never_known() -> None:
    """Nor does what hangs on such a number alone."""
    assert not possible(MEMBERS >= 3, {"members"})


def truths() -> st.SearchStrategy[Truth]:
    """Return truths over two small numbers, a flag and a choice."""
    number = st.sampled_from([MEMBERS, TALKS, MEMBERS + TALKS, MEMBERS * 2])
    bound = st.integers(-1, 11)
    leaf = st.one_of(
        st.builds(lambda a, b: a >= b, number, bound),
        st.builds(lambda a, b: a <= b, number, bound),
        st.sampled_from([SAFE, OPEN, COUNTY, CITY]),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda a, b: a & b, inner, inner),
            st.builds(lambda a, b: a | b, inner, inner),
            st.builds(Negation, inner),
        ),
        max_leaves=8,
    )


@settings(max_examples=40, deadline=None)
@given(truths())
def test_against_every_value(truth: Truth) -> None:
    """It is never called impossible where some whole values of the facts make it hold."""
    decide = Interpreter(Numbers()).truth(truth)
    holds = any(
        decide({"members": m, "talks": t, "safe": s, "open": o, "level": level}, [])
        for m in range(6)
        for t in range(6)
        for s in (True, False)
        for o in (True, False)
        for level in WORDS
    )

    assert possible(truth) or not holds
