"""What a column of a cohort says of a fact: which values fit, and what they are in whole steps.

A value is judged by what it is, not by how wide its column is: `3.0` in a column of floats is a
count of 3, as every tool makes floats of whole numbers with gaps, and 3.9 is none. A float stands
for a value where it is the double that is nearest to it. Nothing is rounded, clamped or guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

import narwhals.stable.v2 as nw
from attrs import frozen
from narwhals.stable.v2 import dtypes

from studioflow.codec import MAX_DIGITS, NOT_FINITE, TOO_MANY_DIGITS, UNKNOWN_NAME, WRONG_TYPE
from studioflow.cohort.columns.days import days, written_days
from studioflow.cohort.columns.given import LIMIT, steps_of
from studioflow.cohort.columns.parsed import NOTHING, Parsed, filled, kinds, matches
from studioflow.rules import Fact
from studioflow.rules.facts import OFF_STEP
from studioflow.rules.limits import OUT_OF_BOUNDS
from studioflow.text import message

__all__ = ["BEYOND_LIMIT", "NUMBER", "Span", "parsed", "texts"]

BEYOND_LIMIT = message(
    "beyond_limit",
    zh="{low} 至 {high}（批量评分时数值的上限）",
    en="{low} to {high}, since numbers of a cohort end there",
)

NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
"""How text says a number: as JSON has it, without an exponent."""

_WHOLE = r"-?(?:0|[1-9][0-9]*)(?:\.0+)?"
_SHORT = rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})(?:\.[0-9]{{1,{MAX_DIGITS}}}0*)?"
_MOST_UNITS = 10**MAX_DIGITS
_TRUE, _FALSE = "[Tt][Rr][Uu][Ee]", "[Ff][Aa][Ll][Ss][Ee]"
_SMALL = (nw.Int8, nw.Int16, nw.Int32, nw.Int64)


@frozen
class Span:
    """The numbers that a fact can be in a cohort.

    Attributes:
        step: of which all are multiples.
        low, high: the bounds of the fact.
        least, most: where numbers of a cohort end: at a bound, or where 64 bits stay exact.
    """

    step: Fraction
    low: Fraction | None
    high: Fraction | None
    least: Fraction
    most: Fraction

    @classmethod
    def of(cls, fact: Fact) -> Span:
        """Return the span of a fact."""
        step = steps_of(fact)
        finest = max(step.denominator, 10 ** _places(step))
        end = Fraction(_MOST_UNITS, finest)
        ends = [
            min(end, LIMIT if bound is None else sign * bound)
            for sign, bound in ((-1, fact.low), (1, fact.high))
        ]
        return cls(step, fact.low, fact.high, -Fraction(ends[0]), Fraction(ends[1]))

    def has(self, number: Fraction) -> bool:
        """Return whether a number lies where those of a cohort end."""
        return self.least <= number <= self.most


def parsed(fact: Fact, name: str, dtype: dtypes.DType) -> Parsed:
    """Return what a column of that name and type says of a fact."""
    column = nw.col(name)
    text = texts(column, dtype)
    if fact.numeric and dtype.is_integer():
        return _integers(fact, column, dtype)
    if fact.numeric and dtype.is_float():
        return _floats(fact, column.cast(nw.Float64))
    if fact.numeric and dtype.is_decimal():
        return _written(fact, column.cast(nw.String))
    if fact.type == "date" and isinstance(dtype, nw.Date):
        return days(column)
    if fact.type in {"flag", "confirmation"} and isinstance(dtype, nw.Boolean):
        return Parsed(given=~column.is_null(), bad=None, kind=NOTHING, codes=(), value=column)
    if text is None:
        return _no_values(fact, column)
    if fact.numeric:
        return _written(fact, text)
    if fact.type == "date":
        return written_days(text)
    if fact.type == "choice":
        return _one_of(text, text, tuple(fact.values), UNKNOWN_NAME.code)
    return _written_truths(text)


def texts(column: nw.Expr, dtype: dtypes.DType) -> nw.Expr | None:
    """Return a column as text where it is text or words of a list, and None where it is not."""
    if isinstance(dtype, nw.String):
        return column
    return column.cast(nw.String) if isinstance(dtype, nw.Categorical | nw.Enum) else None


def _no_values(fact: Fact, column: nw.Expr) -> Parsed:
    """Return what a column says whose type no value of the fact has: nothing but nulls is right."""
    normal: type[dtypes.DType] = nw.Int64
    if fact.type == "choice":
        normal = nw.String
    elif not fact.ordered:
        normal = nw.Boolean
    given = ~column.is_null()
    kind, codes = kinds((WRONG_TYPE.code, given))
    return Parsed(
        given=given, bad=given, kind=kind, codes=codes, value=nw.lit(None, dtype=normal())
    )


def _one_of(text: nw.Expr, value: nw.Expr, words: Sequence[str], code: str) -> Parsed:
    given = filled(text)
    bad = given & ~text.is_in(words)
    kind, codes = kinds((code, bad))
    return Parsed(given=given, bad=bad, kind=kind, codes=codes, value=nw.when(given).then(value))


def _written_truths(text: nw.Expr) -> Parsed:
    given = filled(text)
    bad = (~matches(text, rf"{_TRUE}|{_FALSE}|")).fill_null(value=False)
    kind, codes = kinds((WRONG_TYPE.code, bad))
    value = nw.when(given).then(matches(text, _TRUE))
    return Parsed(given=given, bad=bad, kind=kind, codes=codes, value=value)


def _integers(fact: Fact, column: nw.Expr, dtype: dtypes.DType) -> Parsed:
    span = Span.of(fact)
    top, under = span.step.numerator, span.step.denominator
    unsigned = dtype.is_unsigned_integer()
    outside = _beyond(column, span.least, span.most, whole=True, unsigned=unsigned)
    inside = column
    if top != 1 or not isinstance(dtype, _SMALL):
        inside = nw.when(~outside).then(column).cast(nw.Int64)
    bad = outside if top == 1 else outside | (inside % top != 0).fill_null(value=False)
    kind, codes = kinds(
        (TOO_MANY_DIGITS.code, _far(column, unsigned=unsigned)),
        *_off_bounds(span, column, whole=True, unsigned=unsigned),
        (OFF_STEP.code, bad),
    )
    value = inside if top == 1 else inside // top
    return Parsed(
        given=~column.is_null(),
        bad=bad.fill_null(value=False),
        kind=kind,
        codes=codes,
        value=value if under == 1 else value.cast(nw.Int64) * under,
    )


def _floats(fact: Fact, number: nw.Expr) -> Parsed:
    given = ~number.is_null()
    span = Span.of(fact)
    bad, value = _on_step(span, given, number)
    finite = number.is_finite()
    # A count that is not whole is no count; on other numbers it is the step that is missed.
    no_count = ((finite & (number.floor() != number)) | ~finite, WRONG_TYPE.code)
    odd, code = no_count if fact.type == "count" else (~finite, NOT_FINITE.code)
    kind, codes = kinds(
        (TOO_MANY_DIGITS.code, finite & _far(number)),
        (code, odd),
        *_off_bounds(span, number),
        (OFF_STEP.code, bad),
    )
    return Parsed(given=given, bad=bad, kind=kind, codes=codes, value=value)


def _written(fact: Fact, text: nw.Expr) -> Parsed:
    """Return what text says: decimals that could be on the step are floats without loss."""
    span = Span.of(fact)
    places = _places(span.step)
    decimals = rf"\.[0-9]{{1,{places}}}0*" if places else r"\.0+"
    plain = rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})(?:{decimals})?"
    given = filled(text)
    staged = f"__number_{fact.name}"
    bad, value = _on_step(span, given, nw.col(staged))
    form = _WHOLE if fact.type == "count" else NUMBER
    kind, codes = kinds(
        (WRONG_TYPE.code, given & ~matches(text, form)),
        (TOO_MANY_DIGITS.code, given & ~matches(text, _SHORT)),
        *_off_bounds(span, _number(text, _SHORT)),
        (OFF_STEP.code, bad),
    )
    return Parsed(
        given=given,
        bad=bad,
        kind=kind,
        codes=codes,
        value=value,
        stage=_number(text, plain).alias(staged),
    )


def _on_step(span: Span, given: nw.Expr, number: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Return where floats are none of the span's numbers, and how many steps the others are."""
    top, under = span.step.numerator, span.step.denominator
    inside = (number >= float(span.least)) & (number <= float(span.most))
    # The engines disagree on how to round a half; which numbers are on the step is plain below.
    units = (nw.when(inside).then(number) * float(under) + 0.5).floor().cast(nw.Int64)
    nearest = units.cast(nw.Float64)
    if under != 1:
        # A column of the divisor, since Polars multiplies by 0.1 where it should divide by 10.
        nearest = nearest / (nearest * 0.0 + float(under))
    fits = inside & (nearest == number)
    if top == 1:
        return given & ~fits.fill_null(value=False), units
    return given & ~(fits & (units % top == 0)).fill_null(value=False), units // top


