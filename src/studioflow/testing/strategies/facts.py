"""Facts of one studio: valid values, of which some are not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import FactFile
from studioflow.rules import Fact
from studioflow.testing.full_facts import full_facts
from studioflow.testing.values import candidates, thresholds

__all__ = ["fact_files", "facts"]

_ABOVE = 100
"""How many steps above its least value a fact goes that has no upper bound."""
_DAYS = (date(2000, 1, 1), date(2099, 12, 31))


def facts(policy: Policy, known: Collection[str] = ()) -> SearchStrategy[dict[str, object]]:
    """Return a strategy for facts that the policy scores.

    They shrink towards those of a studio at its best, without a gap. A value that does not go with
    the others (a part that is more than its whole, a mark outside its band) gives way to one that
    does.

    Args:
        policy: that declares them.
        known: the names of facts that are never left out; `policy.facts` for all of them.

    Raises:
        InputError: for a name that is no fact of the policy.

    >>> from hypothesis import given, settings
    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> @given(facts(policy, known=["activities"]))
    ... @settings(max_examples=10, deadline=None)
    ... def test_never_above_a_hundred(values):
    ...     assert policy.score(values).total.range[0] <= 100
    >>> test_never_above_a_hundred()
    """
    collector = Collector()
    for name in sorted(known):
        with collector.under("known", name):
            if name not in policy.facts:
                raise wrong(UNKNOWN_NAME, name, known=policy.facts)
    collector.finish()
    return _facts(policy, frozenset(known))


@st.composite
def _facts(draw: DrawFn, policy: Policy, known: frozenset[str]) -> dict[str, object]:
    sets, tried = _prepared(policy)
    base: Mapping[str, object] = draw(st.sampled_from(sets))
    open_: Collection[str] = draw(st.sets(st.sampled_from([*tried]))) if tried else ()
    names = [name for name in policy.facts if name in known or name not in open_]
    changed = {
        name: draw(_value(policy.facts[name], tried[name]))
        for name in names
        if draw(st.booleans()) and tried[name]
    }
    return _fitting(policy, {n: v for n, v in base.items() if n in names}, changed)


@lru_cache(maxsize=8)
def _prepared(
    policy: Policy,
) -> tuple[tuple[Mapping[str, object], ...], Mapping[str, tuple[object, ...]]]:
    """Return full sets that fit, and the values of each fact at which something changes."""
    rubric = policy.rubric
    gates = [gate.condition.truth for gate in rubric.gates.values()]
    at = thresholds([*gates, *rubric.points.values()])
    tried = {n: candidates(fact, at.get(n, ())) for n, fact in policy.facts.items()}
    return full_facts(policy).all, tried


def _value(fact: Fact, tried: tuple[object, ...]) -> SearchStrategy[Any]:
    """Return values of a fact: near those at which something changes, and any other."""
    near = st.sampled_from(tried)
    if fact.type == "date":
        return near | st.dates(*_DAYS)
    if not fact.numeric:
        return near
    step = fact.step or Fraction(1)
    low = Fraction(0) if fact.low is None else fact.low
    # Values are multiples of the step, whatever the least one is.
    first = -(-low // step)
    last = first + _ABOVE if fact.high is None else fact.high // step
    steps = st.integers(first, max(first, last))
    return near | steps.map(lambda n: int(n * step) if fact.type == "count" else n * step)


def _fitting(
    policy: Policy, base: Mapping[str, object], changed: Mapping[str, object]
) -> dict[str, object]:
    """Return the base with as many of the changes as go with it and with each other."""
    left = dict(changed)
    while left:
        try:
            policy.score({**base, **left})
        except InputError as error:
            named = {problem.path.split("/")[1] for problem in error.problems if problem.path}
            wrong_ones = named & left.keys() or {next(reversed(left))}
            left = {name: value for name, value in left.items() if name not in wrong_ones}
        else:
            break
    return {**base, **left}


def fact_files(policy: Policy, known: Collection[str] = ()) -> SearchStrategy[FactFile]:
    """Return a strategy for fact files: plain facts, and some of what is judged as marks in full.

    Args:
        policy: that declares the facts.
        known: the names of facts that are never left out.

    Raises:
        InputError: for a name that is no fact of the policy.
    """
    return facts(policy, known).flatmap(lambda values: _fact_file(policy, values))


@st.composite
def _fact_file(draw: DrawFn, policy: Policy, values: dict[str, object]) -> FactFile:
    judged = policy.rubric.judged_facts
    plain, marks = dict(values), []
    for criterion, name in judged.items():
        # What is judged in several places has a mark in each of them: it stays a plain fact here.
        if name in plain and draw(st.booleans()) and [*judged.values()].count(name) == 1:
            role = draw(st.sampled_from(sorted(policy.facts[name].supplied_by)))
            value = plain.pop(name)
            if isinstance(value, bool):
                marks.append(Mark(criterion=criterion, by="p-01", role=role, met=value))
            else:
                points = Fraction(cast("Fraction", value))
                marks.append(Mark(criterion=criterion, by="p-01", role=role, points=points))
    file = FactFile(facts=plain, marks=tuple(marks))
    # Where a panel waits for more people than one, a mark alone is not yet what the fact says.
    same = policy.score(file).open == policy.score(values).open
    return file if same else FactFile(facts=values)
