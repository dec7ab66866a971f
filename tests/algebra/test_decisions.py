"""The ways that a term can go: enumerated once, and those that one studio goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.algebra import (
    Choose,
    Constant,
    Decisions,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Judged,
    Note,
    Number,
    Numbers,
    Required,
    Truth,
    Within,
    largest,
    smallest,
    written,
)
from studioflow.text import message

HELD = FactNumber("held", low=0, high=30)
LATE = FactFlag("late")
SAID = message("decisions_said", zh="甲", en="a")
NO = message("decisions_no", zh="乙", en="b")


def taken(term: Number | Truth, **facts: object) -> list[tuple[str, int, str | None]]:
    """Return the ways that a term goes for facts."""
    decisions = Decisions(term)
    found = decisions.taken(facts)
    return [(way.kind, way.outcome, way.code) for way in decisions.ways if way.key in found]


@pytest.mark.parametrize(
    ("term", "facts", "ways"),
    [
        (HELD >= 3, {"held": 3}, [("condition", 1, None)]),
        (HELD >= 3, {"held": 2}, [("condition", 0, None)]),
        (HELD >= 3, {}, []),
        (smallest(HELD, 20), {"held": 20}, [("bound", 0, None)]),
        (smallest(HELD, 20), {"held": 21}, [("bound", 1, None)]),
        (largest(HELD, 20), {"held": 20}, [("bound", 0, None)]),
        (FactIs("word", frozenset({"a"})), {"word": "b"}, [("condition", 0, None)]),
        (
            Judged(LATE, Note(SAID), Note(NO)),
            {"late": True},
            [("reason", 1, SAID.code), ("condition", 1, None)],
        ),
        (
            Judged(LATE, Note(SAID), Note(NO)),
            {"late": False},
            [("reason", 0, NO.code), ("condition", 0, None)],
        ),
        (Explained(HELD, Note(SAID)), {"held": 1}, [("reason", 1, SAID.code)]),
        (Within(HELD, 0, 9, Note(NO)), {"held": 10}, [("refusal", 0, NO.code)]),
        (Within(HELD, 0, 9, Note(NO)), {"held": 9}, []),
        (
            Required(HELD, LATE, Note(NO)),
            {"held": 1, "late": False},
            [("refusal", 0, NO.code), ("condition", 0, None)],
        ),
    ],
)
def test_ways(term: Number | Truth, facts: dict[str, object], ways: list[object]) -> None:
    """Each kind of decision is seen where it is taken, and only there."""
    assert ways == taken(term, **facts)


def test_only_what_is_looked_at() -> None:
    """What a choice leaves aside is not looked at."""
    term = Choose(LATE, Constant(0), smallest(HELD, 20))
    assert [("condition", 1, None)] == taken(term, late=True, held=25)
    assert [("condition", 0, None), ("bound", 1, None)] == taken(term, late=False, held=25)


@given(held=st.integers(0, 30), late=st.booleans(), bound=st.integers(0, 30))
def test_what_is_taken_is_what_holds(held: int, late: bool, bound: int) -> None:  # noqa: FBT001 - drawn
    """A way is taken exactly where what it says has to hold, holds."""
    points = Choose((HELD >= bound) & ~LATE, smallest(HELD - bound, 7), largest(HELD * 2, 9))
    term = Required(points, HELD <= 29, Note(NO))
    decisions, facts = Decisions(term), {"held": held, "late": late}
    found = decisions.taken(facts)
    of = Interpreter(Numbers(), notes=False)
    for way in decisions.ways:
        assert (way.key in found) is bool(of.truth(way.when).value(facts)), written(way.when)


@pytest.mark.parametrize(
    ("term", "line"),
    [
        (HELD >= 3, "held ≥ 3"),
        (HELD > 3, "held > 3"),
        (HELD < 3, "held < 3"),
        (HELD <= 3, "held ≤ 3"),
        ((HELD >= 3) & (LATE | ~LATE), "held ≥ 3 and (late or not late)"),
        ((HELD + 1) * 2 >= 3, "(held + 1) × 2 ≥ 3"),
        (Choose(LATE, Constant(1), Constant(0)) >= 1, "[late] ≥ 1"),
        (smallest(HELD, 20) >= 1, "least(held, 20) ≥ 1"),
    ],
)
def test_written(term: Truth, line: str) -> None:
    """Terms are written as a person writes them."""
    assert line == written(term)


def test_what_is_long_is_cut() -> None:
    """A line that nobody would read is cut."""
    term = HELD >= 0
    for _ in range(100):
        term &= LATE
    assert written(term).endswith("…")
