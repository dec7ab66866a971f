"""Events, an opening and an amendment to keep."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve

from studioflow.people import Actor
from studioflow.register import Amendment, Opening
from studioflow.rubric import PolicyReference
from studioflow.studio import Event

REFERENCE = PolicyReference("p", "1", "sha256:0")
NEXT = PolicyReference("p", "2", "sha256:1")
CLERK = Actor("p-01", unit="bureau", roles={"clerk"})
OTHER = Actor("p-02", unit="bureau", roles={"clerk"})
NINE = datetime(2023, 4, 14, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(studio: str = "s-01", **more: Any) -> Event:  # noqa: ANN401 - any field of an event
    """Return an event of the studio, recorded at nine."""
    made = Event(
        studio=studio,
        action="record",
        source="operating",
        dest="operating",
        on=date(2023, 4, 14),
        by=CLERK,
        policy=REFERENCE,
        recorded=NINE,
    )
    return evolve(made, **more)


def opening(**more: Any) -> Opening:  # noqa: ANN401 - any field of an opening
    """Return an opening, recorded at nine."""
    tables = {"policy": {"id": "p", "places": [30]}}
    return evolve(Opening(policy=REFERENCE, tables=tables, recorded=NINE), **more)


def amendment(**more: Any) -> Amendment:  # noqa: ANN401 - any field of an amendment
    """Return an amendment of the opening's policy, recorded at nine."""
    made = Amendment(
        before=REFERENCE,
        policy=NEXT,
        tables={"policy": {"id": "p", "places": [40]}},
        on=date(2023, 4, 14),
        by=CLERK,
        remark="增加名额",
        recorded=NINE,
    )
    return evolve(made, **more)


def moved(studio: str = "s-01", **more: Any) -> Event:  # noqa: ANN401 - any field of an event
    """Return the event by which the studio goes over to the amended policy."""
    return event(studio, **{"action": "amend", "policy": NEXT, **more})
