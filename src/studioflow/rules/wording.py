"""Words for rules that the file gives no label: short, whatever stands inside."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from studioflow.text import Text, listed

__all__ = ["joined", "measure_word"]

_MANY = 6
_LONG = 60


def joined(texts: Iterable[Text], zh: str | None = None, en: str | None = None) -> Text:
    """Return the texts with a word of each language between them, or as a list; long ones cut.

    >>> joined([Text("甲", "a"), Text("乙", "b")], "或", " or ").en
    'a or b'
    """
    shown = list(islice(texts, _MANY + 1))
    more = ["…"] * (len(shown) > _MANY)
    words_zh = [*(_cut(text.zh) for text in shown[:_MANY]), *more]
    words_en = [*(_cut(text.en) for text in shown[:_MANY]), *more]
    return Text(
        listed(words_zh, "zh") if zh is None else zh.join(words_zh),
        listed(words_en, "en") if en is None else en.join(words_en),
    )


def measure_word(unit: Text | None) -> Text:
    """Return the unit that Chinese puts behind a number; English does without it."""
    return Text("" if unit is None else unit.zh, "")


def _cut(words: str) -> str:
    return words if len(words) <= _LONG else words[: _LONG - 1] + "…"
