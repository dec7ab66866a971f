"""The other kinds of scoring rule: cases, deductions, bonuses, sums, fixed points."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from studioflow.algebra import Constant
from studioflow.rules import Scoring

Points = Callable[..., tuple[str, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]
Table = Mapping[str, Any]

HALF = Decimal("0.5")
MARKED: Table = {
    "kind": "marked",
    "mark": "goal",
    "bands": {"A": {"from": 8, "to": 10}, "B": {"from": 5, "to": 7}},
}
CASES: Table = {
    "kind": "cases",
    "cases": [
        {"when": {"kind": "all", "of": ["present", "proper"]}, "points": 10},
        {"when": {"kind": "any", "of": ["present", "proper"]}, "points": 7},
    ],
    "otherwise": 0,
}
DEDUCT: Table = {"kind": "deduct", "start": MARKED, "each": HALF, "faults": "faults", "floor": 0}
BONUS: Table = {
    "kind": "bonus",
    "items": {
        "many": {"when": {"kind": "at_least", "value": "trainees", "bound": 5}, "points": 2},
        "public": {
            "when": "present",
            "points": 2,
            "label": {"zh": "公益", "en": "public benefit"},
        },
        "media": {"when": "proper", "points": 2},
    },
    "cap": 5,
}
SEVERAL: Table = {
    "kind": "deduct",
    "start": 10,
    "faults": [{"of": "faults", "each": 3}, {"of": "trainees", "each": 1}],
    "floor": 0,
}
FIXED: Table = {"kind": "points", "points": 3}


class TestCases:
    """The first case that holds."""

    @pytest.mark.parametrize(
        ("present", "proper", "expected"),
        [
            (True, True, "10"),
            (True, False, "7"),
            (False, True, "7"),
            (False, False, "0"),
            (True, None, "7–10 ? proper"),
            (False, None, "0–7 ? proper"),
            (None, None, "0–10 ? present, proper"),
        ],
    )
    def test_points(
        self, points: Points, expected: str, *, present: bool | None, proper: bool | None
    ) -> None:
        """Both ten, one seven, neither nothing."""
        assert expected == points(CASES, present=present, proper=proper)[0]

    def test_reasons(self, points: Points) -> None:
        """The reasons say which case it is, and why no better one."""
        expected = ["proper: no", "present: yes", "7 points"]
        assert expected == points(CASES, present=True, proper=False)[1]
        chinese = ["“present”：否", "“proper”：否", "“present”：否", "“proper”：否", "计0分"]
        assert chinese == points(CASES, "zh", present=False, proper=False)[1]

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"present": False, "goal": 0}, "0"),
            ({"present": True, "goal": 9}, "9"),
            ({"present": True}, "0–10 ? goal"),
            ({"goal": 9}, "0–9 ? present"),
        ],
    )
    def test_another_rule_in_a_case(
        self, points: Points, values: Mapping[str, Any], expected: str
    ) -> None:
        """One fact makes an item 0, whatever the rule for the rest gives."""
        zero_out = [{"when": {"kind": "not", "of": "present"}, "points": 0}]
        table = {"kind": "cases", "cases": zero_out, "otherwise": MARKED}
        assert expected == points(table, **values)[0]

    def test_all_or_nothing(self, points: Points) -> None:
        """Full points from a threshold on, otherwise none."""
        enough = {"kind": "at_least", "value": "trainees", "bound": 5}
        table = {"kind": "cases", "cases": [{"when": enough, "points": 6}], "otherwise": 0}
        assert ["0", "6"] == [points(table, trainees=n)[0] for n in (4, 5)]

    def test_reasons_of_another_rule(self, points: Points) -> None:
        """The case gives its reason, and the rule its own."""
        table = {**CASES, "cases": [{"when": "present", "points": MARKED}]}
        expected = ["present: yes", "mark 9, band A (8 to 10)"]
        assert ("9", expected) == points(table, present=True, goal=9)

    def test_the_foot_of_a_band_in_a_case(self, points: Points) -> None:
        """A deduction from cases stops at the band of the case that applies."""
        cases = {**CASES, "cases": [{"when": "present", "points": MARKED}], "otherwise": 3}
        table = {**DEDUCT, "start": cases, "each": 2, "floor": "band"}
        assert "8" == points(table, present=True, goal=9, faults=3)[0]
        assert "0" == points(table, present=False, goal=9, faults=3)[0]

    def test_the_same_either_way(self, points: Points) -> None:
        """What does not change the points is not asked for."""
        same = [{"when": "present", "points": 4}, {"when": "proper", "points": 4}]
        assert "4" == points({"kind": "cases", "cases": same, "otherwise": 4})[0]


class TestDeduct:
    """Less so many for each fault."""

    @pytest.mark.parametrize(
        ("mark", "faults", "expected"), [(9, 0, "9"), (9, 1, "8.5"), (9, 4, "7"), (0, 4, "0")]
    )
    def test_points(self, points: Points, mark: int, faults: int, expected: str) -> None:
        """Half a point a fault off the mark, down to nothing."""
        assert expected == points(DEDUCT, goal=mark, faults=faults)[0]

    @pytest.mark.parametrize(
        ("mark", "faults", "expected"),
        [(9, 4, "8"), (9, 1, "8.5"), (6, 4, "5"), (5, 4, "5"), (0, 4, "0")],
    )
    def test_floor_at_the_band(self, points: Points, mark: int, faults: int, expected: str) -> None:
        """Down to the foot of the mark's band, whatever the number of faults."""
        assert expected == points({**DEDUCT, "floor": "band"}, goal=mark, faults=faults)[0]

    def test_floor_at_a_band_that_facts_decide(self, points: Points) -> None:
        """The same where the facts decide the band; reasons are given once."""
        bands = {"A": {"from": 8, "to": 10, "when": "present"}}
        table = {**DEDUCT, "start": {**MARKED, "bands": bands}, "floor": "band"}
        expected = [
            "present: yes",
            "mark 9, band A (8 to 10)",
            "9 less 4 times 0.5 is 7",
            "nothing is taken off below 8: 8",
        ]
        assert ("8", expected) == points(table, goal=9, faults=4, present=True)

    def test_a_band_lifts_nothing_without_a_share(self, points: Points) -> None:
        """Where a share of nothing leaves 0 points, the foot of a band does not bring them back."""
        share = {"kind": "share", "part": "output", "whole": "trainees", "percent": 80}
        when = {"kind": "any", "of": ["present", share]}
        bands = {"A": {"from": 5, "to": 10, "when": when}}
        table = {**DEDUCT, "start": {**MARKED, "bands": bands}, "floor": "band"}
        values = {"goal": 0, "present": True, "output": 0, "trainees": 0}
        assert "0" == points(table, faults=1, **values)[0]

    def test_a_band_lifts_nothing_over_a_cap(self, points: Points) -> None:
        """A cap below the foot of the band stays the most that there is."""
        table = {**DEDUCT, "start": {**MARKED, "cap": 4}, "floor": "band"}
        assert ["4", "4"] == [points(table, goal=6, faults=n)[0] for n in (0, 1)]

    @pytest.mark.parametrize(
        ("mark", "faults", "expected"),
        [(9, 4, "8.5"), (9, 1, "8.5"), (5, 1, "5"), (5, 0, "5"), (0, 0, "0")],
    )
    def test_a_floor_lifts_nothing(
        self, points: Points, mark: int, faults: int, expected: str
    ) -> None:
        """What was below the floor before stays where it was."""
        table = {**DEDUCT, "floor": Decimal("8.5")}
        assert expected == points(table, goal=mark, faults=faults)[0]

    def test_reasons(self, points: Points) -> None:
        """The start with its own reason, and then the sum."""
        expected = ["评9分，A档（8–10分）", "9分，扣1次、每次0.5分，得8.5分"]
        assert expected == points(DEDUCT, "zh", goal=9, faults=1)[1]
        assert ["mark 9, band A (8 to 10)"] == points(DEDUCT, goal=9, faults=0)[1]

    @pytest.mark.parametrize(
        ("faults", "expected"),
        [
            (3, ["3分", "3分，扣3次、每次1分，得0分"]),
            (4, ["3分", "3分，扣4次、每次1分，得-1分", "0分以下不扣，得0分"]),
        ],
    )
    def test_reasons_at_the_floor(self, points: Points, faults: int, expected: list[str]) -> None:
        """Where the floor holds the points up, a sentence of its own names it."""
        table = {**DEDUCT, "start": FIXED, "each": 1}
        assert expected == points(table, "zh", faults=faults)[1]

    def test_a_number_to_start_from(self, points: Points) -> None:
        """A plain number is a rule that always gives it."""
        table = {**DEDUCT, "start": 10, "each": 3}
        assert ("4", ["10 points", "10 less 2 times 3 is 4"]) == points(table, faults=2)
        assert "13" == points({"kind": "sum", "of": [MARKED, 4]}, goal=9)[0]

    def test_a_refused_start(self, points: Points) -> None:
        """A mark that is not valid is not deducted from."""
        for floor in (0, Decimal("8.5"), "band"):
            table = {**DEDUCT, "floor": floor}
            assert ("refused", ["a mark in 8–10, 5–7, 0"]) == points(table, goal=4, faults=1)
            assert "refused" == points(table, goal=4)[0]

    def test_unknown(self, points: Points) -> None:
        """Faults that are not counted yet may be as many as they can."""
        assert "7–9 ? faults" == points(DEDUCT, goal=9)[0]
        assert "0–9 ? goal" == points(DEDUCT, faults=2)[0]

    def test_rules_without_bands(self, points: Points) -> None:
        """A rule without bands has nothing for a floor."""
        table = {**DEDUCT, "start": FIXED, "floor": "band"}
        assert ["3", "1"] == [points(table, faults=n)[0] for n in (0, 4)]


