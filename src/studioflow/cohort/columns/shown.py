"""What a result frame shows: exact points, gates, eligibility and grades, as columns with names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studioflow.algebra import ends
from studioflow.algebra.cells import Cell, always, product
from studioflow.algebra.columns import NumberColumn, TruthColumn
from studioflow.algebra.ends import End
from studioflow.algebra.flags import Flag, as_node, both, either, not_
from studioflow.algebra.graph import Node, node
from studioflow.cohort.columns.rubric import Results
from studioflow.rubric import Rubric
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections

__all__ = ["ELIGIBILITY", "GROUPS", "eligibility", "grades", "in_units", "maybe", "shown"]

GROUPS = (
    "criteria",
    "deductions",
    "sections",
    "total",
    "range",
    "gates",
    "eligibility",
    "grade",
)
"""The groups of result columns, in their order."""

ELIGIBILITY = ("eligible", "not_eligible", "undetermined")
_MOST_PLACES = 12
_IN_A_FLOAT = 2**53
_IN_A_DECIMAL = 10**18


def shown(rubric: Rubric, results: Results, groups: tuple[str, ...]) -> dict[str, Node]:
    """Return the columns of some groups, by name.

    Args:
        rubric: that was scored by.
        results: of it.
        groups: of `GROUPS`.
    """
    found: dict[str, Node] = {}
    names = {
        "criteria": [in_criteria(name) for name in rubric.criteria],
        "deductions": [in_deductions(name) for name in rubric.deductions],
        "sections": [in_sections(name) for name in rubric.sections],
        "total": [TOTAL],
    }
    for group in GROUPS:
        if group in groups and group in names:
            found.update(_points(rubric, results, names[group]))
    if "range" in groups:
        # What the total is for certain takes as long to tell as its two ends.
        found.update(_range(rubric, results, TOTAL))
    if "gates" in groups:
        found |= {f"gates/{name}": maybe(met) for name, met in results.gates.items()}
    if "eligibility" in groups:
        found["eligibility"] = eligibility(results.eligible)
    if "grade" in groups:
        found.update(grades(rubric, results.grades))
    return found


def _points(rubric: Rubric, results: Results, names: list[str]) -> Iterator[tuple[str, Node]]:
    """Yield the columns of results: what is known, and the ends of what is possible."""
    for name in names:
        number, here = results.numbers[name], _here(results, name)
        yield from _exact(name, number.low, both(here, number.known), number, _unit(rubric, name))
        yield from _range(rubric, results, name)
        if name in results.failed:
            yield f"{name}_failed", as_node(results.failed[name])


def _range(rubric: Rubric, results: Results, name: str) -> Iterator[tuple[str, Node]]:
    number, here = results.numbers[name], _here(results, name)
    for suffix, end in (("_low", number.low), ("_high", number.high)):
        where = both(here, not_(end.endless))
        yield from _exact(f"{name}{suffix}", end, where, number, _unit(rubric, name))


def _here(results: Results, name: str) -> Flag:
    """Return where a result stands on the sheet, and is shown."""
    return not_(either(results.absent.get(name, False), results.withheld))


def _unit(rubric: Rubric, name: str) -> int:
    return rubric.totals.results[name].denominator


def _exact(
    name: str, end: End, where: Flag, number: NumberColumn, unit: int
) -> Iterator[tuple[str, Node]]:
    """Yield an end as a float or a decimal where that is exact, else as two whole numbers.

    Both ends of a number are shown alike.
    """
    step = ends.common_step([number.low, number.high])
    top, size = ends.in_steps(end, step), step / unit
    places = _decimal_places(size.denominator)
    divided = any(each.bottom.column is not None for each in (number.low, number.high))
    tops = [ends.in_steps(each, step) for each in (number.low, number.high)]
    furthest = max(abs(bound) for each in tops for bound in (each.least, each.most))
    if divided or places is None or (places and furthest * size * 10**places >= _IN_A_DECIMAL):
        over = product(end.bottom, always(size.denominator))
        yield f"{name}_numerator", _where(where, _int64(product(top, always(size.numerator))))
        yield f"{name}_denominator", _where(where, _int64(over))
        return
    halvings = size.denominator.bit_length() - 1
    if halvings and size.denominator == 2**halvings and furthest * size.numerator < _IN_A_FLOAT:
        whole = product(top, always(size.numerator))
        yield name, _where(where, node("halved", whole.as_node, halvings))
        return
    whole = product(top, always(int(size * 10**places)))
    yield name, _where(where, _decimal(whole, places))


def in_units(name: str, number: NumberColumn) -> Iterator[tuple[str, Node]]:
    """Yield the ends of a number as whole numbers that can be compared; null where it has none."""
    step = ends.common_step([number.low, number.high])
    divided = any(end.bottom.column is not None for end in (number.low, number.high))
    for suffix, end in (("_low", number.low), ("_high", number.high)):
        where = not_(end.endless)
        top = ends.in_steps(end, step)
        if divided:
            yield f"{name}{suffix}_numerator", _where(where, _int64(top))
            yield f"{name}{suffix}_denominator", _where(where, _int64(end.bottom))
        else:
            yield f"{name}{suffix}", _where(where, _int64(top))


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimals make a fraction exact; None where none do."""
    return next((n for n in range(_MOST_PLACES) if 10**n % denominator == 0), None)


