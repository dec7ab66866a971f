"""Classes of a plugin's own for records: an editor then knows the fields of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, Literal, TypeGuard, Union, get_args, get_origin, get_type_hints

import attrs

from studioflow.codec import MISSING_KEY, UNKNOWN_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError
from studioflow.policy.policy import Policy
from studioflow.policy.record_fields import RecordField
from studioflow.policy.records import RecordKind
from studioflow.text import message

__all__ = [
    "NOT_AN_ATTRS_CLASS",
    "RecordClass",
    "check_record_class",
    "check_record_classes",
    "is_attrs_class",
    "kind_of",
]

NOT_AN_ATTRS_CLASS = message("not_an_attrs_class", zh="attrs 类", en="an attrs class")
UNRESOLVED_TYPES = message(
    "unresolved_types",
    zh="运行时可解析的类型注解（不能只在 TYPE_CHECKING 下导入）",
    en="annotations that mean something at run time (no import under TYPE_CHECKING alone)",
)
OTHER_TYPE = message("record_class_type", zh="类型 {type}", en="the type {type}")
SHOWS_PERSONAL = message(
    "record_class_shows",
    zh="不在 repr 中显示的字段（field(repr=False)）：个人信息",
    en="a field that `repr` does not show, field(repr=False): it is personal data",
)
TWO_KINDS = message(
    "record_class_of_two_kinds",
    zh="只代表一种记录的类；现有 {kinds}",
    en="a class that stands for one kind of record; this one stands for {kinds}",
)


@attrs.frozen(kw_only=True)
class RecordClass:
    """An attrs class that stands for one kind of record.

    Attributes:
        kind: the kind's name.
        cls: the class; its fields are held to what the kind declares by `check_record_class`.
        policy: the id of the policy that declares the kind; None for every policy that has it.
        origin: the plugin; the host fills it in.
    """

    kind: str
    cls: type
    policy: str | None = None
    origin: str | None = None

    @property
    def id(self) -> str:
        """How it is listed: `policy/kind`, or the kind alone."""
        return self.kind if self.policy is None else f"{self.policy}/{self.kind}"


def check_record_classes(
    policy: Policy, record_classes: Iterable[RecordClass]
) -> tuple[RecordClass, ...]:
    """Return the classes that stand for a kind of the policy.

    Passed over are those of another policy, and those of every policy where this one has no such
    kind.

    Raises:
        InputError: with everything for which a class does not fit, named with its plugin; a class
            for two kinds is among it, since of its instances nobody could tell the kind.
    """
    kinds = policy.record_kinds
    concerned = [
        each
        for each in record_classes
        if each.policy == policy.id or (each.policy is None and each.kind in kinds)
    ]
    collector = Collector()
    for each in concerned:
        stands_for = {other.kind for other in concerned if other.cls is each.cls}
        with collector.under():
            _check(each, kinds, stands_for)
    collector.finish()
    return tuple(concerned)


def _check(each: RecordClass, kinds: Mapping[str, RecordKind], stands_for: set[str]) -> None:
    """Check one class, and name the plugin in what is wrong with it."""
    collector = Collector()
    with collector.under(each.kind):
        if each.kind not in kinds:
            raise wrong(UNKNOWN_NAME, each.kind, known=kinds)
        check_record_class(kinds[each.kind], each.cls)
    with collector.under(each.kind):
        if len(stands_for) > 1:
            raise wrong(TWO_KINDS, each.cls.__name__, kinds=sorted(stands_for))
    if collector.problems:
        name = each.origin
        raise InputError(p.in_file(name) if name else p for p in collector.problems)


def is_attrs_class(value: object) -> TypeGuard[type[attrs.AttrsInstance]]:
    """Return whether a value is a class, and one of attrs: not an instance, not an alias."""
    return isinstance(value, type) and attrs.has(value)


def check_record_class(kind: RecordKind, cls: type) -> None:
    """Check that a class has the fields that a kind of record declares.

    A field has the declared type; one that is not required has it with `| None`, or is left out of
    the class. A choice may be the `Literal` of its values. What is personal is kept out of `repr`.

    Raises:
        InputError: with every problem, each under the name of its field.
    """
    if not is_attrs_class(cls):
        raise wrong(NOT_AN_ATTRS_CLASS, cls)
    hints = _hints(cls)
    fields: dict[str, attrs.Attribute[object]] = attrs.fields_dict(cls)
    collector = Collector()
    for name, attribute in fields.items():
        with collector.under(name):
            if name not in kind.fields:
                raise wrong(UNKNOWN_KEY, name, known=kind.fields)
            _check_type(kind.fields[name], hints.get(name, attribute.type))
        with collector.under(name):
            if name in kind.fields and kind.fields[name].personal and attribute.repr is True:
                raise wrong(SHOWS_PERSONAL, name)
    for name, declared in kind.fields.items():
        with collector.under():
            if declared.required and name not in fields:
                raise wrong(MISSING_KEY, sorted(fields), key=name)
    collector.finish()


def kind_of(record_classes: Iterable[RecordClass], instance: object) -> str | None:
    """Return the kind of record that an instance is, by its very class; None where none says so.

    Args:
        record_classes: those of one policy, as `check_record_classes` returns them.
        instance: of one of the classes, or anything.
    """
    found = (each.kind for each in record_classes if each.cls is type(instance))
    return next(found, None)


def _hints(cls: type) -> Mapping[str, object]:
    # Not `attrs.resolve_types`, which writes into the class: it belongs to somebody else.
    try:
        return get_type_hints(cls)
    except Exception as error:  # noqa: BLE001 - an annotation is any expression, evaluated now
        raise wrong(UNRESOLVED_TYPES, f"{type(error).__name__}: {error}") from None


def _check_type(declared: RecordField, found: object) -> None:
    kinds = [declared.python_type]
    if declared.type == "choice":
        kinds.append(Literal[tuple(declared.values)])
    if not declared.required:
        kinds = [kind | None for kind in kinds]
    if all(_form(found) != _form(kind) for kind in kinds):
        raise wrong(OTHER_TYPE, _named(found), type=_named(kinds[0]))


def _form(kind: Any) -> object:  # noqa: ANN401 - a type has no type of its own
    """Return what two ways of writing a type have in common: `Optional[str]` and `str | None`."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return frozenset(map(_form, arguments))
    if origin is Literal:
        return (origin, frozenset(arguments))
    if isinstance(kind, list):  # the parameters of a function
        return tuple(map(_form, kind))
    return kind if origin is None else (origin, *map(_form, arguments))


def _named(kind: object) -> str:
    return kind.__name__ if type(kind) is type else str(kind)
