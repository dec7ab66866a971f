"""The public list: who is proposed for what, for everybody to see before it stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.documents.paper import Block, Cell, Paper, Paragraph, Table
from studioflow.documents.report.words import grade_said, heads, say
from studioflow.programme import Programme
from studioflow.studio import Studio
from studioflow.text import Language, Text, exact, message

__all__ = ["public_list"]

LIST_OF_NOBODY = message(
    "public_list_of",
    zh="states 或 grades：名单要列出处于什么状态、得到什么等级的工作室",
    en="states or grades: which states or grades the list is of",
)
_TITLE = Text("{policy}公示", "{policy}: public list")
_INTRODUCED = Text(
    "现将以下{count}个工作室予以公示。",
    "The following {count} studios are made known to the public.",
)
_PERIOD = Text("公示期：{start}至{end}。", "Period: {start} to {end}.")
_OBJECTIONS = Text(
    "公示期内如有异议，请向{where}反映。", "Objections in this period go to {where}."
)
_NUMBER = Text("序号", "No.")
_STUDIO = Text("工作室", "Studio")
_UNIT = Text("单位", "Unit")
_LEAD = Text("领衔人", "Lead")
_STATE = Text("状态", "State")
_GRADE = Text("等级或决定", "Grade or decision")
_TOTAL = Text("总分", "Total")
_SIGNED = Text("{by}\n{day}", "{by}\n{day}")


def public_list(  # noqa: PLR0913 - each is a choice of its own
    programme: Programme,
    *,
    states: Collection[str] = (),
    grades: Collection[str] = (),
    period: tuple[date, date] | None = None,
    objections: str = "",
    signed: str = "",
    points: bool = False,
    personal: bool = False,
    language: Language = "en",
) -> Paper:
    """Return the list of the studios in some states, or with some grades or decisions.

    Args:
        programme: whose register is read.
        states: that the list is of.
        grades: that the list is of; decisions stand in for them where there is no cut-off.
        period: the first and the last day on which it is made known.
        objections: to whom they go.
        signed: who publishes it.
        points: whether totals stand in it.
        personal: whether the names of the leads stand in it.
        language: of every word.

    Raises:
        InputError: for a list of nothing, and names that the policy does not have.
    """
    policy = programme.policy
    collector = Collector()
    with collector.under():
        if not states and not grades:
            raise wrong(LIST_OF_NOBODY, "-")
    for key, names, known in (
        ("states", states, policy.procedure.states),
        ("grades", grades, policy.rubric.grades),
    ):
        for name in names:
            with collector.under(key):
                if name not in known:
                    raise wrong(UNKNOWN_NAME, name, known=known)
    collector.finish()
    listed = [s for s in programme.studios() if _belongs(s, states, grades)]
    title = say(_TITLE, language, policy=policy.label)
    blocks: list[Block] = [
        Paragraph(title, style="title"),
        Paragraph(say(_INTRODUCED, language, count=len(listed))),
    ]
    if period is not None:
        start, end = period
        blocks.append(Paragraph(say(_PERIOD, language, start=start, end=end)))
    if objections:
        blocks.append(Paragraph(say(_OBJECTIONS, language, where=objections)))
    columns = [_NUMBER, _STUDIO, _UNIT, _STATE, _GRADE]
    widths = [10, 46, 46, 20, 22]
    if personal:
        columns.append(_LEAD)
        widths.append(22)
    if points:
        columns.append(_TOTAL)
        widths.append(16)
    rows = [heads(language, *columns)]
    for number, studio in enumerate(listed, 1):
        state = policy.procedure.states.get(studio.state)
        cells = [
            Cell(str(number), align="right"),
            Cell(studio.name),
            Cell(studio.unit or ""),
            Cell(studio.state if state is None else state.label.get(language)),
            Cell(grade_said(studio.sheet, studio.decision, policy, language)),
        ]
        if personal:
            cells.append(Cell(studio.application.lead.name if studio.application else ""))
        if points:
            total = None if studio.sheet is None else studio.sheet.total.points
            cells.append(Cell("" if total is None else exact(total), align="right"))
        rows.append(tuple(cells))
    table = Table(rows=tuple(rows), widths=tuple(widths), caption=title, head_rows=1)
    blocks.append(table)
    if signed:
        told = say(_SIGNED, language, by=signed, day=programme.today())
        blocks.append(Paragraph(told, align="right"))
    return Paper(title=title, blocks=tuple(blocks), language=language)


def _belongs(studio: Studio, states: Collection[str], grades: Collection[str]) -> bool:
    grade = studio.decision
    if studio.sheet is not None and studio.sheet.grade is not None:
        grade = studio.sheet.grade
    return (not states or studio.state in states) and (not grades or grade in grades)
