"""The questions that a developer asks of the reference policy and of the second one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studioflow import Policy, load_policy
from studioflow.errors import InputError
from studioflow.lab.claims import holds, read_claim
from studioflow.lab.solving import (
    ask,
    decides_alone,
    differ,
    marking_roles,
    never_lowers,
    proofs,
    prove,
    prove_way,
    reach,
    standard_claims,
)
from studioflow.policy import Document, build_policy, read_facts
from studioflow.rubric import FactFile
from tests.host.shore import built, label, tables

STUDIO = Path(__file__).parents[3] / "examples/studio.toml"
INSTANT = 1e-9
WORDS = {"label": {"zh": "多", "en": "many"}, "text": {"zh": "少", "en": "few"}}

SHORE = tables(
    a={"kind": "count", "count": "others", "norm": 9, "points": 9, "below": {"each": 1, "to": 0}}
)
FLAG = {"type": "flag", "label": label("talks")}
OF_FLAGS = {**SHORE, "facts": {**SHORE["facts"], "talks": FLAG}}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture(scope="module")
def with_marks(policy: Policy) -> Policy:
    """Return it with marks to pass and to be outstanding by."""
    return policy.vary({"readings/pass_mark": 60, "readings/outstanding_mark": 90})


def test_a_witness_is_one(policy: Policy) -> None:
    """Of the studio that is found, scored from its file, every condition holds."""
    conditions = ("eligible", "total >= 90", "activities < 16")
    found = ask(policy, *conditions).witness
    assert found is not None
    facts = found.to_dict()["facts"]
    assert isinstance(facts, dict)
    sheet = policy.score(facts)
    assert sheet.open == ()
    assert all(holds(read_claim(each, policy), policy, facts, sheet) for each in conditions)


def test_what_there_can_not_be(policy: Policy) -> None:
    """Nobody has more than 96 points with fewer than 16 activities: each missing one costs one."""
    assert "impossible" == ask(policy, "total > 99", "activities < 16").answer
    assert "witness" == ask(policy, "total >= 95", "activities = 15").answer


def test_the_second_policy_has_no_maximum() -> None:
    """In the second policy points have no end: a studio has more than 100."""
    refuted = prove(load_policy("teacher-points"), "total <= 100")
    assert "refuted" == refuted.outcome
    total = refuted.examples[0].sheet.total.points
    assert total is not None
    assert total > 100


def test_standard_claims_of_the_reference(policy: Policy) -> None:
    """All of them hold, but that more trainees never lower the total: 80 % of more is more."""
    found = {proof.claim: proof for proof in proofs(policy)}
    assert [claim.id for claim in standard_claims(policy)] == list(found)
    refuted = {name for name, proof in found.items() if proof.outcome != "proved"}
    assert {"monotone trainees"} == refuted
    before, after = found["monotone trainees"].examples
    assert after.facts["trainees"] == Fraction(before.facts["trainees"]) + 1
    assert lower(after.sheet.total.points, before.sheet.total.points)


def lower(one: Fraction | None, other: Fraction | None) -> bool:
    """Return whether one total is lower."""
    return one is not None and other is not None and one < other


def test_a_19th_trainee(policy: Policy) -> None:
    """With 18 trainees, one more can lower the total even with the best marks that are left."""
    before, after = never_lowers(policy, "trainees", "trainees = 18").examples
    assert (18, 19) == (before.facts["trainees"], after.facts["trainees"])
    assert lower(after.sheet.total.points, before.sheet.total.points)


def test_standard_claims_of_the_second_policy() -> None:
    """All of them hold."""
    assert {"proved"} == {proof.outcome for proof in proofs(load_policy("teacher-points"))}


def test_one_assessor(with_marks: Policy) -> None:
    """One of three assessors can change the grade, and the two sheets show it."""
    assert {"assessor", "master_teacher_office"} == {*marking_roles(with_marks)}
    one, other = decides_alone(with_marks, "assessor").examples
    assert one.sheet.grade != other.sheet.grade
    assert one.facts == other.facts
    changed = {
        mine.by for mine, theirs in zip(one.marks, other.marks, strict=True) if mine != theirs
    }
    assert {"assessor-1"} == changed
    again = with_marks.score(FactFile(facts=dict(one.facts), marks=one.marks))
    assert again.grade == one.sheet.grade


@pytest.mark.parametrize(
    ("panel", "marks"),
    [
        ({"way": "mean", "most": 9, "least": 5}, 5),
        ({"way": "mean", "most": 2}, 2),
        ({"way": "agreed", "most": 9}, 3),
    ],
)
def test_as_many_as_the_panel_takes(
    with_marks: Policy, panel: dict[str, object], marks: int
) -> None:
    """Each item has as many marks as its panel takes; those that have to agree do."""
    changed = with_marks.vary({"facts/goal_mark/panel": panel})
    found = decides_alone(changed, "assessor")
    assert "refuted" == found.outcome
    for studio in found.examples:
        given = [mark.points for mark in studio.marks if mark.criterion == "5.1.1"]
        assert marks == len(given)
        assert panel["way"] == "mean" or len({*given}) == 1


def test_no_assessor_where_nothing_is_decided(policy: Policy) -> None:
    """Without a pass mark the grade is a decision, and no marks are looked at."""
    assert () == marking_roles(policy)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "proved"),
        ({"criteria/5.2.2/norm": 12}, "refuted"),
        ({"facts/activities/max": 399}, "refuted"),
        ({"readings/mark_step": "half_points"}, "refuted"),
        ({"readings/bonus_cap": "uncapped"}, "refuted"),
        ({"facts/activities/label": {"zh": "活动", "en": "activities"}}, "proved"),
    ],
)
def test_equivalence(policy: Policy, changes: dict[str, object], outcome: str) -> None:
    """Two policies are the same for every studio, or here is one on which they differ."""
    other = policy.vary(changes) if changes else policy
    found = differ(policy, other)
    assert outcome == found.outcome
    if len(found.examples) == 2:
        one, two = (each.sheet for each in found.examples)
        assert (one.total.points, one.eligible) != (two.total.points, two.eligible)
    elif found.examples:
        refusing = other if found.refused_by == other.reference else policy
        with pytest.raises(InputError):
            refusing.score(found.examples[0].facts)


def test_policies_of_other_facts(policy: Policy) -> None:
    """A fact of another type in the other policy is refused, with its name."""
    other = load_policy("teacher-points")
    assert "refuted" == differ(policy, other).outcome
    tables = other.tables
    tables["facts"]["absences"] = {**tables["facts"]["absences"], "type": "number", "step": 1}
    again = build_policy(Document(tables, "again"))
    assert "proved" == differ(other, again).outcome
    with pytest.raises(InputError) as caught:
        differ(built(SHORE), built(OF_FLAGS))
    assert ["facts/talks"] == [problem.path for problem in caught.value.problems]


def test_the_lifecycle(policy: Policy) -> None:
    """Nobody is commended without a plaque; the way to a state is shown; names are checked."""
    assert "proved" == prove_way(policy, "states/commended needs transitions/plaque").outcome
    found = prove_way(policy, "states/operating needs transitions/inspect")
    assert ("refuted", ("declare", "approve", "plaque", "operate")) == (found.outcome, found.way)
    with pytest.raises(InputError):
        prove_way(policy, "reachable states/comended")
    with pytest.raises(InputError):
        prove_way(policy, "states/commended needs transitions/plaqe")


def test_a_state_behind_a_step_that_never_happens(policy: Policy) -> None:
    """A step whose conditions can never hold together leads nowhere."""
    path = "lifecycle/transitions/plaque/conditions"
    parts = {"kind": "at_least", "value": "trainees_with_output", "bound": 9}
    whole = {"kind": "at_most", "value": "trainees", "bound": 8}
    closed = policy.vary({f"{path}/six_haves": WORDS | parts, f"{path}/team": WORDS | whole})
    found = prove_way(closed, "reachable states/commended")
    assert ("refuted", ()) == (found.outcome, found.way)


def test_reach(policy: Policy) -> None:
    """The way to more points is the cheapest; what is fixed stays, and costs are obeyed."""
    facts = read_facts(STUDIO)
    found = reach(policy, facts, "total >= 95")
    assert ("reachable", Fraction(7)) == (found.answer, found.cost)
    assert found.witness is not None
    assert lower(Fraction(94), found.witness.sheet.total.points)
    changed = {change.fact for change in found.changes}
    without = reach(policy, facts, "total >= 95", fixed=changed - {"goal_mark"})
    assert changed.isdisjoint({c.fact for c in without.changes} - {"goal_mark"})
    dear = reach(policy, facts, "total >= 95", costs=dict.fromkeys(changed, 2))
    assert dear.cost is not None
    assert dear.cost > 7
    assert "impossible" == reach(policy, facts, "total > 100").answer
    assert "already" == reach(policy, facts, "total >= 80").answer


def test_reach_with_open_facts(policy: Policy) -> None:
    """What is open may become anything without cost; that it can be enough is said."""
    found = reach(policy, {"activities": 12}, "total >= 90")
    assert ("reachable", Fraction(0)) == (found.answer, found.cost)
    assert found.possible
    sure = reach(policy, {"activities": 18}, "criteria/5.2.2 >= 18")
    assert ("already", True) == (sure.answer, sure.possible)


@pytest.mark.parametrize(
    ("costs", "fixed", "code"),
    [
        ({"activitis": 1}, (), "unknown_name"),
        ({}, ("activitis",), "unknown_name"),
        ({"activities": 0}, (), "positive_cost"),
    ],
)
def test_reach_refuses(
    policy: Policy, costs: dict[str, int], fixed: tuple[str, ...], code: str
) -> None:
    """Costs and fixed facts are of facts that there are, and a cost is above 0."""
    with pytest.raises(InputError) as caught:
        reach(policy, {}, "total >= 90", costs=costs, fixed=fixed)
    assert [code] == [problem.code for problem in caught.value.problems]


def test_time_runs_out(policy: Policy) -> None:
    """A question that takes longer than it may stays open, and that is said."""
    assert "no_answer" == ask(policy, "total >= 90", seconds=INSTANT).answer
    assert "no_answer" == prove(policy, "total <= 100", seconds=INSTANT).outcome
    assert "no_answer" == never_lowers(policy, "activities", seconds=INSTANT).outcome
    assert "no_answer" == differ(policy, policy, seconds=INSTANT).outcome
    assert "no_answer" == reach(policy, {}, "total >= 90", seconds=INSTANT).answer


def test_points_that_are_withheld(policy: Policy) -> None:
    """Where a missed gate withholds the points, nothing is claimed of them, and that differs."""
    withheld = policy.vary({"readings/gate_failure": "no_score"})
    assert "impossible" == ask(withheld, "not eligible", "total >= 10").answer
    assert "witness" == ask(withheld, "not eligible").answer
    assert "proved" == prove(withheld, "total >= 0 implies eligible").outcome
    assert "refuted" == prove(policy, "total >= 0 implies eligible").outcome
    found = differ(policy, withheld)
    assert [False, False] == [each.sheet.eligible for each in found.examples]
    assert "refuted" == never_lowers(withheld, "trainees").outcome
    reached = reach(withheld, {"members": 6, "activities": 20}, "total >= 20")
    assert "members" in {change.fact for change in reached.changes}
