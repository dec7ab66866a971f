"""The case that is missing where a mistake in a lifecycle survives: a step that nobody tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from studioflow.lab.mutating.mutations import Mutation
from studioflow.policy import Policy, Transition, in_toml

__all__ = ["MissingStep", "missing_step"]

_DENIED_BY = {
    "needs": "needed",
    "independent": "own_unit",
    "once": "already_done",
    "settles": "nothing_pending",
    "window": "too_late",
    "window_for": "too_late",
}
"""By the key that a mistake is in: the code of the denial that would show it."""


@frozen
class MissingStep:
    """A step to be tried, and what is to come of it.

    Attributes:
        state: of a studio, before it.
        action, by: the step, and the role.
        expect: as a case expects it.
    """

    state: str
    action: str
    by: str
    expect: Mapping[str, Any]

    def to_toml(self, id: str) -> str:  # noqa: A002 - it is one
        """Return the case, to be completed by how a studio comes into the state.

        >>> step = MissingStep("approved", "plaque", "office", {"denied": ["six_haves"]})
        >>> print(step.to_toml("no flag"))
        [cases.no_flag]
        # like = "…": a case that ends in the state approved
        actions = [{ do = "plaque", by = "office" }]
        expect = { denied = ["six_haves"] }
        """
        name = "_".join("".join(c if c.isalnum() else " " for c in id).split())
        before = f'# like = "…": a case that ends in the state {self.state}'
        action = in_toml([{"do": self.action, "by": self.by}])
        expect = in_toml(dict(self.expect))
        return f"[cases.{name}]\n{before}\nactions = {action}\nexpect = {expect}"


def missing_step(policy: Policy, mutation: Mutation) -> MissingStep | None:
    """Return the step that would show a mistake in a transition; None for any other mistake."""
    match mutation.path.split("/"):
        case ["lifecycle", "transitions", name, *rest] if name in policy.procedure.transitions:
            step = policy.procedure.transitions[name]
        case _:
            return None
    state, by, taken = step.sources[0], step.by[0], _taken(step, step.sources[0])
    match rest:
        case []:
            return MissingStep(state, name, by, taken)
        case ["from", place]:
            state = step.sources[int(place)]
            return MissingStep(state, name, by, _taken(step, state))
        case ["by", place]:
            return MissingStep(state, name, step.by[int(place)], taken)
        case ["conditions", key, *_]:
            found = step.conditions.get(key)
            said = "warned" if found is not None and found.severity == "warn" else "denied"
            return MissingStep(state, name, by, {said: [key]})
        case ["reward", *_] if step.reward is not None:
            return MissingStep(state, name, by, {"rewarded": int(step.reward)})
        case [key, *_] if key in _DENIED_BY:
            return MissingStep(state, name, by, {"denied": [_DENIED_BY[key]]})
        case _:
            return None


def _taken(step: Transition, state: str) -> dict[str, Any]:
    return {"state": step.dest if step.moves else state}
