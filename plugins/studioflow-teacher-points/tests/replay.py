"""The sample batch as it was on any day, in a programme with which a test can go on."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from attrs import define, field

from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Batch, PlannedStep, Programme
from studioflow.register import MemoryRegister
from studioflow.studio import Event
from studioflow.verdict import Denied, Verdict

COMMITTEE = Actor("p-01", unit="考核评定委员会", roles={"committee"})
OFFICE = Actor("p-02", unit="名师办", roles={"office"})
NEIGHBOUR = Actor("n-01", unit="样例学校十三", roles={"anybody"})
Written = tuple[Event, dict[str, Any]]


def school(number: int) -> Actor:
    """Return whoever acts for the school of a studio of the sample, by its number."""
    signs = "一二三四五六七八九十"
    ones = signs[number - 1] if number <= len(signs) else f"十{signs[number - 11]}"
    return Actor(f"h-{number:02}", unit=f"样例学校{ones}", roles={"school"})


class _Noted(MemoryRegister):
    """A register that notes what was written to it, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[Written] = []

    def append(self, event: Event, **told: Any) -> Event:  # noqa: ANN401 - whatever is told
        """Keep an event as ever."""
        kept = super().append(event, **told)
        self.written.append((kept, told))
        return kept


@define
class Replay:
    """A programme under a clock that stands still until it is set.

    Attributes:
        day: on which the clock stands, at noon.
    """

    policy: Policy
    day: date = date(2022, 8, 15)
    register: _Noted = field(factory=_Noted)
    programme: Programme = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.programme = Programme.open(self.policy, register=self.register, clock=self._now)

    def _now(self) -> datetime:
        return datetime.combine(self.day, time(12), tzinfo=UTC)

    def take(self, batch: Batch) -> list[Written]:
        """Take every step of a batch, and return all that was written."""
        for step in batch.steps:
            self._take(batch, step)
        return self.register.written

    def restore(self, written: Iterable[Written], last: date) -> None:
        """Write down what was written by a day, and stand on that day."""
        for event, told in written:
            if event.recorded is not None and event.recorded.date() <= last:
                self.register.append(event, **told)
        self.day = last

    def _take(self, batch: Batch, step: PlannedStep) -> None:
        self.day = step.recorded or step.on
        known = step.studio in self.register.studios()
        try:
            self.programme.act(
                step.action,
                step.studio,
                by=step.by,
                on=step.on,
                application=None if known else batch.studios[step.studio],
                facts=step.handed_in,
                records=step.case.records,
                decision=step.decision,
                remark=step.remark or "",
                opinion=step.opinion,
                lead=step.lead,
                amount=step.amount,
            )
        except Denied:
            if (step.studio, step.action) != ("s11", "plaque"):  # the one that is, in the batch
                raise


Stand = Callable[[date], Replay]
"""Puts the batch where it was at the end of a day."""


def codes(verdict: Verdict) -> list[str]:
    """Return the codes of what stands against it."""
    return [reason.code for reason in verdict.reasons]
