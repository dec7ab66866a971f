"""Tallies: a count that is split by words, and is one fact for each combination of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from types import MappingProxyType

from attrs import evolve, field, frozen

from studioflow.algebra import Sum
from studioflow.codec import MISSING_KEY, NOT_AN_IDENTIFIER, Collector, is_identifier, wrong
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import Quantity
from studioflow.text import Text, listed, message

__all__ = ["MAX_CELLS", "DeclaredFact", "Tally", "cell_names", "tally_of"]

MAX_CELLS = 100
"""More combinations are more than anybody fills in, and more than one rule may look at."""

TALLY_TYPE = message(
    "tally_type",
    zh="有 by 的事实：类型为 count 或 number",
    en="a fact of type count or number where it is split by words",
)
TOO_MANY_CELLS = message(
    "too_many_cells", zh="不超过{limit}种组合", en="at most {limit} combinations of words"
)
CELL_TWICE = message(
    "cell_twice",
    zh="每种组合名称不同的词",
    en="words that give each combination a name of its own",
)


@frozen(eq=False, kw_only=True)
class DeclaredFact:
    """A fact as a file declares it: with `by`, it is a tally.

    Attributes:
        by: the words of each dimension with their labels; empty for a plain fact.
    """

    fact: Fact = field(metadata={"rest": True})
    by: Mapping[str, Mapping[str, Text]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under("by"):
            if self.by and self.fact.type not in {"count", "number"}:
                raise wrong(TALLY_TYPE, self.fact.type)
        for dimension, words in self.by.items():
            with collector.under("by", dimension):
                if not is_identifier(dimension):
                    raise wrong(NOT_AN_IDENTIFIER, dimension)
                if not words:
                    raise wrong(MISSING_KEY, "{}", key="first")
            for word in words:
                with collector.under("by", dimension, word):
                    # It stands inside a name, so that it may begin with a digit.
                    if not is_identifier(f"_{word}"):
                        raise wrong(NOT_AN_IDENTIFIER, word)
        with collector.under("by"):
            if (cells := prod(len(words) for words in self.by.values())) > MAX_CELLS:
                raise wrong(TOO_MANY_CELLS, cells, limit=MAX_CELLS)
            names = list(cell_names("", self.by))
            if len(set(names)) < len(names):
                raise wrong(CELL_TWICE, ", ".join(self.by))
        collector.finish()


@frozen(eq=False, kw_only=True)
class Tally:
    """A count split by words: so many of each.

    Attributes:
        name: by which rules mean all of it together.
        dimensions: the words of each, with their labels.
        cells: the fact of each combination of words, one of each dimension.
    """

    name: str
    label: Text
    dimensions: Mapping[str, Mapping[str, Text]]
    cells: Mapping[tuple[str, ...], Fact]

    def quantity(self) -> Quantity:
        """Return the sum of its cells."""
        facts = tuple(self.cells.values())
        return Quantity(Sum(tuple(fact.number() for fact in facts)), self.label, facts[0].unit)


def tally_of(name: str, declared: DeclaredFact) -> Tally:
    """Return the tally that a fact with `by` declares.

    >>> prize = {"first": Text("一等奖", "first prize"), "second": Text("二等奖", "second prize")}
    >>> label, times = Text("学员获奖", "prizes"), Text("次", "times")
    >>> fact = Fact(type="count", label=label, unit=times)
    >>> tally = tally_of("prizes", DeclaredFact(fact=fact, by={"prize": prize}))
    >>> [(cell.name, cell.label.en) for cell in tally.cells.values()]
    [('prizes_first', 'prizes (first prize)'), ('prizes_second', 'prizes (second prize)')]
    """
    cells = {}
    for words, cell in zip(
        product(*declared.by.values()), cell_names(name, declared.by), strict=True
    ):
        said = [labels[word] for labels, word in zip(declared.by.values(), words, strict=True)]
        label = Text(
            f"{declared.fact.label.zh}（{listed([each.zh for each in said], 'zh')}）",
            f"{declared.fact.label.en} ({listed([each.en for each in said], 'en')})",
        )
        cells[words] = evolve(declared.fact, name=cell, label=label)
    return Tally(
        name=name,
        label=declared.fact.label,
        dimensions=declared.by,
        cells=MappingProxyType(cells),
    )


def cell_names(name: str, by: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Yield the name of the fact of each combination of words."""
    return ("_".join((name, *words)) for words in product(*by.values()))
