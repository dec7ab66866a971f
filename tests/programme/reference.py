"""A programme under the reference policy, whose clock the test sets, and the people in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from attrs import define, field

from studioflow.host import Host
from studioflow.people import Actor, Mark
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.register import MemoryRegister, Register
from studioflow.rubric import InspectedItem, Inspection
from studioflow.studio import Event, Studio
from tests.lifecycle.conftest import DAYS, EVALUATION, SITE


def school(number: int = 1) -> Actor:
    """Return the Party organisation of the studio of that number: every one has its own unit."""
    unit = "样例学校" if number == 1 else f"样例学校{number}"
    return Actor(f"h-{number:02}", unit=unit, roles={"host_party"})


SCHOOL = school()
LEAD = Actor("lead-a", unit="样例学校", roles={"lead"})
COMMITTEE = Actor("p-01", unit="局机关党委", roles={"bureau_committee"})
COUNTY = Actor("p-02", unit="县教育局", roles={"county_bureau"})
OFFICE = Actor("p-03", unit="名师办", roles={"master_teacher_office"})
ASSESSORS = tuple(Actor(f"p-1{n}", unit="县教育局", roles={"assessor"}) for n in range(3))
WAY = ("declare", "approve", "plaque", "operate", "evaluate", "commend")
STATE_AFTER = {
    "declared": 1,
    "approved": 2,
    "plaqued": 3,
    "operating": 4,
    "evaluated": 5,
    "commended": 6,
}
FORM: Mapping[str, object] = {
    "studio_name": "样例工作室",
    "lead": {"id": "lead-a", "name": "领衔人甲"},
    "lead_contact": "电话甲",
}
FULL_FORM: Mapping[str, object] = {
    **FORM,
    "foundation": "三年的研修基础",
    "plan_and_effects": "带出一批骨干",
    "host_party_opinion": {"text": "同意", "sealed": True, "on": date(2023, 3, 21)},
}


def application(number: int = 1) -> dict[str, Any]:
    """Return what the studio of that number declares; every one has a school of its own."""
    unit = school(number).unit
    lead = "lead-a" if number == 1 else f"lead-{number}"
    return {
        "name": f"样例工作室{number}",
        "unit": unit,
        "lead": {"id": lead, "name": f"领衔人{number}"},
        "members": [{"id": f"m-{number}-{n}", "name": f"成员{n}"} for n in range(7)],
    }


def activity(number: int, on: date, **more: object) -> dict[str, object]:
    """Return a complete research activity."""
    made = {"on": on, "theme": f"主题{number}", "notice": [f"通知{number}"], "brief": ["简讯"]}
    return {**made, **more}


def roster(kind: str, count: int, on: date = date(2023, 3, 21)) -> dict[str, list[object]]:
    """Return so many people who joined on a day."""
    return {
        kind: [
            {"person": {"id": f"{kind}-{n}", "name": f"{kind} {n}"}, "joined": on}
            for n in range(count)
        ]
    }


def inspection(by: Actor = COUNTY, **found: bool) -> Inspection:
    """Return what somebody found at the site: everything, unless something else is said."""
    items = {item: InspectedItem(present=found.get(item, True)) for item in SITE}
    (role,) = by.roles
    return Inspection(items=items, by=by.id, role=role, unit=by.unit)


def mark(criterion: str, points: int | bool, by: Actor = ASSESSORS[0]) -> Mark:  # noqa: FBT001 - a mark's value
    """Return somebody's points for an item, or whether a gate is met."""
    (role,) = by.roles
    value: dict[str, Any] = (
        {"met": points} if isinstance(points, bool) else {"points": Fraction(points)}
    )
    return Mark(criterion=criterion, by=by.id, role=role, unit=by.unit, **value)


@define
class Clock:
    """A clock that stands still until it is set."""

    now: datetime = datetime(2023, 3, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment that it was set to."""
        return self.now

    def on(self, day: date, hour: int = 9) -> None:
        """Set it to an hour of a day."""
        self.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    def later(self, **by: int) -> None:
        """Set it forward, or back."""
        self.now += timedelta(**by)


@define
class World:
    """One programme, with its clock and its register."""

    policy: Policy
    host: Host = field(factory=lambda: Host(()))
    register: Register = field(factory=MemoryRegister)
    clock: Clock = field(factory=Clock)
    programme: Programme = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.programme = self.opened()

    def opened(self) -> Programme:
        """Return one more programme over the same register."""
        return Programme.open(self.policy, register=self.register, host=self.host, clock=self.clock)

    def step(self, action: str, studio: Studio | str | None, number: int = 1) -> Studio:
        """Take a step of the way on its day, with the right person and the right papers."""
        self.clock.on(DAYS[action])
        programme = self.programme
        match action, studio:
            case "declare", _:
                return programme.declare(application(number), studio, by=school(number))
            case "approve", str() | Studio():
                return programme.approve(studio, by=COMMITTEE)
            case "plaque", str() | Studio():
                return programme.plaque(studio, by=COUNTY, inspection=inspection())
            case "operate", str() | Studio():
                return programme.operate(studio, by=LEAD if number == 1 else school(number))
            case "evaluate", str() | Studio():
                held = programme.studio(studio).records.values()
                kept = {record.kind for record in held}
                measures = self.policy.measures
                facts = {
                    name: value
                    for name, value in EVALUATION.items()
                    if name not in measures or not kept.intersection(measures[name].of)
                }
                return programme.evaluate(studio, by=COMMITTEE, decision="passed", facts=facts)
            case "commend", str() | Studio():
                return programme.commend(studio, by=COMMITTEE, decision="outstanding")
        raise AssertionError(action)

    def studio(self, state: str, number: int = 1) -> Studio:
        """Return a new studio that has come as far as a state."""
        steps = WAY[: STATE_AFTER[state]]
        studio = self.step("declare", None, number)
        if "approve" in steps:
            self.programme.record(studio, roster("member", 7), by=school(number))
        for action in steps[1:]:
            studio = self.step(action, studio, number)
        return studio


def everything(register: Register) -> dict[str, tuple[Event, ...]]:
    """Return every event of a register, by studio."""
    return {studio: register.events(studio) for studio in register.studios()}


def codes(reasons: Sequence[object]) -> list[str]:
    """Return the codes of reasons or problems."""
    return [str(getattr(reason, "code")) for reason in reasons]  # noqa: B009 - either of two types
