"""A register with something of everything in it, and ways to tamper with its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from studioflow.people import Person
from studioflow.register import Register, Slot, SqliteRegister
from studioflow.register.chain import first_of_studio, following
from studioflow.studio import Event, Override, Record
from studioflow.studio.application import Application
from studioflow.testing.registers.samples import NEXT, amendment, event, opening

__all__ = ["NAMES", "application", "forged", "run", "sample_file", "written"]

NAMES = ("领衔人甲", "成员乙", "第三十七号电话", "只在此处的备注", "不在册的理由")
"""Everything personal in it."""


def application() -> Application:
    """Return an application with two names."""
    return Application(
        name="样例工作室",
        unit="样例学校",
        lead=Person("t-01", NAMES[0]),
        members=(Person("t-02", NAMES[1]),),
    )


def written(register: Register) -> tuple[Event, ...]:
    """Write two studios, an amendment, keys, slots, notices and names; return what was kept."""
    register.open(opening())
    record = Record(kind="activity", id="a-1", data={"theme": "读书"}, personal={"phone": NAMES[2]})
    first = register.append(
        event(action="declare", application=application(), key="k-1"),
        expected=0,
        take=[Slot("place", 30), Slot("lead:t-01", 1)],
        digest="sha256:payload",
        tell=["mail"],
    )
    second = register.append(event(records=(record,)), expected=1, tell=["mail"])
    third = register.append(
        event(remark=NAMES[3], overrides={"size": Override(reason=NAMES[4])}),
        expected=2,
        free=["lead:t-01"],
    )
    other = register.append(event("s-02"), expected=0, take=[Slot("place", 30)])
    _, moved = register.amend(
        amendment(), expected=None, events=[event("s-02", action="amend", policy=NEXT)]
    )
    return first, second, third, other, *moved


def sample_file(path: Path) -> Path:
    """Make a register's file, close it, and return its path."""
    register = SqliteRegister(path)
    written(register)
    register.close()
    return path


def run(path: Path, statement: str, parameters: Mapping[str, object] | None = None) -> int:
    """Run a statement on a file behind the register's back; return how many rows it changed."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, parameters or {}).rowcount


def forged(path: Path, studio: str, version: int, before: str, after: str) -> None:
    """Change the body of an event, and compute every hash anew from there, as who can write may."""
    with closing(sqlite3.connect(path)) as connection, connection:
        asked = "SELECT version, body FROM studioflow_events WHERE studio = ? ORDER BY version"
        head = first_of_studio(studio)
        for number, body in connection.execute(asked, [studio]).fetchall():
            forged_body = body.replace(before, after) if number == version else body
            assert number != version or forged_body != body
            head = following(head, forged_body)
            connection.execute(
                "UPDATE studioflow_events SET body = ?, hash = ? WHERE studio = ? AND version = ?",
                [forged_body, head, studio, number],
            )
        connection.execute("UPDATE studioflow_studios SET head = ? WHERE id = ?", [head, studio])
