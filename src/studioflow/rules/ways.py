"""The ways that a rule can be whose values depend on a fact.

Such a value is a table: `{ by = "cycle", otherwise = 16, "2" = 20 }`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any

from attrs import evolve, frozen

from studioflow.algebra import Constant, FactIs, Truth
from studioflow.codec import DUPLICATE_KEY, UNKNOWN_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.errors import Problem
from studioflow.rules.facts import Fact
from studioflow.text import message

__all__ = ["MAX_WAYS", "Way", "any_way", "ways"]

Path = tuple[object, ...]

MAX_WAYS = 12
"""A rule is built once for each way; more are no rule that anybody reads."""

OTHERWISE = "otherwise"
NOT_COVERED = message(
    "by_not_covered",
    zh="otherwise：{fact} 还可能是其他值",
    en="the key otherwise, since {fact} may be something else",
)
WORDS_MISSING = message(
    "by_words_missing",
    zh="{fact} 的其余各值：{missing}，或 otherwise",
    en="the other words of {fact}, too ({missing}), or the key otherwise",
)
NOT_A_THRESHOLD = message(
    "by_not_a_threshold",
    zh="{fact} 的一个值（从它起）或 otherwise",
    en="a value of {fact} from which on it holds, or otherwise",
)
TOO_MANY_WAYS = message(
    "by_too_many_ways",
    zh="各值依事实至多组合成{limit}种的规则",
    en="a rule whose values depend on facts in at most {limit} ways",
)

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOT_VALUES = frozenset({"kind", "label"})


@frozen(eq=False)
class Way:
    """One way that a rule can be.

    Attributes:
        when: what has to hold of the fact; None for the last, where no other holds.
        table: of the rule, with plain values for those that depend on the fact.
        moved: where in the file these values stand, by where they stand in the table.
    """

    when: Truth | None
    table: Mapping[str, Any]
    moved: Mapping[str, str]

    def at_home(self, problem: Problem) -> Problem:
        """Return a problem of the table as one of the file."""
        found = [way for way in self.moved if f"{problem.path}/".startswith(f"{way}/")]
        if not found:
            return problem
        longest = max(found, key=len)
        return evolve(problem, path=self.moved[longest] + problem.path[len(longest) :])


@frozen(eq=False)
class _Split:
    """The ways of one fact, best first: what each asks of the fact, and the key of each table."""

    fact: Fact
    ways: Sequence[tuple[Truth | None, Callable[[Mapping[str, Any]], str]]]


@frozen(eq=False)
class _Hanging:
    """A table in a rule whose keys are values of a fact."""

    path: Path
    table: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.table["by"])

    @property
    def keys(self) -> list[str]:
        return [key for key in self.table if key not in {"by", OTHERWISE}]


def ways(rule: Mapping[str, Any], facts: Mapping[str, Fact]) -> list[Way]:
    """Return the ways that a rule can be by the first fact that a value of it depends on.

    There is none where no value depends on a fact. What depends on another fact still stands in
    the tables of the ways. What belongs to rules inside the rule is theirs.

    Raises:
        InputError: for a fact or a word that does not exist, a key that is no value of the fact,
            values that are left without an answer, and too many ways.
    """
    hanging = _all_hanging(rule)
    if not hanging:
        return []
    collector = Collector()
    by_name: dict[str, list[_Hanging]] = {}
    for each in hanging:
        with collector.under(*each.path, "by"):
            if each.name not in facts:
                raise wrong(UNKNOWN_NAME, each.name, known=facts)
            by_name.setdefault(each.name, []).append(each)
    splits = {name: _split(facts[name], tables, collector) for name, tables in by_name.items()}
    collector.finish()
    if (count := prod(len(split.ways) for split in splits.values())) > MAX_WAYS:
        raise wrong(TOO_MANY_WAYS, count, limit=MAX_WAYS)
    split = next(iter(splits.values()))
    return [_put(rule, split.fact.name, when, chosen) for when, chosen in split.ways]


def any_way(rule: Mapping[str, Any]) -> Way | None:
    """Return one way of a rule whose ways can not be told, to see what else is wrong with it.

    None where a value that depends on a fact has no answer at all.
    """
    if any(len(each.table) == 1 for each in _all_hanging(rule)):
        return None
    return _put(rule, None, None, lambda table: next(key for key in table if key != "by"))


def _put(
    rule: Mapping[str, Any],
    name: str | None,
    when: Truth | None,
    chosen: Callable[[Mapping[str, Any]], str],
) -> Way:
    moved: dict[str, str] = {}
    put = _Putting(name, chosen, moved)
    table = {
        key: value if key in _NOT_VALUES else put.into(value, (key,), (key,))
        for key, value in rule.items()
    }
    return Way(when, table, moved)


def _all_hanging(rule: Mapping[str, Any]) -> list[_Hanging]:
    values = ((key, value) for key, value in rule.items() if key not in _NOT_VALUES)
    return [each for key, value in values for each in _hanging(value, (key,))]


def _hanging(value: object, path: Path) -> Iterator[_Hanging]:
    """Yield each table that depends on a fact, those inside another after it."""
    if isinstance(value, Mapping):
        if "kind" in value:
            return
        if isinstance(value.get("by"), str):
            yield _Hanging(path, value)
        for key, item in value.items():
            yield from _hanging(item, (*path, key))
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            yield from _hanging(item, (*path, position))


@frozen(eq=False)
class _Putting:
    """Puts the value of one way in the place of each table that depends on a fact, or on any."""

    name: str | None
    chosen: Callable[[Mapping[str, Any]], str]
    moved: dict[str, str]

    def into(self, value: Any, here: Path, home: Path) -> Any:  # noqa: ANN401 - any value of a file
        if isinstance(value, Mapping) and "kind" not in value:
            name = value.get("by")
            if isinstance(name, str) and self.name in {None, name}:
                key = self.chosen(value)
                self.moved["/".join(map(str, here))] = "/".join(map(str, (*home, key)))
                return self.into(value[key], here, (*home, key))
            return {key: self.into(item, (*here, key), (*home, key)) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [
                self.into(item, (*here, position), (*home, position))
                for position, item in enumerate(value)
            ]
        return value


# --- the ways that a fact can be -------------------------------------------------------------


def _split(fact: Fact, tables: list[_Hanging], collector: Collector) -> _Split:
    if fact.ordered:
        return _by_threshold(fact, tables, collector)
    words: dict[str, Truth] = {
        word: FactIs(fact.name, frozenset({word}), frozenset(fact.values)) for word in fact.values
    } or {"true": fact.truth(), "false": ~fact.truth()}
    for each in tables:
        for key in each.keys:
            with collector.under(*each.path, key):
                if key not in words:
                    raise wrong(UNKNOWN_KEY, key, known=(*words, OTHERWISE))
        _check_covered(fact, each, collector, covered=words.keys() <= each.table.keys())
    asked = [word for word in words if any(word in each.table for each in tables)]
    rest = OTHERWISE if len(asked) < len(words) else asked.pop()
    ends: list[tuple[Truth | None, str]] = [*((words[word], word) for word in asked), (None, rest)]
    return _Split(fact, [(when, _key_of_word(word)) for when, word in ends])


def _key_of_word(word: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda table: word if word in table else OTHERWISE


def _by_threshold(fact: Fact, tables: list[_Hanging], collector: Collector) -> _Split:
    thresholds: dict[int, dict[Fraction, str]] = {}
    low = None if fact.type == "date" else fact.low
    for each in tables:
        own = thresholds[id(each.table)] = {}
        for key in each.keys:
            with collector.under(*each.path, key):
                value = _threshold(fact, key)
                if value in own:
                    raise wrong(DUPLICATE_KEY, key)
                own[value] = key
        covered = low is not None and min(own, default=low + 1) <= low
        _check_covered(fact, each, collector, covered=covered)
    # The highest first: from there on, and so on down; what is below the least is the rest.
    found = sorted({start for own in thresholds.values() for start in own}, reverse=True)
    starts = [start for start in found if low is None or start > low]
    number = fact.number()

    def key_at(start: Fraction | None) -> Callable[[Mapping[str, Any]], str]:
        def key(table: Mapping[str, Any]) -> str:
            own = thresholds[id(table)]
            reached = [t for t in own if start is not None and t <= start]
            return own[max(reached)] if reached else OTHERWISE

        return key

    # Below all of them the fact is at its bound, or not far from it.
    at = [(number >= Constant(start), key_at(start)) for start in starts]
    return _Split(fact, [*at, (None, key_at(low))])


def _threshold(fact: Fact, key: str) -> Fraction:
    try:
        if fact.type == "date" and _DAY.fullmatch(key):
            return Fraction(date.fromisoformat(key).toordinal())
        if fact.type != "date" and _NUMBER.fullmatch(key):
            return Fraction(Decimal(key))
    except ValueError:
        pass
    raise wrong(NOT_A_THRESHOLD, key, fact=fact.name)


def _check_covered(fact: Fact, each: _Hanging, collector: Collector, *, covered: bool) -> None:
    with collector.under(*each.path):
        if not covered and OTHERWISE not in each.table:
            missing = [word for word in fact.values if word not in each.table]
            if missing:
                raise wrong(WORDS_MISSING, each.keys, fact=fact.name, missing=missing)
            raise wrong(NOT_COVERED, each.keys, fact=fact.name)
