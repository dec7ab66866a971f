"""Whatever rubric the vocabulary says: the solver says of every studio what its sheet says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import z3
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from studioflow.algebra import opaque
from studioflow.algebra.symbols import Claimed, Symbol, Word
from studioflow.errors import InputError
from studioflow.lab.claims import ELIGIBLE, GRADE, NO_GRADE
from studioflow.lab.claims.words import in_gates
from studioflow.lab.solving import ask, directed, never_lowers, prove, reach
from studioflow.lab.solving.model import Model
from studioflow.lab.solving.search import find, solver_of, used
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.text import exact
from tests.vocabulary.making_facts import domain, plain_facts
from tests.vocabulary.making_policies import Drawn, policies

quiet = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    derandomize=True,
)
some = settings(quiet, max_examples=40)
few = settings(quiet, max_examples=25)
seeds = st.integers(0, 2**32)
MANY = 3000
"""More studios than these are not all tried."""


def said(model: Model, found: z3.ModelRef, name: str, unit: int = 1) -> object:
    """Return what the solver found for a result."""
    result = model.given[name]

    def value(term: Any) -> Any:  # noqa: ANN401 - a term of the solver
        return term if isinstance(term, int | bool) else found.eval(term, model_completion=True)

    match result:
        case Symbol():
            top, bottom = (int(str(value(each))) for each in (result.top, result.bottom))
            return Fraction(top, bottom * unit)
        case Claimed():
            return bool(value(result.holds))
        case Word():
            return result.words[int(str(value(result.place)))]


def checked(policy: Policy, facts: dict[str, Any], sheet: ScoreSheet) -> None:
    """Hold what the solver says of facts that are all known against their sheet."""
    model = Model(policy)
    units = {name: term.denominator for name, term in policy.rubric.totals.results.items()}
    given_facts = [model.facts.is_value(name, shown(value)) for name, value in facts.items()]
    found = find(solver_of([*model.rules, *given_facts]), 60)
    assert found is not None
    results = {in_criteria(each.id): each for each in sheet.criteria}
    results |= {in_deductions(each.id): each for each in sheet.deductions}  # type: ignore[misc]
    results |= {in_sections(each.id): each for each in sheet.sections}  # type: ignore[misc]
    for name, each in results.items():
        if each.points.points is not None:
            assert each.points.points == said(model, found, name, units[name])
    if sheet.total.points is not None:
        assert sheet.total.points == said(model, found, TOTAL, units[TOTAL])
    for gate in sheet.gates:
        assert gate.met == said(model, found, in_gates(gate.id))
    assert sheet.eligible == said(model, found, ELIGIBLE)
    if GRADE in model.given and sheet.total.points is not None:
        assert (sheet.grade or NO_GRADE) == said(model, found, GRADE)


def shown(value: Any) -> Any:  # noqa: ANN401 - a value of a fact
    """Return a value in its canonical form."""
    return value.isoformat() if hasattr(value, "isoformat") else value


@some
@given(policies(), seeds)
def test_a_known_studio(drawn: Drawn, seed: int) -> None:
    """With every fact known, all results are those of the sheet."""
    assume(not any(map(opaque, drawn.policy.rubric.points.values())))
    facts = drawn.completed({}, Random(seed))  # noqa: S311 - no secret hangs on it
    assume(facts is not None)
    assert facts is not None
    checked(drawn.policy, facts, drawn.policy.score(facts))


@some
@given(policies(), seeds)
def test_a_mark_that_is_not_valid(drawn: Drawn, seed: int) -> None:
    """Facts that the sheet refuses are no studio to the solver either, and the reverse."""
    assume(not any(map(opaque, drawn.policy.rubric.points.values())))
    random, policy = Random(seed), drawn.policy  # noqa: S311 - no secret hangs on it
    facts = {n: random.choice(domain(fact)) for n, fact in plain_facts(drawn.tables).items()}
    model = Model(policy)
    fixed = [model.facts.is_value(name, shown(value)) for name, value in facts.items()]
    found = find(solver_of([*model.rules, *fixed]), 60)
    try:
        policy.score(facts)
    except InputError:
        event("refused")
        assert found is None
    else:
        event("taken")
        assert found is not None


def every_studio(drawn: Drawn) -> Iterator[tuple[dict[str, Any], ScoreSheet]]:
    """Yield every studio of a small policy that has a sheet."""
    counted = used(drawn.policy)
    declared = {n: f for n, f in plain_facts(drawn.tables).items() if n in counted}
    domains = [domain(fact) for fact in declared.values()]
    many = 1
    for each in domains:
        many *= len(each)
    assume(many <= MANY)
    for values in product(*domains):
        facts = dict(zip(declared, values, strict=True))
        try:
            yield facts, drawn.policy.score(facts)
        except InputError:
            continue


@few
@given(policies())
def test_the_ends_of_the_total(drawn: Drawn) -> None:
    """The highest total of all studios is asked for and found, and none above it."""
    policy = drawn.policy
    assume(not any(map(opaque, policy.rubric.points.values())))
    totals = [sheet.total.points for _, sheet in every_studio(drawn)]
    known = [total for total in totals if total is not None]
    assume(len(known) == len(totals) and known)
    top, scale = max(known), 100_000
    up, down = (Fraction(int(top * scale) + n, scale) for n in (2, -2))
    assert prove(policy, f"total <= {exact(up)}".replace("/", "")).outcome == "proved" or up < 0
    assert ask(policy, f"total >= {exact(down)}").answer == "witness" or down < 0


@few
@given(policies())
def test_more_of_a_good_thing(drawn: Drawn) -> None:
    """A fact is said to lower the total exactly where trying all studios finds that it does."""
    policy = drawn.policy
    assume(not any(map(opaque, policy.rubric.points.values())))
    count = next((n for n in used(policy) if policy.facts[n].type == "count"), None)
    assume(count is not None)
    assert count is not None
    policy = (
        policy.vary({f"facts/{count}/better": "more"}) if count in drawn.tables["facts"] else policy
    )
    assume(count in directed(policy))
    marks = {name for name, fact in policy.facts.items() if fact.judged}
    beside = frozenset[str]().union(
        *(plan.names for plan in policy.rubric.plans.values() if count in plan.names)
    )
    step = policy.facts[count].step or 1
    best: dict[tuple[Any, ...], Fraction] = {}
    for facts, sheet in every_studio(drawn):
        assume(sheet.total.points is not None)
        key = tuple(value for name, value in facts.items() if name not in marks & beside)
        assert sheet.total.points is not None
        best[key] = max(best.get(key, sheet.total.points), sheet.total.points)
    order = [name for name in used_in_order(drawn) if name not in marks & beside]
    place = order.index(count)
    lowered = any(
        best.get((*key[:place], key[place] + step, *key[place + 1 :]), total) < total
        for key, total in best.items()
    )
    found = never_lowers(policy, count)
    event(found.outcome)
    assert found.outcome == ("refuted" if lowered else "proved")


def used_in_order(drawn: Drawn) -> list[str]:
    """Return the facts that count, in the order in which `every_studio` has them."""
    counted = used(drawn.policy)
    return [name for name in plain_facts(drawn.tables) if name in counted]


@few
@given(policies(), seeds)
def test_the_cheapest_way(drawn: Drawn, seed: int) -> None:
    """The cost of the way to a total is the least of all studios that have it."""
    policy, random = drawn.policy, Random(seed)  # noqa: S311 - no secret hangs on it
    assume(not any(map(opaque, policy.rubric.points.values())))
    studios = [(facts, sheet.total.points) for facts, sheet in every_studio(drawn)]
    assume(studios and all(total is not None for _, total in studios))
    now, _ = random.choice(studios)
    goal = int(max(total for _, total in studios if total is not None))
    assume(goal >= 0)
    costs = {
        sum(steps(policy, name, now[name], facts[name]) for name in facts)
        for facts, total in studios
        if total is not None and total >= goal
    }
    found = reach(policy, now, f"total >= {goal}")
    event(found.answer)
    if not costs:
        assert found.answer == "impossible"
    else:
        assert found.cost == min(costs)
        assert (found.answer == "already") == (min(costs) == 0)


def steps(policy: Policy, name: str, before: Any, after: Any) -> Fraction:  # noqa: ANN401 - any value
    """Return how many steps a change of a fact is."""
    fact = policy.facts[name]
    if not fact.ordered:
        return Fraction(before != after)
    if fact.type == "date":
        return Fraction(abs((after - before).days))
    return abs(Fraction(after) - Fraction(before)) / (fact.step or 1)