def _decimal(whole: Cell, places: int) -> Node:
    return node("decimal", whole.as_node, places) if places else _int64(whole)


def _int64(cell: Cell) -> Node:
    return cell.in_bits(64)


def _where(where: Flag, column: Node) -> Node:
    return column if where is True else node("where", as_node(where), column)


def maybe(truth: TruthColumn) -> Node:
    """Return a truth that is null while it is not decided."""
    if truth.decided:
        return as_node(truth.sure)
    return _where(either(truth.sure, not_(truth.possible)), as_node(truth.sure))


def eligibility(eligible: TruthColumn) -> Node:
    """Return whether each studio is eligible, as one of `ELIGIBILITY`."""
    certain = _choose(eligible.sure, _word("eligible"), _word("not_eligible"))
    if eligible.decided:
        return certain
    open_ = both(eligible.possible, not_(eligible.sure))
    return _choose(open_, _word("undetermined"), certain)


def _word(word: str) -> Node:
    return node("word", word, *ELIGIBILITY)


def _choose(flag: Flag, then: Node, otherwise: Node) -> Node:
    if isinstance(flag, bool):
        return then if flag else otherwise
    return node("choose", flag, then, otherwise)


def grades(rubric: Rubric, met: Mapping[str, TruthColumn]) -> Iterator[tuple[str, Node]]:
    """Yield the grade that is certain, and the worst and the best one that are possible."""
    ids = list(rubric.grades)
    ranked = [name for name, grade in rubric.grades.items() if not grade.otherwise]
    rest = next((name for name, grade in rubric.grades.items() if grade.otherwise), None)
    none = node("where", as_node(flag=False), node("word", next(iter(ids), ""), *(ids or [""])))
    if not ranked or not rubric.grades[ranked[-1]].computed:
        # Without a pass mark it is a decision, not a computation.
        yield from ((f"grade{suffix}", none) for suffix in ("", "_low", "_high"))
        return
    low = high = none if rest is None else node("word", rest, *ids)
    certain: Flag = True  # that the best possible one is the worst possible, too
    for name, reached in reversed(list(met.items())):
        low = _choose(reached.sure, node("word", name, *ids), low)
        high = _choose(reached.possible, node("word", name, *ids), high)
        undecided = both(reached.possible, not_(reached.sure))
        certain = both(not_(undecided), either(reached.sure, certain))
    yield "grade", _where(certain, low)
    yield "grade_low", low
    yield "grade_high", high
