"""The raw values of a few rows, as what checks one studio takes them."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

import narwhals.stable.v2 as nw
from attrs import frozen
from narwhals.stable.v2 import dtypes

from studioflow.codec import MAX_DIGITS
from studioflow.cohort.columns.given import steps_of
from studioflow.cohort.columns.parsing import NUMBER
from studioflow.rules import Fact

__all__ = ["as_given", "readable"]

_NUMBER = re.compile(NUMBER)
_SAME_IN_PYTHON = (nw.Boolean, nw.String, nw.Float64, nw.Float32)


@frozen(repr=False)
class _Misfit:
    """A value of a type that no value of its fact has; its words say both."""

    value: object
    type: str

    def __repr__(self) -> str:
        return self.type if self.value is None else f"{self.value} ({self.type})"


def readable(column: nw.Expr, dtype: dtypes.DType) -> nw.Expr:
    """Return a column as Python can read it from any engine, exactly; null where it can not."""
    if dtype.is_integer() or isinstance(dtype, _SAME_IN_PYTHON):
        return column
    if dtype.is_decimal() or dtype.is_temporal() or isinstance(dtype, nw.Categorical | nw.Enum):
        return column.cast(nw.String)
    return nw.lit(None, dtype=nw.String)


def as_given(fact: Fact, raw: object, dtype: dtypes.DType) -> object:
    """Return a value as somebody would hand it in for one studio; None where it is missing.

    What says no value of the fact comes out as something that `Fact.units` refuses.

    Args:
        fact: that the value is of.
        raw: what `readable` gave.
        dtype: of its column.
    """
    textual = isinstance(dtype, nw.String | nw.Categorical | nw.Enum)
    if raw is None or (textual and raw == ""):
        return None
    truth = fact.type in {"flag", "confirmation"}
    if textual:
        lower = str(raw).lower()
        if truth and lower in {"true", "false"}:
            return lower == "true"
        return _number(fact, raw) if fact.numeric else raw
    if fact.numeric and dtype.is_numeric():
        return _number(fact, raw)
    fits = (truth and isinstance(dtype, nw.Boolean)) or (
        fact.type == "date" and isinstance(dtype, nw.Date)
    )
    return raw if fits else _Misfit(raw, str(dtype))


def _number(fact: Fact, raw: object) -> object:
    if isinstance(raw, str):
        if not _NUMBER.fullmatch(raw):
            return raw
        number = Decimal(raw)
    elif isinstance(raw, float) and isfinite(raw):
        units = round(raw / steps_of(fact)) if abs(raw) < 10**MAX_DIGITS else 0
        near = units * steps_of(fact)
        if float(near) == raw:
            return int(near) if fact.type == "count" else near
        number = Decimal(repr(raw))
    else:
        number = Decimal(raw)  # type: ignore[arg-type]
    if not number.is_finite():
        return number
    whole = number == number.to_integral_value()
    if fact.type == "count":
        return int(number) if whole else number
    # How many zeros a column writes after the point says nothing.
    digits = len(number.as_tuple().digits)
    return number.normalize() if digits <= 2 * MAX_DIGITS else number
