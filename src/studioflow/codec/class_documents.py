"""attrs classes as plain documents, and back: exactly, and as small as their defaults allow."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

import attrs
from cattrs import Converter

from studioflow.codec.converter import class_hook_factory, strict_converter
from studioflow.codec.plain_values import Readers, Writer, from_plain, to_plain
from studioflow.codec.problems import TYPE_NAMES, WRONG_TYPE, Collector
from studioflow.errors import wrong
from studioflow.text import Text

__all__ = ["ClassDocuments"]

T = TypeVar("T")
_PLAIN = (str, int, bool, type(None))
_UNIONS = (typing.Union, types.UnionType)
# Exact to any size that arithmetic of points comes to, and no more.
_RATIO = re.compile(r"(-?[0-9]{1,100})(?:/([1-9][0-9]{0,99}))?")
Encode = Callable[[Any], Any]


class ClassDocuments:
    """Writes and reads values of attrs classes by the types of their fields.

    A field that has its default is left out. What a type does not say, as `object`, is written by
    `to_plain`.

    Args:
        other: writes values that `to_plain` does not know; `others` reads them by their tags.
        lenient: whether keys that a class does not have are left aside, at any depth.
    """

    def __init__(
        self,
        other: Writer | None = None,
        others: Readers | None = None,
        *,
        lenient: bool = False,
    ) -> None:
        self._other = other
        self._others = others or {}
        self._lenient = lenient
        self._encode: Callable[[Any], Encode] = cache(self._encoder)
        self._converter = self._taught(strict_converter())

    def write(self, value: object) -> Any:  # noqa: ANN401 - a plain document
        """Return a value of an attrs class as a plain document."""
        return self._encode(type(value))(value)

    def read(self, document: object, kind: type[T]) -> T:
        """Return the value of a class that a plain document says.

        Raises:
            InputError: with everything in it that the class does not have, and every wrong type.
        """
        return self._converter.structure(document, kind)

    # Writing.

    def _encoder(self, kind: Any) -> Encode:  # noqa: ANN401 - any annotation
        if kind in _PLAIN or typing.get_origin(kind) is typing.Literal:
            return _same
        if kind is Fraction:
            return _ratio
        if kind in (date, datetime):
            return _iso
        if kind is Text:
            return _both
        if attrs.has(kind):
            return self._of_class(kind)
        arguments = typing.get_args(kind)
        match typing.get_origin(kind):
            case origin if origin in _UNIONS and type(None) in arguments:
                rest = [each for each in arguments if each is not type(None)]
                return self._optional(self._encode(rest[0]) if len(rest) == 1 else self._plain)
            case origin if origin is tuple and arguments[-1] is Ellipsis:
                item = self._encode(arguments[0])
                return lambda value: [item(each) for each in value]
            case origin if origin is tuple:
                items = [self._encode(each) for each in arguments]
                return lambda value: [write(each) for write, each in zip(items, value, strict=True)]
            case origin if origin is frozenset:
                return sorted
            case origin if origin is Mapping and arguments[1] is not object:
                item = self._encode(arguments[1])
                return lambda value: {key: item(each) for key, each in value.items()}
        return self._plain

    def _plain(self, value: object) -> Any:  # noqa: ANN401 - a plain document
        return to_plain(value) if self._other is None else to_plain(value, self._other)

    def _optional(self, encode: Encode) -> Encode:
        return lambda value: None if value is None else encode(value)

    def _of_class(self, kind: type) -> Encode:
        attrs.resolve_types(kind)
        parts = [
            (each.name, _default(each), self._encode(each.type))
            for each in attrs.fields(kind)
            if each.init
        ]

        def encode(value: object) -> dict[str, object]:
            made = {}
            for name, default, write in parts:
                part = getattr(value, name)
                if part is not default and part != default:
                    made[name] = write(part)
            return made

        return encode

    # Reading.

    def _taught(self, converter: Converter) -> Converter:
        for kind, hook in _EXACT.items():
            converter.register_structure_hook(kind, hook)
        converter.register_structure_hook_func(_is_open, self._read_plain)
        converter.register_structure_hook_factory(_is_pair, _pair_hook_factory(converter))
        converter.register_structure_hook_factory(_is_mapping, _mapping_hook_factory(converter))
        if self._lenient:
            strict = class_hook_factory(converter)
            converter.register_structure_hook_factory(_is_class, _known_keys(strict))
        return converter

    def _read_plain(self, value: object, kind: object) -> object:
        made = from_plain(value, self._others)
        if typing.get_origin(kind) is Mapping and not isinstance(made, Mapping):
            raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[dict])
        return made


def _is_class(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return attrs.has(kind) and kind is not Text


def _known_keys(
    strict: Callable[[type], Callable[[object, Any], object]],
) -> Callable[[Any], Callable[[object, object], object]]:
    """Return hooks for classes that are told nothing of the keys that they do not have."""

    def factory(kind: Any) -> Callable[[object, object], object]:  # noqa: ANN401 - an attrs class
        hook = strict(kind)
        names = {each.name for each in attrs.fields(kind)}

        def known(value: object, _: object) -> object:
            if isinstance(value, Mapping):
                value = {key: item for key, item in value.items() if key in names}
            return hook(value, kind)

        return known

    return factory


def _same(value: object) -> object:
    return value


def _ratio(value: Fraction) -> str:
    return str(value)


def _iso(value: date) -> str:
    return value.isoformat()


def _both(value: Text) -> list[str]:
    return [value.zh, value.en]


def _default(field: attrs.Attribute[Any]) -> object:
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type] # a class at run time
        return default.factory()  # type: ignore[union-attr]
    return default


def _is_open(kind: object) -> bool:
    """Return whether a type leaves open what a value is."""
    if kind in (object, Any):
        return True
    arguments = typing.get_args(kind)
    is_mapping = typing.get_origin(kind) is Mapping and arguments[1] is object
    rest = [each for each in arguments if each is not type(None)]
    return is_mapping or (typing.get_origin(kind) in _UNIONS and len(rest) > 1)


def _is_pair(kind: object) -> bool:
    return typing.get_origin(kind) is tuple and typing.get_args(kind)[-1] is not Ellipsis


def _pair_hook_factory(converter: Converter) -> Callable[[Any], Callable[[object, object], object]]:
    def factory(kind: Any) -> Callable[[object, object], object]:  # noqa: ANN401 - a type
        parts = typing.get_args(kind)

        def hook(value: object, _: object) -> tuple[object, ...]:
            if not isinstance(value, list) or len(value) != len(parts):
                raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[tuple])
            collector, made = Collector(), []
            for position, (item, part) in enumerate(zip(value, parts, strict=True)):
                with collector.under(position):
                    made.append(converter.structure(item, part))
            collector.finish()
            return tuple(made)

        return hook

    return factory


def _is_mapping(kind: object) -> bool:
    return typing.get_origin(kind) is Mapping and not _is_open(kind)


def _mapping_hook_factory(
    converter: Converter,
) -> Callable[[Any], Callable[[object, object], object]]:
    """Return hooks for mappings whose keys are taken to the letter, as text is."""

    def factory(kind: Any) -> Callable[[object, object], object]:  # noqa: ANN401 - a type
        (_, item_type) = typing.get_args(kind)

        def hook(value: object, _: object) -> dict[str, object]:
            if not isinstance(value, Mapping):
                raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[dict])
            collector, made = Collector(), dict[str, object]()
            for key, item in value.items():
                with collector.under(key):
                    made[_read_text(key, str)] = converter.structure(item, item_type)
            collector.finish()
            return made

        return hook

    return factory


def _read_text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[str])
    return value  # to the letter: it was checked when it came in


def _read_int(value: object, _: object) -> int:
    if type(value) is not int:
        raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[int])
    return value


def _read_ratio(value: object, _: object) -> Fraction:
    found = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[Fraction])
    return Fraction(int(found[1]), int(found[2] or 1))


def _read_time(value: object, _: object) -> datetime:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[date])


def _read_both(value: object, _: object) -> Text:
    match value:
        case [str(zh), str(en)]:
            return Text(zh, en)
    raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[str])


_EXACT: Mapping[type, Callable[[object, object], object]] = {
    str: _read_text,
    int: _read_int,
    Fraction: _read_ratio,
    datetime: _read_time,
    Text: _read_both,
}
