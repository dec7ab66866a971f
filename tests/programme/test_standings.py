"""The places of a batch give the grade that is announced, and what was announced stays."""

from __future__ import annotations

import pytest

from studioflow.programme.actions import Given
from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.lifecycle.county import actor
from tests.lifecycle.little import Bureau, little, step

BATCH = (
    "\n[grades.outstanding.places]\nat_most = 1\n"
    + step("announce", 'batch_grade = true\nonce_in = "cycle"', "evaluated", "committee")
    + step("correct", "corrects = true", "evaluated")
    + step("check_again", "rescores = true", "evaluated", "committee")
    + step("renew", 'to = "operating"\nnext_cycle = true', "evaluated")
)
COMMITTEE = actor("committee")
OFFICE = actor("office")


def _batch(*lessons: int) -> Bureau:
    """Return a bureau with studios that were evaluated with so many lessons each."""
    bureau = Bureau(little(BATCH))
    for number, held in enumerate(lessons, start=1):
        bureau.upto("evaluate", number, held)
    return bureau


def _announce(bureau: Bureau, number: int, decision: str | None = None) -> Studio:
    given: Given = {} if decision is None else {"decision": decision}
    return bureau.programme.act("announce", f"s-{number:02}", by=COMMITTEE, **given)


def _against(bureau: Bureau, number: int, decision: str | None = None) -> list[str]:
    verdict = bureau.programme.can("announce", f"s-{number:02}", by=COMMITTEE, decision=decision)
    return [reason.code for reason in verdict.reasons]


def _check_again(bureau: Bureau, number: int, lessons: int) -> Studio:
    studio = f"s-{number:02}"
    bureau.programme.act("correct", studio, by=OFFICE, facts={"lessons": lessons})
    return bureau.programme.act("check_again", studio, by=COMMITTEE)


def test_the_places_say_it() -> None:
    """Without a decision the grade that the places leave alone is recorded."""
    bureau = _batch(10, 9, 3)
    decisions = [_announce(bureau, number).decision for number in (3, 2, 1)]
    assert ["failed", "passed", "outstanding"] == decisions


@pytest.mark.parametrize(
    ("number", "decision"), [(1, "passed"), (2, "outstanding"), (2, "failed"), (3, "passed")]
)
def test_another_grade(number: int, decision: str) -> None:
    """Any other grade than the places give is refused, a lower one as well."""
    assert ["batch_other"] == _against(_batch(10, 9, 3), number, decision)


def test_the_grade_that_the_places_give() -> None:
    """A decision that agrees with the places is allowed."""
    bureau = _batch(10, 9, 3)
    grades = ("outstanding", "passed", "failed")
    assert [[]] * 3 == [_against(bureau, n, grade) for n, grade in enumerate(grades, start=1)]


def test_a_tie_is_for_people() -> None:
    """Of two who are tied for one place it has to be said who has it."""
    bureau = _batch(10, 10, 7)
    assert [["batch_tie"], ["batch_tie"], []] == [_against(bureau, n) for n in (1, 2, 3)]
    assert ["batch_other"] == _against(bureau, 1, "failed")


def test_recorded_decisions_settle_a_tie() -> None:
    """Once one of the tied has the place, the other gets the next grade and nothing else."""
    bureau = _batch(10, 10)
    _announce(bureau, 1, "outstanding")
    assert ["batch_other"] == _against(bureau, 2, "outstanding")
    assert "passed" == _announce(bureau, 2).decision


def test_a_place_is_not_settled_by_who_does_without() -> None:
    """While the place was given to none of three, the two others are still tied for it."""
    bureau = _batch(10, 10, 10)
    _announce(bureau, 1, "passed")
    assert [["batch_tie"], ["batch_tie"]] == [_against(bureau, n) for n in (2, 3)]


def test_somebody_is_still_awaited() -> None:
    """While one is still to be evaluated nothing can be said, whatever is decided."""
    bureau = _batch(10, 3)
    bureau.upto("operate", 3)
    assert [["batch_open"]] * 2 == [_against(bureau, 1), _against(bureau, 1, "outstanding")]
    bureau.programme.act("evaluate", "s-03", by=COMMITTEE, facts={"lessons": 6})
    assert [] == _against(bureau, 1)


def test_who_has_not_begun_is_not_awaited() -> None:
    """A studio that was only declared is of a later batch."""
    bureau = _batch(10, 9)
    bureau.declared(3, unit="样例学校")
    assert [] == _against(bureau, 1)


@pytest.mark.parametrize("announced", [True, False])
def test_a_renewed_studio_counts_in_its_cycle(*, announced: bool) -> None:
    """Who went into the next cycle keeps the place of the last one, announced or not."""
    bureau = _batch(10, 9)
    if announced:
        _announce(bureau, 1)
    studio = bureau.programme.act("renew", "s-01", by=OFFICE)
    assert (2, "operating") == (studio.cycle, studio.state)
    assert "passed" == _announce(bureau, 2).decision


def test_the_next_cycle_has_places_of_its_own() -> None:
    """In the next cycle the place is free again, for whoever is best among those who are in it."""
    bureau = _batch(10, 9)
    for number in (1, 2):
        _announce(bureau, number)
        bureau.programme.act("renew", f"s-{number:02}", by=OFFICE)
    for number, lessons in ((1, 7), (2, 10)):
        bureau.programme.act("evaluate", f"s-{number:02}", by=COMMITTEE, facts={"lessons": lessons})
    assert ["passed", "outstanding"] == [_announce(bureau, n).decision for n in (1, 2)]


def test_a_second_check_after_the_grade() -> None:
    """A second check after the grade was announced changes nobody's place."""
    bureau = _batch(10, 9, 8)
    _announce(bureau, 1)
    _check_again(bureau, 1, 6)
    assert "passed" == _announce(bureau, 2).decision
    assert [("s-01", "outstanding"), ("s-02", "passed"), ("s-03", "passed")] == [
        (outcome.studio, outcome.grade) for outcome in bureau.programme.outcomes().outcomes
    ]


def test_a_second_check_before_the_grade() -> None:
    """One before anything was announced counts for all."""
    bureau = _batch(10, 9, 8)
    _check_again(bureau, 1, 6)
    assert ["passed", "outstanding"] == [_announce(bureau, n).decision for n in (1, 2)]


def test_once_in_a_cycle() -> None:
    """What was announced is not announced again."""
    bureau = _batch(10, 9)
    _announce(bureau, 1)
    with pytest.raises(Denied) as caught:
        _announce(bureau, 1)
    assert ["done_this_cycle"] == [reason.code for reason in caught.value.reasons]
