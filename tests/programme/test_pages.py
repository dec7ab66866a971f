"""The pages on the lifecycle, on reasons and on events name everything that there is."""

import inspect
import re
from pathlib import Path
from typing import get_args

import attrs
import pytest

from studioflow import Event, MemoryRegister, Reason, Register
from studioflow.policy import Transition
from studioflow.policy.procedure import Need
from studioflow.programme.actions import StandardActions
from studioflow.register import errors

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LIFECYCLE = (DOCS / "lifecycle.md").read_text("utf-8")
ASKING_WHY = (DOCS / "asking-why.md").read_text("utf-8")
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
    aside = {"window_severity", "window_override"}
    told = keys - {"label", "clause"} - aside

    assert told == set(first_cells(LIFECYCLE, "| key | says |"))


def codes_of_reasons() -> set[str]:
    """Return the codes of all messages of the lifecycle that are not of bad input."""
    codes: set[str] = set()
    for path in (ROOT / "src" / "studioflow" / "lifecycle").rglob("*.py"):
        source = path.read_text("utf-8")
        messages = dict(re.findall(r'^(\w+) = message\(\s*"(\w+)"', source, re.MULTILINE))
        bad_input = set(re.findall(r"\bwrong\(\s*(\w+)", source))
        codes |= {code for name, code in messages.items() if name not in bad_input}
    return codes


def test_codes_of_reasons() -> None:
    """Every code that stands against a step, or warns, has its row, and no other has."""
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ", codes_tables(), re.MULTILINE)

    assert codes_of_reasons() == {code for row in rows for code in re.findall(r"\w+", row)}


def codes_tables() -> str:
    """Return the part of the page that has the codes."""
    return ASKING_WHY.partition("\n## All codes\n")[2].partition("\n## ")[0]


def test_every_need_is_told() -> None:
    """Both pages name everything that a step may need."""
    (needs,) = re.findall(r"^\| `needs` \| (.*) \|$", LIFECYCLE, re.MULTILINE)
    (needed,) = re.findall(r"^\| `needed` \| (.*); for a correction", ASKING_WHY, re.MULTILINE)

    assert set(get_args(Need)) == set(re.findall(r'`"(\w+)"`', needs))
    assert set(get_args(Need)) == set(re.findall(r"`(\w+)`", needed))


def test_parts_of_a_reason() -> None:
    """Every part of a reason has its row."""
    parts = {field.name for field in attrs.fields(Reason)} - {"message"} | {"code"}

    assert parts == set(first_cells(ASKING_WHY, "| part | says |"))


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
