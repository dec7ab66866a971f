"""The kinds of quantity: numbers that are computed from facts."""

from collections.abc import Callable
from typing import Any

import pytest

from studioflow.rules import Quantity

Holds = Callable[..., tuple[bool | None, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]

SHORT = {"kind": "shortfall", "value": "members", "norm": 7}


def exactly(quantity: object, number: object) -> dict[str, object]:
    """Return the condition that a quantity is a number."""
    both = [{"kind": kind, "value": quantity, "bound": number} for kind in ("at_least", "at_most")]
    return {"kind": "all", "of": both}


@pytest.mark.parametrize(
    ("quantity", "values", "number"),
    [
        (3, {}, 3),
        ("members", {"members": 7}, 7),
        ({"kind": "sum", "of": ["members", "trainees", 2]}, {"members": 7, "trainees": 3}, 12),
        ({"kind": "sum", "of": []}, {}, 0),
        (SHORT, {"members": 6}, 1),
        (SHORT, {"members": 7}, 0),
        (SHORT, {"members": 8}, 0),
        ({**SHORT, "norm": "trainees"}, {"members": 2, "trainees": 5}, 3),
    ],
)
def test_numbers(holds: Holds, quantity: object, values: dict[str, object], number: object) -> None:
    """A number, a fact, a sum, and what is missing to a norm, which is never below 0."""
    assert True is holds(exactly(quantity, number), **values)[0]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("members", "0–14"),
        (SHORT, "0–7"),
        ({"kind": "sum", "of": ["members", "hours"]}, "0–17"),
    ],
)
def test_bounds(extremes: Callable[..., tuple[str, str]], table: object, expected: str) -> None:
    """The bounds of a quantity are what can be reached."""
    bounds, reached = extremes(table, Quantity)
    assert expected == bounds.partition(" ?")[0] == reached


@pytest.mark.parametrize(
    ("table", "zh", "en"),
    [
        (7, "7", "7"),
        ("members", "“members”", "members"),
        ({"kind": "sum", "of": ["members", 1]}, "“members”＋1", "members + 1"),
        (SHORT, "“members”距7", "members short of 7"),
        ({**SHORT, "label": {"zh": "缺员", "en": "vacancies"}}, "缺员", "vacancies"),
    ],
)
def test_wording(build: Callable[[object, Any], Any], table: object, zh: str, en: str) -> None:
    """A quantity is named by its label, or by what it says."""
    label = build(table, Quantity).label
    assert (zh, en) == (label.zh, label.en)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("present", [("unknown_name", "")]),
        ("membres", [("unknown_name", "")]),
        (0.5, [("wrong_type", "")]),
        (True, [("wrong_type", "")]),
        ([], [("wrong_type", "")]),
        ({"of": []}, [("missing_key", "")]),
        ({"kind": "total", "of": []}, [("unknown_name", "kind")]),
        ({"kind": ["sum"], "of": []}, [("unknown_name", "kind")]),
        ({"kind": "sum", "of": ["members", "membres"]}, [("unknown_name", "of/1")]),
        ({**SHORT, "norm": "none"}, [("unknown_name", "norm")]),
    ],
)
def test_bad_declarations(refused: Refused, table: object, expected: list[tuple[str, str]]) -> None:
    """What is no number is refused at its place."""
    assert expected == refused(table, Quantity)
