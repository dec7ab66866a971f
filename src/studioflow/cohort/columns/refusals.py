"""What is wrong with a row of a cohort, in the words of what checks one studio."""

from __future__ import annotations

from collections.abc import Mapping

from studioflow.codec import WRONG_TYPE, wrong
from studioflow.cohort.columns.given import steps_of
from studioflow.cohort.columns.parsing import BEYOND_LIMIT, Span
from studioflow.cohort.columns.parts import Pair
from studioflow.errors import InputError, Problem
from studioflow.rules import Fact, known
from studioflow.rules.facts import OFF_STEP
from studioflow.rules.known import LESS_THAN_PART, MORE_THAN_WHOLE

__all__ = ["above_whole", "misfit"]


def misfit(fact: Fact, code: str, value: object) -> Problem:
    """Return why a value does not fit its fact.

    Args:
        fact: that it is of.
        code: of what is wrong with it.
        value: as it would be handed in for one studio; None where it could not be read.
    """
    if code == BEYOND_LIMIT.code:
        span = Span.of(fact)
        return wrong(BEYOND_LIMIT, value, low=span.least, high=span.most).problems[0]
    if code == OFF_STEP.code:
        # A float may have more digits than any number that is handed in for one studio.
        return wrong(OFF_STEP, value, step=steps_of(fact)).problems[0]
    try:
        fact.units(value)
    except InputError as error:
        return error.problems[0]
    return wrong(WRONG_TYPE, value, type=fact.type).problems[0]


def above_whole(facts: Mapping[str, Fact], pair: Pair, values: Mapping[str, object]) -> Problem:
    """Return why a part can not be at most its whole.

    Args:
        facts: all that hang together with the two.
        pair: the two.
        values: of the facts, as they would be handed in for one studio.
    """
    within = {name: value for name, value in values.items() if _in_cohort(facts[name], value)}
    found: list[Problem] = []
    try:
        known(facts, within)
    except InputError as error:
        codes = {LESS_THAN_PART.code, MORE_THAN_WHOLE.code}
        found = [each for each in error.problems if each.code in codes]
    told = [each for each in found if each.path == pair.column] or found
    if told:
        return told[0]
    got, limit = values.get(pair.part), values.get(pair.whole)
    return wrong(MORE_THAN_WHOLE, got, whole=pair.whole, limit=limit).problems[0]


def _in_cohort(fact: Fact, value: object) -> bool:
    """Return whether a value fits its fact, and is not beyond what a cohort takes."""
    if value is None:
        return False
    try:
        units = fact.units(value)
    except InputError:
        return False
    number = fact.value(units)
    return not fact.numeric or Span.of(fact).has(number)  # type: ignore[arg-type]
