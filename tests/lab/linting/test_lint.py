"""Lint: what it finds in the reference policy, and that every corruption of a policy is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from studioflow import Policy, load_policy
from studioflow.errors import InputError
from studioflow.lab.linting import Finding, lint
from studioflow.lab.solving import prove
from studioflow.policy import Document, build_policy

Tables = dict[str, Any]
Corrupt = Callable[[Tables], object]


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture(scope="module")
def findings(policy: Policy) -> tuple[Finding, ...]:
    """Return all that is found in the reference policy."""
    return lint(policy)


def test_the_reference(findings: tuple[Finding, ...]) -> None:
    """It finds by itself what the readings of the reference policy are about."""
    found = {(each.code, each.clause, each.under) for each in findings}
    assert ("heading_differs", "5.4.1", None) in found  # feature_section
    assert ("section_capped", "5.4", None) in found
    assert ("bonus_capped", "5.4.2", None) in found  # bonus_cap
    assert ("heading_differs", "5.4.2", "bonus_cap=uncapped") in found
    assert ("band_gap", "5.1.1", "mark_step=half_points") in found  # band_gap
    assert ("below_bands", "5.1.1", None) in found  # below_bands
    assert ("paid_twice", "5.4.1", None) in found  # feature_top_band, bonus_once
    assert ("lowers_total", "1.4", None) in found  # trainee_base
    assert not [each for each in findings if each.severity == "error"]


def test_the_second_policy() -> None:
    """Nothing is found in the second policy."""
    assert () == lint(load_policy("teacher-points"))


def test_a_gap_that_is_closed(policy: Policy) -> None:
    """A mark between two bands is no gap where it belongs to the lower one."""
    closed = policy.vary({"readings/mark_step": "half_points", "readings/band_gap": "lower_band"})
    found = [each for each in lint(closed, answers=False) if each.code == "band_gap"]
    assert [] == found


def test_said_in_both_languages(findings: tuple[Finding, ...]) -> None:
    """Every finding is a sentence in both languages, and goes into JSON."""
    for finding in findings:
        assert finding.text("zh") != finding.text("en")
        assert {"code", "severity", "path", "clause", "under", "text"} == finding.to_dict().keys()


def test_without_a_solver(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no solver is installed the rest is found, and what was not looked for is said."""
    monkeypatch.setattr("studioflow.lab.linting.linting.find_spec", lambda _: None)
    found = {each.code for each in lint(policy, answers=False)}
    assert {"solver_missing", "heading_differs"} <= found
    assert "lowers_total" not in found
    assert "z3" in sys.modules


def set_at(path: str, value: object) -> Corrupt:
    """Return what sets a value at a path."""

    def corrupt(tables: Tables) -> None:
        *keys, last = path.split("/")
        here: Any = tables
        for key in keys:
            here = here[key]
        here[last] = value

    return corrupt


def without(path: str) -> Corrupt:
    """Return what takes a key away."""

    def corrupt(tables: Tables) -> None:
        *keys, last = path.split("/")
        here: Any = tables
        for key in keys:
            here = here[key]
        del here[last]

    return corrupt


def several(*steps: Corrupt) -> Corrupt:
    """Return what does one after the other."""
    return lambda tables: [step(tables) for step in steps]


def turned(tables: Tables) -> None:
    """Put the weaker case before the stronger one."""
    tables["criteria"]["5.3.1"]["cases"].reverse()


LABEL = {"zh": "无", "en": "none"}
CHOICE = {"value": "a", "text": LABEL, "values": {"a": LABEL, "b": LABEL}}
OPEN = {"kind": "all", "of": [{"kind": "at_least", "value": "activities", "bound": 0}]}
NEVER = {"kind": "at_least", "value": "members", "bound": 61}
STEPS = "lifecycle/transitions"

