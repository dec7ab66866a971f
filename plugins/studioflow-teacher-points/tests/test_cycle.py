"""A studio's cycle, o1, o2 and o6: reports, reviews, grades, and the next cycle."""

from datetime import date

import pytest

from studioflow.lifecycle.duties import missed
from studioflow.policy import Policy
from studioflow.studio import Studio
from studioflow.verdict import Denied

from .replay import COMMITTEE, OFFICE, Stand, codes

PASSED = ("s02", "s04", "s05", "s06", "s08", "s09", "s10", "s11")
PLACES_TAKEN = date(2025, 10, 10)
CHECKED = date(2026, 1, 14)


def overdue(policy: Policy, studio: Studio, duty: str, on: date) -> int | None:
    """Return how often a duty was missed by a day."""
    return missed(policy.procedure.duties[duty], policy, studio, on)


class TestCycle:
    """o1: three years with a yearly report and a mid-term review."""

    def test_reports_that_are_missing(self, policy: Policy, stand: Stand) -> None:
        """Whoever has handed in no yearly report by the day on which it is due, has missed it."""
        programme = stand(date(2025, 9, 1)).programme

        def count(studio: str, on: date) -> int | None:
            return overdue(policy, programme.studio(studio), "yearly_report", on)

        days = (date(2023, 7, 1), date(2023, 7, 2), date(2024, 7, 2), date(2025, 7, 2))
        assert [0, 1, 2, 2] == [count("s07", day) for day in days]
        assert [0, 0, 0, 0] == [count("s01", day) for day in days]

    def test_a_late_report_is_no_missing_one(self, policy: Policy, stand: Stand) -> None:
        """A report that comes after the day, and within its year, was handed in."""
        studio = stand(date(2025, 9, 1)).programme.studio("s06")
        late = [e.on for e in studio.history if e.action == "report_yearly"]

        assert date(2024, 7, 20) in late
        assert 0 == overdue(policy, studio, "yearly_report", date(2025, 9, 1))

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2024, 2, 29), ["too_early"]),
            (date(2024, 3, 1), []),
            (date(2024, 8, 31), []),
            (date(2024, 9, 1), ["too_late"]),
        ],
    )
    def test_review(self, stand: Stand, day: date, code: list[str]) -> None:
        """The review is held in the half year from the middle of the cycle on."""
        replay = stand(date(2023, 12, 31))
        replay.day = day
        asked = replay.programme.can("review_mid_term", "s01", by=OFFICE, opinion=True)
        assert code == codes(asked)

    def test_one_review(self, stand: Stand) -> None:
        """A cycle has one mid-term review."""
        programme = stand(date(2024, 4, 1)).programme
        asked = programme.can("review_mid_term", "s01", by=OFFICE, opinion=True)
        assert ["done_this_cycle"] == codes(asked)

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2025, 8, 31), "too_early"),
            (date(2025, 12, 1), "too_late"),
        ],
    )
    def test_evaluation(self, stand: Stand, day: date, code: str) -> None:
        """The evaluation is in the three months after the three years."""
        replay = stand(date(2025, 8, 30))
        replay.day = day
        assert code in codes(replay.programme.can("evaluate", "s01", by=COMMITTEE))


class TestGrade:
    """o2 and o3: the places of the batch say the grade; of those who are tied, the committee."""

    def test_settled(self, stand: Stand) -> None:
        """The grade that a studio's place gives is recorded without anybody deciding."""
        programme = stand(date(2025, 9, 26)).programme
        assert ["outstanding", "passed", "rectify", "rectify"] == [
            programme.studio(name).decision for name in ("s01", "s04", "s07", "s12")
        ]

    def test_tied(self, stand: Stand) -> None:
        """Of two for one place it is the committee that says who has it."""
        programme = stand(date(2025, 9, 26)).programme
        with pytest.raises(Denied) as denied:
            programme.act("announce", "s02", by=COMMITTEE)
        assert ["batch_tie"] == codes(denied.value.verdict)

        programme.act("announce", "s02", by=COMMITTEE, decision="outstanding")
        assert "passed" == programme.act("announce", "s03", by=COMMITTEE).decision

    def test_no_other_grade(self, stand: Stand) -> None:
        """Nobody gives a grade that the places do not."""
        programme = stand(date(2025, 9, 26)).programme
        asked = programme.can("announce", "s02", by=COMMITTEE, decision="rectify")
        assert ["batch_other"] == codes(asked)

    def test_once(self, stand: Stand) -> None:
        """A grade is announced once in a cycle."""
        programme = stand(date(2025, 9, 27)).programme
        assert "done_this_cycle" in codes(programme.can("announce", "s01", by=COMMITTEE))

    def test_commended(self, stand: Stand) -> None:
        """Whoever is outstanding may be commended, and nobody else."""
        programme = stand(date(2025, 10, 9)).programme
        allowed = {
            studio.id
            for studio in programme.studios()
            if programme.can("commend", studio, by=COMMITTEE)
        }
        assert {"s01", "s03"} == allowed


