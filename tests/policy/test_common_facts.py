"""What conditions over records of several kinds may name: fields that mean the same in each."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from studioflow.policy import RecordField, RecordKind
from studioflow.policy.measures import common_facts
from studioflow.policy.record_fields import FieldType
from studioflow.text import Text

LABEL = Text("甲", "a")
HOUR = Text("小时", "hours")


def kind(type: FieldType, **settings: Any) -> RecordKind:  # noqa: A002, ANN401 - as a field has them
    """Declare a kind of record with one field, called `it`."""
    declared = RecordField(label=LABEL, type=type, **settings)
    return RecordKind(name="talk", label=LABEL, supplied_by=("lead",), fields={"it": declared})


def hours(step: str) -> RecordKind:
    """Declare a kind of record whose field is a number of some step."""
    return kind("number", unit=HOUR, step=Fraction(Decimal(step)))


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (kind("flag"), kind("flag"), ["it"]),
        (kind("flag"), kind("count"), []),
        (hours("0.5"), hours("0.5"), ["it"]),
        (hours("0.5"), hours("1"), []),
        (hours("0.5"), kind("money"), []),
    ],
    ids=["same", "other type", "same step", "other step", "money"],
)
def test_common(one: RecordKind, other: RecordKind, names: list[str]) -> None:
    """A number of another step is counted in other units: half hours are no hours."""
    assert names == [*common_facts([one, other])]
    assert names == [*common_facts([other, one])]
