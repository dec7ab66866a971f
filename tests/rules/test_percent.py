"""Per cents: how many a part is of a whole, and so many per cent of points."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.algebra import Interpreter, Number, Numbers, Range, Ranges
from studioflow.codec import strict_converter
from studioflow.rules import Fact, Names, Quantity, Scoring, known, teach_rules

Points = Callable[..., tuple[str, list[str]]]
Holds = Callable[..., tuple[bool | None, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]
Extremes = Callable[..., tuple[str, str]]

HALF = Decimal("0.5")
SHARE: dict[str, Any] = {"kind": "share", "part": "output", "whole": "trainees"}
YEARS = {"kind": "sum", "of": ["year_1", "year_2"]}
OF_SUM: dict[str, Any] = {"kind": "share", "part": "year_1", "whole": YEARS}
LOOSE: dict[str, Any] = {"kind": "share", "part": "year_1", "whole": "year_2"}
LEVEL: dict[str, Any] = {
    "kind": "percent",
    "of": 20,
    "percent": {"by": "papers", "in_time": 100, "late": 60, "never": 0},
}
VOTES: dict[str, Any] = {"kind": "percent", "of": 10, "percent": SHARE}
MARKED: dict[str, Any] = {
    "kind": "marked",
    "mark": "goal",
    "bands": {"A": {"from": 8, "to": 10}, "B": {"from": 5, "to": 7}},
}


class TestShare:
    """A part in per cent of a whole."""

    @pytest.mark.parametrize(
        ("part", "whole", "expected"), [(0, 9, "0"), (4, 5, "80"), (1, 3, "100/3"), (9, 9, "100")]
    )
    def test_exactly(self, points: Points, part: int, whole: int, expected: str) -> None:
        """A third is a third."""
        table = {**VOTES, "of": 100}
        assert expected == points(table, output=part, trainees=whole)[0]

    @pytest.mark.parametrize(
        ("step", "expected"), [(1, "33"), (5, "35"), (Decimal("0.1"), "33.3"), (HALF, "33.5")]
    )
    def test_rounded(self, points: Points, step: object, expected: str) -> None:
        """It is rounded to the step that the policy says."""
        table = {**VOTES, "of": 100, "percent": {**SHARE, "rounded": step}}
        assert expected == points(table, output=1, trainees=3)[0]

    def test_halves_up(self, points: Points) -> None:
        """Of two steps as near it is the higher one: 12.5 is 13."""
        table = {**VOTES, "of": 100, "percent": {**SHARE, "rounded": 1}}
        assert "13" == points(table, output=1, trainees=8)[0]

    def test_of_nothing(self, points: Points) -> None:
        """A share of nothing is none: the rule gives 0 and says why."""
        expected = ("0", ["the share is undefined: trainees is 0"])
        assert expected == points(VOTES, output=0, trainees=0)
        assert ["“trainees”为0，比例无法计算"] == points(VOTES, "zh", output=0, trainees=0)[1]

    @pytest.mark.parametrize(
        "table",
        [
            {"kind": "each", "of": SHARE, "points": 1},
            {"kind": "deduct", "start": 7, "each": 1, "faults": SHARE, "floor": 0},
            {
                "kind": "count",
                "count": SHARE,
                "norm": 0,
                "points": 5,
                "below": {"each": 1, "to": 0},
            },
            {"kind": "each", "of": {"kind": "sum", "of": [SHARE, 5]}, "points": 1},
        ],
    )
    def test_of_nothing_in_any_rule(self, points: Points, table: object) -> None:
        """Whatever counts per cents of nothing, gives 0 and says why."""
        expected = ("0", ["the share is undefined: trainees is 0"])
        assert expected == points(table, output=0, trainees=0)

    @pytest.mark.parametrize("kind", ["at_least", "at_most"])
    def test_of_nothing_in_a_condition(self, holds: Holds, kind: str) -> None:
        """A condition over per cents of nothing does not hold, and neither does its opposite."""
        bound = {"kind": kind, "value": SHARE, "bound": 0}
        undefined = (False, ["the share is undefined: trainees is 0"])
        assert undefined == holds(bound, output=0, trainees=0)
        assert False is holds({"kind": "not", "of": bound}, output=0, trainees=0)[0]
        between = {"kind": "in_range", "value": SHARE, "min": 0, "max": 0}
        assert undefined == holds(between, output=0, trainees=0)

    def test_in_a_condition(self, holds: Holds) -> None:
        """A condition compares it exactly, and says it with its words."""
        bound = {"kind": "at_least", "value": SHARE, "bound": 75}
        said = ["output in per cent of trainees: 75, at least 75"]
        assert (True, said) == holds(bound, output=3, trainees=4)
        assert False is holds(bound, output=5, trainees=7)[0]
        assert ["“output”占“trainees”的百分比为75，不少于75"] == holds(
            bound, "zh", output=3, trainees=4
        )[1]

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (SHARE, "0–100"),
            (OF_SUM, "0–100"),
            ({**OF_SUM, "rounded": 10}, "0–100"),
            ({**LOOSE, "part": YEARS, "whole": YEARS}, "0–100"),
            (LOOSE, "0–400"),
            ({**OF_SUM, "part": {"kind": "sum", "of": [*YEARS["of"], "faults"]}}, None),
        ],
    )
    def test_bounds(self, extremes: Extremes, table: object, expected: str | None) -> None:
        """A part of the whole is at most 100 per cent of it; what is none may be more."""
        found, reached = extremes(table, Quantity)
        if expected is not None:
            assert expected == reached
            assert reached == found.partition(" ?")[0]

    def test_what_is_known_narrows_it_from_both_sides(
        self, build: Callable[[object, Any], Any], facts: Mapping[str, Fact]
    ) -> None:
        """Three for and none to three against: between half of them and all."""
        number: Number = build(OF_SUM, Quantity).number
        units = known({**facts}, {"year_1": 3}).ranges
        low, high, open_ = Interpreter(Ranges()).number(number)(
            {**units, "year_2": Range(0, 3, frozenset({"year_2"}))}, []
        )
        assert Range(50, 100, frozenset({"year_2"})) == Range(low, high, open_)


class TestPercent:
    """So many per cent of points."""

    @pytest.mark.parametrize(
        ("word", "expected"), [("in_time", "20"), ("late", "12"), ("never", "0")]
    )
    def test_of_a_number(self, points: Points, word: str, expected: str) -> None:
        """A level is so many per cent of an item's weight."""
        assert expected == points(LEVEL, papers=word)[0]

    def test_reasons(self, points: Points) -> None:
        """One sentence says the number, the per cents and what comes of them."""
        assert ["60 % of 20 is 12"] == points(LEVEL, papers="late")[1]
        assert ["20分的60%，计12分"] == points(LEVEL, "zh", papers="late")[1]

    def test_of_another_rule(self, points: Points) -> None:
        """The other rule's reasons come first."""
        table = {"kind": "percent", "of": MARKED, "percent": 70}
        expected = ["mark 9, band A (8 to 10)", "70 % of 9 is 6.3"]
        assert ("6.3", expected) == points(table, goal=9)
        assert "refused" == points(table, goal=4)[0]

    def test_rounded(self, points: Points) -> None:
        """It is rounded to the step that the policy says, and the reason says so."""
        table = {"kind": "percent", "of": MARKED, "percent": 75, "rounded": HALF}
        expected = ["mark 9, band A (8 to 10)", "75 % of 9, to the nearest 0.5, is 7"]
        assert ("7", expected) == points(table, goal=9)
        assert "9分的75%，按0.5分四舍五入，计7分" in points(table, "zh", goal=9)[1]

    def test_the_foot_of_a_band(self, points: Points) -> None:
        """A deduction stops at so many per cent of the band's foot."""
        half = {"kind": "percent", "of": MARKED, "percent": 50}
        table = {"kind": "deduct", "start": half, "each": 3, "faults": "faults", "floor": "band"}
        assert ["5", "4"] == [points(table, goal=10, faults=n)[0] for n in (0, 2)]

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (VOTES, "0–10"),
            ({**VOTES, "rounded": 3}, "0–9"),
            (LEVEL, "0–20"),
            ({"kind": "percent", "of": MARKED, "percent": OF_SUM}, "0–10"),
            (
                {"kind": "percent", "of": MARKED, "percent": {"kind": "sum", "of": ["year_1", 3]}},
                "0–0.7",
            ),
        ],
    )
    def test_bounds(self, extremes: Extremes, table: object, expected: str) -> None:
        """Both ends can be reached."""
        found, reached = extremes(table)
        assert reached == found.partition(" ?")[0]
        assert expected == reached


