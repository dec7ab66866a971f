"""Marks in bands: which points are valid, and what is said of those that are not."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import Fact, Names, Scoring, teach_rules

Points = Callable[..., tuple[str, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]
Table = Mapping[str, Any]

# The assessor chooses the band.
CHOSEN: Table = {
    "kind": "marked",
    "mark": "goal",
    "bands": {"A": {"from": 8, "to": 10}, "B": {"from": 5, "to": 6}},
}
# The facts decide the band.
DECIDED: Table = {
    "kind": "marked",
    "mark": "goal",
    "bands": {
        "A": {
            "from": 8,
            "to": 10,
            "when": {"kind": "share", "part": "output", "whole": "trainees", "percent": 80},
        },
        "B": {
            "from": 5,
            "to": 7,
            "when": {"kind": "share", "part": "output", "whole": "trainees", "percent": 50},
        },
    },
}
# Band A is open to some only.
NEEDING: Table = {
    "kind": "marked",
    "mark": "goal",
    "bands": {
        "A": {"from": 8, "to": 10, "needs": {"kind": "at_least", "value": "trainees", "bound": 5}},
        "B": {"from": 5, "to": 7},
    },
}


def halves(table: Table) -> Table:
    """Return the same rule for a mark in half points."""
    return {**table, "mark": "half"}


class TestChosen:
    """The assessor's mark says which band it is."""

    @pytest.mark.parametrize(
        ("mark", "expected"),
        [(10, "10"), (8, "8"), (7, "refused"), (6, "6"), (5, "5"), (4, "refused"), (0, "0")],
    )
    def test_both_ends_are_included(self, points: Points, mark: int, expected: str) -> None:
        """A mark counts inside a band, ends included, and as 0; it is never moved."""
        assert expected == points(CHOSEN, goal=mark)[0]

    def test_reasons(self, points: Points) -> None:
        """The reason names the mark and its band; a refusal lists what may be marked."""
        assert ["mark 8, band A (8 to 10)"] == points(CHOSEN, goal=8)[1]
        assert ["评5分，B档（5–6分）"] == points(CHOSEN, "zh", goal=5)[1]
        assert ["no band applies: 0 points"] == points(CHOSEN, goal=0)[1]
        assert ["a mark in 8–10, 5–6, 0"] == points(CHOSEN, goal=7)[1]
        assert ["可评的分数：8–10、5–6、0"] == points(CHOSEN, "zh", goal=4)[1]

    def test_unknown(self, points: Points) -> None:
        """A mark that is not given may be anything that is valid."""
        assert ("0–10 ? goal", []) == points(CHOSEN)

    def test_gap_in_half_points(self, points: Points) -> None:
        """With half points, 6.5 lies in the gap as 7 does."""
        found = [points(halves(CHOSEN), half=Decimal(n) / 2)[0] for n in range(12, 17)]
        assert ["6", "refused", "refused", "refused", "8"] == found

    def test_lower_band_takes_the_gap(self, points: Points) -> None:
        """The lower band may reach up to the next, as far as the mark's step goes."""
        table = {**CHOSEN, "gap": "lower_band"}
        assert ["7", "8", "refused"] == [points(table, goal=n)[0] for n in (7, 8, 4)]
        assert ["mark 7, band B (5 to 6)"] == points(table, goal=7)[1]
        assert ["a mark in 8–10, 5–7, 0"] == points(table, goal=4)[1]
        found = [points(halves(table), half=Decimal(n) / 2)[0] for n in range(12, 17)]
        assert ["6", "6.5", "7", "7.5", "8"] == found
        assert ["a mark in 8–10, 5–7.5, 0"] == points(halves(table), half=4)[1]

    def test_open_band_below(self, points: Points) -> None:
        """Below the lowest band the assessor may mark from 0 up to it."""
        table = {**CHOSEN, "below": "open_band"}
        assert ["0", "4", "5", "refused"] == [points(table, goal=n)[0] for n in (0, 4, 5, 7)]
        assert ["mark 4, below the lowest band"] == points(table, goal=4)[1]
        assert ["a mark in 8–10, 5–6, 0–4"] == points(table, goal=7)[1]
        assert ["4.5", "refused"] == [
            points(halves(table), half=Decimal(n) / 2)[0] for n in (9, 13)
        ]

    def test_bands_down_to_nothing(self, points: Points) -> None:
        """Bands that reach down to 0 leave nothing below them."""
        bands = {"A": {"from": 6, "to": 10}, "B": {"from": 0, "to": 5}}
        for below in ("zero", "open_band"):
            table = {**CHOSEN, "bands": bands, "below": below}
            assert ["0", "5", "6"] == [points(table, goal=n)[0] for n in (0, 5, 6)]
            assert ["mark 0, band B (0 to 5)"] == points(table, goal=0)[1]

    def test_a_band_of_one(self, points: Points) -> None:
        """A band may be a single number of points."""
        table = {**CHOSEN, "bands": {"A": {"from": 10, "to": 10}}}
        assert ["10", "refused"] == [points(table, goal=n)[0] for n in (10, 9)]
        assert ["a mark in 10, 0"] == points(table, goal=9)[1]


