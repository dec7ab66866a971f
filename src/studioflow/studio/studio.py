"""A studio is folded from its events: each one is a fact of the past, the studio is their sum."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import reduce

from attrs import evolve, field, frozen

from studioflow.codec import wrong
from studioflow.people import Mark
from studioflow.policy import UNDECLARED
from studioflow.rubric import ScoreSheet
from studioflow.studio.application import Application
from studioflow.studio.event import Event, Record
from studioflow.studio.read_only import ReadOnly
from studioflow.text import message

__all__ = ["Studio"]

OTHER_STUDIO = message(
    "other_studio", zh="工作室 {studio} 的事件", en="an event of the studio {studio}"
)
OUT_OF_ORDER = message(
    "out_of_order",
    zh="从状态 {state} 开始的事件",
    en="an event that starts from the state {state}",
)


@frozen(kw_only=True)
class Studio:
    """One case file, as its events have made it. Acting returns a new one; this one stays.

    Attributes:
        records: of the case file, by id: those that were neither struck nor replaced.
        facts: the latest of each that was handed in plainly or found by an inspection.
        marks: in force: of each assessor the latest on each item.
        sheet: the latest that was made; it counts what there was on the day `scored_on`.
        scored_by: the action that made the first one.
        decision: the latest that was taken.

    >>> Studio(id="s-01").state
    'undeclared'
    """

    id: str
    state: str = UNDECLARED
    application: Application | None = None
    records: Mapping[str, Record] = field(factory=dict, converter=ReadOnly[Record])
    facts: Mapping[str, object] = field(factory=dict, converter=ReadOnly[object])
    marks: tuple[Mark, ...] = ()
    sheet: ScoreSheet | None = None
    scored_on: date | None = None
    scored_by: str | None = None
    decision: str | None = None
    history: tuple[Event, ...] = ()

    @classmethod
    def from_events(cls, studio: str, events: Iterable[Event]) -> Studio:
        """Return the studio that the events make.

        Raises:
            InputError: for an event that does not follow on the ones before it.
        """
        return reduce(cls.after, events, cls(id=studio))

    def after(self, event: Event) -> Studio:
        """Return the studio after one more event.

        Raises:
            InputError: for an event of another studio, or from another state.
        """
        if event.studio != self.id:
            raise wrong(OTHER_STUDIO, event.studio, studio=self.id)
        if event.source != self.state:
            raise wrong(OUT_OF_ORDER, event.source, state=self.state)
        again = {(mark.criterion, mark.by) for mark in event.marks}
        stay = [
            mark
            for mark in self.marks
            if f"{mark.criterion}/{mark.by}" not in event.struck
            and (mark.criterion, mark.by) not in again
        ]
        return evolve(
            self,
            state=event.dest,
            application=event.application or self.application,
            records=self.records_with(event.records, event.struck),
            facts={**self.facts, **event.facts},
            marks=(*stay, *event.marks),
            sheet=event.sheet or self.sheet,
            scored_on=event.scored_on or self.scored_on,
            scored_by=self.scored_by or (event.action if event.sheet else None),
            decision=event.decision or self.decision,
            history=(*self.history, event),
        )

    def records_with(
        self, records: Iterable[Record], struck: Container[str]
    ) -> Mapping[str, Record]:
        """Return its records once some were struck, and others added or put in their place."""
        kept = {name: record for name, record in self.records.items() if name not in struck}
        return kept | {record.id: record for record in records}

    @property
    def version(self) -> int:
        """The number of its events, by which a register notices that somebody else was faster."""
        return len(self.history)

    @property
    def name(self) -> str:
        """The name that was declared, or the id."""
        return self.application.name if self.application else self.id

    @property
    def unit(self) -> str | None:
        """The unit of its lead, once it is declared."""
        return self.application.unit if self.application else None

    @property
    def sheet_is_current(self) -> bool:
        """Whether nothing that a sheet is made of came in after the latest one."""
        for event in reversed(self.history):
            if event.sheet is not None:
                return True
            if event.facts or event.marks or event.records or event.struck:
                return False
        return False

    def people(self) -> frozenset[str]:
        """Return the ids of its lead and of the members that it declared."""
        return self.application.people() if self.application else frozenset()

    def of_kind(self, *kinds: str) -> tuple[Record, ...]:
        """Return the records of some kinds, in the order in which they came in."""
        return tuple(record for record in self.records.values() if record.kind in kinds)

    def days(self) -> dict[str, date]:
        """Return the day on which each action last happened."""
        return {event.action: event.on for event in self.history}
