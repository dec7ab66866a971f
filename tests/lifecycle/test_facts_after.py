"""Lifecycle facts from the evaluation on, each said in a policy file: appeal, failing, renewal."""

from datetime import date
from fractions import Fraction

import pytest

from studioflow.people import Actor
from tests.lifecycle.county import APPLICATION, County, actor

SCHOOL = actor("school")


class TestRectification:
    """A date, a second check, and what follows if it fails."""

    def demanded(self, lessons: int = 3, due: date = date(2024, 6, 3)) -> County:
        """Return a county whose studio has to rectify."""
        county = County("rectification").upto("operate")
        county.act("reward", "office")
        county.act("evaluate", "committee", facts={"lessons": lessons})
        county.act("demand_rectification", "office", gaps=["公开课太少"], due=due)
        return county

    def test_whoever_failed(self) -> None:
        """Nobody has to who has passed."""
        county = County("rectification").upto("evaluate", lessons=6)
        given = county.against("demand_rectification", "office", gaps=["无"], due=date(2024, 6, 3))
        assert ["not_passed"] == given

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2024, 6, 3), []), (date(2024, 6, 4), ["too_late"])]
    )
    def test_by_the_day(self, day: date, code: list[str]) -> None:
        """What was missing comes by the day that was set."""
        county = self.demanded()
        county.day = day
        assert code == county.against("correct", "lead", facts={"lessons": 7})

    def test_second_check(self) -> None:
        """The second check makes a new sheet, by which the studio has passed."""
        county = self.demanded()
        county.act("correct", "lead", facts={"lessons": 7})
        county.day = date(2024, 6, 10)
        studio = county.act("check_again", "committee")

        assert studio.sheet is not None
        assert Fraction(70) == studio.sheet.total.points
        assert ("evaluated", county.day) == (studio.state, studio.scored_on)
        assert ["failed_again"] == county.against("revoke", "committee", remark="不合格")

    def test_no_third_time(self) -> None:
        """Whoever fails again gets no more time."""
        county = self.demanded()
        county.act("check_again", "committee")
        given = county.against(
            "demand_rectification", "office", gaps=["公开课太少"], due=date(2024, 9, 2)
        )
        assert ["first_time"] == given

    def revoked(self) -> County:
        """Return a county whose studio has lost its title."""
        county = self.demanded()
        county.act("check_again", "committee")
        county.act("revoke", "committee", remark="再次不合格")
        return county

    def test_not_after_the_first(self) -> None:
        """The first failure alone takes no title away."""
        county = County("rectification").upto("evaluate", lessons=3)
        assert ["failed_again"] == county.against("revoke", "committee", remark="不合格")

    def test_money_and_plaque(self) -> None:
        """All that was granted goes back, and the plaque is taken down, once, within 15 days."""
        county = self.revoked()
        assert ("revoked", Fraction(10000)) == (
            county.studio.state,
            county.studio.history[-1].recovered,
        )
        due = date(2024, 3, 19)
        agenda = county.programme.agenda("s-01", on=due)
        assert [("remove_plaque", "due")] == [
            (item.action, item.kind) for item in agenda.items if item.duty
        ]
        county.act("remove_plaque", "office")
        assert ["already_done"] == county.against("remove_plaque", "office")

    @pytest.mark.parametrize(
        ("lead", "unit", "barred"),
        [
            ("lead-a", "another", True),
            ("lead-z", "样例学校", True),
            ("lead-z", "another", False),
        ],
    )
    def test_ban(self, lead: str, unit: str, barred: bool) -> None:  # noqa: FBT001 - yes or no
        """Neither the lead nor the unit declares again for three years; others do."""
        county = self.revoked()
        again = {"name": "新工作室", "unit": unit, "lead": {"id": lead}}
        by = Actor("p-2", unit=unit, roles={"school"})
        asked = county.programme.can("declare", by=by, application=again)
        until = [("banned", date(2027, 3, 4))]
        assert (until if barred else []) == [(r.code, r.when) for r in asked.reasons]

        county.day = date(2027, 3, 4)
        assert county.programme.can("declare", by=by, application=again)


