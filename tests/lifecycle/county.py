"""A programme under one of the little policies in `facts/`, with people, papers and a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Unpack

from attrs import define, field

from studioflow.host import Host, load_policy
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.programme.actions import Given
from studioflow.studio import Studio
from studioflow.verdict import Verdict

FACTS = Path(__file__).parent / "facts"
APPLICATION = {"name": "样例工作室", "unit": "样例学校", "lead": {"id": "lead-a"}}
WAY = ("approve", "plaque", "operate", "evaluate", "commend")
BY = {"operate": "school", "plaque": "office"}


def actor(role: str) -> Actor:
    """Return somebody in a role; the school and the lead are the studio's own."""
    own = role in {"school", "lead"}
    name = "lead-a" if role == "lead" else f"p-{role}"
    return Actor(name, unit="样例学校" if own else role, roles={role})


def loaded(name: str, changes: Mapping[str, object] | None = None) -> Policy:
    """Return a policy of the folder, with changes."""
    return load_policy(FACTS / f"{name}.toml", changes=changes, host=Host())


@define
class County:
    """A programme in which one studio goes its way.

    Attributes:
        name: of the policy's file.
        changes: to the policy.
        day: on which the clock stands, at noon.
    """

    name: str
    changes: Mapping[str, object] | None = None
    day: date = date(2024, 3, 4)
    policy: Policy = field(init=False)
    programme: Programme = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.policy = loaded(self.name, self.changes)
        self.programme = Programme.open(self.policy, host=Host(), clock=self._now)

    def _now(self) -> datetime:
        return datetime.combine(self.day, time(12), tzinfo=UTC)

    @property
    def studio(self) -> Studio:
        """The studio as it is now."""
        return self.programme.studio("s-01")

    def declared(self) -> County:
        """Declare the studio."""
        self.programme.declare(APPLICATION, by=actor("school"))
        return self

    def upto(self, action: str, lessons: int = 6) -> County:
        """Take the usual steps up to one, this one included; evaluated with so many lessons."""
        self.declared()
        for step in WAY[: WAY.index(action) + 1]:
            given: Given = {"facts": {"lessons": lessons}} if step == "evaluate" else {}
            self.act(step, BY.get(step, "committee"), **given)
        return self

    def can(self, action: str, role: str, **given: Unpack[Given]) -> Verdict:
        """Ask about a step of the studio."""
        return self.programme.can(action, "s-01", by=actor(role), **given)

    def act(self, action: str, role: str, **given: Unpack[Given]) -> Studio:
        """Take a step of the studio."""
        return self.programme.act(action, "s-01", by=actor(role), **given)

    def against(self, action: str, role: str, **given: Unpack[Given]) -> list[str]:
        """Return the codes of what stands against a step."""
        return [reason.code for reason in self.can(action, role, **given).reasons]
