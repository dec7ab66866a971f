"""Quantities and conditions at random, every kind that there is, as a policy file has them.

What a rule asks of its numbers (`min` not above `max`) is kept to; nothing else is: a rule may be
as odd as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.vocabulary.making_facts import HALF, WORDS, FactMaker, domain, labelled

__all__ = ["ConditionMaker", "Rule", "Table"]

Table = dict[str, Any]
Rule = Any  # a name, a number, or a table
MOST_WAYS = 12


class ConditionMaker(FactMaker):
    """Makes quantities and conditions, and declares the facts that they name.

    A kind that is registered needs a method of its own: `condition_…`, `quantity_…`.
    """

    named: tuple[str, ...] = ()
    """The conditions with a name."""
    results: tuple[str, ...] = ()
    """The results that may be named."""
    ways = 1
    """In how many ways the rule that is being made can be, by facts that its values depend on."""

    def kind(self, sort: str, kind: str, *depth: int) -> Table:
        """Make a rule of a kind: a condition, a quantity, a scoring rule."""
        around, self.ways = self.ways, 1
        made: Table = {"kind": kind, **getattr(self, f"{sort}_{kind}")(*depth)}
        self.ways = around
        if self.chance(5) and sort != "scoring":
            made["label"] = labelled(kind)
        return made

    def by(self, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it makes
        """Return what something makes, now and then one for each of several values of a fact."""
        if not self.chance(8):
            return make()
        type_ = self.pick(["count", "choice", "flag", "date", "number"])
        name = self.fact(type_)
        values = domain(self.facts[name])
        keys = [_key(value) for value in values if self.chance(40)][:3]
        if type_ in {"count", "number", "date"} and self.chance(50):
            keys = [key for key in keys if key != _key(values[0])]
        ways = max(2, len(keys) + 1)
        if self.ways * ways > MOST_WAYS:
            return make()
        self.ways *= ways
        covered = len(keys) == len(values) or (
            type_ in {"count", "number"} and _key(values[0]) in keys
        )
        table = {"by": name, **{key: make() for key in keys}}
        return table if covered and self.chance(50) else {**table, "otherwise": make()}

    def number(self, least: int = 0, most: int = 12) -> Rule:
        """Return a number of a rule."""
        return self.by(lambda: self.amount(least, most))

    def limit(self, least: int = 0, most: int = 12) -> Rule:
        """Return a number of a rule, or "none"."""
        return self.by(lambda: self.pick(["none", self.amount(least, most)]))

    # --- quantities -------------------------------------------------------------------------

    def quantity(self, depth: int = 1) -> Rule:
        """Return a quantity."""
        shapes = ["count", "count", "number", "constant", "tally"]
        shapes += ["mark"] if self.seen("mark") else []
        shapes += ["points"] * 8 if self.results else []
        shapes += ["sum", "shortfall", "share"] if depth else []
        match self.pick(shapes):
            case "constant":
                return self.amount(0, 4)
            case "tally":
                return self.tally()
            case "mark":
                return self.pick(self.seen("mark"))
            case ("sum" | "shortfall" | "share" | "points") as kind:
                return self.kind("quantity", kind, depth - 1)
            case type_:
                return self.fact(type_)

    def quantity_sum(self, depth: int) -> Table:
        """Make the keys of the kind."""
        return {"of": self.some(lambda: self.by(lambda: self.quantity(depth)))}

    def quantity_shortfall(self, depth: int) -> Table:
        """Make the keys of the kind."""
        return {"value": self.quantity(depth), "norm": self.by(lambda: self.quantity(depth))}

    def quantity_share(self, depth: int) -> Table:
        """Make the keys of the kind; more often than not the part belongs to the whole."""
        rounded = {"rounded": self.by(lambda: self.pick([1, 5, HALF]))} if self.chance(30) else {}
        return {**self._part(depth), **rounded}

    def quantity_points(self, _depth: int) -> Table:
        """Make the keys of the kind."""
        return {"of": self.pick(self.results)}

    def _part(self, depth: int) -> Table:
        if self.once:
            # A whole that can be 0 stands in the share twice.
            whole = self.declared("count")
            step = self.facts[whole].get("step", 1)
            self.facts[whole] |= {"min": step, "max": 3 * step}
            return {"part": self.fact("count"), "whole": whole}
        inside = [name for name, fact in self.facts.items() if "at_most" in fact]
        match self.pick(["any", "sum", "inside"]):
            case "inside" if inside:
                part = self.pick(inside)
                return {"part": part, "whole": self.facts[part]["at_most"]}
            case "sum":
                part = self.quantity(0)
                return {"part": part, "whole": {"kind": "sum", "of": [self.quantity(0), part]}}
            case _:
                return {"part": self.quantity(depth), "whole": self.quantity(depth)}

    # --- conditions -------------------------------------------------------------------------

    def condition(self, depth: int = 2) -> Rule:
        """Return a condition."""
        shapes = ["flag", "at_least", "in_range", "is", "at_most", "site_check", "share"]
        shapes += ["confirmation"] if self.own is None or self.seen("confirmation") else []
        shapes += ["named"] if self.named else []
        shapes += ["at_least", "at_most"] * 4 if self.results else []
        shapes += ["all", "any", "not", "k_of_n"] if depth else []
        match self.pick(shapes):
            case "flag":
                return self.fact("flag")
            case "confirmation":
                seen = self.seen("confirmation")
                return self.pick(seen) if seen else str(self.judged("confirmation"))
            case "named":
                return self.pick(self.named)
            case ("all" | "any" | "not" | "k_of_n") as kind:
                return self.kind("condition", kind, depth - 1)
            case kind:
                return self.kind("condition", kind)

    def conditions(self, depth: int) -> list[Rule]:
        """Return several conditions."""
        return self.some(lambda: self.by(lambda: self.condition(depth)))

    def condition_all(self, depth: int) -> Table:
        """Make the keys of the kind."""
        return {"of": self.conditions(depth)}

    def condition_any(self, depth: int) -> Table:
        """Make the keys of the kind."""
        return {"of": self.conditions(depth)}

    def condition_not(self, depth: int) -> Table:
        """Make the keys of the kind."""
        return {"of": self.by(lambda: self.condition(depth))}

    def condition_k_of_n(self, depth: int) -> Table:
        """Make the keys of the kind."""
        of = self.conditions(depth)
        return {"of": of, "at_least": self.by(lambda: self.pick(range(len(of) + 1)))}

    def condition_in_range(self) -> Table:
        """Make the keys of the kind; where ranges have to be narrow, a value lies inside."""
        if self.once:
            value = self.fact("count")
            ends = domain(self.facts[value])
            low = self.draw_place(ends)
            return {"value": value, "min": ends[low], "max": self.pick(ends[low:])}
        least = self.amount(0, 4)
        most = self.by(lambda: least + self.amount(0, 3))
        return {"value": self.by(lambda: self.quantity(1)), "min": least, "max": most}

    def draw_place(self, values: list[Any]) -> int:
        """Draw the place of one of several values."""
        return self.pick(range(len(values)))

    def condition_at_least(self) -> Table:
        """Make the keys of the kind."""
        return self._bounded()

    def condition_at_most(self) -> Table:
        """Make the keys of the kind."""
        return self._bounded()

    def _bounded(self) -> Table:
        bound = self.by(lambda: self.pick(["none", self.amount(0, 4), self.quantity(0)]))
        return {"value": self.quantity(1), "bound": bound}

    def condition_share(self) -> Table:
        """Make the keys of the kind."""
        percent = self.by(lambda: self.pick([50, 0, 20, 80, 100, Decimal("33.5")]))
        made = {**self._part(0), "percent": percent}
        return made | {"rounded": self.by(lambda: self.chance(50))} if self.chance(40) else made

    def condition_is(self) -> Table:
        """Make the keys of the kind."""
        words = self.some(lambda: self.pick(WORDS), 1, 2)
        value = self.by(lambda: words[0] if len(words) == 1 else [*dict.fromkeys(words)])
        return {"fact": self.fact("choice"), "value": value}

    def condition_site_check(self) -> Table:
        """Make the keys of the kind."""
        items = self.some(self.site_item, 1, 2)
        return {"items": items} if self.once or self.chance(70) else {}


def _key(value: object) -> str:
    """Return a value as the key of a table that depends on a fact."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(float(value)) if isinstance(value, Fraction) and value % 1 else str(value)
