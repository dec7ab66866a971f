"""The committee's decision, with and without marks that say the same by points."""

from __future__ import annotations

import pytest

from studioflow.errors import InputError
from tests.lifecycle.conftest import EVALUATION, World, codes

LOW = {**EVALUATION, "goal_mark": 5, "training_mark": 5, "website_mark": 5, "feature_mark": 6}
# 5 + 5 + 18 + 4 + 5 + 10 + 9 + 4 + 5 + 6 + 4 = 75
EXACTLY_90 = {**EVALUATION, "goal_mark": 8, "training_mark": 8}
PASS = {"readings/pass_mark": 60}
BOTH = {"readings/pass_mark": 80, "readings/outstanding_mark": 90}
BEST = {"readings/outstanding_mark": 90}


@pytest.mark.parametrize(
    ("changes", "facts", "decision", "expected"),
    [
        # No marks: the decision alone.
        ({}, LOW, "passed", ([], [])),
        ({}, LOW, "outstanding", ([], [])),
        ({}, LOW, "not_passed", ([], [])),
        ({}, LOW, None, (["not_decided"], [])),
        # 75 points are a pass at 60.
        (PASS, LOW, "passed", ([], [])),
        (PASS, LOW, "not_passed", (["decision_against_grade"], [])),
        (PASS, LOW, "outstanding", ([], [])),  # without a mark of its own it is to be decided
        (PASS, LOW, None, ([], [])),
        # 75 points are none at 80, so nobody is outstanding either.
        (BOTH, LOW, "not_passed", ([], [])),
        (BOTH, LOW, "passed", (["decision_against_grade"], [])),
        (BOTH, LOW, "outstanding", (["decision_against_grade"], [])),
        ({"readings/pass_mark": 80}, LOW, "outstanding", (["decision_against_grade"], [])),
        # 92 points are outstanding at 90; a pass is no contradiction, but is said.
        (BOTH, EVALUATION, "outstanding", ([], [])),
        (BOTH, EVALUATION, "passed", ([], ["decision_against_grade"])),
        (BOTH, EVALUATION, "not_passed", (["decision_against_grade"], [])),
        # A mark for the best grade alone.
        (BEST, LOW, "outstanding", (["decision_above_points"], [])),
        (BEST, LOW, "passed", ([], [])),
        (BEST, EVALUATION, "outstanding", ([], [])),
        (BEST, EVALUATION, None, (["not_decided"], [])),
        (BEST, EXACTLY_90, "outstanding", ([], [])),
        # A pass by points is not enough for a grade with a mark of its own.
        ({**PASS, **BEST}, LOW, "outstanding", (["decision_against_grade"], [])),
        ({**PASS, **BEST}, EXACTLY_90, "outstanding", ([], [])),
    ],
)
def test_a_decision_can_not_contradict_the_points(
    world: World,
    changes: dict[str, object],
    facts: dict[str, object],
    decision: str | None,
    expected: tuple[list[str], list[str]],
) -> None:
    """A decided grade has to be one that the points reach, where the policy has marks."""
    other = world.varied(changes)
    papers = other.papers("evaluate")
    papers |= {"facts": facts, "decision": decision}
    verdict = other.can("evaluate", other.studio("operating"), papers=papers)

    # That a pass by points needs the gates is another condition, and they are met here.
    assert expected == (codes(verdict), [warning.code for warning in verdict.warnings])


def test_what_the_points_give_is_said(world: World) -> None:
    """The contradiction names both grades, in both languages."""
    other = world.varied(PASS)
    papers = other.papers("evaluate")
    papers |= {"facts": LOW, "decision": "not_passed"}
    (reason,) = other.can("evaluate", other.studio("operating"), papers=papers).reasons

    assert "决定为“考核不合格”，而按总分应为“考核合格”" == reason.text("zh")
    assert "the decision is not passed, but the points give passed" == reason.text("en")


