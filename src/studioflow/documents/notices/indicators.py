"""The indicator export: what each unit's studios amount to, for the assessment (5a.1)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby

from attrs import frozen

from studioflow.codec import exact_number
from studioflow.documents.paper import Block, Cell, Heading, Paper, Paragraph, Table
from studioflow.documents.report.words import MET, heads, points_said, say
from studioflow.documents.values import shown
from studioflow.lifecycle.duties import overdue
from studioflow.policy import Policy
from studioflow.policy.record_fields import RecordField
from studioflow.programme import Programme
from studioflow.studio import Studio
from studioflow.text import Language, Text, exact, message

__all__ = ["Indicator", "indicator_export", "indicators", "indicators_csv"]

_TITLE = Text(
    "{policy}：党建工作目标管理动态考核指标", "{policy}: indicators for the assessment of targets"
)
_WHY = Text(
    "工作室创建纳入党建工作目标管理动态考核（5a.1）。截至{day}，按单位列出。",
    "Studios are an indicator in the dynamic assessment of Party-building targets (5a.1). As of"
    " {day}, by unit.",
)
_STUDIO = Text("工作室", "Studio")
_UNIT = Text("单位", "Unit")
_NAME = Text("指标", "Indicator")
_VALUE = Text("数值", "Value")
_MEASURED_IN = Text("计量单位", "Measured in")
_CLAUSE = Text("条款", "Clause")
_STATE = Text("状态", "state")
_GATE = Text("必备项：{label}", "gate: {label}")
_TOTAL = Text("总分", "total")
_SECTION = Text("得分：{label}", "points: {label}")
_RECORDS = Text("记录：{label}", "records: {label}")
_MONEY = Text("金额：{label}", "money: {label}")
_OVERDUE = Text("逾期事项", "duties overdue")
_POINTS = Text("分", "points")
_PIECES = Text("条", "records")
_YUAN = Text("元", "yuan")
_TIMES = Text("项", "duties")
_NO_UNIT = Text("（未申报单位）", "(no unit declared)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOBODY = message("no_indicators", zh="没有工作室。", en="There are no studios.")


@frozen(kw_only=True)
class Indicator:
    """One number, or one word, about one studio.

    Attributes:
        unit: whose studio it is.
        studio, name: its id and its name.
        id: what it is, for a program: `total`, `sections/5.2`, `facts/activities`, `records/goal`.
        label: what it is, for people.
        value: exact; a word for a state or a gate; None where it is not known yet.
        measured_in: the unit of the value.
    """

    unit: str | None
    studio: str
    name: str
    id: str
    label: Text
    value: Text | str | None
    measured_in: Text | None = None
    clause: str | None = None

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return it ready for JSON."""
        value = self.value.get(language) if isinstance(self.value, Text) else self.value
        return {
            "unit": self.unit,
            "studio": self.studio,
            "name": self.name,
            "indicator": self.id,
            "label": self.label.get(language),
            "value": value,
            "measured_in": self.measured_in and self.measured_in.get(language),
            "clause": self.clause,
        }


def indicators(programme: Programme) -> tuple[Indicator, ...]:
    """Return what each studio amounts to: state, gates, points, facts, records, money, duties.

    They come from the policy: every fact that is measured, every kind of record, every sum of
    money. Nobody is named.
    """
    return tuple(each for studio in programme.studios() for each in _of(studio, programme))


def indicator_export(programme: Programme, *, language: Language = "en") -> Paper:
    """Return the indicators as a paper, unit by unit.

    Args:
        programme: whose register is read.
        language: of every word.
    """
    title = say(_TITLE, language, policy=programme.policy.label)
    blocks: list[Block] = [
        Paragraph(title, style="title"),
        Paragraph(say(_WHY, language, day=programme.today())),
    ]
    found = sorted(indicators(programme), key=lambda each: (each.unit or "", each.studio))
    if not found:
        blocks.append(Paragraph(_NOBODY.text.get(language)))
    for number, (unit, several) in enumerate(groupby(found, key=lambda each: each.unit), 1):
        named = unit or _NO_UNIT.get(language)
        blocks.append(Heading(named, 1, f"unit-{number}"))
        blocks.append(_table(named, several, language))
    return Paper(title=title, blocks=tuple(blocks), language=language, footer=programme.policy.id)


