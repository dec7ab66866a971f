"""What a batch brings its studios: their grades, the ties to decide, what could not be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import field, frozen

from studioflow.text import Language, Text, exact, render
from studioflow.verdict import Reason

__all__ = ["Outcome", "Outcomes", "TieDecision"]

SCHEMA = "studioflow.outcomes/1"

_LINE = Text("{place} {studio}，{points}分：{grade}", "{place} {studio}, {points} points: {grade}")
_NOT_RANKED_LINE = Text("– {studio}：{grade}", "– {studio}: {grade}")
_TIED = Text("{place}（并列）", "{place} (tied)")
_TO_DECIDE = {
    "places": Text(
        "待决定：{studios}中，{count}个列为“{grade}”",
        "to decide: {grade} for {count} of {studios}",
    ),
    "last": Text(
        "待决定：{studios}中，{count}个作末位，最高为“{grade}”",
        "to decide: {count} of {studios} last, with {grade} at best",
    ),
}
_OPEN = Text("待决定（{grades}）", "to be decided ({grades})")
_NONE = Text("无等级", "no grade")


@frozen(kw_only=True)
class Outcome:
    """What a batch brings one studio.

    Attributes:
        place: in the ranking, 1 is best; None for one that is not eligible.
        points: in all; None where they are withheld.
        tied: whether somebody else has the same place.
        own_grade: what its own sheet says.
        grade: what it gets; None while it waits, and where no grade is meant for it.
        possible: the grades that it may still get, best first; the one that it gets, if it is
            settled.
        reasons: why it is not the grade of its own sheet, and what it waits for.
    """

    studio: str
    place: int | None
    points: Fraction | None
    tied: bool
    own_grade: str | None
    possible: tuple[str | None, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether its grade hangs on a decision about a tie."""
        return len(self.possible) > 1

    @property
    def grade(self) -> str | None:
        """The grade that it gets; None while it waits, and where none is meant for it."""
        return None if self.waits else self.possible[0]

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return everything, ready for JSON."""
        return {
            "studio": self.studio,
            "place": self.place,
            "points": None if self.points is None else exact(self.points),
            "tied": self.tied,
            "own_grade": self.own_grade,
            "grade": self.grade,
            "waits": self.waits,
            "possible": list(self.possible),
            "reasons": [reason.to_dict(language) for reason in self.reasons],
        }


@frozen(kw_only=True)
class TieDecision:
    """A tie that somebody has to decide.

    Attributes:
        grade: for whose places they are tied.
        studios: those who are tied, by id.
        places: how many of them get the grade at most.
        least: how many have to get it: fewer would break a minimum.
        last: whether it is about who is among the last, and gets this grade at best; then the
            answer goes into `decided_last`, else into `decided`.
    """

    grade: str
    studios: tuple[str, ...]
    places: int
    least: int
    last: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return everything, ready for JSON."""
        return {
            "grade": self.grade,
            "studios": list(self.studios),
            "places": self.places,
            "least": self.least,
            "last": self.last,
        }


@frozen(kw_only=True)
class Outcomes:
    """What a batch brings every studio.

    Attributes:
        outcomes: the ranked ones, best first, those who are tied by id; then the others.
        decisions: the ties that can be decided now.
        unmet: what the policy asks for and this batch can not give.
        labels: of every grade.
    """

    outcomes: tuple[Outcome, ...]
    decisions: tuple[TieDecision, ...] = ()
    unmet: tuple[Reason, ...] = ()
    labels: Mapping[str, Text] = field(factory=dict)

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def of(self, studio: str) -> Outcome:
        """Return the outcome of one studio.

        Raises:
            KeyError: if there is none of that id.
        """
        for outcome in self.outcomes:
            if outcome.studio == studio:
                return outcome
        raise KeyError(studio)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return everything as `studioflow.outcomes/1`, ready for JSON."""
        return {
            "schema": SCHEMA,
            "outcomes": [outcome.to_dict(language) for outcome in self.outcomes],
            "decisions": [decision.to_dict() for decision in self.decisions],
            "unmet": [reason.to_dict(language) for reason in self.unmet],
        }

    def explain(self, language: Language = "en") -> str:
        """Return a line for each studio with its reasons, what is to be decided, what is unmet."""
        lines = []
        for outcome in self.outcomes:
            lines.append(self._line(outcome, language))
            lines += [f"  · {reason.explain(language)}" for reason in outcome.reasons]
        for decision in self.decisions:
            least, most = decision.least, decision.places
            said: dict[str, object] = {
                "studios": decision.studios,
                "count": f"{most}" if least == most else f"{least}–{most}",
                "grade": self._label(decision.grade),
            }
            text = _TO_DECIDE["last" if decision.last else "places"]
            lines.append("? " + render(text, said, language))
        lines += [f"! {reason.explain(language)}" for reason in self.unmet]
        return "\n".join(lines)

    def _line(self, outcome: Outcome, language: Language) -> str:
        grades = tuple(self._label(grade) for grade in outcome.possible)
        said: dict[str, object] = {
            "studio": outcome.studio,
            "points": outcome.points,
            "grade": grades[0],
            "place": outcome.place,
        }
        if outcome.waits:
            said["grade"] = render(_OPEN, {"grades": grades}, language)
        if outcome.place is None:
            return render(_NOT_RANKED_LINE, said, language)
        if outcome.tied:
            said["place"] = render(_TIED, said, language)
        return render(_LINE, said, language)

    def _label(self, grade: str | None) -> Text:
        return _NONE if grade is None else self.labels[grade]
