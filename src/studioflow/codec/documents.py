"""From the bytes of a TOML or JSON file to plain values: bounded, exact, every problem at its path.

The parsers are Python's own. What they would do unboundedly is checked before they run; what they
do silently (a second key that wins, infinity, a number that they round) is checked after.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from studioflow.codec.problems import DUPLICATE_KEY, TYPE_NAMES, WRONG_TYPE, Collector
from studioflow.codec.scalars import (
    MAX_DIGITS,
    NOT_FINITE,
    TOO_MANY_DIGITS,
    checked_text,
    exact_number,
)
from studioflow.errors import InputError, wrong
from studioflow.text import Message, Text, message, visible

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "NOT_READABLE",
    "NOT_UTF8",
    "SYNTAX",
    "TOO_DEEP",
    "TOO_LARGE",
    "parse",
    "read",
]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40

NOT_READABLE = message("not_readable", zh="一个可读取的文件", en="a file that can be read")
NOT_UTF8 = message("not_utf8", zh="UTF-8 编码的文本", en="text in UTF-8")
SYNTAX = message("syntax", zh="正确的 {format} 文件", en="well-formed {format}")
TOO_LARGE = message("too_large", zh="不超过 {limit} 字节", en="at most {limit} bytes")
TOO_DEEP = message("too_deep", zh="嵌套不超过 {limit} 层", en="at most {limit} levels of nesting")

_SAVE_AS_UTF8 = Text(
    "文件似乎是 {encoding} 编码，请另存为 UTF-8", "it looks like {encoding}: save it as UTF-8"
)
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BRACKET = re.compile(r"[\[\]{}]")
# Text and comments, as the formats delimit them: what stands inside is no bracket and no key. What
# is never closed is taken to its end, so that every character is looked at once, whatever the file.
_TOML_TEXT = re.compile(
    r"""\"{3}(?:\\.|[^\\])*?(?:\"{3,5}|\Z)|'{3}.*?(?:'{3,5}|\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
# A dotted key, once its quoted parts are empty. Possessive: every character is looked at once.
_KEY = re.compile(r"""(?:[\w-]++|"")(?:[ \t]*+\.[ \t]*+(?:[\w-]++|""))*+""", re.ASCII)
# From so many digits on Python converts no number, and tomllib has no hook to do it for it.
_LONG_NUMBER = re.compile(r"[0-9](?:_?[0-9]){4000,}")


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands, keys that occur twice included."""


class _Refused(NamedTuple):
    """Stands in for a number until its path is known."""

    expects: Message
    got: str


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Read and parse a TOML file, or a JSON file where its name ends in `.json`.

    Raises:
        InputError: if it can not be read; and see `parse`.
    """
    name = visible(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise wrong(NOT_READABLE, f"{name}: {error.strerror}") from error
    except ValueError as error:  # a null byte in the path
        raise wrong(NOT_READABLE, f"{name}: {error}") from error
    try:
        return parse(data, json_document=path.suffix.lower() == ".json", max_bytes=max_bytes)
    except InputError as error:
        raise InputError(problem.in_file(name) for problem in error.problems) from None


def parse(
    data: bytes, *, json_document: bool = False, max_bytes: int = MAX_BYTES
) -> dict[str, Any]:
    r"""Parse a TOML or JSON document to plain values; decimals stay exact, text becomes NFC.

    >>> parse(b"mark = 7.5")
    {'mark': Decimal('7.5')}

    Raises:
        InputError: too large or deep, not UTF-8, malformed, duplicate keys, a number that is not
            finite or has too many digits, characters that can not be seen, a document that is not
            a table.
    """
    if len(data) > max_bytes:
        raise wrong(TOO_LARGE, f"{len(data)}", limit=max_bytes)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte {error.start}: {data[error.start]:#x}"
        encoding = _likely_encoding(data)
        hint = _SAVE_AS_UTF8 if encoding else None
        raise wrong(NOT_UTF8, got, hint=hint, encoding=encoding) from error
    _check_nesting(text, json_document=json_document)
    document = _checked(_from_json(text) if json_document else _from_toml(text), 0)
    if not isinstance(document, dict):
        raise wrong(WRONG_TYPE, document, type=TYPE_NAMES[dict])
    return document


def _likely_encoding(data: bytes) -> str | None:
    """Return the name of what text editors of Chinese systems save in, if it is that."""
    if data.startswith(_BYTE_ORDER_MARKS):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GBK/GB18030"


def _check_nesting(text: str, *, json_document: bool) -> None:
    """Refuse deep nesting before a parser sees it.

    The parsers recurse over brackets, and tomllib's time grows with the cube of a dotted key.
    """
    bare = (_JSON_TEXT if json_document else _TOML_TEXT).sub(_emptied, text)
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        depth = depth + 1 if bracket.group() in "[{" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            raise wrong(TOO_DEEP, _line(bare, bracket.start()), limit=MAX_DEPTH)
    for key in () if json_document else _KEY.finditer(bare):
        if key.group().count(".") >= MAX_DEPTH:
            raise wrong(TOO_DEEP, _line(bare, key.start()), limit=MAX_DEPTH)


def _emptied(text: re.Match[str]) -> str:
    """Return empty text with as many line breaks, so that lines keep their numbers."""
    return '""' + "\n" * text.group().count("\n")


def _line(text: str, position: int) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}"


def _from_json(text: str) -> object:
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=lambda word: _Refused(NOT_FINITE, word),
            object_pairs_hook=_Pairs,
        )
    except RecursionError as error:
        raise wrong(TOO_DEEP, limit=MAX_DEPTH) from error
    except json.JSONDecodeError as error:
        raise wrong(SYNTAX, str(error), format="JSON") from error


