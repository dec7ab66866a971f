"""From the tables of a policy file to rules: names are looked up, kinds are built."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from operator import eq, is_
from typing import Any, Literal, TypeVar

from attrs import field, frozen
from cattrs import Converter

from studioflow.algebra import Constant, Term, effort, unexplained
from studioflow.algebra import names as names_in
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.rules.brought import RuleKind, brought, joined_by
from studioflow.rules.by_fact import (
    InWays,
    joined_conditions,
    joined_quantities,
    joined_scorings,
)
from studioflow.rules.conditions import flag_condition
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import (
    ALWAYS,
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    PartialKind,
    Quantity,
    Scoring,
    UnitKind,
)
from studioflow.rules.prices import Prices
from studioflow.rules.results import RESULTS_ELSEWHERE, Result
from studioflow.rules.scoring import Fault, Faults, Fixed
from studioflow.rules.site_items import SiteItem, SiteItems
from studioflow.rules.tallies import Tally
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
_PRICES = Text("数，或按词列出数的表", "a number, or a table of them by word")


@frozen
class Names:
    """What the names in rules stand for.

    Attributes:
        facts: by name.
        conditions: those with a name.
        items: of the site check, by id.
        tallies: by name; their cells are among the facts.
        by_only: the facts that only `by` may look at: days that nobody computes with.
        results: of the sheet, by path, where they may be named.
        kinds: of rules that plugins bring, by id.
    """

    facts: Mapping[str, Fact]
    conditions: Mapping[str, Condition] = field(factory=dict)
    items: Mapping[str, SiteItem] = field(factory=dict)
    tallies: Mapping[str, Tally] = field(factory=dict)
    by_only: frozenset[str] = frozenset()
    results: Mapping[str, Result] = field(factory=dict)
    kinds: Mapping[str, RuleKind] = field(factory=dict)

    def flags(self) -> set[str]:
        """Return every name that stands for a truth."""
        facts = {name for name, fact in self.facts.items() if fact.type in _TRUTHS}
        return facts | set(self.conditions)

    def numbers(self) -> set[str]:
        """Return every name that stands for a number."""
        numbers = {name for name, fact in self.facts.items() if fact.ordered}
        return numbers - self.by_only | set(self.tallies)


_NUMBER_HINT = Text(
    '它是数；写成 { kind = "at_least", value = …, bound = … } 之类的条件',
    'it is a number: say { kind = "at_least", value = …, bound = … } or the like',
)
_AS_CONDITION: Mapping[str, Text] = {
    "choice": Text(
        '它是 choice；写成 { kind = "is", fact = …, value = … }',
        'it is a choice: say { kind = "is", fact = …, value = … }',
    ),
    **dict.fromkeys(("count", "number", "mark"), _NUMBER_HINT),
}
_BY_HINT = Text(
    "它不是数；以它取值写成 { by = …, 各值 = … }",
    "it is no number: what hangs on it is said as { by = …, word = number }",
)
_AS_NUMBER: Mapping[str, Text] = dict.fromkeys(("choice", "flag", "confirmation", "date"), _BY_HINT)
_TRUTHS = {"flag", "confirmation"}


def teach_rules(converter: Converter, names: Names) -> None:
    """Teach a strict converter to build facts by name, conditions, quantities and scoring rules."""
    builder = _Builder(converter, names, InWays(names.facts))
    hooks = {
        Fact: builder.fact,
        SiteItem: builder.item,
        Result: builder.result,
        Condition: builder.condition,
        Quantity: builder.quantity,
        Scoring: builder.scoring,
        Prices: builder.prices,
    }
    for cls, hook in hooks.items():
        # By identity: the hook for `Scoring` is not the one for its kinds.
        converter.register_structure_hook_func(partial(is_, cls), hook)
    unions = {
        Fraction | Literal["band"]: builder.number_or_band,
        Quantity | Tally: builder.counted,
        Faults: builder.faults,
    }
    for union, hook in unions.items():
        converter.register_structure_hook_func(partial(eq, union), hook)
    converter.register_structure_hook_func(lambda cls: isinstance(cls, RuleKind), builder.brought)


@frozen
class _Builder:
    converter: Converter
    names: Names
    in_ways: InWays

    def fact(self, value: object, _: object) -> Fact:
        return _looked_up(value, self.names.facts)

    def item(self, value: object, _: object) -> SiteItem:
        return _looked_up(value, self.names.items)

    def result(self, value: object, _: object) -> Result:
        if not self.names.results:
            raise wrong(RESULTS_ELSEWHERE, value)
        return _looked_up(value, self.names.results)

    def condition(self, value: object, _: object) -> Condition:
        if isinstance(value, str):
            return self._named_condition(value)
        built = self.in_ways.built(value, self._condition, joined_conditions)
        _affordable(built.truth)
        return built

    def _condition(self, value: object) -> Condition:
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
            hint = _AS_CONDITION.get(fact.type) if fact else None
            raise wrong(UNKNOWN_NAME, name, known=self.names.flags(), hint=hint)
        return flag_condition(fact.label, fact.truth())

    def quantity(self, value: object, _: object) -> Quantity:
        if isinstance(value, str):
            return self._named_quantity(value)
        if isinstance(value, Mapping):
            built = self.in_ways.built(value, self._quantity, joined_quantities)
            _affordable(built.number)
            return built
        fixed = self.converter.structure(value, Fraction)
        return Quantity(Constant(fixed), Text(exact(fixed), exact(fixed)))

    def _quantity(self, value: object) -> Quantity:
        cls, table, label = self._kind(value, QUANTITIES)
        built = self.converter.structure(table, cls)
        number = _affordable(built.number())
        unit = built.unit() if isinstance(built, UnitKind) else None
        defined = built.defined() if isinstance(built, PartialKind) else ALWAYS
        return Quantity(number, label or built.wording(), unit, _affordable(defined))

    def _named_quantity(self, name: str) -> Quantity:
        if name in self.names.tallies:
            return self.names.tallies[name].quantity()
        fact = self.names.facts.get(name)
        if fact is None or not fact.ordered or name in self.names.by_only:
            hint = _AS_NUMBER.get(fact.type) if fact else None
            raise wrong(UNKNOWN_NAME, name, known=self.names.numbers(), hint=hint)
        return Quantity(fact.number(), fact.label, fact.unit, fact=fact)

    def counted(self, value: object, _: object) -> Quantity | Tally:
        if isinstance(value, str) and value in self.names.tallies:
            return self.names.tallies[value]
        return self.converter.structure(value, Quantity)

    def prices(self, value: object, _: object) -> Prices:
        if isinstance(value, Mapping):
            rows: Any = Mapping[str, Prices]
            return Prices(rows=self.converter.structure(value, rows))
        if isinstance(value, str):
            raise wrong(WRONG_TYPE, value, type=_PRICES)
        return Prices(each=self.converter.structure(value, Fraction))

    def scoring(self, value: object, _: object) -> Scoring:
        if not isinstance(value, Mapping | str):
            return Fixed(fixed=self.converter.structure(value, Fraction))
        built = self.in_ways.built(value, self._scoring, joined_scorings)
        _affordable(built.points())
        return built

    def _scoring(self, value: object) -> Scoring:
        cls, table, _label = self._kind(value, SCORINGS)
        return self.converter.structure(table, cls)

    def faults(self, value: object, _: object) -> Faults:
        if not isinstance(value, list):
            return (Fault(of=self.converter.structure(value, Quantity)),)
        made = []
        collector = Collector()
        for position, each in enumerate(value):
            with collector.under(position):
                made.append(fault := self.converter.structure(each, Fault))
                if fault.each is None:
                    raise wrong(MISSING_KEY, sorted(each), key="each")
        collector.finish()
        return tuple(made)

    def number_or_band(self, value: object, _: object) -> Fraction | str:
        if value == "band":
            return "band"
        if isinstance(value, str):
            raise wrong(WRONG_TYPE, value, type=_NUMBER_OR_BAND)
        return self.converter.structure(value, Fraction)

    def brought(self, value: object, kind: RuleKind) -> object:
        of_sheet = (names_in(result.number) for result in self.names.results.values())
        known = frozenset(self.names.facts).union(*of_sheet)
        return brought(kind, value, self.converter, known, _affordable)

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
            cls = _looked_up(table.pop("kind"), joined_by(registry, self.names.kinds))
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
