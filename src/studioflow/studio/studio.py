"""A studio is folded from its events: each one is a fact of the past, the studio is their sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce

from attrs import evolve, field, frozen

from studioflow.codec import EMPTY_TEXT, WRONG_TYPE, Collector, wrong
from studioflow.people import Actor, Mark, Person, check_ids
from studioflow.policy import UNDECLARED
from studioflow.rubric import Inspection, PolicyReference, ScoreSheet
from studioflow.studio.read_only import ReadOnly
from studioflow.text import Text, message

__all__ = ["Application", "Event", "Override", "Studio"]

OTHER_STUDIO = message(
    "other_studio", zh="工作室 {studio} 的事件", en="an event of the studio {studio}"
)
OUT_OF_ORDER = message(
    "out_of_order",
    zh="从状态 {state} 开始的事件",
    en="an event that starts from the state {state}",
)

_TEXT = Text("文字", "text")
_PERSON = Text("Person", "a Person")
_ACTOR = Text("Actor", "an Actor")


@frozen(kw_only=True)
class Application:
    """What a studio declares (attachment 1).

    Attributes:
        name: of the studio.
        unit: of the lead; the studio's own unit.
        lead: 领衔人; `members` are the working team, which trainees are not part of.
        level: "county" or "city".
    """

    name: str
    unit: str
    lead: Person
    members: tuple[Person, ...] = field(default=(), converter=tuple[Person, ...])
    level: str = "county"

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        for name, value in (("name", self.name), ("unit", self.unit), ("level", self.level)):
            with collector.under(name):
                if not isinstance(value, str):
                    raise wrong(WRONG_TYPE, value, type=_TEXT)
                if not value.strip():
                    raise wrong(EMPTY_TEXT, value)
        if not collector.problems:
            with collector.under():
                check_ids(unit=self.unit)
        with collector.under("lead"):
            if not isinstance(self.lead, Person):
                raise wrong(WRONG_TYPE, self.lead, type=_PERSON)
        for position, member in enumerate(self.members):
            with collector.under("members", position):
                if not isinstance(member, Person):
                    raise wrong(WRONG_TYPE, member, type=_PERSON)
        collector.finish()

    def people(self) -> frozenset[str]:
        """Return the ids of all whose own studio it is."""
        return frozenset({self.lead.id, *(member.id for member in self.members)})


@frozen(kw_only=True)
class Override:
    """A condition that was set aside, with the reason.

    Attributes:
        reason: in words; it is recorded.
        by: who set it aside, where that is not the actor.
    """

    reason: str
    by: Actor | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under("reason"):
            # An empty one is no reason, which is for the verdict to say.
            if not isinstance(self.reason, str):
                raise wrong(WRONG_TYPE, self.reason, type=_TEXT)
        with collector.under("by"):
            if not (self.by is None or isinstance(self.by, Actor)):
                raise wrong(WRONG_TYPE, self.by, type=_ACTOR)
        collector.finish()


@frozen(kw_only=True)
class Event:
    """One action that happened.

    Attributes:
        action: the transition; `source` and `dest` are the states before and after.
        on: the day it happened.
        policy: by which it was decided, to the letter.
        facts: what was handed in with it, by name.
        sheet: where this action made one.
        decision: the grade that the committee decided, where the policy leaves it to them.
        overrides: conditions that were set aside, by id.
    """

    studio: str
    action: str
    source: str
    dest: str
    on: date
    by: Actor
    policy: PolicyReference
    application: Application | None = None
    facts: Mapping[str, object] = field(factory=dict, converter=ReadOnly[object])
    marks: tuple[Mark, ...] = ()
    inspection: Inspection | None = None
    sheet: ScoreSheet | None = None
    decision: str | None = None
    overrides: Mapping[str, Override] = field(factory=dict, converter=ReadOnly[Override])
    remark: str | None = None


@frozen(kw_only=True)
class Studio:
    """One case file, as its events have made it. Acting returns a new one; this one stays.

    Attributes:
        facts: the latest of each that was handed in.
        sheet: the latest that was made.
        decision: the latest that was taken.

    >>> Studio(id="s-01").state
    'undeclared'
    """

    id: str
    state: str = UNDECLARED
    application: Application | None = None
    facts: Mapping[str, object] = field(factory=dict, converter=ReadOnly[object])
    sheet: ScoreSheet | None = None
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
        return evolve(
            self,
            state=event.dest,
            application=event.application or self.application,
            facts={**self.facts, **event.facts},
            sheet=event.sheet or self.sheet,
            decision=event.decision or self.decision,
            history=(*self.history, event),
        )

    @property
    def name(self) -> str:
        """The name that was declared, or the id."""
        return self.application.name if self.application else self.id

    @property
    def unit(self) -> str | None:
        """The unit of its lead, once it is declared."""
        return self.application.unit if self.application else None

    def people(self) -> frozenset[str]:
        """Return the ids of all whose own studio it is."""
        return self.application.people() if self.application else frozenset()

    def days(self) -> dict[str, date]:
        """Return the day on which each action last happened."""
        return {event.action: event.on for event in self.history}
