"""Values that depend on a fact: in every sort of rule, by every type of fact."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.algebra import Interpreter, Numbers
from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import Condition, Fact, Names, Quantity, Scoring, teach_rules
from studioflow.rules.ways import MAX_WAYS

Points = Callable[..., tuple[str, list[str]]]
Holds = Callable[..., tuple[bool | None, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]
Extremes = Callable[..., tuple[str, str]]
Build = Callable[[object, Any], Any]

# The later the year, the more is asked.
BY_YEAR: dict[str, Any] = {"by": "year_1", "otherwise": 16, "2": 20, "4": 24}
COUNT: dict[str, Any] = {
    "kind": "count",
    "count": "activities",
    "norm": BY_YEAR,
    "points": 16,
    "below": {"each": 1, "to": 0},
}
BY_DAY = {"by": "opened", "otherwise": 1, "2023-01-01": 2, "2024-01-01": 3}
BY_WORD = {"by": "papers", "in_time": 10, "otherwise": 4}
BY_FLAG = {"by": "present", "true": 5, "false": 2}


def each(points: object) -> dict[str, Any]:
    """Return a rule with one value."""
    return {"kind": "each", "of": "faults", "points": points}


class TestByEachType:
    """By what a value can depend on."""

    @pytest.mark.parametrize(
        ("year", "expected"), [(0, "16"), (1, "16"), (2, "12"), (3, "12"), (4, "8")]
    )
    def test_a_number(self, points: Points, year: int, expected: str) -> None:
        """From each threshold on its value holds, below all of them the other."""
        assert expected == points(COUNT, activities=16, year_1=year)[0]

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2022, 12, 31), "4"),
            (date(2023, 1, 1), "8"),
            (date(2023, 12, 31), "8"),
            ("2024-01-01", "12"),
        ],
    )
    def test_a_day(self, points: Points, day: object, expected: str) -> None:
        """A day is included from which on something holds."""
        assert expected == points(each(BY_DAY), faults=4, opened=day)[0]

    @pytest.mark.parametrize(("word", "expected"), [("in_time", "40"), ("late", "16")])
    def test_a_word(self, points: Points, word: str, expected: str) -> None:
        """A word has its value, the rest has the other."""
        assert expected == points(each(BY_WORD), faults=4, papers=word)[0]

    @pytest.mark.parametrize(("flag", "expected"), [(True, "20"), (False, "8")])
    def test_a_flag(self, points: Points, *, flag: bool, expected: str) -> None:
        """A flag and a confirmation have two values."""
        assert expected == points(each(BY_FLAG), faults=4, present=flag)[0]
        assert expected == points(each({**BY_FLAG, "by": "judged"}), faults=4, judged=flag)[0]

    @pytest.mark.parametrize(
        "covered",
        [
            {"by": "year_1", "0": 2, "3": 5},
            {"by": "year_1", "-1": 2, "3": 5, "3.5": 5},
            {"by": "papers", "in_time": 5, "late": 2, "never": 2},
            {"by": "present", "true": 5, "false": 2},
        ],
    )
    def test_what_is_covered_needs_no_other(self, extremes: Extremes, covered: object) -> None:
        """Where every value has an answer, there is no need for another one."""
        found, reached = extremes(each(covered))
        assert ("0–20", "0–20") == (found.partition(" ?")[0], reached)

    def test_a_fraction(self, points: Points) -> None:
        """A threshold lies where it says, between the steps of the fact or on one."""
        table = each({"by": "hours", "otherwise": 1, "0.6": 2, "1.75": 3})
        held = [Decimal(n) / 4 for n in (2, 3, 6, 7)]
        assert ["1", "2", "2", "3"] == [points(table, faults=1, hours=n)[0] for n in held]

    def test_only_otherwise(self, points: Points) -> None:
        """A value that is always the same is that value."""
        assert "12" == points(each({"by": "year_1", "otherwise": 3}), faults=4)[0]


class TestInEachRule:
    """Where such a value may stand."""

    def test_several_values_go_together(self, points: Points) -> None:
        """Two values that depend on one fact are never taken from two of its ways."""
        table = {**COUNT, "points": {"by": "year_1", "otherwise": 8, "3": 20}}
        found = {n: points(table, activities=24, year_1=n)[0] for n in range(5)}
        assert {0: "8", 1: "8", 2: "8", 3: "20", 4: "20"} == found

    def test_several_facts(self, points: Points) -> None:
        """Values of one rule may depend on different facts."""
        table = {**COUNT, "below": {"each": BY_FLAG, "to": 0}}
        assert "6" == points(table, activities=14, year_1=0, present=True)[0]
        assert "12" == points(table, activities=14, year_1=0, present=False)[0]
        assert "4" == points(table, activities=14, year_1=2, present=False)[0]

    def test_one_inside_another(self, points: Points) -> None:
        """A value may depend on a second fact in one of its ways."""
        inside = {
            "by": "papers",
            "in_time": {"by": "present", "true": 5, "false": 2},
            "otherwise": 1,
        }
        assert "10" == points(each(inside), faults=2, papers="in_time", present=True)[0]
        assert "2" == points(each(inside), faults=2, papers="late")[0]

    def test_the_same_fact_again(self, points: Points) -> None:
        """A second table by the same fact takes the way that the first one took."""
        again = {"by": "year_1", "otherwise": 1, "2": {"by": "year_1", "otherwise": 2, "3": 4}}
        assert ["1", "2", "4"] == [points(each(again), faults=1, year_1=n)[0] for n in (1, 2, 3)]

    def test_a_price_in_a_table(self, points: Points) -> None:
        """A single price may depend on a fact."""
        prices = {"first": {"county": BY_FLAG, "city": 7}, "title": 1}
        won = {"wins_first_city": 0, "wins_title_county": 0, "wins_title_city": 0}
        table = {"kind": "each", "of": "wins", "points": prices}
        assert "15" == points(table, **won, wins_first_county=3, present=True)[0]

    def test_a_rule_in_place_of_another(self, points: Points) -> None:
        """What depends on a fact may be a rule as well as a number."""
        kinds = {
            "by": "papers",
            "in_time": {"kind": "each", "of": "faults", "points": 2},
            "otherwise": 3,
        }
        table = {"kind": "sum", "of": [kinds, 1]}
        assert "9" == points(table, faults=4, papers="in_time")[0]
        assert "4" == points(table, papers="late")[0]

    def test_a_condition(self, holds: Holds) -> None:
        """The reason is that of the way that is taken."""
        table = {
            "kind": "at_least",
            "value": "members",
            "bound": {"by": "year_1", "otherwise": 5, "2": 8},
        }
        assert (True, ["members: 6, at least 5"]) == holds(table, members=6, year_1=1)
        assert (False, ["members: 6, fewer than 8"]) == holds(table, members=6, year_1=2)
        assert None is holds(table, members=6)[0]
        assert (True, False) == (holds(table, members=9)[0], holds(table, members=4)[0])

    def test_a_condition_that_is_not_defined(self, holds: Holds) -> None:
        """A share of nothing stays neither reached nor missed, whatever per cents are asked."""
        share = {"kind": "share", "part": "output", "whole": "trainees"}
        table = {**share, "percent": {"by": "present", "true": 80, "false": 50}}
        nothing = {"output": 0, "trainees": 0, "present": True}
        assert (False, False) == (
            holds(table, **nothing)[0],
            holds({"kind": "not", "of": table}, **nothing)[0],
        )

    def test_a_quantity(self, extremes: Extremes, points: Points) -> None:
        """A quantity may be another one by a fact."""
        short = {
            "kind": "shortfall",
            "value": "members",
            "norm": {"by": "present", "true": 9, "false": 4},
        }
        assert "7" == points({**each(1), "of": short}, members=2, present=True)[0]
        assert ("0–9", "0–9") == extremes(short, Quantity)

    def test_labels(self, build: Build) -> None:
        """Without a label of its own a condition is listed by all of its ways."""
        bound = {"by": "present", "true": 9, "false": 4}
        table = {"kind": "at_least", "value": "members", "bound": bound}
        label = build(table, Condition).label
        assert "members at least 9 / members at least 4" == label.en
        named = {**table, "label": {"zh": "够", "en": "enough"}}
        assert "enough" == build(named, Condition).label.en

    def test_the_foot_of_a_band(self, points: Points) -> None:
        """A band that depends on a fact is the one that a deduction stops at."""
        bands = {"A": {"from": {"by": "present", "true": 8, "false": 5}, "to": 10}}
        marked = {"kind": "marked", "mark": "goal", "bands": bands}
        table = {"kind": "deduct", "start": marked, "each": 3, "faults": "faults", "floor": "band"}
        assert ["8", "6"] == [points(table, goal=9, faults=1, present=p)[0] for p in (True, False)]


class TestOpen:
    """While the fact, or what the ways look at, is not known yet."""

    def test_every_way_that_is_left(self, points: Points) -> None:
        """The range is that of the ways that the fact can still take."""
        assert "8–16 ? year_1" == points(COUNT, activities=16)[0]
        assert "16" == points(COUNT, activities=24)[0]
        assert "0–12 ? activities" == points({**COUNT, "points": 12}, year_1=2)[0]

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (COUNT, "0–16"),
            (each(BY_DAY), "0–12"),
            (each(BY_WORD), "0–40"),
            ({**COUNT, "points": {"by": "year_1", "otherwise": 8, "3": 20}}, "0–20"),
            ({**each(BY_FLAG), "cap": {"by": "papers", "late": 7, "otherwise": "none"}}, "0–20"),
        ],
    )
    def test_both_ends_can_be_reached(
        self, extremes: Extremes, table: object, expected: str
    ) -> None:
        """The bounds are those of the ways together."""
        found, reached = extremes(table)
        assert reached == found.partition(" ?")[0]
        assert expected == reached


LARGE = {"by": "activities", "otherwise": 0, **{str(n): n for n in range(1, MAX_WAYS)}}

WRONG: list[tuple[object, list[tuple[str, str]]]] = [
    ({**COUNT, "norm": {**BY_YEAR, "by": "yaer_1"}}, [("unknown_name", "norm/by")]),
    ({**COUNT, "norm": {**BY_YEAR, "x": 3}}, [("by_not_a_threshold", "norm/x")]),
    ({**COUNT, "norm": {**BY_YEAR, "2023-01-01": 3}}, [("by_not_a_threshold", "norm/2023-01-01")]),
    ({**COUNT, "norm": {**BY_YEAR, "2.0": 3}}, [("duplicate_key", "norm/2.0")]),
    ({**COUNT, "norm": {"by": "year_1", "2": 3}}, [("by_not_covered", "norm")]),
    (each({**BY_DAY, "20230101": 3}), [("by_not_a_threshold", "points/20230101")]),
    (each({**BY_DAY, "2023-02-30": 3}), [("by_not_a_threshold", "points/2023-02-30")]),
    (each({"by": "opened", "2023-01-01": 3}), [("by_not_covered", "points")]),
    (each({**BY_WORD, "lates": 3}), [("unknown_key", "points/lates")]),
    (each({"by": "papers", "in_time": 3, "late": 2}), [("by_words_missing", "points")]),
    (each({"by": "present", "true": 3}), [("by_not_covered", "points")]),
    (each({"by": "present", "yes": 3, "otherwise": 1}), [("unknown_key", "points/yes")]),
    # Every way is built, and what is wrong in it is told where it stands.
    ({**COUNT, "norm": {**BY_YEAR, "2": "x", "4": -1}},
     [("out_of_bounds", "norm/4"), ("wrong_type", "norm/2")]),
    ({**COUNT, "below": {"each": {"by": "present", "true": -1, "false": 1}, "to": 0}},
     [("out_of_bounds", "below/each/true")]),
    ({"kind": "cases", "cases": [{"when": "present", "points": BY_FLAG}],
      "otherwise": {"by": "papers", "late": {"kind": "eahc"}, "otherwise": 2}},
     [("unknown_name", "otherwise/late/kind")]),
    # What else is wrong with the rule is told with it.
    ({**COUNT, "norm": {"by": "year_1", "2": "x"}, "bleow": 1},
     [("by_not_covered", "norm"), ("wrong_type", "norm/2"), ("unknown_key", "bleow")]),
    ({**COUNT, "norm": {"by": "year_1"}, "points": -1}, [("by_not_covered", "norm")]),
    # What is wrong whatever the fact is, is told once.
    ({**COUNT, "count": "activites"}, [("unknown_name", "count")]),
    ({**COUNT, "kind": {"by": "present", "true": "count", "false": "sum"}},
     [("unknown_name", "kind")]),
    (each({"by": "papers", "otherwise": 1, "late": {"by": "present", "true": -1, "false": 2}}),
     [("out_of_bounds", "points/late/true")]),
    ({**each(LARGE), "cap": BY_FLAG}, [("by_too_many_ways", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "expected"), WRONG)
def test_what_does_not_fit_is_refused_at_its_place(
    refused: Refused, table: object, expected: list[tuple[str, str]]
) -> None:
    """Every problem is told once, where it stands in the file."""
    assert expected == refused(table)


def test_as_many_ways_as_there_may_be(points: Points) -> None:
    """Twelve ways are built, and each is taken."""
    found = [points(each(LARGE), faults=1, activities=n)[0] for n in range(MAX_WAYS)]
    assert [str(n) for n in range(MAX_WAYS)] == found


def test_rules_inside_rules_are_built_in_no_time(build: Build) -> None:
    """Eight rules inside each other, each with twelve ways, are not built 12^8 times."""
    table: Any = 1
    for _ in range(8):
        table = {"kind": "sum", "of": [table], "cap": LARGE}
    with pytest.raises(InputError) as error:
        build(table, Scoring)
    assert ["rule_too_large"] == [problem.code for problem in error.value.problems]


def test_a_day_is_nothing_to_compute_with(refused: Refused) -> None:
    """Only `by` looks at a day that a file declares."""
    assert [("unknown_name", "of")] == refused({"kind": "each", "of": "opened", "points": 1})


@settings(deadline=None)
@given(data=st.data())
def test_the_points_are_those_of_the_way_by_hand(data: st.DataObject) -> None:
    """Whatever thresholds and words there are: the value is looked up as anybody would."""
    label = {"zh": "某", "en": "some"}
    number = {"type": "count", "label": label, "unit": label}
    tables: Mapping[str, dict[str, object]] = {
        "year": {**number, "min": data.draw(st.integers(-2, 2)), "max": 5},
        "held": {**number, "max": 9},
        "level": {"type": "choice", "label": label, "values": {"a": label, "b": label, "c": label}},
    }
    converter = strict_converter()
    facts = {n: converter.structure({**t, "name": n}, Fact) for n, t in tables.items()}
    teach_rules(converter, Names(facts))
    values = st.fractions(0, 20, max_denominator=4)
    by_year = data.draw(st.dictionaries(st.integers(-3, 6), values, max_size=3))
    by_word = data.draw(st.dictionaries(st.sampled_from("abc"), values, min_size=1, max_size=2))
    rest, cap = data.draw(values), data.draw(values)
    rule = converter.structure(
        {
            "kind": "each",
            "of": "held",
            "points": {"by": "year", "otherwise": rest, **{str(k): v for k, v in by_year.items()}},
            "cap": {"by": "level", "otherwise": cap, **by_word},
        },
        Scoring,
    )
    term = rule.points()
    compiled = Interpreter(Numbers()).number(term)
    lowest = int(facts["year"].low or 0)
    for year, held, level in product(range(lowest, 6), (0, 3, 9), "abc"):
        reached = [threshold for threshold in by_year if threshold <= year]
        price = by_year[max(reached)] if reached else rest
        expected = min(held * price, by_word.get(level, cap))
        found = compiled({"year": year, "held": held, "level": level}, [])
        assert expected == Fraction(found) / term.denominator


def test_what_both_ways_say_is_said(points: Points) -> None:
    """Where it makes no difference which way is meant, the reason of both is the reason."""
    below = {"each": {"by": "present", "true": 1, "false": 2}, "to": 0}
    shown, reasons = points({**COUNT, "norm": 8, "below": below}, activities=9)
    assert reasons
    assert "?" not in shown
