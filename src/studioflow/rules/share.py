"""The kinds `share`: whether a part of a whole is reached, and how many per cent it is."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from attrs import frozen

from studioflow.algebra import (
    All,
    Choose,
    Constant,
    FactNumber,
    Judged,
    Note,
    Number,
    Quotient,
    Rounded,
    Sum,
    Truth,
    bounds,
    smallest,
)
from studioflow.rules.kinds import ALWAYS, Quantity, all_defined, condition_kind, quantity_kind
from studioflow.rules.limits import check_limits, check_step
from studioflow.text import Text, exact, message

__all__ = ["Share", "ShareOf"]

SHARE_MET = message(
    "share_met",
    zh="{label}{part}／{whole}，达到{percent}%",
    en="{label}: {part} of {whole}, at least {percent} %",
)
SHARE_UNMET = message(
    "share_unmet",
    zh="{label}{part}／{whole}，不到{percent}%",
    en="{label}: {part} of {whole}, less than {percent} %",
)
SHARE_ROUNDED_MET = message(
    "share_rounded_met",
    zh="{label}{part}／{whole}，四舍五入到整数百分比后达到{percent}%",
    en="{label}: {part} of {whole}, rounded to whole per cent at least {percent} %",
)
SHARE_ROUNDED_UNMET = message(
    "share_rounded_unmet",
    zh="{label}{part}／{whole}，四舍五入到整数百分比后不到{percent}%",
    en="{label}: {part} of {whole}, rounded to whole per cent less than {percent} %",
)
SHARE_UNDEFINED = message(
    "share_undefined",
    zh="{whole_label}为0，比例无法计算",
    en="the share is undefined: {whole_label} is 0",
)


@condition_kind("share")
@frozen(eq=False)
class Share:
    """A part is at least so many per cent of a whole that is not 0.

    With `rounded` the share is first rounded to whole per cents, halves up, which lowers a whole
    threshold by half a per cent. The two sides are cross-multiplied: nothing is divided.
    """

    part: Quantity
    whole: Quantity
    percent: Fraction
    rounded: bool = False

    def __attrs_post_init__(self) -> None:
        check_limits(Fraction(0), Fraction(100), percent=self.percent)

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        part, whole = self.part.number, self.whole.number
        # Whole per cents reach 33.5 where they reach 34.
        threshold = ceil(self.percent) - Fraction(1, 2) if self.rounded else self.percent
        parameters = {
            "label": self.part.label,
            "part": part,
            "whole": whole,
            "percent": self.percent,
        }
        said = (
            (SHARE_ROUNDED_MET, SHARE_ROUNDED_UNMET) if self.rounded else (SHARE_MET, SHARE_UNMET)
        )
        notes = (Note(text, parameters) for text in said)
        reached = Judged(part * 100 >= whole * threshold, *notes)
        return All((self.defined(), reached))

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return _is_there(self.part, self.whole)

    def wording(self) -> Text:
        """See `ConditionKind`."""
        part, whole, percent = self.part.label, self.whole.label, exact(self.percent)
        return Text(
            f"{part.zh}占{whole.zh}的{percent}%以上",
            f"{part.en} at least {percent} % of {whole.en}",
        )


@quantity_kind("share")
@frozen(eq=False)
class ShareOf:
    """How many per cent of a whole a part is, exactly; 0 where the whole is 0.

    With `rounded` it is the next multiple of so many per cent, halves up. A part that is one of
    those that the whole adds up, or that can not exceed it, is at most 100 per cent of it.
    """

    part: Quantity
    whole: Quantity
    rounded: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        check_step(rounded=self.rounded)

    def number(self) -> Number:
        """See `QuantityKind`."""
        there = self.whole.number > 0
        share = Choose(there, self._per_cents(), Constant(0))
        return share if self.rounded is None else Rounded(share, self.rounded)

    def _per_cents(self) -> Number:
        """State the share of a whole that is there."""
        part, whole = self.part.number, self.whole.number
        others = _others(part, whole)
        if others is not None:
            # Each number stands here once: more of the part is more, more of the others is less.
            share = Quotient(Constant(100), Quotient(others, part) + 1)
            return Choose(part > 0, share, Constant(0))
        share = Quotient(part * 100, whole)
        limit, limited = self.whole.fact, self.part.fact
        inside = limit is not None and limited is not None and limited.at_most == limit.name
        return smallest(share, 100) if inside else share

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return _is_there(self.part, self.whole)

    def unit(self) -> Text | None:
        """See `UnitKind`."""
        return Text("%", "per cent")

    def wording(self) -> Text:
        """See `QuantityKind`."""
        part, whole = self.part.label, self.whole.label
        return Text(f"{part.zh}占{whole.zh}的百分比", f"{part.en} in per cent of {whole.en}")


def _is_there(part: Quantity, whole: Quantity) -> Truth:
    undefined = Note(SHARE_UNDEFINED, {"whole_label": whole.label})
    there = Judged(whole.number > 0, met=None, unmet=undefined)
    inside = all_defined((part, whole))
    return there if inside is ALWAYS else All((inside, there))


def _others(part: Number, whole: Number) -> Number | None:
    """Return what the whole adds up besides the part, if it does, and none of it is below 0."""
    parts, others = _addends(part), _addends(whole)
    if parts is None or others is None:
        return None
    for name in parts:
        if name not in others:
            return None
        del others[name]
    addends = (*parts.values(), *others.values())
    if any(bounds(addend).low < 0 for addend in addends):
        return None
    return Sum(tuple(others.values()))


def _addends(number: Number) -> dict[str, FactNumber] | None:
    """Return the facts that a number adds up, by name; None where it is anything else."""
    if isinstance(number, FactNumber):
        return {number.name: number}
    if not isinstance(number, Sum):
        return None
    found: dict[str, FactNumber] = {}
    for term in number.terms:
        inside = _addends(term)
        if inside is None or found.keys() & inside.keys():
            return None
        found |= inside
    return found
