"""A programme takes the automatic steps by itself: each that it may, and each once."""

from __future__ import annotations

from datetime import date

from studioflow.policy import Policy
from studioflow.programme import Programme
from tests.lifecycle.county import actor
from tests.lifecycle.little import Bureau, little, step

OFFICE = actor("office")
AUTOMATIC = "automatic = true"
GATE = """
[lifecycle.transitions.admit.conditions.late]
label = { zh = "时间", en = "time" }
text = { zh = "时间未到", en = "the time has not come" }
kind = "at_least"
value = "times_look"
bound = 1
"""
LOOK = step("look", "", source="declared")
ADMIT = step("admit", f'{AUTOMATIC}\nto = "approved"', source="declared")
HANG = step("hang", f'{AUTOMATIC}\nto = "plaqued"', source="approved")


def _chain() -> Policy:
    """Return a policy with two automatic steps in a row, of which the first waits for a look."""
    return little(LOOK + ADMIT + GATE + HANG)


def _taken(programme: Programme) -> list[tuple[str, str]]:
    steps = programme.advance(by=OFFICE)
    return [(step.event.studio, step.event.action) for step in steps]


def test_nothing_to_do() -> None:
    """Without a studio, or without an automatic step, nothing is taken."""
    assert () == Bureau(_chain()).programme.advance(by=OFFICE)
    bureau = Bureau(little(LOOK))
    bureau.declared(unit="样例学校")
    assert () == bureau.programme.advance(by=OFFICE)
    assert 1 == len(bureau.register.events("s-01"))


def test_taken_when_allowed() -> None:
    """A step is taken as soon as it is allowed, and not before."""
    bureau = Bureau(little(LOOK + ADMIT + GATE))
    bureau.declared(unit="样例学校")
    assert [] == _taken(bureau.programme)
    bureau.programme.act("look", "s-01", by=OFFICE)
    assert [("s-01", "admit")] == _taken(bureau.programme)
    assert "approved" == bureau.programme.studio("s-01").state


def test_a_chain_of_two() -> None:
    """What the first step makes possible is taken in the same go, in that order."""
    bureau = Bureau(_chain())
    bureau.declared(unit="样例学校")
    bureau.programme.act("look", "s-01", by=OFFICE)
    assert [("s-01", "admit"), ("s-01", "hang")] == _taken(bureau.programme)
    assert "plaqued" == bureau.programme.studio("s-01").state
    assert () == bureau.programme.advance(by=OFFICE)


def test_a_chain_against_the_order_of_the_file() -> None:
    """The chain does not depend on which step the policy names first."""
    bureau = Bureau(little(LOOK + HANG + ADMIT + GATE))
    bureau.declared(unit="样例学校")
    bureau.programme.act("look", "s-01", by=OFFICE)
    assert [("s-01", "admit"), ("s-01", "hang")] == _taken(bureau.programme)


def test_each_once() -> None:
    """A step that leaves the studio where it is, and stays allowed, is taken once in a go."""
    bureau = Bureau(little(step("greet", AUTOMATIC, source="declared")))
    bureau.declared(unit="样例学校")
    assert [("s-01", "greet")] == _taken(bureau.programme)
    assert [("s-01", "greet")] == _taken(bureau.programme)


def test_a_circle_ends() -> None:
    """Two steps that lead to and fro are taken once each."""
    there = step("admit", f'{AUTOMATIC}\nto = "approved"', source="declared")
    back = step("hand_back", f'{AUTOMATIC}\nto = "declared"', source="approved")
    bureau = Bureau(little(there + back))
    bureau.declared(unit="样例学校")
    assert [("s-01", "admit"), ("s-01", "hand_back")] == _taken(bureau.programme)


def test_denied_ones_are_passed_over() -> None:
    """A studio that may not move stops none of the others, and is as it was."""
    bureau = Bureau(_chain())
    for number in (1, 2, 3):
        bureau.declared(number, unit="样例学校")
    for number in (1, 3):
        bureau.programme.act("look", f"s-{number:02}", by=OFFICE)
    every = [("s-01", "admit"), ("s-01", "hang"), ("s-03", "admit"), ("s-03", "hang")]
    assert every == _taken(bureau.programme)
    assert ("declared", 1) == (
        bureau.programme.studio("s-02").state,
        len(bureau.register.events("s-02")),
    )
    verdict = bureau.programme.can("admit", "s-02", by=OFFICE)
    assert ["late"] == [reason.code for reason in verdict.reasons]


def test_the_wrong_role() -> None:
    """Whoever does not have the role of a step takes none, and is not told off."""
    bureau = Bureau(_chain())
    bureau.declared(unit="样例学校")
    bureau.programme.act("look", "s-01", by=OFFICE)
    assert () == bureau.programme.advance(by=actor("committee"))


def test_who_and_when() -> None:
    """What was taken says who answers for it, and the day of the clock."""
    bureau = Bureau(little(ADMIT))
    bureau.declared(unit="样例学校")
    bureau.day = date(2024, 5, 6)
    (taken,) = bureau.programme.advance(by=OFFICE)
    assert (OFFICE.id, bureau.day) == (taken.event.by.id, taken.event.on)
    assert (taken.event,) == bureau.register.events("s-01")[1:]
    assert taken.studio == bureau.programme.studio("s-01")
