"""How points add up: sections in sections, sheets by kind, what does not apply, deductions."""

from fractions import Fraction
from pathlib import Path

import pytest

from studioflow import InputError, Policy, ScoreSheet
from studioflow.policy import Document, build_policy

FILE = Path(__file__).with_name("totals.toml")
KNOWN = {
    "kind": "school",
    "lessons": 10,
    "visits": 10,
    "late": 1,
    "boarding": True,
    "award": False,
    "accident": False,
    "enrolled": True,
}

GIVES = {"kind": "deduct", "start": 0, "each": 3, "faults": "late", "floor": -30}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the policy of the file."""
    return build_policy(Document.read(FILE))


def score(policy: Policy, **changed: object) -> ScoreSheet:
    """Score what is known, with facts changed; None takes one away."""
    return policy.score({n: v for n, v in {**KNOWN, **changed}.items() if v is not None})


def points(sheet: ScoreSheet) -> dict[str, Fraction | None]:
    """Return the points of each section."""
    return {part.id: part.points.points for part in sheet.sections}


class TestSections:
    """Sections."""

    def test_a_section_weighs_in(self, policy: Policy) -> None:
        """A section weighs in what it is part of and in the total."""
        sheet = score(policy, late=0)
        # work 20 + 10, extra 20 at 50 %, of which 70 % count, and 30 % of the common 100
        assert points(sheet) == {"year": 40, "work": 30, "extra": 20, "all": 100}
        assert sheet.total.points == 40 * Fraction(7, 10) + 30

    def test_a_section_gives_no(self, policy: Policy) -> None:
        """A section gives no more than its cap before its weight."""
        assert points(score(policy, visits=20))["extra"] == 30

    def test_maxima_are_weighed_and(self, policy: Policy) -> None:
        """Maxima are weighed and capped."""
        maxima = {"year": 75, "work": 60, "extra": 30, "play": 60, "all": 100}
        assert dict(policy.rubric.maxima) == maxima

    def test_a_sheet_says_what(self, policy: Policy) -> None:
        """A sheet says what a section is part of and weighs."""
        written = score(policy).to_dict()["sections"]
        assert isinstance(written, list)
        sections = {section["id"]: section for section in written}
        assert (sections["extra"]["section"], sections["extra"]["weight"]) == ("year", "50")
        assert "section" not in sections["all"]


class TestSheetsByKind:
    """Sheets by kind."""

    def test_a_studio_has_the(self, policy: Policy) -> None:
        """A studio has the sections of its kind and the common ones."""
        sheet = score(policy, kind="kindergarten", games=20)
        assert points(sheet) == {"play": 60, "all": 100}
        assert [result.id for result in sheet.criteria] == ["games", "common"]
        assert sheet.total.points == 60 + 30 - Fraction(1, 2)

    def test_the_most_points_are(self, policy: Policy) -> None:
        """The most points are those of its kind."""
        assert score(policy).total.max == 75 * Fraction(7, 10) + 30
        assert score(policy, kind="kindergarten").total.max == 90
        assert score(policy, kind=None).total.max == 90

    def test_facts_of_another_kind(self, policy: Policy) -> None:
        """Facts of another kind leave nothing open."""
        assert score(policy, games=None).open == ()

    def test_while_the_kind_is(self, policy: Policy) -> None:
        """While the kind is not known the total spans both sheets."""
        sheet = score(policy, kind=None, games=20, late=0)
        assert sheet.total.range == (Fraction(58), Fraction(90))
        assert "kind" in sheet.open

    def test_both_ends_are_those(self, policy: Policy) -> None:
        """Both ends are those of a kind."""
        school, kindergarten = (
            score(policy, kind=kind, games=20).total.points for kind in ("school", "kindergarten")
        )
        assert score(policy, kind=None, games=20).total.range == (school, kindergarten)

    def test_marks_of_another_sheet(self, policy: Policy) -> None:
        """What stands on another kind's sheet is not looked at, and its result is 0."""
        needs = {"kind": "at_least", "value": {"kind": "points", "of": "sections/year"}, "bound": 1}
        varied = policy.vary({"grades/excellent/needs": [needs]})
        sheet = score(varied, kind="kindergarten", games=20)
        assert (sheet.grade, sheet.grades[0].met) == ("good", False)
        # Nor is a grade decided by it while the kind is not known.
        assert score(varied, kind=None, games=20).grades[0].met is None


