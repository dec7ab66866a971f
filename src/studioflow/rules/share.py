"""The kind `share`: a part of a whole, without dividing."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from studioflow.algebra import All, Judged, Note, Truth
from studioflow.rules.kinds import Quantity, condition_kind
from studioflow.rules.limits import check_limits
from studioflow.text import Text, exact, message

__all__ = ["Share"]

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

    With `rounded` the share is first rounded to whole per cents, halves up, which lowers the
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
        threshold = self.percent - Fraction(1, 2) if self.rounded else self.percent
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
        undefined = Note(SHARE_UNDEFINED, {"whole_label": self.whole.label})
        return Judged(self.whole.number > 0, met=None, unmet=undefined)

    def wording(self) -> Text:
        """See `ConditionKind`."""
        part, whole, percent = self.part.label, self.whole.label, exact(self.percent)
        return Text(
            f"{part.zh}占{whole.zh}的{percent}%以上",
            f"{part.en} at least {percent} % of {whole.en}",
        )
