"""An attempt: who wants to do what to which studio, when, and what is handed in with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from attrs import field, frozen

from studioflow.lifecycle.made_once import made_once
from studioflow.people import Actor, Person
from studioflow.rubric import FactFile
from studioflow.studio import Application, Override, Studio

__all__ = ["NOBODY", "NO_FACTS", "Attempt"]

NO_FACTS = FactFile()
"""What is handed in where nobody hands in facts, marks or an inspection."""


NOBODY = Actor("nobody", unit="nowhere")
"""Who stands where somebody will."""


def _fact_file(facts: FactFile | Mapping[str, object] | None) -> FactFile:
    if not facts:
        return NO_FACTS
    return facts if isinstance(facts, FactFile) else FactFile(facts=facts)


def nowhere(_: str) -> tuple[str, ...]:
    """Return that no other studio holds the evidence: nobody has looked."""
    return ()


@frozen(kw_only=True, slots=False)  # slots are slower to fill, and it has many fields
class Attempt:
    """One action that somebody wants to take.

    Attributes:
        studio: as it is now.
        action: the transition.
        by: who; `on`: the day.
        facts: handed in with it: plain, or a fact file with marks and an inspection.
        application: for the action that declares a studio.
        decision: the grade that the committee decides, where the policy leaves it to them, or that
            the batch gives.
        overrides: conditions to set aside, by id ("window" for the calendar's), with the reason.
        records: for the case file, by kind, as plain dicts or instances of the kind's class.
        strike: ids of records, and marks as `criterion/person`, that are wrong and have to go.
        gaps: what is still missing, in words.
        due: the deadline that is set with it.
        opinion: whether the actor speaks for the studio.
        lead: who leads the studio from now on.
        amount: in yuan, what is to be paid back.
        places_left: of the batch's quota; None where it is not known.
        banned_until: the last day on which lead or unit may not declare; None: they may.
        batch_grades: those that the places of the batch leave to it; one, where that is settled.
        today: the day on which it is written down; None is the day claimed.
        elsewhere: tells which studios hold the evidence of a digest.
        recorded, key: written on the event; see there.
    """

    studio: Studio
    action: str
    by: Actor
    on: date
    facts: FactFile = field(default=None, converter=_fact_file)
    application: Application | None = None
    decision: str | None = None
    overrides: Mapping[str, Override] = field(factory=dict)
    records: Mapping[str, Sequence[object]] = field(factory=dict)
    strike: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    due: date | None = None
    opinion: bool | None = None
    lead: Person | None = None
    amount: Fraction | None = None
    places_left: int | None = None
    banned_until: date | None = None
    batch_grades: tuple[str | None, ...] = ()
    remark: str | None = None
    today: date | None = None
    elsewhere: Callable[[str], Iterable[str]] = nowhere
    recorded: datetime | None = None
    key: str | None = None

    @classmethod
    def plain(
        cls, action: str, studio: Studio, by: Actor, on: date, known: Mapping[str, object]
    ) -> Attempt:
        """Return an attempt with which nothing came but what the programme knows.

        Not by `__init__`, which goes through two dozen fields to find that they are left out.
        """
        made = object.__new__(cls)
        values = made.__dict__
        values.update(_LEFT_OUT)
        values["action"], values["studio"], values["by"], values["on"] = action, studio, by, on
        values.update(known)
        return made

    @made_once
    def takes_in(self) -> bool:
        """Whether facts, marks, an inspection or records came with it, or something is struck."""
        return self.facts is not NO_FACTS or bool(self.records) or bool(self.strike)

    @made_once
    def is_bare(self) -> bool:
        """Whether nothing came with it that has to fit the policy."""
        return (
            not self.takes_in
            and self.decision is None
            and not self.overrides
            and self.due is None
            and self.opinion is None
            and self.lead is None
            and self.amount is None
            and (self.places_left is None or self.places_left >= 0)
        )


_LEFT_OUT = dict(Attempt(studio=Studio(id="none"), action="", by=NOBODY, on=date.min).__dict__)
