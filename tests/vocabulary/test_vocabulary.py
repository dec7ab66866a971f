"""Whatever rubric the vocabulary says, scoring it agrees with an oracle, and never guesses.

Rubrics are drawn at random from every kind of rule, small ones; each is scored for several sets
of facts. The oracle works the same tables out with fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.policy import Document, build_policy
from studioflow.rubric import Points, ScoreSheet
from studioflow.rules import CONDITIONS, QUANTITIES, SCORINGS
from tests.vocabulary.making_facts import domain, plain_facts
from tests.vocabulary.making_policies import Drawn, policies
from tests.vocabulary.making_rules import RuleMaker
from tests.vocabulary.oracle_sheet import Found

Facts = dict[str, Any]

seeds = st.integers(0, 2**32)
quiet = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # A rubric is drawn in hundreds of steps: explaining which of them matter takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
some = settings(quiet, max_examples=30, derandomize=True)
many = settings(quiet, max_examples=200)


# --- what a sheet says --------------------------------------------------------------------------


def chooser(seed: int) -> Random:
    """Return what chooses facts: by itself, since drawing each of them would take too long."""
    return Random(seed)  # noqa: S311 - no secret hangs on it


def whole(sheet: ScoreSheet) -> dict[str, Points]:
    """Return all points of a sheet by path."""
    return {
        **{f"criteria/{item.id}": item.points for item in sheet.criteria},
        **{f"deductions/{item.id}": item.points for item in sheet.deductions},
        **{f"sections/{part.id}": part.points for part in sheet.sections},
        "total": sheet.total,
    }


def refused(drawn: Drawn, facts: Mapping[str, object]) -> set[str]:
    """Return what is refused, by path."""
    try:
        drawn.policy.score(facts)
    except InputError as error:
        return {problem.path for problem in error.problems}
    return set()


def inside(value: Fraction, points: Points) -> bool:
    """Return whether a value lies in the range of points."""
    assert points.range is not None
    low, high = points.range
    return (low is None or low <= value) and (high is None or value <= high)


def part_of(facts: Mapping[str, Any], random: Random) -> Facts:
    """Forget some of the facts: a few, most, or all of them."""
    share = random.choice([0.1, 0.3, 0.6, 1])
    return {name: value for name, value in facts.items() if random.random() >= share}


def sets_of_facts(drawn: Drawn, random: Random, count: int) -> Iterator[Facts]:
    """Yield complete facts whose marks are all allowed."""
    for _ in range(count):
        facts = drawn.completed({}, random)
        if facts is not None:
            yield facts


# --- the properties -----------------------------------------------------------------------------


def assert_exact(drawn: Drawn, random: Random) -> None:
    """Everything on the sheet of complete facts is what the oracle says."""
    for facts in sets_of_facts(drawn, random, 12):
        sheet, found = drawn.policy.score(facts), drawn.found(facts)

        assert found.gates == {gate.id: gate.met for gate in sheet.gates}
        assert (found.eligible, found.grade) == (sheet.eligible, sheet.grade)
        assert () == sheet.open
        withheld = drawn.tables.get("scoring", {}).get("on_gate_failure") == "withhold"
        if withheld and not found.eligible:
            assert {None} == {part.points for part in whole(sheet).values()}
            continue
        assert found.points == {name: part.points for name, part in whole(sheet).items()}
        assert found.grades == {grade.id: grade.met for grade in sheet.grades}
        for path, points in whole(sheet).items():
            assert points.range == (points.points, points.points)
            # Rounding may bring the total above, and so may a deduction that gives points.
            assert path == "total" or points.max is None or found.points[path] <= points.max


def assert_refused(drawn: Drawn, random: Random) -> None:
    """Exactly the marks that are not allowed are refused."""
    marks = {n: fact for n, fact in plain_facts(drawn.tables).items() if fact["type"] == "mark"}
    for facts in sets_of_facts(drawn, random, 4):
        for _ in range(3):
            any_marks = {name: random.choice(domain(fact)) for name, fact in marks.items()}
            tried = {**facts, **any_marks}
            unfit = drawn.found(tried).unfit
            assert {f"facts/{mark}" for mark in unfit} == refused(drawn, tried)


def assert_sound(drawn: Drawn, random: Random) -> None:
    """Whatever missing facts turn out to be, it is what the sheet says that is possible."""
    for facts in sets_of_facts(drawn, random, 6):
        known = part_of(facts, random)
        sheet = drawn.policy.score(known)
        ends = [drawn.completed(known, random, end) for end in (0, -1)]
        others = [drawn.completed(known, random) for _ in range(3)]
        for later in (facts, *ends, *others):
            if later is not None:
                assert_possible(sheet, drawn.found(later))


def assert_possible(sheet: ScoreSheet, found: Found) -> None:
    """What became of everything is what the sheet said that is possible, or certain."""
    for gate in sheet.gates:
        assert gate.met in {None, found.gates[gate.id]}
    for grade in sheet.grades:
        assert grade.met in {None, found.grades[grade.id]}
    assert sheet.eligible in {None, found.eligible}
    assert sheet.grade in {None, found.grade}
    for path, points in whole(sheet).items():
        if points.range is None or path not in found.points:
            continue
        assert inside(found.points[path], points), path
        assert points.points in {None, found.points[path]}, path


def assert_open(drawn: Drawn, random: Random) -> None:
    """Facts that are not called open change nothing, whatever they turn out to be."""
    for facts in sets_of_facts(drawn, random, 6):
        known = part_of(facts, random)
        open_ = drawn.policy.score(known).open
        assert not known.keys() & {*open_}
        settled = {**known, **{name: facts[name] for name in open_}}
        for _ in range(3):
            later = drawn.completed(settled, random)
            if later is not None:
                assert drawn.found(facts) == drawn.found(later)


def assert_narrowing(drawn: Drawn, random: Random) -> None:
    """With every fact that becomes known ranges only get narrower, and what is decided stays so."""
    for facts in sets_of_facts(drawn, random, 4):
        names = [*facts]
        random.shuffle(names)
        before = drawn.policy.score({})
        for many in sorted(random.sample(range(1, len(names) + 1), min(4, len(names)))):
            after = drawn.policy.score({name: facts[name] for name in names[:many]})
            assert_narrower(before, after)
            before = after


def assert_narrower(before: ScoreSheet, after: ScoreSheet) -> None:
    """One sheet says what the other says, or more.

    What is open may grow, and points that were known may be open again while their range stays
    one point: with more facts known it may be a missing mark that decides whether that is valid.
    """
    assert before.eligible in {None, after.eligible}
    assert before.grade in {None, after.grade}
    for earlier, later in zip(before.gates, after.gates, strict=True):
        assert earlier.met in {None, later.met}
    points = whole(before)
    for path, part in whole(after).items():
        if points[path].range is not None and part.range is not None:
            for end in part.range:
                assert end is not None
                assert inside(end, points[path]), path


def assert_ends_reached(drawn: Drawn, random: Random) -> None:
    """Both ends of every range are reached, where no fact is named twice."""
    declared = plain_facts(drawn.tables)
    for facts in sets_of_facts(drawn, random, 4):
        missing: dict[str, list[Any]] = {}
        for name in random.sample([*facts], len(facts)):
            values = domain(declared[name])
            if len(values) * prod(map(len, missing.values())) <= 200:
                missing[name] = values
        known = {name: value for name, value in facts.items() if name not in missing}
        completed = [
            drawn.found({**known, **dict(zip(missing, values, strict=True))})
            for values in product(*missing.values())
        ]
        possible = [found for found in completed if not found.unfit]
        for path, points in whole(drawn.policy.score(known)).items():
            reached = [found.points[path] for found in possible if path in found.points]
            if reached and points.range is not None:
                assert (min(reached), max(reached)) == points.range, path


def assert_same_again(drawn: Drawn, random: Random) -> None:
    """A sheet hangs on the facts alone, not on their order or on which policy object it was."""
    again = build_policy(Document(drawn.policy.tables, "again"))
    assert drawn.policy.fingerprint == again.fingerprint
    for facts in sets_of_facts(drawn, random, 3):
        known = part_of(facts, random)
        turned = dict(random.sample([*known.items()], len(known)))
        first = drawn.policy.score(known).to_dict()
        assert first == drawn.policy.score(turned).to_dict()
        assert first == again.score({**dict.fromkeys(facts), **turned}).to_dict()


Property = Callable[[Drawn, Random], None]
COMPLETE: dict[str, Property] = {
    "points, gates and grades": assert_exact,
    "what is refused": assert_refused,
    "once more": assert_same_again,
}
MISSING: dict[str, Property] = {
    "what is possible": assert_sound,
    "what is open": assert_open,
    "ever narrower": assert_narrowing,
}
EVERY = {**COMPLETE, **MISSING}


class TestRubrics:
    """Rubrics of any kinds of rule."""

    @pytest.mark.parametrize("holds", EVERY.values(), ids=EVERY)
    @some
    @given(drawn=policies(), seed=seeds)
    def test_agree_with_the_oracle(self, holds: Property, drawn: Drawn, seed: int) -> None:
        """What a sheet says, and what it says to be possible, is what the oracle finds."""
        holds(drawn, chooser(seed))

    @some
    @given(drawn=policies(once=True), seed=seeds)
    def test_reach_both_ends_of_every_range(self, drawn: Drawn, seed: int) -> None:
        """No range is wider than what is possible, where no fact is named twice."""
        assert_ends_reached(drawn, chooser(seed))

    @pytest.mark.slow
    @pytest.mark.parametrize("properties", [COMPLETE, MISSING], ids=["complete", "missing"])
    @many
    @given(drawn=policies(), seed=seeds)
    def test_agree_at_length(
        self, properties: Mapping[str, Property], drawn: Drawn, seed: int
    ) -> None:
        """The same for tens of thousands of sets of facts."""
        for holds in properties.values():
            for again in range(3):
                holds(drawn, chooser(seed + again))

    @pytest.mark.slow
    @many
    @given(drawn=policies(once=True), seed=seeds)
    def test_reach_the_ends_at_length(self, drawn: Drawn, seed: int) -> None:
        """The same for many more rubrics."""
        assert_ends_reached(drawn, chooser(seed))


class TestStrategy:
    """The rubrics that are drawn here."""

    @pytest.mark.parametrize(
        ("sort", "kinds"),
        [("condition", CONDITIONS), ("quantity", QUANTITIES), ("scoring", SCORINGS)],
    )
    def test_know_every_kind_of_rule(self, sort: str, kinds: Mapping[str, type]) -> None:
        """A kind that is registered is drawn here, and so asked of the oracle."""
        # Other tests register kinds of their own.
        own = {name for name, cls in kinds.items() if cls.__module__.startswith("studioflow.")}
        made = {n.removeprefix(f"{sort}_") for n in dir(RuleMaker) if n.startswith(f"{sort}_")}
        assert own == made