@pytest.mark.parametrize(
    ("changes", "first", "second", "expected"),
    [
        ({}, "passed", "outstanding", []),
        ({}, "passed", None, ["outstanding"]),
        ({}, "passed", "passed", ["outstanding"]),
        ({}, "not_passed", "outstanding", ["passed"]),
        ({}, "not_passed", None, ["passed", "outstanding"]),
        ({}, "outstanding", None, []),
        (PASS, None, "outstanding", []),
        (PASS, None, None, ["outstanding"]),
        (BOTH, None, None, []),
        (BEST, "passed", None, []),
        (BEST, "not_passed", None, ["passed"]),
    ],
)
def test_outstanding_presupposes_passed(
    world: World,
    changes: dict[str, object],
    first: str | None,
    second: str | None,
    expected: list[str],
) -> None:
    """Passing is decided with the evaluation; selecting the best later can't stand in for it."""
    other = world.varied(changes)
    papers = other.papers("evaluate")
    papers["decision"] = first
    studio = other.act("evaluate", other.studio("operating"), papers=papers).studio

    assert expected == codes(other.can("commend", studio, papers={"decision": second}))


def test_nobody_decided(world: World) -> None:
    """The denial says that a decision has to be handed in, and which ones there are."""
    papers = world.papers("evaluate")
    papers["decision"] = None
    (reason,) = world.can("evaluate", world.studio("operating"), papers=papers).reasons

    assert ("not_decided", ("decision",), "4.3") == (reason.code, reason.about, reason.clause)
    assert "须交 decision，取“优秀”（outstanding）、“考核合格”（passed）" in reason.text("zh")
    assert reason.text("en").endswith("needed, one of outstanding, passed, not_passed")


def test_a_failed_gate_is_decided_as_well(world: World) -> None:
    """Where a gate is not met, not passing is decided and not assumed."""
    papers = world.papers("evaluate")
    papers |= {"facts": {**EVALUATION, "members": 6}, "decision": None}
    studio = world.studio("operating")

    assert ["not_decided"] == codes(world.can("evaluate", studio, papers=papers))
    papers["decision"] = "not_passed"
    assert [] == codes(world.can("evaluate", studio, papers=papers))


def test_a_second_sheet_needs_no_second_decision(world: World) -> None:
    """Facts that come with the commendation make a sheet; what was decided before is kept."""
    later = world.papers("commend")
    later |= {"facts": {"activities": 20}, "decision": None}

    assert "not_decided" not in codes(world.can("commend", world.studio("evaluated"), papers=later))


def test_new_facts_do_not_make_a_pass(world: World) -> None:
    """Handing in facts with the commendation makes a new sheet, but no new pass."""
    papers = world.papers("evaluate")
    papers["decision"] = "not_passed"
    studio = world.act("evaluate", world.studio("operating"), papers=papers).studio
    later = world.papers("commend")
    later["facts"] = {"activities": 20}

    assert ["passed"] == codes(world.can("commend", studio, papers=later))


def test_points_below_the_pass_mark(world: World) -> None:
    """Where the points say no, no decision makes a commendation."""
    other = world.varied({"readings/pass_mark": 80})
    papers = other.papers("evaluate")
    papers |= {"facts": LOW, "decision": "not_passed"}
    studio = other.act("evaluate", other.studio("operating"), papers=papers).studio

    assert "not_passed" == (studio.sheet and studio.sheet.grade)
    assert ["passed", "decision_against_grade"] == codes(other.can("commend", studio))


def test_unknown_decision(world: World) -> None:
    """A grade that the policy does not have is bad input, with the nearest match."""
    papers = world.papers("evaluate")
    papers["decision"] = "outstandig"
    with pytest.raises(InputError) as caught:
        world.can("evaluate", world.studio("operating"), papers=papers)

    (problem,) = caught.value.problems
    assert ("decision", "outstanding") == (problem.path, problem.nearest)


def test_no_decision_where_nothing_is_scored(world: World) -> None:
    """A decision can't slip in with a step that looks at no sheet, to count later."""
    papers = world.papers("approve")
    papers["decision"] = "passed"

    assert ["no_decision_here"] == codes(
        world.can("approve", world.studio("declared"), papers=papers)
    )
