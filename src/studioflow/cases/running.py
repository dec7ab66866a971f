"""Running cases: what a policy makes of each studio, against what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from studioflow.cases.documents import Expected, PolicyCase
from studioflow.codec import UNKNOWN_NAME, Collector, to_json, wrong
from studioflow.errors import InputError, Problem
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.rubric.sheet import Points
from studioflow.text import Language, Text, exact
from studioflow.verdict import Reason

__all__ = ["CaseResult", "Mismatch", "Runner", "check_cases", "run_cases"]

_Ends: TypeAlias = tuple[Fraction | None, Fraction | None]
_SAID = Text("{path}：应为 {expected}，得到 {got}", "{path}: expected {expected}, got {got}")
_BECAUSE = Text("，因为{reasons}", ", because {reasons}")
_WITHHELD = Text("不给分", "withheld")
_OPEN = Text("未定", "open")
_NONE = Text("无", "none")
_TAKEN = Text("接受", "taken")
_RANGE = Text("{low}至{high}", "{low} to {high}")


@frozen
class Mismatch:
    """One thing that came out otherwise.

    Attributes:
        path: of the thing, such as `criteria/5.2.2`.
        expected, got: as they are said.
        reasons: of what came out.
    """

    path: str
    expected: Text
    got: Text
    reasons: tuple[Reason, ...] = ()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence, with the reasons of what came out."""
        said = _SAID.get(language).format(
            path=self.path, expected=self.expected.get(language), got=self.got.get(language)
        )
        if self.reasons:
            reasons = "; ".join(reason.explain(language) for reason in self.reasons)
            said += _BECAUSE.get(language).format(reasons=reasons)
        return said


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


def run_cases(policy: Policy, cases: Iterable[PolicyCase]) -> tuple[CaseResult, ...]:
    """Run cases under a policy.

    Args:
        policy: that they are expected to describe; each case may vary it.
        cases: as `read_cases` read them.

    Raises:
        InputError: with everything that a case expects of what the policy does not have, and every
            variation that is wrong.
    """
    asked = tuple(cases)
    check_cases(policy, asked)
    runner = Runner(policy)
    return tuple(runner.run(case) for case in asked)


def check_cases(policy: Policy, cases: Iterable[PolicyCase]) -> None:
    """Check that what cases expect is about what a policy has.

    Raises:
        InputError: with every id that it does not have, and every variation that is wrong.
    """
    collector, runner, rubric = Collector(), Runner(policy), policy.rubric
    items = {*rubric.criteria, *rubric.deductions}
    for case in cases:
        expected = case.expected
        known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
            ("points", expected.points, items),
            ("sections", expected.sections, rubric.sections),
            ("gates", expected.gates, rubric.gates),
            ("reasons", expected.reasons, items | {*rubric.gates}),
            ("open", expected.open or (), policy.facts),
            ("grade", [expected.grade] if expected.grade else (), {*rubric.grades, "none"}),
        )
        for key, named, there in known:
            for name in named:
                with collector.under("cases", case.id, "expect", key):
                    if name not in there:
                        raise wrong(UNKNOWN_NAME, name, known=there)
        with collector.under("cases", case.id, "set"):
            runner.varied(case)
    collector.finish()


class Runner:
    """Runs cases under one `policy`, each variation of which is built once."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
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
            sheet = self.varied(case).score(case.handed_in)
        except InputError as error:
            return CaseResult(case, tuple(_refused(case.expected, error.problems)))
        if case.expected.refused:
            codes = ", ".join(case.expected.refused)
            return CaseResult(case, (Mismatch("facts", Text(codes, codes), _TAKEN),))
        return CaseResult(case, tuple(_mismatches(case.expected, sheet)))


def _refused(expected: Expected, problems: Iterable[Problem]) -> Iterator[Mismatch]:
    told = list(problems)
    codes = {problem.code for problem in told}
    missing = [code for code in expected.refused if code not in codes]
    if missing or not expected.refused:
        wanted = ", ".join(missing)
        got = Text(
            "; ".join(_problem(p, "zh") for p in told), "; ".join(_problem(p, "en") for p in told)
        )
        yield Mismatch("facts", Text(wanted, wanted) if wanted else _TAKEN, got)


def _problem(problem: Problem, language: Language) -> str:
    return f"[{problem.code}] {problem.path}: {problem.got} ({problem.expected(language)})"


def _mismatches(expected: Expected, sheet: ScoreSheet) -> Iterator[Mismatch]:
    items = {each.id: (each.points, each.reasons) for each in sheet.criteria}
    items |= {each.id: (each.points, each.reasons) for each in sheet.deductions}
    sections = {each.id: (each.points, ()) for each in sheet.sections}
    for key, spans, results in (
        ("points", expected.points, items),
        ("sections", expected.sections, sections),
    ):
        for name, span in spans.items():
            points, reasons = results.get(name, (None, ()))
            if points is None or points.range != span:
                yield Mismatch(f"{key}/{name}", _points(span), _got(points), reasons)
    if (expected.total or expected.withheld) and sheet.total.range != expected.total:
        yield Mismatch("total", _points(expected.total), _got(sheet.total))
    yield from _decisions(expected, sheet)
    if expected.open is not None and {*expected.open} != {*sheet.open}:
        yield Mismatch("open", _words(*sorted(expected.open)), _words(*sorted(sheet.open)))
    said = {name: reasons for name, (_, reasons) in items.items()}
    said |= {gate.id: gate.reasons for gate in sheet.gates}
    for name, codes in expected.reasons.items():
        given = said.get(name, ())
        there = [reason.code for reason in given]
        if not {*codes} <= {*there}:
            yield Mismatch(f"reasons/{name}", _words(*codes), _words(*there), given)


def _decisions(expected: Expected, sheet: ScoreSheet) -> Iterator[Mismatch]:
    """Yield gates, eligibility and grade that came out otherwise."""
    gates = {gate.id: gate for gate in sheet.gates}
    for name, met in expected.gates.items():
        gate = gates.get(name)
        if gate is None or gate.met is not met:
            got = _NONE if gate is None else _truth(gate.met)
            yield Mismatch(f"gates/{name}", _truth(met), got, gate.reasons if gate else ())
    if expected.eligibility_named and sheet.eligible is not expected.eligible:
        yield Mismatch("eligible", _truth(expected.eligible), _truth(sheet.eligible))
    if expected.grade is not None and (sheet.grade or "none") != expected.grade:
        reasons = tuple(reason for each in sheet.grades for reason in each.reasons)
        yield Mismatch("grade", _words(expected.grade), _words(sheet.grade or "none"), reasons)


def _got(points: Points | None) -> Text:
    return _NONE if points is None else _points(points.range)


def _points(span: _Ends | None) -> Text:
    if span is None:
        return _WITHHELD
    low, high = ("∞" if end is None else exact(end) for end in span)
    if low == high:
        return Text(low, low)
    return Text(_RANGE.zh.format(low=low, high=high), _RANGE.en.format(low=low, high=high))


def _truth(value: bool | None) -> Text:  # noqa: FBT001 - what came out
    return _OPEN if value is None else Text(str(value).lower(), str(value).lower())


def _words(*words: str) -> Text:
    said = ", ".join(words)
    return Text(said, said) if said else _NONE
