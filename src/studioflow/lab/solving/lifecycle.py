"""Claims about the lifecycle: a state can be reached, or only by way of a step.

Ways are followed by states. A step whose conditions can never hold together leads nowhere; whether
somebody hands in what it needs is not asked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection

from studioflow.algebra import Interpreter, Truth, names
from studioflow.algebra.symbols import Symbols
from studioflow.codec import UNKNOWN_NAME, wrong
from studioflow.lab.solving.asking import Proof
from studioflow.lab.solving.model import Facts
from studioflow.lab.solving.search import SECONDS, find, solver_of
from studioflow.policy import UNDECLARED, Policy, Transition

__all__ = ["dead_steps", "is_way_claim", "prove_way"]

_REACHED = re.compile(r"\s*reachable\s+states/(\w+)\s*")
_NEEDED = re.compile(r"\s*states/(\w+)\s+needs\s+transitions/(\w+)\s*")


def is_way_claim(text: str) -> bool:
    """Return whether a claim is one about ways: `reachable states/…`, `states/… needs …`.

    >>> is_way_claim("states/commended needs transitions/plaque"), is_way_claim("total <= 100")
    (True, False)
    """
    return bool(_REACHED.fullmatch(text) or _NEEDED.fullmatch(text))


def prove_way(policy: Policy, text: str, *, seconds: float = SECONDS) -> Proof:
    """Prove or refute a claim about ways.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> prove_way(policy, "states/commended needs transitions/plaque").outcome
    'proved'
    >>> prove_way(policy, "reachable states/plaqued").way
    ('declare', 'approve', 'plaque')

    Args:
        policy: whose lifecycle.
        text: `reachable states/NAME`, or `states/NAME needs transitions/NAME`: that no way leads
            to the state without the step.
        seconds: how long it may take to find whether a step's conditions can hold.

    Raises:
        InputError: for a state or a step that there is not.
    """
    states, steps = policy.procedure.states, policy.procedure.transitions
    needed = _NEEDED.fullmatch(text)
    match = needed or _REACHED.fullmatch(text)
    state = match.group(1) if match else text
    if state not in states:
        raise wrong(UNKNOWN_NAME, state, known=states)
    dead = dead_steps(policy, seconds=seconds)
    if needed is None:
        way = _way(policy, state, dead)
        return Proof(text, "refuted" if way is None else "proved", way=way or ())
    step = needed.group(2)
    if step not in steps:
        raise wrong(UNKNOWN_NAME, step, known=steps)
    way = _way(policy, state, {*dead, step})
    return Proof(text, "proved" if way is None else "refuted", way=way or ())


def _way(policy: Policy, goal: str, without: Collection[str]) -> tuple[str, ...] | None:
    """Return the fewest steps to a state; None where none lead there."""
    ways: dict[str, tuple[str, ...]] = {UNDECLARED: ()}
    waiting = deque(ways)
    while waiting:
        state = waiting.popleft()
        if state == goal:
            return ways[state]
        for name, step in policy.procedure.transitions.items():
            leads = name not in without and step.moves and state in step.sources
            if leads and step.dest not in ways:
                ways[step.dest] = (*ways[state], name)
                waiting.append(step.dest)
    return None


def dead_steps(policy: Policy, *, seconds: float = SECONDS) -> frozenset[str]:
    """Return the steps whose conditions can never hold together."""
    facts = Facts({**policy.facts, **policy.procedure_facts})
    steps = policy.procedure.transitions
    return frozenset(name for name, step in steps.items() if _is_dead(facts, step, seconds))


def _is_dead(facts: Facts, step: Transition, seconds: float) -> bool:
    asked = [
        each.condition.truth
        for each in step.conditions.values()
        if each.on and each.severity == "refuse" and not each.override
    ]
    asked = [truth for truth in asked if names(truth) <= facts.declared.keys()]
    return bool(asked) and not can_hold(facts, asked, seconds)


def can_hold(facts: Facts, truths: Collection[Truth], seconds: float) -> bool:
    """Return whether several truths can hold together."""
    symbols = Symbols(facts.given)
    interpreter = Interpreter(symbols, notes=False)
    held = [interpreter.truth(truth).holds for truth in truths]
    return find(solver_of([*facts.domain, *symbols.said, *held]), seconds) is not None
