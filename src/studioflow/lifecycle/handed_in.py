"""What may come with an action, all of it by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TypedDict

from studioflow.errors import nearest
from studioflow.people import Person
from studioflow.rubric import FactFile
from studioflow.studio import Application, Override

__all__ = ["HandedIn", "check_names"]


class HandedIn(TypedDict, total=False):
    """What may come with an action.

    Attributes:
        facts: plain, or a fact file with marks and an inspection.
        application: for the action that declares a studio; as a record, or as a plain dict.
        decision: a grade's id, where the policy leaves the grade to the committee.
        overrides: conditions to set aside, by id, with the reason, as records or as plain dicts;
            "window" is the calendar's.
        records: for the case file: lists by kind, of plain dicts or of instances of the kind's
            class; with the `id` of one on file it takes its place, where the action corrects.
        strike: ids of records, and marks as `criterion/person`, that are wrong and have to go,
            where the action corrects.
        gaps: what is still missing, in words.
        due: the deadline that is set, where the action needs one.
        opinion: whether the actor speaks for the studio, where the action asks for it.
        lead: who leads the studio from now on, as a record or a plain dict.
        amount: in yuan, where the action needs it.
        places_left: of the batch's quota.
        banned_until: the last day on which the lead or the unit may not declare.
        batch_grades: that the places of the batch leave to it; one, where that is settled.
        remark: recorded with the event.
        today: the day on which it is written down, where it is not the day claimed.
        elsewhere: tells which studios hold the evidence of a digest.
        recorded: the moment at which it is written down.
        key: by which the sender knows the command again.
    """

    facts: FactFile | Mapping[str, object] | None
    application: Application | Mapping[str, object] | None
    decision: str | None
    overrides: Mapping[str, Override | Mapping[str, object]]
    records: Mapping[str, Sequence[object]]
    strike: Iterable[str]
    gaps: Iterable[str]
    due: date | None
    opinion: bool | None
    lead: Person | Mapping[str, object] | None
    amount: Fraction | int | None
    places_left: int | None
    banned_until: date | None
    batch_grades: tuple[str | None, ...]
    remark: str | None
    today: date | None
    elsewhere: Callable[[str], Iterable[str]]
    recorded: datetime | None
    key: str | None


def check_names(method: str, handed_in: HandedIn) -> None:
    """Refuse a misspelt argument as Python does, in the name of the method that was called.

    Raises:
        TypeError: for a name that `HandedIn` does not have.
    """
    for name in handed_in.keys() - HandedIn.__optional_keys__:
        near = nearest(name, HandedIn.__optional_keys__)
        advice = f"; did you mean {near!r}?" if near else ""
        raise TypeError(f"{method}() got an unexpected keyword argument {name!r}{advice}")