class TestLeadOrUnit:
    """The lead moves on; the unit is closed."""

    def test_new_lead(self) -> None:
        """The new lead has the lead's role for it, and the former one not any more."""
        county = County("lead_or_unit").upto("plaque")
        former, new = (
            Actor(name, unit="elsewhere", roles={"lead"}) for name in ("lead-a", "lead-z")
        )
        assert county.programme.can("operate", "s-01", by=former)

        county.act("change_lead", "school", lead={"id": "lead-z"}, remark="调动")
        assert county.studio.application is not None
        assert "lead-z" == county.studio.application.lead.id
        assert county.programme.can("operate", "s-01", by=new)

    @pytest.mark.parametrize(("day", "late"), [(3, False), (4, True)])
    def test_within(self, day: int, late: bool) -> None:  # noqa: FBT001 - yes or no
        """It is reported within thirty days, and later it is flagged."""
        county = County("lead_or_unit").upto("operate")
        county.day = date(2024, 4, day)
        verdict = county.can(
            "change_lead", "school", lead={"id": "lead-z"}, remark="退休", on=date(2024, 3, 4)
        )
        assert verdict
        assert late == ("reported_late" in [reason.code for reason in verdict.warnings])

    def test_closed(self) -> None:
        """A unit that is closed hands back what it has left, and its studio ends."""
        county = County("lead_or_unit").upto("operate")
        assert ["needed", "needed"] == county.against("close", "office")
        studio = county.act("close", "office", remark="学校撤并", amount=1200)
        assert ("closed", Fraction(1200)) == (studio.state, studio.history[-1].recovered)


class TestNextCycle:
    """By itself, by application, with higher demands."""

    def test_by_itself(self) -> None:
        """Whoever passed goes on as soon as anybody looks."""
        county = County("next_cycle").upto("evaluate", lessons=6)
        (step,) = county.programme.advance(by=actor("office"))
        assert ("renew", "operating", 2) == (
            step.event.action,
            step.studio.state,
            step.studio.cycle,
        )
        assert (None, {}) == (step.studio.sheet, {**step.studio.facts})
        assert () == county.programme.advance(by=actor("office"))

    def test_not_whoever_failed(self) -> None:
        """Whoever failed stays where they are."""
        county = County("next_cycle").upto("evaluate", lessons=5)
        assert () == county.programme.advance(by=actor("office"))
        assert ["passed"] == county.against("renew", "office")

    def applied(self) -> County:
        """Return a county whose studio has applied for a second cycle, and got it."""
        county = County("next_cycle_applied").upto("evaluate", lessons=6)
        assert () == county.programme.advance(by=actor("office"))
        county.act("apply_again", "school", remark="续建三年")
        county.act("renew", "committee")
        return county

    def test_by_application(self) -> None:
        """It is applied for, and granted."""
        studio = self.applied().studio
        assert ("operating", 2, ["declare", "apply_again"]) == (
            studio.state,
            studio.cycle,
            [event.action for event in studio.history if event.by.id == "p-school"][::2],
        )

    def test_ended(self) -> None:
        """An application may be turned down, which ends it."""
        county = County("next_cycle_applied").upto("evaluate", lessons=6)
        county.act("apply_again", "school", remark="续建三年")
        assert "ended" == county.act("end", "committee", remark="名额已满").state

    def test_higher_demands(self) -> None:
        """Six lessons were enough in the first cycle; the second asks for eight."""
        county = self.applied()
        verdict = county.can("evaluate", "committee", facts={"lessons": 7})
        assert ["more_in_the_second"] == [reason.code for reason in verdict.reasons]
        assert "cycle 2 asks for eight open lessons" in verdict.explain("en")
        assert [] == county.against("evaluate", "committee", facts={"lessons": 8})


class TestAppeal:
    """Within ten working days, and heard again."""

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2024, 3, 18), []), (date(2024, 3, 19), ["too_late"])]
    )
    def test_in_time(self, day: date, code: list[str]) -> None:
        """The tenth working day is the last."""
        county = County("appeal").upto("evaluate", lessons=8)
        county.day = day
        assert code == county.against("appeal", "lead", remark="漏计一节")

    def test_heard_again(self) -> None:
        """The new hearing makes a new sheet, which counts; until then nothing follows."""
        county = County("appeal").upto("evaluate", lessons=9)
        county.act("appeal", "lead", remark="多计一节")
        assert ["no_appeal"] == county.against("commend", "committee")

        studio = county.act("hear_again", "committee", facts={"lessons": 8})
        assert studio.sheet is not None
        assert Fraction(80) == studio.sheet.total.points
        assert {} == studio.pending()
        assert ["best"] == county.against("commend", "committee")

    def test_dismissed(self) -> None:
        """A dismissed appeal leaves the sheet as it was, and there is no second one."""
        county = County("appeal").upto("evaluate", lessons=9)
        sheet = county.studio.sheet
        county.act("appeal", "lead", remark="不服")
        county.act("dismiss_appeal", "committee", remark="维持")
        assert sheet == county.studio.sheet
        assert ["done_this_cycle"] == county.against("appeal", "lead", remark="仍不服")
        assert [] == county.against("commend", "committee")


def test_declaring_is_free_without_a_ban() -> None:
    """Where nobody was banned, another studio of the same lead may be declared."""
    county = County("base").upto("commend", lessons=9)
    assert county.programme.can("declare", by=SCHOOL, application=APPLICATION)
