"""Running the cases of a policy against each small mistake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from studioflow.cases import PolicyCase, Runner, run_cases
from studioflow.codec import Collector, wrong
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.lab.mutating.missing import MissingCase, missing_case
from studioflow.lab.mutating.missing_step import MissingStep, missing_step
from studioflow.lab.mutating.mutations import Mutation, mutations
from studioflow.policy import Policy
from studioflow.text import message

__all__ = ["Mutant", "MutationReport", "mutate"]

Fate = Literal["killed", "survived", "refused", "equivalent"]
CASE_FAILS = message(
    "case_fails", zh="在原政策下通过的案例", en="a case that passes under the policy as it stands"
)


@frozen
class Mutant:
    """One small mistake, and what became of it.

    Attributes:
        mutation: the mistake.
        fate: `killed` by a case; `survived` all of them; `refused`, since it gives no policy;
            `equivalent`, since every studio has the same total, eligibility and grade by it.
        case: the id of the first case that fails by it.
        missing: the case that would notice it; None where none was looked for, or found.
    """

    mutation: Mutation
    fate: Fate
    case: str | None = None
    missing: MissingCase | MissingStep | None = field(default=None, repr=False)


@frozen
class MutationReport:
    """What became of all mistakes.

    Attributes:
        mutants: each of them.
    """

    mutants: tuple[Mutant, ...]

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mistakes that no case notices."""
        return tuple(each for each in self.mutants if each.fate == "survived")

    @property
    def killed(self) -> tuple[Mutant, ...]:
        """The mistakes that a case notices."""
        return tuple(each for each in self.mutants if each.fate == "killed")

    @property
    def score(self) -> Fraction:
        """Which share of those that could be noticed was noticed; 1 where there are none."""
        able = len(self.killed) + len(self.survivors)
        return Fraction(len(self.killed), able) if able else Fraction(1)


def mutate(  # noqa: PLR0913 - what is asked, and how long
    policy: Policy,
    cases: Iterable[PolicyCase],
    *,
    host: Host | None = None,
    only: Callable[[Mutation], bool] | None = None,
    seconds: float = 5.0,
    progress: Callable[[int, int], None] | None = None,
) -> MutationReport:
    """Put every small mistake into a policy, and run its cases.

    Args:
        policy: as it stands.
        cases: that pass under it.
        host: whose plugins are asked about actions; every installed one when it is left out.
        only: which mistakes are tried; all of them when it is left out.
        seconds: how long the solver may look for a case that notices a survivor; without the extra
            `solver`, and with 0, it does not.
        progress: told how many are done, of how many.

    Raises:
        InputError: with every case that does not pass under the policy as it stands.
    """
    host = Host.discover() if host is None else host
    asked = _passing(policy, tuple(cases), host)
    wanted = [each for each in mutations(policy) if only is None or only(each)]
    found: list[Mutant] = []
    for mutation in wanted:
        found.append(_tried(policy, mutation, asked, host, seconds))
        if progress is not None:
            progress(len(found), len(wanted))
    return MutationReport(tuple(found))


def _passing(policy: Policy, cases: tuple[PolicyCase, ...], host: Host) -> tuple[PolicyCase, ...]:
    collector = Collector()
    for result in run_cases(policy, cases, host=host):
        with collector.under("cases", result.case.id):
            if not result.passed:
                raise wrong(CASE_FAILS, result.explain())
    collector.finish()
    # The cheap ones first; one that varies the policy costs a policy for each mistake.
    return tuple(sorted(cases, key=lambda case: (bool(case.changes), bool(case.actions))))


def _tried(
    policy: Policy, mutation: Mutation, cases: Sequence[PolicyCase], host: Host, seconds: float
) -> Mutant:
    try:
        mutant = policy.vary(mutation.changes)
    except InputError:
        return Mutant(mutation, "refused")
    runner = Runner(mutant, host)
    for case in sorted(cases, key=lambda case: not _about(case, mutation)):
        if mutation.area == "lifecycle" and not case.actions:
            continue
        try:
            passed = runner.run(case).passed
        except InputError:  # what the case changes is not there any more
            passed = False
        if not passed:
            return Mutant(mutation, "killed", case.id)
    if mutation.area == "lifecycle":
        return Mutant(mutation, "survived", missing=missing_step(policy, mutation))
    if not seconds:
        return Mutant(mutation, "survived")
    missing = missing_case(policy, mutant, seconds)
    same = missing == "none" and not _beyond_a_sheet(policy, mutation)
    if isinstance(missing, str):
        return Mutant(mutation, "equivalent" if same else "survived")
    return Mutant(mutation, "survived", missing=missing)


def _about(case: PolicyCase, mutation: Mutation) -> bool:
    """Return whether a case says something of what the mistake changes: it is tried first."""
    keys = set(mutation.path.split("/"))
    expected = case.expected
    named = {*expected.points, *expected.gates, *expected.reasons, *expected.sections}
    return not keys.isdisjoint(named | {action.action for action in case.actions[-1:]})


def _beyond_a_sheet(policy: Policy, mutation: Mutation) -> bool:
    """Return whether more hangs on what the mistake changes than what a sheet says."""
    root, _, rest = mutation.path.partition("/")
    if root == "grades" and "/places" in rest:
        return True  # places are given in a batch, which no single studio shows
    if root in {"gates", "site_check"}:
        return False  # a step asks for all of them, which is whether a studio is eligible
    return root == "conditions" and _says(policy.tables["lifecycle"], rest.partition("/")[0])


def _says(part: object, word: str) -> bool:
    match part:
        case Mapping():
            return any(_says(each, word) for each in part.values())
        case list():
            return any(_says(each, word) for each in part)
        case _:
            return part == word
