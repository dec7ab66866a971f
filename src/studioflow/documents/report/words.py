"""Points, gates and grades in words, as every report says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from studioflow.documents.paper import Cell
from studioflow.policy import Policy
from studioflow.rubric import Points, ScoreSheet
from studioflow.text import Language, Text, exact, render
from studioflow.verdict import Reason

__all__ = [
    "ELIGIBLE",
    "MET",
    "anchor_of_studio",
    "grade_said",
    "heads",
    "points_said",
    "range_said",
    "reasons_said",
    "say",
]

MET: Mapping[bool | None, Text] = {
    True: Text("达到", "met"),
    False: Text("未达到", "not met"),
    None: Text("待定", "not decided yet"),
}
ELIGIBLE: Mapping[bool | None, Text] = {
    True: Text("具备资格", "eligible"),
    False: Text("不具备资格", "not eligible"),
    None: Text("待定", "not decided yet"),
}
_NONE = "—"


def say(text: Text, language: Language, **parameters: object) -> str:
    """Return the words in a language, with what they are about."""
    return render(text, parameters, language)


def points_said(points: Points) -> str:
    """Return points, or the range that is still possible."""
    if points.points is not None:
        return exact(points.points)
    return _NONE if points.range is None else range_said(points.range)


def range_said(ends: tuple[Fraction | None, Fraction | None] | None) -> str:
    """Return a range; one end where both are the same."""
    if ends is None:
        return _NONE
    low, high = ("…" if end is None else exact(end) for end in ends)
    return low if low == high else f"{low}–{high}"


def reasons_said(reasons: Iterable[Reason], language: Language) -> str:
    """Return every reason with its clause, a line each."""
    return "\n".join(reason.explain(language) for reason in reasons)


def grade_said(
    sheet: ScoreSheet | None, decision: str | None, policy: Policy, language: Language
) -> str:
    """Return the grade of a sheet, or what was decided in its place."""
    grade = decision if sheet is None or sheet.grade is None else sheet.grade
    if grade is None:
        return _NONE
    declared = policy.rubric.grades.get(grade)
    return grade if declared is None else declared.label.get(language)


def heads(language: Language, *texts: Text) -> tuple[Cell, ...]:
    """Return the head of a table."""
    return tuple(Cell(text.get(language), head=True) for text in texts)


def anchor_of_studio(position: int) -> str:
    """Return the anchor of the sheet of the studio that is so many in the report."""
    return f"studio-{position}"
