"""Running cases: what a policy makes of each studio, against what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from studioflow.cases.documents import PolicyCase
from studioflow.cases.mismatches import Mismatch, of_refusal, of_sheet, of_steps, taken
from studioflow.cases.playing import Played, play
from studioflow.codec import UNKNOWN_NAME, Collector, to_json, wrong
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy import UNDECLARED, Policy
from studioflow.text import Language

__all__ = ["CaseResult", "Runner", "check_cases", "run_cases"]


@frozen
class CaseResult:
    """What came of one case.

    Attributes:
        case: that was run.
        mismatches: with what was expected; none where it passed.
    """

    case: PolicyCase
    mismatches: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.mismatches

    def explain(self, language: Language = "en") -> str:
        """Return every mismatch, a line each."""
        return "\n".join(each.explain(language) for each in self.mismatches)


def run_cases(
    policy: Policy, cases: Iterable[PolicyCase], *, host: Host | None = None
) -> tuple[CaseResult, ...]:
    """Run cases under a policy.

    Args:
        policy: that they are expected to describe; each case may vary it.
        cases: as `read_cases` read them.
        host: whose plugins are asked about actions; every installed one when it is left out.

    Raises:
        InputError: with everything that a case expects of what the policy does not have, and every
            variation that is wrong.
    """
    asked = tuple(cases)
    check_cases(policy, asked)
    runner = Runner(policy, host)
    return tuple(runner.run(case) for case in asked)


def check_cases(policy: Policy, cases: Iterable[PolicyCase]) -> None:
    """Check that what cases expect is about what a policy has.

    Raises:
        InputError: with every id that it does not have, and every variation that is wrong.
    """
    collector, runner, rubric = Collector(), Runner(policy), policy.rubric
    items = {*rubric.criteria, *rubric.deductions}
    steps, grades = policy.procedure, {*rubric.grades, "none"}
    for case in cases:
        expected = case.expected
        known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
            ("points", expected.points, items),
            ("sections", expected.sections, rubric.sections),
            ("gates", expected.gates, rubric.gates),
            ("reasons", expected.reasons, items | {*rubric.gates}),
            ("open", expected.open or (), policy.facts),
            ("facts", expected.facts, policy.facts),
            ("grade", [expected.grade] if expected.grade else (), grades),
            ("decision", [expected.decision] if expected.decision else (), grades),
            ("state", [expected.state] if expected.state else (), {*steps.states, UNDECLARED}),
            ("steps", expected.steps or (), steps.transitions),
        )
        for key, named, there in known:
            for name in named:
                with collector.under("cases", case.id, "expect", key):
                    if name not in there:
                        raise wrong(UNKNOWN_NAME, name, known=there)
        for place, each in enumerate(case.actions):
            with collector.under("cases", case.id, "actions", str(place), "do"):
                if each.action not in steps.transitions:
                    raise wrong(UNKNOWN_NAME, each.action, known=steps.transitions)
            with collector.under("cases", case.id, "actions", str(place), "by"):
                if ":" not in each.by and each.by not in policy.roles:
                    raise wrong(UNKNOWN_NAME, each.by, known=policy.roles)
        with collector.under("cases", case.id, "set"):
            runner.varied(case)
    collector.finish()


class Runner:
    """Runs cases under one `policy`, each variation of which is built once."""

    def __init__(self, policy: Policy, host: Host | None = None) -> None:
        self.policy = policy
        self._host = host
        self._varied: dict[str, Policy] = {}

    def varied(self, case: PolicyCase) -> Policy:
        """Return the policy as a case wants it.

        Raises:
            InputError: where its changes give no policy.
        """
        if not case.changes:
            return self.policy
        key = to_json(dict(case.changes))
        if key not in self._varied:
            self._varied[key] = self.policy.vary(case.changes)
        return self._varied[key]

    def run(self, case: PolicyCase) -> CaseResult:
        """Run one case."""
        try:
            found = self._about_actions(case) if case.actions else self._about_facts(case)
            return CaseResult(case, tuple(found))
        except InputError as error:
            return CaseResult(case, tuple(of_refusal(case.expected, error.problems)))

    def play(self, case: PolicyCase) -> Played:
        """Take the actions of a case that has some.

        Raises:
            InputError: for what comes with an action and does not fit.
        """
        if self._host is None:
            self._host = Host.discover()
        return play(self.varied(case), self._host, case.actions)

    def _about_facts(self, case: PolicyCase) -> Iterator[Mismatch]:
        sheet = self.varied(case).score(case.handed_in)
        if case.expected.refused:
            yield from of_refusal(case.expected, ())
        else:
            yield from of_sheet(case.expected, sheet)

    def _about_actions(self, case: PolicyCase) -> Iterator[Mismatch]:
        played = self.play(case)
        if case.expected.refused:
            yield from of_refusal(case.expected, ())
        elif len(played.attempts) < len(case.actions):
            yield from taken(played)
        else:
            yield from of_steps(case.expected, played)
            if case.expected.asks_for_sheet:
                yield from of_sheet(case.expected, played.sheet())
