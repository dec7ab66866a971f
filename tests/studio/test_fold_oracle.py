"""The fold of events, and what is made without `__init__`, against the plain way to do either."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.host import Host, load_policy
from studioflow.lifecycle import Lifecycle
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.gate import Gate
from studioflow.people import Actor, Mark, Person
from studioflow.policy import AMEND, UNDECLARED
from studioflow.programme import read_batch, run_batch
from studioflow.rubric import PolicyReference, ScoreSheet
from studioflow.studio import Application, Event, Record, Studio
from tests.lifecycle.conftest import World, person
from tests.lifecycle.little import little

BY = Actor("p-01", unit="样例学校")
POLICY = PolicyReference("p", "1", "f")
STATES = (UNDECLARED, "declared", "operating")
_FIRST = date(2023, 3, 22)


def _after(studio: Studio, event: Event) -> Studio:
    """Return the studio after one more event, as plainly as it can be said."""
    if event.cycle is not None:
        studio = evolve(
            studio,
            facts={},
            marks=(),
            sheet=None,
            scored_on=None,
            scored_by=None,
            decision=None,
            self_assessment=None,
            cycle=event.cycle,
        )
    application = event.application or studio.application
    if application is not None and event.lead is not None:
        application = evolve(application, lead=event.lead)
    again = {(mark.criterion, mark.by) for mark in event.marks}
    stay = [
        mark
        for mark in studio.marks
        if f"{mark.criterion}/{mark.by}" not in event.struck
        and (mark.criterion, mark.by) not in again
    ]
    kept = {name: record for name, record in studio.records.items() if name not in event.struck}
    facts = {**studio.facts, **event.facts}
    if event.action == AMEND:
        facts = {name: value for name, value in facts.items() if value is not None}
    return evolve(
        studio,
        state=event.dest,
        application=application,
        records={**kept, **{record.id: record for record in event.records}},
        facts=facts,
        marks=(*stay, *event.marks),
        sheet=event.sheet or studio.sheet,
        scored_on=event.scored_on or studio.scored_on,
        scored_by=studio.scored_by or (event.action if event.sheet else None),
        decision=event.decision or studio.decision,
        self_assessment=event.self_assessment or studio.self_assessment,
        history=(*studio.history, event),
    )


def _folded(events: Iterable[Event]) -> Studio:
    studio = Studio(id="s-01")
    for event in events:
        studio = _after(studio, event)
    return studio


def _order(studio: Studio) -> tuple[object, ...]:
    """Return what a comparison of mappings does not look at: their order."""
    return [*studio.records], [*studio.facts], studio.marks


@cache
def _world() -> World:
    policy = load_policy("yongjia-2023")
    return World(policy=policy, lifecycle=Lifecycle(policy))


@cache
def _sheets() -> tuple[ScoreSheet, ...]:
    policy = little()  # small ones, so that an example can be told
    first, other = (policy.score({"lessons": number}) for number in (1, 6))
    return (first, other)


@cache
def _sample() -> tuple[Studio, ...]:
    host = Host.discover()
    batch = read_batch(host.sample_batches["yongjia-2023-sample"].folder)
    return tuple(run_batch(host.policy(batch.policy), batch, host=host).studios.values())


_marks = st.builds(
    lambda criterion, by, points: Mark(
        criterion=criterion, by=by, role="assessor", points=Fraction(points)
    ),
    st.sampled_from(("a", "b")),
    st.sampled_from(("p-1", "p-2")),
    st.integers(0, 3),
)
_records = st.builds(
    lambda name, theme: Record(kind="activity", id=name, data={"theme": theme}),
    st.sampled_from(("r-1", "r-2", "r-3")),
    st.integers(0, 3),
)
_people = st.sampled_from(("l-1", "l-2", "l-3")).map(Person)
_applications = st.builds(lambda lead: Application(name="甲", unit="样例学校", lead=lead), _people)
_fact_files = st.dictionaries(
    st.sampled_from(("x", "y", "z")), st.sampled_from((None, 0, 1, True)), max_size=3
)
_one_in_three = st.sampled_from((True, False, False))


def _maybe(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - any field
    return draw(values) if draw(_one_in_three) else None


@st.composite
def _chains(draw: st.DrawFn) -> list[Event]:
    """Return events that follow on each other, and bring anything."""
    events: list[Event] = []
    state, cycle = UNDECLARED, 1
    for number in range(draw(st.integers(0, 9))):
        dest = draw(st.sampled_from(STATES))
        sheet = _maybe(draw, st.sampled_from(_sheets()))
        day = _FIRST + timedelta(days=number)
        struck = st.lists(st.sampled_from(("r-1", "r-2", "a/p-1", "b/p-2", "none")), max_size=2)
        anew = draw(st.sampled_from((True, *[False] * 5)))
        cycle += anew
        events.append(
            Event(
                studio="s-01",
                action=draw(st.sampled_from(("step", "score", AMEND))),
                source=state,
                dest=dest,
                on=day,
                by=BY,
                policy=POLICY,
                application=_maybe(draw, _applications),
                facts=draw(_fact_files),
                marks=tuple(draw(st.lists(_marks, max_size=2, unique_by=_judged))),
                records=tuple(draw(st.lists(_records, max_size=2))),
                struck=tuple(draw(struck)),
                sheet=sheet,
                scored_on=day if sheet else None,
                decision=_maybe(draw, st.sampled_from(("passed", "failed"))),
                lead=_maybe(draw, _people),
                self_assessment=_maybe(draw, st.sampled_from(_sheets())),
                cycle=cycle if anew else None,
            )
        )
        state = dest
    return events


def _judged(mark: Mark) -> tuple[str, str]:
    return mark.criterion, mark.by


@settings(deadline=None, max_examples=40)
@given(events=_chains(), cut=st.integers(0, 9))
def test_any_chain(events: list[Event], cut: int) -> None:
    """Events that bring anything fold as if each were taken by itself, at once or in two parts."""
    expected = _folded(events)
    one_by_one = Studio(id="s-01")
    for event in events:
        one_by_one = one_by_one.after(event)
    in_two = Studio.from_events("s-01", events[:cut]).after_all(events[cut:])

    for studio in (Studio.from_events("s-01", iter(events)), one_by_one, in_two):
        assert expected == studio
        assert _order(expected) == _order(studio)


@settings(deadline=None, max_examples=20)
@given(events=_chains())
def test_the_one_before_stays(events: list[Event]) -> None:
    """Whatever is folded onto a studio, the studio itself stays as it was."""
    for length in range(len(events)):
        studio = Studio.from_events("s-01", events[:length])
        studio.after_all(events[length:])
        assert _folded(events[:length]) == studio


def test_the_sample_batch() -> None:
    """The studios of the sample batch are what their events make one by one."""
    assert 1 < len(_sample())
    for studio in _sample():
        folded = Studio.from_events(studio.id, studio.history)
        plain = Studio(id=studio.id)
        for event in studio.history:
            plain = _after(plain, event)
        assert plain == studio == folded
        assert _order(plain) == _order(studio) == _order(folded)


def _made() -> list[Any]:
    """Return one of everything that is made without `__init__`, and what comes with it."""
    world, committee = _world(), person("bureau_committee")
    operating = world.studio("operating")
    step = world.act("evaluate", operating)
    bare = Attempt.plain("operate", operating, committee, date(2024, 1, 1), {"places_left": 1})
    denied = world.can("evaluate", operating, papers={})
    decided = Gate("operate", world.policy).decide(
        Attempt.plain("operate", operating, committee, date(2024, 1, 1), {})
    )
    allowed = Gate("withdraw", world.policy).decide(
        Attempt(action="withdraw", studio=operating, by=BY, on=date(2024, 1, 1), remark="一")
    )
    blank = Studio.from_events("s-01", operating.history)
    made = [*step.studio.history, step.event, step.studio, step.verdict, bare, denied]
    return [*made, decided, allowed, blank]


def test_pickled_and_copied() -> None:
    """What is made without `__init__` is equal to its copies, pickled or deep."""
    for thing in _made():
        assert thing == pickle.loads(pickle.dumps(thing))  # noqa: S301 - made here
        assert thing == copy.deepcopy(thing)


def test_not_settable() -> None:
    """No attribute of what is made without `__init__` can be set or deleted."""
    for thing in _made():
        for each in fields(type(thing)):
            with pytest.raises(FrozenInstanceError):
                setattr(thing, each.name, None)
            with pytest.raises(FrozenInstanceError):
                delattr(thing, each.name)


def test_read_only() -> None:
    """Nothing can be put into the mappings of a studio and its events."""
    studio = _world().studio("commended")
    mappings: list[Any] = [studio.facts, studio.records]
    mappings += [held for event in studio.history for held in (event.facts, event.overrides)]
    for held in mappings:
        with pytest.raises(TypeError):
            held["new"] = 1
        with pytest.raises(TypeError):
            del held["new"]


def test_as_by_init() -> None:
    """What is made without `__init__` has the fields that `__init__` would give it."""
    for thing in _made():
        given_fields = {each.name: getattr(thing, each.name) for each in fields(type(thing))}
        made = type(thing)(**given_fields)
        assert made == thing
        assert repr(made) == repr(thing)


def test_events_of_the_batch_as_by_init() -> None:
    """Every event of the sample batch is one that `Event` makes of its fields."""
    for studio in _sample():
        for event in studio.history:
            made = Event(**{each.name: getattr(event, each.name) for each in fields(Event)})
            assert made == event
            assert {each.name for each in fields(Event)} == {*event.__dict__}
