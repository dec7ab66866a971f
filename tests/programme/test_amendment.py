"""A programme's policy is amended: studios go over to the new one, or keep theirs."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.policy import AMEND
from tests.programme.amended import (
    KEEPING,
    LATER,
    NO_RETURN,
    STRICTER,
    ran,
    returned,
)
from tests.programme.reference import (
    COMMITTEE,
    COUNTY,
    SCHOOL,
    World,
    application,
    codes,
    everything,
    school,
)


@pytest.fixture
def running(world: World) -> World:
    """A programme with an evaluated, an operating and a declared studio, two years later."""
    return ran(world)


def test_studios_go_over(running: World) -> None:
    """Each studio has an event that says who, when and why, and goes on by the new policy."""
    policy = running.policy.vary(STRICTER)
    report = running.programme.amend(policy, by=COMMITTEE, on=date(2024, 12, 1), remark="县文件")

    assert [True] * 3 == [each.goes_over for each in report.studios]
    assert policy is running.programme.policy
    for studio in running.programme.studios():
        event = studio.history[-1]
        assert (AMEND, event.source) == (event.action, event.dest)
        assert (COMMITTEE, date(2024, 12, 1), "县文件") == (event.by, event.on, event.remark)
        assert policy.reference == event.policy
        assert running.clock.now == event.recorded
        assert policy is running.programme.policy_of(studio)


def test_what_the_register_keeps(running: World) -> None:
    """The register has the new policy to the letter, with what it took the place of."""
    policy = running.policy.vary(STRICTER)
    running.programme.amend(policy, by=COMMITTEE, remark="县文件")
    (kept,) = running.register.amendments()

    assert (running.policy.reference, policy.reference) == (kept.before, kept.policy)
    assert policy.tables == kept.tables
    assert (COMMITTEE, LATER, "县文件") == (kept.by, kept.on, kept.remark)


def test_decided_by_the_new_policy(running: World) -> None:
    """After it, every studio and every new one is decided about by the new policy."""
    policy = running.policy.vary(
        {**STRICTER, "lifecycle/transitions/approve/by": ["county_bureau"]}
    )
    running.programme.amend(policy, by=COMMITTEE)
    running.clock.on(date(2023, 4, 14))

    assert "wrong_role" in codes(running.programme.can("approve", "s-03", by=COMMITTEE).reasons)
    assert policy.reference == running.programme.approve("s-03", by=COUNTY).history[-1].policy
    running.clock.on(date(2023, 3, 22))
    new = running.programme.declare(application(4), by=school(4))
    assert policy.reference == new.history[-1].policy


def test_an_evaluated_studio_has_its_sheet_anew(running: World) -> None:
    """A sheet is made anew for the day that it was made for; what was decided stays decided."""
    old = running.programme.studio("s-01")
    policy = running.policy.vary(STRICTER)
    running.programme.amend(policy, by=COMMITTEE)
    studio = running.programme.studio("s-01")

    assert studio.sheet is not None
    assert ("78", policy.reference) == (
        studio.sheet.total.to_dict()["points"],
        studio.sheet.policy,
    )
    assert (old.scored_on, old.scored_by, "passed") == (
        studio.scored_on,
        studio.scored_by,
        studio.decision,
    )
    assert studio.sheet_is_current
    assert ["s-01"] == [rank.studio for rank in running.programme.ranking()]


def test_who_has_no_sheet_gets_none(running: World) -> None:
    """Going over evaluates nobody."""
    running.programme.amend(running.policy.vary(STRICTER), by=COMMITTEE)

    assert [None, None] == [running.programme.studio(name).sheet for name in ("s-02", "s-03")]


def test_amended_again(running: World) -> None:
    """Amendments follow on each other, each from the one before."""
    second = running.policy.vary(STRICTER)
    third = second.vary({"version": "3", "criteria/5.2.2/norm": 20})
    running.programme.amend(second, by=COMMITTEE)
    running.programme.amend(third, by=COMMITTEE)

    assert [(running.policy.fingerprint, "2"), (second.fingerprint, "3")] == [
        (each.before.fingerprint, each.policy.version) for each in running.register.amendments()
    ]
    assert third is running.programme.policy_of("s-01")


def test_back_again(running: World) -> None:
    """An amendment is taken back by another one, and every sheet is what it was."""
    sheet = running.programme.studio("s-01").sheet
    running.programme.amend(running.policy.vary(STRICTER), by=COMMITTEE)
    running.programme.amend(running.policy, by=COMMITTEE, remark="撤回修订")
    again = running.programme.studio("s-01").sheet

    assert sheet is not None
    assert again is not None
    assert (sheet.total, sheet.policy) == (again.total, again.policy)


# Studios keep their policy


def test_studios_keep_their_policy(running: World) -> None:
    """Where the policy says so, those that there are go on by theirs, and only new ones by it."""
    policy = running.policy.vary(KEEPING)
    before = everything(running.register)
    report = running.programme.amend(policy, by=COMMITTEE)

    assert [False] * 3 == [each.goes_over for each in report.studios]
    assert before == everything(running.register)
    assert running.policy is running.programme.policy_of("s-01")
    studio = running.programme.record("s-02", {"beneficiary": [{"group": "山区"}]}, by=school(2))
    assert running.policy.reference == studio.history[-1].policy
    running.clock.on(date(2023, 3, 22))
    new = running.programme.declare(application(4), by=school(4))
    assert policy.reference == new.history[-1].policy
    assert policy is running.programme.policy_of(new)


def test_nobody_who_keeps_is_refused(world: World) -> None:
    """A state that is gone is no matter to those who go on by their policy."""
    returned(world)
    policy = world.policy.vary({**NO_RETURN, "amendment": {"studios": "keep"}})
    report = world.programme.amend(policy, by=COMMITTEE)

    assert () == report.reasons
    world.clock.on(date(2023, 4, 5))
    again = world.programme.declare(application(), "s-01", by=SCHOOL)
    assert ("declared", world.policy.reference) == (again.state, again.history[-1].policy)


def test_who_kept_goes_over_later(world: World) -> None:
    """A later amendment takes every studio over, from whichever version it goes by."""
    world.studio("declared")
    world.programme.amend(world.policy.vary(KEEPING), by=COMMITTEE)
    world.studio("declared", 2)
    third = world.policy.vary({**STRICTER, "version": "3"})
    report = world.programme.amend(third, by=COMMITTEE)

    assert ["1", "2"] == [each.policy.version for each in report.studios]
    assert [third, third] == [world.programme.policy_of(each) for each in ("s-01", "s-02")]


def test_ranked_by_one_policy(running: World) -> None:
    """Studios are ranked with those whose sheets the same policy made."""
    running.programme.amend(running.policy.vary(KEEPING), by=COMMITTEE)

    assert () == running.programme.ranking()
    ranking = running.programme.ranking(policy=running.policy)
    assert ["s-01"] == [rank.studio for rank in ranking]
