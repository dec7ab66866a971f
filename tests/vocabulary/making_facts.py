"""Facts at random: declared as a policy file does, and given values, some of them at the ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

__all__ = ["NOBODY", "FactMaker", "Facts", "domain", "labelled", "plain_facts", "values_at_random"]

T = TypeVar("T")
Facts = dict[str, Any]
Tables = Mapping[str, Any]

NUMBERS = ("count", "number", "mark")
WORDS = ("good", "fair", "poor")
FIRST_DAY = date(2023, 3, 20)
HALF = Decimal("0.5")
NOBODY = "nobody"
"""In place of the mark of an item, where there is to be none."""


def labelled(name: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"zh": f"项{name}", "en": name}


class FactMaker:
    """Declares facts while rules are being made that name them.

    Attributes:
        once: every fact is named once, so that ranges have to be as narrow as possible.
        facts: declared so far, as the policy file has them.
        own: the mark or confirmation of the item that is being made.
    """

    def __init__(self, draw: st.DrawFn, *, once: bool) -> None:
        self.draw = draw
        self.once = once
        self.facts: dict[str, dict[str, Any]] = {}
        self.site: dict[str, Any] = {}
        self.own: str | None = None

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several; the first is the simplest."""
        return options[self.draw(st.integers(0, len(options) - 1))]

    def chance(self, percent: int) -> bool:
        """Draw whether something is done."""
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def amount(self, least: int = 0, most: int = 12) -> int | Decimal:
        """Draw a number between two, in halves."""
        halves = self.draw(st.integers(2 * least, 2 * most))
        return halves // 2 if halves % 2 == 0 else halves * HALF

    def some(self, make: Callable[[], T], least: int = 0, most: int = 3) -> list[T]:
        """Draw several of what something makes."""
        return [make() for _ in range(self.draw(st.integers(least, most)))]

    def fact(self, type_: str) -> str:
        """Return a fact of a type: one that is there already, or a new one."""
        there = [name for name, fact in self.facts.items() if _is(fact, type_)]
        if there and not self.once and (len(there) > 1 or self.chance(50)):
            return self.pick(there)
        return self.declared(type_)

    def declared(self, type_: str) -> str:
        """Declare a new fact and return its name."""
        name = f"{type_}_{len(self.facts)}"
        self.facts[name] = {"type": type_, "label": labelled(name)}
        declare = getattr(self, f"_{type_}", None)
        if declare is not None:
            self.facts[name] |= declare()
        return name

    def _count(self) -> dict[str, Any]:
        step = self.pick([1, 1, 2])
        low = self.pick([0, 0, 1]) * step
        fact = {"unit": labelled("times"), "min": low, "max": low + self.pick([3, 4, 2]) * step}
        # Of different steps a whole and a part narrow each other by less than what is possible.
        before = [*self.facts.items()][:-1]
        wholes = [name for name, other in before if _is(other, "count")]
        if not self.once and wholes and self.chance(40):
            fact |= {"at_most": self.pick(wholes), "min": 0}
        return fact | ({"step": step} if step > 1 else {})

    def _number(self) -> dict[str, Any]:
        low = self.pick([0, 0, -1])
        return {"unit": labelled("hours"), "step": HALF, "min": low, "max": low + 2}

    def _choice(self) -> dict[str, Any]:
        return {"values": {word: labelled(word) for word in WORDS}}

    def _mark(self) -> dict[str, Any]:
        step = self.pick([1, 1, HALF])
        low = self.pick([0, 0, 0, -2])
        return {"from": ["judge"], "step": step, "min": low, "max": self.pick([10, 5])}

    def _confirmation(self) -> dict[str, Any]:
        return {"from": ["judge"]}

    def tally(self) -> str:
        """Return a tally, of one dimension or of two."""
        there = [name for name, fact in self.facts.items() if "by" in fact]
        if there and not self.once:
            return self.pick(there)
        name = f"tally_{len(self.facts)}"
        by = {"prize": ("first", "second"), "level": ("town", "county", "city")}
        wanted = self.pick([["level"], ["prize", "level"], ["prize"]])
        self.facts[name] = {
            "type": self.pick(["count", "number"]),
            "label": labelled(name),
            "unit": labelled("prizes"),
            "max": 2,
            "by": {each: {word: labelled(word) for word in by[each]} for each in wanted},
        }
        if self.facts[name]["type"] == "number":
            self.facts[name]["step"] = HALF
        return name

    def judged(self, type_: str) -> str | None:
        """Return the mark or confirmation of this item; None where it has one of another type."""
        if self.own is None:
            self.own = self.declared(type_)
            return self.own
        return self.own if self.may_judge(type_) else None

    def may_judge(self, type_: str) -> bool:
        """Return whether this item may have a judged fact of a type, or has it already."""
        if self.own is None:
            return True
        return not self.once and self.own != NOBODY and self.facts[self.own]["type"] == type_

    def seen(self, type_: str) -> list[str]:
        """Return the judged facts that rules made before this one look at."""
        return [n for n, fact in self.facts.items() if fact["type"] == type_ and not self.once]

    def site_item(self) -> str:
        """Return an item of the site check."""
        if self.site and not self.once:
            return self.pick([*self.site])
        name = f"item_{len(self.site)}"
        self.site[name] = {"label": labelled(name)}
        return name