_WIDE = re.compile(r"""[=\[{,]\s*[“”‘’＂＇]""")
_WIDE_QUOTES = Text(
    '文字用半角引号 "…"，不用中文引号', 'text stands in straight quotes, "…", not in “…”'
)


def _from_toml(text: str) -> object:
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except RecursionError as error:
        raise wrong(TOO_DEEP, limit=MAX_DEPTH) from error
    except tomllib.TOMLDecodeError as error:
        hint = _WIDE_QUOTES if _WIDE.search(text) else None
        raise wrong(SYNTAX, str(error), hint=hint, format="TOML") from error
    except ValueError as error:  # Python's limit on the digits of a whole number
        found = _LONG_NUMBER.search(text)
        place = _line(text, found.start()) if found else str(error)
        raise wrong(TOO_MANY_DIGITS, place, limit=MAX_DIGITS) from error


def _integer(text: str) -> int | _Refused:
    return _Refused(TOO_MANY_DIGITS, text) if len(text) > MAX_DIGITS + 1 else int(text)


def _decimal(text: str) -> Decimal | _Refused:
    try:
        return Decimal(text)  # not rounded, whatever the context; its size is checked later
    except InvalidOperation:
        return _Refused(TOO_MANY_DIGITS, text)


def _checked(value: object, depth: int) -> object:
    """Return the value in plain types, with the problems that the parsers let through at a path.

    Raises:
        InputError: with every problem.
    """
    if depth > MAX_DEPTH:
        raise wrong(TOO_DEEP, limit=MAX_DEPTH)
    match value:
        case str():
            return checked_text(value)
        case _Refused(expects, got):
            raise wrong(expects, got, limit=MAX_DIGITS)
        case bool():
            return value
        case int() if abs(value) < 10**MAX_DIGITS:  # nearly all of them
            return value
        case int() | Decimal():
            exact_number(value)
            return value
        case dict():
            return _checked_table(value.items(), depth)
        case _Pairs():
            return _checked_table(value, depth)
        case list():
            return _checked_list(value, depth)
        case _:  # null, and TOML's dates and times
            return value


def _checked_table(pairs: Iterable[tuple[str, object]], depth: int) -> dict[str, object]:
    collector = Collector()
    table: dict[str, object] = {}
    for key, item in pairs:
        with collector.under(key):
            # Compared in NFC: what looks the same and is spelt differently is the same key.
            name = checked_text(key)
            if name in table:
                raise wrong(DUPLICATE_KEY, key)
            table[name] = None
            table[name] = _checked(item, depth + 1)
    collector.finish()
    return table


def _checked_list(values: list[object], depth: int) -> list[object]:
    collector = Collector()
    items = []
    for position, item in enumerate(values):
        with collector.under(position):
            items.append(_checked(item, depth + 1))
    collector.finish()
    return items
