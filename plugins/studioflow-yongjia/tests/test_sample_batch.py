"""The sample batch, end to end, against totals that were added up by hand."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.codec import read
from studioflow.host import load_policy
from studioflow.lifecycle import Lifecycle
from studioflow.policy import Policy
from studioflow.programme import (
    Batch,
    BatchReport,
    Outcome,
    read_batch,
    read_case_file,
    run_batch,
)
from studioflow.rubric import Measured, ScoreSheet
from studioflow.studio import Event, Studio
from studioflow.verdict import Verdict

FOLDER = Path(studioflow_yongjia.__file__).parent / "samples" / "2023"
HALF = Fraction(1, 2)

THIRD = Fraction(1, 3)

# What each item comes to. Where three marks or two become one between two steps, another item makes
# up for it, so that the totals are whole or half.
# 5.1.1, 5.2.1, 5.2.2, 5.2.3, 5.2.4, 5.3.1, 5.3.2, 5.3.3, 5.3.4, and the section 5.4 as capped.
POINTS: dict[str, tuple[Fraction | int, ...]] = {
    "s01": (10, 10, 20, 5, 10 - HALF, 10, 10, 5, 4, 15),  # 12 + 5: three bonuses of two, capped
    "s02": (9, 9, 18, 4, 9, 10, 9, 4, 5, 15),  # 11 + 4
    "s03": (8, 10, 20, 5, 9 - 1, 7, 10, 5, 4, 15),  # 10 + 5; 21 activities give 20; lead alone: 7
    "s04": (8 + HALF, 8 - HALF, 16, 4, 8 - HALF, 7, 8, 3, 3, 13),  # 9 + 4; trainees alone: 7
    "s05": (7, 7, 15, 5, 7, 7, 7, 2, 3, 10),  # 8 + 2; one activity short
    "s06": (9, 8, 17, 4, 8, 10, 8, 4, 4, 14),  # 10 + 4
    "s07": (7, 6, 14, 3, 6 - 1, 7, 6, 1, 2, 9),  # 7 + 2; papers late
    "s08": (9 + THIRD, 9 - THIRD, 19, 5, 8 - HALF, 7, 9, 4, 4, 14),  # 12 + 2
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


def test_returned_and_declared_again(report: BatchReport, policy: Policy) -> None:
    """The ninth is returned with two gaps, declares again in April, and is complete then."""
    history = report.studios["s09"].history
    returned, again = history[1], history[2]

    assert ("return_for_completion", 2) == (returned.action, len(returned.gaps))
    assert ("declare", date(2023, 4, 3)) == (again.action, again.on)
    complete = [
        _measured(policy, history[:n], "application_complete", event.on).value
        for n, event in enumerate(history[:3], start=1)
    ]
    assert [False, False, True] == complete
    assert 1 == len(report.studios["s09"].of_kind("application_form"))


def test_approvals(report: BatchReport) -> None:
    """Ten are approved, and for four there is no place left."""
    approvals = {key: outcomes[0].verdict for key, outcomes in _of(report, "approve").items()}

    denied = {key: _codes(verdict) for key, verdict in approvals.items() if not verdict}
    assert {f"s{number}": ["quota"] for number in range(11, 15)} == denied
    assert 0 == report.places_left


def test_an_override_without_a_reason(report: BatchReport) -> None:
    """One place more is asked for without a reason: refused, and the studio stays declared."""
    _, second = _of(report, "approve")["s11"]

    assert ["quota", "override_no_reason"] == _codes(second.verdict)
    assert "declared" == report.studios["s11"].state


def test_ways_out(report: BatchReport) -> None:
    """One is refused and one withdrawn, each with the reason."""
    last = {key: report.studios[key].history[-1] for key in ("s12", "s13")}

    assert [("refuse", "refused"), ("withdraw", "withdrawn")] == [
        (event.action, event.dest) for event in last.values()
    ]
    assert all(event.remark for event in last.values())


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


def test_evaluations_with_open_facts(report: BatchReport) -> None:
    """Two sheets are incomplete: one is completed in time, the other bounds what is possible."""
    evaluations = _of(report, "evaluate")

    incomplete = {k: _codes(o[0].verdict) for k, o in evaluations.items() if not o[0].verdict}
    assert {"s08": ["complete"], "s10": ["complete"]} == incomplete
    assert [False, True] == [outcome.verdict.allowed for outcome in evaluations["s08"]]
    assert ["s10"] == [*report.unfinished]
    sheet = report.unfinished["s10"]
    # 8 + 9 + 16 + 4 + 8 + 10 + 8 + 13 = 76. Four of twenty were promoted, which is band A: 4 or 5
    # points; and an item of five points is open.
    assert sheet.total.points is None
    assert (Fraction(80), Fraction(86)) == sheet.total.range
    assert {"promotion_mark", "station_mark"} == {*sheet.open}
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
    """Three are commended, six evaluated; of the others no two kinds end alike."""
    expected = {"commended": 3, "evaluated": 6, "operating": 1, "declared": 2, "undeclared": 1}
    expected |= {"refused": 1, "withdrawn": 1}

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

    approvals = [found[0] for found in _of(report, "approve").values()]
    assert [14, 4] == [
        sum(outcome.verdict.allowed for outcome in approvals),
        sum(bool(outcome.verdict.warnings) for outcome in approvals),
    ]


# --- what the records say -----------------------------------------------------------------------

# Members and trainees on the day; activities of both years and of each; irregularities; trainees
# with research, with a lesson or paper, promoted: as many as the files were written to have.
COUNTED: dict[str, tuple[int, ...]] = {
    "s01": (8, 25, 20, 10, 10, 1, 12, 22, 6),
    "s02": (7, 20, 18, 9, 9, 0, 3, 17, 4),
    "s03": (9, 24, 21, 11, 10, 2, 0, 20, 5),
    "s04": (8, 20, 16, 8, 8, 1, 2, 16, 3),
    "s05": (7, 18, 15, 8, 7, 0, 0, 9, 2),
    "s06": (10, 21, 17, 9, 8, 0, 5, 18, 5),
    "s07": (12, 15, 14, 7, 7, 2, 0, 8, 2),
    "s08": (7, 21, 19, 12, 7, 1, 4, 19, 5),
    "s09": (11, 49, 18, 10, 8, 0, 0, 39, 4),
    "s10": (9, 20, 16, 8, 8, 2, 6, 16, 4),
}
FACTS = (
    *("members", "trainees", "activities", "activities_year_1", "activities_year_2"),
    *("website_faults", "trainees_with_research", "trainees_with_output", "trainees_promoted"),
)
# Of the six actions the ones that count; whether the lead has research of city level, public
# benefit and coverage; when the papers on the money came.
DONE: dict[str, tuple[object, ...]] = {
    "s01": (6, True, True, True, "in_time"),
    "s02": (5, True, True, False, "in_time"),  # in a county paper alone
    "s03": (5, True, True, True, "in_time"),
    "s04": (4, False, False, True, "in_time"),  # the lead's project is of county level
    "s05": (4, True, True, False, "in_time"),
    "s06": (3, True, True, False, "in_time"),
    "s07": (4, True, False, True, "late"),
    "s08": (5, False, False, False, "in_time"),  # the task was not completed
    "s09": (4, False, True, False, "late"),
    "s10": (5, True, True, False, "in_time"),
}
ACTIONS = (
    *("classroom_help", "campus_service", "home_visits"),
    *("mentoring", "open_lessons", "residency"),
)


def _sheet(report: BatchReport, studio: str) -> ScoreSheet:
    return report.studios[studio].sheet or report.unfinished[studio]


def _measured(policy: Policy, history: tuple[Event, ...], fact: str, on: date) -> Measured:
    studio = Studio.from_events(history[0].studio, history)
    return Lifecycle(policy).score(studio, on=on).measured[fact]


@pytest.mark.parametrize("studio", COUNTED)
def test_facts(report: BatchReport, studio: str) -> None:
    """What is counted from the records is what one counts by hand."""
    measured = _sheet(report, studio).measured

    assert COUNTED[studio] == tuple(measured[fact].value for fact in FACTS)
    done = sum(bool(measured[fact].value) for fact in ACTIONS)
    rest = ("lead_research", "public_benefit", "media_coverage", "funds_papers")
    assert DONE[studio] == (done, *(measured[fact].value for fact in rest))


def test_activities_that_do_not_count(report: BatchReport) -> None:
    """The first holds 23: one before the cycle and two without a brief are left out, and said."""
    activities = _sheet(report, "s01").measured["activities"]

    assert (23, 20) == (activities.held, len(activities.counted))
    assert [["record_outside_window"], ["record_incomplete"], ["record_incomplete"]] == [
        [reason.code for reason in left.reasons] for left in activities.left_out
    ]
    assert activities.explain("zh").startswith("研修活动23条，计入20条，因为")


def test_who_left(report: BatchReport) -> None:
    """A trainee who left in March 2024 is on the roster no more; the file still has them."""
    trainees = _sheet(report, "s01").measured["trainees"]
    assert (26, 25) == (trainees.held, len(trainees.counted))


def test_a_doubled_record(report: BatchReport) -> None:
    """The same activity handed in again is refused, whatever file it stands in."""
    denied = [o for o in _of(report, "record")["s02"] if not o.verdict]
    assert [["doubled_record"]] == [_codes(outcome.verdict) for outcome in denied]


def test_evidence_that_another_studio_has(report: BatchReport) -> None:
    """Two studios held a day together: the second is told so, and may keep it."""
    warned = [o for found in _of(report, "record").values() for o in found if o.verdict.warnings]
    (joint,) = warned

    assert ("s08", ["same_elsewhere"]) == (
        joint.step.studio,
        [reason.code for reason in joint.verdict.warnings],
    )
    assert "s03" in joint.verdict.warnings[0].explain("zh")
    assert joint.event is not None


@pytest.mark.parametrize(("studio", "before", "after"), [("s04", 15, 16), ("s05", 16, 15)])
def test_corrections(
    report: BatchReport, policy: Policy, studio: str, before: int, after: int
) -> None:
    """A brief that came later makes one more count, a record that is struck one less."""
    history = report.studios[studio].history
    at = next(n for n, event in enumerate(history) if event.action == "correct")
    counts = [
        _measured(policy, history[:end], "activities", date(2024, 11, 12)).value
        for end in (at, at + 1)
    ]

    assert [before, after] == counts
    assert bool(history[at].struck) is (studio == "s05")


def test_a_warning_at_the_start(report: BatchReport) -> None:
    """The seventh names nobody who benefits, which is said; the sixth was written down late."""
    started = {key: outcomes[0].verdict for key, outcomes in _of(report, "operate").items()}
    warned = {k: [r.code for r in v.warnings] for k, v in started.items() if v.warnings}

    assert {"s06": ["backdated"], "s07": ["seven_ones"]} == warned
    event = next(e for e in report.studios["s06"].history if e.action == "operate")
    assert (date(2023, 6, 19), datetime(2023, 6, 25, 12, tzinfo=UTC)) == (event.on, event.recorded)


def test_several_assessors(report: BatchReport) -> None:
    """Most items have three marks, of three people; a mean may lie between two steps."""
    marks = Counter(mark.criterion for mark in _sheet(report, "s08").marks)

    office, gates = {"5.2.3": 1, "5.3.3": 1}, {"5.0.2": 2, "5.0.3": 2}
    three = dict.fromkeys(("5.1.1", "5.2.1", "5.2.4", "5.3.2", "5.3.4", "5.4.1"), 3)
    assert {**gates, **three, **office} == marks
    item = _sheet(report, "s08").criterion("5.1.1")
    assert Fraction(28, 3) == item.points.points
    assert "3个评分（9、9、10）的平均分：28/3（5.1.1）" == item.reasons[0].explain("zh")


def test_an_assessor_of_the_own_unit(report: BatchReport) -> None:
    """A mark by somebody of the studio's own unit is refused, and stands on no sheet."""
    denied = [o for o in _of(report, "mark")["s07"] if not o.verdict]

    assert [["own_unit", "marked_own_unit"]] == [_codes(outcome.verdict) for outcome in denied]
    assert "p-13" not in {mark.by for mark in _sheet(report, "s07").marks}


