"""Files of cases: what they say, what came out otherwise, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studioflow import Policy, load_policy
from studioflow.cases import PolicyCase, check_cases, read_cases, run_cases
from studioflow.errors import InputError

HEAD = 'schema = "studioflow.cases/1"\n'
FULL = """
[cases.full]
text = "A studio in full"
clause = "5.2.2"
facts = { activities = 18, members = 9, lead_research = true }
expect.points = { "5.2.2" = 18, "5.3.1" = [7, 10] }
expect.reasons = { "5.2.2" = ["count_above"] }
"""
LIKE = """
[cases.more]
like = "full"
facts = { activities = 20 }
expect.points = { "5.2.2" = 20 }

[cases.most]
like = "more"
set = { "criteria/5.2.2/norm" = 12 }
expect.total = [30, 100]
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return where a file of cases is written."""
    return tmp_path / "a.cases.toml"


def cases(path: Path, text: str) -> tuple[PolicyCase, ...]:
    """Write cases below the head of a file, and read them."""
    path.write_text(HEAD + text, "utf-8")
    return read_cases(path)


def test_a_case_that_passes(policy: Policy, written: Path) -> None:
    """What comes out as expected has nothing to say."""
    (case,) = cases(written, FULL)
    assert ("full", "a.cases.toml", "5.2.2") == (case.id, case.file, case.clause)
    (result,) = run_cases(policy, [case])
    assert result.passed
    assert "" == result.explain()


def test_like_another(policy: Policy, written: Path) -> None:
    """A case has what it does not say from the one that it is like, and its own beside it."""
    text = FULL + LIKE
    *_, most = cases(written, text)
    assert {"activities": 20, "members": 9} == {
        name: most.handed_in.facts[name] for name in ("activities", "members")
    }
    assert {"criteria/5.2.2/norm": 12} == most.changes
    assert (Fraction(30), Fraction(100)) == most.expected.total
    assert run_cases(policy, cases(written, text))[1].passed


@pytest.mark.parametrize(
    ("facts", "expect", "said"),
    [
        (
            "activities = 18",
            'points = { "5.2.2" = 17 }',
            "points/5.2.2: expected 17, got 18, because",
        ),
        ("activities = 18", "total = 17", "total: expected 17, got 18 to 98"),
        ("activities = 18", 'sections = { "5.2" = 1 }', "sections/5.2: expected 1, got 18 to 43"),
        ("members = 6", 'gates = { "5.0.2" = true }', "gates/5.0.2: expected true, got false"),
        ("members = 9", 'gates = { "5.0.2" = true }', "gates/5.0.2: expected true, got open"),
        ("members = 6", 'eligible = "open"', "eligible: expected open, got false"),
        ("members = 6", 'grade = "passed"', "grade: expected passed, got none"),
        ("members = 6", "open = []", "open: expected none, got activities"),
        ("members = 6", 'reasons = { "5.0.2" = ["in_range_met"] }', "expected in_range_met"),
        ("members = 6", 'refused = ["off_step"]', "facts: expected off_step, got taken"),
        ("goal_mark = 4", "total = 17", "facts: expected taken, got [mark_outside_bands]"),
        ("goal_mark = 4", 'refused = ["off_step"]', "facts: expected off_step, got [mark_outside"),
    ],
)
def test_what_came_out_otherwise(
    policy: Policy, written: Path, facts: str, expect: str, said: str
) -> None:
    """Each thing that came out otherwise is said, with the reasons of what came out."""
    text = f"[cases.a]\nfacts = {{ {facts} }}\n[cases.a.expect]\n{expect}\n"
    (result,) = run_cases(policy, cases(written, text))
    assert said in result.explain("en")
    assert result.explain("zh") != result.explain("en")


@pytest.mark.parametrize(
    ("facts", "expect"),
    [
        ("activities = 18", 'points = { "5.2.2" = 18, "5.2.1" = [0, 10] }'),
        ("members = 6", 'eligible = false\ngates = { "5.0.2" = false, "5.0.3" = "open" }'),
        ("goal_mark = 4", 'refused = ["mark_outside_bands"]'),
        ("members = 6", 'grade = "none"'),
    ],
)
def test_what_is_expected(policy: Policy, written: Path, facts: str, expect: str) -> None:
    """Ranges, open gates, refusals and no grade can be expected."""
    text = f"[cases.a]\nfacts = {{ {facts} }}\n[cases.a.expect]\n{expect}\n"
    (result,) = run_cases(policy, cases(written, text))
    assert "" == result.explain()


def test_a_score_that_is_withheld(policy: Policy, written: Path) -> None:
    """Under a reading that withholds the score, that is what is expected."""
    text = "[set]\n'readings/gate_failure' = 'no_score'\n[cases.a]\nfacts = { members = 6 }\n"
    (result,) = run_cases(policy, cases(written, text + "expect.total = 'withheld'\n"))
    assert "" == result.explain()
    (result,) = run_cases(policy, cases(written, text + "expect.total = 5\n"))
    assert "total: expected 5, got withheld" == result.explain()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[cases.a]\n", "missing_key"),
        ("[cases.a]\nexpect = {}\n", "no_expectation"),
        ("[cases.a]\nfcts = {}\nexpect.total = 3\n", "unknown_key"),
        ("[cases.a]\nexpect.total = 'three'\n", "expected_points"),
        ("[cases.a]\nexpect.total = true\n", "expected_points"),
        ("[cases.a]\nexpect.total = [90, 10]\n", "expected_points"),
        ("[cases.a]\nexpect.eligible = 'maybe'\n", "expected_truth"),
        ("[cases.a]\nexpect.grade = 3\n", "wrong_type"),
        ("[cases.a]\nlike = 'b'\nexpect.total = 3\n", "unknown_name"),
        ("[cases.a]\nlike = 'a'\nexpect.total = 3\n", "like_itself"),
        ("[cases.a]\nexpect = { total = 3, refused = ['off_step'] }\n", "refused_alone"),
    ],
)
def test_a_file_that_is_wrong(written: Path, text: str, code: str) -> None:
    """What is wrong with a file is told with its place."""
    with pytest.raises(InputError) as caught:
        cases(written, text)
    (problem,) = caught.value.problems
    assert (code, "a.cases.toml") == (problem.code, problem.file)


def test_a_folder_without_cases(tmp_path: Path) -> None:
    """A folder in which no cases are is refused: nothing is no success."""
    with pytest.raises(InputError) as caught:
        read_cases(tmp_path)
    assert ["no_cases"] == [problem.code for problem in caught.value.problems]


def test_another_schema(tmp_path: Path) -> None:
    """A file that is no file of cases is told so, and the others' problems beside it."""
    (tmp_path / "a.cases.toml").write_text('schema = "studioflow.facts/1"\n')
    (tmp_path / "b.cases.toml").write_text(HEAD + "[cases.a]\nexpect = {}\n")
    with pytest.raises(InputError) as caught:
        read_cases(tmp_path)
    assert ["wrong_schema", "no_expectation"] == [each.code for each in caught.value.problems]


def test_what_the_policy_does_not_have(policy: Policy, written: Path) -> None:
    """Ids that there are not and variations that are wrong are told at once, before any case."""
    text = """
[cases.a]
set = { "criteria/5.2.2/nrm" = 3 }
expect = { points = { "5.2.9" = 3 }, gates = { "5.0.9" = true }, grade = "pased", open = ["x"] }
[cases.b]
expect = { sections = { "5.9" = 3 }, reasons = { "5.2.9" = ["a"] } }
"""
    with pytest.raises(InputError) as caught:
        check_cases(policy, cases(written, text))
    assert 7 == len(caught.value.problems)
