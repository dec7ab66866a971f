"""What a batch is before its places are given: the grades with their numbers, and the ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from studioflow.codec import Collector, wrong
from studioflow.cohort.ranking import Rank, rank
from studioflow.errors import InputError, Problem
from studioflow.policy import Policy
from studioflow.rubric import Grade, Rubric, ScoreSheet
from studioflow.rubric.places import Places, Ties
from studioflow.rules.amount import Amount
from studioflow.text import Message, Text, message
from studioflow.verdict import Reason

__all__ = [
    "Batch",
    "Level",
    "Standing",
    "batch_of",
    "best_level",
    "counted",
    "levels_of",
    "own_level",
]

SHEET_UNFINISHED = message(
    "sheet_unfinished",
    zh="已完成的评分表；尚缺：{facts}",
    en="a finished sheet; not known yet: {facts}",
)
SHEET_WITHOUT_POINTS = message(
    "sheet_without_points",
    zh="分数确定的评分表；为何不确定，见评分表",
    en="a sheet whose points are certain; it says itself why they are not",
)
SHEET_OF_ANOTHER_POLICY = message(
    "sheet_of_another_policy",
    zh="按本政策（{id}，{fingerprint}）所做的评分表",
    en="a sheet made by this policy ({id}, {fingerprint})",
)
_NO_GRADE = Text("无等级", "no grade")


@frozen(kw_only=True)
class Level:
    """A grade with its numbers for this batch; the lowest one is for those who reach no other.

    Attributes:
        number: 0 is the best.
        grade: its id; None for the lowest one where no grade is meant for those.
        given: by points and facts; by the ranking alone, within its places; by a decision, where
            it has neither; to the rest.
        least: how many have to get it.
        most: how many may; None where there is no limit.
        taken: how many get it who are not ranked.
        last: so many of the last in the ranking get it at best.
    """

    number: int
    grade: str | None
    label: Text = _NO_GRADE
    clause: str | None = None
    given: Literal["computed", "rank", "decision", "rest"]
    least: int = 0
    most: int | None = None
    taken: int = 0
    last: int = 0
    ties: Ties = "decision"

    @property
    def needed(self) -> int:
        """How many of those who are ranked have to get it."""
        return max(0, self.least - self.taken)

    def room(self, ranked: int) -> int:
        """Return how many of those who are ranked may get it."""
        return ranked if self.most is None else max(0, self.most - self.taken)

    def reason(self, message_: Message, **parameters: object) -> Reason:
        """Return a reason that rests on this level's clause, with its label as `grade`."""
        about = () if self.grade is None else (self.grade,)
        return Reason(message_, {"grade": self.label, **parameters}, self.clause, about=about)


@frozen
class Standing:
    """A ranked studio, or several that are alike in all that is said here.

    Attributes:
        studio: its id; where it stands for several, a name for them all.
        own: the level that its own sheet brings it to.
        best: the best level that the gates of its sheet leave it.
        size: how many studios it stands for.
    """

    studio: str
    place: int
    points: Fraction
    tied: bool
    own: int
    best: int
    size: int = 1


def counted(standings: Iterable[Standing]) -> int:
    """Return how many studios these are."""
    return sum(standing.size for standing in standings)


@frozen
class Batch:
    """Levels, best first, and those who are ranked, best first; those who are tied by id."""

    levels: tuple[Level, ...]
    standings: tuple[Standing, ...]
    unranked: tuple[str, ...]
    labels: Mapping[str, Text] = field(factory=dict)


def batch_of(policy: Policy, sheets: Mapping[str, ScoreSheet]) -> Batch:
    """Put a batch together.

    Raises:
        InputError: for every sheet that is not finished, or was made by another policy.
    """
    _check(policy, sheets)
    ranking = rank({studio: sheets[studio] for studio in sorted(sheets)})
    ranked = {entry.studio for entry in ranking}
    unranked = tuple(sorted(sheets.keys() - ranked))
    levels = levels_of(policy.rubric, count=len(sheets), ranked=len(ranked))
    return Batch(
        levels=levels,
        standings=tuple(
            _standing(policy.rubric, levels, entry, sheets[entry.studio]) for entry in ranking
        ),
        unranked=unranked,
        labels={name: grade.label for name, grade in policy.rubric.grades.items()},
    )


