"""What holds of numbers and ranges for whatever terms and facts there are.

Terms are drawn at random over a few facts of small domains, so that every completion of what is
not known can be tried.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studioflow.algebra import (
    EMPTY,
    All,
    AtLeast,
    Certain,
    Choose,
    Constant,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Judged,
    Largest,
    Listed,
    Maybe,
    Negation,
    Note,
    Number,
    Numbers,
    Product,
    Range,
    Ranges,
    RefusedError,
    Remark,
    Required,
    Smallest,
    SomeOf,
    Sum,
    Term,
    Truth,
    Within,
    Words,
    bounds,
    exempted,
    names,
)
from studioflow.text import message

REASON = message("test_reason", zh="因{value}、{listed}", en="because of {value}, {listed}")
REFUSAL = message("test_refusal", zh="不接受{value}", en="{value} is refused")

NUMBERS = {
    "a": FactNumber("a", low=Fraction(-1), high=Fraction(2)),
    "b": FactNumber("b", 2, low=Fraction(0), high=Fraction(2)),
    "c": FactNumber("c", low=Fraction(1), high=Fraction(3)),
}
FLAGS = ("p", "q")
WORDS = ("early", "late", "never")
DOMAINS: Mapping[str, tuple[Any, ...]] = {
    "a": (-1, 0, 1, 2),
    "b": (0, 1, 2, 3, 4),  # halves
    "c": (1, 2, 3),
    "p": (True, False),
    "q": (True, False),
    "w": WORDS,
}
TOP = 3
"""How many terms stand inside each other; at the top there is no lone leaf."""
HALVES = [Fraction(number, 2) for number in range(-4, 9)]


# --- terms ----------------------------------------------------------------------------------


class Pool(NamedTuple):
    """Which facts a term may still use; `once` takes each away when it is used."""

    free: set[str]
    once: bool

    def take(self, name: str) -> str:
        """Return the name, used up if facts are used once."""
        if self.once:
            self.free.discard(name)
        return name

    def among(self, wanted: Iterator[str] | list[str]) -> list[str]:
        """Return those of the facts that may be used."""
        return [name for name in wanted if name in self.free]


def drawn_note(value: Term) -> Note:
    """Return a note that mentions the value and lists a truth."""
    listed = Listed((("truth", value),)) if isinstance(value, Truth) else Listed(())
    return Note(REASON, {"value": value, "listed": listed})


def within(value: Number, ends: list[Fraction]) -> Number:
    """Return the value, valid between two ends."""
    return Within(value, low=ends[0], high=ends[1], refusal=Note(REFUSAL, {"value": 0}))


@st.composite
def numbers(draw: st.DrawFn, pool: Pool, depth: int = TOP) -> Number:
    """Draw a number; where facts are used once, `within` ends at values that a fact can have."""
    leaves = pool.among(list(NUMBERS))
    shapes = [] if depth == TOP else ["constant", *(["fact", "fact", "band"] if leaves else [])]
    if depth:
        shapes += ["sum", "product", "smallest", "largest", "choose", "choose", "choose"]
        shapes += ["required", "explained", *([] if pool.once else ["within"])]
    shape = draw(st.sampled_from(shapes))
    inner = numbers(pool, depth - 1)
    several = st.integers(1, 3)
    match shape:
        case "constant":
            return Constant(draw(st.sampled_from(HALVES)))
        case "fact":
            return NUMBERS[pool.take(draw(st.sampled_from(leaves)))]
        case "band":
            fact = NUMBERS[pool.take(draw(st.sampled_from(leaves)))]
            grid = [Fraction(n, fact.denominator) for n in DOMAINS[fact.name]]
            ends = sorted([draw(st.sampled_from(grid)), draw(st.sampled_from(grid))])
            return within(fact, ends)
        case "sum":
            return Sum(tuple(draw(inner) for _ in range(draw(st.integers(0, 3)))))
        case "product":
            return Product(draw(inner), draw(inner))
        case "smallest":
            return Smallest(tuple(draw(inner) for _ in range(draw(several))))
        case "largest":
            return Largest(tuple(draw(inner) for _ in range(draw(several))))
        case "choose":
            return Choose(draw(truths(pool, depth - 1)), draw(inner), draw(inner))
        case "required":
            value = draw(inner)
            return Required(value, draw(truths(pool, depth - 1)), Note(REFUSAL, {"value": 0}))
        case "within":
            value = draw(inner)
            ends = sorted([draw(st.sampled_from(HALVES)), draw(st.sampled_from(HALVES))])
            return within(value, ends)
        case _:
            value = draw(inner)
            return Explained(value, drawn_note(value))


@st.composite
def truths(draw: st.DrawFn, pool: Pool, depth: int = TOP) -> Truth:
    """Draw a truth."""
    flags, choices = pool.among(list(FLAGS)), pool.among(["w"])
    shapes = [] if depth == TOP else [*(["flag"] if flags else []), *(["is"] if choices else [])]
    shapes = shapes if shapes or depth else ["certain"]
    if depth:
        shapes += ["at_least", "at_least", "at_least", "all", "some", "negation", "judged"]
    shape = draw(st.sampled_from(shapes))
    inner = truths(pool, depth - 1)
    number = numbers(pool, depth - 1)
    match shape:
        case "certain":
            return Certain(draw(st.booleans()))
        case "flag":
            return FactFlag(pool.take(draw(st.sampled_from(flags))))
        case "is":
            asked = draw(st.frozensets(st.sampled_from(WORDS)))
            return FactIs(pool.take("w"), asked, frozenset(WORDS))
        case "at_least":
            return AtLeast(draw(number), draw(number))
        case "all":
            return All(tuple(draw(inner) for _ in range(draw(st.integers(0, 3)))))
        case "some":
            return SomeOf(tuple(draw(inner) for _ in range(draw(st.integers(0, 3)))))
        case "negation":
            return Negation(draw(inner))
        case _:
            truth = draw(inner)
            note = st.sampled_from([None, drawn_note(truth)])
            return Judged(truth, draw(note), draw(note))


def many_times() -> Pool:
    """Return every fact, to be used as often as one likes."""
    return Pool(set(DOMAINS), once=False)


def at_most_once() -> Pool:
    """Return every fact, to be used once."""
    return Pool(set(DOMAINS), once=True)


any_number = st.builds(many_times).flatmap(numbers)
any_truth = st.builds(many_times).flatmap(truths)
single_number = st.builds(at_most_once).flatmap(numbers)
single_truth = st.builds(at_most_once).flatmap(truths)
complete = st.fixed_dictionaries(
    {name: st.sampled_from(domain) for name, domain in DOMAINS.items()}
)
partial = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(domain) for name, domain in DOMAINS.items()}
)


# --- what terms mean, said once more --------------------------------------------------------


class InvalidError(Exception):
    """The oracle's word for a value that is not valid."""


