"""The score sheet: what a rubric says of one studio, with every reason."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isinf
from typing import TYPE_CHECKING, Protocol

from attrs import field, fields, frozen

from studioflow.people import Mark
from studioflow.rubric.measured import Measured
from studioflow.text import Language, Text, exact
from studioflow.verdict import Reason

__all__ = [
    "CriterionResult",
    "DeductionResult",
    "GateResult",
    "GradeResult",
    "Points",
    "PolicyReference",
    "ScoreSheet",
    "SectionResult",
]

SCHEMA = "studioflow.score/1"
_ALL = Fraction(100)


@frozen
class PolicyReference:
    """Which policy it was, to the letter: `fingerprint` is of the whole resolved document."""

    id: str
    version: str
    fingerprint: str
    varied: tuple[str, ...] = ()


@frozen(slots=False)
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
        cls,
        low: float | Fraction,
        high: float | Fraction,
        denominator: int,
        *,
        known: bool,
        maximum: Fraction | None,
    ) -> Points:
        """Make points from units of a denominator."""
        ends = tuple(None if isinf(end) else Fraction(end) / denominator for end in (low, high))
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


@frozen(slots=False)
class GateResult:
    """Whether a gate is met; None while facts are missing that decide it."""

    id: str
    label: Text
    met: bool | None
    reasons: tuple[Reason, ...]
    open: tuple[str, ...] = ()


@frozen(slots=False)
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

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "facts": dict(self.facts)}  # they may be a view


@frozen(slots=False)
class DeductionResult:
    """What is taken off the total: how many points, the facts they come from, and why.

    Attributes: as those of `CriterionResult`.
    """

    id: str
    label: Text
    points: Points
    facts: Mapping[str, bool | int | str | Fraction]
    reasons: tuple[Reason, ...]
    open: tuple[str, ...] = ()

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "facts": dict(self.facts)}  # they may be a view


@frozen(slots=False)
class SectionResult:
    """The points of a section, before its weight.

    Attributes:
        section: the id of the one that it is part of; None where it counts in the total.
        weight: how many per cent of its points count there.
    """

    id: str
    label: Text
    points: Points
    section: str | None = None
    weight: Fraction = _ALL


@frozen(slots=False)
class GradeResult:
    """Whether a grade is reached, and why or why not; None while that is open."""

    id: str
    label: Text
    met: bool | None
    reasons: tuple[Reason, ...]


class Parts(Protocol):
    """What makes the parts of a sheet when they are read."""

    def gates(self) -> tuple[GateResult, ...]:
        """Return what `ScoreSheet.gates` is; so do the others."""

    def criteria(self) -> tuple[CriterionResult, ...]: ...
    def deductions(self) -> tuple[DeductionResult, ...]: ...
    def sections(self) -> tuple[SectionResult, ...]: ...
    def total(self) -> Points: ...
    def grade(self) -> str | None: ...
    def grades(self) -> tuple[GradeResult, ...]: ...
    def readings(self) -> Mapping[str, str]: ...
    def measured(self) -> Mapping[str, Measured]: ...


@frozen(slots=False, kw_only=True)
class ScoreSheet:
    """Everything that a rubric says of one studio.

    Attributes:
        eligible: every gate is met, but for those that only cap the grade; None while that is open.
        grade: its id; None where a decision takes its place, or where it is not certain yet.
        deductions: what was taken off the total.
        grades: every grade that points and facts decide, best first, with the reasons.
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
    deductions: tuple[DeductionResult, ...] = ()
    grades: tuple[GradeResult, ...] = ()

    @classmethod
    def of_parts(cls, parts: Parts, known: Mapping[str, object]) -> ScoreSheet:
        """Return a sheet whose attributes are made by its parts when they are read.

        Args:
            parts: what makes them.
            known: the attributes that are known already.
        """
        sheet = cls.__new__(cls)
        sheet.__dict__.update(known, _parts=parts)
        return sheet

    if not TYPE_CHECKING:  # the attributes are those above, and no others

        def __getattr__(self, name: str) -> object:
            parts = self.__dict__.get("_parts")
            if name.startswith("_") or not hasattr(parts, name):
                raise AttributeError(name, name=name, obj=self)
            made = self.__dict__[name] = getattr(parts, name)()
            return made

    def __getstate__(self) -> dict[str, object]:
        return {each.name: getattr(self, each.name) for each in fields(ScoreSheet)}

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
            "gates": [_truth(gate, language) for gate in self.gates],
            "criteria": [_item(result, language) for result in self.criteria],
            "sections": [_section(part) for part in self.sections],
            "total": self.total.to_dict(),
            "deductions": [_item(result, language) for result in self.deductions],
            "marks": [_mark(mark) for mark in self.marks],
            "grade": self.grade,
            "grades": [_truth(grade, language) for grade in self.grades],
            "eligible": self.eligible,
            "readings": dict(self.readings),
            "open": list(self.open),
            "measured": {name: each.to_dict(language) for name, each in self.measured.items()},
        }


def _truth(result: GateResult | GradeResult, language: Language) -> dict[str, object]:
    reasons = [reason.to_dict(language) for reason in result.reasons]
    return {"id": result.id, "met": result.met, "reasons": reasons}


def _item(result: CriterionResult | DeductionResult, language: Language) -> dict[str, object]:
    plain: dict[str, object] = {"id": result.id}
    if isinstance(result, CriterionResult):
        plain["section"] = result.section
    facts = {
        name: exact(value) if isinstance(value, Fraction) else value
        for name, value in result.facts.items()
    }
    reasons = [reason.to_dict(language) for reason in result.reasons]
    return {**plain, **result.points.to_dict(), "facts": facts, "reasons": reasons}


def _section(part: SectionResult) -> dict[str, object]:
    plain: dict[str, object] = {"id": part.id, **part.points.to_dict()}
    if part.section is not None:
        plain["section"] = part.section
    if part.weight != _ALL:
        plain["weight"] = exact(part.weight)
    return plain


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
