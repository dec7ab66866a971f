"""Where the shape of a term changes, and that it is straight in between."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from studioflow.algebra import (
    All,
    Certain,
    Choose,
    ChooseTruth,
    Constant,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Note,
    Number,
    Numbers,
    Product,
    Quotient,
    RefusedError,
    Required,
    Rounded,
    Smallest,
    SomeOf,
    Sum,
    Truth,
    Within,
    breakpoints,
    clip,
    count_of,
    largest,
)
from studioflow.text import message

REFUSAL = Note(message("broken", zh="不可", en="not valid"))

x = FactNumber("x", low=Fraction(0), high=Fraction(10))
y = FactNumber("y", 2, low=Fraction(0), high=Fraction(4))
free = FactNumber("free")


def of(term: Number | Truth, name: str = "x") -> list[str]:
    """Return the breakpoints of one fact, as text."""
    return [str(value) for value in breakpoints(term).of[name]]


class TestOneFact:
    """A term of one fact."""

    def test_a_line_has_none(self) -> None:
        """A line has none."""
        assert [] == of(x * 3 + Fraction(1, 2))

    def test_where_the_larger_of_two_changes(self) -> None:
        """Where the larger of two changes."""
        assert ["3", "9/2"] == of(clip(x * 2, 6, 9))

    def test_the_threshold_of_a_comparison(self) -> None:
        """The threshold of a comparison."""
        assert ["7"] == of(Choose(x >= 7, Constant(5), Constant(0)))

    def test_a_threshold_counts_where_both_sides_go_on_alike(self) -> None:
        """The reason changes there, if not the points."""
        assert ["7"] == of(Choose(x > 7, x + 1, Constant(1) + x))

    def test_a_threshold_at_the_last_value(self) -> None:
        """A threshold at the last value."""
        assert ["10"] == of(Choose(x >= 10, Constant(5), Constant(0)))

    def test_the_ends_of_what_is_valid(self) -> None:
        """The ends of what is valid."""
        assert ["3", "5"] == of(Within(x, low=3, high=5, refusal=REFUSAL))

    def test_an_end_that_is_the_facts_own_is_none(self) -> None:
        """An end that is the fact's own is none."""
        assert ["8"] == of(Within(x, low=8, high=10, refusal=REFUSAL))

    def test_what_can_not_be_reached_is_none(self) -> None:
        """Below 4 nobody looks whether it is at least 6."""
        inner = Choose(x >= 6, Constant(1), Constant(2))
        assert ["4"] == of(Choose(x >= 4, Constant(0), inner))

    def test_the_least_value_set_apart_where_nothing_changes(self) -> None:
        """Whether there is any at all decides what is said, not what it comes to."""
        assert ["4"] == of(Choose(x > 0, clip(x, 0, 4), Constant(0)))
        assert ["0"] == of(Choose(x > 0, clip(x + 1, 0, 20), Constant(0)))
        assert ["10"] == of(Choose(x < 10, x, Constant(0)))

    def test_outside_the_bounds_is_none(self) -> None:
        """Outside the bounds is none."""
        assert [] == of(Choose(x >= 12, Constant(1), Constant(0)))

    def test_without_bounds(self) -> None:
        """Without bounds."""
        assert ["-12", "12"] == of(clip(free, -12, 12), "free")

    def test_exactly_one_value(self) -> None:
        """Exactly one value."""
        assert ["5"] == of(Choose(x.equals(5), Constant(1), Constant(0)))

    def test_a_truth(self) -> None:
        """A truth."""
        assert ["3", "6"] == of((x >= 3) & (x <= 6))

    def test_two_truths_by_a_third(self) -> None:
        """Two truths by a third."""
        assert ["2", "5"] == of(ChooseTruth(x >= 2, x >= 5, Certain(value=False)))

    def test_a_staircase(self) -> None:
        """A staircase."""
        assert ["1", "3", "5", "7", "9"] == of(Rounded(x, Fraction(2), "half_up"))
        assert ["5"] == of(Rounded(x, Fraction(5), "down"))[:1]
        assert ["0", "5"] == of(Rounded(x, Fraction(5), "up"))

    def test_a_staircase_of_very_many_steps_is_a_curve(self) -> None:
        """A staircase of very many steps is a curve."""
        term = Rounded(x, Fraction(1, 100), "down")
        assert [] == of(term)
        assert (frozenset({"x"}),) == breakpoints(term).joint

    def test_a_fact_times_itself_is_a_curve(self) -> None:
        """A fact times itself is a curve."""
        assert (frozenset({"x"}),) == breakpoints(x * x).joint

    def test_divided_by_a_number(self) -> None:
        """Divided by a number."""
        assert ["6"] == of(Smallest((Quotient(x, Constant(2)), Constant(3))))

    def test_required(self) -> None:
        """Required."""
        assert ["4"] == of(Required(x, x >= 4, REFUSAL))


