"""From a graph to a query: what is used more than once becomes a column of its own.

Each stage of the query adds columns that later stages read. An engine then computes everything
once, and no expression doubles in size by being mentioned twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import add, and_, floordiv, ge, mul, or_
from typing import Any

from studioflow.algebra.graph import Node, Operation, in_order

__all__ = ["Plan"]

_WIDTHS = {1: "Boolean", 8: "Int8", 16: "Int16", 32: "Int32", 64: "Int64"}
_DIGITS = 18
_FREE: set[Operation] = {"column", "literal", "word"}
"""What costs nothing to be mentioned again."""


class Plan:
    """Which nodes are columns of their own, in which stage, and how each is said to an engine.

    It is made once for many frames.
    """

    def __init__(self, engine: Any, columns: Mapping[str, Node]) -> None:  # noqa: ANN401 - a module
        """Plan some columns.

        Args:
            engine: whose words for expressions are used: `polars`, or `narwhals.stable.v2`.
            columns: what to compute, by name.
        """
        self._engine = engine
        order = in_order(columns.values())
        used = Counter(part for each in order for part in each.parts)
        used.update(columns.values())
        self._kept = {
            each: f"__{number}"
            for number, each in enumerate(order)
            if used[each] > 1 and each.operation not in _FREE
        }
        self._depth: dict[Node, int] = {}
        for each in order:
            behind = (self._depth[part] + (part in self._kept) for part in each.parts)
            self._depth[each] = max(behind, default=0)

        stages: dict[int, dict[str, Any]] = {}
        for each, name in self._kept.items():
            stages.setdefault(self._depth[each], {})[name] = self._said(each)
        self._stages = [stages[depth] for depth in sorted(stages)]
        self._last = {name: self._read(each) for name, each in columns.items()}

    def of(self, frame: Any, keep: Sequence[str] = ()) -> Any:  # noqa: ANN401 - a lazy frame
        """Return a lazy frame of the engine with the columns, computed from those that it has.

        Args:
            frame: of the engine.
            keep: the columns that stay as they are.
        """
        for stage in self._stages:
            frame = frame.with_columns(**stage)
        return frame.select(*keep, **self._last)

    def _read(self, each: Node) -> Any:  # noqa: ANN401 - an expression of the engine
        if each in self._kept:
            return self._engine.col(self._kept[each])
        return self._said(each)

    def _said(self, each: Node) -> Any:  # noqa: ANN401 - an expression of the engine
        said = [self._read(part) if isinstance(part, Node) else part for part in each.arguments]
        return _WORDS[each.operation](self._engine, *said)


def _literal(engine: Any, value: object, width: int) -> Any:  # noqa: ANN401
    return engine.lit(value, dtype=getattr(engine, _WIDTHS[width]))


def _cast(engine: Any, number: Any, width: int) -> Any:  # noqa: ANN401
    to = getattr(engine, _WIDTHS[width])
    if engine.__name__ == "polars":
        # The bounds are proved; Polars need not look at every value once more.
        return number.cast(to, wrap_numerical=True)
    return number.cast(to)


def _word(engine: Any, text: str, *words: str) -> Any:  # noqa: ANN401
    """Return a word, where Polars has a short code for each of a few."""
    if engine.__name__ == "polars":
        return engine.lit(text, dtype=engine.Enum(words))
    return engine.lit(text)


def _decimal(engine: Any, number: Any, places: int) -> Any:  # noqa: ANN401
    return number.cast(engine.Decimal(_DIGITS, 0)) * engine.lit(Decimal(1).scaleb(-places))


_WORDS: Mapping[Operation, Callable[..., Any]] = {
    "column": lambda engine, name: engine.col(name),
    "missing": lambda _, column: column.is_null(),
    "filled": lambda _, column, value: column.fill_null(value),
    "is": lambda _, column, word: column == word,
    "literal": _literal,
    "cast": _cast,
    "add": lambda _, left, right: add(left, right),
    "multiply": lambda _, left, right: mul(left, right),
    "floor_divide": lambda _, left, right: floordiv(left, right),
    "smallest": lambda engine, *numbers: engine.min_horizontal(*numbers),
    "largest": lambda engine, *numbers: engine.max_horizontal(*numbers),
    "choose": lambda engine, flag, then, other: engine.when(flag).then(then).otherwise(other),
    "at_least": lambda _, left, right: ge(left, right),
    "all": lambda _, *flags: reduce(and_, flags),
    "some": lambda _, *flags: reduce(or_, flags),
    "not": lambda _, flag: ~flag,
    "where": lambda engine, flag, column: engine.when(flag).then(column),
    "word": _word,
    "decimal": _decimal,
    "halved": lambda engine, number, times: number.cast(engine.Float64) * 0.5**times,
}
