"""Text and numbers: what is accepted as such, however it came in."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from studioflow.codec.problems import TYPE_NAMES, WRONG_TYPE
from studioflow.errors import wrong
from studioflow.text import message

__all__ = [
    "BAD_CHARACTER",
    "EMPTY_TEXT",
    "MAX_DIGITS",
    "NOT_AN_IDENTIFIER",
    "NOT_FINITE",
    "TOO_MANY_DIGITS",
    "checked_text",
    "exact_number",
    "is_identifier",
]

MAX_DIGITS = 15
"""A number has at most so many digits on either side of the point, so that it fits 64 bits."""
_LIMIT = 10**MAX_DIGITS

NOT_FINITE = message("not_finite", zh="有限的数", en="a finite number")
TOO_MANY_DIGITS = message(
    "too_many_digits",
    zh="小数点两侧各不超过 {limit} 位的数",
    en="a number of at most {limit} digits on either side of the point",
)
NOT_AN_IDENTIFIER = message(
    "not_an_identifier",
    zh="由小写字母、数字和下划线组成的名称",
    en="a name of lower-case letters, digits and underscores",
)
BAD_CHARACTER = message(
    "bad_character",
    zh="不含控制、方向或零宽字符（{character}）的文字",
    en="text without control, direction or zero-width characters ({character})",
)
EMPTY_TEXT = message("empty_text", zh="非空文字", en="text that is not empty")

_LAYOUT = re.compile(r"[\n\t]")
_UNSEEN = {"Cc", "Cf", "Cs", "Cn"}


def checked_text(value: str) -> str:
    """Return the text in NFC, without characters that can not be seen or that turn it around.

    Line breaks and tabs are kept, and so are rare Han characters.

    Raises:
        InputError: for a character of the categories Cc, Cf, Cs or Cn.
    """
    plain = _LAYOUT.sub("", value)
    # What can be printed is in none of these categories, and most text can be: no need to look
    # at each character of it.
    if not plain.isprintable():
        for character in plain:
            if unicodedata.category(character) in _UNSEEN:
                raise wrong(BAD_CHARACTER, value, character=f"U+{ord(character):04X}")
    return unicodedata.normalize("NFC", value)


def is_identifier(name: str) -> bool:
    """Return whether a name is of lower-case ASCII letters, digits and underscores."""
    return name.isascii() and name.isidentifier() and name == name.lower()


def exact_number(value: object) -> Fraction:
    """Return the number that an int, a Decimal or a Fraction is; nothing else is one.

    Raises:
        InputError: for another type (a float is not exact, True is no 1), for a number that is
            not finite, and for one with more than `MAX_DIGITS` digits on either side.
    """
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
        raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[Fraction])
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise wrong(NOT_FINITE, value)
        # Its size comes first: a fraction of 1e999999999 is a number of a gigabyte.
        _, digits, exponent = value.as_tuple()
        if len(digits) > 2 * MAX_DIGITS or abs(int(exponent)) > MAX_DIGITS:
            raise wrong(TOO_MANY_DIGITS, value, limit=MAX_DIGITS)
    number = Fraction(value)
    if abs(number.numerator) >= _LIMIT * number.denominator or number.denominator > _LIMIT:
        raise wrong(TOO_MANY_DIGITS, value, limit=MAX_DIGITS)
    return number