class TestSeveralFacts:
    """A term of several facts."""

    def test_each_has_its_own(self) -> None:
        """Each has its own."""
        term = clip(x, 2, 8) + clip(y, 1, 3)
        assert (["2", "8"], ["1", "3"]) == (of(term), of(term, "y"))
        assert () == breakpoints(term).joint

    def test_a_comparison_of_two_is_joint(self) -> None:
        """A share: which part is enough hangs on the whole."""
        reached = x * 100 >= y * 80
        term = Choose((y > 0) & reached, Constant(10), Constant(0))
        assert ([], ["0"]) == (of(term), of(term, "y"))
        assert (frozenset({"x", "y"}),) == breakpoints(term).joint

    def test_a_comparison_that_is_decided_by_the_bounds_is_not(self) -> None:
        """A comparison that is decided by the bounds is not."""
        assert () == breakpoints(Choose(x + 5 >= y, Constant(1), Constant(0))).joint

    def test_a_quotient_is_joint(self) -> None:
        """A quotient is joint."""
        assert (frozenset({"x", "y"}),) == breakpoints(Quotient(x, y + 1)).joint

    def test_the_larger_of_two_facts_is_joint(self) -> None:
        """The larger of two facts is joint."""
        assert (frozenset({"x", "y"}),) == breakpoints(largest(x, y)).joint

    def test_flags_have_none(self) -> None:
        """Flags have none."""
        term = Choose(FactFlag("p"), clip(x, 2, 10), Constant(0))
        assert ["2"] == of(term)
        assert ["x"] == list(breakpoints(term).of)

    def test_more_pieces_than_are_looked_at(self) -> None:
        """Thirty counts of which each may be enough or not: each is looked at by itself."""
        counts = [FactNumber(f"n{place}", low=0, high=9) for place in range(30)]
        term = Choose(count_of([count >= 3 for count in counts]) >= 20, Constant(1), Constant(0))
        found = breakpoints(term)
        assert {(f"n{place}", (Fraction(3),)) for place in range(30)} == set(found.of.items())
        assert (frozenset(found.of),) == found.joint

    def test_a_sum_of_many_items(self) -> None:
        """Flags make no pieces: what many of them pay adds up to few different sums."""
        items = [Choose(FactFlag(f"p{place}"), Constant(2), Constant(0)) for place in range(25)]
        term = clip(x, 4, 10) + Sum(tuple(items))
        assert ["4"] == of(term)
        assert () == breakpoints(term).joint


class TestKnownFacts:
    """What is left when some facts are known."""

    def test_a_share_has_a_threshold_where_its_whole_is_known(self) -> None:
        """80 per cent of 4 are 3.2."""
        found = breakpoints(x * 100 >= y * 80, {"y": Fraction(4)})
        assert ({"x": (Fraction(16, 5),)}, ()) == (dict(found.of), found.joint)

    def test_flags_and_words_choose(self) -> None:
        """What can not be reached is not found."""
        word = FactIs("w", frozenset({"early"}))
        term = Choose(FactFlag("p") & word, clip(x, 0, 2), clip(x, 0, 6))
        assert [2, 6] == [int(at) for at in breakpoints(term).of["x"]]
        for p, w, end in ((True, "early", 2), (True, "late", 6), (False, "early", 6)):
            found = breakpoints(term, {"p": p, "w": w})
            assert [end] == [int(at) for at in found.of["x"]]


# --- for whatever terms there are -------------------------------------------------------------

fast = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
POINTS = [Fraction(n, 2) for n in range(-4, 22)]
constants = st.sampled_from(POINTS)
FACTS = {"x": x, "y": y}


def numbers(facts: list[str], depth: int = 3) -> st.SearchStrategy[Number]:
    """Draw numbers of some facts."""
    leaves: st.SearchStrategy[Number] = st.one_of(
        constants.map(Constant), *[st.just(FACTS[name]) for name in facts]
    )
    if not depth:
        return leaves
    inner = numbers(facts, depth - 1)
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    condition = truths(facts, depth - 1)
    ends = st.tuples(constants, constants).map(sorted)
    steps = st.sampled_from([Fraction(1), Fraction(3, 2)])
    return st.one_of(
        leaves,
        several.map(Sum),
        several.map(Smallest),
        several.map(lambda terms: largest(*terms)),
        st.builds(Product, inner, constants.map(Constant)),
        st.builds(Quotient, inner, st.just(Constant(3))),
        st.builds(Choose, condition, inner, inner),
        st.builds(Required, inner, condition, st.just(REFUSAL)),
        st.builds(lambda v, e: Within(v, low=e[0], high=e[1], refusal=REFUSAL), inner, ends),
        st.builds(Rounded, st.just(x), steps, st.sampled_from(["down", "up", "half_up"])),
    )


