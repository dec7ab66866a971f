"""Nobody is on the roster of two studios at once, and whoever leaves is free for another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from studioflow.studio import Studio
from studioflow.verdict import Denied, Reason
from tests.lifecycle.county import actor
from tests.lifecycle.little import Bureau, little, step

JOINED = date(2024, 1, 8)
MEMBERS = """
[records.member]
label = { zh = "成员", en = "member" }
from = ["office"]
person = "person"
since = "joined"
until = "left"
one_studio = true
[records.member.fields.person]
type = "person"
required = true
label = { zh = "人", en = "person" }
[records.member.fields.joined]
type = "date"
required = true
label = { zh = "加入", en = "joined" }
[records.member.fields.left]
type = "date"
label = { zh = "离开", en = "left" }
"""
STEPS = (
    step("enrol", 'needs = ["records"]', source="declared")
    + step("amend_roster", "corrects = true", source="declared")
    + '\n[lifecycle.states.closed]\nlabel = { zh = "已注销", en = "closed" }\nfinal = true\n'
    + step("close", 'to = "closed"', source="declared")
)
OFFICE = actor("office")


@pytest.fixture
def bureau() -> Bureau:
    """Two studios that nobody is in."""
    made = Bureau(little(MEMBERS + STEPS))
    made.declared(1, unit="样例学校")
    made.declared(2, unit="样例学校")
    return made


def _entry(person: str = "t-1", **more: object) -> dict[str, object]:
    return {"person": {"id": person, "name": f"教师{person}"}, "joined": JOINED, **more}


def _enrol(bureau: Bureau, studio: str, *entries: dict[str, object]) -> Studio:
    return bureau.programme.act("enrol", studio, by=OFFICE, records={"member": entries})


def _against(bureau: Bureau, studio: str, *entries: dict[str, object]) -> tuple[Reason, ...]:
    return bureau.programme.can("enrol", studio, by=OFFICE, records={"member": entries}).reasons


def test_refused_in_a_second_studio(bureau: Bureau) -> None:
    """Somebody who is in one studio is refused in another, which is told the first's id."""
    _enrol(bureau, "s-01", _entry())
    (reason,) = _against(bureau, "s-02", _entry())

    assert ("on_other_roster", ("t-1",)) == (reason.code, reason.about)
    assert ("s-01",) == reason.parameters["studios"]
    with pytest.raises(Denied):
        _enrol(bureau, "s-02", _entry())
    assert 1 == len(bureau.register.events("s-02"))


def test_each_one_is_told(bureau: Bureau) -> None:
    """Of a list, those who are elsewhere are named one by one, and the others are not."""
    _enrol(bureau, "s-01", _entry("t-1"), _entry("t-2"))
    reasons = _against(bureau, "s-02", _entry("t-1"), _entry("t-2"), _entry("t-3"))
    assert {("t-1",), ("t-2",)} == {reason.about for reason in reasons}
    assert ["on_other_roster"] * 2 == [reason.code for reason in reasons]


def test_declared_members(bureau: Bureau) -> None:
    """Who was declared a member sits there as well: elsewhere they are neither declared nor put."""
    member = {"id": "t-1", "name": "教师"}
    bureau.declared(3, unit="样例学校", members=[member])
    assert ["on_other_roster"] == [r.code for r in _against(bureau, "s-01", _entry())]
    with pytest.raises(Denied) as caught:
        bureau.declared(4, unit="样例学校", members=[member])
    (reason,) = caught.value.reasons
    assert ("on_other_roster", ("s-03",)) == (reason.code, reason.parameters["studios"])


def test_free_after_leaving(bureau: Bureau) -> None:
    """With a last day on the record they go elsewhere, and do not come back while there."""
    name = next(iter(_enrol(bureau, "s-01", _entry()).records))
    left = _entry(id=name, left=date(2024, 2, 1))
    bureau.programme.act("amend_roster", "s-01", by=OFFICE, records={"member": [left]})
    _enrol(bureau, "s-02", _entry(joined=date(2024, 2, 2)))

    (reason,) = _against(bureau, "s-01", _entry(joined=date(2024, 3, 1)))
    assert ("on_other_roster", ("s-02",)) == (reason.code, reason.parameters["studios"])


def test_free_after_a_strike(bureau: Bureau) -> None:
    """A record that is struck holds nobody."""
    name = next(iter(_enrol(bureau, "s-01", _entry()).records))
    bureau.programme.act("amend_roster", "s-01", by=OFFICE, strike=[name])
    assert ["member-1"] == [*_enrol(bureau, "s-02", _entry()).records]


def test_free_when_the_studio_is_over(bureau: Bureau) -> None:
    """A studio in a final state gives its people free."""
    _enrol(bureau, "s-01", _entry())
    bureau.programme.act("close", "s-01", by=OFFICE)
    assert ["member-1"] == [*_enrol(bureau, "s-02", _entry()).records]


@pytest.mark.parametrize("open_first", [True, False])
def test_an_open_and_a_closed_record(bureau: Bureau, *, open_first: bool) -> None:
    """Who left and came back is there: the open record holds the seat, first or last."""
    closed = _entry(joined=date(2023, 1, 9), left=date(2023, 6, 1))
    entries = (_entry(), closed) if open_first else (closed, _entry())
    _enrol(bureau, "s-01", *entries)
    assert ["on_other_roster"] == [r.code for r in _against(bureau, "s-02", _entry())]


def test_the_open_record_of_two_is_struck(bureau: Bureau) -> None:
    """Once the open one of two records is gone, the closed one holds nobody."""
    closed = _entry(joined=date(2023, 1, 9), left=date(2023, 6, 1))
    _enrol(bureau, "s-01", closed, _entry(id="now"))
    bureau.programme.act("amend_roster", "s-01", by=OFFICE, strike=["now"])
    assert ["member-1"] == [*_enrol(bureau, "s-02", _entry()).records]


@pytest.mark.parametrize("turn", range(10))
def test_two_threads(bureau: Bureau, turn: int) -> None:
    """Of two who put one person into two studios at once, exactly one succeeds."""
    start = Barrier(2)
    person = f"t-{turn}"

    def run(studio: str) -> Studio | Denied:
        programme = bureau.opened()
        start.wait(timeout=10)
        try:
            return programme.act("enrol", studio, by=OFFICE, records={"member": [_entry(person)]})
        except Denied as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, ("s-01", "s-02")))

    (studio,) = (each for each in outcomes if isinstance(each, Studio))
    (denied,) = (each for each in outcomes if isinstance(each, Denied))
    (reason,) = denied.reasons
    assert ("on_other_roster", (studio.id,)) == (reason.code, reason.parameters["studios"])
    assert (studio.id,) == bureau.register.holders(f"one:member:{person}")
    lengths = {name: len(bureau.register.events(name)) for name in ("s-01", "s-02")}
    assert 2 == lengths.pop(studio.id)
    assert [1] == [*lengths.values()]
