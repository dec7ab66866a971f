"""How often, how soon and by whom a step may be taken: once, in time, not while banned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, date, timedelta
from fractions import Fraction

from studioflow.lifecycle.matter import Matter, Objection
from studioflow.studio import Ban, Studio
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["ban", "limits", "to_recover"]

ALREADY_DONE = message(
    "already_done", zh="只办一次，{day}已办", en="this is done once, and was done on {day}"
)
DONE_THIS_CYCLE = message(
    "done_this_cycle",
    zh="本周期只办一次，{day}已办",
    en="this is done once in a cycle, and was done on {day}",
)
DONE_THIS_YEAR = message(
    "done_this_year",
    zh="每年只办一次，{day}已办",
    en="this is done once in a year, and was done on {day}",
)
REPORTED_LATE = message(
    "reported_late",
    zh="应在{last}之前（含当日）报送，记于{today}",
    en="it has to be written down by {last}, and was on {today}",
)
NOTHING_PENDING = message(
    "nothing_pending", zh="没有待处理的{pending}", en="nothing is pending to be settled: {pending}"
)
BANNED = message(
    "banned",
    zh="领衔人或单位在{until}之前（含当日）不得申报",
    en="the lead or the unit may not declare until {until}, that day included",
)
DUE_BEFORE = message(
    "due_before", zh="期限{due}早于办理之日{day}", en="the deadline {due} lies before the day {day}"
)
_DUE = ("due",)


def limits(matter: Matter) -> Iterator[Objection]:
    """Object to what is done already, comes too late, or is not for these people yet."""
    attempt, transition = matter.attempt, matter.transition
    clause = transition.clause
    if transition.once or transition.once_in is not None:
        yield from _done_already(matter)
    today = attempt.today or attempt.on
    if transition.within is not None and today > attempt.on:
        last = transition.within.after(attempt.on, matter.policy.calendar.working_days)
        if today > last:
            warns = transition.within_severity == "warn"
            reason = Reason(REPORTED_LATE, {"last": last, "today": today}, clause)
            yield Objection(reason, warns=warns)
    if transition.settles is not None and not attempt.studio.pending()[transition.settles]:
        pending = matter.policy.procedure.pending[transition.settles]
        yield Objection(Reason(NOTHING_PENDING, {"pending": pending.label}, clause))
    leads = transition.declares or attempt.lead is not None
    if leads and attempt.banned_until is not None:
        until = attempt.banned_until
        if attempt.on <= until:
            after = until + timedelta(days=1) if until < date.max else None
            yield Objection(Reason(BANNED, {"until": until}, clause, when=after))
    if attempt.due is not None and attempt.due < attempt.on:
        days = {"due": attempt.due, "day": attempt.on}
        yield Objection(Reason(DUE_BEFORE, days, clause, about=_DUE))


def _done_already(matter: Matter) -> Iterator[Objection]:
    attempt, transition, studio = matter.attempt, matter.transition, matter.attempt.studio
    said, events = ALREADY_DONE, [*studio.history]
    if transition.once:  # which is more than once in a while
        pass
    elif transition.once_in == "cycle":
        said, events = DONE_THIS_CYCLE, [*studio.this_cycle()]
    elif transition.once_in == "year":
        said = DONE_THIS_YEAR
        events = [event for event in studio.history if event.on.year == attempt.on.year]
    days = [event.on for event in events if event.action == attempt.action]
    if days:
        year = attempt.on.year + 1
        when = date(year, 1, 1) if said is DONE_THIS_YEAR and year <= MAXYEAR else None
        yield Objection(Reason(said, {"day": max(days)}, transition.clause, when=when))


def ban(matter: Matter) -> Ban | None:
    """Return whom the step keeps from declaring again, and until when."""
    bans, application = matter.transition.bans, matter.application
    if bans is None or application is None:
        return None
    # The day on which it ends is the first one on which they may.
    free = bans.span.after(matter.attempt.on, matter.policy.calendar.working_days)
    return Ban(
        until=free - timedelta(days=1),
        people=(application.lead.id,) if "lead" in bans.of else (),
        units=(application.unit,) if "unit" in bans.of else (),
    )


def to_recover(matter: Matter) -> Fraction | None:
    """Return what has to be paid back with the step, in yuan; None where it is nothing."""
    match matter.transition.recovers:
        case "rewards":
            return _unrecovered(matter.attempt.studio) or None
        case "amount":
            return matter.attempt.amount or None
        case None:
            return None


def _unrecovered(studio: Studio) -> Fraction:
    granted = sum((event.reward or Fraction(0) for event in studio.history), Fraction(0))
    back = sum((event.recovered or Fraction(0) for event in studio.history), Fraction(0))
    return max(granted - back, Fraction(0))
