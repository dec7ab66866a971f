"""Checks that the places of all grades fit each other, whatever the size of the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from studioflow.codec import Collector
from studioflow.errors import InputError, Problem
from studioflow.rubric import Grade
from studioflow.rubric.places import Places
from studioflow.rules.amount import Amount
from studioflow.text import Message, exact, message

__all__ = ["check_places"]

_ALL = Fraction(100)

MINIMUMS_ABOVE_ALL = message(
    "minimums_above_all",
    zh="各等级 at_least 的百分比之和不超过100",
    en="at_least of all grades that are 100 per cent together, or less",
)
TOO_FEW_PLACES = message(
    "too_few_places",
    zh="各等级 at_most 的百分比之和不少于100，否则有的工作室没有等级",
    en="at_most of all grades that are 100 per cent together, or more: else some have no grade",
)
LAST_OF_BEST = message(
    "last_of_best",
    zh="非最高等级：最高等级的 last 不起作用",
    en="a grade below the best one: to get the best one at best changes nothing",
)


def check_places(collector: Collector, grades: Mapping[str, Grade]) -> None:
    """Check what can be known of places before there is a batch.

    That a minimum is not above its own limit, `Places` checks itself.
    """
    for name in list(grades)[:1]:
        places = grades[name].places
        with collector.under("grades", name, "places", "last"):
            if places is not None and places.last is not None and not grades[name].otherwise:
                raise _told(LAST_OF_BEST, places.last.wording().en)
    with collector.under("grades"):
        least = _per_cents(grades, lambda places: places.at_least)
        if (together := sum(least.values(), Fraction(0))) > _ALL:
            raise _told(MINIMUMS_ABOVE_ALL, exact(together))
    with collector.under("grades"):
        most = _per_cents(grades, lambda places: places.at_most)
        limited = len(most) == len(grades) and any(grade.otherwise for grade in grades.values())
        if limited and (together := sum(most.values(), Fraction(0))) < _ALL:
            raise _told(TOO_FEW_PLACES, exact(together))


def _per_cents(
    grades: Mapping[str, Grade], which: Callable[[Places], Amount | None]
) -> dict[str, Fraction]:
    """Return the per cents of those grades that have some."""
    amounts = {
        name: which(grade.places) for name, grade in grades.items() if grade.places is not None
    }
    return {
        name: amount.percent
        for name, amount in amounts.items()
        if amount is not None and amount.percent is not None
    }


def _told(expects: Message, got: str) -> InputError:
    """Return an error that shows what was computed, not what stood in the file."""
    return InputError([Problem(expects, got=got)])
