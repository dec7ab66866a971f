"""The six states in a row of `facts/base.toml`, with what a test writes under them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

from attrs import define, field

from studioflow.host import Host
from studioflow.policy import Document, Policy, build_policy
from studioflow.programme import Programme
from studioflow.register import MemoryRegister, Register
from studioflow.studio import Studio
from tests.lifecycle.county import BY, FACTS, WAY, actor


def little(more: str = "", change: Callable[[str], str] = str) -> Policy:
    """Return the policy, with more tables at its end and its own text changed."""
    text = change((FACTS / "base.toml").read_text(encoding="utf-8"))
    return build_policy(Document(tomllib.loads(text + more, parse_float=Decimal), name="little"))


def step(name: str, more: str, source: str = "operating", by: str = "office") -> str:
    """Return the table of a step that leaves the studio where it is, unless `more` says where."""
    to = "" if "\nto =" in f"\n{more}" else 'to = "same"\n'
    label = f'label = {{ zh = "{name}", en = "{name}" }}'
    head = f'\n[lifecycle.transitions.{name}]\n{label}\nfrom = "{source}"\n{to}by = ["{by}"]\n'
    return f"{head}{more}\n"


def applies(number: int = 1, **more: object) -> dict[str, object]:
    """Return the application of the studio of that number."""
    lead = {"id": f"lead-{number}", "name": f"领衔人{number}"}
    return {"name": f"工作室{number}", "unit": f"unit {number}", "lead": lead, **more}


@define
class Bureau:
    """A programme whose clock the test sets."""

    policy: Policy
    day: date = date(2024, 3, 4)
    register: Register = field(factory=MemoryRegister)
    programme: Programme = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.programme = self.opened()

    def opened(self) -> Programme:
        """Return one more programme over the same register."""
        return Programme.open(
            self.policy, register=self.register, host=Host(), clock=lambda: self.now
        )

    @property
    def now(self) -> datetime:
        """Noon of the day."""
        return datetime.combine(self.day, time(12), tzinfo=UTC)

    def declared(self, number: int = 1, **more: object) -> Studio:
        """Declare a studio."""
        by = actor("school")
        return self.programme.declare(applies(number, **more), f"s-{number:02}", by=by)

    def upto(self, action: str, number: int = 1, lessons: int = 6) -> Studio:
        """Take the usual steps of a studio up to one, this one included."""
        studio = self.declared(number, unit="样例学校")
        for name in WAY[: WAY.index(action) + 1]:
            facts = {"lessons": lessons} if name == "evaluate" else None
            by = actor(BY.get(name, "committee"))
            studio = self.programme.act(name, studio, by=by, facts=facts)
        return studio
