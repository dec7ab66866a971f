"""Measures at work: a policy with talks in it, and a studio with any records."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from studioflow.codec import read
from studioflow.people import Actor, Person
from studioflow.policy import Document, Policy, build_policy
from studioflow.rubric import Measured
from studioflow.studio import Application, Event, PluginMeasure, Record, Studio, measure

FILE = Path(__file__).with_name("talks.toml")
LAST_DAY = date(2023, 12, 31)
CLERK = Actor("p-01", unit="样例学校", roles={"school"})


@cache
def _tables() -> dict[str, Any]:
    return read(FILE)


class Talks:
    """A policy of talks with other measures, and studios under it."""

    clerk = CLERK

    def __init__(self, **measures: Mapping[str, object]) -> None:
        """Declare measures by fact."""
        tables = copy.deepcopy(_tables())
        tables["measures"] = dict(measures)
        self.policy: Policy = build_policy(Document(tables, FILE.name))
        self.plugins: dict[str, PluginMeasure] = {}

    def studio(self, *records: Record, opened: date | None = None) -> Studio:
        """Return a studio with records, that opened on a day or did not yet."""
        studio = Studio(
            id="s-01",
            application=Application(name="甲", unit="样例学校", lead=Person("h-01", "领衔人甲")),
            records={record.id: record for record in records},
        )
        if opened is None:
            return studio
        event = Event(
            studio="s-01",
            action="open",
            source=studio.state,
            dest="open",
            on=opened,
            by=CLERK,
            policy=self.policy.reference,
        )
        return evolve(studio, history=(event,))

    def measured(
        self,
        fact: str,
        *records: Record,
        on: date = LAST_DAY,
        opened: date | None = None,
    ) -> Measured:
        """Measure a fact of a studio with records."""
        studio = self.studio(*records, opened=opened)
        return measure(self.policy, studio, fact, on, self.plugins)


@pytest.fixture(scope="session")
def talks() -> type[Talks]:
    """The class that declares measures."""
    return Talks