class TestBonus:
    """Points for each item, none counted twice."""

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"trainees": 4, "present": False, "proper": False}, "0"),
            ({"trainees": 5, "present": False, "proper": False}, "2"),
            ({"trainees": 5, "present": True, "proper": False}, "4"),
            ({"trainees": 5, "present": True, "proper": True}, "5"),
            ({"trainees": 5, "present": True}, "4–5 ? proper"),
            ({}, "0–5 ? present, proper, trainees"),
        ],
    )
    def test_points(self, points: Points, values: dict[str, object], expected: str) -> None:
        """Two points each, five at most."""
        assert expected == points(BONUS, **values)[0]

    def test_reasons(self, points: Points) -> None:
        """Every item says why it counts or not, and the cap that it is one."""
        expected = [
            "“trainees”为5，不少于5",
            "“trainees”不少于5：加2分",
            "“present”：是",
            "公益：加2分",
            "“proper”：是",
            "“proper”：加2分",
            "最多5分",
        ]
        found = points(BONUS, "zh", trainees=5, present=True, proper=True)[1]
        assert expected == found
        expected = ["trainees: 4, fewer than 5", "present: no", "proper: no"]
        assert expected == points(BONUS, trainees=4, present=False, proper=False)[1]

    def test_without_a_cap(self, points: Points) -> None:
        """Without a cap everything counts."""
        table = {**BONUS, "cap": "none"}
        assert "6" == points(table, trainees=5, present=True, proper=True)[0]


