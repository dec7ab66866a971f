"""What the check of a register finds, and that it finds nothing else."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from studioflow.register import (
    Anchor,
    Damaged,
    MemoryRegister,
    SqliteRegister,
    StorageFailed,
    TooNew,
    anchor_of,
    verify,
)
from studioflow.register.homes.sqlite import SqliteFile
from studioflow.register.sql import SqlRegister
from studioflow.register.verification import verify_lines
from studioflow.studio import EventCodec
from studioflow.testing.registers.samples import event
from tests.register.kept import NAMES, forged, run, sample_file, written


def found(path: Path, anchor: Anchor | None = None) -> list[tuple[str, str]]:
    """Return code and place of whatever the check of a file finds."""
    register = SqliteRegister(path)
    checked = verify(register, anchor)
    register.close()
    assert bool(checked) == checked.whole == (not checked.findings)
    return [(finding.code, finding.place) for finding in checked.findings]


def taken(path: Path) -> Anchor:
    """Return the anchor of a file."""
    register = SqliteRegister(path)
    anchor = anchor_of(register)
    register.close()
    return anchor


def test_whole() -> None:
    """Of what was written as it should be nothing is found, and all of it is counted."""
    register = MemoryRegister()
    written(register)
    checked = verify(register, anchor_of(register))
    assert (checked.found, checked.studios, checked.events, checked.erased) == (0, 2, 5, 0)


def test_empty() -> None:
    """A register with nothing in it is whole."""
    register = MemoryRegister()
    assert verify(register, anchor_of(register)).whole


EVENTS = "UPDATE studioflow_events SET {} WHERE studio = 's-01' AND version = 2"
JOURNAL = "UPDATE studioflow_journal SET {} WHERE number = 2"


@pytest.mark.parametrize(
    ("statement", "code", "place"),
    [
        (EVENTS.format("body = replace(body, 'operating', 'closed')"), "broken_chain", "s-01/2"),
        (EVENTS.format("body = 'nothing'"), "broken_chain", "s-01/2"),
        (EVENTS.format("hash = x'00'"), "broken_chain", "s-01/2"),
        (EVENTS.format("hash = 'text'"), "broken_chain", "s-01/2"),
        (EVENTS.format("recorded = '2024'"), "other_columns", "s-01/2"),
        (EVENTS.format("recorded = '2022'"), "time_runs_back", "s-01/2"),
        (EVENTS.format("version = 7"), "missing_event", "s-01/7"),
        ("DELETE FROM studioflow_events WHERE version = 2", "missing_event", "s-01/3"),
        ("DELETE FROM studioflow_events WHERE studio = 's-02'", "other_head", "s-02/0"),
        ("DELETE FROM studioflow_events WHERE version = 3", "other_head", "s-01/2"),
        ("DELETE FROM studioflow_studios WHERE id = 's-02'", "no_studio", "s-02"),
        ("UPDATE studioflow_studios SET version = 9 WHERE id = 's-02'", "other_head", "s-02/2"),
        ("UPDATE studioflow_personal SET value = '\"某人\"'", "other_personal", "s-01/1"),
        ("UPDATE studioflow_personal SET value = x'20'", "other_personal", "s-01/1"),
        ("UPDATE studioflow_personal SET salt = x'00'", "other_personal", "s-01/1"),
        (
            "INSERT INTO studioflow_personal VALUES ('s-02', 1, 'remark', x'00', '\"某人\"')",
            "other_personal",
            "s-02/1",
        ),
        ("UPDATE studioflow_keys SET key = 'k-2'", "other_key", "s-01/1"),
        ("DELETE FROM studioflow_keys", "other_key", "s-01/1"),
        (
            "INSERT INTO studioflow_keys VALUES ('p-09', 'k-9', 's-02', 1, '')",
            "other_key",
            "s-02/1",
        ),
        ("DELETE FROM studioflow_holders WHERE studio = 's-02'", "other_holders", "journal"),
        ("UPDATE studioflow_holders SET studio = 's-03'", "other_holders", "journal"),
        (JOURNAL.format("body = replace(body, '40', '50')"), "broken_chain", "journal/2"),
        (JOURNAL.format("policy = 'sha256:9'"), "other_columns", "journal/2"),
        (JOURNAL.format("kind = 'opening'"), "other_columns", "journal/2"),
        (JOURNAL.format("kind = 'nothing'"), "other_columns", "journal/2"),
        ("DELETE FROM studioflow_journal WHERE number = 1", "missing_event", "journal/2"),
        ("UPDATE studioflow_meta SET value = 'x' WHERE name = 'register'", "broken_chain", ""),
    ],
)
def test_fault_7_an_edited_row_is_found_with_its_position(
    statement: str, code: str, place: str, tmp_path: Path
) -> None:
    """Whatever row is edited, added or deleted, the check names the place."""
    path = sample_file(tmp_path / "a.db")
    assert run(path, statement) >= 1
    findings = found(path)
    assert code in [told for told, _ in findings]
    assert place in ("", dict(findings)[code]) or (code, place) in findings


@pytest.mark.parametrize("table", ["events", "personal"])
def test_what_is_no_text_at_all(table: str, tmp_path: Path) -> None:
    """Then the register is damaged, and the error does not quote it."""
    path = sample_file(tmp_path / "a.db")
    column = "value" if table == "personal" else "body"
    run(path, f"UPDATE studioflow_{table} SET {column} = x'ff'")  # noqa: S608 - ours
    if table == "events":
        assert ("unreadable", "s-01/1") in found(path)
        return
    with pytest.raises(Damaged) as raised:
        found(path)
    assert (raised.value.place, raised.value.__cause__) == ("a.db", None)


def test_random_damage(tmp_path: Path) -> None:
    """Whatever bytes of its file are changed, only declared errors come out."""
    whole = sample_file(tmp_path / "a.db").read_bytes()
    written_places = [place for place, byte in enumerate(whole) if byte]
    choose = Random(7)  # noqa: S311 - the same damage each time
    for number in range(400):
        path, damaged = tmp_path / f"{number}.db", bytearray(whole)
        for _ in range(3):
            damaged[choose.choice(written_places)] = choose.choice([0, 255, choose.randrange(256)])
        path.write_bytes(damaged)
        try:
            found(path)
        except (Damaged, StorageFailed, TooNew):
            continue


def test_fault_8_cut_off_ends_and_rewritten_logs_are_found_against_an_anchor(
    tmp_path: Path,
) -> None:
    """What is whole in itself is held against what it was."""
    path = sample_file(tmp_path / "a.db")
    anchor = taken(path)
    assert found(path, anchor) == []
    forged(path, "s-01", 2, "operating", "suspended")
    assert found(path) == []
    assert found(path, anchor) == [("rewritten", "s-01/3")]


def test_fault_8_a_tail_that_was_cut_off_is_found(tmp_path: Path) -> None:
    """Also where studio, slots, keys and journal were made to fit."""
    path = sample_file(tmp_path / "a.db")
    anchor = taken(path)
    for table in ("events", "holders"):
        run(path, f"DELETE FROM studioflow_{table} WHERE studio = 's-02'")  # noqa: S608 - ours
    run(path, "DELETE FROM studioflow_studios WHERE id = 's-02'")
    run(path, "DELETE FROM studioflow_journal WHERE number = 2")
    assert found(path) == []
    assert found(path, anchor) == [("cut_off", "journal/1"), ("cut_off", "s-02/0")]


def test_goes_on_after_an_anchor(tmp_path: Path) -> None:
    """What comes later does not contradict an anchor."""
    path = sample_file(tmp_path / "a.db")
    anchor = taken(path)
    register = SqliteRegister(path)
    register.append(event(), expected=3)
    assert verify(register, anchor).whole
    assert "and goes on from it" in verify(register, anchor).explain()


def test_the_anchor_of_another_register(tmp_path: Path) -> None:
    """It says nothing of this one."""
    path = sample_file(tmp_path / "a.db")
    other = evolve(taken(path), register="another")
    assert ("anchor_of_another", "journal") in found(path, other)


def test_one_change_is_told_once(tmp_path: Path) -> None:
    """What stands after an event that was changed is not told again."""
    path = sample_file(tmp_path / "a.db")
    run(path, EVENTS.format("body = replace(body, 'operating', 'closed')"))
    assert found(path) == [("broken_chain", "s-01/2")]


def test_findings_are_bounded() -> None:
    """A thousand are told, all are counted."""
    register = MemoryRegister()
    for number in range(1010):
        register.append(event(f"s-{number}"), expected=0)
    lines = [
        evolve(line, fields={**line.fields, "hash": b""}) if line.kind == "event" else line
        for line in register.lines()
    ]
    checked = verify_lines(lines)
    assert len(checked.findings) == 1000
    assert checked.found >= 1010
    assert f"… and {checked.found - 1000} more" in checked.explain()


def test_words(tmp_path: Path) -> None:
    """A finding names position and fault, in both languages."""
    path = sample_file(tmp_path / "a.db")
    run(path, EVENTS.format("body = replace(body, 'operating', 'closed')"))
    checked = verify(SqliteRegister(path))
    assert "s-01/2: body and hash do not fit" in checked.explain()
    assert "s-01/2: 内容与散列不符" in checked.explain("zh")
    document = checked.to_dict()
    assert (document["schema"], document["whole"]) == ("studioflow.verification/1", False)


def test_fault_28_an_event_of_a_newer_release_is_counted(tmp_path: Path) -> None:
    """It is no finding, and the register is read on."""
    path = sample_file(tmp_path / "a.db")
    newer = SqlRegister(SqliteFile(path), codec=EventCodec(2, {1: lambda found: found}))
    newer.append(event(), expected=3)
    newer.close()
    register = SqliteRegister(path)
    checked = verify(register)
    assert (register.read_only, checked.whole, checked.newer) == (True, True, 1)


def test_fault_33_nothing_personal_is_told(tmp_path: Path) -> None:
    """Not in what is found, not in any repr."""
    path = sample_file(tmp_path / "a.db")
    run(path, "UPDATE studioflow_personal SET salt = x'00'")
    register = SqliteRegister(path)
    checked = verify(register, anchor_of(register))
    told = [repr(checked), checked.explain(), checked.explain("zh"), str(checked.to_dict())]
    told += [repr(line) for line in register.lines()]
    told += [repr(register), repr(anchor_of(register))]
    assert [name for name in NAMES if name in "".join(told)] == []
