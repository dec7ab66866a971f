"""Lifecycle facts up to the evaluation, each said in a policy file: opinions, reports, visits."""

from datetime import date
from fractions import Fraction

import pytest

from studioflow.people import Actor
from studioflow.verdict import Denied
from tests.lifecycle.county import APPLICATION, County


class TestWaysOut:
    """Returned with a list of gaps and a date, refused with a reason, or withdrawn."""

    def test_gaps_and_a_date(self) -> None:
        """An application goes back with what is missing and a day, and both are needed."""
        county = County("ways_out").declared()
        assert ["needed", "needed"] == county.against("return_for_completion", "committee")

        due = date(2024, 3, 18)
        studio = county.act("return_for_completion", "committee", gaps=["成员名单"], due=due)
        event = studio.history[-1]
        assert ("returned", ("成员名单",), due) == (studio.state, event.gaps, event.due)

    def test_not_a_date_before(self) -> None:
        """The day is not one that lies before the step."""
        county = County("ways_out").declared()
        given = county.against(
            "return_for_completion", "committee", gaps=["成员名单"], due=date(2024, 3, 3)
        )
        assert ["due_before"] == given

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2024, 3, 18), []), (date(2024, 3, 19), ["too_late"])]
    )
    def test_in_time(self, day: date, code: list[str]) -> None:
        """It is declared again by that day, and not after it."""
        county = County("ways_out").declared()
        due = date(2024, 3, 18)
        county.act("return_for_completion", "committee", gaps=["成员名单"], due=due)
        county.day = day
        assert code == county.against("declare", "school", application=APPLICATION)

    @pytest.mark.parametrize(
        ("action", "role", "state"),
        [("refuse", "committee", "refused"), ("withdraw", "school", "withdrawn")],
    )
    def test_a_reason(self, action: str, role: str, state: str) -> None:
        """Whoever refuses or withdraws says why, and that is the end."""
        county = County("ways_out").declared()
        assert ["needed"] == county.against(action, role)
        studio = county.act(action, role, remark="条件不够")
        assert (state, "条件不够") == (studio.state, studio.history[-1].remark)
        assert "wrong_state" in county.against("approve", "committee")


class TestPublicity:
    """Five working days, in which anybody may object."""

    def published(self, day: date = date(2024, 4, 29)) -> County:
        """Return a county whose studio was published."""
        county = County("publicity", day=day).upto("approve")
        county.act("publish", "office")
        return county

    def test_not_before(self) -> None:
        """Without publicity there is no plaque."""
        county = County("publicity").upto("approve")
        assert ["condition_open"] == county.against("plaque", "office")

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2024, 5, 9), ["published"]), (date(2024, 5, 10), [])]
    )
    def test_working_days(self, day: date, code: list[str]) -> None:
        """Days that the policy has off do not count: 30 April, and 6 to 9 May are five."""
        county = self.published()
        county.day = day
        assert code == county.against("plaque", "office")

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2024, 5, 14), ["published"]), (date(2024, 5, 15), [])]
    )
    def test_a_worked_saturday(self, day: date, code: list[str]) -> None:
        """A Saturday that is worked in exchange is one of the five."""
        county = self.published(date(2024, 5, 8))  # 9, 10, the worked 11, 13, 14
        county.day = day
        assert code == county.against("plaque", "office")

    def test_objection_stops_it(self) -> None:
        """The plaque waits until every objection is decided, however long that takes."""
        county = self.published()
        for remark in ("不实", "重复申报"):
            county.act("raise_objection", "anybody", remark=remark)
        county.day = date(2024, 6, 3)
        assert ["undisputed"] == county.against("plaque", "office")

        county.act("dismiss_objection", "committee", remark="查无实据")
        assert {"objection": 1} == county.studio.pending()
        assert ["undisputed"] == county.against("plaque", "office")

        county.act("dismiss_objection", "committee", remark="查无实据")
        assert "plaqued" == county.act("plaque", "office").state

    def test_upheld(self) -> None:
        """An objection that is upheld ends it."""
        county = self.published()
        assert ["nothing_pending"] == county.against("uphold_objection", "committee", remark="是")
        county.act("raise_objection", "anybody", remark="不实")
        studio = county.act("uphold_objection", "committee", remark="属实")
        assert ("struck_off", {}) == (studio.state, studio.pending())

    def test_too_late(self) -> None:
        """Nobody objects after the fifth day."""
        county = self.published()
        county.day = date(2024, 5, 10)
        assert ["too_late"] == county.against("raise_objection", "anybody", remark="迟了")


class TestOpinions:
    """Unit, district, city: each says whether it is for it."""

    def test_one_after_the_other(self) -> None:
        """Nobody gives an opinion before the level below is for it."""
        county = County("opinions").declared()
        order = ("school", "district", "city")
        for place, role in enumerate(order):
            for later in order[place + 1 :]:
                assert ["condition_open"] == county.against(f"{later}_opinion", later, opinion=True)
            assert ["condition_open"] == county.against("approve", "committee")
            county.act(f"{role}_opinion", role, opinion=True)
        assert [] == county.against("approve", "committee")

    def test_against(self) -> None:
        """An opinion against it stops it, until the same level is for it."""
        county = County("opinions").declared()
        county.act("school_opinion", "school", opinion=True)
        county.act("district_opinion", "district", opinion=False)
        assert ["district_first"] == county.against("city_opinion", "city", opinion=True)

        county.act("district_opinion", "district", opinion=True)
        assert [] == county.against("city_opinion", "city", opinion=True)

    def test_it_has_to_say(self) -> None:
        """For or against: an opinion that says neither is none."""
        county = County("opinions").declared()
        assert ["needed"] == county.against("school_opinion", "school")
        assert [True] == [county.act("school_opinion", "school", opinion=True).history[-1].opinion]


