"""The values that pass between a programme and its register."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from studioflow.errors import InputError
from studioflow.register import Slot
from studioflow.register.port import zoned
from tests.register.conftest import NINE, amendment, opening

EAST = timezone(timedelta(hours=14))


@pytest.mark.parametrize("limit", [None, 0, 1, 30])
def test_slot(limit: int | None) -> None:
    """A slot is held without a limit, or up to a count."""
    assert ("place", limit) == (Slot("place", limit).name, Slot("place", limit).limit)


@pytest.mark.parametrize("limit", [-1, True, 1.0, "1"])
def test_slot_with_a_wrong_limit(limit: Any) -> None:  # noqa: ANN401 - wrong on purpose
    """A limit that is no count is refused and never coerced."""
    with pytest.raises(InputError) as caught:
        Slot("place", limit)

    assert [("slot_limit", "limit")] == [(p.code, p.path) for p in caught.value.problems]


def test_everything_wrong_with_a_slot() -> None:
    """A padded name and a wrong limit are told of at once."""
    with pytest.raises(InputError) as caught:
        Slot(" place", -1)

    assert ["name", "limit"] == [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize(
    "recorded",
    [
        None,
        NINE.date(),
        "2023-04-14T09:00:00+00:00",
        NINE.replace(tzinfo=None),
        datetime.min.replace(tzinfo=EAST),
    ],
)
def test_no_recorded_time(recorded: Any) -> None:  # noqa: ANN401 - wrong on purpose
    """A recorded time is a time with its zone that there is in UTC, too; nothing else will do."""
    with pytest.raises(InputError) as caught:
        opening(recorded=recorded)

    assert [("recorded_time", "recorded")] == [(p.code, p.path) for p in caught.value.problems]


def test_an_amendment_has_a_recorded_time() -> None:
    """An amendment without a zone in its recorded time is refused as an opening is."""
    with pytest.raises(InputError) as caught:
        amendment(recorded=NINE.replace(tzinfo=None))

    assert [("recorded_time", "recorded")] == [(p.code, p.path) for p in caught.value.problems]


def test_an_amendment_is_a_value() -> None:
    """An amendment is frozen, its tables are read-only and not in its repr, and it is pickled."""
    made = amendment()
    with pytest.raises(TypeError):
        made.tables["more"] = {}  # type: ignore[index] # what is refused

    assert "places" not in repr(made)
    assert made == pickle.loads(pickle.dumps(made))  # noqa: S301 - our own bytes


def test_zone_stays() -> None:
    """A recorded time comes back as it is, in its own zone."""
    assert EAST is zoned(NINE.astimezone(EAST)).tzinfo


def test_opening_is_a_value() -> None:
    """An opening is frozen, its tables are read-only and not in its repr, and it is pickled."""
    made = opening()
    with pytest.raises(FrozenInstanceError):
        made.recorded = NINE  # type: ignore[misc] # what is refused
    with pytest.raises(TypeError):
        made.tables["more"] = {}  # type: ignore[index] # what is refused

    assert "places" not in repr(made)
    assert made == pickle.loads(pickle.dumps(made))  # noqa: S301 - our own bytes
