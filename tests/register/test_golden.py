"""Registers of earlier releases are opened, checked and gone on with."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve

from studioflow.people import Person
from studioflow.register import (
    MemoryRegister,
    Register,
    SqliteRegister,
    import_lines,
    read_anchor,
    verify,
)
from studioflow.testing.registers.samples import CLERK, HOUR, NINE, amendment, event, opening
from tests.register.golden import DATA, REGISTER, make
from tests.register.kept import NAMES, application, written

ANCHOR = json.loads((DATA / "register-1.anchor.json").read_text(encoding="utf-8"))
"""Taken when it was made."""


@pytest.fixture(params=["lines", "file"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Register:
    """The register of the first release."""
    made = SqliteRegister(tmp_path / "b.db")
    if request.param == "lines":
        import_lines(DATA / "register-1.jsonl", made)
        return made
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript((DATA / "register-1.sql").read_text(encoding="utf-8"))
    return SqliteRegister(tmp_path / "a.db")


def test_whole(register: Register) -> None:
    """It is what it was when it was anchored, less one name."""
    checked = verify(register, read_anchor(ANCHOR))
    assert (checked.whole, checked.events, checked.erased) == (True, 5, 1)
    assert register.register_id == REGISTER


def test_says_what_it_said(register: Register) -> None:
    """Opening, amendment, events, keys, slots and notices."""
    first, *events = written(MemoryRegister())
    erased = (application().members[0].id, "")
    first = evolve(first, application=evolve(application(), members=(Person(*erased),)))
    assert register.events("s-01") == (first, *events[:2])
    assert register.events("s-02") == tuple(events[2:])
    assert register.opening() == opening()
    assert register.amendments() == (amendment(),)
    assert register.kept(CLERK.id, "k-1") is not None
    assert register.holders("place") == ("s-01", "s-02")
    assert register.holders("lead:t-01") == ()
    assert [notice.version for notice in register.due_notices(["mail"])] == [1, 2]


def test_goes_on(register: Register) -> None:
    """It takes what happens next."""
    kept = register.append(event(), expected=3)
    assert kept.recorded == NINE + HOUR
    assert verify(register, read_anchor(ANCHOR)).whole


def test_made_the_same_each_time(tmp_path: Path) -> None:
    """The script writes the files that are kept, as long as this is the release that writes so."""
    make(tmp_path)
    names = ["register-1.jsonl", "register-1.sql"]
    assert [(tmp_path / each).read_bytes() == (DATA / each).read_bytes() for each in names] == [
        True,
        True,
    ]
    assert NAMES[1] not in (DATA / "register-1.sql").read_text(encoding="utf-8")
