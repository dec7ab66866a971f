"""Files of cases: what a studio has, and what a policy is expected to make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from studioflow.codec import (
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    exact_number,
    read,
    strict_converter,
    wrong,
)
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy.document import WRONG_SCHEMA
from studioflow.rubric import FactFile, Inspection
from studioflow.text import Text, message

__all__ = ["CASES", "Expected", "PolicyCase", "Span", "read_cases"]

SCHEMA = "studioflow.cases/1"
CASES = "*.cases.toml"
"""What files of cases are called."""

EXPECTED_POINTS = message(
    "expected_points",
    zh='一个数、[最低, 最高] 或 "withheld"',
    en='a number, [least, most], or "withheld"',
)
EXPECTED_TRUTH = message("expected_truth", zh='true、false 或 "open"', en='true, false or "open"')
LIKE_ITSELF = message(
    "like_itself", zh="不绕回自身的 like", en="a like that does not lead back to itself"
)
NO_EXPECTATION = message(
    "no_expectation", zh="expect 中至少一项", en="at least one thing in expect"
)
NO_CASES = message(
    "no_cases", zh="至少有一个 {pattern} 的文件夹", en="a folder with some {pattern} in it"
)
REFUSED_ALONE = message(
    "refused_alone",
    zh="refused 单独使用：被拒绝的就没有得分",
    en="refused alone: what is refused has no sheet",
)

Span = tuple[Fraction, Fraction]
"""The least and the most points; both the same where the points are known."""
_WITHHELD = "withheld"
_OPEN = "open"
_GRADE = Text("等次的 id", "the id of a grade")


@frozen(kw_only=True)
class Expected:
    """What is expected of the sheet; what is not named may be anything.

    Attributes:
        points: of criteria and deductions, `sections` of those, `total` of the sheet. None is
            withheld.
        gates: whether each is met; None while it is open. `eligible` is the same of all.
        grade: the grade of the sheet; "none" for no grade.
        open: all facts that are not known and still matter.
        reasons: codes that are among the reasons of an item or a gate.
        refused: codes with which the facts are refused, so that there is no sheet.
    """

    points: Mapping[str, Span | None] = field(factory=dict)
    sections: Mapping[str, Span | None] = field(factory=dict)
    total: Span | None = None
    withheld: bool = False
    gates: Mapping[str, bool | None] = field(factory=dict)
    eligible: bool | None = None
    eligibility_named: bool = False
    grade: str | None = None
    open: tuple[str, ...] | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(factory=dict)
    refused: tuple[str, ...] = ()


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
        expected: of the sheet.
        policy: the policy that its file names.
    """

    id: str
    file: str
    text: str | None
    clause: str | None
    changes: Mapping[str, Any]
    handed_in: FactFile
    expected: Expected
    policy: str | None = None


@frozen(kw_only=True)
class _Expect:
    points: Mapping[str, Any] = field(factory=dict)
    sections: Mapping[str, Any] = field(factory=dict)
    total: Any = None
    gates: Mapping[str, Any] = field(factory=dict)
    eligible: Any = None
    grade: Any = None  # "none" is a word here
    open: tuple[str, ...] | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(factory=dict)
    refused: tuple[str, ...] = ()


@frozen(kw_only=True)
class _Table:
    expect: _Expect
    text: str | None = None
    clause: str | None = None
    like: str | None = None
    changes: Mapping[str, Any] = field(factory=dict, metadata={"key": "set"})
    facts: Mapping[str, Any] = field(factory=dict)
    marks: tuple[Mark, ...] | None = None
    inspection: Inspection | None = None


@frozen(kw_only=True)
class _File:
    schema: str
    cases: Mapping[str, _Table]
    policy: str | None = None
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
            expected=_expected(own.expect),
            policy=file.policy,
        )
    return None


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
    )


def _expected(table: _Expect) -> Expected:
    collector = Collector()
    points = dict(_spans(table.points, "points", collector))
    sections = dict(_spans(table.sections, "sections", collector))
    gates, eligible, total = dict[str, bool | None](), None, None
    for name, value in table.gates.items():
        with collector.under("expect", "gates", name):
            gates[name] = _truth(value)
    with collector.under("expect", "eligible"):
        eligible = None if table.eligible is None else _truth(table.eligible)
    with collector.under("expect", "total"):
        total = None if table.total is None else _span(table.total)
    with collector.under("expect", "grade"):
        if not isinstance(table.grade, str | None):
            raise wrong(WRONG_TYPE, table.grade, type=_GRADE)
    with collector.under("expect"):
        if table == _Expect():
            raise wrong(NO_EXPECTATION)
        if table.refused and evolve(table, refused=()) != _Expect():
            raise wrong(REFUSED_ALONE)
    collector.finish()
    return Expected(
        points=points,
        sections=sections,
        total=total,
        withheld=table.total == _WITHHELD,
        gates=gates,
        eligible=eligible,
        eligibility_named=table.eligible is not None,
        grade=table.grade,
        open=table.open,
        reasons=table.reasons,
        refused=table.refused,
    )


def _spans(
    table: Mapping[str, Any], key: str, collector: Collector
) -> Iterator[tuple[str, Span | None]]:
    for name, value in table.items():
        with collector.under("expect", key, name):
            yield name, _span(value)


def _span(value: object) -> Span | None:
    """Return the least and the most points; None where they are withheld."""
    match value:
        case "withheld":
            return None
        case [low, high]:
            least, most = _number(low), _number(high)
            if least > most:
                raise wrong(EXPECTED_POINTS, f"[{low}, {high}]")
            return least, most
        case _:
            return _number(value), _number(value)


def _number(value: object) -> Fraction:
    try:
        return exact_number(value)
    except InputError:
        raise wrong(EXPECTED_POINTS, value) from None


def _truth(value: object) -> bool | None:
    if value == _OPEN:
        return None
    if type(value) is bool:
        return value
    raise wrong(EXPECTED_TRUTH, value)
