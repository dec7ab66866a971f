"""The gate: one for each step of a policy, and it gives every reason, not the first.

It decides without acting: it has no side effect, so the same question may be asked at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from attrs import evolve, frozen

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.lifecycle.attempt import NO_FACTS, Attempt
from studioflow.lifecycle.conditions import Conditions, with_wholes
from studioflow.lifecycle.decision import against_grade, undecided
from studioflow.lifecycle.entry import Entry
from studioflow.lifecycle.independence import not_independent, on_behalf
from studioflow.lifecycle.limits import ban, to_recover
from studioflow.lifecycle.made_once import made_once
from studioflow.lifecycle.matter import Ground, Matter, Objection
from studioflow.lifecycle.needs import unfit_marks
from studioflow.lifecycle.overrides import settled
from studioflow.lifecycle.plugin_guards import asked
from studioflow.lifecycle.recording import against_records, of_one_studio, taken_in
from studioflow.lifecycle.scoring import has_panel, marks_in_force
from studioflow.lifecycle.window import WINDOW, Opening
from studioflow.people import Mark, check_ids
from studioflow.policy import Policy
from studioflow.policy.policy import GIVEN_TWICE
from studioflow.rubric import ScoreSheet
from studioflow.rules import known
from studioflow.studio import Ban, Guard, Override, PluginMeasure, Record
from studioflow.text import Text, message
from studioflow.verdict import Verdict

__all__ = ["ONLY_WHERE_NEEDED", "Decided", "Gate"]

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
NOT_TAKEN = message("not_taken", zh="不随此事提交", en="nothing: this step does not take it")
A_DAY = Text("日期（date，不带时间）", "a date, without a time of day")
_NOTHING: Mapping[str, Override] = {}
ONLY_WHERE_NEEDED = ("due", "opinion", "lead", "amount")
"""What is handed in with those steps alone that need it: it would mean nothing with another."""


@frozen(slots=False)  # slots are slower to fill
class Decided:
    """A verdict, with what an event of the step would record.

    Attributes:
        handed_in: the plain facts that came with the attempt, those of the inspection included.
        records: that came in, with an id each.
        sheet: where this attempt makes one; `scored_on` is the day whose facts it counts.
        self_assessment: the sheet that the studio's own people make of it.
        set_aside: the overrides that were needed.
        decision: the grade that is recorded with it.
        ban: whom it keeps from declaring again; `recovered` is what is paid back, in yuan.
    """

    verdict: Verdict
    handed_in: Mapping[str, object]
    records: tuple[Record, ...]
    sheet: ScoreSheet | None
    scored_on: date | None
    self_assessment: ScoreSheet | None
    set_aside: Mapping[str, Override]
    decision: str | None = None
    ban: Ban | None = None
    recovered: Fraction | None = None

    @made_once
    def made_something(self) -> bool:
        """Whether more came of it than that it happened: a sheet, an exception, a ban, money."""
        return (
            bool(self.set_aside)
            or self.decision is not None
            or self.sheet is not None
            or self.self_assessment is not None
            or self.ban is not None
            or self.recovered is not None
        )


class Gate:
    """Decides about one step of one policy.

    What hangs on nothing but the step is prepared here, so that an attempt costs only what it
    brings with it.
    """

    def __init__(
        self,
        action: str,
        policy: Policy,
        guards: Iterable[Guard] = (),
        measures: Mapping[str, PluginMeasure] | None = None,
    ) -> None:
        """Prepare the gate of one of the policy's transitions."""
        self.policy = policy
        self.transition = policy.procedure.transitions[action]
        self.guards = tuple(guard for guard in guards if guard.concerns(action))
        self._conditions = Conditions(policy, self.transition)
        self.scores = self.transition.rescores or self._conditions.asks_for_sheet
        window = {WINDOW} if self.transition.window_override else set()
        self.overridable = self._conditions.overridable | window
        judged = {*policy.rubric.judged_facts.values(), *policy.site_check.facts()}
        batch_decides = any(each.batch_grade for each in policy.procedure.transitions.values())
        self._ground = Ground(
            policy,
            self.transition,
            measures or {},
            self.scores,
            frozenset(judged),
            batch_decides=batch_decides,
        )
        self._places = {"places_left": policy.procedure_facts["places_left"]}
        self._exclusive = any(kind.one_studio for kind in policy.record_kinds.values())
        self._entry = Entry(action, policy)
        self._allowed = Decided(self._entry.allowed, {}, (), None, None, None, _NOTHING)
        step = self.transition
        self._makes_nothing = not (self.scores or step.batch_grade or step.bans or step.recovers)
        self._window = Opening(policy, self.transition)

    def decide(
        self,
        attempt: Attempt,
        problems: Sequence[Problem] = (),
        shared: dict[date, Matter] | None = None,
    ) -> Decided:
        """Return the verdict with every reason; nothing is changed.

        Args:
            attempt: what to decide about.
            problems: what is known to be wrong with its input.
            shared: with attempts of the same studio at other steps: what was counted and scored.

        Raises:
            InputError: with everything handed in that does not fit the policy: that is bad input,
                not a denial.
        """
        matter = self._matter(attempt, problems)
        if shared is not None and attempt.is_bare:
            matter.share(shared)
        transition = self.transition
        fits = self._entry.role_fits(matter)
        objections = self._entry.objections(matter, fits=fits)
        if attempt.takes_in or attempt.studio.marks or not self._stands_apart(matter):
            objections += self._about_file(matter)
        if transition.window is not None:
            objections += self._window.objections(matter)
        objections += self._conditions.unmet(matter)
        if attempt.decision is not None:
            objections += against_grade(matter, scores=self.scores)
        if self.scores or transition.batch_grade:
            objections += undecided(matter)
        if fits and self.guards:
            objections += asked(self.guards, matter)
        if not objections:
            verdict, set_aside = self._entry.allowed, _NOTHING
        else:
            outcome = settled(objections, matter)
            refusing, warnings, set_aside = outcome
            verdict = Verdict(transition.label, refusing, warnings, fits)
        if not objections and attempt.is_bare and self._makes_nothing:
            return self._allowed
        new_sheet = matter.new_sheet if self.scores else None
        return Decided(
            verdict,
            matter.handed_in,
            matter.records,
            new_sheet,
            matter.scored_on if new_sheet else None,
            matter.self_assessment,
            set_aside,
            matter.decision,
            ban(matter) if transition.bans and verdict.allowed else None,
            to_recover(matter) if transition.recovers and verdict.allowed else None,
        )

    def _stands_apart(self, matter: Matter) -> bool:
        """Return whether it is plain that nobody judges, or sits on, what is their own."""
        if self._exclusive and matter.attempt.application is not None:
            return False
        if not self.transition.independent:
            return True
        by, application = matter.attempt.by, matter.application
        return not matter.somebody_judged and (
            application is None or (by.unit != application.unit and not matter.is_insider(by.id))
        )

    def _about_file(self, matter: Matter) -> Iterator[Objection]:
        """Object to who judged, and to what does not fit into the file, or does not any more."""
        attempt = matter.attempt
        if self.transition.independent or attempt.facts.marks:
            yield from not_independent(matter)
        if attempt.takes_in:
            yield from on_behalf(matter)
        if matter.records or attempt.strike:
            yield from against_records(matter)
        if self._exclusive and (matter.records or attempt.application is not None):
            yield from of_one_studio(matter)
        if matter.file.marks:
            yield from unfit_marks(matter, scores=self.scores)

    def _matter(self, attempt: Attempt, problems: Sequence[Problem]) -> Matter:
        """Return what the attempt is judged on, once what came with it was checked.

        Raises:
            InputError: with everything that does not fit.
        """
        if type(attempt.on) is date and not problems and attempt.is_bare:
            return Matter(self._ground, attempt)
        problems = [*problems, *self._misfits(attempt)]
        if not _is_day(attempt.on):  # a day that stands in for it, so that the rest is looked at
            attempt = evolve(attempt, on=date.max)
        try:
            matter = self._taken_in(attempt)
        except InputError as error:
            raise InputError([*problems, *error.problems]) from None
        if problems:
            raise InputError(problems)
        return matter

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
            known(self._places, {"places_left": attempt.places_left})
        for name in ONLY_WHERE_NEEDED:
            with collector.under(name):
                if getattr(attempt, name) is not None and name not in self.transition.needs:
                    raise wrong(NOT_TAKEN, name)
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

    def _taken_in(self, attempt: Attempt) -> Matter:
        """Check what was handed in, and gather what the attempt is judged on."""
        policy = self.policy
        collector = Collector()
        came = attempt.records or attempt.strike
        records = taken_in(policy, self.transition, attempt, collector) if came else ()
        stay = self._still_in_force(attempt, collector)
        handed_in: dict[str, object] = {}
        with collector.under():
            facts = attempt.facts
            handed_in = policy.values(evolve(facts, marks=()) if facts.marks else facts)
        if self.transition.self_assessment:
            return self._assessed(attempt, records, stay, collector)
        matter = Matter(
            self._ground, attempt, handed_in=handed_in, records=records, marks_that_stay=stay
        )
        judged = policy.rubric.judged_facts
        marked = {judged.get(mark.criterion) for mark in (*attempt.facts.marks, *stay)}
        for name, value in attempt.facts.facts.items():
            with collector.under("facts", name):
                if name in matter.measured:
                    raise wrong(FROM_RECORDS, name, kind=matter.measured[name].records)
                if name in marked and value is not None:
                    raise wrong(GIVEN_TWICE, value)
        if self._checked_alone(matter, collector):
            return matter
        with collector.under():
            matter.scoring  # noqa: B018 - checked now, so that all problems are told
        if not collector.problems:
            with collector.under("facts"):
                matter.facts  # noqa: B018 - see above
        collector.finish()
        return matter

    def _checked_alone(self, matter: Matter, collector: Collector) -> bool:
        """Return whether plain facts that were handed in could be checked without all the others.

        Nothing else is on file that hangs on them: they are checked with what bounds them.
        """
        policy, file, came = self.policy, matter.file, matter.attempt.facts
        scored = file.records or file.marks or came.inspection or matter.transition.corrects
        if scored or not came.facts.keys() <= policy.facts.keys():
            return False
        near = with_wholes(policy.facts, came.facts)
        with collector.under("facts"):
            known(
                {name: policy.facts[name] for name in policy.facts if name in near},
                {name: value for name, value in file.facts.items() if name in near},
            )
        collector.finish()
        return True

    def _assessed(
        self,
        attempt: Attempt,
        records: tuple[Record, ...],
        stay: tuple[Mark, ...],
        collector: Collector,
    ) -> Matter:
        """Score what a studio's own people say of it; that goes nowhere but onto their sheet."""
        sheet = None
        if attempt.facts is not NO_FACTS:  # records alone say nothing of the rubric
            with collector.under():
                sheet = self.policy.score(attempt.facts)
        collector.finish()
        bare = evolve(attempt, facts=NO_FACTS)
        return Matter(
            self._ground, bare, records=records, marks_that_stay=stay, self_assessment=sheet
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
