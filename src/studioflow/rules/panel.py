"""The panel: several people judge one item, and how their marks become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Literal

from attrs import field, frozen

from studioflow.algebra import Number, Truth
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.rules import panel_words
from studioflow.rules.limits import BOUNDS_ORDER, check_limits
from studioflow.rules.pooling import (
    MARKS_DISAGREE,
    TRIMMED,
    Judgement,
    Part,
    Pool,
    Way,
    computed,
    computed_truth,
    stated,
    stated_truth,
)
from studioflow.text import Message, Text, exact, message

__all__ = ["WAYS", "Judgement", "Panel", "Pool", "Way"]

MAX_MARKS = 100
MAX_MEDIAN = 12
"""A median of more marks is a larger term than any rule may be."""
TRIM_ABOVE = 2

TOO_MANY_MARKS = message("too_many_marks", zh="最多{most}人评分", en="at most {most} marks")
NO_MARKS = message("no_marks", zh="至少一个评分", en="at least one mark")
ROLES_OF_MARKS = message(
    "roles_of_marks",
    zh="每个评分者的角色，为以下之一：{roles}",
    en="the role in which each mark was given, one of: {roles}",
)
PANEL_KEY_UNUSED = message(
    "panel_key_unused", zh="没有 {key} 的 {way}", en="the way {way} without {key}"
)
WEIGHTS = message(
    "weights",
    zh="各组大于0、合计100的百分数",
    en="a per cent above 0 for each group, 100 in all",
)
GROUP_OF_EACH = message(
    "group_of_each",
    zh="from 中每个角色各一组：{roles}",
    en="one group for each role in from: {roles}",
)
TOO_MANY_GROUPS = message(
    "too_many_groups", zh="不超过 most = {most} 组", en="no more groups than most = {most}"
)

WAYS: Mapping[str, tuple[Way, ...]] = {
    "mark": ("mean", "trimmed_mean", "median", "agreed"),
    "confirmation": ("all", "majority", "agreed"),
}
"""The ways of each type of fact that a person gives."""


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
        most: how many valid ones there may be.
        trim_above: a trimmed mean leaves out the highest and the lowest of more marks than that;
            None for the usual 2.
        groups: the per cent that the marks of each role count; the way is applied within each
            group, and every group has to have a mark.
        counts: whether `least` and `trim_above` look at the valid marks or at all that were cast.
    """

    way: Way
    least: int = 1
    most: int
    trim_above: int | None = None
    groups: Mapping[str, Fraction] = field(factory=dict)
    counts: Literal["valid", "cast"] = "valid"

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            highest = Fraction(MAX_MEDIAN if self.way == "median" else MAX_MARKS)
            check_limits(Fraction(1), highest, least=Fraction(self.least), most=Fraction(self.most))
        with collector.under():
            if self.least > self.most:
                raise wrong(BOUNDS_ORDER, f"{self.least}, {self.most}")
        with collector.under():
            self._check_trimming()
        with collector.under("groups"):
            self._check_groups()
        collector.finish()

    def _check_trimming(self) -> None:
        if self.trim_above is None:
            return
        collector = Collector()
        with collector.under("trim_above"):
            if self.way != "trimmed_mean":
                raise wrong(PANEL_KEY_UNUSED, self.trim_above, key="trim_above", way=self.way)
        collector.finish()
        limits = Fraction(TRIM_ABOVE), Fraction(max(self.most, TRIM_ABOVE))
        check_limits(*limits, trim_above=Fraction(self.trim_above))

    def _check_groups(self) -> None:
        if not self.groups:
            return
        if self.way not in WAYS["mark"]:
            raise wrong(PANEL_KEY_UNUSED, list(self.groups), key="groups", way=self.way)
        weights = self.groups.values()
        if sum(weights) != 100 or min(weights) <= 0:  # noqa: PLR2004 - per cent
            raise _told(WEIGHTS, ", ".join(map(exact, weights)))
        if len(self.groups) > self.most:
            raise _told(TOO_MANY_GROUPS, str(len(self.groups)), most=self.most)

    def check_for(self, type_: str, roles: Sequence[str]) -> None:
        """Check that a fact of the type, judged by these roles, can have this panel.

        Raises:
            InputError: for a way of another type, or groups that are not those of the roles.
        """
        collector = Collector()
        with collector.under("way"):
            if self.way not in WAYS[type_]:
                raise wrong(UNKNOWN_NAME, self.way, known=WAYS[type_])
        for role in self.groups:
            with collector.under("groups", role):
                if role not in roles:
                    raise wrong(UNKNOWN_NAME, role, known=roles)
        with collector.under("groups"):
            # A mark of another role would count for nothing, and nobody would see it.
            if self.groups and not {*roles} <= self.groups.keys():
                raise _told(GROUP_OF_EACH, ", ".join(self.groups), roles=tuple(roles))
        collector.finish()

    @property
    def finer(self) -> int:
        """Into how many parts the panel may cut the step of a mark."""
        if not self.groups:
            return self._cuts(self.most)
        # Every group has a mark, which leaves so many for one of them.
        weighed = lcm(*(Fraction(weight, 100).denominator for weight in self.groups.values()))
        return self._cuts(self.most - len(self.groups) + 1) * weighed

    def _cuts(self, most: int) -> int:
        match self.way:
            case "mean" | "trimmed_mean":
                return _any_mean(most)
            case "median":
                return 1 if most == 1 else 2
            case _:
                return 1

    def number(self, marks: Sequence[Number], pool: Pool | None = None) -> Number:
        """State what several marks become.

        Each mark stands in it so that more of it is never less: bounds of open marks stay exact.

        Args:
            marks: the terms.
            pool: in the same order, where roles or void marks matter; its marks are not looked at.
        """
        alike = Pool([Fraction(0)] * len(marks))
        return stated(marks, self._parts(alike if pool is None else pool))

    def _parts(self, pool: Pool) -> tuple[Part, ...]:
        whole = tuple(range(len(pool.marks)))
        if not self.groups:
            return (Part(Fraction(1), whole, self.applied(pool)),)
        return tuple(
            Part(
                Fraction(weight, 100),
                tuple(place for place in whole if pool.roles[place] == role),
                self.applied(pool.of(role)),
            )
            for role, weight in self.groups.items()
        )

    def applied(self, pool: Pool) -> Way:
        """Return the way as it is applied to these marks: of few none is left out."""
        if self.way != "trimmed_mean":
            return self.way
        # Void marks may be many, and still something has to be left of the others.
        trimmed = self._counted(pool) > self.above and len(pool.marks) > TRIMMED
        return "trimmed_mean" if trimmed else "mean"

    @property
    def above(self) -> int:
        """More marks than these are trimmed."""
        return TRIM_ABOVE if self.trim_above is None else self.trim_above

    def _counted(self, pool: Pool) -> int:
        return pool.cast if self.counts == "cast" else len(pool.marks)

    def truth(self, marks: Sequence[Truth]) -> Truth:
        """State what several confirmations become."""
        return stated_truth(marks, self.way)

    def missing(self, pool: Pool) -> tuple[str, ...]:
        """Return the groups that have no mark yet."""
        return tuple(role for role in self.groups if role not in pool.roles)

    def waits(self, pool: Pool) -> bool:
        """Return whether more marks than these are wanted, so that nothing is known yet."""
        return self._counted(pool) < self.least or bool(self.missing(pool))

    def check(self, pool: Pool) -> None:
        """Check that marks fit together, whether or not more are wanted.

        Raises:
            InputError: for none or too many, where they have to agree and do not, or where groups
                are weighed and a mark is of none.
        """
        if not pool.marks:
            raise wrong(NO_MARKS, "[]")
        if len(pool.marks) > self.most:
            raise _told(TOO_MANY_MARKS, f"{len(pool.marks)}", most=self.most)
        if not self.groups:
            groups = [pool]
        elif len(pool.roles) == len(pool.marks) and {*pool.roles, *pool.void} <= self.groups.keys():
            groups = [pool.of(role) for role in self.groups]
        else:
            got = ", ".join(pool.roles) or "[]"
            raise _told(ROLES_OF_MARKS, got, roles=tuple(self.groups))
        if self.way == "agreed" and any(len({*group.marks}) > 1 for group in groups):
            raise _told(MARKS_DISAGREE, str(pool))

    def one(self, marks: Pool | Sequence[Judgement]) -> Judgement:
        """Return what marks become that were each checked before, and of which none is awaited.

        Raises:
            InputError: as `check` does, and for a group without any mark.
        """
        pool = marks if isinstance(marks, Pool) else Pool(marks)
        self.check(pool)
        for role in self.missing(pool):
            raise _told(NO_MARKS, role)
        if isinstance(pool.marks[0], bool):
            return computed_truth(self.way, pool.marks)
        return computed(self._parts(pool), pool.marks)

    def within(self, group: Pool) -> Fraction:
        """Return what the marks of one group become, before the group is weighed."""
        whole = tuple(range(len(group.marks)))
        return computed((Part(Fraction(1), whole, self.applied(group)),), group.marks)

    def said(self, marks: Pool | Sequence[Judgement]) -> tuple[Message, dict[str, object]]:
        """Return the sentence for how the marks became one, and what it mentions."""
        pool = marks if isinstance(marks, Pool) else Pool(marks)
        value = None if self.waits(pool) else self.one(pool)
        return panel_words.said(self, pool, value)

    def wording(self, type_: str) -> Text:
        """Return the words for it in the description of a fact of the type."""
        return panel_words.wording(self, type_)


@cache
def _any_mean(most: int) -> int:
    """Return into how many parts a mean of up to so many marks may cut a step."""
    return lcm(*range(1, most + 1))


def _told(expects: Message, got: str, **parameters: object) -> InputError:
    """Return an error that shows what came together, not what stood in one place."""
    return InputError([Problem(expects, got=got, parameters=parameters)])