def exactly(term: Number, facts: Mapping[str, Any]) -> Fraction:
    """Walk a number with fractions, every part of it as its class says."""

    def each(terms: tuple[Number, ...]) -> list[Fraction]:
        return [exactly(part, facts) for part in terms]

    match term:
        case Constant(value):
            return value
        case FactNumber(name, denominator):
            return Fraction(facts[name], denominator)
        case Sum(terms):
            return sum(each(terms), Fraction(0))
        case Product(left, right):
            return exactly(left, facts) * exactly(right, facts)
        case Smallest(terms):
            return min(each(terms))
        case Largest(terms):
            return max(each(terms))
        case Choose(condition, then, otherwise):
            return exactly(then if truly(condition, facts) else otherwise, facts)
        case Within(value) | Required(value) | Explained(value):
            number = exactly(value, facts)
            if isinstance(term, Within) and not term.low <= number <= term.high:
                raise InvalidError
            if isinstance(term, Required) and not truly(term.condition, facts):
                raise InvalidError
            return number
        case _:
            raise TypeError(term)


def truly(term: Term, facts: Mapping[str, Any]) -> bool:
    """Walk a truth; every part is looked at, since one that is not valid spoils the whole."""
    match term:
        case Certain(value):
            return value
        case FactFlag(name):
            return bool(facts[name])
        case FactIs(name, values):
            return facts[name] in values
        case AtLeast(left, right):
            return exactly(left, facts) >= exactly(right, facts)
        case All(terms):
            return False not in [truly(part, facts) for part in terms]
        case SomeOf(terms):
            return True in [truly(part, facts) for part in terms]
        case Negation(part) | Judged(part):
            return not truly(part, facts) if isinstance(term, Negation) else truly(part, facts)
        case _:
            raise TypeError(term)


