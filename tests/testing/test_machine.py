"""Random walks through both policies keep what has to hold; a walk notices where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from studioflow.host import Host
from studioflow.studio import Studio
from studioflow.testing import Driver, FakeClock, lifecycle_machine
from studioflow.testing.machine import Walk
from studioflow.testing.run import NO_PAPERS
from studioflow.testing.stage import Asked, Brought
from studioflow.text import Text
from studioflow.verdict import Denied, Reason, Verdict

POLICIES = ("yongjia-2023", "teacher-points")


@pytest.mark.parametrize("policy", POLICIES)
def test_some_walks(policy: str) -> None:
    """A few hundred steps keep every invariant."""
    run_state_machine_as_test(
        lifecycle_machine(policy, Host.discover()),
        settings=settings(max_examples=8, stateful_step_count=25, deadline=None, derandomize=True),
    )


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
def test_thousands_of_walks(policy: str) -> None:
    """So do thousands."""
    run_state_machine_as_test(
        lifecycle_machine(policy, Host.discover()),
        settings=settings(
            max_examples=1000, stateful_step_count=30, deadline=None, derandomize=True
        ),
    )


def test_a_walk_notices_a_change_behind_a_denial(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme that says no and acts all the same is noticed."""
    walk, asked = _declaring()
    act = walk.programme.act

    def two_faced(*args: Any, **given: Any) -> Studio:  # noqa: ANN401 - as `act` takes it
        act(*args, **given)
        raise Denied(Verdict(Text("申报", "declare"), (Reason(NO_PAPERS),)))

    monkeypatch.setattr(walk.programme, "act", two_faced)
    with pytest.raises(AssertionError, match="declare was refused, and changed something"):
        walk.attempt("declare", "s-01", asked.by, dict(asked.given))


def test_a_walk_notices_a_denial_without_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """A denial that says nothing is noticed."""
    walk, asked = _declaring()

    def silent(*_: object, **__: object) -> Studio:
        raise Denied(Verdict(Text("申报", "declare")))

    monkeypatch.setattr(walk.programme, "act", silent)
    with pytest.raises(AssertionError, match="declare was denied without a reason"):
        walk.attempt("declare", "s-01", asked.by, dict(asked.given))


def test_a_walk_notices_a_studio_that_is_not_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio that is not what its events make it is noticed."""
    walk, asked = _declaring()
    walk.attempt("declare", "s-01", asked.by, dict(asked.given))
    walk.check()
    other = evolve(walk.programme.studio("s-01"), decision="passed")

    monkeypatch.setattr(walk.programme, "studio", lambda _: other)
    with pytest.raises(AssertionError, match="s-01 is not what its events say"):
        walk.check()


def _declaring() -> tuple[Walk, Asked]:
    """Return a walk, and how its first studio may declare."""
    driver = Driver("yongjia-2023", Host.discover())
    walk = Walk(driver, FakeClock(driver.first_day(())))
    asked = walk.stages["s-01"].asked("declare", Brought())
    assert asked is not None
    return walk, asked
