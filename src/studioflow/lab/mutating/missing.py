"""The case that is missing: a studio on which a policy and a mistake in it differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import frozen

from studioflow.errors import InputError, MissingExtraError
from studioflow.policy import Policy, in_toml
from studioflow.rubric import ScoreSheet

__all__ = ["MissingCase", "missing_case"]


@frozen
class MissingCase:
    """A studio that a policy and a mistake in it judge otherwise.

    Attributes:
        facts: of the studio, by name.
        before, after: what the policy and the mistake make of it, as a case expects it.
    """

    facts: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def to_toml(self, id: str) -> str:  # noqa: A002 - it is one
        """Return the case, as a file of cases has it.

        >>> print(MissingCase({"members": 7}, {"total": 3}, {"total": 4}).to_toml("members"))
        [cases.members]
        [cases.members.facts]
        members = 7
        [cases.members.expect]
        total = 3
        """
        name = "_".join("".join(c if c.isalnum() else " " for c in id).split())
        lines = [f"[cases.{name}]", f"[cases.{name}.facts]", *_lines(self.facts)]
        return "\n".join([*lines, f"[cases.{name}.expect]", *_lines(self.before)])


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {in_toml(value)}" for name, value in table.items()]


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
    facts = witness.to_dict()["facts"]
    assert isinstance(facts, dict)  # noqa: S101 - written by us
    if len(found.examples) == 2:  # noqa: PLR2004 - the studio by either policy
        before, after = (_expected(each.sheet) for each in found.examples)
        return MissingCase(facts, before, after)
    try:
        refused = mutant if found.refused_by == mutant.reference else policy
        refused.score(witness.facts)
    except InputError as error:
        codes = {"refused": [problem.code for problem in error.problems]}
        taken = _expected(witness.sheet)
        pair = (taken, codes) if refused is mutant else (codes, taken)
        return MissingCase(facts, *pair)
    return "unknown"


def _expected(sheet: ScoreSheet) -> dict[str, Any]:
    """Return total, eligibility and grade, as a case expects them."""
    said: dict[str, Any] = {}
    points = sheet.total.points
    if points is not None:
        said["total"] = int(points) if points.denominator == 1 else float(points)
    said["eligible"] = "open" if sheet.eligible is None else sheet.eligible
    if sheet.grades or sheet.grade is not None:
        said["grade"] = sheet.grade or "none"
    return said