@pytest.mark.parametrize(
    ("table", "cls", "expected"),
    [
        ({**SHARE, "rounded": 0}, Quantity, [("step_positive", "rounded")]),
        ({**SHARE, "part": "outptu"}, Quantity, [("unknown_name", "part")]),
        ({**VOTES, "rounded": -1}, Scoring, [("step_positive", "rounded")]),
        ({**VOTES, "of": "goal"}, Scoring, [("wrong_type", "of")]),
        ({**VOTES, "percent": "opened"}, Scoring, [("unknown_name", "percent")]),
    ],
)
def test_bad_declarations(
    refused: Refused, table: object, cls: type, expected: list[tuple[str, str]]
) -> None:
    """What does not fit is refused at its place."""
    assert expected == refused(table, cls)


def facts_to(most: int, *names: str) -> dict[str, Fact]:
    """Return counts up to so many."""
    label = {"zh": "某", "en": "some"}
    table = {"type": "count", "label": label, "unit": label, "max": most}
    return {n: strict_converter().structure({**table, "name": n}, Fact) for n in names}


steps = st.none() | st.fractions(Fraction(1, 20), 10, max_denominator=20)


def nearest(value: Fraction, step: Fraction | None) -> Fraction:
    """Round by hand, halves up."""
    return value if step is None else floor(value / step + Fraction(1, 2)) * step


