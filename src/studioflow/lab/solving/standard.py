"""What is claimed of every policy, whatever it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from attrs import evolve, frozen

from studioflow.codec import Collector
from studioflow.lab.claims import read_claim
from studioflow.lab.claims.words import grades_of, in_gates
from studioflow.lab.solving.asking import Proof, example_of, prove
from studioflow.lab.solving.assessor import decides_alone, marking_roles
from studioflow.lab.solving.lifecycle import is_way_claim, prove_way
from studioflow.lab.solving.monotone import directed, never_lowers
from studioflow.lab.solving.search import SECONDS, NoAnswerInTime
from studioflow.policy import Policy
from studioflow.rubric.totals import in_criteria, in_deductions
from studioflow.text import Text, exact

__all__ = ["StandardClaim", "proofs", "standard_claims"]


@frozen
class StandardClaim:
    """A claim that is made of every policy.

    Attributes:
        id: a word, and what it is about.
        label: what it says.
        clause: of what it is about, where it is one thing.
        check: proves or refutes it, within so many seconds.
    """

    id: str
    label: Text
    clause: str | None
    check: Callable[[float], Proof]


def proofs(policy: Policy, *claims: str, seconds: float = SECONDS) -> Iterator[Proof]:
    """Prove or refute claims one after the other; the standard ones where none is given.

    >>> from studioflow import load_policy
    >>> policy = load_policy("teacher-points")
    >>> [proof.outcome for proof in proofs(policy, "total >= 0", "reachable states/commended")]
    ['proved', 'proved']

    Args:
        policy: about which they are.
        claims: sentences; see `read_claim` and `prove_way`.
        seconds: how long each of them may take.

    Raises:
        InputError: with every claim that is none.
    """
    if claims:
        _check(policy, claims)
        for text in claims:
            way = prove_way(policy, text, seconds=seconds) if is_way_claim(text) else None
            yield way or prove(policy, text, seconds=seconds)
        return
    for claim in standard_claims(policy):
        found = claim.check(seconds)
        yield evolve(found, claim=claim.id, label=claim.label, clause=claim.clause)


def _check(policy: Policy, claims: Iterable[str]) -> None:
    """Read every claim before the first one is proved, which may take long."""
    collector = Collector()
    for text in claims:
        with collector.under():
            if is_way_claim(text):
                prove_way(policy, text)
            else:
                read_claim(text, policy)
    collector.finish()


def standard_claims(policy: Policy) -> tuple[StandardClaim, ...]:
    """Return the claims that are made of every policy, as far as they say anything of this one.

    - `total_within_maximum`: the total never exceeds its maximum.
    - `points_within_maximum ITEM`: neither do the points of an item, which are never below 0.
    - `monotone FACT`: more of a good thing never lowers the total.
    - `grade_reachable GRADE`: some studio has it, or every gate open to it.
    - `gates_together`: all gates can be met together.
    - `no_single_assessor ROLE`: nobody's marks change the grade by themselves.
    """
    return tuple(_claims(policy))


def _claims(policy: Policy) -> Iterator[StandardClaim]:
    rubric = policy.rubric
    if rubric.maximum is not None:
        limit = exact(rubric.maximum)
        label = Text(f"总分不超过{limit}分", f"the total never exceeds {limit}")
        yield _always(policy, "total_within_maximum", f"total <= {limit}", label)
    items = {in_criteria(name): item for name, item in rubric.criteria.items()}
    for path, item in (items | {in_deductions(n): i for n, i in rubric.deductions.items()}).items():
        if item.max is None:
            continue
        name, limit = path.partition("/")[2], exact(item.max)
        label = Text(
            f"{item.label.zh}（{name}）在0到{limit}分之间",
            f"{item.label.en} ({name}) gives from 0 to {limit} points",
        )
        bounds = f"{path} >= 0 and {path} <= {limit}"
        yield _always(policy, f"points_within_maximum {name}", bounds, label, item.clause)
    for name in directed(policy):
        yield _monotone(policy, name)
    yield from _reachable(policy)
    for role in marking_roles(policy):
        who = policy.roles[role].label if role in policy.roles else Text(role, role)
        label = Text(
            f"一名{who.zh}的评分不能单独改变等次",
            f"one person's marks as {who.en} never change the grade by themselves",
        )
        check = partial(_decides, policy, role)
        yield StandardClaim(f"no_single_assessor {role}", label, None, check)


def _decides(policy: Policy, role: str, seconds: float) -> Proof:
    return decides_alone(policy, role, seconds=seconds)


def _always(
    policy: Policy, name: str, claim: str, label: Text, clause: str | None = None
) -> StandardClaim:
    return StandardClaim(name, label, clause, lambda seconds: prove(policy, claim, seconds=seconds))


def _monotone(policy: Policy, name: str) -> StandardClaim:
    fact = policy.facts[name]
    more = fact.better == "more"
    label = Text(
        f"{fact.label.zh}{'增加' if more else '减少'}，总分不会降低",
        f"{'more' if more else 'fewer'} of “{fact.label.en}” never lowers the total",
    )
    check = lambda seconds: never_lowers(policy, name, seconds=seconds)  # noqa: E731
    return StandardClaim(f"monotone {name}", label, fact.clause, check)


def reached_by(policy: Policy, grade: str) -> str | None:
    """Return a claim of whoever is good enough for a grade; None where a decision gives it."""
    if grade not in grades_of(policy):
        return None
    # Whoever is good enough for a grade with few places has it only if one is left.
    return f"grade {'=' if policy.rubric.grades[grade].otherwise else '>='} {grade}"


def _reachable(policy: Policy) -> Iterator[StandardClaim]:
    """Yield that there is a studio with each grade, and one with all gates."""
    for name, grade in policy.rubric.grades.items():
        condition = reached_by(policy, name)
        if condition is not None:
            label = Text(f"可以达到“{grade.label.zh}”", f"“{grade.label.en}” can be reached")
            yield _exists(policy, f"grade_reachable {name}", condition, label, grade.clause)
    if policy.rubric.gates:
        together = " and ".join(map(in_gates, policy.rubric.gates))
        label = Text("各必备项可以同时达到", "all gates can be met together")
        yield _exists(policy, "gates_together", together, label, None)


def _exists(
    policy: Policy, name: str, condition: str, label: Text, clause: str | None
) -> StandardClaim:
    def check(seconds: float) -> Proof:
        try:
            found = example_of(policy, [read_claim(condition, policy)], seconds=seconds)
        except NoAnswerInTime:
            return Proof(name, "no_answer")
        return Proof(name, "proved", (found,)) if found else Proof(name, "refuted")

    return StandardClaim(name, label, clause, check)
