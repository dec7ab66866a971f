"""Examples from a batch: what was counted and why not all, and how several marks became one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from studioflow.cli.cases import Case
from studioflow.text import Language, Text
from studioflow.verdict import Reason

__all__ = ["counted", "pooled"]

MOST = 2
"""Examples are shown of so many studios; `--json` has every one."""

_INCOMPLETE = "record_incomplete"
_POOLED = frozenset({"mean_of_marks", "median_of_marks"})
_LINE = Text("{studio} {what}：{said}", "{studio} {what}: {said}")


def counted(cases: Mapping[str, Case], language: Language) -> Iterator[str]:
    """Yield a measured fact of each of the first studios with records that are not complete."""
    shown = 0
    for key, case in cases.items():
        for each in case.sheet.measured.values():
            reasons = [reason.code for left in each.left_out for reason in left.reasons]
            if _INCOMPLETE in reasons:
                yield _line(key, each.label.get(language), each.explain(language), language)
                shown += 1
                break
        if shown == MOST:
            return


def pooled(cases: Mapping[str, Case], language: Language) -> Iterator[str]:
    """Yield marks that became one between two steps, of the first studios that have such."""
    shown = 0
    for key, case in cases.items():
        for result in case.sheet.criteria:
            told = [reason for reason in result.reasons if _between_steps(reason)]
            if told:
                what = f"{result.id} {result.label.get(language)}"
                yield _line(key, what, told[0].explain(language), language)
                shown += 1
                break
        if shown == MOST:
            return


def _between_steps(reason: Reason) -> bool:
    value = reason.parameters.get("value")
    return reason.code in _POOLED and isinstance(value, Fraction) and value.denominator != 1


def _line(studio: str, what: str, said: str, language: Language) -> str:
    text = _LINE.get(language)
    for name, value in (("studio", studio), ("what", what), ("said", said)):
        text = text.replace(f"{{{name}}}", value, 1)
    return text
