"""Which of the installed fonts a PDF is set in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from attrs import frozen

from studioflow.errors import MissingExtraError, MissingFontError

if TYPE_CHECKING:
    from typst import Fonts as TypstFonts

__all__ = ["OTHER_SCRIPTS", "Fonts", "chosen", "installed"]

_SERIF = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "SimSun",
    "Songti SC",
    "FangSong",
    "STSong",
)
_SANS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)
_RARE = ("Noto Serif CJK JP", "HanaMinA", "HanaMinB", "SimSun-ExtB", "BabelStone Han")
OTHER_SCRIPTS = "fonts-noto"
"""The package with fonts of every script; Chinese ones are in another."""
_LATIN = "Libertinus Serif"
"""It comes with the compiler."""


@frozen
class Fonts:
    """Families in the order in which a character is looked for in them."""

    serif: tuple[str, ...]
    sans: tuple[str, ...]


@cache
def installed() -> TypstFonts:
    """Return the fonts of this machine; looking for them takes longer than setting a page.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("documents") from error
    return typst.Fonts()


def chosen(families: Iterable[str], texts: Iterable[str]) -> Fonts:
    """Return the families to set texts in.

    Args:
        families: that there are.
        texts: of the paper.

    Raises:
        MissingFontError: where there are Chinese characters, and no family for them.
    """
    there = {family.casefold(): family for family in families}

    def found(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(there[name.casefold()] for name in names if name.casefold() in there)

    serif, sans = found(_SERIF), found(_SANS)
    if not serif and not sans and (sample := _chinese(texts)):
        raise MissingFontError(sample)
    rare = found(_RARE)
    latin = found([_LATIN])
    return Fonts((*serif, *sans, *latin, *rare), (*sans, *serif, *latin, *rare))


def _chinese(texts: Iterable[str]) -> str:
    """Return the first few characters that Latin fonts do not have."""
    for text in texts:
        wide = [character for character in text if character > "\u2e7f"]
        if wide:
            return "".join(wide[:4])
    return ""
