"""The small mistakes that somebody might make in a policy file, each as a variation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import field, frozen

from studioflow.lab.mutating.rules import Change, of_rule
from studioflow.lab.mutating.steps import of_quota, of_transition, of_window
from studioflow.policy import Policy
from studioflow.policy.variation import written_setting

__all__ = ["Mutation", "mutations"]

Area = Literal["rubric", "lifecycle"]
_RULES = ("conditions", "gates", "sections", "criteria", "deductions", "grades", "scoring")


@frozen
class Mutation:
    """One small mistake.

    Attributes:
        path: of what it changes.
        area: of the policy.
        before, after: what stands there, and what the mistake makes of it.
        changes: as `Policy.vary` takes them.
    """

    path: str
    area: Area
    before: str
    after: str
    changes: Mapping[str, Any] = field(eq=False, repr=False)

    @property
    def setting(self) -> str:
        """The mistake as `--set` takes it."""
        ((path, value),) = self.changes.items()
        return written_setting(path, value)

    def __str__(self) -> str:
        return f"{self.path}: {self.before} → {self.after}"


def mutations(policy: Policy) -> tuple[Mutation, ...]:
    """Return every small mistake in the rubric and the lifecycle of a policy.

    A number one step up and one down; a comparison without its end (more than, for at least); all
    for any; a part of a rule, a gate, an item of a list left out; another word, another role; a
    step, a source, a condition, a need or a window left out. What the readings in force leave
    aside is left alone, and so are texts, records, measures and duties.

    >>> from studioflow import load_policy
    >>> found = mutations(load_policy("yongjia-2023"))
    >>> print(next(each for each in found if each.path == "criteria/5.2.2/norm"))
    criteria/5.2.2/norm: 16 → 17
    """
    tables = policy.tables
    found: list[tuple[Area, Change]] = []
    for root in _RULES:
        for name, entry in tables.get(root, {}).items():
            path = f"{root}/{name}"
            if root == "gates":
                found.append(("rubric", Change(path, "none", name, "left out")))
            found += [("rubric", change) for change in of_rule(path, entry, tables)]
    for name in tables.get("site_check", {}).get("items", {}):
        path = f"site_check/items/{name}"
        found.append(("rubric", Change(path, "none", name, "left out")))
    found += [("rubric", change) for change in _of_readings(tables)]
    found += [("lifecycle", change) for change in _of_procedure(tables)]
    return tuple(
        Mutation(change.path, area, change.before, change.after, {change.at: change.value})
        for area, change in found
    )


def _of_readings(tables: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the changes of what is a number by a reading."""
    for name, reading in tables.get("readings", {}).items():
        if reading.get("type") == "number":
            yield from of_rule(f"readings/{name}", {"value": reading["value"]}, tables)


def _of_procedure(tables: Mapping[str, Any]) -> Iterator[Change]:
    lifecycle = tables.get("lifecycle", {})
    used = set[str]()
    for name, step in lifecycle.get("transitions", {}).items():
        if step.get("on", True) is not False:
            yield from of_transition(name, step, tables)
            used.add(step.get("window"))
    for name, window in tables.get("calendar", {}).get("windows", {}).items():
        if name in used:
            yield from of_window(f"calendar/windows/{name}", window, tables)
    if "quota" in tables:
        yield from of_quota(tables["quota"])
