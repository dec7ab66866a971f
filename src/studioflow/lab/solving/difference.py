"""Whether two policies score every studio alike, or a studio on which they differ."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import z3
from attrs import frozen

from studioflow.algebra.symbols import Claimed, Symbol, Word, all_of, not_, some_of
from studioflow.codec import Collector, wrong
from studioflow.lab.claims import ELIGIBLE, GRADE
from studioflow.lab.solving.asking import Proved
from studioflow.lab.solving.model import Facts, Model, step_units
from studioflow.lab.solving.search import (
    SECONDS,
    NoAnswerInTime,
    Witness,
    find,
    solver_of,
    values_of,
)
from studioflow.policy import Policy
from studioflow.rubric import PolicyReference
from studioflow.rubric.totals import TOTAL
from studioflow.rules import Fact
from studioflow.text import message

__all__ = ["Difference", "differ"]

FACT_OF_ONE_KIND = message(
    "fact_of_one_kind",
    zh="两个政策中同类的事实（另一个政策中为 {type}）",
    en="a fact of one kind in both policies; in the other one it is a {type}",
)


@frozen
class Difference:
    """What came of comparing two policies.

    Attributes:
        outcome: `proved` where total, eligibility and grade are the same for every studio.
        examples: the same studio by either policy, where they differ.
        refused_by: the policy that does not take that studio's facts, which the other one does;
            `examples` has the other one's sheet alone then.
    """

    outcome: Proved
    examples: tuple[Witness, ...] = ()
    refused_by: PolicyReference | None = None


def differ(policy: Policy, other: Policy, *, seconds: float = SECONDS) -> Difference:
    """Prove that two policies are equivalent, or find a studio on which they differ.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> differ(policy, policy.vary({"criteria/5.2.2/norm": 12})).outcome
    'refuted'

    Args:
        policy: the one.
        other: compared with it. A fact that one of them alone has may be anything.
        seconds: how long each question may take.

    Raises:
        InputError: with every fact of one name that is of another type in the other policy.
    """
    _check(policy, other)
    one, two = Model(policy, Facts(policy.facts, "a.")), Model(other, Facts(other.facts, "b."))
    alike = [_equal(one.facts, two.facts, name) for name in policy.facts if name in other.facts]
    scored = [all_of(*model.scored([TOTAL])) for model in (one, two)]
    differs = some_of(
        not_(_same_truth(*map(Claimed, scored))),
        all_of(*scored, not_(_same_total(one, two))),
        not_(_same_truth(one.given[ELIGIBLE], two.given[ELIGIBLE])),
        _grades_differ(one, two),
    )
    both = [*alike, *one.unknowns, *two.unknowns]
    takes = [all_of(*each.facts.domain, each.valid) for each in (one, two)]
    try:
        found = find(solver_of([*both, *takes, differs]), seconds)
        if found is not None:
            return _shown(one, two, found)
        for (taking, mine), (refusing, its) in permutations(zip((one, two), takes, strict=True)):
            alone = [
                _has_no_equal(taking.facts, refusing.facts, name)
                for name in refusing.policy.facts
                if name in taking.policy.facts
            ]
            refused = some_of(*alone, all_of(*both, not_(its)))
            found = find(solver_of([*taking.unknowns, mine, refused]), seconds)
            if found is not None:
                # The value that is refused may be of a fact on which no sheet hangs.
                shared = taking.policy.facts.keys() & refusing.policy.facts.keys()
                facts = values_of(taking.policy, taking.facts, found, shared)
                seen = Witness(facts, taking.policy.score(facts))
                return Difference("refuted", (seen,), refusing.policy.reference)
    except NoAnswerInTime:
        return Difference("no_answer")
    return Difference("proved")


def _check(policy: Policy, other: Policy) -> None:
    collector = Collector()
    for name, fact in policy.facts.items():
        theirs = other.facts.get(name)
        if theirs is not None and _kind(theirs) != _kind(fact):
            with collector.under("facts", name):
                raise wrong(FACT_OF_ONE_KIND, fact.type, type=theirs.type)
    collector.finish()


def _kind(fact: Fact) -> str:
    if fact.type in {"choice", "date"}:
        return fact.type
    return "number" if fact.ordered else "truth"


def _equal(one: Facts, two: Facts, name: str) -> Any:  # noqa: ANN401 - a truth of the solver
    """Return that a fact is the same in two studios, whatever its steps are in either policy."""
    here, there = one.declared[name], two.declared[name]
    mine, theirs = one.unknowns[name], two.unknowns[name]
    if here.type == "choice":
        places = {word: place for place, word in enumerate(there.values)}
        return z3.Or(
            *(
                z3.And(mine == place, theirs == places[word])
                for place, word in enumerate(here.values)
                if word in places
            )
        )
    if not here.ordered:
        return mine == theirs
    ratio = _ratio(here, there)
    return mine * ratio.numerator == theirs * ratio.denominator


def _has_no_equal(one: Facts, two: Facts, name: str) -> Any:  # noqa: ANN401 - a truth of the solver
    """Return that a fact of one studio is a value that it can not have in the other policy."""
    here, there, mine = one.declared[name], two.declared[name], one.unknowns[name]
    if here.type == "choice":
        words = enumerate(here.values)
        return some_of(*(mine == place for place, word in words if word not in there.values))
    if not here.ordered:
        return False
    ratio = _ratio(here, there)
    return False if ratio.denominator == 1 else mine * ratio.numerator % ratio.denominator != 0


def _ratio(here: Fact, there: Fact) -> Fraction:
    """Return how many steps in one policy a step in the other one is."""
    one, other = (Fraction(step_units(fact), fact.denominator) for fact in (here, there))
    return one / other


def _same_total(one: Model, two: Model) -> Any:  # noqa: ANN401 - a truth of the solver
    left, right = one.given[TOTAL], two.given[TOTAL]
    assert isinstance(left, Symbol)  # noqa: S101 - put there by the model
    assert isinstance(right, Symbol)  # noqa: S101 - put there by the model
    mine, theirs = (each.policy.rubric.denominator for each in (one, two))
    return left.top * right.bottom * theirs == right.top * left.bottom * mine


def _same_truth(left: object, right: object) -> Any:  # noqa: ANN401 - a truth of the solver
    assert isinstance(left, Claimed)  # noqa: S101 - put there by the model
    assert isinstance(right, Claimed)  # noqa: S101 - put there by the model
    held = all_of(left.holds, right.holds)
    return some_of(held, all_of(not_(left.holds), not_(right.holds)))


def _grades_differ(one: Model, two: Model) -> Any:  # noqa: ANN401 - a truth of the solver
    """Return that the grades differ; where one policy leaves them to a decision, they do not."""
    left, right = one.given.get(GRADE), two.given.get(GRADE)
    if not isinstance(left, Word) or not isinstance(right, Word):
        return False
    same = [
        all_of(left.place == place, right.place == right.words.index(word))
        for place, word in enumerate(left.words)
        if word in right.words
    ]
    return not_(some_of(*same))


def _shown(one: Model, two: Model, found: z3.ModelRef) -> Difference:
    facts = [values_of(model.policy, model.facts, found) for model in (one, two)]
    seen = [Witness(f, m.policy.score(f)) for f, m in zip(facts, (one, two), strict=True)]
    sheets = [(each.sheet.total.points, each.sheet.eligible, each.sheet.grade) for each in seen]
    if sheets[0] == sheets[1]:  # what Python computes is known by its bounds alone
        raise NoAnswerInTime
    return Difference("refuted", tuple(seen))
