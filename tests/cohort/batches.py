"""Policies that are nothing but grades, and sheets that are nothing but points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from studioflow.cohort import Outcomes, outcomes
from studioflow.policy import Document, Policy, build_policy
from studioflow.rubric import GateResult, Points, ScoreSheet

CUTS = {"best": 80, "good": 60}
FIVE = {"a": 95, "b": 90, "c": 85, "d": 70, "e": 50}


def text(word: str) -> dict[str, str]:
    """Return a label that is the same in both languages."""
    return {"zh": word, "en": word}


def graded(
    grades: Mapping[str, Mapping[str, Any]], *, cuts: Mapping[str, Any] | None = None
) -> Policy:
    """Build a policy with one criterion of 100 points and some grades, best first.

    `best` takes 80 points and `good` 60, unless cuts are given; `fair` is for the others. A gate
    named like a grade caps it when it is not met.
    """
    cuts = CUTS if cuts is None else cuts
    tables: dict[str, Any] = {
        "schema": "studioflow.policy/1",
        "id": "grades",
        "version": "1",
        "label": text("grades"),
        "facts": {
            "lessons": {"type": "count", "label": text("lessons"), "unit": text("lessons")},
            "safe": {"type": "flag", "label": text("safe")},
            "clean": {"type": "flag", "label": text("clean")},
        },
        "sections": {"all": {"label": text("all")}},
        "criteria": {
            "lessons": {
                "section": "all",
                "label": text("lessons"),
                "max": 100,
                "kind": "count",
                "count": "lessons",
                "norm": 100,
                "points": 100,
                "below": {"each": 1, "to": 0},
            }
        },
        "gates": {
            "safe": {"label": text("safe"), "kind": "all", "of": ["safe"]},
            **{
                name: {"label": text("clean"), "kind": "all", "of": ["clean"], "at_best": name}
                for name in grades
            },
        },
        "grades": {},
    }
    tables["facts"]["lessons"]["max"] = 100
    for name, keys in grades.items():
        own: dict[str, Any] = {"label": text(name), **keys}
        if name in cuts:
            own.setdefault("at_least", cuts[name])
        if name == "fair":
            own["otherwise"] = True
        tables["grades"][name] = own
    return build_policy(Document(tables, "grades.toml"))


def a_sheet(  # noqa: PLR0913 - each says one thing of the sheet
    policy: Policy,
    points: Fraction | int | None,
    grade: str | None,
    *,
    eligible: bool | None = True,
    at_best: str | None = None,
    still_open: tuple[str, ...] = (),
) -> ScoreSheet:
    """Make a sheet that says this, whether or not the policy would."""
    total = None if points is None else Fraction(points)
    gates = tuple(
        GateResult(name, gate.label, name != at_best, ())
        for name, gate in policy.rubric.gates.items()
        if gate.at_best is not None
    )
    return ScoreSheet(
        policy=policy.reference,
        gates=gates,
        criteria=(),
        sections=(),
        total=Points(total, (total, total), Fraction(100)),
        marks=(),
        grade=grade,
        eligible=eligible,
        readings={},
        open=still_open,
    )


def scored(policy: Policy, points: Mapping[str, int], *, unsafe: str = "") -> dict[str, ScoreSheet]:
    """Score studios by the policy; those named in `unsafe` do not meet the gate."""
    return {
        studio: policy.score({"lessons": number, "safe": studio not in unsafe, "clean": True})
        for studio, number in points.items()
    }


def found_for(
    grades: Mapping[str, Mapping[str, Any]],
    points: Mapping[str, int],
    **decided: Mapping[str, Sequence[str]],
) -> Outcomes:
    """Return the outcomes of studios with these points."""
    policy = graded({name: grades.get(name, {}) for name in ("best", "good", "fair")})
    return outcomes(policy, scored(policy, points), **decided)


def grades_of(found: Outcomes) -> dict[str, str | None]:
    """Return the grade of every studio."""
    return {outcome.studio: outcome.grade for outcome in found}


def codes_of(found: Outcomes, studio: str) -> list[str]:
    """Return the codes of the reasons for a studio."""
    return [reason.code for reason in found.of(studio).reasons]
