"""A score sheet for people: gates, items with their reasons, what is open, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from rich.table import Table
from rich.text import Text as Cell

from studioflow.cli.layout import visible, width, wrap
from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, lines, table
from studioflow.people import Mark
from studioflow.policy import Policy, Reading
from studioflow.rubric import (
    CriterionResult,
    DeductionResult,
    GateResult,
    Points,
    ScoreSheet,
)
from studioflow.text import Text, exact
from studioflow.verdict import Reason

__all__ = ["MET", "points_words", "sheet_view"]

_VERSION = Text("版本 {version}", "version {version}")
_VARIED = Text("改动 ", "varied ")
_GATES = Text("必备项", "Gates")
_CRITERIA = Text("评分项", "Items")
_DEDUCTIONS = Text("从总分中扣除", "Taken off the total")
_TOTAL = Text("总分", "Total")
_ELIGIBLE = {
    True: Text("必备项全部达到", "every gate is met"),
    False: Text("有必备项未达到，不具备资格", "a gate is not met, so the studio is not eligible"),
    None: Text("必备项还不能全部确定", "not every gate is decided yet"),
}
_CAPPED = Text(
    "具备资格；未达到的必备项限制等级", "eligible; a gate that is not met caps the grade"
)
MET = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}
_GRADE = Text("等级 ", "Grade ")
_NO_CUT_OFF = Text("没有分数线，由委员会决定", "no cut-off is set: for the committee to decide")
_GRADE_OPEN = Text("还不能确定", "not certain yet")
_BY_PLACES = Text(
    "各等级名额有限，最终以同批排名为准",
    "places are limited: the ranking of the batch has the last word",
)
_WITHHELD = Text("必备项未达到，不给出得分", "no points while a gate is not met")
_OPEN = Text("还有 {n} 项事实不知道", "Facts not known yet: {n}")
_FROM_SOMEBODY = Text("没有说明由谁提供", "from whom is not said")
_FROM = Text("由{who}提供", "from {who}")
_READINGS = Text("采用的读法 ", "Readings in force: ")
_OTHER_READINGS = Text("另选的读法", "Readings chosen otherwise")
_POINTS = Text("{points}分", "{points} points")
_YES_NO = {True: Text("达到", "met"), False: Text("未达到", "not met")}

_ALL = Fraction(100)
_MAX_COLUMNS = 100
"""Points stand at the right edge; further away from their label the eye loses the line."""


def sheet_view(sheet: ScoreSheet, policy: Policy, output: Output, *, title: str) -> None:
    """Print a sheet.

    Args:
        sheet: to print.
        policy: that it was scored by, for labels.
        output: where to.
        title: whose sheet it is.
    """
    view = _SheetView(sheet, policy, output)
    output.show(view.head(title), "", *view.gates(), "", *view.criteria())
    output.show(*view.deductions(), "", *view.result())
    if sheet.open:
        output.show("", *view.open())
    output.show("", *view.readings())


def points_words(points: Points) -> tuple[str, str]:
    """Return points, or the range that is still possible, and the style to show them in."""
    if points.points is not None:
        return exact(points.points), "bold"
    if points.range is None:
        return "—", "dim"
    return "–".join(_end(end) for end in points.range), "yellow"


def _end(end: Fraction | None) -> str:
    return "…" if end is None else exact(end)


class _SheetView:
    """The parts of one sheet."""

    def __init__(self, sheet: ScoreSheet, policy: Policy, output: Output) -> None:
        self.sheet = sheet
        self.policy = policy
        self.say = output.say
        self.language = output.language
        self.columns = min(output.columns(), _MAX_COLUMNS)
        ids = [gate.id for gate in sheet.gates]
        ids += [item.id for items in (sheet.criteria, sheet.deductions) for item in items]
        self.indent = 3 + max(map(width, ids), default=0)
        self.maximum = max(
            len(_maximum(points))
            for points in (
                sheet.total,
                *(part.points for part in sheet.sections),
                *(taken.points for taken in sheet.deductions),
            )
        )
        self.marks: Mapping[str, list[Mark]] = {
            mark.criterion: [m for m in sheet.marks if m.criterion == mark.criterion]
            for mark in sheet.marks
        }

    def head(self, title: str) -> Cell:
        """Say whose sheet it is, and by which policy to the letter."""
        reference = self.sheet.policy
        version = self.say(_VERSION).replace("{version}", reference.version)
        made = Cell.assemble((visible(title), "bold"), f"  {self.say(self.policy.label)}\n")
        made.append(f"{reference.id} · {version} · {reference.fingerprint[:19]}…", "dim")
        for change in reference.varied:
            made.append(f"\n{self.say(_VARIED)}", "dim").append(visible(change), "yellow")
        return made

    def gates(self) -> Iterator[Cell]:
        """Yield a line for each gate, and its reasons."""
        if self.sheet.gates:
            yield cell(self.say(_GATES), "bold underline")
        for gate in self.sheet.gates:
            mark, style = MET[gate.met]
            yield Cell.assemble((f"{mark} ", style), f"{visible(gate.id)} {self.say(gate.label)}")
            yield from self._why(gate)

    def criteria(self) -> Iterator[Cell]:
        """Yield a line with points for each section and each item, and the item's reasons."""
        yield cell(self.say(_CRITERIA), "bold underline")
        for section in self.sheet.sections:
            label = self.say(section.label)
            if section.weight != _ALL:
                label += f" ×{exact(section.weight)}%"
            yield self._points(section.id, label, section.points, "bold")
            for result in self.sheet.criteria:
                if result.section == section.id:
                    yield self._points(f"  {result.id}", self.say(result.label), result.points)
                    yield from self._why(result)

    def deductions(self) -> Iterator[Cell]:
        """Yield what is taken off the total, and why."""
        if self.sheet.deductions:
            yield cell("")
            yield cell(self.say(_DEDUCTIONS), "bold underline")
        for result in self.sheet.deductions:
            yield self._points(result.id, self.say(result.label), result.points)
            yield from self._why(result)

    def _points(self, name: str, label: str, points: Points, style: str = "") -> Cell:
        """Return a label with its points at the right edge."""
        words, points_style = points_words(points)
        right = f"{words:>5} {_maximum(points):<{self.maximum}}"
        first, *others = wrap(f"{visible(name)} {label}", self.columns - len(right) - 2)
        lead = self.columns - width(first) - len(right) - 1
        made = Cell(first, style)
        made.append(f" {'·' * (lead - 1)} " if lead > 1 else " ", "dim not bold")
        made.append(f"{words:>5}", points_style)
        made.append(f" {_maximum(points):<{self.maximum}}", "dim not bold")
        for other in others:
            made.append(f"\n{' ' * self.indent}{other}", style)
        return made

    def _why(self, result: GateResult | CriterionResult | DeductionResult) -> Iterator[Cell]:
        """Yield the reasons with the facts used, then who marked it."""
        failed = isinstance(result, GateResult) and result.met is False
        yield from self._because(result.reasons, result.id, "red" if failed else "")
        if not isinstance(result, GateResult):
            judged = {self.policy.rubric.judged_facts.get(name) for name in self.marks}
            facts = [f"{n}={_plain(v)}" for n, v in result.facts.items() if n not in judged]
            if facts:
                yield self._indented(" ".join(facts), "dim")
        for mark in self.marks.get(result.id, []):
            yield self._indented(self._mark(mark), "cyan")

    def _because(self, reasons: Iterable[Reason], item: str, style: str = "") -> Iterator[Cell]:
        semicolon = "；" if self.language == "zh" else "; "
        told = semicolon.join(self._reason(reason, item) for reason in reasons)
        if told:
            yield self._indented(told, style)

    def _indented(self, text: str, style: str) -> Cell:
        made = Cell()
        for position, line in enumerate(wrap(visible(text), self.columns - self.indent)):
            made.append("\n" if position else "").append(" " * self.indent).append(line, style)
        return made

    def _reason(self, reason: Reason, item: str) -> str:
        """Say a reason, with its clause where that is not the item's own id."""
        text = reason.text(self.language)
        return text if reason.clause in {None, item} else reason.explain(self.language)

    def _mark(self, mark: Mark) -> str:
        role = self.policy.roles[mark.role].label if mark.role in self.policy.roles else None
        if mark.points is not None:
            value = self.say(_POINTS).replace("{points}", exact(mark.points))
        else:
            value = self.say(_YES_NO[bool(mark.met)])
        words = [f"{self.say(role) if role else mark.role} {mark.by}", value]
        words += [f"“{mark.remark}”"] if mark.remark else []
        return " · ".join(words)

    def result(self) -> Iterator[Cell]:
        """Yield total, eligibility and grade."""
        sheet = self.sheet
        yield self._points(self.say(_TOTAL), "", sheet.total, "bold")
        if sheet.gates:
            mark, style = MET[sheet.eligible]
            said = _ELIGIBLE[sheet.eligible]
            if sheet.eligible and not all(gate.met for gate in sheet.gates):
                said = _CAPPED
            yield cell(f"{mark} {self.say(said)}", style)
        if sheet.total.range is None:
            yield cell(self.say(_WITHHELD), "dim")
        grades = self.policy.rubric.grades
        if sheet.grade is not None:
            yield Cell.assemble(self.say(_GRADE), (self.say(grades[sheet.grade].label), "bold"))
            if any(grade.places for grade in grades.values()):
                yield cell(self.say(_BY_PLACES), "dim")
        elif grades:
            cut = any(grade.computed for grade in grades.values())
            yield cell(self.say(_GRADE) + self.say(_GRADE_OPEN if cut else _NO_CUT_OFF))
        for graded in sheet.grades:
            mark, style = MET[graded.met]
            yield Cell.assemble((f"{mark} ", style), self.say(graded.label))
            yield from self._because(graded.reasons, graded.id)

    def open(self) -> Iterable[Cell | Table]:
        """Return what is not known yet, with who supplies it."""
        count = self.say(_OPEN).replace("{n}", str(len(self.sheet.open)))
        yield cell(count, "yellow")
        comma = "、" if self.language == "zh" else ", "
        names = max(width(name) for name in self.sheet.open)
        inspected = self.policy.site_check.facts()
        by_source: dict[str, list[str]] = {}
        for name in self.sheet.open:
            roles = self.policy.facts[name].supplied_by
            who = comma.join(self.say(self.policy.roles[role].label) for role in roles)
            source = self.say(_FROM).replace("{who}", who) if who else self.say(_FROM_SOMEBODY)
            if name in inspected:
                source = self.say(self.policy.site_check.label)
            by_source.setdefault(source, []).append(name)
        for source, facts in by_source.items():
            yield lines([(source, "dim")], self.columns)
            rows = table("", "", "")
            for name in facts:
                fact = self.policy.facts[name]
                clause = fact.clause or ""
                rest = self.columns - names - width(clause) - 4
                label = lines([(self.say(fact.label), "")], rest)
                rows.add_row(cell(f"  {name:{names}}", "bold"), label, cell(clause, "dim"))
            yield rows

    def readings(self) -> Iterator[Cell]:
        """Yield every answer in force; one that was chosen in place of the first is spelt out."""
        chosen = {
            path.split("/")[1] for path in self.policy.changes if path.startswith("readings/")
        }
        others = {n: r for n, r in self.policy.readings.items() if _is_other(r) or n in chosen}
        first = [f"{n}={v}" for n, v in self.sheet.readings.items() if n not in others]
        if others:
            yield cell(self.say(_OTHER_READINGS), "yellow")
        for name, reading in others.items():
            answer = wrap(visible(self._answer(name, reading)), self.columns - 2)
            yield Cell("\n".join(f"  {line}" for line in answer), "yellow")
        if first:
            yield lines([(self.say(_READINGS) + " ".join(first), "dim")], self.columns)

    def _answer(self, name: str, reading: Reading) -> str:
        answer = reading.values.get(str(reading.value))
        words = [f"{name}={reading.in_force}", self.say(answer) if answer else ""]
        words.append(f"({reading.clause})" if reading.clause else "")
        return " ".join(word for word in words if word)


def _maximum(points: Points) -> str:
    return "" if points.max is None else f"/{exact(points.max)}"


def _is_other(reading: Reading) -> bool:
    """Return whether the answer in force is another one than the first."""
    return reading.in_force != next(iter(reading.values), "none")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else exact(value)  # type: ignore[arg-type] # a number
