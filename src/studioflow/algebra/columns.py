"""The third interpretation: a column for every fact, with one row a studio.

It says of every row what `Ranges` says of one studio. A fact that may be missing is a low and a
high column; no engine ever sees a null, since engines disagree about what comes of one. Reasons
are not given: whoever wants them scores that one studio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from studioflow.algebra import ends
from studioflow.algebra.cells import NotInColumnsError
from studioflow.algebra.ends import End
from studioflow.algebra.flags import Flag, both, either, not_, note_implied, picked
from studioflow.algebra.interpretation import Annotation, Interpreter
from studioflow.algebra.terms import (
    FactFlag,
    FactIs,
    FactNumber,
    Number,
    Opaque,
    Rounding,
    Truth,
)
from studioflow.algebra.ways import higher_of, lower_of

__all__ = [
    "Column",
    "Columns",
    "NumberColumn",
    "TruthColumn",
    "WordColumn",
    "number_column",
    "truth_column",
]


@frozen(eq=False)
class NumberColumn:
    """What a number can be in each row, in units of its term's denominator.

    Attributes:
        low, high: the ends.
        empty: no valid value is left.
        hinged: where one value is left, that facts that are missing decide whether it is valid;
            elsewhere it says nothing.
        certain: that the value is certain, where somebody else has said so; None if not.
    """

    low: End
    high: End
    empty: Flag = False
    hinged: Flag = False
    certain: Flag | None = None

    @property
    def exact(self) -> bool:
        """Whether every row has one value."""
        return self.low.same(self.high)

    @property
    def pinned(self) -> Flag:
        """Only one value is left."""
        return ends.pinned(self.low, self.high)

    @property
    def known(self) -> Flag:
        """The value is certain."""
        if self.certain is not None:
            return self.certain
        return both(self.pinned, not_(self.hinged))


@frozen(eq=False)
class TruthColumn:
    """Whether something holds in each row.

    Attributes:
        sure: it holds.
        possible: it holds or is not decided.
        empty: it compares a number that has no valid value left.
    """

    sure: Flag
    possible: Flag
    empty: Flag = False

    def __attrs_post_init__(self) -> None:
        if self.empty is False:  # elsewhere there are rows of which neither says anything
            note_implied(self.sure, self.possible)

    @property
    def decided(self) -> bool:
        """Whether it is decided in all rows."""
        return self.sure is self.possible  # nodes that say the same are one object


@frozen(eq=False)
class WordColumn:
    """A choice: for every word, where it is that and where it may be."""

    words: Mapping[str, TruthColumn]


Column = NumberColumn | TruthColumn | WordColumn
Given = Mapping[str, Column]
Noted = Annotation[NumberColumn, TruthColumn]


def number_column(term: Number, given: Given) -> NumberColumn:
    """Return a number in columns.

    Args:
        term: the number.
        given: its facts, as the terms say.

    Raises:
        NotInColumnsError: where Python computes a part, or numbers get too large for 64 bits.
    """
    return Interpreter(Columns(given), notes=False).number(term)


def truth_column(term: Truth, given: Given) -> TruthColumn:
    """Return a truth in columns; see `number_column`."""
    return Interpreter(Columns(given), notes=False).truth(term)


class Columns:
    """Computes terms over columns of facts."""

    def __init__(self, given: Given) -> None:
        self._given: Mapping[str, Any] = given  # as the terms say; whoever fills it checks

    def constant(self, value: int) -> NumberColumn:
        end = ends.number(value)
        return NumberColumn(end, end)

    def number(self, fact: FactNumber) -> NumberColumn:
        column: NumberColumn = self._given[fact.name]
        return column

    def add(self, terms: Sequence[NumberColumn]) -> NumberColumn:
        low = ends.added([term.low for term in terms])
        exact = all(term.exact for term in terms)
        high = low if exact else ends.added([term.high for term in terms])
        return _made(low, high, terms, all_pinned=True)

    def multiply(self, left: NumberColumn, right: NumberColumn) -> NumberColumn:
        if left.low.known is not None and left.exact:
            left, right = right, left
        factor = right.low.known if right.exact else None
        if factor is not None:
            low, high = (_scaled(end, factor) for end in (left.low, left.high))
            if left.exact:
                high = low
            low_high = (low, high) if factor >= 0 else (high, low)
            return _made(*low_high, (left, right), all_pinned=factor != 0)
        exact = left.exact and right.exact
        if exact or (left.low.least >= 0 and right.low.least >= 0):
            low = ends.times(left.low, right.low)
            return _made(low, low if exact else ends.times(left.high, right.high), (left, right))
        sides = [(one.low, one.high) for one in (left, right)]
        if any(end.endless is not False for side in sides for end in side):
            raise NotInColumnsError("an infinite number is multiplied by one that may be below 0")
        corners = [ends.times(one, other) for one in sides[0] for other in sides[1]]
        low = ends.smallest(corners, endless_is_low=True)
        return _made(low, ends.largest(corners, endless_is_low=False), (left, right))

    def divide(self, left: NumberColumn, right: NumberColumn) -> NumberColumn:
        # Nobody looks at it where the divisor is below 1.
        one = ends.number(1)
        finite = right.low.endless is False
        least = right.low if finite else ends.largest([right.low, one], endless_is_low=True)
        low = _over(left.low, right.high, below_0=least)
        exact = left.exact and right.exact
        high = low if exact else _over(left.high, least, below_0=right.high)
        made = _made(low, high, (left, right))
        return evolve(made, empty=either(made.empty, not_(_at_least_one(right.high))))

    def rounded(self, value: NumberColumn, times: int, over: int, way: Rounding) -> NumberColumn:
        factor = Fraction(times, over)
        low = ends.rounded(value.low, factor, way)
        high = low if value.exact else ends.rounded(value.high, factor, way)
        return _made(low, high, (value,))

    def opaque(
        self,
        term: Opaque,
        numbers: Sequence[tuple[NumberColumn, int]],
        truths: Sequence[TruthColumn],
    ) -> NumberColumn:
        del numbers, truths
        raise NotInColumnsError(f"{term.function!r} is computed by Python")

    def smallest(self, terms: Sequence[NumberColumn]) -> NumberColumn:
        low = ends.smallest([term.low for term in terms], endless_is_low=True)
        if all(term.exact for term in terms):
            return _made(low, low, terms)
        high = ends.smallest([term.high for term in terms], endless_is_low=False)
        return _made(low, high, terms)

    def largest(self, terms: Sequence[NumberColumn]) -> NumberColumn:
        low = ends.largest([term.low for term in terms], endless_is_low=True)
        if all(term.exact for term in terms):
            return _made(low, low, terms)
        high = ends.largest([term.high for term in terms], endless_is_low=False)
        return _made(low, high, terms)

    def choose(
        self, condition: TruthColumn, then: NumberColumn, otherwise: NumberColumn
    ) -> NumberColumn:
        sure, possible = condition.sure, condition.possible
        empty = picked(sure, then.empty, both(otherwise.empty, either(not_(possible), then.empty)))
        empty = either(condition.empty, empty)
        if condition.decided:
            low = ends.choose(sure, then.low, otherwise.low)
            exact = then.exact and otherwise.exact
            high = low if exact else ends.choose(sure, then.high, otherwise.high)
            return NumberColumn(low, high, empty, picked(sure, then.hinged, otherwise.hinged))
        # Where it is not decided, a way without any valid value does not count.
        one = both(possible, not_(then.empty))
        other = both(not_(sure), not_(otherwise.empty))
        low = lower_of(one, then.low, other, otherwise.low)
        high = higher_of(one, then.high, other, otherwise.high)
        undecided = both(possible, not_(sure))
        hinged = either(
            both(sure, then.hinged),
            both(not_(possible), otherwise.hinged),
            both(
                undecided,
                either(then.hinged, otherwise.hinged, then.empty, otherwise.empty),
            ),
        )
        return NumberColumn(low, high, empty, hinged)

    def within(self, value: NumberColumn, low: int, high: int, refusal: Noted) -> NumberColumn:
        del refusal
        least, most = ends.number(low), ends.number(high)
        inside = both(
            either(value.high.endless, ends.reaches(value.high, least)),
            either(value.low.endless, ends.reaches(most, value.low)),
        )
        empty = either(value.empty, not_(inside))
        if value.exact:  # where it is outside, there is no value to be kept
            return evolve(value, empty=empty)
        kept_low = ends.largest([value.low, least], endless_is_low=True)
        kept_high = ends.smallest([value.high, most], endless_is_low=False)
        hinged = either(value.hinged, not_(value.pinned))
        return NumberColumn(kept_low, kept_high, empty, hinged)

    def required(self, condition: TruthColumn, value: NumberColumn, refusal: Noted) -> NumberColumn:
        del refusal
        refused = either(condition.empty, not_(condition.possible))
        return evolve(value, empty=either(value.empty, refused))

    def explained(self, value: NumberColumn, note: Noted) -> NumberColumn:
        del note
        return value

    def certain(self, *, value: bool) -> TruthColumn:
        return TruthColumn(value, value)

    def flag(self, fact: FactFlag) -> TruthColumn:
        column: TruthColumn = self._given[fact.name]
        return column

    def one_of(self, fact: FactIs) -> TruthColumn:
        words: WordColumn = self._given[fact.name]
        asked = [column for word, column in words.words.items() if word in fact.values]
        if len(asked) == len(words.words):
            return TruthColumn(sure=True, possible=True)
        sure = either(*(column.sure for column in asked))
        if all(column.decided for column in asked):
            return TruthColumn(sure, sure)
        return TruthColumn(sure, either(*(column.possible for column in asked)))

    def at_least(self, left: NumberColumn, right: NumberColumn) -> TruthColumn:
        empty = either(left.empty, right.empty)
        finite = both(not_(left.low.endless), not_(right.high.endless))
        sure = both(finite, ends.reaches(left.low, right.high))
        if left.exact and right.exact:
            return TruthColumn(sure, sure, empty)
        endless = either(left.high.endless, right.low.endless)
        return TruthColumn(sure, either(endless, ends.reaches(left.high, right.low)), empty)

    def all(self, terms: Sequence[TruthColumn]) -> TruthColumn:
        sure = both(*(term.sure for term in terms))
        possible = sure if _decided(terms) else both(*(term.possible for term in terms))
        return TruthColumn(sure, possible, either(*(term.empty for term in terms)))

    def some(self, terms: Sequence[TruthColumn]) -> TruthColumn:
        sure = either(*(term.sure for term in terms))
        possible = sure if _decided(terms) else either(*(term.possible for term in terms))
        return TruthColumn(sure, possible, either(*(term.empty for term in terms)))

    def choose_truth(
        self, condition: TruthColumn, then: TruthColumn, otherwise: TruthColumn
    ) -> TruthColumn:
        sure, possible = condition.sure, condition.possible
        empty = picked(sure, then.empty, both(otherwise.empty, either(not_(possible), then.empty)))
        empty = either(condition.empty, empty)
        if _decided((condition, then, otherwise)):
            held = picked(sure, then.sure, otherwise.sure)
            return TruthColumn(held, held, empty)
        # What is the same either way is decided, unless one way may never come to be.
        whole = not_(either(then.empty, otherwise.empty))
        held = either(
            both(sure, then.sure),
            both(not_(possible), otherwise.sure),
            both(then.sure, otherwise.sure, either(whole, sure, not_(possible))),
        )
        undecided = both(possible, not_(sure))
        may_hold = either(
            both(possible, then.possible),
            both(not_(sure), otherwise.possible),
            both(undecided, not_(whole)),
        )
        return TruthColumn(held, may_hold, empty)

    def negation(self, term: TruthColumn) -> TruthColumn:
        possible = not_(term.sure)
        sure = possible if term.decided else not_(term.possible)
        return TruthColumn(sure, possible, term.empty)

    def judged(self, term: TruthColumn, met: Noted | None, unmet: Noted | None) -> TruthColumn:
        del met, unmet
        return term


def _made(
    low: End, high: End, parts: Sequence[NumberColumn], *, all_pinned: bool = False
) -> NumberColumn:
    """Return what was computed from these; it is valid where all of them are.

    Args:
        low: the lower end.
        high: the higher end.
        parts: that they come from.
        all_pinned: that one value is left only where each part has one left.
    """
    empty = either(*(part.empty for part in parts))
    hinges = (part.hinged if all_pinned else both(part.hinged, part.pinned) for part in parts)
    return NumberColumn(low, high, empty, either(*hinges))


def _scaled(end: End, factor: Fraction) -> End:
    scaled = ends.scaled(end, abs(factor))
    return scaled if factor >= 0 else ends.negated(scaled)


def _over(end: End, divisor: End, *, below_0: End) -> End:
    """Return the quotient; a number below 0 is divided by the other end of the divisor."""
    if end.least >= 0 or divisor.same(below_0):
        return ends.divided(end, divisor)
    ways = ends.divided(end, divisor), ends.divided(end, below_0)
    return ends.choose(ends.reaches(end, ends.number(0)), *ways)


def _at_least_one(end: End) -> Flag:
    return either(end.endless, ends.reaches(end, ends.number(1)))


def _decided(terms: Sequence[TruthColumn]) -> bool:
    return all(term.decided for term in terms)