def indicators_csv(found: Iterable[Indicator], language: Language = "en") -> str:
    """Return indicators as CSV, in which no spreadsheet program sees a formula.

    A text that begins like one has an apostrophe before it.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    keys = ("unit", "studio", "name", "indicator", "label", "value", "measured_in", "clause")
    writer.writerow(keys)
    for each in found:
        told = each.to_dict(language)
        writer.writerow([_plain(told[key]) for key in keys])
    return written.getvalue()


def _plain(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _table(unit: str, found: Iterable[Indicator], language: Language) -> Table:
    rows = [heads(language, _STUDIO, _NAME, _VALUE, _MEASURED_IN, _CLAUSE)]
    for each in found:
        told = each.to_dict(language)
        rows.append(
            (
                Cell(f"{each.studio} {each.name}"),
                Cell(each.label.get(language), head=True),
                Cell("" if told["value"] is None else str(told["value"]), align="right"),
                Cell(str(told["measured_in"] or "")),
                Cell(each.clause or "", align="center"),
            )
        )
    return Table(rows=tuple(rows), widths=(40, 60, 30, 20, 16), caption=unit, head_rows=1)


def _of(studio: Studio, programme: Programme) -> Iterator[Indicator]:
    policy = programme.policy_of(studio)
    state = policy.procedure.states.get(studio.state)
    told = _About(studio)
    yield told("state", _STATE, Text(studio.state, studio.state) if state is None else state.label)
    sheet = studio.sheet
    if sheet is None and (studio.marks or studio.facts):
        sheet = programme.score(studio)
    if sheet is not None:
        for gate in sheet.gates:
            yield told(f"gates/{gate.id}", _within(_GATE, gate.label), MET[gate.met], None, gate.id)
        for section in sheet.sections:
            label = _within(_SECTION, section.label)
            yield told(f"sections/{section.id}", label, points_said(section.points), _POINTS)
        yield told("total", _TOTAL, points_said(sheet.total), _POINTS)
        for name, each in sheet.measured.items():
            fact = policy.facts[name]
            declared = RecordField(
                type="choice" if fact.values else "text", label=fact.label, values=fact.values
            )
            value = None if each.value is None else _value(declared, each.value)
            yield told(f"facts/{name}", fact.label, value, fact.unit, fact.clause)
    yield from _on_file(studio, policy, told)
    duties = policy.procedure.duties.values()
    late = sum(bool(overdue(duty, policy, studio, programme.today())) for duty in duties)
    if duties:
        yield told("overdue", _OVERDUE, str(late), _TIMES)


def _value(declared: RecordField, value: object) -> Text | str:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, int | Fraction):
        return exact(value)
    return Text(shown(declared, value, "zh"), shown(declared, value, "en"))


def _on_file(studio: Studio, policy: Policy, told: _About) -> Iterator[Indicator]:
    counts = Counter(record.kind for record in studio.records.values())
    for name, kind in policy.record_kinds.items():
        label = _within(_RECORDS, kind.label)
        yield told(f"records/{name}", label, str(counts[name]), _PIECES, kind.clause)
        for key, declared in kind.fields.items():
            if declared.type == "money" and counts[name]:
                amounts = (record.data.get(key) for record in studio.of_kind(name))
                known = (exact_number(each) for each in amounts if each is not None)
                amount = sum(known, Fraction(0))
                label = _within(_MONEY, kind.label)
                yield told(f"money/{name}/{key}", label, exact(amount), _YUAN, kind.clause)


def _within(text: Text, label: Text) -> Text:
    return Text(say(text, "zh", label=label), say(text, "en", label=label))


class _About:
    """Makes indicators of one studio."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def __call__(
        self,
        name: str,
        label: Text,
        value: Text | str | None,
        measured_in: Text | None = None,
        clause: str | None = None,
    ) -> Indicator:
        return Indicator(
            unit=self.studio.unit,
            studio=self.studio.id,
            name=self.studio.name,
            id=name,
            label=label,
            value=value,
            measured_in=measured_in,
            clause=clause,
        )
