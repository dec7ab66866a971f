"""Complete sets of facts, from the best that a studio can be to one that falls through."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from studioflow.algebra import All, names
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.testing.values import candidates, solved, thresholds

__all__ = ["FullFacts", "full_facts"]

_ROUNDS = 3

Facts = dict[str, object]


@frozen
class FullFacts:
    """Complete sets of facts.

    Attributes:
        best, middling, worst: by their points, once gates and grades are looked at.
        others: one for every other result that a sheet was found to have.
    """

    best: Facts
    middling: Facts
    worst: Facts
    others: tuple[Facts, ...] = ()

    @property
    def all(self) -> tuple[Facts, ...]:
        """Every set, each once, the best first."""
        several = [self.best, *self.others, self.middling, self.worst]
        return tuple(v for n, v in enumerate(several) if v not in several[:n])


def full_facts(policy: Policy) -> FullFacts:
    """Return facts without a gap, for sheets from the best to the worst.

    Two sheets have the same result that meet the same gates, reach the same grades, and have as
    many of the points that grades ask for. The search goes fact by fact, so a result that takes
    several facts at once may not be among them.
    """
    search = _Search(policy)
    best = search.pushed(search.first(), up=True)
    worst = search.pushed(best, up=False)
    # From the best to the worst one fact at a time, those that gates look at last.
    order = sorted(best, key=lambda name: name in search.of_gates)
    steps = [{**best, **{name: worst[name] for name in order[:n]}} for n in range(len(order) + 1)]
    found: dict[object, Facts] = {}
    for values in steps:
        result = search.result(values)
        if result is not None:
            found.setdefault(result, values)
    others = tuple(found.values())
    known = [(each, values) for values in steps if (each := search.points(values)) is not None]
    if not known:
        return FullFacts(best, best, worst, others)
    middle = (known[0][0] + known[-1][0]) / 2
    middling = min(known, key=lambda each: abs(each[0] - middle))[1]
    return FullFacts(best, middling, worst, others)


class _Search:
    """Scores sets of facts, and changes them one fact at a time."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        rubric = policy.rubric
        gates = [gate.condition.truth for gate in rubric.gates.values()]
        needs = [each.truth for grade in rubric.grades.values() for each in grade.needs]
        at = thresholds([*gates, *needs, *rubric.points.values()])
        self.wanted = All((*gates, *needs))
        self.of_gates = names(self.wanted)
        self.tried: Mapping[str, tuple[object, ...]] = {
            name: candidates(fact, at.get(name, ())) for name, fact in policy.facts.items()
        }
        self.marks = sorted(
            grade.at_least for grade in policy.rubric.grades.values() if grade.at_least is not None
        )

    def first(self) -> Facts:
        """Return a value for each fact, a part no more than its whole, with which gates are met."""
        facts = self.policy.facts
        values: Facts = solved(self.wanted, facts, {}, [*self.of_gates], {}) or {}
        for name, tried in self.tried.items():
            if name in values:
                continue
            whole = self.policy.facts[name].at_most
            most = values.get(whole) if whole else None
            fitting = [v for v in tried if most is None or not _more(v, most)]
            if tried:
                values[name] = (fitting or tried)[0]
        return values

    def pushed(self, values: Facts, *, up: bool) -> Facts:
        """Return the facts changed one by one for as long as that brings more, or less."""
        now, reached = dict(values), self._reached(values, up=up)
        for _ in range(_ROUNDS):
            before = reached
            for name, tried in self.tried.items():
                for value in tried if up else reversed(tried):
                    changed = {**now, name: value}
                    result = self._reached(changed, up=up)
                    if result is not None and (reached is None or result > reached):
                        now, reached = changed, result
            if reached == before:
                break
        return now

    def result(self, values: Facts) -> object:
        """Return what tells one sheet from another; None where the facts do not fit together."""
        sheet = self._sheet(values)
        if sheet is None:
            return None
        points = sheet.total.points
        met = tuple(gate.met for gate in sheet.gates)
        passed = sum(points is not None and points >= mark for mark in self.marks)
        return met, sheet.grade, tuple(result.met for result in sheet.grades), passed

    def points(self, values: Facts) -> Fraction | None:
        """Return the total; None where it is withheld, or the facts do not fit together."""
        sheet = self._sheet(values)
        return None if sheet is None else sheet.total.points

    def _reached(self, values: Facts, *, up: bool) -> tuple[int, Fraction] | None:
        """Return how good, or how bad, a sheet is: by gates and grades before points."""
        sheet = self._sheet(values)
        if sheet is None:
            return None
        points = sheet.total.points or Fraction(0)
        met = [gate.met for gate in sheet.gates].count(True)
        met += [grade.met for grade in sheet.grades].count(True)
        return (met, points) if up else (-met, -points)

    def _sheet(self, values: Facts) -> ScoreSheet | None:
        try:
            return self.policy.score(values)
        except InputError:
            return None


def _more(value: object, most: object) -> bool:
    numbers = isinstance(value, int | Fraction) and isinstance(most, int | Fraction)
    return numbers and value > most  # type: ignore[operator]
