"""The programme: studios under one policy, moved step by step, each step written to a register."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Unpack

from studioflow.codec import wrong
from studioflow.errors import InputError, StudioflowError
from studioflow.host import Host, load_policy
from studioflow.lifecycle import Step
from studioflow.people import Actor
from studioflow.policy import AMEND, Policy
from studioflow.programme.actions import Given, StandardActions
from studioflow.programme.amendment import Proposal, check_amending
from studioflow.programme.amendment_report import AmendmentReport
from studioflow.programme.given import settled
from studioflow.programme.payload import payload_digest, same_payload
from studioflow.programme.questions import Clock, Questions
from studioflow.programme.slots import PLACE, slots
from studioflow.programme.telling import Undelivered, tell
from studioflow.programme.versions import in_force, rebuilt
from studioflow.register import (
    Conflict,
    Kept,
    KeyReused,
    MemoryRegister,
    Opening,
    SlotTaken,
    Superseded,
    connect,
)
from studioflow.register.tables import PREFIX
from studioflow.studio import Studio
from studioflow.text import Text, message
from studioflow.verdict import Denied, Verdict

__all__ = ["Clock", "Programme", "Undelivered"]

OTHER_POLICY = message(
    "other_policy",
    zh="登记册现行的政策（{id}，{fingerprint}）",
    en="the policy that is in force in the register ({id}, {fingerprint})",
)
IN_FORCE = message(
    "policy_in_force",
    zh="与现行政策不同的政策",
    en="a policy that differs from the one in force",
)
NO_POLICY = message(
    "no_policy",
    zh="政策：登记册尚未开立",
    en="a policy: the register was not opened yet",
)
OTHER_REGISTER = message(
    "other_register",
    zh="与此项目同一个登记册（{id}）的连接",
    en="a connection to the register of this programme ({id})",
)
OTHER_PAYLOAD = message(
    "other_payload",
    zh="同一命令键对应同样的内容",
    en="what came with this key before: a key stands for one command",
)

_AMEND_IT = Text(
    "以现行政策打开，再用 amend 修订",
    "open it with the policy in force, and amend it: programme.amend(policy, by=…)",
)
_logger = logging.getLogger(__name__)
_AT_ONCE = 100
_ALL_AGAIN = 100_000
_TRIES_FOR_AN_ID = 100
_TRIES_TO_AMEND = 3


def _system_clock() -> datetime:
    return datetime.now().astimezone()


class Programme(Questions, StandardActions):
    """Studios under one policy, and under what that is amended to.

    Every action decides about the studio as the register has it, writes one event, and returns the
    studio as a new value. A denied action changes nothing.

    Attributes:
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

    _outer: Programme | None = None
    """The one that this one was made from, to write into an embedder's transaction."""

    @classmethod
    def open(
        cls,
        policy: Policy | str | Path | None = None,
        *,
        register: object = None,
        host: Host | None = None,
        clock: Clock | None = None,
    ) -> Programme:
        """Open a programme, new or with what its register holds.

        Args:
            policy: or the id or path that `load_policy` takes; the one in force in the register
                when it is left out.
            register: where events are kept, as `connect` takes it: the path of an SQLite file, an
                address, a connection, a register. In memory when it is left out.
            host: whose plugins are asked; every installed one when it is left out.
            clock: returns the present moment, with its zone; the system's when it is left out.

        Raises:
            InputError: where a plugin is broken, since what it would forbid is not known; where
                another policy is in force in the register, an earlier or an edited one among them;
                where there is none at all; and for every problem in the policy. For what `connect`
                refuses; it raises more.
        """
        host = Host.discover() if host is None else host
        if host.problems:
            raise InputError(host.problems)
        home = MemoryRegister() if register is None else connect(register)
        clock = _system_clock if clock is None else clock
        kept = in_force(home)
        if policy is None:
            if kept is None:
                raise InputError(p.under("policy") for p in wrong(NO_POLICY, policy).problems)
            policy = rebuilt(*kept, host)
        elif not isinstance(policy, Policy):
            policy = load_policy(policy, host=host)
        given = Opening(policy=policy.reference, tables=policy.tables, recorded=clock())
        known = home.open(given).policy if kept is None else kept[0]
        if known.fingerprint != policy.fingerprint:
            raise wrong(
                OTHER_POLICY,
                f"{policy.id}, {policy.fingerprint}",
                hint=_AMEND_IT,
                id=known.id,
                fingerprint=known.fingerprint,
            )
        return cls(policy, register=home, host=host, clock=clock)

    def __repr__(self) -> str:
        return f"<Programme {self.policy.id}, {self.register.latest()} studios>"

    def within(self, connection: object) -> Programme:
        """Return this programme as it writes into an embedder's transaction.

        What it does is kept and taken back with all else that the embedder does on that connection.
        Use it for one transaction. Subscribers are told after the commit of a Session and of
        Django; of any other connection's, when `deliver` is called next.

        Args:
            connection: of sqlite3, SQLAlchemy (or its Session) or Django, to the same register.

        Raises:
            InputError: for what `connect` refuses, and for another register.
        """
        register = connect(connection, prefix=getattr(self.register, "prefix", PREFIX))
        if register.register_id != self.register.register_id:
            raise wrong(OTHER_REGISTER, register.register_id, id=self.register.register_id)
        inside = Programme(self.policy, register=register, host=self._host, clock=self._clock)
        inside._versions = self._versions.over(register)
        inside._undelivered, inside._outer = self._undelivered, self._outer or self
        return inside

    # What the policy becomes.

    def amendment(self, policy: Policy | str | Path, *, on: date | None = None) -> AmendmentReport:
        """Return what an amendment would do: the difference, and what becomes of each studio.

        Nothing happens by it.

        Args:
            policy: that would take the place of the one in force; or what `load_policy` takes.
            on: the day of it; today when it is left out.

        Raises:
            InputError: for every problem in the policy.
        """
        return self._proposal(policy, self._on(on)).report

    def amend(
        self,
        policy: Policy | str | Path,
        *,
        by: Actor,
        on: date | None = None,
        remark: str | None = None,
    ) -> AmendmentReport:
        """Put another policy in the place of the one in force, and studios over to it.

        What that policy says under `[amendment]` decides whether the studios that there are go over
        to it, or go on by theirs. All that has to happen does, or nothing.

        Args:
            policy: that takes the place of the one in force; or what `load_policy` takes.
            by: who amends.
            on: the day that is claimed; the clock's when it is left out.
            remark: recorded with it.

        Raises:
            Denied: with every reason, of each studio that could not go on among them.
            InputError: for every problem in the policy, for one that is in force already, and for
                input of the wrong form.
            Conflict, Superseded: where others were faster each time that this was decided.
        """
        check_amending(by, remark)
        for tries_left in reversed(range(_TRIES_TO_AMEND)):
            proposal, now = self._proposal(policy, self._on(on)), self._clock()
            if proposal.to is proposal.before:
                problems = wrong(IN_FORCE, proposal.to.policy.id).problems
                raise InputError(problem.under("policy") for problem in problems)
            verdict = proposal.verdict(by, now.date())
            if not verdict.allowed:
                raise Denied(verdict)
            take, free = proposal.moves
            try:
                self.register.amend(
                    proposal.written(by, now, remark),
                    expected=proposal.expected,
                    events=proposal.events(by, now, remark),
                    take=take,
                    free=free,
                    tell=self._concerned(AMEND),
                )
            except (Conflict, Superseded):
                if not tries_left:
                    raise
            else:
                self._versions.refresh()
                self._tell(AMEND)
                return proposal.report
        raise AssertionError  # the loop returns or raises

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
            Conflict, SlotTaken, Superseded: where others were faster each time that this was
                decided.
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
                if not same_payload(kept.digest, action, named, given):
                    raise InputError(p.under("key") for p in wrong(OTHER_PAYLOAD, key).problems)
                answered = self._answered(kept)
                decided_by = self._versions.named(kept.event.policy.fingerprint).policy
                label = decided_by.procedure.transitions[kept.event.action].label
                return Step(kept.event, answered, Verdict(label))
            before = self._meant(studio, action)
            version = self._versions.of(before)
            on, handed_in = self._completed(given, version, before, action)
            step = version.lifecycle.act(action, before, by=by, on=on, **handed_in)
            take, free = slots(version.policy, step.event, before, handed_in["places_left"])
            try:
                kept_event = self.register.append(
                    step.event,
                    expected=before.version,
                    take=take,
                    free=free,
                    digest=digest,
                    tell=self._concerned(action),
                )
            except (Conflict, SlotTaken, KeyReused, Superseded) as error:
                if not tries_left or self._broken_off(error):
                    raise
                if isinstance(error, Superseded):
                    self._versions.refresh()
            else:
                self._tell(action)
                return Step(kept_event, before.after(kept_event), step.verdict)
        raise AssertionError  # the loop returns or raises

    def advance(self, *, by: Actor) -> tuple[Step, ...]:
        """Take every automatic step that may be taken now, and return what was taken.

        Each studio is moved as far as it goes, and takes each of its automatic steps once at most.
        One that may not be taken is passed over: `can` says why.

        Args:
            by: who answers for it; the roles are those that the policy names for the steps.
        """
        taken: list[Step] = []
        for studio in self.studios():
            steps = self._versions.of(studio).policy.procedure.transitions
            left = [name for name, step in steps.items() if step.automatic]
            moved = True
            while moved:
                moved = False
                for action in tuple(left):
                    # Who was faster has moved it; what is still to do is done the next time.
                    with suppress(Denied, Conflict, SlotTaken, Superseded):
                        taken.append(self.take(action, studio.id, by=by))
                        left.remove(action)
                        moved = True
        return tuple(taken)

    def deliver(self, *, again: bool = False) -> tuple[Undelivered, ...]:
        """Tell subscribers what they are still to be told, and return what failed.

        Every action does so by itself once it is kept; call it after the commit of a connection of
        sqlite3 or SQLAlchemy. What somebody else wrote and did not come to tell is told, too. Each
        is told of each event at least once.

        Args:
            again: whether to try again what failed before.
        """
        if self._outer is not None:  # what is written here is not kept yet
            return self._outer.deliver(again=again)
        subscribers = {each.id: each for each in self._host.subscribers}
        failed: list[Undelivered] = []
        limit = _ALL_AGAIN if again else _AT_ONCE
        due = (
            self.register.due_notices(subscribers, again=again, limit=limit) if subscribers else ()
        )
        while due:
            for notice in due:
                undelivered = tell(subscribers[notice.subscriber], notice.event)
                self.register.settle(notice, undelivered.error if undelivered else None)
                failed += [undelivered] if undelivered else []
            # What has failed just now would be due again for ever.
            due = () if again else self.register.due_notices(subscribers)
        self._undelivered += failed
        return tuple(failed)

    # How it happens.

    def _sent_before(self, by: object, key: object) -> Kept | None:
        """Return what an actor's key stands for; what is no actor or no key, is checked later."""
        if isinstance(by, Actor) and isinstance(key, str):
            return self.register.kept(by.id, key)
        return None

    def _proposal(self, policy: Policy | str | Path, on: date) -> Proposal:
        """Return an amendment of the policy that nobody has decided about yet."""
        if not isinstance(policy, Policy):
            policy = load_policy(policy, host=self._host)
        self._versions.refresh()  # somebody else may have amended it
        studios, to = self.studios(), self._versions.add(policy)
        policies = {each.fingerprint: each for each in map(self.policy_of, studios)}
        policies[policy.fingerprint] = policy
        return Proposal(
            studios=studios,
            versions=self._versions,
            before=self._versions.in_force,
            to=to,
            on=on,
            places_left={name: self._places_left(each) for name, each in policies.items()},
            places_held=frozenset(self.register.holders(PLACE)),
        )

    def _answered(self, kept: Kept) -> Studio:
        """Return what a command brought that was sent before."""
        event = kept.event
        events = self.register.events(event.studio)
        return Studio.from_events(event.studio, events[: events.index(event) + 1])

    def _concerned(self, action: str) -> tuple[str, ...]:
        """Return the ids of the subscribers who want to be told of an action."""
        return tuple(each.id for each in self._host.subscribers if each.concerns(action))

    def _broken_off(self, error: Exception) -> bool:
        """Return whether an embedder's transaction may be over, and nothing tried again in it."""
        contended = isinstance(error, Conflict) and error.actual is None
        return contended and not self.register.owned

    def _tell(self, action: str) -> None:
        if self._concerned(action):
            self.register.when_committed(partial(_deliver_now, self._outer or self))


def _deliver_now(programme: Programme) -> None:
    """Tell what is due. What was written is written: nothing that fails here undoes it."""
    try:
        programme.deliver()
    except StudioflowError as error:  # it stays due
        _logger.warning("subscribers are still to be told: %s", type(error).__name__)
