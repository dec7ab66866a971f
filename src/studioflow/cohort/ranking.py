"""The ranking of a batch over finished sheets: by points, ties named."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from studioflow.rubric import ScoreSheet

__all__ = ["Rank", "rank"]


@frozen
class Rank:
    """A studio's place.

    Attributes:
        place: 1 is best; those who are tied share a place, and the next ones are skipped.
        points: the total that it rests on.
        tied: whether somebody else has the same place.
    """

    place: int
    studio: str
    points: Fraction
    tied: bool


def rank(sheets: Mapping[str, ScoreSheet]) -> tuple[Rank, ...]:
    """Rank the studios that are eligible and whose total is certain, best first.

    Those who are tied stand in the order in which they were given.
    """
    totals = {
        studio: sheet.total.points
        for studio, sheet in sheets.items()
        if sheet.eligible and sheet.total.points is not None
    }
    ranked = sorted(totals.items(), key=lambda entry: -entry[1])
    points = [total for _, total in ranked]
    return tuple(
        Rank(points.index(total) + 1, studio, total, tied=points.count(total) > 1)
        for studio, total in ranked
    )