def _check(policy: Policy, sheets: Mapping[str, ScoreSheet]) -> None:
    collector = Collector()
    for studio, sheet in sheets.items():
        with collector.under(studio):
            if sheet.policy.fingerprint != policy.fingerprint:
                made_by = f"{sheet.policy.id}, {sheet.policy.fingerprint}"
                own = {"id": policy.id, "fingerprint": policy.fingerprint}
                raise InputError([Problem(SHEET_OF_ANOTHER_POLICY, got=made_by, parameters=own)])
            if not _finished(policy.rubric, sheet):
                if not sheet.open:  # a rule in Python failed
                    raise wrong(SHEET_WITHOUT_POINTS, "none")
                labels = [f.label for name, f in policy.facts.items() if name in sheet.open]
                told = {"facts": tuple(labels)}
                got = ", ".join(sheet.open)
                raise InputError([Problem(SHEET_UNFINISHED, got=got, parameters=told)])
    collector.finish()


def _finished(rubric: Rubric, sheet: ScoreSheet) -> bool:
    """Tell whether nothing that is still open can change rank or grade."""
    if not sheet.eligible:
        return sheet.eligible is False
    certain = sheet.grade is not None or not sheet.open
    gates = [gate for gate in sheet.gates if rubric.gates[gate.id].at_best is not None]
    return sheet.total.points is not None and certain and all(g.met is not None for g in gates)


def levels_of(rubric: Rubric, *, count: int, ranked: int) -> tuple[Level, ...]:
    """Return the grades, best first; that of those who reach no other is the last.

    Args:
        rubric: whose grades.
        count: how many studios there are.
        ranked: how many of them are eligible.
    """
    return tuple(_levels(rubric, count=count, ranked=ranked))


def _levels(rubric: Rubric, *, count: int, ranked: int) -> Iterator[Level]:
    number, rest = 0, Level(number=0, grade=None, given="rest", taken=count - ranked)
    for name, grade in rubric.grades.items():
        level = _level(name, grade, count=count, ranked=ranked)
        if grade.otherwise:
            rest = level
        else:
            yield evolve(level, number=number)
            number += 1
    yield evolve(rest, number=number)


def _level(name: str, grade: Grade, *, count: int, ranked: int) -> Level:
    places = grade.places or _UNLIMITED
    whole = count if places.among == "all" else ranked

    def of(amount: Amount | None) -> int:
        return 0 if amount is None else amount.of(whole)

    limited = places.at_most is not None
    given: Literal["computed", "rank", "decision", "rest"]
    if grade.otherwise:
        given = "rest"
    elif grade.computed:
        given = "computed"
    else:
        given = "rank" if limited else "decision"
    return Level(
        number=0,
        grade=name,
        label=grade.label,
        clause=places.clause or grade.clause,
        given=given,
        least=of(places.at_least),
        most=of(places.at_most) if limited else None,
        taken=count - ranked if grade.otherwise else 0,
        last=of(places.last),
        ties=places.ties,
    )


_UNLIMITED = Places(last=Amount(places=0))


def _standing(
    rubric: Rubric, levels: tuple[Level, ...], entry: Rank, sheet: ScoreSheet
) -> Standing:
    met = {result.id for result in sheet.grades if result.met}
    unmet = [gate.id for gate in sheet.gates if gate.met is False]
    return Standing(
        studio=entry.studio,
        place=entry.place,
        points=entry.points,
        tied=entry.tied,
        own=own_level(levels, sheet.grade, met),
        best=best_level(rubric, levels, unmet),
    )


def best_level(rubric: Rubric, levels: tuple[Level, ...], unmet: Iterable[str]) -> int:
    """Return the best level that is left by the gates that are not met."""
    place = {level.grade: number for number, level in enumerate(levels)}
    capping = [rubric.gates[gate].at_best for gate in unmet]
    return max((place[best] for best in capping if best is not None), default=0)


def own_level(levels: tuple[Level, ...], grade: str | None, met: Collection[str]) -> int:
    """Return the level that a sheet brings a studio to, before anybody else is looked at.

    A level that the ranking alone gives is open to whoever reaches the one below it.

    Args:
        levels: of the batch.
        grade: what the sheet says; None where it says none.
        met: the grades whose conditions the sheet meets.
    """
    *named, _ = levels
    if grade is None and named and named[-1].given in {"rank", "decision"}:
        reached = (
            number
            for number, level in enumerate(named)
            if level.given == "decision" or level.grade in met
        )
        own = next(reached, len(named) - 1)
    else:
        own = next((n for n, level in enumerate(named) if level.grade == grade), len(named))
    while 0 < own < len(named) and named[own - 1].given == "rank":
        own -= 1
    return own
