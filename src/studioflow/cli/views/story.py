"""The story of a batch: chapter by chapter what was done, what was not, and why."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text as Cell

from studioflow.cli.layout import flow, listed, visible, width, wrap
from studioflow.cli.output import Output
from studioflow.cli.results import Case, Results
from studioflow.cli.views.sheet import MET, points_words
from studioflow.cli.views.table import cell, table
from studioflow.policy import Transition
from studioflow.programme import Outcome
from studioflow.text import Text, exact

__all__ = ["tell"]

_SIZE = Text(
    "{studios} 个工作室，{places}；必备 {gates} 项，评分 {items} 项共 {points} 分",
    "{studios} studios, {places}; {gates} gates, {items} items with {points} points in all",
)
_LEGEND = Text(
    "✓ 可以；✗ 不可以，列出全部理由和条款；→ ✓ 后来再办时可以",
    "✓ allowed; ✗ denied, with every reason and its clause; → ✓ allowed at a later attempt",
)
_PLACES = Text("{n} 个名额", "{n} places")
_NO_QUOTA = Text("名额不限", "no limit of places")
_NO_MAXIMUM = Text("不限", "no limit of")
_VARIED = Text("改动 ", "varied ")
_UNTIL = Text(" 至 ", " to ")
_DECIDED = Text(" · 决定：{decision}", " · decision: {decision}")
_LOOK_ALIKES = Text("名称容易混淆：", "names that are hard to tell apart: ")
_HEADS = (
    Text("名次", "place"),
    Text("工作室", "studio"),
    Text("总分", "total"),
    Text("必备", "gates"),
    Text("决定", "decision"),
)
_TIED = Text("并列{place}", "{place} =")
_NOT_EVALUATED = Text("未考评", "not yet")
_COUNTS = Text("办成/提出：", "Done/attempted: ")
_STEPS = Text(
    "{done} 步可以，{denied} 步不可以，每个“不可以”都说明了全部理由和条款。",
    "{done} steps were allowed and {denied} denied, each with every reason and its clause.",
)
_WRITTEN = Text(
    "{folder} 里有 {sheets} 份评分表和 {facts} 份事实文件。",
    "{folder} holds {sheets} score sheets and {facts} fact files.",
)
_NEXT = Text("接下来可以试", "What to try next")
_TRY_OUT = Text("留下评分表和事实文件", "keep the sheets and the facts")
_TRY_SCORE = Text("一份评分表，每分都有理由", "one sheet, every point with its reason")
_TRY_OPEN = Text("有事实不知道：得分是一个范围", "facts are missing: a range instead of a number")
_TRY_QUOTA = Text("名额多两个会怎样", "what two more places change")
_TRY_READING = Text("换一种读法", "another reading of the document")
_TRY_FACTS = Text("要评哪些事实", "the facts that are scored")


def tell(results: Results, output: Output, *, folder: str | None) -> None:
    """Print the story.

    Args:
        results: of the batch.
        output: where to.
        folder: where they were left, as the user wrote it.
    """
    story = _Story(results, output)
    output.show(*story.head())
    told = False
    for number, name in enumerate(story.actions(), start=1):
        output.show("", *story.chapter(number, name))
        if not told and story.scores(name):
            output.show("", *story.scores_table())
            told = True
    output.show("", *story.summary(folder), "", *story.next(folder))


class _Story:
    """The parts of one story."""

    def __init__(self, results: Results, output: Output) -> None:
        self.results = results
        self.report = results.report
        self.policy = results.report.policy
        self.say = output.say
        self.comma = "、" if output.language == "zh" else ", "
        self.columns = output.columns()
        self.order = list(self.report.batch.studios)

    def actions(self) -> list[str]:
        """Return what was attempted, in the policy's order."""
        attempted = {outcome.step.action for outcome in self.report.outcomes}
        return [name for name in self.policy.procedure.transitions if name in attempted]

    def outcomes(self, action: str) -> list[Outcome]:
        return [o for o in self.report.outcomes if o.step.action == action]

    # --- before the first step --------------------------------------------------------------

    def head(self) -> Iterator[Cell]:
        """Yield what the programme is."""
        policy, batch = self.policy, self.report.batch
        made = Cell.assemble((self.say(policy.label), "bold"), f"  {self.say(batch.label)}\n")
        source = [visible(policy.source)] if policy.source else []
        made.append(" · ".join([*source, f"{policy.id} {policy.version}"]), "dim")
        yield made
        for change in policy.reference.varied:
            yield Cell.assemble((self.say(_VARIED), "dim"), (visible(change), "yellow"))
        rubric, quota = policy.rubric, policy.quota
        sizes = {
            "studios": str(len(batch.studios)),
            "places": self._said(_PLACES, n=str(quota.places)) if quota else self.say(_NO_QUOTA),
            "gates": str(len(rubric.gates)),
            "items": str(len(rubric.criteria)),
            "points": self.say(_NO_MAXIMUM) if rubric.maximum is None else exact(rubric.maximum),
        }
        yield self._lines(self._said(_SIZE, **sizes))
        states = [self.say(state.label) for state in policy.procedure.states.values()]
        yield self._flow(states, " → ", "dim")
        yield self._lines(self.say(_LEGEND), "dim")
        for pair in batch.look_alikes:
            yield self._lines(self.say(_LOOK_ALIKES) + " / ".join(pair), "yellow")

    # --- one chapter an action --------------------------------------------------------------

    def chapter(self, number: int, action: str) -> Iterator[Cell]:
        """Yield what became of one action: allowed together, denied by their reasons."""
        transition = self.policy.procedure.transitions[action]
        outcomes = self.outcomes(action)
        yield self._heading(number, transition, outcomes)
        allowed: dict[tuple[str, ...], list[str]] = {}
        denied: dict[tuple[str, ...], list[Outcome]] = {}
        refused = {o.step.studio for o in outcomes if o.event is None}
        for outcome in outcomes:
            if outcome.event is None:
                reasons = tuple(r.explain(self.results.language) for r in outcome.verdict.reasons)
                denied.setdefault(reasons, []).append(outcome)
            elif outcome.step.studio not in refused or outcome.verdict.warnings:
                warned = tuple(r.explain(self.results.language) for r in outcome.verdict.warnings)
                allowed.setdefault(warned, []).append(outcome.step.studio)
        for warnings, studios in allowed.items():
            yield self._line("✓", "green", studios, self._decided(outcomes))
            yield from (self._lines(text, "yellow", indent=9) for text in warnings)
        for reasons, group in denied.items():
            yield self._line("✗", "red", [o.step.studio for o in group], self._later(group))
            yield from (self._lines(text, indent=9) for text in reasons)

    def _heading(self, number: int, transition: Transition, outcomes: list[Outcome]) -> Cell:
        days = sorted(outcome.step.on for outcome in outcomes)
        dates, last = days[0].isoformat(), days[-1].isoformat()
        if last != dates:
            dates += self.say(_UNTIL) + (last[5:] if days[-1].year == days[0].year else last)
        roles = self.comma.join(self.say(self.policy.roles[role].label) for role in transition.by)
        parts = [part for part in (roles, dates, transition.clause) if part]
        details = " · ".join(parts)
        title = f"{number}  {self.say(transition.label)}"
        if width(title) + width(details) + 2 <= self.columns:
            return Cell.assemble((title, "bold"), (f"  {visible(details)}", "dim"))
        return Cell.assemble((title, "bold"), "\n", self._flow(parts, " · ", "dim", indent=3))

    def _line(self, mark: str, style: str, studios: list[str], after: str = "") -> Cell:
        keys = listed([visible(key) for key in studios], [visible(key) for key in self.order])
        made = Cell.assemble((f"   {mark} {len(studios):>2}", style), "  ", (keys, "bold"))
        if len(studios) == 1:
            made.append(f" {visible(self.report.batch.studios[studios[0]].name)}")
        return made.append(after, "green")

    def _decided(self, outcomes: list[Outcome]) -> str:
        """Say what was decided, where it was the same for all; the table has the others."""
        decisions = {o.step.decision for o in outcomes if o.event is not None}
        decision = decisions.pop() if len(decisions) == 1 else None
        if decision is None:
            return ""
        label = self.say(self.policy.rubric.grades[decision].label)
        return self._said(_DECIDED, decision=label)

    def _later(self, group: list[Outcome]) -> str:
        """Say when those who were denied got it after all, if every one of them did."""
        days = set()
        for outcome in group:
            history = self.report.studios[outcome.step.studio].history
            days.add(next((e.on for e in history if e.action == outcome.step.action), None))
        day = days.pop()
        return "" if day is None or days else f" → ✓ {day.isoformat()}"

    # --- the scores -------------------------------------------------------------------------

    def scores(self, action: str) -> bool:
        """Return whether sheets were made in this chapter."""
        return any(o.event is not None and o.event.sheet is not None for o in self.outcomes(action))

    def scores_table(self) -> Iterator[Table | Cell]:
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
        for key, case in self._ranked():
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
            yield self._flow(legend, " · ", "dim")
        for key, case in self.results.cases.items():
            for gate in case.sheet.gates:
                if gate.met is False:
                    reasons = [reason.explain(self.results.language) for reason in gate.reasons]
                    said = f"✗ {key} {self.say(gate.label)}: {self.comma.join(reasons)}"
                    yield self._lines(said, "red")

    def _ranked(self) -> list[tuple[str, Case]]:
        """Return the ranked first, then those who are not eligible, then those still open."""
        places = {rank.studio: position for position, rank in enumerate(self.report.ranking)}
        last = len(places)
        return sorted(
            self.results.cases.items(),
            key=lambda item: (places.get(item[0], last), not item[1].evaluated),
        )

    def _place(self, key: str) -> str:
        for rank in self.report.ranking:
            if rank.studio == key:
                return self._said(_TIED, place=str(rank.place)) if rank.tied else str(rank.place)
        return "—"

    def _name(self, key: str) -> str:
        return f"{key} {self.report.batch.studios[key].name}"

    def _decision(self, case: Case) -> Cell:
        if not case.evaluated:
            return cell(self.say(_NOT_EVALUATED), "yellow")
        grades = self.policy.rubric.grades
        decided = self.report.studios[case.studio].decision or case.sheet.grade
        if decided is None:
            return cell("")
        best = decided == next(iter(grades))
        return cell(self.say(grades[decided].label), "bold green" if best else "")

    # --- after the last step ----------------------------------------------------------------

    def summary(self, folder: str | None) -> Iterator[Cell]:
        """Yield the counts."""
        counts = []
        for action in self.actions():
            outcomes = self.outcomes(action)
            done = {o.step.studio for o in outcomes if o.event is not None}
            asked = {o.step.studio for o in outcomes}
            label = self.say(self.policy.procedure.transitions[action].label)
            counts.append(f"{label} {len(done)}/{len(asked)}")
        counts[:1] = [self.say(_COUNTS) + counts[0]] if counts else []
        yield self._flow(counts, " · ", "bold")
        denied = sum(outcome.event is None for outcome in self.report.outcomes)
        done_steps = len(self.report.outcomes) - denied
        yield self._lines(self._said(_STEPS, done=str(done_steps), denied=str(denied)))
        if folder is not None:
            cases = self.results.cases.values()
            sheets = sum(case.evaluated for case in cases)
            counted = {"sheets": str(sheets), "facts": str(len(cases))}
            yield self._lines(self._said(_WRITTEN, folder=folder, **counted), "green")

    def next(self, folder: str | None) -> Iterator[Cell]:
        """Yield commands that work right away, or after the first of them."""
        yield cell(self.say(_NEXT), "bold")
        # What `uv run` starts is not on the path of the shell that it was typed into.
        prefix = "uv run " if "UV_RUN_RECURSION_DEPTH" in os.environ else ""
        for command, why in self._suggestions(folder):
            line = prefix + command
            comment = f"# {self.say(why)}"
            fits = width(line) + width(comment) + 4 <= self.columns
            yield Cell.assemble(
                f"  {visible(line)}", (("  " if fits else "\n    ") + comment, "dim")
            )

    def _suggestions(self, folder: str | None) -> Iterator[tuple[str, Text]]:
        policy = self.policy
        if folder is None:
            yield "studioflow demo --out demo", _TRY_OUT
        facts = f"{folder or 'demo'}/facts"
        wanted: Iterable[tuple[bool, Text]] = ((True, _TRY_SCORE), (False, _TRY_OPEN))
        for evaluated, why in wanted:
            key = next((k for k, c in self._ranked() if c.evaluated is evaluated), None)
            if key is not None:
                yield f"studioflow score {facts}/{key}.toml --policy {policy.id}", why
        if policy.quota is not None:
            yield f"studioflow demo --set quota/places={policy.quota.places + 2}", _TRY_QUOTA
        for name, reading in policy.readings.items():
            other = next((v for v in reading.values if v != reading.value), None)
            if other is not None:
                yield f"studioflow demo --set readings/{name}={other}", _TRY_READING
                break
        yield f"studioflow facts {policy.id}", _TRY_FACTS

    # --- how it is said ---------------------------------------------------------------------

    def _said(self, text: Text, **parameters: str) -> str:
        said = self.say(text)
        for name, value in parameters.items():
            said = said.replace(f"{{{name}}}", value)
        return said

    def _lines(self, text: str, style: str = "", *, indent: int = 0) -> Cell:
        return _indented(wrap(visible(text), self.columns - indent), style, indent)

    def _flow(self, items: list[str], separator: str, style: str = "", *, indent: int = 0) -> Cell:
        shown = [visible(item) for item in items]
        return _indented(flow(shown, separator, self.columns - indent), style, indent)


def _indented(lines: list[str], style: str, indent: int) -> Cell:
    made = Cell()
    for position, line in enumerate(lines):
        made.append("\n" if position else "").append(" " * indent).append(line, style)
    return made
