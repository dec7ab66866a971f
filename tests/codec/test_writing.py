"""Plain values written as JSON: exact, and only what can be read again."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.codec import MAX_DEPTH, parse, to_json
from studioflow.errors import InputError

TEXTS = st.text('甲乙é䶮"\\/\n\t<&ab ', max_size=5)
NUMBERS = st.integers(-(10**15) + 1, 10**15 - 1) | st.decimals(-(10**9), 10**9, places=6)
PLAIN = st.recursive(
    st.none() | st.booleans() | TEXTS | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, PLAIN))
def test_read_again(document: dict[str, Any]) -> None:
    """What was written reads the same."""
    assert document == parse(to_json(document).encode(), json_document=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.10"), "0.10"),
        (Decimal("12345678901234.123456789012345"), "12345678901234.123456789012345"),
        (True, "true"),
        (None, "null"),
        ("甲\u2028", '"甲\u2028"'),
        (date(2023, 5, 4), '"2023-05-04"'),
        ({"b": (1, 2), "a": {}}, '{"b":[1,2],"a":{}}'),
    ],
)
def test_written(value: object, text: str) -> None:
    """Digits, characters and the order of keys are kept."""
    assert text == to_json(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.5, "not_json"),
        (math.nan, "not_json"),
        (datetime(2023, 5, 4), "not_json"),  # noqa: DTZ001 - as TOML has it
        ({1, 2}, "not_json"),
        (b"a", "not_json"),
        (Decimal("NaN"), "not_finite"),
        (Decimal("1E+999999999"), "too_many_digits"),
        (10**15, "too_many_digits"),
        ({1: "a"}, "wrong_type"),
        ("\ud800", "bad_character"),
        ({"a\u200b": 1}, "bad_character"),
    ],
)
def test_not_written(value: object, code: str) -> None:
    """What could not be read again is not written."""
    with pytest.raises(InputError) as error:
        to_json(value)

    assert [code] == [problem.code for problem in error.value.problems]


def test_no_end() -> None:
    """A value that holds itself is refused, and so is one nested too deeply."""
    endless: list[object] = []
    endless.append(endless)
    deep: object = 1
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]

    for value in (endless, deep):
        with pytest.raises(InputError) as error:
            to_json(value)
        assert ["too_deep"] == [problem.code for problem in error.value.problems]


def test_as_deep_as_it_is_read() -> None:
    """Tables inside each other are written as deep as they are read, and no deeper."""
    deepest: dict[str, object] = {}
    for _ in range(MAX_DEPTH - 1):
        deepest = {"a": deepest}

    assert deepest == parse(to_json(deepest).encode(), json_document=True)
    with pytest.raises(InputError) as error:
        to_json({"a": deepest})
    assert ["too_deep"] == [problem.code for problem in error.value.problems]
