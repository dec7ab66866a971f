"""Rendering: codes and labels become sentences in Chinese or English, here and nowhere else.

A `Message` is a code with its sentence in both languages. It is defined beside the code that
uses it, by `message`, so that a sentence and its meaning change together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, Protocol, runtime_checkable

from attrs import frozen

__all__ = [
    "LANGUAGES",
    "Language",
    "Message",
    "Sentence",
    "Text",
    "exact",
    "listed",
    "look_alikes",
    "message",
    "messages",
    "render",
    "visible",
]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_WORDS: Mapping[Language, Mapping[object, str]] = {
    "zh": {True: "是", False: "否", None: "未知"},
    "en": {True: "yes", False: "no", None: "unknown"},
}
_LIST_SEPARATORS: Mapping[Language, tuple[str, str]] = {"zh": ("、", "；"), "en": (", ", "; ")}
# Letters that most typefaces draw alike, upper and lower case apart: В is a B, в is not a b.
_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухѕһӏԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορι",
    "ABESIJKMHOPCTYXaeijopcyxshldqwABEZHIKMNOPTYXavopi",
)
_UNSEEN = re.compile(r"[\s.·•‧・｡。]+")


@frozen
class Text:
    """The same words in Chinese and English.

    >>> Text("有党旗", "a Party flag").get("en")
    'a Party flag'
    """

    zh: str
    en: str

    def get(self, language: Language) -> str:
        """Return the words in `language`."""
        return self.zh if language == "zh" else self.en


@runtime_checkable
class Sentence(Protocol):
    """Something that says itself in a language, such as a reason inside a reason."""

    def text(self, language: Language) -> str:
        """Return the sentence."""


@frozen
class Message:
    """A code with the sentence that it stands for; `{name}` marks a parameter."""

    code: str
    text: Text

    def placeholders(self) -> frozenset[str]:
        """Return the names of the parameters that the sentence mentions in either language."""
        return frozenset(_PLACEHOLDER.findall(self.text.zh + self.text.en))


_messages: dict[str, Message] = {}


def message(code: str, *, zh: str, en: str) -> Message:
    """Define a message; every code is defined once.

    Raises:
        ValueError: if the code is taken, or the languages mention different parameters.
    """
    if code in _messages:
        error = f"the message code {code!r} is defined twice"
        raise ValueError(error)
    if set(_PLACEHOLDER.findall(zh)) != set(_PLACEHOLDER.findall(en)):
        error = f"the sentences of {code!r} mention different parameters"
        raise ValueError(error)
    made = _messages[code] = Message(code, Text(zh, en))
    return made


def messages() -> Mapping[str, Message]:
    """Return every message defined so far, by code."""
    return dict(_messages)


def render(text: Text, parameters: Mapping[str, object], language: Language) -> str:
    """Fill the placeholders of `text`; a parameter that is not given stays visible as `{name}`.

    Plain replacement and not `str.format`: policy files bring their own sentences, and a format
    string can reach into attributes.

    >>> render(Text("{n}次", "{n} times"), {"n": Fraction(1, 2)}, "zh")
    '0.5次'
    """
    pieces = list(_pieces(text.get(language)))
    for place in range(1, len(pieces), 2):
        name = pieces[place]
        known = name in parameters
        pieces[place] = _shown(parameters[name], language) if known else f"{{{name}}}"
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str, ...]:
    """Return the words of a text and the names of its placeholders in turn."""
    return tuple(_PLACEHOLDER.split(text))


def _shown(value: object, language: Language) -> str:
    match value:
        case Text():
            return value.get(language)
        case bool() | None:
            return _WORDS[language][value]
        case int() | Fraction() | Decimal():
            return exact(value)
        case date():
            return value.isoformat()
        case str():
            return value
        case Sentence():
            return value.text(language)
        case Iterable():
            return listed([_shown(item, language) for item in value], language)
        case _:
            return str(value)


def listed(items: Sequence[str], language: Language) -> str:
    """Return the items as a list; one that has commas of its own asks for stronger ones.

    >>> listed(["a", "b"], "en"), listed(["公开课、讲座", "论文"], "zh")
    ('a, b', '公开课、讲座；论文')
    """
    comma, stronger = _LIST_SEPARATORS[language]
    return (stronger if any(comma in item for item in items) else comma).join(items)


def exact(number: int | Fraction | Decimal) -> str:
    """Write a number exactly: as a decimal, or as `a/b` where no decimal is exact.

    >>> exact(Fraction(177, 2)), exact(Fraction(1, 3)), exact(18)
    ('88.5', '1/3', '18')
    """
    return _written(number)


@lru_cache(maxsize=4096)
def _written(number: int | Fraction | Decimal) -> str:
    fraction = Fraction(number)
    places = _decimal_places(fraction.denominator)
    if places is None:
        return f"{fraction.numerator}/{fraction.denominator}"
    digits = str(abs(fraction.numerator) * 10**places // fraction.denominator)
    sign = "-" if fraction < 0 else ""
    if not places:
        return sign + digits
    digits = digits.zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimal places 1/denominator needs, or None where no number is enough."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def visible(text: str) -> str:
    r"""Return the text with escapes in place of what can not be seen or turns it around.

    >>> print(visible("a\u202eb"), visible("成员"))
    a\u202eb 成员
    """
    return text if text.isprintable() else repr(text)[1:-1]


def look_alikes(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of different names that are hard to tell apart.

    Width, case, spaces, dots and Latin letters that were replaced by Cyrillic or Greek ones make
    no difference to the eye. Where several names look the same, each is paired with the first.

    >>> look_alikes(["Studio One", "STUDIO\u3000ONE", "Studio Two"])
    (('Studio One', 'STUDIO\u3000ONE'),)
    """
    first: dict[str, str] = {}
    pairs = []
    for name in dict.fromkeys(names):
        twin = first.setdefault(_as_seen(name), name)
        if twin != name:
            pairs.append((twin, name))
    return tuple(pairs)


def _as_seen(name: str) -> str:
    composed = unicodedata.normalize("NFKC", name).translate(_TWINS).casefold()
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", composed))
