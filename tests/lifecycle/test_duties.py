"""Duties: when each occurrence is, what fulfils it, and how often one was missed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.lifecycle import Lifecycle
from studioflow.lifecycle.duties import missed, occurrences, state_on
from studioflow.policy import Policy
from studioflow.studio import Studio
from tests.lifecycle.reporting import acted, operating, reporting

LIFECYCLE = Lifecycle(reporting())


def counted(studio: Studio, on: str, duty: str = "yearly", policy: Policy | None = None) -> int:
    """Return how often a duty was missed."""
    policy = policy or LIFECYCLE.policy
    return missed(policy.procedure.duties[duty], policy, studio, date.fromisoformat(on))


def days(studio: Studio, until: str, changes: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the first and the due day of each occurrence of the varied yearly duty."""
    policy = LIFECYCLE.policy.vary({f"lifecycle/duties/yearly/{k}": v for k, v in changes.items()})
    found = occurrences(
        policy.procedure.duties["yearly"], policy, studio, date.fromisoformat(until)
    )
    return [(str(each.start), str(each.due)) for each in found]


class TestOccurrences:
    """When something is to be done."""

    def test_year_by_year(self) -> None:
        """An occurrence ends where the next one begins, and none begins after the duty's end."""
        expected = [("2024-04-29", "2025-04-28"), ("2025-04-29", "2026-04-28")]
        assert expected == days(operating(LIFECYCLE), "2030-01-01", {})

    def test_the_last_day_of_a_month_does_not_wander(self) -> None:
        """Every month from the 31st on is counted from the first day, not from the one before."""
        found = days(
            operating(LIFECYCLE), "2024-06-30", {"from": date(2024, 3, 31), "every": {"months": 1}}
        )
        assert ["2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"] == [day for day, _ in found]

    def test_in_working_days(self) -> None:
        """A duty may come round, and be due, in working days."""
        changes = {"every": {"working_days": 5}, "within": {"working_days": 2}, "until": "none"}
        expected = [("2024-04-29", "2024-05-06"), ("2024-05-09", "2024-05-11")]
        assert expected == days(operating(LIFECYCLE), "2024-05-10", changes)

    def test_before_it_begins(self) -> None:
        """While the day is not known on which a duty starts, there is nothing to do."""
        assert [] == days(operating(LIFECYCLE, until="approve"), "2030-01-01", {})

    def test_done(self) -> None:
        """The first step in an occurrence fulfils it, and no other one."""
        studio = acted(LIFECYCLE, operating(LIFECYCLE), "report", "2025-03-01", remark="年报")
        duty = LIFECYCLE.policy.procedure.duties["yearly"]
        first, second = occurrences(duty, LIFECYCLE.policy, studio, date(2026, 1, 1))
        assert first.done is studio.history[-1]
        assert second.done is None

    def test_no_length(self) -> None:
        """A duty that comes round in no time at all is bad input."""
        with pytest.raises(InputError) as refused:
            LIFECYCLE.policy.vary({"lifecycle/duties/yearly/every": {"days": 0}})
        assert ["every_above_0"] == [problem.code for problem in refused.value.problems]


class TestMissed:
    """How often a duty was missed."""

    @pytest.mark.parametrize(
        ("on", "expected"),
        [("2024-04-29", 0), ("2025-04-28", 0), ("2025-04-29", 1), ("2026-04-29", 2)],
    )
    def test_year_by_year(self, on: str, expected: int) -> None:
        """On its due day a duty is not missed yet; on the day after it is."""
        assert expected == counted(operating(LIFECYCLE), on)

    def test_done_in_time(self) -> None:
        """What was done on the last day was not missed."""
        studio = acted(LIFECYCLE, operating(LIFECYCLE), "report", "2025-04-28", remark="年报")
        assert [0, 1] == [counted(studio, "2025-04-29"), counted(studio, "2026-04-29")]

    def test_done_late(self) -> None:
        """What was done after its day, but within the occurrence, is no longer missed."""
        policy = LIFECYCLE.policy.vary({"lifecycle/duties/yearly/within": {"months": 1}})
        studio = operating(LIFECYCLE)
        assert 1 == counted(studio, "2024-05-30", policy=policy)
        late = acted(LIFECYCLE, studio, "report", "2024-06-30", remark="年报")
        assert 0 == counted(late, "2024-07-01", policy=policy)

    def test_not_begun(self) -> None:
        """A duty that has not begun was not missed."""
        studio = operating(LIFECYCLE, until="approve")
        assert [0, 0] == [counted(studio, "2030-01-01"), counted(Studio(id="s"), "2030-01-01")]

    def test_where_it_does_not_count(self) -> None:
        """What falls due where its step is not possible was not missed."""
        paused = acted(LIFECYCLE, operating(LIFECYCLE), "pause", "2025-04-01")
        assert 0 == counted(paused, "2025-06-01")
        back = acted(LIFECYCLE, paused, "resume", "2025-06-01")
        assert [0, 1] == [counted(back, "2025-06-02"), counted(back, "2026-04-29")]

    def test_a_deadline_that_was_set(self) -> None:
        """Without a span a duty is due on its last day, here the deadline that a step set."""
        declared = operating(LIFECYCLE, until="declare")
        studio = acted(
            LIFECYCLE, declared, "send_back", "2024-03-06", gaps=["签章"], due=date(2024, 3, 20)
        )
        found = [counted(studio, day, "completion") for day in ("2024-03-20", "2024-03-21")]
        assert [0, 1] == found
        done = acted(LIFECYCLE, studio, "declare", "2024-03-18")
        assert 0 == counted(done, "2024-03-21", "completion")

    def test_the_gate_asks(self) -> None:
        """A condition of a step may ask how often a duty was missed, and says so."""
        by = operating(LIFECYCLE).history[-1].by
        verdict = LIFECYCLE.can("evaluate", operating(LIFECYCLE), by=by, on=date(2026, 3, 1))
        assert ["reported"] == [reason.code for reason in verdict.reasons]

    @settings(max_examples=40, deadline=None)
    @given(st.dates(date(2024, 4, 29), date(2026, 4, 28)), st.integers(0, 900))
    def test_as_counted_by_hand(self, reported: date, later: int) -> None:
        """With one report, each year that is over without it was missed."""
        studio = acted(
            LIFECYCLE, operating(LIFECYCLE), "report", reported.isoformat(), remark="年报"
        )
        on = date.fromordinal(reported.toordinal() + later)
        years = [
            (date(2024, 4, 29), date(2025, 4, 28)),
            (date(2025, 4, 29), date(2026, 4, 28)),
        ]
        by_hand = sum(end < on and not start <= reported <= end for start, end in years)
        assert by_hand == counted(studio, on.isoformat())


def test_state_on() -> None:
    """The state on a day is where the last step led that moved the studio by then."""
    studio = acted(LIFECYCLE, operating(LIFECYCLE), "report", "2025-03-01", remark="年报")
    expected = ["undeclared", "declared", "approved", "operating", "operating"]
    asked = ("2024-03-03", "2024-03-04", "2024-04-28", "2024-04-29", "2025-03-01")
    assert expected == [state_on(studio, date.fromisoformat(day)) for day in asked]
