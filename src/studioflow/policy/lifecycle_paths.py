"""The lifecycle as a graph: what can be reached, by which steps, and what comes before what.

A policy that is wrong in one place is looked at in all others. A step whose table is wrong is drawn
as far as it can be read, and a name that does not exist counts as the nearest one, or as any: what
follows from one fault is not told as another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from studioflow.errors import nearest
from studioflow.policy.document import Tables
from studioflow.policy.procedure import SAME, UNDECLARED, Procedure

__all__ = ["Paths", "Step", "drawn"]


class Step(NamedTuple):
    """A transition in the graph.

    Attributes:
        sources: the states that it starts from.
        dests: where it leads to; empty where the studio stays in its state.
        certain: whether all of it could be read.
    """

    name: str
    sources: frozenset[str]
    dests: frozenset[str]
    certain: bool = True


class Paths:
    """All the ways that steps make together.

    Attributes:
        steps: by name.
        states: that there are, those whose own table is wrong included.
    """

    def __init__(self, steps: Iterable[Step], states: Iterable[str]) -> None:
        self.steps = {step.name: step for step in steps}
        self.states = frozenset(states)
        self._leading_to: dict[str, list[Step]] = {}
        self._starting_from: dict[str, list[Step]] = {}
        self._before: dict[str, frozenset[str]] = {}
        for step in self.steps.values():
            for state in step.dests:
                self._leading_to.setdefault(state, []).append(step)
            for state in step.sources:
                self._starting_from.setdefault(state, []).append(step)

    def starting_from(self, state: str) -> tuple[Step, ...]:
        """Return the steps that start from a state, in the order of the file."""
        return tuple(self._starting_from.get(state, ()))

    def leading_to(self, state: str) -> tuple[Step, ...]:
        """Return the steps that lead to a state from another one."""
        return tuple(step for step in self._leading_to.get(state, ()) if step.sources - {state})

    def leaving(self, state: str) -> tuple[Step, ...]:
        """Return the steps that lead from a state to another one."""
        return tuple(step for step in self.starting_from(state) if step.dests - {state})

    def reached(
        self, starts: Iterable[str] = (UNDECLARED,), *, without: Collection[str] = ()
    ) -> frozenset[str]:
        """Return the states that can be reached, the first ones included.

        Args:
            starts: where to begin.
            without: steps that are not taken.
        """
        found = set(starts)
        waiting = list(found)
        while waiting:
            here = waiting.pop()
            for step in self._starting_from.get(here, ()):
                if step.name not in without:
                    waiting.extend(step.dests - found)
                    found |= step.dests
        return frozenset(found)

    def before(self, first: str, then: str, sources: Iterable[str]) -> bool:
        """Return whether a step can be taken before another one was ever taken.

        Args:
            first: the step that comes before.
            then: the other one.
            sources: the states that the other one starts from.
        """
        step = self.steps.get(first)
        if step is None or first == then:
            return False
        at = step.sources & self._reached_before(then)
        after = (step.dests or at) if at else frozenset()
        return not self.reached(after, without=(then,)).isdisjoint(sources)

    def _reached_before(self, then: str) -> frozenset[str]:
        if then not in self._before:
            self._before[then] = self.reached(without=(then,))
        return self._before[then]

    def shortest(
        self, starts: Iterable[str], goal: str, *, avoiding: Collection[str]
    ) -> tuple[Step, ...] | None:
        """Return the fewest steps, all of them certain, that lead to a state past some others.

        Args:
            starts: where to begin.
            goal: the state.
            avoiding: the states that no step on the way leads to.
        """
        came: dict[str, tuple[str, Step] | None] = dict.fromkeys(starts)
        waiting = deque(came)
        while waiting and goal not in came:
            here = waiting.popleft()
            for step in self._starting_from.get(here, ()):
                for state in step.dests - came.keys() - set(avoiding) if step.certain else ():
                    came[state] = (here, step)
                    waiting.append(state)
        way: list[Step] = []
        here = goal
        while (last := came.get(here)) is not None:
            here, step = last
            way.append(step)
        return tuple(reversed(way)) if goal in came else None


def drawn(procedure: Procedure, tables: Mapping[str, Tables]) -> Paths:
    """Return the graph of a lifecycle.

    Args:
        procedure: what is on of it, and could be built.
        tables: the `states` and `transitions` as the file has them.
    """
    written, unbuilt = tables["states"], tables["transitions"].keys() - procedure.off
    states = {*procedure.states, *(written.keys() - procedure.off)}
    steps = []
    for name in [*procedure.transitions, *sorted(unbuilt - procedure.transitions.keys())]:
        built = procedure.transitions.get(name)
        if built is not None:
            steps.append(_step(name, built.sources, built.dest, states))
        else:
            table = tables["transitions"][name]
            # What is off and wrong besides leads nowhere.
            if isinstance(table, Mapping) and table.get("on") is not False:
                source, dest = table.get("from"), table.get("to")
                named = [source] if isinstance(source, str) else source
                steps.append(_step(name, named, dest, states)._replace(certain=False))
    return Paths(steps, states)


def _step(name: str, sources: object, dest: object, states: Collection[str]) -> Step:
    """Return a step of names that may be anything."""
    listed = sources if isinstance(sources, list | tuple) else [None]
    starts = {*states, UNDECLARED, "none"}
    meant = [_meant(each, starts) for each in listed]
    to = frozenset[str]() if dest == SAME else _meant(dest, states)
    return Step(
        name,
        frozenset(UNDECLARED if each == "none" else each for one in meant for each in one),
        to,
        certain=_is_among(dest, {SAME, *states}) and all(_is_among(e, starts) for e in listed),
    )


def _is_among(name: object, known: Collection[str]) -> bool:
    return isinstance(name, str) and name in known


def _meant(name: object, known: Collection[str]) -> frozenset[str]:
    """Return the one name that is meant, or all where that can not be told."""
    if isinstance(name, str) and name in known:
        return frozenset({name})
    close = nearest(name, known) if isinstance(name, str) else None
    return frozenset(known if close is None else {close})
