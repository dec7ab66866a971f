"""A programme over a register that lasts: opened again, told of, read without its plugins."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
import studioflow_yongjia
from attrs import evolve

from studioflow import Actor, Host, InputError, Programme, hookimpl
from studioflow.programme import read_batch, run_batch
from studioflow.register import Conflict, SqliteRegister, backup, erase, verify
from studioflow.studio import Event, Studio, Subscriber

SCHOOL = Actor("h-01", unit="样例学校", roles={"host_party"})
COMMITTEE = Actor("p-01", unit="bureau", roles={"bureau_committee"})
FORM = {"name": "样例工作室", "unit": "样例学校", "lead": {"id": "lead-a", "name": "领衔人甲"}}


def march() -> datetime:
    """Noon of a day on which studios are declared and approved."""
    return datetime(2023, 3, 28, 12).astimezone()


def host(*subscribers: Subscriber) -> Host:
    """Return a host with the reference plugin and subscribers."""

    class Told:
        @hookimpl
        def studioflow_subscribers(self) -> list[Subscriber]:
            return list(subscribers)

    return Host([studioflow_yongjia, Told()])


def programme(path: Path, *subscribers: Subscriber) -> Programme:
    """Open the reference programme over a file."""
    return Programme.open("yongjia-2023", register=path, host=host(*subscribers), clock=march)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the register is."""
    return tmp_path / "bureau.db"


def noting(told: list[str]) -> Callable[[Event], None]:
    """Return what notes each event that it is told of."""
    return lambda event: told.append(f"{event.action} {event.studio}")


def test_opened_again(path: Path) -> None:
    """What a programme has written is there when the file is opened again, by another one."""
    declared = programme(path).declare(FORM, by=SCHOOL)
    again = Programme.open(register=path, host=host(), clock=march)

    assert (declared,) == again.studios()
    assert (
        "s-02" == again.declare({**FORM, "unit": "别的学校"}, by=evolve(SCHOOL, unit="别的学校")).id
    )


def test_two_programmes_of_one_file(path: Path) -> None:
    """What another programme of the same file does is seen at once."""
    first, second = programme(path), programme(path)
    declared = first.declare(FORM, by=SCHOOL)
    approved = second.approve(declared, by=COMMITTEE)

    assert approved == first.studio(declared)


def test_fault_19_read_without_its_plugins(path: Path) -> None:
    """A history with sheets, and the policy that made them, is read without any plugin."""
    full = Host.discover()
    batch = read_batch(full.sample_batch("yongjia-2023-sample").folder)
    report = run_batch(full.policy(batch.policy), batch, host=full)
    backup(report.register, path)
    register = SqliteRegister(path)
    read = {name: Studio.from_events(name, register.events(name)) for name in register.studios()}

    assert {key: each for key, each in report.studios.items() if each.history} == read
    opening = register.opening()
    assert opening is not None
    assert report.policy.tables == opening.tables


# Telling


def test_told_after_the_fact(path: Path) -> None:
    """A subscriber is told of each step, once it is written."""
    told: list[str] = []
    own = programme(path, Subscriber(id="inbox", notify=noting(told)))
    own.approve(own.declare(FORM, by=SCHOOL), by=COMMITTEE)

    assert ["declare s-01", "approve s-01"] == told
    assert () == own.deliver()
    assert ["declare s-01", "approve s-01"] == told


def test_who_was_not_told_before(path: Path) -> None:
    """What somebody wrote and did not come to tell is told by whoever acts next."""
    told: list[str] = []
    silent = programme(path, Subscriber(id="inbox", notify=noting([])))
    silent.register.when_committed = id  # type: ignore[assignment, method-assign] # it dies there
    silent.declare(FORM, by=SCHOOL)
    own = programme(path, Subscriber(id="inbox", notify=noting(told)))
    own.approve("s-01", by=COMMITTEE)

    assert ["declare s-01", "approve s-01"] == told


