"""Who fell short of what, and why: gate by gate, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studioflow.documents.paper import Block, Cell, Heading, Paragraph, Table
from studioflow.documents.report.words import MET, heads, points_said, reasons_said, say
from studioflow.rubric import CriterionResult, GateResult, ScoreSheet
from studioflow.text import Language, Text, exact

__all__ = ["shortfalls"]

_HEADING = Text("谁差在哪里", "Who fell short of what")
_NOBODY = Text("没有工作室在任何一项上失分。", "No studio fell short of anything.")
_STUDIO = Text("工作室", "Studio")
_GOT = Text("结果", "Result")
_WHY = Text("理由与条款", "Reasons and clauses")
_ITEM = Text("{id} {label}（满分{most}）", "{id} {label} (of {most})")
_GATE = Text("{id} {label}（必备项）", "{id} {label} (gate)")


def shortfalls(
    sheets: Mapping[str, ScoreSheet],
    names: Mapping[str, str],
    anchors: Mapping[str, str],
    language: Language,
) -> Iterator[Block]:
    """Yield a table for each gate that somebody did not meet, and each item below its maximum.

    Args:
        sheets: by the id of the studio.
        names: of the studios, by id.
        anchors: of their sheets, by id.
        language: of every word.
    """
    if not sheets:
        return
    yield Heading(_HEADING.get(language), 1, "shortfalls")
    found: dict[str, tuple[str, list[tuple[Cell, ...]]]] = {}
    for studio, sheet in sheets.items():
        named = Cell(f"{studio} {names[studio]}", link=anchors.get(studio))
        results: list[GateResult | CriterionResult] = [*sheet.gates, *sheet.criteria]
        for result in results:
            if not _short(result):
                continue
            _, rows = found.setdefault(result.id, (_titled(result, language), []))
            rows.append(
                (
                    named,
                    Cell(_result(result, language), align="right"),
                    Cell(reasons_said(result.reasons, language)),
                )
            )
    if not found:
        yield Paragraph(_NOBODY.get(language))
    for number, (title, rows) in enumerate(found.values(), 1):
        yield Heading(title, 2, f"short-{number}")
        yield Table(
            rows=(heads(language, _STUDIO, _GOT, _WHY), *rows),
            widths=(40, 16, 92),
            caption=title,
            head_rows=1,
        )


def _short(result: GateResult | CriterionResult) -> bool:
    if isinstance(result, GateResult):
        return result.met is False
    points, most = result.points.points, result.points.max
    return points is not None and most is not None and points < most


def _titled(result: GateResult | CriterionResult, language: Language) -> str:
    if isinstance(result, GateResult):
        return say(_GATE, language, id=result.id, label=result.label)
    most = result.points.max
    told = "" if most is None else exact(most)
    return say(_ITEM, language, id=result.id, label=result.label, most=told)


def _result(result: GateResult | CriterionResult, language: Language) -> str:
    if isinstance(result, GateResult):
        return MET[result.met].get(language)
    return points_said(result.points)
