"""Rank and places as columns: a small table of classes is counted, and its answers joined back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
from attrs import field, frozen

from studioflow.cohort.columns.alike import Alike, Ranked, ranks
from studioflow.cohort.columns.engines import collected
from studioflow.cohort.columns.joining import joined
from studioflow.cohort.columns.placing import Placed, Placing, placed
from studioflow.policy import Policy
from studioflow.rubric import Rubric

__all__ = ["PLACES", "RANK", "Ranking", "needed", "with_places"]

RANK = ("rank", "rank_best", "rank_worst", "tied")
PLACES = ("placed", "placed_low", "placed_high")

_OUT = -1
"""The kind of whoever is not eligible, and is not looked at any further."""

_TRUTHS = (None, False, True)
_MOST_KINDS = 2**31
_SIZE = "__size"


@frozen
class Ranking:
    """A frame with rank and places.

    Attributes:
        frame: the columns that there were, and those of `RANK` and `PLACES`.
        placing: what counting the places came to.
    """

    frame: nw.LazyFrame[Any]
    placing: Placing = field(repr=False)


def needed(rubric: Rubric) -> tuple[str, ...]:
    """Return the columns that rank and places hang on, besides the total's.

    Those that a frame does not have are taken as unknown in every row.
    """
    capping = (f"gates/{name}" for name, gate in rubric.gates.items() if gate.at_best is not None)
    computed = (f"grades/{name}" for name, grade in rubric.grades.items() if grade.computed)
    ranked = [grade for grade in rubric.grades.values() if not grade.otherwise]
    met = computed if ranked and not ranked[-1].computed else ()
    return ("eligibility", "grade", "grade_low", "grade_high", *capping, *met)


def with_places(policy: Policy, frame: nw.LazyFrame[Any]) -> Ranking:
    """Give a scored frame rank and places.

    Args:
        policy: that it was scored by.
        frame: with the columns of `needed`, and `total_low` and `total_high` in whole units, or
            each as `…_numerator` and `…_denominator`.
    """
    classes = _Classes(policy.rubric, frame)
    keyed = frame.with_columns(**classes.keys)
    table = _counted(keyed, [*classes.keys])
    alike = list(classes.read(table))
    placing = placed(policy, alike)
    answers = _answers(table.drop_columns([_SIZE]), ranks(alike), placing.classes)
    return Ranking(joined(keyed, answers, [*classes.keys]), placing)


def _counted(frame: nw.LazyFrame[Any], keys: list[str]) -> pa.Table:
    """Return how many rows there are of each combination of keys."""
    counts = frame.select(*keys).group_by(*keys).agg(nw.len().alias(_SIZE))
    table: pa.Table = collected(counts).to_arrow()
    return table


def _answers(keys: pa.Table, ranked: Sequence[Ranked], places: Sequence[Placed]) -> pa.Table:
    columns: dict[str, pa.Array] = {
        "rank": pa.array((each.rank for each in ranked), pa.int64()),
        "rank_best": pa.array((each.best for each in ranked), pa.int64()),
        "rank_worst": pa.array((each.worst for each in ranked), pa.int64()),
        "tied": pa.array((each.tied for each in ranked), pa.bool_()),
        "placed": pa.array((each.grade for each in places), pa.string()),
        "placed_low": pa.array((each.low for each in places), pa.string()),
        "placed_high": pa.array((each.high for each in places), pa.string()),
    }
    for name, column in columns.items():
        keys = keys.append_column(name, column)
    return keys


@frozen
class _Kind:
    """What those of a kind have in common.

    Attributes:
        said: as `Alike` takes it.
        low: whether their total has a lower bound.
        high: whether it has an upper one.
    """

    said: Mapping[str, Any]
    low: bool
    high: bool


class _Classes:
    """What makes studios alike, as whole numbers that are never null: any engine can join those.

    What has few values (eligibility, grades, gates) is the digits of one number, or of several.
    """

    def __init__(self, rubric: Rubric, frame: nw.LazyFrame[Any]) -> None:
        schema = frame.collect_schema()
        self._there = frozenset(schema)
        self._totals = [*self._total("total_low"), *self._total("total_high")]
        for name in self._totals:
            if not schema[name].is_integer():
                error = f"{name} is {schema[name]}, and has to be in whole units"
                raise TypeError(error)
        values: dict[str, tuple[object, ...]] = {"eligibility": (None, "eligible")}
        values |= dict.fromkeys(self._totals, (False, True))  # whether it is known
        for name in needed(rubric)[1:]:
            grades = (None, *rubric.grades)
            values[name] = grades if name.startswith("grade") and "/" not in name else _TRUTHS
        self._values = {n: each for n, each in values.items() if n in self._there}
        self._kinds = tuple(_in_numbers(self._values))
        self._told: dict[tuple[int, ...], _Kind] = {}
        self.keys = {**self._total_keys(), **self._kind_keys()}

    def _total(self, name: str) -> list[str]:
        pair = [f"{name}_numerator", f"{name}_denominator"]
        return [name] if name in self._there else pair

    def _total_keys(self) -> dict[str, nw.Expr]:
        out = _is_out()
        return {
            f"__{name}": nw.when(out | nw.col(name).is_null())
            .then(nw.lit(0))
            .otherwise(nw.col(name))
            .cast(nw.Int64)
            for name in self._totals
        }

    def _kind_keys(self) -> dict[str, nw.Expr]:
        keys = {}
        for number, names in enumerate(self._kinds):
            kind, base = nw.lit(0), 1
            for name in names:
                kind = kind + self._digit(name) * base
                base *= len(self._values[name])
            kind = nw.when(_is_out()).then(nw.lit(_OUT)).otherwise(kind)
            keys[f"__kind_{number}"] = kind.cast(nw.Int64)
        return keys

    def _digit(self, name: str) -> nw.Expr:
        """Return which of its values a column has; 0 where it has none of them."""
        column, values = nw.col(name), self._values[name]
        if name in self._totals:
            return nw.when(column.is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
        digit = nw.lit(0)
        for place, value in enumerate(values):
            if value is not None:
                same = column == value if isinstance(value, str) else column if value else ~column
                digit = nw.when(same).then(nw.lit(place)).otherwise(digit)
        return digit

    def read(self, table: pa.Table) -> Iterator[Alike]:
        """Yield the classes of a table of keys and sizes."""
        names = [f"__kind_{number}" for number in range(len(self._kinds))]
        ends = (self._ends("total_low", table), self._ends("total_high", table))
        for low, high, size, *kinds in zip(
            *ends, *(table[name].to_pylist() for name in (_SIZE, *names)), strict=True
        ):
            kind = self._kind(tuple(kinds))
            yield Alike(
                **kind.said,
                low=low if kind.low else None,
                high=high if kind.high else None,
                size=size,
            )

    def _ends(self, name: str, table: pa.Table) -> Iterator[int | Fraction]:
        columns = [table[f"__{column}"].to_pylist() for column in self._total(name)]
        # Where there is no total, both parts are 0.
        return (
            top if not bottom else Fraction(top, *bottom) if any(bottom) else 0
            for top, *bottom in zip(*columns, strict=True)
        )

    def _kind(self, kinds: tuple[int, ...]) -> _Kind:
        """Return what a kind stands for; there are few, and each is told many times."""
        if kinds not in self._told:
            self._told[kinds] = self._read(kinds)
        return self._told[kinds]

    def _read(self, kinds: tuple[int, ...]) -> _Kind:
        if kinds[0] == _OUT:
            return _Kind({"eligible": False}, low=False, high=False)
        said: dict[str, Any] = {}
        for kind, names in zip(kinds, self._kinds, strict=True):
            left = kind
            for name in names:
                left, digit = divmod(left, len(self._values[name]))
                said[name] = self._values[name][digit]
        told = {
            "eligible": True if said["eligibility"] else None,
            **{name: said.get(name) for name in ("grade", "grade_low", "grade_high")},
            "gates": _under("gates/", said),
            "met": _under("grades/", said),
        }
        low, high = (
            all(said[column] for column in self._total(name))
            for name in ("total_low", "total_high")
        )
        return _Kind(told, low=low, high=high)


def _is_out() -> nw.Expr:
    return nw.col("eligibility") == "not_eligible"


def _in_numbers(values: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, ...]]:
    """Yield the names of digits that one number has room for."""
    names: list[str] = []
    base = 1
    for name, each in values.items():
        if base * len(each) > _MOST_KINDS:
            yield tuple(names)
            names, base = [], 1
        names.append(name)
        base *= len(each)
    yield tuple(names)


def _under(prefix: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {n.removeprefix(prefix): value for n, value in said.items() if n.startswith(prefix)}
