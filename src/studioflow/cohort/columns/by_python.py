"""What no engine can compute exactly is computed by Python, row by row, over batches of the frame.

That is what a plugin computes, and what would not fit into 64 bits. It is slow, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import inf, isinf, lcm
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
from attrs import field, frozen

from studioflow.algebra import Number, Opaque, Quotient, Remark, Term, bounds, opaque, walk
from studioflow.algebra.cells import Cell
from studioflow.algebra.columns import NumberColumn, TruthColumn
from studioflow.algebra.ends import End
from studioflow.algebra.flags import Flag
from studioflow.algebra.graph import node
from studioflow.cohort.columns.engines import batches, mapped
from studioflow.cohort.columns.given import given_values
from studioflow.cohort.columns.rubric import Results, item_terms
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import Points, ScoreSheet
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.rules import known
from studioflow.rules.opaque import RULE_KIND_FAILED, Function
from studioflow.verdict import Reason

__all__ = ["ByPython", "python_items", "python_results"]

MOST = 2**53
"""What Python computes is smaller, numerator and denominator."""

ELIGIBLE = "eligible"
_WHOLE = pa.int64()
_TRUTHS = ("empty", "hinged", "known", "absent", "failed")
_NUMBER: Mapping[str, pa.DataType] = {
    "low": _WHOLE,
    "high": _WHOLE,
    "of": _WHOLE,  # both are over it, so that to compare them nothing has to be multiplied
    "low_endless": pa.bool_(),
    "high_endless": pa.bool_(),
    **dict.fromkeys(_TRUTHS, pa.bool_()),
}
Row = Mapping[str, Any]
Made = dict[str, object]


@frozen(kw_only=True)
class ByPython:
    """What Python computes of every row.

    Attributes:
        numbers: the results, as columns that `of` adds, by name.
        failed: where a plugin's rule gave no answer, by the names of those items.
    """

    numbers: Mapping[str, NumberColumn]
    failed: Mapping[str, Flag]
    compute: Callable[[Row], Made] = field(repr=False)
    columns: Mapping[str, pa.DataType] = field(repr=False)

    def of(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return a checked frame with what is computed of its rows."""
        schema = next(batches(frame.head(0), 1)).schema
        for name, type_ in self.columns.items():
            schema = schema.append(pa.field(name, type_))
        return mapped(frame, partial(_batch, self.compute, schema, tuple(self.columns)), schema)


def python_items(policy: Policy, names: Sequence[str]) -> ByPython:
    """Compute some items of every row.

    Args:
        policy: that scores.
        names: of their results.
    """
    prefixes = {name: f"__python_{place}_" for place, name in enumerate(names)}
    terms = item_terms(policy.rubric)
    return ByPython(
        numbers={name: _item(prefix, terms[name]) for name, prefix in prefixes.items()},
        failed=_failed(terms, prefixes),
        compute=partial(_items_of, policy, prefixes),
        columns=_numbers(prefixes.values()),
    )


def _failed(terms: Mapping[str, Number], prefixes: Mapping[str, str]) -> dict[str, Flag]:
    """Return where what a plugin computes failed, of the items that it computes."""
    return {
        name: node("column", f"{prefixes[name]}failed")
        for name, term in terms.items()
        if name in prefixes and opaque(term)
    }


def _items_of(policy: Policy, prefixes: Mapping[str, str], row: Row) -> Made:
    """Return the items of one row, each as if it were on the sheet."""
    given = known(policy.facts, given_values(policy.facts, row))
    made: Made = {}
    for name, prefix in prefixes.items():
        remarks: list[Remark] = []
        points = policy.rubric.plans[name.partition("/")[2]].ranges(given.ranges, remarks)
        failed = any(remark.failed for remark in remarks)
        try:
            made |= _ends(prefix, points.low, points.high)
        except OverflowError:  # such a row is refused, and the others are not lost with it
            made |= _ends(prefix, 0, 0) | _said(prefix, empty=True)
            continue
        hinged = points.pinned and bool(points.open)
        made |= _said(prefix, empty=points.empty, hinged=hinged, failed=failed)
    return made


def _item(prefix: str, term: Number) -> NumberColumn:
    """Return an item, in units of its denominator."""
    fractional = any(isinstance(part, Quotient) or _any_fraction(part) for part in walk(term))
    low, high, _ = bounds(term)
    unbounded = [fractional or isinf(end) for end in (low, high)]
    within = (-MOST if unbounded[0] else int(low), MOST if unbounded[1] else int(high))
    bottom = (1, MOST) if fractional else (1, 1)
    return NumberColumn(
        _end(prefix, "low", Fraction(1), within, bottom),
        _end(prefix, "high", Fraction(1), within, bottom),
        node("column", f"{prefix}empty"),
        node("column", f"{prefix}hinged"),
    )


def _any_fraction(term: Term) -> bool:
    """Return whether Python computes it, without saying of what its values are multiples."""
    function = term.function if isinstance(term, Opaque) else None
    return isinstance(function, Function) and function.step is None


