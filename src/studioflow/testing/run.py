"""One run of a driver: step by step, with what stands in the way of each put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve

from studioflow.lifecycle.duties import occurrences
from studioflow.policy import Transition
from studioflow.programme import Programme
from studioflow.testing.choices import Choices
from studioflow.testing.clock import FakeClock
from studioflow.testing.mending import Bring, Detour, Mend, Wait, mends, scores
from studioflow.testing.path import leads_to, shortest_way
from studioflow.testing.stage import Asked, Brought, Stage
from studioflow.text import message
from studioflow.verdict import Denied, Reason, Verdict

__all__ = ["Run"]

NO_PAPERS = message(
    "no_papers_found",
    zh="没有找到能随此事提交的材料",
    en="nothing was found that could come with this step",
)
_MOST_MENDS = 20
_COST_OF_MENDING = 2
"""What results a studio has changes more than how it got there, and is tried otherwise sooner."""
_MOST_TIMES = 5
"""So often one step is taken aside for another."""
_MOST_ASIDE = 3
"""So many steps aside are taken inside one another."""
_ABOUT_SHEET = frozenset(
    {
        *("condition_open", "not_decided", "mark_unfit"),
        *("decision_against_grade", "decision_above_points"),
    }
)


class Run(Stage):
    """A studio on its way, with what was chosen where there was a choice."""

    def __init__(
        self,
        programme: Programme,
        clock: FakeClock,
        choices: Choices,
        full: Sequence[Mapping[str, object]],
        name: str = "s-01",
    ) -> None:
        """Begin with a studio that is not declared yet."""
        super().__init__(programme, clock, full, name)
        self.choices = choices
        self._aside = 0

    def take(self, action: str, brought: Brought | None = None) -> None:
        """Take a step, and before it whatever it takes to be allowed to.

        Raises:
            Denied: with what still stands against it.
        """
        step, brought = self.step(action), brought or Brought()
        if "opinion" in step.needs and brought.role is None:
            brought.opinion = self.choices.pick((True, False))
        tried: Counter[str] = Counter()
        for _ in range(_MOST_MENDS):
            asked = self._way(action, step, brought)
            if asked.verdict:
                self.act(action, asked)
                return
            offered = [
                mend
                for mend in mends(self, step, brought, asked.verdict)
                if tried[repr(mend)] < (_MOST_TIMES if isinstance(mend, Detour) else 1)
                and self._possible(mend, step)
            ]
            if not offered:
                break
            mend = self.choices.pick(offered, _COST_OF_MENDING)
            tried[repr(mend)] += 1
            try:
                self._do(mend, step, brought)
            except Denied:  # what stands against the step itself says more
                break
        raise Denied(asked.verdict)

    def _way(self, action: str, step: Transition, brought: Brought) -> Asked:
        """Return a way to take a step; where a sheet is made, one of those that are allowed.

        Raises:
            Denied: where nothing that was tried is even an answer to what the step asks for.
        """
        asked = self.asked(action, brought)
        if asked is None:
            raise Denied(Verdict(step.label, (Reason(NO_PAPERS),)))
        if not scores(step):
            return asked
        about_sheet = {*_ABOUT_SHEET, *step.conditions}
        if any(reason.code not in about_sheet for reason in asked.verdict.reasons):
            return asked
        allowed = [way for way in self._with_sheets(action, step, brought) if way.verdict]
        return self.choices.pick(allowed) if allowed else asked

    def _with_sheets(self, action: str, step: Transition, brought: Brought) -> Iterator[Asked]:
        """Yield the step with one set of facts after the other, each with every decision."""
        as_it_is: list[Mapping[str, object]] = [{}]
        first = self.studio.sheet is None or step.rescores
        facts = [*self.full, *as_it_is] if first else [*as_it_is, *self.full]
        grades = self.policy.rubric.grades
        # Where the places of the batch give the grade, nobody decides it beforehand.
        by_places = any(grade.places for grade in grades.values())
        for values in facts:
            for decision in (None,) if by_places else (None, *grades):
                more = {**values, **brought.facts}
                way = self.asked(action, evolve(brought, facts=more, decision=decision))
                if way is not None:
                    yield way

    def _possible(self, mend: Mend, step: Transition) -> bool:
        """Return whether a studio can do something and come back to where the step starts."""
        if not isinstance(mend, Detour):
            return True
        steps = self.policy.procedure.transitions
        if mend.action not in steps:  # of an earlier policy, or switched off
            return False
        there = shortest_way(steps, self.studio.state, steps[mend.action].sources)
        if there is None or self._aside >= _MOST_ASIDE:
            return False
        state = self.studio.state
        for name in (*there, mend.action):
            state = leads_to(steps[name], state)
        return shortest_way(steps, state, self._home(state, step)) is not None

    def _home(self, there: str, step: Transition) -> tuple[str, ...]:
        """Return where to come back to from aside: where the studio is, if that can be."""
        here, steps = self.studio.state, self.policy.procedure.transitions
        fits = here in step.sources and shortest_way(steps, there, {here}) is not None
        return (here,) if fits else step.sources

    def _do(self, mend: Mend, step: Transition, brought: Brought) -> None:
        match mend:
            case Bring(facts, overrides):
                brought.facts |= facts
                brought.overrides |= overrides
            case Wait(day, dutifully):
                if dutifully:
                    self._do_duties(day)
                self.clock.set(max(day, self.clock.today))
            case Detour(action, role, opinion):
                self._aside += 1
                aside = self.step(action)
                home = self._home(leads_to(aside, self.studio.state), step)
                self._go_to(aside.sources)
                self.take(action, Brought(role=role, opinion=opinion))
                self._go_to(home)
                self._aside -= 1

    def _go_to(self, states: Collection[str]) -> None:
        """Go to the nearest of several states."""
        steps = self.policy.procedure.transitions
        for name in shortest_way(steps, self.studio.state, states) or ():
            self.take(name)

    def _do_duties(self, until: date) -> None:
        """Do what is due of the studio before a day, each time on the first day on which it may."""
        procedure = self.policy.procedure
        waiting = [
            (max(each.start, self.clock.today), duty.action)
            for duty in procedure.duties.values()
            for each in occurrences(duty, self.policy, self.studio, until)
            if each.done is None and each.due is not None and self.clock.today <= each.due
        ]
        for day, action in sorted(waiting):
            step = procedure.transitions.get(action)
            if day < until and step is not None and self.studio.state in step.sources:
                self.clock.set(max(day, self.clock.today))
                self.take(action)
