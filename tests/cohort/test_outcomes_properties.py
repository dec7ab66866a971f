"""The outcomes of small batches, against an oracle that tries everything there is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

from attrs import frozen
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studioflow.cohort import Outcomes, TieDecision, outcomes
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from tests.cohort.batches import a_sheet, graded

GRADES = ("best", "good", "fair")
ROUNDINGS = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "half_up": ROUND_HALF_UP}


@frozen
class Entry:
    """A studio as the oracle sees it: `own` and `best` are places in the list of grades."""

    points: int
    own: int
    best: int = 0
    eligible: bool = True


Places = Mapping[str, Any]


def number(amount: object, count: int) -> int:
    """Work out an amount in decimals, which the code does in fractions."""
    if isinstance(amount, dict):
        exact = Decimal(count) * Decimal(amount["percent"]) / 100
        return int(exact.quantize(Decimal(1), ROUNDINGS[amount["rounding"]]))
    assert isinstance(amount, int)
    return amount


class Oracle:
    """Says what comes out by trying every subset and every way to give the grades."""

    def __init__(self, places: Sequence[Places], batch: Mapping[str, Entry]) -> None:
        self.batch = {name: entry for name, entry in batch.items() if entry.eligible}
        counts = {"all": len(batch), "ranked": len(self.batch)}
        outside = len(batch) - len(self.batch)
        self.numbers = []
        self.ties = [each.get("ties", "decision") for each in places]
        for position, each in enumerate(places):
            whole = counts[each.get("among", "all")]
            taken = outside if position == len(places) - 1 else 0
            most = number(each["at_most"], whole) if "at_most" in each else len(batch)
            least = number(each.get("at_least", 0), whole)
            self.numbers.append((max(0, least - taken), max(0, most - taken)))
        self.last = [
            number(each.get("last", 0), counts[each.get("among", "all")]) for each in places
        ]

    def grades(self, decided: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, int]:
        """Return the grade of everybody who is ranked."""
        self.caps = {name: entry.best for name, entry in self.batch.items()}
        pushed: set[str] = set()
        for position in reversed(range(len(self.last))):
            wanted = min(self.last[position], len(self.batch))
            chosen = decided["decided_last"].get(GRADES[position], ())
            now = self._first(list(self.batch), wanted, position, chosen, worst=True, sure=pushed)
            pushed |= now
            for name in now:
                self.caps[name] = max(self.caps[name], position)
        found: dict[str, int] = {}
        for position in range(len(GRADES)):
            left = sorted(self.batch.keys() - found.keys())
            chosen = decided["decided"].get(GRADES[position], ())
            found |= dict.fromkeys(self._level(position, left, chosen), position)
        return found

    def _level(self, position: int, left: list[str], chosen: Sequence[str]) -> set[str]:
        if position == len(GRADES) - 1:
            return set(left)
        own = {name: max(self.batch[name].own, self.caps[name]) for name in left}
        ready = [name for name in left if own[name] <= position]
        sizes = {sum(level == position for level in way) for way in self._ways(position, left)} or {
            0
        }
        size = min(sizes, key=lambda size: abs(size - len(ready)))
        if size <= len(ready):
            return self._first(ready, size, position, chosen)
        others = [n for n in left if own[n] > position and self.caps[n] <= position]
        return {*ready, *self._first(others, size - len(ready), position, chosen)}

    def _ways(self, position: int, left: list[str]) -> list[tuple[int, ...]]:
        """Return every way to give these grades that breaks no rule that need not be broken."""
        ways = [
            way
            for way in product(range(position, len(GRADES)), repeat=len(left))
            if all(level >= self.caps[name] for name, level in zip(left, way, strict=True))
            and all(
                way.count(level) <= self.numbers[level][1]
                for level in range(position, len(GRADES) - 1)
            )
        ]
        for level in range(position, len(GRADES)):  # a minimum that can not be met is forgotten
            least, most = self.numbers[level]
            meeting = [way for way in ways if least <= way.count(level)] if least <= most else []
            ways = meeting or ways
        room = self.numbers[-1][1]
        over = min((max(0, way.count(len(GRADES) - 1) - room) for way in ways), default=0)
        return [way for way in ways if max(0, way.count(len(GRADES) - 1) - room) == over]

    def _first(  # noqa: PLR0913 - each says one thing of the line
        self,
        pool: list[str],
        size: int,
        position: int,
        chosen: Sequence[str],
        *,
        worst: bool = False,
        sure: set[str] | frozenset[str] = frozenset(),
    ) -> set[str]:
        """Return the first (or the last) of a pool, and what the tie at its end comes to."""

        def before(one: str, other: str) -> bool:
            a, b = self.batch[one].points, self.batch[other].points
            if a == b:
                return one in sure and other not in sure
            return a < b if worst else a > b

        closed = [
            set(some)
            for count in range(len(pool) + 1)
            for some in combinations(pool, count)
            if all(
                other in some
                for one in some
                for other in pool
                if before(other, one) or not (before(one, other) or other in some)
            )
        ]
        inside = max((some for some in closed if len(some) <= size), key=len)
        around = min((some for some in closed if len(some) >= min(size, len(pool))), key=len)
        match self.ties[position]:
            case "nobody":
                return inside
            case "everybody":
                return around
            case _ if len(inside) >= size:
                return inside
            case _ if worst and not chosen:  # nobody asks who it is where it changes nothing
                return {*inside, *sorted(around - inside)[: size - len(inside)]}
            case _:
                return {*inside, *chosen}


AMOUNTS = st.integers(0, 4) | st.fixed_dictionaries(
    {"percent": st.sampled_from([10, 20, 25, 33]), "rounding": st.sampled_from([*ROUNDINGS])}
)


@st.composite
def places(draw: st.DrawFn, *, best: bool, rest: bool, ties: st.SearchStrategy[str]) -> Places:
    """Draw the places of a grade; of the last one no limit in per cents, which could be too low."""
    keys: dict[str, Any] = {}
    if draw(st.booleans()):
        keys["at_most"] = draw(st.integers(0, 4) if rest else AMOUNTS)
    if draw(st.booleans()):
        keys["at_least"] = draw(AMOUNTS)
    if not best and draw(st.booleans()):
        keys["last"] = draw(AMOUNTS)
    if keys:
        keys["ties"] = draw(ties)
        keys["among"] = draw(st.sampled_from(["all", "ranked"]))
    least, most = keys.get("at_least", 0), keys.get("at_most", 4)
    if isinstance(least, int) and isinstance(most, int):
        assume(least <= most)
    if isinstance(least, dict) and isinstance(most, dict):
        assume(least["percent"] <= most["percent"])
    return keys


def all_places(ties: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Places, Places, Places]]:
    """Draw the places of three grades."""
    return st.tuples(
        places(best=True, rest=False, ties=ties),
        places(best=False, rest=False, ties=ties),
        places(best=False, rest=True, ties=ties),
    )


ENTRIES = st.builds(
    Entry,
    points=st.integers(1, 4),
    own=st.integers(0, 2),
    best=st.sampled_from([0, 0, 0, 1, 2]),
    eligible=st.sampled_from([True, True, True, False]),
)
BATCHES = st.lists(ENTRIES, max_size=5).map(lambda all_: dict(zip("abcde", all_, strict=False)))
CLEAR = st.sampled_from(["nobody", "everybody"])


def built(
    numbers: Sequence[Places], batch: Mapping[str, Entry]
) -> tuple[Policy, dict[str, ScoreSheet]]:
    """Build the policy and the sheets that an oracle was told of."""
    policy = graded(
        {name: {"places": each} if each else {} for name, each in zip(GRADES, numbers, strict=True)}
    )
    sheets = {
        name: a_sheet(
            policy,
            entry.points,
            GRADES[max(entry.own, entry.best)] if entry.eligible else "fair",
            eligible=entry.eligible,
            at_best=GRADES[entry.best] if entry.best else None,
        )
        for name, entry in batch.items()
    }
    return policy, sheets


def ranked(found: Outcomes) -> dict[str, int]:
    """Return the grades of those who are ranked."""
    return {each.studio: GRADES.index(str(each.grade)) for each in found if each.place is not None}


def decide(
    policy: Policy, sheets: Mapping[str, ScoreSheet], **decided: Mapping[str, Sequence[str]]
) -> Iterator[tuple[dict[str, Mapping[str, Sequence[str]]], Outcomes]]:
    """Yield what comes out for every decision that may be made, one after the other."""
    given_ = {"decided": {}, "decided_last": {}, **decided}
    found = outcomes(policy, sheets, decided=given_["decided"], decided_last=given_["decided_last"])
    if not found.decisions:
        yield given_, found
        return
    first: TieDecision = found.decisions[0]
    key = "decided_last" if first.last else "decided"
    for count in range(first.least, first.places + 1):
        for chosen in combinations(first.studios, count):
            more = {**given_, key: {**given_[key], first.grade: chosen}}
            yield from decide(policy, sheets, **more)


@settings(max_examples=100, deadline=None)
@given(all_places(CLEAR), BATCHES)
def test_as_the_oracle_says(numbers: tuple[Places, ...], batch: Mapping[str, Entry]) -> None:
    """Where no tie waits, everybody gets what trying everything comes to."""
    policy, sheets = built(numbers, batch)
    found = outcomes(policy, sheets)
    assume(not found.decisions)  # a grade without places may still be full of those lifted

    assert Oracle(numbers, batch).grades({"decided": {}, "decided_last": {}}) == ranked(found)


@settings(max_examples=100, deadline=None)
@given(all_places(st.just("decision") | CLEAR), BATCHES)
def test_decisions(numbers: tuple[Places, ...], batch: Mapping[str, Entry]) -> None:
    """Whatever is decided, it comes to what the oracle says, and nothing else was possible."""
    policy, sheets = built(numbers, batch)
    found = outcomes(policy, sheets)
    oracle = Oracle(numbers, batch)
    possible: dict[str, set[str | None]] = {each.studio: set() for each in found}
    for decided, after in decide(policy, sheets):
        assert oracle.grades(decided) == ranked(after)
        assert not any(each.waits for each in after)
        for each in after:
            possible[each.studio].add(each.grade)

    assert {each.studio: set(each.possible) for each in found} == possible


@st.composite
def large(draw: st.DrawFn) -> tuple[tuple[Places, ...], dict[str, Entry]]:
    """Draw a batch that is too large for the oracle, and in which points decide the own grade."""
    ties = draw(st.sampled_from(["nobody", "everybody", "decision"]))
    points = draw(st.lists(st.integers(0, 12), min_size=1, max_size=30))
    entries = [Entry(each, own=0 if each > 8 else 1 if each > 4 else 2) for each in points]
    return draw(all_places(st.just(ties))), {f"s{n:02}": e for n, e in enumerate(entries)}


@settings(max_examples=50, deadline=None)
@given(large(), st.randoms(use_true_random=False))
def test_order_of_input(
    drawn: tuple[tuple[Places, ...], dict[str, Entry]], chance: random.Random
) -> None:
    """In which order the sheets are handed in makes no difference."""
    policy, sheets = built(*drawn)
    mixed = list(sheets.items())
    chance.shuffle(mixed)

    assert outcomes(policy, sheets) == outcomes(policy, dict(mixed))


@settings(max_examples=50, deadline=None)
@given(large())
def test_more_points_are_no_loss(drawn: tuple[tuple[Places, ...], dict[str, Entry]]) -> None:
    """Whoever has more points may not get a worse grade, neither at best nor at worst."""
    policy, sheets = built(*drawn)
    found = outcomes(policy, sheets).outcomes
    for better, other in pairwise(found):
        if Fraction(better.points or 0) > Fraction(other.points or 0):
            for end in (0, -1):
                ends = str(better.possible[end]), str(other.possible[end])
                assert GRADES.index(ends[0]) <= GRADES.index(ends[1])


@settings(max_examples=50, deadline=None)
@given(large())
def test_limits(drawn: tuple[tuple[Places, ...], dict[str, Entry]]) -> None:
    """No more than its places get a grade, but for a tie that all are taken in.

    The last grade takes those for whom there is no place, and that is told.
    """
    numbers, batch = drawn
    policy, sheets = built(numbers, batch)
    found = outcomes(policy, sheets)
    told = {reason.about for reason in found.unmet if reason.code == "limit_exceeded"}
    for grade, each in zip(GRADES, numbers, strict=True):
        if "at_most" in each:
            exceeded = sum(outcome.grade == grade for outcome in found) > number(
                each["at_most"], len(batch)
            )
            tied = any(
                reason.code == "tie_everybody" and reason.about == (grade,)
                for outcome in found
                for reason in outcome.reasons
            )
            assert not exceeded or tied or (grade == "fair" and ("fair",) in told)
