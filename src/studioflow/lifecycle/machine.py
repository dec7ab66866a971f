"""The machine of a procedure: `transitions`, with a short way for steps that nobody listens to.

The stock machine makes a record of each step, and walks a dozen lists of callbacks with it, though
a policy's machine has none: who may do what is for the gate to say. So `UnwatchedEvent` sets the
state straight away where every one of those lists is empty, and leaves each other step to the stock
machine: one to which somebody added a callback, a condition or a kind of state of their own, one
that is logged, and one that is not possible.
"""

from __future__ import annotations

from logging import INFO, getLogger

from transitions import Event, Machine, State, Transition

from studioflow.policy import UNDECLARED, Procedure

__all__ = ["PolicyMachine", "UnwatchedEvent", "machine_of"]

_LOGGER = getLogger("transitions.core")
"""The stock machine's: it tells of each step at `INFO` and below."""


class UnwatchedEvent(Event):
    """An event that goes the short way where no callback can tell the difference."""

    def trigger(self, model: object, *args: object, **kwargs: object) -> bool:
        """Take the step that starts from the model's state, as the stock machine does.

        Returns:
            Whether there was one whose conditions hold.

        Raises:
            MachineError: where no step starts from the model's state.
        """
        return self._short_way(model) or super().trigger(model, *args, **kwargs)

    def _short_way(self, model: object) -> bool:
        """Return whether the step could be taken the short way, and was."""
        # A machine looks its attributes up in Python, and its dictionary only once.
        machine = self.machine.__dict__
        if (
            machine["_prepare_event"]
            or machine["_before_state_change"]
            or machine["_after_state_change"]
            or machine["_finalize_event"]
            or machine["_on_final"]
            or machine["_on_exception"]
            or machine["_queued"]
            or machine["_transition_queue"]
            or isinstance(model, (list, tuple))  # the stock machine takes it for several models
            or _LOGGER.isEnabledFor(INFO)
        ):
            return False
        attribute, states = machine["model_attribute"], machine["states"]
        state = getattr(model, attribute)
        # A name; an enumeration's member is as good a state, and is looked up by another way.
        ways = self.transitions.get(state) if type(state) is str else None
        if not ways:
            return False
        way: Transition = ways[0]
        # Of the library's own class: another one may do anything.
        if (
            type(way) is not Transition
            or way.prepare
            or way.conditions
            or way.before
            or way.after
            or state not in states
        ):
            return False
        dest = way.dest
        if not dest:
            return True
        left: State = states[state]
        entered: State | None = states.get(dest)
        if (
            entered is None
            or type(left) is not State
            or type(entered) is not State
            or left.on_exit
            or entered.on_enter
        ):
            return False
        value = entered.value
        setattr(model, attribute, value)
        now = getattr(model, attribute)
        if now is not value:  # a model of its own mind: what it makes of it has to be a state
            self.machine.get_state(now)
        return True


class PolicyMachine(Machine):
    """A `transitions.Machine` whose steps go the short way where nothing was added to it."""

    event_cls = UnwatchedEvent


def machine_of(procedure: Procedure) -> PolicyMachine:
    """Return the machine of a procedure: its states and steps, no models, nothing to start with.

    It never holds a model: a step is taken by `machine.events[name].trigger(draft)`, which moves
    the `state` of the draft. Callbacks may be added to it at any time.
    """
    return PolicyMachine(
        model=None,
        states=[
            UNDECLARED,
            *({"name": name, "final": each.final} for name, each in procedure.states.items()),
        ],
        initial=None,
        transitions=[
            {
                "trigger": name,
                "source": list(transition.sources),
                "dest": transition.dest if transition.moves else None,
            }
            for name, transition in procedure.transitions.items()
        ],
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
