"""Tallies and days in a policy file: what is declared, what is seen, what is handed in."""

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studioflow.codec import to_json
from studioflow.errors import InputError
from studioflow.policy import Policy, read_facts
from studioflow.policy.fact_schema import fact_file_schema
from studioflow.policy.template import fact_file_toml

Built = Callable[[dict[str, object]], Policy]
Refused = Callable[[dict[str, object]], list[tuple[str, str, str | None]]]

LABEL = {"zh": "某", "en": "some"}
PRIZES: dict[str, Any] = tomllib.loads(
    """
type = "count"
label = { zh = "学员获奖", en = "prizes" }
unit = { zh = "次", en = "prizes" }
max = 60
from = ["school"]
[by.prize]
first = { zh = "一等奖", en = "first prize" }
title = { zh = "荣誉称号", en = "title" }
[by.level]
county = { zh = "县级", en = "county" }
city = { zh = "市级", en = "city" }
"""
)
RULE: dict[str, Any] = {
    "section": "work",
    "label": LABEL,
    "max": "none",
    "kind": "each",
    "of": "prizes",
    "points": {"first": {"county": 5, "city": 10}},
    "counts_as": {"prize": {"title": "first"}},
}
TALLY: dict[str, object] = {"facts/prizes": PRIZES, "criteria/prizes": RULE}
CELLS = [
    "prizes_first_county",
    "prizes_first_city",
    "prizes_title_county",
    "prizes_title_city",
]
OPENED = {"type": "date", "label": {"zh": "开张日", "en": "day of the opening"}}
BY_DAY: dict[str, object] = {
    "facts/opened": OPENED,
    "criteria/visits/norm": {"by": "opened", "otherwise": 10, "2024-01-01": 5},
}


class TestTallies:
    """A count that is split by words."""

    def test_rules_and_files_see_the_cells(self, built: Built) -> None:
        """The cells stand among the facts, in the place of the tally and in its order."""
        policy = built(TALLY)
        assert CELLS == [name for name in policy.facts if name.startswith("prizes")]
        assert ["prizes"] == list(policy.names.tallies)

    def test_points(self, built: Built) -> None:
        """Every cell is handed in by its name; one that is missing leaves a range."""
        policy = built(TALLY)
        won = dict(zip(CELLS, (1, 2, 0, 1), strict=True))
        assert 35 == policy.score(won).criterion("prizes").points.points
        del won["prizes_title_city"]
        assert (Fraction(25), Fraction(625)) == policy.score(won).criterion("prizes").points.range

    def test_its_name_is_a_number(self, built: Built) -> None:
        """As a quantity it is all of its cells together."""
        enough = {"kind": "at_least", "value": "prizes", "bound": 3}
        policy = built({**TALLY, "gates/order/of": [enough]})
        (gate,) = policy.score(dict.fromkeys(CELLS, 1)).gates
        assert ["prizes: 4, at least 3"] == [reason.text() for reason in gate.reasons]

    def test_its_name_is_no_fact_to_hand_in(self, built: Built) -> None:
        """What is handed in says which prizes they were."""
        with pytest.raises(InputError) as error:
            built(TALLY).score({"prizes": 3})
        assert ["facts/prizes"] == [problem.path for problem in error.value.problems]

    def test_a_reading_may_decide_how_it_is_split(self, built: Built) -> None:
        """A tally is an entry like any other."""
        plain = {key: value for key, value in PRIZES.items() if key != "by"}
        either = {"reading": "strictness", "strict": PRIZES, "mild": plain}
        rule = {**RULE, "of": "prizes", "points": 2, "counts_as": {}}
        strict = built({"facts/prizes": either, "criteria/prizes": rule})
        mild = strict.vary({"readings/strictness": "mild"})
        assert CELLS == [name for name in strict.facts if name.startswith("prizes")]
        assert ["prizes"] == [name for name in mild.facts if name.startswith("prizes")]

    def test_a_price_is_set_at_its_path(self, built: Built) -> None:
        """Prices are varied like all else."""
        dearer = built(TALLY).vary({"criteria/prizes/points/first/county": 6})
        assert 32 == dearer.score(dict.fromkeys(CELLS, 1)).criterion("prizes").points.points

    def test_the_fact_file_asks_for_each_cell(self, built: Built) -> None:
        """The file to fill in has a line for each, with the words of its label."""
        policy = built(TALLY)
        written = fact_file_toml(policy)
        assert "# prizes (first prize, county); 0–60 prizes; from: school" in written
        for cell in CELLS:
            assert f"# {cell} =" in written

    def test_bounds_are_those_of_each_cell(self, built: Built) -> None:
        """What is wrong with a value is told at the cell."""
        with pytest.raises(InputError) as error:
            built(TALLY).score({"prizes_first_city": 61})
        found = [(problem.path, problem.code) for problem in error.value.problems]
        assert [("facts/prizes_first_city", "out_of_bounds")] == found


