"""The quantity `points`: a result of the sheet, for what hangs on several results."""

from __future__ import annotations

from attrs import frozen

from studioflow.algebra import Number
from studioflow.rules.kinds import quantity_kind
from studioflow.text import Text, message

__all__ = ["RESULTS_ELSEWHERE", "PointsOf", "Result"]

RESULTS_ELSEWHERE = message(
    "results_elsewhere",
    zh="等级的 needs 之外没有 points 这一数量：得分那时还不知道",
    en="no quantity `points` outside the needs of a grade: what it gives is not known before",
)


@frozen(eq=False)
class Result:
    """The points of a section, a criterion or a deduction, or the total, with its label."""

    number: Number
    label: Text


@quantity_kind("points")
@frozen(eq=False)
class PointsOf:
    """The points of a part of the sheet, as found before any grade is given."""

    of: Result

    def number(self) -> Number:
        """See `QuantityKind`."""
        return self.of.number

    def unit(self) -> Text | None:
        """See `UnitKind`."""
        return Text("分", "points")

    def wording(self) -> Text:
        """See `QuantityKind`."""
        return Text(f"{self.of.label.zh}得分", f"points of {self.of.label.en}")
