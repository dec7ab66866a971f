"""Days that are fixed, that hang on events, and that follow others."""

import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow import timeline
from studioflow.errors import InputError, MissingExtraError
from studioflow.timeline import (
    After,
    Due,
    Happened,
    Moment,
    OnEvent,
    Span,
    WorkingDays,
    awaited,
    moved,
    resolve,
)

MOMENTS: dict[str, Moment] = {
    "start": date(2023, 3, 20),
    "plaque": OnEvent("hang_plaque"),
    "mid": After("plaque", years=1),
    "end": After("mid", years=1, days=-1),
    "in_force": OnEvent(("approve", "renew")),
    "completed": Due("return"),
    "published": After("plaque", working_days=5),
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
        assert date(2023, 3, 20) == resolve(MOMENTS["start"], MOMENTS, Happened())

    def test_an_event(self) -> None:
        """What hangs on an event is known once it has happened."""
        assert resolve(MOMENTS["plaque"], MOMENTS, Happened()) is None
        day = date(2023, 5, 1)
        assert day == resolve(MOMENTS["plaque"], MOMENTS, Happened({"hang_plaque": day}))

    def test_the_latest_of_several_events(self) -> None:
        """Of several events the latest counts, and one of them is enough."""
        moment, first, second = MOMENTS["in_force"], date(2023, 5, 1), date(2025, 5, 1)
        assert resolve(moment, MOMENTS, Happened({"plaque": first})) is None
        assert first == resolve(moment, MOMENTS, Happened({"approve": first}))
        happened = Happened({"approve": first, "renew": second})
        assert second == resolve(moment, MOMENTS, happened)

    def test_a_deadline_that_was_set(self) -> None:
        """A deadline is the day that a step set, not the day on which the step was taken."""
        taken, due = date(2023, 5, 1), date(2023, 5, 31)
        assert resolve(MOMENTS["completed"], MOMENTS, Happened({"return": taken})) is None
        happened = Happened({"return": taken}, {"return": due})
        assert due == resolve(MOMENTS["completed"], MOMENTS, happened)

    def test_what_follows(self) -> None:
        """What follows another moment moves with it, over several steps."""
        assert resolve(MOMENTS["end"], MOMENTS, Happened()) is None
        found = resolve(MOMENTS["end"], MOMENTS, Happened({"hang_plaque": date(2023, 5, 1)}))
        assert date(2025, 4, 30) == found

    def test_what_follows_in_working_days(self) -> None:
        """Working days are counted by the calendar that is given."""
        happened = Happened({"hang_plaque": date(2024, 9, 30)})
        moment = MOMENTS["published"]
        assert date(2024, 10, 7) == resolve(moment, MOMENTS, happened)
        assert date(2024, 10, 12) == resolve(moment, MOMENTS, happened, WorkingDays("CN"))

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("start", ()),
            ("end", ("hang_plaque",)),
            ("in_force", ("approve", "renew")),
            ("completed", ("return",)),
        ],
    )
    def test_awaited(self, name: str, expected: tuple[str, ...]) -> None:
        """What a moment hangs on is found through all that it follows."""
        assert expected == awaited(MOMENTS[name], MOMENTS)


