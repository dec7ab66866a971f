"""The score sheet: what a rubric says of one studio, with every reason."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isinf

from attrs import field, frozen

from studioflow.people import Mark
from studioflow.rubric.measured import Measured
from studioflow.text import Language, Text, exact
from studioflow.verdict import Reason

__all__ = [
    "CriterionResult",
    "GateResult",
    "Points",
    "PolicyReference",
    "ScoreSheet",
    "SectionResult",
]

SCHEMA = "studioflow.score/1"


@frozen
class PolicyReference:
    """Which policy it was, to the letter: `fingerprint` is of the whole resolved document."""

    id: str
    version: str
    fingerprint: str
    varied: tuple[str, ...] = ()


@frozen
class Points:
    """Points, or the range that they still lie in.

    Attributes:
        points: exact; None while a fact is missing, or where the score is withheld.
        range: the least and the most that is possible; None where withheld, its end None where
            there is no bound.
        max: as the rubric has it; None for an open-ended sum.
    """

    points: Fraction | None
    range: tuple[Fraction | None, Fraction | None] | None
    max: Fraction | None

    @classmethod
    def between(
        cls, low: float, high: float, denominator: int, *, known: bool, maximum: Fraction | None
    ) -> Points:
        """Make points from units of a denominator."""
        ends = tuple(None if isinf(end) else Fraction(int(end), denominator) for end in (low, high))
        return cls(ends[0] if known else None, (ends[0], ends[1]), maximum)

    def withheld(self) -> Points:
        """Return the same maximum without points."""
        return Points(None, None, self.max)

    def to_dict(self) -> dict[str, object]:
        """Return points, range and max as strings."""
        return {
            "points": _string(self.points),
            "range": None if self.range is None else [_string(end) for end in self.range],
            "max": _string(self.max),
        }


@frozen
class GateResult:
    """Whether a gate is met; None while facts are missing that decide it."""

    id: str
    label: Text
    met: bool | None
    reasons: tuple[Reason, ...]
    open: tuple[str, ...] = ()


@frozen
class CriterionResult:
    """One item: its points, the facts they come from, and why.

    Attributes:
        facts: those that are known; counts are whole numbers, other numbers and marks fractions.
        open: facts that are not known yet and can still change the points.
    """

    id: str
    section: str
    label: Text
    points: Points
    facts: Mapping[str, bool | int | str | Fraction]
    reasons: tuple[Reason, ...]
    open: tuple[str, ...] = ()


@frozen
class SectionResult:
    """The points of a section."""

    id: str
    label: Text
    points: Points


@frozen(kw_only=True)
class ScoreSheet:
    """Everything that a rubric says of one studio.

    Attributes:
        eligible: every gate is met; None while that is open.
        grade: its id; None where the rubric has no cut-offs or the total is not certain enough.
        readings: what is in force.
        open: facts that are not known yet and can still change something.
        measured: facts that come from records, each with those counted and those left out.
    """

    policy: PolicyReference
    gates: tuple[GateResult, ...]
    criteria: tuple[CriterionResult, ...]
    sections: tuple[SectionResult, ...]
    total: Points
    marks: tuple[Mark, ...]
    grade: str | None
    eligible: bool | None
    readings: Mapping[str, str]
    open: tuple[str, ...]
    measured: Mapping[str, Measured] = field(factory=dict)

    def criterion(self, name: str) -> CriterionResult:
        """Return the result of one criterion.

        Raises:
            KeyError: if there is none of that id.
        """
        for result in self.criteria:
            if result.id == name:
                return result
        raise KeyError(name)

    def gate(self, name: str) -> GateResult:
        """Return the result of one gate.

        Raises:
            KeyError: if there is none of that id.
        """
        for result in self.gates:
            if result.id == name:
                return result
        raise KeyError(name)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the sheet as `studioflow.score/1`, ready for JSON."""
        return {
            "schema": SCHEMA,
            "policy": {
                "id": self.policy.id,
                "version": self.policy.version,
                "fingerprint": self.policy.fingerprint,
                "varied": list(self.policy.varied),
            },
            "gates": [
                {
                    "id": gate.id,
                    "met": gate.met,
                    "reasons": [reason.to_dict(language) for reason in gate.reasons],
                }
                for gate in self.gates
            ],
            "criteria": [
                {
                    "id": result.id,
                    "section": result.section,
                    **result.points.to_dict(),
                    "facts": {
                        name: exact(value) if isinstance(value, Fraction) else value
                        for name, value in result.facts.items()
                    },
                    "reasons": [reason.to_dict(language) for reason in result.reasons],
                }
                for result in self.criteria
            ],
            "sections": [{"id": part.id, **part.points.to_dict()} for part in self.sections],
            "total": self.total.to_dict(),
            "deductions": [],
            "marks": [_mark(mark) for mark in self.marks],
            "grade": self.grade,
            "eligible": self.eligible,
            "readings": dict(self.readings),
            "open": list(self.open),
            "measured": {name: each.to_dict(language) for name, each in self.measured.items()},
        }


def _string(points: Fraction | None) -> str | None:
    return None if points is None else exact(points)


def _mark(mark: Mark) -> dict[str, object]:
    plain: dict[str, object] = {"criterion": mark.criterion, "by": mark.by, "role": mark.role}
    if mark.points is None:
        plain["met"] = mark.met
    else:
        plain["points"] = exact(mark.points)
    plain |= {"unit": mark.unit, "on": mark.on and mark.on.isoformat(), "remark": mark.remark}
    return {key: value for key, value in plain.items() if value is not None}
