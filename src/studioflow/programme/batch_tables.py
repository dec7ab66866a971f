"""The tables of a batch file, for their form; what they name is looked up by the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

from attrs import field, frozen

from studioflow.codec import MISSING_KEY, Collector, OneOrMore, strict_converter, wrong
from studioflow.people import Actor, Person
from studioflow.policy.privacy import masked, masked_shape, read_private, tell_less
from studioflow.studio import Application
from studioflow.text import Text

__all__ = ["BatchTables", "Declared", "NamedActor", "SetAside", "StepTable", "read_tables"]

LEVEL = "county"


@frozen(kw_only=True)
class _Member:
    id: str
    name: str

    def person(self) -> Person:
        return Person(self.id, self.name)


@frozen(kw_only=True)
class Declared:
    """A studio: its form, or the case file that has it; `host` is an actor."""

    name: str | None = None
    unit: str | None = None
    lead: _Member | None = None
    members: tuple[_Member, ...] = ()
    level: str | None = None
    host: str | None = None
    records: str | None = None

    def application(self) -> Application:
        """Return the form that stands in the batch's file itself.

        Raises:
            InputError: with everything that is missing or wrong.
        """
        collector = Collector()
        said = {"name": self.name, "unit": self.unit, "lead": self.lead}
        for key, value in said.items():
            with collector.under():
                if value is None:
                    known = sorted(name for name, given in said.items() if given is not None)
                    raise wrong(MISSING_KEY, known, key=key)
        lead, members = None, []
        with collector.under("lead"):
            lead = self.lead and self.lead.person()
        for position, member in enumerate(self.members):
            with collector.under("members", position):
                members.append(member.person())
        collector.finish()
        return Application(
            name=str(self.name),
            unit=str(self.unit),
            lead=lead,  # type: ignore[arg-type]  # a person, or `finish` had raised
            members=tuple(members),
            level=self.level or LEVEL,
        )


@frozen(kw_only=True)
class NamedActor:
    """Somebody who acts; the key of the table is how steps name them."""

    id: str
    unit: str
    roles: tuple[str, ...]
    name: str = field(default="", repr=False)

    def actor(self) -> Actor:
        """Return the actor, whose name is not needed any more.

        Raises:
            InputError: for an id or a unit with white space around it.
        """
        return Actor(self.id, unit=self.unit, roles=frozenset(self.roles))


@frozen(kw_only=True)
class SetAside:
    """A condition that a step sets aside."""

    reason: str = ""  # that there is none is for the verdict to say
    by: str | None = None


@frozen(kw_only=True)
class StepTable:
    """A step, for one studio or several; see `batch.PlannedStep`."""

    on: date
    action: str
    by: str
    studios: OneOrMore = field(metadata={"key": "studio"})
    facts: str | None = None
    records: str | None = None
    recorded: date | None = None
    decision: str | None = None
    gaps: tuple[str, ...] = ()
    strike: tuple[str, ...] = ()
    overrides: Mapping[str, SetAside] = field(factory=dict, metadata={"key": "override"})
    remark: str | None = None
    due: date | None = None
    opinion: bool | None = None
    lead: _Member | None = None
    amount: Fraction | None = None


@frozen(kw_only=True)
class BatchTables:
    """The whole file."""

    schema: str
    id: str
    policy: str
    label: Text
    actors: Mapping[str, NamedActor]
    studios: Mapping[str, Declared]
    steps: tuple[StepTable, ...]


_converter = strict_converter()
for _kind, _types in (
    (_Member, (_Member, tuple[_Member, ...])),
    (NamedActor, (NamedActor,)),
):
    for _type in _types:
        tell_less(_converter, _type, partial(masked, kind=_kind))
for _table in (Declared, Mapping[str, NamedActor], Mapping[str, Declared], StepTable, BatchTables):
    tell_less(_converter, _table, masked_shape)


def read_tables(path: Path) -> BatchTables:
    """Read a batch file for its form.

    Raises:
        InputError: with every problem; no name of a person stands in any of them.
    """
    return _converter.structure(read_private(path), BatchTables)
