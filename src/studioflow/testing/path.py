"""Paths through a lifecycle: from nothing to every step from every state, the shortest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping

from attrs import frozen

from studioflow.policy import UNDECLARED, Policy, Transition

__all__ = ["Path", "leads_to", "paths", "shortest_way"]


@frozen
class Path:
    """Steps that follow on one another, beginning with a declaration.

    Attributes:
        actions: the transitions, in order.
        states: where the studio is before the first step and after each: one more than `actions`.
    """

    actions: tuple[str, ...]
    states: tuple[str, ...]

    def __str__(self) -> str:
        return " → ".join(self.actions)

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Each step as the state that it starts from and its name."""
        return tuple(zip(self.states, self.actions, strict=False))


def paths(policy: Policy) -> tuple[Path, ...]:
    """Return paths that take every step of a policy from every state that it may start from.

    Each path is a shortest one to its last step, going by states alone: what conditions ask for
    beside is for the `Driver` to find. No path is the beginning of another one.

    Args:
        policy: whose lifecycle it is; what is off in it is left out.
    """
    steps = policy.procedure.transitions
    ways = _ways(steps)
    found = [
        Path((*ways[state], name), _through(steps, (*ways[state], name)))
        for name, step in steps.items()
        for state in step.sources
        if state in ways
    ]
    begun = {path.actions[:length] for path in found for length in range(len(path.actions))}
    kept = [path for path in found if path.actions not in begun]
    return tuple(sorted(kept, key=lambda path: len(path.actions)))


def leads_to(step: Transition, state: str) -> str:
    """Return the state after a step that starts from a state."""
    return step.dest if step.moves else state


def shortest_way(
    steps: Mapping[str, Transition], start: str, goals: Collection[str]
) -> tuple[str, ...] | None:
    """Return the fewest steps that lead from a state to one of several; None if none do."""
    reached: dict[str, tuple[str, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if state in goals:
            return reached[state]
        for name, step in steps.items():
            if step.moves and state in step.sources and step.dest not in reached:
                reached[step.dest] = (*reached[state], name)
                waiting.append(step.dest)
    return None


def _ways(steps: Mapping[str, Transition]) -> dict[str, tuple[str, ...]]:
    """Return the shortest way to every state that can be reached."""
    states = {UNDECLARED, *(step.dest for step in steps.values() if step.moves)}
    found = {state: shortest_way(steps, UNDECLARED, {state}) for state in states}
    return {state: way for state, way in found.items() if way is not None}


def _through(steps: Mapping[str, Transition], actions: tuple[str, ...]) -> tuple[str, ...]:
    states = [UNDECLARED]
    for name in actions:
        states.append(leads_to(steps[name], states[-1]))
    return tuple(states)
