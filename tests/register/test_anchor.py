"""Anchors: taken, written down and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.register import MemoryRegister, SqliteRegister, anchor_of, read_anchor
from studioflow.register.anchor import anchored
from studioflow.testing.registers.samples import NINE, event
from tests.register.kept import written


@pytest.fixture
def register() -> MemoryRegister:
    """A register with something in it."""
    made = MemoryRegister()
    written(made)
    return made


def test_round_trip(register: MemoryRegister) -> None:
    """An anchor that was written down is the same when it is read."""
    anchor = anchor_of(register, NINE)
    document = json.loads(json.dumps(anchor.to_dict()))
    assert read_anchor(document) == anchor
    assert (anchor.events, len(anchor.studios), anchor.journal[0]) == (5, 2, 2)


def test_heads_and_lines_agree(register: MemoryRegister) -> None:
    """The short way says what the long way does."""
    assert anchored(register.lines(), NINE) == anchor_of(register, NINE)


def test_head_moves(register: MemoryRegister) -> None:
    """Every event gives another head; nothing that happens gives the same."""
    before = anchor_of(register).head
    assert anchor_of(register).head == before
    register.append(event(), expected=3)
    assert anchor_of(register).head != before


def test_order_of_studios_does_not_matter(register: MemoryRegister) -> None:
    """The head is that of a set of studios."""
    anchor = anchor_of(register, NINE)
    document = anchor.to_dict()
    studios: Any = document["studios"]
    document["studios"] = dict(reversed(studios.items()))
    assert read_anchor(document).head == anchor.head


def test_line_for_a_report(register: MemoryRegister) -> None:
    """It says of which register, how much of it, when, and the head."""
    anchor = anchor_of(register, NINE)
    assert anchor.explain() == (
        f"register {register.register_id}: 2 studios, 5 events, 2023-04-14T09:00:00+00:00,"
        f" anchor {anchor.head}"
    )
    assert anchor.explain("zh").startswith(f"登记册 {register.register_id}：2 个工作室")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("schema", {"schema": "studioflow.anchor/2"}),
        ("recorded", {"recorded": "2023-04-14T09:00:00"}),
        ("recorded", {"recorded": "yesterday"}),
        ("journal", {"journal": [1]}),
        ("journal", {"journal": [True, "0" * 64]}),
        ("journal", {"journal": [-1, "0" * 64]}),
        ("studios/s-01", {"studios": {"s-01": [1, "g" * 64]}}),
        ("head", {"head": "0" * 64}),
        ("head", {"events": 4}),
        ("more", {"more": 1}),
    ],
)
def test_strict(register: MemoryRegister, path: str, change: dict[str, object]) -> None:
    """What is no anchor is refused at its path."""
    document = {**anchor_of(register).to_dict(), **change}
    with pytest.raises(InputError) as raised:
        read_anchor(document)
    assert path in [problem.path for problem in raised.value.problems]


def test_blocks_no_writer(tmp_path: Path) -> None:
    """Somebody writes in the middle of it, and it says what was before."""
    register = SqliteRegister(tmp_path / "a.db")
    written(register)
    before = anchor_of(register, NINE)
    heads = register.heads()
    first = next(heads)
    register.append(event(), expected=3)
    assert anchored([first, *heads], NINE) == before
