"""From records to the cells of a tally: by the fields that are called like its dimensions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from studioflow.rubric import Measured
from studioflow.studio import Record, case_facts

if TYPE_CHECKING:
    from tests.studio.conftest import Talks

COUNT: dict[str, Any] = {"kind": "count", "of": "talk"}
LAST_DAY = date(2023, 12, 31)


def talk(name: str, on: str = "2023-06-01", **data: Any) -> Record:  # noqa: ANN401
    """Return a talk as it lies in a file."""
    values = {"on": on, "speaker": {"id": "t-1"}, **data}
    return Record(kind="talk", id=name, data=values, handed_in=LAST_DAY)


def cells(talks: Talks, *records: Record) -> dict[str, Measured]:
    """Measure every cell."""
    return case_facts(talks.policy, talks.studio(*records), LAST_DAY)


def test_each_record_is_counted_in_its_cell(talks: type[Talks]) -> None:
    """What is of another cell is not looked at; a cell without any counts 0."""
    records = (talk("a", level="school"), talk("b", level="county"), talk("c", level="county"))
    found = cells(talks(by_level=COUNT), *records)

    assert {
        "by_level_school": (1, ("a",), ()),
        "by_level_county": (2, ("b", "c"), ()),
        "by_level_city": (0, (), ()),
    } == {name: (each.value, each.counted, each.left_out) for name, each in found.items()}


def test_a_record_that_does_not_say_is_left_out_of_each(talks: type[Talks]) -> None:
    """It counts nowhere, and every cell says which field it lacks."""
    found = cells(talks(by_level=COUNT), talk("a"), talk("b", level="county"))

    assert {"by_level_school": 0, "by_level_county": 1, "by_level_city": 0} == {
        name: each.value for name, each in found.items()
    }
    for each in found.values():
        (left_out,) = each.left_out
        assert ["lacks level"] == [reason.text() for reason in left_out.reasons]
        assert ["缺级别"] == [reason.text("zh") for reason in left_out.reasons]


def test_every_other_reason_is_asked_in_the_cell(talks: type[Talks]) -> None:
    """A talk of another year is left out of its own cell alone."""
    declared = {**COUNT, "window": "year", "needs": ["slides"]}
    found = cells(
        talks(by_level=declared),
        talk("a", "2022-01-01", level="county", slides=["x"]),
        talk("b", level="county"),
    )

    assert {"by_level_county": ["a", "b"], "by_level_school": [], "by_level_city": []} == {
        name: [left.record for left in each.left_out] for name, each in found.items()
    }


def test_a_sum_is_split_as_well(talks: type[Talks]) -> None:
    """Guests are added up level by level."""
    declared = {"kind": "sum", "of": "talk", "field": "guests"}
    found = cells(
        talks(guests_by_level=declared),
        talk("a", level="school", guests=20),
        talk("b", level="county", guests=30),
        talk("c", level="county", guests=5),
    )

    assert {"guests_by_level_school": 20, "guests_by_level_county": 35} == {
        name: each.value for name, each in found.items()
    }


def test_the_label_is_that_of_the_cell(talks: type[Talks]) -> None:
    """A reader sees which of them it is."""
    found = cells(talks(by_level=COUNT), talk("a", level="county"))

    assert "talks given (county)" == found["by_level_county"].label.en
    assert "talks given (county): 1 held, all counted" == found["by_level_county"].explain()