class TestWhatDoesNotApply:
    """What does not apply."""

    def test_it_gives_nothing_and(self, policy: Policy) -> None:
        """It gives nothing and the rest is scaled up to the full points."""
        sheet = score(policy, boarding=False)
        assert sheet.criterion("boarding").points.points == 0
        assert points(sheet)["work"] == 20 * Fraction(60, 40)
        assert {r.code for r in sheet.criterion("boarding").reasons} >= {"not_applicable"}

    def test_it_may_count_in(self, policy: Policy) -> None:
        """It may count in full."""
        sheet = score(policy, award=True)
        assert sheet.criterion("feature").points.points == 40
        assert {r.code for r in sheet.criterion("feature").reasons} >= {"counts_in_full"}

    def test_while_it_is_open(self, policy: Policy) -> None:
        """While it is open whether it applies both ways are inside the range."""
        low, high = score(policy, boarding=None).total.range or (None, None)
        assert low is not None
        assert high is not None
        for applies in (True, False):
            known = score(policy, boarding=applies).total.points
            assert known is not None
            assert low <= known <= high

    def test_its_facts_are_not(self, policy: Policy) -> None:
        """Its facts are not asked for."""
        assert "visits" not in score(policy, boarding=False, award=True, visits=None).open

    def test_rescaling_is_exact_and(self, policy: Policy) -> None:
        """Rescaling is exact and the total rounded at the end."""
        varied = policy.vary({"criteria/boarding/max": 21})
        sheet = score(varied, boarding=False, lessons=11, late=0)
        assert points(sheet)["work"] == Fraction(22 * 61, 40)
        assert sheet.total.points == Fraction(605, 10)  # 60.485 to the nearest tenth

    def test_what_only_changes_the_scale_is_open(self, policy: Policy) -> None:
        """A fact that changes nothing but what is left to scale to is open, too."""
        sheet = score(policy, visits=0, boarding=None)
        assert sheet.criterion("boarding").points.points == 0
        assert sheet.open == ("boarding",)

    def test_where_nothing_applies_there(self, policy: Policy) -> None:
        """Where nothing applies there is nothing to scale."""
        varied = policy.vary({"criteria/lessons/applies": "boarding"})
        assert points(score(varied, boarding=False))["work"] == 0


class TestDeductions:
    """Deductions."""

    def test_they_come_off_the(self, policy: Policy) -> None:
        """They come off the total with their reason."""
        sheet = score(policy, late=3)
        assert sheet.total.points == 58 - Fraction(3, 2)
        (taken,) = sheet.deductions
        assert (taken.id, taken.points.points) == ("late", Fraction(3, 2))
        assert taken.reasons[0].clause == "d1"

    def test_the_total_does_not(self, policy: Policy) -> None:
        """The total does not fall under its floor."""
        assert score(policy, late=999).total.points == 0
        assert score(
            policy.vary({"scoring/floor": "none"}), late=999
        ).total.points == 58 - Fraction(999, 2)

    def test_they_lift_nothing(self, policy: Policy) -> None:
        """A total that is under the floor without them stays where it is."""
        negative = {"criteria/common/points": -100, "criteria/lessons/points": 0}
        varied = policy.vary({**negative, "criteria/lessons/below/to": 0})
        without = score(varied, visits=0, late=0).total.points
        assert without == -30
        assert score(varied, visits=0, late=4).total.points == without

    def test_a_missing_fact_leaves(self, policy: Policy) -> None:
        """A missing fact leaves the total open."""
        sheet = score(policy, late=None)
        assert sheet.total.range == (Fraction(0), Fraction(58))
        assert sheet.open == ("late",)


