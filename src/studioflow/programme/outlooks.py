"""How studios stand: the agenda of a day and the bulletin of a period, over a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.lifecycle import Agenda, HandedIn, Lifecycle
from studioflow.lifecycle.agenda import LOOK_AHEAD
from studioflow.lifecycle.duties import counts_in, overdue
from studioflow.lifecycle.gate import A_DAY
from studioflow.lifecycle.outlook import as_of, look, next_steps, roles_of, since
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme.bulletin import Bulletin, BulletinEntry, Lack, Next, Taken
from studioflow.rubric import ScoreSheet
from studioflow.studio import Studio
from studioflow.text import Text, message
from studioflow.verdict import Verdict

__all__ = ["Standing", "agenda_of", "bulletin_of"]

PERIOD_ORDER = message(
    "period_order", zh="不早于{start}的日期", en="a day that is not before {start}"
)


@frozen(kw_only=True)
class Standing:
    """A studio with what decides about it.

    Attributes:
        lifecycle: of the version of the policy by which it goes.
        known: what the programme knows and hands in with a step.
    """

    studio: Studio
    lifecycle: Lifecycle
    known: HandedIn


def agenda_of(
    policy: Policy,
    standings: Iterable[Standing],
    *,
    role: str | None,
    on: date,
    until: date | None,
) -> Agenda:
    """Return what is due, overdue, to come or possible for studios on a day.

    Raises:
        InputError: for what is no day, an end before its start, and a role that nobody has.
    """
    last = until
    if last is None:
        known = on if type(on) is date else date.min  # what is no day is told below
        last = min(known, date.max - LOOK_AHEAD) + LOOK_AHEAD
    _check_period(on=on, until=last)
    collector = Collector()
    standings = tuple(standings)
    roles = policy.roles.keys() | {name for s in standings for name in s.lifecycle.policy.roles}
    with collector.under("role"):
        if role is not None and role not in roles:
            raise wrong(UNKNOWN_NAME, role, known=roles)
    collector.finish()
    items = [
        item
        for each in standings
        for item in each.lifecycle.agenda(each.studio, on=on, until=last, **each.known).items
    ]
    agenda = Agenda.of(policy.id, on, last, items)
    return agenda if role is None else agenda.for_role(role)


def bulletin_of(policy: Policy, standings: Iterable[Standing], start: date, end: date) -> Bulletin:
    """Return how studios stand at the end of a period, and what happened in it.

    Raises:
        InputError: for what is no day, and an end before its start.
    """
    _check_period(start=start, end=end)
    entries = (_entry(each, start, end) for each in standings)
    found = tuple(entry for entry in entries if entry is not None)
    return Bulletin(policy=policy.id, start=start, end=end, entries=found)


def _check_period(**days: date) -> None:
    """Refuse what is no day, and a last day before the first."""
    collector = Collector()
    for name, day in days.items():
        with collector.under(name):
            if type(day) is not date:
                raise wrong(WRONG_TYPE, day, type=A_DAY)
    collector.finish()
    (_, first), (name, last) = days.items()
    with collector.under(name):
        if last < first:
            raise wrong(PERIOD_ORDER, last.isoformat(), start=first)
    collector.finish()


def _entry(standing: Standing, start: date, end: date) -> BulletinEntry | None:
    policy, studio = standing.lifecycle.policy, as_of(standing.studio, end)
    arrived = since(studio)
    if arrived is None:
        return None
    state = policy.procedure.states.get(studio.state)
    onward = tuple(_next(standing, studio, end))
    return BulletinEntry(
        studio=studio.id,
        name=studio.name,
        state=studio.state,
        label=Text(studio.state, studio.state) if state is None else state.label,
        since=arrived,
        taken=tuple(_taken(policy, studio, start)),
        # Where it goes nowhere from, nothing is waited for.
        facts=tuple(_open_facts(standing, studio, end)) if onward else (),
        gates=tuple(_gates(standing, studio, end)) if onward else (),
        pending=tuple(_pending(policy, studio)),
        duties=tuple(_missed(policy, studio, end)),
        next=onward,
    )


def _taken(policy: Policy, studio: Studio, start: date) -> Iterator[Taken]:
    for event in studio.history:
        if event.on >= start:
            yield Taken(
                on=event.on,
                action=event.action,
                label=policy.procedure.label_of(event.action),
                state=event.dest if event.dest != event.source else None,
            )


def _open_facts(standing: Standing, studio: Studio, on: date) -> Iterator[Lack]:
    facts = standing.lifecycle.policy.facts
    for name in _sheet(standing, studio, on).open:
        yield Lack(id=name, label=facts[name].label)


def _gates(standing: Standing, studio: Studio, on: date) -> Iterator[Lack]:
    for gate in _sheet(standing, studio, on).gates:
        if gate.met is False:
            yield Lack(id=gate.id, label=gate.label)


def _sheet(standing: Standing, studio: Studio, on: date) -> ScoreSheet:
    """Return the sheet that was made, or the one that would be made on the day."""
    made = studio.sheet
    return standing.lifecycle.score(studio, on=on) if made is None else made


def _pending(policy: Policy, studio: Studio) -> Iterator[Lack]:
    opened = {event.opens: event.on for event in studio.history if event.opens is not None}
    for name, count in studio.pending().items():
        pending = policy.procedure.pending.get(name)
        label = Text(name, name) if pending is None else pending.label
        for _ in range(count):
            yield Lack(id=name, label=label, since=opened.get(name))


def _missed(policy: Policy, studio: Studio, on: date) -> Iterator[Lack]:
    for name, duty in policy.procedure.duties.items():
        if counts_in(duty, policy, studio.state):
            for each in overdue(duty, policy, studio, on):
                yield Lack(id=name, label=duty.label, since=each.due)


def _next(standing: Standing, studio: Studio, on: date) -> Iterator[Next]:
    policy = standing.lifecycle.policy

    def ask(action: str, by: Actor) -> Verdict:
        return standing.lifecycle.can(action, studio, by=by, on=on, **standing.known)

    for action in next_steps(policy, studio):
        outlook = look(policy, studio, action, ask)
        days = (outlook.start, outlook.possible_from)
        start = max((day for day in days if day is not None), default=None)
        yield Next(
            action=action,
            label=outlook.step.label,
            roles=roles_of(policy, outlook.step.by),
            start=start if start is not None and start > on else None,
            end=outlook.end,
            clause=outlook.step.clause,
            reasons=outlook.reasons,
        )
