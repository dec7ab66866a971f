"""Rules whose values depend on a fact, such as `{ by = "cycle", otherwise = 16, "2" = 20 }`.

The rule is built once for each way that it can be, and the ways are joined by a choice. So every
kind has this for every value, and none knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from attrs import frozen

from studioflow.algebra import Choose, ChooseTruth, Number, Truth
from studioflow.errors import InputError, Problem
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import ALWAYS, Condition, Quantity, Scoring, common_unit
from studioflow.rules.ways import Way, any_way, ways
from studioflow.rules.wording import joined
from studioflow.text import Text

__all__ = ["ByFact", "InWays", "joined_conditions", "joined_quantities", "joined_scorings"]

R = TypeVar("R")
Found = Sequence[tuple[Truth | None, R]]
"""What was built for each way: the first whose truth holds is meant, else the last."""


class InWays:
    """Builds rules, each in all the ways that it can be.

    What stands inside such a rule is the same in most of its ways, and is built once: rules inside
    rules would otherwise be built so often as there are ways of all of them together.
    """

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._depth = 0
        # The tables are kept beside what was built: an id is unique only while its object lives.
        self._shared: dict[tuple[int, object], tuple[object, Any]] = {}

    def built(self, rule: object, build: Callable[[object], R], join: Callable[[Found[R]], R]) -> R:
        """Return what `build` makes of a rule, joined where it can be in several ways.

        Raises:
            InputError: with every problem of every way, once, and at its place in the file.
        """
        if not isinstance(rule, Mapping):
            return build(rule)
        if not self._depth:
            try:
                return self._in_ways(rule, build, join)
            finally:
                self._shared.clear()
        key = (id(rule), join)
        if key not in self._shared:
            try:
                self._shared[key] = (rule, self._in_ways(rule, build, join))
            except InputError as error:
                self._shared[key] = (rule, error)
        outcome: Any = self._shared[key][1]
        if isinstance(outcome, InputError):
            raise InputError(outcome.problems)
        made: R = outcome
        return made

    def _in_ways(
        self, rule: Mapping[str, Any], build: Callable[[object], R], join: Callable[[Found[R]], R]
    ) -> R:
        found = self._ways(rule, build) if "kind" in rule else []
        if not found:
            return build(rule)
        self._depth += 1
        try:
            return join(self._each(found, build, join))
        finally:
            self._depth -= 1

    def _ways(self, rule: Mapping[str, Any], build: Callable[[object], R]) -> list[Way]:
        try:
            return ways(rule, self._facts)
        except InputError as error:
            # What else is wrong with the rule is told at once.
            problems = list(error.problems)
            if (way := any_way(rule)) is not None:
                try:
                    build(way.table)
                except InputError as other:
                    problems += [way.at_home(problem) for problem in other.problems]
            raise InputError(problems) from None

    def _each(
        self, found: Sequence[Way], build: Callable[[object], R], join: Callable[[Found[R]], R]
    ) -> Found[R]:
        problems: list[Problem] = []
        made: list[tuple[Truth | None, R]] = []
        for way in found:
            try:
                # Values that depend on another fact are still in it.
                made.append((way.when, self._in_ways(way.table, build, join)))
            except InputError as error:
                at_home = [way.at_home(problem) for problem in error.problems]
                problems += [problem for problem in at_home if problem not in problems]
        if problems:
            raise InputError(problems)
        return made


@frozen(eq=False)
class ByFact(Scoring):
    """A scoring rule that is another one by a fact: the first whose truth holds, else the last."""

    rules: Found[Scoring]

    def points(self) -> Number:
        """See `Scoring`."""
        return self._points

    def floor(self) -> Number:
        """See `Scoring`."""
        return self._floor

    # Stated once: such rules inside each other are asked again in each way of those around them.

    @cached_property
    def _points(self) -> Number:
        return _number([(when, rule.points()) for when, rule in self.rules])

    @cached_property
    def _floor(self) -> Number:
        return _number([(when, rule.floor()) for when, rule in self.rules])


def joined_scorings(found: Found[Scoring]) -> Scoring:
    """Return the scoring rule that is one of these, each by what holds of a fact."""
    return ByFact(found)


def joined_conditions(found: Found[Condition]) -> Condition:
    """Return the condition that is one of these, each by what holds of a fact."""
    return Condition(
        _truth([(when, each.truth) for when, each in found]),
        _truth([(when, each.bare) for when, each in found]),
        _label(each.label for _, each in found),
        _truth([(when, each.defined) for when, each in found]),
    )


def joined_quantities(found: Found[Quantity]) -> Quantity:
    """Return the quantity that is one of these, each by what holds of a fact."""
    return Quantity(
        _number([(when, each.number) for when, each in found]),
        _label(each.label for _, each in found),
        common_unit(each for _, each in found),
        _truth([(when, each.defined) for when, each in found]),
    )


def _label(labels: Iterable[Text]) -> Text:
    return joined(dict.fromkeys(labels), "／", " / ")


def _number(found: Found[Number]) -> Number:
    *others, (_, chosen) = found
    for when, each in reversed(others):
        chosen = Choose(when or ALWAYS, each, chosen)
    return chosen


def _truth(found: Found[Truth]) -> Truth:
    *others, (_, chosen) = found
    for when, each in reversed(others):
        # What is always so needs no choice.
        chosen = chosen if each is chosen else ChooseTruth(when or ALWAYS, each, chosen)
    return chosen
