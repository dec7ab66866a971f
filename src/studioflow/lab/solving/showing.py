"""Facts of a studio for which a truth of the algebra holds."""

from __future__ import annotations

from collections.abc import Mapping

from studioflow.algebra import Truth, names
from studioflow.lab.solving.model import Model, Value
from studioflow.lab.solving.search import NoAnswerInTime, find, solver_of
from studioflow.policy import Policy

__all__ = ["showing"]


def showing(policy: Policy, truth: Truth, *, seconds: float = 2.0) -> Mapping[str, Value] | None:
    """Return the facts that a truth names, of a studio for which it holds; None if none is found.

    A sheet may refuse them: they may be what it refuses.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> showing(policy, policy.rubric.gates["5.0.2"].condition.truth)
    {'members': 7, 'team_confirmed': True}

    Args:
        policy: whose facts and results it is about.
        truth: over them.
        seconds: how long the solver may look.
    """
    model = Model(policy)
    # Results are what the rubric makes of facts that its sheet takes; facts alone need not be.
    of_results = names(truth) - policy.facts.keys()
    rules = model.rules if of_results else (*model.facts.domain, *model.unknowns)
    holds = model.truth(truth).holds
    try:
        found = find(solver_of([*rules, *model.unknowns, holds]), seconds)
    except NoAnswerInTime:
        return None
    if found is None:
        return None
    wanted = [name for name in policy.facts if name in names(truth)]
    return {name: model.facts.value(name, found) for name in wanted}
