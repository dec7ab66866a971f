"""Given, when, then: scenarios that hold, and what is said of those that do not."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.people import Actor
from studioflow.testing import given


def test_a_step_that_is_taken() -> None:
    """A studio in a state takes a step that is allowed there, with papers made up for it."""
    scenario = given("yongjia-2023").studio("declared").when("approve").then_state("approved")

    assert "approved" == scenario.then(lambda studio: studio.version == 2).studio.state


def test_a_step_that_is_denied() -> None:
    """Somebody without the role is denied, and with a name of their own unit as well."""
    scenario = given("yongjia-2023").after("declare", "approve").when("revoke", by="host_party")
    somebody = Actor("p-1", unit="unit-of-s-01", roles={"bureau_committee"})

    scenario.then_denied("wrong_role", "own_unit")
    scenario.when("revoke", by=somebody, remark=None).then_denied("own_unit", "needed")


def test_the_day() -> None:
    """The day of a step is the clock's, which a scenario sets or moves on."""
    scenario = given("yongjia-2023").studio("operating").on(date(2024, 5, 1)).later(days=3)

    scenario.when("withdraw", remark="学校撤并").then_state("withdrawn")
    assert date(2024, 5, 4) == scenario.studio.history[-1].on


def test_what_does_not_hold_is_said() -> None:
    """An expectation that fails says what stood against the step, or where the studio is."""
    taken = given("yongjia-2023").studio("declared").when("approve")
    denied = given("yongjia-2023").studio("declared").when("plaque")

    with pytest.raises(AssertionError, match="expected plaqued"):
        taken.then_state("plaqued")
    with pytest.raises(AssertionError, match="it was allowed"):
        taken.then_denied()
    with pytest.raises(AssertionError, match="starts from approved"):
        denied.then_state("plaqued")
    with pytest.raises(AssertionError, match="no reason has the code quota"):
        denied.then_denied("wrong_state", "quota")
    with pytest.raises(AssertionError, match="not so of s-01"):
        taken.then(lambda studio: studio.version == 99)


def test_a_state_that_there_is_not() -> None:
    """A state that nothing leads to is refused, with those that there are."""
    with pytest.raises(ValueError, match="no steps lead to 'approvd', but to approved"):
        given("yongjia-2023").studio("approvd")
