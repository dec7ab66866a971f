"""Joining a small table to a frame of any engine, lazily, and in the frame's own order."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import polars as pl

__all__ = ["joined"]

_KEY = "__joined"
_FOUND = "__found"
_MOST_KEYS = 2**62
_CHANGED = "the rows of the frame are not those that were counted before"


def joined(frame: nw.LazyFrame[Any], table: pa.Table, keys: list[str]) -> nw.LazyFrame[Any]:
    """Return a frame with the other columns of a small table, and without the keys.

    Args:
        frame: every row of which has its keys in the table.
        table: no two rows of it have the same keys.
        keys: columns of whole numbers, none of them null.
    """
    spans = _spans(table, keys)
    if prod(size for _, size in spans.values()) > _MOST_KEYS:
        return _joined(frame, table, keys)
    # One number in the place of several: an engine is faster with that.
    key, numbers = nw.lit(0, nw.Int64), pa.scalar(0, pa.int64())
    for name, (least, size) in spans.items():
        key = key * size + (nw.col(name) - least)
        numbers = pc.add(pc.multiply(numbers, size), pc.subtract(table[name], least))
    answers = table.drop_columns(keys)
    keyed = frame.with_columns(key.alias(_KEY)).drop(*keys)
    if frame.implementation is nw.Implementation.POLARS:
        return _looked_up(keyed, answers, numbers)
    return _joined(keyed, answers.append_column(_KEY, numbers), [_KEY])


def _spans(table: pa.Table, keys: list[str]) -> dict[str, tuple[int, int]]:
    """Return the least value of each key, and how many there are from it to the most."""
    found = {}
    for name in keys:
        ends = pc.min_max(table[name])
        least, most = (ends[end].as_py() or 0 for end in ("min", "max"))  # of no rows, none
        found[name] = (least, most - least + 1)
    return found


def _looked_up(
    frame: nw.LazyFrame[Any], answers: pa.Table, numbers: pa.ChunkedArray
) -> nw.LazyFrame[Any]:
    """Return a frame of Polars with answers: a join that keeps the order costs it much more."""
    import polars as pl

    order = pc.sort_indices(numbers)
    lines = pl.DataFrame(answers.take(order))
    known = pl.Series(numbers.take(order))
    rows = lines.to_struct()
    found = pl.col(_KEY).map_batches(
        partial(_answered, known, rows), return_dtype=rows.dtype, is_elementwise=True
    )
    native = frame.to_native().with_columns(found.alias(_FOUND))
    fields = {name: pl.col(_FOUND).struct.field(name) for name in lines.columns}
    with_them: nw.LazyFrame[Any] = nw.from_native(native.with_columns(**fields).drop(_KEY, _FOUND))
    return with_them


def _answered(known: pl.Series, rows: pl.Series, numbers: pl.Series) -> pl.Series:
    if numbers.is_empty():
        return rows.clear()
    places = known.search_sorted(numbers)
    # A file may have changed since its rows were counted: no row gets the answer of another one.
    if not (known.gather(places.clip(upper_bound=len(known) - 1)) == numbers).all():
        raise ValueError(_CHANGED)
    return rows.gather(places)


def _joined(frame: nw.LazyFrame[Any], table: pa.Table, keys: list[str]) -> nw.LazyFrame[Any]:
    small: nw.LazyFrame[Any]
    native = frame.to_native()
    match frame.implementation:
        case nw.Implementation.DUCKDB:
            # By the frame's own connection: relations of two connections can not be joined.
            # DuckDB finds the table by the name of the variable.
            studioflow_joined = table  # noqa: F841
            small = nw.from_native(native.query("studioflow_frame", "FROM studioflow_joined"))
        case nw.Implementation.POLARS:  # it keeps no order unless it is told to
            other = nw.from_arrow(table, backend="polars").lazy().to_native()
            joint = native.join(other, on=keys, how="left", maintain_order="left")
            found: nw.LazyFrame[Any] = nw.from_native(joint.drop(keys))
            return found
        case _:
            small = nw.from_native(native.sparkSession.createDataFrame(table))
    return frame.join(small, on=keys, how="left").drop(*keys)
