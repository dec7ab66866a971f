"""Kinds of rule that plugins bring: whether a policy file can say one, and the library read it."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any, Literal, get_args, get_origin, get_type_hints

from attrs import fields

from studioflow.codec import Collector, OneOrMore, wrong
from studioflow.host.answers import check_word
from studioflow.host.objects import check_runs, copied
from studioflow.policy.typed_records import NOT_AN_ATTRS_CLASS, UNRESOLVED_TYPES, is_attrs_class
from studioflow.rules import (
    Condition,
    Fact,
    PythonScoring,
    Quantity,
    RuleKind,
    Scoring,
    SiteItem,
    Tally,
)
from studioflow.rules.brought import BUILT_IN, Standing, standings
from studioflow.rules.prices import Prices
from studioflow.rules.results import Result
from studioflow.text import message

__all__ = ["checked_rule_kind"]

NOT_A_RULE_KIND = message("not_a_rule_kind", zh="studioflow.RuleKind", en="a studioflow.RuleKind")
RULE_KIND_TAKEN = message(
    "rule_kind_taken",
    zh="不同于内置规则种类的 id",
    en="an id that is not that of a kind of the library's own",
)
NOT_A_RULE_CLASS = message(
    "not_a_rule_class",
    zh="Scoring 或 PythonScoring 的子类，或者有 number() 或 truth() 之一的类",
    en="a subclass of Scoring or PythonScoring, or a class with one of number() and truth()",
)
RULE_CLASS_LACKS = message("rule_class_lacks", zh="有 {name} 的类", en="a class that says {name}")
RULE_METHOD_FORM = message(
    "rule_method_form",
    zh="参数为 ({arguments}) 的方法",
    en="a method with the arguments ({arguments})",
)
RULE_FIELD_TYPE = message(
    "rule_field_type",
    zh="政策文件能给出的类型（Quantity、Fraction、tuple[…, ...] 等，见 docs/hooks.md）",
    en="a type that a policy file can give (Quantity, Fraction, tuple[…, ...]; see docs/hooks.md)",
)
RULE_FIELD_KEY = message(
    "rule_field_key",
    zh="不同于 kind 和 label 的键：它们属于每条规则",
    en="another key than kind and label, which every rule has",
)

_METHODS: Mapping[Standing, tuple[str, ...]] = {
    "scoring": ("points", "floor"),
    "quantity": ("number", "wording"),
    "condition": ("truth", "wording"),
}
_OPTIONAL: Mapping[Standing, tuple[str, ...]] = {
    "scoring": (),
    "quantity": ("unit", "defined"),
    "condition": ("defined",),
}
_PLAIN = (int, bool, str, Fraction, date, OneOrMore)
_NAMED = (Condition, Fact, Prices, Quantity, Result, Scoring, SiteItem)
_EITHER = (Fraction | Literal["band"], Quantity | Tally)
"""What `teach_rules` teaches beside plain values; every kind of the library uses no more."""


def checked_rule_kind(item: object, origin: str) -> RuleKind:
    """Return a copy of a rule kind that knows where it came from.

    Raises:
        InputError: for anything that is no rule kind, and for one of the wrong parts: a class that
            no table can be built as, or that does not say what a rule says.
    """
    return copied(
        item,
        origin,
        cls=RuleKind,
        expects=NOT_A_RULE_KIND,
        checks={"id": _check_id, "cls": check_rule_class},
    )


def _check_id(value: str) -> None:
    check_word(value)
    if any(value in kinds for kinds in BUILT_IN.values()):
        raise wrong(RULE_KIND_TAKEN, value)


def check_rule_class(cls: object) -> None:
    """Check that a class can stand for a kind of rule.

    Raises:
        InputError: with everything for which it can not, under its field or method.
    """
    if not is_attrs_class(cls):
        raise wrong(NOT_AN_ATTRS_CLASS, cls)
    collector = Collector()
    with collector.under():
        _check_methods(cls)
    with collector.under():
        _check_fields(cls)
    collector.finish()


def _check_methods(cls: type) -> None:
    stands_as = standings(cls)
    if len(stands_as) != 1:
        raise wrong(NOT_A_RULE_CLASS, cls)
    of_python = issubclass(cls, PythonScoring)
    wanted = ("compute", "inputs", "floor") if of_python else _METHODS[stands_as[0]]
    also = [name for name in _OPTIONAL[stands_as[0]] if hasattr(cls, name)]
    lacks = {name for name in wanted if getattr(cls, name, None) is None}
    lacks.update(getattr(cls, "__abstractmethods__", ()))
    if "points" in wanted and getattr(cls, "points", None) is Scoring.points:
        lacks.add("points")
    collector = Collector()
    for name in sorted({*wanted, *also, *lacks}):
        with collector.under(name):
            if name in lacks:
                raise wrong(RULE_CLASS_LACKS, cls, name=name)
            _check_method(cls, name, *(("values",) if name == "compute" else ()))
    collector.finish()


def _check_method(cls: type, name: str, *arguments: str) -> None:
    """Check that a method can be called as it will be, and then does what it says."""
    method: Any = getattr(cls, name)
    check_runs(method)
    try:
        inspect.signature(method).bind(cls, *arguments)
    except (TypeError, ValueError) as error:  # some that are built in have no signature
        wanted = ", ".join(("self", *arguments))
        raise wrong(RULE_METHOD_FORM, str(error), arguments=wanted) from None


def _check_fields(cls: type[Any]) -> None:
    hints = _hints(cls)
    collector = Collector()
    for each in fields(cls):
        key = each.metadata.get("key", each.name)
        with collector.under(each.name):
            if each.init and key in {"kind", "label"} and not each.metadata.get("rest"):
                raise wrong(RULE_FIELD_KEY, key)
        with collector.under(each.name):
            if each.init and not _can_be_given(hints.get(each.name), frozenset({cls})):
                raise wrong(RULE_FIELD_TYPE, _named(hints.get(each.name)))
    collector.finish()


def _hints(cls: type) -> Mapping[str, object]:
    try:
        return get_type_hints(cls)
    except Exception as error:  # noqa: BLE001 - an annotation is any expression, evaluated now
        raise wrong(UNRESOLVED_TYPES, f"{type(error).__name__}: {error}") from None


def _can_be_given(kind: Any, inside: frozenset[type]) -> bool:  # noqa: ANN401 - a type has no type of its own
    """Return whether the strict converter builds values of a type, without changing any."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in (*_PLAIN, *_NAMED, *_EITHER):
        return True
    if origin is Literal:
        return all(isinstance(word, str) for word in arguments)
    if origin is tuple:
        return arguments[1:] == (...,) and _can_be_given(arguments[0], inside)
    if origin is Mapping:
        return arguments[:1] == (str,) and _can_be_given(arguments[1], inside)
    if origin in {typing.Union, types.UnionType}:
        rest = [part for part in arguments if part is not types.NoneType]
        return len(rest) < len(arguments) and _can_be_given(reduce(or_, rest), inside)
    if not is_attrs_class(kind):
        return False
    # A class that is made of itself is as good as its other fields.
    hints = {} if kind in inside else _hints(kind)
    return all(
        _can_be_given(hints.get(each.name), inside | {kind})
        for each in fields(kind)
        if each.init and kind not in inside
    )


def _named(kind: object) -> str:
    return kind.__name__ if type(kind) is type else str(kind)
