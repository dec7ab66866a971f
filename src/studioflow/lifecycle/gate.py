"""The gate: one for each step of a policy, and it gives every reason, not the first.

It decides without acting: it has no side effect, so the same question may be asked at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from attrs import evolve, field, frozen

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.conditions import Compiled, compiled, unmet
from studioflow.lifecycle.decision import against_grade, undecided
from studioflow.lifecycle.entry import (
    lacking,
    role_fits,
    unfit_marks,
    wrong_claim,
    wrong_day,
    wrong_role,
    wrong_state,
    wrong_supplier,
)
from studioflow.lifecycle.independence import not_independent, on_behalf
from studioflow.lifecycle.matter import Matter, in_force
from studioflow.lifecycle.overrides import settled
from studioflow.lifecycle.plugin_guards import asked
from studioflow.lifecycle.recording import against_records, taken_in
from studioflow.lifecycle.scoring import (
    Scoring,
    facts_on_file,
    has_panel,
    marks_in_force,
)
from studioflow.lifecycle.window import WINDOW, outside_window
from studioflow.people import Mark, check_ids
from studioflow.policy import Policy, Transition, procedure_facts
from studioflow.policy.policy import GIVEN_TWICE
from studioflow.rubric import FactFile, ScoreSheet
from studioflow.rules import known
from studioflow.studio import (
    Guard,
    Override,
    PluginMeasure,
    Record,
    case_facts,
    handed_in_plainly,
)
from studioflow.text import Text, message
from studioflow.verdict import Verdict

__all__ = ["Decided", "Gate"]

OTHER_STUDIOS_FACTS = message(
    "other_studios_facts", zh="{studio} 的事实文件", en="a fact file of {studio}"
)
MARKED_BEFORE = message(
    "marked_before",
    zh="每人对每项只评一次分（已评的用 correct 更正）",
    en="one mark by each person for an item; correct the one on file",
)
FROM_RECORDS = message(
    "from_records",
    zh="由案卷中的“{kind}”计得的事实，不另行提交",
    en="nothing: it is counted from the records ({kind}) that are on file",
)
A_DAY = Text("日期（date，不带时间）", "a date, without a time of day")


@frozen(kw_only=True)
class Decided:
    """A verdict, with what an event of the step would record.

    Attributes:
        handed_in: the plain facts that came with the attempt, those of the inspection included.
        records: that came in, with an id each.
        sheet: where this attempt makes one; `scored_on` is the day whose facts it counts.
        set_aside: the overrides that were needed.
    """

    verdict: Verdict
    handed_in: Mapping[str, object]
    records: tuple[Record, ...]
    sheet: ScoreSheet | None
    scored_on: date | None
    set_aside: Mapping[str, Override]


@frozen(eq=False)
class Gate:
    """Decides about one step of one policy."""

    transition: Transition
    policy: Policy
    guards: tuple[Guard, ...] = ()
    measures: Mapping[str, PluginMeasure] = field(factory=dict)
    conditions: tuple[Compiled, ...] = field(init=False)

    @conditions.default
    def _compiled(self) -> tuple[Compiled, ...]:
        return compiled(self.transition)

    @property
    def overridable(self) -> frozenset[str]:
        """The ids of all that somebody may set aside."""
        own = {each.key for each in self.conditions if each.condition.override}
        return frozenset(own | {WINDOW} if self.transition.window_override else own)

    @property
    def scores(self) -> bool:
        """Whether a condition asks for the score sheet; then a decision may come with the step."""
        return any(each.asks_for_sheet for each in self.conditions)

    def decide(self, attempt: Attempt, problems: Iterable[Problem] = ()) -> Decided:
        """Return the verdict with every reason; nothing is changed.

        Args:
            attempt: what to decide about.
            problems: what is known to be wrong with its input.

        Raises:
            InputError: with everything handed in that does not fit the policy: that is bad input,
                not a denial.
        """
        problems = [*problems, *self._misfits(attempt)]
        if not _is_day(attempt.on):  # a day that stands in for it, so that the rest is looked at
            attempt = evolve(attempt, on=date.max)
        try:
            matter = self._matter(attempt)
        except InputError as error:
            raise InputError([*problems, *error.problems]) from None
        if problems:
            raise InputError(problems)
        objections = [
            *wrong_state(matter),
            *wrong_day(matter),
            *wrong_role(matter),
            *wrong_claim(matter),
            *wrong_supplier(matter),
            *lacking(matter),
            *not_independent(matter),
            *on_behalf(matter),
            *against_records(matter),
            *unfit_marks(matter, scores=self.scores),
            *outside_window(matter),
            *unmet(self.conditions, matter),
            *against_grade(matter, scores=self.scores),
            *undecided(matter),
        ]
        plugins_asked = role_fits(matter)
        if plugins_asked:
            objections += asked(self.guards, matter)
        outcome = settled(objections, matter)
        verdict = Verdict(
            self.transition.label,
            outcome.refusing,
            outcome.warnings,
            plugins_asked=plugins_asked,
        )
        return Decided(
            verdict=verdict,
            handed_in=matter.handed_in,
            records=matter.records,
            sheet=matter.new_sheet,
            scored_on=matter.scored_on if matter.new_sheet else None,
            set_aside=outcome.set_aside,
        )

    def _misfits(self, attempt: Attempt) -> Iterator[Problem]:
        """Yield what does not fit, beside facts and marks."""
        collector = Collector()
        with collector.under("on"):
            if not _is_day(attempt.on):
                raise wrong(WRONG_TYPE, attempt.on, type=A_DAY)
        for name in attempt.overrides:
            with collector.under("overrides", name):
                if name not in self.overridable:
                    raise wrong(UNKNOWN_NAME, name, known=self.overridable)
        grades = self.policy.rubric.grades
        with collector.under("decision"):
            if attempt.decision is not None and attempt.decision not in grades:
                raise wrong(UNKNOWN_NAME, attempt.decision, known=grades)
        with collector.under():
            # Also where no condition of this step asks for it.
            known(procedure_facts(1), {"places_left": attempt.places_left})
        inspection, roles = attempt.facts.inspection, self.policy.roles
        with collector.under("inspection"):
            if inspection:
                named = {"by": inspection.by, "unit": inspection.unit}
                check_ids(**{name: given for name, given in named.items() if given is not None})
        with collector.under("inspection", "role"):
            if inspection and inspection.role is not None and inspection.role not in [*roles]:
                raise wrong(UNKNOWN_NAME, inspection.role, known=roles)
        meant, studio = attempt.facts.studio, attempt.studio.id
        with collector.under("studio"):
            if meant is not None and meant != studio:
                raise wrong(OTHER_STUDIOS_FACTS, meant, studio=studio)
        yield from collector.problems

    def _matter(self, attempt: Attempt) -> Matter:
        """Check what was handed in, and gather what the attempt is judged on."""
        policy, studio = self.policy, attempt.studio
        collector = Collector()
        records = taken_in(policy, self.transition, attempt, collector)
        new_marks = attempt.facts.marks
        marks = (*new_marks, *self._still_in_force(attempt, collector))
        handed_in: dict[str, object] = {}
        with collector.under():
            handed_in = policy.values(evolve(attempt.facts, marks=()))
        file = evolve(
            studio,
            application=attempt.application or studio.application,
            records=studio.records_with(records, attempt.strike),
            facts={**studio.facts, **handed_in},
            marks=marks,
        )
        again = studio.scored_on is None or attempt.action == studio.scored_by
        on = attempt.on if again else studio.scored_on or attempt.on
        measured = case_facts(policy, file, on, self.measures)
        marked = {policy.rubric.judged_facts.get(mark.criterion) for mark in marks}
        for name, value in attempt.facts.facts.items():
            with collector.under("facts", name):
                if name in measured:
                    raise wrong(FROM_RECORDS, name, kind=measured[name].records)
                if name in marked and value is not None:
                    raise wrong(GIVEN_TWICE, value)
        on_file = FactFile(facts=facts_on_file(file, measured))
        scored = Scoring(policy, on_file, new_marks, marks[len(new_marks) :])
        with collector.under():
            scored.check()
        facts = None
        with collector.under("facts"):
            facts = known(policy.facts, scored.values)
        if facts is None:
            raise InputError(collector.problems)
        collector.finish()
        sheet = studio.sheet if self.scores else None
        came = handed_in or new_marks or records or attempt.strike
        if self.scores and (sheet is None or came or not studio.sheet_is_current):
            plain = handed_in_plainly(policy, file)
            sheet = evolve(scored.sheet(), measured={**measured, **plain})
        return Matter(
            attempt=attempt,
            transition=self.transition,
            policy=policy,
            file=file,
            handed_in=handed_in,
            records=records,
            facts=facts,
            given=in_force(policy, attempt, handed_in, scored.marks),
            sheet=sheet,
            scored_on=on,
            stale=scored.stale,
        )

    def _still_in_force(self, attempt: Attempt, collector: Collector) -> tuple[Mark, ...]:
        """Return the marks on file that stay, whatever new ones come.

        Of an item that only one person marks, the latest; else each person's, which a correction
        may replace and nothing else.
        """
        again = {(mark.criterion, mark.by): n for n, mark in enumerate(attempt.facts.marks)}
        newly = {criterion for criterion, _ in again}
        struck = attempt.strike
        on_file = tuple(m for m in attempt.studio.marks if f"{m.criterion}/{m.by}" not in struck)
        stay = []
        for mark in marks_in_force(self.policy, on_file):
            position = again.get((mark.criterion, mark.by))
            if position is not None:
                with collector.under("marks", position):
                    if not self.transition.corrects:
                        raise wrong(MARKED_BEFORE, mark.criterion)
            elif mark.criterion not in newly or has_panel(self.policy, mark):
                stay.append(mark)
        return tuple(stay)


def _is_day(value: object) -> bool:
    # A datetime is a date, too, and says more than a day.
    return isinstance(value, date) and not isinstance(value, datetime)
