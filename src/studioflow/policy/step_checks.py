"""Whether each step of a lifecycle can ever be taken, at least for the first time.

Only what is certain counts: a condition that somebody may set aside, or that only warns, stands in
nobody's way, and a fact may turn out to be anything inside its bounds. Steps that start from where
nothing leads are not told here: their state is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import isinf

from attrs import frozen

from studioflow.algebra import All, Truth, bounds, names, possible
from studioflow.codec import Collector, wrong
from studioflow.errors import InputError
from studioflow.policy.checks import told
from studioflow.policy.lifecycle_paths import Paths
from studioflow.policy.procedure import UNDECLARED, Procedure, Transition
from studioflow.policy.surroundings import Surroundings
from studioflow.policy.window_checks import actions, base, fixed
from studioflow.text import message
from studioflow.timeline import Moment, Window

__all__ = ["Steps", "refusing"]

NEVER_HOLDS = message(
    "never_holds",
    zh="事实取某些值时可以成立的条件",
    en="a condition that holds for some values of its facts",
)
NEVER_TOGETHER = message(
    "never_hold_together", zh="可以同时成立的条件", en="conditions that can hold at the same time"
)
WAITS_IN_VAIN = message(
    "waits_in_vain",
    zh="此步之前就能确定的时间，而 {actions} 不能在它之前发生",
    en="a window that is set before this step; {actions} can not come before it",
)
OVER_BEFORE = message(
    "over_before",
    zh="到得了此步（最早 {day}）时尚未结束的时间窗",
    en="a window that is not over before this step can come, which is on {day} at the earliest",
)
NOBODY_MAY = message(
    "nobody_may",
    zh="不限本单位（own）的角色：independent 的步骤不由本单位的人办理",
    en="a role that is not for one's own studios alone: nobody takes an independent step for one",
)
NOTHING_TO_SETTLE = message(
    "nothing_to_settle",
    zh="此步之前有一步提出（opens）的事项",
    en="something that a step before this one opens",
)
NOTHING_TO_RECOVER = message(
    "nothing_to_recover",
    zh='"rewards" 之前须有发放 reward 的一步，"amount" 须写 needs = ["amount"]',
    en='"rewards" after a step that grants one, or "amount" with needs = ["amount"]',
)
BAN_OF_NOTHING = message(
    "ban_of_nothing", zh="有对象（of）且有时长的禁令", en="a ban of somebody, for some time"
)
HANDED_IN_BY_NOBODY = message(
    "handed_in_by_nobody",
    zh="不需要提交任何内容的一步：automatic 的步骤没有人提交",
    en="a step that needs nothing handed in: nobody hands anything in with an automatic one",
)
NO_GRADES = message("no_grades", zh="有等级（grades）的评分标准", en="a rubric that has grades")

Fault = tuple[tuple[str, ...], InputError]


def refusing(transition: Transition, *, automatic: bool = False) -> dict[str, Truth]:
    """Return the conditions that a step can not be taken without, by id.

    Args:
        transition: the step.
        automatic: whether it is taken by itself, where nobody sets anything aside.
    """
    return {
        name: condition.condition.truth
        for name, condition in transition.conditions.items()
        if condition.severity == "refuse" and (automatic or not condition.override)
    }


@frozen(eq=False)
class Steps:
    """All that says whether steps can be taken."""

    procedure: Procedure
    paths: Paths
    around: Surroundings

    def check(self, collector: Collector) -> None:
        """Check that each step can be taken."""
        for name, transition in self.procedure.transitions.items():
            for place, fault in self._faults(name, transition):
                with collector.under("lifecycle", "transitions", name, *place):
                    raise fault

    def _faults(self, name: str, transition: Transition) -> Iterator[Fault]:
        by = [self.around.roles.get(role) for role in transition.by]
        if transition.independent and by and all(role is not None and role.own for role in by):
            yield ("by",), wrong(NOBODY_MAY, ", ".join(transition.by))
        if transition.automatic and (transition.needs or transition.declares):
            needs = ", ".join(transition.needs) or "application"
            yield ("automatic",), told(HANDED_IN_BY_NOBODY, needs)
        bans = transition.bans
        if bans is not None and not (bans.of and bans.span):
            yield ("bans",), wrong(BAN_OF_NOTHING, ", ".join(bans.of))
        if transition.recovers == "amount" and "amount" not in transition.needs:
            yield ("recovers",), wrong(NOTHING_TO_RECOVER, transition.recovers)
        if transition.batch_grade and not self.around.rubric.grades:
            yield ("batch_grade",), wrong(NO_GRADES, transition.batch_grade)
        # What comes before a step that is never reached is not asked.
        if not self._earliest.keys().isdisjoint(self.paths.steps[name].sources):
            yield from self._without_what_comes_before(name, transition)
            yield from self._unmet(name, transition)

    def _without_what_comes_before(self, name: str, transition: Transition) -> Iterator[Fault]:
        if transition.recovers == "rewards" and not self._some_before(self._rewarding, name):
            yield ("recovers",), wrong(NOTHING_TO_RECOVER, transition.recovers)
        settles = transition.settles or ""
        opening = self._opening.get(settles, ())
        if settles in self.procedure.pending and not self._some_before(opening, name):
            opened = [pending for pending, steps in self._opening.items() if steps]
            yield ("settles",), wrong(NOTHING_TO_SETTLE, settles, known=opened)
        window = self._refusing_window(transition)
        # Where it does not count in some state, the step can be taken from there.
        if window is None or not all(_counts(transition, each) for each in transition.source):
            return
        for end in (window.start, window.end):
            if awaits := self._awaits_in_vain(end, name):
                yield ("window",), wrong(WAITS_IN_VAIN, transition.window, actions=awaits)
                return
        last = fixed(window.end, self.around.calendar)
        # By the graph, which knows what a wrong name is likely to mean.
        sources = self.paths.steps[name].sources
        first = min(self._earliest.get(each, date.max) for each in sources)
        if last is not None and last < first:
            yield ("window",), told(OVER_BEFORE, last.isoformat(), day=first)

    def _refusing_window(self, transition: Transition) -> Window | None:
        """Return the window that a step can not be taken outside of, if there is one."""
        if transition.window_severity == "warn" or transition.window_override:
            return None
        return self.around.calendar.windows.get(transition.window or "")

    @cached_property
    def _earliest(self) -> Mapping[str, date]:
        """The first day on which each state can be reached, as far as windows are days."""
        found = {UNDECLARED: date.min}
        waiting = deque(found)
        while waiting:
            here = waiting.popleft()
            for step in self.paths.starting_from(here):
                day = max(found[here], self._opens(step.name, here))
                for state in step.dests:
                    if state not in found or day < found[state]:
                        found[state] = day
                        waiting.append(state)
        return found

    def _opens(self, name: str, state: str) -> date:
        transition = self.procedure.transitions.get(name)
        window = None if transition is None else self._refusing_window(transition)
        named = "none" if state == UNDECLARED else state
        if transition is None or window is None or not _counts(transition, named):
            return date.min
        return fixed(window.start, self.around.calendar) or date.min

    def _awaits_in_vain(self, moment: Moment | None, name: str) -> tuple[str, ...]:
        """Return the actions that a moment waits for, if none of them can come before a step."""
        awaits = actions(base(moment, self.around.calendar))
        known = all(each in self.paths.steps or each in self.procedure.off for each in awaits)
        return () if not known or self._some_before(awaits, name) else awaits

    @cached_property
    def _rewarding(self) -> tuple[str, ...]:
        steps = self.procedure.transitions
        return tuple(name for name, each in steps.items() if each.reward is not None)

    @cached_property
    def _opening(self) -> Mapping[str, tuple[str, ...]]:
        """The steps that open what can be pending, by its name."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.procedure.pending, ())
        for name, each in self.procedure.transitions.items():
            if each.opens is not None:
                found[each.opens] = (*found.get(each.opens, ()), name)
        return found

    def _some_before(self, steps: Iterable[str], name: str) -> bool:
        sources = self.paths.steps[name].sources
        return any(self.paths.before(step, name, sources) for step in steps)

    def _unmet(self, name: str, transition: Transition) -> Iterator[Fault]:
        asked = refusing(transition, automatic=transition.automatic)
        limits, never = self._known(name, names(All(tuple(asked.values()))))

        def can_hold(conditions: Iterable[str]) -> bool:
            truths = [asked[each] for each in conditions]
            named = names(All(tuple(truths)))
            truths += [limit for limit in limits if names(limit) <= named]
            return possible(All(tuple(truths)), never)

        alone = [each for each in asked if not can_hold([each])]
        for each in alone:
            yield ("conditions", each), wrong(NEVER_HOLDS, each)
        core = [*asked]
        if not alone and not can_hold(core):
            for each in asked:  # only those that it takes
                fewer = [other for other in core if other != each]
                core = core if can_hold(fewer) else fewer
            yield ("conditions",), told(NEVER_TOGETHER, ", ".join(core))

    def _known(self, name: str, named: frozenset[str]) -> tuple[list[Truth], frozenset[str]]:
        """Return what is certain of a procedure's facts before a step is taken for the first time.

        Returns:
            truths that hold, and facts that are never known.
        """
        limits, never = [*self._limits(named)], set()
        facts = self.around.facts
        for fact in sorted(named & facts.keys()):
            kind, _, subject = fact.partition("_")
            counted = {"times": (subject,), "pending": self._opening.get(subject, ())}.get(kind)
            if counted is not None and not self._some_before(counted, name):
                limits.append(facts[fact].number() <= 0)
            elif kind == "opinion":
                given = self._advising(subject)
                if name not in given and not self._some_before(given, name):
                    never.add(fact)
        for key, window in self.around.calendar.windows.items():
            for flag, end in ((f"{key}_begun", window.start), (f"{key}_over", window.end)):
                if flag in named and self._awaits_in_vain(end, name):
                    never.add(flag)
        if self.around.quota is None:
            never.add("places_left")
        return limits, frozenset(never)

    def _advising(self, role: str) -> tuple[str, ...]:
        """Return the steps with which a role gives its opinion."""
        steps = self.procedure.transitions
        return tuple(n for n, each in steps.items() if role in each.by and "opinion" in each.needs)

    def _limits(self, named: frozenset[str]) -> Iterator[Truth]:
        """Yield the bounds of what is counted in the programme, and on the sheet."""
        if "places_left" in named and self.around.quota is not None:
            yield self.around.facts["places_left"].number() <= self.around.quota.places
        if "open_facts" in named:
            yield self.around.facts["open_facts"].number() <= len(self.around.rubric.facts)
        renewing = any(each.next_cycle for each in self.procedure.transitions.values())
        if "cycle_number" in named and not renewing:
            yield self.around.facts["cycle_number"].number() <= 1
        if "total" in named:
            total = self.around.rubric.totals.results["total"]
            low, high, _ = bounds(total)
            if not isinf(high):
                yield self.around.facts["total"].number() <= Fraction(high) / total.denominator
            if not isinf(low):
                yield self.around.facts["total"].number() >= Fraction(low) / total.denominator


def _counts(transition: Transition, state: str) -> bool:
    """Return whether the window of a step counts in a state, called as in the file."""
    return not transition.window_for or state in transition.window_for
