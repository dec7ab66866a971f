"""The story of a batch: chapter by chapter what was done, what was not, and why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from rich.text import Text as Cell

from studioflow.cli.demo_papers import INDEX
from studioflow.cli.layout import listed, visible, width
from studioflow.cli.output import Output
from studioflow.cli.results import Results
from studioflow.cli.views.header import head
from studioflow.cli.views.scores import Scores
from studioflow.cli.views.suggestions import suggestions
from studioflow.cli.views.table import cell
from studioflow.cli.views.telling import Teller
from studioflow.policy import Transition
from studioflow.programme import Outcome
from studioflow.studio import Event
from studioflow.text import Text, exact

__all__ = ["tell"]

_UNTIL = Text(" 至 ", " to ")
_DECIDED = Text(" · 决定：{decision}", " · decision: {decision}")
_GRANTED = Text(" · 每个{amount}元", " · {amount} yuan each")
_GAPS = Text("尚缺：", "missing: ")
_AGAIN = Text("{day}再次{action}", "{state} again on {day}")
_SET_ASIDE = Text(" · 试图特批：{what}", " · tried to set aside: {what}")
_KEPT = Text("共{n}条记录：{kinds}等", "{n} records, such as: {kinds}")
_MOST_KINDS = 4
_COUNTS = Text("办成/提出：", "Done/attempted: ")
_STEPS = Text(
    "{done} 步可以，{denied} 步不可以，每个“不可以”都说明了全部理由和条款。",
    "{done} steps were allowed and {denied} denied, each with every reason and its clause.",
)
_WRITTEN = Text(
    "{folder} 里有 {sheets} 份评分表、{facts} 份事实文件和 {cases} 份案卷。",
    "{folder} holds {sheets} score sheets, {facts} fact files and {cases} case files.",
)
_DOCUMENTS = Text(
    "另有 {papers} 份表格和报告，从 {index} 看起。",
    "{papers} forms and reports besides: begin with {index}.",
)
_NEXT = Text("接下来可以试", "What to try next")


def tell(results: Results, output: Output, *, folder: str | None) -> None:
    """Print the story.

    Args:
        results: of the batch.
        output: where to.
        folder: where they were left, as the user wrote it.
    """
    story = _Story(results, output)
    output.show(*head(results, output))
    told = False
    for number, name in enumerate(story.actions(), start=1):
        output.show("", *story.chapter(number, name))
        if not told and story.scores(name):
            output.show("", *Scores(results, output).table())
            told = True
    output.show("", *story.summary(folder), "", *story.next(folder))


class _Story(Teller):
    """The parts of one story."""

    def __init__(self, results: Results, output: Output) -> None:
        super().__init__(results, output)
        self.order = list(self.report.batch.studios)

    def actions(self) -> list[str]:
        """Return what was attempted, in the order of the first attempts."""
        return list(dict.fromkeys(outcome.step.action for outcome in self.report.outcomes))

    def outcomes(self, action: str) -> list[Outcome]:
        return [o for o in self.report.outcomes if o.step.action == action]

    # --- one chapter an action --------------------------------------------------------------

    def chapter(self, number: int, action: str) -> Iterator[Cell]:
        """Yield what became of one action: allowed together, denied by their reasons."""
        transition = self.policy.procedure.transitions[action]
        outcomes = self.outcomes(action)
        yield self._heading(number, transition, outcomes)
        allowed: dict[tuple[str, ...], list[Outcome]] = {}
        denied: dict[tuple[str, tuple[str, ...]], list[Outcome]] = {}
        refused: set[str] = set()  # told with an arrow, if they are allowed later
        for outcome in outcomes:
            if outcome.event is None:
                reasons = tuple(r.explain(self.results.language) for r in outcome.verdict.reasons)
                denied.setdefault((self._attempted(outcome), reasons), []).append(outcome)
                refused.add(outcome.step.studio)
            elif outcome.step.studio not in refused or self._told(outcome):
                allowed.setdefault(self._told(outcome), []).append(outcome)
        for told, group in allowed.items():
            yield self._line("✓", "green", group, self._decided(outcomes) + self._granted(group))
            yield from (self.lines(text, "yellow", indent=9) for text in told)
        for (attempted, reasons), group in denied.items():
            later = self._later(group, outcomes) if transition.moves else ""
            yield self._line("✗", "red", group, later, attempted=attempted)
            yield from (self.lines(text, indent=9) for text in reasons)
        kept = [record for o in outcomes if o.event for record in o.event.records]
        if len(kept) > 1 and not transition.moves:
            yield self.lines(self._kept([record.kind for record in kept]), "dim", indent=3)

    def _told(self, outcome: Outcome) -> tuple[str, ...]:
        """Return what is to be said of an allowed step: warnings, gaps, why it had to be."""
        told = [reason.explain(self.results.language) for reason in outcome.verdict.warnings]
        if outcome.step.gaps:
            told.append(self.say(_GAPS) + self.comma.join(outcome.step.gaps))
        if "remark" in self.policy.procedure.transitions[outcome.step.action].needs:
            told.append(outcome.step.remark or "")
        return (*told, *self._again(outcome))

    def _again(self, outcome: Outcome) -> Iterator[str]:
        """Say that the studio then took a step which it had taken before: it was sent back."""
        if outcome.event is None or not self._moves(outcome.event):
            return
        history = self.report.studios[outcome.step.studio].history
        place = history.index(outcome.event)
        after = next(filter(self._moves, history[place + 1 :]), None)
        if after is not None and after.action in {event.action for event in history[:place]}:
            procedure = self.policy.procedure
            yield self.said(
                _AGAIN,
                day=after.on.isoformat(),
                action=self.say(procedure.transitions[after.action].label),
                state=self.say(procedure.states[after.dest].label),
            )

    def _moves(self, event: Event) -> bool:
        return self.policy.procedure.transitions[event.action].moves

    def _attempted(self, outcome: Outcome) -> str:
        """Say which conditions somebody tried to set aside, with a step that was denied."""
        step = self.policy.procedure.transitions[outcome.step.action]
        overrides, windows = outcome.step.overrides, self.policy.calendar.windows
        labels = [each.label for name, each in step.conditions.items() if name in overrides]
        if "window" in overrides and step.window is not None:
            labels.append(windows[step.window].label)
        what = self.comma.join(map(self.say, labels))
        return self.said(_SET_ASIDE, what=what) if what else ""

    def _kept(self, kinds: list[str]) -> str:
        """Say how many records came in, and of which kinds the most."""
        labels = [
            f"{self.say(self.policy.record_kinds[kind].label)} {n}"
            for kind, n in Counter(kinds).most_common(_MOST_KINDS)
        ]
        return self.said(_KEPT, n=str(len(kinds)), kinds=self.comma.join(labels))

    def _granted(self, group: list[Outcome]) -> str:
        amounts = {o.event.reward for o in group if o.event and o.event.reward is not None}
        if len(amounts) != 1:
            return ""
        return self.said(_GRANTED, amount=exact(amounts.pop()))

    def _heading(self, number: int, transition: Transition, outcomes: list[Outcome]) -> Cell:
        days = sorted(outcome.step.on for outcome in outcomes)
        dates, last = days[0].isoformat(), days[-1].isoformat()
        if last != dates:
            dates += self.say(_UNTIL) + (last[5:] if days[-1].year == days[0].year else last)
        acted = {role for outcome in outcomes for role in outcome.step.by.roles}
        by = [role for role in transition.by if role in acted] or transition.by
        roles = self.comma.join(self.say(self.policy.roles[role].label) for role in by)
        parts = [part for part in (roles, dates, transition.clause) if part]
        details = " · ".join(parts)
        title = f"{number}  {self.say(transition.label)}"
        if width(title) + width(details) + 2 <= self.columns:
            return Cell.assemble((title, "bold"), (f"  {visible(details)}", "dim"))
        return Cell.assemble((title, "bold"), "\n", self.flow(parts, " · ", "dim", indent=3))

    def _line(
        self, mark: str, style: str, group: list[Outcome], after: str = "", *, attempted: str = ""
    ) -> Cell:
        studios = list(dict.fromkeys(outcome.step.studio for outcome in group))
        keys = listed([visible(key) for key in studios], [visible(key) for key in self.order])
        made = Cell.assemble((f"   {mark} {len(studios):>2}", style), "  ", (keys, "bold"))
        if len(studios) == 1:
            made.append(f" {visible(self.report.batch.studios[studios[0]].name)}")
        return made.append(after, "green").append(visible(attempted), "yellow")

    def _decided(self, outcomes: list[Outcome]) -> str:
        """Say what was decided, where it was the same for all; the table has the others."""
        decisions = {o.step.decision for o in outcomes if o.event is not None}
        decision = decisions.pop() if len(decisions) == 1 else None
        if decision is None:
            return ""
        label = self.say(self.policy.rubric.grades[decision].label)
        return self.said(_DECIDED, decision=label)

    def _later(self, group: list[Outcome], outcomes: list[Outcome]) -> str:
        """Say when those who were denied got it after all, if every one of them did."""
        days = set()
        for denied in group:
            after = outcomes[outcomes.index(denied) + 1 :]
            mine = (o for o in after if o.event and o.step.studio == denied.step.studio)
            days.add(next((outcome.step.on for outcome in mine), None))
        day = days.pop()
        return "" if day is None or days else f" → ✓ {day.isoformat()}"

    # --- the scores -------------------------------------------------------------------------

    def scores(self, action: str) -> bool:
        """Return whether sheets were made in this chapter."""
        return any(o.event is not None and o.event.sheet is not None for o in self.outcomes(action))

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
        yield self.flow(counts, " · ", "bold")
        denied = sum(outcome.event is None for outcome in self.report.outcomes)
        done_steps = len(self.report.outcomes) - denied
        yield self.lines(self.said(_STEPS, done=str(done_steps), denied=str(denied)))
        if folder is not None:
            cases = self.results.cases.values()
            sheets = sum(case.evaluated for case in cases)
            sizes = {
                "sheets": str(sheets),
                "facts": str(len(cases)),
                "cases": str(len(self.results.case_files)),
            }
            yield self.lines(self.said(_WRITTEN, folder=folder, **sizes), "green")
            papers = self.results.papers
            if papers.made:
                told = {"papers": str(len(papers.made)), "index": f"{folder}/{INDEX}"}
                yield self.lines(self.said(_DOCUMENTS, **told), "green")
            for why in papers.not_made:
                yield self.lines(why, "yellow")

    def next(self, folder: str | None) -> Iterator[Cell]:
        """Yield commands that work right away, or after the first of them."""
        yield cell(self.say(_NEXT), "bold")
        # What `uv run` starts is not on the path of the shell that it was typed into.
        prefix = "uv run " if "UV_RUN_RECURSION_DEPTH" in os.environ else ""
        for command, why in suggestions(self.results, folder):
            line = prefix + command
            comment = f"# {self.say(why)}"
            fits = width(line) + width(comment) + 4 <= self.columns
            yield Cell.assemble(
                f"  {visible(line)}", (("  " if fits else "\n    ") + comment, "dim")
            )
