"""What somebody wants to be common in a cohort that is made up: checked, fact by fact."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TypeGuard

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.cohort.columns.making.drawing import Wanted, step_of
from studioflow.rules import Fact
from studioflow.rules.limits import BOUNDS_ORDER, OUT_OF_BOUNDS
from studioflow.text import Text, message

__all__ = ["wanted_by"]

WEIGHTS = message(
    "weights_of_words",
    zh="各词的权重：不小于0的数，不全为0",
    en="weights of words: numbers from 0 up, not all of them 0",
)
MARKS_FOLLOW = message(
    "marks_follow",
    zh="不给 mark 类事实指定分布：能评多少分由其他事实决定",
    en="nothing for a mark: what may be marked follows from the other facts",
)
_PAIR = Text("最小值与最大值（两个值）", "the least and the most, as a pair")


def wanted_by(facts: Mapping[str, Fact], shape: Mapping[str, object]) -> dict[str, Wanted]:
    """Check what is wanted of some facts, and return it in steps.

    Raises:
        InputError: with every unknown name, and everything that the fact can not have.
    """
    collector = Collector()
    found: dict[str, Wanted] = {}
    for name, wanted in shape.items():
        with collector.under(name):
            if name not in facts:
                raise wrong(UNKNOWN_NAME, name, known=facts)
            found[name] = _wanted(facts[name], wanted)
    collector.finish()
    return found


def _wanted(fact: Fact, wanted: object) -> Wanted:
    match fact.type:
        case "flag" | "confirmation":
            if not _is_number(wanted) or not 0 <= wanted <= 1:
                raise wrong(OUT_OF_BOUNDS, wanted, low="0", high="1")
            return float(wanted)
        case "choice":
            return _weights(fact, wanted)
        case "mark":
            raise wrong(MARKS_FOLLOW, wanted)
    match wanted:
        case [low, high]:
            return _ends(fact, low, high)
    raise wrong(WRONG_TYPE, wanted, type=_PAIR)


def _weights(fact: Fact, wanted: object) -> dict[str, float]:
    if not isinstance(wanted, Mapping):
        raise wrong(WEIGHTS, wanted)
    for word in wanted:
        if word not in fact.values:
            raise wrong(UNKNOWN_NAME, word, known=fact.values)
    weights = [*wanted.values()]
    if not all(_is_number(w) and w >= 0 and isfinite(w) for w in weights) or not any(weights):
        raise wrong(WEIGHTS, wanted)
    return {word: float(weight) for word, weight in wanted.items()}


def _ends(fact: Fact, low: object, high: object) -> tuple[float, float]:
    collector = Collector()
    ends = []
    per = 1 if fact.type == "date" else step_of(fact) * fact.denominator
    for place, value in enumerate((low, high)):
        with collector.under(place):
            ends.append(int(int(fact.units(value)) / per))
    collector.finish()
    least, most = ends
    if least > most:
        raise wrong(BOUNDS_ORDER, f"{low}, {high}")
    return float(least), float(most)


def _is_number(value: object) -> TypeGuard[int | float]:
    return type(value) in {int, float}
