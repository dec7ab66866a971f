"""Until the plaque, and who belongs to a studio, o7 to o9: publicity, lead, members."""

from datetime import date

import pytest

from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Programme

from .replay import COMMITTEE, NEIGHBOUR, OFFICE, Replay, Stand, codes, school


class TestPublicity:
    """o9: five working days, and an objection stops the plaque until it is decided."""

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2022, 9, 9), ["publicity"]),  # the fifth one
            (date(2022, 9, 10), []),
        ],
    )
    def test_working_days(self, stand: Stand, day: date, code: list[str]) -> None:
        """The plaque waits for five working days after that of the publication."""
        replay = stand(date(2022, 9, 2))
        replay.day = day
        assert code == codes(replay.programme.can("plaque", "s01", by=OFFICE))

    def test_holidays(self, policy: Policy) -> None:
        """A holiday is no working day, and a Saturday that is worked in exchange for one is."""
        replay = Replay(policy, day=date(2022, 9, 28))
        programme = replay.programme
        application = {"name": "样例", "unit": school(1).unit, "lead": {"id": "lead-a"}}
        studio = programme.declare(application, by=school(1))
        studio = programme.approve(studio, by=COMMITTEE)
        replay.day = date(2022, 9, 30)
        studio = programme.act("publish", studio, by=OFFICE)
        found = []
        for day in range(1, 31):  # the first week of October is off, its two week-ends are worked
            replay.day = date(2022, 10, day)
            if programme.can("plaque", studio, by=OFFICE):
                found.append(replay.day)
        assert date(2022, 10, 13) == found[0]

    def test_objection(self, stand: Stand) -> None:
        """Each objection stops the plaque, however late it is decided."""
        programme: Programme = stand(date(2022, 9, 8)).programme
        assert {"objection": 1} == programme.studio("s11").pending()
        programme.act("raise_objection", "s11", by=NEIGHBOUR, remark="又一件")

        replay = stand(date(2022, 9, 13))
        asked = replay.programme.can("plaque", "s11", by=OFFICE)
        assert ["no_objection"] == codes(asked)
        assert replay.programme.can("plaque", "s01", by=OFFICE).reasons[0].code == "wrong_state"

    def test_not_after_the_five_days(self, stand: Stand) -> None:
        """Nobody objects once they are over."""
        replay = stand(date(2022, 9, 2))
        replay.day = date(2022, 9, 10)
        asked = replay.programme.can("raise_objection", "s01", by=NEIGHBOUR, remark="迟了")
        assert ["too_late"] == codes(asked)

    def test_upheld(self, stand: Stand) -> None:
        """A studio to whose name an objection was upheld gets no plaque."""
        programme = stand(date(2022, 9, 13)).programme
        studio = programme.act("uphold_objection", "s11", by=COMMITTEE, remark="属实")
        assert ("refused", {}) == (studio.state, studio.pending())

    def test_nothing_to_decide(self, stand: Stand) -> None:
        """Without an objection there is none to decide."""
        programme = stand(date(2022, 9, 8)).programme
        for action in ("dismiss_objection", "uphold_objection"):
            asked = programme.can(action, "s01", by=COMMITTEE, remark="无")
            assert ["nothing_pending"] == codes(asked)


class TestLead:
    """o7: a change of lead is reported within 30 days."""

    @pytest.mark.parametrize(("days", "late"), [(0, []), (30, []), (31, ["reported_late"])])
    def test_in_time(self, stand: Stand, days: int, late: list[str]) -> None:
        """The thirtieth day is in time, and the day after is flagged."""
        changed = date(2023, 3, 1)
        replay = stand(changed)
        replay.day = date.fromordinal(changed.toordinal() + days)
        step = replay.programme.take(
            "change_lead",
            "s01",
            by=school(1),
            on=changed,
            lead={"id": "lead-z", "name": "领衔人亥"},
            remark="调动",
        )
        warned = {reason.code for reason in step.verdict.warnings}

        assert {*late} == warned - {"backdated"}
        assert step.studio.application is not None
        assert "lead-z" == step.studio.application.lead.id

    def test_the_new_lead_acts(self, stand: Stand) -> None:
        """From then on it is the new lead's studio, and still none that the former one judges."""
        programme = stand(date(2025, 9, 1)).programme
        studio = programme.studio("s09")

        assert studio.application is not None
        assert "lead-m" == studio.application.lead.id
        former = Actor("lead-i", unit="elsewhere", roles={"committee"})
        assert "own_studio" in codes(programme.can("evaluate", "s09", by=former))


class TestMembers:
    """o8: nobody is a member of two studios."""

    def test_refused(self, stand: Stand) -> None:
        """Whoever is a member here can not be recorded as one there, until they have left."""
        replay = stand(date(2025, 9, 1))
        programme, day = replay.programme, date(2025, 9, 1)
        kept = next(r for r in programme.studio("s01").of_kind("member")).document()
        joining = {"member": [{"person": kept["person"], "joined": day}]}

        asked = programme.can("record", "s02", by=school(2), records=joining)
        assert ["on_other_roster"] == codes(asked)

        record = next(r for r in programme.studio("s01").of_kind("member"))
        left = {**record.document(), "id": record.id, "left": date(2025, 8, 31)}
        left["joined"] = date(2022, 9, 1)
        programme.correct("s01", {"member": [left]}, by=school(1), remark="退出")
        assert programme.can("record", "s02", by=school(2), records=joining)
