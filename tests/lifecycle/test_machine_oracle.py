"""The policy's machine does what the stock machine of `transitions` does, only sooner."""

from __future__ import annotations

import copy
import logging
import pickle
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from attrs import field, frozen, mutable
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import Event, EventData, Machine, MachineError, State
from transitions.core import Condition

from studioflow.lifecycle.machine import PolicyMachine, machine_of
from studioflow.policy import UNDECLARED
from tests.lifecycle.conftest import World

STATES = ("a", "b", "c", "d")
NOWHERE = "nowhere"
EVENTS = ("go", "stay", "turn")
OF_MACHINE = (
    "prepare_event",
    "before_state_change",
    "after_state_change",
    "finalize_event",
    "on_exception",
    "on_final",
)
OF_STATE = ("enter", "exit")
OF_EVENT = ("prepare", "conditions", "unless", "before", "after")
ANSWERS = (True, False, None, "told", "raise", "again")
"""What a callback does: return a value, be a method of the model, raise, or fire another event."""


@frozen
class Callback:
    """Something that is added to a machine, at first or between two steps."""

    place: str
    on: str
    answer: bool | str | None


@frozen
class Plan:
    """A machine, and what happens to it: events that are fired, and callbacks that are added."""

    states: tuple[tuple[bool, bool | None], ...]
    transitions: tuple[tuple[str, str, str | None], ...]
    callbacks: tuple[Callback, ...]
    start: str
    happens: tuple[str | Callback, ...]
    model: type[Model]
    send_event: bool
    queued: bool
    ignore: bool | None


@mutable(eq=False, slots=False)
class Model:
    """What a machine moves; it writes down what it is told."""

    state: object
    log: list[object] = field(factory=list)

    def told(self, *_: object, **__: object) -> bool:
        """Be a callback by its name."""
        self.log.append("told")
        return True


class Moody(Model):
    """A model that makes something else of a state that it is given."""

    def __setattr__(self, name: str, value: object) -> None:
        """Take one state for another, and one for none."""
        moods = {"c": "d", "d": "no state"}
        super().__setattr__(name, moods.get(str(value), value) if name == "state" else value)


