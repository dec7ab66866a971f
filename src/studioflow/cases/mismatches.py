"""What came of a case held against what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import frozen

from studioflow.cases.expected import Expected, Met, Span
from studioflow.cases.playing import Played, steps_from
from studioflow.errors import Problem
from studioflow.rubric import ScoreSheet
from studioflow.rubric.sheet import Points
from studioflow.text import Language, Text, exact
from studioflow.verdict import Reason

__all__ = ["Mismatch", "of_refusal", "of_sheet", "of_steps", "taken"]

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


def of_refusal(expected: Expected, problems: Iterable[Problem]) -> Iterator[Mismatch]:
    """Yield what is otherwise where something was refused."""
    told = list(problems)
    codes = {problem.code for problem in told}
    missing = [code for code in expected.refused if code not in codes]
    if not told:
        yield Mismatch("facts", _words(*missing), _TAKEN)
    elif missing or not expected.refused:
        wanted = ", ".join(missing)
        got = Text(
            "; ".join(_problem(p, "zh") for p in told), "; ".join(_problem(p, "en") for p in told)
        )
        yield Mismatch("facts", Text(wanted, wanted) if wanted else _TAKEN, got)


def _problem(problem: Problem, language: Language) -> str:
    return f"[{problem.code}] {problem.path}: {problem.got} ({problem.expected(language)})"


def of_sheet(expected: Expected, sheet: ScoreSheet) -> Iterator[Mismatch]:
    """Yield what is otherwise on a sheet."""
    items = {each.id: (each.points, each.reasons) for each in sheet.criteria}
    items |= {each.id: (each.points, each.reasons) for each in sheet.deductions}
    sections = {each.id: (each.points, ()) for each in sheet.sections}
    for key, spans, results in (
        ("points", expected.points, items),
        ("sections", expected.sections, sections),
    ):
        for name, span in spans.items():
            points, reasons = results.get(name, (None, ()))
            if points is None or _span(points) != span:
                yield Mismatch(f"{key}/{name}", _points(span), _got(points), reasons)
    if expected.total is not None and _span(sheet.total) != expected.total:
        yield Mismatch("total", _points(expected.total), _got(sheet.total))
    yield from _decisions(expected, sheet)
    if expected.open is not None and {*expected.open} != {*sheet.open}:
        yield Mismatch("open", _words(*sorted(expected.open)), _words(*sorted(sheet.open)))
    facts: dict[str, object] = {}
    facts |= {name: value for each in sheet.criteria for name, value in each.facts.items()}
    facts |= {name: measured.value for name, measured in sheet.measured.items()}
    for name, value in expected.facts.items():
        got = facts.get(name)
        if isinstance(got, bool) is not isinstance(value, bool) or got != value:
            yield Mismatch(f"facts/{name}", _words(str(value)), _words(str(got)))
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
        if gate is None or _met(gate.met) != met:
            got = _NONE if gate is None else _truth(_met(gate.met))
            yield Mismatch(f"gates/{name}", _truth(met), got, gate.reasons if gate else ())
    eligible = _met(sheet.eligible)
    if expected.eligible is not None and eligible != expected.eligible:
        yield Mismatch("eligible", _truth(expected.eligible), _truth(eligible))
    if expected.grade is not None and (sheet.grade or "none") != expected.grade:
        reasons = tuple(reason for each in sheet.grades for reason in each.reasons)
        yield Mismatch("grade", _words(expected.grade), _words(sheet.grade or "none"), reasons)


def of_steps(expected: Expected, played: Played) -> Iterator[Mismatch]:
    """Yield what is otherwise about the last action, and about the studio after it."""
    codes = {reason.code for reason in played.denied}
    if bool(expected.denied) is not bool(codes) or not codes.issuperset(expected.denied):
        yield Mismatch(
            _place(played),
            _words(*expected.denied) if expected.denied else _TAKEN,
            _words(*sorted(codes)) if codes else _TAKEN,
            played.denied,
        )
    warnings = played.verdict.warnings
    said = {reason.code for reason in warnings}
    if expected.warned is not None and (
        not said.issuperset(expected.warned) or bool(said) is not bool(expected.warned)
    ):
        yield Mismatch("warned", _words(*expected.warned), _words(*sorted(said)), warnings)
    decision = played.studio.decision or "none"
    if expected.decision is not None and decision != expected.decision:
        yield Mismatch("decision", _words(expected.decision), _words(decision))
    last = played.studio.history[-1] if played.verdict else None
    for key, yuan, money in (
        ("rewarded", expected.rewarded, None if last is None else last.reward),
        ("recovered", expected.recovered, None if last is None else last.recovered),
    ):
        if yuan is not None and yuan != money:
            got = _NONE if money is None else _words(exact(money))
            yield Mismatch(key, _words(exact(yuan)), got)
    if expected.state is not None and played.studio.state != expected.state:
        yield Mismatch("state", _words(expected.state), _words(played.studio.state))
    if expected.steps is not None:
        found = steps_from(played)
        for name in sorted(expected.steps.keys() | found.keys()):
            wanted, able = (sorted(each.get(name, ())) for each in (expected.steps, found))
            if wanted != able:
                yield Mismatch(f"steps/{name}", _words(*wanted), _words(*able))


def taken(played: Played) -> Iterator[Mismatch]:
    """Yield that an action was denied after which others were to come."""
    codes = _words(*(reason.code for reason in played.denied))
    yield Mismatch(_place(played), _TAKEN, codes, played.denied)


def _place(played: Played) -> str:
    return f"actions/{len(played.attempts) - 1}/{played.action.action}"


def _got(points: Points | None) -> Text:
    return _NONE if points is None else _points(_span(points))


def _span(points: Points) -> tuple[Fraction | None, Fraction | None] | Span:
    return "withheld" if points.range is None else points.range


def _met(met: bool | None) -> Met:  # noqa: FBT001 - what came out
    return "open" if met is None else met


def _points(span: tuple[Fraction | None, Fraction | None] | Span) -> Text:
    if span == "withheld":
        return _WITHHELD
    low, high = ("∞" if end is None else exact(end) for end in span)
    if low == high:
        return Text(low, low)
    return Text(_RANGE.zh.format(low=low, high=high), _RANGE.en.format(low=low, high=high))


def _truth(value: Met) -> Text:
    return _OPEN if value == "open" else Text(str(value).lower(), str(value).lower())


def _words(*words: str) -> Text:
    said = ", ".join(words)
    return Text(said, said) if said else _NONE