class TestGrades:
    """Grades."""

    def test_the_best_grade_whose(self, policy: Policy) -> None:
        """The best grade whose points and needs are there."""
        assert score(policy, visits=20, lessons=20).grade == "excellent"

    def test_a_better_grade_needs(self, policy: Policy) -> None:
        """A better grade needs more than the points."""
        sheet = score(policy, visits=20, lessons=20, late=3)
        assert sheet.grade == "good"
        assert [r.met for r in sheet.grades] == [False, True, True]
        assert [reason.code for reason in sheet.grades[0].reasons] == ["at_most_unmet"]

    def test_a_gate_may_cap(self, policy: Policy) -> None:
        """A gate may cap the grade and leave the studio eligible."""
        sheet = score(policy, visits=20, lessons=20, accident=True)
        assert (sheet.grade, sheet.eligible) == ("qualified", True)
        (reason,) = (r for r in sheet.grades[0].reasons if r.code == "grade_capped")
        assert (reason.clause, reason.about) == ("g2", ("safe",))

    def test_any_other_gate_leaves(self, policy: Policy) -> None:
        """Any other gate leaves no grade but the last."""
        sheet = score(policy, visits=20, lessons=20, enrolled=False)
        assert (sheet.grade, sheet.eligible) == ("failed", False)

    def test_no_grade_while_an(self, policy: Policy) -> None:
        """No grade while an open fact may change it."""
        assert score(policy, visits=20, lessons=20, accident=None).grade is None
        assert score(policy, lessons=0, visits=0, late=0, accident=None).grade == "qualified"

    def test_withheld_points_are_not(self, policy: Policy) -> None:
        """Withheld points are not told by the grades."""
        sheet = score(policy.vary({"scoring/on_gate_failure": "withhold"}), enrolled=False)
        assert (sheet.grades, sheet.total.points) == ((), None)
        assert sheet.deductions[0].points.points is None


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("sections/work/section", "nowhere", "unknown_name"),
        ("sections/year/section", "work", "section_circle"),
        ("sections/work/for", ["school"], "for_top_level"),
        ("sections/year/for", ["shool"], "unknown_name"),
        ("sections/year/weight", -1, "out_of_bounds"),
        ("scoring/sheet_by", "lessons", "unknown_name"),
        ("scoring/sheet_by", "none", "sheet_by"),
        ("scoring/rounded", 0, "step_positive"),
        ("criteria/lessons/max", "none", "no_maximum_to_scale"),
        ("criteria/feature/applies", "none", "missing_key"),
        ("gates/safe/at_best", "best", "unknown_name"),
        ("grades/excellent/needs", [], "grade_order"),
        ("grades/failed/needs", ["boarding"], "otherwise"),
        ("deductions/late/max", 3, "max_exceeded"),
        ("deductions/late", {"label": {"zh": "x", "en": "x"}, **GIVES}, "adds_points"),
        ("sections/extra/cap", -1, "out_of_bounds"),
    ],
)
def test_what_does_not_fit(policy: Policy, path: str, value: object, code: str) -> None:
    """What does not fit together is refused."""
    with pytest.raises(InputError) as caught:
        policy.vary({path: value})
    assert code in {problem.code for problem in caught.value.problems}


def test_sections_too_deep_in_each_other(policy: Policy) -> None:
    """Sections stand in each other up to five deep: their numbers grow with each."""
    label = {"zh": "部分", "en": "part"}
    tables = policy.tables
    for number in range(40):
        inside = {"section": f"n{number - 1}"} if number else {}
        section = {"label": label, "weight": 99, "rescale": True, **inside}
        tables["sections"][f"n{number}"] = section
    with pytest.raises(InputError) as caught:
        build_policy(Document(tables, "deep.toml"))
    assert [("sections/n5/section", "section_depth")] == [
        (problem.path, problem.code) for problem in caught.value.problems
    ]
    del tables["sections"]["n5"]["section"]
    tables["sections"]["n10"]["section"] = "n12"
    with pytest.raises(InputError) as caught:
        build_policy(Document(tables, "circle.toml"))
    assert "section_circle" in {problem.code for problem in caught.value.problems}


def test_results_are_named_by(policy: Policy) -> None:
    """Results are named by their path and in grades alone."""
    needs = {"kind": "at_least", "value": {"kind": "points", "of": "sections/al"}, "bound": 1}
    with pytest.raises(InputError) as caught:
        policy.vary({"grades/excellent/needs": [needs]})
    assert caught.value.problems[0].nearest == "sections/all"
    with pytest.raises(InputError) as caught:
        policy.vary({"criteria/boarding/applies": {**needs}})
    assert "results_elsewhere" in {problem.code for problem in caught.value.problems}
