"""The programme: studios under one policy, moved step by step, each step written to a register."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Unpack

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, checked_text, wrong
from studioflow.cohort import Outcomes, Rank, outcomes, rank
from studioflow.errors import InputError
from studioflow.host import Host, load_policy
from studioflow.lifecycle import HandedIn, Lifecycle, Step
from studioflow.lifecycle.gate import A_DAY
from studioflow.people import Actor, check_ids
from studioflow.policy import Policy
from studioflow.policy.typed_records import check_record_classes
from studioflow.programme.actions import Given, StandardActions
from studioflow.programme.given import as_handed_in, settled
from studioflow.programme.payload import payload_digest
from studioflow.programme.progress import Progress, progress
from studioflow.programme.slots import PLACE, slots
from studioflow.programme.telling import Undelivered, told
from studioflow.register import (
    Conflict,
    Kept,
    KeyReused,
    MemoryRegister,
    Opening,
    Register,
    SlotTaken,
)
from studioflow.rubric import ScoreSheet
from studioflow.studio import Studio
from studioflow.text import Text, message
from studioflow.verdict import Verdict

__all__ = ["Clock", "Programme", "Undelivered"]

OTHER_POLICY = message(
    "other_policy",
    zh="登记册开立时的政策（{id}，{fingerprint}）",
    en="the policy that the register was opened with ({id}, {fingerprint})",
)
OTHER_PAYLOAD = message(
    "other_payload",
    zh="同一命令键对应同样的内容",
    en="what came with this key before: a key stands for one command",
)

_REGISTER = Text("Register（如 MemoryRegister()）", "a register, such as MemoryRegister()")

_TRIES_FOR_AN_ID = 100

Clock = Callable[[], datetime]


def _system_clock() -> datetime:
    return datetime.now().astimezone()


class Programme(StandardActions):
    """Studios under one policy.

    Every action decides about the studio as the register has it, writes one event, and returns the
    studio as a new value. A denied action changes nothing.

    Attributes:
        policy: that it was opened with.
        register: where events are kept.

    >>> from studioflow import Actor, Programme
    >>> march = datetime(2023, 3, 22, 9).astimezone()
    >>> programme = Programme.open("yongjia-2023", clock=lambda: march)
    >>> school = Actor("h-01", unit="样例学校", roles={"host_party"})
    >>> application = {
    ...     "name": "样例工作室",
    ...     "unit": "样例学校",
    ...     "lead": {"id": "lead-a", "name": "领衔人甲"},
    ... }
    >>> programme.declare(application, by=school).state
    'declared'
    """

    def __init__(self, policy: Policy, *, register: Register, host: Host, clock: Clock) -> None:
        """Use `Programme.open`."""
        self.policy = policy
        self.register = register
        self._undelivered: list[Undelivered] = []
        self._lifecycle = Lifecycle(policy, guards=host.guards, measures=host.measures)
        self._classes = check_record_classes(policy, host.record_classes)
        self._host = host
        self._clock = clock
        self._folded: dict[str, Studio] = {}

    @classmethod
    def open(
        cls,
        policy: Policy | str | Path,
        *,
        register: Register | None = None,
        host: Host | None = None,
        clock: Clock | None = None,
    ) -> Programme:
        """Open a programme, new or with what its register holds.

        Args:
            policy: or the id or path that `load_policy` takes.
            register: where events are kept; in memory when it is left out.
            host: whose plugins are asked; every installed one when it is left out.
            clock: returns the present moment, with its zone; the system's when it is left out.

        Raises:
            InputError: where a plugin is broken, since what it would forbid is not known; where the
                register was opened with another policy; and for every problem in the policy.
        """
        host = Host.discover() if host is None else host
        if host.problems:
            raise InputError(host.problems)
        if not isinstance(policy, Policy):
            policy = load_policy(policy, host=host)
        register = MemoryRegister() if register is None else register
        if not hasattr(register, "append"):
            problems = wrong(WRONG_TYPE, register, type=_REGISTER).problems
            raise InputError(problem.under("register") for problem in problems)
        clock = _system_clock if clock is None else clock
        opened = register.open(
            Opening(policy=policy.reference, tables=policy.tables, recorded=clock())
        )
        if opened.policy.fingerprint != policy.fingerprint:
            known = opened.policy
            raise wrong(
                OTHER_POLICY,
                f"{policy.id}, {policy.fingerprint}",
                id=known.id,
                fingerprint=known.fingerprint,
            )
        return cls(policy, register=register, host=host, clock=clock)

    def __repr__(self) -> str:
        return f"<Programme {self.policy.id}, {len(self.register.studios())} studios>"

    # What there is.

    @property
    def undelivered(self) -> tuple[Undelivered, ...]:
        """What subscribers failed to be told."""
        return tuple(self._undelivered)

    def studio(self, studio: Studio | str) -> Studio:
        """Return a studio as the register has it now.

        Raises:
            InputError: for an id that is not known.
        """
        name = studio.id if isinstance(studio, Studio) else studio
        found = self._read(name)
        if not found.history:
            raise self._unknown(name)
        return found

    def studios(self) -> tuple[Studio, ...]:
        """Return every studio, in the order of their first events."""
        return tuple(self._read(name) for name in self.register.studios())

    def places_left(self) -> int | None:
        """Return how many places of the quota are free; None where the policy has no quota."""
        quota = self.policy.quota
        if quota is None:
            return None
        return max(0, quota.places - len(self.register.holders(PLACE)))

    def score(self, studio: Studio | str, *, on: date | None = None) -> ScoreSheet:
        """Return the sheet of a studio as it would be made on a day.

        The day is today when it is left out, or that of the evaluation once there was one.

        A mark that does not fit the facts any more is left out, and open.
        """
        found = self.studio(studio)
        return self._lifecycle.score(found, on=self._day(found, on))

    def progress(self, studio: Studio | str, *, on: date | None = None) -> Progress:
        """Return where each item of a studio stands, what is still possible, what is missing."""
        found = self.studio(studio)
        return progress(self._lifecycle, found, self._day(found, on))

    def ranking(self) -> tuple[Rank, ...]:
        """Return the evaluated studios whose gates are met, the best first; ties share a rank."""
        return rank(self._sheets())

    def outcomes(
        self,
        *,
        decided: Mapping[str, Sequence[str]] | None = None,
        decided_last: Mapping[str, Sequence[str]] | None = None,
    ) -> Outcomes:
        """Count the places of all grades over the evaluated studios, as `cohort.outcomes` does.

        Raises:
            InputError: for a sheet that is not finished, and a decision that does not fit its tie.
        """
        return outcomes(self.policy, self._sheets(), decided=decided, decided_last=decided_last)

    # What may happen.

    def can(
        self,
        action: str,
        studio: Studio | str | None = None,
        *,
        by: Actor,
        **given: Unpack[Given],
    ) -> Verdict:
        """Return whether an action is allowed, with every reason; nothing happens.

        Args:
            action: a transition of the policy.
            studio: None for one that is not declared yet.
            by: who would act.
            given: what would come with it.

        Raises:
            InputError: for input that does not fit the policy.
        """
        given_on, handed_in = self._completed(settled(given))
        return self._lifecycle.can(
            action, self._meant(studio, action), by=by, on=given_on, **handed_in
        )

    def available(self, studio: Studio | str, *, by: Actor) -> dict[str, Verdict]:
        """Return the verdict on every action of the policy, as things stand today."""
        given_on, handed_in = self._completed({})
        return self._lifecycle.available(self.studio(studio), by=by, on=given_on, **handed_in)

    # What happens.

    def act(
        self, action: str, studio: Studio | str | None = None, *, by: Actor, **given: Unpack[Given]
    ) -> Studio:
        """Take any action of the policy.

        Args:
            action: a transition of the policy.
            studio: by value or id; None, or a new id, for one that declares.
            by: who acts.
            given: what comes with it.

        Raises:
            Denied: with every reason.
            InputError: for input that does not fit the policy, an unknown studio, and a key that
                stands for another command.
            Conflict, SlotTaken: where others were faster each time that this was decided.
        """
        return self.take(action, studio, by=by, **given).studio

    def take(
        self, action: str, studio: Studio | str | None = None, *, by: Actor, **given: Unpack[Given]
    ) -> Step:
        """Take any action as `act` does, and return its event and its verdict as well.

        The verdict is without warnings where the key tells that the action was taken before.
        """
        named = studio.id if isinstance(studio, Studio) else studio
        given = settled(given)
        key = given.get("key")
        digest = "" if key is None else payload_digest(action, named, given)
        # Many may declare at once, and each has to come to an id of its own.
        for tries_left in reversed(range(2 if studio else _TRIES_FOR_AN_ID)):
            # Where somebody was faster, read and decide again: the answer may be another.
            kept = self._sent_before(by, key)
            if kept is not None:
                answered = self._answered(kept, digest)
                label = self.policy.procedure.transitions[kept.event.action].label
                return Step(kept.event, answered, Verdict(label))
            before, (on, handed_in) = self._meant(studio, action), self._completed(given)
            step = self._lifecycle.act(action, before, by=by, on=on, **handed_in)
            take, free = slots(self.policy, step.event, before, handed_in["places_left"])
            try:
                kept_event = self.register.append(
                    step.event, expected=before.version, take=take, free=free, digest=digest
                )
            except (Conflict, SlotTaken, KeyReused):
                if not tries_left:
                    raise
            else:
                self._undelivered += told(self._host.subscribers, kept_event)
                return Step(kept_event, before.after(kept_event), step.verdict)
        raise AssertionError  # the loop returns or raises

    # How it happens.

    def _sheets(self) -> dict[str, ScoreSheet]:
        return {s.id: s.sheet for s in self.studios() if s.sheet is not None}

    def _sent_before(self, by: object, key: object) -> Kept | None:
        """Return what an actor's key stands for; what is no actor or no key, is checked later."""
        if isinstance(by, Actor) and isinstance(key, str):
            return self.register.kept(by.id, key)
        return None

    def _day(self, studio: Studio, on: object) -> date:
        if on is None:
            return studio.scored_on or self._clock().date()
        if type(on) is not date:
            raise InputError(p.under("on") for p in wrong(WRONG_TYPE, on, type=A_DAY).problems)
        return on

    def _meant(self, studio: Studio | str | None, action: str) -> Studio:
        """Return the studio that is meant; one that is not known may still declare.

        Raises:
            InputError: for an id that is none, or that is not known to an action that starts
                from a known studio.
        """
        if studio is None:
            known, number = set(self.register.studios()), len(self.register.studios()) + 1
            while f"s-{number:02}" in known:
                number += 1
            return Studio(id=f"s-{number:02}")
        name = studio.id if isinstance(studio, Studio) else studio
        collector = Collector()
        with collector.under():
            check_ids(studio=name)
        with collector.under("studio"):
            checked_text(str(name))
        collector.finish()
        found, step = self._read(name), self.policy.procedure.transitions.get(action)
        if not found.history and step is not None and not step.declares:
            raise self._unknown(name)
        return found

    def _unknown(self, name: str) -> InputError:
        problems = wrong(UNKNOWN_NAME, name, known=self.register.studios()).problems
        return InputError(problem.under("studio") for problem in problems)

    def _read(self, name: str) -> Studio:
        events = self.register.events(name)
        known = self._folded.get(name, Studio(id=name))
        if known.history != events[: known.version]:  # what was written was taken back
            known = Studio(id=name)
        for event in events[known.version :]:
            known = known.after(event)
        if events:
            self._folded[name] = known
        return known

    def _completed(self, given: Given) -> tuple[date, HandedIn]:
        """Return the day that is claimed, and what is handed in with what the programme knows."""
        now = self._clock()
        on = given.get("on", now.date())
        handed_in = as_handed_in(given, self._classes)
        handed_in |= {
            "places_left": self.places_left(),
            "today": now.date(),
            "recorded": now,
            "elsewhere": self.register.holders,
        }
        return on, handed_in

    def _answered(self, kept: Kept, digest: str) -> Studio:
        """Return what a command brought that was sent before."""
        event = kept.event
        if kept.digest != digest:
            raise InputError(p.under("key") for p in wrong(OTHER_PAYLOAD, event.key).problems)
        events = self.register.events(event.studio)
        return Studio.from_events(event.studio, events[: events.index(event) + 1])
