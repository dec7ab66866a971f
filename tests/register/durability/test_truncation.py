"""A file may be cut or overwritten anywhere: it is told, or an anchor finds it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studioflow.errors import StudioflowError
from studioflow.register import Anchor, Damaged, SqliteRegister, anchor_of, verify
from tests.register.durability.writing import append_next

EVENTS = 60
PAGE = 4096
Harm = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Anchor]:
    """A register with all of it in its file, and its anchor."""
    path = tmp_path_factory.mktemp("whole") / "register.db"
    register = SqliteRegister(path)
    for number in range(EVENTS):
        append_next(register, number)
    anchor = anchor_of(register)
    register.close()
    assert not path.with_name("register.db-wal").exists()
    return path, anchor


def noticed(path: Path, anchor: Anchor) -> str:
    """Return how it is noticed that a file is not what it was; nothing where it is not."""
    try:
        register = SqliteRegister(path)
    except Damaged:
        return "opening"
    try:
        for name in anchor.studios:
            register.events(name)
    except Damaged:
        return "reading"
    try:
        return "" if verify(register, anchor) else "verify"
    except StudioflowError:
        return "verify"
    finally:
        register.close()


def cut(share: float, change: int = 0) -> Harm:
    """Return what cuts a file to a share of its pages, and some bytes more or less."""
    return lambda data: data[: round(len(data) // PAGE * share) * PAGE + change]


def zeroed(page: int) -> Harm:
    """Return what makes a page empty."""
    return lambda data: data[: page * PAGE] + bytes(PAGE) + data[(page + 1) * PAGE :]


def kept(path: Path) -> list[object]:
    """Return all that is in a file but what is still to be told, for which nothing vouches."""
    register = SqliteRegister(path)
    lines = [line for line in register.lines() if line.kind != "notice"]
    register.close()
    return [(line.kind, dict(line.fields)) for line in lines]


@pytest.mark.parametrize(
    "harm",
    [
        *(lambda data, at=at: data[:at] for at in (1, 16, 50, 99, 100, 1000)),
        *(cut(share, change) for share in (0.1, 0.5, 0.9) for change in (-1, 0, 1)),
        lambda data: data[: len(data) * 999 // 1000],
        lambda data: data[:-1],
        lambda _: b"",
    ],
    ids=lambda _: "",
)
def test_fault_6_a_cut_file(whole: tuple[Path, Anchor], tmp_path: Path, harm: Harm) -> None:
    """A file that is cut in its header, at a page, in a page or by a byte is noticed."""
    path, anchor = whole
    own = tmp_path / "register.db"
    own.write_bytes(harm(path.read_bytes()))

    assert noticed(own, anchor)


def test_fault_6_an_empty_page(whole: tuple[Path, Anchor], tmp_path: Path) -> None:
    """A page that is overwritten is noticed, or nothing is lost by it, such as one of an index."""
    path, anchor = whole
    data = path.read_bytes()
    own = tmp_path / "register.db"
    everything = kept(path)
    unseen = 0
    for page in range(len(data) // PAGE):
        own.write_bytes(zeroed(page)(data))
        if not noticed(own, anchor):
            unseen += 1
            assert everything == kept(own)

    assert unseen < len(data) // PAGE // 2


def test_fault_6_a_cut_log(tmp_path: Path) -> None:
    """What is cut off a write-ahead log is as if it had not been written: an anchor finds it."""
    path, own = tmp_path / "register.db", tmp_path / "own.db"
    register = SqliteRegister(path)
    for number in range(EVENTS):
        append_next(register, number)
    anchor = anchor_of(register)
    shutil.copy(path, own)
    log = path.with_name("register.db-wal").read_bytes()
    for share in (0.999, 0.9, 0.5):
        own.with_name("own.db-wal").write_bytes(log[: int(len(log) * share)])
        cut_off = SqliteRegister(own)
        checked = verify(cut_off, anchor)

        assert verify(cut_off)
        assert {"cut_off"} == {finding.code for finding in checked.findings}
        cut_off.close()
        shutil.copy(path, own)


def test_fault_6_nothing_more_is_written(whole: tuple[Path, Anchor], tmp_path: Path) -> None:
    """A damaged studio takes nothing more, and the error says what to do."""
    path, _ = whole
    own = tmp_path / "register.db"
    shutil.copy(path, own)
    register = SqliteRegister(own)
    with register.database.writing() as cursor:
        cursor.run("UPDATE studioflow_events SET hash = x'00' WHERE version = 12")
    with pytest.raises(Damaged) as caught:
        append_next(register, EVENTS)

    assert "verify" in caught.value.explain("en")
    assert "备份" in caught.value.explain("zh")