def test_rewards(report: BatchReport) -> None:
    """Eight that passed get 10,000 yuan each, once; one that did not pass gets none."""
    rewards = _of(report, "reward")
    paid = {k: [o.event.reward for o in found if o.event] for k, found in rewards.items()}

    passed = ("s01", "s02", "s03", "s04", "s05", "s07", "s08", "s09")
    assert {**{key: [Fraction(10_000)] for key in passed}, "s06": []} == paid
    assert ["already_done"] == _codes(rewards["s01"][-1].verdict)
    assert ["gates_met", "passed"] == _codes(rewards["s06"][0].verdict)


def test_denials(report: BatchReport) -> None:
    """So many steps of each action are denied, and no others."""
    denied = Counter(o.step.action for o in report.outcomes if o.event is None)
    expected = {"declare": 1, "approve": 5, "record": 1, "plaque": 2, "mark": 1}

    assert {**expected, "evaluate": 2, "reward": 2} == denied


# --- the files ----------------------------------------------------------------------------------


def _files() -> Iterator[Path]:
    return (path for path in sorted(FOLDER.rglob("*.toml")) if path.name != "batch.toml")


def test_every_file_is_used(batch: Batch) -> None:
    """Every case file comes in with some step."""
    used = {step.records_file for step in batch.steps}
    assert {path.relative_to(FOLDER).as_posix() for path in _files()} == used - {None}


def test_every_file_fits_the_policy(policy: Policy, tmp_path: Path) -> None:
    """Every case file is read by itself, and returns unchanged through JSON."""
    for path in _files():
        case = read_case_file(path, policy)
        (tmp_path / "case.json").write_text(case.to_json(policy), "utf-8")
        assert case == read_case_file(tmp_path / "case.json", policy), path


def test_placeholders_alone() -> None:
    """Nobody in the sample has a name of their own."""
    names = {
        person["name"]
        for path in _files()
        for items in read(path).get("records", {}).values()
        for item in items
        if isinstance(person := item.get("person"), dict)
    }
    assert {"领衔人", "成员", "学员"} == {name.rstrip("0123456789")[:-1] for name in names}


def test_plain_files() -> None:
    """Each says in a comment what it is, and no line is longer than an editor shows."""
    for path in (*_files(), FOLDER / "batch.toml"):
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].startswith("# "), path
        assert max(map(len, lines)) <= 160, path
