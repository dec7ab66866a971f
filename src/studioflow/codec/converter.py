"""From plain values to attrs classes: nothing is coerced, and all problems come at once.

cattrs decides which hook structures a type; the hooks here are strict and collect problems with
their paths.
"""

from __future__ import annotations

import functools
import operator
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

import attrs
from cattrs import Converter
from cattrs.dispatch import StructureHook

from studioflow.codec.problems import (
    DUPLICATE_KEY,
    MISSING_KEY,
    TYPE_NAMES,
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
)
from studioflow.codec.scalars import EMPTY_TEXT, checked_text, exact_number
from studioflow.errors import InputError, Problem, nearest, wrong

__all__ = ["OneOrMore", "class_hook_factory", "equip", "strict_converter"]

K = TypeVar("K", bound=Converter)

OneOrMore = typing.NewType("OneOrMore", tuple[str, ...])
"""A word, or a list of words, which is what it is loaded as."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def strict_converter() -> Converter:
    """Make a converter that never coerces and knows attrs classes, tuples, mappings, options.

    The word `"none"` is None wherever a value is optional: TOML has no other way to say it.
    """
    return equip(Converter())


def equip(converter: K) -> K:
    """Teach a converter the strict hooks, and return it."""
    for kind, hook in _STRICT.items():
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(lambda cls: cls is OneOrMore, _one_or_more(converter))
    converter.register_structure_hook_factory(attrs.has, class_hook_factory(converter))
    converter.register_structure_hook_factory(_is(tuple), _tuple_hook_factory(converter))
    converter.register_structure_hook_factory(_is(frozenset), _set_hook_factory(converter))
    converter.register_structure_hook_factory(_is(Mapping), _mapping_hook_factory(converter))
    converter.register_structure_hook_factory(_is_optional, _optional_hook_factory(converter))
    converter.register_structure_hook_factory(_is(typing.Literal), _literal_hook_factory)
    return converter


def _is(kind: object) -> Callable[[object], bool]:
    origin = typing.get_origin(kind) or kind
    return lambda cls: typing.get_origin(cls) is origin


def _wrong_type(kind: object, got: object) -> InputError:
    return wrong(WRONG_TYPE, got, type=TYPE_NAMES[kind])


def _structure_int(value: object, _: object) -> int:
    if type(value) is not int:
        raise _wrong_type(int, value)
    exact_number(value)
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
    return exact_number(value)


def _structure_date(value: object, _: object) -> date:
    if type(value) is date:  # a datetime is a date, too, and has more to say than a day
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):  # JSON has no dates
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _wrong_type(date, value)


_STRICT: Mapping[type, StructureHook] = {
    int: _structure_int,
    bool: _structure_bool,
    str: _structure_str,
    Fraction: _structure_fraction,
    date: _structure_date,
}


def _one_or_more(converter: Converter) -> StructureHook:
    def hook(value: object, _: object) -> tuple[str, ...]:
        if isinstance(value, str):
            return (converter.structure(value, str),)
        return converter.structure(value, tuple[str, ...])

    return hook


def class_hook_factory(converter: Converter) -> Callable[[type], StructureHook]:
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
                    try:
                        arguments[rest.alias] = converter.structure(unclaimed, rest.type)
                    except InputError as error:
                        raise InputError(_with_keys(error.problems, unclaimed, fields)) from None
            collector.finish()
            return cls(**arguments)

        return hook

    return factory


def _with_keys(
    problems: Iterable[Problem], unclaimed: Mapping[str, Any], fields: Iterable[str]
) -> Iterator[Problem]:
    """Yield the problems; where a key is unknown to all, those of the entry are named, too."""
    for problem in problems:
        known = problem.parameters.get("known")
        of_entry = problem.code == UNKNOWN_KEY.code and problem.path in unclaimed
        if not of_entry or not isinstance(known, list):
            yield problem
            continue
        every = sorted({*known, *fields})
        near = nearest(problem.path, every)
        yield attrs.evolve(problem, parameters={**problem.parameters, "known": every}, nearest=near)


def _tuple_hook_factory(converter: Converter) -> Callable[[object], StructureHook]:
    def factory(cls: object) -> StructureHook:
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


def _set_hook_factory(converter: Converter) -> Callable[[object], StructureHook]:
    """Make hooks for sets, which are lists in a document."""

    def factory(cls: object) -> StructureHook:
        (item_type,) = typing.get_args(cls)
        items = tuple[item_type, ...]  # type: ignore[valid-type]
        return lambda value, _: frozenset(converter.structure(value, items))

    return factory


def _mapping_hook_factory(converter: Converter) -> Callable[[object], StructureHook]:
    def factory(cls: object) -> StructureHook:
        (_, item_type) = typing.get_args(cls)

        def hook(value: object, _: object) -> dict[str, object]:
            if not isinstance(value, Mapping):
                raise _wrong_type(dict, value)
            collector = Collector()
            items: dict[str, object] = {}
            for key, item in value.items():
                with collector.under(key):
                    name = _structure_str(key, str)
                    if name in items:  # two spellings of what is the same in NFC
                        raise wrong(DUPLICATE_KEY, key)
                    items[name] = converter.structure(item, item_type)
            collector.finish()
            return items

        return hook

    return factory


def _is_optional(cls: object) -> bool:
    unions = {typing.Union, types.UnionType}
    return typing.get_origin(cls) in unions and type(None) in typing.get_args(cls)


def _optional_hook_factory(converter: Converter) -> Callable[[object], StructureHook]:
    def factory(cls: object) -> StructureHook:
        parts = [part for part in typing.get_args(cls) if part is not type(None)]
        inner = functools.reduce(operator.or_, parts)
        return lambda value, _: (
            None if value is None or value == "none" else converter.structure(value, inner)
        )

    return factory


def _literal_hook_factory(cls: object) -> StructureHook:
    words = typing.get_args(cls)

    def hook(value: object, _: object) -> object:
        if not isinstance(value, str) or value not in words:
            raise wrong(UNKNOWN_NAME, value, known=words)
        return value

    return hook
