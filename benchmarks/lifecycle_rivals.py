"""What others do of a step: set a state where one guard allows it, without reasons or events."""

from __future__ import annotations

from collections.abc import Callable

from automat import TypeMachineBuilder
from statemachine import State, StateMachine
from transitions import Machine


class Draft:
    """Something that has a state."""

    __slots__ = ("__dict__", "state")

    def __init__(self, state: str) -> None:
        self.state = state


def may(*_: object) -> bool:
    """Allow it."""
    return True


def stock() -> Callable[[], str]:
    """Return a step of one machine that all share, with one guard."""
    machine = Machine(
        model=None,
        states=["declared", "approved"],
        initial=None,
        transitions=[
            {"trigger": "approve", "source": "declared", "dest": "approved", "conditions": may}
        ],
        auto_transitions=False,
        send_event=True,
    )

    def step() -> str:
        draft = Draft("declared")
        machine.events["approve"].trigger(draft, 1)
        return draft.state

    return step


def stock_each() -> Callable[[], str]:
    """Return a step of a machine that is made for it."""

    def step() -> str:
        machine = Machine(
            states=["declared", "approved"],
            initial="declared",
            transitions=[
                {"trigger": "approve", "source": "declared", "dest": "approved", "conditions": may}
            ],
            auto_transitions=False,
        )
        machine.approve()
        return str(machine.state)

    return step


class _Statemachine(StateMachine):
    """The same for python-statemachine, which has a machine for each object."""

    declared = State(initial=True)
    approved = State(final=True)
    approve = declared.to(approved, cond="allowed")

    def allowed(self) -> bool:
        """Allow it."""
        return True


def statemachine() -> Callable[[], str]:
    """Return a step of python-statemachine, with the object it is for."""

    def step() -> str:
        machine = _Statemachine()
        machine.approve()
        return str(next(iter(machine.configuration)).id)

    return step


class _Steps:
    """The inputs that automat reads; it wants a protocol."""

    def approve(self) -> None:
        """Approve."""


def automat() -> Callable[[], str]:
    """Return a step of automat, which has no guards, with the object it is for."""
    builder = TypeMachineBuilder(_Steps, Draft)
    declared, approved = builder.state("declared"), builder.state("approved")

    @declared.upon(_Steps.approve).to(approved)
    def _(_: _Steps, draft: Draft) -> None:
        draft.state = "approved"

    made = builder.build()

    def step() -> str:
        draft = Draft("declared")
        made(draft).approve()
        return draft.state

    return step


def lookup() -> Callable[[], str]:
    """Return a step as a dictionary has it."""
    table = {("declared", "approve"): "approved"}

    def step() -> str:
        draft = Draft("declared")
        dest = table[draft.state, "approve"]
        if may(draft):
            draft.state = dest
        return draft.state

    return step


RIVALS: dict[str, Callable[[], Callable[[], str]]] = {
    "stock transitions, one machine": stock,
    "stock transitions, a machine each": stock_each,
    "python-statemachine": statemachine,
    "automat": automat,
    "a dict": lookup,
}
