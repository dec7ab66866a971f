"""What is erased is gone for good, and everything else stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from attrs import evolve

from studioflow.errors import InputError
from studioflow.people import Person
from studioflow.register import (
    Erased,
    MemoryRegister,
    Register,
    SqliteRegister,
    TooNew,
    anchor_of,
    connect,
    erase,
    export_lines,
    import_lines,
    verify,
)
from studioflow.register.homes.sqlite import SqliteFile
from studioflow.register.sql import SqlRegister
from studioflow.studio import EventCodec, Record
from studioflow.testing.registers.samples import CLERK, HOUR, NINE, event, moved
from tests.register.homes import new_prefix
from tests.register.kept import NAMES, application, sample_file, written
from tests.register.postgres import Postgres


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def register(
    request: pytest.FixtureRequest, tmp_path: Path, server: Postgres
) -> Iterator[Register]:
    """A register of each home, with something of everything in it."""
    engine = server.engine()
    made: Register
    match request.param:
        case "memory":
            made = MemoryRegister()
        case "sqlite":
            made = SqliteRegister(tmp_path / "a.db")
        case _:
            made = connect(engine, prefix=new_prefix())
    written(made)
    yield made
    made.close()
    engine.dispose()


def erased(register: Register, **what: object) -> Erased:
    """Erase something at ten."""
    return erase(register, by=CLERK, reason="依申请", now=NINE + HOUR, **what)  # type: ignore[arg-type] # what each test names


def in_files(folder: Path) -> list[str]:
    """Return which of the names stand in the bytes of any file, in either spelling of JSON."""
    found = b"".join(each.read_bytes() for each in folder.iterdir())
    return [
        name for name in NAMES if name.encode() in found or name.encode("unicode-escape") in found
    ]


def test_fault_32_a_person(register: Register) -> None:
    """The name is gone, its studio is what it was, and the chain verifies against an old anchor."""
    anchor = anchor_of(register)
    before = register.events("s-01")
    told = erased(register, person="t-01")
    after = register.events("s-01")
    assert told.count == 1
    assert told.erasure.paths == {"s-01": {1: ("application/lead/name",)}}
    assert told.unclear == (
        "s-01/2:records/a-1/phone",
        "s-01/3:remark",
        "s-01/3:overrides/size/reason",
    )
    nameless = evolve(application(), lead=Person("t-01", ""))
    assert after == (evolve(before[0], application=nameless), *before[1:])
    checked = verify(register, anchor)
    assert (checked.whole, checked.erased) == (True, 1)


def test_fault_32_a_studio(register: Register) -> None:
    """Everything personal of it is gone, and of others nothing."""
    register.append(event("s-02", remark="另一处"), expected=2)
    before = register.events("s-02")
    assert erased(register, studio="s-01").count == 5
    assert [event.separated()[1] for event in register.events("s-01")] == [{}, {}, {}]
    assert register.events("s-02") == before
    checked = verify(register)
    assert (checked.whole, checked.erased) == (True, 5)


def test_paths(register: Register) -> None:
    """Parts by themselves, of any event or of one; a lone text is one path."""
    register.append(event(remark="第二条"), expected=3)
    assert erased(register, paths=["s-01/3:remark"]).erasure.paths == {"s-01": {3: ("remark",)}}
    assert [each.remark for each in register.events("s-01")[2:]] == [None, "第二条"]
    assert erased(register, paths="remark").erasure.paths == {"s-01": {4: ("remark",)}}
    assert register.events("s-01")[0].application == application()


def test_the_journal_says_who_and_why(register: Register) -> None:
    """Ids, paths, actor, reason and time stay, in the journal's chain."""
    erased(register, person="t-02")
    line = [line for line in register.lines() if line.kind == "erasure"][-1]
    body = str(line.fields["body"])
    assert [word in body for word in ("application/members/0/name", "p-01", "依申请")] == [True] * 3
    assert line.fields["recorded"] == "2023-04-14T10:00:00.000000+00:00"
    assert anchor_of(register).journal[0] == 3


def test_again(register: Register) -> None:
    """What is erased already is not erased once more, and nothing is written of it."""
    erased(register, studio="s-01")
    before = anchor_of(register).head
    assert erased(register, studio="s-01").count == 0
    assert erased(register, person="nobody").count == 0
    assert erased(register, studio="nowhere").count == 0
    assert anchor_of(register).head == before