class Stubborn(Model):
    """A model that does not go everywhere."""

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse one state."""
        if name == "state" and value == "b" and hasattr(self, "log"):
            raise RuntimeError(value)
        super().__setattr__(name, value)


class Crowd(Model, list[Model]):
    """A model that the stock machine takes for several others."""


class Run:
    """One machine that goes through a plan, and all that can be seen of it."""

    def __init__(self, kind: type[Machine], plan: Plan) -> None:
        self.machine = kind(
            model=None,
            states=[
                {"name": name, "final": final, "ignore_invalid_triggers": ignore}
                for name, (final, ignore) in zip(STATES, plan.states, strict=True)
            ],
            initial=None,
            transitions=[list(transition) for transition in plan.transitions],
            auto_transitions=False,
            send_event=plan.send_event,
            queued=plan.queued,
            ignore_invalid_triggers=plan.ignore,
        )
        self.model = plan.model(plan.start)
        self.seen: list[object] = self.model.log
        self.again = 5
        for number, callback in enumerate(plan.callbacks):
            self.add(callback, f"at first {number}")
        for number, each in enumerate(plan.happens):
            if isinstance(each, Callback):
                self.add(each, f"later {number}")
            else:
                self.fire(each)

    def fire(self, event: str) -> None:
        """Fire an event, and write down what came of it."""
        if event not in self.machine.events:
            return
        outcome: object
        try:
            outcome = self.machine.events[event].trigger(self.model, 7, key="value")
        except (MachineError, RuntimeError, ValueError) as error:
            outcome = type(error), str(error)
        ways = {name: {*each.transitions} for name, each in self.machine.events.items()}
        self.seen.append((event, outcome, self.model.state, ways))

    def add(self, callback: Callback, name: str) -> None:
        """Add a callback to the machine, a state, or all transitions of an event."""
        func = "told" if callback.answer == "told" else self._func(callback, name)
        machine = self.machine
        if callback.place in OF_MACHINE:
            getattr(machine, callback.place).append(func)
        elif callback.place in OF_STATE:
            machine.get_state(callback.on).add_callback(callback.place, func)
        elif callback.on in machine.events:
            for ways in machine.events[callback.on].transitions.values():
                for way in ways:
                    if callback.place in {"conditions", "unless"}:
                        way.conditions.append(Condition(func, callback.place == "conditions"))
                    else:
                        way.add_callback(callback.place, func)

    def _func(self, callback: Callback, name: str) -> Callable[..., bool | None]:
        def called(*args: object, **kwargs: object) -> bool | None:
            self.seen.append((name, callback, self.model.state, _plain(args), kwargs))
            if callback.answer == "raise":
                raise RuntimeError(name)
            if callback.answer == "again" and self.again:
                self.again -= 1  # a machine that queues what it is asked for would never stop
                self.fire("turn")
            return callback.answer if isinstance(callback.answer, bool) else None

        return called


def _plain(args: tuple[object, ...]) -> object:
    """Return what a callback is handed, without what is another object for each machine."""
    if not (args and isinstance(args[0], EventData)):
        return args
    data = args[0]
    way = data.transition
    return (
        data.state.name,
        data.event.name,
        None if way is None else (way.source, way.dest),
        data.args,
        data.kwargs,
        repr(data.error),
        data.result,
    )


def _callbacks() -> st.SearchStrategy[Callback]:
    answers = st.sampled_from(ANSWERS)
    return st.one_of(
        st.builds(Callback, st.sampled_from(OF_EVENT), st.sampled_from(EVENTS), answers),
        st.builds(Callback, st.sampled_from(OF_STATE), st.sampled_from(STATES), answers),
        st.builds(Callback, st.sampled_from(OF_MACHINE), st.just(""), answers),
    )


plans = st.builds(
    Plan,
    states=st.tuples(*[st.tuples(st.booleans(), st.sampled_from([None, None, True, False]))] * 4),
    transitions=st.lists(
        st.tuples(
            st.sampled_from(EVENTS),
            st.sampled_from(STATES),
            st.sampled_from([*STATES, *STATES, None, None, "=", NOWHERE]),
        ),
        min_size=4,
        max_size=14,
    ).map(tuple),
    # Often none at all: that is where the two ways part.
    callbacks=st.one_of(st.just(()), st.lists(_callbacks(), max_size=5).map(tuple)),
    start=st.sampled_from([*STATES, *STATES, NOWHERE]),
    happens=st.lists(
        st.one_of(*[st.sampled_from(EVENTS)] * 4, _callbacks()), min_size=1, max_size=12
    ).map(tuple),
    model=st.sampled_from([Model, Model, Model, Moody, Stubborn, Crowd]),
    send_event=st.booleans(),
    queued=st.sampled_from([False, False, False, True]),
    ignore=st.sampled_from([None, None, True]),
)


@settings(max_examples=40, deadline=None)
@given(plans)
def test_the_stock_machine_is_the_oracle(plan: Plan) -> None:
    """Any machine, with any callbacks: the same results, in the same order, at every step."""
    assert Run(Machine, plan).seen == Run(PolicyMachine, plan).seen


@pytest.mark.slow
@settings(max_examples=3_000, deadline=None, derandomize=True)
@given(plans)
def test_the_stock_machine_is_the_oracle_at_length(plan: Plan) -> None:
    """The same, for thousands of machines."""
    assert Run(Machine, plan).seen == Run(PolicyMachine, plan).seen


PLAIN = Plan(
    states=((False, None),) * 4,
    transitions=(("go", "a", "b"), ("go", "b", "c"), ("stay", "a", None), ("turn", "d", "a")),
    callbacks=(),
    start="a",
    happens=("stay", "go"),
    model=Model,
    send_event=True,
    queued=False,
    ignore=None,
)
LONG_WAY = [
    *(Callback(place, "go", answer=True) for place in OF_EVENT if place != "unless"),
    Callback("unless", "go", answer=False),
    Callback("exit", "a", None),
    Callback("enter", "b", None),
    *(Callback(place, "", None) for place in OF_MACHINE if place != "on_exception"),
]


@pytest.mark.parametrize("callback", LONG_WAY, ids=lambda callback: str(callback.place))
def test_every_callback_is_heard(callback: Callback) -> None:
    """A callback at any one place is called, also if it is added after the machine has run."""
    states = ((False, None), (True, None), (False, None), (False, None))
    plan = Plan(**{**_fields(PLAIN), "states": states, "happens": ("stay", callback, "go")})
    run = Run(PolicyMachine, plan)
    heard = [each for each in run.seen if isinstance(each, tuple) and each[1] is callback]

    assert ["later 1"] == [each[0] for each in heard]
    assert Run(Machine, plan).seen == run.seen


def _fields(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in Plan.__annotations__}


def test_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without callbacks the stock machine's own way is not taken, and with one it is."""

    def never(*_: object) -> bool:
        raise AssertionError

    monkeypatch.setattr(Event, "_trigger", never)
    run = Run(PolicyMachine, PLAIN)
    run.machine.on_enter_c(never)

    assert "b" == run.model.state
    with pytest.raises(AssertionError):
        run.fire("go")


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_a_log_is_complete(caplog: pytest.LogCaptureFixture, level: int) -> None:
    """Whoever turns the library's log on reads there what the stock machine writes."""
    written = []
    for kind in (Machine, PolicyMachine):
        with caplog.at_level(level, "transitions.core"):
            Run(kind, PLAIN)
        written.append(caplog.messages)
        caplog.clear()

    assert written[0] == written[1]
    assert any("Finished processing state" in line for line in written[1])