class TestNextCycle:
    """o6: passing studios go into the next cycle by themselves."""

    def test_by_themselves(self, stand: Stand) -> None:
        """Whoever passed, was commended, or passed the second check goes on without being asked."""
        replay = stand(date(2026, 1, 23))
        steps = replay.programme.advance(by=OFFICE)

        assert {*PASSED, "s01", "s03", "s07"} == {step.studio.id for step in steps}
        assert {"renew"} == {step.event.action for step in steps}
        assert {("operating", 2)} == {(s.studio.state, s.studio.cycle) for s in steps}
        assert "dissolved" == replay.programme.studio("s12").state
        assert () == replay.programme.advance(by=OFFICE)

    def test_not_while_others_are_evaluated(self, stand: Stand) -> None:
        """It waits until the evaluation is over for the whole batch."""
        replay = stand(PLACES_TAKEN)
        replay.day = date(2025, 11, 30)
        assert () == replay.programme.advance(by=OFFICE)
        assert ["evaluation_over"] == codes(replay.programme.can("renew", "s04", by=OFFICE))

        replay.day = date(2025, 12, 1)
        assert {*PASSED, "s01", "s03"} == {s.studio.id for s in replay.programme.advance(by=OFFICE)}

    def test_outstanding_is_commended_first(self, stand: Stand) -> None:
        """An outstanding studio that was not commended yet stays where it is."""
        replay = stand(date(2025, 9, 28))
        replay.day = date(2025, 12, 1)
        assert "s01" not in {step.studio.id for step in replay.programme.advance(by=OFFICE)}
        assert ["good_enough"] == codes(replay.programme.can("renew", "s01", by=OFFICE))

    def test_it_begins_anew(self, policy: Policy, stand: Stand) -> None:
        """Records and history stay; marks, sheet, grade, and what counts begin anew."""
        replay = stand(date(2025, 12, 1))
        before = replay.programme.studio("s04")
        replay.programme.advance(by=OFFICE)
        studio = replay.programme.studio("s04")

        assert before.records == studio.records
        assert ((), None, None) == (studio.marks, studio.sheet, studio.decision)
        sheet = replay.programme.score(studio, on=date(2026, 6, 1))
        assert [0, 0] == [sheet.criterion(row).points.points for row in ("t1", "t4")]
        assert 0 == overdue(policy, studio, "yearly_report", date(2026, 10, 1))
        assert 1 == overdue(policy, studio, "yearly_report", date(2026, 10, 2))

    def test_a_second_time(self, stand: Stand) -> None:
        """In the next cycle it is reviewed and evaluated once more, in its own days."""
        replay = stand(date(2025, 12, 1))
        replay.programme.advance(by=OFFICE)
        replay.day = date(2027, 6, 1)
        assert replay.programme.can("review_mid_term", "s04", by=OFFICE, opinion=True)
        asked = replay.programme.can("evaluate", "s04", by=COMMITTEE)
        early = next(reason for reason in asked.reasons if reason.code == "too_early")
        assert date(2028, 12, 1) == early.when


def test_milestones(stand: Stand) -> None:
    """A commended studio has passed all six states in their order."""
    history = stand(date(2025, 10, 10)).programme.studio("s01").history
    way = [event.dest for event in history if event.dest != event.source]
    assert [
        "declared",
        "approved",
        "published",
        "plaqued",
        "operating",
        "evaluated",
        "commended",
    ] == way
