"""What a range says while facts are missing: its ends, what it hangs on, and why."""

from fractions import Fraction
from math import inf

import pytest

from studioflow.algebra import (
    EMPTY,
    Certain,
    Choose,
    Constant,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Judged,
    Listed,
    Maybe,
    Negation,
    Note,
    Number,
    Product,
    Range,
    Ranges,
    Remark,
    Required,
    Truth,
    Within,
    Words,
    bounds,
    clip,
    count_of,
    largest,
    smallest,
    unknown,
)
from studioflow.text import message

SAID = message("ranges_said", zh="为{value}（{listed}）", en="is {value} ({listed})")
REFUSED = message("ranges_refused", zh="不可为{got}", en="can not be {got}")

Known = Range | Maybe | Words
mark = FactNumber("mark", 2, low=Fraction(0), high=Fraction(10))
members = FactNumber("members", low=Fraction(0), high=Fraction(60))
MARK = unknown(mark)
MEMBERS = unknown(members)
PRESENT = Maybe(None, frozenset({"present"}))
present = FactFlag("present")


def range_of(term: Number, **facts: Known) -> tuple[Range, list[Remark]]:
    """Return the range, and what was remarked on the way."""
    remarks: list[Remark] = []
    return Interpreter(Ranges()).number(term)(facts, remarks), remarks


def outcome_of(term: Truth, **facts: Known) -> tuple[Maybe, list[Remark]]:
    """Return the outcome, and what was remarked on the way."""
    remarks: list[Remark] = []
    return Interpreter(Ranges()).truth(term)(facts, remarks), remarks


def band(value: Number, low: int, high: int) -> Number:
    """Return the value, valid inside a band."""
    return Within(value, low=low, high=high, refusal=Note(REFUSED, {"got": value}))


class TestEnds:
    """How far a number can still go."""

    def test_unknown_is_as_wide_as_its_bounds(self) -> None:
        """A fact that is not known can be anything between its bounds, in units of its step."""
        assert Range(0, 20, frozenset({"mark"})) == unknown(mark)

    def test_unknown_without_bounds(self) -> None:
        """A fact without bounds can be anything."""
        assert (-inf, inf) == unknown(FactNumber("x"))[:2]

    def test_nothing_times_anything_is_nothing(self) -> None:
        """What is certainly 0 stays so, however large the other factor may be."""
        term = Product(Constant(0), FactNumber("x"))
        assert (Range(0, 0), []) == range_of(term, x=unknown(FactNumber("x")))

    def test_within_keeps_what_is_valid(self) -> None:
        """A mark that is not given yet lies inside its band."""
        assert (Range(16, 20, MARK.open), []) == range_of(band(mark, 8, 10), mark=MARK)

    def test_within_of_nothing_valid_is_empty(self) -> None:
        """A known mark outside its band leaves nothing, and the remark says what was refused."""
        range_, remarks = range_of(band(mark, 8, 10), mark=Range(7, 7))
        assert EMPTY == range_
        assert [Remark(REFUSED, {"got": Fraction(7, 2)}, refused=True)] == remarks

    def test_one_way_that_is_not_valid_is_left_out(self) -> None:
        """Where one way is not valid, only the other counts; what chooses stays open."""
        term = Choose(present, band(mark, 8, 10), band(mark, 0, 5))
        range_, remarks = range_of(term, present=PRESENT, mark=Range(18, 18))
        assert (Range(18, 18, PRESENT.open), []) == (range_, remarks)

    def test_a_fact_that_occurs_twice_can_widen_a_range(self) -> None:
        """The two occurrences count as independent: sound, though wider than what is possible."""
        assert (-60, 60) == range_of(members - members, members=MEMBERS)[0][:2]


class TestOpen:
    """What a number still hangs on."""

    def test_the_same_either_way_is_not_open(self) -> None:
        """Where both ways give one number, what chooses between them does not matter."""
        term = Choose(present, Constant(7), Constant(7))
        assert Range(7, 7) == range_of(term, present=PRESENT)[0]

    def test_what_cannot_move_the_end_is_not_open(self) -> None:
        """Beyond a cap, what is missing does not matter, and below it all of it does."""
        both: dict[str, Known] = {"mark": MARK, "members": Range(30, 60, MEMBERS.open)}
        assert MARK.open == range_of(smallest(mark, members), **both)[0].open
        assert MEMBERS.open == range_of(largest(mark, members), **both)[0].open

    def test_a_pinned_number_is_open_while_it_may_be_refused(self) -> None:
        """A mark that is valid in one band only is not certain before the band is."""
        awarded = Choose(present, band(mark, 9, 10), band(mark, 0, 5))
        facts: dict[str, Known] = {"present": PRESENT, "mark": Range(18, 18)}
        assert Range(20, 20, PRESENT.open) == range_of(awarded + 1, **facts)[0]
        assert Range(18, 18, PRESENT.open) == range_of(smallest(awarded, 9), **facts)[0]
        assert Range(18, 18, PRESENT.open) == range_of(largest(awarded, 9), **facts)[0]

    def test_what_is_required_is_not_open(self) -> None:
        """The value is the same whatever the condition turns out to be."""
        term = Required(Constant(0), mark.equals(0), Note(REFUSED, {"got": mark}))
        assert Range(0, 0) == range_of(term, mark=MARK)[0]

    def test_a_truth_hangs_on_what_is_not_decided(self) -> None:
        """Only the undecided parts of a truth are what it hangs on."""
        term = (members >= 7) & present
        facts: dict[str, Known] = {"members": Range(9, 9), "present": PRESENT}
        assert PRESENT == outcome_of(term, **facts)[0]


