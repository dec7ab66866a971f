"""The algebra over arrays of whole numbers: every studio of a cohort at once, each fact known."""

# ruff: noqa: ARG002 - what the protocol hands over, and arrays have no use for

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from studioflow.algebra import Annotation, FactFlag, FactIs, FactNumber, Opaque, Rounding

__all__ = ["Arrays", "Flags", "Refused", "Units", "UnsuitableError", "column_of", "either"]

Array = npt.NDArray[Any]
_WIDTHS = [(w, int(np.iinfo(w).min), int(np.iinfo(w).max)) for w in (np.int16, np.int32, np.int64)]
Refused = npt.NDArray[np.bool_] | None
"""Where a value is not valid; None where it is valid everywhere."""


class UnsuitableError(Exception):
    """A term is none for arrays: it divides, Python computes it, or its numbers grow too large."""


@frozen(eq=False)
class Units:
    """A number for every studio.

    Attributes:
        values: an array, or one number for all.
        low, high: bounds of the values, which say how wide an array has to be.
        refused: where the value is not valid.
        multiples: by whole factors, of a column that many sums take.
    """

    values: Array | int
    low: int
    high: int
    refused: Refused = None
    multiples: dict[int, Units] = field(factory=dict, init=False, repr=False)


@frozen(eq=False)
class Flags:
    """A truth for every studio; see `Units`."""

    values: npt.NDArray[np.bool_] | bool
    refused: Refused = None


def column_of(values: Array, low: int, high: int) -> Units:
    """Return a column as narrow as its bounds allow."""
    return Units(values.astype(_width(low, high)), low, high)


def _width(low: int, high: int) -> type[np.signedinteger[Any]]:
    for width, least, most in _WIDTHS:
        if least <= low and high <= most:
            return width
    raise UnsuitableError


def _wide(number: Units, low: int, high: int) -> Array | int:
    """Return the values as wide as a result needs them."""
    if isinstance(number.values, int):
        return number.values
    width = _width(min(low, number.low), max(high, number.high))
    return (
        number.values
        if number.values.dtype.itemsize >= np.dtype(width).itemsize
        else (number.values.astype(width))
    )


def _added(arrays: Sequence[Array]) -> Array:
    """Return the sum in one new array: making one costs more than adding does."""
    if len(arrays) == 1:
        return arrays[0]
    found: Array = arrays[0] + arrays[1]
    for each in arrays[2:]:
        np.add(found, each, out=found)
    return found


def either(*refused: Refused) -> Refused:
    """Return where any of some values is not valid."""
    found = [each for each in refused if each is not None]
    return reduce(np.logical_or, found) if found else None


