"""The main way through a procedure: what the story's head shows with arrows."""

import pytest

from studioflow.cli.views.header import main_way
from studioflow.codec import OneOrMore
from studioflow.policy import Procedure, State, Transition
from studioflow.text import Text

LABEL = Text("甲", "a")


def procedure(*steps: tuple[str, str], states: str = "abc") -> Procedure:
    """Return one with states and steps from one to another."""
    return Procedure(
        states={name: State(label=LABEL) for name in states},
        transitions={
            f"t{number}": Transition(
                label=LABEL, source=OneOrMore((source,)), dest=dest, by=("lead",)
            )
            for number, (source, dest) in enumerate(steps)
        },
    )


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        ([("none", "a"), ("a", "b"), ("b", "c")], "abc"),
        ([("none", "a"), ("a", "b"), ("b", "a"), ("b", "b"), ("a", "c")], "ac"),
        ([("none", "a"), ("a", "same"), ("b", "c")], ""),
        ([("none", "c")], "c"),
        ([], ""),
    ],
)
def test_main_way(steps: list[tuple[str, str]], way: str) -> None:
    """It is the shortest way to the last state, past circles; none where no way leads there."""
    assert tuple(way) == main_way(procedure(*steps))


def test_without_states() -> None:
    """A policy without a lifecycle has no way."""
    assert () == main_way(Procedure())