class TestNever:
    """A condition on something that is refused is never decided, and says so."""

    never = band(mark, 8, 10) >= 8
    refused = Remark(REFUSED, {"got": Fraction(1)}, refused=True)

    @pytest.mark.parametrize(
        "truth",
        [
            never,
            Negation(never),
            never & Certain(value=False),
            never | Certain(value=True),
            Judged(never, Note(SAID), Note(SAID)),
        ],
    )
    def test_truths(self, truth: Truth) -> None:
        """Whatever it is part of is never decided either, since every part is looked at."""
        outcome, remarks = outcome_of(truth, mark=Range(2, 2))
        assert Maybe(None, empty=True) == outcome
        assert [self.refused] == remarks

    @pytest.mark.parametrize(
        "number",
        [
            Choose(never, Constant(1), Constant(2)),
            Required(Constant(1), never, Note(REFUSED, {"got": 1})),
            count_of([never]),
            band(mark, 8, 10) * 0,
        ],
    )
    def test_numbers(self, number: Number) -> None:
        """A number that hangs on it has no valid value, for the same reason."""
        range_, remarks = range_of(number, mark=Range(2, 2))
        assert EMPTY == range_
        assert [self.refused] == [remark for remark in remarks if remark.refused]


class TestRemarks:
    """Reasons are given for what is certain, and for nothing else."""

    def test_open_numbers_give_no_reason(self) -> None:
        """Why a number is what it is can't be said before it is known."""
        term = Explained(mark, Note(SAID, {"value": mark, "listed": ()}))
        assert [] == range_of(term, mark=MARK)[1]

    def test_a_reason_shows_a_range_for_what_is_not_known(self) -> None:
        """A reason may mention what is not known: as from and to, exactly."""
        parameters = {"value": mark, "listed": Listed((("here", present), ("m", members >= 7)))}
        term = Explained(Constant(1), Note(SAID, parameters))
        _, remarks = range_of(
            term, mark=Range(1, 3, MARK.open), present=Maybe(value=True), members=MEMBERS
        )
        assert [Remark(SAID, {"value": "0.5–1.5", "listed": ("here",)})] == remarks

    def test_a_reason_shows_what_has_no_end(self) -> None:
        """What has no bound is shown as infinite."""
        anything = FactNumber("x")
        term = Explained(Constant(1), Note(SAID, {"value": anything, "truth": present}))
        _, remarks = range_of(term, x=unknown(anything), present=PRESENT)
        assert [Remark(SAID, {"value": "-∞–∞", "truth": None})] == remarks

    def test_neither_way_gives_its_reasons_while_it_is_open(self) -> None:
        """Where it is not known which way it goes, no way's reasons are given."""
        term = Choose(present, *(Explained(Constant(n), Note(SAID)) for n in (1, 2)))
        assert (Range(1, 2, PRESENT.open), []) == range_of(term, present=PRESENT)

    def test_both_refusals_are_given_where_no_way_is_valid(self) -> None:
        """Where no way is valid, the reasons of both are the answer."""
        term = Choose(present, band(mark, 8, 10), band(mark, 0, 5))
        range_, remarks = range_of(term, present=PRESENT, mark=Range(14, 14))
        assert EMPTY == range_
        assert [True, True] == [remark.refused for remark in remarks]

    def test_decided_truths_give_the_reasons_that_agree(self) -> None:
        """What is met is explained by what was met, what is not by what was missing."""
        met, unmet = (message(f"ranges_{code}", zh=code, en=code) for code in ("met", "unmet"))
        judged = [Judged(FactFlag(name), Note(met), Note(unmet)) for name in ("p", "q")]
        facts: dict[str, Known] = {"p": Maybe(value=True), "q": Maybe(value=False)}
        both, either = judged[0] & judged[1], judged[0] | judged[1]
        assert [unmet] == [remark.message for remark in outcome_of(both, **facts)[1]]
        assert [met] == [remark.message for remark in outcome_of(either, **facts)[1]]


class TestWords:
    """Choices that are not known yet."""

    @pytest.mark.parametrize(
        ("possible", "expected"),
        [({"late"}, True), ({"early"}, False), ({"late", "early"}, None)],
    )
    def test_one_of(self, possible: set[str], *, expected: bool | None) -> None:
        """A choice is one of the words where all that it can be is, and not where none is."""
        words = Words(frozenset(possible), frozenset({"papers"}))
        outcome = outcome_of(FactIs("papers", frozenset({"late", "never"})), papers=words)[0]
        assert expected == outcome.value
        assert outcome.open == (words.open if expected is None else frozenset())


class TestBounds:
    """What a term can be at all."""

    def test_clip(self) -> None:
        """A clipped number keeps to its ends."""
        assert (0, 20) == bounds(clip(members, 0, 20))[:2]

    def test_every_word_is_asked_for(self) -> None:
        """A choice that has only words that are asked for leaves no other case."""
        asked = frozenset({"late", "early"})
        known = Choose(FactIs("w", asked, asked), Constant(1), Constant(0))
        assert (1, 1) == bounds(known)[:2]

    def test_words_that_are_not_said(self) -> None:
        """Where a choice's words are not said, it may be another than those asked for."""
        early, late = (FactIs("w", frozenset({word})) for word in ("early", "late"))
        term = Choose(early, Constant(1), Choose(late, Constant(2), Constant(0)))
        assert (0, 2) == bounds(term)[:2]

    def test_flags_go_either_way(self) -> None:
        """A flag may hold or not."""
        assert (0, 1) == bounds(count_of([present]))[:2]