class Arrays:
    """The interpretation; `given` are facts and results as columns, words as codes.

    Raises (when a term is interpreted):
        UnsuitableError: for a term that is none for arrays.
    """

    def __init__(
        self, given: Mapping[str, Units | Flags | Array], words: Mapping[str, Sequence[str]]
    ) -> None:
        self._given = given
        self._words = words

    def constant(self, value: int) -> Units:
        return Units(value, value, value)

    def number(self, fact: FactNumber) -> Units:
        found = self._given.get(fact.name)
        if not isinstance(found, Units):
            raise UnsuitableError
        return found

    def add(self, terms: Sequence[Units]) -> Units:
        low, high = sum(each.low for each in terms), sum(each.high for each in terms)
        fixed = sum(each.values for each in terms if isinstance(each.values, int))
        arrays = [each.values for each in terms if not isinstance(each.values, int)]
        values: Array | int = fixed
        if arrays:
            # Sums on the way may pass the bounds of the whole: they wrap, and wrap back.
            wide = np.dtype(_width(min(low, fixed), max(high, fixed)))
            same = [each.astype(wide, copy=False) for each in arrays]
            more = [np.asarray(fixed, dtype=wide)] if fixed else []
            values = _added([*same, *more])
        return Units(values, low, high, either(*(each.refused for each in terms)))

    def multiply(self, left: Units, right: Units) -> Units:
        if isinstance(right.values, int) and right.refused is None:
            known = left.multiples.get(right.values)
            if known is None:
                known = left.multiples[right.values] = self._product(left, right)
            return known
        return self._product(left, right)

    def _product(self, left: Units, right: Units) -> Units:
        ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        low, high = min(ends), max(ends)
        width = _width(low, high)
        refused = either(left.refused, right.refused)
        if isinstance(left.values, int) and isinstance(right.values, int):
            return Units(left.values * right.values, low, high, refused)
        one, other = _wide(left, low, high), _wide(right, low, high)
        return Units(np.multiply(one, other, dtype=width), low, high, refused)

    def divide(self, left: Units, right: Units) -> Units:
        raise UnsuitableError

    def rounded(self, value: Units, times: int, over: int, way: Rounding) -> Units:
        _width(2 * value.low * times, 2 * value.high * times + over)

        def rounded(number: Any) -> Any:  # noqa: ANN401 - an array or one number
            if way == "down":
                return number * times // over
            if way == "up":
                return -(-number * times // over)
            return (2 * number * times + over) // (2 * over)

        values = value.values if isinstance(value.values, int) else value.values.astype(np.int64)
        low, high = rounded(value.low), rounded(value.high)
        return Units(rounded(values), low, high, value.refused)

    def opaque(
        self, term: Opaque, numbers: Sequence[tuple[Units, int]], truths: Sequence[Flags]
    ) -> Units:
        raise UnsuitableError

    def smallest(self, terms: Sequence[Units]) -> Units:
        return self._bound(terms, np.minimum, min)

    def largest(self, terms: Sequence[Units]) -> Units:
        return self._bound(terms, np.maximum, max)

    def _bound(self, terms: Sequence[Units], of_two: Any, of_ends: Any) -> Units:  # noqa: ANN401 - numpy's
        low, high = (of_ends(getattr(each, end) for each in terms) for end in ("low", "high"))
        refused = either(*(each.refused for each in terms))
        if all(isinstance(each.values, int) for each in terms):
            return Units(of_ends(each.values for each in terms), low, high, refused)
        wide = np.dtype(_width(min(t.low for t in terms), max(t.high for t in terms)))
        # A number of Python's own would be looked at anew, and more slowly.
        values = [np.asarray(each.values, dtype=wide) for each in terms]
        return Units(reduce(of_two, values), low, high, refused)

    def choose(self, condition: Flags, then: Units, otherwise: Units) -> Units:
        low, high = min(then.low, otherwise.low), max(then.high, otherwise.high)
        refused = self._chosen(condition, then.refused, otherwise.refused)
        if isinstance(condition.values, bool):
            chosen = then if condition.values else otherwise
            return Units(chosen.values, chosen.low, chosen.high, refused)
        width = _width(low, high)
        one, other = (np.asarray(each.values, dtype=width) for each in (then, otherwise))
        # Where no two studios in a row are alike, this is many times as fast as `np.where`; what
        # passes the bounds on the way wraps, and wraps back.
        values = condition.values.astype(width)
        values *= np.subtract(one, other)
        values += other
        return Units(values, low, high, refused)

    def _chosen(self, condition: Flags, then: Refused, otherwise: Refused) -> Refused:
        """Return where the chosen one is not valid; whether the other is does not matter."""
        if isinstance(condition.values, bool):
            return either(condition.refused, then if condition.values else otherwise)
        sides = [
            None if then is None else condition.values & then,
            None if otherwise is None else ~condition.values & otherwise,
        ]
        return either(condition.refused, *sides)

    def within(self, value: Units, low: int, high: int, refusal: Annotation[Units, Flags]) -> Units:
        if isinstance(value.values, int):
            if low <= value.values <= high:
                return value
            raise UnsuitableError
        outside = (value.values < low) | (value.values > high)
        refused = either(value.refused, outside if outside.any() else None)
        return Units(value.values, value.low, value.high, refused)

    def required(self, condition: Flags, value: Units, refusal: Annotation[Units, Flags]) -> Units:
        if isinstance(condition.values, bool):
            if not condition.values:
                raise UnsuitableError
            return value
        refused = self._chosen(condition, value.refused, ~condition.values)
        return Units(value.values, value.low, value.high, refused)

    def explained(self, value: Units, note: Annotation[Units, Flags]) -> Units:
        return value

    def certain(self, *, value: bool) -> Flags:
        return Flags(value)

    def flag(self, fact: FactFlag) -> Flags:
        found = self._given.get(fact.name)
        if not isinstance(found, Flags):
            raise UnsuitableError
        return found

    def one_of(self, fact: FactIs) -> Flags:
        found, words = self._given.get(fact.name), self._words.get(fact.name, ())
        if not isinstance(found, np.ndarray):
            raise UnsuitableError
        codes = [place for place, word in enumerate(words) if word in fact.values]
        return Flags(reduce(np.logical_or, [found == c for c in codes]) if codes else False)

    def at_least(self, left: Units, right: Units) -> Flags:
        refused = either(left.refused, right.refused)
        if left.low >= right.high or left.high < right.low:
            return Flags(left.low >= right.high, refused)
        if isinstance(left.values, int) and isinstance(right.values, int):
            return Flags(left.values >= right.values, refused)
        return Flags(np.greater_equal(left.values, right.values), refused)

    def all(self, terms: Sequence[Flags]) -> Flags:
        return self._joined(terms, decisive=False)

    def some(self, terms: Sequence[Flags]) -> Flags:
        return self._joined(terms, decisive=True)

    def _joined(self, terms: Sequence[Flags], *, decisive: bool) -> Flags:
        refused = either(*(each.refused for each in terms))
        if any(each.values is decisive for each in terms):
            return Flags(decisive, refused)
        arrays = [each.values for each in terms if not isinstance(each.values, bool)]
        if not arrays:
            return Flags(not decisive, refused)
        return Flags(reduce(np.logical_or if decisive else np.logical_and, arrays), refused)

    def choose_truth(self, condition: Flags, then: Flags, otherwise: Flags) -> Flags:
        refused = self._chosen(condition, then.refused, otherwise.refused)
        if isinstance(condition.values, bool):
            return Flags((then if condition.values else otherwise).values, refused)
        return Flags(np.where(condition.values, then.values, otherwise.values), refused)

    def negation(self, term: Flags) -> Flags:
        value = term.values
        return Flags(not value if isinstance(value, bool) else ~value, term.refused)

    def judged(
        self,
        term: Flags,
        met: Annotation[Units, Flags] | None,
        unmet: Annotation[Units, Flags] | None,
    ) -> Flags:
        return term
