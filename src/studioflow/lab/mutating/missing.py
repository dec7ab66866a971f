"""The case that is missing: a studio on which a policy and a mistake in it differ."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from studioflow.errors import InputError, MissingExtraError
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.text import exact

__all__ = ["MissingCase", "missing_case"]


@frozen
class MissingCase:
    """A studio that a policy and a mistake in it judge otherwise.

    Attributes:
        document: its fact file.
        before, after: what the policy and the mistake make of it, as a table of cases expects it.
    """

    document: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


def missing_case(
    policy: Policy, mutant: Policy, seconds: float
) -> MissingCase | Literal["none", "unknown"]:
    """Return a studio on which two policies differ; or that there is none, or that nobody knows."""
    try:
        from studioflow.lab.solving import differ
    except MissingExtraError:
        return "unknown"
    try:
        found = differ(policy, mutant, seconds=seconds)
    except InputError:  # a fact of another kind: every case that hands it in notices
        return "unknown"
    if found.outcome != "refuted":
        return "none" if found.outcome == "proved" else "unknown"
    witness = found.examples[0]
    if len(found.examples) == 2:  # noqa: PLR2004 - the studio by either policy
        before, after = (_expected(each.sheet) for each in found.examples)
        return MissingCase(witness.to_dict(), before, after)
    try:
        refused = mutant if found.refused_by == mutant.reference else policy
        refused.score(witness.facts)
    except InputError as error:
        codes = {"refused": [problem.code for problem in error.problems]}
        taken = _expected(witness.sheet)
        pair = (taken, codes) if refused is mutant else (codes, taken)
        return MissingCase(witness.to_dict(), *pair)
    return "unknown"


def _expected(sheet: ScoreSheet) -> dict[str, Any]:
    """Return total, eligibility and grade, as a case expects them."""
    said: dict[str, Any] = {}
    points = sheet.total.points
    if points is not None:
        said["total"] = int(points) if points.denominator == 1 else exact(points)
    said["eligible"] = "open" if sheet.eligible is None else sheet.eligible
    if sheet.grades or sheet.grade is not None:
        said["grade"] = sheet.grade or "none"
    return said
