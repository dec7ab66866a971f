"""What a case expects: of the sheet, and of the studio after what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from studioflow.codec import WRONG_TYPE, Collector, exact_number, wrong
from studioflow.errors import InputError
from studioflow.text import Text, message

__all__ = ["Expected", "ExpectedTable", "Met", "Span", "expected"]

EXPECTED_POINTS = message(
    "expected_points",
    zh='一个数、[最低, 最高] 或 "withheld"',
    en='a number, [least, most], or "withheld"',
)
EXPECTED_TRUTH = message("expected_truth", zh='true、false 或 "open"', en='true, false or "open"')
NO_EXPECTATION = message(
    "no_expectation", zh="expect 中至少一项", en="at least one thing in expect"
)
REFUSED_ALONE = message(
    "refused_alone",
    zh="refused 单独使用：被拒绝的就没有得分",
    en="refused alone: what is refused has no sheet",
)

Span: TypeAlias = tuple[Fraction, Fraction] | Literal["withheld"]
"""The least and the most points, both the same where they are known; or that none are given."""
Met: TypeAlias = bool | Literal["open"]
"""Whether a gate is met."""

_GRADE = Text("等次的 id", "the id of a grade")


@frozen(kw_only=True)
class Expected:
    """What is expected; what is not named may be anything.

    Attributes:
        points: of criteria and deductions, `sections` of those, `total` of the sheet.
        gates: whether each is met; `eligible` is the same of all.
        grade: the grade of the sheet; "none" for no grade.
        open: all facts that are not known and still matter.
        reasons: codes that are among the reasons of an item or a gate.
        facts: that are on the sheet, as they were handed in or counted from records.
        refused: codes with which what was handed in is refused, so that there is no sheet.
        state: of the studio after the last action.
        denied: codes that are among the reasons why the last action is denied; empty: it is taken.
        warned: codes that are among the warnings of the last action; empty: it gives none.
        decision: the grade that was decided for the studio; "none" for none.
        rewarded, recovered: the yuan that the last action grants, and that go back with it.
        steps: every step that begins where the studio now is, with all roles that may take it.
    """

    points: Mapping[str, Span] = field(factory=dict)
    sections: Mapping[str, Span] = field(factory=dict)
    total: Span | None = None
    gates: Mapping[str, Met] = field(factory=dict)
    eligible: Met | None = None
    grade: str | None = None
    open: tuple[str, ...] | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(factory=dict)
    facts: Mapping[str, Any] = field(factory=dict)
    refused: tuple[str, ...] = ()
    state: str | None = None
    denied: tuple[str, ...] = ()
    warned: tuple[str, ...] | None = None
    decision: str | None = None
    rewarded: Fraction | None = None
    recovered: Fraction | None = None
    steps: Mapping[str, tuple[str, ...]] | None = None

    @property
    def asks_for_sheet(self) -> bool:
        """Whether anything on the sheet is named."""
        named = (self.points, self.sections, self.gates, self.reasons, self.facts)
        said = (self.total, self.eligible, self.grade, self.open)
        return any(named) or any(each is not None for each in said)


@frozen(kw_only=True)
class ExpectedTable:
    """What stands under `expect`."""

    points: Mapping[str, Any] = field(factory=dict)
    sections: Mapping[str, Any] = field(factory=dict)
    total: Any = None
    gates: Mapping[str, Any] = field(factory=dict)
    eligible: Any = None
    grade: Any = None  # "none" is a word here
    open: tuple[str, ...] | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(factory=dict)
    facts: Mapping[str, Any] = field(factory=dict)
    refused: tuple[str, ...] = ()
    state: str | None = None
    denied: tuple[str, ...] = ()
    warned: tuple[str, ...] | None = None
    decision: Any = None  # and here
    rewarded: Fraction | None = None
    recovered: Fraction | None = None
    steps: Mapping[str, tuple[str, ...]] | None = None


def expected(table: ExpectedTable) -> Expected:
    """Return what a table expects.

    Raises:
        InputError: with every value that is none of what may be expected.
    """
    collector = Collector()
    points = dict(_spans(table.points, "points", collector))
    sections = dict(_spans(table.sections, "sections", collector))
    gates, eligible, total = dict[str, Met](), None, None
    for name, value in table.gates.items():
        with collector.under("expect", "gates", name):
            gates[name] = _met(value)
    with collector.under("expect", "eligible"):
        eligible = None if table.eligible is None else _met(table.eligible)
    with collector.under("expect", "total"):
        total = None if table.total is None else _span(table.total)
    for key in ("grade", "decision"):
        with collector.under("expect", key):
            if not isinstance(getattr(table, key), str | None):
                raise wrong(WRONG_TYPE, getattr(table, key), type=_GRADE)
    with collector.under("expect"):
        if table == ExpectedTable():
            raise wrong(NO_EXPECTATION)
        if table.refused and evolve(table, refused=()) != ExpectedTable():
            raise wrong(REFUSED_ALONE)
    collector.finish()
    return Expected(
        points=points,
        sections=sections,
        total=total,
        gates=gates,
        eligible=eligible,
        grade=table.grade,
        open=table.open,
        reasons=table.reasons,
        facts=table.facts,
        refused=table.refused,
        state=table.state,
        denied=table.denied,
        warned=table.warned,
        decision=table.decision,
        rewarded=table.rewarded,
        recovered=table.recovered,
        steps=table.steps,
    )


def _spans(table: Mapping[str, Any], key: str, collector: Collector) -> Iterator[tuple[str, Span]]:
    for name, value in table.items():
        with collector.under("expect", key, name):
            yield name, _span(value)


def _span(value: object) -> Span:
    match value:
        case "withheld":
            return "withheld"
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


def _met(value: object) -> Met:
    if value == "open":
        return "open"
    if type(value) is bool:
        return value
    raise wrong(EXPECTED_TRUTH, value)