class TestMidTerm:
    """A review in the middle of the cycle."""

    def test_its_days(self) -> None:
        """It is held in the quarter after the first year, once."""
        county = County("mid_term").upto("operate")
        found = []
        for day in (date(2025, 3, 3), date(2025, 3, 4), date(2025, 6, 3), date(2025, 6, 4)):
            county.day = day
            found += [county.against("review_mid_term", "office", opinion=True)]
        assert [["too_early"], [], [], ["too_late"]] == found

        county.day = date(2025, 3, 4)
        county.act("review_mid_term", "office", opinion=True)
        assert ["done_this_cycle"] == county.against("review_mid_term", "office", opinion=True)

    @pytest.mark.parametrize(("opinion", "code"), [(True, []), (False, ["reviewed"])])
    def test_passed(self, opinion: bool, code: list[str]) -> None:  # noqa: FBT001 - for or against
        """Nobody is evaluated without it, or when it said no."""
        county = County("mid_term").upto("operate")
        assert ["reviewed"] == county.against("evaluate", "committee", facts={"lessons": 6})
        county.day = date(2025, 3, 4)
        county.act("review_mid_term", "office", opinion=opinion)
        assert code == county.against("evaluate", "committee", facts={"lessons": 6})


class TestYearlyReport:
    """A report every year."""

    def report(self, county: County, day: date) -> None:
        """Hand in a report on a day."""
        county.day = day
        county.act("report_yearly", "lead", records={"yearly_report": [{"on": day}]})

    def test_once_a_year(self) -> None:
        """There is one in a calendar year, and the answer says from when the next one may come."""
        county = County("yearly_report").upto("operate")
        self.report(county, date(2024, 12, 30))
        county.day = date(2024, 12, 31)
        records = {"yearly_report": [{"on": county.day}]}
        verdict = county.can("report_yearly", "lead", records=records)
        assert [("done_this_year", date(2025, 1, 1))] == [(r.code, r.when) for r in verdict.reasons]

    def test_missed_twice(self) -> None:
        """Whoever has missed two is not evaluated; one is borne."""
        county = County("yearly_report").upto("operate")
        facts = {"lessons": 6}
        found = []
        for day in (date(2025, 3, 3), date(2025, 3, 4), date(2026, 3, 3), date(2026, 3, 4)):
            county.day = day
            found += [county.against("evaluate", "committee", facts=facts)]
        assert [[], [], [], ["reported"]] == found

    def test_handed_in(self) -> None:
        """With a report in each year nothing is missing."""
        county = County("yearly_report").upto("operate")
        for day in (date(2024, 12, 30), date(2025, 12, 30)):
            self.report(county, day)
        county.day = date(2026, 3, 4)
        assert [] == county.against("evaluate", "committee", facts={"lessons": 6})


class TestSelfAssessment:
    """The studio's own sheet."""

    def test_beside_the_other(self) -> None:
        """It makes a sheet of its own, and not a point of the one that counts."""
        county = County("self_assessment").upto("operate")
        assert ["assessed_itself"] == county.against("evaluate", "committee", facts={"lessons": 6})

        studio = county.act("assess_itself", "lead", facts={"lessons": 9})
        assert studio.self_assessment is not None
        assert studio.sheet is None
        assert not studio.facts
        own = studio.self_assessment.total.points

        studio = county.act("evaluate", "committee", facts={"lessons": 6})
        assert studio.sheet is not None
        assert studio.self_assessment is not None
        assert own == studio.self_assessment.total.points == Fraction(90)
        assert Fraction(60) == studio.sheet.total.points

    def test_it_needs_facts(self) -> None:
        """An assessment without facts says nothing."""
        county = County("self_assessment").upto("operate")
        assert ["needed"] == county.against("assess_itself", "lead")


class TestVisit:
    """Somebody looks in unannounced."""

    def test_once_a_year(self) -> None:
        """One visit in a calendar year."""
        county = County("unannounced_visit").upto("operate")
        county.act("visit", "office")
        assert ["done_this_year"] == county.against("visit", "office")
        county.day = date(2025, 1, 1)
        assert [] == county.against("visit", "office")

    def test_what_was_found(self) -> None:
        """What a visit found has to be put right before the evaluation."""
        county = County("unannounced_visit").upto("operate")
        assert ["visited"] == county.against("find_fault", "office", gaps=["无活动记录"])
        county.act("visit", "office")
        county.act("find_fault", "office", gaps=["无活动记录"])
        assert ["nothing_found"] == county.against("evaluate", "committee", facts={"lessons": 6})

        county.act("put_right", "office", remark="已补")
        assert [] == county.against("evaluate", "committee", facts={"lessons": 6})

    def test_not_by_its_own(self) -> None:
        """Nobody visits a studio of their own unit."""
        county = County("unannounced_visit").upto("operate")
        own = Actor("p-9", unit="样例学校", roles={"office"})
        with pytest.raises(Denied) as denied:
            county.programme.act("visit", "s-01", by=own)
        assert ["own_unit"] == [reason.code for reason in denied.value.reasons]
