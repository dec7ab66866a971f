"""What plugins answer in Python, not in files: checked, and copied with its origin."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from attrs import AttrsInstance, fields

from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.host.answers import check_word, closed
from studioflow.policy import RecordClass
from studioflow.policy.typed_records import NOT_AN_ATTRS_CLASS, is_attrs_class
from studioflow.studio import Guard, PluginMeasure, Subscriber
from studioflow.text import Message, Text, message

__all__ = [
    "check_runs",
    "checked_guard",
    "checked_measure",
    "checked_record_class",
    "checked_subscriber",
    "copied",
]

T = TypeVar("T", bound=AttrsInstance)
Checks = Mapping[str, Callable[[Any], object]]

NOT_A_GUARD = message("not_a_guard", zh="studioflow.studio.Guard", en="a studioflow.studio.Guard")
NOT_A_CHECK = message(
    "not_a_check", zh="普通函数（不是 async def）", en="a plain function, not an async def"
)
NOT_A_MEASURE = message(
    "not_a_measure", zh="studioflow.studio.PluginMeasure", en="a studioflow.studio.PluginMeasure"
)
NOT_A_SUBSCRIBER = message(
    "not_a_subscriber", zh="studioflow.studio.Subscriber", en="a studioflow.studio.Subscriber"
)
NOT_A_RECORD_CLASS = message(
    "not_a_record_class", zh="studioflow.policy.RecordClass", en="a studioflow.policy.RecordClass"
)
NOT_A_FUNCTION = message(
    "not_a_function",
    zh="普通函数（不是 async def，也不含 yield）",
    en="a plain function, neither an async def nor one with a `yield`",
)

_NAMES = Text("名称的 frozenset", "a frozenset of names")


def copied(item: object, origin: str, *, cls: type[T], expects: Message, checks: Checks) -> T:
    """Return a copy of an item that knows where it came from.

    Args:
        item: what a plugin answered.
        origin: the plugin.
        cls: what the item has to be; of a subclass nothing else is kept.
        expects: said where it is none.
        checks: for each part that is checked, what raises `InputError` where it is wrong.

    Raises:
        InputError: for anything that is no such item, and for one of the wrong parts.
    """
    if not isinstance(item, cls):
        raise wrong(expects, closed(item))
    parts = {each.name: getattr(item, each.name) for each in fields(cls)}
    collector = Collector()
    for name, check in checks.items():
        with collector.under(name):
            check(parts[name])
    collector.finish()
    # A set may still change, and a subclass has ways of its own.
    own = {
        n: frozenset(part) if isinstance(part, set | frozenset) else part
        for n, part in parts.items()
    }
    return cls(**{**own, "origin": origin})


def _check_actions(actions: object) -> None:
    if not isinstance(actions, frozenset | set):
        raise wrong(WRONG_TYPE, actions, type=_NAMES)
    for action in actions:
        check_word(action)


def _check_attrs_class(cls: object) -> None:
    if not is_attrs_class(cls):
        raise wrong(NOT_AN_ATTRS_CLASS, cls)


def _check_word_if_any(value: object) -> None:
    if value is not None:
        check_word(value)


def _check_answers(function: object, expects: Message = NOT_A_CHECK) -> None:
    """Refuse what can not be called or has to be awaited; a guard may yield its reasons."""
    if not callable(function) or _is(inspect.iscoroutinefunction, function):
        raise wrong(expects, function)


def check_runs(function: object) -> None:
    """Refuse what does nothing when it is called, and so would fail without a word.

    Raises:
        InputError: for what is no function, an `async def`, and one with a `yield`.
    """
    _check_answers(function, NOT_A_FUNCTION)
    if _is(inspect.isgeneratorfunction, function) or _is(inspect.isasyncgenfunction, function):
        raise wrong(NOT_A_FUNCTION, function)


def _is(form: Callable[[Any], bool], function: Any) -> bool:  # noqa: ANN401 - foreign code
    """Return whether a function, or the `__call__` of an object, has a form."""
    return form(function) or form(getattr(type(function), "__call__", None))  # noqa: B004 - not asked whether it can be called


checked_guard = partial(
    copied,
    cls=Guard,
    expects=NOT_A_GUARD,
    checks={"id": check_word, "check": _check_answers, "actions": _check_actions},
)
checked_measure = partial(
    copied,
    cls=PluginMeasure,
    expects=NOT_A_MEASURE,
    checks={"id": check_word, "measure": check_runs},
)
checked_subscriber = partial(
    copied,
    cls=Subscriber,
    expects=NOT_A_SUBSCRIBER,
    checks={"id": check_word, "notify": check_runs, "actions": _check_actions},
)
# Whether it has the fields that its kind declares is checked when a programme is opened.
checked_record_class = partial(
    copied,
    cls=RecordClass,
    expects=NOT_A_RECORD_CLASS,
    checks={"kind": check_word, "cls": _check_attrs_class, "policy": _check_word_if_any},
)
