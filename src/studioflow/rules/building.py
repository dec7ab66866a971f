"""From the tables of a policy file to rules: names are looked up, kinds are built."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from operator import is_
from typing import Any, Literal

from attrs import field, frozen
from cattrs import Converter

from studioflow.algebra import Constant
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.rules.conditions import SiteItem, flag_condition
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    ConditionKind,
    Quantity,
    QuantityKind,
    Scoring,
)
from studioflow.text import Text, exact

__all__ = ["Names", "teach_rules"]

_RULE = Text("规则：名称、数或带 kind 的表", "a rule: a name, a number, or a table with a kind")
_NUMBER_OR_BAND = Text('数或 "band"', 'a number or "band"')


@frozen
class Names:
    """What the names in rules stand for.

    Attributes:
        facts: by name.
        conditions: those with a name.
        items: of the site check, by id.
    """

    facts: Mapping[str, Fact]
    conditions: Mapping[str, Condition] = field(factory=dict)
    items: Mapping[str, SiteItem] = field(factory=dict)

    def flags(self) -> set[str]:
        """Return every name that stands for a truth."""
        facts = {name for name, fact in self.facts.items() if fact.type in _TRUTHS}
        return facts | set(self.conditions)

    def numbers(self) -> set[str]:
        """Return every name that stands for a number."""
        return {name for name, fact in self.facts.items() if fact.numeric}


_TRUTHS = {"flag", "confirmation"}


def teach_rules(converter: Converter, names: Names) -> None:
    """Teach a strict converter to build facts by name, conditions, quantities and scoring rules."""

    def fact(value: object, _: object) -> Fact:
        if not isinstance(value, str) or value not in names.facts:
            raise wrong(UNKNOWN_NAME, value, known=names.facts)
        return names.facts[value]

    def item(value: object, _: object) -> SiteItem:
        if not isinstance(value, str) or value not in names.items:
            raise wrong(UNKNOWN_NAME, value, known=names.items)
        return names.items[value]

    def condition(value: object, _: object) -> Condition:
        if isinstance(value, str):
            if value in names.conditions:
                return names.conditions[value]
            if value not in names.flags():
                raise wrong(UNKNOWN_NAME, value, known=names.flags())
            return flag_condition(names.facts[value].label, names.facts[value].truth())
        cls, table, label = _kind(value, CONDITIONS)
        if cls is CONDITIONS["site_check"] and "items" not in table:
            table["items"] = list(names.items)
        built: ConditionKind = converter.structure(table, cls)
        return Condition(built.truth(), built.truth(), label)

    def quantity(value: object, _: object) -> Quantity:
        if isinstance(value, str):
            if value not in names.numbers():
                raise wrong(UNKNOWN_NAME, value, known=names.numbers())
            return Quantity(names.facts[value].number(), names.facts[value].label)
        if isinstance(value, Mapping):
            cls, table, label = _kind(value, QUANTITIES)
            built: QuantityKind = converter.structure(table, cls)
            return Quantity(built.number(), label)
        number: Fraction = converter.structure(value, Fraction)
        return Quantity(Constant(number), Text(exact(number), exact(number)))

    def scoring(value: object, _: object) -> Scoring:
        cls, table, _label = _kind(value, SCORINGS)
        return converter.structure(table, cls)  # type: ignore[no-any-return] # cls is a Scoring

    def number_or_band(value: object, _: object) -> Fraction | str:
        if value == "band":
            return "band"
        if isinstance(value, str):
            raise wrong(WRONG_TYPE, value, type=_NUMBER_OR_BAND)
        return converter.structure(value, Fraction)

    def _kind(value: object, registry: Mapping[str, type]) -> tuple[Any, dict[str, Any], Text]:
        if not isinstance(value, Mapping):
            raise wrong(WRONG_TYPE, value, type=_RULE)
        table = dict(value)
        collector = Collector()
        name = table.pop("kind", None)
        label = Text(str(name), str(name))
        if name is None:
            with collector.under():
                raise wrong(MISSING_KEY, sorted(map(str, table)), key="kind")
        with collector.under("kind"):
            if name is not None and name not in registry:
                raise wrong(UNKNOWN_NAME, name, known=registry)
        if "label" in table:
            with collector.under("label"):
                label = converter.structure(table.pop("label"), Text)
        collector.finish()
        return registry[str(name)], table, label

    hooks = {Fact: fact, SiteItem: item, Condition: condition, Quantity: quantity, Scoring: scoring}
    for cls, hook in hooks.items():
        # By identity: the hook for `Scoring` is not the one for its kinds.
        converter.register_structure_hook_func(partial(is_, cls), hook)
    converter.register_structure_hook_func(
        lambda cls: cls == Fraction | Literal["band"], number_or_band
    )
