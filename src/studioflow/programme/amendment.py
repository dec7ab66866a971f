"""Deciding about an amendment: what it does to all studios, and what stands against it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, datetime
from functools import cached_property

from attrs import evolve, frozen

from studioflow.codec import WRONG_TYPE, Collector, checked_text, wrong
from studioflow.lifecycle.entry import BACKDATED, NOT_COME_YET, WRONG_ROLE
from studioflow.people import Actor
from studioflow.policy import Policy, differences
from studioflow.programme.amendment_report import AmendmentReport, StudioAmendment
from studioflow.programme.going_over import GoingOver
from studioflow.programme.slots import carried_over
from studioflow.programme.versions import Version, Versions
from studioflow.register import Amendment, Slot
from studioflow.studio import Event, Studio
from studioflow.text import Text, message
from studioflow.verdict import Reason, Verdict

__all__ = ["Proposal", "check_amending"]

SAME_VERSION = message(
    "amended_same_version",
    zh="内容不同，而版本号仍是 {version}",
    en="the version is {version}, as before, though the policy differs",
)
_ACTOR = Text("Actor（文字可用 Actor.parse 读入）", "an Actor (Actor.parse reads one from text)")
_TEXT = Text("文字", "text")
_LABEL = Text("修订政策", "amend the policy")


@frozen(eq=False, kw_only=True, slots=False)
class Proposal:
    """An amendment that somebody thinks of; nothing happens by it.

    Attributes:
        studios: all that there are.
        versions: of the policy so far.
        before: the one in force; `to` is what takes its place.
        on: the day that is claimed.
        places_left: of the quota, by the fingerprint of each version.
        places_held: the studios that hold one.
    """

    studios: tuple[Studio, ...]
    versions: Versions
    before: Version
    to: Version
    on: date
    places_left: Mapping[str, int | None]
    places_held: Container[str]

    @cached_property
    def report(self) -> AmendmentReport:
        """What it would do."""
        before, after = self.before.policy, self.to.policy
        found = differences(before, after)
        same = bool(found) and (before.id, before.version) == (after.id, after.version)
        return AmendmentReport(
            before=before,
            after=after,
            on=self.on,
            differences=found,
            studios=tuple(
                _stays(studio, self.versions.of(studio).policy) if over is None else over.told
                for studio, over in zip(self.studios, self._over, strict=True)
            ),
            warnings=(Reason(SAME_VERSION, {"version": before.version}),) if same else (),
        )

    def verdict(self, by: Actor, today: date) -> Verdict:
        """Return whether somebody may write it down on a day: not while a studio is stuck."""
        reasons, warnings = [], []
        policy = self.before.policy
        roles = policy.amending.by or tuple(policy.roles)
        if not by.has_role(*roles):
            labels = tuple(policy.roles[name].label for name in roles)
            reasons.append(Reason(WRONG_ROLE, {"roles": labels}, about=roles))
        days = {"day": self.on, "today": today}
        if self.on > today:
            reasons.append(Reason(NOT_COME_YET, days, when=self.on))
        elif self.on < today:
            warnings.append(Reason(BACKDATED, days))
        report = self.report
        return Verdict(_LABEL, (*reasons, *report.reasons), (*warnings, *report.warnings))

    def written(self, by: Actor, now: datetime, remark: str | None) -> Amendment:
        """Return what the register is to keep."""
        return Amendment(
            before=self.before.policy.reference,
            policy=self.to.policy.reference,
            tables=self.to.policy.tables,
            on=self.on,
            by=by,
            remark=remark,
            recorded=now,
        )

    def events(self, by: Actor, now: datetime, remark: str | None) -> tuple[Event, ...]:
        """Return the events by which studios go over."""
        return tuple(
            evolve(over.event, by=by, recorded=now, remark=remark)
            for over in self._over
            if over is not None and over.event is not None
        )

    @cached_property
    def moves(self) -> tuple[dict[str, list[Slot]], dict[str, list[str]]]:
        """What studios take by going over, and what they give back, by studio."""
        take: dict[str, list[Slot]] = {}
        free: dict[str, list[str]] = {}
        for studio, over in zip(self.studios, self._over, strict=True):
            if over is not None and over.event is not None:
                take[studio.id], free[studio.id] = carried_over(
                    over.told.policy,
                    studio,
                    self.to.policy,
                    studio.after(over.event),
                    has_place=studio.id in self.places_held,
                )
        return take, free

    @property
    def expected(self) -> Mapping[str, int] | None:
        """The versions of all studios; None where none goes over, and all may go on meanwhile."""
        if not self._all_go_over:
            return None
        return {studio.id: studio.version for studio in self.studios}

    @property
    def _all_go_over(self) -> bool:
        return self.to.policy.amending.studios == "migrate"

    @cached_property
    def _over(self) -> tuple[GoingOver | None, ...]:
        """How each studio goes over; None for one that stays by its policy."""
        return tuple(self._going_over(studio) for studio in self.studios)

    def _going_over(self, studio: Studio) -> GoingOver | None:
        old = self.versions.of(studio)
        if not self._all_go_over or old.policy.fingerprint == self.to.policy.fingerprint:
            return None
        return GoingOver(studio, (old, self.to), on=self.on, places_left=self.places_left)


def check_amending(by: object, remark: object) -> None:
    """Check the form of who amends, and of why.

    Raises:
        InputError: for what is no actor or no text.
    """
    collector = Collector()
    with collector.under("by"):
        if not isinstance(by, Actor):
            raise wrong(WRONG_TYPE, by, type=_ACTOR)
    with collector.under("remark"):
        if remark is not None:
            if not isinstance(remark, str):
                raise wrong(WRONG_TYPE, remark, type=_TEXT)
            checked_text(remark)
    collector.finish()


def _stays(studio: Studio, policy: Policy) -> StudioAmendment:
    return StudioAmendment(
        studio=studio.id, policy=policy, goes_over=False, before=studio.state, after=studio.state
    )