class TestSum:
    """Several rules together."""

    @pytest.mark.parametrize(
        ("more", "expected"),
        [({}, "12"), ({"cap": 11}, "11"), ({"cap": 12}, "12"), ({"floor": 20}, "20")],
    )
    def test_points(self, points: Points, more: Table, expected: str) -> None:
        """The points of all, from the floor to the cap."""
        table = {"kind": "sum", "of": [MARKED, FIXED], **more}
        assert expected == points(table, goal=9)[0]

    def test_reasons(self, points: Points) -> None:
        """Each rule gives its own reason, once."""
        table = {"kind": "sum", "of": [MARKED, FIXED], "cap": 11}
        expected = ["mark 9, band A (8 to 10)", "3 points", "at most 11"]
        assert expected == points(table, goal=9)[1]

    def test_of_nothing(self, points: Points) -> None:
        """Nothing adds up to nothing."""
        assert ("0", []) == points({"kind": "sum", "of": []})

    def test_a_refused_part(self, points: Points) -> None:
        """A part that is not valid spoils the sum, capped or not."""
        table = {"kind": "sum", "of": [MARKED, FIXED], "cap": 2}
        assert "refused" == points(table, goal=4)[0]


def test_fixed(points: Points) -> None:
    """Always the same points."""
    assert ("3", ["3分"]) == points(FIXED, "zh")


def test_kinds_without_bands_have_no_floor(build: Callable[[object, Any], Any]) -> None:
    """The foot of a band is 0 where there is none."""
    floor = build(CASES, Scoring).floor()
    assert isinstance(floor, Constant)
    assert 0 == floor.value


def test_kinds_say_their_points() -> None:
    """A kind of scoring rule that gives no points is a programmer's mistake."""
    with pytest.raises(NotImplementedError):
        Scoring().points()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (CASES, "0–10"),
        (DEDUCT, "0–10"),
        ({**DEDUCT, "floor": "band"}, "0–10"),
        ({**DEDUCT, "floor": Decimal("8.5")}, "0–10"),
        ({**DEDUCT, "start": FIXED}, "1–3"),
        (BONUS, "0–5"),
        ({**BONUS, "cap": "none"}, "0–6"),
        ({"kind": "sum", "of": [MARKED, FIXED]}, "3–13"),
        ({"kind": "sum", "of": [MARKED, FIXED], "floor": 5, "cap": 12}, "5–12"),
        (FIXED, "3"),
    ],
)
def test_bounds(extremes: Callable[[object], tuple[str, str]], table: Table, expected: str) -> None:
    """Both ends can be reached."""
    bounds, reached = extremes(table)
    assert reached == bounds.partition(" ?")[0]
    assert expected == reached


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("goal", [("wrong_type", "")]),
        (3.5, [("wrong_type", "")]),
        ({"points": 3}, [("missing_key", "")]),
        ({"kind": "point", "points": 3}, [("unknown_name", "kind")]),
        ({"kind": "points", "points": 3.5}, [("wrong_type", "points")]),
        ({**DEDUCT, "floor": "bnad"}, [("wrong_type", "floor")]),
        ({**DEDUCT, "floor": 0.5}, [("wrong_type", "floor")]),
        ({**DEDUCT, "start": {**FIXED, "to": 3}}, [("unknown_key", "start/to")]),
        ({**BONUS, "items": {"x": {"when": "presnt", "points": "2"}}},
         [("unknown_name", "items/x/when"), ("wrong_type", "items/x/points")]),
        ({**CASES, "cases": [{"when": "present"}]}, [("missing_key", "cases/0")]),
        ({**FIXED, "label": {"zh": "三分"}}, [("missing_key", "label")]),
    ],
)  # fmt: skip
def test_bad_declarations(refused: Refused, table: object, expected: list[tuple[str, str]]) -> None:
    """What does not fit is refused at its place."""
    assert expected == refused(table)


