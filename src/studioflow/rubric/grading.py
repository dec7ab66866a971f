"""Which grade a sheet reaches, and why no better one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from studioflow.algebra import Maybe, Remark
from studioflow.rubric.reasons import reasons_of
from studioflow.rubric.rubric import Rubric
from studioflow.rubric.sheet import GateResult, GradeResult
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["Graded", "graded"]

GATE_UNMET = message("grade_gate_unmet", zh="必备项未达到：{gate}", en="a gate is not met: {gate}")
GATE_OPEN = message(
    "grade_gate_open", zh="必备项尚未判定：{gate}", en="a gate is not decided yet: {gate}"
)
GRADE_CAPPED = message(
    "grade_capped",
    zh="未达到“{gate}”，最高为{grade}",
    en="not met: {gate}; the best grade left is {grade}",
)


@frozen(kw_only=True)
class Graded:
    """The grades of a sheet.

    Attributes:
        grade: the one that is reached; None where it is left to a decision, or not certain yet.
        results: every grade that is computed, best first.
    """

    grade: str | None
    results: tuple[GradeResult, ...] = ()
    open: frozenset[str] = field(factory=frozenset)


def graded(
    rubric: Rubric,
    gates: Iterable[GateResult],
    outcomes: Mapping[str, tuple[Maybe, Iterable[Remark]]],
) -> Graded:
    """Return what a sheet reaches.

    Args:
        rubric: whose grades.
        gates: as they came out.
        outcomes: whether points and facts are enough, of every grade that they decide, and why.
    """
    if not outcomes:
        return Graded(grade=None)
    against = _Against(rubric, tuple(gates))
    results = [
        _result(rubric, name, outcome, remarks, against)
        for name, (outcome, remarks) in outcomes.items()
    ]
    open_ = frozenset[str]().union(*(outcome.open for outcome, _ in outcomes.values()))
    return Graded(grade=_reached(rubric, results), results=tuple(results), open=open_)


def _reached(rubric: Rubric, results: Iterable[GradeResult]) -> str | None:
    """Return the grade, if whatever is still open can not change it."""
    ranked = [name for name, grade in rubric.grades.items() if not grade.otherwise]
    if not rubric.grades[ranked[-1]].computed:
        return None  # without a pass mark it is a decision, not a computation
    possible: list[str | None] = []
    for result in results:
        if result.met is not False:
            possible.append(result.id)
        if result.met:
            break
    else:
        possible.append(next((n for n, g in rubric.grades.items() if g.otherwise), None))
    return possible[0] if len(possible) == 1 else None


def _result(
    rubric: Rubric, name: str, outcome: Maybe, remarks: Iterable[Remark], against: _Against
) -> GradeResult:
    grade = rubric.grades[name]
    reasons = reasons_of(rubric, remarks, outcome.open, grade.clause)
    barred = against.reasons(name)
    met = outcome.value
    if any(reason.message is not GATE_OPEN for reason in barred):
        met = False
    elif barred and met:
        met = None
    return GradeResult(id=name, label=grade.label, met=met, reasons=(*barred, *reasons))


class _Against:
    """What gates have against grades."""

    def __init__(self, rubric: Rubric, gates: tuple[GateResult, ...]) -> None:
        self._rubric = rubric
        self._order = list(rubric.grades)
        self._gates = [gate for gate in gates if gate.met is not True]

    def reasons(self, grade: str) -> tuple[Reason, ...]:
        return tuple(self._reason(gate) for gate in self._gates if self._bars(gate, grade))

    def _bars(self, gate: GateResult, grade: str) -> bool:
        best = self._rubric.gates[gate.id].at_best
        return best is None or self._order.index(grade) < self._order.index(best)

    def _reason(self, gate: GateResult) -> Reason:
        declared = self._rubric.gates[gate.id]
        parameters: dict[str, object] = {"gate": gate.label}
        if gate.met is None:
            return Reason(GATE_OPEN, parameters, declared.clause, about=(gate.id,))
        if declared.at_best is None:
            return Reason(GATE_UNMET, parameters, declared.clause, about=(gate.id,))
        parameters["grade"] = self._rubric.grades[declared.at_best].label
        return Reason(GRADE_CAPPED, parameters, declared.clause, about=(gate.id,))
