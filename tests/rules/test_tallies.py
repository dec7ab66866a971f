"""Tallies: a count that is split by words."""

from fractions import Fraction
from typing import Any

import pytest

from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import DeclaredFact, Tally, tally_of
from studioflow.rules.tallies import MAX_CELLS

LABEL = {"zh": "某", "en": "some"}
PRIZES: dict[str, Any] = {
    "type": "count",
    "label": {"zh": "学员获奖", "en": "prizes"},
    "unit": {"zh": "次", "en": "prizes"},
    "max": 60,
    "from": ["lead"],
    "clause": "5",
    "by": {
        "prize": {
            "first": {"zh": "一等奖", "en": "first prize"},
            "second": {"zh": "二等奖", "en": "second prize"},
        },
        "level": {"county": {"zh": "县级", "en": "county"}},
    },
}


def declared(table: dict[str, Any]) -> DeclaredFact:
    """Build a declaration."""
    return strict_converter().structure(table, DeclaredFact)


def prizes(**changes: object) -> Tally:
    """Return the tally with other keys."""
    return tally_of("prizes", declared({**PRIZES, **changes}))


class TestCells:
    """One fact for each combination of words."""

    def test_names_and_labels(self) -> None:
        """A cell is named by the words, and says them behind the label."""
        cells = prizes().cells
        assert {
            ("first", "county"): ("prizes_first_county", "学员获奖（一等奖、县级）"),
            ("second", "county"): ("prizes_second_county", "学员获奖（二等奖、县级）"),
        } == {words: (cell.name, cell.label.zh) for words, cell in cells.items()}
        assert "prizes (first prize, county)" == cells["first", "county"].label.en

    def test_each_is_like_the_whole(self) -> None:
        """Bounds, unit, roles and clause are those of the tally."""
        for cell in prizes().cells.values():
            assert ("count", 60) == (cell.type, int(cell.high or 0))
            assert (("lead",), "5") == (cell.supplied_by, cell.clause)

    def test_numbers_may_be_split(self) -> None:
        """Hours can be split as well as prizes."""
        hours = prizes(type="number", step=Fraction(1, 2))
        assert {"number"} == {cell.type for cell in hours.cells.values()}

    def test_a_word_may_begin_with_a_digit(self) -> None:
        """Years are words, too: the name of the cell stays a plain one."""
        years = prizes(by={"year": {"2023": LABEL, "2024": LABEL}})
        assert ["prizes_2023", "prizes_2024"] == [cell.name for cell in years.cells.values()]

    def test_all_together(self) -> None:
        """The tally itself is the sum of its cells, under its own label."""
        whole = prizes().quantity()
        assert ("prizes", "prizes") == (whole.label.en, whole.unit and whole.unit.en)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"by": {"prize": {}}}, [("missing_key", "by/prize")]),
        ({"by": {"Prize": {"first": LABEL}}}, [("not_an_identifier", "by/Prize")]),
        ({"by": {"prize": {"First": LABEL}}}, [("not_an_identifier", "by/prize/First")]),
        ({"by": {"prize": {"first": "x"}}}, [("wrong_type", "by/prize/first")]),
        ({"by": "prize"}, [("wrong_type", "by")]),
        (
            {"by": {"a": {"x": LABEL, "x_y": LABEL}, "b": {"y_z": LABEL, "z": LABEL}}},
            [("cell_twice", "by")],
        ),
        ({"unti": LABEL}, [("unknown_key", "unti")]),
    ],
)
def test_bad_declarations(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    """What can not be split, or not into cells with names of their own, is refused."""
    with pytest.raises(InputError) as error:
        declared({**PRIZES, **changes})
    assert expected == [(problem.code, problem.path) for problem in error.value.problems]


@pytest.mark.parametrize("type_", ["flag", "choice", "mark", "confirmation", "date"])
def test_types_that_are_not_split(type_: str) -> None:
    """Only counts and numbers add up."""
    needs: dict[str, dict[str, object]] = {
        "choice": {"values": {"a": LABEL}},
        "mark": {"from": ["assessor"], "step": 1},
        "confirmation": {"from": ["assessor"]},
    }
    with pytest.raises(InputError) as error:
        declared({"type": type_, "label": LABEL, "by": PRIZES["by"], **needs.get(type_, {})})
    assert [("tally_type", "by")] == [(p.code, p.path) for p in error.value.problems]


@pytest.mark.parametrize(("words", "refused"), [(MAX_CELLS // 10, False), (MAX_CELLS, True)])
def test_how_many_combinations_there_may_be(words: int, *, refused: bool) -> None:
    """Nobody fills in more combinations than these."""
    by = {"a": {f"w{n}": LABEL for n in range(10)}, "b": {f"w{n}": LABEL for n in range(words)}}
    if not refused:
        assert MAX_CELLS == len(prizes(by=by).cells)
        return
    with pytest.raises(InputError) as error:
        declared({**PRIZES, "by": by})
    assert [("too_many_cells", "by")] == [(p.code, p.path) for p in error.value.problems]
