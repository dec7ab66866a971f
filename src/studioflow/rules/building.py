"""From the tables of a policy file to rules: names are looked up, kinds are built."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from operator import is_
from typing import Any, Literal, TypeVar

from attrs import field, frozen
from cattrs import Converter

from studioflow.algebra import Constant, Term, effort, unexplained
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.rules.conditions import SiteItem, SiteItems, flag_condition
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    PartialKind,
    Quantity,
    Scoring,
    UnitKind,
)
from studioflow.text import Text, exact, message

__all__ = ["Names", "teach_rules"]

V = TypeVar("V")
R = TypeVar("R")
E = TypeVar("E", bound=Term)

MAX_STEPS = 20_000
"""Rules share what they name, so that a short file can say a rule that takes for ever."""
MAX_LEVELS = 120
"""Interpretations go through a rule by recursion, which Python ends at a depth of a thousand."""

RULE_TOO_LARGE = message(
    "rule_too_large",
    zh="不超过 {steps} 步、{levels} 层的规则",
    en="a rule of at most {steps} steps and {levels} levels",
)

_RULE = Text("规则：名称、数或带 kind 的表", "a rule: a name, a number, or a table with a kind")
# A check without items has none by any name: an unknown name, which is told once where the check
# itself is wrong.
_ITEMS = "items"
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
    builder = _Builder(converter, names)
    hooks = {
        Fact: builder.fact,
        SiteItem: builder.item,
        Condition: builder.condition,
        Quantity: builder.quantity,
        Scoring: builder.scoring,
    }
    for cls, hook in hooks.items():
        # By identity: the hook for `Scoring` is not the one for its kinds.
        converter.register_structure_hook_func(partial(is_, cls), hook)
    converter.register_structure_hook_func(
        lambda cls: cls == Fraction | Literal["band"], builder.number_or_band
    )


@frozen
class _Builder:
    converter: Converter
    names: Names

    def fact(self, value: object, _: object) -> Fact:
        return _looked_up(value, self.names.facts)

    def item(self, value: object, _: object) -> SiteItem:
        return _looked_up(value, self.names.items)

    def condition(self, value: object, _: object) -> Condition:
        if isinstance(value, str):
            return self._named_condition(value)
        cls, table, label = self._kind(value, CONDITIONS)
        if cls is SiteItems:
            table.setdefault("items", list(self.names.items) or [_ITEMS])
        built = self.converter.structure(table, cls)
        truth = _affordable(built.truth())
        label = label or built.wording()
        if isinstance(built, PartialKind):
            return Condition(truth, unexplained(truth), label, _affordable(built.defined()))
        return Condition(truth, unexplained(truth), label)

    def _named_condition(self, name: str) -> Condition:
        if name in self.names.conditions:
            return self.names.conditions[name]
        fact = self.names.facts.get(name)
        if fact is None or fact.type not in _TRUTHS:
            raise wrong(UNKNOWN_NAME, name, known=self.names.flags())
        return flag_condition(fact.label, fact.truth())

    def quantity(self, value: object, _: object) -> Quantity:
        if isinstance(value, str):
            fact = self.names.facts.get(value)
            if fact is None or not fact.numeric:
                raise wrong(UNKNOWN_NAME, value, known=self.names.numbers())
            return Quantity(fact.number(), fact.label, fact.unit)
        if isinstance(value, Mapping):
            cls, table, label = self._kind(value, QUANTITIES)
            built = self.converter.structure(table, cls)
            unit = built.unit() if isinstance(built, UnitKind) else None
            return Quantity(_affordable(built.number()), label or built.wording(), unit)
        number = self.converter.structure(value, Fraction)
        return Quantity(Constant(number), Text(exact(number), exact(number)))

    def scoring(self, value: object, _: object) -> Scoring:
        cls, table, _label = self._kind(value, SCORINGS)
        built = self.converter.structure(table, cls)
        _affordable(built.points())
        return built

    def number_or_band(self, value: object, _: object) -> Fraction | str:
        if value == "band":
            return "band"
        if isinstance(value, str):
            raise wrong(WRONG_TYPE, value, type=_NUMBER_OR_BAND)
        return self.converter.structure(value, Fraction)

    def _kind(
        self, value: object, registry: Mapping[str, type[R]]
    ) -> tuple[type[R], dict[str, Any], Text | None]:
        """Return the class of the table's kind, the rest of the table, and its label, if any."""
        if not isinstance(value, Mapping):
            raise wrong(WRONG_TYPE, value, type=_RULE)
        if "kind" not in value:
            raise wrong(MISSING_KEY, sorted(map(str, value)), key="kind")
        table = dict(value)
        collector = Collector()
        label = None
        with collector.under("kind"):
            cls = _looked_up(table.pop("kind"), registry)
        if "label" in table:
            with collector.under("label"):
                label = self.converter.structure(table.pop("label"), Text)
        collector.finish()
        return cls, table, label


def _looked_up(name: object, known: Mapping[str, V]) -> V:
    if not isinstance(name, str) or name not in known:
        raise wrong(UNKNOWN_NAME, name, known=known)
    return known[name]


def _affordable(term: E) -> E:
    """Return the term, unless it takes too long to compute or to be gone through.

    Raises:
        InputError: for a rule that is larger than any that was meant.
    """
    steps, depth = effort(term)
    if steps > MAX_STEPS or depth > MAX_LEVELS:
        raise wrong(
            RULE_TOO_LARGE, f"{steps} steps, {depth} levels", steps=MAX_STEPS, levels=MAX_LEVELS
        )
    return term
