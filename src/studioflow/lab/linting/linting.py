"""Lint: everything that is found in a policy, as it stands and under every other answer."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from attrs import evolve

from studioflow.errors import InputError
from studioflow.lab.linting.findings import Finding, Severity
from studioflow.lab.linting.names import of_names
from studioflow.lab.linting.points import of_points
from studioflow.policy import Policy
from studioflow.text import message

__all__ = ["lint"]

SOLVER_MISSING = message(
    "solver_missing",
    zh="没有安装 studioflow[solver]，没有查找达不到的分数、等次和条件",
    en="studioflow[solver] is not installed: points, grades and conditions that nobody "
    "reaches were not looked for",
)
ANSWER_FAILS = message(
    "answer_fails",
    zh="这一答案给出的政策有误：{problems}",
    en="this answer gives a policy that is wrong: {problems}",
)

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_SECONDS = 5.0


def lint(policy: Policy, *, answers: bool = True, seconds: float = _SECONDS) -> tuple[Finding, ...]:
    """Return the mistakes and gaps of a policy, the worst first.

    What is found only under another answer of a reading says under which one.

    >>> from studioflow import load_policy
    >>> found = lint(load_policy("yongjia-2023"), answers=False)
    >>> [(each.path, each.clause) for each in found if each.code == "heading_differs"]
    [('criteria/5.4.1/heading', '5.4.1')]

    Args:
        policy: that was loaded, so that it is not wrong in itself.
        answers: whether it is looked at under the other answers of its readings, too.
        seconds: how long the solver may take for each question; what it does not answer is not
            found.
    """
    found = list(_of(policy, seconds))
    known = {(each.code, each.path) for each in found}
    for setting, other in _other_answers(policy) if answers else ():
        if isinstance(other, Finding):
            found.append(other)
            continue
        for each in of_points(other):
            if (each.code, each.path) not in known:
                known.add((each.code, each.path))
                found.append(evolve(each, under=setting))
    return tuple(sorted(found, key=lambda each: _ORDER[each.severity]))


def _of(policy: Policy, seconds: float) -> Iterator[Finding]:
    yield from of_points(policy)
    yield from of_names(policy)
    if find_spec("z3") is None:
        yield Finding(SOLVER_MISSING, "", "note")
        return
    from studioflow.lab.linting.reached import of_reach

    yield from of_reach(policy, seconds)


def _other_answers(policy: Policy) -> Iterator[tuple[str, Policy | Finding]]:
    """Yield the policy under each answer that is not in force, or that it is wrong then."""
    for name, reading in policy.readings.items():
        for answer in reading.values:
            if answer == reading.in_force:
                continue
            setting = f"{name}={answer}"
            try:
                yield setting, policy.vary({f"readings/{name}": answer})
            except InputError as error:
                said = {"problems": "; ".join(each.path for each in error.problems)}
                path = f"readings/{name}/values/{answer}"
                yield setting, Finding(ANSWER_FAILS, path, "error", reading.clause, said, setting)
