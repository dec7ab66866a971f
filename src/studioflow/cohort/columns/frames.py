"""Whatever frame is handed in as one that narwhals can ask lazily."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from studioflow.codec import wrong
from studioflow.cohort.columns.reading import DUPLICATE_COLUMN
from studioflow.errors import InputError
from studioflow.text import message

__all__ = ["columns_of", "framed", "kind_of"]

NOT_A_FRAME = message(
    "not_a_frame",
    zh="Polars、DuckDB、PySpark、pandas 或 PyArrow 的表",
    en="a frame of Polars, DuckDB, PySpark, pandas or PyArrow",
)


def framed(frame: object) -> nw.LazyFrame[Any]:
    """Return a lazy frame; one of pandas or PyArrow, which have none, becomes one of Polars.

    Raises:
        InputError: for what is no frame, or has two columns of one name.
    """
    try:
        taken: Any = nw.from_native(nw.to_native(frame, pass_through=True))
    except TypeError:
        raise wrong(NOT_A_FRAME, type(frame)) from None
    except DuplicateError:
        names = columns_of(frame)
        twice = dict.fromkeys(name for name in names if names.count(name) > 1)
        problems = [p.under(n) for n in twice for p in wrong(DUPLICATE_COLUMN, n).problems]
        raise InputError(problems) from None
    if isinstance(taken, nw.LazyFrame):
        if not (taken.implementation.is_pandas_like() or taken.implementation.is_pyarrow()):
            return taken
        taken = taken.collect()
    # On the way from pandas, NaN becomes null: it has no other word for what is missing.
    found: nw.LazyFrame[Any]
    found = taken.lazy() if taken.implementation.is_polars() else taken.lazy("polars")
    return found


def columns_of(frame: object) -> list[str]:
    """Return the columns of a frame as it has them, even where two are called the same."""
    native: Any = nw.to_native(frame, pass_through=True)
    if hasattr(native, "collect_schema"):  # asking a lazy frame of Polars for more is expensive
        return list(native.collect_schema())
    names = native.column_names if hasattr(native, "column_names") else native.columns
    return [str(name) for name in names]


def kind_of(frame: object) -> object:
    """Return a frame without rows of the same kind; one that is lazy as it is."""
    taken: Any = nw.from_native(nw.to_native(frame, pass_through=True))
    if not isinstance(taken, nw.DataFrame):
        return frame
    none = taken.head(0)
    return none if isinstance(frame, nw.DataFrame) else none.to_native()
