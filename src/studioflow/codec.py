"""Strict loading for every document: no coercion, bounded, and all problems at once.

cattrs decides which hook structures a type; the hooks here are strict and collect problems with
their paths. Bytes become plain values by `parse`, plain values become attrs classes by a
converter from `strict_converter`.
"""

from __future__ import annotations

import functools
import json
import operator
import tomllib
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import attrs
from cattrs import Converter
from cattrs.dispatch import StructureHook

from studioflow.errors import InputError, Problem, nearest, shown
from studioflow.text import Message, Text, message

__all__ = [
    "Collector",
    "OneOrMore",
    "checked_text",
    "equip",
    "is_identifier",
    "parse",
    "read",
    "strict_converter",
    "wrong",
]

K = TypeVar("K", bound=Converter)

OneOrMore = typing.NewType("OneOrMore", tuple[str, ...])
"""A word, or a list of words, which is what it is loaded as."""

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
MAX_DIGITS = 15
"""A number has at most so many digits on either side of the point, so that it fits 64 bits."""

NOT_READABLE = message("not_readable", zh="一个可读取的文件", en="a file that can be read")
NOT_UTF8 = message("not_utf8", zh="UTF-8 编码的文本", en="text in UTF-8")
SYNTAX = message("syntax", zh="正确的 {format} 文件", en="well-formed {format}")
TOO_LARGE = message("too_large", zh="不超过 {limit} 字节", en="at most {limit} bytes")
TOO_DEEP = message("too_deep", zh="嵌套不超过 {limit} 层", en="at most {limit} levels of nesting")
NOT_FINITE = message("not_finite", zh="有限的数", en="a finite number")
TOO_MANY_DIGITS = message(
    "too_many_digits",
    zh="小数点两侧各不超过 {limit} 位的数",
    en="a number of at most {limit} digits on either side of the point",
)
DUPLICATE_KEY = message("duplicate_key", zh="每个键只出现一次", en="every key once")
UNKNOWN_KEY = message("unknown_key", zh="以下之一：{known}", en="one of: {known}")
MISSING_KEY = message("missing_key", zh="键 {key}", en="the key {key}")
WRONG_TYPE = message("wrong_type", zh="{type}", en="{type}")
UNKNOWN_NAME = message("unknown_name", zh="以下之一：{known}", en="one of: {known}")
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

_TYPE_NAMES: Mapping[object, Text] = {
    int: Text("整数", "a whole number"),
    bool: Text("true 或 false", "true or false"),
    str: Text("文字", "text"),
    Fraction: Text("数", "a number"),
    date: Text("日期（如 2023-03-31）", "a date such as 2023-03-31"),
    tuple: Text("列表", "a list"),
    dict: Text("表", "a table"),
}


def wrong(
    expects: Message,
    got: object = "",
    *,
    known: typing.Iterable[str] = (),
    hint: Text | None = None,
    **parameters: object,
) -> InputError:
    """Return an error with one problem; `known` are the names that would have been right."""
    names = sorted(known)
    if names:
        parameters["known"] = names
    close = nearest(got, names) if isinstance(got, str) and names else None
    problem = Problem(expects, got=shown(got), parameters=parameters, nearest=close, hint=hint)
    return InputError([problem])


class Collector:
    """Gathers the problems of several parts, each under its key, to raise them together.

    >>> collector = Collector()
    >>> with collector.under("members"):
    ...     raise wrong(WRONG_TYPE, "seven", type="a whole number")
    >>> [problem.path for problem in collector.problems]
    ['members']
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._keys: list[tuple[object, ...]] = []

    def under(self, *keys: object) -> Collector:
        """Catch what is raised in the block, with its path lengthened by `keys`."""
        self._keys.append(keys)
        return self

    def __enter__(self) -> None:
        """Start a block of `under`."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Keep the problems of an `InputError`; let everything else through."""
        keys = self._keys.pop()
        if not isinstance(error, InputError):
            return False
        self.problems.extend(problem.under(*keys) for problem in error.problems)
        return True

    def finish(self) -> None:
        """Raise what was gathered, if anything was.

        Raises:
            InputError: with every problem gathered.
        """
        if self.problems:
            raise InputError(self.problems)


# --- bytes to plain values ------------------------------------------------------------------


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Read and parse a TOML or JSON file; see `parse`."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise wrong(NOT_READABLE, f"{path.name}: {error.strerror}") from error
    try:
        return parse(data, json_document=path.suffix.lower() == ".json", max_bytes=max_bytes)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


