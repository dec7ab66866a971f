"""How far a studio has come in each state, so that a picture runs one way and few arrows back."""

from __future__ import annotations

from collections.abc import Sequence

from studioflow.policy import MILESTONES, UNDECLARED, Policy

__all__ = ["order_of"]


def order_of(policy: Policy, names: Sequence[str]) -> dict[str, int]:
    """Return a number for each state: a step that leads to no higher one leads back.

    The states in the reverse of the order in which a depth-first walk leaves them, which finds no
    more loops than there are. It goes from milestone to milestone first, so that no detour makes
    the main way look like one that leads back.

    Args:
        policy: whose steps they are.
        names: of all states, also of those that the policy has no more.
    """
    rank = {name: place for place, name in reversed([*enumerate([*MILESTONES, *names])])}
    ways: dict[str, list[str]] = {name: [] for name in (UNDECLARED, *names)}
    for step in policy.procedure.transitions.values():
        for source in step.sources if step.moves else ():
            ways[source].append(step.dest)
    for following in ways.values():
        following.sort(key=rank.__getitem__)
    left: list[str] = []
    seen: set[str] = set()
    for first in (UNDECLARED, *names):  # what only the past had is reached by nothing
        walk = [] if first in seen else [(first, iter(ways[first]))]
        seen.add(first)
        while walk:
            here, further = walk[-1]
            there = next((name for name in further if name not in seen), None)
            if there is None:
                left.append(here)
                walk.pop()
            else:
                seen.add(there)
                walk.append((there, iter(ways[there])))
    return {name: -place for place, name in enumerate(left)}
