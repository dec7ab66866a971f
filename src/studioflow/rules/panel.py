"""The panel: several people judge one item, and how their marks become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import lcm
from typing import Literal, TypeVar

from attrs import field, frozen

from studioflow.algebra import (
    All,
    FactFlag,
    FactNumber,
    Interpreter,
    Note,
    Number,
    Numbers,
    RefusedError,
    Required,
    Sum,
    Truth,
    count_of,
    largest,
    smallest,
)
from studioflow.codec import Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.rules.limits import BOUNDS_ORDER, check_limits
from studioflow.text import Message, Text, exact, message

__all__ = ["WAYS", "Judgement", "Panel", "Pool", "Way"]

Way = Literal["mean", "median", "agreed", "all", "majority"]
Judgement = Fraction | bool
"""What one person judged: points, or whether something is met."""
V = TypeVar("V", int, bool)
Values = Mapping[str, V]

MAX_MARKS = 12
"""A median of more marks is a larger term than any rule may be."""

MARKS_DISAGREE = message("marks_disagree", zh="各人一致的评分", en="marks that agree")
TOO_MANY_MARKS = message("too_many_marks", zh="最多{most}人评分", en="at most {most} marks")
NO_MARKS = message("no_marks", zh="至少一个评分", en="at least one mark")
MARKS_AWAITED = message(
    "marks_awaited",
    zh="已有{count}个评分（{marks}），至少需{least}个",
    en="marks so far: {count} ({marks}); at least {least} are needed",
)
CONFIRMATIONS_AWAITED = message(
    "confirmations_awaited",
    zh="已有{count}人确认（{marks}），至少需{least}人",
    en="confirmations so far: {count} ({marks}); at least {least} are needed",
)

WAYS: Mapping[str, tuple[Way, ...]] = {
    "mark": ("mean", "median", "agreed"),
    "confirmation": ("all", "majority", "agreed"),
}
"""The ways of each type of fact that a person gives."""

_SAID: Mapping[tuple[str, bool], Message] = {
    ("mean", False): message(
        "mean_of_marks",
        zh="{count}个评分（{marks}）的平均分：{value}",
        en="mean of {count} marks ({marks}): {value}",
    ),
    ("median", False): message(
        "median_of_marks",
        zh="{count}个评分（{marks}）的中位数：{value}",
        en="median of {count} marks ({marks}): {value}",
    ),
    ("agreed", False): message(
        "agreed_mark", zh="{count}人评分一致：{value}", en="{count} marks agree: {value}"
    ),
    ("all", True): message(
        "confirmed_by_all",
        zh="{count}人确认（{marks}），须全部达到：{value}",
        en="{count} confirmations ({marks}), met if all say so: {value}",
    ),
    ("majority", True): message(
        "confirmed_by_most",
        zh="{count}人确认（{marks}），过半数为达到：{value}",
        en="{count} confirmations ({marks}), met if more than half say so: {value}",
    ),
    ("agreed", True): message(
        "agreed_confirmation",
        zh="{count}人确认一致：{value}",
        en="{count} confirmations agree: {value}",
    ),
}
_WORDS: Mapping[Way, Text] = {
    "mean": Text("取平均分", "their mean counts"),
    "median": Text("取中位数", "their median counts"),
    "agreed": Text("各人须一致", "they have to agree"),
    "all": Text("须全部达到", "all have to say so"),
    "majority": Text("过半数为达到", "more than half have to say so"),
}


def _in_turn(marks: Iterable[Judgement]) -> tuple[Judgement, ...]:
    return tuple(marks)


@frozen
class Pool:
    """Several people's marks of one item, as the value of a fact that has a panel.

    >>> str(Pool([Fraction(15, 2), Fraction(8)]))
    '7.5, 8'

    Attributes:
        marks: points, or whether it is met, in the order in which they were given.
    """

    marks: tuple[Judgement, ...] = field(converter=_in_turn)

    def __str__(self) -> str:
        return ", ".join(
            str(mark).lower() if isinstance(mark, bool) else exact(mark) for mark in self.marks
        )


@frozen(kw_only=True)
class Panel:
    """How several marks of one item become one.

    A mean is exact and may lie between two steps; the median of an even number of marks is the
    mean of the two in the middle; a majority is more than half. Marks that have to agree and do
    not are refused.

    >>> panel = Panel(way="mean", most=9)
    >>> panel.one([Fraction(7), Fraction(8), Fraction(8)])
    Fraction(23, 3)

    Attributes:
        way: of making one of them; each type of fact has its own.
        least: with fewer marks the fact is not known yet.
        most: how many there may be.
    """

    way: Way
    least: int = 1
    most: int

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            highest = Fraction(MAX_MARKS)
            check_limits(Fraction(1), highest, least=Fraction(self.least), most=Fraction(self.most))
        with collector.under():
            if self.least > self.most:
                raise wrong(BOUNDS_ORDER, f"{self.least}, {self.most}")
        collector.finish()

    @property
    def finer(self) -> int:
        """Into how many parts the way may cut the step of a mark."""
        match self.way:
            case "mean":
                return lcm(*range(1, self.most + 1))
            case "median":
                return 1 if self.most == 1 else 2
            case _:
                return 1

    def number(self, marks: Sequence[Number]) -> Number:
        """State what several marks become.

        Each mark stands in it so that more of it is never less: bounds of open marks stay exact.
        """
        match self.way:
            case "mean":
                return Sum(tuple(marks)) * Fraction(1, len(marks))
            case "median":
                middle = (len(marks) - 1) // 2, len(marks) // 2
                return Sum(tuple(_in_order(marks, place) for place in middle)) * Fraction(1, 2)
            case _:
                first, *others = marks
                alike = All(tuple(first.equals(other) for other in others))
                return Required(first, alike, Note(MARKS_DISAGREE))

    def truth(self, marks: Sequence[Truth]) -> Truth:
        """State what several confirmations become."""
        count, met = len(marks), count_of(marks)
        match self.way:
            case "all":
                return All(tuple(marks))
            case "majority":
                return met * 2 > count
            case _:
                alike = (met >= count) | (met <= 0)
                return Required(met, alike, Note(MARKS_DISAGREE)) >= count

    def one(self, marks: Sequence[Judgement]) -> Judgement:
        """Return what marks become that were each checked before.

        Raises:
            InputError: for none or too many, or where they have to agree and do not.
        """
        if not marks:
            raise wrong(NO_MARKS, "[]")
        if len(marks) > self.most:
            raise _told(TOO_MANY_MARKS, f"{len(marks)}", most=self.most)
        names = [str(place) for place in range(len(marks))]
        try:
            if isinstance(marks[0], bool):
                truths = {name: bool(mark) for name, mark in zip(names, marks, strict=True)}
                return _truth_of(self, len(marks))(truths)
            unit = lcm(*(Fraction(mark).denominator for mark in marks))
            units = {
                name: int(Fraction(mark) * unit) for name, mark in zip(names, marks, strict=True)
            }
            whole, denominator = _number_of(self, len(marks), unit)
            return Fraction(whole(units), denominator)
        except RefusedError as refused:
            raise _told(refused.remark.message, str(Pool(marks))) from None

    def said(self, marks: Sequence[Judgement]) -> tuple[Message, dict[str, object]]:
        """Return the sentence for how the marks became one, and what it mentions."""
        said: dict[str, object] = {"count": len(marks), "marks": tuple(marks)}
        confirmed = isinstance(marks[0], bool)
        if len(marks) < self.least:
            awaited = CONFIRMATIONS_AWAITED if confirmed else MARKS_AWAITED
            return awaited, {**said, "least": self.least}
        return _SAID[self.way, confirmed], {**said, "value": self.one(marks)}

    def wording(self, type_: str) -> Text:
        """Return the words for it in the description of a fact of the type."""
        how = _WORDS[self.way]
        many = f"{self.least}–{self.most}" if self.least < self.most else str(self.most)
        what = Text("评分", "marks") if type_ == "mark" else Text("确认", "confirmations")
        return Text(f"由{many}人{what.zh}，{how.zh}", f"{many} {what.en}, {how.en}")


def _in_order(marks: Sequence[Number], place: int) -> Number:
    """State the mark that stands at a place when they are sorted, counted from 0.

    It is the smallest number that so many of them do not exceed; no sorting, so that it stays a
    term in which every mark can be open.
    """
    groups = combinations(marks, place + 1)
    return smallest(*(largest(*group) for group in groups))


# What marks become is compiled once for each number of them, whatever they are.


@cache
def _number_of(panel: Panel, count: int, unit: int) -> tuple[Callable[[Values[int]], int], int]:
    term = panel.number([FactNumber(str(place), unit) for place in range(count)])
    compiled = Interpreter(Numbers()).number(term)
    return lambda units: compiled(units, []), term.denominator


@cache
def _truth_of(panel: Panel, count: int) -> Callable[[Values[bool]], bool]:
    compiled = Interpreter(Numbers()).truth(
        panel.truth([FactFlag(str(place)) for place in range(count)])
    )
    return lambda truths: compiled(truths, [])


def _told(expects: Message, got: str, **parameters: object) -> InputError:
    """Return an error that shows what came together, not what stood in one place."""
    return InputError([Problem(expects, got=got, parameters=parameters)])
