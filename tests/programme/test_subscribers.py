"""Subscribers are told what happened, without personal parts, and can change nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

import pytest

from studioflow.host import Host, hookimpl
from studioflow.policy import Policy
from studioflow.studio import Event, Subscriber
from studioflow.verdict import Denied
from tests.programme.reference import (
    COMMITTEE,
    FORM,
    SCHOOL,
    World,
    application,
    everything,
    roster,
)


def _world(policy: Policy, *subscribers: Subscriber) -> World:
    class Tells:
        @hookimpl
        def studioflow_subscribers(self) -> list[Subscriber]:
            return [*subscribers]

    return World(policy, host=Host([Tells()]))


def _raises(error: BaseException) -> Callable[[Event], object]:
    def notify(_: Event) -> object:
        raise error

    return notify


def test_told_of_each_event(reference: Policy) -> None:
    """Each event is told once it is written down, in order."""
    told: list[Event] = []
    world = _world(reference, Subscriber(id="log", notify=told.append))
    world.studio("approved")

    assert [("s-01", "declare"), ("s-01", "record"), ("s-01", "approve")] == [
        (event.studio, event.action) for event in told
    ]


def test_without_personal_parts(reference: Policy) -> None:
    """Neither names nor what else is personal is told; ids and the rest are."""
    told: list[Event] = []
    world = _world(reference, Subscriber(id="log", notify=told.append))
    world.programme.declare(
        application(),
        by=SCHOOL,
        records={"application_form": [FORM], **roster("member", 2)},
    )
    (event,) = told

    assert event.application is not None
    assert ("lead-a", "") == (event.application.lead.id, event.application.lead.name)
    assert {""} == {member.name for member in event.application.members}
    assert [{}, {}, {}] == [dict(record.personal) for record in event.records]
    assert "电话甲" not in str([dict(record.data) for record in event.records])


def test_the_actions_it_wants(reference: Policy) -> None:
    """One that names actions is told of those alone."""
    told: list[Event] = []
    subscriber = Subscriber(id="log", notify=told.append, actions=frozenset({"approve"}))
    world = _world(reference, subscriber)
    world.studio("approved")

    assert ["approve"] == [event.action for event in told]


@pytest.mark.parametrize(
    "error", [RuntimeError("甲"), SystemExit(3), GeneratorExit(), asyncio.CancelledError()]
)
def test_one_that_fails(
    reference: Policy, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """What is written stays written, the others are told, and the failure is kept and logged."""
    told: list[Event] = []
    world = _world(
        reference,
        Subscriber(id="a", notify=_raises(error)),
        Subscriber(id="b", notify=told.append),
    )
    with caplog.at_level(logging.WARNING):
        studio = world.programme.declare(application(), by=SCHOOL)

    assert studio == world.programme.studio("s-01")
    assert ["declare"] == [event.action for event in told]
    (undelivered,) = world.programme.undelivered
    assert ("a", told[0]) == (undelivered.subscriber, undelivered.event)
    assert type(error).__name__ in undelivered.error
    assert type(error).__name__ in caplog.text


def test_the_users_interrupt(reference: Policy) -> None:
    """Ctrl-C while a subscriber is told reaches the user; the event is written all the same."""
    world = _world(reference, Subscriber(id="a", notify=_raises(KeyboardInterrupt())))
    with pytest.raises(KeyboardInterrupt):
        world.programme.declare(application(), by=SCHOOL)

    assert ("s-01",) == world.register.studios()


def test_not_told_of_what_did_not_happen(reference: Policy) -> None:
    """A denial, and a command that was sent again, tell nobody anything."""
    told: list[Event] = []
    world = _world(reference, Subscriber(id="log", notify=told.append))
    studio = world.programme.declare(application(), by=SCHOOL, key="k-1")
    world.programme.declare(application(), by=SCHOOL, key="k-1")
    with pytest.raises(Denied):
        world.programme.approve(studio, by=SCHOOL)

    assert ["declare"] == [event.action for event in told]


def test_one_that_acts_itself(reference: Policy) -> None:
    """A subscriber may act: what it does comes after what it was told of."""
    worlds: list[World] = []

    def notify(event: Event) -> None:
        worlds[0].programme.record(
            event.studio, {"beneficiary": [{"group": "山区学校"}]}, by=SCHOOL
        )

    subscriber = Subscriber(id="log", notify=notify, actions=frozenset({"approve"}))
    worlds.append(_world(reference, subscriber))
    studio = worlds[0].studio("declared")
    worlds[0].clock.on(date(2023, 4, 14))
    approved = worlds[0].programme.approve(studio, by=COMMITTEE)

    assert "approve" == approved.history[-1].action
    assert ["declare", "approve", "record"] == [
        event.action for event in everything(worlds[0].register)["s-01"]
    ]
    assert () == worlds[0].programme.undelivered
