"""One fold for all interpretations: it settles exactness, and needs to know no rule."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest
from attrs import evolve

from studioflow.algebra import (
    Annotation,
    Choose,
    ChooseTruth,
    Constant,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Judged,
    Listed,
    Note,
    Number,
    Numbers,
    Opaque,
    Quotient,
    RefusedError,
    Required,
    Rounded,
    Rounding,
    Truth,
    Within,
    largest,
    smallest,
)
from studioflow.text import message

SAID = message("interpretation_said", zh="{number}{truth}{listed}", en="{number}{truth}{listed}")
Noted = Annotation[int, int]


class Counted:
    """A third interpretation, written for this test: how many operations a term takes."""

    def constant(self, value: int) -> int:
        """Take nothing."""
        return 0 * value

    def number(self, fact: FactNumber) -> int:
        """Take nothing."""
        return 0 * fact.denominator

    def add(self, terms: Sequence[int]) -> int:
        """Take one less than there are terms."""
        return sum(terms) + max(0, len(terms) - 1)

    def multiply(self, left: int, right: int) -> int:
        """Take one."""
        return left + right + 1

    smallest = largest = all = some = add

    divide = multiply

    def rounded(self, value: int, times: int, over: int, way: Rounding) -> int:
        """Take one."""
        assert (times, over, way) == (1, 2, "down")
        return value + 1

    def opaque(
        self, term: Opaque, numbers: Sequence[tuple[int, int]], truths: Sequence[int]
    ) -> int:
        """Take what is needed to call it."""
        return sum(taken for taken, _ in numbers) + sum(truths) + len(term.words)

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """Take one, and the longer way."""
        return condition + max(then, otherwise) + 1

    def within(self, value: int, low: int, high: int, refusal: Noted) -> int:
        """Take two, and what is said is free."""
        assert low <= high
        assert refusal.message is SAID
        return value + 2

    def required(self, condition: int, value: int, refusal: Noted) -> int:
        """Take one."""
        assert refusal.message is SAID
        return condition + value + 1

    def explained(self, value: int, note: Noted) -> int:
        """Take what the value takes."""
        assert note.message is SAID
        return value

    def certain(self, *, value: bool) -> int:
        """Take nothing."""
        return 0 * value

    def flag(self, fact: FactFlag) -> int:
        """Take nothing."""
        return 0 * len(fact.name)

    def one_of(self, fact: FactIs) -> int:
        """Take as many as there are words."""
        return len(fact.values)

    def at_least(self, left: int, right: int) -> int:
        """Take one."""
        return left + right + 1

    def choose_truth(self, condition: int, then: int, otherwise: int) -> int:
        """Take one, and the longer way."""
        return condition + max(then, otherwise) + 1

    def negation(self, term: int) -> int:
        """Take one."""
        return term + 1

    def judged(self, term: int, met: Noted | None, unmet: Noted | None) -> int:
        """Take what the truth takes."""
        assert met != unmet
        return term


number = FactNumber("number")
half = FactNumber("half", 2)
flag = FactFlag("flag")
note = Note(SAID, {"number": number, "truth": flag, "listed": Listed((("flag", flag),))})


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (number + number, 1),
        (number + half, 2),  # the coarser one is multiplied first
        (half + 3, 1),  # a constant is not: it is written in the finer units
        (smallest(number, number, number), 2),
        (largest(number, number * number), 2),
        (Choose(flag, number, number + number), 2),
        (Within(number, low=0, high=1, refusal=note), 2),
        (Required(number, flag, note), 1),
        (Explained(number, note), 0),
        (Quotient(number, half), 2),  # brought to the units of the divisor, then divided
        (Rounded(number, Fraction(2), "down"), 2),  # a whole number of steps, then of units
        (Opaque(lambda *_: (Fraction(0), ()), (number + number,), (flag & flag,)), 2),
    ],
)
def test_a_third_interpretation_of_numbers(term: Number, expected: int) -> None:
    """An interpretation of one's own needs the operations, and nothing of the terms."""
    assert expected == Interpreter(Counted()).number(term)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (number >= half, 2),
        (flag & flag & flag, 2),
        (flag | ~flag, 2),
        (Judged(flag, note, None), 0),
        (FactIs("word", frozenset({"a", "b"})), 2),
        (ChooseTruth(flag, flag & flag, flag), 2),
    ],
)
def test_a_third_interpretation_of_truths(term: Truth, expected: int) -> None:
    """Truths are interpreted in the same way."""
    assert expected == Interpreter(Counted()).truth(term)


def test_a_term_that_is_used_twice_is_interpreted_once() -> None:
    """Sharing survives: what is compiled is as large as what was written."""
    seen: Counter[str] = Counter()

    class Watched(Counted):
        """Counts how often a fact is interpreted."""

        def flag(self, fact: FactFlag) -> int:
            """Interpret a fact."""
            seen[fact.name] += 1
            return super().flag(fact)

    interpreter = Interpreter(Watched())
    shared = flag & flag
    interpreter.truth(shared | shared)
    interpreter.number(Choose(shared, number, number))
    assert Counter({"flag": 1}) == seen


def test_a_term_that_is_none_of_the_algebra() -> None:
    """A kind of term that no interpretation knows is a programmer's mistake."""

    class OtherNumber(Number):
        """Not among the kinds of number."""

        denominator = 1

    class OtherTruth(Truth):
        """Not among the kinds of truth."""

    with pytest.raises(TypeError):
        Interpreter(Numbers()).number(OtherNumber())
    with pytest.raises(TypeError):
        Interpreter(Numbers()).truth(OtherTruth())


def test_a_wrong_denominator_is_noticed() -> None:
    """A term whose denominator does not fit its value is an error, and no wrong number."""

    class Wrong(Constant):
        """Says a denominator that is not its value's."""

        denominator = 1

    with pytest.raises(ArithmeticError, match="1/2 is not whole"):
        Interpreter(Numbers()).number(Wrong(Fraction(1, 2)))


def test_missing_facts_are_not_made_up() -> None:
    """Numbers need every fact: one that is missing is an error, and never 0."""
    with pytest.raises(KeyError, match="number"):
        Interpreter(Numbers()).number(number)({}, [])


def test_refusals_carry_their_remark() -> None:
    """What is not valid is refused with the reason and what it mentions."""
    term = Within(half, low=1, high=2, refusal=evolve(note))
    with pytest.raises(RefusedError) as refused:
        Interpreter(Numbers()).number(term)({"half": 1, "number": 3, "flag": True}, [])
    remark = refused.value.remark
    assert remark.refused
    assert {"number": 3, "truth": True, "listed": ("flag",)} == remark.parameters
