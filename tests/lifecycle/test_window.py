"""Windows: both ends included, moments that hang on events, and truths of the algebra."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.algebra import Interpreter, Maybe, Numbers, Range, Ranges
from studioflow.lifecycle.window import NOT_OVER, STARTED
from tests.lifecycle.conftest import World, codes

PLAQUE_START = {"readings/cycle_start": "plaque_date", "readings/cycle_end": "two_full_years"}


@pytest.mark.parametrize(
    ("action", "state", "day", "expected"),
    [
        ("declare", "undeclared", date(2023, 3, 19), ["too_early"]),
        ("declare", "undeclared", date(2023, 3, 20), []),
        ("declare", "undeclared", date(2023, 3, 31), []),
        ("declare", "undeclared", date(2023, 4, 1), ["too_late"]),
        ("evaluate", "operating", date(2024, 10, 31), ["too_early"]),
        ("evaluate", "operating", date(2024, 11, 1), []),
        ("evaluate", "operating", date(2024, 11, 30), []),
        ("evaluate", "operating", date(2024, 12, 1), ["too_late"]),
    ],
)
def test_both_ends_are_inside(
    world: World, action: str, state: str, day: date, expected: list[str]
) -> None:
    """The first and the last day count, the day before and the day after do not."""
    verdict = world.can(action, world.studio(state), on=day)

    assert expected == codes(verdict)
    assert [*expected] == [
        r.code for r in verdict.reasons if "2023" in r.text() or "2024" in r.text()
    ]


@pytest.mark.parametrize(
    ("changes", "day", "expected"),
    [
        # Two years from the day of issue, 2023-03-20.
        ({"readings/cycle_end": "two_full_years"}, date(2025, 3, 19), ["too_early"]),
        ({"readings/cycle_end": "two_full_years"}, date(2025, 3, 20), []),
        ({"readings/cycle_end": "two_full_years"}, date(2031, 1, 1), []),
        # Two years from the plaque, 2023-06-15.
        (PLAQUE_START, date(2025, 6, 14), ["too_early"]),
        (PLAQUE_START, date(2025, 6, 15), []),
    ],
)
def test_two_full_years(
    world: World, changes: dict[str, object], day: date, expected: list[str]
) -> None:
    """The end of the cycle is computed from its start, whichever reading says when that is."""
    other = world.varied(changes)

    assert expected == codes(other.can("evaluate", other.studio("operating"), on=day))


def test_a_window_that_hangs_on_what_has_not_happened(world: World) -> None:
    """Before the plaque nobody knows when the evaluation is; the answer says what it hangs on."""
    other = world.varied(PLAQUE_START)
    verdict = other.can("evaluate", other.studio("approved"), on=date(2025, 7, 1))

    assert ["wrong_state", "window_not_set"] == codes(verdict)[:2]
    assert "授牌" in verdict.reasons[1].text("zh")


def test_both_ends_hang_on_the_same_step(world: World) -> None:
    """It is said once."""
    other = world.varied(
        {
            **PLAQUE_START,
            "calendar/windows/evaluation/to": {"after": "cycle_start", "years": 3},
        }
    )

    before = codes(other.can("evaluate", other.studio("approved")))
    assert 1 == before.count("window_not_set")
    assert ["too_late"] == codes(
        other.can("evaluate", other.studio("operating"), on=date(2026, 6, 16))
    )


def test_late_declaration_warned(world: World) -> None:
    """Under the other reading a late declaration is accepted with a warning."""
    lenient = world.varied({"readings/late_declaration": "warned"})
    step = lenient.act("declare", lenient.studio("undeclared"), on=date(2023, 4, 2))

    assert "declared" == step.studio.state
    assert ["too_late"] == [warning.code for warning in step.verdict.warnings]


def test_a_window_is_two_truths() -> None:
    """They are terms like every other: any interpretation reads them, an open end is unknown."""
    day = date(2024, 11, 1).toordinal()
    numbers = Interpreter(Numbers()).truth(STARTED)
    ranges = Interpreter(Ranges()).truth(NOT_OVER)

    assert numbers({"claimed": day, "window_from": day}, [])
    assert not numbers({"claimed": day - 1, "window_from": day}, [])
    unknown = Range(1, 10**6, frozenset({"window_to"}))
    assert Maybe(None, frozenset({"window_to"})) == ranges(
        {"written": Range(day, day), "window_to": unknown}, []
    )
