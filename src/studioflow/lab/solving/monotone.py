"""Whether more of a good thing ever lowers the total.

Judged facts are not fixed where something else changes: a mark of 9 may no longer be valid once
the share has fallen to the next band. So the highest total that any valid marks give is compared:
where somebody may still mark so that nothing is lost, nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from studioflow.algebra import names
from studioflow.algebra.symbols import Symbol
from studioflow.lab.claims import Claim, read_claims
from studioflow.lab.solving.asking import Proof
from studioflow.lab.solving.model import Facts, Model
from studioflow.lab.solving.search import (
    SECONDS,
    NoAnswerInTime,
    Witness,
    find,
    solver_of,
    used,
    witness,
)
from studioflow.policy import Policy
from studioflow.rubric.totals import TOTAL

__all__ = ["directed", "never_lowers"]

_MOST_TRIES = 200


def directed(policy: Policy) -> tuple[str, ...]:
    """Return the facts of which more, or less, is said to be better, and that count at all."""
    counted = used(policy)
    return tuple(
        name
        for name, fact in policy.facts.items()
        if fact.better != "neutral" and fact.type != "choice" and name in counted
    )


def never_lowers(policy: Policy, fact: str, *given: str, seconds: float = SECONDS) -> Proof:
    """Prove that one step of a fact in its good direction never lowers the total.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> never_lowers(policy, "activities").outcome
    'proved'
    >>> before, after = never_lowers(policy, "trainees", "trainees = 18").examples
    >>> after.facts["trainees"], after.sheet.total.points < before.sheet.total.points
    (19, True)

    Args:
        policy: by which it is scored, every fact known.
        fact: with a direction; see `directed`. All others stay as they are, but for the marks.
        given: what holds before the step; see `read_claim`.
        seconds: how long it may take.

    Returns:
        refuted with two studios: before the step, and after it with the best marks there are.
    """
    claim = f"monotone {fact}"
    conditions = read_claims(given, policy)
    try:
        found = _Comparison(policy, fact).found(conditions, seconds)
    except NoAnswerInTime:
        return Proof(claim, "no_answer")
    return Proof(claim, "refuted", found) if found else Proof(claim, "proved")


class _Comparison:
    """Two studios that differ by one step of a fact."""

    def __init__(self, policy: Policy, fact: str) -> None:
        self._policy, self._fact = policy, fact
        self._before = Model(policy, Facts(policy.facts, "before."))
        self._after = Model(policy, Facts(policy.facts, "after."))
        self._marks = _marks_beside(policy, fact)

    def _step(self) -> Any:  # noqa: ANN401 - a truth of the solver
        before = self._before.facts.unknowns[self._fact]
        after = self._after.facts.unknowns[self._fact]
        more = self._policy.facts[self._fact].better == "more"
        if not self._policy.facts[self._fact].ordered:
            return z3.And(after if more else before, z3.Not(before if more else after))
        return after == before + (1 if more else -1)

    def found(self, given: Iterable[Claim], seconds: float) -> tuple[Witness, Witness] | None:
        """Return the two studios, or None where there are no such ones."""
        before, after, policy = self._before, self._after, self._policy
        kept = [
            before.facts.unknowns[name] == after.facts.unknowns[name]
            for name in policy.facts
            if name != self._fact and name not in self._marks
        ]
        lower = _lower(after.given[TOTAL], before.given[TOTAL])
        held = [before.truth(claim.term).holds for claim in given]
        scored = [*before.scored([TOTAL]), *after.scored([TOTAL])]
        solver = solver_of(
            [*held, *scored, *before.rules, *after.rules, *kept, self._step(), lower]
        )
        others = z3.And(*after.rules, z3.Not(lower))
        for _ in range(_MOST_TRIES):
            found = find(solver, seconds)
            if found is None:
                return None
            better = self._better(found, others, seconds)
            if better is None:
                return self._checked(self._shown(found, seconds))
            # Wherever these marks do as well, nothing is lost.
            solver.add(z3.Not(z3.substitute(others, *better)))
        raise NoAnswerInTime

    def _checked(self, shown: tuple[Witness, Witness]) -> tuple[Witness, Witness]:
        """Return the two, if the policy itself finds the second one's total lower."""
        before, after = (each.sheet.total.points for each in shown)
        if before is not None and after is not None and after < before:
            return shown
        raise NoAnswerInTime  # what Python computes is known by its bounds alone

    def _better(self, found: z3.ModelRef, others: Any, seconds: float) -> Any:  # noqa: ANN401 - terms of the solver
        """Return marks with which no less comes of the same facts; None where there are none."""
        marked = find(solver_of([*self._fixed(found), others]), seconds) if self._marks else None
        if marked is None:
            return None
        unknowns = self._after.facts.unknowns
        return [(unknowns[name], _value(marked, unknowns[name])) for name in self._marks]

    def _fixed(self, found: z3.ModelRef) -> list[Any]:
        """Return that all is as it was found, but for the marks after the step."""
        before, after = self._before.facts.unknowns, self._after.facts.unknowns
        fixed = [*before.values(), *(each for n, each in after.items() if n not in self._marks)]
        return [each == _value(found, each) for each in fixed]

    def _shown(self, found: z3.ModelRef, seconds: float) -> tuple[Witness, Witness]:
        """Return the two studios, the second one with the best marks that are left."""
        total = self._after.given[TOTAL]
        assert isinstance(total, Symbol)  # noqa: S101 - put there by the model
        best = found
        while self._marks:
            reached = Symbol(_value(found, total.top), _value(found, total.bottom))
            more = [*self._fixed(found), *self._after.rules, _lower(reached, total)]
            better = find(solver_of(more), seconds)
            if better is None:
                break
            best = found = better
        one = witness(self._policy, self._before.facts, best)
        return one, witness(self._policy, self._after.facts, best)


def _marks_beside(policy: Policy, fact: str) -> tuple[str, ...]:
    """Return the marks that may have to change with a fact: those of the items that look at it."""
    if policy.facts[fact].judged:
        return ()
    looked_at = [names(term) for term in policy.rubric.points.values()]
    beside = frozenset[str]().union(*(each for each in looked_at if fact in each))
    return tuple(name for name, each in policy.facts.items() if each.judged and name in beside)


def _value(found: z3.ModelRef, term: Any) -> Any:  # noqa: ANN401 - of the solver, or plain
    return term if isinstance(term, int) else found.eval(term, True)  # noqa: FBT003 - z3's order


def _lower(left: object, right: object) -> Any:  # noqa: ANN401 - a truth of the solver
    """Return that one number is lower than the other."""
    assert isinstance(left, Symbol)  # noqa: S101 - put there by the model
    assert isinstance(right, Symbol)  # noqa: S101 - put there by the model
    return left.top * right.bottom < right.top * left.bottom
