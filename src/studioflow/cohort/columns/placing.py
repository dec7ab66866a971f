"""The places of a cohort, over classes of studios that are alike: `outcomes` for a million."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from attrs import field, frozen

from studioflow.cohort.columns.alike import Alike, Counts, Total
from studioflow.cohort.levels import Batch, Level, Standing, best_level, levels_of, own_level
from studioflow.cohort.possible import Possible, unmet
from studioflow.cohort.settling import settle
from studioflow.cohort.ties import Line
from studioflow.policy import Policy
from studioflow.verdict import Reason

__all__ = ["CohortTie", "Placed", "Placing", "placed"]


@frozen
class Placed:
    """The grade of each studio of a class, once the places of all grades are counted.

    Attributes:
        grade: None while it is not certain, and where none is meant for it.
        low: the worst one that is possible; None for no grade.
        high: the best one.
    """

    grade: str | None
    low: str | None
    high: str | None


@frozen(kw_only=True)
class CohortTie:
    """A tie that somebody has to decide.

    Attributes:
        grade: for whose places they are tied.
        studios: how many are tied.
        places: how many of them get the grade at most.
        least: how many have to get it.
        last: whether it is about who is among the last, and gets this grade at best.
    """

    grade: str
    studios: int
    places: int
    least: int
    last: bool


@frozen(kw_only=True)
class Placing:
    """What counting the places came to.

    Attributes:
        unfinished: how many studios are not finished; as long as there are some, bounds are wide
            where a grade has places.
        waiting: how many studios hang on a decision about a tie.
        ties: those that can be decided now.
        unmet: what the policy asks for and this cohort can not give.
    """

    unfinished: int = 0
    waiting: int = 0
    ties: tuple[CohortTie, ...] = ()
    unmet: tuple[Reason, ...] = ()
    classes: Sequence[Placed] = field(repr=False)

    @property
    def settled(self) -> bool:
        """Whether everybody's grade is certain."""
        return not self.unfinished and not self.waiting


def placed(policy: Policy, classes: Sequence[Alike]) -> Placing:
    """Count the places of all grades.

    Every class gets what `outcomes` gives to each of its studios, as long as nobody decided ties.
    """
    counting = _Counting(policy, classes)
    unfinished = sum(each.size for each in classes if not counting.finished(each))
    if unfinished:
        return Placing(unfinished=unfinished, classes=[counting.bounds(each) for each in classes])
    return counting.settled()


class _Counting:
    """The classes of a cohort, with the grades of its policy."""

    def __init__(self, policy: Policy, classes: Sequence[Alike]) -> None:
        self._rubric = policy.rubric
        self._classes = classes
        self._counts = Counts(classes)
        self._levels: tuple[Level, ...] = levels_of(
            policy.rubric,
            count=sum(each.size for each in classes),
            ranked=sum(each.size for each in classes if each.eligible),
        )
        *named, self._rest = self._levels
        # Whether somebody may be lifted, or pushed down.
        self._moving = self._rest.most is not None or any(
            grade.places is not None
            and (grade.places.at_least is not None or grade.places.last is not None)
            for grade in policy.rubric.grades.values()
        )
        self._by_conditions = bool(named) and named[-1].given != "computed"

    def finished(self, each: Alike) -> bool:
        """Tell whether nothing that is missing can change rank or grade."""
        if not each.eligible:
            return each.eligible is False
        grades = each.met.values() if self._by_conditions else ()
        certain = each.grade is not None or self._by_conditions or each.grade_high is None
        known = None not in each.gates.values() and None not in grades
        return each.points is not None and certain and known

    def bounds(self, each: Alike) -> Placed:
        """Return what is possible in a cohort that is not finished; it may be less."""
        if each.eligible is False:
            return self._outside()
        worst = self._rest.number
        if self._moving:
            best = self._best(each)
            low, high = self._rest.grade, self._levels[best].grade
        else:
            best = self._level(each, best=True)
            worst = self._kept(each) if each.eligible else worst
            low, high = self._own_grade(worst), self._own_grade(best)
        return Placed(low if worst == best else None, low, high)

    def _level(self, each: Alike, *, best: bool) -> int:
        """Return the best or the worst level to which a sheet may come by itself."""
        wanted = {True, None} if best else {True}
        met = {grade for grade, met in each.met.items() if met in wanted}
        unmet_ = [gate for gate, met in each.gates.items() if met not in wanted]
        own = own_level(self._levels, each.grade_high if best else each.grade_low, met)
        return max(own, best_level(self._rubric, self._levels, unmet_))

    def _kept(self, each: Alike) -> int:
        """Return the worst level where nobody is lifted: the first one that has room for all."""
        first = self._level(each, best=False)
        before = self._counts.before(each)
        return next(
            level.number
            for level in self._levels[first:]
            if level is self._rest or level.most is None or before <= level.most
        )

    def _own_grade(self, number: int) -> str | None:
        level = self._levels[number]
        return None if level.given == "decision" else level.grade

    def settled(self) -> Placing:
        """Return the places of a cohort that is finished."""
        standings = tuple(self._standings())
        unranked = tuple(f"{n}" for n, each in enumerate(self._classes) if not each.eligible)
        batch = Batch(self._levels, standings, unranked)
        found = settle(batch, {"places": {}, "last": {}}, bounds=True)
        possible = Possible(batch, found)
        grades = {s.studio: possible.grades(s.studio) for s in standings}
        return Placing(
            waiting=sum(s.size for s in standings if len(grades[s.studio]) > 1),
            ties=tuple(_tie(line) for line in possible.open_lines()),
            unmet=tuple(unmet(batch, found)),
            classes=[
                _placed(grades[_name(self._key(each))]) if each.eligible else self._outside()
                for each in self._classes
            ],
        )

    def _standings(self) -> Iterator[Standing]:
        """Yield one standing for all who are alike in points, own level, and best level."""
        sizes = Counter[tuple[Total, int, int]]()
        for each in self._classes:
            if each.eligible:
                sizes[self._key(each)] += each.size
        sharing = Counter[Total]()
        for (points, _, _), size in sizes.items():
            sharing[points] += size
        place, before = 1, 0
        last: Total | None = None
        for key in sorted(sizes, key=lambda key: (-key[0], *key[1:])):
            points, own, best = key
            if points != last:
                place, last = before + 1, points
            before += sizes[key]
            tied = sharing[points] > 1
            size = sizes[key]
            yield Standing(_name(key), place, Fraction(points), tied, own, best, size)

    def _key(self, each: Alike) -> tuple[Total, int, int]:
        met = {grade for grade, met in each.met.items() if met}
        own = own_level(self._levels, each.grade, met)
        return each.points or 0, own, self._best(each)

    def _best(self, each: Alike) -> int:
        unmet_ = [gate for gate, met in each.gates.items() if met is False]
        return best_level(self._rubric, self._levels, unmet_)

    def _outside(self) -> Placed:
        """Return what those get who are not ranked."""
        return Placed(self._rest.grade, self._rest.grade, self._rest.grade)


def _name(key: Iterable[object]) -> str:
    return " ".join(f"{part}" for part in key)


def _placed(possible: tuple[str | None, ...]) -> Placed:
    """Return the grades of somebody who may get these, best first."""
    return Placed(possible[0] if len(possible) == 1 else None, possible[-1], possible[0])


def _tie(line: Line) -> CohortTie:
    return CohortTie(
        grade=str(line.level.grade),
        studios=line.count,
        places=line.places,
        least=line.least,
        last=line.of == "last",
    )
