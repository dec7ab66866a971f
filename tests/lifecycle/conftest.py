"""The reference procedure, and people and papers that take a studio from state to state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

import pytest
from attrs import evolve, field, frozen

from studioflow.host import load_policy
from studioflow.lifecycle import HandedIn, Lifecycle, Step
from studioflow.people import Actor, Mark, Person
from studioflow.policy import UNDECLARED, Policy
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.studio import Application, Studio
from studioflow.verdict import Verdict

WAY = ("declare", "approve", "plaque", "operate", "evaluate", "commend")
STATES = (UNDECLARED, "declared", "approved", "plaqued", "operating", "evaluated", "commended")
"""The states on the way; `ASIDE` are those that a studio comes to by a way out."""
WAYS_OUT = {
    "returned": ("declared", "return_for_completion"),
    "refused": ("declared", "refuse"),
    "withdrawn": ("operating", "withdraw"),
    "revoked": ("operating", "revoke"),
}
ASIDE = (*WAYS_OUT,)
STAYING = ("record", "correct", "inspect", "mark", "reward")
"""Actions that leave a studio in its state."""
DAYS = {
    "declare": date(2023, 3, 22),
    "approve": date(2023, 4, 14),
    "plaque": date(2023, 6, 15),
    "operate": date(2023, 6, 19),
    "evaluate": date(2024, 11, 20),
    "commend": date(2024, 12, 6),
    "return_for_completion": date(2023, 4, 3),
    "refuse": date(2023, 4, 14),
    "withdraw": date(2024, 1, 10),
    "revoke": date(2024, 1, 10),
    "record": date(2024, 1, 10),
    "correct": date(2024, 1, 10),
    "inspect": date(2023, 6, 12),
    "mark": date(2024, 11, 18),
    "reward": date(2024, 12, 20),
}
ROLE = {
    "declare": "host_party",
    "approve": "bureau_committee",
    "plaque": "county_bureau",
    "operate": "lead",
    "evaluate": "bureau_committee",
    "commend": "bureau_committee",
    "return_for_completion": "bureau_committee",
    "refuse": "bureau_committee",
    "withdraw": "host_party",
    "revoke": "bureau_committee",
    "record": "host_party",
    "correct": "host_party",
    "inspect": "county_bureau",
    "mark": "assessor",
    "reward": "county_bureau",
}
SITE = ("fixed_place", "flag", "emblem", "oath", "resources", "records", "management")
# 9 + 9 + 18 + 4 + 9 + 10 + 9 + 4 + 5 + 11 + 4 = 92 points, every gate met.
EVALUATION: Mapping[str, object] = MappingProxyType(
    {
        "classroom_help": True,
        "campus_service": True,
        "home_visits": True,
        "mentoring": True,
        "open_lessons": True,
        "residency": False,
        "members": 7,
        "team_confirmed": True,
        "ceremony_confirmed": True,
        "goal_mark": 9,
        "training_mark": 9,
        "activities": 18,
        "activities_year_1": 9,
        "activities_year_2": 9,
        "funds_proper": True,
        "funds_papers": "in_time",
        "funds_mark": 4,
        "website_mark": 9,
        "website_faults": 0,
        "lead_research": True,
        "trainees": 20,
        "trainees_with_research": 3,
        "trainees_with_output": 17,
        "output_mark": 9,
        "trainees_promoted": 4,
        "promotion_mark": 4,
        "station_mark": 5,
        "feature_mark": 11,
        "public_benefit": True,
        "media_coverage": False,
    }
)

MARK = Mark(criterion="5.1.1", by="p-11", role="assessor", unit="县教育局", points=Fraction(9))


def person(role: str, name: str = "", unit: str = "") -> Actor:
    """Return somebody in a role: of the studio's unit where the role is for one's own, else not."""
    usual = "样例学校" if role in {"host_party", "lead"} else f"unit of {role}"
    return Actor(name or f"p-{role}", unit=unit or usual, roles={role})


@frozen(kw_only=True)
class World:
    """A policy, its lifecycle, and what each action needs to be allowed."""

    policy: Policy
    lifecycle: Lifecycle
    application: Application = field(
        default=Application(
            name="样例工作室",
            unit="样例学校",
            lead=Person("lead-a", "领衔人甲"),
            members=tuple(Person(f"member-{n}", f"成员{n}") for n in range(7)),
        )
    )

    def varied(self, changes: Mapping[str, object]) -> World:
        """Return the same under a variation of the policy."""
        policy = self.policy.vary(changes)
        return evolve(self, policy=policy, lifecycle=Lifecycle(policy))

    def under(self, lifecycle: Lifecycle) -> World:
        """Return the same with another lifecycle."""
        return evolve(self, policy=lifecycle.policy, lifecycle=lifecycle)

    def papers(self, action: str) -> HandedIn:
        """Return what lets the action through."""
        match action:
            case "declare":
                return {"application": self.application}
            case "approve":
                return {"places_left": 3, "facts": {"application_complete": True}}
            case "plaque":
                return {"facts": {"members": 7, **{f"site_{item}": True for item in SITE}}}
            case "operate":
                return {"facts": {"goals": 1, "key_works": 1, "beneficiaries": 1, "features": 1}}
            case "evaluate":
                return {"facts": EVALUATION, "decision": "passed"}
            case "commend":
                return {"decision": "outstanding"}
            case "return_for_completion":
                return {"gaps": ("创建基础未填",)}
            case "refuse" | "withdraw" | "revoke":
                return {"remark": "经研究决定"}
            case "correct":
                more = {"beneficiary": [{"group": "山区学校的学生"}]}
                return {"remark": "经研究决定", "records": more}
            case "record":
                return {"records": {"beneficiary": [{"group": "山区学校的教师"}]}}
            case "inspect":
                found = {item: InspectedItem(present=True) for item in SITE}
                return {"facts": FactFile(inspection=Inspection(items=found))}
            case "mark":
                return {"facts": FactFile(marks=(MARK,))}
        return {}

    def can(
        self,
        action: str,
        studio: Studio,
        *,
        by: Actor | None = None,
        on: date | None = None,
        papers: HandedIn | None = None,
    ) -> Verdict:
        """Ask; the right person with the right papers on the right day where nothing is said."""
        return self.lifecycle.can(
            action,
            studio,
            by=by or person(ROLE[action]),
            on=on or DAYS[action],
            **(self.papers(action) if papers is None else papers),
        )

    def act(
        self,
        action: str,
        studio: Studio,
        *,
        by: Actor | None = None,
        on: date | None = None,
        papers: HandedIn | None = None,
    ) -> Step:
        """Act; the right person with the right papers on the right day where nothing is said."""
        return self.lifecycle.act(
            action,
            studio,
            by=by or person(ROLE[action]),
            on=on or DAYS[action],
            **(self.papers(action) if papers is None else papers),
        )

    def studio(self, state: str) -> Studio:
        """Return a studio that has come as far as the state."""
        studio = Studio(id="s-01")
        if state in ASIDE:
            last, out = WAYS_OUT[state]
            return self.act(out, self.studio(last)).studio
        for action in WAY[: STATES.index(state)]:
            studio = self.act(action, studio).studio
        return studio


@pytest.fixture(scope="session")
def world() -> World:
    """The reference policy and its lifecycle."""
    policy = load_policy("yongjia-2023")
    return World(policy=policy, lifecycle=Lifecycle(policy))


def codes(verdict: Verdict) -> list[str]:
    """Return the codes of what stands against it."""
    return [reason.code for reason in verdict.reasons]