class TestWorkingDays:
    """Which days are worked, and counting in them."""

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            ("2024-10-01", False),  # National Day, a Tuesday
            ("2024-09-29", True),  # a Sunday worked for it
            ("2024-10-12", True),  # a Saturday worked for it
            ("2024-10-05", False),
            ("2024-10-13", False),
            ("2023-12-30", False),
            ("2006-12-30", True),  # worked for the New Year of 2007
            ("2024-10-14", True),
        ],
    )
    def test_china(self, day: str, *, expected: bool) -> None:
        """In China weekends that are worked in exchange for a holiday count as worked."""
        assert expected is WorkingDays("CN").is_working(date.fromisoformat(day))

    def test_the_weekend_is_the_countrys_own(self) -> None:
        """Where the weekend is Friday and Saturday, Sunday is worked."""
        sunday = date(2024, 3, 3)
        found = [WorkingDays(country).is_working(sunday) for country in (None, "EG")]
        assert [False, True] == found

    def test_days_of_the_policy_go_before_the_country(self) -> None:
        """A policy's own days off and days worked win over the country's."""
        off, worked = date(2024, 10, 12), date(2024, 10, 1)
        days = WorkingDays("CN", frozenset({off}), frozenset({worked}))
        assert [False, True] == [days.is_working(off), days.is_working(worked)]

    @pytest.mark.parametrize(
        ("day", "n", "expected"),
        [
            ("2024-05-03", 1, "2024-05-06"),  # a Friday
            ("2024-05-03", 5, "2024-05-10"),
            ("2024-05-04", 1, "2024-05-06"),  # a Saturday
            ("2024-05-04", 0, "2024-05-04"),
            ("2024-05-06", -1, "2024-05-03"),
        ],
    )
    def test_after(self, day: str, n: int, expected: str) -> None:
        """The day itself does not count, need not be worked, and is what 0 leads to."""
        assert expected == WorkingDays().after(date.fromisoformat(day), n).isoformat()

    @given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 300))
    def test_after_counts(self, day: date, n: int) -> None:
        """As many days are worked as were asked for, and the last one of them is."""
        days = WorkingDays("CN", frozenset({date(2024, 3, 1)}))
        there = days.after(day, n)
        between = [date.fromordinal(o) for o in range(day.toordinal() + 1, there.toordinal() + 1)]
        assert n == sum(days.is_working(each) for each in between)
        assert days.is_working(there)

    def test_an_unknown_country(self) -> None:
        """A country that the library does not know is bad input, with those that it knows."""
        with pytest.raises(InputError) as refused:
            WorkingDays("China")
        (problem,) = refused.value.problems
        assert ("unknown_country", "'China'") == (problem.code, problem.got)
        assert "AD, AE" in problem.expected("en")

    def test_worked_and_off(self) -> None:
        """A day can not be worked and off at once."""
        day = frozenset({date(2024, 3, 1)})
        with pytest.raises(InputError) as refused:
            WorkingDays(holidays=day, workdays=day)
        assert ["worked_and_off"] == [problem.code for problem in refused.value.problems]

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the library is missing, the command is named that installs it."""
        timeline._countries.cache_clear()
        monkeypatch.setitem(sys.modules, "holidays", None)
        with pytest.raises(MissingExtraError, match=r"studioflow\[calendar\]"):
            WorkingDays("CN")

    def test_out_of_all_measure(self) -> None:
        """So many working days as nobody means are bad input, and do not take for ever."""
        for count in (lambda: WorkingDays().after(date(2024, 1, 1), 10**12), lambda: Span(-1)):
            with pytest.raises(InputError):
                count()

    def test_out_of_the_calendar(self) -> None:
        """Working days that leave the calendar are bad input."""
        with pytest.raises(InputError) as refused:
            WorkingDays().after(date(9999, 12, 30), 5)
        assert ["out_of_calendar"] == [problem.code for problem in refused.value.problems]


class TestSpan:
    """How long something lasts."""

    @pytest.mark.parametrize(
        ("span", "times", "expected"),
        [
            (Span(), 1, "2024-01-31"),
            (Span(months=1), 1, "2024-02-29"),
            (Span(months=1), 2, "2024-03-31"),
            (Span(years=1, days=1), 2, "2026-02-02"),
            (Span(days=3, working_days=1), 1, "2024-02-05"),
        ],
    )
    def test_after(self, span: Span, times: int, expected: str) -> None:
        """A span is added once or several times, and its working days come last."""
        assert expected == span.after(date(2024, 1, 31), WorkingDays(), times).isoformat()

    def test_truth(self) -> None:
        """A span of no length is false."""
        assert [False, True] == [bool(Span()), bool(Span(working_days=1))]