def parse(
    data: bytes, *, json_document: bool = False, max_bytes: int = MAX_BYTES
) -> dict[str, Any]:
    r"""Parse a TOML or JSON document to plain values; decimals stay exact.

    >>> parse(b"mark = 7.5")
    {'mark': Decimal('7.5')}

    Raises:
        InputError: too large or deep, not UTF-8, malformed, duplicate keys, a number that is not
            finite or has too many digits, a document that is not a table.
    """
    if len(data) > max_bytes:
        raise wrong(TOO_LARGE, f"{len(data)}", limit=max_bytes)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(NOT_UTF8, f"byte {error.start}: {data[error.start]:#x}") from error
    _check_depth(text)
    name = "JSON" if json_document else "TOML"
    try:
        document = (
            json.loads(
                text,
                parse_float=_decimal,
                parse_int=_integer,
                parse_constant=_refuse_constant,
                object_pairs_hook=_unique_keys,
            )
            if json_document
            else tomllib.loads(text, parse_float=_decimal)
        )
    except InputError:
        raise
    except RecursionError as error:
        raise wrong(TOO_DEEP, "", limit=MAX_DEPTH) from error
    except ValueError as error:  # both parsers' own errors, and Python's limit on digits
        raise wrong(SYNTAX, str(error), format=name) from error
    if not isinstance(document, dict):
        raise wrong(WRONG_TYPE, document, type=_TYPE_NAMES[dict])
    _check_values(document)
    return document


def _check_depth(text: str) -> None:
    """Refuse deep nesting before a recursive parser sees it.

    Brackets inside strings count too, which only matters for a string of forty of them.
    """
    depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise wrong(TOO_DEEP, "", limit=MAX_DEPTH)
        elif character in "]}":
            depth -= 1


def _check_values(value: object, depth: int = 0) -> None:
    """Check what the parsers let through: whole numbers' size, and depth by dotted keys."""
    if depth > MAX_DEPTH:
        raise wrong(TOO_DEEP, "", limit=MAX_DEPTH)
    collector = Collector()
    if isinstance(value, dict):
        for key, item in value.items():
            with collector.under(key):
                checked_text(key)
                _check_values(item, depth + 1)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            with collector.under(position):
                _check_values(item, depth + 1)
    elif isinstance(value, str):
        checked_text(value)
    elif isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise wrong(TOO_MANY_DIGITS, f"{len(str(abs(value)))} digits", limit=MAX_DIGITS)
    collector.finish()


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise wrong(TOO_MANY_DIGITS, text, limit=MAX_DIGITS)
    return int(text)


