"""Which mark or confirmation belongs to which criterion or gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from studioflow.codec import Collector, wrong
from studioflow.policy.checks import NAME_TAKEN, check_marks
from studioflow.rules import Fact

__all__ = ["judged_facts"]

_DESCRIBING = frozenset(
    {
        "section",
        "label",
        "text",
        "clause",
        "basis",
        "indicator",
        "heading",
        "project",
        "max",
        "applies",
        "not_applicable",
        "at_best",
    }
)
"""Keys whose words describe an entry; a fact that is called like one of them is not meant."""


def judged_facts(
    tables: Mapping[str, Any], facts: Mapping[str, Fact], collector: Collector
) -> Mapping[str, str]:
    """Return the mark or confirmation of each item, whatever the readings in force are.

    A judged fact belongs to the first item that names it; others may look at it.
    """
    items = {key: tables.get(key, {}) for key in ("criteria", "deductions", "gates")}
    judged: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    seen: dict[str, str] = {}
    for key, entries in items.items():
        for name, table in entries.items():
            with collector.under(key, name):
                if seen.setdefault(name, key) != key:
                    raise wrong(NAME_TAKEN, name)
            words = set(_words(table, tables.get("conditions", {})))
            own = [f for f in facts if f in words - taken and facts[f].judged]
            taken.update(own)
            if own:
                judged[name] = tuple(own)
    check_marks(collector, judged, seen)
    return MappingProxyType({name: own[0] for name, own in judged.items()})


def _words(value: object, conditions: Mapping[str, object]) -> Iterator[str]:
    """Yield every word in a rule, and in the named conditions that it uses."""
    waiting: list[object] = [value]
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping):
            waiting.extend(item for key, item in here.items() if key not in _DESCRIBING)
        elif isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, str) and here not in seen:
            seen.add(here)
            yield here
            if here in conditions:
                waiting.append(conditions[here])
