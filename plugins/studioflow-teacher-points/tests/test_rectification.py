"""Time to rectify, and what follows if that fails, o3 to o5."""

from datetime import date
from fractions import Fraction

import pytest

from studioflow.policy import Policy
from studioflow.programme import Batch
from studioflow.programme.actions import Given

from .replay import COMMITTEE, OFFICE, Replay, Stand, codes, school

PASSED = ("s02", "s04", "s05", "s06", "s08", "s09", "s10", "s11")
PLACES_TAKEN = date(2025, 10, 10)
CHECKED = date(2026, 1, 14)


class TestRectification:
    """o3 to o5: three months, a second check, and what follows if that fails."""

    def test_of_whom(self, stand: Stand) -> None:
        """It is demanded of the last one, and of whoever has two yearly reports missing."""
        programme = stand(date(2025, 10, 9)).programme
        asked = {
            s.id: programme.can("demand_rectification", s, by=OFFICE) for s in programme.studios()
        }

        assert {"s07", "s12"} == {name for name, verdict in asked.items() if verdict}
        assert ["has_to"] == codes(asked["s04"])

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2026, 1, 10), ["too_early"]), (date(2026, 1, 11), [])]
    )
    def test_three_months(self, stand: Stand, day: date, code: list[str]) -> None:
        """The second check comes once the three months are over."""
        replay = stand(PLACES_TAKEN)
        replay.day = day
        asked = replay.programme.can("check_again", "s12", by=COMMITTEE, opinion=False)
        assert code == codes(asked)
        if code:
            assert [date(2026, 1, 11)] == [reason.when for reason in asked.reasons]

    def test_not_before_it_failed(self, stand: Stand) -> None:
        """Nobody is dissolved without a second check, nor after one that went well."""
        replay = stand(CHECKED)
        papers: Given = {"remark": "复核", "amount": 3200}
        verdicts = {
            name: replay.programme.can("dissolve", name, by=COMMITTEE, **papers)
            for name in ("s07", "s12")
        }
        assert (["failed"], []) == (codes(verdicts["s07"]), codes(verdicts["s12"]))

        replay = stand(PLACES_TAKEN)
        asked = replay.programme.can("dissolve", "s12", by=COMMITTEE, remark="复核", amount=3200)
        assert ["failed"] == codes(asked)

    def test_dissolved(self, stand: Stand) -> None:
        """It has to pay back what it did not spend, and its plaque is taken down, once."""
        replay = stand(date(2026, 1, 23))
        studio = replay.programme.studio("s12")
        *_, dissolved, removed = studio.history

        assert ("dissolve", Fraction(3200)) == (dissolved.action, dissolved.recovered)
        assert ("remove_plaque", "dissolved") == (removed.action, studio.state)
        assert ["already_done"] == codes(replay.programme.can("remove_plaque", "s12", by=OFFICE))

    def test_the_amount_is_needed(self, stand: Stand) -> None:
        """Without the amount that was not spent, nobody is dissolved."""
        asked = stand(CHECKED).programme.can("dissolve", "s12", by=COMMITTEE, remark="复核未通过")
        assert ["needed"] == codes(asked)

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2032, 1, 19), ["banned"]), (date(2032, 1, 20), [])]
    )
    def test_ban(self, stand: Stand, day: date, code: list[str]) -> None:
        """The lead of a dissolved studio does not apply for six years, from whatever school."""
        replay = stand(date(2026, 1, 23))
        lead = replay.programme.studio("s12").application
        assert lead is not None
        replay.day = day
        elsewhere = school(2)
        again = {"name": "新工作室", "unit": elsewhere.unit, "lead": {"id": lead.lead.id}}
        asked = replay.programme.can("declare", by=elsewhere, application=again)
        assert code == codes(asked)
        assert all(reason.when == date(2032, 1, 20) for reason in asked.reasons)

    def test_who_is_banned(self, policy: Policy, batch: Batch, stand: Stand) -> None:
        """The school may declare another lead's studio, unless the county bans the school too."""
        free = stand(date(2026, 1, 23)).programme
        stricter = Replay(policy.vary({"readings/ban_of": "lead_and_school"}))
        stricter.take(batch)
        strict = stricter.programme
        other = {"name": "新工作室", "unit": school(12).unit, "lead": {"id": "lead-z"}}

        asked = [p.can("declare", by=school(12), application=other) for p in (free, strict)]
        assert [[], ["banned"]] == [codes(verdict) for verdict in asked]