WRONG: list[tuple[dict[str, object], list[tuple[str, str, str | None]]]] = [
    ({"facts/prizes/typ": "count"}, [("facts/prizes/typ", "unknown_key", "type")]),
    # A tally that is wrong is told, and not everything that names its cells.
    (
        {"facts/prizes/max": "x", "gates/order/of": [
            {"kind": "at_least", "value": "prizes_first_city", "bound": 1}]},
        [("facts/prizes/max", "wrong_type", None)],
    ),
    ({"facts/prizes/by/level": "x"}, [("facts/prizes/by/level", "wrong_type", None)]),
    ({"facts/prizes/at_most": "vists"}, [("facts/prizes/at_most", "unknown_name", "visits")]),
    ({"facts/prizes_first_city": OPENED}, [("facts/prizes", "name_taken", None)]),
    ({"conditions/prizes": {"label": LABEL, "kind": "all", "of": []}},
     [("conditions/prizes", "name_taken", None)]),
    ({"facts/Prizes": PRIZES}, [("facts/Prizes", "not_an_identifier", None)]),
    ({"facts/prizes/name": "won"}, [("facts/prizes/name", "unknown_key", None)]),
    ({"criteria/prizes/points/first/county": -5},
     [("criteria/prizes/points/first/county", "out_of_bounds", None)]),
    ({"criteria/prizes/points/frist": 5},
     [("criteria/prizes/points/frist", "unknown_name", "first")]),
    ({"criteria/prizes/of": "prices"}, [("criteria/prizes/of", "unknown_name", "prizes")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), WRONG)
def test_what_is_wrong_is_told_once_and_in_its_place(
    refused: Refused,
    changes: dict[str, object],
    expected: list[tuple[str, str, str | None]],
) -> None:
    """Each mistake in a tally, and about one, is a problem of its own."""
    own = {
        "facts/prizes": {**PRIZES, "by": dict(PRIZES["by"])},
        "criteria/prizes": {**RULE, "points": {"first": {"county": 5, "city": 10}}},
    }
    assert expected == refused({**own, **changes})


class TestDays:
    """A day that a policy asks for."""

    def test_what_is_asked_changes_from_a_day_on(self, built: Built) -> None:
        """The day itself is included."""
        policy = built(BY_DAY)
        found = {
            day: policy.score({"visits": 4, "opened": day}).criterion("visits").points.points
            for day in (date(2023, 12, 31), date(2024, 1, 1), "2024-01-01")
        }
        assert {date(2023, 12, 31): 4, date(2024, 1, 1): 9, "2024-01-01": 9} == found

    def test_while_it_is_open(self, built: Built) -> None:
        """Either may be asked."""
        item = built(BY_DAY).score({"visits": 4}).criterion("visits")
        assert (Fraction(4), Fraction(9)) == item.points.range
        assert ("opened",) == item.open

    def test_files_hold_it(self, built: Built, tmp_path: Path) -> None:
        """TOML has days of its own, JSON has their ISO form; both load."""
        facts: dict[str, object] = {"opened": "2024-02-03", "visits": 4}
        (tmp_path / "a.toml").write_text(
            'schema = "studioflow.facts/1"\n[facts]\nopened = 2024-02-03\nvisits = 4\n', "utf-8"
        )
        (tmp_path / "a.json").write_text(
            to_json({"schema": "studioflow.facts/1", "facts": facts}), "utf-8"
        )
        for name in ("a.toml", "a.json"):
            sheet = built(BY_DAY).score(read_facts(tmp_path / name))
            assert 9 == sheet.criterion("visits").points.points

    def test_the_fact_file_asks_for_it(self, built: Built) -> None:
        """The file to fill in says what a day looks like, and is right when it is filled in."""
        policy = built(BY_DAY)
        assert "# day of the opening; a date such as 2023-03-31" in fact_file_toml(policy)

    def test_the_schema_says_it_is_a_date(self, built: Built) -> None:
        """Other programs are told that it is text in the form of a date."""
        schema = fact_file_schema(built(BY_DAY))["properties"]["facts"]["properties"]["opened"]
        assert (["string", "null"], "date") == (schema["type"], schema["format"])
        assert {"minimum", "maximum"}.isdisjoint(schema)

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"facts/opened/unit": LABEL}, [("facts/opened/unit", "key_unused", None)]),
            ({"facts/opened/min": 3}, [("facts/opened/min", "key_unused", None)]),
            ({"facts/opened/max": 3}, [("facts/opened/max", "key_unused", None)]),
            ({"facts/opened/step": 1}, [("facts/opened/step", "step_unused", None)]),
            # Nobody computes with a day.
            (
                {"criteria/visits/count": "opened"},
                [("criteria/visits/count", "unknown_name", None)],
            ),
        ],
    )
    def test_what_a_day_does_not_have(
        self,
        refused: Refused,
        changes: dict[str, object],
        expected: list[tuple[str, str, str | None]],
    ) -> None:
        """It has no unit, no bounds and no step, and is no number."""
        assert expected == refused({"facts/opened": dict(OPENED), **changes})

    @pytest.mark.parametrize("value", [Decimal(3), "3.2.2024", True, "2024-02-30"])
    def test_what_is_no_day(self, built: Built, value: object) -> None:
        """Nothing else is taken for one."""
        with pytest.raises(InputError) as error:
            built(BY_DAY).score({"opened": value})
        assert ["facts/opened"] == [problem.path for problem in error.value.problems]
