"""The pages on the lifecycle and on events name everything that there is."""

import inspect
import re
from pathlib import Path

import attrs
import pytest

from studioflow import Event, MemoryRegister, Register
from studioflow.policy import Transition
from studioflow.programme.actions import StandardActions
from studioflow.register import errors

DOCS = Path(__file__).parents[2] / "docs"
LIFECYCLE = (DOCS / "lifecycle.md").read_text("utf-8")
EVENTS = (DOCS / "events.md").read_text("utf-8")


def first_cells(page: str, head: str) -> list[str]:
    """Return the names in the first cell of each row, below the head of a table."""
    assert f"\n{head}\n" in page
    rows = page.partition(f"\n{head}\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [name for row in rows for name in re.findall(r"`(\w+)", row.split(" | ", maxsplit=1)[0])]


def methods(cls: type) -> set[str]:
    """Return the names of a class's own public methods."""
    return {name for name, _ in inspect.getmembers(cls, inspect.isfunction) if name[0] != "_"}


def test_standard_actions() -> None:
    """Every standard action has its row."""
    rows = first_cells(LIFECYCLE, "| action | takes | gives |")
    assert methods(StandardActions) - {"act"} == set(rows)


def test_keys_of_transitions() -> None:
    """Every key of a transition has its row, beside its words and how the window is set aside."""
    keys = {field.metadata.get("key", field.name) for field in attrs.fields(Transition)}
    told = keys - {"label", "clause", "window_severity", "window_override"}

    assert told == set(first_cells(LIFECYCLE, "| key | says |"))


def test_parts_of_an_event() -> None:
    """Every field of an event has its row."""
    fields = {field.name for field in attrs.fields(Event)}
    assert fields == set(first_cells(EVENTS, "| part of an event | |"))


@pytest.mark.parametrize("cls", [Register, MemoryRegister], ids=lambda cls: cls.__name__)
def test_methods_of_a_register(cls: type) -> None:
    """Every method of a register has its row."""
    assert methods(cls) == set(first_cells(EVENTS, "| method | does |"))


def test_errors_of_a_register() -> None:
    """Everything that a register refuses with has its row."""
    assert set(errors.__all__) == set(first_cells(EVENTS, "| error | means |"))
