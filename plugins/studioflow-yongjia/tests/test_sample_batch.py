"""The sample batch, end to end, against totals that were added up by hand."""

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.host import load_policy
from studioflow.policy import Policy
from studioflow.programme import Batch, BatchReport, Outcome, places_left, read_batch, run_batch
from studioflow.verdict import Verdict

FOLDER = Path(studioflow_yongjia.__file__).parent / "samples" / "2023"
HALF = Fraction(1, 2)

# 5.1.1, 5.2.1, 5.2.2, 5.2.3, 5.2.4, 5.3.1, 5.3.2, 5.3.3, 5.3.4, and the section 5.4 as capped.
POINTS: dict[str, tuple[Fraction | int, ...]] = {
    "s01": (10, 10, 20, 5, 10 - HALF, 10, 10, 5, 4, 15),  # 12 + 5: three bonuses of two, capped
    "s02": (9, 9, 18, 4, 9, 10, 9, 4, 5, 15),  # 11 + 4
    "s03": (8, 10, 20, 5, 9 - 1, 7, 10, 5, 4, 15),  # 10 + 5; 21 activities give 20; lead alone: 7
    "s04": (8, 8, 16, 4, 8 - HALF, 7, 8, 3, 3, 13),  # 9 + 4; trainees alone: 7
    "s05": (7, 7, 15, 5, 7, 7, 7, 2, 3, 10),  # 8 + 2; one activity short
    "s06": (9, 8, 17, 4, 8, 10, 8, 4, 4, 14),  # 10 + 4
    "s07": (7, 6, 14, 3, 6 - 1, 7, 6, 1, 2, 9),  # 7 + 2; papers late
    "s08": (9, 9, 19, 5, 8 - HALF, 7, 9, 4, 4, 14),  # 12 + 2
    "s09": (9, 8, 18, 3, 9, 0, 7, 0, 3, 14),  # 10 + 4; 39 of 49 is not 80 %, 4 of 49 not 10 %
}
TOTALS = {
    "s01": 98 + HALF,
    "s02": 92,
    "s03": 92,
    "s04": 77 + HALF,
    "s05": 70,
    "s06": 86,
    "s07": 60,
    "s08": 87 + HALF,
    "s09": 71,
}
CRITERIA = (
    *("5.1.1", "5.2.1", "5.2.2", "5.2.3", "5.2.4"),
    *("5.3.1", "5.3.2", "5.3.3", "5.3.4"),
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture(scope="module")
def batch() -> Batch:
    """The sample batch."""
    return read_batch(FOLDER)


@pytest.fixture(scope="module")
def report(policy: Policy, batch: Batch) -> BatchReport:
    """What happened to it."""
    return run_batch(policy, batch)


def _of(report: BatchReport, action: str) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        if outcome.step.action == action:
            found.setdefault(outcome.step.studio, []).append(outcome)
    return found


def _codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def test_the_batch(batch: Batch, policy: Policy) -> None:
    """Fifteen studios declare for ten places, under the reference policy."""
    assert "yongjia-2023" == batch.policy == policy.id
    assert [f"s{number:02}" for number in range(1, 16)] == [*batch.studios]
    assert policy.quota is not None
    assert 10 == policy.quota.places
    assert () == batch.look_alikes


def test_declarations(report: BatchReport) -> None:
    """Fourteen declare in time; the fifteenth is late, refused, and stays undeclared."""
    declared = {key: outcomes[0].verdict for key, outcomes in _of(report, "declare").items()}

    assert [f"s{number:02}" for number in range(1, 15)] == [k for k, v in declared.items() if v]
    assert ["too_late"] == _codes(declared["s15"])
    assert "2023-03-31" in declared["s15"].explain("zh")
    assert "undeclared" == report.studios["s15"].state


def test_approvals(report: BatchReport, policy: Policy) -> None:
    """Ten are approved, and for four there is no place left."""
    approvals = {key: outcomes[0].verdict for key, outcomes in _of(report, "approve").items()}

    denied = {key: _codes(verdict) for key, verdict in approvals.items() if not verdict}
    assert {f"s{number}": ["quota"] for number in range(11, 15)} == denied
    assert 0 == places_left(policy, report.studios.values())


def test_plaques(report: BatchReport) -> None:
    """One site lacks two of the six haves at first, one team has six members; both come again."""
    plaques = _of(report, "plaque")

    first = {k: _codes(o[0].verdict) for k, o in plaques.items() if not o[0].verdict}
    assert {"s04": ["six_haves"], "s05": ["team"]} == first
    said = plaques["s04"][0].verdict.explain("zh")
    assert "缺少：有入党誓词；有工作目标、活动计划及记录资料" in said
    assert "工作室成员为6" in plaques["s05"][0].verdict.explain("zh")
    assert all(outcomes[-1].verdict for outcomes in plaques.values())
    assert date(2023, 6, 28) == report.studios["s04"].days()["plaque"]


@pytest.mark.parametrize("studio", TOTALS)
def test_totals(report: BatchReport, studio: str) -> None:
    """Every item and every total is what the form gives when it is filled in by hand."""
    sheet = report.studios[studio].sheet

    assert sheet is not None
    found = [sheet.criterion(name).points.points for name in CRITERIA]
    found += [part.points.points for part in sheet.sections if part.id == "5.4"]
    assert [*POINTS[studio]] == found
    assert TOTALS[studio] == sum(POINTS[studio]) == sheet.total.points
    assert ("s06" != studio) is sheet.eligible


def test_a_gate_that_is_not_met(report: BatchReport) -> None:
    """Three of the six actions are too few: the points are shown, and nothing follows from them."""
    sheet = report.studios["s06"].sheet

    assert sheet is not None
    assert ["5.0.1"] == [gate.id for gate in sheet.gates if not gate.met]
    assert "not_passed" == report.studios["s06"].decision
    assert "s06" not in {place.studio for place in report.ranking}


def test_evaluations_with_open_facts(report: BatchReport, policy: Policy) -> None:
    """Two sheets are incomplete: one is completed in time, the other bounds what is possible."""
    evaluations = _of(report, "evaluate")

    incomplete = {k: _codes(o[0].verdict) for k, o in evaluations.items() if not o[0].verdict}
    assert {"s08": ["complete"], "s10": ["complete"]} == incomplete
    assert [False, True] == [outcome.verdict.allowed for outcome in evaluations["s08"]]
    (outcome,) = evaluations["s10"]
    sheet = policy.score(outcome.step.facts)
    # 8 + 9 + 16 + 4 + 8 + 10 + 8 + 13 = 76, and two items of five points each.
    assert sheet.total.points is None
    assert (Fraction(76), Fraction(86)) == sheet.total.range
    assert {"trainees_promoted", "promotion_mark", "station_mark"} == {*sheet.open}
    assert "operating" == report.studios["s10"].state
    assert report.studios["s10"].sheet is None


def test_ranking(report: BatchReport) -> None:
    """By points, two tied for the second place, the third left out."""
    expected = [
        (1, "s01", 98 + HALF, False),
        (2, "s02", 92, True),
        (2, "s03", 92, True),
        (4, "s08", 87 + HALF, False),
        (5, "s04", 77 + HALF, False),
        (6, "s09", 71, False),
        (7, "s05", 70, False),
        (8, "s07", 60, False),
    ]
    assert expected == [(r.place, r.studio, r.points, r.tied) for r in report.ranking]


def test_where_everybody_ends(report: BatchReport) -> None:
    """Three are commended, six evaluated, one still operating, four declared, one not at all."""
    expected = {"commended": 3, "evaluated": 6, "operating": 1, "declared": 4, "undeclared": 1}

    assert expected == Counter(studio.state for studio in report.studios.values())
    assert ["s01", "s02", "s03"] == [
        key for key, studio in report.studios.items() if studio.decision == "outstanding"
    ]


def test_every_step_is_answered(report: BatchReport, batch: Batch) -> None:
    """Each planned step has its outcome, in order, and a denied one has no event."""
    assert [*batch.steps] == [outcome.step for outcome in report.outcomes]
    for outcome in report.outcomes:
        assert outcome.verdict.allowed is (outcome.event is not None)
        for language in ("zh", "en"):
            assert "{" not in outcome.verdict.explain(language)


def test_with_marks_in_place_of_decisions(policy: Policy, batch: Batch) -> None:
    """Under pass marks of 70 and 90 the batch runs as well; who falls short is told so."""
    marked = policy.vary({"readings/pass_mark": 70, "readings/outstanding_mark": 90})
    report = run_batch(marked, batch)

    denied = {k: o[-1].verdict for k, o in _of(report, "evaluate").items() if not o[-1].verdict}
    assert {"s07", "s10"} == {*denied}
    assert ["decision_against_grade"] == _codes(denied["s07"])
    assert 3 == sum(studio.state == "commended" for studio in report.studios.values())


def test_with_a_planned_quota(policy: Policy, batch: Batch) -> None:
    """Where ten is only a plan, fourteen are approved, four of them with a warning."""
    report = run_batch(policy.vary({"readings/quota": "planned"}), batch)

    approvals = [outcome for found in _of(report, "approve").values() for outcome in found]
    assert [14, 4] == [
        sum(outcome.verdict.allowed for outcome in approvals),
        sum(bool(outcome.verdict.warnings) for outcome in approvals),
    ]
