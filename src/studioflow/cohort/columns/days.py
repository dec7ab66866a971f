"""Days in a column of a cohort: as dates, and as text in ISO form."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from studioflow.codec import WRONG_TYPE
from studioflow.cohort.columns.parsed import Parsed, filled, kinds, matches

__all__ = ["days", "written_days"]

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LAST_YEAR = 9999
_FEBRUARY = 2
_SHORT_MONTHS = (4, 6, 9, 11)


def days(column: nw.Expr) -> Parsed:
    """Return what a column of dates says."""
    year = column.dt.year()
    bad = ((year < 1) | (year > _LAST_YEAR)).fill_null(value=False)
    kind, codes = kinds((WRONG_TYPE.code, bad))
    value = _before(year) + column.dt.ordinal_day().cast(nw.Int64)
    given = ~column.is_null()
    return Parsed(given=given, bad=bad, kind=kind, codes=codes, value=value.cast(nw.Int32))


def written_days(text: nw.Expr) -> Parsed:
    """Return what text says in ISO form; the engines would each take other forms as well."""
    given = filled(text)
    formed = nw.when(matches(text, _DAY)).then(text)
    year, month, day = (
        formed.str.slice(start, length).cast(nw.Int64) for start, length in ((0, 4), (5, 2), (8, 2))
    )
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    short = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    longer = nw.when(month.is_in(_SHORT_MONTHS)).then(nw.lit(30)).otherwise(nw.lit(31))
    last = nw.when(month == _FEBRUARY).then(short).otherwise(longer)
    right = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)  # noqa: PLR2004
    bad = given & ~right.fill_null(value=False)
    kind, codes = kinds((WRONG_TYPE.code, bad))
    # Days before a month, as if every February had 30 of them, and how many it lacks.
    lacking = nw.when(leap).then(nw.lit(1)).otherwise(nw.lit(2))
    even = (month * 367 - 362) // 12
    before = nw.when(month > _FEBRUARY).then(even - lacking).otherwise(even)
    value = (_before(year) + before + day).cast(nw.Int32)
    return Parsed(given=given, bad=bad, kind=kind, codes=codes, value=value)


def _before(year: nw.Expr) -> nw.Expr:
    """Return the days before a year, from the first day of year 1."""
    past = year.cast(nw.Int64) - 1
    return past * 365 + past // 4 - past // 100 + past // 400
