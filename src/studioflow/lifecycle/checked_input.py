"""What came with an action, checked for its form before anybody looks at what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import FunctionType, MethodType
from typing import Any, TypeVar

from attrs import evolve

from studioflow.codec import (
    EMPTY_TEXT,
    MISSING_KEY,
    UNKNOWN_KEY,
    WRONG_TYPE,
    Collector,
    checked_text,
    strict_converter,
    wrong,
)
from studioflow.people import Actor, Mark, Person
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.studio import Application, Override, Studio, read_application, read_person
from studioflow.text import Text, message

__all__ = ["checked", "is_plain"]

_TEXT = Text("文字", "text")
_TABLE = Text("表", "a table")
_WHOLE = Text("整数", "a whole number")
_OVERRIDE = Text("Override，或含 reason 的表", "an Override, or a table with a reason")
_FACTS = Text("表，或 FactFile", "a table, or a FactFile")
_ACTOR = Text("Actor（文字可用 Actor.parse 读入）", "an Actor (Actor.parse reads one from text)")
_STUDIO = Text("Studio", "a Studio")

_YES_NO = Text("是或否（True、False）", "yes or no (True, False)")
_LIST = Text("列表", "a list")
_DAY = Text("日期", "a date")
_MOMENT = Text("时间（datetime）", "a moment (datetime)")
_FUNCTION = Text("函数", "a function")
_ITEM = Text("InspectedItem", "an InspectedItem")

AMOUNT = message(
    "amount_in_yuan",
    zh="不小于 0 的精确金额（元）：整数、Decimal 或 Fraction",
    en="an exact amount of 0 yuan or more: a whole number, a Decimal or a Fraction",
)
_MOST_DIGITS = 12
_MOST_YUAN = 10**_MOST_DIGITS
_PLAIN_FORMS: Mapping[str, tuple[type, ...]] = {
    "places_left": (int,),
    "today": (date,),
    "recorded": (datetime,),
    "banned_until": (date,),
    "elsewhere": (MethodType, FunctionType),
    "batch_grades": (tuple,),
}
"""What a programme fills in, by type; each, or None, is fine as it is."""

_LEFT_OUT = frozenset({"elsewhere", "batch_grades", "recorded", "today"})
_NEVER_NONE = frozenset(
    {"facts", "elsewhere", "batch_grades", "records", "strike", "gaps", "overrides"}
)

_strict = strict_converter()
T = TypeVar("T")


def is_plain(studio: object, by: object, handed_in: Mapping[str, Any]) -> bool:
    """Return whether nothing was handed in whose form has to be looked at."""
    if type(studio) is not Studio or type(by) is not Actor:
        return False
    for name, value in handed_in.items():
        forms = _PLAIN_FORMS.get(name)
        if value is None:
            if name in _NEVER_NONE:
                return False
        elif forms is None or type(value) not in forms:
            return False
    return True


def checked(
    studio: object, by: object, handed_in: Mapping[str, Any], collector: Collector
) -> dict[str, Any]:
    """Return what fits of what was handed in, and collect what does not, under its keyword.

    Raises:
        InputError: if there is no studio to ask about.
    """
    fits = dict(handed_in)
    with collector.under("studio"):
        _of_type(studio, Studio, _STUDIO)
    with collector.under("by"):
        _of_type(by, Actor, _ACTOR)
    for name, kind, words in (
        ("decision", str, _TEXT),
        ("remark", str, _TEXT),
        ("today", date, _DAY),
        ("recorded", datetime, _MOMENT),
        ("elsewhere", Callable, _FUNCTION),
        ("places_left", int, _WHOLE),
        ("banned_until", date, _DAY),
        ("batch_grades", tuple, _LIST),
        ("due", date, _DAY),
        ("opinion", bool, _YES_NO),
        ("facts", FactFile | Mapping, _FACTS),
        ("key", str, _TEXT),
    ):
        given = fits.pop(name, None)
        with collector.under(name):
            if given is not None:
                _of_type(given, kind, words)
            if name == "key" and given == "":  # it would stand for every command
                raise wrong(EMPTY_TEXT, given)
            if name in ("remark", "key") and isinstance(given, str):
                checked_text(given)
            if given is not None or name not in _LEFT_OUT:
                fits[name] = given
    if isinstance(fits.get("facts"), FactFile):
        with collector.under():  # its parts are handed in as such
            fits["facts"] = _fact_file(fits["facts"])
        if collector.problems:
            fits["facts"] = None
    given = fits.pop("lead", None)
    with collector.under("lead"):
        known = given is None or isinstance(given, Person)
        fits["lead"] = given if known else read_person(given)
    given = fits.pop("amount", None)
    with collector.under("amount"):
        fits["amount"] = None if given is None else _amount(given)
    given = fits.pop("application", None)
    with collector.under("application"):
        known = given is None or isinstance(given, Application)
        fits["application"] = given if known else read_application(given)
    fits["records"] = _records(fits.pop("records", {}), collector)
    for name in ("strike", "gaps"):
        fits[name] = _words(name, fits.pop(name, ()), collector)
    given = fits.pop("overrides", {})
    fits["overrides"] = overrides = {}
    with collector.under("overrides"):
        _of_type(given, Mapping, _TABLE)
    for name, override in given.items() if isinstance(given, Mapping) else ():
        with collector.under("overrides", name):
            _of_type(name, str, _TEXT)
            overrides[name] = _override(override)
    if not isinstance(studio, Studio):
        collector.finish()
    return fits


def _records(given: object, collector: Collector) -> dict[str, tuple[object, ...]]:
    """Return lists of records by kind; what is in them is checked against the policy."""
    lists: dict[str, tuple[object, ...]] = {}
    with collector.under("records"):
        _of_type(given, Mapping, _TABLE)
    for kind, items in given.items() if isinstance(given, Mapping) else ():
        with collector.under("records", kind):
            _of_type(kind, str, _TEXT)
            if not isinstance(items, list | tuple):  # what stands there may be a name
                raise wrong(WRONG_TYPE, type(items), type=_LIST)
            lists[kind] = tuple(items)
    return lists


def _words(name: str, given: object, collector: Collector) -> tuple[str, ...]:
    words: list[str] = []
    with collector.under(name):
        # A lone word would fall apart into its letters.
        if isinstance(given, str | bytes | Mapping):
            raise wrong(WRONG_TYPE, type(given), type=_LIST)
        _of_type(given, Iterable, _LIST)
    lone = isinstance(given, str | bytes | Mapping)
    for position, word in enumerate(given if isinstance(given, Iterable) and not lone else ()):
        with collector.under(name, position):
            words.append(_strict.structure(word, str))
    return tuple(words)


def _amount(given: object) -> Fraction:
    """Return an amount of money, exactly.

    Raises:
        InputError: for a float, what is no number, and what is out of all measure.
    """
    if isinstance(given, bool) or not isinstance(given, int | Decimal | Fraction):
        raise wrong(AMOUNT, given)
    # Before it is turned into a fraction, which 1E+999999999 would not survive.
    small = not isinstance(given, Decimal) or (
        given.is_finite() and abs(given.adjusted()) <= _MOST_DIGITS
    )
    if not (small and 0 <= given <= _MOST_YUAN):
        raise wrong(AMOUNT, given)
    return Fraction(given)


def _of_type(given: object, kind: Any, words: Text) -> None:  # noqa: ANN401 - a type, or several
    """Refuse a value of another type; True is no 1.

    Raises:
        InputError: saying which type it should have.
    """
    if not isinstance(given, kind) or (kind is int and isinstance(given, bool)):
        # Of a table only that it is one: it may hold names.
        plain = isinstance(given, str | int | float | date | None)
        raise wrong(WRONG_TYPE, given if plain else type(given), type=words)


def _fact_file(given: FactFile) -> FactFile:
    """Return a fact file that was made in Python, its marks and inspection built where plain.

    Raises:
        InputError: with every part of another type.
    """
    collector = Collector()
    marks: list[Mark] = []
    inspection = None
    with collector.under("facts"):
        _of_type(given.facts, Mapping, _TABLE)
    with collector.under("marks"):
        _of_type(given.marks, list | tuple, _LIST)
    for position, mark in enumerate(given.marks if not collector.problems else ()):
        with collector.under("marks", position):
            marks.append(_built(mark, Mark))
    with collector.under("inspection"):
        inspection = None if given.inspection is None else _built(given.inspection, Inspection)
    for name, item in inspection.items.items() if inspection else ():
        with collector.under("inspection", "items", name):
            _of_type(item, InspectedItem, _ITEM)
    collector.finish()
    return evolve(given, marks=tuple(marks), inspection=inspection)


def _built(given: object, cls: type[T]) -> T:
    """Return a record, or the one that a plain table says."""
    built = given if isinstance(given, cls) else _strict.structure(given, cls)
    if isinstance(built, Inspection):
        _of_type(built.items, Mapping, _TABLE)
    return built


def _override(given: object) -> Override:
    """Return an override that was given as a record, or as a plain dict.

    Raises:
        InputError: with everything that is wrong with it.
    """
    if isinstance(given, Override):
        return given
    if not isinstance(given, Mapping):
        raise wrong(WRONG_TYPE, given, type=_OVERRIDE)
    collector = Collector()
    for name in given:
        with collector.under(name):
            if name not in ("reason", "by"):
                raise wrong(UNKNOWN_KEY, name, known=("reason", "by"))
    with collector.under():
        if "reason" not in given:
            raise wrong(MISSING_KEY, sorted(map(str, given)), key="reason")
    collector.finish()
    return Override(**given)
