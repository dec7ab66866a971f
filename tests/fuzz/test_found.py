"""What fuzzing found once, each by itself."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from studioflow.codec import from_plain
from studioflow.errors import InputError
from studioflow.host import Host, load_policy
from studioflow.policy import parse_setting
from studioflow.register import Damaged, MemoryRegister, import_lines
from studioflow.register.bodies import read_amendment, read_event, read_opening
from studioflow.rubric.sheet_document import read_sheet
from studioflow.studio import EVENT_CODEC
from tests.fuzz import stored
from tests.fuzz.loaders import LOADERS
from tests.register.kept import NAMES, sample_file

SMALL = Path(__file__).parents[1] / "policy/small.toml"


@pytest.mark.parametrize(
    "plain",
    [
        {"$set": [[]]},
        {"$set": [{}]},
        {"$date": "2023-W01-1"},
        {"$date": "20230101"},
        {"$table": [["a", 1], ["a", 2]]},
    ],
)
def test_fault_21_plain_values(plain: object) -> None:
    """Sets of lists, days by weeks and keys that occur twice are refused."""
    with pytest.raises(InputError):
        from_plain(plain)


def test_fault_21_reasons_within_reasons() -> None:
    """Reasons that lie in reasons are refused from a depth on that Python still follows."""
    reason: dict[str, Any] = {"message": {"code": "a", "text": ["a", "a"]}}
    for _ in range(100):
        reason = {**reason, "parameters": {"a": {"$reason": reason}}}
    sheet = json.loads(LOADERS["rubric.sheet_document.read_sheet"].seeds[1])
    sheet["criteria"][0]["reasons"] = [reason]
    with pytest.raises(InputError) as caught:
        read_sheet(sheet)
    assert ["too_deep"] == [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize("cursor", ["9" * 19, "9" * 5000, "1.2", "１", "-1", "²"])
def test_fault_21_cursors(cursor: str) -> None:
    """A cursor that no register gave is refused, however long its number is."""
    with pytest.raises(InputError):
        MemoryRegister().changes(cursor)


def test_fault_21_argument_that_is_no_utf8() -> None:
    """Bytes of a setting that are no UTF-8 are told as such."""
    with pytest.raises(InputError):
        parse_setting("a=\udca1")


def test_fault_21_states_that_are_no_words() -> None:
    """A list where the name of a state belongs is told, and nothing else breaks on it."""
    with pytest.raises(InputError):
        load_policy(
            SMALL,
            changes={"lifecycle/transitions": {"a": {"from": [["none"]], "to": ["x"]}}},
            host=Host([]),
        )


@pytest.mark.parametrize("version", [-1, 0])
def test_fault_28_a_version_that_never_was(version: int) -> None:
    """Without an upcast an older event is refused as input."""
    with pytest.raises(InputError):
        EVENT_CODEC.decode({}, version)


@pytest.mark.parametrize("facts", [[], [1], True, "x", 1])
def test_fault_22_facts_that_are_no_table(facts: object) -> None:
    """Facts of a stored event are a table, or it is damaged."""
    body = json.loads(stored.bodies("event")[0])
    body["event"]["facts"] = facts
    with pytest.raises(Damaged):
        read_event(json.dumps(body), EVENT_CODEC, "s-01/1")


@pytest.mark.parametrize(
    "schema", ["studioflow.event/１", "studioflow.event/ 1", "studioflow.event/+1", 1, {}]
)
def test_fault_22_versions_as_python_reads_them(schema: object) -> None:
    """The version of a schema is written in plain digits, or the event is damaged."""
    body = {**json.loads(stored.bodies("event")[0]), "schema": schema}
    with pytest.raises(Damaged):
        read_event(json.dumps(body), EVENT_CODEC, "s-01/1")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("policy", {"id": 1, "version": True, "fingerprint": 2, "varied": "ab"}),
        ("by", {"id": "p-01", "unit": "bureau", "roles": "clerk"}),
        ("remark", 7),
        ("on", "2023-W01-1"),
        ("recorded", "2023-04-14"),
        ("tables", [1]),
    ],
)
def test_fault_22_the_journal(key: str, value: object) -> None:
    """What stands in the journal is of its type, or it is damaged."""
    body = {**json.loads(stored.bodies("amendment")[0]), key: value}
    with pytest.raises(Damaged):
        read_amendment(json.dumps(body))
    with pytest.raises(Damaged):
        read_opening("{}")


def test_fault_33_lines_that_are_damaged() -> None:
    """What is told of an import that was changed anywhere quotes nothing personal."""
    lines = stored.exported().decode().splitlines()
    told = []
    for number, line in enumerate(lines):
        for changed in (line[:-1], line.replace('"value":', '"valeu":'), line.replace("1", "x")):
            if changed == line:
                continue
            file = "\n".join([*lines[:number], changed, *lines[number + 1 :]]).encode()
            with pytest.raises(InputError) as caught:
                import_lines(BytesIO(file), MemoryRegister())
            told.append(f"{caught.value}{caught.value!r}{caught.value.explain('zh')}")
    assert [] == [name for name in NAMES if name in "".join(told)]


COLUMNS = [
    (table, column)
    for table, columns in {
        "meta": "name value",
        "journal": "number kind recorded policy body hash",
        "studios": "number id version head",
        "events": "position studio version recorded body hash",
        "personal": "studio version path salt value",
        "keys": "actor key studio version digest",
        "holders": "slot studio",
        "outbox": "subscriber studio version leased attempts error",
    }.items()
    for column in columns.split()
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@pytest.mark.parametrize("value", [b"\x00\xff", "甲", 2**62, -1, 0.5, ""])
def test_fault_21_columns_of_other_types(
    table: str, column: str, value: object, tmp_path: Path
) -> None:
    """Whatever a damaged file gives in a column, all that is asked says so, or has an answer."""
    path = sample_file(tmp_path / "r.db")
    with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.IntegrityError):
        connection.execute(f"UPDATE studioflow_{table} SET {column} = ?", [value])  # noqa: S608
        connection.commit()
    with suppress(*stored.HOME_ERRORS):
        stored.opened(path.read_bytes())
