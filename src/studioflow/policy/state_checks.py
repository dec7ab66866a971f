"""Whether the states of a lifecycle are a way: each is reached, each is left or final, in order."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.codec import Collector, wrong
from studioflow.policy.checks import told
from studioflow.policy.lifecycle_paths import Paths, Step
from studioflow.policy.procedure import MILESTONES, UNDECLARED, Procedure
from studioflow.text import Text, message

__all__ = ["check_milestones", "check_states"]

NO_BEGINNING = message(
    "no_beginning", zh='从 "none" 开始的一步', en='a step that starts from "none"'
)
UNREACHABLE = message(
    "unreachable_state", zh='从 "none" 出发能到达的状态', en='a state that "none" leads to'
)
DEAD_END = message(
    "dead_end",
    zh="有一步可以离开的状态，或写明 final = true",
    en="a state that some step leaves, or else final = true",
)
FINAL_LEFT = message(
    "final_left",
    zh="没有一步离开的状态，而 {steps} 离开它",
    en="a state that no step leaves; {steps} does",
)
SKIPS_MILESTONE = message(
    "skips_milestone",
    zh="先经过 {skipped} 再到 {dest} 的路",
    en="a way to {dest} that passes {skipped}",
)
_NOTHING_LEADS_THERE = Text(
    "没有一步通向它；不用的状态写 on = false",
    "no step leads to it; where it is not used, say on = false",
)
_AND_NEVER = Text(
    "没有一步通向它，因此 {lost} 永不发生；不用的状态写 on = false",
    "no step leads to it, so that {lost} never happens; where it is not used, say on = false",
)
_ONLY_FROM_THERE = Text(
    "通向它的只有 {steps}，其起点同样不能到达",
    "only {steps} leads to it, from where nothing leads either",
)
_SCORED = "evaluated"


def check_states(collector: Collector, procedure: Procedure, paths: Paths) -> None:
    """Check that each state is reached, and left or final."""
    if paths.states and not any(UNDECLARED in step.sources for step in paths.steps.values()):
        with collector.under("lifecycle", "transitions"):
            raise told(NO_BEGINNING, _listed(paths.steps.values()))
    else:
        _check_reached(collector, procedure, paths)
    for name, state in procedure.states.items():
        leaving = paths.leaving(name)
        with collector.under("lifecycle", "states", name):
            if not leaving and not state.final:
                raise wrong(DEAD_END, name)
        # What leaves it by a name that was guessed may not leave it at all.
        certain = [step for step in leaving if step.certain]
        with collector.under("lifecycle", "states", name, "final"):
            if certain and state.final:
                raise wrong(FINAL_LEFT, state.final, steps=_listed(certain))


def _check_reached(collector: Collector, procedure: Procedure, paths: Paths) -> None:
    reached = paths.reached()
    for name in procedure.states:
        with collector.under("lifecycle", "states", name):
            if name not in reached:
                steps = _listed(paths.leading_to(name))
                # The cause of these, which are not told one by one.
                lost = _listed(
                    s for s in paths.starting_from(name) if reached.isdisjoint(s.sources)
                )
                alone = _AND_NEVER if lost else _NOTHING_LEADS_THERE
                hint = _ONLY_FROM_THERE if steps else alone
                raise wrong(UNREACHABLE, name, hint=hint, steps=steps, lost=lost)


def check_milestones(collector: Collector, procedure: Procedure, paths: Paths) -> None:
    """Check that no way to a milestone skips an earlier one that the policy has.

    The score and the decision of a cycle do not reach into the next one, so that its ways pass
    `evaluated` again.
    """
    there = [name for name in MILESTONES if name in procedure.states]
    renewed = _renewed(procedure, paths)
    found: dict[tuple[str, str], list[tuple[str, tuple[Step, ...]]]] = {}
    for place, goal in enumerate(there):
        for nth, skipped in enumerate(there[:place]):
            starts = {UNDECLARED, *(renewed if skipped == _SCORED else ())}
            # Past all others that come after: a way by one of these is its own fault.
            others = [name for name in there[nth:] if name != goal]
            way = paths.shortest(starts - {goal}, goal, avoiding=others)
            if way:
                found.setdefault((goal, way[-1].name), []).append((skipped, way))
    for (goal, last), ways in found.items():
        with collector.under("lifecycle", "transitions", last, "to"):
            shown = " → ".join(step.name for step in ways[0][1])
            passed_by = tuple(name for name, _ in ways)
            raise told(SKIPS_MILESTONE, shown, skipped=passed_by, dest=goal)


def _renewed(procedure: Procedure, paths: Paths) -> frozenset[str]:
    """Return the states in which a cycle may begin that is not the first."""
    starts: set[str] = set()
    for name, transition in procedure.transitions.items():
        if transition.next_cycle:
            step = paths.steps[name]
            starts |= step.dests - {_SCORED} if step.dests else step.sources
    return frozenset(starts) & paths.reached()


def _listed(steps: Iterable[Step]) -> str:
    return ", ".join(step.name for step in steps)
