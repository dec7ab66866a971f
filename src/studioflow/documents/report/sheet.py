"""One studio's score sheet as blocks: every point with its reasons and clauses."""

from __future__ import annotations

from collections.abc import Iterator

from studioflow.documents.paper import Block, Cell, Listing, Paragraph, Table
from studioflow.documents.report.words import (
    ELIGIBLE,
    MET,
    grade_said,
    heads,
    points_said,
    reasons_said,
    say,
)
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.text import Language, Text, exact

__all__ = ["studio_sheet"]

_GATE = Text("必备项", "Gate")
_RESULT = Text("结果", "Result")
_REASONS = Text("理由与条款", "Reasons and clauses")
_ITEM = Text("评分项", "Item")
_POINTS = Text("得分", "Points")
_MOST = Text("满分", "Of")
_MARKS = Text("评分", "Marks")
_TOTAL = Text("总分：{points}（满分{most}）；{eligible}；等级或决定：{grade}",
              "Total: {points} of {most}; {eligible}; grade or decision: {grade}")  # fmt: skip
_OPEN_END = Text("不限", "no limit")
_MEASURED = Text("计入与未计入的记录", "What was counted, and what was not")
_OPEN = Text("尚缺：{facts}", "Not known yet: {facts}")
_DEDUCTION = Text("扣分：{label}", "Taken off: {label}")


def studio_sheet(
    policy: Policy, sheet: ScoreSheet, language: Language = "en", *, decision: str | None = None
) -> tuple[Block, ...]:
    """Return a score sheet as blocks: gates, items, marks by id, what was counted, the total.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> blocks = studio_sheet(policy, policy.score({"activities": 18}))
    >>> blocks[1].rows[5][2].text
    '18'

    Args:
        policy: that it was scored by.
        sheet: of one studio.
        language: of every word.
        decision: that takes the place of a grade, where there is one.
    """
    return tuple(_blocks(policy, sheet, language, decision))


def _blocks(
    policy: Policy, sheet: ScoreSheet, language: Language, decision: str | None
) -> Iterator[Block]:
    if sheet.gates:
        yield Table(
            rows=(
                heads(language, _GATE, _RESULT, _REASONS),
                *(
                    (
                        Cell(f"{gate.id} {gate.label.get(language)}", head=True),
                        Cell(MET[gate.met].get(language), align="center"),
                        Cell(reasons_said(gate.reasons, language)),
                    )
                    for gate in sheet.gates
                ),
            ),
            widths=(30, 12, 90),
            caption=_GATE.get(language),
            head_rows=1,
        )
    yield _items(sheet, language)
    most = sheet.total.max
    yield Paragraph(
        say(
            _TOTAL,
            language,
            points=points_said(sheet.total),
            most=_OPEN_END if most is None else exact(most),
            eligible=ELIGIBLE[sheet.eligible],
            grade=grade_said(sheet, decision, policy, language),
        ),
        style="strong",
    )
    if sheet.open:
        facts = tuple(policy.facts[name].label for name in sheet.open if name in policy.facts)
        yield Paragraph(say(_OPEN, language, facts=facts))
    told = [m.explain(language) for m in sheet.measured.values() if m.held]
    if told:
        yield Paragraph(_MEASURED.get(language), style="strong")
        yield Listing(tuple(told))


def _items(sheet: ScoreSheet, language: Language) -> Table:
    rows: list[tuple[Cell, ...]] = [heads(language, _ITEM, _MARKS, _POINTS, _MOST, _REASONS)]
    marks: dict[str, list[str]] = {}
    for mark in sheet.marks:
        value = MET[mark.met].get(language) if mark.points is None else exact(mark.points)
        marks.setdefault(mark.criterion, []).append(f"{mark.by}: {value}")
    for section in sheet.sections:
        rows.append(
            (
                Cell(f"{section.id} {section.label.get(language)}", head=True, across=2),
                Cell(points_said(section.points), head=True, align="right"),
                Cell(_most(section.points.max), head=True, align="right"),
                Cell(),
            )
        )
        rows += [
            (
                Cell(f"{item.id} {item.label.get(language)}"),
                Cell("\n".join(marks.get(item.id, ()))),
                Cell(points_said(item.points), align="right"),
                Cell(_most(item.points.max), align="right"),
                Cell(reasons_said(item.reasons, language)),
            )
            for item in sheet.criteria
            if item.section == section.id
        ]
    for taken in sheet.deductions:
        label = say(_DEDUCTION, language, label=taken.label)
        rows.append(
            (
                Cell(f"{taken.id} {label}"),
                Cell(),
                Cell(points_said(taken.points), align="right"),
                Cell(),
                Cell(reasons_said(taken.reasons, language)),
            )
        )
    return Table(
        rows=tuple(rows), widths=(34, 18, 12, 9, 75), caption=_ITEM.get(language), head_rows=1
    )


def _most(points: object) -> str:
    return "" if points is None else exact(points)  # type: ignore[arg-type] # a fraction