def test_what_failed_is_tried_again(path: Path) -> None:
    """What a subscriber failed at stops no other one, and is told when that is asked for."""
    told: list[str] = []
    broken = True

    def notify(event: Event) -> None:
        if broken:
            raise OSError
        told.append(event.action)

    own = programme(
        path, Subscriber(id="mail", notify=notify), Subscriber(id="inbox", notify=noting(told))
    )
    own.declare(FORM, by=SCHOOL)

    assert (["declare s-01"], ["mail"]) == (told, [each.subscriber for each in own.undelivered])
    assert ["mail"] == [each.subscriber for each in own.deliver(again=True)]
    broken = False
    assert () == own.deliver()
    assert () == own.deliver(again=True)
    assert ["declare s-01", "declare"] == told


def test_a_new_subscriber(path: Path) -> None:
    """Who comes later is told of what happens from then on; `changes` has all of it."""
    programme(path).declare(FORM, by=SCHOOL)
    told: list[str] = []
    own = programme(path, Subscriber(id="inbox", notify=noting(told)))
    own.approve("s-01", by=COMMITTEE)

    assert ["approve s-01"] == told
    assert ["declare", "approve"] == [c.event.action for c in own.register.changes()]


def test_fault_33_told_without_remarks(path: Path) -> None:
    """A subscriber is told neither names nor what somebody wrote in words."""
    seen: list[Event] = []
    own = programme(path, Subscriber(id="inbox", notify=seen.append))
    own.approve(own.declare(FORM, by=SCHOOL), by=COMMITTEE, remark="领衔人甲很合适")

    assert "领衔人甲" not in str([(e.remark, e.application) for e in seen])
    assert "领衔人甲很合适" == own.studio("s-01").history[-1].remark


# Erased


def test_fault_32_erased_and_sent_again(path: Path) -> None:
    """After an erasure the studio stands where it stood, and a key still answers with its step."""
    own = programme(path)
    declared = own.declare(FORM, by=SCHOOL, key="form-1")
    erased = erase(own.register, person="lead-a", by=COMMITTEE, reason="本人要求")
    again = own.declare(FORM, studio=None, by=SCHOOL, key="form-1")

    assert (1, "declared", "") == (
        erased.count,
        again.state,
        again.application and again.application.lead.name,
    )
    assert declared.id == again.id
    assert verify(own.register)
    assert 1 == len(own.studios())


def test_fault_3_another_command_with_the_key(path: Path) -> None:
    """The same key with another payload is an error, also for another process."""
    programme(path).declare(FORM, by=SCHOOL, key="form-1")
    with pytest.raises(InputError) as caught:
        programme(path).declare({**FORM, "name": "别的"}, by=SCHOOL, key="form-1")

    assert ["other_payload"] == [problem.code for problem in caught.value.problems]


def test_digests_of_commands_tell_nothing(path: Path) -> None:
    """Two commands with the same names in them have digests that have nothing in common."""
    own = programme(path)
    own.declare(FORM, by=SCHOOL, key="form-1")
    own.act("declare", "s-02", by=evolve(SCHOOL, id="h-02"), application=FORM, key="form-1")
    digests = [line.fields["key"] for line in own.register.lines() if line.fields.get("key")]

    assert 2 == len({str(digest).rpartition(":")[2] for digest in digests})


def test_who_can_not_be_told_now(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can be told just now, the step is still taken, and told later."""
    told: list[str] = []
    own = programme(path, Subscriber(id="inbox", notify=noting(told)))
    with monkeypatch.context() as patched:
        busy = Conflict("outbox", 0, None)
        patched.setattr(own.register, "due_notices", Mock(side_effect=busy))
        declared = own.declare(FORM, by=SCHOOL)

    assert ("declared", []) == (own.studio(declared).state, told)
    assert () == own.deliver()
    assert ["declare s-01"] == told


def test_a_transaction_that_was_broken_off(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an embedder's transaction contention reaches the caller at once: it may be over."""
    outer = programme(path)
    with closing(sqlite3.connect(path)) as connection:
        inside = outer.within(connection)
        append = Mock(side_effect=Conflict("s-01", 0, None))
        monkeypatch.setattr(inside.register, "append", append)
        with pytest.raises(Conflict):
            inside.declare(FORM, by=SCHOOL)

    assert 1 == append.call_count