class TestDecided:
    """The facts say which band it is, and the assessor marks inside it."""

    @pytest.mark.parametrize(
        ("output", "valid"),
        [(5, range(8, 11)), (4, range(8, 11)), (3, range(5, 8)), (2, [0]), (0, [0])],
    )
    def test_marks_are_valid_in_their_band(
        self, points: Points, output: int, valid: range | list[int]
    ) -> None:
        """4 of 5 is 80 %, 3 of 5 is 50 % and more; a mark outside the band is refused."""
        values = {"output": output, "trainees": 5}
        accepted = [n for n in range(11) if points(DECIDED, goal=n, **values)[0] != "refused"]
        assert list(valid) == accepted

    def test_refusals_name_the_band(self, points: Points) -> None:
        """A refusal says what may be marked here, and not in other bands."""
        values = {"output": 3, "trainees": 5}
        assert "a mark in 5–7" == points(DECIDED, goal=9, **values)[1][-1]
        assert "可评的分数：0" == points(DECIDED, "zh", goal=9, output=0, trainees=5)[1][-1]

    def test_reasons(self, points: Points) -> None:
        """The reasons say why it is this band, and why no better one."""
        expected = [
            "output: 3 of 5, less than 80 %",
            "output: 3 of 5, at least 50 %",
            "mark 6, band B (5 to 7)",
        ]
        assert ("6", expected) == points(DECIDED, goal=6, output=3, trainees=5)

    def test_share_undefined(self, points: Points) -> None:
        """No trainees: 0 points, and the reason is that there is no share."""
        found, said = points(DECIDED, goal=0, output=0, trainees=0)
        assert "0" == found
        assert "the share is undefined: trainees is 0" == said[0]
        assert "no band applies: 0 points" == said[-1]

    @pytest.mark.parametrize(
        ("output", "expected"), [(4, "8–10 ? goal"), (3, "5–7 ? goal"), (2, "0"), (0, "0")]
    )
    def test_unknown_mark(self, points: Points, output: int, expected: str) -> None:
        """A mark that is not given lies in the band that applies; for nothing none is needed."""
        assert expected == points(DECIDED, output=output, trainees=5)[0]

    @pytest.mark.parametrize(
        ("mark", "expected"), [(9, "9 ? output"), (6, "6 ? output"), (0, "0 ? output")]
    )
    def test_unknown_share(self, points: Points, mark: int, expected: str) -> None:
        """A mark that is valid in one band only counts as it is, once the band is certain."""
        assert expected == points(DECIDED, goal=mark, trainees=5)[0]

    def test_unknown_share_and_no_band(self, points: Points) -> None:
        """A mark that is valid in no band is refused before the share is known."""
        found, said = points(DECIDED, goal=4, trainees=5)
        assert "refused" == found
        assert ["a mark in 8–10", "a mark in 5–7", "a mark in 0"] == said

    def test_everything_unknown(self, points: Points) -> None:
        """While nothing is known, everything valid is possible."""
        assert "0–10 ? goal, output, trainees" == points(DECIDED)[0]

    def test_open_band_below(self, points: Points) -> None:
        """Where no band applies, the assessor may mark up to the lowest band."""
        table = {**DECIDED, "below": "open_band"}
        values = {"output": 0, "trainees": 5}
        assert ["0", "4", "refused"] == [points(table, goal=n, **values)[0] for n in (0, 4, 5)]
        assert "0–4 ? goal" == points(table, **values)[0]
        assert "a mark in 0–4" == points(table, goal=5, **values)[1][-1]

    def test_lower_band_takes_the_gap(self, points: Points) -> None:
        """The lower band reaches up to the next in half points."""
        table = halves({**DECIDED, "gap": "lower_band"})
        values = {"output": 3, "trainees": 5}
        assert "7.5" == points(table, half=Decimal("7.5"), **values)[0]
        assert "5–7.5 ? half" == points(table, **values)[0]


