"""What a picture of a lifecycle shows, before anybody draws it: boxes, arrows and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from attrs import frozen

from studioflow.lifecycle.pictures.order import order_of
from studioflow.policy import MILESTONES, UNDECLARED, Policy, Transition
from studioflow.studio import Event, Studio
from studioflow.text import Language, Text

__all__ = ["START", "Arrow", "Box", "Graph", "Kind", "Stay", "Step", "graph_of"]

START = "start"
"""The id of the point where a studio is before it is declared."""

Kind = Literal["milestone", "end", "gone", "other"]

_BY_ITSELF = Text("自动", "by itself")


@frozen(kw_only=True)
class Stay:
    """A step that leaves a studio where it is.

    Attributes:
        days: on which the studio took it here.
    """

    label: str
    days: tuple[date, ...] = ()


@frozen(kw_only=True)
class Box:
    """A state.

    Attributes:
        id: for the renderer; never a word of the policy's.
        kind: one of the states that every lifecycle is built around, another one that nothing
            leaves, one that the policy has no more, or any other.
        last: nothing leaves it.
        stays: the steps that are taken here and lead nowhere else.
        visited: the studio was here; `present`: it is.
    """

    id: str
    label: str
    kind: Kind
    last: bool = False
    stays: tuple[Stay, ...] = ()
    visited: bool = False
    present: bool = False


@frozen(kw_only=True)
class Arrow:
    """A way that a step leads.

    Attributes:
        source, dest: ids of boxes, or `START`.
        back: it leads to where a studio comes from.
        days: on which the studio went this way.
    """

    source: str
    dest: str
    back: bool = False
    days: tuple[date, ...] = ()


@frozen(kw_only=True)
class Step:
    """A step that leads to another state, from one state or several.

    Attributes:
        roles: the labels of those who may take it; empty where only the past took it.
    """

    label: str
    roles: tuple[str, ...]
    arrows: tuple[Arrow, ...]


@frozen(kw_only=True)
class Graph:
    """A lifecycle, and the path of a studio through it where one is given.

    Attributes:
        title: what the policy is called.
        staying: every step that leaves a studio where it is, with who may take it.
        has_path: whether a studio's path is drawn.
    """

    title: str
    boxes: tuple[Box, ...]
    steps: tuple[Step, ...]
    staying: tuple[tuple[str, tuple[str, ...]], ...] = ()
    has_path: bool = False


def graph_of(policy: Policy, language: Language, studio: Studio | None) -> Graph:
    """Return what a picture shows; what is switched off is not there.

    What a studio did under an earlier version of the policy, which this one lacks, is there.
    """
    drawn = _Drawn(policy, language, studio)
    return Graph(
        title=policy.label.get(language),
        boxes=tuple(drawn.box(name) for name in drawn.names),
        steps=(*drawn.steps(), *drawn.past_steps()),
        staying=tuple(
            (step.label.get(language), drawn.roles(step))
            for step in policy.procedure.transitions.values()
            if _stays_in(step)
        ),
        has_path=studio is not None,
    )


class _Drawn:
    """A policy's lifecycle in one language, beside what one studio did."""

    def __init__(self, policy: Policy, language: Language, studio: Studio | None) -> None:
        self.policy, self.language = policy, language
        self.present = studio.state if studio is not None else None
        self.history = studio.history if studio is not None else ()
        states = [state for event in self.history for state in (event.source, event.dest)]
        self.visited = {*states}
        of_the_past = [state for state in states if state != UNDECLARED]
        self.names = list(dict.fromkeys([*policy.procedure.states, *of_the_past]))
        self.ids = {UNDECLARED: START} | {name: f"s{n}" for n, name in enumerate(self.names)}
        self.order = order_of(policy, self.names)
        steps = policy.procedure.transitions.values()
        self.left = {
            state for step in steps if step.moves for state in step.sources if state != step.dest
        }

    def box(self, name: str) -> Box:
        """Return a state as it is drawn."""
        state = self.policy.procedure.states.get(name)
        kind: Kind = "other"
        if state is None:
            kind = "gone"
        elif name in MILESTONES:
            kind = "milestone"
        elif name not in self.left:
            kind = "end"
        return Box(
            id=self.ids[name],
            label=name if state is None else state.label.get(self.language),
            kind=kind,
            last=state is not None and name not in self.left,
            stays=tuple(self._stays(name)),
            visited=name in self.visited,
            present=name == self.present,
        )

    def steps(self) -> Iterator[Step]:
        """Yield the steps of the policy that lead to another state."""
        taken: dict[tuple[str, str], list[date]] = {}
        for event in self.history:
            if self._is_known(event):
                taken.setdefault((event.action, event.source), []).append(event.on)
        for name, step in self.policy.procedure.transitions.items():
            arrows = tuple(
                self._arrow(source, step.dest, taken.get((name, source), ()))
                for source in step.sources
                if step.moves and source != step.dest
            )
            if arrows:
                label = step.label.get(self.language)
                yield Step(label=label, roles=self.roles(step), arrows=arrows)

    def past_steps(self) -> Iterator[Step]:
        """Yield the steps that an earlier version of the policy allowed."""
        past: dict[tuple[str, str, str], list[date]] = {}
        for event in self.history:
            if event.source != event.dest and not self._is_known(event):
                past.setdefault((event.action, event.source, event.dest), []).append(event.on)
        for (action, source, dest), days in past.items():
            arrow = self._arrow(source, dest, days)
            yield Step(label=self._called(action), roles=(), arrows=(arrow,))

    def roles(self, step: Transition) -> tuple[str, ...]:
        """Return who may take a step."""
        who = tuple(self.policy.roles[role].label.get(self.language) for role in step.by)
        return (*who, _BY_ITSELF.get(self.language)) if step.automatic else who

    def _arrow(self, source: str, dest: str, days: list[date] | tuple[date, ...]) -> Arrow:
        return Arrow(
            source=self.ids[source],
            dest=self.ids[dest],
            back=self.order[source] >= self.order[dest],
            days=tuple(days),
        )

    def _is_known(self, event: Event) -> bool:
        """Return whether the policy has the step by which a studio went to another state."""
        step = self.policy.procedure.transitions.get(event.action)
        return (
            step is not None
            and event.source != event.dest
            and event.dest == step.dest
            and event.source in step.sources
        )

    def _stays(self, state: str) -> Iterator[Stay]:
        """Yield the steps that are taken in a state and stay there, also those of the past."""
        taken: dict[str, list[date]] = {
            name: []
            for name, step in self.policy.procedure.transitions.items()
            if state in step.sources and (not step.moves or step.dest == state)
        }
        for event in self.history:
            if event.source == event.dest == state:
                taken.setdefault(event.action, []).append(event.on)
        for action, days in taken.items():
            yield Stay(label=self._called(action), days=tuple(days))

    def _called(self, action: str) -> str:
        return self.policy.procedure.label_of(action).get(self.language)


def _stays_in(step: Transition) -> bool:
    return not step.moves or step.dest in step.sources
