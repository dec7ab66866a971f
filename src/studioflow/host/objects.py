"""What plugins answer in Python, not in files: checked, and copied with its origin."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.host.answers import check_word, closed
from studioflow.policy import RecordClass
from studioflow.policy.typed_records import NOT_AN_ATTRS_CLASS, is_attrs_class
from studioflow.studio import Guard, PluginMeasure, Subscriber
from studioflow.text import Message, Text, message

__all__ = ["checked_guard", "checked_measure", "checked_record_class", "checked_subscriber"]

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


def checked_guard(item: object, origin: str) -> Guard:
    """Return a copy of a guard that knows where it came from.

    Raises:
        InputError: for anything that is not a guard, and for one of the wrong parts.
    """
    if not isinstance(item, Guard):
        raise wrong(NOT_A_GUARD, closed(item))
    collector = Collector()
    with collector.under("id"):
        check_word(item.id)
    with collector.under("check"):
        # One with a `yield` is right here: a guard may yield its reasons.
        _check_function(item.check, NOT_A_CHECK)
    _check_actions(item.actions, collector)
    collector.finish()
    return Guard(id=item.id, check=item.check, actions=frozenset(item.actions), origin=origin)


def checked_measure(item: object, origin: str) -> PluginMeasure:
    """Return a copy of a measure that knows where it came from.

    Raises:
        InputError: for anything that is not a measure, and for one of the wrong parts.
    """
    if not isinstance(item, PluginMeasure):
        raise wrong(NOT_A_MEASURE, closed(item))
    collector = Collector()
    with collector.under("id"):
        check_word(item.id)
    with collector.under("measure"):
        _check_runs(item.measure)
    collector.finish()
    return PluginMeasure(id=item.id, measure=item.measure, origin=origin)


def checked_subscriber(item: object, origin: str) -> Subscriber:
    """Return a copy of a subscriber that knows where it came from.

    Raises:
        InputError: for anything that is not a subscriber, and for one of the wrong parts.
    """
    if not isinstance(item, Subscriber):
        raise wrong(NOT_A_SUBSCRIBER, closed(item))
    collector = Collector()
    with collector.under("id"):
        check_word(item.id)
    with collector.under("notify"):
        _check_runs(item.notify)
    _check_actions(item.actions, collector)
    collector.finish()
    actions = frozenset(item.actions)
    return Subscriber(id=item.id, notify=item.notify, actions=actions, origin=origin)


def checked_record_class(item: object, origin: str) -> RecordClass:
    """Return a copy of a record class that knows where it came from.

    Whether it has the fields that its kind declares is checked when a programme is opened.

    Raises:
        InputError: for anything that is not a record class, and for one of the wrong parts.
    """
    if not isinstance(item, RecordClass):
        raise wrong(NOT_A_RECORD_CLASS, closed(item))
    collector = Collector()
    with collector.under("kind"):
        check_word(item.kind)
    with collector.under("cls"):
        if not is_attrs_class(item.cls):
            raise wrong(NOT_AN_ATTRS_CLASS, item.cls)
    with collector.under("policy"):
        if item.policy is not None:
            check_word(item.policy)
    collector.finish()
    return RecordClass(kind=item.kind, cls=item.cls, policy=item.policy, origin=origin)


def _check_actions(actions: object, collector: Collector) -> None:
    with collector.under("actions"):
        if not isinstance(actions, frozenset | set):
            raise wrong(WRONG_TYPE, actions, type=_NAMES)
        for action in actions:
            check_word(action)


def _check_function(function: object, expects: Message) -> None:
    if not callable(function) or _is(inspect.iscoroutinefunction, function):
        raise wrong(expects, function)


def _check_runs(function: object) -> None:
    """Refuse what does nothing when it is called, and so would fail without a word."""
    _check_function(function, NOT_A_FUNCTION)
    if _is(inspect.isgeneratorfunction, function) or _is(inspect.isasyncgenfunction, function):
        raise wrong(NOT_A_FUNCTION, function)


def _is(form: Callable[[Any], bool], function: Any) -> bool:  # noqa: ANN401 - foreign code
    """Return whether a function, or the `__call__` of an object, has a form."""
    return form(function) or form(getattr(type(function), "__call__", None))  # noqa: B004 - not asked whether it can be called