@settings(deadline=None)
@given(
    votes=st.lists(st.integers(0, 40), min_size=2, max_size=3),
    of=st.fractions(0, 50, max_denominator=8),
    share_step=steps,
    step=steps,
)
def test_votes_to_points(
    votes: list[int], of: Fraction, share_step: Fraction | None, step: Fraction | None
) -> None:
    """Approval is for ÷ (for + against + …) × 100, and points are so many per cent: by hand."""
    names = [f"votes_{n}" for n in range(len(votes))]
    converter = strict_converter()
    facts = facts_to(40, *names)
    teach_rules(converter, Names(facts))
    share = {"kind": "share", "part": names[0], "whole": {"kind": "sum", "of": names}}
    table = {
        "kind": "percent",
        "of": of,
        "percent": {**share, "rounded": "none" if share_step is None else share_step},
        "rounded": "none" if step is None else step,
    }
    term = converter.structure(table, Scoring).points()
    found = Interpreter(Numbers()).number(term)(dict(zip(names, votes, strict=True)), [])

    approval = Fraction(votes[0] * 100, sum(votes)) if sum(votes) else Fraction(0)
    assert (
        nearest(of * nearest(approval, share_step) / 100, step)
        == Fraction(found) / term.denominator
    )


@settings(deadline=None)
@given(data=st.data())
def test_ranges_of_a_share_are_tight(data: st.DataObject) -> None:
    """Whatever is known of those for and against, both ends of the range are reached."""
    names = ["votes_for", "votes_against"]
    converter = strict_converter()
    teach_rules(converter, Names(facts_to(9, *names)))
    whole = {"kind": "sum", "of": names}
    number = converter.structure(
        {"kind": "share", "part": names[0], "whole": whole}, Quantity
    ).number
    spans = {}
    for name in names:
        low = data.draw(st.integers(0, 9))
        spans[name] = (low, data.draw(st.integers(low, 9)))
    ranges = {name: Range(*span, frozenset({name})) for name, span in spans.items()}
    found = Interpreter(Ranges()).number(number)(ranges, [])

    reached = [
        Fraction(100 * yes, yes + no) if yes + no else Fraction(0)
        for yes in range(spans["votes_for"][0], spans["votes_for"][1] + 1)
        for no in range(spans["votes_against"][0], spans["votes_against"][1] + 1)
    ]
    assert Range(min(reached), max(reached)) == found._replace(open=frozenset())