class TestNeeding:
    """A band is open while what it needs holds."""

    @pytest.mark.parametrize(
        ("trainees", "mark", "expected"),
        [(5, 8, "8"), (4, 8, "refused"), (4, 7, "7"), (5, 7, "7"), (None, 7, "7")],
    )
    def test_open(self, points: Points, trainees: int | None, mark: int, expected: str) -> None:
        """A mark in a band that is not open is refused, and does not fall to a lower one."""
        assert expected == points(NEEDING, goal=mark, trainees=trainees)[0]

    def test_refusals_list_what_is_open(self, points: Points) -> None:
        """What may be marked is what is open, and not what the form prints."""
        found, said = points(NEEDING, goal=8, trainees=4)
        assert "refused" == found
        assert ["trainees: 4, fewer than 5", "a mark in 5–7, 0"] == said
        assert ["a mark in 8–10, 5–7, 0"] == points(NEEDING, goal=4, trainees=5)[1]

    def test_unknown(self, points: Points) -> None:
        """While it is not known whether a band is open, its marks are possible, not certain."""
        assert "0–10 ? goal, trainees" == points(NEEDING)[0]
        assert "0–7 ? goal" == points(NEEDING, trainees=4)[0]
        assert "9 ? trainees" == points(NEEDING, goal=9)[0]


class TestCap:
    """The most that counts."""

    def test_cap(self, points: Points) -> None:
        """Points above the cap count as the cap, with both reasons."""
        table = {**CHOSEN, "cap": 8}
        assert ("8", ["mark 9, band A (8 to 10)", "at most 8"]) == points(table, goal=9)
        assert ("8", ["评8分，A档（8–10分）"]) == points(table, "zh", goal=8)
        assert "0–8 ? goal" == points(table)[0]

    def test_a_refused_mark_stays_refused(self, points: Points) -> None:
        """A mark that is not valid is no cap's worth of points, known or not what else is."""
        table = {**NEEDING, "cap": 4}
        assert "refused" == points(table, goal=4, trainees=5)[0]
        assert "refused" == points(table, goal=4)[0]


class TestBounds:
    """What a rule can give at all, against what can be reached."""

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (CHOSEN, "0–10"),
            ({**CHOSEN, "bands": {"A": {"from": 4, "to": 9}}}, "0–9"),
            (DECIDED, "0–10"),
            ({**DECIDED, "cap": 6}, "0–6"),
            (halves({**DECIDED, "gap": "lower_band", "below": "open_band"}), "0–10"),
            (NEEDING, "0–10"),
        ],
    )
    def test_bounds(
        self, extremes: Callable[[object], tuple[str, str]], table: Table, expected: str
    ) -> None:
        """Both ends can be reached."""
        bounds, reached = extremes(table)
        assert expected == bounds == reached


def bands(**spans: Mapping[str, object]) -> Table:
    """Return a rule with these bands."""
    return {**CHOSEN, "bands": spans}


A, B = {"from": 8, "to": 10}, {"from": 5, "to": 7}
WHEN = {"when": "present"}


def test_a_mark_can_be_nothing(facts: Mapping[str, Fact]) -> None:
    """A mark from 1 up is refused: where no band applies there would be none to give."""
    converter = strict_converter()
    teach_rules(converter, Names({**facts, "goal": evolve(facts["goal"], low=Fraction(1))}))
    with pytest.raises(InputError) as refused:
        converter.structure(CHOSEN, Scoring)
    assert [("mark_from_zero", "mark")] == [(p.code, p.path) for p in refused.value.problems]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (bands(), [("bands_needed", "bands")]),
        (bands(A=A, B={"from": 5, "to": 8}), [("band_order", "bands")]),
        (bands(A=A, B={"from": 7, "to": 5}), [("band_order", "bands")]),
        (bands(B=B, A=A), [("band_order", "bands")]),
        (bands(A={**A, **WHEN}, B=B), [("bands_one_way", "bands")]),
        (bands(A={**A, **WHEN, "needs": "present"}), [("bands_one_way", "bands")]),
        (bands(A={"from": 8, "to": 11}), [("out_of_bounds", "bands/A/to")]),
        (
            bands(A=A, B={"from": Decimal("4.5"), "to": Decimal("7.5")}),
            [("off_step", "bands/B/from"), ("off_step", "bands/B/to")],
        ),
        (bands(A={"from": 8}), [("missing_key", "bands/A")]),
        (bands(A={**A, "when": "presnt"}), [("unknown_name", "bands/A/when")]),
        ({**CHOSEN, "mark": "members"}, [("wrong_type", "mark")]),
        ({**CHOSEN, "mark": "gaol"}, [("unknown_name", "mark")]),
        ({**CHOSEN, "gap": "lowerband"}, [("unknown_name", "gap")]),
        ({**CHOSEN, "below": 0, "norm": 3}, [("unknown_name", "below"), ("unknown_key", "norm")]),
    ],
)
def test_bad_declarations(refused: Refused, table: Table, expected: list[tuple[str, str]]) -> None:
    """Bands that overlap, stand in the wrong order or mix two ways are refused at their place."""
    assert expected == refused(table)
