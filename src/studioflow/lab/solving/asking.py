"""`ask`: a studio of which something holds; `prove`: that something always does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import z3
from attrs import frozen

from studioflow.lab.claims import Claim, holds, read_claim, read_claims
from studioflow.lab.solving.model import Model
from studioflow.lab.solving.search import SECONDS, NoAnswerInTime, Witness, find, solver_of, witness
from studioflow.policy import Policy
from studioflow.text import Text

__all__ = ["Asked", "Proof", "Proved", "ask", "prove"]

Proved = Literal["proved", "refuted", "no_answer"]
_MOST_TRIES = 20


@frozen
class Asked:
    """What came of a question.

    Attributes:
        conditions: that were to hold together.
        answer: whether there is such a studio.
        witness: it, where there is one.
    """

    conditions: tuple[str, ...]
    answer: Literal["witness", "impossible", "no_answer"]
    witness: Witness | None = None


@frozen
class Proof:
    """What came of a claim.

    Attributes:
        claim: as it was written, or the name of a standard one.
        outcome: whether it holds of every studio.
        examples: studios that refute it; two where the claim compares two. Where it says that there
            is one, a studio that proves it.
        label: what a standard claim says.
        clause: of what it is about, where it is one thing.
        way: the steps to a state, which prove or refute a claim about the lifecycle.
    """

    claim: str
    outcome: Proved
    examples: tuple[Witness, ...] = ()
    label: Text | None = None
    clause: str | None = None
    way: tuple[str, ...] = ()


def ask(policy: Policy, *conditions: str, seconds: float = SECONDS) -> Asked:
    """Find a studio of which all conditions hold.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> found = ask(policy, "eligible", "total >= 90", "activities < 16")
    >>> found.answer, found.witness.sheet.total.points >= 90
    ('witness', True)
    >>> ask(policy, "total > 96", "activities < 16").answer
    'impossible'

    Args:
        policy: by which it is scored, every fact known.
        conditions: claims; see `read_claim`.
        seconds: how long it may take.

    Raises:
        InputError: with every condition that is none.
        MissingExtraError: without the extra `solver`.
    """
    claims = read_claims(conditions, policy)
    try:
        found = example_of(policy, claims, seconds=seconds)
    except NoAnswerInTime:
        return Asked(conditions, "no_answer")
    return Asked(conditions, "witness" if found else "impossible", found)


def prove(policy: Policy, claim: str, *, seconds: float = SECONDS) -> Proof:
    """Prove that a claim holds of every studio, or refute it by one.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> prove(policy, "total <= 100").outcome
    'proved'
    >>> refuted = prove(policy, "eligible implies total >= 1")
    >>> refuted.outcome, refuted.examples[0].sheet.total.points < 1
    ('refuted', True)

    Args: as those of `ask`.

    Raises: as `ask` does.
    """
    read = read_claim(claim, policy)
    try:
        found = example_of(policy, [Claim(f"not ({claim})", ~read.term)], seconds=seconds)
    except NoAnswerInTime:
        return Proof(claim, "no_answer")
    return Proof(claim, "refuted", (found,)) if found else Proof(claim, "proved")


def example_of(policy: Policy, claims: Iterable[Claim], *, seconds: float) -> Witness | None:
    """Return a studio of which all claims hold, or None where there is none.

    What Python computes is known to the solver by its bounds alone: each studio that it finds is
    scored, and one of which the claims do not hold is put aside.

    Raises:
        NoAnswerInTime: where it is not found in time.
    """
    model, asked = Model(policy), tuple(claims)
    wanted = [model.truth(claim.term) for claim in asked]
    # A rule on the way may say more of its unknowns, so that the rules come last.
    solver = solver_of([each for truth in wanted for each in (truth.holds, truth.valid)])
    named = frozenset[str]().union(*(claim.names for claim in asked))
    solver.add(*model.rules, *model.scored(named))
    for _ in range(_MOST_TRIES):
        found = find(solver, seconds)
        if found is None:
            return None
        made = witness(policy, model.facts, found, named & policy.facts.keys())
        if all(holds(claim, policy, made.facts, made.sheet) for claim in asked):
            return made
        if not model.by_python:
            error = f"the solver and the sheet disagree about {made.facts}"
            raise AssertionError(error)
        solver.add(z3.Or(*(u != found.eval(u, True) for u in model.facts.unknowns.values())))  # noqa: FBT003 - z3's own order
    raise NoAnswerInTime
