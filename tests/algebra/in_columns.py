"""Terms in columns, run by an engine and read back: what `Ranges` says of each row, or not."""

# ruff: noqa: FBT003 - a truth is what stands in the node

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from studioflow.algebra import FactNumber, Interpreter, Maybe, Number, Range, Ranges, Truth, Words
from studioflow.algebra.cases import Case
from studioflow.algebra.cells import Cell, always
from studioflow.algebra.columns import Column, NumberColumn, TruthColumn, WordColumn
from studioflow.algebra.ends import End
from studioflow.algebra.flags import as_node, both, either, not_
from studioflow.algebra.graph import Node, node
from studioflow.cohort.columns.plan import Plan

__all__ = ["ENGINES", "Facts", "Row", "number_rows", "range_rows", "truth_rows"]

Row = Mapping[str, Any]
Said = tuple[Fraction | None, Fraction | None, bool] | None
"""Low and high, and whether the value is certain; None where there is none."""

Engine = Callable[[pl.DataFrame, Mapping[str, Node]], pl.DataFrame]


def _in_polars(frame: pl.DataFrame, columns: Mapping[str, Node]) -> pl.DataFrame:
    found: pl.DataFrame = Plan(pl, columns).of(frame.lazy(), ["row"]).collect()
    return found


def _in_duckdb(frame: pl.DataFrame, columns: Mapping[str, Node]) -> pl.DataFrame:
    lazy = nw.from_native(duckdb.connect().from_arrow(frame.to_arrow()))
    found: pl.DataFrame = Plan(nw, columns).of(lazy, ["row"]).to_native().pl()
    return found


ENGINES: Mapping[str, Engine] = {"polars": _in_polars, "duckdb": _in_duckdb}


