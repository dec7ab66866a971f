"""The report of a batch: where it stands, who has what, and why, to the last clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property

from studioflow.cohort import Rank
from studioflow.documents.paper import Block, Cell, Heading, Listing, Paper, Paragraph, Table
from studioflow.documents.report.distributions import distributions
from studioflow.documents.report.pictures import lifecycle_picture
from studioflow.documents.report.sheet import studio_sheet
from studioflow.documents.report.shortfalls import shortfalls
from studioflow.documents.report.words import (
    anchor_of_studio,
    grade_said,
    heads,
    points_said,
    range_said,
    say,
)
from studioflow.lifecycle.outlook import since
from studioflow.policy import Policy
from studioflow.programme import Programme, Progress
from studioflow.register import anchor_of
from studioflow.studio import Studio
from studioflow.text import Language, Text, exact

__all__ = ["batch_report"]

_TITLE = Text("{policy}：工作室评估报告", "{policy}: report on its studios")
_AS_OF = Text("截至{day}，{count}个工作室", "As of {day}: {count} studios")
_SUMMARY = Text("概要", "Summary")
_EVALUATED = Text(
    "已考核评价{count}个，其中具备资格{eligible}个",
    "{count} are evaluated, {eligible} of them eligible",
)
_GRADES = Text("等级或决定：{grades}", "Grades or decisions: {grades}")
_REWARDS = Text("奖励共{amount}元，{count}个工作室", "Rewards: {amount} yuan, to {count} studios")
_AND = Text("，", ", ")
_NAMED = Text("{name}{count}个", "{name} {count}")
_PLACES = Text("名额还余{places}个", "{places} places of the quota are free")
_LIFECYCLE = Text("流程与所处阶段", "The lifecycle, and who is where")
_STATE = Text("状态", "State")
_COUNT = Text("工作室数", "Studios")
_PROGRESS = Text("进展", "Progress")
_STUDIO = Text("工作室", "Studio")
_UNIT = Text("单位", "Unit")
_LEAD = Text("领衔人", "Lead")
_SINCE = Text("自", "Since")
_NOW = Text("现得", "Now")
_POSSIBLE = Text("可能", "Possible")
_MISSING = Text("还缺什么", "What is missing")
_RANKING = Text("排名", "Ranking")
_PLACE = Text("名次", "Place")
_TIED = Text("{place}（并列）", "{place} (tied)")
_TOTAL = Text("总分", "Total")
_GRADE = Text("等级或决定", "Grade or decision")
_NOBODY = Text("还没有考核评价完成的工作室。", "No studio is evaluated yet.")
_SHEETS = Text("各工作室的评分表", "The sheet of each studio")
_PROVISIONAL = Text(
    "尚未考核评价，以下是{day}的情况。", "Not evaluated yet: this is how it stands on {day}."
)
_READINGS = Text("采用的读法", "Readings in force")
_QUESTION = Text("原文未明之处", "What the source leaves open")
_CHOICE = Text("采用", "In force")
_CLAUSE = Text("条款", "Clause")
_ANCHOR = Text("登记册的锚与政策版本", "The anchor of the register, and the policy")
_VERIFY = Text(
    "用 studioflow programme verify 核对登记册；锚与此处所印不符，即为被改动。",
    "Check the register by `studioflow programme verify`: an anchor that differs from the one"
    " printed here means that it was changed.",
)
_POLICY = Text(
    "政策 {id}，版本 {version}，{fingerprint}", "Policy {id}, version {version}, {fingerprint}"
)
_VARIED = Text("改动：{path}", "Varied: {path}")
_MOST_MISSING = 5
_MORE = Text("另有{count}项", "{count} more")


def batch_report(
    programme: Programme,
    *,
    language: Language = "en",
    on: date | None = None,
    personal: bool = False,
    told: Callable[[int, int], None] | None = None,
) -> Paper:
    """Return the report of all studios of a programme.

    Args:
        programme: whose register is read.
        language: of every word.
        on: the day as of which it tells progress; today when it is left out.
        personal: whether the names of leads stand in it; nobody's do when it is left out.
        told: is told how many studios are done, and of how many.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """
    report = _Report(programme, language, on, personal=personal)
    return Paper(
        title=report.title,
        blocks=tuple(report.blocks(told or (lambda _done, _of: None))),
        language=language,
        footer=report.footer,
    )


class _Report:
    def __init__(
        self, programme: Programme, language: Language, on: date | None, *, personal: bool
    ) -> None:
        self.programme, self.language, self.personal = programme, language, personal
        self.policy: Policy = programme.policy
        self.day = programme.today() if on is None else on
        self.studios = programme.studios()
        self.sheets = {s.id: s.sheet for s in self.studios if s.sheet is not None}
        self.title = self.say(_TITLE, policy=self.policy.label)
        self.footer = f"{self.policy.id} · {self.day.isoformat()}"

    def say(self, text: Text, **parameters: object) -> str:
        return say(text, self.language, **parameters)

    @cached_property
    def ranking(self) -> tuple[Rank, ...]:
        return self.programme.ranking()

    @cached_property
    def sheet_anchors(self) -> dict[str, str]:
        """The anchors of those of whom there is a sheet to show."""
        shown = (s for s in self.studios if s.sheet is not None or self._stands(s))
        return {studio.id: anchor_of_studio(n) for n, studio in enumerate(shown, 1)}

    def _stands(self, studio: Studio) -> bool:
        """Return whether a studio without a sheet has anything to make one of."""
        final = self.policy.procedure.states.get(studio.state)
        return bool(studio.marks or studio.facts) and not (final is not None and final.final)

    def blocks(self, told: Callable[[int, int], None]) -> Iterator[Block]:
        yield Paragraph(self.title, style="title")
        yield Paragraph(self.say(_AS_OF, day=self.day, count=len(self.studios)), align="center")
        yield Heading(self.say(_SUMMARY), 1, "summary")
        yield Listing(tuple(self.summary()))
        yield Heading(self.say(_LIFECYCLE), 1, "lifecycle")
        yield lifecycle_picture(self.policy, self.language)
        yield self.states()
        yield Heading(self.say(_PROGRESS), 1, "progress")
        found: dict[str, Progress] = {}
        for done, studio in enumerate(self.studios, 1):
            found[studio.id] = self.programme.progress(studio, on=self.day)
            told(done, 2 * len(self.studios))
        yield self.progress(found)
        yield Heading(self.say(_RANKING), 1, "ranking")
        yield from self.ranked()
        yield from distributions(self.policy, list(self.sheets.values()), self.language)
        names = {studio.id: studio.name for studio in self.studios}
        yield from shortfalls(self.sheets, names, self.sheet_anchors, self.language)
        yield Heading(self.say(_SHEETS), 1, "sheets")
        for done, studio in enumerate(self.studios, 1):
            yield from self.sheet(studio, found[studio.id])
            told(len(self.studios) + done, 2 * len(self.studios))
        yield Heading(self.say(_READINGS), 1, "readings")
        yield self.readings()
        yield Heading(self.say(_ANCHOR), 1, "anchor")
        yield Paragraph(anchor_of(self.programme.register).explain(self.language))
        yield Paragraph(self.say(_VERIFY))
        reference = self.policy.reference
        yield Paragraph(
            self.say(
                _POLICY,
                id=reference.id,
                version=reference.version,
                fingerprint=reference.fingerprint,
            )
        )
        if reference.varied:
            yield Listing(tuple(self.say(_VARIED, path=path) for path in reference.varied))

    def summary(self) -> Iterator[str]:
        labels = self.policy.procedure.states
        states = Counter(studio.state for studio in self.studios)
        if states:
            yield self.counted(
                {
                    labels[name].label if name in labels else Text(name, name): count
                    for name, count in states.items()
                }
            )
        eligible = sum(sheet.eligible is True for sheet in self.sheets.values())
        yield self.say(_EVALUATED, count=len(self.sheets), eligible=eligible)
        grades = Counter(
            grade_said(studio.sheet, studio.decision, self.policy, self.language)
            for studio in self.studios
            if studio.sheet is not None
        )
        if grades:
            named = {Text(name, name): count for name, count in grades.items()}
            yield self.say(_GRADES, grades=self.counted(named))
        rewards = [
            (studio.id, event.reward)
            for studio in self.studios
            for event in studio.history
            if event.reward is not None
        ]
        if rewards:
            amount = exact(sum((each for _, each in rewards), Fraction(0)))
            yield self.say(_REWARDS, amount=amount, count=len({name for name, _ in rewards}))
        places = self.programme.places_left()
        if places is not None:
            yield self.say(_PLACES, places=places)

    def counted(self, counts: Mapping[Text, int]) -> str:
        """Return what there are how many of, in a row."""
        told = [self.say(_NAMED, name=name, count=count) for name, count in counts.items()]
        return self.say(_AND).join(told)

    def states(self) -> Table:
        counts = Counter(studio.state for studio in self.studios)
        rows = [heads(self.language, _STATE, _COUNT)]
        for name, state in self.policy.procedure.states.items():
            rows.append(
                (
                    Cell(state.label.get(self.language), head=True),
                    Cell(str(counts.get(name, 0)), align="right"),
                )
            )
        return Table(rows=tuple(rows), widths=(3, 1), caption=self.say(_LIFECYCLE), head_rows=1)

    def named(self, studio: Studio) -> Cell:
        text = f"{studio.id} {studio.name}" if studio.name != studio.id else studio.id
        return Cell(text, link=self.sheet_anchors.get(studio.id))

    def progress(self, found: dict[str, Progress]) -> Table:
        rows = [heads(self.language, _STUDIO, _UNIT, _STATE, _SINCE, _NOW, _POSSIBLE, _MISSING)]
        labels = self.policy.procedure.states
        for studio in self.studios:
            state = labels.get(studio.state)
            progress = found[studio.id]
            ended = state is not None and state.final
            missing = [] if ended else list(self.missing(progress))
            rows.append(
                (
                    self.named(studio),
                    Cell(studio.unit or ""),
                    Cell(studio.state if state is None else state.label.get(self.language)),
                    Cell("" if (day := since(studio)) is None else day.isoformat()),
                    Cell("" if ended else points_said(progress.sheet.total), align="right"),
                    Cell("" if ended else range_said(progress.possible.total.range), align="right"),
                    Cell("\n".join(missing)),
                )
            )
        return Table(
            rows=tuple(rows),
            widths=(26, 22, 17, 24, 12, 16, 55),
            caption=self.say(_PROGRESS),
            head_rows=1,
        )

    def missing(self, progress: Progress) -> Iterator[str]:
        found = [f"{item.id} {item.label.get(self.language)}" for item in progress.missing]
        yield from found[:_MOST_MISSING]
        if len(found) > _MOST_MISSING:
            yield self.say(_MORE, count=len(found) - _MOST_MISSING)

    def ranked(self) -> Iterator[Block]:
        if not self.ranking:
            yield Paragraph(self.say(_NOBODY))
            return
        by_id = {studio.id: studio for studio in self.studios}
        columns = [_PLACE, _STUDIO, _UNIT, _TOTAL, _GRADE]
        if self.personal:
            columns.insert(3, _LEAD)
        rows = [heads(self.language, *columns)]
        for rank in self.ranking:
            studio = by_id[rank.studio]
            place = self.say(_TIED, place=rank.place) if rank.tied else str(rank.place)
            cells = [
                Cell(place, align="right"),
                self.named(studio),
                Cell(studio.unit or ""),
                Cell(exact(rank.points), align="right"),
                Cell(grade_said(studio.sheet, studio.decision, self.policy, self.language)),
            ]
            if self.personal:
                application = studio.application
                cells.insert(3, Cell("" if application is None else application.lead.name))
            rows.append(tuple(cells))
        widths = (12, 36, 36, 14, 24) if not self.personal else (12, 34, 34, 20, 14, 22)
        yield Table(rows=tuple(rows), widths=widths, caption=self.say(_RANKING), head_rows=1)

    def sheet(self, studio: Studio, progress: Progress) -> Iterator[Block]:
        anchor = self.sheet_anchors.get(studio.id)
        if anchor is None:
            return
        yield Heading(f"{studio.id} {studio.name}", 2, anchor)
        sheet = studio.sheet
        if sheet is None:
            yield Paragraph(self.say(_PROVISIONAL, day=self.day))
            sheet = progress.sheet
        policy = self.programme.policy_of(studio)
        yield from studio_sheet(policy, sheet, self.language, decision=studio.decision)

    def readings(self) -> Table:
        rows = [heads(self.language, _QUESTION, _CHOICE, _CLAUSE)]
        for name, reading in self.policy.readings.items():
            meaning = reading.values.get(reading.in_force)
            choice = reading.in_force if meaning is None else meaning.get(self.language)
            rows.append(
                (
                    Cell(f"{name}\n{reading.text.get(self.language)}"),
                    Cell(choice),
                    Cell(reading.clause or "", align="center"),
                )
            )
        return Table(
            rows=tuple(rows), widths=(70, 50, 12), caption=self.say(_READINGS), head_rows=1
        )
