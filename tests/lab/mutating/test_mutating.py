"""Mutation: which small mistakes there are, which are noticed, and which case is missing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studioflow import Policy, load_policy
from studioflow.cases import PolicyCase, read_cases
from studioflow.errors import InputError
from studioflow.lab.mutating import MissingStep, Mutation, MutationReport, mutate, mutations
from studioflow.lab.mutating.missing_step import missing_step

PLUGINS = Path(__file__).parents[3] / "plugins"
HEAD = 'schema = "studioflow.cases/1"\n'
NORM = """
[cases.norm]
facts = { activities = 16 }
expect = { points = { "5.2.2" = 16 } }
[cases.short]
facts = { activities = 15 }
expect = { points = { "5.2.2" = 15 } }
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


def cases(folder: Path, text: str) -> tuple[PolicyCase, ...]:
    """Write cases below the head of a file, and read them."""
    path = folder / "a.cases.toml"
    path.write_text(HEAD + text, "utf-8")
    return read_cases(path)


class Only:
    """Chooses the mistakes at a path, and below it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, mutation: Mutation) -> bool:
        """Return whether a mistake is one of them."""
        return mutation.path == self.path or mutation.path.startswith(f"{self.path}/")


@pytest.mark.parametrize(
    "said",
    [
        "criteria/5.2.2/norm: 16 → 17",
        "criteria/5.2.2/above/plus_one_each/to: 20 → 19",
        "criteria/5.2.4/each: 0.5 → 0.6",
        "gates/5.0.1: 5.0.1 → left out",
        "gates/5.0.1/at_least: 4 → 3",
        "conditions/seven_ones/kind: all → any",
        "criteria/5.3.2/bands/A/when/each_trainee/percent: at least 80 % → more than that",
        "criteria/5.4.2/items/media: media → left out",
        "criteria/5.2.3/bands/A/when/of/1/value: in_time → late",
        "site_check/items/flag: flag → left out",
        "lifecycle/transitions/plaque: plaque → left out",
        "lifecycle/transitions/plaque/by/0: county_bureau → bureau_committee",
        "lifecycle/transitions/reward/once: true → false",
        "lifecycle/transitions/reward/reward: 10000 → 10001",
        "lifecycle/transitions/approve/conditions/quota/severity/ten_or_override: refuse → warn",
        "lifecycle/transitions/approve/conditions/quota: at_least → more than",
        "lifecycle/transitions/withdraw/from/2: approved → left out",
        "lifecycle/transitions/declare/window: declaration → left out",
        "calendar/windows/declaration/to: 2023-03-31 → 2023-04-01",
        "quota/places: 10 → 11",
        "quota/freed_by/0: withdraw → left out",
    ],
)
def test_mistakes(policy: Policy, said: str) -> None:
    """Thresholds, ends of comparisons, parts, words, roles, steps and windows are mistaken."""
    assert said in map(str, mutations(policy))


def test_what_readings_leave_aside(policy: Policy) -> None:
    """What no answer in force says is left alone; another answer brings its own mistakes."""
    paths = {each.path for each in mutations(policy)}
    assert not any("ten_minus" in path for path in paths)
    other = policy.vary({"readings/website_faults": "ten_minus"})
    assert "criteria/5.2.4/start/ten_minus/points" in {each.path for each in mutations(other)}
    passing = policy.vary({"readings/pass_mark": 60})
    assert "readings/pass_mark/value: 60 → 61" in map(str, mutations(passing))


def test_noticed(policy: Policy, tmp_path: Path) -> None:
    """A case that fails by a mistake kills it, and is named."""
    report = mutate(policy, cases(tmp_path, NORM), only=Only("criteria/5.2.2/norm"))
    assert {("killed", "norm")} == {(each.fate, each.case) for each in report.mutants}
    assert Fraction(1) == report.score


def test_the_case_that_is_missing(policy: Policy, tmp_path: Path) -> None:
    """A survivor comes with a studio by which the policy and the mistake differ."""
    done: list[tuple[int, int]] = []
    report = mutate(
        policy,
        cases(tmp_path, NORM),
        only=Only("criteria/5.2.2/above"),
        progress=lambda *count: done.append(count),
    )
    assert len(report.mutants) == len(done) == done[-1][1]
    assert report.survivors
    for survivor in report.survivors:
        assert survivor.missing is not None
        found = cases(tmp_path, survivor.missing.to_toml("missing"))
        again = mutate(policy, found, only=Only(survivor.mutation.path))
        assert str(survivor.mutation) in {str(each.mutation) for each in again.killed}


@pytest.mark.parametrize(
    ("path", "state", "by", "expect"),
    [
        ("lifecycle/transitions/plaque", "approved", "county_bureau", {"state": "plaqued"}),
        ("lifecycle/transitions/inspect/from/1", "plaqued", "county_bureau", {"state": "plaqued"}),
        ("lifecycle/transitions/operate/by/1", "plaqued", "lead", {"state": "operating"}),
        (
            "lifecycle/transitions/plaque/conditions/team",
            "approved",
            "county_bureau",
            {"denied": ["team"]},
        ),
        (
            "lifecycle/transitions/operate/conditions/seven_ones",
            "plaqued",
            "host_party",
            {"warned": ["seven_ones"]},
        ),
        (
            "lifecycle/transitions/refuse/needs/0",
            "declared",
            "bureau_committee",
            {"denied": ["needed"]},
        ),
        (
            "lifecycle/transitions/reward/reward",
            "evaluated",
            "county_bureau",
            {"rewarded": 10000},
        ),
        (
            "lifecycle/transitions/reward/once",
            "evaluated",
            "county_bureau",
            {"denied": ["already_done"]},
        ),
    ],
)
def test_the_step_that_is_missing(
    policy: Policy, path: str, state: str, by: str, expect: dict[str, object]
) -> None:
    """A mistake in a lifecycle that survives comes with the step that nobody tried."""
    mutation = Mutation(path, "lifecycle", "", "", {})
    action = path.split("/")[2]
    assert MissingStep(state, action, by, expect) == missing_step(policy, mutation)


def test_a_survivor_of_a_lifecycle(policy: Policy, tmp_path: Path) -> None:
    """What no case tries is told as a case to be completed."""
    report = mutate(policy, cases(tmp_path, NORM), only=Only("lifecycle/transitions/commend"))
    (first,) = (each for each in report.survivors if each.mutation.path.endswith("/independent"))
    assert first.missing is not None
    assert 'do = "commend", by = "bureau_committee"' in first.missing.to_toml("x")


def test_equivalent_and_refused(policy: Policy, tmp_path: Path) -> None:
    """One that changes no studio's outcome is equivalent; one that gives no policy is refused."""
    report = mutate(policy, cases(tmp_path, NORM), only=Only("criteria/5.2.2/max"))
    assert {"20 → 21": "equivalent", "20 → 19": "refused"} == {
        f"{each.mutation.before} → {each.mutation.after}": each.fate for each in report.mutants
    }
    assert Fraction(1) == report.score


