"""Several marks and what they become, as terms in which every mark can be open, and computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations
from math import lcm
from typing import Literal, NamedTuple, TypeVar

from attrs import field, frozen

from studioflow.algebra import (
    All,
    FactFlag,
    FactNumber,
    Interpreter,
    Note,
    Number,
    Numbers,
    Required,
    Sum,
    Truth,
    clip,
    count_of,
    largest,
    smallest,
)
from studioflow.text import exact, message

__all__ = [
    "MARKS_DISAGREE",
    "TRIMMED",
    "Judgement",
    "Part",
    "Pool",
    "Way",
    "computed",
    "computed_truth",
    "stated",
    "stated_truth",
]

Way = Literal["mean", "trimmed_mean", "median", "agreed", "all", "majority"]
Judgement = Fraction | bool
"""What one person judged: points, or whether something is met."""
V = TypeVar("V", int, bool)
Values = Mapping[str, V]

TRIMMED = 2
"""How many marks are dropped: the highest and the lowest."""

MARKS_DISAGREE = message("marks_disagree", zh="各人一致的评分", en="marks that agree")


def _in_turn(marks: Iterable[Judgement]) -> tuple[Judgement, ...]:
    return tuple(marks)


@frozen
class Pool:
    """Several people's marks of one item, as the value of a fact that has a panel.

    >>> str(Pool([Fraction(15, 2), Fraction(8)]))
    '7.5, 8'

    Attributes:
        marks: points, or whether it is met, in the order in which they were given.
        roles: in which each mark was given; empty where the panel makes no difference.
        void: the roles of those who marked, too, but whose mark is void.
    """

    marks: tuple[Judgement, ...] = field(converter=_in_turn)
    roles: tuple[str, ...] = field(default=(), converter=tuple[str, ...])
    void: tuple[str, ...] = field(default=(), converter=tuple[str, ...])

    def __str__(self) -> str:
        return ", ".join(
            str(mark).lower() if isinstance(mark, bool) else exact(mark) for mark in self.marks
        )

    @property
    def cast(self) -> int:
        """How many marks were cast, valid or void."""
        return len(self.marks) + len(self.void)

    def of(self, role: str) -> Pool:
        """Return those of one role."""
        given = [mark for mark, by in zip(self.marks, self.roles, strict=True) if by == role]
        return Pool(given, [role] * len(given), [by for by in self.void if by == role])


class Part(NamedTuple):
    """The marks of a group: how much of all they are, which they are, how they become one."""

    weight: Fraction
    places: tuple[int, ...]
    way: Way


def stated(marks: Sequence[Number], parts: Sequence[Part]) -> Number:
    """State what marks become; more of a mark is never less."""
    weighed = [(_way_of([marks[n] for n in part.places], part.way), part.weight) for part in parts]
    if len(weighed) == 1:
        return weighed[0][0]
    return Sum(tuple(number * weight for number, weight in weighed))


def _way_of(marks: Sequence[Number], way: Way) -> Number:
    match way:
        case "mean":
            return Sum(tuple(marks)) * Fraction(1, len(marks))
        case "trimmed_mean":
            return Sum(tuple(_inner(marks))) * Fraction(1, len(marks) - TRIMMED)
        case "median":
            middle = (len(marks) - 1) // 2, len(marks) // 2
            return Sum(tuple(_in_order(marks, place) for place in middle)) * Fraction(1, 2)
        case _:
            first, *others = marks
            alike = All(tuple(first.equals(other) for other in others))
            return Required(first, alike, Note(MARKS_DISAGREE))


def _inner(marks: Sequence[Number]) -> Iterable[Number]:
    """State marks that add up to all but the highest and the lowest of them.

    With each mark that comes, the highest and the lowest so far may change places with it: what
    then is neither of the two is the mark, kept between the highest and the lowest before.
    """
    for place in range(TRIMMED, len(marks)):
        before = marks[:place]
        yield clip(marks[place], smallest(*before), largest(*before))


def _in_order(marks: Sequence[Number], place: int) -> Number:
    """State the mark that stands at a place when they are sorted, counted from 0.

    It is the smallest number that so many of them do not exceed; no sorting, so that it stays a
    term in which every mark can be open.
    """
    groups = combinations(marks, place + 1)
    return smallest(*(largest(*group) for group in groups))


def computed(parts: tuple[Part, ...], marks: Sequence[Judgement]) -> Fraction:
    """Return what marks become."""
    numbers = [Fraction(mark) for mark in marks]
    unit = lcm(*(mark.denominator for mark in numbers))
    units = {str(place): int(mark * unit) for place, mark in enumerate(numbers)}
    whole, denominator = _number_of(parts, len(numbers), unit)
    return Fraction(whole(units), denominator)


@lru_cache(maxsize=512)
def _number_of(  # compiled once for as many marks in such groups, whatever they are
    parts: tuple[Part, ...], count: int, unit: int
) -> tuple[Callable[[Values[int]], int | Fraction], int]:
    term = stated([FactNumber(str(place), unit) for place in range(count)], parts)
    compiled = Interpreter(Numbers()).number(term)
    return lambda units: compiled(units, []), term.denominator


def stated_truth(marks: Sequence[Truth], way: Way) -> Truth:
    """State what several confirmations become."""
    count, met = len(marks), count_of(marks)
    match way:
        case "all":
            return All(tuple(marks))
        case "majority":
            return met * 2 > count
        case _:
            alike = (met >= count) | (met <= 0)
            return Required(met, alike, Note(MARKS_DISAGREE)) >= count


def computed_truth(way: Way, marks: Sequence[Judgement]) -> bool:
    """Return what confirmations become."""
    truths = {str(place): bool(mark) for place, mark in enumerate(marks)}
    return _truth_of(way, len(marks))(truths)


@cache
def _truth_of(way: Way, count: int) -> Callable[[Values[bool]], bool]:
    term = stated_truth([FactFlag(str(place)) for place in range(count)], way)
    compiled = Interpreter(Numbers()).truth(term)
    return lambda truths: compiled(truths, [])