# --- the interpretations, tried out -----------------------------------------------------------


def completions(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every way to complete the facts."""
    for values in product(*([facts[n]] if n in facts else DOMAINS[n] for n in DOMAINS)):
        yield dict(zip(DOMAINS, values, strict=True))


def ranged(facts: Mapping[str, Any]) -> dict[str, Range | Maybe | Words]:
    """Return the facts as ranges have them: what is missing can be anything in its domain."""
    made: dict[str, Range | Maybe | Words] = {}
    for name, domain in DOMAINS.items():
        hangs_on = frozenset() if name in facts else frozenset({name})
        possible = [facts[name]] if name in facts else list(domain)
        if name in NUMBERS:
            made[name] = Range(min(possible), max(possible), hangs_on)
        elif name == "w":
            made[name] = Words(frozenset(possible), hangs_on)
        else:
            made[name] = Maybe(possible[0] if len(possible) == 1 else None, hangs_on)
    return made


def numbers_say(
    term: Number, facts: Mapping[str, Any]
) -> tuple[int | Fraction | None, list[Remark]]:
    """Return the units with the remarks, or None with what was refused."""
    remarks: list[Remark] = []
    try:
        return Interpreter(Numbers()).number(term)(facts, remarks), remarks
    except RefusedError as refused:
        return None, [refused.remark]


def number_of(term: Number, facts: Mapping[str, Any]) -> Fraction | None:
    """Return the exact number, or None where it is refused."""
    units, _ = numbers_say(term, facts)
    return None if units is None else Fraction(units, term.denominator)


def results(term: Term, facts: Mapping[str, Any]) -> list[Any]:
    """Return the valid results of every completion; only facts that matter are completed."""
    mattering = names(term)
    fixed = {name: domain[0] for name, domain in DOMAINS.items() if name not in mattering}
    found: list[Any] = []
    to = Interpreter(Numbers())
    compiled = to.number(term) if isinstance(term, Number) else None
    judged = to.truth(term) if isinstance(term, Truth) else None
    for completion in completions({**fixed, **facts}):
        try:
            if compiled is not None and isinstance(term, Number):
                found.append(Fraction(compiled(completion, []), term.denominator))
            elif judged is not None:
                found.append(judged(completion, []))
        except RefusedError:
            pass
    return found


def range_of(term: Number, facts: Mapping[str, Any]) -> tuple[Fraction, Fraction, Range]:
    """Return the ends as numbers, and the range itself."""
    found = Interpreter(Ranges()).number(term)(ranged(facts), [])
    unit = term.denominator
    return Fraction(int(found.low), unit), Fraction(int(found.high), unit), found


fast = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
soak = settings(fast, max_examples=5000, derandomize=False)


def check_numbers(term: Number, facts: Mapping[str, Any]) -> None:
    """Numbers agree with the oracle."""
    try:
        expected = exactly(term, facts)
    except InvalidError:
        expected = None
    assert expected == number_of(term, facts)


def check_range(term: Number, facts: Mapping[str, Any]) -> None:
    """A range is sound, and what it says of being pinned and open is so."""
    found = results(term, facts)
    low, high, range_ = range_of(term, facts)
    assert range_.open <= names(term) - facts.keys()
    if range_.empty:
        assert [] == found
    assert all(low <= number <= high for number in found)
    if range_.pinned and not range_.open:
        assert {low} >= set(found)
    if not range_.open:
        assert range_.pinned or range_.empty


def check_maybe(term: Truth, facts: Mapping[str, Any]) -> None:
    """A truth that is decided is so in every completion, and an open one hangs on facts."""
    found = results(term, facts)
    outcome = Interpreter(Ranges()).truth(term)(ranged(facts), [])
    assert outcome.open <= names(term) - facts.keys()
    if outcome.empty:
        assert [] == found
    elif outcome.value is None:
        assert outcome.open
    else:
        assert {outcome.value} >= set(found)
        assert not outcome.open


def check_ends(term: Number, facts: Mapping[str, Any]) -> None:
    """Both ends are reached, and where there is none, nothing is valid."""
    found = results(term, facts)
    low, high, range_ = range_of(term, facts)
    if range_.empty:
        assert [] == found
    else:
        assert (low, high) == (min(found), max(found))


@fast
@given(any_number, complete)
def test_numbers_are_exact(term: Number, facts: Mapping[str, Any]) -> None:
    """The number of a term is the one that fractions give, and refused where they refuse it."""
    check_numbers(term, facts)


@fast
@given(any_truth, complete)
def test_truths_are_exact(term: Truth, facts: Mapping[str, Any]) -> None:
    """The truth of a term is the one that its parts say."""
    try:
        expected = [truly(term, facts)]
    except InvalidError:
        expected = []
    assert expected == results(term, facts)


@fast
@given(any_number, partial)
# What was refused inside a condition once came out as the other branch, pinned and not open.
@example(
    Choose(
        AtLeast(
            Constant(1),
            Choose(
                FactFlag("p"),
                within(NUMBERS["a"], [Fraction(0), Fraction(0)]),
                within(NUMBERS["a"], [Fraction(0), Fraction(0)]),
            ),
        ),
        Constant(1),
        NUMBERS["c"],
    ),
    {"a": 2},
)
def test_ranges_are_sound(term: Number, facts: Mapping[str, Any]) -> None:
    """Every valid number lies inside; what is pinned and not open is the number of all."""
    check_range(term, facts)


@fast
@given(any_truth, partial)
def test_maybes_are_sound(term: Truth, facts: Mapping[str, Any]) -> None:
    """What is true or false is so whatever the open facts turn out to be."""
    check_maybe(term, facts)


@fast
@given(single_number, partial)
def test_ends_are_reached(term: Number, facts: Mapping[str, Any]) -> None:
    """No range is wider than what is possible, where no unknown fact occurs twice."""
    check_ends(term, facts)


@fast
@given(single_truth, partial)
def test_open_truths_go_either_way(term: Truth, facts: Mapping[str, Any]) -> None:
    """A truth is left open only where both outcomes are possible, if no fact occurs twice."""
    outcome = Interpreter(Ranges()).truth(term)(ranged(facts), [])
    expected = set() if outcome.empty else {True, False} if outcome.open else {outcome.value}
    assert expected == set(results(term, facts))


@fast
@given(any_number)
def test_bounds_hold_every_value(term: Number) -> None:
    """The bounds of a term contain its number for whatever facts."""
    low, high, _ = bounds(term)
    assert all(low <= number * term.denominator <= high for number in results(term, {}))


@fast
@given(any_number, complete)
def test_ranges_of_known_facts_are_numbers(term: Number, facts: Mapping[str, Any]) -> None:
    """Where every fact is known, ranges give the number with the same reasons, or refuse it."""
    noted: list[Remark] = []
    range_ = Interpreter(Ranges()).number(term)(ranged(facts), noted)
    units, remarks = numbers_say(term, facts)
    if units is None:
        assert EMPTY == range_
        assert remarks == [remark for remark in noted if remark.refused][:1]
    else:
        assert Range(units, units) == range_
        assert remarks == noted


@pytest.mark.slow
@soak
@given(any_number, any_truth, partial, complete)
def test_soundness_soak(
    number: Number, truth: Truth, facts: Mapping[str, Any], known: Mapping[str, Any]
) -> None:
    """Soundness and exactness hold over many more terms."""
    check_numbers(number, known)
    check_range(number, facts)
    check_maybe(truth, facts)


@pytest.mark.slow
@soak
@given(single_number, partial)
def test_ends_soak(term: Number, facts: Mapping[str, Any]) -> None:
    """Both ends are reached over many more terms."""
    check_ends(term, facts)


# --- what is exempt from validity ---------------------------------------------------------------


@given(any_number, complete, st.sets(st.sampled_from(sorted(DOMAINS))))
def test_exempted_keeps_what_is_valid(
    term: Number, facts: Mapping[str, Any], exempt: set[str]
) -> None:
    """A valid number is the same without its validity, and in units that are no finer."""
    free = exempted(term, exempt)
    found = number_of(term, facts)

    assert 0 == term.denominator % free.denominator
    assert found is None or found == number_of(free, facts)


@given(any_number, st.sets(st.sampled_from(sorted(DOMAINS))))
def test_exempted_once_is_enough(term: Number, exempt: set[str]) -> None:
    """What is exempt already is returned as it is."""
    free = exempted(term, exempt)
    assert free is exempted(free, exempt)
