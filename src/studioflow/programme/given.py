"""What an embedder gives with an action, brought into the form that the lifecycle takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from attrs import evolve

from studioflow.codec import Collector, wrong
from studioflow.errors import nearest
from studioflow.lifecycle import HandedIn
from studioflow.policy.typed_records import RecordClass, kind_of
from studioflow.programme.actions import Given, Records
from studioflow.rubric import FactFile
from studioflow.text import message

__all__ = ["as_handed_in", "settled"]

NOT_A_RECORD = message(
    "not_a_record",
    zh="插件带来的记录类的实例（{known}），或按种类列出的表",
    en="an instance of a class that a plugin brings ({known}), or tables listed by kind",
)

_OWN = ("on", "marks", "inspection")
"""What the lifecycle does not know by these names."""


def settled(given: Given) -> Given:
    """Return what was given with lists in place of what can be gone through only once."""
    lists = dict(given)
    for name in ("strike", "gaps", "marks"):
        value = lists.get(name)
        if isinstance(value, set | frozenset):
            lists[name] = tuple(sorted(value, key=repr))
        elif isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
            lists[name] = tuple(value)
    return cast("Given", lists)


def as_handed_in(given: Given, classes: Sequence[RecordClass]) -> HandedIn:
    """Return what the lifecycle is handed in; whether it fits is looked at there.

    Args:
        given: by the embedder.
        classes: of plugins, by which an instance tells its kind.

    Raises:
        TypeError: for a name that `Given` does not have.
        InputError: for an instance of no known class.
    """
    for name in given.keys() - Given.__optional_keys__:
        near = nearest(name, Given.__optional_keys__)
        advice = f"; did you mean {near!r}?" if near else ""
        raise TypeError(f"unexpected keyword argument {name!r}{advice}")
    handed_in = cast("HandedIn", {k: value for k, value in given.items() if k not in _OWN})
    if given.get("marks") or given.get("inspection") is not None:
        handed_in["facts"] = _judged(given)
    if "records" in given:
        handed_in["records"] = _by_kind(given["records"], classes)
    return handed_in


def _judged(given: Given) -> FactFile:
    """Return the facts that were given with the marks and the inspection beside them."""
    facts = given.get("facts")
    file = facts if isinstance(facts, FactFile) else FactFile(facts=facts or {})
    marks: Any = given.get("marks", ())
    marks = (*file.marks, *marks) if isinstance(marks, tuple) else marks
    inspection: Any = given.get("inspection") or file.inspection
    return evolve(file, marks=marks, inspection=inspection)


def _by_kind(records: Records, classes: Sequence[RecordClass]) -> Mapping[str, Sequence[object]]:
    """Return lists of records by kind; instances alone are told by their classes."""
    if isinstance(records, Mapping) or not isinstance(records, list | tuple):
        return cast("Mapping[str, Sequence[object]]", records)  # what it is, is checked later
    by_kind: dict[str, list[object]] = {}
    collector = Collector()
    for position, instance in enumerate(records):
        with collector.under("records", position):
            kind = kind_of(classes, instance)
            if kind is None:
                known = [each.cls.__name__ for each in classes]
                raise wrong(NOT_A_RECORD, type(instance).__name__, known=known)
            by_kind.setdefault(kind, []).append(instance)
    collector.finish()
    return by_kind
