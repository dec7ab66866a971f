"""Events to keep, and assertions that explain themselves in what is no test module."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from studioflow.people import Actor
from studioflow.register import Opening
from studioflow.rubric import PolicyReference
from studioflow.studio import Event

pytest.register_assert_rewrite(
    *(f"tests.register.{module}" for module in ("contract", "machine", "races", "slots"))
)

REFERENCE = PolicyReference("p", "1", "sha256:0")
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
