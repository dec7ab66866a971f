"""The scores of a batch: every sheet in a row, and where some of the points come from."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text as Cell

from studioflow.cli.cases import Case
from studioflow.cli.layout import width
from studioflow.cli.views.evidence import counted, pooled
from studioflow.cli.views.sheet import MET, points_words
from studioflow.cli.views.table import cell, table
from studioflow.cli.views.telling import Teller
from studioflow.text import Text, exact

__all__ = ["Scores"]

_HEADS = (
    Text("名次", "place"),
    Text("工作室", "studio"),
    Text("总分", "total"),
    Text("必备", "gates"),
    Text("决定", "decision"),
)
_TIED = Text("并列{place}", "{place} =")
_NOT_EVALUATED = Text("未考评", "not yet")
_WAITS = Text("待决定", "to decide")
_SETTLED = Text("按各等级的名额：", "By the places of each grade:")
_COUNTED = Text("计入的记录，例如：", "What was counted, for example:")
_POOLED = Text("几个评分合成一个，例如：", "Several marks become one, for example:")


class Scores(Teller):
    """The table of the scores."""

    def table(self) -> Iterator[Table | Cell]:
        """Yield every sheet in a row, best first, and why a gate is not met."""
        sections = self.policy.rubric.sections
        place, studio, total, gates, decision = map(self.say, _HEADS)
        maxima = [self.policy.rubric.maxima[name] for name in sections]
        heads = [
            name if maximum is None else f"{name}\n/{exact(maximum)}"
            for name, maximum in zip(sections, maxima, strict=True)
        ]
        grades = self.policy.rubric.grades.values()
        fixed = [
            width(place) + 1,
            max(width(self._name(key)) for key in self.results.cases),
            max(width(points_words(c.sheet.total)[0]) for c in self.results.cases.values()),
            width(gates),
            max(width(self.say(text)) for text in (_HEADS[-1], *(g.label for g in grades))),
        ]
        if sum(fixed) + 2 * len(fixed) + 6 * len(heads) > self.columns:
            sections, heads = {}, []
        numbers = range(2, len(heads) + 3)
        rows = table(place, studio, *heads, total, gates, decision, right=numbers)
        for key, case in self.results.ranked:
            mark, style = MET[case.sheet.eligible]
            points = {part.id: part.points for part in case.sheet.sections}
            rows.add_row(
                cell(self._place(key)),
                cell(self._name(key)),
                *(cell(points_words(points[name])[0]) for name in sections),
                cell(*points_words(case.sheet.total)),
                cell(mark, style),
                self._decision(case),
            )
        yield rows
        if heads:
            legend = [f"{name} {self.say(section.label)}" for name, section in sections.items()]
            yield self.flow(legend, " · ", "dim")
        yield from self._settled()
        for key, case in self.results.cases.items():
            for gate in case.sheet.gates:
                if gate.met is False:
                    reasons = [reason.explain(self.results.language) for reason in gate.reasons]
                    said = f"✗ {key} {self.say(gate.label)}: {self.comma.join(reasons)}"
                    yield self.lines(said, "red")
        for head, lines in (
            (_COUNTED, list(counted(self.results.cases, self.results.language))),
            (_POOLED, list(pooled(self.results.cases, self.results.language))),
        ):
            if lines:
                yield cell(self.say(head), "bold")
            yield from (self.lines(line, indent=2) for line in lines)

    def _settled(self) -> Iterator[Cell]:
        """Yield what the places of the grades change, and what is to be decided about ties."""
        if self.report.settled is not None:
            yield cell(self.say(_SETTLED), "bold")
            for line in self.report.settled.explain(self.results.language).splitlines():
                yield self.lines(line, indent=2)

    def _place(self, key: str) -> str:
        for rank in self.report.ranking:
            if rank.studio == key:
                return self.said(_TIED, place=str(rank.place)) if rank.tied else str(rank.place)
        return "—"

    def _name(self, key: str) -> str:
        return f"{key} {self.report.batch.studios[key].name}"

    def _decision(self, case: Case) -> Cell:
        if not case.evaluated:
            return cell(self.say(_NOT_EVALUATED), "yellow")
        grades = self.policy.rubric.grades
        settled = self.report.settled.of(case.studio) if self.report.settled else None
        if settled is not None and settled.waits:
            return cell(self.say(_WAITS), "yellow")
        if settled is not None and settled.grade is not None:
            return cell(self.say(grades[settled.grade].label))
        decided = self.report.studios[case.studio].decision or case.sheet.grade
        if decided is None:
            return cell("")
        best = decided == next(iter(grades))
        return cell(self.say(grades[decided].label), "bold green" if best else "")
