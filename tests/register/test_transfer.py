"""Registers as JSON Lines: everything comes back to the letter, and nothing else comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.register import (
    MemoryRegister,
    Register,
    SqliteRegister,
    anchor_of,
    export_lines,
    import_lines,
    verify,
)
from studioflow.register.homes.sqlite import SqliteFile
from studioflow.register.sql import SqlRegister
from studioflow.studio import EventCodec
from studioflow.testing.registers.samples import NINE, event
from tests.register.kept import NAMES, run, sample_file, written


def exported(register: Register | None = None) -> bytes:
    """Return an export of a register; of one with everything in it when left out."""
    if register is None:
        register = MemoryRegister()
        written(register)
    file = BytesIO()
    export_lines(register, file)
    return file.getvalue()


def raw(register: Register) -> list[object]:
    """Return what is kept, without the row on the register itself."""
    return [line for line in register.lines() if line.kind != "meta"]


def refused(data: bytes) -> list[tuple[str, str]]:
    """Return code and path of each problem, once the register was seen to stay empty."""
    register = MemoryRegister()
    with pytest.raises(InputError) as raised:
        import_lines(BytesIO(data), register)
    assert raw(register) == []
    told = f"{raised.value}{raised.value.explain('zh')}{raised.value!r}"
    assert [name for name in NAMES if name in told] == []
    return [(problem.code, problem.path) for problem in raised.value.problems]


def test_everything_comes_back() -> None:
    """Rows, order, id, keys, slots and notices are those of the exported register."""
    one, two = MemoryRegister(), MemoryRegister()
    kept = written(one)
    checked = import_lines(BytesIO(exported(one)), two)
    assert checked.whole
    assert raw(two) == raw(one)
    assert two.register_id == one.register_id
    assert anchor_of(two, NINE) == anchor_of(one, NINE)
    assert two.events("s-01") == kept[:3]
    assert verify(two, anchor_of(one)).whole
    assert exported(two) == exported(one)


def test_goes_on_after_an_import() -> None:
    """Numbers, keys and limits go on where they were."""
    register = MemoryRegister()
    import_lines(BytesIO(exported()), register)
    register.append(event(), expected=3)
    assert verify(register).whole
    assert [notice.version for notice in register.due_notices(["mail"])] == [1, 2]


def test_a_path(tmp_path: Path) -> None:
    """A file has its name once it is whole, and none is written over."""
    register, path = MemoryRegister(), tmp_path / "a.jsonl"
    written(register)
    export_lines(register, path)
    assert path.read_bytes() == exported(register)
    assert [each.name for each in tmp_path.iterdir()] == ["a.jsonl"]
    with pytest.raises(InputError) as raised:
        export_lines(register, path)
    assert [problem.code for problem in raised.value.problems] == ["new_file"]
    other = MemoryRegister()
    import_lines(path, other)
    assert raw(other) == raw(register)
    with pytest.raises(InputError):
        import_lines(tmp_path / "b.jsonl", MemoryRegister())


def test_only_into_an_empty_register() -> None:
    """Nothing is ever written over."""
    register = MemoryRegister()
    written(register)
    before = raw(register)
    with pytest.raises(InputError) as raised:
        import_lines(BytesIO(exported()), register)
    assert [problem.code for problem in raised.value.problems] == ["register_not_empty"]
    assert raw(register) == before


def test_cut_off_at_every_line() -> None:
    """A file without its end is refused, wherever it was cut."""
    lines = exported().splitlines(keepends=True)
    for number in range(len(lines)):
        assert refused(b"".join(lines[:number]))
        assert refused(b"".join(lines[:number]) + lines[number][: len(lines[number]) // 2])


def test_a_line_left_out_or_twice_or_moved() -> None:
    """Every line counts, and where it stands."""
    lines = exported().splitlines(keepends=True)
    entries = [n for n, line in enumerate(lines) if not line.startswith(b'{"kind":"notice"')]
    for number in entries:
        assert refused(b"".join(lines[:number] + lines[number + 1 :]))
        assert refused(b"".join(lines[:number] + lines[number : number + 1] * 2 + lines[number:]))
    assert refused(b"".join([*lines, lines[-1]]))


def edited(number: int, change: Callable[[dict[str, object]], object]) -> bytes:
    """Return an export with one line changed, counted from 0."""
    lines = exported().splitlines(keepends=True)
    document = json.loads(lines[number])
    change(document)
    made = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return b"".join([*lines[:number], made.encode() + b"\n", *lines[number + 1 :]])


@pytest.mark.parametrize(
    ("number", "change", "code"),
    [
        (0, {"schema": "studioflow.export/2"}, "not_an_export"),
        (0, {"more": 1}, "unknown_key"),
        (0, {"register": "another"}, "not_whole"),
        (1, {"policy": "sha256:9"}, "not_whole"),
        (3, {"more": 1}, "unknown_key"),
        (3, {"kind": "nothing"}, "unknown_name"),
        (3, {"kind": ["event"]}, "unknown_name"),
        (3, {"version": 2}, "not_whole"),
        (3, {"version": True}, "wrong_type"),
        (3, {"version": 1.0}, "wrong_type"),
        (3, {"version": "1"}, "wrong_type"),
        (3, {"position": 10**30}, "count"),
        (3, {"position": -1}, "count"),
        (3, {"hash": "text"}, "hash"),
        (3, {"hash": "00"}, "not_whole"),
        (3, {"key": None}, "not_whole"),
        (3, {"key": ["p-01", "k-1"]}, "key_row"),
        (3, {"personal": []}, "not_whole"),
        (3, {"personal": "领衔人甲"}, "personal_part"),
        (3, {"personal": [{"path": "p", "salt": "00", "value": ["领衔人甲"]}]}, "personal_part"),
        (3, {"personal": [{"path": "p", "salt": "00", "value": "领衔人甲"}]}, "not_whole"),
        (3, {"personal": [{"path": "p", "salt": "领衔人甲", "value": "领衔人甲"}]}, "hash"),
        (3, {"body": "text"}, "missing_key"),
        (3, {"studio": "\ud800"}, None),
        (8, {"version": 9}, "stray_notice"),
        (9, {"version": 1}, "stray_notice"),
        (8, {"attempts": 10**20}, "count"),
        (-1, {"events": 4}, "other_end"),
        (-1, {"head": "0" * 64}, "other_end"),
    ],
)
def test_strict(number: int, change: dict[str, object], code: str | None) -> None:
    """What is none of an export is refused with its line, and so is a part that is gone unsaid."""
    if code is None:
        with pytest.raises(UnicodeEncodeError):
            edited(number, lambda document: document.update(change))
        lines = exported().splitlines(keepends=True)
        assert refused(lines[0] + b'{"kind":"\\ud800"}\n') == [
            ("lone_surrogate", "line 2"),
            ("not_an_export", ""),
        ]
        return
    data = edited(number, lambda document: document.update(change))
    problems = refused(data)
    assert code in [told for told, _ in problems]
    if code not in ("not_whole", "other_end"):
        total = len(exported().splitlines())
        assert problems[0][1].startswith(f"line {number % total + 1}")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"kind":"end","kind":"end"}', "duplicate_key"),
        (b'{"kind":NaN}', "not_finite"),
        (b'{"kind":' + b"[" * 100_000 + b"}", "syntax"),
        (b'{"kind":' + b"9" * 10_000 + b"}", "syntax"),
        (b"\xff", "not_utf8"),
        (b"[]", "syntax"),
        (b"", "syntax"),
    ],
)
def test_hostile_lines(line: bytes, code: str) -> None:
    """They are told with their number."""
    data = exported().splitlines()
    problems = refused(b"\n".join([*data[:2], line, *data[3:], b""]))
    assert problems[0] == (code, "line 3")


def test_a_line_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of it is read than a line may have."""
    monkeypatch.setattr("studioflow.register.transfer.MAX_LINE", 1000)
    monkeypatch.setattr("studioflow.register.exported_lines.MAX_LINE", 1000)
    file = BytesIO(b"x" * 100_000)
    with pytest.raises(InputError) as raised:
        import_lines(file, MemoryRegister())
    assert [problem.code for problem in raised.value.problems] == ["too_large"]
    assert file.tell() == 1001


