"""What can happen at all: points, grades, bands and cases that nobody reaches, empty gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studioflow.algebra import Truth, names
from studioflow.lab.claims import read_claim
from studioflow.lab.linting.findings import Finding
from studioflow.lab.linting.looking import items, parts
from studioflow.lab.solving import directed, never_lowers
from studioflow.lab.solving.lifecycle import can_hold
from studioflow.lab.solving.model import Facts, Model
from studioflow.lab.solving.search import NoAnswerInTime, find, solver_of
from studioflow.lab.solving.standard import reached_by
from studioflow.policy import Policy
from studioflow.rules.kinds import Condition
from studioflow.rules.marked import Marked
from studioflow.rules.scoring import Cases
from studioflow.text import Text, exact, message

__all__ = ["of_reach"]

POINTS_UNREACHED = message(
    "points_unreached",
    zh="满分{max}分没有人能达到",
    en="nobody can have its {max} points",
)
TOTAL_UNREACHED = message(
    "total_unreached",
    zh="总分的满分{max}分没有人能达到",
    en="nobody can have all {max} points",
)
GRADE_UNREACHED = message(
    "grade_unreached", zh="没有人能达到“{grade}”", en="nobody can reach “{grade}”"
)
GATE_NEVER = message("gate_never", zh="没有人能达到", en="nobody can meet it")
GATE_ALWAYS = message("gate_always", zh="人人都达到，挡不住任何人", en="everybody meets it")
CONDITION_ALWAYS = message(
    "condition_always", zh="总是成立，挡不住任何人", en="it always holds, and stops nobody"
)
CASE_NEVER = message(
    "case_never",
    zh="不会轮到：前面的情形已经包括它，或它不能成立",
    en="it never comes to it: those before it take all, or it can not hold",
)
BAND_NEVER = message(
    "band_never",
    zh="没有人在这一档：上面的档已经包括它，或条件不能成立",
    en="nobody is in this band: those above take all, or what it needs can not hold",
)
LOWERS_TOTAL = message(
    "lowers_total",
    zh="本是越{more}越好，却可能降低总分",
    en="{more} of it is said to be better, and can lower the total",
)


def of_reach(policy: Policy, seconds: float) -> Iterator[Finding]:
    """Yield what nobody reaches, what stops nobody, and what lowers the total though it is good.

    A question that is not answered in time finds nothing.
    """
    yield from _maxima(policy, seconds)
    yield from _gates(policy, seconds)
    for name, grade in policy.rubric.grades.items():
        claim = reached_by(policy, name)
        if claim is not None and not _some_studio(policy, claim, seconds):
            said = {"grade": grade.label}
            yield Finding(GRADE_UNREACHED, f"grades/{name}", "error", grade.clause, said)
    yield from _ways(policy, seconds)
    for name in directed(policy):
        if never_lowers(policy, name, seconds=seconds).outcome == "refuted":
            fact = policy.facts[name]
            more = _MORE if fact.better == "more" else _LESS
            yield Finding(LOWERS_TOTAL, f"facts/{name}", "warning", fact.clause, {"more": more})


_MORE, _LESS = Text("多", "more"), Text("少", "less")


def _maxima(policy: Policy, seconds: float) -> Iterator[Finding]:
    for path, item in items(policy):
        if item.max is not None and not _some_studio(
            policy, f"{path} >= {exact(item.max)}", seconds
        ):
            said = {"max": item.max}
            yield Finding(POINTS_UNREACHED, f"{path}/max", "warning", item.clause, said)
    most = policy.rubric.maximum
    if most is not None and not _some_studio(policy, f"total >= {exact(most)}", seconds):
        yield Finding(TOTAL_UNREACHED, "criteria", "warning", None, {"max": most})


def _some_studio(policy: Policy, claim: str, seconds: float) -> bool:
    """Return whether it holds of some studio, or whether nobody knows."""
    model = Model(policy)
    wanted = model.truth(read_claim(claim, policy).term)
    try:
        return find(solver_of([*model.rules, wanted.holds]), seconds) is not None
    except NoAnswerInTime:
        return True


def _gates(policy: Policy, seconds: float) -> Iterator[Finding]:
    for name, gate in policy.rubric.gates.items():
        truth, path = gate.condition.truth, f"gates/{name}"
        if not _can(policy, [truth], seconds):
            yield Finding(GATE_NEVER, path, "error", gate.clause)
        elif not _can(policy, [~truth], seconds):
            yield Finding(GATE_ALWAYS, path, "warning", gate.clause)
    for action, step in policy.procedure.transitions.items():
        for name, each in step.conditions.items():
            truth = each.condition.truth
            path = f"lifecycle/transitions/{action}/conditions/{name}"
            if each.on and names(truth) and not _can(policy, [~truth], seconds):
                yield Finding(CONDITION_ALWAYS, path, "warning", each.clause)


def _ways(policy: Policy, seconds: float) -> Iterator[Finding]:
    """Yield cases and bands that it never comes to."""
    for path, item in items(policy):
        for part in parts(item.rule):
            if isinstance(part, Cases):
                conditions: Mapping[object, Condition | None] = dict(
                    enumerate(each.when for each in part.cases)
                )
                where, said = f"{path}/cases", CASE_NEVER
            elif isinstance(part, Marked):
                conditions = {name: band.when for name, band in part.bands.items()}
                where, said = f"{path}/bands", BAND_NEVER
            else:
                continue
            before: list[Truth] = []
            for key, each in conditions.items():
                if each is None:
                    continue
                # A band of an answer that was not given is written as one that never holds.
                if names(each.bare) and not _can(policy, [each.bare, *before], seconds):
                    yield Finding(said, f"{where}/{key}", "warning", item.clause)
                before.append(~each.bare)


def _can(policy: Policy, truths: list[Truth], seconds: float) -> bool:
    """Return whether truths can hold together, or whether nobody knows."""
    facts = Facts({**policy.facts, **policy.procedure_facts})
    if any(names(each) - facts.declared.keys() for each in truths):
        return True
    try:
        return can_hold(facts, truths, seconds)
    except NoAnswerInTime:
        return True
