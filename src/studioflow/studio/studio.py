"""A studio is folded from its events: each one is a fact of the past, the studio is their sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from studioflow.codec import wrong
from studioflow.people import Mark
from studioflow.policy import AMEND, UNDECLARED
from studioflow.rubric import ScoreSheet
from studioflow.studio.application import Application
from studioflow.studio.event import Event, Record
from studioflow.studio.read_only import ReadOnly, read_only
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


@frozen(kw_only=True, slots=False)  # slots are slower to fill
class Studio:
    """One case file, as its events have made it. Acting returns a new one; this one stays.

    Attributes:
        records: of the case file, by id: those that were neither struck nor replaced.
        facts: the latest of each that was handed in plainly or found by an inspection.
        marks: in force: of each assessor the latest on each item.
        sheet: the latest that was made; it counts what there was on the day `scored_on`.
        scored_by: the action that made the first one.
        decision: the latest that was taken.
        self_assessment: the latest sheet that its own people made of it.
        cycle: its number, from 1. With a new one marks, facts, sheets and decision start anew.

    >>> Studio(id="s-01").state
    'undeclared'
    """

    id: str
    state: str = UNDECLARED
    application: Application | None = None
    records: Mapping[str, Record] = field(factory=dict, converter=read_only)
    facts: Mapping[str, object] = field(factory=dict, converter=read_only)
    marks: tuple[Mark, ...] = ()
    sheet: ScoreSheet | None = None
    scored_on: date | None = None
    scored_by: str | None = None
    decision: str | None = None
    self_assessment: ScoreSheet | None = None
    cycle: int = 1
    history: tuple[Event, ...] = ()

    @classmethod
    def from_events(cls, studio: str, events: Iterable[Event]) -> Studio:
        """Return the studio that the events make.

        Raises:
            InputError: for an event that does not follow on the ones before it.
        """
        blank = object.__new__(cls)
        blank.__dict__.update(_BLANK)
        blank.__dict__["id"] = studio
        return _folded(blank, tuple(events))

    def after(self, event: Event) -> Studio:
        """Return the studio after one more event.

        Raises:
            InputError: for an event of another studio, or from another state.
        """
        return self.after_all((event,))

    def after_all(self, more: Iterable[Event]) -> Studio:
        """Return the studio after more events.

        Raises:
            InputError: as `after` does.
        """
        copied = object.__new__(type(self))
        copied.__dict__.update(self.__dict__)
        return _folded(copied, tuple(more))

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

    def dues(self) -> dict[str, date]:
        """Return the deadline that each action set when it last set one."""
        return {event.action: event.due for event in self.history if event.due is not None}

    def times(self) -> Counter[str]:
        """Return how often each action was taken in this cycle."""
        return Counter(event.action for event in self.this_cycle())

    def this_cycle(self) -> Iterator[Event]:
        """Yield the events of this cycle, the latest first; that with which it began is one."""
        for event in reversed(self.history):
            yield event
            if event.cycle is not None:
                return

    def pending(self) -> Counter[str]:
        """Return how many of each kind of thing were opened and are not settled."""
        still: Counter[str] = Counter()
        for event in self.history:
            if event.settles is not None and still[event.settles]:
                still[event.settles] -= 1
            if event.opens is not None:
                still[event.opens] += 1
        return +still


_ANEW: Mapping[str, object] = {
    "facts": read_only({}),
    "marks": (),
    "sheet": None,
    "scored_on": None,
    "scored_by": None,
    "decision": None,
    "self_assessment": None,
}
"""What a new cycle begins with; records and history stay."""


def _folded(studio: Studio, events: tuple[Event, ...]) -> Studio:
    """Return a studio that nobody else has seen, after more events.

    It was not made by `__init__`, which converts each field again: all that stands here was
    converted.
    """
    values = studio.__dict__
    state, own, brought = values["state"], values["id"], None
    for event in events:
        if event.studio != own:
            raise wrong(OTHER_STUDIO, event.studio, studio=own)
        if event.source != state:
            raise wrong(OUT_OF_ORDER, event.source, state=state)
        state = event.dest
        if not _only_moves(event):
            if brought is None:
                brought = _Brought(values)
            brought.take(event)
    if brought is not None:
        brought.finish()
    values["state"] = state
    values["history"] = (*values["history"], *events)
    return studio


_BLANK: Mapping[str, object] = dict(Studio(id="none").__dict__)
"""What every studio begins with."""


def _only_moves(event: Event) -> bool:
    """Return whether an event brings nothing but its state, as most of them do."""
    return (
        event.application is None
        and not (event.facts or event.records or event.marks or event.struck)
        and event.sheet is None
        and event.decision is None
        and event.lead is None
        and event.cycle is None
        and event.self_assessment is None
        and event.action != AMEND
    )


class _Brought:
    """Collects what events bring into the values of a studio, beside its state.

    What grows is copied once, however many events add to it.
    """

    __slots__ = ("facts", "marks", "records", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.facts: dict[str, object] | None = None
        self.records: dict[str, Record] | None = None
        self.marks: dict[tuple[str, str], Mark] | None = None

    def take(self, event: Event) -> None:
        """Take in one event."""
        values = self.values
        if event.cycle is not None:
            values.update(_ANEW)
            values["cycle"] = event.cycle
            self.facts = self.marks = None
        if event.application is not None:
            values["application"] = event.application
        if event.lead is not None and values["application"] is not None:
            values["application"] = evolve(values["application"], lead=event.lead)
        if event.facts and not values["facts"] and self.facts is None and event.action != AMEND:
            values["facts"] = event.facts  # read-only, and so as good as a copy
        elif event.facts or event.action == AMEND:
            if self.facts is None:
                self.facts = values["facts"].copied()
            self.facts.update(event.facts.items())
            if event.action == AMEND:  # what an amended policy does not know is gone
                self.facts = {k: fact for k, fact in self.facts.items() if fact is not None}
        if event.struck or event.records or event.marks:
            self._file(event)
        if event.sheet is not None:
            values["sheet"] = event.sheet
            values["scored_by"] = values["scored_by"] or event.action
            values["scored_on"] = event.scored_on or values["scored_on"]
        if event.decision is not None:
            values["decision"] = event.decision
        if event.self_assessment is not None:
            values["self_assessment"] = event.self_assessment

    def _file(self, event: Event) -> None:
        """Take in records and marks; what is struck goes first."""
        records, marks = self.records, self.marks
        if records is None:
            records = self.records = self.values["records"].copied()
        if marks is None:
            marks = self.marks = {(m.criterion, m.by): m for m in self.values["marks"]}
        for name in event.struck:
            records.pop(name, None)
            for key in [key for key in marks if f"{key[0]}/{key[1]}" == name]:
                del marks[key]
        for record in event.records:
            records[record.id] = record
        for mark in event.marks:
            marks.pop((mark.criterion, mark.by), None)  # the latest one stands last
            marks[mark.criterion, mark.by] = mark

    def finish(self) -> None:
        """Put what was collected where it belongs."""
        if self.facts is not None:
            self.values["facts"] = ReadOnly.keeping(self.facts)
        if self.records is not None:
            self.values["records"] = ReadOnly.keeping(self.records)
        if self.marks is not None:
            self.values["marks"] = tuple(self.marks.values())
