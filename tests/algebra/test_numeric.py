"""Compiling numbers: shorter ways for simple shapes, with the same values and the same reasons."""

from collections.abc import Mapping
from typing import Any

import pytest

from studioflow.algebra import (
    All,
    AtLeast,
    Certain,
    Choose,
    Constant,
    Explained,
    FactFlag,
    FactNumber,
    Interpreter,
    Judged,
    Note,
    Number,
    Numbers,
    Quotient,
    Remark,
    SomeOf,
    Sum,
    Truth,
    count_of,
    largest,
    smallest,
)
from studioflow.text import message

SAID = message("numeric_said", zh="{value}", en="{value}")
MET = message("numeric_met", zh="{name}", en="{name}")
UNMET = message("numeric_unmet", zh="{name}", en="{name}")
count, other = FactNumber("count"), FactNumber("other")
flag = FactFlag("flag")
Facts = Mapping[str, Any]


def told(term: Number, facts: Facts) -> tuple[object, list[Remark]]:
    """Return the value of a number, and why."""
    remarks: list[Remark] = []
    return Interpreter(Numbers()).number(term)(facts, remarks), remarks


def judged(name: str) -> Truth:
    """Return a flag with reasons."""
    said = {"name": name}
    return Judged(FactFlag(name), Note(MET, said), Note(UNMET, said))


@pytest.mark.parametrize(
    "term",
    [
        count_of((flag,)),
        count_of((flag,)) + 0,
        count_of((flag,)) * 1,
        Sum((Choose(flag, Constant(1), Constant(0)), Constant(0))),
        Choose(flag, Constant(1), Constant(0)),
        smallest(Choose(flag, Constant(1), Constant(0)), 5),
    ],
)
def test_a_truth_that_is_counted_is_a_number(term: Number) -> None:
    """It is 1 or 0, also in a reason, and never yes or no."""
    value, remarks = told(Explained(term, Note(SAID, {"value": term})), {"flag": True})
    assert (1, int) == (value, type(value))
    assert int is type(remarks[0].parameters["value"])


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (count + other + 3, 12),
        (count + count, 10),
        (count * 2 - other * 3 + 1, -1),
        ((count + 1) * 2, 12),
        (Constant(3) * 4 + 5, 17),
        (count * other, 20),
        (smallest(count, other), 4),
        (smallest(count, 3), 3),
        (smallest(9, count), 5),
        (largest(count, 8), 8),
        (largest(count, other, 2), 5),
        (Choose(Constant(0) >= 1, Quotient(count, Constant(0)), Constant(7)), 7),
    ],
)
def test_arithmetic_of_simple_shapes(term: Number, expected: int) -> None:
    """Sums, products and bounds of facts and constants come out right."""
    assert (expected, []) == told(term, {"count": 5, "other": 4})


@pytest.mark.parametrize("value", [1, 2, 3])
@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        (count >= 2, {2, 3}),
        (count > 2, {3}),
        (count <= 2, {1, 2}),
        (count < 2, {1}),
        (count.equals(2), {2}),
        (count * 2 >= 3, {2, 3}),
        (Constant(3) >= count * 2, {1}),
        (count * 3 >= other * 2, {2, 3}),
        (count + 1 > other, {3}),
        (~(count * 3 >= other * 2), {1}),
        (count * count >= 4, {2, 3}),
        (AtLeast(Constant(1), Constant(1)), {1, 2, 3}),
    ],
)
def test_comparisons_of_simple_shapes(truth: Truth, expected: set[int], value: int) -> None:
    """Every way to compare facts and constants comes out right, at the bound, too."""
    facts = {"count": value, "other": 3}
    assert (value in expected) is Interpreter(Numbers()).truth(truth)(facts, [])


@pytest.mark.parametrize("join", [All, SomeOf])
@pytest.mark.parametrize("values", range(8))
def test_joined_truths_keep_the_reasons_that_agree(join: type[All | SomeOf], values: int) -> None:
    """Of any number of truths, those that came out as the whole did give their reasons."""
    names = ["flag_0", "flag_1", "flag_2"]
    facts = {name: bool(values >> place & 1) for place, name in enumerate(names)}
    outcome = all(facts.values()) if join is All else any(facts.values())
    remarks: list[Remark] = []
    truth = join((*map(judged, names), Certain(join is All)))

    assert outcome is Interpreter(Numbers()).truth(truth)(facts, remarks)
    expected = [name for name in names if facts[name] is outcome]
    assert expected == [remark.parameters["name"] for remark in remarks]


def test_what_is_compared_gives_no_reasons() -> None:
    """Why a number is what it is, is no reason for how it compares."""
    explained = Explained(count, Note(SAID, {"value": count}))
    chosen = Choose((explained >= 1) & (explained * 2 >= 1), Constant(1), Constant(2))
    assert (1, []) == told(chosen, {"count": 3})
    assert 1 == len(told(explained + 1, {"count": 3})[1])
    assert 1 == len(told(explained * 2, {"count": 3})[1])
