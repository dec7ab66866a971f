"""Whether a claim holds on a sheet that is made already."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from studioflow.algebra import FactNumber, Interpreter, Numbers, walk
from studioflow.lab.claims.language import Claim
from studioflow.lab.claims.words import ELIGIBLE, GRADE, NO_GRADE, in_gates
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections

__all__ = ["holds"]


def holds(
    claim: Claim, policy: Policy, facts: Mapping[str, object], sheet: ScoreSheet
) -> bool | None:
    """Return whether a claim holds on a sheet; None where something that it speaks of is open.

    >>> from studioflow import load_policy
    >>> from studioflow.lab.claims import read_claim
    >>> policy = load_policy("yongjia-2023")
    >>> facts = {"activities": 18}
    >>> claim = read_claim("criteria/5.2.2 >= 16", policy)
    >>> holds(claim, policy, facts, policy.score(facts))
    True

    Args:
        claim: about facts and results.
        policy: by which the sheet was made.
        facts: from which it was made.
        sheet: what came of them.
    """
    values: dict[str, object] = {
        name: policy.facts[name].units(value)
        for name, value in facts.items()
        if name in policy.facts and value is not None
    }
    results = _results(sheet)
    units = {
        part.name: part.denominator for part in walk(claim.term) if isinstance(part, FactNumber)
    }
    for name in claim.names - policy.facts.keys():
        result = results.get(name)
        values[name] = result * units[name] if isinstance(result, Fraction) else result
    if any(values.get(name) is None for name in claim.names):
        return None
    return bool(Interpreter(Numbers(), notes=False).truth(claim.term).value(values))


def _results(sheet: ScoreSheet) -> dict[str, object]:
    made: dict[str, object] = {}
    made |= {in_criteria(each.id): each.points.points for each in sheet.criteria}
    made |= {in_deductions(each.id): each.points.points for each in sheet.deductions}
    made |= {in_sections(each.id): each.points.points for each in sheet.sections}
    made |= {in_gates(each.id): each.met for each in sheet.gates}
    made[TOTAL] = sheet.total.points
    made[ELIGIBLE] = sheet.eligible
    made[GRADE] = sheet.grade or (None if any(g.met is None for g in sheet.grades) else NO_GRADE)
    return made
