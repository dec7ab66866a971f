"""One machine serves all studios of a policy: it holds none of them, and fails without a trace."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from transitions import EventData, Machine
from transitions.core import Condition

from studioflow.lifecycle import Attempt, Lifecycle
from studioflow.people import Actor
from studioflow.policy import UNDECLARED
from studioflow.studio import Event, Studio
from studioflow.verdict import Denied
from tests.lifecycle.conftest import ASIDE, STATES, STAYING, WAY, WAYS_OUT, World

# A studio with its whole history: seven events, one sheet with every reason on it.
MOST_BYTES = 32_000


@pytest.fixture
def own(world: World) -> World:
    """A lifecycle of the test's own, whose machine it may spoil."""
    return world.under(Lifecycle(world.policy))


def test_the_machine_is_the_policys(world: World) -> None:
    """It has the policy's states and steps and nothing more: no initial state, no `to_…`."""
    machine = world.lifecycle.machine

    assert [UNDECLARED, *world.policy.procedure.states] == [*machine.states]
    assert {*STATES, *ASIDE} == {*machine.states}
    assert [*world.policy.procedure.transitions] == [*machine.events]
    assert {*WAY, *STAYING, *(way for _, way in WAYS_OUT.values())} == {*machine.events}
    assert [] == machine.models
    assert machine.initial is None


def test_the_stock_machine_agrees(world: World) -> None:
    """A plain machine with one model of its own goes the same way."""
    transitions = [
        {"trigger": name, "source": list(step.sources), "dest": step.dest if step.moves else None}
        for name, step in world.policy.procedure.transitions.items()
    ]
    stock = Machine(states=[*STATES, *ASIDE], initial=STATES[0], transitions=transitions)
    studio = Studio(id="s-01")
    for action in WAY:
        stock.events[action].trigger(stock)
        studio = world.act(action, studio).studio
        assert stock.__dict__["state"] == studio.state


def test_callbacks_see_the_attempt(own: World) -> None:
    """A callback that somebody adds to the machine is handed the attempt."""
    seen: list[Attempt] = []
    own.lifecycle.machine.on_enter_approved(lambda event: seen.append(event.args[0]))
    studio = own.studio("declared")
    own.act("approve", studio)

    assert ["approve"] == [attempt.action for attempt in seen]
    assert studio is seen[0].studio


@pytest.mark.parametrize("when", ["before", "after", "on_enter", "on_exit", "after_state_change"])
def test_fault_34_a_callback_raises(own: World, when: str) -> None:
    """The error reaches the caller, and the studio is untouched, even after the state changed."""
    machine = own.lifecycle.machine
    studio = own.studio("declared")
    before = copy.deepcopy(studio)
    reached: list[str] = []

    def fails(event: EventData) -> None:
        reached.append(event.model.state)  # type: ignore[attr-defined] # the draft
        raise RuntimeError(when)

    match when:
        case "before" | "after":
            machine.events["approve"].add_callback(when, fails)
        case "on_enter":
            machine.get_state("approved").add_callback("enter", fails)
        case "on_exit":
            machine.get_state("declared").add_callback("exit", fails)
        case _:
            machine.after_state_change = [fails]
    with pytest.raises(RuntimeError, match=when):
        own.act("approve", studio)

    late = when in {"after", "on_enter", "after_state_change"}
    assert ["approved" if late else "declared"] == reached
    assert before == studio
    # The machine is none the worse for it.
    assert own.can("approve", studio)


def test_fault_34_a_callback_says_no(own: World) -> None:
    """A condition on the machine that is not met is a denial like every other."""
    for transitions in own.lifecycle.machine.events["approve"].transitions.values():
        for transition in transitions:
            transition.conditions.append(Condition(lambda _: False))
    studio = own.studio("declared")
    with pytest.raises(Denied) as caught:
        own.act("approve", studio)

    assert ["machine_refused"] == [reason.code for reason in caught.value.reasons]
    assert "审批" in caught.value.explain("zh")
    assert "declared" == studio.state


def test_nothing_is_kept_alive(own: World) -> None:
    """A studio that went through is collected, and the lifecycle does not grow."""

    def through() -> list[weakref.ref[object]]:
        studio = own.studio("commended")
        sheet = studio.sheet
        assert sheet is not None
        return [weakref.ref(studio), weakref.ref(studio.history[-1]), weakref.ref(sheet)]

    def size() -> int:
        return len(pickle.dumps(own.lifecycle.machine)) + sum(
            map(len, (own.lifecycle._gates, own.lifecycle.machine.models))
        )

    through()
    before = size()
    kept = [reference for _ in range(5) for reference in through()]
    gc.collect()

    assert [None] * 15 == [reference() for reference in kept]
    assert before == size()


def test_threads(world: World) -> None:
    """Threads that fire different studios at the same time do not get in each other's way."""

    def walk(number: int) -> Studio:
        studio = Studio(id=f"s-{number}")
        for action in WAY:
            studio = world.act(action, studio).studio
        return studio

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            studios = list(pool.map(walk, range(24)))
    finally:
        sys.setswitchinterval(interval)

    assert [f"s-{number}" for number in range(24)] == [studio.id for studio in studios]
    assert {"commended"} == {studio.state for studio in studios}
    assert {tuple(WAY)} == {tuple(e.action for e in studio.history) for studio in studios}


@pytest.mark.parametrize("state", STATES)
def test_studios_are_pickled_and_copied(world: World, state: str) -> None:
    """A studio with its history comes back equal, and stays small."""
    studio = world.studio(state)
    pickled = pickle.dumps(studio)

    assert studio == pickle.loads(pickled)  # noqa: S301 - our own bytes
    assert studio == copy.deepcopy(studio)
    assert len(pickled) < MOST_BYTES


def test_answers_are_pickled(world: World) -> None:
    """A denial crosses a process boundary with all its reasons."""
    nobody = Actor("p-00", unit="elsewhere")
    with pytest.raises(Denied) as caught:
        world.act("plaque", world.studio("declared"), by=nobody)
    back: Denied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes

    assert caught.value.verdict == back.verdict


def test_the_studio_acted_on_is_left(world: World) -> None:
    """Acting returns a new value: one event longer, sharing the events before."""
    for number, action in enumerate(WAY):
        studio = world.studio(STATES[number])
        before = copy.deepcopy(studio)
        step = world.act(action, studio)

        assert before == studio
        assert (*studio.history, step.event) == step.studio.history
        assert all(
            kept is old for kept, old in zip(step.studio.history, studio.history, strict=False)
        )


def test_facts_of_the_past_can_not_be_changed(world: World) -> None:
    """Neither the caller's dictionary nor the event's facts lead back into the studio."""
    facts: dict[str, Any] = {"members": 7}
    papers = world.papers("operate")
    papers["facts"] = facts
    step = world.act("operate", world.studio("plaqued"), papers=papers)
    facts["members"] = 12

    assert 7 == step.studio.facts["members"]
    for held in (step.event.facts, step.studio.facts, step.event.overrides):
        with pytest.raises(TypeError):
            held["members"] = 12  # type: ignore[index] # on purpose
    assert isinstance(step.event, Event)