def _number(text: nw.Expr, form: str) -> nw.Expr:
    return nw.when(matches(text, form)).then(text).cast(nw.Float64)


def _far(number: nw.Expr, *, unsigned: bool = False) -> nw.Expr:
    above: nw.Expr = number >= _MOST_UNITS
    if unsigned:
        return above
    beyond: nw.Expr = above | (number <= -_MOST_UNITS)
    return beyond


def _off_bounds(
    span: Span, number: nw.Expr, *, whole: bool = False, unsigned: bool = False
) -> list[tuple[str, nw.Expr]]:
    """Return where numbers are outside the fact's bounds, and where outside those of a cohort."""
    outside = _beyond(number, span.low, span.high, whole=whole, unsigned=unsigned)
    beyond = _beyond(number, span.least, span.most, whole=whole, unsigned=unsigned)
    return [(OUT_OF_BOUNDS.code, outside), (BEYOND_LIMIT.code, beyond)]


def _beyond(
    number: nw.Expr,
    low: Fraction | None,
    high: Fraction | None,
    *,
    whole: bool,
    unsigned: bool,
) -> nw.Expr:
    below = nw.lit(value=False)
    # An engine may have no type for a negative number beside one that has no sign.
    if low is not None and not (unsigned and low <= 0):
        below = number < (ceil(low) if whole else float(low))
    if high is None or (unsigned and high < 0):
        return below if high is None else ~number.is_null()
    above = number > (floor(high) if whole else float(high))
    return above if low is None or (unsigned and low <= 0) else below | above


def _places(step: Fraction) -> int:
    """Return how many decimals a multiple of a step can have, where it is a decimal at all."""
    twos = fives = 0
    rest = step.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives)
