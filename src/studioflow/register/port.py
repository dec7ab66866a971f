"""What a programme asks of any register, and the values that pass between the two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Literal, Protocol

from attrs import field, frozen

from studioflow.codec import Collector, wrong
from studioflow.errors import InputError
from studioflow.people import Actor, check_ids
from studioflow.rubric import PolicyReference
from studioflow.studio import Event
from studioflow.studio.read_only import ReadOnly
from studioflow.text import message

__all__ = [
    "Amendment",
    "Change",
    "Erasure",
    "Kept",
    "Line",
    "LineKind",
    "Notice",
    "Opening",
    "Register",
    "Slot",
    "zoned",
]

SLOT_LIMIT = message(
    "slot_limit",
    zh="不小于 0 的整数，或 None（不限）",
    en="a whole number from 0, or None (no limit)",
)
RECORDED_TIME = message(
    "recorded_time",
    zh="带时区的时间（如 2023-04-14T09:30:00+08:00）",
    en="a time with its zone (2023-04-14T09:30:00+08:00)",
)


def zoned(recorded: object) -> datetime:
    """Return a recorded time, which has its zone.

    Compare such times in UTC: within one zone Python compares the faces of clocks, and they run
    through the last hour of summer time twice.

    Raises:
        InputError: for anything else.
    """
    if isinstance(recorded, datetime) and recorded.utcoffset() is not None:
        # In the first and last hours of the calendar there may be no such time in UTC.
        with suppress(OverflowError):
            recorded.astimezone(UTC)
            return recorded
    problems = wrong(RECORDED_TIME, recorded).problems
    raise InputError(problem.under("recorded") for problem in problems)


@frozen
class Slot:
    """One taking of something that a programme has only so many of.

    Attributes:
        name: of what is taken: a place, a studio's reward, a piece of evidence. It stands in
            errors, so it is made of ids and digests and holds nothing personal.
        limit: how many takings there may be with this one; None takes without a limit, whether or
            not other takings of the same name had one (an override, or merely to be found again).

    >>> Slot("place", 30)
    Slot(name='place', limit=30)

    Raises:
        InputError: for a name that is no text or padded, a limit that is no count.
    """

    name: str
    limit: int | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            check_ids(name=self.name)
        with collector.under("limit"):
            # Exactly int: True is none.
            if self.limit is not None and (type(self.limit) is not int or self.limit < 0):
                raise wrong(SLOT_LIMIT, self.limit)
        collector.finish()


@frozen(kw_only=True)
class Opening:
    """How a register was opened.

    Attributes:
        policy: by which the programme runs, to the letter.
        tables: that policy's whole resolved document, so that replay needs no plugin.
        recorded: when it was written down, with its zone.

    Raises:
        InputError: for a recorded time without its zone.
    """

    policy: PolicyReference
    tables: Mapping[str, object] = field(converter=ReadOnly[object], repr=False)
    recorded: datetime

    def __attrs_post_init__(self) -> None:
        zoned(self.recorded)


@frozen(kw_only=True)
class Amendment:
    """A policy that takes the place of the one before it.

    Attributes:
        before: the policy that was in force until then.
        policy: that is in force from then on, to the letter.
        tables: that policy's whole resolved document, so that replay needs no plugin.
        on: the day that is claimed for it; `recorded` is when it was written down, with its zone.
        by: who amended; `remark` says why.

    Raises:
        InputError: for a recorded time without its zone.
    """

    before: PolicyReference
    policy: PolicyReference
    tables: Mapping[str, object] = field(converter=ReadOnly[object], repr=False)
    on: date
    by: Actor
    remark: str | None = None
    recorded: datetime

    def __attrs_post_init__(self) -> None:
        zoned(self.recorded)


@frozen(kw_only=True)
class Erasure:
    """That personal data was erased; which, and on whose word, stays known.

    Attributes:
        paths: of what was erased, by studio and by the version of its event.
        by: who erased; `reason` says why, in words.
        recorded: when it was written down, with its zone.
    """

    paths: Mapping[str, Mapping[int, tuple[str, ...]]]
    by: Actor
    reason: str
    recorded: datetime

    def __attrs_post_init__(self) -> None:
        zoned(self.recorded)


@frozen(kw_only=True)
class Change:
    """An event as those are told of it who read a register from its beginning, or go on reading.

    Attributes:
        cursor: the place to go on reading after.
        version: of the studio, with this event.
        event: without its personal parts.
    """

    cursor: str
    version: int
    event: Event


@frozen(kw_only=True)
class Notice:
    """An event that a subscriber is still to be told of.

    Attributes:
        version: of the studio, with this event.
        event: without its personal parts.
        attempts: how often it was tried.
    """

    subscriber: str
    version: int
    event: Event
    attempts: int = 0


LineKind = Literal["meta", "opening", "amendment", "erasure", "event", "notice", "studio", "holder"]


@frozen
class Line:
    """One row of what a register keeps, as it is stored: bodies as text, hashes and salts as bytes.

    Attributes:
        kind: of the row.
        fields: its columns by name. An event has `personal`, rows of path, salt and value, and
            `key`, which is actor, key and digest, or None.
    """

    kind: LineKind
    fields: Mapping[str, object] = field(repr=False)


@frozen(kw_only=True)
class Kept:
    """What an idempotency key stands for.

    Attributes:
        digest: of the command's payload, as it was given with the event.
        event: that the command became, as kept.
    """

    digest: str
    event: Event


class Register(Protocol):
    """The log of one programme; every method may be called from several threads at once.

    A studio's version is the number of its events. Whoever changes the tables of an opening or of
    an amendment, as they were handed in or given out, does not change what is kept.
    """

    def opening(self) -> Opening | None:
        """Return how the register was opened, or None where it was not yet."""

    def open(self, opening: Opening) -> Opening:
        """Keep the opening, unless there is one; return the one that is kept.

        Recorded time never decreases: it is kept with the time of the latest event, should its
        own be earlier.
        """

    def amendments(self) -> tuple[Amendment, ...]:
        """Return by what the opening's policy was amended, in order: the last one is in force."""

    def amend(  # noqa: PLR0913 - all of it is kept at once
        self,
        amendment: Amendment,
        *,
        expected: Mapping[str, int] | None,
        events: Iterable[Event] = (),
        take: Mapping[str, Iterable[Slot]] | None = None,
        free: Mapping[str, Iterable[str]] | None = None,
        tell: Iterable[str] = (),
    ) -> tuple[Amendment, tuple[Event, ...]]:
        """Keep one more amendment with what happens to studios by it: all of it, or nothing.

        Args:
            amendment: with the policy that it was decided on as `before`.
            expected: the versions of all studios that it was decided on; None where it hangs on
                none of them.
            events: by which studios go over to the new policy, at most one for each studio, with
                their recorded times and without keys.
            take: what they take with it, by studio, as `append` has it; one studio after the other,
                in the order of the events.
            free: names of what they give back, by studio.
            tell: ids of subscribers who are to be told of each of the events.

        Returns:
            The amendment and the events as kept: the recorded time never decreases, see `append`.

        Raises:
            InputError: where an event has no recorded time, or one without its zone.
            Superseded: where another policy is in force than `before`, or none.
            Conflict: where a studio has another version than the expected one, for the first such
                studio; one that `expected` does not name has to have no event.
            SlotTaken: where limits are reached, for the first such studio. Of several errors the
                first in this order is raised; each leaves the register as it was.
        """

    def studios(self, *, after: str | None = None, limit: int | None = None) -> tuple[str, ...]:
        """Return the ids of the studios that have events, in the order of their first ones.

        Args:
            after: the id of the one after which to begin; from the first one when left out.
            limit: how many at most; all when left out. A page costs its own length.
        """

    def latest(self) -> int:
        """Return a number that no fewer studios than there are have, without counting them."""

    def events(self, studio: str) -> tuple[Event, ...]:
        """Return what happened to a studio, in order; nothing for one that is not known."""

    def append(  # noqa: PLR0913 - all of it is kept at once
        self,
        event: Event,
        *,
        expected: int,
        take: Iterable[Slot] = (),
        free: Iterable[str] = (),
        digest: str = "",
        tell: Iterable[str] = (),
    ) -> Event:
        """Keep one more event with what it takes and frees: all of it, or nothing.

        Args:
            event: with its recorded time; with a key, it is found again by actor and key.
            expected: the version of the studio that the event was decided on.
            take: what it takes, each entry once more. A limit holds against all takings of the
                name that are held now, by whomever and however they were taken.
            free: names of which the studio gives back one taking each, its latest, before
                anything is taken. A name that it holds no taking of is passed over in silence.
                A lone text is one name.
            digest: of the command's payload, kept with the key.
            tell: ids of subscribers who are to be told of it; see `due_notices`.

        Returns:
            The event as kept: where its recorded time is earlier than that of the event or
            opening kept before it (a clock that ran back), it is given that one's.

        Raises:
            InputError: where the event has no recorded time, or one without its zone.
            KeyReused: where the actor has used the event's key already.
            Conflict: where the studio has another version than the expected one, or somebody else
                is writing just now.
            Superseded: where it is the first event of the studio, and was decided by another
                policy than the one in force. A register that was not opened has none.
            SlotTaken: where limits are reached, with each such slot. Of several errors the first
                in this order is raised; each leaves the register as it was.
        """

    def holders(self, slot: str) -> tuple[str, ...]:
        """Return the studios that hold a slot, one entry for each taking, the earliest first."""

    def kept(self, actor: str, key: str) -> Kept | None:
        """Return what the key of an actor (by id) stands for, or None where it is not used."""

    # Whoever wants to know what happens.

    def changes(self, after: str = "", *, limit: int = 1000) -> tuple[Change, ...]:
        """Return what happened after a place in the register, in an order in which none is missed.

        An event is not told before every one is known that could still come before it.

        Args:
            after: the `cursor` of the last change that was read; from the beginning when left out.
            limit: how many at most.

        Raises:
            InputError: for a cursor that this register did not give.
        """

    def due_notices(
        self, subscribers: Collection[str], *, again: bool = False, limit: int = 100
    ) -> tuple[Notice, ...]:
        """Return what subscribers are still to be told, in the order of events, and claim it.

        Who claims it has a minute to `settle` it: then it is due again.

        Args:
            subscribers: their ids.
            again: whether what failed before is due, too.
            limit: how many at most.
        """

    def settle(self, notice: Notice, error: str | None = None) -> None:
        """Keep that a subscriber was told, or what kept it from being told."""

    def when_committed(self, call: Callable[[], object]) -> None:
        """Call something once what was written is kept: at once, unless the embedder commits.

        Where the embedder's connection can not tell that it has committed, nothing is called.
        """

    # The whole of it, raw: for whoever checks, copies or erases.

    @property
    def register_id(self) -> str:
        """What tells this register from every other one; a copy has the same."""

    @property
    def owned(self) -> bool:
        """Whether each writing is kept by itself; otherwise the embedder commits."""

    @property
    def read_only(self) -> bool:
        """Whether a newer release has written to it, so that this one only reads."""

    def lines(self) -> Iterator[Line]:
        """Yield all that is kept, as of one moment, in this order.

        One `meta`; the journal; the events by position; what subscribers are still to be told; each
        studio with its version and head; the holders of slots.
        """

    def heads(self) -> Iterator[Line]:
        """Yield of `lines` the `meta`, the journal and the studios alone."""

    def load(self, lines: Iterable[Line]) -> None:
        """Keep what `lines` of another register yielded: all of it, or nothing.

        Rows of `studio` and `holder` are passed over: they follow from the events.

        Raises:
            InputError: where this register is not empty.
        """

    def forget(self, erasure: Erasure) -> int:
        """Erase personal parts of events, with their salts, and the digests of their commands.

        Where it names none, only what may be left of parts that were erased before is done away.

        Returns:
            How many parts there were.
        """

    def close(self) -> None:
        """Give back what was opened for it; an embedder's connection stays open."""
