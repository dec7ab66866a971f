"""Counts with a norm: points at it, above it, below it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import evolve

from studioflow.algebra import Interpreter, Numbers, Remark
from studioflow.codec import strict_converter
from studioflow.rules import Fact, Names, Scoring, teach_rules
from studioflow.text import Text, render

Points = Callable[..., tuple[str, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]
Table = Mapping[str, Any]

COUNT: Table = {
    "kind": "count",
    "count": "activities",
    "norm": 16,
    "points": 16,
    "above": {"each": 1, "to": 20},
    "below": {"each": 1, "to": 0},
}
MARKED: Table = {**COUNT, "above": {"mark": "goal", "to": 20}}
YEARLY: Table = {
    **COUNT,
    "norm": 4,
    "points": 4,
    "above": {"each": 1, "to": 6},
    "yearly": {"counts": ["year_1", "year_2"], "norm": 2, "each": 1},
}


class TestCount:
    """So many points each."""

    @pytest.mark.parametrize(
        ("count", "expected"),
        [(0, "0"), (1, "1"), (15, "15"), (16, "16"), (17, "17"), (20, "20"), (21, "20")],
    )
    def test_points(self, points: Points, count: int, expected: str) -> None:
        """One point each above and below the norm, between the two limits."""
        assert expected == points(COUNT, activities=count)[0]

    @pytest.mark.parametrize(
        ("below", "expected"), [({"each": 2, "to": 5}, "5"), ({"each": 0, "to": 0}, "16")]
    )
    def test_slopes_differ(self, points: Points, below: Table, expected: str) -> None:
        """What one missing costs is said apart from what one more brings."""
        table = {**COUNT, "below": below}
        assert expected == points(table, activities=4)[0]
        assert "18" == points(table, activities=18)[0]

    def test_reasons(self, points: Points) -> None:
        """The reason says which side of the norm it is, and by how much."""
        assert ["16: 16 points"] == points(COUNT, activities=16)[1]
        assert ["15: 1 short of 16, 1 points lost"] == points(COUNT, activities=15)[1]
        expected = ["22次，满16次计16分，多6次加4分"]
        assert expected == points(COUNT, "zh", activities=22)[1]

    def test_no_more_is_lost_than_there_is(self, points: Points) -> None:
        """Where the norm is above the points, the sentence has the loss that counts."""
        table = {**COUNT, "norm": 30}
        assert ("0", ["0: 30 short of 30, 16 points lost"]) == points(table, activities=0)
        table = {**table, "below": {"each": 1, "to": 5}}
        assert ("5", ["2: 28 short of 30, 11 points lost"]) == points(table, activities=2)

    def test_below_without_a_loss(self, points: Points) -> None:
        """Where one missing costs nothing, the points at the norm are the reason."""
        table = {**COUNT, "below": {"each": 0, "to": 0}}
        assert ["4次，计16分"] == points(table, "zh", activities=4)[1]

    def test_nothing_above(self, points: Points) -> None:
        """Without a table for it, more than the norm brings no more."""
        table = {key: value for key, value in COUNT.items() if key != "above"}
        assert ["15", "16", "16"] == [points(table, activities=n)[0] for n in (15, 16, 24)]

    def test_unknown(self, points: Points) -> None:
        """While the count is not known, anything between the limits is possible."""
        assert ("0–20 ? activities", []) == points(COUNT)


class TestMarkAbove:
    """What is above the norm is left to the assessor."""

    @pytest.mark.parametrize(
        ("count", "mark", "expected"),
        [
            (17, 0, "16"),
            (17, 4, "20"),
            (17, 5, "refused"),
            (16, 0, "16"),
            (16, 1, "refused"),
            (10, 0, "10"),
            (10, 1, "refused"),
        ],
    )
    def test_points(self, points: Points, count: int, mark: int, expected: str) -> None:
        """A mark counts above the norm only, up to the limit."""
        assert expected == points(MARKED, activities=count, goal=mark)[0]

    def test_reasons(self, points: Points) -> None:
        """A refusal says which it was: too much, or not to be marked at all."""
        assert ["a mark in 0–4"] == points(MARKED, activities=17, goal=5)[1]
        expected = ["只有超过16次才可酌情赋分"]
        assert expected == points(MARKED, "zh", activities=16, goal=1)[1]

    def test_unknown(self, points: Points) -> None:
        """No mark is needed where none may be given."""
        assert "16" == points(MARKED, activities=16)[0]
        assert "16–20 ? goal" == points(MARKED, activities=17)[0]
        assert "0–20 ? activities, goal" == points(MARKED)[0]


class TestYearly:
    """A norm for each year, whatever the total is."""

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [(2, 2, "4"), (4, 0, "2"), (4, 1, "4"), (3, 2, "5"), (4, 4, "6"), (0, 0, "0")],
    )
    def test_points(self, points: Points, first: int, second: int, expected: str) -> None:
        """What is short in a year costs, even where the other year makes up for it."""
        assert expected == points(YEARLY, year_1=first, year_2=second)[0]

    def test_reasons(self, points: Points) -> None:
        """Both are said: what the total is, and what the years lack."""
        expected = [
            "5: 4 points for 4, and 1 more for 1 above it",
            "1 short of 2 a year in all, 1 points lost",
        ]
        assert ("4", expected) == points(YEARLY, year_1=4, year_2=1)
        assert ["每年不足2次的共少3次，扣3分"] == points(YEARLY, "zh", year_1=1, year_2=0)[1]

    def test_no_more_is_lost_than_there_is(self, points: Points) -> None:
        """What is above the norm can be lost, too, and nothing beyond it."""
        table = {**YEARLY, "yearly": {**YEARLY["yearly"], "each": 9}}
        found, reasons = points(table, year_1=4, year_2=1)
        assert ("0", "1 short of 2 a year in all, 5 points lost") == (found, reasons[1])


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (COUNT, "0–20"),
        ({**COUNT, "norm": 30, "points": 30, "above": {"each": 1, "to": 40}}, "0–24"),
        ({**COUNT, "count": "members", "below": {"each": 1, "to": 4}}, "4–14"),
        (MARKED, "0–20"),
        (YEARLY, "0–6"),
    ],
)
def test_bounds(extremes: Callable[[object], tuple[str, str]], table: Table, expected: str) -> None:
    """Both ends can be reached: points rise with the count, though it is mentioned often."""
    bounds, reached = extremes(table)
    assert reached == bounds.partition(" ?")[0]
    assert expected == reached


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"above": {"to": 20}}, [("above_one_way", "above")]),
        ({"above": {"each": 1, "mark": "goal", "to": 20}}, [("above_one_way", "above")]),
        ({"above": {"mark": "members", "to": 20}}, [("wrong_type", "above/mark")]),
        ({"above": {"each": 1, "to": 15}}, [("count_limits", "")]),
        ({"below": {"each": 1, "to": 17}}, [("count_limits", "")]),
        ({"below": {"each": True, "to": 0}}, [("wrong_type", "below/each")]),
        ({"count": "present", "norm": "16"}, [("unknown_name", "count"), ("wrong_type", "norm")]),
        ({"yearly": {"counts": [], "norm": 1}}, [("missing_key", "yearly")]),
    ],
)
def test_bad_declarations(refused: Refused, more: Table, expected: list[tuple[str, str]]) -> None:
    """Limits on the wrong side and two ways at once are refused."""
    assert expected == refused({**COUNT, **more})


class TestUnits:
    """Chinese reasons count in the unit of what is counted."""

    @pytest.fixture
    def papers(self) -> Callable[[object, int], list[str]]:
        """Return the reasons for a number of papers, counted in 篇."""
        label = Text("论文", "papers")
        fact = Fact(name="papers", type="count", label=label, unit=Text("篇", "papers"))
        plain_fact = evolve(fact, name="loose", unit=Text("件", "things"))
        converter = strict_converter()
        teach_rules(converter, Names({"papers": fact, "loose": plain_fact}))

        def papers(count: object, number: int) -> list[str]:
            table = {**COUNT, "count": count, "norm": 2, "points": 2, "above": {"each": 1, "to": 9}}
            remarks: list[Remark] = []
            term = converter.structure(table, Scoring).points()
            Interpreter(Numbers()).number(term)({"papers": number, "loose": 0}, remarks)
            return [render(r.message.text, r.parameters, "zh") for r in remarks]

        return papers

    def test_unit_of_the_fact(self, papers: Callable[[object, int], list[str]]) -> None:
        """A fact's unit stands behind every number that is one of it."""
        assert ["3篇，满2篇计2分，多1篇加1分"] == papers("papers", 3)
        assert ["2篇，计2分"] == papers("papers", 2)
        assert ["1篇，比2篇少1篇，扣1分"] == papers("papers", 1)

    def test_unit_of_a_sum(self, papers: Callable[[object, int], list[str]]) -> None:
        """A sum has the unit that all its parts have; without one, none is said."""
        assert ["2篇，计2分"] == papers({"kind": "sum", "of": ["papers"]}, 2)
        assert ["2，计2分"] == papers({"kind": "sum", "of": ["papers", "loose"]}, 2)
        short = {"kind": "shortfall", "value": "papers", "norm": 5}
        assert ["2篇，计2分"] == papers(short, 3)
