"""The history replays to the same studio, from any prefix, with and without its personal parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.host import load_policy
from studioflow.lifecycle import Lifecycle
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.studio import Event, Studio
from studioflow.studio.read_only import plain_document
from studioflow.verdict import Denied
from tests.lifecycle.conftest import EVALUATION
from tests.programme.reference import (
    ASSESSORS,
    COMMITTEE,
    COUNTY,
    FORM,
    FULL_FORM,
    LEAD,
    SCHOOL,
    World,
    activity,
    application,
    inspection,
    mark,
    roster,
)

Step = Callable[[World], Studio]


@cache
def _policy() -> Policy:
    # One place, so that another studio can take it, and one more needs a reason.
    return load_policy("yongjia-2023").vary({"quota/places": 1})


@cache
def _lifecycle() -> Lifecycle:
    return Lifecycle(_policy())


def _declared(world: World) -> Studio:
    known = world.register.studios()
    form = {**FULL_FORM, "id": "application_form-1"} if known else FORM
    return world.programme.declare(
        application(), "s-01", by=SCHOOL, records={"application_form": [form]}
    )


def _corrected(world: World, number: int, *, replace: bool = False) -> Studio:
    """Strike something; and put another record in the place of an activity that stays."""
    held = world.programme.studio("s-01")
    names = [*held.records, *(f"{m.criterion}/{m.by}" for m in held.marks)]
    gone = names[number % len(names)] if names else "activity-1"
    stay = [record.id for record in held.of_kind("activity") if record.id != gone]
    on = date(2023, 5, 1) + timedelta(days=number)
    records = {"activity": [activity(number, on, id=name) for name in stay[:1]]} if replace else {}
    return world.programme.correct(
        "s-01", records, strike=[gone], by=COMMITTEE if not replace else SCHOOL, remark="有误"
    )


def _approved(world: World, reason: str | None = None) -> Studio:
    overrides = {} if reason is None else {"quota": {"reason": reason}}
    return world.programme.approve("s-01", by=COMMITTEE, overrides=overrides)


def _evaluated(world: World) -> Studio:
    """Evaluate with the facts that neither records nor marks have said already."""
    world.clock.now = max(world.clock.now, datetime(2024, 11, 20, 9, tzinfo=UTC))
    studio, measures = world.programme.studio("s-01"), _policy().measures
    said = {name for name, measure in measures.items() if studio.of_kind(*measure.of)}
    said |= {"goal_mark"} if studio.marks else set()
    facts = {name: value for name, value in EVALUATION.items() if name not in said}
    return world.programme.evaluate(studio, by=COMMITTEE, decision="passed", facts=facts)


def _commended(world: World) -> Studio:
    world.clock.now = max(world.clock.now, datetime(2024, 12, 6, 9, tzinfo=UTC))
    return world.programme.commend("s-01", by=COMMITTEE, decision="outstanding")


def _rewarded(world: World) -> Studio:
    world.clock.now = max(world.clock.now, datetime(2024, 12, 20, 9, tzinfo=UTC))
    return world.programme.reward("s-01", by=COUNTY)


def _recorded(world: World, kind: str, number: int) -> Studio:
    on = date(2023, 3, 20) + timedelta(days=number)
    person = {"id": f"t-{number % 4}", "name": f"学员甲{number}"}
    records: dict[str, dict[str, object]] = {
        "activity": activity(number, on),
        "trainee": {"person": person, "joined": on, "contact": f"电话{number}"},
        "lesson": {"person": person, "on": on, "title": f"课{number}", "level": "county"},
        "beneficiary": {"group": f"学校{number}"},
    }
    return world.programme.record("s-01", {kind: [records[kind]]}, by=SCHOOL)


def _members(world: World) -> Studio:
    return world.programme.record("s-01", roster("member", 7), by=SCHOOL)


def _plaqued(world: World) -> Studio:
    return world.programme.plaque("s-01", by=COUNTY, inspection=inspection())


_numbers = st.integers(0, 60)
_STEPS: st.SearchStrategy[Step] = st.one_of(
    st.just(_declared),
    st.just(lambda w: w.programme.return_for_completion("s-01", ["缺方案"], by=COMMITTEE)),
    st.just(_members),
    st.builds(lambda reason: lambda w: _approved(w, reason), st.sampled_from([None, "经研究同意"])),
    st.just(lambda w: w.programme.refuse("s-01", by=COMMITTEE, remark="不符合条件")),
    st.just(lambda w: w.programme.revoke("s-01", by=COMMITTEE, remark="弄虚作假")),
    st.just(lambda w: w.programme.inspect("s-01", inspection(flag=False), by=COUNTY)),
    st.just(_evaluated),
    st.just(_commended),
    st.just(_rewarded),
    st.just(_plaqued),
    st.just(lambda w: w.programme.operate("s-01", by=LEAD)),
    st.just(lambda w: w.programme.withdraw("s-01", by=SCHOOL, remark="不再举办")),
    st.builds(
        lambda a, points: lambda w: w.programme.mark("s-01", [mark("5.1.1", points, a)], by=a),
        st.sampled_from(ASSESSORS),
        st.integers(5, 10),
    ),
    st.builds(
        lambda number, replace: lambda w: _corrected(w, number, replace=replace),
        _numbers,
        st.booleans(),
    ),
    st.builds(
        lambda kind, number: lambda w: _recorded(w, kind, number),
        st.sampled_from(["activity", "trainee", "lesson", "beneficiary"]),
        _numbers,
    ),
)


_WAY: tuple[Step, ...] = (
    _declared,
    _members,
    lambda w: _approved(w, "经研究同意"),
    _plaqued,
    lambda w: w.programme.operate("s-01", by=LEAD),
    _evaluated,
    _commended,
    _rewarded,
)


def _world(*, full: bool) -> World:
    """Return a programme, whose one place another studio may have."""
    world = World(_policy())
    if full:
        world.step("approve", world.step("declare", "s-99", 2), 2)
        world.clock.on(date(2023, 3, 22))
    return world


@st.composite
def histories(draw: st.DrawFn) -> tuple[Event, ...]:
    """Return what a programme wrote down for one studio: some steps that were allowed.

    Some go the whole way, and as many stop anywhere on it, to do this and that there.
    """
    world = _world(full=draw(st.booleans()))
    steps: list[Step] = [*_WAY[: draw(st.integers(1, len(_WAY)))]]
    at = draw(st.integers(0, len(steps)))
    steps[at:at] = draw(st.lists(_STEPS, max_size=12))
    for step in steps:
        world.clock.later(days=draw(st.integers(0, 9)))
        try:
            step(world)
        except (Denied, ValueError):
            continue
    return world.register.events("s-01")


def _history(*steps: Step) -> tuple[Event, ...]:
    """Return what a programme wrote down for steps that are allowed, each of them."""
    world = _world(full=True)
    for step in steps:
        world.clock.later(days=1)
        step(world)
    return world.register.events("s-01")


@cache
def _examples() -> tuple[tuple[Event, ...], ...]:
    """Return histories in which every action of the policy happens."""
    declare, members, approve, plaque, operate, *_ = _WAY

    def worked(world: World) -> Studio:
        world.clock.on(date(2023, 9, 1))
        for number in range(3):
            _recorded(world, "activity", number)
        for assessor in ASSESSORS[:2]:
            world.programme.mark("s-01", [mark("5.1.1", 9, assessor)], by=assessor)
        return _corrected(world, 8, replace=True)

    def returned(world: World) -> Studio:
        return world.programme.return_for_completion("s-01", ["缺方案"], by=COMMITTEE)

    def inspected(world: World) -> Studio:
        return world.programme.inspect("s-01", inspection(), by=COUNTY)

    def revoked(world: World) -> Studio:
        return world.programme.revoke("s-01", by=COMMITTEE, remark="弄虚作假")

    def refused(world: World) -> Studio:
        return world.programme.refuse("s-01", by=COMMITTEE, remark="不符合条件")

    def withdrawn(world: World) -> Studio:
        return world.programme.withdraw("s-01", by=SCHOOL, remark="不再举办")

    return (
        _history(*_WAY[:5], worked, *_WAY[5:]),
        _history(declare, returned, _declared, members, approve, inspected, plaque, revoked),
        _history(declare, refused),
        _history(declare, members, approve, plaque, operate, withdrawn),
    )


def test_the_examples_have_every_action() -> None:
    """They come to every end, set a condition aside, and strike while they replace."""
    events = [event for history in _examples() for event in history]

    assert {*_policy().procedure.transitions} == {event.action for event in events}
    assert {"commended", "refused", "revoked", "withdrawn"} == {h[-1].dest for h in _examples()}
    assert {"quota"} == {name for event in events for name in event.overrides}
    assert [True] == [True for event in events if event.struck and event.records]


_quickly = settings(deadline=None, max_examples=40)
_events = st.one_of(histories(), st.deferred(lambda: st.sampled_from(_examples())))


@_quickly
@given(events=_events)
def test_from_any_prefix(events: tuple[Event, ...]) -> None:
    """The studio of a prefix, moved on by the rest, is the studio of the whole."""
    whole = Studio.from_events("s-01", events)
    for length in range(len(events) + 1):
        studio = Studio.from_events("s-01", events[:length])
        assert length == studio.version
        for event in events[length:]:
            studio = studio.after(event)
        assert whole == studio


@_quickly
@given(events=_events)
def test_separated_and_joined(events: tuple[Event, ...]) -> None:
    """Taking the personal parts out and putting them in again changes nothing."""
    for event in events:
        bare, personal = event.separated()
        assert event == bare.joined(personal)
        assert (bare, {}) == bare.separated()


@_quickly
@given(events=_events)
def test_erased(events: tuple[Event, ...]) -> None:
    """Without its personal parts a history folds to the same studio, and to the same sheet."""
    full = Studio.from_events("s-01", events)
    bare = Studio.from_events("s-01", (event.separated()[0] for event in events))

    assert (full.state, full.version, [*full.records]) == (
        bare.state,
        bare.version,
        [*bare.records],
    )
    assert (full.marks, full.facts, full.people()) == (bare.marks, bare.facts, bare.people())
    on = date(2024, 1, 1)
    assert _lifecycle().score(full, on=on) == _lifecycle().score(bare, on=on)


@_quickly
@given(events=_events)
def test_erased_documents_still_load(events: tuple[Event, ...]) -> None:
    """What is left of a record without its personal parts is a record of its kind still."""
    kinds = _policy().record_kinds
    for event in events:
        for record in event.records:
            kind = kinds[record.kind]
            public, personal = plain_document(record.data), plain_document(record.personal)
            assert public == kind.dump(kind.load(public))
            joined = kind.joined(public, personal)
            assert joined == kind.dump(kind.load(joined))
            assert (public, personal) == kind.separated(joined)


def _declaration(**more: Any) -> Event:  # noqa: ANN401 - fields of an event
    world = World(_policy())
    studio = world.programme.declare(
        application(), by=SCHOOL, records={"application_form": [FORM], **roster("member", 1)}
    )
    return evolve(studio.history[0], **more)


def test_what_is_personal() -> None:
    """Names and contacts are taken out by path; ids stay."""
    bare, personal = _declaration().separated()

    assert {"领衔人1", "成员0", "成员6"} <= {*map(str, personal.values())}
    assert "电话甲" == personal["records/application_form-1/lead_contact"]
    assert "领衔人甲" == personal["records/application_form-1/lead/name"]
    assert bare.application is not None
    assert ("lead-a", "") == (bare.application.lead.id, bare.application.lead.name)


def test_personal_parts_of_ids_that_look_alike() -> None:
    """The parts of one record never come to another, however their ids begin."""
    world = World(_policy())
    world.programme.declare(application(), "s-01", by=SCHOOL)
    people = [
        {"person": {"id": f"t-{n}", "name": f"学员{n}"}, "joined": date(2023, 3, 21), "id": name}
        for n, name in enumerate(["t", "t.person", "person", "t-1"])
    ]
    event = world.programme.record("s-01", {"trainee": people}, by=SCHOOL).history[-1]
    bare, personal = event.separated()

    assert event == bare.joined(personal)


def test_members_that_changed() -> None:
    """An application without its members' names is joined by their places."""
    event = _declaration()
    bare, personal = event.separated()

    assert event.application == bare.joined(personal).application
    without = {path: value for path, value in personal.items() if "members/3" not in path}
    joined = bare.joined(without).application
    assert joined is not None
    assert ["成员2", "", "成员4"] == [member.name for member in joined.members[2:5]]


def test_the_actor_is_no_personal_part() -> None:
    """Who acted stays in the event: actors are known by their ids alone."""
    bare, _ = _declaration().separated()

    assert Actor("h-01", unit="样例学校", roles={"host_party"}) == bare.by
