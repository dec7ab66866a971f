"""Looking into the rules of a policy: every part of a rule, with the item that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from attrs import AttrsInstance, fields, has

from studioflow.policy import Policy
from studioflow.rubric.items import Criterion, Deduction
from studioflow.rules import Fact, Scoring

__all__ = ["items", "parts"]


def items(policy: Policy) -> Iterator[tuple[str, Criterion | Deduction]]:
    """Yield every item that gives or takes points, with its path."""
    yield from ((f"criteria/{name}", item) for name, item in policy.rubric.criteria.items())
    yield from ((f"deductions/{name}", item) for name, item in policy.rubric.deductions.items())


def parts(rule: Scoring) -> Iterator[object]:
    """Yield a rule and all that it is made of; facts are not looked into."""
    seen: set[int] = set()
    waiting: list[object] = [rule]
    while waiting:
        here = waiting.pop(0)
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, Mapping):
            waiting.extend(here.values())
        elif isinstance(here, tuple | list):
            waiting.extend(here)
        elif has(type(here)) and not isinstance(here, Fact):
            yield here
            if type(here).__module__.startswith("studioflow.rules"):
                made = cast("type[AttrsInstance]", type(here))
                waiting.extend(getattr(here, each.name) for each in fields(made))
