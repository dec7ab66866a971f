"""Files of cases: what a studio has, and what a policy is expected to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from studioflow.cases.expected import Expected, ExpectedTable, expected
from studioflow.codec import (
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    Collector,
    OneOrMore,
    read,
    strict_converter,
    wrong,
)
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy.document import WRONG_SCHEMA
from studioflow.programme.actions import Given
from studioflow.rubric import FactFile, Inspection
from studioflow.text import message

__all__ = ["CASES", "CaseAction", "PolicyCase", "read_cases"]

SCHEMA = "studioflow.cases/1"
STUDIO = "s-01"
"""The studio of an action that names none."""
CASES = "*.cases.toml"
"""What files of cases are called."""
_OF_ACTIONS = ("state", "denied", "warned", "decision", "rewarded", "recovered", "steps")
_OWN = OneOrMore((STUDIO,))
_GIVEN = Given.__optional_keys__ - {"on", "key"}

LIKE_ITSELF = message(
    "like_itself", zh="不绕回自身的 like", en="a like that does not lead back to itself"
)
NO_CASES = message(
    "no_cases", zh="至少有一个 {pattern} 的文件夹", en="a folder with some {pattern} in it"
)
FIRST_DAY = message("first_day", zh="第一步的日期 on", en="the day of the first action, `on`")
HANDED_IN_TWICE = message(
    "handed_in_with_actions",
    zh="有 actions 时，事实、评分和验收随各步提交",
    en="nothing beside actions: facts, marks and inspections come with them",
)
OF_ACTIONS = message(
    "of_actions",
    zh="有 actions 的案例才有",
    en="nothing: it is said of actions, and there are none",
)


@frozen(kw_only=True)
class CaseAction:
    """One step that somebody takes, or tries to take.

    Attributes:
        action: the transition.
        by: who: a role, or `ID:ROLE@UNIT`.
        on: the day, which is also the clock's.
        studio: which one, in a case of several.
        given: what comes with it, as `Programme.act` takes it.
    """

    action: str
    by: str
    on: date
    studio: str
    given: Mapping[str, Any]


@frozen(kw_only=True)
class PolicyCase:
    """One studio, and what a policy is expected to make of it.

    Attributes:
        id: in its file.
        file: its name.
        text: what the case shows.
        clause: that it is about.
        changes: of the policy, by path; first those of the file, then its own.
        handed_in: facts, marks, an inspection.
        expected: what is to come of it.
        actions: that are taken one after the other, in place of what is handed in.
        policy, plugins: that its file names; without plugins it asks the one that has the policy.
    """

    id: str
    file: str
    text: str | None
    clause: str | None
    changes: Mapping[str, Any]
    handed_in: FactFile
    expected: Expected
    actions: tuple[CaseAction, ...] = ()
    policy: str | None = None
    plugins: tuple[str, ...] | None = None


@frozen(kw_only=True)
class _Action:
    do: str
    by: str
    on: date | None = None
    studio: OneOrMore = _OWN
    given: Mapping[str, Any] = field(factory=dict, metadata={"rest": True})


@frozen(kw_only=True)
class _Table:
    expect: ExpectedTable
    text: str | None = None
    clause: str | None = None
    like: str | None = None
    changes: Mapping[str, Any] = field(factory=dict, metadata={"key": "set"})
    facts: Mapping[str, Any] = field(factory=dict)
    marks: tuple[Mark, ...] | None = None
    inspection: Inspection | None = None
    actions: tuple[_Action, ...] = ()


@frozen(kw_only=True)
class _File:
    schema: str
    cases: Mapping[str, _Table]
    policy: str | None = None
    plugins: tuple[str, ...] | None = None
    changes: Mapping[str, Any] = field(factory=dict, metadata={"key": "set"})


def read_cases(path: Path) -> tuple[PolicyCase, ...]:
    """Read a file of cases, or every `*.cases.toml` in a folder and below it.

    Raises:
        InputError: with every problem of the form of all files.
    """
    files = sorted(path.rglob(CASES)) if path.is_dir() else [path]
    collector, found = Collector(), list[PolicyCase]()
    with collector.under():
        if not files:
            raise wrong(NO_CASES, path.name, pattern=CASES)
    for file in files:
        with collector.under():
            try:
                found += _read(file)
            except InputError as error:
                raise InputError(each.in_file(file.name) for each in error.problems) from None
    collector.finish()
    return tuple(found)


def _read(path: Path) -> list[PolicyCase]:
    converter = strict_converter()
    converter.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
    tables = read(path)
    collector = Collector()
    with collector.under("schema"):
        if tables.get("schema") != SCHEMA:
            raise wrong(WRONG_SCHEMA, tables.get("schema", ""), known=[SCHEMA], schema=SCHEMA)
    collector.finish()
    file = converter.structure(tables, _File)
    cases = [_case(file, name, path.name, collector) for name in file.cases]
    collector.finish()
    return [case for case in cases if case is not None]


def _case(file: _File, name: str, where: str, collector: Collector) -> PolicyCase | None:
    with collector.under("cases", name):
        table, own = _whole(file, name), file.cases[name]
        handed_in = FactFile(
            facts=table.facts, marks=table.marks or (), inspection=table.inspection
        )
        return PolicyCase(
            id=name,
            file=where,
            text=own.text,
            clause=own.clause,
            changes={**file.changes, **table.changes},
            handed_in=handed_in,
            actions=_actions(table, own.expect),
            expected=expected(own.expect),
            policy=file.policy,
            plugins=file.plugins,
        )
    return None


def _actions(table: _Table, expect: ExpectedTable) -> tuple[CaseAction, ...]:
    """Return what is done, each step on its day, or on that of the step before."""
    collector, done, day = Collector(), list[CaseAction](), None
    if table.actions and (table.facts or table.marks or table.inspection):
        with collector.under():
            raise wrong(HANDED_IN_TWICE, "facts, marks, inspection")
    for name in () if table.actions else _OF_ACTIONS:
        with collector.under("expect", name):
            if getattr(expect, name) not in {None, ()}:
                raise wrong(OF_ACTIONS, name)
    for place, step in enumerate(table.actions):
        day = step.on or day
        for key in sorted(step.given.keys() - _GIVEN):
            with collector.under("actions", str(place), key):
                raise wrong(UNKNOWN_KEY, key, known=_GIVEN)
        with collector.under("actions", str(place)):
            if day is None:
                raise wrong(FIRST_DAY, "-")
            done += [
                CaseAction(action=step.do, by=step.by, on=day, studio=name, given=step.given)
                for name in step.studio
            ]
    collector.finish()
    return tuple(done)


def _whole(file: _File, name: str, seen: tuple[str, ...] = ()) -> _Table:
    """Return a case with what it has from the one that it is like."""
    table = file.cases[name]
    if table.like is None:
        return table
    collector = Collector()
    with collector.under("like"):
        if table.like not in file.cases:
            raise wrong(UNKNOWN_NAME, table.like, known=file.cases)
        if table.like in (*seen, name):
            raise wrong(LIKE_ITSELF, table.like)
    collector.finish()
    base = _whole(file, table.like, (*seen, name))
    return evolve(
        table,
        changes={**base.changes, **table.changes},
        facts={**base.facts, **table.facts},
        marks=base.marks if table.marks is None else table.marks,
        inspection=base.inspection if table.inspection is None else table.inspection,
        actions=(*base.actions, *table.actions),
    )
