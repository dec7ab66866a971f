"""`reach`: the cheapest changes that get a studio to a total or a grade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Literal

import z3
from attrs import field, frozen

from studioflow.algebra.symbols import Claimed, Symbol
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.lab.claims import Claim, read_claim
from studioflow.lab.solving.model import Model, Value
from studioflow.lab.solving.search import (
    SECONDS,
    NoAnswerInTime,
    Witness,
    find,
    solver_of,
    values_of,
)
from studioflow.policy import Policy
from studioflow.rubric import FactFile
from studioflow.rubric.score import canonical
from studioflow.rules import Pool, known
from studioflow.rules.facts import Units
from studioflow.text import message

__all__ = ["Change", "Reached", "reach"]

POSITIVE_COST = message("positive_cost", zh="大于0的数", en="a number above 0")


@frozen
class Change:
    """One fact that has to become another value.

    Attributes:
        before: None where it was not known.
        cost: of the change; nothing for a fact that was not known.
    """

    fact: str
    before: Value | None
    after: Value
    cost: Fraction


@frozen
class Reached:
    """What came of the question how a studio gets somewhere.

    Attributes:
        goal: as a claim.
        answer: `already` where it is there whatever the open facts are, `reachable`, `impossible`
            where no change of what may change gets it there, `no_answer` where time ran out.
        possible: whether it can get there without any change, by its open facts alone.
        changes: the cheapest ones, with what the open facts have to be.
        cost: of all changes.
        witness: the studio as it is then.
    """

    goal: str
    answer: Literal["already", "reachable", "impossible", "no_answer"]
    possible: bool = False
    changes: tuple[Change, ...] = ()
    cost: Fraction | None = None
    witness: Witness | None = field(default=None, repr=False)


def reach(  # noqa: PLR0913 - each says something else of the question
    policy: Policy,
    facts: Mapping[str, object] | FactFile,
    goal: str,
    *,
    costs: Mapping[str, Fraction | int] | None = None,
    fixed: Collection[str] = (),
    seconds: float = SECONDS,
) -> Reached:
    """Find the cheapest changes that get a studio to a goal.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> found = reach(policy, {"activities": 12}, "criteria/5.2.2 >= 18")
    >>> [(change.fact, change.before, change.after) for change in found.changes][:1]
    [('activities', 12, 18)]

    Marks that several people have given stay as they are, and are not in the witness's facts.

    Args:
        policy: by which the studio is scored.
        facts: as they are now; what is left out is open, and may become anything without cost.
        goal: a claim; see `read_claim`.
        costs: of one step of a fact in any direction, of a flag that turns, or of another word;
            1 where nothing is said.
        fixed: facts that do not change.
        seconds: how long it may take.

    Raises:
        InputError: for facts that do not fit, a goal that is none, costs of what is no fact.
    """
    claim = read_claim(goal, policy)
    handed_in = facts if isinstance(facts, FactFile) else FactFile(facts=facts)
    values = policy.values(handed_in)
    units = known(policy.facts, values).units
    pools = {name: value for name, value in values.items() if isinstance(value, Pool)}
    now = {n: canonical(policy.facts[n], each) for n, each in units.items() if n not in pools}
    pooled = {name: _as_symbol(units[name]) for name in pools if name in units}
    weights = _costs(policy, costs or {}, fixed)
    search = _Search(
        policy=policy,
        claim=claim,
        now=now,
        fixed=frozenset(fixed),
        costs=weights,
        pools=pools,
        model=Model(policy, pooled=pooled),
    )
    try:
        return search.answer(seconds)
    except NoAnswerInTime:
        return Reached(goal, "no_answer")


def _costs(
    policy: Policy, costs: Mapping[str, Fraction | int], fixed: Collection[str]
) -> dict[str, Fraction]:
    collector = Collector()
    for place, names in (("costs", costs), ("fixed", fixed)):
        for name in names:
            with collector.under(place, name):
                if name not in policy.facts:
                    raise wrong(UNKNOWN_NAME, name, known=policy.facts)
    for name, cost in costs.items():
        with collector.under("costs", name):
            if cost <= 0:
                raise wrong(POSITIVE_COST, cost)
    collector.finish()
    return {name: Fraction(costs.get(name, 1)) for name in policy.facts}


def _as_symbol(units: Units) -> Symbol | Claimed:
    return Claimed(units) if isinstance(units, bool) else Symbol(int(units))


@frozen(eq=False, kw_only=True)
class _Search:
    """One question, as terms of the solver."""

    policy: Policy
    claim: Claim
    now: Mapping[str, Value]
    fixed: frozenset[str]
    costs: Mapping[str, Fraction]
    pools: Mapping[str, Pool]
    model: Model

    @cached_property
    def goal(self) -> Claimed:
        """The goal, as a term of the solver."""
        return self.model.truth(self.claim.term)

    @cached_property
    def unit(self) -> int:
        """What costs are whole in."""
        return lcm(*(cost.denominator for cost in self.costs.values()))

    def answer(self, seconds: float) -> Reached:
        model, goal = self.model, self.claim.text
        there = [
            self.goal.holds,
            self.goal.valid,
            *model.scored(self.claim.names),
        ]  # first: it may add to the model's unknowns
        as_it_is = [self._is(name) for name in self.now]
        missed = z3.Not(z3.And(*there))
        possible = find(solver_of([*model.rules, *as_it_is, *there]), seconds) is not None
        if possible and find(solver_of([*model.rules, *as_it_is, missed]), seconds) is None:
            return Reached(goal, "already", possible=True, cost=Fraction(0))
        optimize = z3.Optimize()
        optimize.set("timeout", max(1, int(seconds * 1000)))
        optimize.add(*model.rules, *there, *(self._is(n) for n in self.now if n in self.fixed))
        # What is open may become anything.
        optimize.minimize(z3.Sum([self._cost(name) for name in self.now] or [z3.IntVal(0)]))
        match optimize.check():
            case z3.unsat:
                return Reached(goal, "impossible")
            case z3.sat:
                return self._reached(optimize.model(), possible=possible)
            case _:
                raise NoAnswerInTime

    def _is(self, name: str) -> Any:  # noqa: ANN401 - a truth of the solver
        return self.model.facts.is_value(name, self.now[name])

    def _cost(self, name: str) -> Any:  # noqa: ANN401 - a number of the solver
        unknown, weight = self.model.facts.unknowns[name], self.costs[name] * self.unit
        fact, is_value = self.policy.facts[name], self._is(name)
        if not fact.ordered:
            return z3.If(is_value, 0, int(weight))
        place = self.model.facts.place(name, self.now[name])
        return z3.Abs(unknown - place) * int(weight)

    def _reached(self, found: z3.ModelRef, *, possible: bool) -> Reached:
        named = self.claim.names & self.policy.facts.keys()
        named = (named | self.now.keys()) - self.pools.keys()
        values = values_of(self.policy, self.model.facts, found, named)
        values = {name: value for name, value in values.items() if name not in self.pools}
        seen = Witness(values, self.policy.score_values({**values, **self.pools}))
        changes = []
        for name, after in seen.facts.items():
            before = self.now.get(name)
            if before == after:
                continue
            cost = Fraction(0)
            if before is not None:
                cost = Fraction(found.eval(self._cost(name), True).as_long(), self.unit)  # noqa: FBT003
            changes.append(Change(name, before, after, cost))
        changes.sort(key=lambda change: change.before is None)
        total = sum((change.cost for change in changes), Fraction(0))
        return Reached(self.claim.text, "reachable", possible, tuple(changes), total, seen)
