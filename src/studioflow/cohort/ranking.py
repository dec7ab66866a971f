"""The ranking of a batch over finished sheets: by points, ties named."""

from __future__ import annotations

from collections import Counter
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
    sharing = Counter(totals.values())
    places: dict[Fraction, int] = {}
    place = 1
    for points in sorted(sharing, reverse=True):
        places[points] = place
        place += sharing[points]
    return tuple(
        Rank(places[points], studio, points, tied=sharing[points] > 1)
        for studio, points in sorted(totals.items(), key=lambda entry: places[entry[1]])
    )