def test_keys_stay_and_their_digests_go(register: Register) -> None:
    """The same command is still known, and nothing is kept that was made of its payload."""
    erased(register, person="t-01")
    kept = register.kept("p-01", "k-1")
    assert kept is not None
    assert kept.digest == ""
    assert verify(register).whole


def test_goes_on(register: Register) -> None:
    """Events come after an erasure, not before it in time."""
    erased(register, studio="s-01")
    kept = register.append(event(), expected=3)
    assert kept.recorded == NINE + HOUR
    assert verify(register).whole


def test_erased_goes_into_no_copy(register: Register) -> None:
    """An export has what is left, and it can be imported."""
    erased(register, studio="s-01")
    file = BytesIO()
    export_lines(register, file)
    assert [name for name in NAMES if name.encode() in file.getvalue()] == []
    file.seek(0)
    copy = MemoryRegister()
    assert import_lines(file, copy).erased == 5
    assert verify(copy, anchor_of(register)).whole


def test_fault_32_the_bytes_are_gone_from_every_file(tmp_path: Path) -> None:
    """File and log have nothing of it left, also with long values and many rows between."""
    register = SqliteRegister(tmp_path / "a.db")
    written(register)
    for number in range(60):
        record = Record(
            kind="activity",
            id="a-1",
            data={"theme": "读书"},
            personal={"phone": NAMES[2] * (1 + number * 40)},
        )
        register.append(
            moved(f"m-{number}", application=application(), records=(record,), remark=NAMES[3]),
            expected=0,
        )
    assert in_files(tmp_path) == list(NAMES)
    erased(register, paths=["s-01/3:overrides/size/reason"])
    assert in_files(tmp_path) == list(NAMES[:4])
    for studio in register.studios():
        erased(register, studio=studio)
    assert in_files(tmp_path) == []
    register.close()
    assert in_files(tmp_path) == []
    assert verify(SqliteRegister(tmp_path / "a.db")).erased == 5 + 4 * 60


def test_another_process_remembers_nothing(tmp_path: Path) -> None:
    """Who had the register open before does not give out what was erased."""
    one = SqliteRegister(sample_file(tmp_path / "a.db"))
    assert one.events("s-01")[2].remark == NAMES[3]
    erased(SqliteRegister(tmp_path / "a.db"), studio="s-01")
    assert one.events("s-01")[2].remark is None
    assert one.changes()[2].event.remark is None


def test_a_newer_register_is_left_alone(tmp_path: Path) -> None:
    """More of it may be personal than this release knows."""
    path = sample_file(tmp_path / "a.db")
    newer = SqlRegister(SqliteFile(path), codec=EventCodec(2, {1: lambda found: found}))
    newer.append(event(), expected=3)
    newer.close()
    with pytest.raises(TooNew):
        erased(SqliteRegister(path), studio="s-01")


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({}, "what_to_erase"),
        ({"paths": []}, "what_to_erase"),
        ({"studio": "s-01", "reason": " "}, "needs_reason"),
        ({"studio": "s-01", "by": "p-01"}, "wrong_type"),
    ],
)
def test_says_what_and_why(what: dict[str, object], code: str) -> None:
    """Nothing is erased for no reason, or by nobody, or altogether."""
    given: dict[str, object] = {"by": CLERK, "reason": "依申请", **what}
    register = MemoryRegister()
    written(register)
    with pytest.raises(InputError) as raised:
        erase(register, **given)  # type: ignore[arg-type] # wrong ones among them
    assert [problem.code for problem in raised.value.problems] == [code]
    assert register.events("s-01")[2].remark == NAMES[3]


def test_fault_33_nothing_personal_is_told() -> None:
    """What was erased is told by its paths, in both languages and in every repr."""
    register = MemoryRegister()
    written(register)
    told = erased(register, person="t-01")
    assert "1 personal parts of 1 studios" in told.explain()
    assert "s-01/3:remark" in told.explain("zh")
    assert told.to_dict()["paths"] == {"s-01": {"1": ["application/lead/name"]}}
    said = f"{told!r}{told.explain()}{told.explain('zh')}{told.to_dict()}{register!r}"
    assert [name for name in NAMES if name in said] == []
