"""Rank and places over classes of studios that are alike, against what single studios get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studioflow.cohort import outcomes, rank, settling
from studioflow.cohort.columns.alike import Alike, ranks
from studioflow.cohort.columns.placing import CohortTie, Placing, placed
from studioflow.policy import Policy
from tests.cohort.batches import a_sheet, graded
from tests.cohort.test_outcomes_properties import BATCHES, CLEAR, GRADES, Entry, all_places, built

Limits = Mapping[str, Any]


def alike_of(entry: Entry, size: int = 1) -> Alike:
    """Return the class of a finished studio, as `built` makes its sheet."""
    if not entry.eligible:
        return Alike(eligible=False, low=None, high=None, size=size)
    grade = GRADES[max(entry.own, entry.best)]
    return Alike(
        eligible=True,
        low=entry.points,
        high=entry.points,
        grade=grade,
        grade_low=grade,
        grade_high=grade,
        gates={name: name != GRADES[entry.best] or not entry.best for name in GRADES},
        size=size,
    )


def policy_of(numbers: Sequence[Limits]) -> Policy:
    """Build the policy of three grades with these places."""
    return built(numbers, {})[0]


@st.composite
def sized(draw: st.DrawFn, most: int = 4) -> list[tuple[Entry, int]]:
    """Draw classes with their sizes, and none of them twice."""
    distinct = dict.fromkeys(draw(BATCHES).values())
    return [(entry, draw(st.integers(1, most))) for entry in distinct]


def single(classes: Sequence[tuple[Entry, int]]) -> dict[str, Entry]:
    """Return every studio of some classes; those of class 0 are named 0-0, 0-1, and so on."""
    return {
        f"{number}-{each:02}": entry
        for number, (entry, size) in enumerate(classes)
        for each in range(size)
    }


def assert_same(numbers: Sequence[Limits], classes: Sequence[tuple[Entry, int]]) -> None:
    """Assert that each class gets what each of its studios gets."""
    policy, sheets = built(numbers, single(classes))
    expected = outcomes(policy, sheets)
    found = placed(policy, [alike_of(*each) for each in classes])
    for outcome in expected:
        got = found.classes[int(outcome.studio.split("-")[0])]
        grades = outcome.grade, outcome.possible[-1], outcome.possible[0]
        assert grades == (got.grade, got.low, got.high)
    assert sum(outcome.waits for outcome in expected) == found.waiting
    assert expected.unmet == found.unmet
    assert [
        CohortTie(
            grade=tie.grade,
            studios=len(tie.studios),
            places=tie.places,
            least=tie.least,
            last=tie.last,
        )
        for tie in expected.decisions
    ] == [*found.ties]


class TestFinished:
    """Cohorts in which nothing is missing."""

    @settings(max_examples=150, deadline=None)
    @given(all_places(st.just("decision") | CLEAR), sized())
    def test_a_class_gets_what_each_of_its_studios_gets(
        self, numbers: tuple[Limits, ...], classes: list[tuple[Entry, int]]
    ) -> None:
        """A class gets what `outcomes` gives to each of its studios, ties and all."""
        assert_same(numbers, classes)

    @settings(max_examples=100, deadline=None)
    @given(all_places(st.just("decision")), sized(), st.integers(1, 4))
    def test_with_too_many_ways_too(
        self, numbers: tuple[Limits, ...], classes: list[tuple[Entry, int]], most: int
    ) -> None:
        """Where there are too many ways to decide ties, nothing is said that is not so."""
        policy, sheets = built(numbers, single(classes))
        true = outcomes(policy, sheets)
        usual, settling.MOST_WORLDS = settling.MOST_WORLDS, most
        try:
            wide = outcomes(policy, sheets)
            found = placed(policy, [alike_of(*each) for each in classes])
        finally:
            settling.MOST_WORLDS = usual
        for outcome in true:
            got = found.classes[int(outcome.studio.split("-")[0])]
            widest = wide.of(outcome.studio).possible
            ends = (widest[0], got.high, outcome.possible[0], outcome.possible[-1], got.low)
            places = [GRADES.index(str(grade)) for grade in (*ends, widest[-1])]
            assert sorted(places) == places
            assert {*outcome.possible} <= {*widest}

    @settings(max_examples=100, deadline=None)
    @given(
        st.tuples(*[st.fixed_dictionaries({}, optional={"at_most": st.integers(0, 9)})] * 2),
        sized(most=6),
    )
    def test_the_ends_of_a_tie_show_the_best_and_the_worst(
        self, limits: tuple[Limits, Limits], classes: list[tuple[Entry, int]]
    ) -> None:
        """Where nobody is lifted, the ends of a tie show the bounds that all ways have."""
        assert_same((*limits, {}), classes)

    def test_a_tie_of_many_thousands(self) -> None:
        """Nobody asks for all ways to decide among 30,000 who are tied."""
        policy = policy_of(({"at_most": 20_000}, {"at_most": 40_000}, {}))
        rows = [
            Alike(eligible=True, low=n, high=n, grade="best", size=10_000 + n)
            for n in range(60, 99)
        ]
        rows += [
            Alike(eligible=True, low=90, high=90, grade="good", gates={"good": False}, size=30_000)
        ]
        found = placed(policy, rows)

        assert (None, "fair", "good") == _of(found, rows, 94)
        assert ("best", "best", "best") == _of(found, rows, 98)
        assert ("fair", "fair", "fair") == _of(found, rows, 60)


def _of(found: Placing, rows: Sequence[Alike], points: int) -> tuple[str | None, ...]:
    got = next(c for c, row in zip(found.classes, rows, strict=True) if row.low == points)
    return got.grade, got.low, got.high


LIMITED = st.fixed_dictionaries(
    {},
    optional={
        "at_most": st.integers(0, 3)
        | st.fixed_dictionaries(
            {"percent": st.sampled_from([20, 33, 50]), "rounding": st.just("up")}
        )
    },
)


@st.composite
def unknown(draw: st.DrawFn) -> Alike:
    """Draw a studio of whom some is missing; points decide its own grade, 3 for the best."""
    low = draw(st.integers(0, 4))
    high = draw(st.sampled_from([low, low, low + 1, low + 2]))
    eligible = draw(st.sampled_from([True, True, True, None, False]))
    capped = draw(st.sampled_from([True, True, None, False]))
    return completed(Alike(eligible=eligible, low=low, high=high, gates={"good": capped}))


def completed(each: Alike) -> Alike:
    """Return a studio with the grades that its points and its gate come to."""
    assert each.low is not None
    assert each.high is not None
    low = own(int(each.low), capped=each.gates["good"] is not True)
    high = own(int(each.high), capped=each.gates["good"] is False)
    return evolve(each, grade=low if low == high else None, grade_low=low, grade_high=high)


def own(points: int, *, capped: bool) -> str:
    """Return the grade for so many points."""
    return GRADES[2 if points < 1 else 1 if points < 3 or capped else 0]


def completions(cohort: Sequence[Alike]) -> Iterator[list[Alike]]:
    """Yield every way in which what is missing may turn out."""
    for chosen in product(*([*_each(studio)] for studio in cohort)):
        yield [*chosen]


def _each(studio: Alike) -> Iterator[Alike]:
    points = [p for p in range(9) if (studio.low or 0) <= p <= (studio.high or 0)]
    eligibles = [True, False] if studio.eligible is None else [studio.eligible]
    caps = [True, False] if studio.gates["good"] is None else [studio.gates["good"]]
    for total, eligible, met in product(points, eligibles, caps):
        yield completed(
            evolve(studio, low=total, high=total, eligible=eligible, gates={"good": met})
        )


COHORTS = st.lists(unknown(), max_size=3)


class TestUnfinished:
    """Cohorts in which something is missing, against every way in which it may turn out."""

    @settings(max_examples=100, deadline=None)
    @given(COHORTS)
    def test_ranks_are_what_completions_give(self, cohort: list[Alike]) -> None:
        """The best and the worst rank are reached, and what is certain is so in all of them."""
        found = ranks(cohort)
        ways = [ranks(way) for way in completions(cohort)]
        for position, (studio, each) in enumerate(zip(cohort, found, strict=True)):
            mine = [way[position] for way in ways]
            places = [each.rank for each in mine if each.rank is not None]
            if studio.eligible is False:
                assert (None, None, None, None) == (each.rank, each.best, each.worst, each.tied)
                continue
            assert (min(places), max(places)) == (each.best, each.worst)
            certain = studio.eligible and len({*places}) == 1
            assert (places[0] if certain else None) == each.rank
            ties = {way.tied for way in mine if way.rank is not None}
            assert each.tied is None or {each.tied} == ties

    @settings(max_examples=100, deadline=None)
    @given(COHORTS)
    def test_finished_studios_are_ranked_as_sheets_are(self, cohort: list[Alike]) -> None:
        """Once nothing is missing, ranks and ties are those of `rank`."""
        policy = graded({})
        for way in completions(cohort[:2]):
            sheets = {
                f"{n}": a_sheet(policy, each.points, None, eligible=each.eligible)
                for n, each in enumerate(way)
            }
            expected = {int(each.studio): (each.place, each.tied) for each in rank(sheets)}
            assert expected == {
                n: (each.rank, each.tied) for n, each in enumerate(ranks(way)) if each.rank
            }

    @settings(max_examples=150, deadline=None)
    @given(
        st.tuples(LIMITED, LIMITED, st.just({})) | all_places(st.just("decision") | CLEAR), COHORTS
    )
    def test_bounds_hold_whatever_turns_out(
        self, numbers: tuple[Limits, ...], cohort: list[Alike]
    ) -> None:
        """Whatever turns out, a studio gets a grade within its bounds."""
        policy = policy_of(numbers)
        found = placed(policy, cohort)
        assume(found.unfinished)
        for way in completions(cohort):
            for bounds, got in zip(found.classes, placed(policy, way).classes, strict=True):
                ends = [GRADES.index(str(grade)) for grade in (bounds.high, bounds.low)]
                places = [GRADES.index(str(grade)) for grade in (got.high, got.low)]
                assert ends[0] <= places[0] <= places[1] <= ends[1]
                assert bounds.grade in {None, got.grade}

    def test_who_is_certain_in_spite_of_others(self) -> None:
        """Who has a place even if all others turn out best is certain of it."""
        policy = policy_of(({"at_most": 2}, {}, {}))
        rows = [
            completed(Alike(eligible=True, low=low, high=high, gates={"good": True}))
            for low, high in ((6, 6), (5, 5), (3, 5), (2, 2))
        ]
        found = placed(policy, rows)

        assert 1 == found.unfinished
        assert ["best", None, None, "good"] == [each.grade for each in found.classes]
        assert ["best", "good", "good", "good"] == [each.low for each in found.classes]