def truths(facts: list[str], depth: int) -> st.SearchStrategy[Truth]:
    """Draw truths of some facts and the flag p."""
    leaves: st.SearchStrategy[Truth] = st.builds(
        lambda left, right: left >= right, numbers(facts, 0), numbers(facts, 0)
    )
    leaves = leaves | st.just(FactFlag("p"))
    if not depth:
        return leaves
    inner = truths(facts, depth - 1)
    several = st.lists(inner, max_size=3).map(tuple)
    compared = st.builds(lambda a, b: a >= b, numbers(facts, depth - 1), constants.map(Constant))
    return st.one_of(
        leaves,
        compared,
        several.map(All),
        several.map(SomeOf),
        inner.map(lambda truth: ~truth),
        st.builds(ChooseTruth, inner, inner, inner),
    )


def value_of(term: Number, facts: Mapping[str, Fraction], *, p: bool) -> Fraction | None:
    """Return the value, None where it is not valid."""
    given = {name: value * FACTS[name].denominator for name, value in facts.items()}
    try:
        units = Interpreter(Numbers()).number(term)({**given, "p": p}, [])
    except RefusedError:
        return None
    return Fraction(units) / term.denominator


def check_straight(term: Number, name: str, others: Mapping[str, Fraction]) -> None:
    """Check that the term is a line, or nowhere valid, between two neighbouring breakpoints."""
    fact = FACTS[name]
    inside = breakpoints(term).of.get(name, ())
    ends = [Fraction(fact.low), *inside, Fraction(fact.high)]
    for p in (True, False):
        check_pieces(term, ends, name, others, p=p)


def check_pieces(
    term: Number, ends: list[Fraction], name: str, others: Mapping[str, Fraction], *, p: bool
) -> None:
    """Check that the term is a line, or nowhere valid, between two neighbours."""
    for low, high in pairwise(ends):
        if low == high:
            continue
        samples = [low + (high - low) * Fraction(part, 8) for part in (1, 3, 4, 7)]
        values = [value_of(term, {**others, name: at}, p=p) for at in samples]
        valid = [value for value in values if value is not None]
        assert len(valid) in {0, len(values)}, (low, high, values)
        if valid:
            slope = (valid[1] - valid[0]) / (samples[1] - samples[0])
            line = [valid[0] + slope * (at - samples[0]) for at in samples]
            assert line == valid, (low, high)


@fast
@given(numbers(["x"]))
def test_a_term_of_one_fact_is_straight_between_its_breakpoints(term: Number) -> None:
    """A term of one fact is straight between its breakpoints."""
    assert set() == set(breakpoints(term).joint)
    check_straight(term, "x", {})


@fast
@given(numbers(["x", "y"]), st.sampled_from(["x", "y"]), st.sampled_from(POINTS))
def test_so_is_one_of_two_that_do_not_meet(term: Number, name: str, other: Fraction) -> None:
    """Whatever the other fact is."""
    assume(all(name not in facts for facts in breakpoints(term).joint))
    (rest,) = {"x", "y"} - {name}
    assume(FACTS[rest].low <= other <= FACTS[rest].high)
    check_straight(term, name, {rest: other})


@fast
@given(term=numbers(["x", "y"]), other=st.sampled_from(POINTS), p=st.booleans())
def test_where_all_others_are_known_nothing_is_joint(
    term: Number, other: Fraction, *, p: bool
) -> None:
    """And the term is straight between the breakpoints of the one that is left."""
    assume(0 <= other <= 4)
    found = breakpoints(term, {"y": other, "p": p})
    assert () == found.joint
    ends = [Fraction(0), *found.of.get("x", ()), Fraction(10)]
    check_pieces(term, ends, "x", {"y": other}, p=p)


@fast
@given(numbers(["x", "y"]))
def test_breakpoints_are_sorted_values_that_the_facts_can_have(term: Number) -> None:
    """Breakpoints are sorted values that the facts can have."""
    for name, values in breakpoints(term).of.items():
        assert list(values) == sorted(set(values))
        assert all(FACTS[name].low <= value <= FACTS[name].high for value in values)
