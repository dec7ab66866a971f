"""The standard actions of a programme as typed methods, so that an editor knows what each takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypedDict, Unpack

from studioflow.people import Actor, Mark, Person
from studioflow.rubric import FactFile, Inspection
from studioflow.studio import Application, Override, Studio

__all__ = ["Aside", "Given", "Marks", "Records", "StandardActions"]

Records = Mapping[str, Sequence[object]] | Sequence[object]
"""Lists of records by kind, as plain dicts or instances of the kind's class; or instances alone,
of classes that a plugin brings."""


Marks = Iterable[Mark | Mapping[str, object]]
"""Marks as records, or as plain dicts with the keys that a case file has."""


class Aside(TypedDict, total=False):
    """What may come with any action.

    Attributes:
        on: the day that is claimed for it; the clock's day when left out.
        key: by which the sender knows the command again: sent twice, it is done once.
        remark: recorded with it.
        overrides: conditions to set aside, by id, with the reason; "window" is the calendar's.
    """

    on: date
    key: str
    remark: str
    overrides: Mapping[str, Override | Mapping[str, object]]


class Given(Aside, total=False):
    """What may come with any action; see `lifecycle.HandedIn`.

    Attributes:
        marks, inspection: in place of a fact file that has them, as records or as plain dicts.
        lead: as a record or a plain dict; `amount` is in yuan.
    """

    facts: FactFile | Mapping[str, object] | None
    marks: Marks
    inspection: Inspection | Mapping[str, object] | None
    application: Application | Mapping[str, object] | None
    decision: str | None
    records: Records
    strike: Iterable[str]
    gaps: Iterable[str]
    due: date | None
    opinion: bool | None
    lead: Person | Mapping[str, object] | None
    amount: Fraction | int | None


class StandardActions(ABC):
    """The actions that most policies have; each is `act` with what belongs to it, typed.

    An action that the policy does not have is an `InputError`.
    """

    @abstractmethod
    def act(
        self, action: str, studio: Studio | str | None = None, *, by: Actor, **given: Unpack[Given]
    ) -> Studio:
        """Take any action of the policy."""

    def declare(
        self,
        application: Application | Mapping[str, object],
        studio: Studio | str | None = None,
        *,
        by: Actor,
        records: Records | None = None,
        **aside: Unpack[Aside],
    ) -> Studio:
        """Declare a studio, or declare a returned one again.

        Args:
            application: the core of the form, as a record or a plain dict.
            studio: the returned one, or the id of a new one; a new id is made when left out.
            by: who acts.
            records: that come with it, such as the forms, by kind.
            aside: see `Aside`.

        Raises:
            Denied: with every reason.
            InputError: for input that does not fit.
        """
        return self.act(
            "declare", studio, by=by, application=application, records=records or {}, **aside
        )

    def approve(self, studio: Studio | str, *, by: Actor, **aside: Unpack[Aside]) -> Studio:
        """Approve a declared studio; it takes a place of the quota. Raises as `act` does."""
        return self.act("approve", studio, by=by, **aside)

    def return_for_completion(
        self, studio: Studio | str, gaps: Sequence[str], *, by: Actor, **aside: Unpack[Aside]
    ) -> Studio:
        """Return an application, with the list of what is missing. Raises as `act` does."""
        return self.act("return_for_completion", studio, by=by, gaps=gaps, **aside)

    def refuse(self, studio: Studio | str, *, by: Actor, **aside: Unpack[Aside]) -> Studio:
        """Refuse an application; the remark says why. Raises as `act` does."""
        return self.act("refuse", studio, by=by, **aside)

    def withdraw(self, studio: Studio | str, *, by: Actor, **aside: Unpack[Aside]) -> Studio:
        """Withdraw a studio by its own side; the remark says why. Raises as `act` does."""
        return self.act("withdraw", studio, by=by, **aside)

    def revoke(self, studio: Studio | str, *, by: Actor, **aside: Unpack[Aside]) -> Studio:
        """Revoke a studio by the bureau; the remark says why. Raises as `act` does."""
        return self.act("revoke", studio, by=by, **aside)

    def inspect(
        self,
        studio: Studio | str,
        inspection: Inspection | Mapping[str, object],
        *,
        by: Actor,
        **aside: Unpack[Aside],
    ) -> Studio:
        """Record an inspection of the site, item by item. Raises as `act` does."""
        return self.act("inspect", studio, by=by, inspection=inspection, **aside)

    def plaque(
        self,
        studio: Studio | str,
        *,
        by: Actor,
        inspection: Inspection | Mapping[str, object] | None = None,
        **aside: Unpack[Aside],
    ) -> Studio:
        """Hang the plaque on a studio whose site is in order. Raises as `act` does."""
        return self.act("plaque", studio, by=by, inspection=inspection, **aside)

    def operate(self, studio: Studio | str, *, by: Actor, **aside: Unpack[Aside]) -> Studio:
        """Start the daily operation of a studio. Raises as `act` does."""
        return self.act("operate", studio, by=by, **aside)

    def record(
        self, studio: Studio | str, records: Records, *, by: Actor, **aside: Unpack[Aside]
    ) -> Studio:
        """Put records into a studio's file.

        Args:
            studio: by value or id.
            records: lists by kind, of plain dicts or of instances of the kind's class; or a list
                of instances alone, of classes that a plugin brings.
            by: who hands them in.
            aside: see `Aside`.

        Raises:
            Denied: with every reason, such as evidence that is doubled or of a day to come.
            InputError: with everything in the records that does not fit.
        """
        return self.act("record", studio, by=by, records=records, **aside)

    def correct(
        self,
        studio: Studio | str,
        records: Records | None = None,
        *,
        by: Actor,
        strike: Iterable[str] = (),
        marks: Marks = (),
        **aside: Unpack[Aside],
    ) -> Studio:
        """Correct a studio's file: nothing is overwritten, the event says what takes its place.

        Args:
            studio: by value or id.
            records: that replace those of the same `id`, or are added.
            by: who corrects.
            strike: ids of records, and marks as `criterion/person`, that are wrong.
            marks: that replace those of the same person on the same item.
            aside: see `Aside`; a remark says why.

        Raises:
            Denied: with every reason.
            InputError: for an id that is not on file, and for what does not fit.
        """
        return self.act(
            "correct", studio, by=by, records=records or {}, strike=strike, marks=marks, **aside
        )

    def mark(
        self, studio: Studio | str, marks: Marks, *, by: Actor, **aside: Unpack[Aside]
    ) -> Studio:
        """Hand in marks of one or several assessors. Raises as `act` does."""
        return self.act("mark", studio, by=by, marks=marks, **aside)

    def evaluate(
        self,
        studio: Studio | str,
        *,
        by: Actor,
        decision: str | None = None,
        facts: FactFile | Mapping[str, object] | None = None,
        **aside: Unpack[Aside],
    ) -> Studio:
        """Evaluate a studio: its sheet is made and kept.

        Args:
            studio: by value or id.
            by: who evaluates.
            decision: the grade's id, where the policy leaves it to the committee.
            facts: what the file does not hold yet.
            aside: see `Aside`.

        Raises:
            Denied: with every reason.
            InputError: for input that does not fit.
        """
        return self.act("evaluate", studio, by=by, decision=decision, facts=facts, **aside)

    def commend(
        self,
        studio: Studio | str,
        *,
        by: Actor,
        decision: str | None = None,
        **aside: Unpack[Aside],
    ) -> Studio:
        """Commend an outstanding studio; the committee's choice is recorded. Raises as `act`."""
        return self.act("commend", studio, by=by, decision=decision, **aside)

    def reward(self, studio: Studio | str, *, by: Actor, **aside: Unpack[Aside]) -> Studio:
        """Grant the policy's reward, once, to a studio that passed. Raises as `act` does."""
        return self.act("reward", studio, by=by, **aside)
