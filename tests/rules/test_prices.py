"""So many points for each: of a number, and of a tally by a price table."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.algebra import Interpreter, Numbers, bounds, effort
from studioflow.codec import strict_converter
from studioflow.rules import DeclaredFact, Names, Scoring, Tally, tally_of, teach_rules
from studioflow.rules.tallies import MAX_CELLS

Points = Callable[..., tuple[str, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]
Build = Callable[[object, Any], Any]

PLAIN: dict[str, Any] = {"kind": "each", "of": "activities", "points": Decimal("2.5")}
TABLE: dict[str, Any] = {"first": {"county": 2, "city": Decimal("4.5")}, "title": 1}
WINS: dict[str, Any] = {"kind": "each", "of": "wins", "points": TABLE}
ALIASED: dict[str, Any] = {
    "kind": "each",
    "of": "wins",
    "points": {"first": {"county": 2, "city": 5}},
    "counts_as": {"prize": {"title": "first"}},
}
NONE = {
    "wins_first_county": 0,
    "wins_first_city": 0,
    "wins_title_county": 0,
    "wins_title_city": 0,
}


class TestEachOfANumber:
    """Each of a number."""

    @pytest.mark.parametrize(("held", "expected"), [(0, "0"), (1, "2.5"), (24, "60")])
    def test_each_brings_the_same_points(self, points: Points, held: int, expected: str) -> None:
        """Each brings the same points."""
        assert expected == points(PLAIN, activities=held)[0]

    def test_the_reason_says_how_many_at_how_much(self, points: Points) -> None:
        """The reason says how many at how much."""
        assert ["activities: 3 at 2.5 each is 7.5"] == points(PLAIN, activities=3)[1]
        assert ["“activities”：3次×2.5分，计7.5分"] == points(PLAIN, "zh", activities=3)[1]

    def test_nothing_is_said_of_none(self, points: Points) -> None:
        """Nothing is said of none."""
        assert ("0", []) == points(PLAIN, activities=0)

    def test_a_cap_is_the_most_that_counts(self, points: Points) -> None:
        """A cap is the most that counts."""
        expected = ("10", ["activities: 5 at 2.5 each is 12.5", "at most 10"])
        assert expected == points({**PLAIN, "cap": 10}, activities=5)

    def test_while_it_is_open_it_is_a_range(self, points: Points) -> None:
        """While it is open it is a range."""
        assert "0–60 ? activities" == points(PLAIN)[0]
        assert "0–10 ? activities" == points({**PLAIN, "cap": 10})[0]

    def test_a_sum_can_be_counted(self, points: Points) -> None:
        """A sum can be counted."""
        both = {**PLAIN, "of": {"kind": "sum", "of": ["year_1", "year_2"]}}
        assert "12.5" == points(both, year_1=2, year_2=3)[0]

    def test_a_tally_inside_a_sum_is_all_of_it(self, points: Points) -> None:
        """A tally inside a sum is all of it."""
        both = {**PLAIN, "of": {"kind": "sum", "of": ["wins", "year_1"]}}
        assert (
            "15"
            == points(both, year_1=2, **{**NONE, "wins_first_city": 3, "wins_title_city": 1})[0]
        )


class TestEachOfATally:
    """Each of a tally."""

    def test_each_cell_has_the_price_of_its_words(self, points: Points) -> None:
        """Each cell has the price of its words."""
        won = {**NONE, "wins_first_county": 2, "wins_first_city": 1, "wins_title_city": 3}
        expected = [
            "wins (first prize, county): 2 at 2 each is 4",
            "wins (first prize, city): 1 at 4.5 each is 4.5",
            "wins (title, city): 3 at 1 each is 3",
        ]
        assert ("11.5", expected) == points(WINS, **won)

    def test_one_number_is_the_price_of_every_cell(self, points: Points) -> None:
        """One number is the price of every cell."""
        won = {**NONE, "wins_first_county": 2, "wins_title_city": 3}
        assert "15" == points({**WINS, "points": 3}, **won)[0]

    def test_a_row_has_a_cap_of_its_own(self, points: Points) -> None:
        """A row has a cap of its own."""
        won = {**NONE, "wins_first_city": 3, "wins_title_city": 3}
        expected = [
            "wins (first prize, city): 3 at 4.5 each is 13.5",
            "first prize: at most 10",
            "wins (title, city): 3 at 1 each is 3",
        ]
        assert ("13", expected) == points({**WINS, "caps": {"first": 10}}, **won)

    def test_rows_and_the_whole_are_capped(self, points: Points) -> None:
        """Rows and the whole are capped."""
        won = {**NONE, "wins_first_city": 3, "wins_title_city": 3}
        capped = points({**WINS, "caps": {"first": 10, "title": 2}, "cap": 11}, **won)
        assert "11" == capped[0]
        assert ["first prize: at most 10", "title: at most 2", "at most 11"] == [
            reason for reason in capped[1] if "most" in reason
        ]

    def test_a_word_takes_the_price_of_another(self, points: Points) -> None:
        """A word takes the price of another."""
        won = {**NONE, "wins_first_county": 1, "wins_title_city": 2}
        expected = [
            "wins (first prize, county): 1 at 2 each is 2",
            "wins (title, city): 2, counted as first prize, at 5 each is 10",
        ]
        assert ("12", expected) == points(ALIASED, **won)
        assert (
            "“wins”（“title”、“city”）：2次，按“first prize”×5分，计10分"
            in points(ALIASED, "zh", **won)[1]
        )

    def test_what_counts_as_another_is_under_its_cap(self, points: Points) -> None:
        """What counts as another is under its cap."""
        won = {**NONE, "wins_first_city": 2, "wins_title_city": 2}
        assert "12" == points({**ALIASED, "caps": {"first": 12}}, **won)[0]

    def test_a_word_of_a_later_dimension_counts_as_another(self, points: Points) -> None:
        """A word of a later dimension counts as another."""
        table = {
            **WINS,
            "points": {"first": {"city": 3}, "title": 1},
            "counts_as": {"level": {"county": "city"}},
        }
        assert "7" == points(table, **{**NONE, "wins_first_county": 2, "wins_title_county": 1})[0]

    def test_cells_that_are_open_make_a_range(self, points: Points) -> None:
        """Cells that are open make a range."""
        won = {"wins_first_county": 1, "wins_first_city": 0, "wins_title_county": 2}
        assert "4–7 ? wins_title_city" == points(WINS, **won)[0]

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (PLAIN, "0–60"),
            ({**PLAIN, "cap": 7}, "0–7"),
            (WINS, "0–25.5"),
            ({**WINS, "caps": {"first": 10}}, "0–16"),
            ({**WINS, "caps": {"first": 10, "title": 2}, "cap": 11}, "0–11"),
            (ALIASED, "0–42"),
            ({**ALIASED, "caps": {"first": Decimal("7.5")}}, "0–7.5"),
        ],
    )
    def test_both_ends_can_be_reached(
        self, extremes: Callable[[object], tuple[str, str]], table: object, expected: str
    ) -> None:
        """Both ends can be reached."""
        found, reached = extremes(table)
        assert reached == found.partition(" ?")[0]
        assert expected == reached


WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({**PLAIN, "of": "activites"}, [("unknown_name", "of")]),
    ({**PLAIN, "points": -1}, [("out_of_bounds", "points")]),
    ({**PLAIN, "points": "2"}, [("wrong_type", "points")]),
    ({**PLAIN, "points": {"first": 2}}, [("wrong_type", "points")]),
    ({**PLAIN, "cap": -1}, [("out_of_bounds", "cap")]),
    ({**PLAIN, "caps": {"first": 2}}, [("no_tally", "caps")]),
    ({**PLAIN, "counts_as": {"prize": {"title": "first"}}}, [("no_tally", "counts_as")]),
    ({**WINS, "points": {"first": 2}}, [("missing_key", "points")]),
    ({**WINS, "points": {**TABLE, "frist": 2}}, [("unknown_name", "points/frist")]),
    ({**WINS, "points": {"first": {"county": 2}, "title": 1}}, [("missing_key", "points/first")]),
    (
        {**WINS, "points": {"first": {"county": {"x": 2}, "city": 3.5}, "title": -1}},
        [("wrong_type", "points/first/city")],
    ),
    (
        {**WINS, "points": {"first": {"county": {"x": 2}, "city": -3}, "title": -1}},
        [
            ("wrong_type", "points/first/county"),
            ("out_of_bounds", "points/first/city"),
            ("out_of_bounds", "points/title"),
        ],
    ),
    ({**WINS, "caps": {"county": 2}}, [("unknown_name", "caps/county")]),
    ({**WINS, "caps": {"first": -2}}, [("out_of_bounds", "caps/first")]),
    ({**WINS, "counts_as": {"price": {}}}, [("unknown_name", "counts_as/price")]),
    (
        {**WINS, "counts_as": {"prize": {"tilte": "first", "title": "frist"}}},
        [
            ("unknown_name", "counts_as/prize/tilte"),
            ("unknown_name", "counts_as/prize/title"),
        ],
    ),
    # Neither itself nor a word that counts as another.
    (
        {**WINS, "counts_as": {"prize": {"title": "title"}}},
        [("unknown_name", "counts_as/prize/title")],
    ),
    ({**ALIASED, "points": TABLE}, [("priced_twice", "points/title")]),
    ({**ALIASED, "caps": {"title": 4}}, [("unknown_name", "caps/title")]),
]


@pytest.mark.parametrize(("table", "expected"), WRONG)
def test_what_does_not_fit_is_refused_at_its_place(
    refused: Refused, table: object, expected: list[tuple[str, str]]
) -> None:
    """What does not fit is refused at its place."""
    assert expected == refused(table)


def large_tally(*sizes: int) -> Tally:
    """Return a tally with so many words in each dimension."""
    label = {"zh": "某", "en": "some"}
    by = {f"d{n}": {f"w{m}": label for m in range(size)} for n, size in enumerate(sizes)}
    table = {"type": "count", "label": label, "unit": label, "max": 9, "by": by}
    return tally_of("large", strict_converter().structure(table, DeclaredFact))


def built(tally: Tally, table: Mapping[str, Any]) -> Scoring:
    """Build a rule about a tally."""
    converter = strict_converter()
    facts = {fact.name: fact for fact in tally.cells.values()}
    teach_rules(converter, Names(facts, tallies={tally.name: tally}))
    return converter.structure({"kind": "each", "of": tally.name, **table}, Scoring)


def test_the_largest_tally_with_every_cap_is_affordable() -> None:
    """The largest tally with every cap is affordable."""
    tally = large_tally(10, MAX_CELLS // 10)
    caps = dict.fromkeys(tally.dimensions["d0"], 20)
    rule = built(tally, {"points": 1, "caps": caps, "cap": 100})
    assert effort(rule.points()).steps < 20_000


prices = st.fractions(0, 20, max_denominator=4)


@settings(deadline=None)
@given(data=st.data())
def test_the_points_are_those_of_the_table_by_hand(data: st.DataObject) -> None:
    """The points are those of the table by hand."""
    tally = large_tally(2, 3)
    words = [f"w{n}" for n in range(3)]
    table = {row: {word: data.draw(prices) for word in words} for row in words[:2]}
    caps = data.draw(st.dictionaries(st.sampled_from(words[:2]), prices))
    cap = data.draw(st.none() | prices)
    won = {cell: data.draw(st.integers(0, 9)) for cell in tally.cells}

    term = built(tally, {"points": table, "caps": caps, "cap": cap}).points()
    units = {fact.name: won[cell] for cell, fact in tally.cells.items()}
    found = Fraction(Interpreter(Numbers()).number(term)(units, [])) / term.denominator

    rows = {row: sum(won[row, word] * table[row][word] for word in words) for row in words[:2]}
    total = sum(min(points, caps.get(row, points)) for row, points in rows.items())
    assert (total if cap is None else min(total, cap)) == found
    most = {row: 9 * sum(table[row].values()) for row in words[:2]}
    highest = sum(min(points, caps.get(row, points)) for row, points in most.items())
    low, high = (Fraction(end) / term.denominator for end in bounds(term)[:2])
    assert low == 0
    assert (highest if cap is None else min(highest, cap)) == high
