"""The grid: values for each of several places of a policy, and every combination of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from attrs import field, frozen

from studioflow.codec import Collector, OneOrMore, exact_number, read, strict_converter, wrong
from studioflow.errors import InputError
from studioflow.policy.document import WRONG_SCHEMA
from studioflow.text import message

__all__ = ["Grid", "read_grid"]

SCHEMA = "studioflow.grid/1"
MOST = 100_000
"""More variations than these are a mistake, or no job for one table."""

AXIS_VALUES = message(
    "axis_values",
    zh="值的列表，或含 from、to 和 step 的表",
    en="a list of values, or a table of from, to and step",
)
VALUES_TWICE = message("values_twice", zh="各不相同的值", en="values that differ")
NO_AXES = message("no_axes", zh="至少一个轴", en="one axis at least")
TOO_MANY = message("too_many_variations", zh="至多 {most} 个组合", en="{most} combinations at most")


def _tuples(axes: Mapping[str, Iterable[Any]]) -> dict[str, tuple[Any, ...]]:
    return {path: tuple(values) for path, values in axes.items()}


@frozen
class Grid:
    """Values by path; every combination is a variation.

    >>> grid = Grid({"criteria/5.2.2/norm": [12, 16], "readings/bonus_cap": ["cap_5", "uncapped"]})
    >>> len(grid), next(iter(grid))
    (4, {'criteria/5.2.2/norm': 12, 'readings/bonus_cap': 'cap_5'})

    Raises:
        InputError: without an axis or a value, for a value said twice, for too many combinations.
    """

    axes: Mapping[str, tuple[Any, ...]] = field(converter=_tuples)

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under("axes"):
            if not self.axes:
                raise wrong(NO_AXES, "-")
            if len(self) > MOST:
                raise wrong(TOO_MANY, len(self), most=MOST)
        for path, values in self.axes.items():
            with collector.under("axes", path):
                if not values:
                    raise wrong(AXIS_VALUES, "[]")
                if any(value in values[:place] for place, value in enumerate(values)):
                    raise wrong(VALUES_TWICE, list(values))
        collector.finish()

    def __len__(self) -> int:
        return prod(len(values) for values in self.axes.values())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for values in product(*self.axes.values()):
            yield dict(zip(self.axes, values, strict=True))


@frozen(kw_only=True)
class _File:
    schema: str
    axes: Mapping[str, Any]
    policy: OneOrMore | None = None


def read_grid(path: Path) -> Grid:
    """Read a grid from a TOML file.

    Raises:
        InputError: with every problem of the file.
    """
    try:
        return _read(path)
    except InputError as error:
        raise InputError(each.in_file(path.name) for each in error.problems) from None


def _read(path: Path) -> Grid:
    tables = read(path)
    collector = Collector()
    with collector.under("schema"):
        if tables.get("schema") != SCHEMA:
            raise wrong(WRONG_SCHEMA, tables.get("schema", ""), known=[SCHEMA], schema=SCHEMA)
    collector.finish()
    converter = strict_converter()
    converter.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
    file = converter.structure(tables, _File)
    axes: dict[str, tuple[Any, ...]] = {}
    for name, values in file.axes.items():
        with collector.under("axes", name):
            axes[name] = _values(values)
    collector.finish()
    return Grid(axes)


def _values(said: object) -> tuple[Any, ...]:
    match said:
        case list():
            return tuple(said)
        case {"from": start, "to": end, **rest} if rest.keys() <= {"step"}:
            first, last, step = (exact_number(each) for each in (start, end, rest.get("step", 1)))
            if step <= 0 or last < first:
                raise wrong(AXIS_VALUES, str(said))
            many = int((last - first) / step) + 1
            if many > MOST:
                raise wrong(TOO_MANY, many, most=MOST)
            return tuple(_plain(first + step * n) for n in range(many))
        case _:
            raise wrong(AXIS_VALUES, str(said))


def _plain(number: Fraction) -> int | Decimal:
    if number.denominator == 1:
        return number.numerator
    return Decimal(number.numerator) / Decimal(number.denominator)
