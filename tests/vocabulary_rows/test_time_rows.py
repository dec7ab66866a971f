"""The row about time: when evidence counts, and when somebody may come back."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from studioflow.lifecycle import Lifecycle
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.studio import Record, Studio, case_facts


class TestTimeWindows:
    """When evidence counts, and when somebody may come back."""

    BUREAU = Actor("p-01", unit="县教育局", roles={"bureau"})

    def named(self, policy: Policy) -> Studio:
        """Return a studio that applied on 9 January 2023."""
        application = {"name": "甲", "unit": "样例学校", "lead": {"id": "h-01"}}
        step = Lifecycle(policy).act(
            "declare",
            Studio(id="s-01"),
            by=self.BUREAU,
            on=date(2023, 1, 9),
            application=application,
        )
        return step.studio

    @pytest.mark.parametrize(
        ("kind", "fact", "days", "inside"),
        [
            (
                "talk",
                "activities",
                ["2022-12-31", "2023-01-01", "2025-12-31", "2026-01-01"],
                ["2023-01-01", "2025-12-31"],
            ),
            (
                "paper",
                "essays",
                ["2020-01-08", "2020-01-09", "2023-01-09", "2023-01-10"],
                ["2020-01-09", "2023-01-09"],
            ),
        ],
    )
    def test_evidence_inside_a_window(
        self, policy: Policy, kind: str, fact: str, days: list[str], inside: list[str]
    ) -> None:
        """The cycle, and the three years before the application; both ends count."""
        kept = {
            day: Record(kind=kind, id=day, data={"on": day}, handed_in=date(2026, 5, 1))
            for day in days
        }
        found = case_facts(policy, evolve(self.named(policy), records=kept), date(2026, 6, 1))
        assert inside == list(found[fact].counted)

    def test_a_ban_after_removal(self, policy: Policy) -> None:
        """Three years, to the day."""
        procedure = Lifecycle(policy)
        named = self.named(policy)
        removed = procedure.act("remove", named, by=self.BUREAU, on=date(2024, 5, 10)).studio
        days = (date(2024, 5, 11), date(2027, 5, 9), date(2027, 5, 10))
        allowed = [bool(procedure.can("declare", removed, by=self.BUREAU, on=day)) for day in days]
        assert [False, False, True] == allowed
