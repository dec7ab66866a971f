"""An attempt: who wants to do what to which studio, when, and what is handed in with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from attrs import field, frozen

from studioflow.people import Actor
from studioflow.rubric import FactFile
from studioflow.studio import Application, Override, Studio

__all__ = ["Attempt"]


def _fact_file(facts: FactFile | Mapping[str, object] | None) -> FactFile:
    return facts if isinstance(facts, FactFile) else FactFile(facts=facts or {})


def nowhere(_: str) -> tuple[str, ...]:
    """Return that no other studio holds the evidence: nobody has looked."""
    return ()


@frozen(kw_only=True)
class Attempt:
    """One action that somebody wants to take.

    Attributes:
        studio: as it is now.
        action: the transition.
        by: who; `on`: the day.
        facts: handed in with it: plain, or a fact file with marks and an inspection.
        application: for the action that declares a studio.
        decision: the grade that the committee decides, where the policy leaves it to them.
        overrides: conditions to set aside, by id ("window" for the calendar's), with the reason.
        records: for the case file, by kind, as plain dicts or instances of the kind's class.
        strike: ids of records, and marks as `criterion/person`, that are wrong and have to go.
        gaps: what is still missing, in words.
        places_left: of the batch's quota; None where it is not known.
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
    places_left: int | None = None
    remark: str | None = None
    today: date | None = None
    elsewhere: Callable[[str], Iterable[str]] = nowhere
    recorded: datetime | None = None
    key: str | None = None