def test_a_state_of_another_class() -> None:
    """A state or a transition of somebody's own class does what it does."""
    entered = []

    class Loud(State):
        def enter(self, event_data: EventData) -> None:
            entered.append(self.name)
            super().enter(event_data)

    machine = PolicyMachine(
        model=None,
        states=["a", Loud("b")],
        initial=None,
        transitions=[["go", "a", "b"]],
        auto_transitions=False,
    )
    model = Model("a")

    assert machine.events["go"].trigger(model)
    assert (["b"], "b") == (entered, model.state)


def test_an_enumeration() -> None:
    """States may be members of an enumeration, as on the stock machine."""
    letters = Enum("letters", ["A", "B"])
    reached = []
    for kind in (Machine, PolicyMachine):
        machine = kind(
            model=None,
            states=letters,
            initial=None,
            transitions=[{"trigger": "go", "source": letters["A"], "dest": letters["B"]}],
            auto_transitions=False,
        )
        model = Model(letters["A"])
        machine.events["go"].trigger(model)
        reached.append(model.state)

    assert [letters["B"]] * 2 == reached


def test_a_model_of_its_own() -> None:
    """A machine that somebody adds a model to gives it the usual methods."""
    machine = PolicyMachine(states=["a", "b"], initial="a", transitions=[["go", "a", "b"]])

    assert machine.__dict__["state"] == "a"
    assert machine.__dict__["go"]()
    assert machine.__dict__["state"] == "b"


def pickled(machine: Machine) -> Machine:
    """Return what comes back."""
    back: Machine = pickle.loads(pickle.dumps(machine))  # noqa: S301 - our own bytes
    return back


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_copies(world: World, copied: Callable[[Machine], Machine]) -> None:
    """A copy of a machine goes on alone: a callback that is added to it is its own."""
    machine = machine_of(world.policy.procedure)
    other = copied(machine)
    heard: list[str] = []
    other.on_enter_approved(lambda _: heard.append("approved"))
    for each in (machine, other):
        model = Model("declared")
        each.events["approve"].trigger(model)

        assert "approved" == model.state
    assert ["approved"] == heard


def test_the_procedures_machine(world: World) -> None:
    """States that are meant to be the last are the machine's final ones."""
    procedure = world.policy.procedure
    machine = machine_of(procedure)

    assert [UNDECLARED, *procedure.states] == [*machine.states]
    assert {name for name, state in procedure.states.items() if state.final} == {
        name for name, state in machine.states.items() if state.final
    }
