"""A rubric over columns: what `score` says of one studio, said of every row."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from studioflow.algebra import Number, ends
from studioflow.algebra.cases import Case, by_cases
from studioflow.algebra.cells import NotInColumnsError
from studioflow.algebra.columns import (
    Column,
    NumberColumn,
    TruthColumn,
    WordColumn,
    number_column,
    truth_column,
)
from studioflow.algebra.flags import Flag, both, either, not_
from studioflow.rubric import Rubric
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections

__all__ = ["Results", "item_terms", "items_by_python", "results"]

_NOTHING = NumberColumn(ends.number(0), ends.number(0))


@frozen(kw_only=True)
class Results:
    """What a rubric says of every row.

    Attributes:
        numbers: criteria, deductions, sections and the total, by the names of their results, in
            units of their denominators.
        absent: where a criterion or a section is not on the sheet, by the names of their results.
        gates: whether each is met, by id.
        eligible: whether all gates are met but those that only cap the grade.
        grades: whether each computed grade is reached, by id, best first.
        withheld: where no points are shown.
        refused: where a value is not valid, by the name of what refuses it.
        failed: where a plugin's rule gave no answer, by the names of the items that may fail.
    """

    numbers: Mapping[str, NumberColumn]
    absent: Mapping[str, Flag]
    gates: Mapping[str, TruthColumn]
    eligible: TruthColumn
    grades: Mapping[str, TruthColumn]
    withheld: Flag
    refused: Mapping[str, Flag]
    failed: Mapping[str, Flag] = field(factory=dict)


def items_by_python(rubric: Rubric, given: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the results of the criteria and deductions that no engine can compute exactly."""
    return tuple(name for name, term in item_terms(rubric).items() if not _computed(term, given))


def results(
    rubric: Rubric,
    given: Mapping[str, Column],
    cases: Mapping[str, Case],
    by_python: Mapping[str, NumberColumn],
) -> Results:
    """Return what the rubric says of every row.

    Args:
        rubric: that says it.
        given: the facts.
        cases: of those that may be missing.
        by_python: the items that Python has computed already, by the names of their results.

    Raises:
        NotInColumnsError: where no engine can compute what the items add up to.
    """
    known = {**given}
    absent = _absent(rubric, given)
    numbers = {
        name: by_python[name] if name in by_python else by_cases(term, given, cases)
        for name, term in item_terms(rubric).items()
    }
    numbers = {n: _unless(absent.get(n, False), points) for n, points in numbers.items()}
    refused = {n: each.empty for n, each in numbers.items() if each.empty is not False}
    known.update(numbers)
    for name, term in rubric.totals.section_terms.items():
        known[in_sections(name)] = numbers[in_sections(name)] = number_column(term, known)
    known[TOTAL] = numbers[TOTAL] = number_column(rubric.totals.total, known)
    gates = {
        name: _settled(truth_column(gate.condition.truth, given))
        for name, gate in rubric.gates.items()
    }
    grades = {
        name: _held_back(rubric, gates, name, _settled(truth_column(term, known)))
        for name, term in rubric.grade_terms.items()
    }
    eligible = _eligible(rubric, gates)
    withhold = rubric.settings.on_gate_failure == "withhold"
    return Results(
        numbers=numbers,
        absent=absent,
        gates=gates,
        eligible=eligible,
        grades=grades,
        withheld=not_(eligible.possible) if withhold else False,
        refused=refused,
    )


def item_terms(rubric: Rubric) -> dict[str, Number]:
    """Return the term of every criterion and deduction, by the name of its result."""
    terms = {in_criteria(name): rubric.points[name] for name in rubric.criteria}
    return {**terms, **{in_deductions(name): rubric.points[name] for name in rubric.deductions}}


def _computed(term: Number, given: Mapping[str, Column]) -> bool:
    try:
        number_column(term, given)
    except NotInColumnsError:
        return False
    return True


def _absent(rubric: Rubric, given: Mapping[str, Column]) -> dict[str, Flag]:
    """Return where criteria and sections are surely not on the sheet."""
    by = rubric.settings.sheet_by
    kind = given[by] if by else None
    if not isinstance(kind, WordColumn):
        return {}
    shown = {word: rubric.totals.shown(word) for word in kind.words}
    missed: dict[str, Flag] = {
        name: not_(either(*(kind.words[word].possible for word in shown if name in shown[word])))
        for name in rubric.sections
    }
    criteria = {in_criteria(n): missed[c.section] for n, c in rubric.criteria.items()}
    return {**criteria, **{in_sections(name): flag for name, flag in missed.items()}}


def _unless(absent: Flag, points: NumberColumn) -> NumberColumn:
    """Return the points, 0 where the item is not on the sheet."""
    if absent is False:
        return points
    low = ends.choose(absent, _NOTHING.low, points.low)
    high = low if points.exact else ends.choose(absent, _NOTHING.high, points.high)
    here = not_(absent)
    return NumberColumn(low, high, both(here, points.empty), both(here, points.hinged))


def _settled(truth: TruthColumn) -> TruthColumn:
    """Return a truth that is not decided where it compares what has no valid value."""
    if truth.empty is False:
        return truth
    return TruthColumn(both(truth.sure, not_(truth.empty)), either(truth.possible, truth.empty))


def _every(truths: list[TruthColumn]) -> TruthColumn:
    sure = both(*(truth.sure for truth in truths))
    if all(truth.decided for truth in truths):
        return TruthColumn(sure, sure)
    return TruthColumn(sure, both(*(truth.possible for truth in truths)))


def _eligible(rubric: Rubric, gates: Mapping[str, TruthColumn]) -> TruthColumn:
    return _every([each for name, each in gates.items() if rubric.gates[name].at_best is None])


def _held_back(
    rubric: Rubric, gates: Mapping[str, TruthColumn], grade: str, reached: TruthColumn
) -> TruthColumn:
    """Return whether a grade is reached and no gate stands against it; see `graded`."""
    order = list(rubric.grades)
    against = []
    for name, met in gates.items():
        best = rubric.gates[name].at_best
        if best is None or order.index(grade) < order.index(best):
            against.append(met)
    return _every([reached, *against])