class TestSeveralFaults:
    """Faults of several sorts, each with its price."""

    @pytest.mark.parametrize(
        ("faults", "trainees", "expected"),
        [(0, 0, "10"), (1, 0, "7"), (0, 1, "9"), (2, 3, "1"), (3, 1, "0"), (3, 9, "0")],
    )
    def test_points(self, points: Points, faults: int, trainees: int, expected: str) -> None:
        """Each fault costs its own price, down to the floor."""
        assert expected == points(SEVERAL, faults=faults, trainees=trainees)[0]

    def test_reasons(self, points: Points) -> None:
        """Each sort is told with what it costs, then what is left; a sort without faults is not."""
        told = points(SEVERAL, faults=2, trainees=1)[1]
        assert told == [
            "10 points",
            "faults: 2 at 3 each, minus 6",
            "trainees: 1 at 1 each, minus 1",
            "taken off 10, which leaves 3",
        ]
        assert len(points(SEVERAL, faults=2, trainees=0)[1]) == 3

    def test_negative(self, points: Points) -> None:
        """Fewer than no fault gives nothing back."""
        fewer = {"kind": "sum", "of": ["faults", -5]}
        for faults in (fewer, [{"of": fewer, "each": 1}]):
            table = {**SEVERAL, "faults": faults, "each": 1}
            if faults is not fewer:
                del table["each"]
            assert "10" == points(table, faults=2)[0]

    def test_open(self, points: Points) -> None:
        """What is not known yet leaves a range, both ends of which are reached."""
        assert "0–7 ? trainees" == points(SEVERAL, faults=1)[0]

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"each": 1}, [("unknown_key", "")]),
            ({"faults": "faults"}, [("missing_key", "")]),
            ({"faults": [{"of": "faults"}]}, [("missing_key", "faults/0")]),
            ({"faults": []}, [("faults_needed", "")]),
            ({"faults": [], "each": 1}, [("faults_needed", "")]),
            ({"faults": [{"of": "fault", "each": 1}]}, [("unknown_name", "faults/0/of")]),
            ({"faults": [{"of": "faults", "each": -1}]}, [("out_of_bounds", "faults/0/each")]),
        ],
    )
    def test_refused(
        self, refused: Refused, changed: Table, expected: list[tuple[str, str]]
    ) -> None:
        """A price is given once: for all sorts, or for each."""
        assert expected == refused({**SEVERAL, **changed})


class TestBandFloor:
    """The floor at the band, around other rules."""

    def test_inside(self, points: Points) -> None:
        """A deduction from a deduction, or from a sum, still stops at the foot of the band."""
        for start in (
            {"kind": "deduct", "start": MARKED, "each": 1, "faults": "faults", "floor": "band"},
            {"kind": "sum", "of": [MARKED, 0]},
        ):
            table = {
                "kind": "deduct",
                "start": start,
                "each": 5,
                "faults": "trainees",
                "floor": "band",
            }
            assert "8" == points(table, goal=10, faults=1, trainees=3)[0]


class TestMarkWithoutBands:
    """A mark that stands as it is."""

    def test_points(self, points: Points) -> None:
        """Without bands the mark is the points, up to the cap."""
        assert ("7", ["marked 7"]) == points({"kind": "marked", "mark": "goal"}, goal=7)
        assert "5" == points({"kind": "marked", "mark": "goal", "cap": 5}, goal=7)[0]

    def test_refused(self, refused: Refused) -> None:
        """What is said of bands needs some."""
        table = {"kind": "marked", "mark": "goal", "gap": "lower_band"}
        assert ["bands_needed"] == [code for code, _ in refused(table)]