class Facts:
    """Facts that may be missing, in units.

    Attributes:
        numbers: the bounds of each number.
        flags: the names of the truths.
        words: the words of each choice.
    """

    def __init__(
        self,
        numbers: Mapping[str, tuple[int, int]],
        flags: Sequence[str] = (),
        words: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.numbers, self.flags, self.words = numbers, flags, words or {}

    @classmethod
    def of(cls, *terms: FactNumber) -> Facts:
        """Return numbers with the bounds of their terms."""
        bounds = {t.name: tuple(int(b * t.denominator) for b in (t.low, t.high)) for t in terms}
        return cls({name: (low, high) for name, (low, high) in bounds.items()})

    @property
    def given(self) -> dict[str, Column]:
        """Every fact, as a column that may have nulls."""
        found: dict[str, Column] = {n: _number(n, *self.numbers[n]) for n in self.numbers}
        found |= {name: _truth(node("column", name)) for name in self.flags}
        for name, words in self.words.items():
            own = {word: _truth(node("is", node("column", name), word)) for word in words}
            found[name] = WordColumn(own)
        return found

    @property
    def cases(self) -> dict[str, Case]:
        """Every fact, missing or not."""
        found: dict[str, Case] = {}
        for name, given in self.given.items():
            missing = node("missing", node("column", name))
            found[name] = Case(missing, unknown=self._unknown(name), known=_known(given))
        return found

    def _unknown(self, name: str) -> Column:
        open_ = TruthColumn(sure=False, possible=True)
        if name in self.words:
            return WordColumn(dict.fromkeys(self.words[name], open_))
        if name in self.flags:
            return open_
        low, high = self.numbers[name]
        least, most = (End(Fraction(1), always(end)) for end in (low, high))
        return NumberColumn(least, most, hinged=True)

    def frame(self, rows: Sequence[Row]) -> pl.DataFrame:
        """Return rows as a frame, whatever is missing as null."""
        types: dict[str, Any] = {
            **dict.fromkeys(self.numbers, pl.Int64),
            **dict.fromkeys(self.flags, pl.Boolean),
            **dict.fromkeys(self.words, pl.String),
        }
        columns = {n: pl.Series([row.get(n) for row in rows], dtype=t) for n, t in types.items()}
        return pl.DataFrame({"row": range(len(rows)), **columns})

    def ranges(self, row: Row) -> dict[str, Range | Maybe | Words]:
        """Return one row as the second interpretation has it."""
        found: dict[str, Range | Maybe | Words] = {}
        for name in [*self.numbers, *self.flags, *self.words]:
            value = row.get(name)
            hangs_on = frozenset({name} if value is None else ())
            if name in self.numbers:
                low, high = self.numbers[name] if value is None else (value, value)
                found[name] = Range(low, high, hangs_on)
            elif name in self.words:
                words = self.words[name] if value is None else (value,)
                found[name] = Words(frozenset(words), hangs_on)
            else:
                found[name] = Maybe(value, hangs_on)
        return found


def _number(name: str, low: int, high: int) -> NumberColumn:
    column = node("column", name)
    ends = (Cell.of(node("filled", column, bound), low, high) for bound in (low, high))
    # Where more than one value is left, it says nothing.
    hinged = node("missing", column)
    least, most = (End(Fraction(1), end) for end in ends)
    return NumberColumn(least, most, hinged=hinged)


def _truth(column: Node) -> TruthColumn:
    return TruthColumn(node("filled", column, False), node("filled", column, True))


def _known(given: Column) -> Column:
    """Return a fact where it is known; elsewhere its low end stands for it."""
    if isinstance(given, WordColumn):
        return WordColumn({word: _known(each) for word, each in given.words.items()})  # type: ignore[misc]
    if isinstance(given, TruthColumn):
        return TruthColumn(given.sure, given.sure)
    return NumberColumn(given.low, given.low)


# --- what comes out -------------------------------------------------------------------------------


def number_rows(
    engine: Engine, facts: Facts, rows: Sequence[Row], made: NumberColumn
) -> list[Said]:
    """Return what an engine says of a number in every row, in units."""
    columns: dict[str, Node] = {"empty": as_node(made.empty), "known": as_node(made.known)}
    for name, end in (("low", made.low), ("high", made.high)):
        columns[f"{name}_top"] = end.top.in_bits(64)
        columns[f"{name}_bottom"] = end.bottom.in_bits(64)
        columns[f"{name}_endless"] = as_node(end.endless)
    out = engine(facts.frame(rows), columns).sort("row")
    assert not any(out.null_count().row(0)), "an engine made a null"
    steps = {"low": made.low.step, "high": made.high.step}

    def value(row: Row, name: str) -> Fraction | None:
        if row[f"{name}_endless"]:
            return None
        return steps[name] * Fraction(row[f"{name}_top"], row[f"{name}_bottom"])

    return [
        None if row["empty"] else (value(row, "low"), value(row, "high"), row["known"])
        for row in out.iter_rows(named=True)
    ]


def range_rows(facts: Facts, rows: Sequence[Row], term: Number) -> list[Said]:
    """Return what the second interpretation says of a number in every row, in units."""
    compiled = Interpreter(Ranges()).number(term)
    found = [compiled(facts.ranges(row), []) for row in rows]
    return [
        None if r.empty else (Fraction(r.low), Fraction(r.high), r.pinned and not r.open)
        for r in found
    ]


def truth_rows(
    engine: Engine, facts: Facts, rows: Sequence[Row], made: TruthColumn
) -> list[bool | None]:
    """Return what an engine says of a truth in every row; None where it is not decided."""
    columns = {
        "sure": as_node(both(made.sure, not_(made.empty))),
        "possible": as_node(either(made.possible, made.empty)),
    }
    out = engine(facts.frame(rows), columns).sort("row")
    assert not any(out.null_count().row(0)), "an engine made a null"
    decided = {(True, True): True, (False, False): False, (False, True): None}
    return [decided[row["sure"], row["possible"]] for row in out.iter_rows(named=True)]


def maybe_rows(facts: Facts, rows: Sequence[Row], term: Truth) -> list[bool | None]:
    """Return what the second interpretation says of a truth in every row."""
    compiled = Interpreter(Ranges()).truth(term)
    return [compiled(facts.ranges(row), []).value for row in rows]