def test_places_are_no_matter_of_one_studio(tmp_path: Path) -> None:
    """What is only seen in a batch is never called equivalent."""
    policy = load_policy("teacher-points")
    text = "[cases.a]\nexpect = { total = [0, 300] }\n"
    found = cases(tmp_path, text.replace("[0, 300]", "[0, 1]"))
    with pytest.raises(InputError):
        mutate(policy, found)
    text = "[cases.a]\nfacts = { team_mark = 9 }\nexpect = { points = { t10 = 9 } }\n"
    found = cases(tmp_path, text)
    report = mutate(policy, found, only=Only("grades/rectify/places"))
    assert {"survived"} == {each.fate for each in report.mutants}


def test_a_case_that_fails_anyway(policy: Policy, tmp_path: Path) -> None:
    """Cases pass first; those that do not are all told."""
    with pytest.raises(InputError) as caught:
        mutate(policy.vary({"criteria/5.2.2/norm": 12}), cases(tmp_path, NORM))
    assert ["case_fails", "case_fails"] == [each.code for each in caught.value.problems]


def test_nothing_to_notice() -> None:
    """Of no mistakes all were noticed."""
    assert Fraction(1) == MutationReport(()).score


ARGUED = {
    "teacher-points": set[str](),
    "yongjia-2023": set[str](),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "folder"),
    [("yongjia-2023", "studioflow-yongjia"), ("teacher-points", "studioflow-teacher-points")],
)
def test_the_cases_of_both_plugins(name: str, folder: str) -> None:
    """The cases of both plugins notice every mistake but those that are argued here."""
    found = mutate(load_policy(name), read_cases(PLUGINS / folder / "tests"))
    assert found.score >= Fraction(95, 100)
    assert ARGUED[name] == {str(each.mutation) for each in found.survivors}