def _decimal(text: str) -> Decimal:
    """Return an exact decimal; its size is checked before anything is computed with it."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise wrong(TOO_MANY_DIGITS, text, limit=MAX_DIGITS) from error
    if not number.is_finite():
        raise wrong(NOT_FINITE, text)
    _, digits, exponent = number.as_tuple()
    places = int(exponent)
    if len(digits) > 2 * MAX_DIGITS or abs(places) > MAX_DIGITS or number.adjusted() >= MAX_DIGITS:
        raise wrong(TOO_MANY_DIGITS, text, limit=MAX_DIGITS)
    return number


def _refuse_constant(text: str) -> typing.NoReturn:
    raise wrong(NOT_FINITE, text)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    collector = Collector()
    for key, value in pairs:
        with collector.under(key):
            if key in table:
                raise wrong(DUPLICATE_KEY, key)
        table[key] = value
    collector.finish()
    return table


# --- text -----------------------------------------------------------------------------------


def checked_text(value: str) -> str:
    """Return the text in NFC, without characters that can not be seen or that turn it around.

    Line breaks and tabs are kept, and so are rare Han characters.

    Raises:
        InputError: for a character of the categories Cc, Cf, Cs or Cn.
    """
    for character in value:
        if character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn"}:
            raise wrong(BAD_CHARACTER, value, character=f"U+{ord(character):04X}")
    return unicodedata.normalize("NFC", value)


def is_identifier(name: str) -> bool:
    """Return whether a name is of lower-case ASCII letters, digits and underscores."""
    return name.isascii() and name.isidentifier() and name == name.lower()


# --- plain values to attrs classes ----------------------------------------------------------


def strict_converter() -> Converter:
    """Make a converter that never coerces and knows attrs classes, tuples, mappings, options.

    The word `"none"` is None wherever a value is optional: TOML has no other way to say it.
    """
    return equip(Converter())


def equip(converter: K) -> K:
    """Teach a converter the strict hooks, and return it."""
    for kind in (int, bool, str, Fraction, date):
        converter.register_structure_hook(kind, _STRICT[kind])
    converter.register_structure_hook_func(lambda cls: cls is OneOrMore, _one_or_more(converter))
    converter.register_structure_hook_factory(attrs.has, _class_hook_factory(converter))
    converter.register_structure_hook_factory(_is(tuple), _tuple_hook_factory(converter))
    converter.register_structure_hook_factory(_is(Mapping), _mapping_hook_factory(converter))
    converter.register_structure_hook_factory(_is_optional, _optional_hook_factory(converter))
    converter.register_structure_hook_factory(_is(typing.Literal), _literal_hook_factory)
    return converter


def _is(kind: object) -> Callable[[Any], bool]:
    origin = typing.get_origin(kind) or kind
    return lambda cls: typing.get_origin(cls) is origin


def _wrong_type(kind: object, got: object) -> InputError:
    return wrong(WRONG_TYPE, got, type=_TYPE_NAMES[kind])


def _structure_int(value: object, _: object) -> int:
    if type(value) is not int:
        raise _wrong_type(int, value)
    return value


def _structure_bool(value: object, _: object) -> bool:
    if type(value) is not bool:
        raise _wrong_type(bool, value)
    return value


def _structure_str(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise _wrong_type(str, value)
    if not value.strip():
        raise wrong(EMPTY_TEXT, value)
    return checked_text(value)


def _structure_fraction(value: object, _: object) -> Fraction:
    """Accept what is exact; a float is refused where it comes from Python."""
    if type(value) is int or isinstance(value, Fraction):
        return Fraction(value)
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    raise _wrong_type(Fraction, value)


def _structure_date(value: object, _: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):  # JSON has no dates
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime):
        raise _wrong_type(date, value)
    raise _wrong_type(date, value)


_STRICT: Mapping[type, StructureHook] = {
    int: _structure_int,
    bool: _structure_bool,
    str: _structure_str,
    Fraction: _structure_fraction,
    date: _structure_date,
}


def _one_or_more(converter: Converter) -> StructureHook:
    return lambda value, _: converter.structure(
        [value] if isinstance(value, str) else value, tuple[str, ...]
    )


def _class_hook_factory(converter: Converter) -> Callable[[type], StructureHook]:
    """Make hooks for attrs classes, with metadata for a field's key.

    `key` is the field's key in the document where it differs from its name. A field with `rest`
    takes all keys that belong to no other field: that is how a rule stands inline in its item.
    """

    def factory(cls: type) -> StructureHook:
        attrs.resolve_types(cls)
        init = [field for field in attrs.fields(cls) if field.init]
        rest = next((field for field in init if field.metadata.get("rest")), None)
        fields = {f.metadata.get("key", f.name): f for f in init if f is not rest}
        required = {key for key, field in fields.items() if field.default is attrs.NOTHING}

        def hook(value: object, _: object) -> object:
            if not isinstance(value, Mapping):
                raise _wrong_type(dict, value)
            collector = Collector()
            arguments: dict[str, Any] = {}
            unclaimed: dict[str, Any] = {}
            for key, item in value.items():
                with collector.under(key):
                    if key in fields:
                        field = fields[key]
                        arguments[field.alias] = converter.structure(item, field.type)
                    elif rest is None:
                        raise wrong(UNKNOWN_KEY, key, known=fields)
                    else:
                        unclaimed[key] = item
            for key in sorted(required - value.keys()):
                with collector.under():
                    raise wrong(MISSING_KEY, sorted(map(str, value)), key=key)
            if rest is not None:
                with collector.under():
                    arguments[rest.alias] = converter.structure(unclaimed, rest.type)
            collector.finish()
            return cls(**arguments)

        return hook

    return factory


def _tuple_hook_factory(converter: Converter) -> Callable[[Any], StructureHook]:
    def factory(cls: Any) -> StructureHook:
        (item_type, _) = typing.get_args(cls)

        def hook(value: object, _: object) -> tuple[object, ...]:
            if not isinstance(value, list | tuple):
                raise _wrong_type(tuple, value)
            collector = Collector()
            items = []
            for position, item in enumerate(value):
                with collector.under(position):
                    items.append(converter.structure(item, item_type))
            collector.finish()
            return tuple(items)

        return hook

    return factory


def _mapping_hook_factory(converter: Converter) -> Callable[[Any], StructureHook]:
    def factory(cls: Any) -> StructureHook:
        (_, item_type) = typing.get_args(cls)

        def hook(value: object, _: object) -> dict[str, object]:
            if not isinstance(value, Mapping):
                raise _wrong_type(dict, value)
            collector = Collector()
            items: dict[str, object] = {}
            for key, item in value.items():
                with collector.under(key):
                    items[_structure_str(key, str)] = converter.structure(item, item_type)
            collector.finish()
            return items

        return hook

    return factory


def _is_optional(cls: Any) -> bool:
    return typing.get_origin(cls) in {typing.Union, types.UnionType} and type(
        None
    ) in typing.get_args(cls)


def _optional_hook_factory(converter: Converter) -> Callable[[Any], StructureHook]:
    def factory(cls: Any) -> StructureHook:
        parts = [part for part in typing.get_args(cls) if part is not type(None)]
        inner = functools.reduce(operator.or_, parts)
        return lambda value, _: (
            None if value is None or value == "none" else converter.structure(value, inner)
        )

    return factory


def _literal_hook_factory(cls: Any) -> StructureHook:
    words = typing.get_args(cls)

    def hook(value: object, _: object) -> object:
        if value not in words or isinstance(value, bool):
            raise wrong(UNKNOWN_NAME, value, known=words)
        return value

    return hook