CORRUPTIONS = {
    "more points than the maximum": (set_at("criteria/5.2.2/points", 30), "count_limits"),
    "a maximum nobody reaches": (set_at("criteria/5.1.1/max", 12), "points_unreached"),
    "a cut-off above all points": (set_at("grades/passed/at_least", 101), "grade_unreached"),
    "cut-offs in the wrong order": (
        several(set_at("grades/passed/at_least", 90), set_at("grades/outstanding/at_least", 60)),
        "grade_order",
    ),
    "bands that overlap": (set_at("criteria/5.1.1/bands/B/to", 9), "band_order"),
    "bands with a gap": (set_at("criteria/5.1.1/bands/A/from", 9), "band_gap"),
    "a direction the wrong way round": (
        set_at("facts/activities/better", "less"),
        "lowers_total",
    ),
    "a role that does nothing": (set_at("roles/guest", {"label": LABEL}), "role_unused"),
    "a role that there is not": (set_at(f"{STEPS}/approve/by", ["nobody"]), "unknown_name"),
    "a fact that nobody supplies": (
        several(without("facts/media_coverage/from"), without("measures/media_coverage")),
        "fact_unsupplied",
    ),
    "a fact that no rule names": (
        set_at("facts/idle", {"type": "flag", "label": LABEL, "from": ["lead"]}),
        "fact_unused",
    ),
    "a reading on which nothing hangs": (set_at("readings/idle", CHOICE), "reading_unused"),
    "a reading whose answers are the same": (
        several(
            set_at("readings/idle", CHOICE),
            set_at("criteria/5.1.1/max", {"reading": "idle", "a": 10, "b": 10}),
        ),
        "reading_same",
    ),
    "a step to a state that there is not": (set_at(f"{STEPS}/plaque/to", "hung"), "unknown_name"),
    "a step that is gone": (without(f"{STEPS}/operate"), "unreachable_state"),
    "a window that ends before it begins": (
        several(
            set_at("calendar/windows/declaration/from", "2023-04-01"),
            set_at("calendar/windows/declaration/to", "2023-03-01"),
        ),
        "window_order",
    ),
    "weights that do not add up": (set_at("sections/5.1/weight", 50), "weights_sum"),
    "cases in the wrong order": (turned, "case_never"),
    "a cap that is gone": (without("sections/5.4/cap"), "beyond 100"),
    "a heading that differs": (set_at("criteria/5.4.2/heading", 6), "heading_differs"),
    "a gate that nobody meets": (set_at("gates/5.0.1", {"label": LABEL, **NEVER}), "gate_never"),
    "a gate that everybody meets": (set_at("gates/5.0.1", {"label": LABEL, **OPEN}), "gate_always"),
    "a condition that always holds": (
        set_at(f"{STEPS}/evaluate/conditions/idle", {"label": LABEL, "text": LABEL, **OPEN}),
        "condition_always",
    ),
    "a condition that never holds": (
        set_at(f"{STEPS}/evaluate/conditions/idle", {"label": LABEL, "text": LABEL, **NEVER}),
        "never_holds",
    ),
}


@pytest.fixture(scope="module")
def before(policy: Policy) -> set[tuple[str, str]]:
    """Return what is told of the policy as it is."""
    return named(policy.tables)


@pytest.mark.parametrize(("corrupt", "code"), CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_every_corruption_is_named(
    policy: Policy, before: set[tuple[str, str]], corrupt: Corrupt, code: str
) -> None:
    """Building, lint or a claim names what was made wrong, and did not before."""
    tables = policy.tables
    corrupt(tables)
    assert code in {each for each, _ in named(tables) - before}


def named(tables: Tables) -> set[tuple[str, str]]:
    """Return by which codes a policy is told to be wrong, and where."""
    try:
        built = build_policy(Document(tables, "corrupted"))
    except InputError as error:
        return {(problem.code, problem.path) for problem in error.problems}
    found = {(each.code, each.path) for each in lint(built, answers=False)}
    refuted = prove(built, "total <= 100").outcome == "refuted"
    return found | ({("beyond 100", "total")} if refuted else set())
