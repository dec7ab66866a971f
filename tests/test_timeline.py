"""Days that are fixed, that hang on events, and that follow others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.timeline import After, Moment, OnEvent, moved, resolve

MOMENTS: dict[str, Moment] = {
    "start": date(2023, 3, 20),
    "plaque": OnEvent("hang_plaque"),
    "mid": After("plaque", years=1),
    "end": After("mid", years=1, days=-1),
}


class TestMoved:
    """Days moved by years, months and days."""

    @pytest.mark.parametrize(
        ("day", "shift", "expected"),
        [
            ("2024-01-31", {"months": 1}, "2024-02-29"),
            ("2023-01-31", {"months": 1}, "2023-02-28"),
            ("2024-02-29", {"years": 1}, "2025-02-28"),
            ("2024-02-29", {"years": 4}, "2028-02-29"),
            ("2023-12-15", {"months": 1}, "2024-01-15"),
            ("2023-01-15", {"months": -1}, "2022-12-15"),
            ("2023-01-15", {"months": 25}, "2025-02-15"),
            ("2023-03-20", {"years": 2, "days": -1}, "2025-03-19"),
            ("2024-01-31", {"months": 1, "days": 1}, "2024-03-01"),
            ("2023-03-20", {}, "2023-03-20"),
        ],
    )
    def test_moved(self, day: str, shift: dict[str, int], expected: str) -> None:
        """Years and months first, kept inside the month, and then the days."""
        assert expected == moved(date.fromisoformat(day), **shift).isoformat()

    @given(st.dates(date(1000, 1, 1), date(3000, 1, 1)), st.integers(-500, 500))
    def test_months_keep_the_day_where_they_can(self, day: date, months: int) -> None:
        """The day of the month stays, or is the month's last."""
        there = moved(day, months=months)
        assert (day.year * 12 + day.month + months) == there.year * 12 + there.month
        assert there.day <= day.day
        assert there.day == day.day or moved(there, days=1).day == 1

    @pytest.mark.parametrize(
        "shift", [{"years": 8000}, {"years": -3000}, {"days": 10**12}, {"months": 10**15}]
    )
    def test_out_of_the_calendar(self, shift: dict[str, int]) -> None:
        """A shift that leaves the calendar is bad input."""
        with pytest.raises(InputError) as refused:
            moved(date(2023, 3, 20), **shift)
        assert ["out_of_calendar"] == [problem.code for problem in refused.value.problems]


class TestResolve:
    """Moments become days."""

    def test_a_day(self) -> None:
        """A day is a day."""
        assert date(2023, 3, 20) == resolve(MOMENTS["start"], MOMENTS, {})

    def test_an_event(self) -> None:
        """What hangs on an event is known once it has happened."""
        assert resolve(MOMENTS["plaque"], MOMENTS, {}) is None
        day = date(2023, 5, 1)
        assert day == resolve(MOMENTS["plaque"], MOMENTS, {"hang_plaque": day})

    def test_what_follows(self) -> None:
        """What follows another moment moves with it, over several steps."""
        assert resolve(MOMENTS["end"], MOMENTS, {}) is None
        found = resolve(MOMENTS["end"], MOMENTS, {"hang_plaque": date(2023, 5, 1)})
        assert date(2025, 4, 30) == found
