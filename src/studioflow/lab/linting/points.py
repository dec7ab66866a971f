"""Points: weights and maxima that do not fit each other, bands with gaps, what is paid twice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from studioflow.algebra import AtLeast, Constant, FactNumber, walk
from studioflow.lab.linting.findings import Finding
from studioflow.lab.linting.looking import items, parts
from studioflow.policy import Policy
from studioflow.rubric.items import Criterion
from studioflow.rules.marked import Marked
from studioflow.rules.scoring import Bonus
from studioflow.text import message

__all__ = ["of_points"]

WEIGHTS_SUM = message(
    "weights_sum",
    zh="{sections} 的权重合计{sum}%，不是100%",
    en="the weights of {sections} are {sum} per cent together, not 100",
)
HEADING_DIFFERS = message(
    "heading_differs",
    zh="标题为{heading}分，而最多给{max}分",
    en="it is headed {heading} points and gives up to {max}",
)
SECTION_CAPPED = message(
    "section_capped",
    zh="各项合计最多{sum}分，而本部分以{cap}分为限",
    en="its items give up to {sum} together, and the section gives {cap} at most",
)
BONUS_CAPPED = message(
    "bonus_capped",
    zh="各项加分合计{sum}分，而以{cap}分为限",
    en="its items are {sum} points together, and {cap} are given at most",
)
BAND_GAP = message(
    "band_gap",
    zh="评{low}与{high}之间的分（如{example}）不属于任何一档",
    en="a mark between {low} and {high}, such as {example}, is in no band",
)
BELOW_BANDS = message(
    "below_bands",
    zh="评{low}分以下不属于任何一档",
    en="a mark below {low} is in no band",
)
PAID_TWICE = message(
    "paid_twice",
    zh="同一条件（{fact} 不少于 {bound}）在 {items} 中都计分",
    en="the same condition ({fact} at least {bound}) counts in {items}",
)


def of_points(policy: Policy) -> Iterator[Finding]:
    """Yield what is wrong with weights, maxima, bands and bonuses."""
    yield from _weights(policy)
    yield from _caps(policy)
    for path, item in items(policy):
        if isinstance(item, Criterion) and item.heading not in {None, item.max}:
            said = {"heading": item.heading, "max": item.max or "∞"}
            yield Finding(HEADING_DIFFERS, f"{path}/heading", "warning", item.clause, said)
        for part in parts(item.rule):
            if isinstance(part, Marked):
                yield from _bands(path, item.clause, part)
            if isinstance(part, Bonus) and part.cap is not None:
                total = sum((each.points for each in part.items.values()), Fraction(0))
                if total > part.cap:
                    said = {"sum": total, "cap": part.cap}
                    yield Finding(BONUS_CAPPED, f"{path}/items", "note", item.clause, said)
    yield from _twice(policy)


def _weights(policy: Policy) -> Iterator[Finding]:
    sections = policy.rubric.sections
    parents = dict.fromkeys(section.part_of for section in sections.values())
    for parent in parents:
        inside = {name: each for name, each in sections.items() if each.part_of == parent}
        kinds: set[str | None] = {kind for each in inside.values() for kind in each.kinds}
        for kind in sorted(kinds, key=str) or [None]:
            here = {n: s for n, s in inside.items() if not s.kinds or kind in s.kinds}
            total = sum((each.weight for each in here.values()), Fraction(0))
            weighed = any(each.weight != 100 for each in here.values())  # noqa: PLR2004 - per cent
            if weighed and total != 100:  # noqa: PLR2004 - per cent
                said = {"sections": tuple(here), "sum": total}
                first = next(iter(here))
                path = f"sections/{first}/weight"
                yield Finding(WEIGHTS_SUM, path, "warning", here[first].clause, said)


def _caps(policy: Policy) -> Iterator[Finding]:
    for name, section in policy.rubric.sections.items():
        maxima = [c.max for c in policy.rubric.criteria.values() if c.section == name]
        known = [most for most in maxima if most is not None]
        if section.cap is None or section.rescale or len(known) < len(maxima):
            continue
        if sum(known) > section.cap:
            said = {"sum": sum(known, Fraction(0)), "cap": section.cap}
            yield Finding(SECTION_CAPPED, f"sections/{name}/cap", "note", section.clause, said)


def _bands(path: str, clause: str | None, rule: Marked) -> Iterator[Finding]:
    step = rule.mark.step or Fraction(1)
    bands = list(rule.bands.items())
    for (upper, above), (_, below) in pairwise(bands):
        between = below.high + step
        if between < above.low and rule.gap == "reject":
            said = {"low": below.high, "high": above.low, "example": between}
            yield Finding(BAND_GAP, f"{path}/bands/{upper}/from", "warning", clause, said)
    least = rule.mark.low
    if bands and rule.below == "zero" and least is not None and bands[-1][1].low > least + step:
        name, lowest = bands[-1]
        where = f"{path}/bands/{name}/from"
        yield Finding(BELOW_BANDS, where, "note", clause, {"low": lowest.low})


def _twice(policy: Policy) -> Iterator[Finding]:
    """Yield the conditions of counts that decide points in several items."""
    found: dict[tuple[str, Fraction], dict[str, None]] = {}
    for name, term in policy.rubric.points.items():
        for part in walk(term):
            match part:
                case AtLeast(FactNumber(fact), Constant(bound)) if bound > 0:
                    if fact in policy.facts and not policy.facts[fact].judged:
                        found.setdefault((fact, bound), {})[name] = None
                case _:
                    pass
    for (fact, bound), several in found.items():
        if len(several) > 1:
            label = policy.facts[fact].label
            said = {"fact": label, "bound": bound, "items": tuple(several)}
            first = next(iter(several))
            path, item = next(each for each in items(policy) if each[0].endswith(f"/{first}"))
            yield Finding(PAID_TWICE, path, "note", item.clause, said)
