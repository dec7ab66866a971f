"""Conditions of a step: over facts, the sheet, and what the procedure knows."""

from __future__ import annotations

import pytest

from tests.lifecycle.conftest import EVALUATION, SITE, World, codes


def test_open_facts_are_named(world: World) -> None:
    """Evaluating with facts that are not known is denied, and says which they are."""
    missing = {"funds_mark", "trainees_promoted"}
    papers = world.papers("evaluate")
    papers["facts"] = {k: v for k, v in EVALUATION.items() if k not in missing}
    (reason,) = world.can("evaluate", world.studio("operating"), papers=papers).reasons

    assert "complete" == reason.code
    for name in missing:
        assert world.policy.facts[name].label.zh in reason.text("zh")
        assert world.policy.facts[name].label.en in reason.text("en")


def test_a_failed_gate_is_named_with_its_reasons(world: World) -> None:
    """A pass is not recorded while a gate fails; which one, and why, is said."""
    papers = world.papers("evaluate")
    papers["facts"] = {**EVALUATION, "mentoring": False, "open_lessons": False, "members": 13}
    studio = world.studio("operating")
    (reason,) = world.can("evaluate", studio, papers=papers).reasons

    assert "gates_for_passed" == reason.code
    assert "思想领先" in reason.text("zh")
    assert "组织优良" in reason.text("zh")
    assert "13" in reason.text("en")


def test_an_open_gate_names_what_is_missing(world: World) -> None:
    """Where it is not certain whether the gates are met, their open facts are named."""
    papers = world.papers("evaluate")
    papers["facts"] = {k: v for k, v in EVALUATION.items() if k != "team_confirmed"}
    verdict = world.can("evaluate", world.studio("operating"), papers=papers)

    assert ["complete", "condition_open"] == codes(verdict)
    label = world.policy.facts["team_confirmed"].label
    assert (label,) == verdict.reasons[1].parameters["facts"]
    assert "gates_for_passed" == verdict.reasons[1].parameters["condition"]


def test_a_failed_gate_without_a_pass_is_recorded(world: World) -> None:
    """The evaluation itself happens; commending the studio is what it bars."""
    papers = world.papers("evaluate")
    papers |= {
        "facts": {**EVALUATION, "residency": False, "mentoring": False, "home_visits": False}
    }
    papers["decision"] = "not_passed"
    studio = world.act("evaluate", world.studio("operating"), papers=papers).studio

    assert studio.sheet is not None
    assert 92 == studio.sheet.total.points
    assert studio.sheet.eligible is False
    assert ["gates_met", "passed"] == codes(world.can("commend", studio))


def test_no_score_where_a_gate_fails(world: World) -> None:
    """Under the reading that gives no score the sheet has none, and the step is still explained."""
    strict = world.varied({"readings/gate_failure": "no_score"})
    papers = strict.papers("evaluate")
    papers |= {"facts": {**EVALUATION, "members": 6}, "decision": "not_passed"}
    studio = strict.act("evaluate", strict.studio("operating"), papers=papers).studio

    assert studio.sheet is not None
    assert studio.sheet.total.points is None
    assert ["gates_met", "passed"] == codes(strict.can("commend", studio))


@pytest.mark.parametrize(("places", "expected"), [(1, []), (0, ["quota"])])
def test_quota(world: World, places: int, expected: list[str]) -> None:
    """The last place is a place; none left denies."""
    papers = world.papers("approve")
    papers["places_left"] = places

    assert expected == codes(world.can("approve", world.studio("declared"), papers=papers))


@pytest.mark.parametrize("places", [0, None])
def test_a_planned_quota_only_warns(world: World, places: int | None) -> None:
    """Under the other reading more than ten, or how many nobody knows, brings a warning."""
    planned = world.varied({"readings/quota": "planned"})
    papers = planned.papers("approve")
    papers["places_left"] = places
    step = planned.act("approve", planned.studio("declared"), papers=papers)

    assert "approved" == step.studio.state
    assert 1 == len(step.verdict.warnings)


def test_six_haves_not_inspected(world: World) -> None:
    """A site that nobody has looked at is not known to lack anything: it is open, item by item."""
    papers = world.papers("plaque")
    papers["facts"] = {"members": 7, "site_flag": True}
    (reason,) = world.can("plaque", world.studio("approved"), papers=papers).reasons

    assert "condition_open" == reason.code
    lacking = reason.parameters["facts"]
    assert [f"site_{item}" for item in SITE if item != "flag"] == [
        name
        for name, fact in world.policy.facts.items()
        if fact.label in tuple(lacking)  # type: ignore[arg-type] # labels
    ]


def test_plaque_needs_nothing(world: World) -> None:
    """Under the other reading the plaque asks neither for a site nor for a team."""
    free = world.varied({"readings/plaque_needs": "nothing"})

    assert [] == codes(free.can("plaque", free.studio("approved"), papers={}))


@pytest.mark.parametrize(
    ("reading", "members", "expected"),
    [
        ("exclude", 6, ["team"]),
        ("exclude", 7, []),
        ("exclude", 12, []),
        ("exclude", 13, ["team"]),
        ("include", 5, ["team"]),
        ("include", 6, []),
        ("include", 11, []),
        ("include", 12, ["team"]),
    ],
)
def test_the_lead_in_the_headcount(
    world: World, reading: str, members: int, expected: list[str]
) -> None:
    """Whether the lead counts moves both bounds of the team's size, at the plaque as well."""
    other = world.varied({"readings/lead_in_headcount": reading})
    papers = other.papers("plaque")
    papers["facts"] = {"members": members, **{f"site_{item}": True for item in SITE}}

    assert expected == codes(other.can("plaque", other.studio("approved"), papers=papers))


def test_a_condition_may_mention_its_facts(world: World) -> None:
    """The policy's sentence is filled with the facts that the condition names."""
    text = {"zh": "只剩{places_left}个名额", "en": "{places_left} places are left"}
    other = world.varied({"lifecycle/transitions/approve/conditions/quota/text": text})
    papers = other.papers("approve")
    papers["places_left"] = 0
    (reason,) = other.can("approve", other.studio("declared"), papers=papers).reasons

    assert reason.text("zh").startswith("只剩0个名额")
