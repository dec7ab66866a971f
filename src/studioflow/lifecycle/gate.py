"""The gate: one for each step of a policy, and it gives every reason, not the first.

It decides without acting: it has no side effect, so the same question may be asked at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.conditions import Compiled, compiled, unmet
from studioflow.lifecycle.decision import against_grade, undecided
from studioflow.lifecycle.entry import not_independent, role_fits, wrong_role, wrong_state
from studioflow.lifecycle.matter import Matter, in_force
from studioflow.lifecycle.overrides import settled
from studioflow.lifecycle.plugin_guards import asked
from studioflow.lifecycle.window import WINDOW, outside_window
from studioflow.people import check_ids
from studioflow.policy import Policy, Transition, procedure_facts
from studioflow.rubric import ScoreSheet
from studioflow.rules import known
from studioflow.studio import Guard, Override
from studioflow.text import Text, message
from studioflow.verdict import Verdict

__all__ = ["Decided", "Gate"]

OTHER_STUDIOS_FACTS = message(
    "other_studios_facts", zh="{studio} 的事实文件", en="a fact file of {studio}"
)
A_DAY = Text("日期（date，不带时间）", "a date, without a time of day")


@frozen(kw_only=True)
class Decided:
    """A verdict, with what an event of the step would record.

    Attributes:
        handed_in: the facts that came with the attempt.
        sheet: where this attempt makes one.
        set_aside: the overrides that were needed.
    """

    verdict: Verdict
    handed_in: Mapping[str, object]
    sheet: ScoreSheet | None
    set_aside: Mapping[str, Override]


@frozen(eq=False)
class Gate:
    """Decides about one step of one policy."""

    transition: Transition
    policy: Policy
    guards: tuple[Guard, ...] = ()
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
        try:
            matter = self._matter(attempt)
        except InputError as error:
            raise InputError([*problems, *error.problems]) from None
        if problems:
            raise InputError(problems)
        objections = [
            *wrong_state(matter),
            *wrong_role(matter),
            *not_independent(matter),
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
            sheet=matter.new_sheet,
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
            if inspection and inspection.role is not None and inspection.role not in roles:
                raise wrong(UNKNOWN_NAME, inspection.role, known=roles)
        meant, studio = attempt.facts.studio, attempt.studio.id
        with collector.under("studio"):
            if meant is not None and meant != studio:
                raise wrong(OTHER_STUDIOS_FACTS, meant, studio=studio)
        yield from collector.problems

    def _matter(self, attempt: Attempt) -> Matter:
        """Check what was handed in, and gather what the attempt is judged on."""
        policy = self.policy
        handed_in = policy.values(attempt.facts)
        values = {**attempt.studio.facts, **handed_in}
        collector = Collector()
        facts = None
        with collector.under("facts"):
            facts = known(policy.facts, values)
        if facts is None:
            raise InputError(collector.problems)
        given = in_force(policy, attempt, handed_in)
        sheet = None
        if self.scores:
            sheet = attempt.studio.sheet
            if sheet is None or handed_in:
                marks = [each.mark for each in given if each.mark is not None]
                sheet = policy.score_values(values, marks)
        return Matter(
            attempt=attempt,
            transition=self.transition,
            policy=policy,
            handed_in=handed_in,
            facts=facts,
            given=given,
            sheet=sheet,
        )


def _is_day(value: object) -> bool:
    # A datetime is a date, too, and says more than a day.
    return isinstance(value, date) and not isinstance(value, datetime)
