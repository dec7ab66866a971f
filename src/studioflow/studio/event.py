"""Events: what happened to a studio, with everything that was handed in; nothing overwrites one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from attrs import field, frozen

from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.people import Actor, Mark, Person
from studioflow.policy.record_parts import joined
from studioflow.rubric import Inspection, PolicyReference, ScoreSheet
from studioflow.studio import personal_parts
from studioflow.studio.application import Application
from studioflow.studio.read_only import frozen_document, plain_document, read_only
from studioflow.text import Text

__all__ = ["Ban", "Event", "Override", "Record"]

_TEXT = Text("文字", "text")
_ACTOR = Text("Actor", "an Actor")


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
class Record:
    """One record of the case file, as a plain document. Only its kind and id are in its `repr`.

    Attributes:
        kind: which of the policy's record kinds it is of.
        id: its own, in the studio.
        data: every part that is not personal.
        personal: the personal parts, by path; empty once they are erased.
        by: who handed it in; `handed_in` is the day on which that was written down.
        late: it came later than its kind wants it.
        evidence: a digest that two records share which are the same evidence; None where the kind
            does not compare them.

    >>> Record(kind="activity", id="activity-1", data={"theme": "读书"})
    Record(kind='activity', id='activity-1')
    """

    kind: str
    id: str
    data: Mapping[str, object] = field(converter=frozen_document, repr=False)
    personal: Mapping[str, object] = field(factory=dict, converter=frozen_document, repr=False)
    by: Actor | None = field(default=None, repr=False)
    handed_in: date | None = field(default=None, repr=False)
    late: bool = field(default=False, repr=False)
    evidence: str | None = field(default=None, repr=False)

    def document(self) -> dict[str, object]:
        """Return the whole record as a plain document of its own, personal parts included."""
        return joined(plain_document(self.data), plain_document(self.personal))


@frozen(kw_only=True)
class Ban:
    """That somebody does not declare a studio again for a time.

    Attributes:
        until: the last day of it.
        people: the ids of the leads that it holds for; `units` those of units.
    """

    until: date
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@frozen(kw_only=True, slots=False)  # slots are slower to fill, and it has many fields
class Event:
    """One action that happened.

    Attributes:
        action: the transition; `source` and `dest` are the states before and after.
        on: the day that is claimed for it; `recorded` is when it was written down.
        policy: by which it was decided, to the letter.
        facts: what was handed in with it plainly, and what its inspection found, by name; None for
            one that an amended policy does not know any more.
        records: that came in with it; one with the id of another takes its place.
        struck: ids of records, and marks as `criterion/person`, that were wrong and are gone.
        sheet: where this action made one; it counts what there was on the day `scored_on`.
        decision: the grade that the committee decided, where the policy leaves it to them.
        gaps: what is still missing, in words.
        reward: in yuan, where this action grants one.
        overrides: conditions that were set aside, by id.
        key: by which the sender knows the command again.
        due: the deadline that was set with it.
        opinion: whether it speaks for the studio, where it is somebody's opinion.
        lead: who leads the studio from now on, where that changed.
        recovered: in yuan, what has to be paid back.
        ban: whom it keeps from declaring again.
        opens, settles: what is pending since then, or no more.
        self_assessment: the sheet that the studio's own people made of it.
        cycle: the number of the cycle that begins with it.
    """

    studio: str
    action: str
    source: str
    dest: str
    on: date
    by: Actor
    policy: PolicyReference
    application: Application | None = None
    facts: Mapping[str, object] = field(factory=dict, converter=read_only)
    marks: tuple[Mark, ...] = ()
    inspection: Inspection | None = None
    records: tuple[Record, ...] = ()
    struck: tuple[str, ...] = ()
    sheet: ScoreSheet | None = None
    scored_on: date | None = None
    decision: str | None = None
    gaps: tuple[str, ...] = ()
    reward: Fraction | None = None
    overrides: Mapping[str, Override] = field(factory=dict, converter=read_only)
    remark: str | None = None
    recorded: datetime | None = None
    key: str | None = None
    due: date | None = None
    opinion: bool | None = None
    lead: Person | None = None
    recovered: Fraction | None = None
    ban: Ban | None = None
    opens: str | None = None
    settles: str | None = None
    self_assessment: ScoreSheet | None = None
    cycle: int | None = None

    def separated(self) -> tuple[Event, Mapping[str, object]]:
        """Return the event without its personal parts, and those by path.

        They are names, what the policy's records say is personal, and all free text: remarks,
        gaps, reasons of overrides. `joined` puts them together again. An event whose personal parts
        were erased folds to the same studio, without them.
        """
        return personal_parts.separated(self)

    def joined(self, personal: Mapping[str, object]) -> Event:
        """Return the event with the personal parts that `separated` took out."""
        return personal_parts.joined(self, personal)