def test_all_at_once_up_to_a_bound() -> None:
    """Every wrong line is told, and not more of them than help."""
    lines = exported().splitlines(keepends=True)
    assert [path for _, path in refused(lines[0] + b"x\n" * 3)[:3]] == [
        "line 2",
        "line 3",
        "line 4",
    ]
    assert len(refused(lines[0] + b"x\n" * 1000)) == 100


EXPORT = exported()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated(data: st.DataObject) -> None:
    """Whatever is done to its bytes, it is refused as a whole or taken as a whole."""
    mutated = bytearray(EXPORT)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(mutated) - 1))
        end = place + data.draw(st.integers(0, 3))
        mutated[place:end] = data.draw(st.binary(max_size=3))
    register = MemoryRegister()
    try:
        import_lines(BytesIO(bytes(mutated)), register)
    except InputError:
        assert raw(register) == []
    else:
        assert verify(register).whole


def test_fault_28_what_is_newer_is_not_dropped(tmp_path: Path) -> None:
    """An event of a newer release goes through to the letter, and the copy is read only, too."""
    path = sample_file(tmp_path / "a.db")
    newer = SqlRegister(SqliteFile(path), codec=EventCodec(2, {1: lambda found: found}))
    newer.append(event(), expected=3)
    newer.close()
    one, two = SqliteRegister(path), SqliteRegister(tmp_path / "b.db")
    assert import_lines(BytesIO(exported(one)), two).newer == 1
    assert (raw(two), two.read_only) == (raw(one), True)


def test_damage_goes_out_and_not_in(tmp_path: Path) -> None:
    """What is damaged can be looked at in an export, and is not taken for whole."""
    path = sample_file(tmp_path / "a.db")
    run(path, "UPDATE studioflow_events SET body = replace(body, 'operating', 'closed')")
    register = SqliteRegister(path)
    file = BytesIO()
    assert not export_lines(register, file)
    assert ("not_whole", "s-01/1") in refused(file.getvalue())
