"""The sample batch: twelve studios from their declaration to their points."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
import studioflow_teacher_points

from studioflow.codec import read
from studioflow.cohort import outcomes
from studioflow.policy import Policy
from studioflow.programme import Batch, BatchReport, read_case_file, run_batch
from studioflow.rubric import ScoreSheet

(FOLDER,) = studioflow_teacher_points.studioflow_sample_batches()
ITEMS = ("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t10")
THIRD = Fraction(1, 3)

# What each item gives, and what late reports take off, worked out by hand from the files.
POINTS: dict[str, tuple[tuple[Fraction | int, ...], Fraction | int]] = {
    "s01": ((49, 40, 20, 50, 36, 44, 5, 9, 14), 0),
    "s02": ((57, 23, 32, 43, 29, 48, 4, 7, 13), 0),
    "s03": ((57, 23, 32, 43, 29, 48, 4, 7, 13), 0),
    "s04": ((28, 13, 12, 60, 11, 37, 4, 10, 12 + THIRD), Fraction(1, 2)),  # 78 for papers
    "s05": ((29, 20, 8, 46, 12, 36, 3, 0, 11), 0),  # attendance is used up
    "s06": ((34, 8, 12, 32, 8, 36, 4, 6, 11 + THIRD), Fraction(3, 2)),
    "s07": ((42, 23, 12, 43, 13, 40, 3, 5, 10), 0),
    "s08": ((24, 8, 8, 29, 6, 34, 3, 8, 11 - THIRD), 0),
    "s09": ((19, 8, 0, 25, 7, 31, 3, 6, 9 + THIRD), 0),
    "s10": ((18, 5, 8, 14, 3, 29, 2, 7, Fraction(56, 5)), 0),  # seven marks, of which five count
    "s11": ((16, 8, 0, 14, 0, 24, 2, 3, 8 + THIRD), Fraction(1, 2)),
    "s12": ((5, 5, 0, 3, 0, 18, 1, 0, 7 - THIRD), Fraction(1, 2)),
}


@pytest.fixture(scope="module")
def report(policy: Policy, batch: Batch) -> BatchReport:
    """The batch, run under its policy."""
    return run_batch(policy, batch)


@pytest.fixture(scope="module")
def sheets(report: BatchReport) -> dict[str, ScoreSheet]:
    """The sheet of each studio."""
    found = {key: studio.sheet for key, studio in report.studios.items()}
    return {key: sheet for key, sheet in found.items() if sheet is not None}


def test_every_step_is_taken(report: BatchReport) -> None:
    """Twelve studios go their way, and one plaque is denied while an objection is open."""
    taken = Counter(outcome.step.action for outcome in report.outcomes if outcome.event)
    denied = [outcome for outcome in report.outcomes if not outcome.event]
    of_all = ("declare", "approve", "publish", "plaque", "operate", "review_mid_term", "mark")
    of_some = {"commend": 2, "demand_rectification": 2, "check_again": 2, "report_yearly": 33}
    of_one = ("raise_objection", "dismiss_objection", "change_lead", "dissolve", "remove_plaque")

    assert {
        **dict.fromkeys((*of_all, "evaluate", "announce"), 12),
        **of_some,
        **dict.fromkeys(of_one, 1),
        "record": 24,
    } == taken
    assert [("s11", "plaque", ("no_objection",))] == [
        (o.step.studio, o.step.action, tuple(r.code for r in o.verdict.reasons)) for o in denied
    ]


def test_where_they_are(report: BatchReport) -> None:
    """At the end two are commended, one has rectified, one is dissolved, and the others passed."""
    ends = {"s01": "commended", "s03": "commended", "s07": "rectifying", "s12": "dissolved"}
    assert {**dict.fromkeys(POINTS, "evaluated"), **ends} == {
        key: studio.state for key, studio in report.studios.items()
    }


def test_warnings(report: BatchReport) -> None:
    """Only the change of lead is flagged, as written down later than it was."""
    warned = [(o.step.studio, o.verdict.warnings) for o in report.outcomes if o.verdict.warnings]
    assert [("s09", ["backdated"])] == [(key, [r.code for r in told]) for key, told in warned]


@pytest.mark.parametrize("studio", POINTS)
def test_points(sheets: dict[str, ScoreSheet], studio: str) -> None:
    """Every item, and the total, is what one adds up by hand."""
    items, taken = POINTS[studio]
    sheet = sheets[studio]

    assert [*items] == [sheet.criterion(name).points.points for name in ITEMS]
    assert [taken] == [deduction.points.points for deduction in sheet.deductions]
    assert sum(items) - taken == sheet.total.points


def test_outcomes(policy: Policy, sheets: dict[str, ScoreSheet]) -> None:
    """Two places for twelve: one is taken, and two studios are tied for the other."""
    found = outcomes(policy, sheets)
    waiting = dict.fromkeys(("s02", "s03"))
    rectify = dict.fromkeys(("s07", "s12"), "rectify")  # two reports missing; the last

    (asked,) = found.decisions
    assert ("outstanding", ("s02", "s03"), 1) == (asked.grade, asked.studios, asked.places)
    assert {**dict.fromkeys(POINTS, "passed"), "s01": "outstanding", **waiting, **rectify} == {
        outcome.studio: outcome.grade for outcome in found.outcomes
    }


def test_outcomes_decided(policy: Policy, sheets: dict[str, ScoreSheet]) -> None:
    """Once the committee has decided nothing waits: two outstanding, eight passed, two rectify."""
    found = outcomes(policy, sheets, decided={"outstanding": ["s03"]})
    grades = Counter(outcome.grade for outcome in found.outcomes)

    assert () == found.decisions
    assert {"outstanding": 2, "passed": 8, "rectify": 2} == grades


@pytest.mark.parametrize(
    ("studio", "fact", "reason"),
    [
        ("s01", "meetings_online", "people who took part: 13, fewer than 15"),
        ("s08", "lessons_city", "2022-05-20 lies outside the cycle (2022-09-01 to 2025-08-31)"),
        ("s08", "prizes_first_province", "guest-h1 is not among the member"),
    ],
)
def test_what_does_not_count(
    sheets: dict[str, ScoreSheet], studio: str, fact: str, reason: str
) -> None:
    """One record of each is left out, and the sheet says why."""
    measured = sheets[studio].measured[fact]
    assert 1 == len(measured.left_out)
    assert reason in measured.explain()


# --- the files ----------------------------------------------------------------------------------


def files() -> Iterator[Path]:
    """Yield every case file."""
    return (path for path in sorted(FOLDER.rglob("*.toml")) if path.name != "batch.toml")


def test_every_file_is_used(batch: Batch) -> None:
    """Every case file comes in with some step."""
    used = {step.records_file for step in batch.steps}
    assert {path.relative_to(FOLDER).as_posix() for path in files()} == used - {None}


def test_every_file_fits_the_policy(policy: Policy) -> None:
    """Every case file is read by itself; the yearly reports are the same for all."""
    assert {*POINTS, None} == {read_case_file(path, policy).studio for path in files()}


def test_placeholders_alone(batch: Batch) -> None:
    """Nobody in the sample has a name of their own."""
    names = {
        person["name"]
        for path in files()
        for items in read(path).get("records", {}).values()
        for item in items
        if isinstance(person := item.get("person"), dict)
    }
    names |= {application.lead.name for application in batch.studios.values()}
    assert {"领衔人", "成员", "外聘"} == {str(name).rstrip("0123456789")[:-1] for name in names}


def test_plain_files() -> None:
    """Each says in a comment what it is, and no line is longer than an editor shows."""
    for path in (*files(), FOLDER / "batch.toml"):
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].startswith("# "), path
        assert max(map(len, lines)) <= 160, path