def _is(fact: Tables, type_: str) -> bool:
    return fact["type"] == type_ and "by" not in fact


def _words_of(tables: Tables, tally: str) -> list[tuple[str, ...]]:
    """Return every combination of words of a tally."""
    cells: list[tuple[str, ...]] = [()]
    for words in tables[tally]["by"].values():
        cells = [(*cell, word) for cell in cells for word in words]
    return cells


def plain_facts(tables: Tables) -> dict[str, Tables]:
    """Return every fact that can be handed in, with its declaration."""
    found: dict[str, Tables] = {}
    for name, fact in tables["facts"].items():
        cells = _words_of(tables["facts"], name) if "by" in fact else [()]
        found |= {"_".join((name, *cell)): fact for cell in cells}
    items = tables.get("site_check", {}).get("items", {})
    return found | {f"site_{item}": {"type": "flag"} for item in items}


def domain(fact: Tables) -> list[Any]:
    """Return every value that a fact can have."""
    match fact["type"]:
        case "flag" | "confirmation":
            return [False, True]
        case "choice":
            return [*fact["values"]]
        case "date":
            return [FIRST_DAY + timedelta(days) for days in range(5)]
        case _:
            low, step = Fraction(fact.get("min", 0)), Fraction(fact.get("step", 1))
            many = (Fraction(fact["max"]) - low) / step
            values = [low + n * step for n in range(int(many) + 1)]
            return [int(v) if fact["type"] == "count" else v for v in values]


def values_at_random(
    tables: Tables,
    random: Random,
    known: Mapping[str, Any],
    *,
    unfit: Callable[[Facts], Iterable[str]],
    end: int | None = None,
) -> Facts | None:
    """Complete facts at random, so that parts keep to their wholes and marks are allowed.

    Args:
        tables: of the policy.
        random: to choose by.
        known: facts that have a value already; of these no mark is changed.
        unfit: the marks that are not allowed.
        end: 0 for the first value of every fact, -1 for the last one; None for any.

    Returns:
        The facts; None where no marks were found that are allowed.
    """
    declared = plain_facts(tables)
    facts = dict(known)
    for name in declared:
        if name not in facts:
            possible = _possible(declared, facts, name)
            if not possible:
                return None
            facts[name] = random.choice(possible) if end is None else possible[end]
    for _ in range(6):  # a mark may decide whether another one is allowed
        refused = {*unfit(facts)}
        if not refused:
            return facts
        for name in refused - known.keys():
            facts = _mended(facts, name, domain(declared[name]), random, unfit)
        if refused & known.keys():
            return None
    return None


def _mended(
    facts: Facts,
    name: str,
    values: list[Any],
    random: Random,
    unfit: Callable[[Facts], Iterable[str]],
) -> Facts:
    for value in random.sample(values, len(values)):
        tried = {**facts, name: value}
        if name not in unfit(tried):
            return tried
    return facts


def _possible(declared: Mapping[str, Tables], facts: Facts, name: str) -> list[Any]:
    """Return the values that go with those of its whole and its parts."""
    values = domain(declared[name])
    whole = declared[name].get("at_most")
    # A whole is declared before its parts, so only what was known may stand against it.
    if whole is not None:
        values = [value for value in values if value <= facts[whole]]
    least = _least(declared, facts, name)
    return values if least is None else [value for value in values if value >= least]


def _least(declared: Mapping[str, Tables], facts: Facts, name: str) -> Any:  # noqa: ANN401
    """Return the most that is known of the parts of a fact."""
    parts = [part for part, fact in declared.items() if fact.get("at_most") == name]
    found = [facts[part] if part in facts else _least(declared, facts, part) for part in parts]
    return max((least for least in found if least is not None), default=None)
