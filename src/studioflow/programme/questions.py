"""What a programme can be asked: the studios, where they stand, what may happen, what is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Unpack

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, checked_text, wrong
from studioflow.cohort import Outcomes, Rank, rank
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.lifecycle import Agenda, HandedIn, Lifecycle
from studioflow.lifecycle.gate import A_DAY
from studioflow.people import Actor, check_ids
from studioflow.policy import Policy
from studioflow.programme.actions import Given
from studioflow.programme.bans import banned_until
from studioflow.programme.bulletin import Bulletin
from studioflow.programme.given import as_handed_in, settled
from studioflow.programme.outlooks import Standing, agenda_of, bulletin_of
from studioflow.programme.progress import Progress, progress
from studioflow.programme.slots import PLACE
from studioflow.programme.standings import standings
from studioflow.programme.telling import Undelivered
from studioflow.programme.versions import Version, Versions
from studioflow.register import Register
from studioflow.rubric import ScoreSheet
from studioflow.studio import Studio
from studioflow.verdict import Verdict

__all__ = ["Clock", "Questions"]

Clock = Callable[[], datetime]
_NEAR = 1000
"""Of so many studios the name that is most like an unknown one is looked for."""


class Questions:
    """A programme as far as it is asked; nothing happens by it.

    Attributes:
        register: where events are kept.
    """

    def __init__(self, policy: Policy, *, register: Register, host: Host, clock: Clock) -> None:
        """Use `Programme.open`."""
        self.register = register
        self._undelivered: list[Undelivered] = []
        self._versions = Versions(policy, register, host)
        self._host = host
        self._clock = clock
        self._folded: dict[str, Studio] = {}

    @property
    def host(self) -> Host:
        """Whose plugins are asked."""
        return self._host

    @property
    def policy(self) -> Policy:
        """The policy in force: the one that it was opened with, until that is amended."""
        return self._versions.in_force.policy

    def policy_of(self, studio: Studio | str) -> Policy:
        """Return the policy by which a studio goes: that of its last event.

        Raises:
            InputError: for an id that is not known.
        """
        return self._versions.of(self.studio(studio)).policy

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

    def today(self) -> date:
        """Return the day that the programme's clock says."""
        return self._clock().date()

    def places_left(self) -> int | None:
        """Return how many places of the quota are free; None where the policy has no quota."""
        return self._places_left(self.policy)

    def score(self, studio: Studio | str, *, on: date | None = None) -> ScoreSheet:
        """Return the sheet of a studio as it would be made on a day.

        The day is today when it is left out, or that of the evaluation once there was one.

        A mark that does not fit the facts any more is left out, and open.
        """
        found = self.studio(studio)
        return self._lifecycle_of(found).score(found, on=self._day(found, on))

    def progress(self, studio: Studio | str, *, on: date | None = None) -> Progress:
        """Return where each item of a studio stands, what is still possible, what is missing."""
        found = self.studio(studio)
        return progress(self._lifecycle_of(found), found, self._day(found, on))

    def ranking(self, *, policy: Policy | None = None) -> tuple[Rank, ...]:
        """Return the evaluated studios whose gates are met, the best first; ties share a rank.

        They are those whose sheets were made by one policy: the one in force when it is left out.
        """
        return rank(standings(policy or self.policy, self.studios()).sheets)

    def outcomes(
        self,
        *,
        decided: Mapping[str, Sequence[str]] | None = None,
        decided_last: Mapping[str, Sequence[str]] | None = None,
        cycle: int | None = None,
        policy: Policy | None = None,
    ) -> Outcomes:
        """Count the places of all grades over the evaluated studios, as `cohort.outcomes` does.

        Args:
            decided: ties, as somebody decides them; by the grades that were recorded already when
                both are left out.
            decided_last: who of those who are tied is among the last.
            cycle: in which they were evaluated; the latest when it is left out.
            policy: by which their sheets were made; the one in force when it is left out.

        Raises:
            InputError: for a sheet that is not finished, and a decision that does not fit its tie.
        """
        batch = standings(policy or self.policy, self.studios(), cycle)
        return batch.outcomes(decided, decided_last)

    def agenda(
        self,
        studio: Studio | str | None = None,
        *,
        role: str | None = None,
        on: date | None = None,
        until: date | None = None,
    ) -> Agenda:
        """Return what is due, overdue, to come or possible.

        Args:
            studio: by value or id; None for all of them, and for those yet to be declared.
            role: whose agenda it is; None for everybody's.
            on: the day; today when it is left out. Of a day that is over, what came later is not
                known.
            until: how far to look ahead; ninety days when it is left out.

        Raises:
            InputError: for an unknown studio or role, and for what is no day.
        """
        if studio is None:
            asked: tuple[Studio, ...] = (*self.studios(), Studio(id="new"))
        else:
            asked = (self.studio(studio),)
        day = self._clock().date() if on is None else on
        standings = map(self._standing, asked)
        return agenda_of(self.policy, standings, role=role, on=day, until=until)

    def bulletin(self, start: date, end: date) -> Bulletin:
        """Return how each studio stands at the end of a period, what it lacks, and what is next.

        Raises:
            InputError: for what is no day, and an end before its start.
        """
        return bulletin_of(self.policy, map(self._standing, self.studios()), start, end)

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
        found = self._meant(studio, action)
        version = self._versions.of(found)
        given_on, handed_in = self._completed(settled(given), version, found, action)
        return version.lifecycle.can(action, found, by=by, on=given_on, **handed_in)

    def available(self, studio: Studio | str, *, by: Actor) -> dict[str, Verdict]:
        """Return the verdict on every action of the policy, as things stand today."""
        found = self.studio(studio)
        version = self._versions.of(found)
        given_on, handed_in = self._completed({}, version, found, None)
        return version.lifecycle.available(found, by=by, on=given_on, **handed_in)

    # How that is known.

    def _lifecycle_of(self, studio: Studio) -> Lifecycle:
        """Return the lifecycle by which a studio goes: that of its last event's policy."""
        return self._versions.of(studio).lifecycle

    def _day(self, studio: Studio, on: object) -> date:
        return self._on(studio.scored_on if on is None else on)

    def _standing(self, studio: Studio) -> Standing:
        version = self._versions.of(studio)
        known = self._completed({}, version, studio, None)[1]
        del known["today"]  # it is asked about any day
        return Standing(studio=studio, lifecycle=version.lifecycle, known=known)

    def _meant(self, studio: Studio | str | None, action: str) -> Studio:
        """Return the studio that is meant; one that is not known may still declare.

        Raises:
            InputError: for an id that is none, or that is not known to an action that starts
                from a known studio.
        """
        if studio is None:
            number = self.register.latest() + 1
            while self.register.events(f"s-{number:02}"):
                number += 1
            return Studio(id=f"s-{number:02}")
        name = studio.id if isinstance(studio, Studio) else studio
        collector = Collector()
        with collector.under():
            check_ids(studio=name)
        with collector.under("studio"):
            checked_text(str(name))
        collector.finish()
        found = self._read(name)
        step = self._versions.of(found).policy.procedure.transitions.get(action)
        if not found.history and step is not None and not step.declares:
            raise self._unknown(name)
        return found

    def _unknown(self, name: str) -> InputError:
        known = self.register.studios(limit=_NEAR)
        problems = wrong(UNKNOWN_NAME, name, known=known).problems
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

    def _on(self, on: object) -> date:
        """Return a day that is claimed, or today."""
        if on is None:
            return self._clock().date()
        if type(on) is not date:
            raise InputError(p.under("on") for p in wrong(WRONG_TYPE, on, type=A_DAY).problems)
        return on

    def _places_left(self, policy: Policy) -> int | None:
        if policy.quota is None:
            return None
        return max(0, policy.quota.places - len(self.register.holders(PLACE)))

    def _completed(
        self, given: Given, version: Version, studio: Studio, action: str | None
    ) -> tuple[date, HandedIn]:
        """Return the day that is claimed, and what is handed in with what the programme knows.

        Args:
            given: by the embedder.
            version: of the policy, by which the studio goes.
            studio: that it is about.
            action: that is asked about; None for all of them.
        """
        now = self._clock()
        on = given.get("on", now.date())
        handed_in = as_handed_in(given, version.classes)
        handed_in |= {
            "places_left": self._places_left(version.policy),
            "today": now.date(),
            "recorded": now,
            "elsewhere": self.register.holders,
        }
        steps = version.policy.procedure.transitions
        asked = [step for name, step in steps.items() if action in (None, name)]
        lead = handed_in.get("lead")
        if lead is not None:
            handed_in["banned_until"] = banned_until(self.register, {"lead": lead})
        elif any(step.declares for step in asked):
            application = handed_in.get("application") or studio.application
            handed_in["banned_until"] = banned_until(self.register, application)
        if any(step.batch_grade for step in asked):
            batch = standings(version.policy, self.studios(), studio.cycle)
            handed_in["batch_grades"] = batch.grades(studio.id)
        return on, handed_in
