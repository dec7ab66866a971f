"""Coverage: which of all that a policy can say its cases have seen, and why the rest was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from studioflow.algebra import Decisions, Number, Truth, Way, names, possible, written
from studioflow.cases.documents import PolicyCase
from studioflow.cases.playing import Played
from studioflow.cases.running import Runner
from studioflow.cases.steps_seen import STEP_KINDS, seen_measures, seen_steps, step_places
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.rules import Fact, known
from studioflow.text import Text

__all__ = ["Coverage", "Target", "cover"]

Status = Literal["seen", "missing", "impossible"]
_COUNTS = Text("{term} 中计入第 {place} 个", "of {term}, number {place} counts")
_REASON = Text("理由 {code}：{when}", "the reason {code}: {when}")
_REFUSAL = Text("拒绝 {code}：{when}", "refused by {code}: {when}")
_GATE = (Text("未达到", "not met"), Text("达到", "met"))
_GRADE = Text("评为 {grade}", "the grade {grade}")


@frozen
class Target:
    """One thing that a policy can say.

    Attributes:
        place: of the policy: `criteria/5.2.2`, `gates/5.0.2`, `transitions/approve`.
        kind: `condition`, `choice`, `bound` (a cap or a floor), `reason`, `refusal`, `gate`,
            `grade`, `step` (a transition taken), `denial` (one refused), or `measure`.
        text: what would be seen.
        status: `impossible` where no studio can show it.
        cases: the ids of those that have seen it.
        when: what has to hold of the facts of a studio that shows it; None for a procedure.
    """

    place: str
    kind: str
    text: Text
    status: Status = "missing"
    cases: tuple[str, ...] = ()
    when: Truth | None = field(default=None, eq=False, repr=False)


@frozen
class Coverage:
    """What the cases of a policy have seen of it.

    Attributes:
        targets: everything that it can say, in the order of the policy.
    """

    targets: tuple[Target, ...]

    @property
    def missing(self) -> tuple[Target, ...]:
        """What can be seen, and no case has seen."""
        return tuple(each for each in self.targets if each.status == "missing")

    @property
    def impossible(self) -> tuple[Target, ...]:
        """What no studio can show: nothing that a case could add."""
        return tuple(each for each in self.targets if each.status == "impossible")

    @property
    def share(self) -> Fraction:
        """Which share of what can be seen was seen; 1 where there is nothing to see."""
        seen = sum(each.status == "seen" for each in self.targets)
        able = len(self.targets) - len(self.impossible)
        return Fraction(seen, able) if able else Fraction(1)


def cover(policy: Policy, cases: Iterable[PolicyCase], *, host: Host | None = None) -> Coverage:
    """Return what cases have seen of a policy, whether they pass or not.

    A case that varies the policy is about another policy, and counts for nothing here.

    >>> from studioflow import load_policy
    >>> cover(load_policy("yongjia-2023"), []).share
    Fraction(0, 1)

    Args:
        policy: to be covered.
        cases: as `read_cases` read them.
        host: whose plugins are asked about actions; every installed one when it is left out.
    """
    told = _Told(policy)
    steps = step_places(policy)
    found: dict[object, list[str]] = {}
    runner = Runner(policy, host)
    for case in cases:
        if case.changes:
            continue
        for key in told.seen(case, runner):
            found.setdefault(key, []).append(case.id)
    targets = [*told.targets()]
    targets += [
        (key, Target(place, STEP_KINDS[key[0]], text)) for key, (place, text) in steps.items()
    ]
    return Coverage(tuple(_with(target, found.get(key, ()), policy) for key, target in targets))


def _with(target: Target, cases: Iterable[str], policy: Policy) -> Target:
    ids = tuple(dict.fromkeys(cases))
    if ids:
        return evolve(target, status="seen", cases=ids)
    if target.when is not None and not _possible(target.when, policy.facts):
        return evolve(target, status="impossible")
    return target


def _possible(when: Truth, facts: Mapping[str, Fact]) -> bool:
    """Return whether something can be: also of marks, which stand on their steps."""
    if not possible(when):
        return False
    for name in names(when) & facts.keys():
        fact = facts[name]
        if fact.type == "mark" and fact.low is not None and fact.high is not None and fact.step:
            steps = range(int((fact.high - fact.low) / fact.step) + 1)
            mark = fact.number()
            return any(possible(when & mark.equals(fact.low + fact.step * n)) for n in steps)
    return True


class _Told:
    """Everything that the rubric of a policy can say."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        rubric = policy.rubric
        terms: dict[str, Number | Truth] = {}
        terms |= {f"gates/{name}": gate.condition.truth for name, gate in rubric.gates.items()}
        terms |= {in_criteria(name): rubric.points[name] for name in rubric.criteria}
        terms |= {in_deductions(name): rubric.points[name] for name in rubric.deductions}
        terms |= {in_sections(n): term for n, term in rubric.totals.section_terms.items()}
        terms["total"] = rubric.totals.total
        terms |= {f"grades/{name}": term for name, term in rubric.grade_terms.items()}
        self._decisions = {place: Decisions(term) for place, term in terms.items()}

    def targets(self) -> Iterator[tuple[object, Target]]:
        """Yield every target with its key."""
        rubric = self._policy.rubric
        for place, decisions in self._decisions.items():
            for way in decisions.ways:
                yield (place, way.key), Target(place, way.kind, _text(way), when=way.when)
            kind, _, name = place.partition("/")
            if kind == "gates":
                truth = rubric.gates[name].condition.truth
                for met in (True, False):
                    when = truth if met else ~truth
                    yield (place, met), Target(place, "gate", _GATE[met], when=when)
        for name in rubric.grades:
            text = Text(_GRADE.zh.format(grade=name), _GRADE.en.format(grade=name))
            yield ("grades", name), Target(f"grades/{name}", "grade", text)

    def seen(self, case: PolicyCase, runner: Runner) -> Iterator[object]:
        """Yield the keys of all that a case has seen."""
        if case.actions:
            try:
                played = runner.play(case)
                told = [*seen_steps(played), *self._of_played(case, played)]
            except InputError:
                return
            yield from told
            return
        policy = self._policy
        try:
            values = policy.values(case.handed_in)
            found = known(policy.facts, values)
        except InputError:
            return
        units = found.units
        # What marks of several people become is valid, wherever it lies.
        yield from self._of_items(units, refusals=not found.pools)
        try:
            sheet = policy.score_values(values)
        except InputError:
            return
        yield from self._of_sheet(units, sheet)

    def _of_played(self, case: PolicyCase, played: Played) -> Iterator[object]:
        studio = played.studio
        for sheet in (studio.sheet, played.sheet() if case.expected.asks_for_sheet else None):
            if sheet is not None:
                yield from seen_measures(sheet)
                if sheet.grade is not None:
                    yield "grades", sheet.grade
        if studio.decision is not None:
            yield "grades", studio.decision

    def _of_items(self, units: Mapping[str, object], *, refusals: bool) -> Iterator[object]:
        for place, decisions in self._decisions.items():
            if place.startswith(("criteria/", "deductions/", "gates/")):
                refused = {way.key for way in decisions.ways if way.kind == "refusal"}
                for key in decisions.taken(units):
                    if refusals or key not in refused:
                        yield place, key

    def _of_sheet(self, units: Mapping[str, object], sheet: ScoreSheet) -> Iterator[object]:
        every = {**units, **self._results(sheet)}
        for place, decisions in self._decisions.items():
            if place == "total" or place.startswith(("sections/", "grades/")):
                for key in decisions.taken(every):
                    yield place, key
        for gate in sheet.gates:
            if gate.met is not None:
                yield f"gates/{gate.id}", gate.met
        if sheet.grade is not None:
            yield "grades", sheet.grade

    def _results(self, sheet: ScoreSheet) -> Mapping[str, object]:
        """Return the results that are known, in the units that the terms over them have."""
        points = {in_criteria(each.id): each.points.points for each in sheet.criteria}
        points |= {in_deductions(each.id): each.points.points for each in sheet.deductions}
        points |= {in_sections(each.id): each.points.points for each in sheet.sections}
        points[TOTAL] = sheet.total.points
        return {
            name: value * fact.denominator
            for name, fact in self._policy.rubric.totals.results.items()
            if (value := points.get(name, Fraction(0))) is not None
        }


def _text(way: Way) -> Text:
    """Return what would be seen."""
    when = written(way.when)
    match way.kind:
        case "condition" | "choice":
            return Text(when, when)
        case "bound":
            place, said = int(way.outcome) + 1, written(way.term)
            return Text(*(t.format(term=said, place=place) for t in (_COUNTS.zh, _COUNTS.en)))
        case "reason":
            pattern = _REASON
        case _:
            pattern = _REFUSAL
    return Text(*(t.format(code=way.code, when=when) for t in (pattern.zh, pattern.en)))
