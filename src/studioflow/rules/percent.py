"""The kind `percent`: so many per cent of a number of points, or of what another rule gives."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from studioflow.algebra import Constant, Explained, Note, Number, Rounded
from studioflow.rules.kinds import Quantity, Scoring, scoring_kind, where_defined
from studioflow.rules.limits import check_step
from studioflow.rules.scoring import Fixed
from studioflow.text import message

__all__ = ["Percent"]

PERCENT_OF_POINTS = message(
    "percent_of_points",
    zh="{of}分的{percent}%，计{points}分",
    en="{percent} % of {of} is {points}",
)
PERCENT_ROUNDED = message(
    "percent_rounded",
    zh="{of}分的{percent}%，按{step}分四舍五入，计{points}分",
    en="{percent} % of {of}, to the nearest {step}, is {points}",
)


@scoring_kind("percent")
@frozen(eq=False, kw_only=True)
class Percent(Scoring):
    """So many per cent of other points, exactly or, with `rounded`, to a step, halves up."""

    of: Scoring
    percent: Quantity
    rounded: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        check_step(rounded=self.rounded)

    def points(self) -> Number:
        """See `Scoring`."""
        # A number needs no reason of its own beside the sentence that says it.
        of = Constant(self.of.fixed) if isinstance(self.of, Fixed) else self.of.points()
        points = self._part(of)
        said = {"of": of, "percent": self.percent.number, "points": points}
        note = Note(PERCENT_OF_POINTS, said)
        if self.rounded is not None:
            note = Note(PERCENT_ROUNDED, {**said, "step": self.rounded})
        return where_defined(Explained(points, note), [self.percent])

    def floor(self) -> Number:
        """See `Scoring`."""
        return where_defined(self._part(self.of.floor()), [self.percent])

    def _part(self, points: Number) -> Number:
        part = points * self.percent.number * Fraction(1, 100)
        return part if self.rounded is None else Rounded(part, self.rounded)
