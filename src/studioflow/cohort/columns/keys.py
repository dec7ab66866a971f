"""The key column of a cohort: which studio a row is about."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen
from narwhals.stable.v2 import dtypes

from studioflow.codec import DUPLICATE_KEY, WRONG_TYPE, checked_text, wrong
from studioflow.codec.problems import TYPE_NAMES
from studioflow.cohort.columns.complaints import (
    Complaint,
    Frame,
    Places,
    first_doubled,
    placed,
    totals,
)
from studioflow.cohort.columns.parsing import texts
from studioflow.cohort.columns.readable import readable
from studioflow.errors import InputError, Problem
from studioflow.people import PADDED_ID

__all__ = ["Keys"]

_PLAIN = r"\A[!-~\x{4E00}-\x{9FFF}]+\z"
_UNSEEN = {"Cc", "Cf", "Cn"}  # and Cs, which no text in UTF-8 can have


@frozen
class Keys:
    """The key column.

    Attributes:
        name: of the column.
        dtype: of the column.
        text: its values as text; None where they can be no keys.
    """

    name: str
    dtype: dtypes.DType
    text: nw.Expr | None

    @classmethod
    def of(cls, name: str, dtype: dtypes.DType) -> Keys:
        """Return the key column of that name and type."""
        column = nw.col(name)
        whole = dtype.is_integer()
        return cls(name, dtype, column.cast(nw.String) if whole else texts(column, dtype))

    def screens(self) -> dict[str, nw.Expr]:
        """Return aggregates that `suspect` can tell from whether something may be wrong."""
        if self.text is None:
            return {}
        if self.dtype.is_integer():
            return {"__keys": nw.col(self.name).n_unique(), "__plain": nw.col(self.name).count()}
        plain = nw.when(self.text.str.contains(_PLAIN)).then(nw.lit(1))
        return {"__keys": nw.col(self.name).n_unique(), "__plain": plain.count()}

    def suspect(self, found: Mapping[str, Any]) -> bool:
        """Return whether keys may be wrong, from what was found of the `screens`."""
        rows = found["rows"]
        return self.text is None or found["__keys"] < rows or found["__plain"] < rows

    def complaints(self) -> list[Complaint]:
        """Return what can be wrong with single keys."""
        column = nw.col(self.name)
        if self.text is None:
            every = column.is_null() | ~column.is_null()
            return [Complaint(self.name, every, self._no_text)]
        if self.dtype.is_integer():
            return [Complaint(self.name, column.is_null(), self._padded)]
        unseen, space = _classes()
        empty = (column.is_null() | (self.text == "")).fill_null(value=True)
        padded = self.text.str.contains(rf"\A[{space}]|[{space}]\z").fill_null(value=False)
        hidden = self.text.str.contains(f"[{unseen}]").fill_null(value=False)
        return [
            Complaint(self.name, empty | padded, self._padded),
            Complaint(self.name, hidden & ~padded, self._hidden),
        ]

    def doubled(self, frame: Frame, places: Places | None) -> list[Problem]:
        """Return the problem of keys that stand in several rows, if there are any."""
        if self.text is None:
            return []
        filled = (self.text != "").fill_null(value=False)
        found = totals(frame.filter(filled), keys=nw.col(self.name).n_unique(), rows=nw.len())
        count = int(found["rows"]) - int(found["keys"])
        if not count:
            return []
        key, rows = first_doubled(frame, places, self.name)
        problem = wrong(DUPLICATE_KEY, key).problems[0]
        return [placed(problem, self.name, count, rows, places)]

    def raw(self) -> dict[str, nw.Expr]:
        """Return the column as Python can read it."""
        return {self.name: readable(nw.col(self.name), self.dtype)}

    def _no_text(self, row: Mapping[str, Any]) -> Problem:
        got = f"{row.get(self.name)} ({self.dtype})"
        return wrong(WRONG_TYPE, got, type=TYPE_NAMES[str]).problems[0]

    def _padded(self, row: Mapping[str, Any]) -> Problem:
        return wrong(PADDED_ID, row.get(self.name) or "").problems[0]

    def _hidden(self, row: Mapping[str, Any]) -> Problem:
        try:
            checked_text(str(row[self.name]))
        except InputError as error:
            return error.problems[0]
        raise AssertionError(row)  # pragma: no cover - `_classes` has the same characters


@lru_cache(maxsize=1)
def _classes() -> tuple[str, str]:
    """Return what stands in the brackets of a pattern: what can not be seen, and white space.

    Written out, since engines know other versions of Unicode, or no such classes at all.
    """
    unseen: list[str] = []
    start: int | None = None
    for code in range(0x110000 + 1):
        hidden = (
            code < 0x110000  # noqa: PLR2004 - where Unicode ends
            and chr(code) not in "\n\t"
            and unicodedata.category(chr(code)) in _UNSEEN
        )
        if hidden and start is None:
            start = code
        elif not hidden and start is not None:
            unseen.append(rf"\x{{{start:X}}}-\x{{{code - 1:X}}}")
            start = None
    space = "".join(rf"\x{{{code:X}}}" for code in range(0x3001) if chr(code).isspace())
    return "".join(unseen), space