def python_results(policy: Policy) -> tuple[ByPython, Results]:
    """Compute the whole sheet of every row."""
    rubric = policy.rubric
    named = [*item_terms(rubric), *map(in_sections, rubric.sections), TOTAL]
    numbers = {name: f"__python_{place}_" for place, name in enumerate(named)}
    held = [*(f"gates/{n}" for n in rubric.gates), *(f"grades/{n}" for n in rubric.grade_terms)]
    truths = {name: f"__held_{place}_" for place, name in enumerate([*held, ELIGIBLE])}
    more = _numbers(numbers.values())
    more |= {f"{p}{part}": pa.bool_() for p in truths.values() for part in ("sure", "possible")}
    columns = {
        name: TruthColumn(node("column", f"{prefix}sure"), node("column", f"{prefix}possible"))
        for name, prefix in truths.items()
    }
    results = Results(
        numbers={n: _result(p, rubric.totals.results[n].denominator) for n, p in numbers.items()},
        absent={name: node("column", f"{prefix}absent") for name, prefix in numbers.items()},
        gates={name: columns[f"gates/{name}"] for name in rubric.gates},
        eligible=columns[ELIGIBLE],
        grades={name: columns[f"grades/{name}"] for name in rubric.grade_terms},
        withheld=False,
        refused={TOTAL: node("column", f"{numbers[TOTAL]}empty")},
    )
    compute = partial(_sheet_of, policy, numbers, truths)
    by_python = ByPython(
        numbers=results.numbers,
        failed=_failed(item_terms(rubric), numbers),
        compute=compute,
        columns=more,
    )
    return by_python, results


def _sheet_of(
    policy: Policy, numbers: Mapping[str, str], truths: Mapping[str, str], row: Row
) -> Made:
    """Return the sheet of one row; of one that is refused, that it is."""
    made: Made = {}
    for prefix in numbers.values():
        made |= _ends(prefix, 0, 0) | _said(prefix, absent=True)
    made |= {f"{p}{part}": False for p in truths.values() for part in ("sure", "possible")}
    try:
        sheet = policy.score(given_values(policy.facts, row))
        ends = {name: _range_of(points) for name, points in _points_of(sheet)}
        for name, (low, high) in ends.items():
            made |= _ends(numbers[name], low, high)
    except (InputError, OverflowError):
        return made | _said(numbers[TOTAL], empty=True, absent=True)
    failed = {name for name, reasons in _reasons_of(sheet) if _any_failed(reasons)}
    for name, points in _points_of(sheet):
        shown = points.range is not None
        known = points.points is not None
        made |= _said(numbers[name], absent=not shown, known=known, failed=name in failed)
    held = {f"gates/{gate.id}": gate.met for gate in sheet.gates}
    held |= {f"grades/{grade.id}": grade.met for grade in sheet.grades}
    for name, met in {**held, ELIGIBLE: sheet.eligible}.items():
        made |= {f"{truths[name]}sure": met is True, f"{truths[name]}possible": met is not False}
    return made


def _points_of(sheet: ScoreSheet) -> Iterator[tuple[str, Points]]:
    yield from ((in_criteria(each.id), each.points) for each in sheet.criteria)
    yield from ((in_deductions(each.id), each.points) for each in sheet.deductions)
    yield from ((in_sections(each.id), each.points) for each in sheet.sections)
    yield TOTAL, sheet.total


def _range_of(points: Points) -> tuple[float | Fraction, float | Fraction]:
    low, high = points.range or (Fraction(0), Fraction(0))
    return -inf if low is None else low, inf if high is None else high


def _reasons_of(sheet: ScoreSheet) -> Iterator[tuple[str, Iterable[Reason]]]:
    yield from ((in_criteria(each.id), each.reasons) for each in sheet.criteria)
    yield from ((in_deductions(each.id), each.reasons) for each in sheet.deductions)


def _any_failed(reasons: Iterable[Reason]) -> bool:
    return any(reason.message is RULE_KIND_FAILED for reason in reasons)


def _result(prefix: str, unit: int) -> NumberColumn:
    """Return a result that a sheet says in points."""
    within, bottom = (-MOST, MOST), (1, MOST)
    return NumberColumn(
        _end(prefix, "low", Fraction(unit), within, bottom),
        _end(prefix, "high", Fraction(unit), within, bottom),
        node("column", f"{prefix}empty"),
        certain=node("column", f"{prefix}known"),
    )


# --- columns of numbers ---------------------------------------------------------------------------


def _numbers(prefixes: Iterable[str]) -> dict[str, pa.DataType]:
    return {f"{prefix}{part}": type_ for prefix in prefixes for part, type_ in _NUMBER.items()}


def _ends(prefix: str, low: float | Fraction, high: float | Fraction) -> Made:
    exact = [Fraction(0) if isinstance(end, float) else Fraction(end) for end in (low, high)]
    over = lcm(*(end.denominator for end in exact))
    least, most = (int(end * over) for end in exact)
    if max(abs(least), abs(most), over) >= MOST:
        raise OverflowError(f"{exact[0]} to {exact[1]} is too large for a column")
    return {
        f"{prefix}low": least,
        f"{prefix}high": most,
        f"{prefix}of": over,
        f"{prefix}low_endless": isinstance(low, float),
        f"{prefix}high_endless": isinstance(high, float),
    }


def _said(prefix: str, **held: bool) -> Made:
    """Return the truths of a result; those that are not named do not hold."""
    return {f"{prefix}{name}": held.get(name, False) for name in _TRUTHS}


def _end(
    prefix: str, name: str, step: Fraction, top: tuple[int, ...], bottom: tuple[int, int]
) -> End:
    whole = Cell.of(node("column", f"{prefix}{name}"), *top)
    over = Cell.of(node("column", f"{prefix}of"), *bottom)
    return End(step, whole, over, node("column", f"{prefix}{name}_endless"))


# --- rows -----------------------------------------------------------------------------------------


def _batch(
    compute: Callable[[Row], Made], schema: pa.Schema, more: Sequence[str], batch: pa.RecordBatch
) -> pa.RecordBatch:
    rows = [compute(row) for row in batch.to_pylist()]
    columns = [pa.array([row[name] for row in rows], schema.field(name).type) for name in more]
    return pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=schema)
