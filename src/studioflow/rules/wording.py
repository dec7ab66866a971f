"""Words for rules that the file gives no label: short, whatever stands inside."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from studioflow.text import Text

__all__ = ["joined"]

_MANY = 6
_LONG = 60


def joined(texts: Iterable[Text], zh: str, en: str) -> Text:
    """Return the texts with a word of each language between them, long ones cut.

    >>> joined([Text("甲", "a"), Text("乙", "b")], "或", " or ").en
    'a or b'
    """
    shown = list(islice(texts, _MANY + 1))
    more = ["…"] * (len(shown) > _MANY)
    return Text(
        zh.join([*(_cut(text.zh) for text in shown[:_MANY]), *more]),
        en.join([*(_cut(text.en) for text in shown[:_MANY]), *more]),
    )


def _cut(words: str) -> str:
    return words if len(words) <= _LONG else words[: _LONG - 1] + "…"
