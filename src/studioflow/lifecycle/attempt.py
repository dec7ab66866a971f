"""An attempt: who wants to do what to which studio, when, and what is handed in with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from studioflow.people import Actor
from studioflow.rubric import FactFile
from studioflow.studio import Application, Override, Studio

__all__ = ["Attempt"]


def _fact_file(facts: FactFile | Mapping[str, object] | None) -> FactFile:
    return facts if isinstance(facts, FactFile) else FactFile(facts=facts or {})


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
        places_left: of the batch's quota; None where it is not known.
    """

    studio: Studio
    action: str
    by: Actor
    on: date
    facts: FactFile = field(default=None, converter=_fact_file)
    application: Application | None = None
    decision: str | None = None
    overrides: Mapping[str, Override] = field(factory=dict)
    places_left: int | None = None
    remark: str | None = None
